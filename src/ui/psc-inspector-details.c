/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-inspector-details.h"

#include <glib/gi18n-lib.h>

#include "psc-fact.h"
#include "psc-format.h"
#include "psc-unknown-note.h"
#include "psc-vm-flags.h"

struct _PscInspectorDetails
{
  GtkWidget parent_instance;

  PscSession *session;
  /* Of what is shown: range of the mapping, size of its base pages, cost of reading. */
  guint64 start, end;
  gsize page_size;
  gint64 cost_usec;
  guint age_timer;

  GtkWidget *box; /* the only child */
  GtkLabel *age_label, *note_label;
  GtkSpinner *spinner;
  GtkWidget *read_button;
  PscFact *pss_fact, *private_fact, *shared_fact, *referenced_fact, *anonymous_fact, *swap_fact;
  PscFact *locked_fact, *lazy_free_fact, *ksm_fact, *thp_fact, *page_size_fact, *flags_fact;
};

G_DEFINE_FINAL_TYPE (PscInspectorDetails, psc_inspector_details, GTK_TYPE_WIDGET)

/* --- numbers ------------------------------------------------------------------------------- */

/* A 0 that was read is a fact too, but most mappings have most of these at 0. */
static void
set_bytes (PscFact *fact, guint64 bytes)
{
  psc_fact_take_value (fact, bytes > 0 ? psc_format_size (bytes) : NULL);
}

static char *
format_clean_dirty (guint64 clean, guint64 dirty)
{
  g_autofree char *clean_size = psc_format_size (clean);
  g_autofree char *dirty_size = psc_format_size (dirty);

  return g_strdup_printf (_ ("%s dirty, %s clean"), dirty_size, clean_size);
}

static char *
format_pss (const PscSmaps *smaps)
{
  g_autofree char *pss = psc_format_size (smaps->pss);
  g_autofree char *rss = psc_format_size (smaps->rss);

  return g_strdup_printf (_ ("%s of %s resident"), pss, rss);
}

static char *
format_swap (const PscSmaps *smaps)
{
  g_autofree char *swap = psc_format_size (smaps->swap);
  g_autofree char *share = psc_format_size (smaps->swap_pss);

  if (smaps->swap == 0)
    return NULL;
  return g_strdup_printf (_ ("%s, its share %s"), swap, share);
}

static const char *
thp_text (gint thp_eligible)
{
  if (thp_eligible < 0)
    return _ ("not told by this kernel");
  return thp_eligible > 0 ? _ ("may use them") : _ ("can’t use them");
}

static void
show_smaps (PscInspectorDetails *self, const PscSmaps *smaps)
{
  gboolean odd = smaps->kernel_page_size > self->page_size;

  psc_fact_take_value (self->pss_fact, format_pss (smaps));
  psc_fact_take_value (self->private_fact,
                       format_clean_dirty (smaps->private_clean, smaps->private_dirty));
  psc_fact_take_value (self->shared_fact,
                       format_clean_dirty (smaps->shared_clean, smaps->shared_dirty));
  psc_fact_take_value (self->referenced_fact, psc_format_size (smaps->referenced));
  psc_fact_take_value (self->anonymous_fact, psc_format_size (smaps->anonymous));
  psc_fact_take_value (self->swap_fact, format_swap (smaps));
  set_bytes (self->locked_fact, smaps->locked);
  set_bytes (self->lazy_free_fact, smaps->lazy_free);
  set_bytes (self->ksm_fact, smaps->ksm);
  psc_fact_set_value (self->thp_fact, thp_text (smaps->thp_eligible));
  set_bytes (self->page_size_fact, odd ? smaps->kernel_page_size : 0);
  psc_fact_take_value (self->flags_fact, psc_vm_flags_describe (smaps->vm_flags));
}

static void
show_no_smaps (PscInspectorDetails *self)
{
  PscFact *const facts[] = { self->pss_fact,        self->private_fact,   self->shared_fact,
                             self->referenced_fact, self->anonymous_fact, self->swap_fact,
                             self->locked_fact,     self->lazy_free_fact, self->ksm_fact,
                             self->thp_fact,        self->page_size_fact, self->flags_fact };

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    psc_fact_set_value (facts[i], NULL);
}

/* --- what there is ------------------------------------------------------------------------- */

/* Why a snapshot that was to have smaps has none. */
static char *
dup_missing_text (const PscSpace *details)
{
  for (guint i = 0; i < details->n_unknowns; i++)
    if (g_str_equal (details->unknowns[i].what, "smaps"))
      return psc_unknown_dup_text (&details->unknowns[i]);
  return g_strdup (_ ("The kernel gave no details."));
}

/* The mapping as it was when the details were read; NULL and *note: why there is none. */
static const PscSmaps *
find_smaps (PscInspectorDetails *self, const PscSpace *details, char **note)
{
  const PscMapping *mapping = psc_space_lookup (details, self->start);

  if (details->smaps == NULL)
    *note = dup_missing_text (details);
  else if (mapping == NULL || mapping->start != self->start)
    *note = g_strdup (_ ("This mapping was not there when the details were read."));
  else
    {
      if (mapping->end != self->end)
        {
          g_autofree char *size = psc_format_size (mapping->end - mapping->start);

          *note = g_strdup_printf (_ ("The mapping was of %s when they were read."), size);
        }
      return &details->smaps[psc_space_mapping_index (details, mapping)];
    }
  return NULL;
}

static void
set_note (PscInspectorDetails *self, const char *note)
{
  gtk_label_set_label (self->note_label, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), note != NULL);
}

