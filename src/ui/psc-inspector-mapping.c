/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-inspector-mapping.h"

#include <glib/gi18n-lib.h>

#include "psc-fact.h"
#include "psc-format.h"
#include "psc-inspector-details.h"
#include "psc-inspector-diff.h"
#include "psc-page-states.h"

/* Owners that are named when a mapping belongs to many. */
#define MAX_OWNERS 3

struct _PscInspectorMapping
{
  GtkWidget parent_instance;

  PscInsight *insight;
  PscSpace *space; /* what is shown; NULL: nothing yet */
  const PscMapping *mapping;

  GtkWidget *box; /* the only child */
  PscSwatch *kind_swatch;
  GtkLabel *kind_label, *pinned_label, *mapping_title;
  PscFact *owner_fact, *owner_why_fact;
  PscFact *range_fact, *mapping_size_fact, *access_fact, *file_fact, *offset_fact, *why_fact;
  PscFact *note_fact, *growth_fact, *touched_fact;
  PscShareTable *mapping_states_table;
  PscInspectorDiff *diff;
  PscInspectorDetails *details;
};

G_DEFINE_FINAL_TYPE (PscInspectorMapping, psc_inspector_mapping, GTK_TYPE_WIDGET)

static char *
format_range (guint64 start, guint64 end)
{
  g_autofree char *first = psc_format_address (start);
  g_autofree char *last = psc_format_address (end);

  return g_strdup_printf ("%s –\n%s", first, last);
}

static char *
describe_access (guint perms)
{
  GString *text = g_string_new (NULL);

  if (perms & PSC_PERM_READ)
    g_string_append (text, _ ("read"));
  if (perms & PSC_PERM_WRITE)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", _ ("write"));
  if (perms & PSC_PERM_EXEC)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", _ ("execute"));
  if (text->len == 0)
    g_string_append (text, _ ("none"));
  g_string_append_printf (text, " · %s", perms & PSC_PERM_SHARED ? _ ("shared") : _ ("private"));
  return g_string_free (text, FALSE);
}

static char *
describe_notes (const PscSpace *space, const PscMapping *mapping)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) notes = NULL;

  if (mapping->flags & PSC_MAPPING_DELETED)
    g_strv_builder_add (builder, _ ("The file is deleted; its memory stays until it is unmapped."));
  if (mapping->flags & PSC_MAPPING_GROWS_DOWN)
    g_strv_builder_add (builder, _ ("Grows downwards by itself."));
  if (mapping->flags & PSC_MAPPING_MOVING)
    g_strv_builder_add (builder, _ ("Changed while it was read."));
  if (!(mapping->flags & PSC_MAPPING_PAGES_KNOWN))
    g_strv_builder_add (builder, _ ("Its pages could not be read."));
  if (((gsize) 1 << mapping->page_shift) > space->page_size)
    {
      g_autofree char *size = psc_format_size (G_GUINT64_CONSTANT (1) << mapping->page_shift);
      g_autofree char *note = g_strdup_printf (_ ("Made of pages of %s."), size);

      g_strv_builder_add (builder, note);
    }
  notes = g_strv_builder_end (builder);
  return g_strjoinv (" ", notes);
}

static char *
describe_size (const PscSpace *space, const PscMapping *mapping)
{
  guint64 bytes = mapping->end - mapping->start;
  guint64 n_pages = bytes / space->page_size;
  g_autofree char *size = psc_format_size (bytes);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s, %" G_GUINT64_FORMAT " page",
                                       "%s, %" G_GUINT64_FORMAT " pages", (gulong) n_pages),
                          size, n_pages);
}

/* --- who owns it --------------------------------------------------------------------------- */

/* The first owner that has a part of the mapping, and how many there are; NULL: none. */
static const PscOwner *
find_owners (const PscSpace *space, const PscMapping *mapping, guint *n)
{
  const PscOwner *first = NULL;

  *n = 0;
  for (guint i = 0; i < space->n_owners && space->owners[i].start < mapping->end; i++)
    {
      if (space->owners[i].end <= mapping->start)
        continue;
      if (first == NULL)
        first = &space->owners[i];
      (*n)++;
    }
  return first;
}

/* Its range and size too when it has more or less than the mapping. */
static char *
describe_owner (const PscOwner *owner, const PscMapping *mapping)
{
  g_autofree char *range = NULL, *size = NULL;

  if (owner->start == mapping->start && owner->end == mapping->end)
    return g_strdup (owner->label);
  range = format_range (owner->start, owner->end);
  size = psc_format_size (owner->end - owner->start);
  return g_strdup_printf (_ ("%s\n%s, %s"), owner->label, range, size);
}

