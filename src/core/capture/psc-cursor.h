/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A place in text that need not end with a NUL, and the few steps that the parsers of /proc take
 * through it. Never reads at or beyond `end`. Plain data, private to capture/.
 */

#include <string.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *at, *end;
} PscCursor;

static inline PscCursor
psc_cursor (const char *text, gsize length)
{
  return (PscCursor){ text, text + length };
}

static inline gboolean
psc_cursor_done (const PscCursor *cursor)
{
  return cursor->at >= cursor->end;
}

/* The next line without its newline. FALSE at the end, and also for a last line that has no newline
 * and therefore may be cut: `*partial` (may be NULL) says so. */
static inline gboolean
psc_cursor_line (PscCursor *cursor, PscCursor *line, gboolean *partial)
{
  const char *newline = NULL;

  if (cursor->at < cursor->end)
    newline = (const char *) memchr (cursor->at, '\n', cursor->end - cursor->at);
  if (partial != NULL)
    *partial = newline == NULL && cursor->at < cursor->end;
  if (newline == NULL)
    return FALSE;
  *line = (PscCursor){ cursor->at, newline };
  cursor->at = newline + 1;
  return TRUE;
}

static inline void
psc_cursor_skip_blanks (PscCursor *cursor)
{
  while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\t'))
    cursor->at++;
}

/* Steps over one given byte. */
static inline gboolean
psc_cursor_take (PscCursor *cursor, char byte)
{
  if (cursor->at >= cursor->end || *cursor->at != byte)
    return FALSE;
  cursor->at++;
  return TRUE;
}

/* A decimal number, at least one digit. FALSE when there is none or it does not fit 64 bits. */
static inline gboolean
psc_cursor_decimal (PscCursor *cursor, guint64 *value)
{
  const char *first = cursor->at;
  guint64 sum = 0;

  for (; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9'; cursor->at++)
    {
      guint digit = *cursor->at - '0';

      if (sum > (G_MAXUINT64 - digit) / 10)
        return FALSE;
      sum = sum * 10 + digit;
    }
  *value = sum;
  return cursor->at > first;
}

/* A hexadecimal number of 1 to 16 lower-case digits. Half of the digits of an address are letters,
 * in no order that a branch could be foretold from: so there is but one branch, at the end. */
static inline gboolean
psc_cursor_hex (PscCursor *cursor, guint64 *value)
{
  const char *first = cursor->at, *limit = cursor->end - first > 17 ? first + 17 : cursor->end;
  const char *at = first;
  guint64 sum = 0;

  for (; at < limit; at++)
    {
      guchar c = *at;

      if (!(((guchar) (c - '0') < 10) | ((guchar) (c - 'a') < 6)))
        break;
      sum = sum << 4 | ((c & 15) + (c >> 6) * 9);
    }
  cursor->at = at;
  *value = sum;
  return at > first && at - first <= 16;
}

/* "Key:   123 kB" or "Key: 123": steps over the key and its colon; FALSE when there is none. */
static inline gboolean
psc_cursor_key (PscCursor *line, const char **key, gsize *key_length)
{
  const char *colon = NULL;

  if (line->at < line->end)
    colon = (const char *) memchr (line->at, ':', line->end - line->at);
  if (colon == NULL)
    return FALSE;
  *key = line->at;
  *key_length = colon - line->at;
  line->at = colon + 1;
  psc_cursor_skip_blanks (line);
  return TRUE;
}

/* Whether `length` bytes, which may hold anything, are this word. */
static inline gboolean
psc_cursor_is_word (const char *bytes, gsize length, const char *word)
{
  return strlen (word) == length && memcmp (bytes, word, length) == 0;
}

/* A number, in bytes when " kB" follows it. FALSE, and value as it was, when there is none or it
 * does not fit. */
static inline gboolean
psc_cursor_amount (PscCursor *cursor, guint64 *value)
{
  guint64 number, unit = 1;

  if (!psc_cursor_decimal (cursor, &number))
    return FALSE;
  if (cursor->end - cursor->at >= 3 && memcmp (cursor->at, " kB", 3) == 0)
    unit = 1024;
  if (number > G_MAXUINT64 / unit)
    return FALSE;
  *value = number * unit;
  return TRUE;
}

G_END_DECLS
