/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-time-keeper.h"

#include "psc-change.h"
#include "psc-history.h"

/* Who steps back a little is to find the way already gone. */
#define ROOM_USEC (120 * G_USEC_PER_SEC)

struct _PscTimeKeeper
{
  gatomicrefcount ref_count;
  GMutex mutex; /* of what follows */
  PscTimeSource source;
  PscAge *age;
  GMutex past_mutex; /* of what follows: it takes long */
  PscPastAge *past;  /* NULL: it isn't known what was before a moment */
};

PscTimeKeeper *
psc_time_keeper_new (const PscTimeSource *source)
{
  PscTimeKeeper *keeper = g_new0 (PscTimeKeeper, 1);

  g_atomic_ref_count_init (&keeper->ref_count);
  g_mutex_init (&keeper->mutex);
  keeper->source = *source;
  keeper->age = psc_age_new ();
  g_mutex_init (&keeper->past_mutex);
  if (source->past != NULL)
    keeper->past = psc_past_age_new (source->past, source->past_data, ROOM_USEC);
  return keeper;
}

PscTimeKeeper *
psc_time_keeper_ref (PscTimeKeeper *keeper)
{
  g_atomic_ref_count_inc (&keeper->ref_count);
  return keeper;
}

void
psc_time_keeper_unref (PscTimeKeeper *keeper)
{
  if (keeper == NULL || !g_atomic_ref_count_dec (&keeper->ref_count))
    return;
  psc_past_age_free (keeper->past);
  g_mutex_clear (&keeper->past_mutex);
  if (keeper->source.destroy != NULL)
    keeper->source.destroy (keeper->source.data);
  psc_age_free (keeper->age);
  g_mutex_clear (&keeper->mutex);
  g_free (keeper);
}

/* NULL: nothing, or too much of it. */
static GArray *
find_appeared (const PscSpace *now, const PscTraits *changes)
{
  double populated = (double) (now->totals.resident + now->totals.swapped + now->totals.hugetlb);
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (PscRange));
  guint64 bytes = 0;

  for (guint i = 0; i < changes->n_traits; i++)
    {
      const PscTrait *trait = &changes->traits[i];
      PscRange range = { trait->start, psc_trait_end (trait, changes->page_size) };

      if (trait->value != PSC_CHANGE_APPEARED && trait->value != PSC_CHANGE_COPIED)
        continue;
      bytes += range.end - range.start;
      g_array_append_val (ranges, range);
      if (ranges->len > PSC_TIME_KEEPER_MOST_RANGES ||
          (double) bytes > PSC_TIME_KEEPER_MOST_NEW * populated)
        return NULL;
    }
  return ranges->len > 0 ? g_steal_pointer (&ranges) : NULL;
}

PscMoment *
psc_time_keeper_add (PscTimeKeeper *keeper, PscSpace *then, PscSpace *now, const PscMoment *before,
                     gint64 time_usec, GArray **appeared)
{
  g_autoptr (PscTraits) changes = psc_change_new_since (then, now);
  PscMoment *moment = psc_moment_new_after (before, then, now, time_usec);

  *appeared = then != now ? find_appeared (now, changes) : NULL;
  g_mutex_lock (&keeper->mutex);
  if (then != now)
    psc_age_add (keeper->age, now, changes);
  if (keeper->source.keep != NULL)
    keeper->source.keep (keeper->source.data, now, moment);
  g_mutex_unlock (&keeper->mutex);
  return moment;
}

PscSpace *
psc_time_keeper_load (PscTimeKeeper *keeper, gint64 time_usec, GError **error)
{
  PscSpace *space;

  g_mutex_lock (&keeper->mutex);
  space = keeper->source.load (keeper->source.data, time_usec, error);
  g_mutex_unlock (&keeper->mutex);
  return space;
}

PscTraits *
psc_time_keeper_dup_age (PscTimeKeeper *keeper, gsize page_size, gint64 time_usec)
{
  PscTraits *traits;

  g_mutex_lock (&keeper->mutex);
  traits = psc_age_dup_traits (keeper->age, page_size, time_usec);
  g_mutex_unlock (&keeper->mutex);
  return traits;
}

PscTraits *
psc_time_keeper_dup_past_age (PscTimeKeeper *keeper, gint64 time_usec, gint64 deadline_usec,
                              GCancellable *cancellable, GError **error)
{
  PscTraits *traits;

  if (keeper->past == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "What was before this moment is not known");
      return NULL;
    }
  g_mutex_lock (&keeper->past_mutex);
  traits = psc_past_age_dup_traits (keeper->past, time_usec, deadline_usec, cancellable, error);
  g_mutex_unlock (&keeper->past_mutex);
  return traits;
}

/* --- the past of a live process ------------------------------------------------------------ */

/* A snapshot that is handed out again is there already: nothing has changed. */
typedef struct
{
  PscHistory *history;
  PscSpace *last;
} Kept;

static void
kept_free (Kept *kept)
{
  psc_history_free (kept->history);
  psc_space_unref (kept->last);
  g_free (kept);
}

static void
keep (gpointer data, PscSpace *space, PscMoment *moment)
{
  Kept *kept = data;

  if (space == kept->last)
    return;
  psc_history_add (kept->history, space, moment);
  psc_space_unref (kept->last);
  kept->last = psc_space_ref (space);
}

static PscSpace *
load_kept (gpointer data, gint64 time_usec, GError **error)
{
  const Kept *kept = data;

  return psc_history_load (kept->history, time_usec, error);
}

PscTimeSource
psc_time_source_new_live (void)
{
  Kept *kept = g_new0 (Kept, 1);

  kept->history = psc_history_new (PSC_HISTORY_BUDGET, PSC_THINNING_BY_AGE);
  return (PscTimeSource){
    kept, keep, load_kept, (GDestroyNotify) kept_free, &psc_history_past, kept->history
  };
}
