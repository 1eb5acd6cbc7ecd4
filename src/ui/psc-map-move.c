/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-view-private.h"

/* Moves closer together than this are one step for "back". */
#define MOVE_PAUSE_USEC (700 * 1000)
/* Of the view's lesser side, that the width of one page takes. */
#define PAGE_SHARE 0.3

gboolean
psc_map_view_shows_everything (PscMapView *self, const PscView *view)
{
  double least = psc_view_fit_row_height (self->layout, view->width, view->height);

  return view->row_height <= least * 1.0001;
}

static PscViewBookmark
here (PscMapView *self)
{
  return psc_view_bookmark (&self->view, self->layout, self->fit);
}

static void
animate_cb (double value, gpointer user_data)
{
  PscMapView *self = user_data;

  if (self->layout == NULL)
    return;
  self->view = psc_path_at (&self->path, self->layout, value);
  psc_map_view_moved (self);
}

gboolean
psc_map_view_is_moving (PscMapView *self)
{
  return adw_animation_get_state (self->animation) == ADW_ANIMATION_PLAYING;
}

/* A long way starts and ends slowly, so that the eye can follow; a short one, and one that goes on
 * from another, has its speed at once. */
static AdwEasing
easing_for (const PscPath *path, gboolean moving)
{
  return path->travels && !moving ? ADW_EASE_IN_OUT_SINE : ADW_EASE_OUT_CUBIC;
}

void
psc_map_view_jump (PscMapView *self, const PscView *to, gboolean fit)
{
  AdwTimedAnimation *animation = ADW_TIMED_ANIMATION (self->animation);
  gboolean moving = psc_map_view_is_moving (self);

  psc_map_glide_stop (self);
  if (moving)
    adw_animation_pause (self->animation);
  psc_path_init (&self->path, self->layout, &self->view, to);
  self->fit = fit;
  adw_timed_animation_set_duration (animation, psc_path_duration_ms (&self->path));
  adw_timed_animation_set_easing (animation, easing_for (&self->path, moving));
  adw_animation_reset (self->animation);
  adw_animation_play (self->animation);
}

void
psc_map_view_jump_on (PscMapView *self, const PscView *to)
{
  if (!psc_map_view_is_moving (self))
    psc_map_view_begin_move (self);
  self->last_move_usec = g_get_monotonic_time ();
  psc_map_view_jump (self, to, psc_map_view_shows_everything (self, to));
}

const PscView *
psc_map_view_get_goal (PscMapView *self)
{
  return psc_map_view_is_moving (self) ? &self->path.to : &self->view;
}

void
psc_map_move_resize (PscMapView *self)
{
  PscView from, to;

  if (!psc_map_view_is_moving (self))
    return;
  from = self->path.from;
  to = self->path.to;
  psc_view_resize (&from, self->layout, self->body.width, self->body.height);
  if (self->fit)
    psc_view_fit (&to, self->layout, self->body.width, self->body.height);
  else
    psc_view_resize (&to, self->layout, self->body.width, self->body.height);
  psc_path_init (&self->path, self->layout, &from, &to);
}

static void
animation_done_cb (PscMapView *self)
{
  psc_map_layout_show_ready (self);
}

static void
stop_moving (PscMapView *self)
{
  psc_map_glide_stop (self);
  if (psc_map_view_is_moving (self))
    {
      /* Ends where it is, not where it was going. */
      self->path.to = self->view;
      self->fit = psc_map_view_shows_everything (self, &self->view);
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
  self->fit = psc_map_view_shows_everything (self, &self->view);
  psc_map_view_moved (self);
}

void
psc_map_view_zoom (PscMapView *self, double factor)
{
  PscView to;
  double x, y;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self))
    return;
  to = *psc_map_view_get_goal (self);
  psc_map_cursor_get_point (self, &x, &y);
  psc_view_zoom (&to, self->layout, factor, x, y);
  psc_map_view_jump_on (self, &to);
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
psc_map_view_pan_smoothly (PscMapView *self, double dx, double dy)
{
  PscView to;

  if (!psc_map_view_can_move (self))
    return;
  to = *psc_map_view_get_goal (self);
  psc_view_pan (&to, self->layout, dx, dy);
  psc_map_view_jump_on (self, &to);
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

/* The largest at which some neighbours are still in view. */
void
psc_map_view_show_page (PscMapView *self)
{
  guint64 address, page;
  double side, row_height;
  PscView to;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self))
    return;
  address = psc_map_cursor_get_address (self);
  if (address == PSC_MAP_NOWHERE)
    return;
  page = address - address % self->layout->page_size;
  psc_map_view_begin_jump (self);
  to = self->view;
  psc_view_show_range (&to, self->layout, page, page + self->layout->page_size);
  side = MIN (to.width, to.height) * PAGE_SHARE;
  row_height = psc_view_row_height_for_pages (&to, self->layout, to.width / side);
  psc_view_zoom (&to, self->layout, MIN (row_height / to.row_height, 1), to.width / 2,
                 to.height / 2);
  psc_map_view_jump (self, &to, FALSE);
}

void
psc_map_view_show_row (PscMapView *self)
{
  guint64 address, start, end;
  double x, row;
  guint index;
  const PscBand *band;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self))
    return;
  address = psc_map_cursor_get_address (self);
  if (address == PSC_MAP_NOWHERE || !psc_layout_locate (self->layout, address, &index, &x, &row))
    return;
  band = &self->layout->bands[index];
  start = band->start;
  end = band->end;
  if (band->type == PSC_BAND_BLOCK)
    {
      start = psc_layout_row_address (self->layout, band, (guint) row);
      end = MIN (start + self->layout->row_size, band->end);
      start = MAX (start, band->start);
    }
  psc_map_view_show_range (self, start, end);
}

void
psc_map_view_show_segment (PscMapView *self)
{
  const PscMapping *mapping = psc_map_view_get_selected (self);
  guint64 address;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self))
    return;
  address = psc_map_cursor_get_address (self);
  if (mapping == NULL && address != PSC_MAP_NOWHERE)
    mapping = psc_space_lookup (self->space, address);
  if (mapping != NULL)
    psc_map_view_show_range (self, mapping->start, mapping->end);
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

  self->animation = adw_timed_animation_new (GTK_WIDGET (self), 0, 1, 0, target);
  g_signal_connect_swapped (self->animation, "done", G_CALLBACK (animation_done_cb), self);
}
