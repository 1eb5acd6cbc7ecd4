/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-inspector-diff.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "psc-fact.h"
#include "psc-format.h"
#include "psc-growth-bars.h"
#include "psc-lens.h"
#include "psc-share-table.h"
#include "psc-went-dialog.h"

struct _PscInspectorDiff
{
  GtkWidget parent_instance;

  GtkWidget *box; /* the only child */
  GtkLabel *heading, *words_label, *note_label;
  PscFact *match_fact, *place_fact, *size_fact, *resident_fact, *swapped_fact, *huge_fact;
  PscFact *mappings_fact;
  GtkLabel *kinds_title, *pages_title;
  PscGrowthBars *bars;
  PscShareTable *pages_table;
  GtkButton *went_button;
  GtkLabel *went_label;
};

G_DEFINE_FINAL_TYPE (PscInspectorDiff, psc_inspector_diff, GTK_TYPE_WIDGET)

/* In the order in which one wants to read them; what stayed as it was is no news. */
static const PscChange news[] = {
  PSC_CHANGE_APPEARED,    PSC_CHANGE_COPIED,     PSC_CHANGE_GONE,
  PSC_CHANGE_SWAPPED_OUT, PSC_CHANGE_SWAPPED_IN, PSC_CHANGE_BECAME_HUGE,
  PSC_CHANGE_SPLIT,       PSC_CHANGE_MAPPED,     PSC_CHANGE_UNKNOWN,
};

/* --- sums ---------------------------------------------------------------------------------- */

/* "+28 MiB, was 12 MiB"; NULL when it is and was 0. */
static char *
dup_sum (PscDiffSum sum)
{
  g_autofree char *then = psc_format_size (sum.then);
  g_autofree char *delta = psc_format_size_delta (psc_diff_delta (sum));

  if (sum.then == 0 && sum.now == 0)
    return NULL;
  if (sum.then == sum.now)
    return g_strdup_printf (_ ("%s, as then"), then);
  return g_strdup_printf (_ ("%s, was %s"), delta, then);
}

static void
show_sums (PscInspectorDiff *self, const PscDiffGrowth *growth)
{
  gboolean known = growth->then_known && growth->now_known;

  psc_fact_take_value (self->size_fact, dup_sum (growth->size));
  psc_fact_take_value (self->resident_fact,
                       known ? dup_sum (growth->resident) : g_strdup (_ ("not known")));
  psc_fact_take_value (self->swapped_fact, known ? dup_sum (growth->swapped) : NULL);
  psc_fact_take_value (self->huge_fact, known ? dup_sum (growth->huge) : NULL);
}

static void
show_pages (PscInspectorDiff *self, const PscChangeSums *pages, PscTheme theme)
{
  PscShare shares[G_N_ELEMENTS (news)];
  guint64 total = 0;
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (PSC_LENS_CHANGE, &n);

  for (guint i = 0; i < G_N_ELEMENTS (news); i++)
    {
      shares[i] = (PscShare){
        .title = g_dgettext (GETTEXT_PACKAGE, entries[news[i]].title),
        .color = entries[news[i]].colors[theme],
        .bytes = pages->bytes[news[i]],
      };
      total += shares[i].bytes;
    }
  psc_share_table_set (self->pages_table, shares, G_N_ELEMENTS (news), total);
  gtk_widget_set_visible (GTK_WIDGET (self->pages_table), total > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->pages_title), total > 0);
}

/* --- a mapping ----------------------------------------------------------------------------- */

/* Where it was, when that is elsewhere or has other borders. */
static char *
dup_place (const PscDiff *diff, const PscDiffPair *pair)
{
  const PscMapping *then = &diff->a->mappings[pair->a], *now = &diff->b->mappings[pair->b];
  g_autofree char *start = psc_format_address (then->start);
  g_autofree char *end = psc_format_address (then->end);

  if (then->start == now->start && then->end == now->end)
    return NULL;
  return g_strdup_printf ("%s –\n%s", start, end);
}

