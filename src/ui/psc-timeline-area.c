/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-timeline-area.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#include "psc-format.h"
#include "psc-timeline-area-private.h"

G_DEFINE_FINAL_TYPE (PscTimelineArea, psc_timeline_area, GTK_TYPE_WIDGET)

/* libadwaita's own text size; labels of the chart are 9 pt beside it. */
#define USUAL_TEXT_PT 11.0
#define NATURAL_WIDTH 400
/* Around the flag, where it is meant. */
#define FLAG_PX 8
/* Least and most time in view. */
#define LEAST_SPAN_USEC (10 * G_USEC_PER_SEC)
/* Numbers that run on by themselves are told no more often. */
#define SAY_USEC (10 * G_USEC_PER_SEC)

/* --- what is in view ----------------------------------------------------------------------- */

/* All of it, and room to go on: were it always just as long as it is, all would move all the time.
 */
static gint64
whole_span (PscTimelineArea *self)
{
  static const gint64 minutes[] = { 1,   2,   5,   10,   20,   30,   60,   120,
                                    240, 480, 720, 1440, 2880, 5760, 10080 };
  guint n = psc_timeline_area_count (self);
  gint64 span =
      n > 0 ? psc_timeline_area_time_of (self, n - 1) - psc_timeline_area_time_of (self, 0) : 0;

  if (!self->goes_on)
    return MAX (span, LEAST_SPAN_USEC);
  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    if (span <= minutes[i] * 60 * G_USEC_PER_SEC)
      return minutes[i] * 60 * G_USEC_PER_SEC;
  return span;
}

static double
get_text_scale (PscTimelineArea *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontDescription *font = pango_context_get_font_description (context);
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;
  double dpi = pango_cairo_context_get_resolution (context);

  if (pango_font_description_get_size_is_absolute (font))
    return size * 72 / 96 / USUAL_TEXT_PT;
  return size / USUAL_TEXT_PT * (dpi > 0 ? dpi : 96) / 96;
}

PscChart
psc_timeline_area_get_chart (PscTimelineArea *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  guint n = psc_timeline_area_count (self);
  gint64 span = self->span_usec != 0 ? self->span_usec : whole_span (self);
  gint64 end = self->end_usec;

  if (end == 0)
    end = n > 0 ? psc_timeline_area_time_of (self, n - 1) : 0;
  return (PscChart){
    .timeline = self->timeline,
    .from_usec = end - span,
    .to_usec = end,
    .shown_usec = self->shown_usec,
    .flag_usec = self->flag_usec,
    .hover_usec = self->hover_usec,
    .live = self->goes_on && self->end_usec == 0,
    .theme = psc_theme_choose (adw_style_manager_get_dark (manager),
                               adw_style_manager_get_high_contrast (manager)),
    .patterns = self->patterns,
    .font = pango_font_description_get_family (pango_context_get_font_description (context)),
    .text_scale = get_text_scale (self),
  };
}

static double
get_width (PscTimelineArea *self)
{
  return gtk_widget_get_width (GTK_WIDGET (self));
}

static double
get_height (PscTimelineArea *self)
{
  return gtk_widget_get_height (GTK_WIDGET (self));
}

