/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-inspector-process.h"

#include <glib/gi18n-lib.h>

#include "psc-fact.h"
#include "psc-format.h"
#include "psc-inspector-diff.h"
#include "psc-huge-slots.h"
#include "psc-page-states.h"
#include "psc-unknown-note.h"

struct _PscInspectorProcess
{
  GtkWidget parent_instance;

  char *unknowns; /* what the notes say */

  GtkWidget *box; /* the only child */
  GtkLabel *process_title, *process_command;
  PscFact *pid_fact, *user_fact, *size_fact, *resident_fact, *swapped_fact, *huge_fact, *could_fact;
  PscFact *tables_fact, *mappings_fact, *threads_fact;
  PscGrowthPanel *growth;
  PscInspectorDiff *diff;
  PscShareTable *kinds_table, *process_states_table;
  GtkBox *unknowns_box;
  PscFact *source_fact, *cost_fact, *took_fact, *time_fact, *host_fact;
};

G_DEFINE_FINAL_TYPE (PscInspectorProcess, psc_inspector_process, GTK_TYPE_WIDGET)

static void
set_bytes (PscFact *fact, guint64 bytes)
{
  psc_fact_take_value (fact, bytes > 0 ? psc_format_size (bytes) : NULL);
}

static void
set_count (PscFact *fact, guint64 count)
{
  psc_fact_take_value (fact, count > 0 ? g_strdup_printf ("%" G_GUINT64_FORMAT, count) : NULL);
}

static gint
compare_shares (gconstpointer a, gconstpointer b)
{
  const PscShare *sa = a, *sb = b;

  return (sa->bytes < sb->bytes) - (sa->bytes > sb->bytes);
}

static void
show_kinds (PscInspectorProcess *self, const PscSpace *space, PscTheme theme)
{
  PscShare shares[PSC_N_KINDS];
  guint64 total = 0;

  for (guint i = 0; i < PSC_N_KINDS; i++)
    {
      shares[i] = (PscShare){
        .title = g_dgettext (GETTEXT_PACKAGE, psc_kind_title (i)),
        .color = psc_kind_color (i, theme),
        .bytes = space->kinds[i].resident + space->kinds[i].hugetlb,
      };
      total += shares[i].bytes;
    }
  qsort (shares, PSC_N_KINDS, sizeof *shares, compare_shares);
  psc_share_table_set (self->kinds_table, shares, PSC_N_KINDS, total);
}

static const char *
source_text (PscSource source)
{
  switch (source)
    {
    case PSC_SOURCE_SCAN:
      return _ ("exact (PAGEMAP_SCAN)");
    case PSC_SOURCE_PAGEMAP:
      return _ ("from pagemap: huge pages can’t be told");
    default:
      return _ ("not read");
    }
}

/* The notes stay when they say the same, and with them what the user has selected of one. */
static gboolean
take_unknowns (PscInspectorProcess *self, const PscSpace *space)
{
  GString *text = g_string_new (NULL);
  gboolean same;

  for (guint i = 0; i < space->n_unknowns; i++)
    {
      const PscUnknown *unknown = &space->unknowns[i];

      g_string_append_printf (text, "%d %s\n%s\n%s\n", unknown->reason, unknown->what, unknown->why,
                              unknown->remedy);
    }
  same = g_strcmp0 (self->unknowns, text->str) == 0;
  g_free (self->unknowns);
  self->unknowns = g_string_free (text, FALSE);
  return !same;
}

static void
show_unknowns (PscInspectorProcess *self, const PscSpace *space)
{
  GtkWidget *child;

  gtk_widget_set_visible (GTK_WIDGET (self->unknowns_box), space->n_unknowns > 0);
  if (!take_unknowns (self, space))
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->unknowns_box))) != NULL)
    gtk_box_remove (self->unknowns_box, child);
  for (guint i = 0; i < space->n_unknowns; i++)
    gtk_box_append (self->unknowns_box, psc_unknown_note_new (&space->unknowns[i]));
}

