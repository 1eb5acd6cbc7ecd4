/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-super-page.h"

#define KIB    (G_GUINT64_CONSTANT (1) << 10)
#define ACCESS (PSC_PERM_READ | PSC_PERM_WRITE | PSC_PERM_EXEC)

/* Slot spans that were given back are mappings of their own. */
#define MOST_BELOW 64

static gboolean
is_slots (const PscMapping *mapping)
{
  return *mapping->name == '\0' &&
         (mapping->perms & (ACCESS | PSC_PERM_SHARED)) == (PSC_PERM_READ | PSC_PERM_WRITE);
}

static gboolean
is_fence (const PscMapping *mapping)
{
  return *mapping->name == '\0' && (mapping->perms & ACCESS) == 0;
}

gboolean
psc_super_page_starts (const PscMapping *mappings, guint n_mappings, guint index)
{
  const PscMapping *metadata = &mappings[index];
  guint64 offset = metadata->start % PSC_SUPER_PAGE_SIZE;

  /* Metadata was in the second page once, and is in the third now. */
  if (index == 0 || index + 2 >= n_mappings || (offset != 4 * KIB && offset != 8 * KIB) ||
      metadata->end - metadata->start > 8 * KIB || !is_slots (metadata))
    return FALSE;
  return metadata[-1].end == metadata->start && is_fence (&metadata[-1]) &&
         metadata->end == metadata[1].start && is_fence (&metadata[1]) &&
         metadata[1].end == metadata->start - offset + 16 * KIB &&
         metadata[2].start == metadata[1].end && is_slots (&metadata[2]);
}

gboolean
psc_super_page_contains (const PscMapping *mappings, guint n_mappings, guint index)
{
  guint64 start = mappings[index].start - mappings[index].start % PSC_SUPER_PAGE_SIZE;

  for (guint i = index; index - i < MOST_BELOW && mappings[i].start >= start; i--)
    if (psc_super_page_starts (mappings, n_mappings, i))
      return TRUE;
    else if (i == 0)
      break;
  return FALSE;
}
