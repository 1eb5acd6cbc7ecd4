/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-thumbnail-job.h"

#include <time.h>

#include "psc-raster.h"

void
psc_thumbnail_clear (PscThumbnail *thumbnail)
{
  g_clear_pointer (&thumbnail->surface, cairo_surface_destroy);
  g_clear_pointer (&thumbnail->problem, g_free);
}

PscThumbnailJob *
psc_thumbnail_job_new (PscProbeSource *source, const PscProcess *process)
{
  PscThumbnailJob *job = g_new0 (PscThumbnailJob, 1);

  job->source = psc_probe_source_ref (source);
  job->pid = process->pid;
  job->start_time = process->start_time;
  job->resident = process->resident;
  job->faults = process->minflt + process->majflt;
  return job;
}

void
psc_thumbnail_job_free (PscThumbnailJob *job)
{
  psc_probe_source_unref (job->source);
  psc_thumbnail_clear (&job->thumbnail);
  g_free (job);
}

static cairo_surface_t *
draw_space (const PscSpace *space, const PscThumbnailLook *look)
{
  PscLayoutOptions options = { .low_at_top = look->low_at_top };
  g_autoptr (PscLayout) layout = psc_layout_new (space, &options);
  PscRasterJob raster = {
    .space = space,
    .layout = layout,
    .lens = look->lens,
    .theme = look->theme,
    .scale = look->scale,
  };

  psc_view_fit (&raster.view, layout, look->width, look->height);
  return psc_raster_new_surface (&raster);
}

static gboolean
make_picture (PscThumbnailJob *job, const PscSpace *space, GError **error)
{
  job->cost = space->cost;
  if (space->start_time != job->start_time)
    {
      g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE, "Process %d has ended", job->pid);
      return FALSE;
    }
  job->thumbnail.swapped = space->totals.swapped;
  job->thumbnail.surface = draw_space (space, &job->look);
  if (job->thumbnail.surface == NULL)
    g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_FAILED,
                 "There is no memory for a picture of process %d", job->pid);
  return job->thumbnail.surface != NULL;
}

static gint64
thread_cpu_usec (void)
{
  struct timespec spent = { 0 };

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &spent);
  return (gint64) spent.tv_sec * G_USEC_PER_SEC + spent.tv_nsec / 1000;
}

gboolean
psc_thumbnail_job_run (PscThumbnailJob *job, GError **error)
{
  gint64 began_usec = thread_cpu_usec ();
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_WATCH;
  PscWatch *watch = psc_watch_new (job->source, job->pid);
  gboolean made = FALSE;
  PscSpace *space;

  options.hold_usec = job->hold_usec;
  space = psc_watch_capture (watch, &options, error);
  if (space != NULL)
    made = make_picture (job, space, error);
  psc_space_unref (space);
  psc_watch_unref (watch);
  job->cost.core_usec = thread_cpu_usec () - began_usec;
  return made;
}
