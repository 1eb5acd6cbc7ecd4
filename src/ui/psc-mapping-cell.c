/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-mapping-cell.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "psc-mapping-tip.h"
#include "psc-page-states.h"

#define BAR_PX    6
#define BAR_WIDTH 44
#define SPACING   6

/* Characters of each column: a table that measured its texts would be never still. */
static const guint8 widths[PSC_N_COLUMNS] = {
  [PSC_COLUMN_ADDRESS] = 25,      [PSC_COLUMN_SIZE] = 7,         [PSC_COLUMN_RESIDENT] = 7,
  [PSC_COLUMN_SHARE] = 5,         [PSC_COLUMN_PERMS] = 4,        [PSC_COLUMN_KIND] = 15,
  [PSC_COLUMN_NAME] = 16,         [PSC_COLUMN_SWAPPED] = 7,      [PSC_COLUMN_HUGE] = 7,
  [PSC_COLUMN_OFFSET] = 10,       [PSC_COLUMN_PSS] = 7,          [PSC_COLUMN_PRIVATE_DIRTY] = 7,
  [PSC_COLUMN_PRIVATE_CLEAN] = 7, [PSC_COLUMN_SHARED_DIRTY] = 7, [PSC_COLUMN_SHARED_CLEAN] = 7,
  [PSC_COLUMN_REFERENCED] = 7,    [PSC_COLUMN_ANONYMOUS] = 7,    [PSC_COLUMN_SWAP_PSS] = 7,
  [PSC_COLUMN_LOCKED] = 7,        [PSC_COLUMN_THP] = 6,          [PSC_COLUMN_VM_FLAGS] = 20,
  [PSC_COLUMN_GROWTH] = 8,        [PSC_COLUMN_MATCH] = 16,       [PSC_COLUMN_SIZE_GROWTH] = 8,
  [PSC_COLUMN_APPEARED] = 8,      [PSC_COLUMN_GONE] = 7,         [PSC_COLUMN_COPIED] = 7,
  [PSC_COLUMN_SWAPPED_OUT] = 9,   [PSC_COLUMN_SWAPPED_IN] = 8,   [PSC_COLUMN_BECAME_HUGE] = 9,
  [PSC_COLUMN_SPLIT] = 7,
};

struct _PscMappingCell
{
  GtkWidget parent_instance;

  PscColumn column;
  PscMappingItem *item;
  gulong changed_handler;

  GtkInscription *text;
  PscSwatch *swatch; /* of the kind, else NULL */
  GtkWidget *bar;    /* of the share, else NULL; takes its room */
  double share;
  GdkRGBA bar_color;
};

G_DEFINE_FINAL_TYPE (PscMappingCell, psc_mapping_cell, GTK_TYPE_WIDGET)

/* --- words --------------------------------------------------------------------------------- */

char *
psc_mapping_cell_dup_text (const PscMappingFacts *facts, guint index, PscColumn column)
{
  PscMissing missing = { .reason = PSC_REASON_FAILED };
  char *text = psc_mapping_facts_dup_text (facts, index, column, &missing);

  if (text != NULL)
    return text;
  return g_strdup (missing.reason == PSC_REASON_NOT_READ ? _ ("not read") : "—");
}

char *
psc_mapping_cell_dup_row_name (const PscMappingFacts *facts, guint index)
{
  g_autofree char *name = psc_mapping_facts_dup_text (facts, index, PSC_COLUMN_NAME, NULL);
  g_autofree char *kind = psc_mapping_facts_dup_text (facts, index, PSC_COLUMN_KIND, NULL);
  g_autofree char *perms = psc_mapping_facts_dup_text (facts, index, PSC_COLUMN_PERMS, NULL);
  g_autofree char *size = psc_mapping_facts_dup_text (facts, index, PSC_COLUMN_SIZE, NULL);
  g_autofree char *range = psc_mapping_facts_dup_text (facts, index, PSC_COLUMN_ADDRESS, NULL);
  g_autofree char *amount = psc_mapping_facts_dup_text (facts, index, PSC_COLUMN_RESIDENT, NULL);
  g_autofree char *resident = amount != NULL ? g_strdup_printf (_ ("%s resident"), amount) :
                                               g_strdup (_ ("resident not known"));

  if (*name == '\0')
    return g_strjoin (", ", kind, perms, size, resident, range, NULL);
  return g_strjoin (", ", name, kind, perms, size, resident, range, NULL);
}

