/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-past.h"

/* The last few seconds are kept one by one, what is older so far apart. */
#define NEAR_USEC  (12 * G_USEC_PER_SEC)
#define APART_USEC (5 * G_USEC_PER_SEC)

struct _PscPast
{
  PscSpace *first, *marked; /* NULL: none */
  GPtrArray *kept;          /* PscSpace, oldest first */
};

PscPast *
psc_past_new (void)
{
  PscPast *past = g_new0 (PscPast, 1);

  past->kept = g_ptr_array_new_with_free_func ((GDestroyNotify) psc_space_unref);
  return past;
}

static void
forget (PscPast *past)
{
  g_clear_pointer (&past->first, psc_space_unref);
  g_clear_pointer (&past->marked, psc_space_unref);
  g_ptr_array_set_size (past->kept, 0);
}

void
psc_past_free (PscPast *past)
{
  if (past == NULL)
    return;
  forget (past);
  g_ptr_array_unref (past->kept);
  g_free (past);
}

static PscSpace *
get (const PscPast *past, guint i)
{
  return g_ptr_array_index (past->kept, i);
}

static gboolean
same_process (const PscSpace *a, const PscSpace *b)
{
  return a->pid == b->pid && a->start_time == b->start_time && a->page_size == b->page_size &&
         g_str_equal (a->host, b->host);
}

/* Names are shared between the snapshots of a process, for the most part. */
static gsize
memory_of (const PscSpace *space)
{
  return sizeof *space + space->n_mappings * sizeof *space->mappings +
         space->n_runs * sizeof *space->runs;
}

/* Is the i-th needed to tell what was so at any moment of the last minute? The one before a moment
 * is what was so then. */
static gboolean
is_needed (const PscPast *past, guint i, gint64 now_usec)
{
  const PscSpace *space = get (past, i);

  if (i + 1 == past->kept->len || now_usec - space->time_usec <= NEAR_USEC)
    return TRUE;
  if (get (past, i + 1)->time_usec < now_usec - PSC_PAST_SECONDS * G_USEC_PER_SEC)
    return FALSE;
  return i == 0 || get (past, i + 1)->time_usec - get (past, i - 1)->time_usec > APART_USEC;
}

static void
thin_out (PscPast *past)
{
  gint64 now_usec = get (past, past->kept->len - 1)->time_usec;
  gsize memory = 0;

  for (guint i = 0; i < past->kept->len;)
    if (is_needed (past, i, now_usec))
      i++;
    else
      g_ptr_array_remove_index (past->kept, i);
  for (guint i = past->kept->len; i-- > 0;)
    {
      memory += memory_of (get (past, i));
      if (memory <= PSC_PAST_MEMORY || i + 1 == past->kept->len)
        continue;
      g_ptr_array_remove_range (past->kept, 0, i + 1);
      return;
    }
}

void
psc_past_add (PscPast *past, PscSpace *space)
{
  if (space == NULL || (past->first != NULL && !same_process (past->first, space)))
    forget (past);
  if (space == NULL || (past->kept->len > 0 && get (past, past->kept->len - 1) == space))
    return;
  if (past->first == NULL)
    past->first = psc_space_ref (space);
  g_ptr_array_add (past->kept, psc_space_ref (space));
  thin_out (past);
}

gboolean
psc_past_mark (PscPast *past)
{
  if (past->kept->len == 0)
    return FALSE;
  g_clear_pointer (&past->marked, psc_space_unref);
  past->marked = psc_space_ref (get (past, past->kept->len - 1));
  return TRUE;
}

gboolean
psc_past_has_mark (const PscPast *past)
{
  return past->marked != NULL;
}

PscSpace *
psc_past_get_mark (const PscPast *past)
{
  return past->marked != NULL ? past->marked : past->first;
}

PscSpace *
psc_past_get_at (const PscPast *past, gint64 time_usec)
{
  for (guint i = past->kept->len; i-- > 0;)
    if (get (past, i)->time_usec <= time_usec)
      return get (past, i);
  return past->kept->len > 0 ? get (past, 0) : NULL;
}

guint
psc_past_get_n_kept (const PscPast *past)
{
  return past->kept->len;
}
