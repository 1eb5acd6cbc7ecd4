/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-cold-dialog.h"

#include <glib/gi18n-lib.h>

#include "psc-cold-job.h"
#include "psc-cold-list.h"
#include "psc-format.h"

/* Mappings that are listed: those with most in RAM. */
#define MOST_MAPPINGS 15

struct _PscColdDialog
{
  AdwWindow parent_instance;

  char *root, *via;
  PscSpace *space;
  PscColdJob *job; /* NULL: none is under way */
  /* What was found: until it is taken, and the mappings that are listed. */
  PscCold *found;
  gint64 found_usec, span_usec;
  GArray *listed; /* of guint64, where they begin */

  GtkStack *stack;
  GtkLabel *warning, *frames_note;
  GtkDropDown *wait_drop_down;
  GtkButton *clear_button, *frames_button, *again_button;
  GtkLabel *phase_label;
  GtkProgressBar *progress;
  AdwStatusPage *status_page;
  GtkLabel *summary, *caveat;
  PscColdList *kinds, *mappings;
};

G_DEFINE_FINAL_TYPE (PscColdDialog, psc_cold_dialog, ADW_TYPE_WINDOW)

enum
{
  FOUND,
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Beside each in the list of times. */
static const gint64 waits_usec[] = { 10 * G_USEC_PER_SEC, 30 * G_USEC_PER_SEC,
                                     60 * G_USEC_PER_SEC };

/* --- what was found ------------------------------------------------------------------------ */

static char *
dup_summary (PscColdDialog *self, const PscCold *cold)
{
  g_autofree char *share = psc_format_share (cold->total.cold, cold->total.resident);
  g_autofree char *resident = psc_format_size (cold->total.resident);
  g_autofree char *span = psc_growth_format_span (self->span_usec);

  if (cold->source == PSC_COLD_FRAMES)
    return g_strdup_printf (_ ("%s of %s is on the kernel’s list of unused pages."), share,
                            resident);
  return g_strdup_printf (_ ("%s of %s was not touched in %s."), share, resident, span);
}

static char *
dup_caveat (PscColdDialog *self, const PscCold *cold)
{
  gint64 clear_usec = psc_cold_job_get_clear_usec (self->job);
  g_autofree char *clear = psc_format_duration (clear_usec);

  if (cold->source == PSC_COLD_FRAMES)
    return g_strdup (_ ("The kernel finds out when it looks for memory to reclaim, and not before: "
                        "where memory is plenty this says little."));
  return g_strdup_printf (
      _ ("Clearing took %s. A huge page counts as a whole; what other processes "
         "touched does not count. What is needed once an hour looks unused, "
         "too."),
      clear);
}

static int
compare_resident (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const PscColdSums *sums = user_data;
  guint64 first = sums[*(const guint *) a].resident, second = sums[*(const guint *) b].resident;

  return first < second ? 1 : first > second ? -1 : 0;
}

static void
show_mappings (PscColdDialog *self, const PscCold *cold)
{
  const PscSpace *space = cold->space;
  g_autofree guint *order = g_new (guint, MAX (space->n_mappings, 1));

  for (guint i = 0; i < space->n_mappings; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint) space->n_mappings, sizeof *order, compare_resident,
                     cold->mappings);
  psc_cold_list_clear (self->mappings);
  g_array_set_size (self->listed, 0);
  for (guint i = 0; i < MIN (space->n_mappings, MOST_MAPPINGS); i++)
    {
      const PscMapping *mapping = &space->mappings[order[i]];
      g_autofree char *label = NULL;

      if (cold->mappings[order[i]].resident == 0)
        break;
      label = psc_space_dup_label (space, mapping);
      psc_cold_list_add (self->mappings, label, &cold->mappings[order[i]], TRUE);
      g_array_append_val (self->listed, mapping->start);
    }
}

