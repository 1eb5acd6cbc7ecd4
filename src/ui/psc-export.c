/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-export.h"

#include "psc-report.h"

/* Room for the title of a figure, which the window has in its header bar. */
#define HEAD_PX 60

PscExport *
psc_export_new (PscMapView *map)
{
  PscExport *export;

  if (psc_map_view_get_space (map) == NULL)
    return NULL;
  export = g_new0 (PscExport, 1);
  export->space = psc_space_ref (psc_map_view_get_space (map));
  export->layout = psc_layout_ref (psc_map_view_get_layout (map));
  export->view = *psc_map_view_get_view (map);
  export->lens = psc_map_view_get_lens (map);
  export->theme = psc_map_view_get_theme (map);
  export->width = PSC_EXPORT_WIDTH;
  export->seen_width = (guint) gtk_widget_get_width (GTK_WIDGET (map));
  export->seen_height = (guint) gtk_widget_get_height (GTK_WIDGET (map));
  return export;
}

void
psc_export_free (PscExport *export)
{
  if (export == NULL)
    return;
  psc_space_unref (export->space);
  psc_layout_unref (export->layout);
  g_free (export);
}

static gboolean
write_figure (const PscExport *export, const char *path, GError **error)
{
  PscFigureOptions options = {
    .lens = export->lens,
    .theme = export->theme,
    .width = export->width,
  };
  PscFigureFormat format;

  if (!psc_figure_format_from_path (path, &format, error))
    return FALSE;
  if (export->seen_only && export->view.width > 0)
    {
      options.view = &export->view;
      options.layout = export->layout;
      options.width = MAX (export->seen_width, PSC_FIGURE_MIN_SIZE);
      options.height = MAX (export->seen_height + HEAD_PX, PSC_FIGURE_MIN_SIZE);
    }
  return psc_figure_export (export->space, &options, format, path, error);
}

static gboolean
has_extension (const char *path, const char *extension)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  return g_str_has_suffix (lower, extension);
}

static gboolean
write_file (const PscExport *export, const char *path, GError **error)
{
  g_autofree char *text = NULL;

  if (has_extension (path, ".csv"))
    text = psc_report_to_csv (export->space);
  else if (has_extension (path, ".json"))
    text = psc_report_to_json (export->space, TRUE);
  if (text != NULL)
    return g_file_set_contents (path, text, -1, error);
  return write_figure (export, path, error);
}

typedef struct
{
  PscExport *export;
  char *path;
} Job;

static void
job_free (Job *job)
{
  psc_export_free (job->export);
  g_free (job->path);
  g_free (job);
}

static void
export_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autoptr (GError) error = NULL;

  if (write_file (job->export, job->path, &error))
    g_task_return_pointer (task, g_strdup (job->path), g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
psc_export_async (PscExport *export, const char *path, GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->export = export;
  job->path = g_strdup (path);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, export_worker);
}

char *
psc_export_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
