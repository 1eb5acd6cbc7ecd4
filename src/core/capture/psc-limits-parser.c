/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-limits-parser.h"

#include "psc-cursor.h"
#include "psc-format.h"

/* Version 1 counts in pages and says LONG_MAX, rounded down to a page, when it means no limit. */
#define V1_UNLIMITED (G_GUINT64_CONSTANT (0x7fffffffffffffff) - (256 << 10))
/* A path of the wire, and the slash before it. */
#define MAX_PATH ((gsize) PSC_WIRE_MAX_PATH + 1)

static gboolean
take_word (PscCursor *cursor, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (cursor->end - cursor->at) < length || memcmp (cursor->at, word, length) != 0)
    return FALSE;
  cursor->at += length;
  return TRUE;
}

static gboolean
at_end_of_word (const PscCursor *cursor)
{
  return psc_cursor_done (cursor) || *cursor->at == ' ' || *cursor->at == '\n';
}

/* "Max stack size             8388608              unlimited            bytes" */
static PscLimit
parse_soft (PscCursor line)
{
  PscLimit limit = { PSC_LIMIT_VALUE, 0 };

  psc_cursor_skip_blanks (&line);
  if (take_word (&line, "unlimited") && at_end_of_word (&line))
    return (PscLimit){ PSC_LIMIT_UNLIMITED, 0 };
  if (psc_cursor_decimal (&line, &limit.value) && at_end_of_word (&line))
    return limit;
  return (PscLimit){ PSC_LIMIT_UNKNOWN, 0 };
}

gboolean
psc_rlimits_parse (const char *text, gsize length, PscRlimits *rlimits)
{
  const struct
  {
    const char *name;
    PscLimit *limit;
  } fields[] = {
    { "Max stack size ", &rlimits->stack },
    { "Max address space ", &rlimits->address_space },
    { "Max data size ", &rlimits->data },
    { "Max locked memory ", &rlimits->memlock },
  };
  PscCursor cursor = psc_cursor (text, length), line;
  gboolean found = FALSE;

  *rlimits = (PscRlimits){ 0 };
  while (psc_cursor_line (&cursor, &line, NULL))
    for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
      if (take_word (&line, fields[i].name))
        {
          *fields[i].limit = parse_soft (line);
          found = found || fields[i].limit->state != PSC_LIMIT_UNKNOWN;
          break;
        }
  return found;
}

/* Whether `word` is one of the words between commas. */
static gboolean
has_word (const char *list, gsize length, const char *word)
{
  const char *end = list + length;

  for (;;)
    {
      const char *comma = list < end ? memchr (list, ',', end - list) : NULL;
      const char *stop = comma != NULL ? comma : end;

      if (psc_cursor_is_word (list, stop - list, word))
        return TRUE;
      if (comma == NULL)
        return FALSE;
      list = comma + 1;
    }
}

/* "4:memory,hugetlb:/a/b", "0::/a/b" */
static PscCgroupVersion
parse_group (PscCursor *line)
{
  const char *controllers, *colon;
  guint64 number;

  if (!psc_cursor_decimal (line, &number) || !psc_cursor_take (line, ':'))
    return PSC_CGROUP_NONE;
  controllers = line->at;
  colon = line->at < line->end ? memchr (line->at, ':', line->end - line->at) : NULL;
  if (colon == NULL || colon + 1 == line->end || colon[1] != '/')
    return PSC_CGROUP_NONE;
  line->at = colon + 1;
  if ((gsize) (line->end - line->at) > MAX_PATH ||
      memchr (line->at, '\0', line->end - line->at) != NULL)
    return PSC_CGROUP_NONE;
  if (number == 0 && colon == controllers)
    return PSC_CGROUP_V2;
  return has_word (controllers, colon - controllers, "memory") ? PSC_CGROUP_V1 : PSC_CGROUP_NONE;
}

static char *
dup_path (const PscCursor *line, gboolean *deleted)
{
  static const char suffix[] = " (deleted)";
  gsize length = line->end - line->at, n = sizeof suffix - 1;

  *deleted = length > n && memcmp (line->end - n, suffix, n) == 0;
  return g_strndup (line->at, *deleted ? length - n : length);
}

