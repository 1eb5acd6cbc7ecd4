/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-view-private.h"

#include <math.h>

/* Slower than this the map is let go where it is. */
#define LEAST_PUSH_PX_S 120.0
/* A click on a map that is faster than this is meant to catch it. */
#define CATCH_PX_S 160.0
/* What one may be ahead of the picture by turning the wheel: e^2. */
#define MAX_AHEAD 2.0
/* A frame that took longer counts as one that did not. */
#define MAX_FRAME_S 0.1

static gboolean
can_glide (PscMapView *self)
{
  return adw_get_enable_animations (GTK_WIDGET (self)) && gtk_widget_get_mapped (GTK_WIDGET (self));
}

static gboolean
apply (PscMapView *self, double dx, double dy, double factor)
{
  PscView before = self->view;

  if (factor != 1)
    psc_view_zoom (&self->view, self->layout, factor, self->glide_x - self->body.x,
                   self->glide_y - self->body.y);
  if (dx != 0 || dy != 0)
    psc_view_pan (&self->view, self->layout, dx, dy);
  self->fit = psc_map_view_shows_everything (self, &self->view);
  return before.x != self->view.x || before.y != self->view.y ||
         before.row_height != self->view.row_height;
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  PscMapView *self = PSC_MAP_VIEW (widget);
  gint64 now_usec = gdk_frame_clock_get_frame_time (clock);
  double seconds = (double) (now_usec - self->glide_usec) / G_USEC_PER_SEC;
  double dx, dy, factor;
  gboolean goes_on;

  if (self->glide_usec == 0)
    seconds = 1 / 60.0;
  self->glide_usec = now_usec;
  goes_on = psc_glide_step (&self->glide, MIN (seconds, MAX_FRAME_S), &dx, &dy, &factor);
  self->last_move_usec = g_get_monotonic_time ();
  /* At the edge of the map, or as close as it gets. */
  if (self->layout == NULL || !apply (self, dx, dy, factor))
    goes_on = FALSE;
  else
    psc_map_view_moved (self);
  if (goes_on)
    return G_SOURCE_CONTINUE;
  psc_glide_stop (&self->glide);
  self->glide_tick = 0;
  return G_SOURCE_REMOVE;
}

static void
start (PscMapView *self)
{
  if (self->glide_tick != 0)
    return;
  self->glide_usec = 0;
  self->glide_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

gboolean
psc_map_glide_stop (PscMapView *self)
{
  gboolean fast = hypot (self->glide.vx, self->glide.vy) > CATCH_PX_S;

  psc_glide_stop (&self->glide);
  if (self->glide_tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->glide_tick);
  self->glide_tick = 0;
  return fast;
}

void
psc_map_glide_zoom (PscMapView *self, double factor, double x, double y)
{
  double due = self->glide.zoom, more = log (factor);

  if (!psc_map_view_can_move (self) || !isfinite (more))
    return;
  if (!can_glide (self))
    {
      psc_map_view_zoom_at (self, factor, x, y);
      return;
    }
  psc_map_view_begin_move (self);
  /* Turned the other way: at once. */
  if (due * more < 0)
    due = 0;
  self->glide.zoom = CLAMP (due + more, -MAX_AHEAD, MAX_AHEAD);
  self->glide_x = x;
  self->glide_y = y;
  start (self);
}

void
psc_map_glide_let_go (PscMapView *self)
{
  PscTrack track = self->track;
  double vx, vy;

  self->track = (PscTrack){ 0 };
  psc_track_get_velocity (&track, g_get_monotonic_time (), &vx, &vy);
  if (!psc_map_view_can_move (self) || !can_glide (self) || hypot (vx, vy) < LEAST_PUSH_PX_S)
    return;
  self->glide.vx = vx;
  self->glide.vy = vy;
  start (self);
}
