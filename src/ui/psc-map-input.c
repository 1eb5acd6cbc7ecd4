/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-view-private.h"

#include <math.h>

/* One notch of a wheel. */
#define WHEEL_FACTOR 1.25
#define WHEEL_PAN_PX 60.0
/* A page as wide as this is what was clicked, not its mapping. */
#define MEANT_PX 8.0

/* --- wheel, touchpad, pinch ---------------------------------------------------------------- */

static void
zoom_by_wheel (PscMapView *self, double notches, gboolean at_once)
{
  double factor = pow (WHEEL_FACTOR, -notches);
  double x = self->pointer_x >= 0 ? self->pointer_x : gtk_widget_get_width (GTK_WIDGET (self)) / 2;
  double y = self->pointer_y >= 0 ? self->pointer_y : gtk_widget_get_height (GTK_WIDGET (self)) / 2;

  /* Fingers are followed, notches are smoothed. */
  if (at_once)
    psc_map_view_zoom_at (self, factor, x, y);
  else
    psc_map_glide_zoom (self, factor, x, y);
}

/* A wheel zooms, as on maps of the world; two fingers on a touchpad move what they seem to touch,
 * and zoom with Ctrl. */
static gboolean
scroll_cb (PscMapView *self, double dx, double dy, GtkEventControllerScroll *scroll)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll));
  gboolean in_px = gtk_event_controller_scroll_get_unit (scroll) == GDK_SCROLL_UNIT_SURFACE;

  if (state & GDK_CONTROL_MASK)
    zoom_by_wheel (self, in_px ? dy / 40 : dy, in_px);
  else if (in_px)
    {
      psc_map_view_pan (self, dx, dy);
      psc_track_add (&self->track, g_get_monotonic_time (), dx, dy);
    }
  else if (state & GDK_SHIFT_MASK)
    psc_map_view_pan (self, (dx + dy) * WHEEL_PAN_PX, 0);
  else if (state & GDK_ALT_MASK)
    psc_map_view_pan (self, 0, dy * WHEEL_PAN_PX);
  else
    {
      if (dx != 0)
        psc_map_view_pan (self, dx * WHEEL_PAN_PX, 0);
      if (dy != 0)
        zoom_by_wheel (self, dy, FALSE);
    }
  return GDK_EVENT_STOP;
}

static void
scroll_begin_cb (PscMapView *self)
{
  psc_map_glide_stop (self);
  self->track = (PscTrack){ 0 };
}

/* Fingers leave the touchpad; a wheel has no such moment. */
static void
scroll_end_cb (PscMapView *self)
{
  psc_map_glide_let_go (self);
}

static void
pinch_begin_cb (PscMapView *self)
{
  self->pinch_scale = 1;
}

static void
pinch_cb (PscMapView *self, double scale, GtkGesture *gesture)
{
  double x, y;

  if (!gtk_gesture_get_bounding_box_center (gesture, &x, &y) || !(scale > 0))
    return;
  psc_map_view_zoom_at (self, scale / self->pinch_scale, x, y);
  self->pinch_scale = scale;
}

/* --- drag and click ------------------------------------------------------------------------ */

static void
drag_begin_cb (PscMapView *self, double x, double y, GtkGestureSingle *gesture)
{
  guint button = gtk_gesture_single_get_current_button (gesture);

  if (button != GDK_BUTTON_PRIMARY && button != GDK_BUTTON_MIDDLE)
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
  self->caught = psc_map_glide_stop (self);
  self->track = (PscTrack){ 0 };
  self->dragging = FALSE;
  self->drag_x = self->drag_y = 0;
}

static void
drag_update_cb (PscMapView *self, double dx, double dy, GtkGesture *gesture)
{
  GtkWidget *widget = GTK_WIDGET (self);

  if (!self->dragging)
    {
      if (!gtk_drag_check_threshold (widget, 0, 0, (int) dx, (int) dy))
        return;
      self->dragging = TRUE;
      /* From here on it is no click. */
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
      gtk_widget_set_cursor_from_name (widget, "grabbing");
    }
  psc_map_view_pan (self, self->drag_x - dx, self->drag_y - dy);
  psc_track_add (&self->track, g_get_monotonic_time (), self->drag_x - dx, self->drag_y - dy);
  self->drag_x = dx;
  self->drag_y = dy;
}

static void
drag_end_cb (PscMapView *self)
{
  if (!self->dragging)
    return;
  self->dragging = FALSE;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), NULL);
  psc_map_glide_let_go (self);
}

/* Where pages are large enough to be meant, one of them is. */
static void
select_at (PscMapView *self, guint64 address)
{
  psc_map_view_select (self, address);
  if (psc_view_page_width (&self->view, self->layout) < MEANT_PX ||
      psc_map_view_get_selected (self) == NULL)
    return;
  self->level = PSC_MAP_LEVEL_PAGE;
  psc_map_view_selection_moved (self);
}

static void
click (PscMapView *self, double x, double y)
{
  PscPlace place = psc_map_view_pick (self, x, y);

  self->clicked_fold = psc_map_view_can_unfold (&place);
  if (self->clicked_fold)
    psc_map_view_unfold (self, place.start);
  else if (place.type == PSC_PLACE_PAGE)
    select_at (self, place.start);
  else
    psc_map_view_select (self, PSC_MAP_NOWHERE);
}

static void
double_click (PscMapView *self, double x, double y)
{
  PscPlace place = psc_map_view_pick (self, x, y);
  const PscMapping *mapping = NULL;

  /* The first click has put something else there. */
  if (self->clicked_fold || self->space == NULL)
    return;
  if (place.type == PSC_PLACE_PAGE)
    mapping = psc_space_lookup (self->space, place.start);
  if (mapping != NULL)
    psc_map_view_show_range (self, mapping->start, mapping->end);
  else
    psc_map_view_fit (self);
}

static void
released_cb (PscMapView *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->caught)
    return;
  self->by_keyboard = FALSE;
  if (n_press == 1)
    click (self, x, y);
  else if (n_press == 2)
    double_click (self, x, y);
}

/* The side buttons of a mouse go back and forward, as in a browser. */
static void
side_button_cb (PscMapView *self, int n_press, double x, double y, GtkGestureSingle *gesture)
{
  guint button = gtk_gesture_single_get_current_button (gesture);

  if (button == 8)
    psc_map_view_go_back (self);
  else if (button == 9)
    psc_map_view_go_forward (self);
  else
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
}

static void
motion_cb (PscMapView *self, double x, double y)
{
  psc_map_view_set_pointer (self, x, y);
}

static void
leave_cb (PscMapView *self)
{
  psc_map_view_set_pointer (self, -1, -1);
}

static void
add_drag (PscMapView *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

static void
add_clicks (PscMapView *self)
{
  GtkGesture *click_gesture = gtk_gesture_click_new ();
  GtkGesture *side = gtk_gesture_click_new ();

  g_signal_connect_swapped (click_gesture, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click_gesture));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (side), 0);
  g_signal_connect_swapped (side, "pressed", G_CALLBACK (side_button_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (side));
}

void
psc_map_input_install (PscMapView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *scroll, *motion;
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect_swapped (scroll, "scroll-begin", G_CALLBACK (scroll_begin_cb), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect_swapped (scroll, "scroll-end", G_CALLBACK (scroll_end_cb), self);
  gtk_widget_add_controller (widget, scroll);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
  psc_map_overview_install (self);
  add_drag (self);
  add_clicks (self);
  motion = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);
}
