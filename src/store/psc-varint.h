/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Numbers of variable length, as in LEB128: seven bits a byte, the lowest first, the top bit set
 * where more follow. The writer grows; the reader never leaves its bytes, and remembers that it
 * would have had to, so that one check at the end is enough.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint8 *bytes;
  gsize size, room;
} PscWriter;

void psc_writer_put (PscWriter *writer, guint64 value);
/* Small whichever sign it has. */
void psc_writer_put_signed (PscWriter *writer, gint64 value);
void psc_writer_put_bytes (PscWriter *writer, const void *bytes, gsize size);
/* The length, then the bytes. */
void psc_writer_put_string (PscWriter *writer, const char *string);
/* Empties the writer. */
GBytes *psc_writer_steal (PscWriter *writer);

typedef struct
{
  const guint8 *at, *end;
  gboolean failed; /* there were too few bytes, or they are no number; from then on all is 0 */
} PscReader;

guint64 psc_reader_take (PscReader *reader);
/* A number that is no more than `most`; else fails. */
guint64 psc_reader_take_below (PscReader *reader, guint64 most);
gint64 psc_reader_take_signed (PscReader *reader);
/* Borrowed; NULL when there are too few. */
const char *psc_reader_take_bytes (PscReader *reader, guint64 size);
static inline gsize
psc_reader_rest (const PscReader *reader)
{
  return (gsize) (reader->end - reader->at);
}

G_END_DECLS
