/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The chart of a timeline: what is drawn where, that nothing is lost, what is unknown, what is at a
 * point, and what is said. */

#include "psc-chart-private.h"

#include <math.h>
#include <string.h>

#define WIDTH  600 /* no room for a legend */
#define HEIGHT 200
#define MIB    ((guint64) 1 << 20)
#define START  ((gint64) 1700000000 * G_USEC_PER_SEC)

/* One moment of a series. */
typedef struct
{
  double second;
  guint64 anon_mib, heap_mib, text_mib, swapped_mib;
  gboolean unknown;
  gint64 faults; /* since the process began */
} Point;

static void
set_amount (PscMoment *values, PscKind kind, guint64 bytes)
{
  values->kinds[kind].resident = bytes;
  values->total.resident += bytes;
}

static void
add_point (PscTimeline *timeline, const Point *point)
{
  g_autoptr (PscMoment) moment = NULL;
  PscMoment values = {
    .time_usec = START + (gint64) (point->second * G_USEC_PER_SEC),
    .minor_faults = (guint64) point->faults,
    .major_faults = 0,
    .pages_known = !point->unknown,
  };

  set_amount (&values, PSC_KIND_ANON, point->anon_mib * MIB);
  set_amount (&values, PSC_KIND_HEAP, point->heap_mib * MIB);
  set_amount (&values, PSC_KIND_TEXT, point->text_mib * MIB);
  values.total.swapped = values.kinds[PSC_KIND_ANON].swapped = point->swapped_mib * MIB;
  moment = psc_moment_new_take (&values, NULL, NULL);
  g_assert_true (psc_timeline_add (timeline, moment));
}

/* With an event of its own. */
static void
add_event (PscTimeline *timeline, double second, PscEventType type, PscKind kind)
{
  PscEvent event = {
    .time_usec = START + (gint64) (second * G_USEC_PER_SEC),
    .type = type,
    .kind = kind,
    .start = 0x1000,
    .end = 0x3000,
    .bytes = 0x2000,
    .n = 1,
    .label = g_ref_string_new_intern (""),
  };
  GArray *events = g_array_new (FALSE, FALSE, sizeof event);
  PscMoment values = { .time_usec = event.time_usec, .pages_known = TRUE };
  g_autoptr (PscMoment) moment = NULL;

  set_amount (&values, PSC_KIND_HEAP, 64 * MIB);
  g_array_append_val (events, event);
  moment = psc_moment_new_take (&values, NULL, events);
  g_assert_true (psc_timeline_add (timeline, moment));
}

static PscChart
chart_of (const PscTimeline *timeline, double from, double to)
{
  return (PscChart){
    .timeline = timeline,
    .from_usec = START + (gint64) (from * G_USEC_PER_SEC),
    .to_usec = START + (gint64) (to * G_USEC_PER_SEC),
  };
}

static cairo_surface_t *
draw (const PscChart *chart)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  psc_chart_draw (chart, cr, WIDTH, HEIGHT);
  psc_chart_draw_pointers (chart, cr, WIDTH, HEIGHT);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static PscColor
color_at (cairo_surface_t *surface, double x, double y)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);

  g_assert_true (x >= 0 && y >= 0 && x < WIDTH && y < HEIGHT);
  return *(const guint32 *) (gconstpointer) (data + (int) y * stride + (int) x * 4) & 0xffffff;
}

/* As it is drawn at a share of the height of the plot, from the bottom; between its lines. */
static PscColor
color_of (cairo_surface_t *surface, const PscChart *chart, double second, double share)
{
  PscRect plot = psc_chart_plot (chart, WIDTH, HEIGHT);
  double x = psc_chart_x_of (chart, WIDTH, HEIGHT, START + (gint64) (second * G_USEC_PER_SEC));

  return color_at (surface, x, plot.y + plot.height * (1 - share));
}

static PscColor
background (void)
{
  return psc_theme_colors (PSC_THEME_LIGHT)->background;
}

