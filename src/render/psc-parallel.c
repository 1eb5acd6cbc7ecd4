/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-parallel.h"

#define MOST 4

typedef struct
{
  PscParallelFunc func;
  gpointer user_data;
  guint n;
  guint next; /* atomic: of the pieces that nobody has begun */
  GMutex lock;
  GCond done;
  guint n_helpers; /* that have not ended; under the lock */
} Work;

static void
work_on (Work *work)
{
  for (;;)
    {
      guint index = (guint) g_atomic_int_add ((gint *) &work->next, 1);

      if (index >= work->n)
        return;
      work->func (index, work->user_data);
    }
}

static void
helper (gpointer data, gpointer user_data)
{
  Work *work = data;

  work_on (work);
  g_mutex_lock (&work->lock);
  work->n_helpers--;
  g_cond_signal (&work->done);
  g_mutex_unlock (&work->lock);
}

guint
psc_parallel_get_n (void)
{
  return CLAMP (g_get_num_processors (), 1, MOST);
}

/* NULL where there is but one processor. */
static GThreadPool *
get_pool (void)
{
  static GThreadPool *pool;
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      if (psc_parallel_get_n () > 1)
        pool = g_thread_pool_new (helper, NULL, (gint) psc_parallel_get_n () - 1, FALSE, NULL);
      g_once_init_leave (&once, 1);
    }
  return pool;
}

void
psc_parallel_run (guint n, PscParallelFunc func, gpointer user_data)
{
  Work work = { .func = func, .user_data = user_data, .n = n };
  GThreadPool *pool = n > 1 ? get_pool () : NULL;
  guint n_helpers = pool != NULL ? MIN (n, psc_parallel_get_n ()) - 1 : 0;

  work.n_helpers = n_helpers;
  g_mutex_init (&work.lock);
  g_cond_init (&work.done);
  for (guint i = 0; i < n_helpers; i++)
    g_thread_pool_push (pool, &work, NULL);
  work_on (&work);
  g_mutex_lock (&work.lock);
  while (work.n_helpers > 0)
    g_cond_wait (&work.done, &work.lock);
  g_mutex_unlock (&work.lock);
  g_mutex_clear (&work.lock);
  g_cond_clear (&work.done);
}
