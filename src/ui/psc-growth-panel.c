/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-growth-panel.h"

#include <glib/gi18n-lib.h>

#include "psc-fact.h"
#include "psc-growth-row.h"
#include "psc-label.h"

/* Who has more to complain of reads them from pagescape-cli. */
#define MOST_ROWS 12
/* Lines of what does not grow. */
#define MOST_LINES 40

struct _PscGrowthPanel
{
  GtkWidget parent_instance;

  PscInsight *insight;
  PscTheme theme;
  guint shown[MOST_ROWS]; /* indices of the verdict's findings */

  GtkWidget *box; /* the only child */
  GtkLabel *sentence, *note, *others_title, *others_label;
  GtkBox *rows, *forecasts;
  PscFact *total_fact, *limit_fact, *orphan_fact, *cold_fact;
  GtkToggleButton *others;
};

G_DEFINE_FINAL_TYPE (PscGrowthPanel, psc_growth_panel, GTK_TYPE_WIDGET)

static guint chosen_signal;

/* Setting the same text would undo what the user has selected of it, and GTK measures it again. */
static void
set_text (GtkLabel *label, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
  if (g_strcmp0 (gtk_label_get_label (label), text != NULL ? text : "") != 0)
    gtk_label_set_label (label, text != NULL ? text : "");
}

/* --- findings ------------------------------------------------------------------------------ */

static void
row_clicked_cb (PscGrowthPanel *self, GtkButton *row)
{
  guint i = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->rows));
       child != GTK_WIDGET (row); child = gtk_widget_get_next_sibling (child))
    i++;
  g_signal_emit (self, chosen_signal, 0, self->shown[i]);
}

/* Rows are used again, so that one that has the focus keeps it. */
static GtkWidget *
get_row (PscGrowthPanel *self, GtkWidget *last)
{
  GtkWidget *row = last != NULL ? gtk_widget_get_next_sibling (last) :
                                  gtk_widget_get_first_child (GTK_WIDGET (self->rows));

  if (row == NULL)
    {
      row = psc_growth_row_new ();
      g_signal_connect_object (row, "clicked", G_CALLBACK (row_clicked_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_box_append (self->rows, row);
    }
  gtk_widget_set_visible (row, TRUE);
  return row;
}

static guint
show_rows (PscGrowthPanel *self, const PscJudgement *judgement)
{
  const PscVerdict *verdict = judgement->verdict;
  GtkWidget *row = NULL;
  guint n = 0;

  for (guint i = 0; i < verdict->n_findings && n < MOST_ROWS; i++)
    {
      if (!psc_finding_is_worth_showing (&verdict->findings[i]))
        continue;
      row = get_row (self, row);
      psc_growth_row_set (PSC_GROWTH_ROW (row), &verdict->findings[i], judgement->sparks[i],
                          self->theme);
      self->shown[n++] = i;
    }
  row = row != NULL ? gtk_widget_get_next_sibling (row) :
                      gtk_widget_get_first_child (GTK_WIDGET (self->rows));
  for (; row != NULL; row = gtk_widget_get_next_sibling (row))
    gtk_widget_set_visible (row, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->rows), n > 0);
  return n;
}

/* What does not grow, and what can't and why. */
static char *
dup_others (const PscVerdict *verdict, guint *n)
{
  GString *text = g_string_new (NULL);

  *n = 0;
  for (guint i = 0; i < verdict->n_findings; i++)
    {
      g_autofree char *title = NULL, *words = NULL;

      if (psc_finding_is_worth_showing (&verdict->findings[i]) || (*n)++ >= MOST_LINES)
        continue;
      title = psc_finding_dup_title (&verdict->findings[i]);
      words = psc_finding_dup_sentence (&verdict->findings[i]);
      g_string_append_printf (text, _ ("%s%s: %s"), text->len > 0 ? "\n" : "", title, words);
    }
  if (*n > MOST_LINES)
    g_string_append_printf (text, _ ("\nand %u more"), *n - MOST_LINES);
  return g_string_free (text, FALSE);
}

static void
show_others (PscGrowthPanel *self, const PscVerdict *verdict)
{
  guint n;
  g_autofree char *text = dup_others (verdict, &n);
  gboolean too_short = verdict->total.trend.shape == PSC_GROWTH_TOO_SHORT;
  g_autofree char *label = NULL;

  /* What is too short is not known to stand still. */
  if (too_short)
    label =
        g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u part of it", "%u parts of it", n), n);
  else
    label = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "%u part that does not grow", "%u parts that do not grow", n),
        n);

  gtk_widget_set_visible (GTK_WIDGET (self->others), n > 0);
  set_text (self->others_title, label);
  /* A child of its own gives a button no name. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->others), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  set_text (self->others_label, text);
}

/* --- what it runs into --------------------------------------------------------------------- */

