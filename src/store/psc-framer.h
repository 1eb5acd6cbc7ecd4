/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscFramer: the snapshots of one process as frames, in order of time. A frame is a packed body by
 * itself (a key), or packed against the body of a key (a delta); never against another delta, so
 * that any moment costs two unpackings and any frame but a key can be dropped. A snapshot whose
 * body is that of the one before has no frame of its own.
 *
 * A new key comes when what deltas have grown since the last key is as much as that key takes: a
 * delta grows the further its key is away, so later would waste deltas and earlier keys. Whatever
 * the process does, that is at most twice of what the best choice of keys would have taken.
 *
 * One thread at a time.
 */

#include "psc-codec.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_FRAME_KEY,
  PSC_FRAME_DELTA, /* against the last key */
  PSC_FRAME_SAME,  /* as the one before, key or delta */
} PscFrameType;

typedef struct
{
  PscFrameType type;
  gsize size;     /* of the body */
  GBytes *packed; /* NULL for PSC_FRAME_SAME */
} PscFrame;

void psc_frame_clear (PscFrame *frame);

typedef struct _PscFramer PscFramer;

PscFramer *psc_framer_new (void);
/* NULL is allowed. */
void psc_framer_free (PscFramer *framer);
/* Makes the frame of the next snapshot; clear it. FALSE as psc_codec_encode(). O(mappings + runs),
 * O(1) when it shares its body with the last one. */
gboolean psc_framer_add (PscFramer *framer, PscSpace *space, PscFrame *frame, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscFramer, psc_framer_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PscFrame, psc_frame_clear)

G_END_DECLS