static void
show_kinds (PscColdDialog *self, const PscCold *cold)
{
  PscColdSums kinds[PSC_N_KINDS];
  guint order[PSC_N_KINDS];

  for (guint i = 0; i < PSC_N_KINDS; i++)
    {
      kinds[i] = cold->kinds[i];
      order[i] = i;
    }
  g_qsort_with_data (order, PSC_N_KINDS, sizeof *order, compare_resident, kinds);
  psc_cold_list_clear (self->kinds);
  for (guint i = 0; i < PSC_N_KINDS && kinds[order[i]].resident > 0; i++)
    psc_cold_list_add (self->kinds, g_dgettext (GETTEXT_PACKAGE, psc_kind_title (order[i])),
                       &kinds[order[i]], FALSE);
}

static void
show_found (PscColdDialog *self, const PscCold *cold)
{
  g_autofree char *summary = dup_summary (self, cold);
  g_autofree char *caveat = dup_caveat (self, cold);

  gtk_label_set_label (self->summary, summary);
  gtk_label_set_label (self->caveat, caveat);
  show_kinds (self, cold);
  show_mappings (self, cold);
  gtk_stack_set_visible_child_name (self->stack, "found");
}

static void
show_problem (PscColdDialog *self, const GError *error)
{
  g_autofree char *words = psc_insight_dup_sentence (error->message);
  g_autofree char *escaped = g_markup_escape_text (words, -1);
  gboolean unsupported = g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_UNSUPPORTED);
  gboolean denied = g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_DENIED);
  gboolean gone = g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE);

  adw_status_page_set_title (self->status_page, unsupported ? _ ("Not Told by This Kernel") :
                                                denied      ? _ ("Not Allowed") :
                                                gone        ? _ ("Process Has Ended") :
                                                              _ ("Can’t Look"));
  adw_status_page_set_icon_name (self->status_page, denied ? "changes-prevent-symbolic" :
                                                             "dialog-information-symbolic");
  adw_status_page_set_description (self->status_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

/* --- looking ------------------------------------------------------------------------------- */

static void
job_changed_cb (PscColdDialog *self)
{
  gint64 left_usec;
  double progress = psc_cold_job_get_progress (self->job, &left_usec);
  g_autofree char *left = psc_growth_format_span (left_usec + G_USEC_PER_SEC / 2);
  g_autofree char *waiting =
      g_strdup_printf (_ ("Waiting for what the process touches: %s left"), left);
  PscColdPhase phase = psc_cold_job_get_phase (self->job);

  gtk_label_set_label (self->phase_label, phase == PSC_COLD_CLEARING ? _ ("Clearing…") :
                                          phase == PSC_COLD_WAITING  ? waiting :
                                                                       _ ("Reading…"));
  gtk_progress_bar_set_fraction (self->progress, phase == PSC_COLD_READING ? 1 : progress);
}

static void
forget_job (PscColdDialog *self)
{
  if (self->job == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->job, self);
  psc_cold_job_cancel (self->job);
  g_clear_object (&self->job);
}

static void
job_ended_cb (PscColdDialog *self)
{
  const GError *error = psc_cold_job_get_error (self->job);

  gtk_widget_set_visible (GTK_WIDGET (self->again_button), TRUE);
  if (error != NULL)
    show_problem (self, error);
  else
    {
      g_clear_pointer (&self->found, psc_cold_free);
      self->found_usec = psc_cold_job_get_time (self->job, &self->span_usec);
      self->found = psc_cold_job_take_cold (self->job);
      show_found (self, self->found);
      g_signal_emit (self, signals[FOUND], 0);
    }
  forget_job (self);
}

void
psc_cold_dialog_start (PscColdDialog *self, gint64 wait_usec)
{
  g_return_if_fail (PSC_IS_COLD_DIALOG (self));

  if (self->job != NULL)
    return;
  self->job = psc_cold_job_new (self->root, self->via, self->space, wait_usec);
  g_signal_connect_object (self->job, "changed", G_CALLBACK (job_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->job, "ended", G_CALLBACK (job_ended_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self->again_button), FALSE);
  gtk_stack_set_visible_child_name (self->stack, "busy");
  job_changed_cb (self);
}

PscCold *
psc_cold_dialog_take (PscColdDialog *self, gint64 *time_usec, gint64 *span_usec)
{
  g_return_val_if_fail (PSC_IS_COLD_DIALOG (self), NULL);

  *time_usec = self->found_usec;
  *span_usec = self->span_usec;
  return g_steal_pointer (&self->found);
}

/* --- the user ------------------------------------------------------------------------------ */

static void
clear_cb (PscColdDialog *self)
{
  guint chosen = gtk_drop_down_get_selected (self->wait_drop_down);

  psc_cold_dialog_start (self, waits_usec[MIN (chosen, G_N_ELEMENTS (waits_usec) - 1)]);
}

static void
frames_cb (PscColdDialog *self)
{
  psc_cold_dialog_start (self, 0);
}

static void
ask (PscColdDialog *self)
{
  forget_job (self);
  gtk_widget_set_visible (GTK_WIDGET (self->again_button), FALSE);
  gtk_stack_set_visible_child_name (self->stack, "ask");
}

static void
mapping_chosen_cb (PscColdDialog *self, guint index)
{
  g_signal_emit (self, signals[CHOSEN], 0, g_array_index (self->listed, guint64, index));
}

/* --- the window ---------------------------------------------------------------------------- */

static void
psc_cold_dialog_dispose (GObject *object)
{
  PscColdDialog *self = PSC_COLD_DIALOG (object);

  forget_job (self);
  g_clear_pointer (&self->root, g_free);
  g_clear_pointer (&self->via, g_free);
  g_clear_pointer (&self->space, psc_space_unref);
  g_clear_pointer (&self->found, psc_cold_free);
  g_clear_pointer (&self->listed, g_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_COLD_DIALOG);
  G_OBJECT_CLASS (psc_cold_dialog_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/pagescape/Pagescape/psc-cold-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, warning);
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, frames_note);
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, wait_drop_down);
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, clear_button);
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, frames_button);
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, again_button);
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, phase_label);
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, status_page);
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, caveat);
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, kinds);
  gtk_widget_class_bind_template_child (widget_class, PscColdDialog, mappings);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, frames_cb);
  gtk_widget_class_bind_template_callback (widget_class, ask);
  gtk_widget_class_bind_template_callback (widget_class, mapping_chosen_cb);
}

