/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is to be shown, and how it is laid out: a worker makes the layout, and what is on screen is
 * always a space together with its own. */

#include "psc-map-view-private.h"

/* So many changes are as much as everything. */
#define MOST_DIRTY 4096

static gboolean
same_process (const PscSpace *a, const PscSpace *b)
{
  return a != NULL && b != NULL && a->pid == b->pid && a->start_time == b->start_time &&
         g_str_equal (a->host, b->host);
}

/* --- what has been made -------------------------------------------------------------------- */

static void
forget_view (PscMapView *self)
{
  adw_animation_pause (self->animation);
  psc_map_glide_stop (self);
  self->fit = TRUE;
  self->view = (PscView){ 0 };
  self->has_selection = self->by_keyboard = FALSE;
  psc_view_history_clear (&self->history);
}

/* What the user looks at: what the keys went to, else what is under the pointer, else the middle.
 */
static PscViewAnchor
take_anchor (PscMapView *self)
{
  gboolean at_pointer = self->hover.type != PSC_PLACE_NOTHING;
  PscRect rect;
  double x = at_pointer ? self->pointer_x - self->body.x : self->view.width / 2;
  double y = at_pointer ? self->pointer_y - self->body.y : self->view.height / 2;

  if (!at_pointer && psc_map_cursor_get_rect (self, &rect))
    return psc_view_anchor_address (&self->view, self->layout, self->selected_page);
  return psc_view_anchor (&self->view, self->layout, x, y);
}

/* What the worker has counted in the space that is shown from now on. */
static void
take_counts (PscMapView *self, const PscMapJob *job)
{
  if (job->lens == self->lens && job->traits == self->traits)
    psc_map_lens_take_counts (self, job->bytes);
}

/* A new moment that looks like the last one: only what is told of it is new. */
static void
show_moment (PscMapView *self, PscMapJob *job)
{
  psc_space_unref (self->space);
  self->space = psc_space_ref (job->space);
  take_counts (self, job);
  psc_map_speak_soon (self, PSC_SPEAK_REFRESH);
  g_signal_emit_by_name (self, "view-changed");
}

static void
drop_dirty_strips (PscMapView *self, const GArray *dirty)
{
  for (guint i = 0; i < dirty->len; i++)
    {
      const PscDirty *change = &g_array_index (dirty, PscDirty, i);
      guint64 last = change->start + (change->n_pages - 1) * self->space->page_size;
      guint band, last_band;
      double x, row, last_row;

      if (!psc_layout_locate (self->layout, change->start, &band, &x, &row) ||
          !psc_layout_locate (self->layout, last, &last_band, &x, &last_row))
        continue;
      if (band == last_band)
        psc_strips_drop_rows (self->strips, self->layout, band, (guint) MIN (row, last_row),
                              (guint) MAX (row, last_row) + 1);
      else
        for (; band <= last_band; band++)
          psc_strips_drop_rows (self->strips, self->layout, band, 0,
                                self->layout->bands[band].n_rows);
    }
}

/* The same pages at the same places, some of them in another state. */
static void
show_dirty (PscMapView *self, PscMapJob *job)
{
  /* Brackets and ruler are of the layout alone. */
  psc_map_view_check_parts (self, PSC_MAP_HUGE | PSC_MAP_LEGEND);
  if (!job->same_labels)
    psc_map_view_check_parts (self, PSC_MAP_LABELS | PSC_MAP_OVERVIEW);
  psc_space_unref (self->space);
  self->space = psc_space_ref (job->space);
  take_counts (self, job);
  psc_labels_unref (self->labels);
  self->labels = g_steal_pointer (&job->labels);
  psc_sheet_update (self->sheet, self->space, (const PscDirty *) (gpointer) job->dirty->data,
                    job->dirty->len);
  if (self->strips != NULL && job->dirty->len <= MOST_DIRTY)
    drop_dirty_strips (self, job->dirty);
  else
    psc_map_view_drop_parts (self, PSC_MAP_BODY);
  psc_map_view_make_room (self);
  self->refreshing = TRUE;
  psc_map_speak_soon (self, PSC_SPEAK_REFRESH);
  g_signal_emit_by_name (self, "view-changed");
  psc_map_view_selection_moved (self);
  self->refreshing = FALSE;
}

/* Nothing of what was shown stays. */
static void
take_layout (PscMapView *self, PscMapJob *job)
{
  psc_space_unref (self->space);
  g_clear_pointer (&self->layout, psc_layout_unref);
  g_clear_pointer (&self->labels, psc_labels_unref);
  self->space = psc_space_ref (job->space);
  self->layout = psc_layout_ref (job->layout);
  self->labels = g_steal_pointer (&job->labels);
  psc_map_view_drop_sheet (self);
  if (job->brings && self->brings)
    psc_map_lens_take_traits (self, job->traits);
  take_counts (self, job);
  if (job->lens == self->lens && job->traits == self->traits)
    self->sheet = g_steal_pointer (&job->sheet);
  self->shown_serial = job->serial;
}

static void
show_job (PscMapView *self, PscMapJob *job)
{
  gboolean stays = same_process (self->space, job->space) && self->view.width > 0;
  PscViewAnchor anchor = { 0 };

  if (stays && job->same && job->shown == self->space)
    {
      show_moment (self, job);
      psc_map_job_free (job);
      return;
    }
  if (stays && job->dirty != NULL && job->shown == self->space && self->sheet != NULL &&
      self->traits == NULL)
    {
      show_dirty (self, job);
      psc_map_job_free (job);
      return;
    }
  if (stays)
    anchor = take_anchor (self);
  else
    forget_view (self);
  take_layout (self, job);
  psc_map_job_free (job);
  if (stays && !self->fit)
    psc_view_restore (&self->view, self->layout, &anchor);
  self->refreshing = stays;
  psc_map_view_place (self);
  psc_map_cursor_follow (self);
  psc_map_view_moved (self);
  psc_map_view_selection_moved (self);
  self->refreshing = FALSE;
}

