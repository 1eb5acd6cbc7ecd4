/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-describe.h"

#include <glib/gi18n.h>
#include <string.h>

#include "psc-format.h"

/* Names that are told of what is in view; more than that nobody listens to. */
#define MAX_NAMES 2

/* Reads well after "16 pages" and after "Page 0x…,". */
static const char *const class_words[PSC_N_CLASSES] = {
  [PSC_CLASS_ABSENT] = N_ ("absent"),
  [PSC_CLASS_RESIDENT] = N_ ("resident"),
  [PSC_CLASS_RESIDENT_FILE] = N_ ("resident, of a file or shared"),
  [PSC_CLASS_HUGE] = N_ ("resident as a huge page"),
  [PSC_CLASS_HUGETLB] = N_ ("resident from the huge-page pool"),
  [PSC_CLASS_ZERO] = N_ ("of zeros"),
  [PSC_CLASS_SWAPPED] = N_ ("swapped"),
  [PSC_CLASS_GUARD] = N_ ("guarding"),
  [PSC_CLASS_SPECIAL] = N_ ("special, not counted"),
  [PSC_CLASS_UNKNOWN] = N_ ("unknown"),
};

/* "[heap]" is the kernel's way to say that it is no path; nobody says brackets. */
static char *
dup_label (const PscSpace *space, const PscMapping *mapping)
{
  char *label = psc_space_dup_label (space, mapping);
  gsize length = strlen (label);

  if (length > 2 && label[0] == '[' && label[length - 1] == ']')
    {
      label[length - 1] = '\0';
      memmove (label, label + 1, length - 1);
    }
  return label;
}

static void
append_word (GString *text, const char *word)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, word);
}

static char *
dup_access (guint perms)
{
  GString *text = g_string_new (NULL);

  if (perms & PSC_PERM_READ)
    append_word (text, _ ("read"));
  if (perms & PSC_PERM_WRITE)
    append_word (text, _ ("write"));
  if (perms & PSC_PERM_EXEC)
    append_word (text, _ ("execute"));
  if (text->len == 0)
    append_word (text, _ ("no access"));
  if (perms & PSC_PERM_SHARED)
    append_word (text, _ ("shared"));
  return g_string_free (text, FALSE);
}

static gboolean
same_words (const char *a, const char *b)
{
  g_autofree char *first = g_utf8_casefold (a, -1);
  g_autofree char *second = g_utf8_casefold (b, -1);

  return g_str_equal (first, second);
}

char *
psc_describe_mapping (const PscSpace *space, const PscMapping *mapping)
{
  g_autofree char *label = dup_label (space, mapping);
  g_autofree char *access = dup_access (mapping->perms);
  g_autofree char *size = psc_format_size (mapping->end - mapping->start);
  g_autofree char *resident = psc_format_size (mapping->resident);
  g_autofree char *swapped = psc_format_size (mapping->swapped);
  const char *kind = _ (psc_kind_title (mapping->kind));
  GString *text = g_string_new (label);

  if (!same_words (label, kind))
    g_string_append_printf (text, ", %s", kind);
  g_string_append_printf (text, ", %s, %s", access, size);
  g_string_append (text, ", ");
  if (mapping->flags & PSC_MAPPING_PAGES_KNOWN)
    g_string_append_printf (text, _ ("%s resident"), resident);
  else
    g_string_append (text, _ ("unknown how much is resident"));
  if (mapping->swapped > 0)
    {
      g_string_append (text, ", ");
      g_string_append_printf (text, _ ("%s swapped"), swapped);
    }
  g_string_append (text, ", ");
  /* Translators: the third of 42 mappings */
  g_string_append_printf (text, _ ("%u of %u"), psc_space_mapping_index (space, mapping) + 1,
                          space->n_mappings);
  return g_string_free (text, FALSE);
}

