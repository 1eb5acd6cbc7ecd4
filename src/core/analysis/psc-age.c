/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-age.h"

#include "psc-change.h"

/* Pages that appeared at one moment. */
typedef struct
{
  guint64 start;
  guint32 n_pages;
  guint32 born; /* tenths of a second since PscAge.base_usec; with UNSURE: or earlier */
} Stretch;

#define UNSURE (1u << 31)

G_STATIC_ASSERT (sizeof (Stretch) == 16);

struct _PscAge
{
  GArray *stretches; /* Stretch, sorted, not overlapping */
  gint64 base_usec;  /* 0: nothing was added yet */
};

static const gint64 limits[] = {
  [PSC_AGE_NEW] = 2 * G_USEC_PER_SEC,
  [PSC_AGE_SECONDS] = 10 * G_USEC_PER_SEC,
  [PSC_AGE_MINUTE] = 60 * G_USEC_PER_SEC,
  [PSC_AGE_MINUTES] = PSC_AGE_MOST_USEC,
};

PscAge *
psc_age_new (void)
{
  PscAge *age = g_new0 (PscAge, 1);

  age->stretches = g_array_new (FALSE, FALSE, sizeof (Stretch));
  return age;
}

PscAge *
psc_age_copy (const PscAge *age)
{
  PscAge *copy = g_new0 (PscAge, 1);

  copy->stretches = g_array_copy (age->stretches);
  copy->base_usec = age->base_usec;
  return copy;
}

void
psc_age_free (PscAge *age)
{
  if (age == NULL)
    return;
  g_array_unref (age->stretches);
  g_free (age);
}

guint
psc_age_get_n_stretches (const PscAge *age)
{
  return age->stretches->len;
}

PscAgeClass
psc_age_of_class (PscPageClass klass)
{
  switch (psc_change_of_class (klass))
    {
    case PSC_CHANGE_UNKNOWN:
      return PSC_AGE_UNKNOWN;
    case PSC_CHANGE_UNTOUCHED:
      return PSC_AGE_UNTOUCHED;
    default:
      return PSC_AGE_OLDER;
    }
}

PscAgeClass
psc_age_of_usec (gint64 usec)
{
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    if (usec < limits[i])
      return i;
  return PSC_AGE_OLDER;
}

static PscAgeClass
age_at (const PscAge *age, const Stretch *stretch, gint64 time_usec)
{
  gint64 born_usec = (gint64) (stretch->born & ~UNSURE) * (G_USEC_PER_SEC / 10);
  PscAgeClass klass = psc_age_of_usec (time_usec - age->base_usec - born_usec);

  if (klass == PSC_AGE_OLDER)
    return klass;
  return stretch->born & UNSURE ? PSC_AGE_UNKNOWN : klass;
}

/* --- following ----------------------------------------------------------------------------- */

typedef struct
{
  const PscAge *age;
  const PscSpace *now;
  gsize page_size;
  guint32 born; /* of what is new */
  GArray *result;
  guint mapping, run; /* of now: the first that end above where it is */
} Merge;

static void
append (Merge *merge, guint64 start, guint64 end, guint32 born)
{
  while (start < end)
    {
      guint64 n_pages = MIN ((end - start) / merge->page_size, G_MAXUINT32);
      Stretch stretch = { start, (guint32) n_pages, born };
      Stretch *last = merge->result->len > 0 ?
                          &g_array_index (merge->result, Stretch, merge->result->len - 1) :
                          NULL;

      if (last != NULL && last->born == born &&
          last->start + last->n_pages * (guint64) merge->page_size == start &&
          last->n_pages + n_pages <= G_MAXUINT32)
        last->n_pages += (guint32) n_pages;
      else
        g_array_append_val (merge->result, stretch);
      start += n_pages * merge->page_size;
    }
}

/* Only what is still mapped: what comes there later has nothing to do with it. */
static void
append_mapped (Merge *merge, guint64 start, guint64 end, guint32 born)
{
  const PscSpace *now = merge->now;

  while (start < end)
    {
      const PscMapping *mapping;

      while (merge->mapping < now->n_mappings && now->mappings[merge->mapping].end <= start)
        merge->mapping++;
      if (merge->mapping == now->n_mappings)
        return;
      mapping = &now->mappings[merge->mapping];
      start = MAX (start, mapping->start);
      if (start < end)
        append (merge, start, MIN (end, mapping->end), born);
      start = mapping->end;
    }
}

/* Only what is populated: of the rest it is known that there is nothing. */
static void
append_populated (Merge *merge, guint64 start, guint64 end, guint32 born)
{
  const PscSpace *now = merge->now;

  while (merge->run < now->n_runs &&
         psc_run_end (&now->runs[merge->run], merge->page_size) <= start)
    merge->run++;
  for (guint i = merge->run; i < now->n_runs && now->runs[i].start < end; i++)
    if (psc_age_of_class (psc_page_class (now->runs[i].state)) == PSC_AGE_OLDER)
      append (merge, MAX (start, now->runs[i].start),
              MIN (end, psc_run_end (&now->runs[i], merge->page_size)), born);
}

