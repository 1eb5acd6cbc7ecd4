/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-frame-query.h"

#include <glib/gi18n-lib.h>

/* A view that moves is not a question. */
#define REST_MSEC 150
/* Of a core, at most. */
#define SHARE 20
/* Pages in one step, about 10 ms; and in all: 16 GiB of small ones. */
#define STEP_PAGES        (1u << 16)
#define STEP_PAGES_SHARED (1u << 19)
#define MOST_STEPS        64u

/* What was asked, and what came of it. */
typedef struct
{
  PscWatch *watch; /* a reference */
  PscSpace *space; /* a reference */
  PscFrameQuestion question;
  guint64 start, end;
  guint64 reached; /* read up to here */
  PscTraits *order, *contiguity, *shared;
  PscUnknown frames, flags;
  gint64 took_usec;
} Answer;

struct _PscFrameQuery
{
  GObject parent_instance;

  PscWatch *watch; /* NULL: nothing is looked at */
  PscSpace *space;
  PscFrameQuestion question;
  guint64 start, end;

  Answer *answer; /* newest; NULL: none */
  GError *error;
  gint64 rest_until_usec;
  guint timer;
  GCancellable *asking; /* NULL: nobody is */
  gboolean again;
};

G_DEFINE_FINAL_TYPE (PscFrameQuery, psc_frame_query, G_TYPE_OBJECT)

static guint changed_signal;

static void schedule (PscFrameQuery *self);

static void
answer_free (Answer *answer)
{
  if (answer == NULL)
    return;
  psc_watch_drop (answer->watch);
  psc_space_unref (answer->space);
  psc_traits_unref (answer->order);
  psc_traits_unref (answer->contiguity);
  psc_traits_unref (answer->shared);
  g_free (answer);
}

static void
join (PscTraits **traits, const PscTraits *more)
{
  PscTraits *joined = psc_traits_new_joined (*traits, more);

  psc_traits_unref (*traits);
  *traits = joined;
}

static gboolean
read_shared_step (Answer *answer, GError **error)
{
  guint64 end = answer->end;
  g_autoptr (PscTraits) shared = psc_watch_read_shared (
      answer->watch, answer->space, answer->reached, &end, STEP_PAGES_SHARED, error);

  if (shared == NULL)
    return FALSE;
  join (&answer->shared, shared);
  answer->reached = end;
  return TRUE;
}

static gboolean
read_frames_step (Answer *answer, GError **error)
{
  g_autoptr (PscFrames) frames = psc_watch_read_frames (
      answer->watch, answer->space, answer->reached, answer->end, STEP_PAGES, error);

  if (frames == NULL)
    return FALSE;
  join (&answer->order, frames->order);
  join (&answer->contiguity, frames->contiguity);
  answer->frames = frames->frames;
  answer->flags = frames->flags;
  answer->reached = frames->end;
  return TRUE;
}

static gboolean
read_step (Answer *answer, GError **error)
{
  return answer->question == PSC_FRAME_QUESTION_SHARED ? read_shared_step (answer, error) :
                                                         read_frames_step (answer, error);
}

static void
ask_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Answer *answer = task_data;
  gint64 began_usec = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  answer->reached = answer->start;
  for (guint i = 0; i < MOST_STEPS && answer->reached < answer->end; i++)
    if (g_cancellable_is_cancelled (cancellable) || !read_step (answer, &error) ||
        answer->frames.what != NULL)
      break;
  answer->took_usec = g_get_monotonic_time () - began_usec;
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

/* Is all that is looked at known, and of this very moment? */
static gboolean
is_answered (PscFrameQuery *self)
{
  const Answer *answer = self->answer;

  if (answer == NULL)
    return FALSE;
  /* Who may not see frames may not see them a moment later. */
  if (answer->frames.what != NULL)
    return TRUE;
  return answer->space == self->space && self->start >= answer->start &&
         self->end <= answer->reached;
}

static void
forget (PscFrameQuery *self)
{
  g_clear_pointer (&self->answer, answer_free);
  g_clear_error (&self->error);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscFrameQuery *self = PSC_FRAME_QUERY (source);
  Answer *answer = g_task_get_task_data (G_TASK (result));
  gboolean cancelled = g_cancellable_is_cancelled (self->asking);
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  g_clear_object (&self->asking);
  self->rest_until_usec = g_get_monotonic_time () + answer->took_usec * (SHARE - 1);
  if (cancelled || answer->watch != self->watch || answer->question != self->question)
    answer_free (answer);
  else
    {
      forget (self);
      if (done)
        self->answer = answer;
      else
        answer_free (answer);
      self->error = g_steal_pointer (&error);
      g_signal_emit (self, changed_signal, 0);
    }
  if ((cancelled || self->again) && self->watch != NULL && !is_answered (self))
    schedule (self);
}

