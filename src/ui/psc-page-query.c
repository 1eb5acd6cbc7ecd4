/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-page-query.h"

/* A pointer that moves over the map is not a question. */
#define REST_MSEC 80

struct _PscPageQuery
{
  GObject parent_instance;

  PscWatch *watch; /* NULL: nothing is looked at */
  guint64 address;
  guint serial; /* of what is looked at */
  PscInspection *inspection;
  GError *error;

  guint rest_timer;
  gboolean busy, again;
  guint n_asked;
};

G_DEFINE_FINAL_TYPE (PscPageQuery, psc_page_query, G_TYPE_OBJECT)

static guint changed_signal;

/* What a worker needs, and what it was asked. */
typedef struct
{
  PscWatch *watch;
  guint64 address;
  guint serial;
} Question;

static void
ask_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Question *question = task_data;
  g_autoptr (GError) error = NULL;
  PscInspection *inspection = psc_watch_inspect (question->watch, question->address, &error);

  psc_watch_unref (question->watch);
  if (inspection != NULL)
    g_task_return_pointer (task, inspection, (GDestroyNotify) psc_inspection_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void start (PscPageQuery *self);

static void
forget (PscPageQuery *self)
{
  g_clear_pointer (&self->inspection, psc_inspection_free);
  g_clear_error (&self->error);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscPageQuery *self = PSC_PAGE_QUERY (source);
  const Question *question = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  PscInspection *inspection = g_task_propagate_pointer (G_TASK (result), &error);

  self->busy = FALSE;
  if (question->serial != self->serial)
    psc_inspection_free (inspection);
  else
    {
      forget (self);
      self->inspection = inspection;
      self->error = g_steal_pointer (&error);
      g_signal_emit (self, changed_signal, 0);
    }
  if (self->again)
    start (self);
}

static void
start (PscPageQuery *self)
{
  g_autoptr (GTask) task = NULL;
  Question *question;

  self->again = self->busy;
  if (self->busy || self->watch == NULL)
    return;
  self->busy = TRUE;
  self->n_asked++;
  question = g_new (Question, 1);
  question->watch = psc_watch_ref (self->watch);
  question->address = self->address;
  question->serial = self->serial;
  task = g_task_new (self, NULL, asked_cb, NULL);
  g_task_set_task_data (task, question, g_free);
  g_task_run_in_thread (task, ask_worker);
}

static gboolean
rest_cb (gpointer user_data)
{
  PscPageQuery *self = user_data;

  self->rest_timer = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

void
psc_page_query_look (PscPageQuery *self, PscWatch *watch, guint64 address)
{
  g_return_if_fail (PSC_IS_PAGE_QUERY (self));

  if (self->watch == watch && (watch == NULL || self->address == address))
    return;
  g_clear_handle_id (&self->rest_timer, g_source_remove);
  forget (self);
  psc_watch_drop (self->watch);
  self->watch = watch != NULL ? psc_watch_ref (watch) : NULL;
  self->address = address;
  self->serial++;
  self->again = FALSE;
  if (watch != NULL)
    self->rest_timer = g_timeout_add (REST_MSEC, rest_cb, self);
}

void
psc_page_query_refresh (PscPageQuery *self)
{
  g_return_if_fail (PSC_IS_PAGE_QUERY (self));

  if (self->watch != NULL && self->rest_timer == 0)
    start (self);
}

const PscPageFacts *
psc_page_query_get_facts (PscPageQuery *self)
{
  return self->inspection != NULL ? &self->inspection->pages[0] : NULL;
}

const PscInspection *
psc_page_query_get_inspection (PscPageQuery *self)
{
  return self->inspection;
}

const GError *
psc_page_query_get_error (PscPageQuery *self)
{
  return self->error;
}

guint
psc_page_query_get_n_asked (PscPageQuery *self)
{
  return self->n_asked;
}

static void
psc_page_query_finalize (GObject *object)
{
  PscPageQuery *self = PSC_PAGE_QUERY (object);

  g_clear_handle_id (&self->rest_timer, g_source_remove);
  forget (self);
  psc_watch_drop (g_steal_pointer (&self->watch));
  G_OBJECT_CLASS (psc_page_query_parent_class)->finalize (object);
}

static void
psc_page_query_class_init (PscPageQueryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = psc_page_query_finalize;
  changed_signal = g_signal_new ("changed", PSC_TYPE_PAGE_QUERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
psc_page_query_init (PscPageQuery *self)
{
}

PscPageQuery *
psc_page_query_new (void)
{
  return g_object_new (PSC_TYPE_PAGE_QUERY, NULL);
}
