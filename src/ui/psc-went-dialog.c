/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-went-dialog.h"

#include <glib/gi18n-lib.h>

#include "psc-format.h"

#define WIDTH  720
#define HEIGHT 420
/* More have no place in a list that somebody reads; the sums are of all. */
#define MOST_ROWS 10000

typedef enum
{
  COLUMN_NAME,
  COLUMN_SIZE,
  COLUMN_RESIDENT,
  COLUMN_KIND,
  COLUMN_PERMS,
  COLUMN_ADDRESS,
  N_COLUMNS
} WentColumn;

static const struct
{
  const char *title;
  guint chars;
  gboolean is_amount;
} columns[N_COLUMNS] = {
  [COLUMN_NAME] = { N_ ("Name or owner"), 16, FALSE },
  [COLUMN_SIZE] = { N_ ("Size"), 8, TRUE },
  [COLUMN_RESIDENT] = { N_ ("Resident"), 8, TRUE },
  [COLUMN_KIND] = { N_ ("Kind"), 15, FALSE },
  [COLUMN_PERMS] = { N_ ("Access"), 4, FALSE },
  [COLUMN_ADDRESS] = { N_ ("Addresses"), 25, FALSE },
};

struct _PscWentDialog
{
  AdwWindow parent_instance;

  PscDiff *diff;
};

G_DEFINE_FINAL_TYPE (PscWentDialog, psc_went_dialog, ADW_TYPE_WINDOW)

/* --- words --------------------------------------------------------------------------------- */

char *
psc_went_dup_words (const PscDiff *diff)
{
  guint64 size = 0, resident = 0;
  g_autofree char *sizes = NULL, *residents = NULL, *count = NULL;

  if (diff->n_went == 0)
    return NULL;
  for (guint i = 0; i < diff->n_went; i++)
    {
      const PscDiffGrowth *growth = &diff->pairs[diff->went[i]].growth;

      size += growth->size.then;
      resident += growth->resident.then;
    }
  sizes = psc_format_size (size);
  residents = psc_format_size (resident);
  count = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u mapping went", "%u mappings went", diff->n_went),
      diff->n_went);
  return g_strdup_printf (_ ("%s: %s, %s resident"), count, sizes, residents);
}

static char *
dup_name (const PscDiff *diff, const PscDiffPair *pair)
{
  const PscMapping *mapping = &diff->a->mappings[pair->a];

  if (*mapping->name == '\0' && psc_space_lookup_owner (diff->a, mapping->start) == NULL)
    return g_strdup ("");
  return psc_space_dup_label (diff->a, mapping);
}

static char *
dup_text (const PscDiff *diff, const PscDiffPair *pair, WentColumn column)
{
  const PscMapping *mapping = &diff->a->mappings[pair->a];
  char perms[5];

  switch (column)
    {
    case COLUMN_NAME:
      return dup_name (diff, pair);
    case COLUMN_SIZE:
      return psc_format_size (pair->growth.size.then);
    case COLUMN_RESIDENT:
      return pair->growth.then_known ? psc_format_size (pair->growth.resident.then) :
                                       g_strdup ("—");
    case COLUMN_KIND:
      return g_strdup (g_dgettext (GETTEXT_PACKAGE, psc_kind_title (mapping->kind)));
    case COLUMN_PERMS:
      psc_mapping_format_perms (mapping, perms);
      return g_strdup (perms);
    case COLUMN_ADDRESS:
    default:
      return g_strdup_printf ("%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x", pair->a_start,
                              pair->a_end);
    }
}

/* --- rows ---------------------------------------------------------------------------------- */

/* The rows are numbers: what they say is in the difference. */
static GListModel *
make_rows (const PscDiff *diff)
{
  GtkStringList *rows = gtk_string_list_new (NULL);

  for (guint i = 0; i < MIN (diff->n_went, MOST_ROWS); i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", diff->went[i]);

      gtk_string_list_append (rows, number);
    }
  return G_LIST_MODEL (rows);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  WentColumn column = GPOINTER_TO_UINT (user_data);
  GtkWidget *text = gtk_inscription_new (NULL);

  gtk_inscription_set_min_chars (GTK_INSCRIPTION (text), columns[column].chars);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (text), columns[column].chars);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (text), columns[column].is_amount ? 1 : 0);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  if (column != COLUMN_NAME && column != COLUMN_KIND)
    gtk_widget_add_css_class (text, "numeric");
  gtk_list_item_set_child (item, text);
}

/* What a column needs to know of a row. */
typedef struct
{
  PscDiff *diff;
  WentColumn column;
} Source;

static void
source_free (gpointer data, GClosure *closure)
{
  Source *source = data;

  psc_diff_unref (source->diff);
  g_free (source);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, const Source *source)
{
  GtkWidget *text = gtk_list_item_get_child (item);
  GtkStringObject *number = gtk_list_item_get_item (item);
  guint64 pair = g_ascii_strtoull (gtk_string_object_get_string (number), NULL, 10);
  g_autofree char *words = dup_text (source->diff, &source->diff->pairs[pair], source->column);

  gtk_inscription_set_text (GTK_INSCRIPTION (text), words);
  gtk_widget_set_tooltip_text (text, words);
}

static GtkListItemFactory *
make_factory (PscDiff *diff, WentColumn column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  Source *source = g_new0 (Source, 1);

  source->diff = psc_diff_ref (diff);
  source->column = column;
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GUINT_TO_POINTER (column));
  g_signal_connect_data (factory, "bind", G_CALLBACK (bind_cb), source, source_free, 0);
  return factory;
}

static GtkWidget *
make_list (PscDiff *diff)
{
  GtkNoSelection *model = gtk_no_selection_new (make_rows (diff));
  GtkWidget *view = gtk_column_view_new (GTK_SELECTION_MODEL (model));

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (
          g_dgettext (GETTEXT_PACKAGE, columns[i].title), make_factory (diff, i));

      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_column_set_expand (column, i == COLUMN_NAME);
      gtk_column_view_append_column (GTK_COLUMN_VIEW (view), column);
    }
  gtk_widget_add_css_class (view, "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Mappings that went"), -1);
  return view;
}

/* --- the window ---------------------------------------------------------------------------- */

static void
psc_went_dialog_dispose (GObject *object)
{
  g_clear_pointer (&PSC_WENT_DIALOG (object)->diff, psc_diff_unref);
  G_OBJECT_CLASS (psc_went_dialog_parent_class)->dispose (object);
}

static void
psc_went_dialog_class_init (PscWentDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = psc_went_dialog_dispose;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close",
                                       NULL);
}

static void
psc_went_dialog_init (PscWentDialog *self)
{
}

static GtkWidget *
make_content (PscWentDialog *self, const char *since)
{
  g_autofree char *words = psc_went_dup_words (self->diff);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  adw_header_bar_set_title_widget (
      ADW_HEADER_BAR (header),
      adw_window_title_new (words != NULL ? words : _ ("No mapping went"), since));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), make_list (self->diff));
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), scrolled);
  return box;
}

GtkWidget *
psc_went_dialog_new (GtkWindow *parent, PscDiff *diff, const char *since)
{
  PscWentDialog *self = g_object_new (
      PSC_TYPE_WENT_DIALOG, "transient-for", parent, "modal", TRUE, "destroy-with-parent", TRUE,
      "default-width", WIDTH, "default-height", HEIGHT, "title", _ ("Mappings That Went"), NULL);

  self->diff = psc_diff_ref (diff);
  adw_window_set_content (ADW_WINDOW (self), make_content (self, since));
  return GTK_WIDGET (self);
}
