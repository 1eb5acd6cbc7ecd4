/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-view-private.h"

#include "psc-stretch.h"

/* Of the view, that is left around what is scrolled to. */
#define AIR 0.12

/* --- what is selected ---------------------------------------------------------------------- */

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

void
psc_map_cursor_follow (PscMapView *self)
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

/* --- where it is --------------------------------------------------------------------------- */

gboolean
psc_map_cursor_get_rect (PscMapView *self, PscRect *rect)
{
  if (!self->by_keyboard || psc_map_view_get_selected (self) == NULL ||
      !psc_map_view_get_place_rect (self, self->selected_page, rect))
    return FALSE;
  rect->x -= self->body.x;
  rect->y -= self->body.y;
  return TRUE;
}

static gboolean
pointer_is_inside (PscMapView *self)
{
  return self->pointer_x >= self->body.x && self->pointer_y >= self->body.y &&
         self->pointer_x < self->body.x + self->body.width &&
         self->pointer_y < self->body.y + self->body.height;
}

void
psc_map_cursor_get_point (PscMapView *self, double *x, double *y)
{
  PscRect rect;

  *x = self->view.width / 2;
  *y = self->view.height / 2;
  if (psc_map_cursor_get_rect (self, &rect))
    {
      *x = CLAMP (rect.x + rect.width / 2, 0, self->view.width);
      *y = CLAMP (rect.y + rect.height / 2, 0, self->view.height);
    }
  else if (!self->by_keyboard && pointer_is_inside (self))
    {
      *x = self->pointer_x - self->body.x;
      *y = self->pointer_y - self->body.y;
    }
}

guint64
psc_map_cursor_get_address (PscMapView *self)
{
  PscViewAnchor middle;

  if (self->layout == NULL)
    return PSC_MAP_NOWHERE;
  if (!self->by_keyboard && self->hover.type == PSC_PLACE_PAGE)
    return self->hover.start;
  if (psc_map_view_get_selected (self) != NULL)
    return self->selected_page;
  middle = psc_view_anchor (&self->view, self->layout, self->view.width / 2, self->view.height / 2);
  return middle.valid ? middle.address : PSC_MAP_NOWHERE;
}

PscMapLevel
psc_map_view_get_level (PscMapView *self)
{
  return self->level;
}

gboolean
psc_map_view_get_selected_run (PscMapView *self, guint64 *start, guint64 *end)
{
  const PscMapping *mapping = psc_map_view_get_selected (self);
  PscStretch stretch;

  if (mapping == NULL || self->level != PSC_MAP_LEVEL_RUN)
    return FALSE;
  stretch = psc_stretch_at (self->space, mapping, self->selected_page);
  *start = stretch.start;
  *end = stretch.end;
  return TRUE;
}

/* --- steps --------------------------------------------------------------------------------- */

/* Scrolls to [start, end), its beginning above all, with some of what is beside it. */
static void
reveal (PscMapView *self, guint64 start, guint64 end)
{
  PscView at = *psc_map_view_get_goal (self), to = at;

  psc_view_reveal (&to, self->layout, end - 1);
  psc_view_reveal (&to, self->layout, start);
  if (to.x == at.x && to.y == at.y)
    return;
  psc_view_pan (&to, self->layout,
                (to.x > at.x) - (to.x < at.x) == 0 ? 0 :
                to.x > at.x                        ? to.width * AIR :
                                                     -to.width * AIR,
                to.y == at.y ? 0 :
                to.y > at.y  ? to.height * AIR :
                               -to.height * AIR);
  psc_map_view_jump_on (self, &to);
}

static void
select_part (PscMapView *self, guint64 start, guint64 end, PscMapLevel level)
{
  self->by_keyboard = TRUE;
  psc_map_view_select (self, start);
  if (level != PSC_MAP_LEVEL_MAPPING)
    {
      self->level = level;
      psc_map_view_selection_moved (self);
    }
  reveal (self, start, end);
}