char *
psc_describe_stretch (const PscSpace *space, const PscStretch *stretch)
{
  const PscMapping *mapping = psc_space_lookup (space, stretch->start);
  guint64 n_pages = (stretch->end - stretch->start) / space->page_size;
  g_autofree char *label = NULL, *pages = NULL, *size = NULL, *start = NULL;
  guint index, n;

  g_return_val_if_fail (mapping != NULL, NULL);

  label = dup_label (space, mapping);
  size = psc_format_size (stretch->end - stretch->start);
  start = psc_format_address (stretch->start);
  pages = g_strdup_printf (
      ngettext ("%" G_GUINT64_FORMAT " page", "%" G_GUINT64_FORMAT " pages", (gulong) n_pages),
      n_pages);
  psc_stretch_count (space, mapping, stretch, &index, &n);
  /* Translators: "16 pages" "resident", "64 KiB", from "0x55…", the 3rd of 12 runs in "heap" */
  return g_strdup_printf (ngettext ("%s %s, %s, from %s, %u of %u run in %s",
                                    "%s %s, %s, from %s, %u of %u runs in %s", n),
                          pages, _ (class_words[stretch->klass]), size, start, index, n, label);
}

char *
psc_describe_page (const PscSpace *space, guint64 address)
{
  const PscMapping *mapping = psc_space_lookup (space, address);
  guint64 page = address - address % space->page_size;
  g_autofree char *label = NULL, *start = NULL;
  PscPageClass klass;

  g_return_val_if_fail (mapping != NULL, NULL);

  label = dup_label (space, mapping);
  start = psc_format_address (page);
  klass = psc_space_page_class (space, mapping, address);
  /* Translators: page "0x55…", "resident", the 3rd of 33 in "heap" */
  return g_strdup_printf (_ ("Page %s, %s, %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " in %s"),
                          start, _ (class_words[klass]),
                          (page - mapping->start) / space->page_size + 1,
                          (mapping->end - mapping->start) / space->page_size, label);
}

char *
psc_describe_mark (guint64 start, guint64 end, gboolean folded)
{
  g_autofree char *size = psc_format_size (end - start);
  g_autofree char *first = psc_format_address (start);

  if (folded)
    return g_strdup_printf (_ ("%s folded away, mapped but never touched, from %s"), size, first);
  return g_strdup_printf (_ ("%s not mapped, from %s"), size, first);
}

/* --- what is in view ----------------------------------------------------------------------- */

/* Bytes of [start, end), which is a part of the mapping, that count as resident. */
static guint64
sum_resident (const PscSpace *space, const PscMapping *mapping, guint64 start, guint64 end)
{
  guint64 sum = 0;

  if (start == mapping->start && end == mapping->end)
    return mapping->resident;
  for (guint i = 0; i < mapping->n_runs; i++)
    {
      const PscRun *run = &space->runs[mapping->first_run + i];
      PscPageClass klass = psc_page_class (run->state);
      guint64 low = MAX (run->start, start);
      guint64 high = MIN (psc_run_end (run, space->page_size), end);

      if (low < high && (klass == PSC_CLASS_RESIDENT || klass == PSC_CLASS_RESIDENT_FILE ||
                         klass == PSC_CLASS_HUGE))
        sum += high - low;
    }
  return sum;
}

/* Mappings that go by one name: those of one owner, of one file, of one kind without a name. */
typedef struct
{
  const PscMapping *first;
  guint64 weight, size;
} Party;

static gconstpointer
party_key (const PscSpace *space, const PscMapping *mapping)
{
  static const char of_kind[PSC_N_KINDS];
  const PscOwner *owner = psc_space_lookup_owner (space, mapping->start);

  if (owner != NULL && owner->start <= mapping->start && mapping->end <= owner->end)
    return owner->label;
  /* Equal names are kept once. */
  return *mapping->name != '\0' ? (gconstpointer) mapping->name : &of_kind[mapping->kind];
}

static int
compare_parties (gconstpointer a, gconstpointer b)
{
  const Party *first = a, *second = b;

  if (first->weight != second->weight)
    return first->weight > second->weight ? -1 : 1;
  if (first->size != second->size)
    return first->size > second->size ? -1 : 1;
  return first->first < second->first ? -1 : 1;
}

typedef struct
{
  guint64 size, resident;
  gboolean known;  /* what is resident, of all of it */
  GArray *parties; /* Party */
} Seen;

static void
count_mapping (const PscSpace *space, const PscMapping *mapping, guint64 start, guint64 end,
               GHashTable *indices, Seen *seen)
{
  gconstpointer key = party_key (space, mapping);
  guint64 resident = sum_resident (space, mapping, start, end);
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (indices, key));
  Party *party;

  if (index == 0)
    {
      Party fresh = { .first = mapping };

      g_array_append_val (seen->parties, fresh);
      index = seen->parties->len;
      g_hash_table_insert (indices, (gpointer) key, GUINT_TO_POINTER (index));
    }
  party = &g_array_index (seen->parties, Party, index - 1);
  party->weight += resident;
  party->size += end - start;
  seen->size += end - start;
  seen->resident += resident;
  seen->known = seen->known && (mapping->flags & PSC_MAPPING_PAGES_KNOWN) != 0;
}

