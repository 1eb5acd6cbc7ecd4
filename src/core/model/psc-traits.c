/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-traits.h"

PscTraits *
psc_traits_new (gsize page_size, GArray *traits)
{
  PscTraits *self = g_new0 (PscTraits, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->page_size = page_size;
  self->n_traits = traits->len;
  self->traits = (PscTrait *) (void *) g_array_free (traits, FALSE);
  return self;
}

void
psc_traits_append (GArray *traits, gsize page_size, guint64 start, guint64 end, guint16 value)
{
  PscTrait *last = traits->len > 0 ? &g_array_index (traits, PscTrait, traits->len - 1) : NULL;

  if (last != NULL && last->value == value && psc_trait_end (last, page_size) == start &&
      last->n_pages + (end - start) / page_size <= G_MAXUINT32)
    {
      last->n_pages += (guint32) ((end - start) / page_size);
      return;
    }
  while (start < end)
    {
      guint64 n_pages = MIN ((end - start) / page_size, G_MAXUINT32);
      PscTrait trait = { start, (guint32) n_pages, value, 0 };

      g_array_append_val (traits, trait);
      start += n_pages * page_size;
    }
}

PscTraits *
psc_traits_new_joined (const PscTraits *low, const PscTraits *high)
{
  GArray *traits;

  if (low == NULL && high == NULL)
    return NULL;
  traits = g_array_new (FALSE, FALSE, sizeof (PscTrait));
  if (low != NULL)
    g_array_append_vals (traits, low->traits, low->n_traits);
  if (high != NULL)
    g_array_append_vals (traits, high->traits, high->n_traits);
  return psc_traits_new (low != NULL ? low->page_size : high->page_size, traits);
}

PscTraits *
psc_traits_ref (PscTraits *traits)
{
  if (traits != NULL)
    g_atomic_ref_count_inc (&traits->ref_count);
  return traits;
}

void
psc_traits_unref (PscTraits *traits)
{
  if (traits == NULL || !g_atomic_ref_count_dec (&traits->ref_count))
    return;
  g_free (traits->traits);
  g_free (traits);
}

guint
psc_traits_lower_bound (const PscTraits *traits, guint64 address)
{
  guint low = 0;
  guint high = traits != NULL ? traits->n_traits : 0;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (psc_trait_end (&traits->traits[middle], traits->page_size) <= address)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

const PscTrait *
psc_traits_lookup (const PscTraits *traits, guint64 address)
{
  guint i = psc_traits_lower_bound (traits, address);

  if (traits == NULL || i == traits->n_traits || traits->traits[i].start > address)
    return NULL;
  return &traits->traits[i];
}
