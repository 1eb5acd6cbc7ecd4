/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-growth-row.h"

#include <glib/gi18n-lib.h>

#include "psc-format.h"
#include "psc-insight.h"

struct _PscGrowthRow
{
  GtkButton parent_instance;

  GtkLabel *title, *amount, *sentence;
  PscSparkline *sparkline;
  const char *css_class; /* of the severity; static */
};

G_DEFINE_FINAL_TYPE (PscGrowthRow, psc_growth_row, GTK_TYPE_BUTTON)

static const char *const css_classes[] = {
  [PSC_SEVERITY_NOTHING] = "nothing",
  [PSC_SEVERITY_NOTE] = "note",
  [PSC_SEVERITY_GROWING] = "growing",
  [PSC_SEVERITY_LEAK] = "leak",
};

static void
set_severity (PscGrowthRow *self, PscSeverity severity)
{
  const char *css_class = css_classes[severity];

  if (self->css_class == css_class)
    return;
  if (self->css_class != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self), self->css_class);
  self->css_class = css_class;
  gtk_widget_add_css_class (GTK_WIDGET (self), css_class);
}

static char *
dup_amount (const PscFinding *finding)
{
  if (finding->what == PSC_FINDING_MAPPINGS)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, finding->amount.n_mappings);
  return psc_format_size (psc_amount_populated (&finding->amount));
}

static void
set_label (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
}

void
psc_growth_row_set (PscGrowthRow *self, const PscFinding *finding, const PscSpark *spark,
                    PscTheme theme)
{
  g_autofree char *title = psc_finding_dup_title (finding);
  g_autofree char *words = psc_finding_dup_sentence (finding);
  g_autofree char *sentence = psc_insight_dup_sentence (words);
  g_autofree char *amount = dup_amount (finding);
  g_autofree char *name = g_strdup_printf (_ ("%s, %s: %s"), title, amount, words);
  gboolean has_place = finding->what != PSC_FINDING_MAPPINGS && finding->what != PSC_FINDING_TOTAL;

  g_return_if_fail (PSC_IS_GROWTH_ROW (self));

  set_severity (self, finding->severity);
  set_label (self->title, title);
  set_label (self->amount, amount);
  set_label (self->sentence, sentence);
  psc_sparkline_set (self->sparkline, spark,
                     has_place ? psc_kind_color (finding->kind, theme) :
                                 psc_theme_colors (theme)->dim);
  gtk_widget_set_can_target (GTK_WIDGET (self), has_place);
  gtk_widget_set_focusable (GTK_WIDGET (self), has_place);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), has_place ? _ ("Show on the map") : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

const char *
psc_growth_row_get_sentence (PscGrowthRow *self)
{
  return gtk_label_get_label (self->sentence);
}

static void
psc_growth_row_class_init (PscGrowthRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (PSC_TYPE_SPARKLINE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/pagescape/Pagescape/psc-growth-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PscGrowthRow, title);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthRow, amount);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthRow, sentence);
  gtk_widget_class_bind_template_child (widget_class, PscGrowthRow, sparkline);
}

static void
psc_growth_row_init (PscGrowthRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
psc_growth_row_new (void)
{
  return g_object_new (PSC_TYPE_GROWTH_ROW, NULL);
}
