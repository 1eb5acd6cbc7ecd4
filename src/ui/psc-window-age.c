/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What was shown before stays for so long when ages are still to be found out; nobody waits for
 * what isn't on the map, or is unknown there already. */
#define PATIENCE_USEC           (250 * 1000)
#define NO_PATIENCE_USEC        (20 * 1000)
#define FOR_AS_LONG_AS_IT_TAKES 0

/*
 * Of a moment of the past ages are looked for in two steps. The first brings moment and ages to the
 * map together, or in vain, and then moment and "unknown"; the second takes its time, and is given
 * up when another moment is to be shown. What was found out on the way is not lost, see
 * psc-past-age.h.
 */
struct _PscWindowAge
{
  GCancellable *cancellable; /* of the job under way; NULL: there is none */
  gboolean again;            /* something else is wanted */
  PscSpace *space;           /* what it is for, or was; NULL: nothing yet */
  gint64 time_usec;

  gboolean shows_past; /* the map does, with its ages */
  gboolean is_unknown; /* they are being found out, and the map shows none of them */
  gboolean told;       /* why they can't be had */
};

typedef struct
{
  PscWindow *window; /* references */
  PscTimeKeeper *keeper;
  PscSpace *space;
  gint64 time_usec;
  gint64 patience_usec;
  gboolean past, brings; /* a moment of the past; the space goes to the map with its ages */
  PscTraits *shown;      /* on the map: what looks like them is them */
  PscTraits *traits;     /* NULL: they are not there, or not in time */
  PscTraits *unknown;    /* of a moment of the past: what to show until they are */
} Aging;

static void
aging_free (Aging *aging)
{
  psc_time_keeper_unref (aging->keeper);
  psc_space_unref (aging->space);
  psc_traits_unref (aging->shown);
  psc_traits_unref (aging->traits);
  psc_traits_unref (aging->unknown);
  g_object_unref (aging->window);
  g_free (aging);
}

/* Other traits are another picture, and most processes sleep. Takes and gives a reference. */
static PscTraits *
take_alike (PscTraits *shown, PscTraits *traits)
{
  if (shown == NULL || traits == NULL || shown->n_traits != traits->n_traits ||
      shown->page_size != traits->page_size ||
      memcmp (shown->traits, traits->traits, traits->n_traits * sizeof *traits->traits) != 0)
    return traits;
  psc_traits_unref (traits);
  return psc_traits_ref (shown);
}

static void
age_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Aging *aging = task_data;
  gint64 deadline_usec =
      aging->patience_usec > 0 ? g_get_monotonic_time () + aging->patience_usec : 0;
  GError *error = NULL;
  PscTraits *traits =
      aging->past ?
          psc_time_keeper_dup_past_age (aging->keeper, aging->time_usec, deadline_usec, cancellable,
                                        &error) :
          psc_time_keeper_dup_age (aging->keeper, aging->space->page_size, aging->time_usec);

  aging->traits = take_alike (aging->shown, traits);
  if (aging->past)
    aging->unknown = take_alike (aging->shown, psc_age_new_unknown_traits (aging->space));
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* --- what comes of it ---------------------------------------------------------------------- */

static void
tell (PscWindow *self, const GError *error)
{
  g_autofree char *text = NULL;

  if (self->age->told)
    return;
  self->age->told = TRUE;
  text = g_strdup_printf ("%s: %s", _ (psc_lens_name (PSC_LENS_AGE)), error->message);
  psc_window_say (self, text);
}

static void
set_unknown (PscWindow *self, gboolean is_unknown)
{
  if (self->age->is_unknown == is_unknown)
    return;
  self->age->is_unknown = is_unknown;
  psc_window_update_strip (self);
}

static void
put (PscWindow *self, const Aging *aging, PscTraits *traits)
{
  if (aging->brings)
    psc_map_view_set_space_with (self->map, aging->space, traits);
  else
    psc_map_view_set_traits (self->map, traits);
  self->age->shows_past = aging->past;
}

static void start (PscWindow *self, gint64 patience_usec);

/* Until the user comes to rest unknown stays unknown: nothing flickers. */
static void
take (PscWindow *self, const Aging *aging, const GError *error)
{
  PscWindowAge *age = self->age;
  gboolean goes_on = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
                     g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if (aging->traits != NULL && !(aging->past && age->is_unknown && age->again))
    {
      put (self, aging, aging->traits);
      set_unknown (self, FALSE);
      return;
    }
  put (self, aging, aging->unknown);
  set_unknown (self, goes_on || aging->traits != NULL);
  if (goes_on && !age->again)
    start (self, FOR_AS_LONG_AS_IT_TAKES);
  else if (error != NULL && !goes_on)
    tell (self, error);
}

