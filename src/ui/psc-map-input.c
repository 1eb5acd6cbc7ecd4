/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-view-private.h"

#include <math.h>

/* One notch of a wheel, one press of a key. */
#define WHEEL_FACTOR 1.25
#define KEY_FACTOR   1.5
#define WHEEL_PAN_PX 60.0
#define KEY_PAN_PX   60.0
/* Of the view, that a page of scrolling leaves in view. */
#define PAGE_SHARE 0.9

/* --- wheel, touchpad, pinch ---------------------------------------------------------------- */

static void
zoom_by_wheel (PscMapView *self, double notches)
{
  double x = self->pointer_x >= 0 ? self->pointer_x : gtk_widget_get_width (GTK_WIDGET (self)) / 2;
  double y = self->pointer_y >= 0 ? self->pointer_y : gtk_widget_get_height (GTK_WIDGET (self)) / 2;

  psc_map_view_zoom_at (self, pow (WHEEL_FACTOR, -notches), x, y);
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
    zoom_by_wheel (self, in_px ? dy / 40 : dy);
  else if (in_px)
    psc_map_view_pan (self, dx, dy);
  else if (state & GDK_SHIFT_MASK)
    psc_map_view_pan (self, (dx + dy) * WHEEL_PAN_PX, 0);
  else if (state & GDK_ALT_MASK)
    psc_map_view_pan (self, 0, dy * WHEEL_PAN_PX);
  else
    {
      if (dx != 0)
        psc_map_view_pan (self, dx * WHEEL_PAN_PX, 0);
      if (dy != 0)
        zoom_by_wheel (self, dy);
    }
  return GDK_EVENT_STOP;
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
}

static void
click (PscMapView *self, double x, double y)
{
  PscPlace place = psc_map_view_pick (self, x, y);

  self->clicked_fold = place.type == PSC_PLACE_FOLD;
  if (self->clicked_fold)
    psc_map_view_unfold (self, place.start);
  else if (place.type == PSC_PLACE_PAGE)
    psc_map_view_select (self, place.start);
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

/* --- keys ---------------------------------------------------------------------------------- */

static void
fill_with_selection (PscMapView *self)
{
  const PscMapping *mapping = psc_map_view_get_selected (self);

  if (mapping != NULL)
    psc_map_view_show_range (self, mapping->start, mapping->end);
}

/* First out of the selection, then out of the zoom. */
static void
escape (PscMapView *self)
{
  if (self->has_selection)
    psc_map_view_select (self, PSC_MAP_NOWHERE);
  else
    psc_map_view_fit (self);
}

static gboolean
move_by_key (PscMapView *self, guint key, gboolean control)
{
  double page = self->view.height * PAGE_SHARE;

  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      control ? psc_map_view_pan (self, -KEY_PAN_PX, 0) : psc_map_view_select_next (self, -1);
      return TRUE;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      control ? psc_map_view_pan (self, KEY_PAN_PX, 0) : psc_map_view_select_next (self, 1);
      return TRUE;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      psc_map_view_pan (self, 0, -KEY_PAN_PX);
      return TRUE;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      psc_map_view_pan (self, 0, KEY_PAN_PX);
      return TRUE;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      psc_map_view_pan (self, 0, -page);
      return TRUE;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      psc_map_view_pan (self, 0, page);
      return TRUE;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      psc_map_view_go_to_end (self, FALSE);
      return TRUE;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      psc_map_view_go_to_end (self, TRUE);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
act_by_key (PscMapView *self, guint key)
{
  switch (key)
    {
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      psc_map_view_zoom (self, KEY_FACTOR);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      psc_map_view_zoom (self, 1 / KEY_FACTOR);
      return TRUE;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      psc_map_view_fit (self);
      return TRUE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      fill_with_selection (self);
      return TRUE;
    case GDK_KEY_Escape:
      escape (self);
      return TRUE;
    case GDK_KEY_BackSpace:
      psc_map_view_go_back (self);
      return TRUE;
    case GDK_KEY_space:
      return gtk_widget_activate_action (GTK_WIDGET (self), "win.pause", NULL);
    case GDK_KEY_l:
      return gtk_widget_activate_action (GTK_WIDGET (self), "win.next-lens", NULL);
    default:
      return FALSE;
    }
}

static gboolean
key_cb (PscMapView *self, guint key, guint code, GdkModifierType state)
{
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();
  gboolean control = modifiers == GDK_CONTROL_MASK;

  if (modifiers != 0 && !control && modifiers != GDK_SHIFT_MASK)
    return FALSE;
  if (move_by_key (self, key, control))
    return TRUE;
  return !control && act_by_key (self, key);
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
  GtkEventController *scroll, *motion, *key;
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
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
  key = gtk_event_controller_key_new ();
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (widget, key);
}