/* 64 MiB of text below 64 MiB of anonymous memory below 64 MiB of heap, of 256. */
static void
test_stack (void)
{
  static const Point points[] = { { 0, 64, 64, 64, 0 },
                                  { 30, 64, 64, 64, 0 },
                                  { 60, 64, 64, 128 } };
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  PscChart chart = chart_of (timeline, 0, 60);
  cairo_surface_t *surface;

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    add_point (timeline, &points[i]);
  surface = draw (&chart);
  g_assert_cmphex (color_of (surface, &chart, 15, 0.2), ==,
                   psc_kind_color (PSC_KIND_TEXT, PSC_THEME_LIGHT));
  g_assert_cmphex (color_of (surface, &chart, 15, 0.45), ==,
                   psc_kind_color (PSC_KIND_ANON, PSC_THEME_LIGHT));
  g_assert_cmphex (color_of (surface, &chart, 15, 0.7), ==,
                   psc_kind_color (PSC_KIND_HEAP, PSC_THEME_LIGHT));
  g_assert_cmphex (color_of (surface, &chart, 15, 0.9), ==, background ());
  /* Half way up to it. */
  g_assert_cmphex (color_of (surface, &chart, 45, 0.35), ==,
                   psc_kind_color (PSC_KIND_TEXT, PSC_THEME_LIGHT));
  g_assert_cmphex (color_of (surface, &chart, 45, 0.83), ==,
                   psc_kind_color (PSC_KIND_HEAP, PSC_THEME_LIGHT));
  cairo_surface_destroy (surface);
}

/* What is swapped lies on top, hatched. */
static void
test_swapped (void)
{
  static const Point points[] = { { 0, 128, 0, 0, 128 }, { 60, 128, 0, 0, 128 } };
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  PscChart chart = chart_of (timeline, 0, 60);
  PscRect plot = psc_chart_plot (&chart, WIDTH, HEIGHT);
  guint n, n_swapped = 0, n_background = 0;
  PscColor swapped =
      psc_lens_get_entries (PSC_LENS_RESIDENCY, &n)[PSC_CLASS_SWAPPED].colors[PSC_THEME_LIGHT];
  cairo_surface_t *surface;

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    add_point (timeline, &points[i]);
  surface = draw (&chart);
  g_assert_cmphex (color_of (surface, &chart, 20, 0.2), ==,
                   psc_kind_color (PSC_KIND_ANON, PSC_THEME_LIGHT));
  for (int i = 0; i < 32; i++)
    {
      PscColor color = color_at (surface, plot.x + 100 + i, plot.y + plot.height * 0.35);

      n_swapped += color == swapped;
      n_background += color == background ();
    }
  g_assert_cmpuint (n_swapped, >, 4);
  g_assert_cmpuint (n_background, >, 4);
  g_assert_cmpuint (n_swapped + n_background, ==, 32);
  cairo_surface_destroy (surface);
}

/* One moment of eight thousand is seen, as high as it is. */
static void
test_spike (void)
{
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  PscChart chart = chart_of (timeline, 0, 8000);
  PscRect plot = psc_chart_plot (&chart, WIDTH, HEIGHT);
  cairo_surface_t *surface;
  guint n_columns = 0;

  for (guint i = 0; i <= 8000; i++)
    {
      Point point = { i, 64, 0, 0, 0 };

      if (i == 4321)
        point.anon_mib = 192;
      add_point (timeline, &point);
    }
  surface = draw (&chart);
  for (int x = 0; x < (int) plot.width; x++)
    {
      PscColor high = color_at (surface, plot.x + x, plot.y + plot.height * 0.4);
      double second = x / plot.width * 8000;

      if (high == background ())
        continue;
      n_columns++;
      g_assert_cmpfloat (fabs (second - 4321), <, 2 * 8000 / plot.width);
    }
  g_assert_cmpuint (n_columns, >=, 1);
  /* It, and the line around it. */
  g_assert_cmpuint (n_columns, <=, 3);
  /* What is there all the time is drawn in full, also in that column. */
  g_assert_cmphex (color_of (surface, &chart, 4321, 0.15), ==,
                   psc_kind_color (PSC_KIND_ANON, PSC_THEME_LIGHT));
  cairo_surface_destroy (surface);
}

/* The columns themselves: least and most of all moments under each. */
static void
test_columns (void)
{
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  PscChart chart = chart_of (timeline, 0, 100);
  PscChartColumns columns;

  for (guint i = 0; i <= 1000; i++)
    {
      const Point point = { i / 10.0, 10 + i % 10, 0, 0, 0, FALSE, 100 * (gint64) i };

      add_point (timeline, &point);
    }
  psc_chart_columns_init (&columns, &chart, 20);
  g_assert_cmpuint (columns.layers.n_kinds, ==, 1);
  g_assert_false (columns.layers.has_other);
  g_assert_cmpfloat (columns.peak, ==, 19 * MIB);
  for (guint i = 0; i < columns.n; i++)
    {
      g_assert_cmpint (columns.columns[i].state, ==, PSC_CHART_COLUMN_KNOWN);
      g_assert_cmpfloat (columns.columns[i].least_total, ==, 10 * MIB);
      g_assert_cmpfloat (columns.columns[i].most_total, ==, 19 * MIB);
      g_assert_cmpfloat (fabs (columns.columns[i].minor - 1000), <, 1);
      g_assert_cmpfloat (columns.columns[i].major, ==, 0);
    }
  psc_chart_columns_finish (&columns);
}