static void
count_range (const PscSpace *space, const PscRange *range, GHashTable *indices, Seen *seen)
{
  for (guint i = psc_space_lower_bound (space, range->start);
       i < space->n_mappings && space->mappings[i].start < range->end; i++)
    {
      const PscMapping *mapping = &space->mappings[i];

      count_mapping (space, mapping, MAX (mapping->start, range->start),
                     MIN (mapping->end, range->end), indices, seen);
    }
}

static Seen
count_seen (const PscSpace *space, const PscScene *scene)
{
  static const PscRange everything = { 0, G_MAXUINT64 };
  const PscRange *ranges = scene->n_ranges > 0 ? scene->ranges : &everything;
  g_autoptr (GHashTable) indices = g_hash_table_new (NULL, NULL);
  Seen seen = { .known = TRUE, .parties = g_array_new (FALSE, FALSE, sizeof (Party)) };

  for (guint i = 0; i < MAX (scene->n_ranges, 1); i++)
    count_range (space, &ranges[i], indices, &seen);
  g_array_sort (seen.parties, compare_parties);
  return seen;
}

static void
append_names (GString *text, const PscSpace *space, GArray *parties)
{
  guint n_named = MIN (parties->len, MAX_NAMES);

  for (guint i = 0; i < n_named; i++)
    {
      g_autofree char *label = dup_label (space, g_array_index (parties, Party, i).first);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", label);
    }
  if (parties->len > n_named)
    {
      g_string_append (text, ", ");
      g_string_append_printf (text, _ ("%u more"), parties->len - n_named);
    }
}

static void
append_sums (GString *text, const PscSpace *space, const Seen *seen)
{
  g_autofree char *size = psc_format_size (seen->size);
  g_autofree char *resident = psc_format_size (seen->resident);

  if (seen->parties->len == 0)
    g_string_append (text, _ ("nothing mapped"));
  else if (seen->known && space->source != PSC_SOURCE_NONE)
    g_string_append_printf (text, _ ("%s resident of %s mapped"), resident, size);
  else if (seen->resident > 0)
    g_string_append_printf (text, _ ("at least %s resident of %s mapped"), resident, size);
  else
    g_string_append_printf (text, _ ("%s mapped, unknown how much is resident"), size);
}

char *
psc_describe_scene (const PscSpace *space, const PscScene *scene)
{
  Seen seen = count_seen (space, scene);
  g_autoptr (GArray) parties = seen.parties;
  g_autofree char *name = psc_format_name (space->name, -1);
  GString *text = g_string_new (NULL);

  if (scene->n_ranges == 0)
    g_string_append_printf (text, _ ("Shows all of %s, %d: "), name, space->pid);
  else
    {
      g_autofree char *start = psc_format_address (scene->ranges[0].start);
      g_autofree char *end = psc_format_address (scene->ranges[scene->n_ranges - 1].end);

      g_string_append_printf (text, _ ("Shows %s to %s of %s, %d: "), start, end, name, space->pid);
    }
  g_string_append_printf (text, ngettext ("%u row", "%u rows", scene->n_rows), scene->n_rows);
  g_string_append (text, ", ");
  append_sums (text, space, &seen);
  if (parties->len > 0)
    {
      g_string_append (text, _ ("; in view: "));
      append_names (text, space, parties);
    }
  return g_string_free (text, FALSE);
}

char *
psc_describe_scene_briefly (const PscSpace *space, const PscScene *scene)
{
  Seen seen = count_seen (space, scene);
  g_autoptr (GArray) parties = seen.parties;
  GString *text = g_string_new (NULL);

  if (parties->len > 0)
    {
      append_names (text, space, parties);
      g_string_append (text, ": ");
    }
  append_sums (text, space, &seen);
  return g_string_free (text, FALSE);
}
