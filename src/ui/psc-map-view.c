/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-view-private.h"

#include <math.h>

G_DEFINE_FINAL_TYPE (PscMapView, psc_map_view, GTK_TYPE_WIDGET)

enum
{
  VIEW_CHANGED,
  HOVER_CHANGED,
  SELECTION_CHANGED,
  DESCRIBED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update_adjustment (PscMapView *self)
{
  double width, height = 0;

  if (self->layout != NULL)
    psc_view_get_extent (&self->view, self->layout, &width, &height);
  self->adjusting = TRUE;
  gtk_adjustment_configure (self->vadjustment, self->view.y, 0, MAX (height, self->view.height),
                            self->view.height * 0.1, self->view.height * 0.9, self->view.height);
  self->adjusting = FALSE;
}

static gboolean
same_place (const PscPlace *a, const PscPlace *b)
{
  return a->type == b->type && a->start == b->start && a->end == b->end;
}

PscPlace
psc_map_view_pick (PscMapView *self, double x, double y)
{
  if (self->layout == NULL || x < 0 || y < 0)
    return (PscPlace){ .type = PSC_PLACE_NOTHING };
  return psc_view_hit (&self->view, self->layout, x - self->body.x, y - self->body.y);
}

void
psc_map_view_update_hover (PscMapView *self)
{
  PscPlace place = { .type = PSC_PLACE_NOTHING };
  gboolean same;

  if (!self->by_keyboard)
    place = psc_map_view_pick (self, self->pointer_x, self->pointer_y);
  same = same_place (&place, &self->hover);

  self->hover = place;
  if (same)
    return;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self),
                                   psc_map_view_can_unfold (&place) ? "pointer" : NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  psc_map_speak_soon (self, PSC_SPEAK_VIEW);
  g_signal_emit (self, signals[HOVER_CHANGED], 0);
}

/* Events also come when something moves under a pointer that lies still: what counts is the window,
 * and where the pointer is found for the first time it may have been for long. */
static gboolean
has_moved (PscMapView *self, double x, double y)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  graphene_point_t point = GRAPHENE_POINT_INIT ((float) x, (float) y), seen = point;
  gboolean moved;

  if (root != NULL && !gtk_widget_compute_point (GTK_WIDGET (self), root, &point, &seen))
    seen = point;
  moved = self->seen_x >= 0 && hypot (seen.x - self->seen_x, seen.y - self->seen_y) > 1;
  self->seen_x = seen.x;
  self->seen_y = seen.y;
  return moved;
}

void
psc_map_view_set_pointer (PscMapView *self, double x, double y)
{
  self->pointer_x = x;
  self->pointer_y = y;
  if (x >= 0 && has_moved (self, x, y))
    self->by_keyboard = FALSE;
  psc_map_view_update_hover (self);
  psc_map_lens_point (self, x, y);
}

void
psc_map_view_moved (PscMapView *self)
{
  psc_map_view_drop_parts (self, PSC_MAP_MARKS | PSC_MAP_HUGE | PSC_MAP_SIDES | PSC_MAP_OVERVIEW |
                                     PSC_MAP_LABELS);
  psc_map_view_check_parts (self, PSC_MAP_LEGEND);
  update_adjustment (self);
  psc_map_view_update_hover (self);
  psc_map_speak_soon (self, PSC_SPEAK_VIEW);
  g_signal_emit (self, signals[VIEW_CHANGED], 0);
}

void
psc_map_view_selection_moved (PscMapView *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  psc_map_speak_soon (self, PSC_SPEAK_SELECTION);
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

static PscRect
find_body (PscMapView *self, double width, double height)
{
  PscMap map = psc_map_view_get_map (self);

  map.body.width = 0;
  return psc_map_body (&map, width, height);
}

/* The view as wide as the body is now: the body may be resized by what is in view. */
void
psc_map_view_place (PscMapView *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));

  if (self->layout == NULL || width <= 0 || height <= 0)
    return;
  self->body = find_body (self, width, height);
  g_clear_pointer (&self->strips_node, gsk_render_node_unref);
  if (self->fit || self->view.width <= 0)
    psc_view_fit (&self->view, self->layout, self->body.width, self->body.height);
  else
    psc_view_resize (&self->view, self->layout, self->body.width, self->body.height);
  psc_map_move_resize (self);
}

