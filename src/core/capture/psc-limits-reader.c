/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-limits-reader.h"

#include <string.h>

#include "psc-capture-notes.h"
#include "psc-cursor.h"
#include "psc-format.h"
#include "psc-limits-parser.h"

#define SMALL_BYTES (G_GUINT64_CONSTANT (16) << 10)
#define MOUNT_BYTES (G_GUINT64_CONSTANT (4) << 20)
/* Groups are seldom nested more than ten deep. */
#define MAX_LEVELS      256u
#define MOST_OOM_ADJUST 1000

typedef struct
{
  PscProbe *probe;
  guint handle;
  PscLimits *limits;
  GError *fatal; /* the process is gone or the probe broken: there is nothing more to ask */
} Reader;

static void
note (Reader *reader, PscReason reason, const char *what, const char *why)
{
  psc_limits_add_unknown (reader->limits, reason, what, why,
                          reason == PSC_REASON_DENIED ? "run as the same user or as root" : "");
}

/* Takes the error. */
static void
note_error (Reader *reader, const char *what, GError *error)
{
  if (g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE) ||
      g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_BROKEN))
    {
      if (reader->fatal == NULL)
        reader->fatal = g_steal_pointer (&error);
      g_clear_error (&error);
      return;
    }
  note (reader, psc_capture_reason_of (error), what, error->message);
  g_error_free (error);
}

/* NULL, and noted, when it can't be read. handle 0: of the system. */
static GBytes *
read_file (Reader *reader, guint handle, enum psc_wire_file file, guint64 max_bytes,
           const char *what)
{
  GError *error = NULL;
  GBytes *bytes;

  if (reader->fatal != NULL)
    return NULL;
  bytes = psc_probe_read (reader->probe, handle, file, max_bytes, NULL, &error);
  if (bytes == NULL)
    note_error (reader, what, error);
  return bytes;
}

static const char *
text_of (GBytes *bytes, gsize *length)
{
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, length) : NULL;

  if (text == NULL)
    *length = 0;
  return text != NULL ? text : "";
}

static void
read_rlimits (Reader *reader)
{
  g_autoptr (GBytes) bytes =
      read_file (reader, reader->handle, PSC_WIRE_FILE_LIMITS, SMALL_BYTES, "limits");
  PscRlimits rlimits;
  gsize length;
  const char *text = text_of (bytes, &length);

  if (bytes == NULL)
    return;
  if (!psc_rlimits_parse (text, length, &rlimits))
    note (reader, PSC_REASON_FAILED, "limits", "The file limits has not the form that it should");
  reader->limits->stack = rlimits.stack;
  reader->limits->address_space = rlimits.address_space;
  reader->limits->data = rlimits.data;
  reader->limits->memlock = rlimits.memlock;
}

/* A file of one number. */
static PscLimit
read_number (Reader *reader, guint handle, enum psc_wire_file file, const char *what)
{
  g_autoptr (GBytes) bytes = read_file (reader, handle, file, SMALL_BYTES, what);
  gsize length;
  const char *text = text_of (bytes, &length);
  PscLimit number = psc_number_parse (text, length);

  if (bytes != NULL && number.state == PSC_LIMIT_UNKNOWN)
    note (reader, PSC_REASON_FAILED, what, "The file has not the number that it should");
  return number;
}

static void
read_oom_score (Reader *reader)
{
  g_autoptr (GBytes) bytes = NULL;
  PscLimits *limits = reader->limits;
  gsize length;
  const char *text;

  limits->oom_score = read_number (reader, reader->handle, PSC_WIRE_FILE_OOM_SCORE, "OOM score");
  bytes = read_file (reader, reader->handle, PSC_WIRE_FILE_OOM_SCORE_ADJ, SMALL_BYTES,
                     "OOM score adjustment");
  text = text_of (bytes, &length);
  limits->oom_score_adj_known =
      psc_signed_parse (text, length, MOST_OOM_ADJUST, &limits->oom_score_adj);
}

static void
parse_meminfo (PscLimits *limits, const char *text, gsize length)
{
  const struct
  {
    const char *key;
    PscLimit *limit;
  } fields[] = {
    { "MemTotal", &limits->mem_total },       { "MemAvailable", &limits->mem_available },
    { "SwapTotal", &limits->swap_total },     { "SwapFree", &limits->swap_free },
    { "CommitLimit", &limits->commit_limit }, { "Committed_AS", &limits->committed },
  };
  PscCursor cursor = psc_cursor (text, length), line;

  while (psc_cursor_line (&cursor, &line, NULL))
    {
      const char *key;
      gsize key_length;
      guint64 value;

      if (!psc_cursor_key (&line, &key, &key_length) || !psc_cursor_amount (&line, &value))
        continue;
      for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        if (psc_cursor_is_word (key, key_length, fields[i].key))
          *fields[i].limit = psc_limit_value (value);
    }
}

