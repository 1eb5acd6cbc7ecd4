/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-find.h"

#include <glib/gi18n.h>
#include <string.h>

#include "psc-find-base.h"
#include "psc-format.h"

/* What an owner leaves of a mapping is worth a hit of its own above this: less is a guard. */
#define LEAST_REST (64 * 1024)

#define LABEL_CHARS 40

typedef struct
{
  const PscQuery *query;
  const PscSpace *space;
  GArray *hits;  /* PscHit */
  guint matched; /* terms that found something: 1 << index */
  guint32 kinds; /* of segments that were found by their kind: 1 << PscKind */
  gboolean more;
  const char *name; /* the last one that was compared, interned, and what came of it */
  gboolean name_matches;
} Search;

static void
add_hit (Search *search, guint64 start, guint64 end, guint64 address, const PscOwner *owner)
{
  PscHit hit = { start, end, address, owner };

  /* As many again as are kept: which are the first is known when they are sorted. */
  if (search->hits->len >= 2 * PSC_FIND_MAX_HITS)
    search->more = TRUE;
  else
    g_array_append_val (search->hits, hit);
}

/* --- what a term is about ------------------------------------------------------------------ */

/* Files have several mappings in a row, all with one name. */
static gboolean
name_matches (Search *search, const PscTerm *term, const char *name)
{
  if (name != search->name)
    {
      search->name = name;
      search->name_matches = *name != '\0' && psc_term_matches (term, name);
    }
  return search->name_matches;
}

static gboolean
has_property (const PscMapping *mapping, PscProperty property)
{
  switch (property)
    {
    case PSC_PROPERTY_DELETED:
      return (mapping->flags & PSC_MAPPING_DELETED) != 0;
    case PSC_PROPERTY_SHARED:
      return (mapping->perms & PSC_PERM_SHARED) != 0;
    case PSC_PROPERTY_PRIVATE:
      return (mapping->perms & PSC_PERM_SHARED) == 0;
    case PSC_PROPERTY_HUGE:
      return mapping->huge > 0 || mapping->kind == PSC_KIND_HUGETLB;
    case PSC_PROPERTY_SWAPPED:
      return mapping->swapped > 0;
    default:
      return (mapping->flags & PSC_MAPPING_MOVING) != 0;
    }
}

static gboolean
mapping_matches (Search *search, const PscTerm *term, const PscMapping *mapping)
{
  switch (term->type)
    {
    case PSC_TERM_NAME:
      return name_matches (search, term, mapping->name);
    case PSC_TERM_KIND:
      search->kinds |= term->kinds & 1u << mapping->kind;
      return (term->kinds & 1u << mapping->kind) != 0;
    case PSC_TERM_PERMS:
      return (mapping->perms & term->perms_set) == term->perms_set &&
             (mapping->perms & term->perms_clear) == 0;
    case PSC_TERM_PROPERTY:
      return has_property (mapping, term->property);
    case PSC_TERM_TID:
      /* The first thread has the number of its process, and the stack that the kernel made. */
      return mapping->kind == PSC_KIND_STACK && term->tid == search->space->pid;
    default:
      return FALSE;
    }
}

/* "Stack of NAME (TID)": by NAME, or by all of it as it stands on the screen. */
static gboolean
thread_matches (const PscTerm *term, const char *label)
{
  static const char head[] = "Stack of ";
  const char *tail = strrchr (label, '(');
  g_autofree char *name = NULL;

  if (!g_str_has_prefix (label, head) || tail == NULL || tail < label + strlen (head) + 1)
    return psc_term_matches (term, label);
  name = g_strndup (label + strlen (head), (gsize) (tail - label) - strlen (head) - 1);
  return psc_term_matches (term, name) ||
         (g_ascii_strncasecmp (term->text, head, strlen (head)) == 0 &&
          psc_term_matches (term, label));
}

static gboolean
owner_matches (const PscTerm *term, const PscOwner *owner)
{
  gboolean is_thread = owner->type == PSC_OWNER_THREAD;

  switch (term->type)
    {
    case PSC_TERM_OWNER:
      return !is_thread && psc_term_matches (term, owner->label);
    case PSC_TERM_THREAD:
      return is_thread && thread_matches (term, owner->label);
    case PSC_TERM_TID:
      return is_thread && owner->tid == term->tid;
    default:
      return FALSE;
    }
}

/* --- owners and mappings ------------------------------------------------------------------- */

/* The terms that match, and remembers that they did. */
static guint
match_owner (Search *search, const PscOwner *owner)
{
  guint mask = 0;

  for (guint i = 0; i < search->query->n_terms; i++)
    if (owner_matches (&search->query->terms[i], owner))
      mask |= 1u << i;
  search->matched |= mask;
  return mask;
}

