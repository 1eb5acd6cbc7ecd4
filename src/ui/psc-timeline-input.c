/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-timeline-area-private.h"

#define WHEEL_FACTOR 1.25
#define KEY_FACTOR   1.5
/* Of what is in view, that one notch across moves it by. */
#define PAN_SHARE 0.1

static void
motion_cb (PscTimelineArea *self, double x, double y)
{
  psc_timeline_area_point (self, x, y);
}

static void
leave_cb (PscTimelineArea *self)
{
  psc_timeline_area_point (self, -1, -1);
}

/* --- dragging ------------------------------------------------------------------------------ */

static void
drag_begin_cb (PscTimelineArea *self, double x, double y, GtkGesture *gesture)
{
  PscChart chart = psc_timeline_area_get_chart (self);
  PscChartSpot spot = psc_chart_hit (&chart, gtk_widget_get_width (GTK_WIDGET (self)),
                                     gtk_widget_get_height (GTK_WIDGET (self)), x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (spot.part == PSC_CHART_NOTHING)
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  if (gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture)) &
      GDK_SHIFT_MASK)
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      psc_timeline_area_mark (self, x);
      return;
    }
  self->panning = spot.part == PSC_CHART_AXIS;
  self->dragging = TRUE;
  self->drag_x = x;
  self->drag_end_usec = chart.to_usec;
  if (!self->panning)
    psc_timeline_area_choose (self, x);
}

static void
drag_update_cb (PscTimelineArea *self, double dx, double dy)
{
  PscChart chart = psc_timeline_area_get_chart (self);
  PscRect plot = psc_chart_plot (&chart, gtk_widget_get_width (GTK_WIDGET (self)),
                                 gtk_widget_get_height (GTK_WIDGET (self)));
  double usec_per_px = (double) (chart.to_usec - chart.from_usec) / plot.width;

  if (!self->dragging)
    return;
  if (!self->panning)
    psc_timeline_area_choose (self, self->drag_x + dx);
  else if (dx != 0)
    psc_timeline_area_pan (self, self->drag_end_usec - (gint64) (dx * usec_per_px));
}

static void
drag_end_cb (PscTimelineArea *self)
{
  self->dragging = self->panning = FALSE;
}

static void
pressed_cb (PscTimelineArea *self, int n_press, double x, double y)
{
  PscChart chart = psc_timeline_area_get_chart (self);
  PscChartSpot spot = psc_chart_hit (&chart, gtk_widget_get_width (GTK_WIDGET (self)),
                                     gtk_widget_get_height (GTK_WIDGET (self)), x, y);

  if (n_press == 2 && spot.part == PSC_CHART_AXIS)
    psc_timeline_area_fit (self);
}

/* --- wheel --------------------------------------------------------------------------------- */

static gboolean
scroll_cb (PscTimelineArea *self, double dx, double dy, GtkEventController *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (controller);
  PscChart chart = psc_timeline_area_get_chart (self);
  double across = state & GDK_SHIFT_MASK ? dx + dy : dx;
  double notch = (double) (chart.to_usec - chart.from_usec) * PAN_SHARE;

  if (across != 0)
    psc_timeline_area_pan (self, chart.to_usec + (gint64) (across * notch));
  else if (dy != 0)
    psc_timeline_area_zoom (self, dy < 0 ? WHEEL_FACTOR : 1 / WHEEL_FACTOR, self->pointer_x);
  psc_timeline_area_point (self, self->pointer_x, self->pointer_y);
  return GDK_EVENT_STOP;
}

/* --- keys ---------------------------------------------------------------------------------- */

/* Where the keys zoom: at what is shown, else at the newest moment. */
static double
get_focus_x (PscTimelineArea *self)
{
  PscChart chart = psc_timeline_area_get_chart (self);
  double width = gtk_widget_get_width (GTK_WIDGET (self));

  if (self->shown_usec == 0)
    return width;
  return psc_chart_x_of (&chart, width, gtk_widget_get_height (GTK_WIDGET (self)),
                         self->shown_usec);
}

static gboolean
step_by_key (PscTimelineArea *self, guint key, gboolean ctrl)
{
  int step;

  if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
    step = -1;
  else if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
    step = 1;
  else
    return FALSE;
  if (ctrl)
    psc_timeline_area_step_event (self, step);
  else
    psc_timeline_area_step_moment (self, step);
  return TRUE;
}

static gboolean
act_by_key (PscTimelineArea *self, guint key)
{
  switch (key)
    {
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      psc_timeline_area_go_to_first (self);
      return TRUE;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
    case GDK_KEY_n:
      psc_timeline_area_go_live (self);
      return TRUE;
    case GDK_KEY_Escape:
      if (self->shown_usec == 0)
        return FALSE;
      psc_timeline_area_go_live (self);
      return TRUE;
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      psc_timeline_area_zoom (self, KEY_FACTOR, get_focus_x (self));
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      psc_timeline_area_zoom (self, 1 / KEY_FACTOR, get_focus_x (self));
      return TRUE;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
    case GDK_KEY_f:
      psc_timeline_area_fit (self);
      return TRUE;
    case GDK_KEY_m:
      gtk_widget_activate_action (GTK_WIDGET (self), "win.mark", NULL);
      return TRUE;
    case GDK_KEY_space:
      psc_timeline_area_play (self);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
key_cb (PscTimelineArea *self, guint key, guint code, GdkModifierType state)
{
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();

  key = gdk_keyval_to_lower (key);
  if (modifiers == GDK_CONTROL_MASK)
    return step_by_key (self, key, TRUE);
  if (modifiers != 0 && modifiers != GDK_SHIFT_MASK)
    return FALSE;
  return step_by_key (self, key, FALSE) || act_by_key (self, key);
}

void
psc_timeline_area_input_install (PscTimelineArea *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, key);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
}
