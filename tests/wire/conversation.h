/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A conversation with a probe for tests, at the level of frames: says anything, also what no
 * asker would, and fails the test when the answer isn't a legal frame with the right tag.
 */

#include <glib.h>
#include "psc-wire.h"

typedef struct
{
  GPid pid;
  int in_fd;  /* to the probe */
  int out_fd; /* from it */
  int error_fd;
  guint32 tag;

  /* the frame that conversation_next() read */
  struct psc_wire_head head;
  struct psc_wire_reader reader;
  guint8 payload[PSC_WIRE_MAX_REPLY];
} Conversation;

typedef struct
{
  guint error;
  guint64 items, busy_nsec, longest_nsec, calls;
  gboolean truncated;
} End;

/* Spawns $PAGESCAPE_PROBE with these arguments, NULL-terminated or NULL. */
Conversation *conversation_new (const char *const *arguments);
/* Closes the probe's input and expects it to end with status 0. */
void conversation_free (Conversation *conversation);
/* Closes the input, waits for the end and returns the exit status. *message (may be NULL) gets what
 * it wrote to standard error. */
int conversation_finish (Conversation *conversation, char **message);

void conversation_ask (Conversation *conversation, guint type, const void *payload, gsize length);
/* One u32 after another. */
void conversation_ask_u32 (Conversation *conversation, guint type, guint n_numbers, ...);
/* Reads the next frame, which must have the last tag. */
void conversation_next (Conversation *conversation);
/* Reads frames until one closes the answer; the END's contents. */
End conversation_get_end (Conversation *conversation);
/* Reads frames up to HOST, OPENED or END; returns its error. */
guint conversation_skip_answer (Conversation *conversation);

guint conversation_open (Conversation *conversation, guint pid);
/* A file, whole. NULL and *error set when END had one. */
GByteArray *conversation_read (Conversation *conversation, guint handle, guint file,
                               guint64 max_bytes, End *end);
/* Regions of a SCAN or PAGEMAP. */
GArray *conversation_regions (Conversation *conversation, guint type, guint handle, guint hold_usec,
                              guint sleep_usec, const struct psc_wire_scan_range *ranges,
                              guint n_ranges, End *end);

/* Features that HELLO tells. */
guint conversation_features (Conversation *conversation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Conversation, conversation_free)
