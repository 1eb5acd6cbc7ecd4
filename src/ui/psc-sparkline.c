/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-sparkline.h"

#define HEIGHT_PX 26
#define PALE      0.4
/* What varies by less than this part of itself does not fill the height. */
#define LEAST_SHARE 0.05

/* --- the data ------------------------------------------------------------------------------ */

static guint
column_of (const PscVerdict *verdict, gint64 time_usec)
{
  double span = (double) MAX (verdict->until_usec - verdict->since_usec, 1);
  double at = (double) (time_usec - verdict->since_usec) / span * PSC_SPARK_COLUMNS;

  return (guint) CLAMP (at, 0, PSC_SPARK_COLUMNS - 1);
}

static void
add_sample (PscSpark *spark, guint column, guint64 value)
{
  spark->columns[column].low = MIN (spark->columns[column].low, value);
  spark->columns[column].high = MAX (spark->columns[column].high, value);
  spark->low = MIN (spark->low, value);
  spark->high = MAX (spark->high, value);
}

PscSpark *
psc_spark_new (const PscTimeline *timeline, const PscVerdict *verdict, const PscFinding *finding)
{
  PscSpark *spark = g_new0 (PscSpark, 1);
  guint n = psc_timeline_get_n_moments (timeline);
  gboolean counts = finding->what == PSC_FINDING_MAPPINGS;
  gboolean grows = finding->trend.shape == PSC_GROWTH_GROWING;

  spark->low = G_MAXUINT64;
  for (guint i = 0; i < PSC_SPARK_COLUMNS; i++)
    spark->columns[i].low = G_MAXUINT64;
  for (guint i = psc_timeline_index_at (timeline, verdict->since_usec); i < n; i++)
    {
      const PscMoment *moment = psc_timeline_get_moment (timeline, i);
      const PscAmount *amount = psc_finding_amount_at (finding, moment);

      if (moment->time_usec > verdict->until_usec)
        break;
      if (moment->pages_known)
        add_sample (spark, column_of (verdict, moment->time_usec),
                    counts ? amount->n_mappings : psc_amount_populated (amount));
    }
  spark->since = grows ? column_of (verdict, finding->trend.since_usec) : PSC_SPARK_COLUMNS;
  return spark;
}

/* --- the widget ---------------------------------------------------------------------------- */

struct _PscSparkline
{
  GtkWidget parent_instance;
  PscSpark spark;
  PscColor color;
};

G_DEFINE_FINAL_TYPE (PscSparkline, psc_sparkline, GTK_TYPE_WIDGET)

void
psc_sparkline_set (PscSparkline *self, const PscSpark *spark, PscColor color)
{
  g_return_if_fail (PSC_IS_SPARKLINE (self));

  gtk_widget_set_visible (GTK_WIDGET (self), spark != NULL);
  if (spark == NULL)
    return;
  self->spark = *spark;
  self->color = color;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
is_known (const PscSpark *spark, guint i)
{
  return spark->columns[i].low <= spark->columns[i].high;
}

/* px from the top. */
static double
y_of (const PscSpark *spark, guint64 value, double height)
{
  double middle = ((double) spark->low + (double) spark->high) / 2;
  double span = MAX ((double) (spark->high - spark->low), LEAST_SHARE * (double) spark->high);

  if (span <= 0)
    return height - 1;
  return (0.5 - ((double) value - middle) / span) * (height - 2) + 1;
}

/* The curve of columns [from, to), down to the bottom where it is filled. */
static void
trace (PscSparkline *self, cairo_t *cr, guint from, guint to, double width, double height)
{
  const PscSpark *spark = &self->spark;
  double step = width / PSC_SPARK_COLUMNS;
  double x = 0, first = -1;

  for (guint i = from; i < to; i++)
    {
      if (!is_known (spark, i))
        continue;
      x = (i + 0.5) * step;
      if (first < 0)
        cairo_move_to (cr, first = x, y_of (spark, spark->columns[i].low, height));
      cairo_line_to (cr, x, y_of (spark, spark->columns[i].high, height));
      cairo_line_to (cr, x, y_of (spark, spark->columns[i].low, height));
    }
  cairo_stroke_preserve (cr);
  if (first >= 0)
    {
      cairo_line_to (cr, x, height);
      cairo_line_to (cr, first, height);
    }
}

static void
draw_part (PscSparkline *self, cairo_t *cr, guint from, guint to, double alpha)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double red = (self->color >> 16 & 0xff) / 255.0, green = (self->color >> 8 & 0xff) / 255.0;
  double blue = (self->color & 0xff) / 255.0;

  cairo_set_source_rgba (cr, red, green, blue, alpha);
  trace (self, cr, from, to, width, height);
  cairo_set_source_rgba (cr, red, green, blue, alpha * 0.25);
  cairo_fill (cr);
}

static void
psc_sparkline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PscSparkline *self = PSC_SPARKLINE (widget);
  guint since = self->spark.since;
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                     (float) gtk_widget_get_height (widget)));

  cairo_set_line_width (cr, 1.5);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  if (since >= PSC_SPARK_COLUMNS)
    draw_part (self, cr, 0, PSC_SPARK_COLUMNS, 0.8);
  else
    {
      draw_part (self, cr, 0, since + 1, PALE);
      draw_part (self, cr, since, PSC_SPARK_COLUMNS, 1);
    }
  cairo_destroy (cr);
}

static void
psc_sparkline_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT_PX : 40;
}

static void
psc_sparkline_class_init (PscSparklineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = psc_sparkline_measure;
  widget_class->snapshot = psc_sparkline_snapshot;
  gtk_widget_class_set_css_name (widget_class, "sparkline");
  /* The sentence beside it says what it shows. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
psc_sparkline_init (PscSparkline *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
psc_sparkline_new (void)
{
  return g_object_new (PSC_TYPE_SPARKLINE, NULL);
}
