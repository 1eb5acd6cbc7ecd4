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
