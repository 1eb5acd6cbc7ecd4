/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the parts of the chrome share while one map is drawn: where things go, and short ways to
 * draw text. Internal to src/render; lives on the stack of one psc_map_draw().
 */

#include <pango/pangocairo.h>
#include "psc-chrome.h"
#include "psc-levels.h"
#include "psc-overview.h"
#include "psc-patches.h"
#include "psc-texts.h"

G_BEGIN_DECLS

typedef struct
{
  const PscMap *map;
  cairo_t *cr;         /* NULL while only measuring */
  PscPatches *patches; /* told what is drawn on the body; NULL: nobody wants to know */
  PscTexts *texts;
  PangoLayout *text;  /* labels; these three are fonts of texts, not to be changed */
  PangoLayout *mono;  /* addresses */
  PangoLayout *small; /* brackets, overview */
  const PscThemeColors *colors;
  const PscLabels *labels; /* NULL while only measuring */
  double em;               /* px: font size of labels */
  PscRect body;
  PscRect overview;      /* of no width when there is none */
  double brackets_right; /* px; where the brackets end that lie left of it */
  double bracket_width;  /* of each, 0: there are none */
  gboolean bracket_text; /* there is room for their names */
  PscLevels levels;
} PscCanvas;

typedef enum
{
  PSC_ALIGN_LEFT,
  PSC_ALIGN_CENTER,
  PSC_ALIGN_RIGHT,
} PscAlign;

/* A text as it would be drawn, in the device space of the context. */
typedef struct
{
  const char *text;   /* as far as there is room for it; valid for the call */
  const char *whole;  /* all of it: the same pointer when nothing was left out */
  double x, baseline; /* px; x is that of the left, middle or right as `align` says */
  double width;       /* px, measured in this font */
  double size;        /* px, of the font */
  PscAlign align;
  gboolean bold, mono;
  gboolean upwards; /* turned to the left, around its beginning */
  PscColor color;
} PscWords;

/* Takes texts instead of their being drawn: for formats that have text of their own. */
typedef struct
{
  void (*text) (const PscWords *words, gpointer user_data);
  gpointer user_data;
} PscTextSink;

/* Everything that is drawn on the context from now on gives its texts to the sink, which the caller
 * owns. */
void psc_canvas_set_text_sink (cairo_t *cr, const PscTextSink *sink);

void psc_canvas_init (PscCanvas *canvas, const PscMap *map, cairo_t *cr);
void psc_canvas_finish (PscCanvas *canvas);

void psc_canvas_set_color (const PscCanvas *canvas, PscColor color, double alpha);
/* Width and height of a text in px. */
void psc_canvas_measure (const PscCanvas *canvas, PangoLayout *layout, const char *text,
                         double *width, double *height);
/* Draws text with its vertical middle at y, and its left, middle or right at x; shortened in the
 * middle when wider than max_width (0: any). Returns its width, px. */
double psc_canvas_text (const PscCanvas *canvas, PangoLayout *layout, const char *text, double x,
                        double y, PscAlign align, double max_width, PscColor color);

/* The same from bottom to top, its middle at (x, y); nothing, and FALSE, when longer than
 * max_length.
 */
gboolean psc_canvas_text_upwards (const PscCanvas *canvas, PangoLayout *layout, const char *text,
                                  double x, double y, double max_length, PscColor color);

/* Is it for a file in which shapes stay shapes? */
gboolean psc_canvas_is_vector (const PscCanvas *canvas);

/* The parts; each draws itself beside or on the body. */
void psc_canvas_draw_overview (const PscCanvas *canvas);
void psc_canvas_draw_brackets (const PscCanvas *canvas);
void psc_canvas_draw_ruler (const PscCanvas *canvas);
void psc_canvas_draw_labels (const PscCanvas *canvas, double width);
void psc_canvas_draw_marks (const PscCanvas *canvas);
void psc_canvas_draw_borders (const PscCanvas *canvas);
void psc_canvas_draw_huge (const PscCanvas *canvas);
void psc_canvas_draw_names (const PscCanvas *canvas);
void psc_canvas_draw_pointers (const PscCanvas *canvas);
void psc_canvas_draw_hits (const PscCanvas *canvas);
void psc_canvas_draw_legend (const PscCanvas *canvas, double width, double height);
/* px, that the legend takes of an area of this size, with the room around it. Where there is little
 * it says less, and where it would leave too little of the map it is not there. */
double psc_canvas_legend_height (const PscCanvas *canvas, double width, double height);
/* What of the states of pages these show: equal bytes are equal pictures, other things being equal.
 */
void psc_canvas_write_overview (const PscCanvas *canvas, GString *key);
void psc_canvas_write_labels (const PscCanvas *canvas, GString *key);
void psc_canvas_write_huge (const PscCanvas *canvas, GString *key);
void psc_canvas_write_legend (const PscCanvas *canvas, GString *key);
/* The outline of what could be a huge page: adds one to the path; strokes them all. */
void psc_canvas_add_huge_outline (const PscCanvas *canvas, double x, double y, double width,
                                  double height);
void psc_canvas_stroke_huge (const PscCanvas *canvas);
/* The mask of the entry of the legend at a point of the area; 0: none. */
guint64
psc_canvas_hit_legend (const PscCanvas *canvas, double width, double height, double x, double y);
/* The geometry of the strip that canvas->overview has room for. */
void psc_canvas_get_overview (const PscCanvas *canvas, PscOverview *overview);
/* Width that the ruler wants, px. */
double psc_canvas_ruler_width (const PscCanvas *canvas);

G_END_DECLS
