/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-compare-private.h"

#include <glib/gi18n-lib.h>

/* --- comparing ----------------------------------------------------------------------------- */

typedef struct
{
  PscWindow *window; /* references */
  PscSpace *then, *now;
  PscDiff *diff;
  gint64 usec; /* the moment of the past that was wished for; 0: of something else */
  guint era;
} Comparison;

static void
comparison_free (Comparison *comparison)
{
  psc_space_unref (comparison->then);
  psc_space_unref (comparison->now);
  psc_diff_unref (comparison->diff);
  g_object_unref (comparison->window);
  g_free (comparison);
}

static void
compare_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Comparison *comparison = task_data;

  comparison->diff = psc_diff_new (comparison->then, comparison->now);
  g_task_return_boolean (task, TRUE);
}

static void
drop_diff (PscWindowCompare *compare)
{
  g_clear_pointer (&compare->diff, psc_diff_unref);
  compare->diff_usec = 0;
}

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Comparison *comparison = g_task_get_task_data (G_TASK (result));
  PscWindow *self = comparison->window;
  PscWindowCompare *compare = self->compare;

  /* The window may have been closed in the meantime. */
  if (compare == NULL)
    return;
  compare->comparing = FALSE;
  if (comparison->era == compare->era && psc_window_compare_is_on (self))
    {
      drop_diff (compare);
      compare->diff = g_steal_pointer (&comparison->diff);
      compare->diff_usec = comparison->usec;
      psc_window_compare_publish (self);
    }
  if (compare->again)
    psc_window_compare_update (self);
}

static void
start_comparing (PscWindow *self, PscSpace *then, gint64 usec)
{
  PscWindowCompare *compare = self->compare;
  PscSpace *now = psc_window_get_shown_space (self);
  g_autoptr (GTask) task = NULL;
  Comparison *comparison;

  compare->again = compare->comparing;
  if (compare->comparing)
    return;
  if (compare->diff != NULL && compare->diff->a == then && compare->diff->b == now)
    {
      compare->diff_usec = usec;
      psc_window_compare_publish (self);
      return;
    }
  compare->comparing = TRUE;
  comparison = g_new0 (Comparison, 1);
  comparison->window = g_object_ref (self);
  comparison->then = psc_space_ref (then);
  comparison->now = psc_space_ref (now);
  comparison->usec = usec;
  comparison->era = compare->era;
  task = g_task_new (NULL, NULL, compared_cb, NULL);
  g_task_set_task_data (task, comparison, (GDestroyNotify) comparison_free);
  g_task_run_in_thread (task, compare_worker);
}

/* --- moments of the past ------------------------------------------------------------------- */

typedef struct
{
  PscWindow *window; /* a reference */
  gint64 usec;
  guint era;
} Wish;

static Wish *
wish_new (PscWindow *self, gint64 usec)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->window = g_object_ref (self);
  wish->usec = usec;
  wish->era = self->compare->era;
  return wish;
}

static void
wish_free (Wish *wish)
{
  g_object_unref (wish->window);
  g_free (wish);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wish, wish_free)

static gboolean
is_current (const Wish *wish)
{
  return wish->window->compare != NULL && wish->window->compare->era == wish->era;
}

/* The same snapshot as before is the same object: then nothing has to be compared again. */
static void
take_loaded (PscWindowCompare *compare, PscSpace *space, gint64 usec)
{
  compare->loaded_usec = usec;
  if (compare->loaded != NULL && compare->loaded->time_usec == space->time_usec)
    {
      psc_space_unref (space);
      return;
    }
  psc_space_unref (compare->loaded);
  compare->loaded = space;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Wish) wish = user_data;
  g_autoptr (GError) error = NULL;
  PscSpace *space = psc_window_time_load_finish (result, &error);

  if (!is_current (wish))
    {
      psc_space_unref (space);
      return;
    }
  wish->window->compare->loading = FALSE;
  /* Nothing is kept yet, right after the first look: the next moment asks again. */
  if (space == NULL)
    return;
  take_loaded (wish->window->compare, space, wish->usec);
  psc_window_compare_update (wish->window);
}

/* The moment of the timeline that is wished for; 0: there is none yet. */
static gint64
find_wish (PscWindow *self)
{
  gint64 shown_usec = psc_window_time_get_shown (self);
  gint64 first_usec = psc_window_time_get_first (self);
  guint seconds = psc_since_get_seconds (self->compare->since);

  if (first_usec == 0 || seconds == 0)
    return first_usec;
  return MAX (shown_usec - seconds * G_USEC_PER_SEC, first_usec);
}

static void
compare_with_past (PscWindow *self)
{
  PscWindowCompare *compare = self->compare;
  gint64 usec;

  if (compare->since == PSC_SINCE_MARK && compare->marked != NULL)
    {
      start_comparing (self, compare->marked, compare->marked_usec);
      return;
    }
  usec = find_wish (self);
  if (usec == 0)
    return;
  if (compare->loaded != NULL && compare->loaded_usec == usec)
    {
      start_comparing (self, compare->loaded, usec);
      return;
    }
  if (compare->loading)
    return;
  compare->loading = TRUE;
  psc_window_time_load_async (self, usec, loaded_cb, wish_new (self, usec));
}

void
psc_window_compare_update (PscWindow *self)
{
  PscWindowCompare *compare = self->compare;

  /* While the window is made. */
  if (self->session == NULL)
    return;
  if (!psc_window_compare_is_on (self) || psc_window_get_shown_space (self) == NULL)
    {
      drop_diff (compare);
      psc_window_compare_publish (self);
    }
  else if (compare->other == NULL)
    compare_with_past (self);
  else if (compare->other_space != NULL)
    start_comparing (self, compare->other_space, 0);
}