/* Does a change say when the page came, or that there is none? */
static gboolean
sets_age (const PscTrait *trait)
{
  return trait->value == PSC_CHANGE_APPEARED || trait->value == PSC_CHANGE_COPIED ||
         trait->value == PSC_CHANGE_GONE || trait->value == PSC_CHANGE_UNKNOWN ||
         trait->value == PSC_CHANGE_MAPPED || trait->value == PSC_CHANGE_UNTOUCHED;
}

static void
append_change (Merge *merge, const PscTrait *trait)
{
  guint64 end = psc_trait_end (trait, merge->page_size);

  if (trait->value == PSC_CHANGE_APPEARED || trait->value == PSC_CHANGE_COPIED)
    append (merge, trait->start, end, merge->born);
  else if (trait->value == PSC_CHANGE_UNKNOWN)
    append_populated (merge, trait->start, end, merge->born | UNSURE);
}

static guint
next_change (const PscTraits *changes, guint from)
{
  while (from < changes->n_traits && !sets_age (&changes->traits[from]))
    from++;
  return from;
}

/* Both in order of addresses; where they overlap the change is what counts. */
static void
merge_all (Merge *merge, const PscTraits *changes)
{
  const GArray *old = merge->age->stretches;
  guint i = 0, j = next_change (changes, 0);
  guint64 at = 0; /* everything below is done */

  while (i < old->len || j < changes->n_traits)
    {
      const Stretch *stretch = i < old->len ? &g_array_index (old, Stretch, i) : NULL;
      const PscTrait *change = j < changes->n_traits ? &changes->traits[j] : NULL;
      guint64 start = stretch != NULL ? MAX (stretch->start, at) : G_MAXUINT64;
      guint64 end;

      if (change != NULL && change->start <= start)
        {
          append_change (merge, change);
          at = MAX (at, psc_trait_end (change, merge->page_size));
          j = next_change (changes, j + 1);
          continue;
        }
      end = stretch->start + stretch->n_pages * (guint64) merge->page_size;
      if (start < end && change != NULL && change->start < end)
        end = change->start;
      else
        i++;
      if (start < end && age_at (merge->age, stretch, merge->now->time_usec) != PSC_AGE_OLDER)
        append_mapped (merge, start, end, stretch->born);
      at = MAX (at, end);
    }
}

void
psc_age_add (PscAge *age, const PscSpace *now, const PscTraits *changes)
{
  Merge merge = { .age = age, .now = now, .page_size = now->page_size };

  if (age->base_usec == 0 || now->time_usec < age->base_usec)
    {
      age->base_usec = now->time_usec;
      g_array_set_size (age->stretches, 0);
    }
  if (age->stretches->len == 0 && changes->n_traits == 0)
    return;
  merge.born = (guint32) ((now->time_usec - age->base_usec) / (G_USEC_PER_SEC / 10)) & ~UNSURE;
  merge.result = g_array_new (FALSE, FALSE, sizeof (Stretch));
  merge_all (&merge, changes);
  g_array_unref (age->stretches);
  age->stretches = merge.result;
  if (age->stretches->len <= PSC_AGE_MAX_STRETCHES)
    return;
  g_array_unref (age->stretches);
  age->stretches = g_array_new (FALSE, FALSE, sizeof (Stretch));
}

/* --- traits -------------------------------------------------------------------------------- */

PscTraits *
psc_age_dup_traits (const PscAge *age, gsize page_size, gint64 time_usec)
{
  GArray *traits = g_array_new (FALSE, FALSE, sizeof (PscTrait));

  for (guint i = 0; i < age->stretches->len; i++)
    {
      const Stretch *stretch = &g_array_index (age->stretches, Stretch, i);
      PscAgeClass klass = age_at (age, stretch, time_usec);

      if (klass != PSC_AGE_OLDER)
        psc_traits_append (traits, page_size, stretch->start,
                           stretch->start + stretch->n_pages * (guint64) page_size,
                           (guint16) klass);
    }
  return psc_traits_new (page_size, traits);
}

PscTraits *
psc_age_new_unknown_traits (const PscSpace *space)
{
  GArray *traits = g_array_new (FALSE, FALSE, sizeof (PscTrait));

  for (guint i = 0; i < space->n_runs; i++)
    {
      const PscRun *run = &space->runs[i];

      if (psc_age_of_class (psc_page_class (run->state)) == PSC_AGE_OLDER)
        psc_traits_append (traits, space->page_size, run->start,
                           psc_run_end (run, space->page_size), PSC_AGE_UNKNOWN);
    }
  return psc_traits_new (space->page_size, traits);
}
