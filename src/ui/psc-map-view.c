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

void
psc_map_view_make_room (PscMapView *self)
{
  PscRect body = find_body (self, gtk_widget_get_width (GTK_WIDGET (self)),
                            gtk_widget_get_height (GTK_WIDGET (self)));

  if (body.height == self->body.height)
    return;
  psc_map_view_place (self);
  psc_map_view_drop_parts (self, PSC_MAP_EVERYTHING & ~PSC_MAP_BODY);
  update_adjustment (self);
}

/* --- what is shown ------------------------------------------------------------------------- */

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

  psc_map_layout_finish (self);
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
