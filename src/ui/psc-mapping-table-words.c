/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "psc-format.h"
#include "psc-inspector-details.h"
#include "psc-mapping-table-private.h"
#include "psc-went-dialog.h"

static char *
describe_resident (const PscMappingSums *sums)
{
  g_autofree char *resident = psc_format_size (sums->resident);

  if (sums->n_unknown == 0)
    return g_strdup_printf (_ ("%s resident"), resident);
  if (sums->n_unknown == sums->n)
    return g_strdup (_ ("resident not known"));
  return g_strdup_printf (_ ("at least %s resident"), resident);
}

static char *
describe_count (PscMappingTable *self, const PscMappingSums *sums, gboolean selected)
{
  guint all = psc_mapping_model_get_facts (self->model)->space->n_mappings;

  if (selected)
    return g_strdup_printf (_ ("%u of %u mappings selected"), sums->n, all);
  if (sums->n == all)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u mapping", "%u mappings", all), all);
  return g_strdup_printf (_ ("%u of %u mappings"), sums->n, all);
}

/* "42 of 887 mappings · 132 MiB · 84 MiB resident"; of the selected ones when there are several. */
static char *
describe_sums (PscMappingTable *self)
{
  PscMappingSums sums = psc_mapping_model_sum (self->model, TRUE);
  gboolean selected = sums.n > 1;
  g_autofree char *count = NULL, *size = NULL, *resident = NULL;

  if (!selected)
    sums = psc_mapping_model_sum (self->model, FALSE);
  count = describe_count (self, &sums, selected);
  size = psc_format_size (sums.size);
  resident = describe_resident (&sums);
  return g_strdup_printf (_ ("%s · %s · %s"), count, size, resident);
}

void
psc_mapping_table_update_sums (PscMappingTable *self)
{
  g_autofree char *text = NULL;

  if (psc_mapping_model_get_facts (self->model) != NULL)
    text = describe_sums (self);
  gtk_label_set_label (self->sums_label, text != NULL ? text : "");
}

/* What is wrong with the filter comes first, then with smaps, then how old that is. */
static char *
describe_note (PscMappingTable *self)
{
  PscSpace *details = self->session != NULL ? psc_session_get_details (self->session) : NULL;
  const GError *error =
      self->session != NULL ? psc_session_get_details_error (self->session) : NULL;
  g_autofree char *age = NULL;

  if (self->problem != NULL)
    return g_strdup (self->problem);
  if (error != NULL)
    return g_strdup (error->message);
  if (details == NULL || details->smaps == NULL)
    return g_strdup ("");
  age = psc_inspector_details_format_age (g_get_real_time () - details->time_usec);
  return g_strdup_printf (_ ("smaps %s"), age);
}

static void
update_note (PscMappingTable *self)
{
  g_autofree char *note = describe_note (self);

  gtk_label_set_label (self->note_label, note);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->note_label), *note != '\0' ? note : NULL);
}

static gboolean
age_cb (gpointer user_data)
{
  update_note (user_data);
  return G_SOURCE_CONTINUE;
}

void
psc_mapping_table_update_timer (PscMappingTable *self)
{
  psc_inspector_details_keep_age (self, self->session, age_cb, &self->age_timer);
}

static char *
dup_read_hint (PscMappingTable *self, const char *cost)
{
  PscWatch *watch = psc_session_get_watch (self->session);

  if (watch != NULL && psc_watch_is_recorded (watch))
    return g_strdup (_ ("Reads smaps of the recording"));
  if (psc_session_get_state (self->session) == PSC_SESSION_GONE)
    return g_strdup (_ ("The process has ended: there is nothing left to read"));
  if (cost == NULL)
    return g_strdup (_ ("Reads PSS, dirty pages and more of all mappings"));
  return g_strdup_printf (_ ("Reads PSS, dirty pages and more of all mappings once: holds the "
                             "process’s memory lock for about %s"),
                          cost);
}

/* The price is on the button: nobody should have to look for it. */
static void
update_read_button (PscMappingTable *self)
{
  PscSpace *space = psc_session_get_space (self->session);
  PscWatch *watch = psc_session_get_watch (self->session);
  gboolean busy = psc_session_is_reading_details (self->session);
  g_autofree char *cost = NULL, *label = NULL, *hint = NULL;

  if (space != NULL && watch != NULL && !psc_watch_is_recorded (watch))
    {
      cost = psc_format_duration (psc_session_estimate_details_usec (space));
      label = g_strdup_printf (_ ("Read smaps (%s)"), cost);
    }
  hint = dup_read_hint (self, cost);
  gtk_button_set_label (self->read_button, label != NULL ? label : _ ("Read smaps"));
  if (g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (self->read_button)), hint) != 0)
    gtk_widget_set_tooltip_text (GTK_WIDGET (self->read_button), hint);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
}

/* What is on no row, because it is on no map. */
static void
update_went (PscMappingTable *self)
{
  PscMappingFacts *facts = psc_mapping_model_get_facts (self->model);
  const PscDiff *diff = facts != NULL ? facts->diff : NULL;
  g_autofree char *text = diff != NULL ? psc_went_dup_words (diff) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->went_button), text != NULL);
  if (text != NULL && g_strcmp0 (gtk_button_get_label (self->went_button), text) != 0)
    gtk_button_set_label (self->went_button, text);
}

static void
update_page (PscMappingTable *self)
{
  const char *page = "list";

  if (psc_mapping_model_get_facts (self->model) == NULL)
    page = "nothing";
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    page = "none";
  gtk_stack_set_visible_child_name (self->stack, page);
}

void
psc_mapping_table_update_words (PscMappingTable *self)
{
  update_page (self);
  psc_mapping_table_update_sums (self);
  update_note (self);
  update_went (self);
  if (self->session != NULL)
    update_read_button (self);
  psc_mapping_table_actions_update (self);
}