/* --- layouts ------------------------------------------------------------------------------- */

static void
job_free (PscMapJob *job)
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

static void
layout_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  PscMapJob *job = task_data;
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
  g_task_return_boolean (task, TRUE);
}

static gboolean
same_process (const PscSpace *a, const PscSpace *b)
{
  return a != NULL && b != NULL && a->pid == b->pid && a->start_time == b->start_time &&
         g_str_equal (a->host, b->host);
}

/* The selected mapping in the space that is shown now: it may have grown, or be gone. */
static void
follow_selection (PscMapView *self)
{
  const PscMapping *mapping;

  if (!self->has_selection)
    return;
  mapping = psc_space_lookup (self->space, self->selection_start);
  if (mapping == NULL)
    mapping = psc_space_lookup (self->space, self->selection_end - 1);
  self->has_selection = mapping != NULL;
  if (mapping == NULL)
    return;
  self->selection_start = mapping->start;
  self->selection_end = mapping->end;
  if (self->selected_page < mapping->start || self->selected_page >= mapping->end)
    self->selected_page = mapping->start;
}

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
  g_signal_emit (self, signals[VIEW_CHANGED], 0);
}

/* So many changes are as much as everything. */
#define MOST_DIRTY 4096

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

/* Other amounts may take another line. */
static void
make_room_for_legend (PscMapView *self)
{
  PscRect body = find_body (self, gtk_widget_get_width (GTK_WIDGET (self)),
                            gtk_widget_get_height (GTK_WIDGET (self)));

  if (body.height == self->body.height)
    return;
  psc_map_view_place (self);
  psc_map_view_drop_parts (self, PSC_MAP_EVERYTHING & ~PSC_MAP_BODY);
  update_adjustment (self);
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
  make_room_for_legend (self);
  self->refreshing = TRUE;
  psc_map_speak_soon (self, PSC_SPEAK_REFRESH);
  g_signal_emit (self, signals[VIEW_CHANGED], 0);
  psc_map_view_selection_moved (self);
  self->refreshing = FALSE;
}

static void
show_job (PscMapView *self, PscMapJob *job)
{
  gboolean stays = same_process (self->space, job->space) && self->view.width > 0;
  PscViewAnchor anchor = { 0 };

  if (stays && job->same && job->shown == self->space)
    {
      show_moment (self, job);
      job_free (job);
      return;
    }
  if (stays && job->dirty != NULL && job->shown == self->space && self->sheet != NULL &&
      self->traits == NULL)
    {
      show_dirty (self, job);
      job_free (job);
      return;
    }
  if (stays)
    anchor = take_anchor (self);
  else
    forget_view (self);
  psc_space_unref (self->space);
  g_clear_pointer (&self->layout, psc_layout_unref);
  g_clear_pointer (&self->labels, psc_labels_unref);
  self->space = psc_space_ref (job->space);
  self->layout = psc_layout_ref (job->layout);
  self->labels = g_steal_pointer (&job->labels);
  psc_map_view_drop_sheet (self);
  take_counts (self, job);
  if (job->lens == self->lens && job->traits == self->traits)
    self->sheet = g_steal_pointer (&job->sheet);
  self->shown_serial = job->serial;
  job_free (job);

  if (stays && !self->fit)
    psc_view_restore (&self->view, self->layout, &anchor);
  self->refreshing = stays;
  psc_map_view_place (self);
  follow_selection (self);
  psc_map_view_moved (self);
  psc_map_view_selection_moved (self);
  self->refreshing = FALSE;
}

void
psc_map_view_show_ready (PscMapView *self)
{
  if (self->ready != NULL)
    show_job (self, g_steal_pointer (&self->ready));
}

static void start_layout (PscMapView *self);

static void
layout_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscMapView *self = PSC_MAP_VIEW (source);
  PscMapJob *job = g_task_get_task_data (G_TASK (result));

  self->job_busy = FALSE;
  /* A process that was left meanwhile, or the widget is being disposed of. */
  if (self->wanted == NULL || !same_process (self->wanted, job->space))
    job_free (job);
  else if (psc_map_view_is_moving (self) && same_process (self->space, job->space))
    {
      g_clear_pointer (&self->ready, job_free);
      self->ready = job;
    }
  else
    {
      g_clear_pointer (&self->ready, job_free);
      show_job (self, job);
    }
  if (self->job_again)
    start_layout (self);
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
  job->traits = psc_traits_ref (self->traits);
  if (self->layout != NULL && self->shown_serial == self->options_serial)
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

