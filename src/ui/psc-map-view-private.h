/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The state of a map view, and what its parts want of each other: psc-map-view.c owns it,
 * psc-map-layout.c has layouts made (psc-map-job.c) and shows them, psc-map-draw.c draws it,
 * psc-map-hits.c what was found in it, psc-map-glow.c what has just appeared, psc-map-move.c moves
 * the view, psc-map-glide.c what moves on by itself, psc-map-pointers.c draws what is pointed at,
 * psc-map-cursor.c selects and steps through mappings and runs, psc-map-input.c and psc-map-keys.c
 * hear the user, psc-map-lens.c has what colours mean, psc-map-overview.c the strip of all
 * addresses, psc-map-speak.c says it in words. */

#include <adwaita.h>
#include "psc-glide.h"
#include "psc-map-job.h"
#include "psc-map-view.h"
#include "psc-path.h"
#include "psc-strips.h"
#include "psc-view-history.h"

G_BEGIN_DECLS

typedef struct _PscMapHits PscMapHits;
typedef struct _PscMapGlow PscMapGlow;
/* Why there is something to be said; the more urgent first. */
typedef enum
{
  PSC_SPEAK_SELECTION, /* at once, or nearly */
  PSC_SPEAK_VIEW,      /* when the view has come to rest */
  PSC_SPEAK_REFRESH,   /* another moment of what is shown: nobody is interrupted for it */
} PscSpeakReason;

/* What of the selection is pointed at: addresses [start, end) and a page; equal ends, and
 * PSC_MAP_NOWHERE: none. */
typedef struct
{
  guint64 start, end;
  guint64 page;
} PscMapPointed;

/* Parts of the map that are kept as nodes. */
#define PSC_MAP_N_NODES 6

typedef struct
{
  GskRenderNode *node; /* NULL: to be made */
  GString *key;        /* psc_map_part_key() of it; NULL: not known */
  gboolean check;      /* what it shows may have changed: by its key */
} PscMapNode;

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
  gboolean brings;  /* with these traits, as soon as it is shown */
  PscTraits *wanted_traits;
  gboolean job_busy;
  gboolean job_again;                 /* wanted or options changed while busy */
  guint options_serial, shown_serial; /* of the options: now, and of the shown layout */
  PscMapJob *ready;                   /* waits for the end of a movement */

  double pointer_x, pointer_y; /* in the widget; negative: elsewhere */
  PscPlace hover;
  gboolean has_selection;
  guint64 selection_start, selection_end;
  guint64 selected_page; /* inside of it */
  PscMapLevel level;     /* what of it is meant */
  /* The last that pointed at something were the keys: then a pointer that only lies there does not
   * count. Where it lay when it was last moved. */
  gboolean by_keyboard;
  double seen_x, seen_y;

  double pinch_scale;    /* of the pinch under way, as far as it was followed */
  double drag_x, drag_y; /* of the drag under way, likewise */
  gboolean dragging;
  double overview_x, overview_y; /* where the drag on the overview began */
  gboolean clicked_fold;         /* the last click was on a fold */
  gboolean caught; /* the button stopped a map that was gliding: that was all it meant */

  PscViewHistory history;
  gint64 last_move_usec;
  AdwAnimation *animation;
  PscPath path; /* that the animation goes along */

  PscGlide glide;
  PscTrack track;          /* of the hand that moves the map */
  double glide_x, glide_y; /* of the widget: what a wheel zooms at */
  guint glide_tick;        /* 0: rests */
  gint64 glide_usec;       /* of the last frame, 0: none yet */

  char *sentence, *brief; /* newest; NULL: none yet */
  guint speak_timer;      /* 0: nothing to be said */
  PscSpeakReason speak_reason;
  gboolean refreshing;

  GtkAdjustment *vadjustment;
  gboolean adjusting;

  PscMapHits *hits; /* NULL: never any */
  PscMapGlow *glow; /* NULL: nothing glows */

  PscTraits *traits; /* of the lens; NULL: none */
  guint64 only;      /* entries that are shown alone; 0: all */
  gboolean patterns, over_legend;
  PscSpace *counted_space; /* that the bytes of each entry are of; NULL: not counted */
  guint64 entry_bytes[PSC_LENS_MAX_ENTRIES];
  guint64 seen_bytes[PSC_LENS_MAX_ENTRIES]; /* of them in view */

  PscSheet *sheet;                   /* of what is shown; NULL: to be made */
  PscStrips *strips;                 /* of the body, each with its node; NULL: none yet */
  GskRenderNode *strips_node;        /* of all of them in view; NULL: to be made */
  double strips_y;                   /* that it was made at */
  PscMapNode nodes[PSC_MAP_N_NODES]; /* of the other parts */
  guint draw_tick;                   /* 0: nothing was left for the next frame */
  PscMapPointed pointed[2];          /* what is on screen, and what leaves it */
  guint pointed_at;                  /* the former's */
};

/* psc-map-view.c */

/* The view has changed: redraws, tells. */
void psc_map_view_moved (PscMapView *self);
/* Where the body goes, by what surrounds it. */
void psc_map_view_place (PscMapView *self);
/* Other amounts may take another line of the legend, which leaves another body. */
void psc_map_view_make_room (PscMapView *self);
/* The pointer is at (x, y) of the widget; negative: elsewhere. */
void psc_map_view_set_pointer (PscMapView *self, double x, double y);
/* What is at a point of the widget. */
PscPlace psc_map_view_pick (PscMapView *self, double x, double y);
/* What the user points at has changed in kind (by_keyboard). */
void psc_map_view_update_hover (PscMapView *self);
/* What is selected, or what of it, has changed: redraws, tells. */
void psc_map_view_selection_moved (PscMapView *self);

