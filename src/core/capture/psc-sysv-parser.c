/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-sysv-parser.h"

#include "psc-cursor.h"

static const char *const columns[] = {
  "key", "shmid", "perms", "size",  "cpid",  "lpid",  "nattch", "uid",
  "gid", "cuid",  "cgid",  "atime", "dtime", "ctime", "rss",    "swap",
};

static gboolean
is_head (PscCursor line)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      const char *word;

      psc_cursor_skip_blanks (&line);
      word = line.at;
      while (!psc_cursor_done (&line) && *line.at != ' ')
        line.at++;
      if (!psc_cursor_is_word (word, line.at - word, columns[i]))
        return FALSE;
    }
  return TRUE;
}

/* Kernels print process ids and times as signed numbers; none that is negative means anything. */
static gboolean
take_number (PscCursor *line, gboolean *negative, guint64 *value)
{
  psc_cursor_skip_blanks (line);
  *negative = psc_cursor_take (line, '-');
  return psc_cursor_decimal (line, value) && (psc_cursor_done (line) || *line->at == ' ');
}

static gboolean
parse_line (PscCursor line, PscSysvSegment *segment)
{
  guint64 values[G_N_ELEMENTS (columns)];
  gboolean negative[G_N_ELEMENTS (columns)];

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    if (!take_number (&line, &negative[i], &values[i]))
      return FALSE;
  if (values[0] > G_MAXUINT32 || negative[1] || values[1] > G_MAXINT || negative[3] ||
      values[4] > G_MAXINT || values[5] > G_MAXINT || values[7] > G_MAXUINT)
    return FALSE;
  *segment = (PscSysvSegment){
    .key = negative[0] ? -(gint64) values[0] : (gint64) values[0],
    .shmid = values[1],
    .perms = values[2],
    .size = values[3],
    .cpid = negative[4] ? 0 : values[4],
    .lpid = negative[5] ? 0 : values[5],
    .n_attached = values[6],
    .uid = values[7],
    .detached = negative[12] ? 0 : values[12],
    .changed = negative[13] ? 0 : values[13],
    .resident = values[14],
    .swapped = values[15],
  };
  return TRUE;
}

GArray *
psc_sysv_parse (const char *text, gsize length, guint *n_bad)
{
  PscCursor cursor = psc_cursor (text, length), line;
  gboolean partial = FALSE;
  guint bad = 0;
  GArray *segments;

  if (!psc_cursor_line (&cursor, &line, NULL) || !is_head (line))
    return NULL;
  segments = g_array_new (FALSE, FALSE, sizeof (PscSysvSegment));
  while (psc_cursor_line (&cursor, &line, &partial))
    {
      PscSysvSegment segment;

      if (parse_line (line, &segment))
        g_array_append_val (segments, segment);
      else
        bad++;
    }
  if (n_bad != NULL)
    *n_bad = bad + (partial ? 1 : 0);
  return segments;
}
