/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-verdict-private.h"

#include <string.h>

#include "psc-moment-private.h"

static const PscFinding *
find (const PscVerdict *verdict, PscFindingWhat what, PscKind kind, const char *label)
{
  for (guint i = 0; i < verdict->n_findings; i++)
    if (verdict->findings[i].what == what && verdict->findings[i].kind == kind &&
        strcmp (verdict->findings[i].label, label) == 0)
      return &verdict->findings[i];
  return NULL;
}

const PscFinding *
psc_verdict_find_of (const PscVerdict *verdict, const PscSpace *space, const PscMapping *mapping)
{
  const PscFinding *finding;
  char *label;

  switch (psc_kind_nature (mapping->kind))
    {
    case PSC_NATURE_CAN_LEAK:
      label = psc_moment_dup_label (space, mapping);
      finding = find (verdict, PSC_FINDING_SEGMENT, mapping->kind, label);
      g_ref_string_release (label);
      return finding != NULL ? finding : find (verdict, PSC_FINDING_KIND, mapping->kind, "");
    case PSC_NATURE_SELF:
      return find (verdict, PSC_FINDING_STACK, mapping->kind, "");
    default:
      return find (verdict, PSC_FINDING_FIXED, mapping->kind, "");
    }
}

static gboolean
is_of (const PscFinding *finding, const PscSpace *space, const PscMapping *mapping)
{
  gboolean same;
  char *label;

  if (mapping->kind != finding->kind)
    return FALSE;
  if (finding->what != PSC_FINDING_SEGMENT)
    return TRUE;
  label = psc_moment_dup_label (space, mapping);
  same = strcmp (label, finding->label) == 0;
  g_ref_string_release (label);
  return same;
}

static guint64
populated (const PscMapping *mapping)
{
  return mapping->resident + mapping->swapped + mapping->hugetlb;
}

const PscMapping *
psc_finding_find_mapping (const PscFinding *finding, const PscSpace *space)
{
  const PscMapping *most = NULL;

  if (finding->what == PSC_FINDING_TOTAL || finding->what == PSC_FINDING_MAPPINGS)
    return NULL;
  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];

      /* Names cost more to compare than sizes. */
      if ((most == NULL || populated (mapping) > populated (most)) &&
          is_of (finding, space, mapping))
        most = mapping;
    }
  return most;
}
