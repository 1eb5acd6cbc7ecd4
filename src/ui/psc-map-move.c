/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-view-private.h"

#include <math.h>

/* Moves closer together than this are one step for "back". */
#define MOVE_PAUSE_USEC (700 * 1000)
#define JUMP_MS         220

/* A view that shows everything keeps doing so. */
static gboolean
shows_everything (PscMapView *self, const PscView *view)
{
  double least = psc_view_fit_row_height (self->layout, view->width, view->height);

  return view->row_height <= least * 1.0001;
}

static PscViewBookmark
here (PscMapView *self)
{
  return psc_view_bookmark (&self->view, self->layout, self->fit);
}

/* Between two views that are geometric in zoom, places are affine in it: then one point of the
 * screen stays where it is, as with a zoom by hand. */
static double
share_of_way (double at, double from, double to, double otherwise)
{
  return fabs (to - from) > 1e-9 * fabs (to) ? (at - from) / (to - from) : otherwise;
}

static void
animate_cb (double value, gpointer user_data)
{
  PscMapView *self = user_data;
  double from_width, to_width, width, down, across;

  if (self->layout == NULL)
    return;
  self->view = self->to;
  if (value < 1)
    {
      from_width = psc_view_page_width (&self->from, self->layout);
      to_width = psc_view_page_width (&self->to, self->layout);
      self->view.row_height =
          self->from.row_height * pow (self->to.row_height / self->from.row_height, value);
      width = psc_view_page_width (&self->view, self->layout);
      down =
          share_of_way (self->view.row_height, self->from.row_height, self->to.row_height, value);
      across = share_of_way (width, from_width, to_width, value);
      self->view.x = self->from.x + (self->to.x - self->from.x) * across;
      self->view.y = self->from.y + (self->to.y - self->from.y) * down;
    }
  psc_map_view_moved (self);
}

gboolean
psc_map_view_is_moving (PscMapView *self)
{
  return adw_animation_get_state (self->animation) == ADW_ANIMATION_PLAYING;
}

void
psc_map_view_jump (PscMapView *self, const PscView *to, gboolean fit)
{
  if (psc_map_view_is_moving (self))
    adw_animation_pause (self->animation);
  self->from = self->view;
  self->to = *to;
  self->fit = fit;
  adw_animation_reset (self->animation);
  adw_animation_play (self->animation);
}

static void
animation_done_cb (PscMapView *self)
{
  psc_map_view_show_ready (self);
}

static void
stop_moving (PscMapView *self)
{
  if (psc_map_view_is_moving (self))
    {
      /* Ends where it is, not where it was going. */
      self->to = self->view;
      self->fit = shows_everything (self, &self->view);
      adw_animation_skip (self->animation);
    }
}

void
psc_map_view_begin_move (PscMapView *self)
{
  gint64 now_usec = g_get_monotonic_time ();
  gboolean in_a_row = now_usec - self->last_move_usec < MOVE_PAUSE_USEC;
  PscViewBookmark place;

  if (self->layout == NULL)
    return;
  stop_moving (self);
  self->last_move_usec = now_usec;
  if (in_a_row)
    return;
  place = here (self);
  psc_view_history_leave (&self->history, &place);
}

void
psc_map_view_begin_jump (PscMapView *self)
{
  self->last_move_usec = 0;
  psc_map_view_begin_move (self);
  self->last_move_usec = 0;
}

gboolean
psc_map_view_can_move (PscMapView *self)
{
  return self->layout != NULL && self->view.width > 0 && self->view.height > 0;
}

void
psc_map_view_zoom_at (PscMapView *self, double factor, double x, double y)
{
  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self))
    return;
  psc_map_view_begin_move (self);
  psc_view_zoom (&self->view, self->layout, factor, x - self->body.x, y - self->body.y);
  self->fit = shows_everything (self, &self->view);
  psc_map_view_moved (self);
}

static void
get_focus_point (PscMapView *self, double *x, double *y)
{
  gboolean inside = self->pointer_x >= self->body.x && self->pointer_y >= self->body.y &&
                    self->pointer_x < self->body.x + self->body.width &&
                    self->pointer_y < self->body.y + self->body.height;

  *x = inside ? self->pointer_x - self->body.x : self->view.width / 2;
  *y = inside ? self->pointer_y - self->body.y : self->view.height / 2;
}

void
psc_map_view_zoom (PscMapView *self, double factor)
{
  PscView to;
  double x, y;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self))
    return;
  /* Pressed again while still moving: on from where it was going. */
  to = psc_map_view_is_moving (self) ? self->to : self->view;
  if (!psc_map_view_is_moving (self))
    psc_map_view_begin_move (self);
  self->last_move_usec = g_get_monotonic_time ();
  get_focus_point (self, &x, &y);
  psc_view_zoom (&to, self->layout, factor, x, y);
  psc_map_view_jump (self, &to, shows_everything (self, &to));
}

void
psc_map_view_fit (PscMapView *self)
{
  PscView to;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self))
    return;
  psc_map_view_begin_jump (self);
  psc_view_fit (&to, self->layout, self->view.width, self->view.height);
  psc_map_view_jump (self, &to, TRUE);
}

void
psc_map_view_pan (PscMapView *self, double dx, double dy)
{
  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self))
    return;
  psc_map_view_begin_move (self);
  psc_view_pan (&self->view, self->layout, dx, dy);
  psc_map_view_moved (self);
}

void
psc_map_view_go_to_end (PscMapView *self, gboolean lower)
{
  PscView to;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self))
    return;
  psc_map_view_begin_jump (self);
  to = self->view;
  psc_view_pan (&to, self->layout, 0, lower ? 1e12 : -1e12);
  psc_map_view_jump (self, &to, self->fit);
}

void
psc_map_view_show_range (PscMapView *self, guint64 start, guint64 end)
{
  PscView to;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self) || start >= end)
    return;
  psc_map_view_begin_jump (self);
  to = self->view;
  psc_view_show_range (&to, self->layout, start, end);
  psc_map_view_jump (self, &to, FALSE);
}

static void
go_to (PscMapView *self, const PscViewBookmark *place)
{
  PscView to = self->view;

  psc_view_bookmark_apply (place, &to, self->layout);
  self->last_move_usec = 0;
  psc_map_view_jump (self, &to, place->fit);
}

void
psc_map_view_go_back (PscMapView *self)
{
  PscViewBookmark from, to;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self))
    return;
  from = here (self);
  if (psc_view_history_back (&self->history, &from, &to))
    go_to (self, &to);
}

void
psc_map_view_go_forward (PscMapView *self)
{
  PscViewBookmark from, to;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self))
    return;
  from = here (self);
  if (psc_view_history_forward (&self->history, &from, &to))
    go_to (self, &to);
}

gboolean
psc_map_view_can_go_back (PscMapView *self)
{
  return self->history.back->len > 0;
}

gboolean
psc_map_view_can_go_forward (PscMapView *self)
{
  return self->history.forward->len > 0;
}

void
psc_map_move_install (PscMapView *self)
{
  AdwAnimationTarget *target = adw_callback_animation_target_new (animate_cb, self, NULL);

  self->animation = adw_timed_animation_new (GTK_WIDGET (self), 0, 1, JUMP_MS, target);
  adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (self->animation), ADW_EASE_OUT_CUBIC);
  g_signal_connect_swapped (self->animation, "done", G_CALLBACK (animation_done_cb), self);
}