static char *
describe_owners (const PscOwner *first, guint n)
{
  GString *text = g_string_new (NULL);
  guint named = n > MAX_OWNERS ? MAX_OWNERS - 1 : n;

  for (guint i = 0; i < named; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", first[i].label);
  if (n > named)
    g_string_append_printf (text, _ ("\nand %u more: point at a page"), n - named);
  return g_string_free (text, FALSE);
}

static void
show_owner (PscInspectorMapping *self, const PscSpace *space, const PscMapping *mapping)
{
  guint n;
  const PscOwner *owner = find_owners (space, mapping, &n);

  psc_fact_set_value (self->owner_why_fact,
                      n > 0 ? g_dgettext (GETTEXT_PACKAGE, owner->why) : NULL);
  psc_fact_take_value (self->owner_fact, n == 0 ? NULL :
                                         n == 1 ? describe_owner (owner, mapping) :
                                                  describe_owners (owner, n));
}

/* --- its growth ---------------------------------------------------------------------------- */

static void
show_growth (PscInspectorMapping *self)
{
  if (self->space == NULL || self->insight == NULL)
    return;
  psc_fact_take_value (self->growth_fact,
                       psc_insight_dup_growth (self->insight, self->space, self->mapping));
  psc_fact_take_value (self->touched_fact, psc_insight_dup_touched (self->insight, self->mapping));
}

void
psc_inspector_mapping_set_insight (PscInspectorMapping *self, PscInsight *insight)
{
  g_return_if_fail (PSC_IS_INSPECTOR_MAPPING (self));
  g_return_if_fail (PSC_IS_INSIGHT (insight) && self->insight == NULL);

  self->insight = g_object_ref (insight);
  g_signal_connect_object (insight, "changed", G_CALLBACK (show_growth), self, G_CONNECT_SWAPPED);
}

static void
keep (PscInspectorMapping *self, PscSpace *space, const PscMapping *mapping)
{
  psc_space_ref (space);
  psc_space_unref (self->space);
  self->space = space;
  self->mapping = mapping;
}

void
psc_inspector_mapping_show (PscInspectorMapping *self, PscSpace *space, const PscMapping *mapping,
                            gboolean pinned, PscTheme theme)
{
  g_autofree char *label = psc_space_dup_label (space, mapping);
  const char *kind = g_dgettext (GETTEXT_PACKAGE, psc_kind_title (mapping->kind));
  gboolean has_file = mapping->inode != 0;
  guint64 classes[PSC_N_CLASSES];

  psc_swatch_set_color (self->kind_swatch, psc_kind_color (mapping->kind, theme));
  /* What has no name is called by its kind: once is enough. */
  gtk_label_set_label (self->kind_label, g_str_equal (label, kind) ? _ ("Mapping") : kind);
  gtk_widget_set_visible (GTK_WIDGET (self->pinned_label), pinned);
  gtk_label_set_label (self->mapping_title, label);
  show_owner (self, space, mapping);
  psc_fact_take_value (self->range_fact, format_range (mapping->start, mapping->end));
  psc_fact_take_value (self->mapping_size_fact, describe_size (space, mapping));
  psc_fact_take_value (self->access_fact, describe_access (mapping->perms));
  psc_fact_take_value (self->file_fact, has_file ? psc_format_name (mapping->name, -1) : NULL);
  psc_fact_take_value (self->offset_fact, has_file ? psc_format_address (mapping->offset) : NULL);
  psc_fact_take_value (
      self->why_fact,
      g_strdup_printf (_ ("%s: %s"), g_dgettext (GETTEXT_PACKAGE, psc_kind_title (mapping->kind)),
                       g_dgettext (GETTEXT_PACKAGE, psc_kind_why (mapping->why))));
  psc_fact_take_value (self->note_fact, describe_notes (space, mapping));
  keep (self, space, mapping);
  show_growth (self);
  psc_page_states_count (space, mapping, classes);
  psc_page_states_show (self->mapping_states_table, classes, mapping->end - mapping->start, theme);
  psc_inspector_details_show (self->details, space, mapping);
}

void
psc_inspector_mapping_show_diff (PscInspectorMapping *self, const PscDiff *diff, const char *words,
                                 const PscMapping *mapping, PscTheme theme)
{
  g_return_if_fail (PSC_IS_INSPECTOR_MAPPING (self));

  psc_inspector_diff_show_mapping (self->diff, diff, words, mapping, theme);
}

void
psc_inspector_mapping_set_session (PscInspectorMapping *self, PscSession *session)
{
  g_return_if_fail (PSC_IS_INSPECTOR_MAPPING (self));

  psc_inspector_details_set_session (self->details, session);
}

static void
psc_inspector_mapping_dispose (GObject *object)
{
  PscInspectorMapping *self = PSC_INSPECTOR_MAPPING (object);

  g_clear_object (&self->insight);
  g_clear_pointer (&self->space, psc_space_unref);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_INSPECTOR_MAPPING);
  G_OBJECT_CLASS (psc_inspector_mapping_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (
      klass, "/io/github/pagescape/Pagescape/psc-inspector-mapping.ui");
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, box);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, kind_swatch);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, kind_label);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, pinned_label);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, mapping_title);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, owner_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, owner_why_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, range_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, mapping_size_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, access_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, file_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, offset_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, why_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, note_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, growth_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, touched_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, mapping_states_table);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, details);
  gtk_widget_class_bind_template_child (klass, PscInspectorMapping, diff);
}

static void
psc_inspector_mapping_class_init (PscInspectorMappingClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_inspector_mapping_dispose;
  g_type_ensure (PSC_TYPE_FACT);
  g_type_ensure (PSC_TYPE_INSPECTOR_DETAILS);
  g_type_ensure (PSC_TYPE_INSPECTOR_DIFF);
  g_type_ensure (PSC_TYPE_SHARE_TABLE);
  g_type_ensure (PSC_TYPE_SWATCH);
  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
psc_inspector_mapping_init (PscInspectorMapping *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