void
psc_window_compare_set_mark (PscWindow *self, PscSpace *space, gint64 usec)
{
  PscWindowCompare *compare = self->compare;

  psc_space_ref (space);
  psc_space_unref (compare->marked);
  compare->marked = space;
  compare->marked_usec = usec;
  compare->since = PSC_SINCE_MARK;
  if (compare->other != NULL)
    psc_window_compare_forget_other (self);
  if (!psc_window_compare_shows_change (self))
    psc_window_set_lens (self, PSC_LENS_CHANGE);
  psc_window_compare_update (self);
  psc_window_compare_publish (self);
}

static void
mark_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Wish) wish = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = psc_window_time_load_finish (result, &error);

  if (!is_current (wish))
    return;
  if (space != NULL)
    psc_window_compare_set_mark (wish->window, space, wish->usec);
  else
    psc_window_say_briefly (wish->window, error->message);
}

void
psc_window_compare_mark_at (PscWindow *self, gint64 usec)
{
  psc_window_time_load_async (self, usec, mark_loaded_cb, wish_new (self, usec));
}

/* What was compared so far is of no use any more. */
static void
begin_era (PscWindow *self)
{
  PscWindowCompare *compare = self->compare;

  compare->era++;
  compare->loading = FALSE;
  drop_diff (compare);
}

/* --- something else ------------------------------------------------------------------------ */

void
psc_window_compare_forget_other (PscWindow *self)
{
  PscWindowCompare *compare = self->compare;

  g_clear_pointer (&compare->other, psc_other_unref);
  g_clear_pointer (&compare->other_space, psc_space_unref);
  compare->reading = FALSE;
  begin_era (self);
}

void
psc_window_compare_stop (PscWindow *self)
{
  if (self->compare->other == NULL)
    return;
  psc_window_compare_forget_other (self);
  if (psc_window_compare_shows_change (self) && self->compare->lens_before != PSC_LENS_CHANGE)
    psc_window_set_lens (self, self->compare->lens_before);
  psc_window_compare_update (self);
  psc_window_compare_publish (self);
  psc_window_update (self);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Wish) wish = user_data;
  g_autoptr (GError) error = NULL;
  PscSpace *space = psc_other_read_finish (result, &error);
  PscWindowCompare *compare = wish->window->compare;
  g_autofree char *text = NULL;

  if (!is_current (wish))
    {
      psc_space_unref (space);
      return;
    }
  compare->reading = FALSE;
  if (space != NULL)
    {
      psc_space_unref (compare->other_space);
      compare->other_space = space;
      psc_window_compare_update (wish->window);
      psc_window_compare_publish (wish->window);
      psc_window_update (wish->window);
      return;
    }
  text = g_strdup_printf (_ ("Can’t compare: %s"), error->message);
  psc_window_say_briefly (wish->window, text);
  /* What was read before stays as it was. */
  if (compare->other_space == NULL)
    psc_window_compare_stop (wish->window);
}

static void
read_other (PscWindow *self)
{
  self->compare->reading = TRUE;
  psc_other_read_async (self->compare->other, read_cb, wish_new (self, 0));
}

void
psc_window_compare_take_other (PscWindow *self, PscOther *other)
{
  PscWindowCompare *compare = self->compare;

  if (compare->other == NULL)
    compare->lens_before = psc_map_view_get_lens (self->map);
  psc_window_compare_forget_other (self);
  compare->other = other;
  read_other (self);
  if (!psc_window_compare_shows_change (self))
    psc_window_set_lens (self, PSC_LENS_CHANGE);
  psc_window_compare_publish (self);
  psc_window_update (self);
}

void
psc_window_compare_refresh (PscWindow *self)
{
  if (self->compare->other != NULL && !self->compare->reading)
    read_other (self);
}

void
psc_window_compare_with (PscWindow *self, const char *word)
{
  g_return_if_fail (PSC_IS_WINDOW (self));

  psc_window_compare_take_other (self, psc_other_new (self->compare->source, word));
}

/* --- when other things change -------------------------------------------------------------- */

void
psc_window_compare_lens_chosen (PscWindow *self)
{
  if (self->session == NULL)
    return;
  psc_window_compare_publish (self);
  psc_window_compare_update (self);
}

void
psc_window_compare_forget (PscWindow *self)
{
  PscWindowCompare *compare = self->compare;

  if (compare == NULL || self->session == NULL)
    return;
  /* What is being opened is what is to be compared. */
  if (compare->other != NULL && psc_window_get_shown_space (self) != NULL)
    psc_window_compare_stop (self);
  g_clear_pointer (&compare->marked, psc_space_unref);
  g_clear_pointer (&compare->loaded, psc_space_unref);
  compare->loaded_usec = compare->marked_usec = 0;
  if (compare->other == NULL)
    begin_era (self);
  else
    drop_diff (compare);
  psc_window_compare_publish (self);
}

/* --- the window ---------------------------------------------------------------------------- */

void
psc_window_compare_install (PscWindow *self)
{
  self->compare = g_new0 (PscWindowCompare, 1);
  psc_window_compare_actions_install (self);
}

void
psc_window_compare_start (PscWindow *self, const char *root, const char *via)
{
  self->compare->source = psc_probe_source_new (root, via);
}

void
psc_window_compare_free (PscWindowCompare *compare)
{
  if (compare == NULL)
    return;
  psc_other_unref (compare->other);
  psc_space_unref (compare->other_space);
  psc_space_unref (compare->marked);
  psc_space_unref (compare->loaded);
  psc_diff_unref (compare->diff);
  psc_probe_source_unref (compare->source);
  g_free (compare->said);
  g_free (compare);
}