/* --- cell ---------------------------------------------------------------------------------- */

/* Most of what is swapped or huge is 0: what is not should stand out. */
static gboolean
is_zero (PscMappingCell *self, const PscMappingFacts *facts, guint index)
{
  guint64 number;

  return psc_column_is_amount (self->column) && self->column != PSC_COLUMN_OFFSET &&
         psc_mapping_facts_get_number (facts, index, self->column, &number, NULL) && number == 0;
}

/* GtkColumnViewCell has no name of its own. */
static void
name_cell (PscMappingCell *self, const char *text)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *name = NULL;

  if (cell == NULL)
    return;
  name = g_strdup_printf (_ ("%s: %s"),
                          g_dgettext (GETTEXT_PACKAGE, psc_column_title (self->column)), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
update_text (PscMappingCell *self, const PscMappingFacts *facts, guint index)
{
  PscMissing missing = { .reason = PSC_REASON_FAILED };
  g_autofree char *text = psc_mapping_facts_dup_text (facts, index, self->column, &missing);
  gboolean known = text != NULL;

  if (!known)
    text = psc_mapping_cell_dup_text (facts, index, self->column);
  if (g_strcmp0 (gtk_inscription_get_text (self->text), text) == 0)
    return;
  gtk_inscription_set_text (self->text, text);
  name_cell (self, text);
  if (known && !is_zero (self, facts, index))
    gtk_widget_remove_css_class (GTK_WIDGET (self), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "dim-label");
}

static PscTheme
get_theme (void)
{
  return adw_style_manager_get_dark (adw_style_manager_get_default ()) ? PSC_THEME_DARK :
                                                                         PSC_THEME_LIGHT;
}

static void
update_swatch (PscMappingCell *self, const PscMappingFacts *facts, guint index)
{
  psc_swatch_set_color (self->swatch,
                        psc_kind_color (facts->space->mappings[index].kind, get_theme ()));
}

static void
update_bar (PscMappingCell *self, const PscMappingFacts *facts, guint index)
{
  guint64 resident, all = facts->space->totals.resident;
  PscColor color = psc_page_states_color (PSC_CLASS_RESIDENT, get_theme ());
  GdkRGBA rgba = { (float) (color >> 16 & 0xff) / 255, (float) (color >> 8 & 0xff) / 255,
                   (float) (color & 0xff) / 255, 1 };
  double share = 0;

  if (psc_mapping_facts_get_number (facts, index, PSC_COLUMN_SHARE, &resident, NULL) && all > 0)
    share = CLAMP ((double) resident / (double) all, 0, 1);
  if (share == self->share && gdk_rgba_equal (&rgba, &self->bar_color))
    return;
  self->share = share;
  self->bar_color = rgba;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The row is what a screen reader moves through; GtkListItem has a name for it only from 4.12 on.
 */
static void
update_row (PscMappingCell *self, const PscMappingFacts *facts, guint index)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (self));
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *name = NULL;

  if (row == NULL)
    return;
  name = psc_mapping_cell_dup_row_name (facts, index);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
update (PscMappingCell *self)
{
  const PscMappingFacts *facts;
  guint index;

  if (self->item == NULL)
    return;
  facts = psc_mapping_item_get_facts (self->item, &index);
  update_text (self, facts, index);
  if (self->swatch != NULL)
    update_swatch (self, facts, index);
  if (self->bar != NULL)
    update_bar (self, facts, index);
  if (self->column == PSC_COLUMN_ADDRESS)
    update_row (self, facts, index);
}

void
psc_mapping_cell_bind (PscMappingCell *self, PscMappingItem *item)
{
  g_return_if_fail (PSC_IS_MAPPING_CELL (self));

  if (self->item != NULL)
    g_clear_signal_handler (&self->changed_handler, self->item);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  self->changed_handler = g_signal_connect_swapped (item, "changed", G_CALLBACK (update), self);
  update (self);
}

PscMappingItem *
psc_mapping_cell_get_item (PscMappingCell *self)
{
  return self->item;
}

const char *
psc_mapping_cell_get_text (PscMappingCell *self)
{
  return gtk_inscription_get_text (self->text);
}

static gboolean
psc_mapping_cell_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard,
                                GtkTooltip *tooltip)
{
  PscMappingCell *self = PSC_MAPPING_CELL (widget);
  const PscMappingFacts *facts;
  g_autofree char *text = NULL;
  guint index;

  if (self->item == NULL)
    return FALSE;
  facts = psc_mapping_item_get_facts (self->item, &index);
  text = psc_mapping_tip_new (facts, index, self->column);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/* The bar is drawn by the cell itself: its place is that of the empty widget before the text. */
static void
psc_mapping_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PscMappingCell *self = PSC_MAPPING_CELL (widget);
  graphene_rect_t bounds;
  GskRoundedRect shape;

  GTK_WIDGET_CLASS (psc_mapping_cell_parent_class)->snapshot (widget, snapshot);
  if (self->bar == NULL || self->share <= 0 ||
      !gtk_widget_compute_bounds (self->bar, widget, &bounds))
    return;
  gsk_rounded_rect_init_from_rect (&shape, &bounds, BAR_PX / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  /* A part that is there shows, however small it is. */
  bounds.size.width = MAX ((float) self->share * bounds.size.width, 1);
  gtk_snapshot_append_color (snapshot, &self->bar_color, &bounds);
  gtk_snapshot_pop (snapshot);
}

static void
psc_mapping_cell_dispose (GObject *object)
{
  PscMappingCell *self = PSC_MAPPING_CELL (object);
  GtkWidget *child;

  psc_mapping_cell_bind (self, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (psc_mapping_cell_parent_class)->dispose (object);
}

static void
psc_mapping_cell_class_init (PscMappingCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_mapping_cell_dispose;
  widget_class->query_tooltip = psc_mapping_cell_query_tooltip;
  widget_class->snapshot = psc_mapping_cell_snapshot;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "mappingcell");
}

static void
psc_mapping_cell_init (PscMappingCell *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), SPACING);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