static guint
match_mapping (Search *search, const PscMapping *mapping)
{
  guint mask = 0;

  for (guint i = 0; i < search->query->n_terms; i++)
    if (mapping_matches (search, &search->query->terms[i], mapping))
      mask |= 1u << i;
  search->matched |= mask;
  return mask;
}

static void
find_owners (Search *search)
{
  for (guint i = 0; i < search->space->n_owners; i++)
    {
      const PscOwner *owner = &search->space->owners[i];

      if (match_owner (search, owner))
        add_hit (search, owner->start, owner->end, PSC_FIND_NO_ADDRESS, owner);
    }
}

/* A mapping without what the owners that are hits, `n` from `*first` on, have of it. */
static void
add_mapping (Search *search, const PscMapping *mapping, guint *first, guint n)
{
  guint64 at = mapping->start;
  gboolean whole = TRUE;

  while (*first < n && g_array_index (search->hits, PscHit, *first).end <= at)
    (*first)++;
  for (guint i = *first; i < n; i++)
    {
      PscHit hit = g_array_index (search->hits, PscHit, i);

      if (hit.start >= mapping->end)
        break;
      whole = FALSE;
      if (hit.start > at && hit.start - at > LEAST_REST)
        add_hit (search, at, hit.start, PSC_FIND_NO_ADDRESS, NULL);
      at = MAX (at, hit.end);
    }
  if (whole || (at < mapping->end && mapping->end - at > LEAST_REST))
    add_hit (search, at, mapping->end, PSC_FIND_NO_ADDRESS, NULL);
}

static void
find_mappings (Search *search)
{
  guint n = search->hits->len;
  guint first = 0;

  for (guint i = 0; i < search->space->n_mappings; i++)
    if (match_mapping (search, &search->space->mappings[i]))
      add_mapping (search, &search->space->mappings[i], &first, n);
}

/* --- addresses ----------------------------------------------------------------------------- */

static gboolean
add_page (Search *search, guint64 address)
{
  guint64 start = address - address % search->space->page_size;

  if (psc_space_lookup (search->space, address) == NULL)
    return FALSE;
  add_hit (search, start, start + search->space->page_size, address, NULL);
  return TRUE;
}

static gboolean
add_range (Search *search, guint64 start, guint64 end)
{
  const PscSpace *space = search->space;
  guint i = psc_space_lower_bound (space, start);
  guint first = i;

  for (; i < space->n_mappings && space->mappings[i].start < end; i++)
    add_hit (search, MAX (space->mappings[i].start, start), MIN (space->mappings[i].end, end),
             PSC_FIND_NO_ADDRESS, NULL);
  return i > first;
}

static gboolean
add_offsets (Search *search, const PscTerm *term)
{
  g_autoptr (GArray) bases = psc_find_bases (search->space, term);
  gboolean found = FALSE;

  for (guint i = 0; i < bases->len; i++)
    {
      const PscBase *base = &g_array_index (bases, PscBase, i);

      if (term->offset < base->end - base->start)
        found = add_page (search, base->start + term->offset) || found;
    }
  return found;
}

static void
find_addresses (Search *search)
{
  for (guint i = 0; i < search->query->n_terms; i++)
    {
      const PscTerm *term = &search->query->terms[i];
      gboolean found = FALSE;

      if (term->type == PSC_TERM_ADDRESS)
        found = add_page (search, term->start);
      else if (term->type == PSC_TERM_RANGE)
        found = add_range (search, term->start, term->end);
      else if (term->type == PSC_TERM_OFFSET)
        found = add_offsets (search, term);
      if (found)
        search->matched |= 1u << i;
    }
}

/* --- why there is nothing ------------------------------------------------------------------ */

static char *
dup_not_mapped (const PscSpace *space, guint64 address)
{
  guint next = psc_space_lower_bound (space, address);
  g_autofree char *shown = psc_format_address (address);
  g_autofree char *distance = NULL, *label = NULL, *name = NULL;

  if (next == space->n_mappings && next == 0)
    return g_strdup_printf (_ ("%s is not mapped"), shown);
  label = psc_space_dup_label (space, &space->mappings[next < space->n_mappings ? next : next - 1]);
  name = psc_format_name_ellipsized (label, LABEL_CHARS);
  if (next < space->n_mappings)
    {
      distance = psc_format_size (space->mappings[next].start - address);
      return g_strdup_printf (_ ("%s is not mapped: the next mapping, %s, begins %s above"), shown,
                              name, distance);
    }
  distance = psc_format_size (address - space->mappings[next - 1].end);
  return g_strdup_printf (_ ("%s is not mapped: the last mapping, %s, ends %s below"), shown, name,
                          distance);
}

