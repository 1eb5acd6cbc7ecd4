/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-varint.h"

#include <string.h>

#define MAX_BYTES 10 /* of one number */

static void
make_room (PscWriter *writer, gsize size)
{
  if (writer->room - writer->size >= size)
    return;
  writer->room = MAX (writer->size + size, MAX (256, writer->room * 2));
  writer->bytes = g_realloc (writer->bytes, writer->room);
}

void
psc_writer_put (PscWriter *writer, guint64 value)
{
  make_room (writer, MAX_BYTES);
  while (value >= 0x80)
    {
      writer->bytes[writer->size++] = (guint8) value | 0x80;
      value >>= 7;
    }
  writer->bytes[writer->size++] = (guint8) value;
}

void
psc_writer_put_signed (PscWriter *writer, gint64 value)
{
  psc_writer_put (writer, ((guint64) value << 1) ^ (value < 0 ? G_MAXUINT64 : 0));
}

void
psc_writer_put_bytes (PscWriter *writer, const void *bytes, gsize size)
{
  make_room (writer, size);
  if (size > 0)
    memcpy (writer->bytes + writer->size, bytes, size);
  writer->size += size;
}

void
psc_writer_put_string (PscWriter *writer, const char *string)
{
  gsize length = strlen (string);

  psc_writer_put (writer, length);
  psc_writer_put_bytes (writer, string, length);
}

GBytes *
psc_writer_steal (PscWriter *writer)
{
  gsize size = writer->size;

  writer->size = writer->room = 0;
  return g_bytes_new_take (g_steal_pointer (&writer->bytes), size);
}

static guint64
fail (PscReader *reader)
{
  reader->failed = TRUE;
  reader->at = reader->end;
  return 0;
}

guint64
psc_reader_take (PscReader *reader)
{
  guint64 value = 0;

  for (guint shift = 0; shift < 64; shift += 7)
    {
      guint8 byte;

      if (reader->at == reader->end)
        return fail (reader);
      byte = *reader->at++;
      if (shift == 63 && byte > 1)
        return fail (reader);
      value |= (guint64) (byte & 0x7f) << shift;
      if (byte < 0x80)
        return value;
    }
  return fail (reader);
}

guint64
psc_reader_take_below (PscReader *reader, guint64 most)
{
  guint64 value = psc_reader_take (reader);

  return value <= most ? value : fail (reader);
}

gint64
psc_reader_take_signed (PscReader *reader)
{
  guint64 value = psc_reader_take (reader);

  return (gint64) ((value >> 1) ^ (value & 1 ? G_MAXUINT64 : 0));
}

const char *
psc_reader_take_bytes (PscReader *reader, guint64 size)
{
  const char *bytes = (const char *) reader->at;

  if (reader->failed || size > psc_reader_rest (reader))
    {
      fail (reader);
      return NULL;
    }
  reader->at += size;
  return bytes;
}