static void
read_machine (Reader *reader)
{
  PscLimits *limits = reader->limits;
  g_autoptr (GBytes) bytes =
      read_file (reader, 0, PSC_WIRE_FILE_MEMINFO, SMALL_BYTES, "memory of the machine");
  gsize length;
  const char *text = text_of (bytes, &length);
  PscLimit overcommit;

  parse_meminfo (limits, text, length);
  if (bytes != NULL && limits->mem_available.state == PSC_LIMIT_UNKNOWN)
    note (reader, PSC_REASON_UNSUPPORTED, "available memory",
          "meminfo doesn't tell it: that needs Linux 3.14");
  limits->max_map_count =
      read_number (reader, 0, PSC_WIRE_FILE_MAX_MAP_COUNT, "most mappings (vm.max_map_count)");
  overcommit = read_number (reader, 0, PSC_WIRE_FILE_OVERCOMMIT, "vm.overcommit_memory");
  if (overcommit.state == PSC_LIMIT_VALUE && overcommit.value <= PSC_OVERCOMMIT_NEVER)
    limits->overcommit = (PscOvercommit) overcommit.value;
}

/*
 * Control groups.
 */

typedef PscLimit (*ParseFunc) (const char *text, gsize length);

/* UNKNOWN when there is no such file; noted when there is, and it can't be read. */
static PscLimit
read_group_file (Reader *reader, const PscCgroupMount *mount, const char *path,
                 enum psc_wire_cgroup_file file, ParseFunc parse)
{
  GError *error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize length;
  const char *text;

  if (reader->fatal != NULL)
    return (PscLimit){ PSC_LIMIT_UNKNOWN, 0 };
  bytes = psc_probe_read_cgroup (reader->probe, mount->hierarchy, path, file, &error);
  if (g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_UNSUPPORTED))
    g_clear_error (&error);
  else if (error != NULL)
    note_error (reader, "limits of control groups", error);
  text = text_of (bytes, &length);
  return parse (text, length);
}

static gboolean
may_limit (const PscCgroupLevel *level)
{
  return level->max.state == PSC_LIMIT_VALUE || level->high.state == PSC_LIMIT_VALUE ||
         level->swap_max.state == PSC_LIMIT_VALUE || level->memsw_max.state == PSC_LIMIT_VALUE;
}

static void
read_v1_level (Reader *reader, const PscCgroupMount *mount, const char *path, PscCgroupLevel *level)
{
  level->high = level->swap_max = (PscLimit){ PSC_LIMIT_UNLIMITED, 0 };
  level->max =
      read_group_file (reader, mount, path, PSC_WIRE_CGROUP_V1_LIMIT, psc_cgroup_limit_parse);
  if (level->max.state == PSC_LIMIT_UNKNOWN)
    return;
  level->usage = read_group_file (reader, mount, path, PSC_WIRE_CGROUP_V1_USAGE, psc_number_parse);
  level->memsw_max =
      read_group_file (reader, mount, path, PSC_WIRE_CGROUP_V1_MEMSW_LIMIT, psc_cgroup_limit_parse);
  level->memsw_usage =
      read_group_file (reader, mount, path, PSC_WIRE_CGROUP_V1_MEMSW_USAGE, psc_number_parse);
}

static void
read_v2_level (Reader *reader, const PscCgroupMount *mount, const char *path, PscCgroupLevel *level)
{
  level->memsw_max = (PscLimit){ PSC_LIMIT_UNLIMITED, 0 };
  level->max =
      read_group_file (reader, mount, path, PSC_WIRE_CGROUP_V2_MAX, psc_cgroup_limit_parse);
  /* The topmost of all has none, nor have those for which the controller isn't switched on. */
  if (level->max.state == PSC_LIMIT_UNKNOWN)
    return;
  level->usage =
      read_group_file (reader, mount, path, PSC_WIRE_CGROUP_V2_CURRENT, psc_number_parse);
  level->high =
      read_group_file (reader, mount, path, PSC_WIRE_CGROUP_V2_HIGH, psc_cgroup_limit_parse);
  level->swap_max =
      read_group_file (reader, mount, path, PSC_WIRE_CGROUP_V2_SWAP_MAX, psc_cgroup_limit_parse);
  level->swap_usage =
      read_group_file (reader, mount, path, PSC_WIRE_CGROUP_V2_SWAP_CURRENT, psc_number_parse);
}