/* psc-map-layout.c */

/* A layout that waited for the end of a movement. */
void psc_map_layout_show_ready (PscMapView *self);
/* Forgets all spaces and layouts. */
void psc_map_layout_finish (PscMapView *self);

/* psc-map-draw.c */

/* These have to be drawn anew. */
void psc_map_view_drop_parts (PscMapView *self, PscMapParts dropped);
/* These, without the body, have to be when the pages that are shown from now on make a difference
 * to them. Before those are known to the view. */
void psc_map_view_check_parts (PscMapView *self, PscMapParts checked);
/* What stands on the sheet has changed: all has to be. */
void psc_map_view_drop_sheet (PscMapView *self);
PscMap psc_map_view_get_map (PscMapView *self);
/* The view on whole device pixels, as it is drawn. */
PscView psc_map_view_snap (PscMapView *self);
/* Everything but what is pointed at and what was found. */
void psc_map_view_draw (PscMapView *self, GtkSnapshot *snapshot);
/* Once more with the next frame: something was left for it. */
void psc_map_view_draw_soon (PscMapView *self);

/* psc-map-hits.c */

/* NULL is allowed. */
void psc_map_hits_free (PscMapHits *hits);
/* Draws them over the map. */
void psc_map_hits_snapshot (PscMapView *self, GtkSnapshot *snapshot);

/* psc-map-glow.c */

/* NULL is allowed. */
void psc_map_glow_free (PscMapGlow *glow);
/* Draws it over the pages. */
void psc_map_glow_snapshot (PscMapView *self, GtkSnapshot *snapshot);

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
/* The same, with `fit` as it is there; where a movement is under way, on from where it goes. */
void psc_map_view_jump_on (PscMapView *self, const PscView *to);
/* Where the view goes, or is when it rests. */
const PscView *psc_map_view_get_goal (PscMapView *self);
/* The body has another size; a movement under way goes on in it. */
void psc_map_move_resize (PscMapView *self);
/* px; as a short movement, on from where one under way goes. */
void psc_map_view_pan_smoothly (PscMapView *self, double dx, double dy);
/* A view that shows everything keeps doing so. */
gboolean psc_map_view_shows_everything (PscMapView *self, const PscView *view);

/* psc-map-glide.c */

/* Zoom by a factor at a point of the widget within the next few frames: what a wheel asks for. */
void psc_map_glide_zoom (PscMapView *self, double factor, double x, double y);
/* The hand that moved the map as self->track has it lets go. */
void psc_map_glide_let_go (PscMapView *self);
/* Stops. TRUE when the map was moving fast enough that one would want to catch it. */
gboolean psc_map_glide_stop (PscMapView *self);

/* psc-map-cursor.c */

/* The selected mapping in another moment of its process: it may have grown, or be gone. */
void psc_map_cursor_follow (PscMapView *self);
/* One step up or down the page (to the next mapping), or along the row (to the next run). */
void psc_map_cursor_step_mapping (PscMapView *self, gboolean up);
void psc_map_cursor_step_run (PscMapView *self, int step);
/* To the next page, over the borders of mappings. */
void psc_map_cursor_step_page (PscMapView *self, int step);
/* From run to mapping to nothing to everything. */
void psc_map_cursor_step_back (PscMapView *self);
/* Fills the view with what is selected. */
void psc_map_cursor_fill (PscMapView *self);
/* What the user points at, by keys or pointer: a mapped address, or PSC_MAP_NOWHERE. */
guint64 psc_map_cursor_get_address (PscMapView *self);
/* The same as a point of the body, px; the middle when there is none in view. */
void psc_map_cursor_get_point (PscMapView *self, double *x, double *y);
/* Is the selected page in view? Then where, in the body. */
gboolean psc_map_cursor_get_rect (PscMapView *self, PscRect *rect);

/* psc-map-pointers.c */

GdkRGBA psc_map_rgba (PscColor color, double alpha);
/* What is under the pointer, and what is selected. */
void psc_map_pointers_draw (PscMapView *self, GtkSnapshot *snapshot);

/* psc-map-input.c */

/* Adds the controllers; the widget owns them. */
void psc_map_input_install (PscMapView *self);

/* psc-map-lens.c */

/* What is to be shown comes without any. */
void psc_map_lens_bring_nothing (PscMapView *self);
/* Other traits, of a space that is about to be shown. */
void psc_map_lens_take_traits (PscMapView *self, PscTraits *traits);
/* The legend's clicks and tooltips. */
void psc_map_lens_install (PscMapView *self);
/* What belongs to the lens: traits, entries that are shown, bytes of each. `map` has the rest. */
void psc_map_lens_fill (PscMapView *self, PscMap *map);
/* The pointer is at (x, y) of the widget; negative: elsewhere. */
void psc_map_lens_point (PscMapView *self, double x, double y);
/* The bytes of each entry in the space that is shown, counted by somebody else. */
void psc_map_lens_take_counts (PscMapView *self, const guint64 *bytes);
/* Into seen_bytes, for the legend. There is a sheet. */
void psc_map_lens_count_seen (PscMapView *self);
/* Another lens or process: nothing is known, everything is shown. */
void psc_map_lens_forget (PscMapView *self);
void psc_map_lens_finish (PscMapView *self);

/* psc-map-overview.c */

/* Clicks, drags and tooltips of the overview strip. */
void psc_map_overview_install (PscMapView *self);
/* psc-map-keys.c */

void psc_map_keys_install (PscMapView *self);

/* psc-map-speak.c */

/* There is something else to be said. */
void psc_map_speak_soon (PscMapView *self, PscSpeakReason reason);
void psc_map_speak_finish (PscMapView *self);

G_END_DECLS