/* Small kinds share an area, and it is the lowest. */
static void
test_other (void)
{
  static const Point points[] = { { 0, 200, 55, 1 }, { 60, 200, 55, 1 } };
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  double bytes[PSC_CHART_MAX_LAYERS];
  PscChartLayers layers;

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    add_point (timeline, &points[i]);
  psc_chart_layers_find (timeline, &layers);
  g_assert_true (layers.has_other);
  g_assert_cmpuint (layers.n_kinds, ==, 2);
  g_assert_cmpuint (layers.kinds[0], ==, PSC_KIND_ANON);
  g_assert_cmpuint (layers.kinds[1], ==, PSC_KIND_HEAP);
  psc_chart_layers_split (&layers, psc_timeline_get_moment (timeline, 0), bytes);
  g_assert_cmpfloat (bytes[0], ==, 1 * MIB);
  g_assert_cmpfloat (bytes[1], ==, 200 * MIB);
  g_assert_cmpfloat (bytes[2], ==, 55 * MIB);
  g_assert_cmpfloat (bytes[3], ==, 0);
}

/* A pause, moments without pages, and what is before the first one: three columns that are not a
 * line between what is known. */
static void
test_unknown (void)
{
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  PscChart chart = chart_of (timeline, -30, 120);
  cairo_surface_t *surface;
  guint n_hatched = 0;
  PscRect plot;

  for (guint i = 0; i <= 120; i++)
    {
      const Point point = { i, 96, 0, 0, 0, i >= 90 && i < 100 };

      if (i <= 20 || i >= 70)
        add_point (timeline, &point);
    }
  g_assert_true (psc_chart_is_gap (timeline, 20));
  g_assert_false (psc_chart_is_gap (timeline, 19));
  g_assert_false (psc_chart_is_gap (timeline, 21));
  g_assert_false (psc_chart_is_gap (timeline, psc_timeline_get_n_moments (timeline) - 1));
  surface = draw (&chart);
  plot = psc_chart_plot (&chart, WIDTH, HEIGHT);
  g_assert_cmphex (color_of (surface, &chart, 10, 0.4), ==,
                   psc_kind_color (PSC_KIND_ANON, PSC_THEME_LIGHT));
  g_assert_cmphex (color_of (surface, &chart, 110, 0.4), ==,
                   psc_kind_color (PSC_KIND_ANON, PSC_THEME_LIGHT));
  g_assert_cmphex (color_of (surface, &chart, -10, 0.4), ==, background ());
  for (guint i = 0; i < 8; i++)
    {
      double y = plot.y + plot.height * 0.7 + i;

      n_hatched +=
          color_at (surface, psc_chart_x_of (&chart, WIDTH, HEIGHT, START + 30 * G_USEC_PER_SEC),
                    y) == psc_theme_colors (PSC_THEME_LIGHT)->gap;
      g_assert_cmphex (
          color_at (surface, psc_chart_x_of (&chart, WIDTH, HEIGHT, START + 95 * G_USEC_PER_SEC),
                    y),
          !=, psc_kind_color (PSC_KIND_ANON, PSC_THEME_LIGHT));
    }
  g_assert_cmpuint (n_hatched, >, 0);
  g_assert_cmpuint (n_hatched, <, 8);
  cairo_surface_destroy (surface);
}

/* Older moments lie further apart: that is no gap. */
static void
test_thinned (void)
{
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  double second = 0;

  for (guint i = 0; i < 100; i++)
    {
      const Point point = { second, 10 };

      add_point (timeline, &point);
      second += i < 30 ? 32 : i < 60 ? 8 : 2;
    }
  for (guint i = 0; i < 100; i++)
    g_assert_false (psc_chart_is_gap (timeline, i));
}