/* With nothing selected: what is pointed at or in the middle is as good a start as any. */
static const PscMapping *
first_mapping (PscMapView *self, int step)
{
  guint64 address = psc_map_cursor_get_address (self);
  guint index;

  if (self->fit && self->hover.type != PSC_PLACE_PAGE)
    return &self->space->mappings[step > 0 ? 0 : self->space->n_mappings - 1];
  index = psc_space_lower_bound (self->space, address);
  return &self->space->mappings[MIN (index, self->space->n_mappings - 1)];
}

void
psc_map_view_select_next (PscMapView *self, int step)
{
  const PscMapping *mapping;
  guint index, n;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self) || self->space->n_mappings == 0)
    return;
  mapping = psc_map_view_get_selected (self);
  n = self->space->n_mappings;
  if (mapping == NULL)
    mapping = first_mapping (self, step);
  else
    {
      index = psc_space_mapping_index (self->space, mapping);
      if (step > 0 && index + 1 < n)
        mapping++;
      else if (step < 0 && index > 0)
        mapping--;
    }
  select_part (self, mapping->start, mapping->end, PSC_MAP_LEVEL_MAPPING);
}

void
psc_map_cursor_step_mapping (PscMapView *self, gboolean up)
{
  psc_map_view_select_next (self, up == self->low_at_top ? -1 : 1);
}

void
psc_map_cursor_step_run (PscMapView *self, int step)
{
  const PscMapping *mapping;
  PscStretch stretch, next;

  if (!psc_map_view_can_move (self) || self->space->n_mappings == 0)
    return;
  mapping = psc_map_view_get_selected (self);
  if (mapping == NULL)
    {
      mapping = first_mapping (self, step);
      next = psc_stretch_at (self->space, mapping, step > 0 ? mapping->start : mapping->end - 1);
    }
  else
    {
      stretch = psc_stretch_at (self->space, mapping, self->selected_page);
      next = stretch;
      /* From the mapping as a whole first into it. */
      if (self->level != PSC_MAP_LEVEL_MAPPING)
        next = psc_stretch_next (self->space, &stretch, step);
      if (next.end == 0)
        next = stretch;
    }
  select_part (self, next.start, next.end, PSC_MAP_LEVEL_RUN);
}

void
psc_map_cursor_step_page (PscMapView *self, int step)
{
  const PscMapping *mapping;
  guint64 page;

  if (!psc_map_view_can_move (self) || self->space->n_mappings == 0)
    return;
  mapping = psc_map_view_get_selected (self);
  if (mapping == NULL)
    page = first_mapping (self, step)->start;
  else if (self->level == PSC_MAP_LEVEL_MAPPING)
    page = self->selected_page;
  else if (step > 0)
    {
      page = self->selected_page + self->space->page_size;
      if (page == mapping->end)
        page = mapping + 1 < self->space->mappings + self->space->n_mappings ? mapping[1].start :
                                                                               self->selected_page;
    }
  else if (self->selected_page > mapping->start)
    page = self->selected_page - self->space->page_size;
  else
    page = mapping > self->space->mappings ? mapping[-1].end - self->space->page_size :
                                             self->selected_page;
  select_part (self, page, page + self->space->page_size, PSC_MAP_LEVEL_PAGE);
}

void
psc_map_cursor_step_back (PscMapView *self)
{
  if (!self->has_selection && self->fit)
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "win.stop-comparing", NULL);
      return;
    }
  if (!self->has_selection)
    {
      psc_map_view_fit (self);
      return;
    }
  if (self->level != PSC_MAP_LEVEL_RUN)
    {
      psc_map_view_select (self, PSC_MAP_NOWHERE);
      return;
    }
  self->level = PSC_MAP_LEVEL_MAPPING;
  psc_map_view_selection_moved (self);
}

void
psc_map_cursor_fill (PscMapView *self)
{
  const PscMapping *mapping = psc_map_view_get_selected (self);
  guint64 start, end;

  if (psc_map_view_get_selected_run (self, &start, &end))
    psc_map_view_show_range (self, start, end);
  else if (mapping != NULL)
    psc_map_view_show_range (self, mapping->start, mapping->end);
}