static GtkWidget *
forecast_label_new (void)
{
  GtkWidget *label = psc_label_new_wrapped (NULL, "caption");

  gtk_widget_add_css_class (label, "forecast");
  return label;
}

static void
show_forecasts (PscGrowthPanel *self, const PscVerdict *verdict)
{
  guint n = verdict->forecasts != NULL ? verdict->forecasts->len : 0;
  GtkWidget *label = gtk_widget_get_first_child (GTK_WIDGET (self->forecasts));

  for (guint i = 0; i < n; i++)
    {
      const PscForecast *forecast = g_ptr_array_index (verdict->forecasts, i);

      if (label == NULL)
        gtk_box_append (self->forecasts, label = forecast_label_new ());
      set_text (GTK_LABEL (label), forecast->sentence);
      label = gtk_widget_get_next_sibling (label);
    }
  for (; label != NULL; label = gtk_widget_get_next_sibling (label))
    gtk_widget_set_visible (label, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->forecasts), n > 0);
}

/* --- all of it ----------------------------------------------------------------------------- */

static void
show_facts (PscGrowthPanel *self)
{
  const char *orphans = psc_insight_get_orphans (self->insight, NULL);

  psc_fact_take_value (self->limit_fact, psc_insight_dup_limit (self->insight));
  psc_fact_set_value (self->orphan_fact, orphans);
  psc_fact_take_value (self->cold_fact, psc_insight_dup_cold (self->insight));
}

static void
show_judgement (PscGrowthPanel *self, const PscJudgement *judgement)
{
  const PscFinding *total = &judgement->verdict->total;
  gboolean too_short = total->trend.shape == PSC_GROWTH_TOO_SHORT;
  g_autofree char *words = psc_verdict_dup_sentence (judgement->verdict);
  g_autofree char *sentence = psc_insight_dup_sentence (words);
  gboolean told =
      show_rows (self, judgement) > 0 && psc_verdict_get_worst (judgement->verdict) != NULL;

  /* The rows say the same. */
  set_text (self->sentence, told ? NULL : sentence);
  psc_fact_take_value (self->total_fact, too_short ? NULL : psc_finding_dup_sentence (total));
  show_forecasts (self, judgement->verdict);
  show_others (self, judgement->verdict);
}

static void
update (PscGrowthPanel *self)
{
  const PscJudgement *judgement = psc_insight_get_judgement (self->insight);

  show_facts (self);
  set_text (self->note, psc_insight_get_note (self->insight));
  if (judgement != NULL)
    {
      show_judgement (self, judgement);
      return;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->rows), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->forecasts), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->others), FALSE);
  psc_fact_set_value (self->total_fact, NULL);
  set_text (self->sentence, _ ("Nothing has been watched yet."));
}

void
psc_growth_panel_set_insight (PscGrowthPanel *self, PscInsight *insight)
{
  g_return_if_fail (PSC_IS_GROWTH_PANEL (self));
  g_return_if_fail (PSC_IS_INSIGHT (insight) && self->insight == NULL);

  self->insight = g_object_ref (insight);
  g_signal_connect_object (insight, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
psc_growth_panel_set_theme (PscGrowthPanel *self, PscTheme theme)
{
  g_return_if_fail (PSC_IS_GROWTH_PANEL (self));

  if (self->theme == theme)
    return;
  self->theme = theme;
  if (self->insight != NULL)
    update (self);
}

static void
psc_growth_panel_dispose (GObject *object)
{
  PscGrowthPanel *self = PSC_GROWTH_PANEL (object);

  g_clear_object (&self->insight);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_GROWTH_PANEL);
  G_OBJECT_CLASS (psc_growth_panel_parent_class)->dispose (object);
}

static void
psc_growth_panel_class_init (PscGrowthPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_growth_panel_dispose;
  g_type_ensure (PSC_TYPE_FACT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/pagescape/Pagescape/psc-growth-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, PscGrowthPanel, box);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthPanel, sentence);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthPanel, note);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthPanel, rows);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthPanel, forecasts);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthPanel, total_fact);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthPanel, limit_fact);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthPanel, orphan_fact);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthPanel, cold_fact);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthPanel, others);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthPanel, others_title);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthPanel, others_label);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  chosen_signal = g_signal_new ("chosen", PSC_TYPE_GROWTH_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
psc_growth_panel_init (PscGrowthPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
psc_growth_panel_new (void)
{
  return g_object_new (PSC_TYPE_GROWTH_PANEL, NULL);
}
