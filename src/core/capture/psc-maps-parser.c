/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-maps-parser.h"

#include <string.h>

#include "psc-cursor.h"
#include "psc-escape.h"

/* fs/proc/task_mmu.c, show_map_vma():
 *   start-end perms offset major:minor inode<blanks>name
 * all but inode in hexadecimal. A name starts with '/' or '[' (or is anon_inode:…, socket:…), so
 * the blanks before it can't be part of it. */

#define DELETED " (deleted)"

/* Of a line that is shown in an error. */
#define MAX_SHOWN 100

G_DEFINE_QUARK (psc - parse - error - quark, psc_parse_error)

static gboolean
parse_perms (PscCursor *cursor, guint8 *perms)
{
  const char *p = cursor->at;

  if (cursor->end - p < 4)
    return FALSE;
  if ((p[0] != 'r' && p[0] != '-') || (p[1] != 'w' && p[1] != '-') ||
      (p[2] != 'x' && p[2] != '-') || (p[3] != 'p' && p[3] != 's'))
    return FALSE;
  *perms = (p[0] == 'r' ? PSC_PERM_READ : 0) | (p[1] == 'w' ? PSC_PERM_WRITE : 0) |
           (p[2] == 'x' ? PSC_PERM_EXEC : 0) | (p[3] == 's' ? PSC_PERM_SHARED : 0);
  cursor->at += 4;
  return TRUE;
}

static gboolean
parse_device (PscCursor *cursor, PscMapping *mapping)
{
  guint64 dev_major, dev_minor;

  if (!psc_cursor_hex (cursor, &dev_major) || !psc_cursor_take (cursor, ':') ||
      !psc_cursor_hex (cursor, &dev_minor))
    return FALSE;
  mapping->dev_major = dev_major;
  mapping->dev_minor = dev_minor;
  return dev_major <= G_MAXUINT32 && dev_minor <= G_MAXUINT32;
}

static void
take_name (PscCursor *cursor, PscMapping *mapping, const char **name, gsize *name_length)
{
  const gsize deleted = strlen (DELETED);
  gsize length;

  psc_cursor_skip_blanks (cursor);
  length = cursor->end - cursor->at;
  if (length > deleted && *cursor->at == '/' &&
      memcmp (cursor->end - deleted, DELETED, deleted) == 0)
    {
      mapping->flags |= PSC_MAPPING_DELETED;
      length -= deleted;
    }
  *name = cursor->at;
  *name_length = length;
}

gboolean
psc_maps_parse_line (const char *line, gsize length, PscMapping *mapping, const char **name,
                     gsize *name_length)
{
  PscCursor cursor = psc_cursor (line, length);

  memset (mapping, 0, sizeof *mapping);
  mapping->name = "";
  if (!psc_cursor_hex (&cursor, &mapping->start) || !psc_cursor_take (&cursor, '-') ||
      !psc_cursor_hex (&cursor, &mapping->end) || !psc_cursor_take (&cursor, ' ') ||
      !parse_perms (&cursor, &mapping->perms) || !psc_cursor_take (&cursor, ' ') ||
      !psc_cursor_hex (&cursor, &mapping->offset) || !psc_cursor_take (&cursor, ' ') ||
      !parse_device (&cursor, mapping) || !psc_cursor_take (&cursor, ' ') ||
      !psc_cursor_decimal (&cursor, &mapping->inode))
    return FALSE;
  if (!psc_cursor_done (&cursor) && *cursor.at != ' ')
    return FALSE;
  take_name (&cursor, mapping, name, name_length);
  return mapping->end > mapping->start;
}

/* Only "\012" is undone: the kernel asks seq_file_path() to escape newlines and nothing else, a
 * backslash of the name itself stays raw. So a name that really holds the four characters \012
 * can't be told from one with a newline; the newline is taken to be meant. */
gsize
psc_maps_unescape (char *name, gsize length)
{
  gsize to = 0;

  for (gsize from = 0; from < length; to++)
    if (name[from] == '\\' && length - from >= 4 && memcmp (name + from, "\\012", 4) == 0)
      {
        name[to] = '\n';
        from += 4;
      }
    else
      name[to] = name[from++];
  return to;
}

static const char *
intern_name (PscSpaceBuilder *builder, const char *name, gsize length)
{
  g_autofree char *copy = NULL;

  if (length == 0 || memchr (name, '\\', length) == NULL)
    return psc_space_builder_intern (builder, name, length);
  copy = g_strndup (name, length);
  return psc_space_builder_intern (builder, copy, psc_maps_unescape (copy, strlen (copy)));
}

static void
set_syntax_error (GError **error, guint line_number, const PscCursor *line)
{
  g_autoptr (GString) text = g_string_new (NULL);

  psc_escape_append (text, line->at, MIN (line->end - line->at, MAX_SHOWN));
  g_set_error (error, PSC_PARSE_ERROR, PSC_PARSE_ERROR_SYNTAX,
               "Line %u of maps is not of the form of a mapping: “%s”", line_number, text->str);
}

gboolean
psc_maps_parse (const char *text, gsize length, PscSpaceBuilder *builder, guint *n_torn,
                GError **error)
{
  PscCursor cursor = psc_cursor (text, length), line;
  guint torn = 0;
  gboolean partial;

  for (guint number = 1; psc_cursor_line (&cursor, &line, &partial); number++)
    {
      PscMapping mapping;
      const char *name;
      gsize name_length;

      if (!psc_maps_parse_line (line.at, line.end - line.at, &mapping, &name, &name_length))
        {
          set_syntax_error (error, number, &line);
          return FALSE;
        }
      mapping.name = intern_name (builder, name, name_length);
      if (!psc_space_builder_add_mapping (builder, &mapping))
        torn++;
    }
  if (partial)
    torn++;
  if (n_torn != NULL)
    *n_torn = torn;
  return TRUE;
}