static char *
dup_beyond (const PscSpace *space, const PscTerm *term)
{
  g_autoptr (GArray) bases = psc_find_bases (space, term);
  g_autofree char *offset = psc_format_address (term->offset);
  g_autofree char *text = psc_format_name_ellipsized (term->text, LABEL_CHARS);
  g_autofree char *size = NULL;
  guint64 longest = 0;

  if (bases->len == 0)
    return g_strdup_printf (_ ("nothing is called “%s”"), text);
  for (guint i = 0; i < bases->len; i++)
    {
      const PscBase *base = &g_array_index (bases, PscBase, i);

      longest = MAX (longest, base->end - base->start);
    }
  size = psc_format_size (longest);
  if (term->offset < longest)
    return g_strdup_printf (_ ("%s lies in a hole of “%s”"), offset, text);
  return g_strdup_printf (_ ("%s lies beyond the end of “%s” (%s)"), offset, text, size);
}

static char *
dup_nothing (const PscQuery *query, const PscSpace *space)
{
  char *why = NULL;

  for (guint i = 0; why == NULL && i < query->n_terms; i++)
    {
      const PscTerm *term = &query->terms[i];

      if (term->type == PSC_TERM_ADDRESS && term->is_plain)
        why = dup_not_mapped (space, term->start);
      else if (term->type == PSC_TERM_OFFSET)
        why = dup_beyond (space, term);
    }
  return why;
}

/* --- the whole ----------------------------------------------------------------------------- */

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  const PscHit *x = a;
  const PscHit *y = b;

  if (x->start != y->start)
    return x->start < y->start ? -1 : 1;
  if (x->end != y->end)
    return x->end < y->end ? -1 : 1;
  /* What says more first: the rest is dropped. */
  return (x->address == PSC_FIND_NO_ADDRESS) - (y->address == PSC_FIND_NO_ADDRESS);
}

static void
settle (Search *search)
{
  GArray *hits = search->hits;
  guint kept = 0;

  g_array_sort (hits, compare_hits);
  for (guint i = 0; i < hits->len; i++)
    {
      const PscHit *hit = &g_array_index (hits, PscHit, i);
      const PscHit *last = kept > 0 ? &g_array_index (hits, PscHit, kept - 1) : NULL;

      if (last == NULL || last->start != hit->start || last->end != hit->end)
        g_array_index (hits, PscHit, kept++) = *hit;
    }
  search->more = search->more || kept > PSC_FIND_MAX_HITS;
  g_array_set_size (hits, MIN (kept, PSC_FIND_MAX_HITS));
}

PscFound *
psc_find (const PscQuery *query, const PscSpace *space)
{
  Search search = { .query = query, .space = space };
  PscFound *found;

  g_return_val_if_fail (query != NULL && space != NULL, NULL);

  search.hits = g_array_new (FALSE, FALSE, sizeof (PscHit));
  find_owners (&search);
  find_mappings (&search);
  find_addresses (&search);
  settle (&search);

  found = g_new0 (PscFound, 1);
  found->n_hits = search.hits->len;
  found->more = search.more;
  found->meaning = found->n_hits > 0 ? psc_query_dup_meaning (query, search.matched, search.kinds) :
                                       psc_query_dup_meaning (query, G_MAXUINT, G_MAXUINT);
  found->nothing = found->n_hits > 0 ? NULL : dup_nothing (query, space);
  found->hits = (PscHit *) (gpointer) g_array_free (search.hits, FALSE);
  return found;
}

void
psc_found_free (PscFound *found)
{
  if (found == NULL)
    return;
  g_free (found->hits);
  g_free (found->meaning);
  g_free (found->nothing);
  g_free (found);
}

/* "libc.so.6+0x1234", "Java heap+0x100000": from where a file's image begins, else what the label
 * stands for. */
static char *
dup_address_label (const PscSpace *space, const PscMapping *mapping, guint64 address)
{
  const PscOwner *owner = psc_space_lookup_owner (space, address);
  g_autofree char *label = NULL;
  guint64 offset = address - mapping->start;

  if (psc_find_image_offset (space, mapping, address, &offset))
    label = psc_mapping_dup_label (mapping);
  else if (owner != NULL)
    {
      label = psc_format_name (owner->label, -1);
      offset = address - owner->start;
    }
  else
    label = psc_mapping_dup_label (mapping);
  return g_strdup_printf ("%s+0x%" G_GINT64_MODIFIER "x", label, offset);
}

char *
psc_hit_dup_label (const PscSpace *space, const PscHit *hit)
{
  const PscMapping *mapping = psc_space_lookup (space, hit->start);
  g_autofree char *label = NULL;

  if (hit->owner != NULL)
    return psc_format_name (hit->owner->label, -1);
  if (mapping == NULL)
    return g_strdup ("");
  if (hit->address != PSC_FIND_NO_ADDRESS)
    return dup_address_label (space, mapping, hit->address);
  label = psc_space_dup_label (space, mapping);
  return psc_format_name (label, -1);
}