static void
redraw (PscTimelineArea *self)
{
  self->serial++;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Ends at `end`, or where the newest moment is and will be. */
static void
show_until (PscTimelineArea *self, gint64 end_usec)
{
  guint n = psc_timeline_area_count (self);
  gint64 span = self->span_usec != 0 ? self->span_usec : whole_span (self);

  if (n == 0)
    return;
  end_usec = MAX (end_usec, psc_timeline_area_time_of (self, 0) + span / 2);
  self->end_usec = end_usec >= psc_timeline_area_time_of (self, n - 1) ? 0 : end_usec;
  redraw (self);
}

void
psc_timeline_area_fit (PscTimelineArea *self)
{
  g_return_if_fail (PSC_IS_TIMELINE_AREA (self));

  self->span_usec = self->end_usec = 0;
  redraw (self);
}

gboolean
psc_timeline_area_get_fit (PscTimelineArea *self)
{
  return self->span_usec == 0 && self->end_usec == 0;
}

void
psc_timeline_area_zoom (PscTimelineArea *self, double factor, double x)
{
  PscChart chart;
  PscRect plot;
  gint64 span;
  double ratio;

  g_return_if_fail (PSC_IS_TIMELINE_AREA (self));

  if (psc_timeline_area_count (self) == 0)
    return;
  chart = psc_timeline_area_get_chart (self);
  plot = psc_chart_plot (&chart, get_width (self), get_height (self));
  ratio = CLAMP ((x - plot.x) / plot.width, 0, 1);
  span = chart.to_usec - chart.from_usec;
  self->span_usec =
      (gint64) CLAMP ((double) span / factor, (double) LEAST_SPAN_USEC, (double) whole_span (self));
  if (self->span_usec >= whole_span (self))
    psc_timeline_area_fit (self);
  else
    show_until (self, chart.to_usec - (gint64) ((double) (span - self->span_usec) * (1 - ratio)));
}

void
psc_timeline_area_reveal (PscTimelineArea *self, gint64 time_usec)
{
  PscChart chart = psc_timeline_area_get_chart (self);

  if (time_usec < chart.from_usec)
    show_until (self, time_usec + (chart.to_usec - chart.from_usec));
  else if (time_usec > chart.to_usec)
    show_until (self, time_usec);
}

void
psc_timeline_area_pan_to_end (PscTimelineArea *self)
{
  self->end_usec = 0;
  redraw (self);
}

void
psc_timeline_area_pan (PscTimelineArea *self, gint64 end_usec)
{
  if (self->span_usec == 0)
    self->span_usec = whole_span (self);
  show_until (self, end_usec);
}

void
psc_timeline_area_point (PscTimelineArea *self, double x, double y)
{
  PscChart chart = psc_timeline_area_get_chart (self);
  PscChartSpot spot = { .part = PSC_CHART_NOTHING };
  gint64 hover = 0;

  self->pointer_x = x;
  self->pointer_y = y;
  if (x >= 0)
    spot = psc_chart_hit (&chart, get_width (self), get_height (self), x, y);
  if (spot.part != PSC_CHART_NOTHING && spot.part != PSC_CHART_AXIS)
    hover = psc_timeline_area_time_of (self, psc_timeline_area_index_near (self, x));
  if (x >= 0)
    gtk_widget_set_cursor_from_name (GTK_WIDGET (self),
                                     spot.part == PSC_CHART_AXIS ? "ew-resize" : NULL);
  if (hover == self->hover_usec)
    return;
  self->hover_usec = hover;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* --- words --------------------------------------------------------------------------------- */

static char *
dup_value_text (PscTimelineArea *self)
{
  const PscMoment *moment;
  g_autofree char *clock = NULL, *ago = NULL, *size = NULL;
  gint64 last;

  if (psc_timeline_area_count (self) == 0)
    return g_strdup (_ ("Nothing yet"));
  moment = psc_timeline_get_moment (self->timeline, psc_timeline_area_get_shown_index (self));
  last = psc_timeline_area_time_of (self, psc_timeline_area_count (self) - 1);
  size = psc_format_size (moment->total.resident + moment->total.hugetlb);
  if (self->shown_usec == 0)
    return g_strdup_printf (_ ("Live, %s resident"), size);
  clock = psc_chart_dup_clock (moment->time_usec, last);
  ago = psc_chart_dup_span (last - moment->time_usec);
  return g_strdup_printf (_ ("%s, %s before the newest moment, %s resident"), clock, ago, size);
}

static void
say (PscTimelineArea *self)
{
  PscChart chart = psc_timeline_area_get_chart (self);
  guint n = psc_timeline_area_count (self);
  double last =
      n > 0 ?
          (double) (psc_timeline_area_time_of (self, n - 1) - psc_timeline_area_time_of (self, 0)) /
              G_USEC_PER_SEC :
          0;
  double now =
      n > 0 && self->shown_usec != 0 ?
          (double) (self->shown_usec - psc_timeline_area_time_of (self, 0)) / G_USEC_PER_SEC :
          last;
  g_autofree char *text = dup_value_text (self);
  g_autofree char *sentence = psc_chart_dup_sentence (&chart);

  self->said_usec = g_get_monotonic_time ();
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Timeline"),
      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, sentence, GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
      GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, last, GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, now,
      GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

/* Is the flag there? */
static gboolean
is_flag (PscTimelineArea *self, const PscChart *chart, double x)
{
  return self->flag_usec != 0 &&
         fabs (psc_chart_x_of (chart, get_width (self), get_height (self), self->flag_usec) - x) <
             FLAG_PX;
}

static gboolean
query_tooltip_cb (PscTimelineArea *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  PscChart chart = psc_timeline_area_get_chart (self);
  double width = get_width (self), height = get_height (self);
  PscRect plot = psc_chart_plot (&chart, width, height);
  PscChartSpot spot;
  g_autofree char *tip = NULL;

  if (psc_timeline_area_count (self) == 0 || self->dragging)
    return FALSE;
  if (keyboard)
    {
      x = (int) psc_chart_x_of (
          &chart, width, height,
          psc_timeline_area_time_of (self, psc_timeline_area_get_shown_index (self)));
      y = (int) (plot.y + plot.height / 2);
    }
  spot = psc_chart_hit (&chart, width, height, x, y);
  if (spot.part == PSC_CHART_MEMORY || spot.part == PSC_CHART_FAULTS)
    {
      /* That of the line, wherever the pointer is beside it. */
      spot.moment = psc_timeline_area_index_near (self, x);
      spot.time_usec = psc_timeline_area_time_of (self, spot.moment);
      spot.has_moment = TRUE;
    }
  if (spot.part == PSC_CHART_EVENTS && is_flag (self, &chart, x))
    tip = g_strdup (_ ("What is shown is compared with this moment"));
  else if (spot.part == PSC_CHART_AXIS)
    tip = g_strdup (_ ("Drag to move, scroll to zoom, double-click for all"));
  else
    tip = psc_chart_dup_tip (&chart, &spot);
  if (tip == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, tip);
  gtk_tooltip_set_tip_area (tooltip, &(GdkRectangle){ x, 0, 1, (int) height });
  return TRUE;
}

/* --- what it is told ----------------------------------------------------------------------- */

void
psc_timeline_area_changed (PscTimelineArea *self)
{
  g_return_if_fail (PSC_IS_TIMELINE_AREA (self));

  redraw (self);
  if (!gtk_widget_has_focus (GTK_WIDGET (self)) ||
      g_get_monotonic_time () - self->said_usec >= SAY_USEC)
    say (self);
}

void
psc_timeline_area_set_timeline (PscTimelineArea *self, const PscTimeline *timeline)
{
  g_return_if_fail (PSC_IS_TIMELINE_AREA (self));

  self->timeline = timeline;
  self->shown_usec = self->hover_usec = self->span_usec = self->end_usec = 0;
  psc_timeline_area_changed (self);
}

void
psc_timeline_area_set_goes_on (PscTimelineArea *self, gboolean goes_on)
{
  g_return_if_fail (PSC_IS_TIMELINE_AREA (self));

  if (self->goes_on == goes_on)
    return;
  self->goes_on = goes_on;
  psc_timeline_area_changed (self);
}

void
psc_timeline_area_set_shown (PscTimelineArea *self, gint64 time_usec)
{
  g_return_if_fail (PSC_IS_TIMELINE_AREA (self));

  if (self->shown_usec == time_usec)
    return;
  self->shown_usec = time_usec;
  if (time_usec == 0)
    self->end_usec = 0;
  redraw (self);
  say (self);
}

gint64
psc_timeline_area_get_shown (PscTimelineArea *self)
{
  return self->shown_usec;
}

void
psc_timeline_area_set_flag (PscTimelineArea *self, gint64 time_usec)
{
  g_return_if_fail (PSC_IS_TIMELINE_AREA (self));

  if (self->flag_usec == time_usec)
    return;
  self->flag_usec = time_usec;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
psc_timeline_area_set_patterns (PscTimelineArea *self, gboolean patterns)
{
  g_return_if_fail (PSC_IS_TIMELINE_AREA (self));

  self->patterns = patterns;
  redraw (self);
}

/* --- the widget ---------------------------------------------------------------------------- */

/* Pixels, so that what moves on top of them costs nothing but itself. */
static GskRenderNode *
make_node (PscTimelineArea *self, const PscChart *chart)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, width * scale, height * scale);
  GskRenderNode *node =
      gsk_cairo_node_new (&GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, scale, scale);
  cr = cairo_create (surface);
  psc_chart_draw (chart, cr, width, height);
  cairo_destroy (cr);
  cr = gsk_cairo_node_get_draw_context (node);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return node;
}

static void
psc_timeline_area_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PscTimelineArea *self = PSC_TIMELINE_AREA (widget);
  PscChart chart = psc_timeline_area_get_chart (self);
  double width = get_width (self), height = get_height (self);
  cairo_t *cr;

  if (width <= 0 || height <= 0)
    return;
  if (self->node == NULL || self->drawn_serial != self->serial)
    {
      g_clear_pointer (&self->node, gsk_render_node_unref);
      self->node = make_node (self, &chart);
      self->drawn_serial = self->serial;
    }
  gtk_snapshot_append_node (snapshot, self->node);
  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  psc_chart_draw_pointers (&chart, cr, width, height);
  cairo_destroy (cr);
}

static void
psc_timeline_area_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  double scale = get_text_scale (PSC_TIMELINE_AREA (widget));
  gboolean across = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = across ? 0 : (int) ceil (PSC_CHART_LEAST_HEIGHT * scale);
  *natural = across ? NATURAL_WIDTH : *minimum;
  *minimum_baseline = *natural_baseline = -1;
}

