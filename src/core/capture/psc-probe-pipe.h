/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The child process behind a PscProbe and the pipes to it: frames out, frames in. Private to
 * psc-probe.c. Blocks; one thread at a time. Knows heads and lengths, not what messages mean.
 */

#include <gio/gio.h>
#include "psc-wire.h"

G_BEGIN_DECLS

typedef struct _PscProbePipe PscProbePipe;

/* Starts argv with pipes for stdin, stdout and stderr and no other descriptor of ours.
 * PSC_PROBE_ERROR_SPAWN when it can't be started. */
PscProbePipe *psc_probe_pipe_new (const char *const *argv, GError **error);
/* A conversation over descriptors that somebody else made: `in` takes requests, `out` gives
 * answers. Takes both. This is how fuzzers and tests are a probe. */
PscProbePipe *psc_probe_pipe_new_for_descriptors (int in, int out);
/* Closes the pipes: a probe ends when its stdin does. NULL is allowed. */
void psc_probe_pipe_free (PscProbePipe *pipe);
/* Ends the child, if there is one, by force: it broke the protocol. */
void psc_probe_pipe_kill (PscProbePipe *pipe);

/* Writes frames. PSC_PROBE_ERROR_BROKEN when the child doesn't take them. Raises no SIGPIPE. */
gboolean
psc_probe_pipe_send (PscProbePipe *pipe, const guint8 *frames, gsize length, GError **error);
/* Reads one frame; *payload has head->length bytes, aligned to 8, valid until the next call.
 * PSC_PROBE_ERROR_BROKEN, with the last line that the child wrote to stderr, when it ended or sent
 * what can't be a frame. */
gboolean psc_probe_pipe_recv (PscProbePipe *pipe, struct psc_wire_head *head,
                              const guint8 **payload, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscProbePipe, psc_probe_pipe_free)

G_END_DECLS
