/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-map-view-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "psc-format.h"

/* A map that shows everything has nowhere to go: the first click zooms in, too. */
#define FIT_FACTOR 6.0
#define FIT_LEAST  1.5
/* Marks are thin: what is this near to the pointer is meant, px. */
#define NEAR_PX 3.0

/* FALSE when the point is not on the strip. */
static gboolean
find_strip (PscMapView *self, double x, double y, PscRect *strip, PscOverview *overview)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  PscMap map;

  /* It is left of all else. */
  if (self->layout == NULL || x < 0 || x >= self->body.x || height <= 0)
    return FALSE;
  map = psc_map_view_get_map (self);
  return psc_map_overview (&map, width, height, strip, overview) && x < strip->x + strip->width &&
         y >= strip->y && y < strip->y + strip->height;
}

/* The mapped address whose mark is nearest to a height of the strip. */
static guint64
nearest_mapped (const PscSpace *space, const PscOverview *overview, double y)
{
  guint64 address = psc_overview_address (overview, y);
  guint i = psc_space_lower_bound (space, address);
  guint64 above, below;

  if (i < space->n_mappings && space->mappings[i].start <= address)
    return address;
  above = i < space->n_mappings ? space->mappings[i].start : space->mappings[i - 1].end - 1;
  below = i > 0 ? space->mappings[i - 1].end - 1 : above;
  return fabs (psc_overview_y (overview, above) - y) < fabs (psc_overview_y (overview, below) - y) ?
             above :
             below;
}

static PscView
view_of (PscMapView *self, guint64 address)
{
  PscView to = *psc_map_view_get_goal (self);
  PscViewAnchor anchor = { .valid = TRUE, .address = address };

  /* As far as whole rows stay in view. */
  if (self->fit)
    psc_view_zoom (&to, self->layout,
                   CLAMP (PSC_VIEW_SQUARE_ROW / to.row_height, FIT_LEAST, FIT_FACTOR), to.width / 2,
                   to.height / 2);
  anchor.x = to.width / 2;
  anchor.y = (to.height - to.row_height) / 2;
  psc_view_restore (&to, self->layout, &anchor);
  return to;
}

/* To a height of the widget; the point where the drag began tells the strip. */
static gboolean
go_to (PscMapView *self, double y, gboolean jump)
{
  PscOverview overview;
  PscRect strip;
  PscView to;

  if (!psc_map_view_can_move (self) || self->space->n_mappings == 0)
    return FALSE;
  if (!find_strip (self, self->overview_x, self->overview_y, &strip, &overview))
    return FALSE;
  to = view_of (self, nearest_mapped (self->space, &overview, y - strip.y));
  if (jump)
    {
      psc_map_view_begin_jump (self);
      psc_map_view_jump (self, &to, FALSE);
      return TRUE;
    }
  psc_map_view_begin_move (self);
  self->view = to;
  self->fit = FALSE;
  psc_map_view_moved (self);
  return TRUE;
}

static void
begin_cb (PscMapView *self, double x, double y, GtkGesture *gesture)
{
  self->overview_x = x;
  self->overview_y = y;
  gtk_gesture_set_state (gesture, go_to (self, y, TRUE) ? GTK_EVENT_SEQUENCE_CLAIMED :
                                                          GTK_EVENT_SEQUENCE_DENIED);
}

static void
update_cb (PscMapView *self, double dx, double dy, GtkGesture *gesture)
{
  if (fabs (dy) >= 1 || psc_map_view_is_moving (self))
    go_to (self, self->overview_y + dy, FALSE);
}

/* --- what is there ------------------------------------------------------------------------- */

/* The scale is coarse: a pixel stands for megabytes at least. */
#define ROUGH_BITS 20

static char *
describe_group (PscMapView *self, guint best, guint n_others)
{
  const PscLabelGroup *group = &self->labels->groups[best];
  g_autofree char *name = psc_labels_dup_name (self->labels, self->space, best);
  g_autofree char *size = psc_format_size (group->size);
  g_autofree char *share = psc_format_share (group->populated, group->size);
  g_autofree char *first = psc_format_address (group->start);
  g_autofree char *last = psc_format_address (group->end);

  if (n_others == 0)
    return g_strdup_printf (_ ("%s: %s, %s in use\n%s – %s"), name, size, share, first, last);
  return g_strdup_printf (ngettext ("%s: %s, %s in use\n%s – %s\nand %u more here",
                                    "%s: %s, %s in use\n%s – %s\nand %u more here", n_others),
                          name, size, share, first, last, n_others);
}

static char *
describe_user (PscMapView *self, const PscOverview *overview, double y)
{
  guint64 a = psc_overview_address (overview, y - NEAR_PX);
  guint64 b = psc_overview_address (overview, y + NEAR_PX);
  g_autofree char *at = NULL;
  guint from, to;

  psc_labels_between (self->labels, MIN (a, b), MAX (a, b), &from, &to);
  if (from < to)
    return describe_group (self, psc_labels_best (self->labels, from, to), to - from - 1);
  at = psc_format_address (psc_overview_address (overview, y) >> ROUGH_BITS << ROUGH_BITS);
  return g_strdup_printf (_ ("Nothing is mapped around %s"), at);
}

static char *
describe (PscMapView *self, const PscOverview *overview, double y)
{
  guint64 address = psc_overview_address (overview, y);
  PscOverviewPart part = psc_overview_part_of (overview, address);
  g_autofree char *first = NULL, *last = NULL;
  double top, bottom;
  guint64 start, end;

  if (part == PSC_OVERVIEW_USER)
    return describe_user (self, overview, y);
  psc_overview_part (overview, part, &top, &bottom, &start, &end);
  first = psc_format_address (start);
  last = psc_format_address (end);
  if (part == PSC_OVERVIEW_HOLE)
    return g_strdup_printf (_ ("Between the halves: %s – %s\nNo pointer may point here: these "
                               "addresses are not canonical."),
                            first, last);
  return g_strdup_printf (_ ("The kernel’s half: %s – %s\nDirect map, vmalloc, vmemmap, kernel "
                             "text, modules, fixmap: not readable from here."),
                          first, last);
}

static gboolean
query_tooltip_cb (PscMapView *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  g_autofree char *text = NULL;
  PscOverview overview;
  PscRect strip;

  if (keyboard || self->labels == NULL || !find_strip (self, x, y, &strip, &overview))
    return FALSE;
  text = describe (self, &overview, y - strip.y);
  gtk_tooltip_set_text (tooltip, text);
  gtk_tooltip_set_tip_area (tooltip, &(GdkRectangle){ (int) strip.x, y, (int) strip.width, 1 });
  return TRUE;
}

void
psc_map_overview_install (PscMapView *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  /* Before the gestures of the map itself. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), self);
}