static void
psc_cold_dialog_class_init (PscColdDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = psc_cold_dialog_dispose;
  g_type_ensure (PSC_TYPE_COLD_LIST);
  bind_template (GTK_WIDGET_CLASS (klass));
  signals[FOUND] = g_signal_new ("found", PSC_TYPE_COLD_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[CHOSEN] = g_signal_new ("chosen", PSC_TYPE_COLD_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
}

static void
psc_cold_dialog_init (PscColdDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->listed = g_array_new (FALSE, FALSE, sizeof (guint64));
}

GtkWidget *
psc_cold_dialog_new (GtkWindow *parent, const char *root, const char *via, PscSpace *space,
                     gboolean sees_frames)
{
  PscColdDialog *self = g_object_new (PSC_TYPE_COLD_DIALOG, "transient-for", parent, NULL);
  g_autofree char *warning = psc_cold_dup_warning (space->name, space->pid, space->totals.resident);

  self->root = g_strdup (root);
  self->via = g_strdup (via);
  self->space = psc_space_ref (space);
  gtk_label_set_label (self->warning, warning);
  gtk_widget_set_sensitive (GTK_WIDGET (self->frames_button), sees_frames);
  gtk_label_set_label (
      self->frames_note,
      sees_frames ?
          _ ("Or see what the kernel itself takes for unused. That writes nothing. It finds out "
             "when it looks for memory to reclaim, and not before: where memory is plenty this "
             "says little.") :
          _ ("What the kernel itself takes for unused could be read without writing anything, by "
             "root (pagescape --via pkexec)."));
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->wait_drop_down));
  return GTK_WIDGET (self);
}