static void
aged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const Aging *aging = g_task_get_task_data (G_TASK (result));
  PscWindow *self = aging->window;
  PscWindowAge *age = self->age;
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  /* The window was closed, or shows another past. */
  if (age == NULL || g_task_get_cancellable (G_TASK (result)) != age->cancellable)
    return;
  g_clear_object (&age->cancellable);
  if (psc_map_view_get_lens (self->map) == PSC_LENS_AGE && aging->past == psc_window_is_past (self))
    take (self, aging, error);
  if (age->again)
    psc_window_age_update (self);
}

/* --- what is wanted ------------------------------------------------------------------------ */

/* Of what is live ages are those of now, not of when it changed last. */
static gint64
find_time (PscWindow *self, const PscSpace *space)
{
  if (psc_window_is_past (self))
    return psc_window_time_get_shown (self);
  return psc_session_get_state (self->session) == PSC_SESSION_LIVE ? g_get_real_time () :
                                                                     space->time_usec;
}

static void
start (PscWindow *self, gint64 patience_usec)
{
  PscWindowAge *age = self->age;
  PscSpace *space = psc_window_get_shown_space (self);
  g_autoptr (GTask) task = NULL;
  Aging *aging = g_new0 (Aging, 1);

  psc_space_ref (space);
  psc_space_unref (age->space);
  age->space = space;
  age->time_usec = find_time (self, space);
  age->again = FALSE;
  age->cancellable = g_cancellable_new ();

  aging->window = g_object_ref (self);
  aging->keeper = psc_time_keeper_ref (psc_window_time_get_keeper (self));
  aging->space = psc_space_ref (space);
  aging->time_usec = age->time_usec;
  aging->patience_usec = patience_usec;
  aging->past = psc_window_is_past (self);
  aging->brings = aging->past || age->shows_past;
  aging->shown = psc_traits_ref (psc_map_view_get_traits (self->map));
  task = g_task_new (NULL, age->cancellable, aged_cb, NULL);
  /* Its own error says more, and what is cancelled may be done. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, aging, (GDestroyNotify) aging_free);
  g_task_run_in_thread (task, age_worker);
}

/* Is it the moment that was asked for last? A moment of the past stays as it is. */
static gboolean
is_settled (PscWindow *self)
{
  const PscWindowAge *age = self->age;

  return psc_window_is_past (self) && age->space == psc_window_get_shown_space (self) &&
         age->time_usec == psc_window_time_get_shown (self);
}

/* Only the second step is worth being given up: the first is short, and someone who drags through
 * time sees all those that are done. */
static void
overtake (PscWindow *self)
{
  self->age->again = !is_settled (self);
  if (self->age->again && self->age->is_unknown)
    g_cancellable_cancel (self->age->cancellable);
}

static void
forget (PscWindow *self)
{
  PscWindowAge *age = self->age;

  g_cancellable_cancel (age->cancellable);
  g_clear_object (&age->cancellable);
  g_clear_pointer (&age->space, psc_space_unref);
  age->time_usec = 0;
  age->again = age->shows_past = FALSE;
}

void
psc_window_age_forget (PscWindow *self)
{
  forget (self);
  self->age->is_unknown = self->age->told = FALSE;
}

void
psc_window_age_update (PscWindow *self)
{
  PscWindowAge *age = self->age;
  PscSpace *space = psc_window_get_shown_space (self);
  gboolean waits = psc_map_view_get_traits (self->map) != NULL && !age->is_unknown;

  if (space == NULL || psc_map_view_get_lens (self->map) != PSC_LENS_AGE)
    {
      /* It may be that it was to come with its ages. */
      if (age->shows_past || psc_window_is_past (self))
        psc_map_view_set_space (self->map, space);
      forget (self);
      set_unknown (self, FALSE);
    }
  else if (age->cancellable != NULL)
    overtake (self);
  else if (!is_settled (self))
    start (self, waits ? PATIENCE_USEC : NO_PATIENCE_USEC);
}

void
psc_window_age_show (PscWindow *self)
{
  if (psc_map_view_get_lens (self->map) == PSC_LENS_AGE &&
      (psc_window_is_past (self) ||
       (self->age->shows_past && psc_window_get_shown_space (self) != NULL)))
    psc_window_age_update (self);
  else
    psc_map_view_set_space (self->map, psc_window_get_shown_space (self));
}

gboolean
psc_window_age_is_reading (PscWindow *self)
{
  return self->age != NULL && self->age->is_unknown;
}

void
psc_window_age_install (PscWindow *self)
{
  self->age = g_new0 (PscWindowAge, 1);
}

void
psc_window_age_free (PscWindowAge *age)
{
  if (age == NULL)
    return;
  g_cancellable_cancel (age->cancellable);
  g_clear_object (&age->cancellable);
  psc_space_unref (age->space);
  g_free (age);
}