/* Returns whether the memory of this group is counted by itself. */
static gboolean
read_level (Reader *reader, const PscCgroupMount *mount, const char *path, gboolean own)
{
  PscLimits *limits = reader->limits;
  PscCgroupLevel *level;
  g_autofree char *shown = psc_format_name (path, -1);
  const char *root = strcmp (mount->root, "/") == 0 ? "" : mount->root;
  g_autofree char *shown_root = psc_format_name (root, -1);
  gboolean counted;

  level = psc_limits_add_level (limits, path[0] == '\0' && root[0] != '\0' ?
                                            g_strdup (shown_root) :
                                            g_strconcat (shown_root, "/", shown, NULL));
  if (limits->cgroup_version == PSC_CGROUP_V1)
    read_v1_level (reader, mount, path, level);
  else
    read_v2_level (reader, mount, path, level);
  counted = level->max.state != PSC_LIMIT_UNKNOWN;
  if (!own && !may_limit (level))
    g_free (limits->levels[--limits->n_levels].path);
  return counted;
}

static void
read_levels (Reader *reader, const PscCgroupMount *mount, char *path)
{
  gboolean own = TRUE, counted = FALSE;
  guint n = 0;

  for (;;)
    {
      char *slash;

      counted = read_level (reader, mount, path, own);
      own = FALSE;
      if (path[0] == '\0' || reader->fatal != NULL || ++n == MAX_LEVELS)
        break;
      slash = strrchr (path, '/');
      *(slash != NULL ? slash : path) = '\0';
    }
  if (n == MAX_LEVELS)
    note (reader, PSC_REASON_NOT_READ, "limits of control groups",
          "They are nested too deep: the upper ones were not read");
  /* In version 2 only a group that has others above it has a limit of its own. */
  if (strcmp (mount->root, "/") != 0 ||
      (counted && reader->limits->cgroup_version == PSC_CGROUP_V2))
    reader->limits->above_hidden = TRUE;
}

static void
note_elsewhere (Reader *reader, const char *elsewhere)
{
  g_autofree char *why = NULL;

  if (elsewhere != NULL)
    why = g_strdup_printf ("Control groups are mounted at %s, which is not where the probe looks "
                           "for them, beneath /sys/fs/cgroup",
                           elsewhere);
  else
    why = g_strdup ("Control groups are not mounted where the probe runs");
  psc_limits_add_unknown (reader->limits, PSC_REASON_UNSUPPORTED, "limits of control groups", why,
                          "run the probe where they are mounted beneath /sys/fs/cgroup");
}

static void
read_mounted (Reader *reader, const char *path, gboolean deleted)
{
  g_autoptr (GBytes) bytes =
      read_file (reader, 0, PSC_WIRE_FILE_MOUNTINFO, MOUNT_BYTES, "limits of control groups");
  gsize length;
  const char *text = text_of (bytes, &length);
  PscCgroupMount mount;
  g_autofree char *elsewhere = NULL;
  g_autofree char *beneath = NULL;

  if (bytes == NULL)
    return;
  if (!psc_cgroup_mount_parse (text, length, reader->limits->cgroup_version, &mount, &elsewhere))
    {
      note_elsewhere (reader, elsewhere);
      return;
    }
  beneath = psc_cgroup_path_beneath (mount.root, path);
  if (deleted)
    note (reader, PSC_REASON_GONE, "limits of control groups",
          "The control group of the process was removed while it runs on");
  else if (beneath != NULL)
    read_levels (reader, &mount, beneath);
  else
    psc_limits_add_unknown (reader->limits, PSC_REASON_UNSUPPORTED, "limits of control groups",
                            "The process is in a control group that can't be seen from where the "
                            "probe runs",
                            "run the probe outside of the container");
  reader->limits->above_hidden = reader->limits->above_hidden || beneath == NULL;
  psc_cgroup_mount_clear (&mount);
}

static void
read_cgroup (Reader *reader)
{
  g_autoptr (GBytes) bytes = read_file (reader, reader->handle, PSC_WIRE_FILE_CGROUP, SMALL_BYTES,
                                        "limits of control groups");
  gsize length;
  const char *text = text_of (bytes, &length);
  g_autofree char *path = NULL;
  gboolean deleted;

  reader->limits->cgroup_version = psc_cgroup_parse (text, length, &path, &deleted);
  if (path == NULL)
    return;
  reader->limits->cgroup_path = psc_format_name (path, -1);
  read_mounted (reader, path, deleted);
}

PscLimits *
psc_target_read_limits (PscTarget *target, GError **error)
{
  g_autoptr (PscLimits) limits = psc_limits_new ();
  Reader reader = { psc_target_get_probe (target), psc_target_get_handle (target), limits, NULL };

  read_rlimits (&reader);
  read_oom_score (&reader);
  read_machine (&reader);
  read_cgroup (&reader);
  if (reader.fatal == NULL)
    return g_steal_pointer (&limits);
  g_propagate_error (error, reader.fatal);
  return NULL;
}