static void
test_empty (void)
{
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  PscChart chart = chart_of (timeline, 0, 60);
  const Point point = { 60, 100 };
  g_autofree char *sentence = psc_chart_dup_sentence (&chart);
  PscChartSpot spot = psc_chart_hit (&chart, WIDTH, HEIGHT, 300, 100);
  PscChartColumns columns;

  g_assert_nonnull (strstr (sentence, "gathered"));
  g_assert_cmpint (spot.part, ==, PSC_CHART_NOTHING);
  cairo_surface_destroy (draw (&chart));
  chart.timeline = NULL;
  cairo_surface_destroy (draw (&chart));
  /* One moment alone is one column. */
  chart.timeline = timeline;
  add_point (timeline, &point);
  psc_chart_columns_init (&columns, &chart, 50);
  for (guint i = 0; i < 50; i++)
    g_assert_cmpint (columns.columns[i].state, ==,
                     i == 49 ? PSC_CHART_COLUMN_KNOWN : PSC_CHART_COLUMN_EMPTY);
  psc_chart_columns_finish (&columns);
  cairo_surface_destroy (draw (&chart));
  chart.to_usec = chart.from_usec;
  cairo_surface_destroy (draw (&chart));
}

/* Points of the chart back to what is drawn there. */
static void
test_hit (void)
{
  static const Point points[] = { { 0, 64, 32, 64 }, { 60, 64, 32, 64 } };
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  PscChart chart = chart_of (timeline, 0, 60);
  PscRect plot = psc_chart_plot (&chart, WIDTH, HEIGHT);
  static const struct
  {
    double share;
    gboolean has_kind;
    PscKind kind;
  } kinds[] = {
    { 0.1, TRUE, PSC_KIND_TEXT },
    { 0.4, TRUE, PSC_KIND_ANON },
    { 0.75, TRUE, PSC_KIND_HEAP },
    { 0.9, FALSE, 0 },
  };
  g_autofree char *tip = NULL;
  PscChartSpot spot;

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    add_point (timeline, &points[i]);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      spot = psc_chart_hit (&chart, WIDTH, HEIGHT, plot.x + plot.width / 2,
                            plot.y + plot.height * (1 - kinds[i].share));
      g_assert_cmpint (spot.part, ==, PSC_CHART_MEMORY);
      g_assert_cmpint (spot.has_kind, ==, kinds[i].has_kind);
      if (spot.has_kind)
        g_assert_cmpuint (spot.kind, ==, kinds[i].kind);
      g_assert_true (spot.has_moment);
      g_assert_cmpuint (spot.moment, ==, 0);
      g_assert_cmpint (ABS (spot.time_usec - START - 30 * G_USEC_PER_SEC), <, G_USEC_PER_SEC / 2);
    }
  tip = psc_chart_dup_tip (&chart, &spot);
  g_assert_nonnull (strstr (tip, "160 MiB resident"));
  g_assert_nonnull (strstr (tip, "Heap: 32 MiB"));
  spot = psc_chart_hit (&chart, WIDTH, HEIGHT, plot.x + 5, plot.y + plot.height + 10);
  g_assert_cmpint (spot.part, ==, PSC_CHART_FAULTS);
  spot = psc_chart_hit (&chart, WIDTH, HEIGHT, plot.x + 5, HEIGHT - 3);
  g_assert_cmpint (spot.part, ==, PSC_CHART_AXIS);
  spot = psc_chart_hit (&chart, WIDTH, HEIGHT, 3, plot.y + 5);
  g_assert_cmpint (spot.part, ==, PSC_CHART_NOTHING);
}

/* Near ones are one mark with all of them; far ones are two. */
static void
test_marks (void)
{
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  PscChart chart = chart_of (timeline, 0, 1000);
  PscRect plot;
  PscChartSpot spot;
  g_autofree char *tip = NULL;
  guint n = 0, in_marks = 0;

  add_event (timeline, 100, PSC_EVENT_GREW, PSC_KIND_HEAP);
  for (guint i = 0; i < 5; i++)
    add_event (timeline, 500 + i, PSC_EVENT_MAPPED, PSC_KIND_ANON);
  add_event (timeline, 900, PSC_EVENT_EXEC, 0);
  plot = psc_chart_plot (&chart, WIDTH, HEIGHT);
  spot = psc_chart_hit (&chart, WIDTH, HEIGHT,
                        psc_chart_x_of (&chart, WIDTH, HEIGHT, START + 100 * G_USEC_PER_SEC),
                        plot.y - 5);
  g_assert_cmpint (spot.part, ==, PSC_CHART_EVENTS);
  g_assert_cmpuint (spot.n_events, ==, 1);
  tip = psc_chart_dup_tip (&chart, &spot);
  g_assert_nonnull (strstr (tip, "Heap grew by 8 KiB"));
  /* Every event is in one mark. */
  for (double x = plot.x; x <= plot.x + plot.width; x++)
    {
      static guint last = G_MAXUINT;

      spot = psc_chart_hit (&chart, WIDTH, HEIGHT, x, plot.y - 5);
      if (spot.n_events == 0 || spot.first_event == last)
        continue;
      last = spot.first_event;
      n++;
      in_marks += spot.n_events;
    }
  g_assert_cmpuint (in_marks, ==, 7);
  g_assert_cmpuint (n, >=, 3);
  g_assert_cmpuint (n, <=, 4);
  cairo_surface_destroy (draw (&chart));
}

