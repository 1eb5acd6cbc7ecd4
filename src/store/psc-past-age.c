/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-past-age.h"

#include "psc-change.h"

/* Places that are kept: at first one for so many snapshots; with too many of them every other goes,
 * and those to come are as far apart. */
#define FIRST_STEP     16
#define MOST_MARKS     64
#define MOST_STRETCHES (2u << 20)

typedef struct
{
  gint64 time_usec;
  PscAge *age;
} Mark;

struct _PscPastAge
{
  const PscPastType *type;
  gpointer data;
  gint64 room_usec;

  gint64 first_usec; /* where it began; 0: nowhere yet */
  gint64 time_usec;  /* the moment where it is */
  PscSpace *space;
  PscAge *age;

  GArray *marks; /* Mark, in order of time */
  guint step, n_since;
};

static void
mark_clear (gpointer data)
{
  psc_age_free (((Mark *) data)->age);
}

PscPastAge *
psc_past_age_new (const PscPastType *type, gpointer data, gint64 room_usec)
{
  PscPastAge *past = g_new0 (PscPastAge, 1);

  past->type = type;
  past->data = data;
  past->room_usec = room_usec;
  past->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  g_array_set_clear_func (past->marks, mark_clear);
  return past;
}

static void
forget (PscPastAge *past)
{
  g_clear_pointer (&past->space, psc_space_unref);
  g_clear_pointer (&past->age, psc_age_free);
  g_array_set_size (past->marks, 0);
  past->first_usec = past->time_usec = 0;
  past->step = FIRST_STEP;
  past->n_since = 0;
}

void
psc_past_age_free (PscPastAge *past)
{
  if (past == NULL)
    return;
  forget (past);
  g_array_unref (past->marks);
  g_free (past);
}

/* --- places on the way --------------------------------------------------------------------- */

static gboolean
has_too_many_marks (const PscPastAge *past)
{
  guint64 n_stretches = 0;

  for (guint i = 0; i < past->marks->len; i++)
    n_stretches += psc_age_get_n_stretches (g_array_index (past->marks, Mark, i).age);
  return past->marks->len > MOST_MARKS || n_stretches > MOST_STRETCHES;
}

/* Not the first, as long as there is another. */
static void
drop_every_other (PscPastAge *past)
{
  gboolean only_one = past->marks->len == 1;

  for (guint i = past->marks->len; i-- > 0;)
    if (i % 2 == 1 || only_one)
      g_array_remove_index (past->marks, i);
  past->step *= 2;
}

static void
add_mark (PscPastAge *past)
{
  Mark mark = { past->time_usec, psc_age_copy (past->age) };

  past->n_since = 0;
  g_array_append_val (past->marks, mark);
  while (past->marks->len > 0 && has_too_many_marks (past))
    drop_every_other (past);
}

/* On a way that was gone before there are marks already. */
static void
keep_place (PscPastAge *past)
{
  const GArray *marks = past->marks;

  if (marks->len > 0 && g_array_index (marks, Mark, marks->len - 1).time_usec >= past->time_usec)
    past->n_since = 0;
  else if (++past->n_since >= past->step)
    add_mark (past);
}

/* The last mark that is no later. Of a moment that was thrown away meanwhile the next change would
 * be told from another one. */
static const Mark *
find_mark (const PscPastAge *past, gint64 time_usec)
{
  for (guint i = past->marks->len; i-- > 0;)
    {
      const Mark *mark = &g_array_index (past->marks, Mark, i);

      if (mark->time_usec <= time_usec &&
          past->type->find (past->data, mark->time_usec) == mark->time_usec)
        return mark;
    }
  return NULL;
}

/* --- the way ------------------------------------------------------------------------------- */

/* Takes the snapshot. Pages of another size, which only a forged file has, are others. */
static void
follow (PscPastAge *past, PscSpace *now)
{
  g_autoptr (PscTraits) changes = psc_change_new_since (past->space, now);

  if (past->age == NULL || past->space->page_size != now->page_size)
    {
      psc_age_free (past->age);
      past->age = psc_age_new ();
    }
  psc_age_add (past->age, now, changes);
  psc_space_unref (past->space);
  past->space = now;
}

static gboolean
begin_at (PscPastAge *past, gint64 time_usec, GError **error)
{
  PscSpace *space = past->type->load (past->data, time_usec, error);

  if (space == NULL)
    return FALSE;
  forget (past);
  follow (past, space);
  past->first_usec = past->time_usec = time_usec;
  add_mark (past);
  return TRUE;
}

/* Back to a mark; what is later stays, for when it comes by again. */
static gboolean
return_to (PscPastAge *past, const Mark *mark, GError **error)
{
  PscSpace *space = past->type->load (past->data, mark->time_usec, error);

  if (space == NULL)
    return FALSE;
  psc_space_unref (past->space);
  psc_age_free (past->age);
  past->space = space;
  past->age = psc_age_copy (mark->age);
  past->time_usec = mark->time_usec;
  past->n_since = 0;
  return TRUE;
}

/* To where the way to a moment goes on. */
static gboolean
set_out (PscPastAge *past, gint64 time_usec, GError **error)
{
  gint64 needed_usec = past->type->find (past->data, time_usec - PSC_AGE_MOST_USEC);
  gint64 start_usec =
      past->type->find (past->data, time_usec - PSC_AGE_MOST_USEC - past->room_usec);
  gboolean known = past->first_usec != 0 && past->first_usec <= needed_usec;
  const Mark *mark = known ? find_mark (past, time_usec) : NULL;

  if (known && past->time_usec <= time_usec && past->time_usec >= start_usec &&
      (mark == NULL || mark->time_usec <= past->time_usec))
    return TRUE;
  if (mark != NULL && mark->time_usec >= start_usec)
    return return_to (past, mark, error);
  return begin_at (past, start_usec, error);
}

static gboolean
has_to_stop (gint64 deadline_usec, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return TRUE;
  if (deadline_usec == 0 || g_get_monotonic_time () < deadline_usec)
    return FALSE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "There was no time for all of it");
  return TRUE;
}

static gboolean
go_on (PscPastAge *past, gint64 time_usec, GError **error)
{
  PscSpace *space = past->type->load (past->data, time_usec, error);

  if (space == NULL)
    return FALSE;
  follow (past, space);
  past->time_usec = time_usec;
  keep_place (past);
  return TRUE;
}

PscTraits *
psc_past_age_dup_traits (PscPastAge *past, gint64 time_usec, gint64 deadline_usec,
                         GCancellable *cancellable, GError **error)
{
  gint64 next_usec;

  if (!set_out (past, time_usec, error))
    return NULL;
  for (;;)
    {
      if (!past->type->next (past->data, past->time_usec, time_usec, &next_usec, error))
        return NULL;
      if (next_usec == 0)
        return psc_age_dup_traits (past->age, past->space->page_size, time_usec);
      if (has_to_stop (deadline_usec, cancellable, error) || !go_on (past, next_usec, error))
        return NULL;
    }
}
