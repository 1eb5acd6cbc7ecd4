/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The state of a map view, and what its parts want of each other: psc-map-view.c owns it,
 * psc-map-draw.c draws it, psc-map-move.c moves the view, psc-map-input.c hears the user. */

#include <adwaita.h>
#include "psc-map-view.h"
#include "psc-view-history.h"

G_BEGIN_DECLS

/* A layout in the making: what it is made from, and then itself. */
typedef struct
{
  PscSpace *space;
  GArray *unfolded; /* guint64 */
  gboolean low_at_top;
  guint serial;    /* of these options */
  PscSpace *shown; /* what is on screen, or NULL when it has to be laid out in any case */
  PscLayout *shown_layout;
  PscLayout *layout;                /* the result; shown_layout when nothing has changed */
  PscLabels *shown_labels, *labels; /* of the two layouts */
} PscMapJob;

struct _PscMapView
{
  GtkWidget parent_instance;

  PscSpace *space; /* shown, with its layout */
  PscLayout *layout;
  PscLabels *labels; /* of the two, NULL without them */
  PscView view;
  PscRect body;
  gboolean fit;
  PscLens lens;
  gboolean low_at_top;
  GArray *unfolded; /* guint64, sorted */

  PscSpace *wanted; /* what is to be shown; its layout is being made or is shown */
  gboolean job_busy;
  gboolean job_again;                 /* wanted or options changed while busy */
  guint options_serial, shown_serial; /* of the options: now, and of the shown layout */
  PscMapJob *ready;                   /* waits for the end of a movement */

  double pointer_x, pointer_y; /* in the widget; negative: elsewhere */
  PscPlace hover;
  gboolean has_selection;
  guint64 selection_start, selection_end;
  guint64 selected_page; /* inside of it */

  double pinch_scale;    /* of the pinch under way, as far as it was followed */
  double drag_x, drag_y; /* of the drag under way, likewise */
  gboolean dragging;
  double overview_x, overview_y; /* where the drag on the overview began */
  gboolean clicked_fold;         /* the last click was on a fold */

  PscViewHistory history;
  gint64 last_move_usec;
  AdwAnimation *animation;
  PscView from, to;
  gboolean to_fit;

  GtkAdjustment *vadjustment;
  gboolean adjusting;

  cairo_surface_t *raster; /* of the body; NULL: to be made */
  GskRenderNode *node;     /* of everything but the hover; NULL: to be made */
};

/* psc-map-view.c */

/* The view has changed: redraws, tells. */
void psc_map_view_moved (PscMapView *self);
/* A layout that waited for the end of a movement. */
void psc_map_view_show_ready (PscMapView *self);
/* The pointer is at (x, y) of the widget; negative: elsewhere. */
void psc_map_view_set_pointer (PscMapView *self, double x, double y);
/* What is at a point of the widget. */
PscPlace psc_map_view_pick (PscMapView *self, double x, double y);

/* psc-map-draw.c */

void psc_map_view_drop_node (PscMapView *self);
void psc_map_view_drop_raster (PscMapView *self);
PscMap psc_map_view_get_map (PscMapView *self);
void psc_map_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);

/* psc-map-move.c */

void psc_map_move_install (PscMapView *self);
gboolean psc_map_view_can_move (PscMapView *self);
gboolean psc_map_view_is_moving (PscMapView *self);
/* Before the user moves the view: ends a movement under way, and remembers the place for "back"
 * unless it is one of many small moves in a row. */
void psc_map_view_begin_move (PscMapView *self);
/* The same for a move that is a step of its own. */
void psc_map_view_begin_jump (PscMapView *self);
/* From here to another view, as a short movement; without animations at once. */
void psc_map_view_jump (PscMapView *self, const PscView *to, gboolean fit);

/* psc-map-input.c */

/* Adds the controllers; the widget owns them. */
void psc_map_input_install (PscMapView *self);

/* psc-map-overview.c */

/* Clicks, drags and tooltips of the overview strip. */
void psc_map_overview_install (PscMapView *self);

G_END_DECLS