void
psc_map_layout_show_ready (PscMapView *self)
{
  if (self->ready != NULL)
    show_job (self, g_steal_pointer (&self->ready));
}

/* --- having it made ------------------------------------------------------------------------ */

static void start_layout (PscMapView *self);

static void
layout_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscMapView *self = PSC_MAP_VIEW (source);
  PscMapJob *job = g_task_get_task_data (G_TASK (result));

  self->job_busy = FALSE;
  /* A process that was left meanwhile, or the widget is being disposed of. */
  if (self->wanted == NULL || !same_process (self->wanted, job->space))
    psc_map_job_free (job);
  else if (psc_map_view_is_moving (self) && same_process (self->space, job->space))
    {
      g_clear_pointer (&self->ready, psc_map_job_free);
      self->ready = job;
    }
  else
    {
      g_clear_pointer (&self->ready, psc_map_job_free);
      show_job (self, job);
    }
  if (self->job_again)
    start_layout (self);
}

static void
layout_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  psc_map_job_run (task_data);
  g_task_return_boolean (task, TRUE);
}

static void
start_layout (PscMapView *self)
{
  g_autoptr (GTask) task = NULL;
  PscMapJob *job;

  self->job_again = self->job_busy;
  if (self->job_busy || self->wanted == NULL)
    return;
  self->job_busy = TRUE;
  job = g_new0 (PscMapJob, 1);
  job->space = psc_space_ref (self->wanted);
  job->unfolded = g_array_copy (self->unfolded);
  job->low_at_top = self->low_at_top;
  job->lens = self->lens;
  job->brings = self->brings;
  job->traits = psc_traits_ref (self->brings ? self->wanted_traits : self->traits);
  /* With other traits it is another picture in any case. */
  if (self->layout != NULL && self->shown_serial == self->options_serial &&
      job->traits == self->traits)
    {
      job->shown = psc_space_ref (self->space);
      job->shown_layout = psc_layout_ref (self->layout);
      job->shown_labels = psc_labels_ref (self->labels);
    }
  job->serial = self->options_serial;
  task = g_task_new (self, NULL, layout_done_cb, NULL);
  g_task_set_task_data (task, job, NULL);
  g_task_run_in_thread (task, layout_worker);
}

/* --- what the window wants ----------------------------------------------------------------- */

static void
show_nothing (PscMapView *self)
{
  g_clear_pointer (&self->ready, psc_map_job_free);
  g_clear_pointer (&self->space, psc_space_unref);
  g_clear_pointer (&self->layout, psc_layout_unref);
  g_clear_pointer (&self->labels, psc_labels_unref);
  forget_view (self);
  psc_map_view_moved (self);
  psc_map_view_selection_moved (self);
}

static void
want (PscMapView *self, PscSpace *space)
{
  if (!same_process (self->wanted, space))
    {
      g_array_set_size (self->unfolded, 0);
      self->options_serial++;
      psc_map_view_glow (self, NULL, 0);
      show_nothing (self);
    }
  g_clear_pointer (&self->wanted, psc_space_unref);
  self->wanted = space != NULL ? psc_space_ref (space) : NULL;
}

void
psc_map_view_set_space (PscMapView *self, PscSpace *space)
{
  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (self->wanted == space)
    return;
  psc_map_lens_bring_nothing (self);
  want (self, space);
  start_layout (self);
}

void
psc_map_view_set_space_with (PscMapView *self, PscSpace *space, PscTraits *traits)
{
  g_return_if_fail (PSC_IS_MAP_VIEW (self));
  g_return_if_fail (space != NULL);

  if (self->wanted == space && self->space == space)
    {
      psc_map_view_set_traits (self, traits);
      return;
    }
  if (self->wanted != space)
    want (self, space);
  psc_traits_ref (traits);
  psc_traits_unref (self->wanted_traits);
  self->wanted_traits = traits;
  self->brings = TRUE;
  start_layout (self);
}

void
psc_map_view_set_low_at_top (PscMapView *self, gboolean low_at_top)
{
  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (self->low_at_top == low_at_top)
    return;
  self->low_at_top = low_at_top;
  self->options_serial++;
  start_layout (self);
}

gboolean
psc_map_view_can_unfold (const PscPlace *place)
{
  return place->type == PSC_PLACE_FOLD && place->end - place->start <= PSC_LAYOUT_MOST_UNFOLDED;
}

void
psc_map_view_unfold (PscMapView *self, guint64 address)
{
  guint at = 0;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  while (at < self->unfolded->len && g_array_index (self->unfolded, guint64, at) < address)
    at++;
  if (at < self->unfolded->len && g_array_index (self->unfolded, guint64, at) == address)
    return;
  g_array_insert_val (self->unfolded, at, address);
  self->options_serial++;
  start_layout (self);
}

void
psc_map_view_fold_all (PscMapView *self)
{
  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (self->unfolded->len == 0)
    return;
  g_array_set_size (self->unfolded, 0);
  self->options_serial++;
  start_layout (self);
}

gboolean
psc_map_view_has_unfolded (PscMapView *self)
{
  return self->unfolded->len > 0;
}

void
psc_map_layout_finish (PscMapView *self)
{
  g_clear_pointer (&self->wanted, psc_space_unref);
  g_clear_pointer (&self->ready, psc_map_job_free);
  g_clear_pointer (&self->space, psc_space_unref);
  g_clear_pointer (&self->layout, psc_layout_unref);
  g_clear_pointer (&self->labels, psc_labels_unref);
}
