/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-space.h"

#include <glib/gi18n.h>
#include <string.h>

#include "psc-escape.h"

PscSpace *
psc_space_ref (PscSpace *space)
{
  g_return_val_if_fail (space != NULL, NULL);

  g_atomic_ref_count_inc (&space->ref_count);
  return space;
}

static void
free_strings (gpointer strings)
{
  g_string_chunk_free (*(GStringChunk **) strings);
}

static void
free_arrays (PscSpace *space)
{
  g_free (space->mappings);
  g_free (space->runs);
  g_free (space->smaps);
  g_free (space->unknowns);
  g_free (space->owners);
}

void
psc_space_unref (PscSpace *space)
{
  if (space == NULL || !g_atomic_ref_count_dec (&space->ref_count))
    return;
  if (space->base != NULL)
    psc_space_unref (space->base);
  else
    free_arrays (space);
  g_atomic_rc_box_release_full (space->strings, free_strings);
  g_free (space);
}

PscSpace *
psc_space_new_alike (PscSpace *space)
{
  PscSpace *alike = g_memdup2 (space, sizeof *space);

  g_atomic_ref_count_init (&alike->ref_count);
  alike->base = psc_space_ref (space->base != NULL ? space->base : space);
  g_atomic_rc_box_acquire (alike->strings);
  return alike;
}

guint
psc_space_lower_bound (const PscSpace *space, guint64 address)
{
  guint low = 0, high = space->n_mappings;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (space->mappings[middle].end > address)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

const PscMapping *
psc_space_lookup (const PscSpace *space, guint64 address)
{
  guint index = psc_space_lower_bound (space, address);

  if (index == space->n_mappings || space->mappings[index].start > address)
    return NULL;
  return &space->mappings[index];
}

guint
psc_space_run_lower_bound (const PscSpace *space, const PscMapping *mapping, guint64 address)
{
  guint low = mapping->first_run, high = low + mapping->n_runs;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (psc_run_end (&space->runs[middle], space->page_size) > address)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

const PscRun *
psc_space_lookup_run (const PscSpace *space, const PscMapping *mapping, guint64 address)
{
  guint i = psc_space_run_lower_bound (space, mapping, address);
  guint end = mapping->first_run + mapping->n_runs;

  return i < end && space->runs[i].start <= address ? &space->runs[i] : NULL;
}

PscPageClass
psc_space_page_class (const PscSpace *space, const PscMapping *mapping, guint64 address)
{
  const PscRun *run = psc_space_lookup_run (space, mapping, address);

  if (run != NULL)
    return psc_page_class (run->state);
  return mapping->flags & PSC_MAPPING_PAGES_KNOWN ? PSC_CLASS_ABSENT : PSC_CLASS_UNKNOWN;
}

char *
psc_mapping_dup_label (const PscMapping *mapping)
{
  const char *name = mapping->name, *slash = strrchr (name, '/');
  GString *label;

  /* "/dev/zero" is how the kernel says that it has no name. */
  if (*name == '\0' || strcmp (name, "/dev/zero") == 0)
    return g_strdup (_ (psc_kind_title (mapping->kind)));
  /* The name of a memfd is one word, slashes or not. */
  if (g_str_has_prefix (name, "/memfd:"))
    slash = name;
  if (*name == '/' && slash[1] != '\0')
    name = slash + 1;
  label = g_string_new (NULL);
  psc_escape_append (label, name, strlen (name));
  return g_string_free (label, FALSE);
}

const PscOwner *
psc_space_lookup_owner (const PscSpace *space, guint64 address)
{
  guint low = 0, high = space->n_owners;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (space->owners[middle].end > address)
        high = middle;
      else
        low = middle + 1;
    }
  return low < space->n_owners && space->owners[low].start <= address ? &space->owners[low] : NULL;
}

char *
psc_space_dup_label (const PscSpace *space, const PscMapping *mapping)
{
  const PscOwner *owner = psc_space_lookup_owner (space, mapping->start);

  if (owner != NULL && owner->start <= mapping->start && mapping->end <= owner->end)
    return g_strdup (owner->label);
  return psc_mapping_dup_label (mapping);
}

void
psc_mapping_format_perms (const PscMapping *mapping, char perms[5])
{
  perms[0] = mapping->perms & PSC_PERM_READ ? 'r' : '-';
  perms[1] = mapping->perms & PSC_PERM_WRITE ? 'w' : '-';
  perms[2] = mapping->perms & PSC_PERM_EXEC ? 'x' : '-';
  perms[3] = mapping->perms & PSC_PERM_SHARED ? 's' : 'p';
  perms[4] = '\0';
}