static char *
format_time (gint64 usec)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (usec / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%F %T") : NULL;
}

static void
show_reading (PscInspectorProcess *self, const PscSpace *space)
{
  g_autofree char *busy = psc_format_duration (space->cost.probe_usec);
  g_autofree char *wall = psc_format_duration (space->cost.wall_usec);

  psc_fact_set_value (self->source_fact, source_text (space->source));
  psc_fact_take_value (self->cost_fact, g_strdup_printf (_ ("%s in the kernel"), busy));
  psc_fact_set_value (self->took_fact, wall);
  psc_fact_take_value (self->time_fact, format_time (space->time_usec));
  psc_fact_take_value (self->host_fact, g_strdup_printf ("%s, %s", space->host, space->kernel));
}

void
psc_inspector_process_show (PscInspectorProcess *self, const PscSpace *space, const char *user,
                            PscTheme theme)
{
  const PscTotals *totals = &space->totals;
  gboolean pages_known = space->source != PSC_SOURCE_NONE;

  g_return_if_fail (PSC_IS_INSPECTOR_PROCESS (self));

  gtk_label_set_label (self->process_title, space->name);
  gtk_label_set_label (self->process_command, space->command);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->process_command), space->command);
  gtk_widget_set_visible (GTK_WIDGET (self->process_command), *space->command != '\0');
  psc_fact_take_value (self->pid_fact, g_strdup_printf ("%d", space->pid));
  psc_fact_take_value (self->user_fact,
                       user != NULL ? g_strdup (user) : g_strdup_printf ("%u", space->uid));
  set_bytes (self->size_fact, totals->size);
  psc_fact_take_value (self->resident_fact, pages_known ? psc_format_size (totals->resident) :
                                                          g_strdup (_ ("not known")));
  set_bytes (self->swapped_fact, totals->swapped);
  set_bytes (self->huge_fact, totals->huge + totals->hugetlb);
  psc_fact_take_value (self->could_fact, psc_huge_sums_describe (space, &space->huge_sums));
  set_bytes (self->tables_fact, space->vm_pte);
  set_count (self->mappings_fact, totals->n_mappings);
  set_count (self->threads_fact, space->n_threads);
  psc_growth_panel_set_theme (self->growth, theme);
  show_kinds (self, space, theme);
  psc_page_states_show (self->process_states_table, totals->classes, totals->size, theme);
  show_unknowns (self, space);
  show_reading (self, space);
}

PscGrowthPanel *
psc_inspector_process_get_growth (PscInspectorProcess *self)
{
  return self->growth;
}

void
psc_inspector_process_show_diff (PscInspectorProcess *self, const PscDiff *diff, const char *words,
                                 PscTheme theme)
{
  g_return_if_fail (PSC_IS_INSPECTOR_PROCESS (self));

  psc_inspector_diff_show_process (self->diff, diff, words, theme);
}

static void
psc_inspector_process_dispose (GObject *object)
{
  PscInspectorProcess *self = PSC_INSPECTOR_PROCESS (object);

  g_clear_pointer (&self->unknowns, g_free);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_INSPECTOR_PROCESS);
  G_OBJECT_CLASS (psc_inspector_process_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (
      klass, "/io/github/pagescape/Pagescape/psc-inspector-process.ui");
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, box);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, process_title);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, process_command);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, pid_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, user_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, size_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, resident_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, swapped_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, huge_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, could_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, tables_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, mappings_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, threads_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, growth);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, kinds_table);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, diff);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, process_states_table);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, unknowns_box);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, source_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, cost_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, took_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, time_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorProcess, host_fact);
}

static void
psc_inspector_process_class_init (PscInspectorProcessClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_inspector_process_dispose;
  g_type_ensure (PSC_TYPE_FACT);
  g_type_ensure (PSC_TYPE_GROWTH_PANEL);
  g_type_ensure (PSC_TYPE_INSPECTOR_DIFF);
  g_type_ensure (PSC_TYPE_SHARE_TABLE);
  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
psc_inspector_process_init (PscInspectorProcess *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