PscCgroupVersion
psc_cgroup_parse (const char *text, gsize length, char **path, gboolean *deleted)
{
  PscCursor cursor = psc_cursor (text, length), line;
  PscCgroupVersion found = PSC_CGROUP_NONE;

  *path = NULL;
  *deleted = FALSE;
  while (found != PSC_CGROUP_V1 && psc_cursor_line (&cursor, &line, NULL))
    {
      PscCgroupVersion version = parse_group (&line);

      if (version == PSC_CGROUP_NONE || (found != PSC_CGROUP_NONE && version != PSC_CGROUP_V1))
        continue;
      g_free (*path);
      *path = dup_path (&line, deleted);
      found = version;
    }
  return found;
}

/* The next field; mountinfo has one blank between two. */
static gboolean
take_field (PscCursor *line, const char **field, gsize *length)
{
  const char *blank;

  if (psc_cursor_done (line))
    return FALSE;
  blank = memchr (line->at, ' ', line->end - line->at);
  *field = line->at;
  *length = (blank != NULL ? blank : line->end) - line->at;
  line->at = blank != NULL ? blank + 1 : line->end;
  return TRUE;
}

static gboolean
is_octal (const char *at)
{
  return at[0] >= '0' && at[0] <= '3' && at[1] >= '0' && at[1] <= '7' && at[2] >= '0' &&
         at[2] <= '7';
}

/* Blanks, tabs, newlines and backslashes are three octal digits there. */
static char *
dup_unescaped (const char *field, gsize length)
{
  GString *text = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    if (field[i] == '\\' && length - i > 3 && is_octal (field + i + 1))
      {
        const char byte =
            (char) ((field[i + 1] - '0') << 6 | (field[i + 2] - '0') << 3 | (field[i + 3] - '0'));

        g_string_append_c (text, byte);
        i += 3;
      }
    else
      {
        g_string_append_c (text, field[i]);
      }
  return g_string_free (text, FALSE);
}

typedef struct
{
  char *root, *point;
  PscCgroupVersion version; /* of a mount of a memory controller */
} Mount;

static void
mount_clear (Mount *mount)
{
  g_clear_pointer (&mount->root, g_free);
  g_clear_pointer (&mount->point, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Mount, mount_clear)

/* "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory" */
static gboolean
parse_mount (PscCursor line, Mount *mount)
{
  const char *fields[6], *field, *type;
  gsize lengths[6], length, type_length;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!take_field (&line, &fields[i], &lengths[i]))
      return FALSE;
  do
    if (!take_field (&line, &field, &length))
      return FALSE;
  while (!psc_cursor_is_word (field, length, "-"));
  if (!take_field (&line, &type, &type_length) || !take_field (&line, &field, &length) ||
      !take_field (&line, &field, &length))
    return FALSE;
  if (psc_cursor_is_word (type, type_length, "cgroup2"))
    mount->version = PSC_CGROUP_V2;
  else if (psc_cursor_is_word (type, type_length, "cgroup") && has_word (field, length, "memory"))
    mount->version = PSC_CGROUP_V1;
  else
    return FALSE;
  mount->root = dup_unescaped (fields[3], lengths[3]);
  mount->point = dup_unescaped (fields[4], lengths[4]);
  return mount->root[0] == '/';
}

