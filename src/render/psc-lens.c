/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens-private.h"

#include <glib/gi18n.h>

/* How much of the background is in a faded colour, percent. */
#define FADED          74
#define FADED_CONTRAST 60

static const PscLensType *const types[PSC_N_LENSES] = {
  [PSC_LENS_RESIDENCY] = &psc_lens_residency, [PSC_LENS_KIND] = &psc_lens_kind,
  [PSC_LENS_PERMS] = &psc_lens_perms,         [PSC_LENS_SHARING] = &psc_lens_sharing,
  [PSC_LENS_CHANGE] = &psc_lens_change,       [PSC_LENS_AGE] = &psc_lens_age,
  [PSC_LENS_ORDER] = &psc_lens_order,         [PSC_LENS_CONTIGUITY] = &psc_lens_contiguity,
};

void
psc_lens_fade (PscLensEntry *entries, guint n_pairs)
{
  for (guint i = 0; i < n_pairs; i++)
    {
      PscLensEntry *faded = &entries[n_pairs + i];

      *faded = entries[i];
      entries[i].hint = N_ ("Populated: in RAM or in swap");
      faded->hint = N_ ("Not populated");
      for (guint theme = 0; theme < PSC_N_THEMES; theme++)
        faded->colors[theme] =
            psc_color_mix (entries[i].colors[theme], psc_theme_colors (theme)->background,
                           theme < PSC_THEME_LIGHT_CONTRAST ? FADED : FADED_CONTRAST);
    }
}

const char *
psc_lens_id (PscLens lens)
{
  g_return_val_if_fail (lens < PSC_N_LENSES, NULL);
  return types[lens]->id;
}

const char *
psc_lens_title (PscLens lens)
{
  g_return_val_if_fail (lens < PSC_N_LENSES, NULL);
  return types[lens]->title;
}

const char *
psc_lens_name (PscLens lens)
{
  g_return_val_if_fail (lens < PSC_N_LENSES, NULL);
  return types[lens]->name;
}

gboolean
psc_lens_from_id (const char *id, PscLens *lens)
{
  for (guint i = 0; i < PSC_N_LENSES; i++)
    {
      if (g_strcmp0 (id, types[i]->id) != 0)
        continue;
      *lens = i;
      return TRUE;
    }
  return FALSE;
}

PscLensNeeds
psc_lens_needs (PscLens lens)
{
  g_return_val_if_fail (lens < PSC_N_LENSES, PSC_LENS_NEEDS_NOTHING);
  return types[lens]->needs;
}

const PscLensEntry *
psc_lens_get_entries (PscLens lens, guint *n)
{
  const PscLensType *type = types[lens];

  *n = type->n_entries;
  return type->entries != NULL ? type->entries : type->get_entries ();
}

guint
psc_lens_n_pairs (PscLens lens)
{
  return types[lens]->n_pairs;
}

guint
psc_lens_entry_of (PscLens lens, const PscMapping *mapping, PscPageClass klass)
{
  return types[lens]->entry_of (mapping, klass);
}

guint
psc_lens_entry_of_trait (PscLens lens, guint16 value)
{
  return value < types[lens]->n_entries ? value : types[lens]->unknown_entry;
}