static gboolean
ask_cb (gpointer user_data)
{
  PscFrameQuery *self = user_data;
  g_autoptr (GTask) task = NULL;
  Answer *answer;

  self->timer = 0;
  self->again = FALSE;
  if (self->watch == NULL)
    return G_SOURCE_REMOVE;
  self->asking = g_cancellable_new ();
  answer = g_new0 (Answer, 1);
  answer->watch = psc_watch_ref (self->watch);
  answer->space = psc_space_ref (self->space);
  answer->question = self->question;
  answer->start = self->start;
  answer->end = self->end;
  task = g_task_new (self, self->asking, asked_cb, NULL);
  /* What came before it was called off is good. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, answer, NULL);
  g_task_run_in_thread (task, ask_worker);
  return G_SOURCE_REMOVE;
}

/* While somebody asks, the next question waits for the end of that. */
static void
schedule (PscFrameQuery *self)
{
  gint64 wait_usec = self->rest_until_usec - g_get_monotonic_time ();

  self->again = self->asking != NULL;
  if (self->asking != NULL || self->watch == NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add ((guint) MAX (REST_MSEC, wait_usec / 1000), ask_cb, self);
}

static gboolean
is_covered (PscFrameQuery *self, guint64 start, guint64 end)
{
  return start >= self->start && end <= self->end;
}

void
psc_frame_query_look (PscFrameQuery *self, PscWatch *watch, PscSpace *space,
                      PscFrameQuestion question, guint64 start, guint64 end)
{
  g_return_if_fail (PSC_IS_FRAME_QUERY (self));

  if (self->watch == watch && self->question == question &&
      (watch == NULL || (self->space == space && self->start == start && self->end == end)))
    return;
  /* What another part of the memory would answer is of no use any more. */
  if (self->asking != NULL &&
      (self->watch != watch || self->question != question || !is_covered (self, start, end)))
    g_cancellable_cancel (self->asking);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->question != question)
    forget (self);
  self->question = question;
  if (self->watch != watch)
    {
      forget (self);
      psc_watch_drop (self->watch);
      self->watch = watch != NULL ? psc_watch_ref (watch) : NULL;
      self->rest_until_usec = 0;
    }
  psc_space_unref (self->space);
  self->space = watch != NULL ? psc_space_ref (space) : NULL;
  self->start = start;
  self->end = end;
  self->again = FALSE;
  if (watch != NULL && !is_answered (self))
    schedule (self);
}

PscTraits *
psc_frame_query_get_order (PscFrameQuery *self)
{
  return self->answer != NULL ? self->answer->order : NULL;
}

PscTraits *
psc_frame_query_get_contiguity (PscFrameQuery *self)
{
  return self->answer != NULL ? self->answer->contiguity : NULL;
}

PscTraits *
psc_frame_query_get_shared (PscFrameQuery *self)
{
  return self->answer != NULL ? self->answer->shared : NULL;
}

char *
psc_frame_query_dup_reason (PscFrameQuery *self, gboolean of_order)
{
  const PscUnknown *unknown;

  if (self->error != NULL)
    return g_strdup (self->error->message);
  if (self->answer == NULL)
    return NULL;
  unknown = of_order ? &self->answer->flags : &self->answer->frames;
  if (self->answer->frames.what != NULL)
    unknown = &self->answer->frames;
  if (unknown->what != NULL)
    return g_strdup_printf ("%s: %s", unknown->why, unknown->remedy);
  if (self->answer->reached < self->answer->end)
    return g_strdup (_ ("There is more in view than is read at once: zoom in"));
  return NULL;
}

static void
psc_frame_query_finalize (GObject *object)
{
  PscFrameQuery *self = PSC_FRAME_QUERY (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  forget (self);
  psc_watch_drop (g_steal_pointer (&self->watch));
  psc_space_unref (self->space);
  G_OBJECT_CLASS (psc_frame_query_parent_class)->finalize (object);
}

static void
psc_frame_query_class_init (PscFrameQueryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = psc_frame_query_finalize;
  changed_signal = g_signal_new ("changed", PSC_TYPE_FRAME_QUERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
psc_frame_query_init (PscFrameQuery *self)
{
}

PscFrameQuery *
psc_frame_query_new (void)
{
  return g_object_new (PSC_TYPE_FRAME_QUERY, NULL);
}
