/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests about what lies outside of address spaces. */

#include "psc-probe.h"

#include <string.h>

#include "psc-format.h"
#include "psc-probe-private.h"

GBytes *
psc_probe_read_cgroup (PscProbe *probe, enum psc_wire_hierarchy hierarchy, const char *path,
                       enum psc_wire_cgroup_file file, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  PscProbeDataTaker taker = { text, PSC_WIRE_MAX_CGROUP };
  const PscProbeQuestion question = { PSC_WIRE_CGROUP, PSC_WIRE_DATA, PSC_WIRE_END,
                                      psc_probe_take_data, &taker };
  guint8 bytes[8 + PSC_WIRE_MAX_PATH];
  struct psc_wire_writer request;
  PscProbeAnswer answer;

  g_return_val_if_fail (path != NULL && strlen (path) <= PSC_WIRE_MAX_PATH, NULL);

  psc_wire_writer_init (&request, bytes, sizeof bytes);
  psc_wire_put_u16 (&request, (guint16) hierarchy);
  psc_wire_put_u16 (&request, (guint16) file);
  psc_wire_put_bytes (&request, path, strlen (path));
  if (!psc_probe_converse (probe, &question, &request, &answer, error))
    return NULL;
  if (answer.errnum != 0)
    {
      g_autofree char *name = psc_format_name (path, -1);
      g_autofree char *subject = g_strdup_printf ("control group “/%s”", name);

      psc_probe_set_errno (error, answer.errnum, "read the memory limits", subject);
      return NULL;
    }
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

typedef struct
{
  PscProbeEntryFunc func;
  gpointer user_data;
} EntriesTaker;

static gboolean
take_entry (const guint8 *payload, gsize length, gpointer user_data)
{
  const EntriesTaker *taker = user_data;
  struct psc_wire_reader reader;
  PscProbeEntry entry;

  psc_wire_reader_init (&reader, payload, length);
  entry.errnum = (int) psc_wire_get_u32 (&reader);
  entry.mode = psc_wire_get_u32 (&reader);
  entry.uid = psc_wire_get_u32 (&reader);
  entry.links = psc_wire_get_u32 (&reader);
  entry.dev_major = psc_wire_get_u32 (&reader);
  entry.dev_minor = psc_wire_get_u32 (&reader);
  entry.inode = psc_wire_get_u64 (&reader);
  entry.size = psc_wire_get_u64 (&reader);
  entry.allocated = psc_wire_get_u64 (&reader);
  entry.changed = (gint64) psc_wire_get_u64 (&reader);
  entry.name = (const char *) psc_wire_get_bytes (&reader, &entry.name_length);
  entry.target = (const char *) psc_wire_get_bytes (&reader, &entry.target_length);
  if (!psc_wire_reader_done (&reader))
    return FALSE;
  taker->func (&entry, taker->user_data);
  return TRUE;
}

gboolean
psc_probe_entries (PscProbe *probe, guint handle, enum psc_wire_directory directory,
                   const char *path, PscProbeEntryFunc func, gpointer user_data,
                   gboolean *truncated, GError **error)
{
  EntriesTaker taker = { func, user_data };
  const PscProbeQuestion question = { PSC_WIRE_ENTRIES, PSC_WIRE_ENTRY, PSC_WIRE_END, take_entry,
                                      &taker };
  guint8 bytes[12 + PSC_WIRE_MAX_PATH];
  struct psc_wire_writer request;
  PscProbeAnswer answer;

  g_return_val_if_fail (path != NULL && strlen (path) <= PSC_WIRE_MAX_PATH, FALSE);

  psc_wire_writer_init (&request, bytes, sizeof bytes);
  psc_wire_put_u32 (&request, handle);
  psc_wire_put_u16 (&request, (guint16) directory);
  psc_wire_put_u16 (&request, 0);
  psc_wire_put_bytes (&request, path, strlen (path));
  if (!psc_probe_converse (probe, &question, &request, &answer, error))
    return FALSE;
  if (truncated != NULL)
    *truncated = answer.end.truncated;
  if (answer.errnum == 0)
    return TRUE;
  psc_probe_set_answer_errno (
      probe, handle, answer.errnum,
      handle == 0 ? "list the shared memory files" : "list the open descriptors", error);
  return FALSE;
}

gboolean
psc_probe_clear_referenced (PscProbe *probe, guint handle, gint64 *busy_usec, GError **error)
{
  const PscProbeQuestion question = { PSC_WIRE_CLEAR_REFERENCED, PSC_WIRE_END, PSC_WIRE_END, NULL,
                                      NULL };
  PscProbeAnswer answer;

  if (!psc_probe_converse_about (probe, &question, handle, &answer, error))
    return FALSE;
  if (busy_usec != NULL)
    *busy_usec = (gint64) (answer.end.busy_nsec / 1000);
  if (answer.errnum == 0)
    return TRUE;
  psc_probe_set_answer_errno (probe, handle, answer.errnum, "clear the referenced bits", error);
  return FALSE;
}
