/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the parts of a chart share: psc-chart.c says where things go and what is at a point,
 * psc-chart-columns.c finds what each column of pixels has to show, psc-chart-memory.c and
 * psc-chart-faults.c draw it, psc-chart-axis.c has the steps of both axes, psc-chart-marks.c the
 * events, psc-chart-pointers.c what is drawn over all that, psc-chart-words.c says it. Internal to
 * src/render.
 */

#include "psc-canvas.h"
#include "psc-chart.h"

G_BEGIN_DECLS

/* Kinds with an area of their own; all the others share one. */
#define PSC_CHART_MAX_KINDS 8
/* "Other" and what is swapped are layers, too. */
#define PSC_CHART_MAX_LAYERS (PSC_CHART_MAX_KINDS + 2)

typedef struct
{
  PscKind kinds[PSC_CHART_MAX_KINDS]; /* from the bottom up */
  guint n_kinds;
  gboolean has_other; /* then it is the lowest layer */
  guint n;            /* layers; the last is what is swapped */
} PscChartLayers;

typedef enum
{
  PSC_CHART_COLUMN_EMPTY, /* before the first moment, or after the last */
  PSC_CHART_COLUMN_KNOWN,
  PSC_CHART_COLUMN_UNKNOWN, /* for all of it */
} PscChartColumnState;

/* Bytes up to the upper edge of each layer, at the two moments of the column with the least and
 * the most in all. */
typedef struct
{
  PscChartColumnState state;
  double least[PSC_CHART_MAX_LAYERS], most[PSC_CHART_MAX_LAYERS];
  double least_total, most_total;
  double minor, major; /* most faults per second; negative: unknown */
} PscChartColumn;

typedef struct
{
  PscChartLayers layers;
  PscChartColumn *columns;
  guint n;
  double peak; /* bytes: the most of all columns */
  double most_faults;
} PscChartColumns;

/* By all of the timeline, so that areas don't come and go with the view. */
void psc_chart_layers_find (const PscTimeline *timeline, PscChartLayers *layers);
/* The color of a layer. */
PscColor psc_chart_layer_color (const PscChartLayers *layers, guint layer, PscTheme theme);
/* Bytes of a moment in each layer. */
void psc_chart_layers_split (const PscChartLayers *layers, const PscMoment *moment, double *bytes);
/* n columns of equal width over what is in view. */
void psc_chart_columns_init (PscChartColumns *columns, const PscChart *chart, guint n);
void psc_chart_columns_finish (PscChartColumns *columns);

/* px */
#define PSC_CHART_MARGIN 8.0

/* No moments to show yet. */
gboolean psc_chart_is_empty (const PscChart *chart);
/* A canvas as the chart wants it; it keeps *look. cr NULL: to measure only. */
void psc_chart_canvas_init (PscCanvas *canvas, const PscChart *chart, PscMap *look, cairo_t *cr);

/* Lanes of the chart, px. */
typedef struct
{
  PscRect events, memory, faults, axis, legend; /* of no height or width: no room for it */
} PscChartPlaces;

PscChartPlaces
psc_chart_places (const PscCanvas *canvas, const PscChart *chart, double width, double height);

/* What the lanes of memory and faults show, and to which scales. */
typedef struct
{
  const PscCanvas *canvas;
  const PscChart *chart;
  const PscChartPlaces *places;
  PscChartColumns columns;
  double step; /* bytes between two lines across memory */
  double top;  /* bytes at its upper edge */
  double column_width;
} PscChartPlot;

/* About so many columns, at least one. Keeps all that it is given. */
void psc_chart_plot_init (PscChartPlot *plot, const PscCanvas *canvas, const PscChart *chart,
                          const PscChartPlaces *places, double n_columns);
void psc_chart_plot_finish (PscChartPlot *plot);
/* The left edge of a column, px; of the column after the last: the right edge of the plot. */
double psc_chart_plot_x (const PscChartPlot *plot, guint column);
void psc_chart_draw_memory (const PscChartPlot *plot);
void psc_chart_draw_faults (const PscChartPlot *plot);

/* A step of bytes such that at most n_most of them reach the peak; 1, 2, 4, … of a unit. */
double psc_chart_size_step (double peak, guint n_most);
/* A step of time such that at least min_usec lie between two; seconds to years. */
gint64 psc_chart_time_step (gint64 min_usec);
void psc_chart_draw_time_axis (const PscCanvas *canvas, const PscChart *chart,
                               const PscChartPlaces *places);

/* Events that are drawn as one mark. */
typedef struct
{
  double x;
  guint first, n;
} PscChartMark;

/* The marks in view, from the left; GArray of PscChartMark. */
GArray *psc_chart_marks_find (const PscCanvas *canvas, const PscChart *chart, const PscRect *lane);
void
psc_chart_draw_marks (const PscCanvas *canvas, const PscChart *chart, const PscChartPlaces *places);

double psc_chart_x_in (const PscChart *chart, const PscRect *plot, gint64 time_usec);

G_END_DECLS