static void
show_nothing (PscMapView *self)
{
  g_clear_pointer (&self->ready, job_free);
  g_clear_pointer (&self->space, psc_space_unref);
  g_clear_pointer (&self->layout, psc_layout_unref);
  g_clear_pointer (&self->labels, psc_labels_unref);
  forget_view (self);
  psc_map_view_moved (self);
  psc_map_view_selection_moved (self);
}

void
psc_map_view_set_space (PscMapView *self, PscSpace *space)
{
  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (self->wanted == space)
    return;
  if (!same_process (self->wanted, space))
    {
      g_array_set_size (self->unfolded, 0);
      self->options_serial++;
      psc_map_view_glow (self, NULL, 0);
      show_nothing (self);
    }
  g_clear_pointer (&self->wanted, psc_space_unref);
  self->wanted = space != NULL ? psc_space_ref (space) : NULL;
  start_layout (self);
}

PscSpace *
psc_map_view_get_space (PscMapView *self)
{
  return self->space;
}

PscLayout *
psc_map_view_get_layout (PscMapView *self)
{
  return self->layout;
}

const PscView *
psc_map_view_get_view (PscMapView *self)
{
  return &self->view;
}

gboolean
psc_map_view_get_fit (PscMapView *self)
{
  return self->fit;
}

void
psc_map_view_set_lens (PscMapView *self, PscLens lens)
{
  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (self->lens == lens)
    return;
  self->lens = lens;
  psc_map_lens_forget (self);
  psc_map_view_drop_sheet (self);
  /* Another legend may leave another body. */
  psc_map_view_place (self);
  psc_map_view_moved (self);
}

PscLens
psc_map_view_get_lens (PscMapView *self)
{
  return self->lens;
}

PscTheme
psc_map_view_get_theme (PscMapView *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  return psc_theme_choose (adw_style_manager_get_dark (manager),
                           adw_style_manager_get_high_contrast (manager));
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

/* --- selection and folds ------------------------------------------------------------------- */

void
psc_map_view_select (PscMapView *self, guint64 address)
{
  const PscMapping *mapping = NULL;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (self->space != NULL && address != PSC_MAP_NOWHERE)
    mapping = psc_space_lookup (self->space, address);
  self->has_selection = mapping != NULL;
  self->level = PSC_MAP_LEVEL_MAPPING;
  if (mapping != NULL)
    {
      self->selection_start = mapping->start;
      self->selection_end = mapping->end;
      self->selected_page = address - address % self->space->page_size;
    }
  psc_map_view_update_hover (self);
  psc_map_view_selection_moved (self);
}

void
psc_map_view_reveal (PscMapView *self, guint64 start, guint64 end)
{
  PscView to;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self) || start >= end)
    return;
  to = *psc_map_view_get_goal (self);
  psc_view_reveal (&to, self->layout, end - 1);
  psc_view_reveal (&to, self->layout, start);
  psc_map_view_jump_on (self, &to);
}

const PscMapping *
psc_map_view_get_selected (PscMapView *self)
{
  if (!self->has_selection || self->space == NULL)
    return NULL;
  return psc_space_lookup (self->space, self->selection_start);
}

guint64
psc_map_view_get_selected_page (PscMapView *self)
{
  return psc_map_view_get_selected (self) != NULL ? self->selected_page : PSC_MAP_NOWHERE;
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

PscPlace
psc_map_view_get_hover (PscMapView *self)
{
  return self->hover;
}

gboolean
psc_map_view_get_place_rect (PscMapView *self, guint64 address, PscRect *rect)
{
  if (self->layout == NULL || !psc_view_rect (&self->view, self->layout, address, &rect->x,
                                              &rect->y, &rect->width, &rect->height))
    return FALSE;
  if (rect->x + rect->width < 0 || rect->y + rect->height < 0 || rect->x > self->view.width ||
      rect->y > self->view.height)
    return FALSE;
  rect->x += self->body.x;
  rect->y += self->body.y;
  return TRUE;
}

GtkAdjustment *
psc_map_view_get_vadjustment (PscMapView *self)
{
  return self->vadjustment;
}

static void
scrolled_cb (PscMapView *self)
{
  if (!self->adjusting)
    psc_map_view_pan (self, 0, gtk_adjustment_get_value (self->vadjustment) - self->view.y);
}

/* --- the widget ---------------------------------------------------------------------------- */

static void
psc_map_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PscMapView *self = PSC_MAP_VIEW (widget);

  psc_map_view_place (self);
  psc_map_view_drop_parts (self, PSC_MAP_EVERYTHING & ~PSC_MAP_BODY);
  update_adjustment (self);
  psc_map_view_update_hover (self);
}