static void
test_words (void)
{
  static const Point points[] = { { 0, 64, 10, 0 }, { 60, 64, 74, 0 }, { 120, 64, 42, 0 } };
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  PscChart chart = chart_of (timeline, 0, 120);
  g_autofree char *sentence = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    add_point (timeline, &points[i]);
  sentence = psc_chart_dup_sentence (&chart);
  g_assert_cmpstr (sentence, ==,
                   "106 MiB resident, +32 MiB in 2 min (Heap +32 MiB). At most 138 MiB, at "
                   "22:14:20");
}

static void
test_steps (void)
{
  static const struct
  {
    gint64 usec;
    const char *text;
  } spans[] = {
    { 0, "0 s" },
    { 8 * G_USEC_PER_SEC, "8 s" },
    { 60 * G_USEC_PER_SEC, "1 min" },
    { 125 * G_USEC_PER_SEC, "2 min 5 s" },
    { 3660 * (gint64) G_USEC_PER_SEC, "1 h 1 min" },
    { 3 * 86400 * (gint64) G_USEC_PER_SEC, "3 d" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      g_autofree char *text = psc_chart_dup_span (spans[i].usec);

      g_assert_cmpstr (text, ==, spans[i].text);
    }
  for (double peak = 5000; peak < 1e15; peak *= 3.7)
    {
      double step = psc_chart_size_step (peak, 4);

      g_assert_cmpfloat (step * 4, >=, peak);
      g_assert_cmpfloat (step * 2, <=, peak);
      g_assert_cmpfloat (log2 (step), ==, floor (log2 (step)));
    }
  for (gint64 least = 1000; least < (gint64) 1 << 50; least = least * 3 + 7)
    {
      gint64 step = psc_chart_time_step (least);

      g_assert_cmpint (step, >=, least);
      g_assert_cmpint (step, <=, MAX (4 * least, G_USEC_PER_SEC));
    }
}

/* Themes and patterns draw; a file keeps its texts. */
static void
test_looks (void)
{
  static const Point points[] = { { 0, 64, 64, 64, 32 }, { 60, 64, 80, 64, 32 } };
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  PscChart chart = chart_of (timeline, 0, 60);
  cairo_surface_t *plain, *hatched;

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    add_point (timeline, &points[i]);
  for (guint theme = 0; theme < PSC_N_THEMES; theme++)
    {
      chart.theme = theme;
      chart.patterns = FALSE;
      plain = draw (&chart);
      chart.patterns = TRUE;
      hatched = draw (&chart);
      g_assert_cmphex (color_at (plain, 1, 1), ==, psc_theme_colors (theme)->background);
      g_assert_cmpint (memcmp (cairo_image_surface_get_data (plain),
                               cairo_image_surface_get_data (hatched),
                               (gsize) cairo_image_surface_get_stride (plain) * HEIGHT),
                       !=, 0);
      cairo_surface_destroy (plain);
      cairo_surface_destroy (hatched);
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/stack", test_stack);
  g_test_add_func ("/chart/swapped", test_swapped);
  g_test_add_func ("/chart/spike", test_spike);
  g_test_add_func ("/chart/columns", test_columns);
  g_test_add_func ("/chart/other", test_other);
  g_test_add_func ("/chart/unknown", test_unknown);
  g_test_add_func ("/chart/thinned", test_thinned);
  g_test_add_func ("/chart/empty", test_empty);
  g_test_add_func ("/chart/hit", test_hit);
  g_test_add_func ("/chart/marks", test_marks);
  g_test_add_func ("/chart/words", test_words);
  g_test_add_func ("/chart/steps", test_steps);
  g_test_add_func ("/chart/looks", test_looks);
  return g_test_run ();
}
