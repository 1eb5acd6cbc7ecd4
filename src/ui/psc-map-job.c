/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-job.h"

void
psc_map_job_free (PscMapJob *job)
{
  psc_space_unref (job->space);
  psc_space_unref (job->shown);
  g_array_unref (job->unfolded);
  g_clear_pointer (&job->shown_layout, psc_layout_unref);
  g_clear_pointer (&job->layout, psc_layout_unref);
  psc_labels_unref (job->shown_labels);
  psc_labels_unref (job->labels);
  g_clear_pointer (&job->sheet, psc_sheet_unref);
  psc_traits_unref (job->traits);
  g_clear_pointer (&job->dirty, g_array_unref);
  g_free (job);
}

static gboolean
same_mapping (const PscMapping *a, const PscMapping *b)
{
  return a->start == b->start && a->end == b->end && a->first_run == b->first_run &&
         a->n_runs == b->n_runs && a->perms == b->perms && a->flags == b->flags &&
         a->kind == b->kind && a->resident == b->resident && a->swapped == b->swapped &&
         g_str_equal (a->name, b->name);
}

/* Do both look the same, pixel for pixel? Most processes sleep most of the time. */
static gboolean
same_picture (const PscSpace *a, const PscSpace *b)
{
  if (a->n_mappings != b->n_mappings || a->n_runs != b->n_runs ||
      (a->n_runs > 0 && memcmp (a->runs, b->runs, a->n_runs * sizeof *a->runs) != 0))
    return FALSE;
  for (guint i = 0; i < a->n_mappings; i++)
    if (!same_mapping (&a->mappings[i], &b->mappings[i]))
      return FALSE;
  return TRUE;
}

/* Most changes leave every page where it stands: then the sheet only has to follow. */
static void
keep_layout (PscMapJob *job)
{
  if (job->shown == NULL || job->traits != NULL ||
      !psc_layout_equal (job->layout, job->shown_layout))
    return;
  job->dirty = psc_sheet_find_dirty (job->shown, job->space);
  if (job->dirty == NULL)
    return;
  psc_layout_unref (job->layout);
  job->layout = psc_layout_ref (job->shown_layout);
}

void
psc_map_job_run (PscMapJob *job)
{
  PscLayoutOptions options = {
    .low_at_top = job->low_at_top,
    .unfolded = (const guint64 *) (gpointer) job->unfolded->data,
    .n_unfolded = job->unfolded->len,
  };

  psc_lens_count (job->lens, job->space, job->traits, job->bytes);
  if (job->shown != NULL && same_picture (job->shown, job->space))
    {
      job->layout = psc_layout_ref (job->shown_layout);
      job->labels = psc_labels_ref (job->shown_labels);
      job->same = TRUE;
    }
  else
    {
      job->layout = psc_layout_new (job->space, &options);
      keep_layout (job);
      job->labels = psc_labels_new (job->space, job->layout);
      job->same_labels =
          job->dirty != NULL && psc_labels_look_same (job->shown_labels, job->labels);
      if (job->dirty == NULL)
        job->sheet = psc_sheet_new (job->space, job->layout, job->lens, job->traits);
    }
}