static void
look_changed (PscMapView *self)
{
  psc_map_view_place (self);
  psc_map_view_drop_parts (self, PSC_MAP_EVERYTHING);
}

static void
psc_map_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (psc_map_view_parent_class)->css_changed (widget, change);
  look_changed (PSC_MAP_VIEW (widget));
}

/* The renderer is another one after it. */
static void
psc_map_view_unrealize (GtkWidget *widget)
{
  psc_map_view_drop_parts (PSC_MAP_VIEW (widget), PSC_MAP_EVERYTHING);
  GTK_WIDGET_CLASS (psc_map_view_parent_class)->unrealize (widget);
}

static void
snapshot_all (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PscMapView *self = PSC_MAP_VIEW (widget);

  psc_map_view_draw (self, snapshot);
  psc_map_glow_snapshot (self, snapshot);
  psc_map_pointers_draw (self, snapshot);
  psc_map_hits_snapshot (self, snapshot);
}

static void
psc_map_view_dispose (GObject *object)
{
  PscMapView *self = PSC_MAP_VIEW (object);

  g_clear_pointer (&self->wanted, psc_space_unref);
  g_clear_pointer (&self->ready, job_free);
  g_clear_pointer (&self->space, psc_space_unref);
  g_clear_pointer (&self->layout, psc_layout_unref);
  g_clear_pointer (&self->labels, psc_labels_unref);
  psc_map_lens_finish (self);
  psc_map_view_drop_sheet (self);
  g_clear_pointer (&self->strips, psc_strips_free);
  g_clear_pointer (&self->hits, psc_map_hits_free);
  g_clear_pointer (&self->glow, psc_map_glow_free);
  g_clear_object (&self->animation);
  psc_map_speak_finish (self);
  G_OBJECT_CLASS (psc_map_view_parent_class)->dispose (object);
}

static void
psc_map_view_finalize (GObject *object)
{
  PscMapView *self = PSC_MAP_VIEW (object);

  psc_view_history_finish (&self->history);
  g_array_unref (self->unfolded);
  g_clear_object (&self->vadjustment);
  G_OBJECT_CLASS (psc_map_view_parent_class)->finalize (object);
}

static void
psc_map_view_class_init (PscMapViewClass *klass)
{
  static const char *const names[] = { "view-changed", "hover-changed", "selection-changed",
                                       "described" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = psc_map_view_dispose;
  object_class->finalize = psc_map_view_finalize;
  widget_class->snapshot = snapshot_all;
  widget_class->size_allocate = psc_map_view_size_allocate;
  widget_class->css_changed = psc_map_view_css_changed;
  widget_class->unrealize = psc_map_view_unrealize;
  gtk_widget_class_set_css_name (widget_class, "mapview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], PSC_TYPE_MAP_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
}

static void
psc_map_view_init (PscMapView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->fit = TRUE;
  self->pointer_x = self->pointer_y = self->seen_x = self->seen_y = -1;
  self->pointed[0].page = self->pointed[1].page = PSC_MAP_NOWHERE;
  self->unfolded = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->vadjustment = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  psc_view_history_init (&self->history);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  psc_map_lens_install (self);
  psc_map_move_install (self);
  psc_map_input_install (self);
  psc_map_keys_install (self);
  psc_map_speak_soon (self, PSC_SPEAK_VIEW);
  g_signal_connect_swapped (self->vadjustment, "value-changed", G_CALLBACK (scrolled_cb), self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (look_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast",
                           G_CALLBACK (look_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "notify::scale-factor", G_CALLBACK (look_changed), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
psc_map_view_new (void)
{
  return g_object_new (PSC_TYPE_MAP_VIEW, NULL);
}