static gboolean
find_hierarchy (const Mount *mount, enum psc_wire_hierarchy *hierarchy)
{
  static const struct
  {
    PscCgroupVersion version;
    const char *point;
    enum psc_wire_hierarchy hierarchy;
  } places[] = {
    { PSC_CGROUP_V1, "/sys/fs/cgroup/memory", PSC_WIRE_HIERARCHY_V1_MEMORY },
    { PSC_CGROUP_V2, "/sys/fs/cgroup", PSC_WIRE_HIERARCHY_V2 },
    { PSC_CGROUP_V2, "/sys/fs/cgroup/unified", PSC_WIRE_HIERARCHY_V2_HYBRID },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (places[i].version == mount->version && strcmp (places[i].point, mount->point) == 0)
      {
        *hierarchy = places[i].hierarchy;
        return TRUE;
      }
  return FALSE;
}

gboolean
psc_cgroup_mount_parse (const char *text, gsize length, PscCgroupVersion version,
                        PscCgroupMount *mount, char **elsewhere)
{
  PscCursor cursor = psc_cursor (text, length), line;
  gboolean found = FALSE;

  *mount = (PscCgroupMount){ 0 };
  *elsewhere = NULL;
  /* A later line may be mounted over an earlier one. */
  while (psc_cursor_line (&cursor, &line, NULL))
    {
      g_auto (Mount) seen = { 0 };
      enum psc_wire_hierarchy hierarchy;

      if (!parse_mount (line, &seen) || seen.version != version)
        continue;
      if (find_hierarchy (&seen, &hierarchy))
        {
          psc_cgroup_mount_clear (mount);
          *mount = (PscCgroupMount){ hierarchy, g_steal_pointer (&seen.root) };
          found = TRUE;
        }
      else if (*elsewhere == NULL)
        {
          *elsewhere = psc_format_name (seen.point, -1);
        }
    }
  if (found)
    g_clear_pointer (elsewhere, g_free);
  return found;
}

void
psc_cgroup_mount_clear (PscCgroupMount *mount)
{
  g_clear_pointer (&mount->root, g_free);
}

/* Each component is something, and none is "." or "..": as the probe demands it. */
static gboolean
is_plain (const char *path)
{
  g_auto (GStrv) parts = NULL;

  if (path[0] == '\0')
    return TRUE;
  if (strlen (path) > PSC_WIRE_MAX_PATH)
    return FALSE;
  parts = g_strsplit (path, "/", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    if (parts[i][0] == '\0' || strcmp (parts[i], ".") == 0 || strcmp (parts[i], "..") == 0)
      return FALSE;
  return TRUE;
}

char *
psc_cgroup_path_beneath (const char *root, const char *path)
{
  gsize length = strcmp (root, "/") == 0 ? 0 : strlen (root);
  const char *rest = path + length;

  if (strncmp (root, path, length) != 0 || (*rest != '\0' && *rest != '/'))
    return NULL;
  if (*rest == '/')
    rest++;
  return is_plain (rest) ? g_strdup (rest) : NULL;
}

PscLimit
psc_number_parse (const char *text, gsize length)
{
  PscCursor cursor = psc_cursor (text, length);
  PscLimit limit = { PSC_LIMIT_VALUE, 0 };

  if (psc_cursor_decimal (&cursor, &limit.value) &&
      (psc_cursor_done (&cursor) || *cursor.at == '\n'))
    return limit;
  return (PscLimit){ PSC_LIMIT_UNKNOWN, 0 };
}

PscLimit
psc_cgroup_limit_parse (const char *text, gsize length)
{
  PscCursor cursor = psc_cursor (text, length);
  PscLimit limit;

  if (take_word (&cursor, "max") && (psc_cursor_done (&cursor) || *cursor.at == '\n'))
    return (PscLimit){ PSC_LIMIT_UNLIMITED, 0 };
  limit = psc_number_parse (text, length);
  if (limit.state == PSC_LIMIT_VALUE && limit.value >= V1_UNLIMITED)
    return (PscLimit){ PSC_LIMIT_UNLIMITED, 0 };
  return limit;
}

gboolean
psc_signed_parse (const char *text, gsize length, gint most, gint *value)
{
  PscCursor cursor = psc_cursor (text, length);
  gboolean negative = psc_cursor_take (&cursor, '-');
  guint64 number;

  if (!psc_cursor_decimal (&cursor, &number) || number > (guint64) most ||
      !(psc_cursor_done (&cursor) || *cursor.at == '\n'))
    return FALSE;
  *value = negative ? -(gint) number : (gint) number;
  return TRUE;
}
