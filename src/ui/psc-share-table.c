/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-share-table.h"

#include "psc-format.h"
#include "psc-label.h"

#define SWATCH_PX 12
#define BAR_PX    10

static GdkRGBA
to_rgba (PscColor color)
{
  return (GdkRGBA){
    .red = (float) (color >> 16 & 0xff) / 255,
    .green = (float) (color >> 8 & 0xff) / 255,
    .blue = (float) (color & 0xff) / 255,
    .alpha = 1,
  };
}

/* --- swatch -------------------------------------------------------------------------------- */

struct _PscSwatch
{
  GtkWidget parent_instance;
  GdkRGBA color;
};

G_DEFINE_FINAL_TYPE (PscSwatch, psc_swatch, GTK_TYPE_WIDGET)

void
psc_swatch_set_color (PscSwatch *self, PscColor color)
{
  g_return_if_fail (PSC_IS_SWATCH (self));

  self->color = to_rgba (color);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
psc_swatch_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                    int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = SWATCH_PX;
}

static void
psc_swatch_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PscSwatch *self = PSC_SWATCH (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (
      (float) (gtk_widget_get_width (widget) - SWATCH_PX) / 2,
      (float) (gtk_widget_get_height (widget) - SWATCH_PX) / 2, SWATCH_PX, SWATCH_PX);
  GskRoundedRect shape;

  gsk_rounded_rect_init_from_rect (&shape, &bounds, 3);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, &self->color, &bounds);
  gtk_snapshot_pop (snapshot);
}

static void
psc_swatch_class_init (PscSwatchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = psc_swatch_measure;
  widget_class->snapshot = psc_swatch_snapshot;
  /* The name beside it says what it is. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
psc_swatch_init (PscSwatch *self)
{
}

GtkWidget *
psc_swatch_new (void)
{
  return g_object_new (PSC_TYPE_SWATCH, NULL);
}

/* --- bar ----------------------------------------------------------------------------------- */

#define PSC_TYPE_SHARE_BAR (psc_share_bar_get_type ())
G_DECLARE_FINAL_TYPE (PscShareBar, psc_share_bar, PSC, SHARE_BAR, GtkWidget)

struct _PscShareBar
{
  GtkWidget parent_instance;
  GdkRGBA colors[PSC_SHARE_TABLE_MAX];
  double shares[PSC_SHARE_TABLE_MAX];
  guint n;
};

G_DEFINE_FINAL_TYPE (PscShareBar, psc_share_bar, GTK_TYPE_WIDGET)

static void
psc_share_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? BAR_PX : 40;
}

static void
psc_share_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PscShareBar *self = (PscShareBar *) widget;
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  GskRoundedRect shape;
  float x = 0;

  gsk_rounded_rect_init_from_rect (&shape, &bounds, height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  for (guint i = 0; i < self->n; i++)
    {
      /* A part that is there shows, however small it is. */
      float part = MAX ((float) (self->shares[i] * width), 1);

      gtk_snapshot_append_color (snapshot, &self->colors[i],
                                 &GRAPHENE_RECT_INIT (x, 0, part, height));
      x += part;
    }
  gtk_snapshot_pop (snapshot);
}

static void
psc_share_bar_class_init (PscShareBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = psc_share_bar_measure;
  widget_class->snapshot = psc_share_bar_snapshot;
  gtk_widget_class_set_css_name (widget_class, "sharebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
psc_share_bar_init (PscShareBar *self)
{
}

/* --- table --------------------------------------------------------------------------------- */

typedef struct
{
  GtkWidget *swatch, *title, *size, *share;
} Line;

struct _PscShareTable
{
  GtkWidget parent_instance;
  PscShareBar *bar;
  GtkGrid *grid;
  Line lines[PSC_SHARE_TABLE_MAX];
  guint n_lines; /* made so far; made when needed, then kept */
};

G_DEFINE_FINAL_TYPE (PscShareTable, psc_share_table, GTK_TYPE_WIDGET)

static Line *
get_line (PscShareTable *self, guint i)
{
  Line *line = &self->lines[i];

  if (i < self->n_lines)
    return line;
  line->swatch = psc_swatch_new ();
  line->title = psc_label_new (NULL, 0, "share-title");
  line->size = psc_label_new (NULL, 1, "numeric");
  line->share = psc_label_new (NULL, 1, "numeric");
  gtk_widget_add_css_class (line->share, "dim-label");
  gtk_label_set_wrap (GTK_LABEL (line->title), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (line->title), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (line->title, TRUE);
  gtk_grid_attach (self->grid, line->swatch, 0, (int) i, 1, 1);
  gtk_grid_attach (self->grid, line->title, 1, (int) i, 1, 1);
  gtk_grid_attach (self->grid, line->size, 2, (int) i, 1, 1);
  gtk_grid_attach (self->grid, line->share, 3, (int) i, 1, 1);
  self->n_lines = i + 1;
  return line;
}

static void
set_line_visible (Line *line, gboolean visible)
{
  gtk_widget_set_visible (line->swatch, visible);
  gtk_widget_set_visible (line->title, visible);
  gtk_widget_set_visible (line->size, visible);
  gtk_widget_set_visible (line->share, visible);
}

static void
set_line (PscShareTable *self, guint i, const PscShare *share, guint64 total)
{
  Line *line = get_line (self, i);
  g_autofree char *size = psc_format_size (share->bytes);
  g_autofree char *part = psc_format_share (share->bytes, total);

  psc_swatch_set_color (PSC_SWATCH (line->swatch), share->color);
  gtk_label_set_label (GTK_LABEL (line->title), share->title);
  gtk_label_set_label (GTK_LABEL (line->size), size);
  gtk_label_set_label (GTK_LABEL (line->share), part);
  set_line_visible (line, TRUE);
  self->bar->colors[i] = to_rgba (share->color);
  self->bar->shares[i] = total > 0 ? (double) share->bytes / (double) total : 0;
}

void
psc_share_table_set (PscShareTable *self, const PscShare *shares, guint n_shares, guint64 total)
{
  guint n = 0;

  g_return_if_fail (PSC_IS_SHARE_TABLE (self));

  for (guint i = 0; i < n_shares && n < PSC_SHARE_TABLE_MAX; i++)
    if (shares[i].bytes > 0)
      set_line (self, n++, &shares[i], total);
  for (guint i = n; i < self->n_lines; i++)
    set_line_visible (&self->lines[i], FALSE);
  self->bar->n = n;
  gtk_widget_queue_draw (GTK_WIDGET (self->bar));
}

static void
psc_share_table_dispose (GObject *object)
{
  PscShareTable *self = PSC_SHARE_TABLE (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->n_lines = 0;
  G_OBJECT_CLASS (psc_share_table_parent_class)->dispose (object);
}

static void
psc_share_table_class_init (PscShareTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = psc_share_table_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
psc_share_table_init (PscShareTable *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 8);
  self->bar = g_object_new (PSC_TYPE_SHARE_BAR, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->bar), GTK_WIDGET (self));
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 8);
  gtk_grid_set_row_spacing (self->grid, 2);
  gtk_widget_set_parent (GTK_WIDGET (self->grid), GTK_WIDGET (self));
}
