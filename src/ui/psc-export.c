/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-export.h"

#include <string.h>

#include "psc-map-view-private.h"
#include "psc-report.h"

/* Room for the title of a figure, which the window has in its header bar. */
#define HEAD_PX 60

PscExport *
psc_export_new (PscMapView *map)
{
  const PscMapping *selected;
  PscExport *export;
  PscMap shown;

  if (psc_map_view_get_space (map) == NULL)
    return NULL;
  shown = psc_map_view_get_map (map);
  export = g_new0 (PscExport, 1);
  export->space = psc_space_ref (psc_map_view_get_space (map));
  export->layout = psc_layout_ref (psc_map_view_get_layout (map));
  export->traits = psc_traits_ref ((PscTraits *) shown.traits);
  export->view = *psc_map_view_get_view (map);
  export->fit = psc_map_view_get_fit (map);
  export->lens = shown.lens;
  export->only = shown.only;
  export->patterns = shown.patterns;
  export->theme = shown.theme;
  export->width = PSC_FIGURE_WIDTH;
  export->seen_width = (guint) gtk_widget_get_width (GTK_WIDGET (map));
  export->seen_height = (guint) gtk_widget_get_height (GTK_WIDGET (map));
  selected = psc_map_view_get_selected (map);
  if (selected != NULL)
    {
      export->selection_start = selected->start;
      export->selection_end = selected->end;
    }
  return export;
}

void
psc_export_free (PscExport *export)
{
  if (export == NULL)
    return;
  psc_space_unref (export->space);
  psc_layout_unref (export->layout);
  psc_traits_unref (export->traits);
  psc_space_unref (export->since);
  g_free (export);
}

static const char *const format_ids[PSC_N_EXPORT_FORMATS] = { "png", "svg", "pdf", "csv", "json" };

const char *
psc_export_format_id (PscExportFormat format)
{
  g_return_val_if_fail (format < PSC_N_EXPORT_FORMATS, NULL);
  return format_ids[format];
}

gboolean
psc_export_format_from_id (const char *id, PscExportFormat *format)
{
  for (guint i = 0; i < PSC_N_EXPORT_FORMATS; i++)
    {
      if (g_ascii_strcasecmp (id, format_ids[i]) != 0)
        continue;
      *format = i;
      return TRUE;
    }
  return FALSE;
}

static PscFigureOptions
make_options (const PscExport *export)
{
  PscFigureOptions options = { .lens = export->lens,
                               .theme = export->theme,
                               .width = export->width,
                               .height = export->height,
                               .scale = export->scale,
                               .traits = export->traits,
                               .since = export->lens == PSC_LENS_CHANGE ? export->since : NULL,
                               .only = export->only,
                               .patterns = export->patterns,
                               .low_at_top = export->layout->low_at_top };

  if (export->extent == PSC_EXPORT_SELECTED)
    {
      options.range_start = export->selection_start;
      options.range_end = export->selection_end;
      return options;
    }
  options.layout = export->layout;
  if (export->extent == PSC_EXPORT_EVERYTHING)
    return options;
  options.width = MAX (export->seen_width, PSC_FIGURE_MIN_SIZE);
  options.height = MAX (export->seen_height + HEAD_PX, PSC_FIGURE_MIN_SIZE);
  if (!export->fit && export->view.width > 0)
    options.view = &export->view;
  return options;
}

static GBytes *
take_text (char *text)
{
  return g_bytes_new_take (text, strlen (text));
}

static GBytes *
render (const PscExport *export, PscExportFormat format, GError **error)
{
  PscFigureOptions options = make_options (export);

  if (format == PSC_EXPORT_CSV)
    return take_text (psc_report_to_csv (export->space));
  if (format == PSC_EXPORT_JSON)
    return take_text (psc_report_to_json (export->space, TRUE));
  return psc_figure_render (export->space, &options, (PscFigureFormat) format, error);
}

static gboolean
write_file (const PscExport *export, const char *path, GError **error)
{
  const char *dot = strrchr (path, '.');
  g_autoptr (GBytes) bytes = NULL;
  PscExportFormat format;
  PscFigureFormat figure;

  if (dot == NULL || !psc_export_format_from_id (dot + 1, &format))
    return psc_figure_format_from_path (path, &figure, error);
  bytes = render (export, format, error);
  return bytes != NULL && psc_figure_write_file (path, g_bytes_get_data (bytes, NULL),
                                                 g_bytes_get_size (bytes), error);
}

/* --- workers ------------------------------------------------------------------------------- */

typedef struct
{
  PscExport *export;
  char *path; /* NULL: to memory */
  PscExportFormat format;
} Job;

static void
job_free (Job *job)
{
  psc_export_free (job->export);
  g_free (job->path);
  g_free (job);
}

static void
write_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autoptr (GError) error = NULL;

  if (write_file (job->export, job->path, &error))
    g_task_return_pointer (task, g_strdup (job->path), g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
render_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autoptr (GError) error = NULL;
  GBytes *bytes = render (job->export, job->format, &error);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
run (PscExport *export, const char *path, PscExportFormat format, GAsyncReadyCallback callback,
     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->export = export;
  job->path = g_strdup (path);
  job->format = format;
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, path != NULL ? write_worker : render_worker);
}

void
psc_export_async (PscExport *export, const char *path, GAsyncReadyCallback callback,
                  gpointer user_data)
{
  run (export, path, PSC_EXPORT_PNG, callback, user_data);
}

char *
psc_export_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
psc_export_render_async (PscExport *export, PscExportFormat format, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  run (export, NULL, format, callback, user_data);
}

GBytes *
psc_export_render_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