static void
show_numbers (PscInspectorDetails *self)
{
  const PscSpace *details = psc_session_get_details (self->session);
  const GError *error = psc_session_get_details_error (self->session);
  const PscSmaps *smaps = NULL;
  g_autofree char *note = NULL;

  if (details != NULL)
    smaps = find_smaps (self, details, &note);
  if (smaps != NULL)
    show_smaps (self, smaps);
  else
    show_no_smaps (self);
  set_note (self, error != NULL ? error->message : note);
}

/* --- age and button ------------------------------------------------------------------------ */

char *
psc_inspector_details_format_age (gint64 age_usec)
{
  gint64 seconds = age_usec / G_USEC_PER_SEC;

  if (seconds < 2)
    return g_strdup (_ ("read just now"));
  if (seconds < 120)
    return g_strdup_printf (_ ("read %d s ago"), (int) seconds);
  if (seconds < 120 * 60)
    return g_strdup_printf (_ ("read %d min ago"), (int) (seconds / 60));
  return g_strdup_printf (_ ("read %d h ago"), (int) MIN (seconds / 3600, G_MAXINT));
}

static void
show_age (PscInspectorDetails *self)
{
  const PscSpace *details = psc_session_get_details (self->session);
  g_autofree char *age = NULL;

  if (psc_session_is_reading_details (self->session))
    age = g_strdup (_ ("reading…"));
  else if (details == NULL)
    age = g_strdup (_ ("not read yet"));
  else
    age = psc_inspector_details_format_age (g_get_real_time () - details->time_usec);
  gtk_label_set_label (self->age_label, age);
}

static gboolean
age_cb (gpointer user_data)
{
  show_age (user_data);
  return G_SOURCE_CONTINUE;
}

void
psc_inspector_details_keep_age (gpointer widget, PscSession *session, GSourceFunc show,
                                guint *timer)
{
  gboolean needed = gtk_widget_get_mapped (widget) && session != NULL &&
                    psc_session_get_details (session) != NULL;

  if (needed && *timer == 0)
    *timer = g_timeout_add_seconds (1, show, widget);
  else if (!needed)
    g_clear_handle_id (timer, g_source_remove);
}

static void
update_timer (PscInspectorDetails *self)
{
  psc_inspector_details_keep_age (self, self->session, age_cb, &self->age_timer);
}

static char *
dup_button_hint (PscInspectorDetails *self)
{
  PscWatch *watch = psc_session_get_watch (self->session);
  g_autofree char *cost = psc_format_duration (self->cost_usec);

  if (watch != NULL && psc_watch_is_recorded (watch))
    return g_strdup (_ ("Reads smaps of the recording"));
  if (psc_session_get_state (self->session) == PSC_SESSION_GONE)
    return g_strdup (_ ("The process has ended: there is nothing left to read"));
  return g_strdup_printf (_ ("Reads smaps once: holds the process’s memory lock for about %s"),
                          cost);
}

static void
show_button (PscInspectorDetails *self)
{
  gboolean busy = psc_session_is_reading_details (self->session);
  g_autofree char *hint = dup_button_hint (self);

  gtk_widget_set_sensitive (self->read_button, psc_session_can_read_details (self->session));
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  if (g_strcmp0 (gtk_widget_get_tooltip_text (self->read_button), hint) != 0)
    gtk_widget_set_tooltip_text (self->read_button, hint);
}

static void
update (PscInspectorDetails *self)
{
  if (self->session == NULL)
    return;
  show_numbers (self);
  show_age (self);
  show_button (self);
  update_timer (self);
}

void
psc_inspector_details_show (PscInspectorDetails *self, const PscSpace *space,
                            const PscMapping *mapping)
{
  g_return_if_fail (PSC_IS_INSPECTOR_DETAILS (self));

  self->start = mapping->start;
  self->end = mapping->end;
  self->page_size = space->page_size;
  self->cost_usec = psc_session_estimate_details_usec (space);
  update (self);
}

void
psc_inspector_details_set_session (PscInspectorDetails *self, PscSession *session)
{
  g_return_if_fail (PSC_IS_INSPECTOR_DETAILS (self) && self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "details-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "state-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
read_cb (PscInspectorDetails *self)
{
  psc_session_read_details (self->session);
}

static void
psc_inspector_details_map (GtkWidget *widget)
{
  PscInspectorDetails *self = PSC_INSPECTOR_DETAILS (widget);

  GTK_WIDGET_CLASS (psc_inspector_details_parent_class)->map (widget);
  update (self);
}

static void
psc_inspector_details_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (psc_inspector_details_parent_class)->unmap (widget);
  update_timer (PSC_INSPECTOR_DETAILS (widget));
}

static void
psc_inspector_details_dispose (GObject *object)
{
  PscInspectorDetails *self = PSC_INSPECTOR_DETAILS (object);

  g_clear_handle_id (&self->age_timer, g_source_remove);
  g_clear_object (&self->session);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_INSPECTOR_DETAILS);
  G_OBJECT_CLASS (psc_inspector_details_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (
      klass, "/io/github/pagescape/Pagescape/psc-inspector-details.ui");
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, box);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, age_label);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, spinner);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, read_button);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, pss_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, private_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, shared_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, referenced_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, anonymous_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, swap_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, locked_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, lazy_free_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, ksm_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, thp_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, page_size_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, flags_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorDetails, note_label);
  gtk_widget_class_bind_template_callback (klass, read_cb);
}

static void
psc_inspector_details_class_init (PscInspectorDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_inspector_details_dispose;
  widget_class->map = psc_inspector_details_map;
  widget_class->unmap = psc_inspector_details_unmap;
  g_type_ensure (PSC_TYPE_FACT);
  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
psc_inspector_details_init (PscInspectorDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
