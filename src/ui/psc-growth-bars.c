/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-growth-bars.h"

#include <glib/gi18n-lib.h>

#include "psc-format.h"
#include "psc-label.h"
#include "psc-share-table.h"

#define BAR_PX 8
/* How much of what stayed is seen beside what came. */
#define STAYED_ALPHA 0.45f

static GdkRGBA
to_rgba (PscColor color, float alpha)
{
  return (GdkRGBA){
    .red = (float) (color >> 16 & 0xff) / 255,
    .green = (float) (color >> 8 & 0xff) / 255,
    .blue = (float) (color & 0xff) / 255,
    .alpha = alpha,
  };
}

/* --- bar ----------------------------------------------------------------------------------- */

#define PSC_TYPE_GROWTH_BAR (psc_growth_bar_get_type ())
G_DECLARE_FINAL_TYPE (PscGrowthBarWidget, psc_growth_bar, PSC, GROWTH_BAR, GtkWidget)

struct _PscGrowthBarWidget
{
  GtkWidget parent_instance;
  PscColor color;
  double then, now; /* shares of the whole width */
};

G_DEFINE_FINAL_TYPE (PscGrowthBarWidget, psc_growth_bar, GTK_TYPE_WIDGET)

static void
psc_growth_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? BAR_PX : 40;
}

static void
append_outline (GtkSnapshot *snapshot, const GdkRGBA *color, float x, float width, float height)
{
  const float widths[4] = { 1, 1, 1, 1 };
  const GdkRGBA colors[4] = { *color, *color, *color, *color };
  GskRoundedRect shape;

  gsk_rounded_rect_init_from_rect (&shape, &GRAPHENE_RECT_INIT (x, 0, width, height), 0);
  gtk_snapshot_append_border (snapshot, &shape, widths, colors);
}

static void
psc_growth_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PscGrowthBarWidget *self = PSC_GROWTH_BAR (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float stayed = (float) MIN (self->then, self->now) * width;
  /* What is there shows, however little it is. */
  float rest = MAX ((float) ABS (self->now - self->then) * width, 2);
  GdkRGBA full = to_rgba (self->color, 1), pale = to_rgba (self->color, STAYED_ALPHA);

  if (stayed > 0)
    gtk_snapshot_append_color (snapshot, &pale, &GRAPHENE_RECT_INIT (0, 0, stayed, height));
  if (self->now > self->then)
    gtk_snapshot_append_color (snapshot, &full, &GRAPHENE_RECT_INIT (stayed, 0, rest, height));
  else if (self->now < self->then)
    append_outline (snapshot, &full, stayed, rest, height);
}

static void
psc_growth_bar_class_init (PscGrowthBarWidgetClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = psc_growth_bar_measure;
  widget_class->snapshot = psc_growth_bar_snapshot;
  gtk_widget_class_set_css_name (widget_class, "growthbar");
  /* The numbers above it say it. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
psc_growth_bar_init (PscGrowthBarWidget *self)
{
}

/* --- bars ---------------------------------------------------------------------------------- */

typedef struct
{
  GtkWidget *swatch, *title, *sizes, *delta;
  PscGrowthBarWidget *bar;
} Line;

struct _PscGrowthBars
{
  GtkWidget parent_instance;
  GtkGrid *grid;
  Line lines[PSC_GROWTH_BARS_MAX];
  guint n_lines; /* made so far; made when needed, then kept */
};

G_DEFINE_FINAL_TYPE (PscGrowthBars, psc_growth_bars, GTK_TYPE_WIDGET)

static Line *
get_line (PscGrowthBars *self, guint i)
{
  Line *line = &self->lines[i];
  int row = 2 * (int) i;

  if (i < self->n_lines)
    return line;
  line->swatch = psc_swatch_new ();
  line->title = psc_label_new (NULL, 0, "share-title");
  line->sizes = psc_label_new (NULL, 1, "numeric");
  line->delta = psc_label_new (NULL, 1, "numeric");
  line->bar = g_object_new (PSC_TYPE_GROWTH_BAR, NULL);
  gtk_widget_add_css_class (line->sizes, "dim-label");
  gtk_widget_add_css_class (line->sizes, "caption");
  gtk_label_set_wrap (GTK_LABEL (line->title), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (line->title), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (line->title, TRUE);
  gtk_widget_set_valign (GTK_WIDGET (line->bar), GTK_ALIGN_CENTER);
  gtk_grid_attach (self->grid, line->swatch, 0, row, 1, 1);
  gtk_grid_attach (self->grid, line->title, 1, row, 1, 1);
  gtk_grid_attach (self->grid, line->delta, 2, row, 1, 1);
  gtk_grid_attach (self->grid, GTK_WIDGET (line->bar), 0, row + 1, 2, 1);
  gtk_grid_attach (self->grid, line->sizes, 2, row + 1, 1, 1);
  self->n_lines = i + 1;
  return line;
}

static void
set_line_visible (Line *line, gboolean visible)
{
  gtk_widget_set_visible (line->swatch, visible);
  gtk_widget_set_visible (line->title, visible);
  gtk_widget_set_visible (line->sizes, visible);
  gtk_widget_set_visible (line->delta, visible);
  gtk_widget_set_visible (GTK_WIDGET (line->bar), visible);
}

static void
set_line (PscGrowthBars *self, guint i, const PscGrowthBar *bar, guint64 most)
{
  Line *line = get_line (self, i);
  g_autofree char *then = psc_format_size (bar->then), *now = psc_format_size (bar->now);
  g_autofree char *delta = psc_format_size_delta ((gint64) (bar->now - bar->then));
  g_autofree char *sizes = g_strdup_printf (_ ("%s → %s"), then, now);

  psc_swatch_set_color (PSC_SWATCH (line->swatch), bar->color);
  gtk_label_set_label (GTK_LABEL (line->title), bar->title);
  gtk_widget_set_tooltip_text (line->title, bar->title);
  gtk_label_set_label (GTK_LABEL (line->sizes), sizes);
  gtk_label_set_label (GTK_LABEL (line->delta), delta);
  line->bar->color = bar->color;
  line->bar->then = (double) bar->then / (double) most;
  line->bar->now = (double) bar->now / (double) most;
  gtk_widget_queue_draw (GTK_WIDGET (line->bar));
  set_line_visible (line, TRUE);
}

void
psc_growth_bars_set (PscGrowthBars *self, const PscGrowthBar *bars, guint n)
{
  guint64 most = 1;

  g_return_if_fail (PSC_IS_GROWTH_BARS (self));

  n = MIN (n, PSC_GROWTH_BARS_MAX);
  for (guint i = 0; i < n; i++)
    most = MAX (most, MAX (bars[i].then, bars[i].now));
  for (guint i = 0; i < n; i++)
    set_line (self, i, &bars[i], most);
  for (guint i = n; i < self->n_lines; i++)
    set_line_visible (&self->lines[i], FALSE);
}

static void
psc_growth_bars_dispose (GObject *object)
{
  PscGrowthBars *self = PSC_GROWTH_BARS (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->n_lines = 0;
  G_OBJECT_CLASS (psc_growth_bars_parent_class)->dispose (object);
}

static void
psc_growth_bars_class_init (PscGrowthBarsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = psc_growth_bars_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
psc_growth_bars_init (PscGrowthBars *self)
{
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 8);
  gtk_grid_set_row_spacing (self->grid, 3);
  gtk_widget_set_parent (GTK_WIDGET (self->grid), GTK_WIDGET (self));
}