static void
add_swatch (PscMappingCell *self)
{
  self->swatch = PSC_SWATCH (psc_swatch_new ());
  gtk_widget_set_parent (GTK_WIDGET (self->swatch), GTK_WIDGET (self));
}

static void
add_bar (PscMappingCell *self)
{
  self->bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_size_request (self->bar, BAR_WIDTH, BAR_PX);
  gtk_widget_set_valign (self->bar, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->bar, "share");
  gtk_widget_set_parent (self->bar, GTK_WIDGET (self));
}

static void
add_text (PscMappingCell *self)
{
  gboolean is_amount = psc_column_is_amount (self->column);
  gboolean is_numeric = is_amount || self->column == PSC_COLUMN_ADDRESS;
  GtkWidget *text = gtk_inscription_new (NULL);

  self->text = GTK_INSCRIPTION (text);
  gtk_inscription_set_xalign (self->text, is_amount ? 1 : 0);
  gtk_inscription_set_min_chars (self->text, widths[self->column]);
  gtk_inscription_set_nat_chars (self->text, widths[self->column]);
  gtk_inscription_set_text_overflow (self->text, GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_widget_set_hexpand (text, TRUE);
  if (is_numeric || self->column == PSC_COLUMN_PERMS)
    gtk_widget_add_css_class (text, is_numeric ? "numeric" : "monospace");
  gtk_widget_set_parent (text, GTK_WIDGET (self));
}

GtkWidget *
psc_mapping_cell_new (PscColumn column)
{
  PscMappingCell *self = g_object_new (PSC_TYPE_MAPPING_CELL, NULL);

  self->column = column;
  if (column == PSC_COLUMN_KIND)
    add_swatch (self);
  if (column == PSC_COLUMN_SHARE)
    add_bar (self);
  if (self->swatch != NULL || self->bar != NULL)
    g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (update),
                             self, G_CONNECT_SWAPPED);
  add_text (self);
  return GTK_WIDGET (self);
}
