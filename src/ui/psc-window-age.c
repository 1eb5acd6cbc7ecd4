/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How old pages are, for the lens that shows it. */

#include "psc-window-time-private.h"

#include <string.h>

typedef struct
{
  PscTimeKeeper *keeper;
  PscSpace *space;
  gboolean past; /* nothing is known of what was before it */
  gint64 time_usec;
  PscTraits *shown, *traits; /* shown, when that is what they are */
} Aging;

static void
aging_free (Aging *aging)
{
  psc_time_keeper_unref (aging->keeper);
  psc_space_unref (aging->space);
  psc_traits_unref (aging->shown);
  psc_traits_unref (aging->traits);
  g_free (aging);
}

static gboolean
same_traits (const PscTraits *a, const PscTraits *b)
{
  return a != NULL && a->n_traits == b->n_traits && a->page_size == b->page_size &&
         memcmp (a->traits, b->traits, a->n_traits * sizeof *a->traits) == 0;
}

static void
age_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Aging *aging = task_data;

  aging->traits = aging->past ? psc_age_new_unknown_traits (aging->space) :
                                psc_time_keeper_dup_age (aging->keeper, aging->space->page_size,
                                                         aging->time_usec);
  /* Other traits are another picture, and most processes sleep. */
  if (same_traits (aging->shown, aging->traits))
    {
      psc_traits_unref (aging->traits);
      aging->traits = psc_traits_ref (aging->shown);
    }
  g_task_return_boolean (task, TRUE);
}

static void
aged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PscWindow) self = user_data;
  const Aging *aging = g_task_get_task_data (G_TASK (result));
  PscWindowTime *time = self->time;

  if (time == NULL || aging->keeper != time->keeper)
    return;
  time->aging = FALSE;
  if (psc_map_view_get_lens (self->map) == PSC_LENS_AGE && aging->past == psc_window_is_past (self))
    psc_map_view_set_traits (self->map, aging->traits);
  if (time->age_again)
    psc_window_time_update_age (self);
}

void
psc_window_time_update_age (PscWindow *self)
{
  PscWindowTime *time = self->time;
  PscSpace *space = psc_window_get_shown_space (self);
  g_autoptr (GTask) task = NULL;
  Aging *aging;

  time->age_again = time->aging;
  if (time->aging || space == NULL || psc_map_view_get_lens (self->map) != PSC_LENS_AGE)
    return;
  time->aging = TRUE;
  aging = g_new0 (Aging, 1);
  aging->keeper = psc_time_keeper_ref (time->keeper);
  aging->space = psc_space_ref (space);
  aging->past = psc_window_is_past (self);
  aging->shown = psc_traits_ref (psc_map_view_get_traits (self->map));
  aging->time_usec = psc_session_get_state (self->session) == PSC_SESSION_LIVE ?
                         g_get_real_time () :
                         space->time_usec;
  task = g_task_new (NULL, NULL, aged_cb, g_object_ref (self));
  g_task_set_task_data (task, aging, (GDestroyNotify) aging_free);
  g_task_run_in_thread (task, age_worker);
}