static void
psc_timeline_area_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  redraw (PSC_TIMELINE_AREA (widget));
}

static void
psc_timeline_area_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (psc_timeline_area_parent_class)->css_changed (widget, change);
  redraw (PSC_TIMELINE_AREA (widget));
}

static void
psc_timeline_area_dispose (GObject *object)
{
  PscTimelineArea *self = PSC_TIMELINE_AREA (object);

  self->timeline = NULL;
  g_clear_pointer (&self->node, gsk_render_node_unref);
  G_OBJECT_CLASS (psc_timeline_area_parent_class)->dispose (object);
}

static void
psc_timeline_area_class_init (PscTimelineAreaClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_timeline_area_dispose;
  widget_class->snapshot = psc_timeline_area_snapshot;
  widget_class->measure = psc_timeline_area_measure;
  widget_class->size_allocate = psc_timeline_area_size_allocate;
  widget_class->css_changed = psc_timeline_area_css_changed;
  gtk_widget_class_set_css_name (widget_class, "timelinearea");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
  g_signal_new ("travel", PSC_TYPE_TIMELINE_AREA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_INT64);
  g_signal_new ("live", PSC_TYPE_TIMELINE_AREA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
  g_signal_new ("play", PSC_TYPE_TIMELINE_AREA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
psc_timeline_area_init (PscTimelineArea *self)
{
  self->pointer_x = self->pointer_y = -1;
  self->goes_on = TRUE;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_swapped (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), self);
  psc_timeline_area_input_install (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (redraw),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast",
                           G_CALLBACK (redraw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "notify::scale-factor", G_CALLBACK (redraw), self,
                           G_CONNECT_SWAPPED);
  say (self);
}
