/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-limits.h"

PscLimits *
psc_limits_new (void)
{
  PscLimits *limits = g_new0 (PscLimits, 1);

  limits->overcommit = PSC_OVERCOMMIT_UNKNOWN;
  limits->strings = g_string_chunk_new (256);
  return limits;
}

void
psc_limits_free (PscLimits *limits)
{
  if (limits == NULL)
    return;
  for (guint i = 0; i < limits->n_levels; i++)
    g_free (limits->levels[i].path);
  g_free (limits->levels);
  g_free (limits->cgroup_path);
  g_free (limits->unknowns);
  g_string_chunk_free (limits->strings);
  g_free (limits);
}

void
psc_limits_add_unknown (PscLimits *limits, PscReason reason, const char *what, const char *why,
                        const char *remedy)
{
  limits->unknowns = g_renew (PscUnknown, limits->unknowns, limits->n_unknowns + 1);
  limits->unknowns[limits->n_unknowns++] = (PscUnknown){
    reason,
    g_string_chunk_insert (limits->strings, what),
    g_string_chunk_insert (limits->strings, why),
    g_string_chunk_insert (limits->strings, remedy),
  };
}

PscCgroupLevel *
psc_limits_add_level (PscLimits *limits, char *path)
{
  limits->levels = g_renew (PscCgroupLevel, limits->levels, limits->n_levels + 1);
  limits->levels[limits->n_levels] = (PscCgroupLevel){ .path = path };
  return &limits->levels[limits->n_levels++];
}
