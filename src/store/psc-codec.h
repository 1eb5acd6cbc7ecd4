/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A PscSpace as bytes, and back. What changes from one look to the next even when nothing in memory
 * does is its head (time, fault counts, cost); all else is its body. The head is a plain struct,
 * so that a recording can keep it in columns that anyone can query; bodies are bytes that compress
 * well, above all against an earlier body of the same process.
 *
 * Everything that a space has comes back equal, with two exceptions that mean the same: sums are
 * made anew by PscSpaceBuilder, and neighbouring runs of one mapping in one state come back as one.
 *
 * Pure; any thread. The bytes are from outside: whatever is wrong with them is an error, never
 * more.
 */

#include "psc-space.h"
#include "psc-store-error.h"

G_BEGIN_DECLS

/* Of a body, uncompressed: about three million mappings. Who decompresses checks it first. */
#define PSC_CODEC_MAX_BYTES (G_GUINT64_CONSTANT (1) << 27)

/* As the fields of PscSpace of the same names. */
typedef struct
{
  gint64 time_usec;
  guint64 minor_faults, major_faults;
  guint64 vm_pte;
  guint n_threads;
  PscCost cost;
} PscSpaceHead;

PscSpaceHead psc_space_get_head (const PscSpace *space);
/* For who made the space and has shown it to nobody yet. */
void psc_space_set_head (PscSpace *space, const PscSpaceHead *head);

/* The body. The same body gives the same bytes, and a small change few different ones. Errors:
 * FAILED when it is more than PSC_CODEC_MAX_BYTES. O(mappings + runs). */
GBytes *psc_codec_encode (const PscSpace *space, GError **error);
/* Errors: CORRUPT, VERSION. O(bytes); never takes more than about thirty times the memory that the
 * bytes do. */
PscSpace *psc_codec_decode (GBytes *body, const PscSpaceHead *head, GError **error);

/* Whether two spaces have one body because they share it: psc_space_new_alike(). O(1); FALSE says
 * nothing. */
gboolean psc_space_shares_body (const PscSpace *space, const PscSpace *other);

G_END_DECLS
