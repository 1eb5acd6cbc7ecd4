/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-find-base.h"

#include <string.h>

/* How well a name fits, the best first. */
typedef enum
{
  RANK_SAME,
  RANK_STEM, /* "libc" of "libc.so.6" */
  RANK_CONTAINS,
  RANK_NONE
} Rank;

typedef struct
{
  const PscTerm *term;
  GArray *bases;
  Rank best; /* of those in `bases` */
} Finder;

/* The last part of a path; of "[heap]" what is inside. */
static char *
dup_bare_name (const char *name)
{
  const char *slash = strrchr (name, '/');
  gsize length = strlen (name);

  if (name[0] == '[' && length > 2 && name[length - 1] == ']')
    return g_strndup (name + 1, length - 2);
  if (slash != NULL && slash[1] != '\0' && !g_str_has_prefix (name, "/memfd:"))
    return g_strdup (slash + 1);
  return g_strdup (name);
}

static Rank
rank_name (const PscTerm *term, const char *name)
{
  gsize length = strlen (term->text);
  g_autofree char *bare = NULL;

  if (!psc_term_matches (term, name))
    return RANK_NONE;
  bare = dup_bare_name (name);
  if (g_ascii_strcasecmp (bare, term->text) == 0 || strcmp (name, term->text) == 0)
    return RANK_SAME;
  if (g_ascii_strncasecmp (bare, term->text, length) == 0 &&
      (bare[length] == '.' || bare[length] == '-'))
    return RANK_STEM;
  return RANK_CONTAINS;
}

static void
offer (Finder *finder, Rank rank, guint64 start, guint64 end)
{
  PscBase base = { start, end };

  if (rank == RANK_NONE || rank > finder->best)
    return;
  if (rank < finder->best)
    g_array_set_size (finder->bases, 0);
  finder->best = rank;
  if (finder->bases->len < PSC_FIND_MAX_BASES)
    g_array_append_val (finder->bases, base);
}

/* --- images -------------------------------------------------------------------------------- */

static gboolean
is_of_image (const PscMapping *first, const PscMapping *last_part, const PscMapping *mapping)
{
  const PscMapping *before = mapping - 1;

  if (*mapping->name == '\0')
    return mapping->start == before->end &&
           (mapping->kind == PSC_KIND_BSS || mapping->why == PSC_WHY_IMAGE_PADDING);
  return mapping->name == first->name && mapping->offset > last_part->offset;
}

/* The index after the last mapping of the image that begins at `first`. Names are interned: equal
 * ones are the same pointer. */
static guint
image_end (const PscSpace *space, guint first)
{
  const PscMapping *mappings = space->mappings;
  guint last_part = first;
  guint i = first + 1;

  while (i < space->n_mappings &&
         is_of_image (&mappings[first], &mappings[last_part], &mappings[i]))
    {
      if (*mappings[i].name != '\0')
        last_part = i;
      i++;
    }
  return i;
}

static void
find_images (Finder *finder, const PscSpace *space)
{
  const char *name = NULL;
  Rank rank = RANK_NONE;
  guint next;

  for (guint i = 0; i < space->n_mappings; i = next)
    {
      const PscMapping *mapping = &space->mappings[i];

      next = i + 1;
      if (*mapping->name == '\0')
        continue;
      if (mapping->name != name)
        rank = rank_name (finder->term, mapping->name);
      name = mapping->name;
      next = image_end (space, i);
      offer (finder, rank, mapping->start, space->mappings[next - 1].end);
    }
}

/* --- kinds and owners ---------------------------------------------------------------------- */

static Rank
rank_kind (const PscTerm *term, PscKind kind)
{
  if (g_ascii_strcasecmp (term->text, psc_kind_id (kind)) == 0 ||
      g_ascii_strcasecmp (term->text, psc_kind_title (kind)) == 0)
    return RANK_SAME;
  return RANK_NONE;
}

static void
find_kinds (Finder *finder, const PscSpace *space)
{
  Rank ranks[PSC_N_KINDS];

  for (guint i = 0; i < PSC_N_KINDS; i++)
    ranks[i] = rank_kind (finder->term, i);
  for (guint i = 0; i < space->n_mappings; i++)
    offer (finder, ranks[space->mappings[i].kind], space->mappings[i].start,
           space->mappings[i].end);
}

static void
find_owners (Finder *finder, const PscSpace *space)
{
  for (guint i = 0; i < space->n_owners; i++)
    offer (finder, rank_name (finder->term, space->owners[i].label), space->owners[i].start,
           space->owners[i].end);
}

GArray *
psc_find_bases (const PscSpace *space, const PscTerm *term)
{
  Finder finder = { term, g_array_new (FALSE, FALSE, sizeof (PscBase)), RANK_NONE };

  find_images (&finder, space);
  find_kinds (&finder, space);
  find_owners (&finder, space);
  return finder.bases;
}

gboolean
psc_find_image_offset (const PscSpace *space, const PscMapping *mapping, guint64 address,
                       guint64 *offset)
{
  guint index = psc_space_mapping_index (space, mapping);
  guint first = index;

  if (mapping->kind > PSC_KIND_BSS || *mapping->name == '\0')
    return FALSE;
  while (first > 0 && space->mappings[first].offset != 0 &&
         (*space->mappings[first - 1].name == '\0' ||
          space->mappings[first - 1].name == mapping->name))
    first--;
  if (space->mappings[first].offset != 0 || space->mappings[first].name != mapping->name ||
      image_end (space, first) <= index)
    return FALSE;
  *offset = address - space->mappings[first].start;
  return TRUE;
}
