/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The map as a widget: draws through psc_map_draw(), and turns wheel, pinch, drag, clicks and keys
 * into moves of its view. Layouts are made in a worker; what is shown is always a space together
 * with its own layout. A new snapshot of the same process keeps in place what is looked at: what is
 * under the pointer, else the middle; a view of everything stays one of everything.
 *
 * Thread of the window only.
 *
 * Signals, all without arguments:
 *  "view-changed": what is seen: space, layout, view or lens
 *  "hover-changed": what is under the pointer
 *  "selection-changed": the selected mapping, what of it is meant, or its numbers
 *  "described": psc_map_view_get_sentence() has changed
 *
 * Property: "lens" is in the functions only; "vadjustment" is psc_map_view_get_vadjustment().
 */

#include <gtk/gtk.h>
#include "psc-chrome.h"

G_BEGIN_DECLS

#define PSC_TYPE_MAP_VIEW (psc_map_view_get_type ())
G_DECLARE_FINAL_TYPE (PscMapView, psc_map_view, PSC, MAP_VIEW, GtkWidget)

GtkWidget *psc_map_view_new (void);

/* NULL shows nothing. A space of another process begins with everything in view. Takes effect when
 * the layout is made. */
void psc_map_view_set_space (PscMapView *self, PscSpace *space);
/* The same with traits, as psc_map_view_set_traits() takes them: both take effect together. */
void psc_map_view_set_space_with (PscMapView *self, PscSpace *space, PscTraits *traits);
/* What is shown now; borrowed, NULL when nothing is. */
PscSpace *psc_map_view_get_space (PscMapView *self);
PscLayout *psc_map_view_get_layout (PscMapView *self);
const PscView *psc_map_view_get_view (PscMapView *self);
/* Is everything in view, and stays so? */
gboolean psc_map_view_get_fit (PscMapView *self);

void psc_map_view_set_lens (PscMapView *self, PscLens lens);
PscLens psc_map_view_get_lens (PscMapView *self);
/* What the lens has to know of single pages (psc_lens_needs()), for the space that is shown or
 * about to be; NULL: nothing. A reference is taken. Another lens or process forgets them. */
void psc_map_view_set_traits (PscMapView *self, PscTraits *traits);
/* Borrowed. */
PscTraits *psc_map_view_get_traits (PscMapView *self);
/* Shows these entries of the lens alone, bits by their numbers, and fades the rest; 0: all. Another
 * lens shows all again. */
void psc_map_view_set_only (PscMapView *self, guint64 entries);
guint64 psc_map_view_get_only (PscMapView *self);
/* The next (1) or last (-1) entry of the legend alone; after the last one all. */
void psc_map_view_isolate_next (PscMapView *self, int step);
void psc_map_view_set_patterns (PscMapView *self, gboolean patterns);
gboolean psc_map_view_get_patterns (PscMapView *self);
PscTheme psc_map_view_get_theme (PscMapView *self);
/* The lowest address at the top; FALSE, as it begins: at the bottom. */
void psc_map_view_set_low_at_top (PscMapView *self, gboolean low_at_top);

/* Zoom by a factor around a point of the widget, at once. */
void psc_map_view_zoom_at (PscMapView *self, double factor, double x, double y);
/* The same around the pointer or the middle, as a short movement. */
void psc_map_view_zoom (PscMapView *self, double factor);
void psc_map_view_fit (PscMapView *self);
/* px; x to the right, y down. */
void psc_map_view_pan (PscMapView *self, double dx, double dy);
/* To the upper or lower end of the map. */
void psc_map_view_go_to_end (PscMapView *self, gboolean lower);
/* Fills the view with the addresses [start, end). */
void psc_map_view_show_range (PscMapView *self, guint64 start, guint64 end);
/* Brings addresses [start, end), or their beginning, into view; zooms in only where they could not
 * be read. */
void psc_map_view_seek (PscMapView *self, guint64 start, guint64 end);
/* So close that what the user points at (by keys or pointer, else the middle) fills the view: its
 * page, as large as it gets with some of its neighbours; its row; its mapping. */
void psc_map_view_show_page (PscMapView *self);
void psc_map_view_show_row (PscMapView *self);
void psc_map_view_show_segment (PscMapView *self);
void psc_map_view_go_back (PscMapView *self);
void psc_map_view_go_forward (PscMapView *self);
gboolean psc_map_view_can_go_back (PscMapView *self);
gboolean psc_map_view_can_go_forward (PscMapView *self);

/* Selects the mapping at an address, and the page there; PSC_MAP_NOWHERE or an address that is not
 * mapped: none. */
void psc_map_view_select (PscMapView *self, guint64 address);
/* Selects the next mapping (step 1) or the one before (step -1) and scrolls to it. */
void psc_map_view_select_next (PscMapView *self, int step);
/* Scrolls as little as is needed to have [start, end) in view, as a short movement. */
void psc_map_view_reveal (PscMapView *self, guint64 start, guint64 end);
/* In the space that is shown; NULL: none. */
const PscMapping *psc_map_view_get_selected (PscMapView *self);
/* The page of the selected mapping that was selected: its address, aligned. PSC_MAP_NOWHERE: none.
 */
guint64 psc_map_view_get_selected_page (PscMapView *self);

/* What was found is marked on the map: `n` ranges, sorted by start; copied. The map knows nothing
 * of what they are: on another snapshot they have to be set again. */
void psc_map_view_set_hits (PscMapView *self, const PscRange *ranges, guint n);
/* The one that is looked at is marked more; equal ends: none. */
void psc_map_view_set_hit (PscMapView *self, guint64 start, guint64 end);
/* These have just appeared: they glow for a moment, where the desktop wants movement. Sorted, not
 * overlapping; copied. What glowed before does so no more. */
void psc_map_view_glow (PscMapView *self, const PscRange *ranges, guint n);
/* Does anything glow? */
gboolean psc_map_view_is_glowing (PscMapView *self);
/* What of the selected mapping is meant. */
typedef enum
{
  PSC_MAP_LEVEL_MAPPING, /* all of it */
  PSC_MAP_LEVEL_RUN,     /* the stretch of pages in one class with the selected page */
  PSC_MAP_LEVEL_PAGE,    /* the selected page */
} PscMapLevel;

PscMapLevel psc_map_view_get_level (PscMapView *self);
/* The selected run. FALSE when none is. */
gboolean psc_map_view_get_selected_run (PscMapView *self, guint64 *start, guint64 *end);
/* What is selected, else all that is in view, as a sentence. Follows a moment later; "" at first.
 */
const char *psc_map_view_get_sentence (PscMapView *self);
/* The same, shorter where all that is in view is meant. */
const char *psc_map_view_get_brief_sentence (PscMapView *self);

/* Is it a fold, and not too large? */
gboolean psc_map_view_can_unfold (const PscPlace *place);
/* Shows the fold at an address unfolded, and everything folded again. */
void psc_map_view_unfold (PscMapView *self, guint64 address);
void psc_map_view_fold_all (PscMapView *self);
gboolean psc_map_view_has_unfolded (PscMapView *self);

/* What is under the pointer; type PSC_PLACE_NOTHING when it is elsewhere. */
PscPlace psc_map_view_get_hover (PscMapView *self);
/* Where the page or mark of an address is drawn, in the widget. FALSE when it is out of view. */
gboolean psc_map_view_get_place_rect (PscMapView *self, guint64 address, PscRect *rect);

/* Of the view over the layout's height, for a scrollbar. Owned by the view. */
GtkAdjustment *psc_map_view_get_vadjustment (PscMapView *self);

G_END_DECLS