static void
show_match (PscInspectorDiff *self, const PscDiff *diff, guint index)
{
  const PscDiffPair *pair = psc_diff_pair_of_mapping (diff, index);
  const char *why = g_dgettext (GETTEXT_PACKAGE, psc_diff_why_words (pair->why));
  guint n;

  psc_diff_pairs_of_mapping (diff, index, &n);
  g_object_set (self->match_fact, "title", pair->a != PSC_DIFF_NONE ? _ ("Matched by") : _ ("Then"),
                NULL);
  psc_fact_set_value (self->match_fact, why);
  psc_fact_take_value (self->place_fact, pair->a != PSC_DIFF_NONE ? dup_place (diff, pair) : NULL);
  psc_fact_take_value (
      self->mappings_fact,
      n > 1 ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u part", "%u parts", n), n) : NULL);
}

static void
hide (PscInspectorDiff *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
show_words (PscInspectorDiff *self, const PscDiff *diff, const char *words)
{
  const char *note = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_label_set_label (self->heading,
                       diff->one_process ? _ ("What has changed") : _ ("What is otherwise"));
  gtk_label_set_label (self->words_label, words != NULL ? words : "");
  if (!diff->pages_compared)
    note = _ ("Their pages have two sizes, so pages can’t be compared.");
  else if (diff->identical)
    note = _ ("Nothing differs, as far as it is known.");
  gtk_label_set_label (self->note_label, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), note != NULL);
}

void
psc_inspector_diff_show_mapping (PscInspectorDiff *self, const PscDiff *diff, const char *words,
                                 const PscMapping *mapping, PscTheme theme)
{
  const PscMapping *found;
  PscDiffGrowth growth;
  guint index;

  g_return_if_fail (PSC_IS_INSPECTOR_DIFF (self));

  found = diff != NULL ? psc_space_lookup (diff->b, mapping->start) : NULL;
  if (found == NULL || found->start != mapping->start)
    {
      hide (self);
      return;
    }
  index = psc_space_mapping_index (diff->b, found);
  psc_diff_sum_mapping (diff, index, &growth);
  show_words (self, diff, words);
  show_match (self, diff, index);
  show_sums (self, &growth);
  show_pages (self, &growth.pages, theme);
  gtk_widget_set_visible (GTK_WIDGET (self->kinds_title), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->bars), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->went_button), FALSE);
}

/* --- the process --------------------------------------------------------------------------- */

static int
compare_bars (const void *a, const void *b)
{
  const PscGrowthBar *x = a, *y = b;
  guint64 dx = MAX (x->then, x->now) - MIN (x->then, x->now);
  guint64 dy = MAX (y->then, y->now) - MIN (y->then, y->now);

  return (dx < dy) - (dx > dy);
}

static void
show_kinds (PscInspectorDiff *self, const PscDiff *diff, PscTheme theme)
{
  PscGrowthBar bars[PSC_N_KINDS];
  guint n = 0;

  for (guint i = 0; i < PSC_N_KINDS; i++)
    {
      const PscDiffGrowth *growth = &diff->kinds[i];
      PscGrowthBar bar = {
        .title = g_dgettext (GETTEXT_PACKAGE, psc_kind_title (i)),
        .color = psc_kind_color (i, theme),
        .then = growth->resident.then + growth->hugetlb.then,
        .now = growth->resident.now + growth->hugetlb.now,
      };

      if (bar.then != bar.now && growth->then_known && growth->now_known)
        bars[n++] = bar;
    }
  qsort (bars, n, sizeof *bars, compare_bars);
  psc_growth_bars_set (self->bars, bars, n);
  gtk_widget_set_visible (GTK_WIDGET (self->bars), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->kinds_title), n > 0);
}

/* "120 → 131, 12 came, 1 went" */
static char *
dup_mappings (const PscDiff *diff)
{
  guint then = (guint) diff->total.n_mappings.then, now = (guint) diff->total.n_mappings.now;

  if (diff->n_came == 0 && diff->n_went == 0)
    return g_strdup_printf (_ ("%u, none came or went"), now);
  return g_strdup_printf (_ ("%u → %u, %u came, %u went"), then, now, diff->n_came, diff->n_went);
}

void
psc_inspector_diff_show_process (PscInspectorDiff *self, const PscDiff *diff, const char *words,
                                 PscTheme theme)
{
  g_autofree char *went = NULL;

  g_return_if_fail (PSC_IS_INSPECTOR_DIFF (self));

  if (diff == NULL)
    {
      hide (self);
      return;
    }
  show_words (self, diff, words);
  psc_fact_set_value (self->match_fact, NULL);
  psc_fact_set_value (self->place_fact, NULL);
  psc_fact_take_value (self->mappings_fact, dup_mappings (diff));
  show_sums (self, &diff->total);
  show_kinds (self, diff, theme);
  show_pages (self, &diff->total.pages, theme);
  went = psc_went_dup_words (diff);
  gtk_widget_set_visible (GTK_WIDGET (self->went_button), went != NULL);
  if (went != NULL)
    gtk_label_set_label (self->went_label, went);
}

/* --- the widget ---------------------------------------------------------------------------- */

static void
psc_inspector_diff_dispose (GObject *object)
{
  PscInspectorDiff *self = PSC_INSPECTOR_DIFF (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_INSPECTOR_DIFF);
  G_OBJECT_CLASS (psc_inspector_diff_parent_class)->dispose (object);
}

static void
psc_inspector_diff_class_init (PscInspectorDiffClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_inspector_diff_dispose;
  g_type_ensure (PSC_TYPE_FACT);
  g_type_ensure (PSC_TYPE_GROWTH_BARS);
  g_type_ensure (PSC_TYPE_SHARE_TABLE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/pagescape/Pagescape/psc-inspector-diff.ui");
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, box);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, heading);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, went_label);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, words_label);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, note_label);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, match_fact);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, place_fact);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, size_fact);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, resident_fact);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, swapped_fact);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, huge_fact);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, mappings_fact);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, kinds_title);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, pages_title);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, bars);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, pages_table);
  gtk_widget_class_bind_template_child (widget_class, PscInspectorDiff, went_button);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
psc_inspector_diff_init (PscInspectorDiff *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
