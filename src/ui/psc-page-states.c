/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-page-states.h"

#include <glib/gi18n-lib.h>

/* In the order in which one wants to read them: what costs memory first. */
static const PscPageClass class_order[PSC_N_CLASSES] = {
  PSC_CLASS_RESIDENT, PSC_CLASS_RESIDENT_FILE, PSC_CLASS_HUGE,  PSC_CLASS_HUGETLB,
  PSC_CLASS_ZERO,     PSC_CLASS_SWAPPED,       PSC_CLASS_GUARD, PSC_CLASS_UNKNOWN,
  PSC_CLASS_ABSENT,   PSC_CLASS_SPECIAL,
};

static const PscLensEntry *
legend_entry (PscPageClass klass)
{
  guint n;

  return &psc_lens_get_entries (PSC_LENS_RESIDENCY, &n)[klass];
}

const char *
psc_page_states_title (PscPageClass klass)
{
  return g_dgettext (GETTEXT_PACKAGE, legend_entry (klass)->title);
}

const char *
psc_page_states_hint (PscPageClass klass)
{
  return g_dgettext (GETTEXT_PACKAGE, legend_entry (klass)->hint);
}

PscColor
psc_page_states_color (PscPageClass klass, PscTheme theme)
{
  return legend_entry (klass)->colors[theme];
}

void
psc_page_states_count (const PscSpace *space, const PscMapping *mapping, guint64 *classes)
{
  guint64 left = mapping->end - mapping->start;

  memset (classes, 0, PSC_N_CLASSES * sizeof *classes);
  for (guint i = 0; i < mapping->n_runs; i++)
    {
      const PscRun *run = &space->runs[mapping->first_run + i];
      guint64 bytes = (guint64) run->n_pages * space->page_size;

      classes[psc_page_class (run->state)] += bytes;
      left -= MIN (bytes, left);
    }
  classes[(mapping->flags & PSC_MAPPING_PAGES_KNOWN) ? PSC_CLASS_ABSENT : PSC_CLASS_UNKNOWN] +=
      left;
}

void
psc_page_states_show (PscShareTable *table, const guint64 *classes, guint64 total, PscTheme theme)
{
  PscShare shares[PSC_N_CLASSES];

  for (guint i = 0; i < PSC_N_CLASSES; i++)
    shares[i] = (PscShare){
      .title = psc_page_states_title (class_order[i]),
      .color = psc_page_states_color (class_order[i], theme),
      .bytes = classes[class_order[i]],
    };
  psc_share_table_set (table, shares, PSC_N_CLASSES, total);
}
