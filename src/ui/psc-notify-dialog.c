/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-notify-dialog.h"

#include <glib/gi18n-lib.h>

#include "psc-format.h"
#include "psc-notify-row.h"

#define MIB ((guint64) 1 << 20)
/* What is ready made warns at so much of a limit. */
#define CLOSE_PERCENT 90
/* The kernel's own vm.max_map_count is 65530. */
#define MANY_MAPPINGS 60000

enum
{
  PRESET_RESIDENT,
  PRESET_GROWTH,
  PRESET_MAPPINGS,
  PRESET_CGROUP,
  N_PRESETS
};

struct _PscNotifyDialog
{
  AdwWindow parent_instance;

  PscTimeline *timeline; /* a copy */
  gboolean checking, again, closed;
  gboolean valid;                /* all that stands there */
  char *preset_texts[N_PRESETS]; /* NULL: can't be had here */

  GtkLabel *heading;
  GtkBox *rows;
  GtkLabel *empty;
  GtkButton *save_button;
  AdwPreferencesGroup *presets;
  AdwActionRow *preset_rows[N_PRESETS];
};

G_DEFINE_FINAL_TYPE (PscNotifyDialog, psc_notify_dialog, ADW_TYPE_WINDOW)

static guint save_signal;

static void check (PscNotifyDialog *self);

/* --- limits -------------------------------------------------------------------------------- */

static guint
count_rows (PscNotifyDialog *self)
{
  guint n = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    n++;
  return n;
}

static void
update (PscNotifyDialog *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->empty), count_rows (self) == 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), self->valid);
}

static void
remove_cb (PscNotifyDialog *self, GtkWidget *row)
{
  gtk_box_remove (self->rows, row);
  gtk_widget_grab_focus (GTK_WIDGET (self->save_button));
  check (self);
}

static GtkWidget *
add_row (PscNotifyDialog *self, const char *text)
{
  GtkWidget *row;

  if (count_rows (self) >= PSC_NOTIFY_MOST)
    return NULL;
  row = psc_notify_row_new (text);
  g_signal_connect_object (row, "changed", G_CALLBACK (check), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "remove", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->rows, row);
  return row;
}

static void
add_cb (PscNotifyDialog *self)
{
  GtkWidget *row = add_row (self, "");

  if (row != NULL)
    gtk_widget_grab_focus (row);
  check (self);
}

char **
psc_notify_dialog_dup_texts (PscNotifyDialog *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (PSC_IS_NOTIFY_DIALOG (self), NULL);

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      g_autofree char *text = psc_notify_row_dup_text (PSC_NOTIFY_ROW (row));

      if (*text != '\0')
        g_strv_builder_add (builder, text);
    }
  return g_strv_builder_end (builder);
}

static void
save_cb (PscNotifyDialog *self)
{
  g_signal_emit (self, save_signal, 0);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* --- what holds ---------------------------------------------------------------------------- */

static void
take_answer (PscNotifyDialog *self, const PscConditionAnswer *answer)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    psc_notify_row_set_answer (PSC_NOTIFY_ROW (row), answer);
  for (guint i = 0; i < N_PRESETS; i++)
    {
      g_autofree char *state = NULL, *subtitle = NULL;

      if (g_strcmp0 (self->preset_texts[i], answer->text) != 0)
        continue;
      state = psc_notify_dup_state (answer);
      subtitle = g_strdup_printf ("%s · %s", answer->text, state);
      adw_action_row_set_subtitle (self->preset_rows[i], subtitle);
    }
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PscNotifyDialog) self = user_data;
  g_autoptr (GPtrArray) answers = psc_condition_check_finish (result);
  gboolean valid = TRUE;

  if (self->closed)
    return;
  self->checking = FALSE;
  for (guint i = 0; i < answers->len; i++)
    {
      const PscConditionAnswer *answer = g_ptr_array_index (answers, i);

      /* What was left empty is left out. */
      valid = valid && (answer->error == NULL || *answer->text == '\0');
      take_answer (self, answer);
    }
  if (self->again)
    check (self);
  else
    self->valid = valid;
  update (self);
}

/* All that stands there, empty ones too, and all that is ready made. */
static char **
dup_all (PscNotifyDialog *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      g_autofree char *text = psc_notify_row_dup_text (PSC_NOTIFY_ROW (row));

      g_strv_builder_add (builder, text);
    }
  for (guint i = 0; i < N_PRESETS; i++)
    if (self->preset_texts[i] != NULL)
      g_strv_builder_add (builder, self->preset_texts[i]);
  return g_strv_builder_end (builder);
}

static void
check (PscNotifyDialog *self)
{
  g_auto (GStrv) texts = NULL;

  self->again = self->checking;
  self->valid = FALSE;
  update (self);
  if (self->checking)
    return;
  self->checking = TRUE;
  texts = dup_all (self);
  psc_condition_check_async (self->timeline, (const char *const *) texts, checked_cb,
                             g_object_ref (self));
}

void
psc_notify_dialog_set_timeline (PscNotifyDialog *self, const PscTimeline *timeline)
{
  gboolean valid;

  g_return_if_fail (PSC_IS_NOTIFY_DIALOG (self));

  /* It comes every second: what is being typed has the first say. */
  if (self->checking)
    return;
  psc_timeline_free (self->timeline);
  self->timeline = psc_timeline_copy (timeline);
  valid = self->valid;
  check (self);
  self->valid = valid;
  update (self);
}

/* --- what is ready made -------------------------------------------------------------------- */

static char *
dup_limit_text (const char *name, guint64 bytes)
{
  return g_strdup_printf ("%s>%" G_GUINT64_FORMAT "MiB", name, MAX (bytes / MIB, 1));
}

/* The next power of two that leaves it room. */
static guint64
find_room (const PscTimeline *timeline)
{
  guint n = psc_timeline_get_n_moments (timeline);
  guint64 resident = n > 0 ? psc_timeline_get_moment (timeline, n - 1)->total.resident : 0;
  guint64 room = MIB;

  while (room < resident + resident / 4)
    room *= 2;
  return room;
}

static guint64
find_cgroup_limit (const PscLimits *limits)
{
  guint64 least = 0;

  for (guint i = 0; limits != NULL && i < limits->n_levels; i++)
    if (limits->levels[i].max.state == PSC_LIMIT_VALUE &&
        (least == 0 || limits->levels[i].max.value < least))
      least = limits->levels[i].max.value;
  return least;
}

static void
preset_clicked_cb (PscNotifyDialog *self, GtkWidget *button)
{
  for (guint i = 0; i < N_PRESETS; i++)
    if (gtk_widget_is_ancestor (button, GTK_WIDGET (self->preset_rows[i])) &&
        add_row (self, self->preset_texts[i]) != NULL)
      check (self);
}

static GtkWidget *
add_button_new (const char *title)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Add"));
  g_autofree char *name = g_strdup_printf (_ ("Add: %s"), title);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

/* Takes the text; NULL: it can't be had, and why. */
static void
add_preset (PscNotifyDialog *self, guint preset, const char *title, char *text, const char *why)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "use-markup", FALSE,
                                 "subtitle-lines", 0, "title-lines", 0, NULL);
  GtkWidget *button = add_button_new (title);

  self->preset_texts[preset] = text;
  self->preset_rows[preset] = ADW_ACTION_ROW (row);
  gtk_widget_set_sensitive (row, text != NULL);
  if (text == NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), why);
  g_signal_connect_object (button, "clicked", G_CALLBACK (preset_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (self->presets, row);
}

static void
add_presets (PscNotifyDialog *self, const PscLimits *limits)
{
  guint64 cgroup = find_cgroup_limit (limits);
  guint64 mappings = MANY_MAPPINGS;
  guint64 room = find_room (self->timeline);
  g_autofree char *room_size = psc_format_size (room);
  g_autofree char *more = g_strdup_printf (_ ("It takes more RAM than %s"), room_size);
  g_autofree char *size = psc_format_size (cgroup);
  g_autofree char *close = NULL;

  /* Where the machine allows another number, that is what counts. */
  if (limits != NULL && limits->max_map_count.state == PSC_LIMIT_VALUE &&
      limits->max_map_count.value <= MANY_MAPPINGS)
    mappings = limits->max_map_count.value / 100 * CLOSE_PERCENT;
  close = cgroup > 0 ? g_strdup_printf (_ ("It takes %d %% of what its control group may, %s"),
                                        CLOSE_PERCENT, size) :
                       g_strdup (_ ("It is close to the limit of its control group"));
  add_preset (self, PRESET_RESIDENT, more, dup_limit_text ("resident", room), NULL);
  add_preset (self, PRESET_GROWTH, _ ("Any part of it grows steadily"), g_strdup ("any>1MiB/min"),
              NULL);
  add_preset (self, PRESET_MAPPINGS, _ ("It has nearly as many mappings as it may"),
              g_strdup_printf ("mappings>%" G_GUINT64_FORMAT, mappings), NULL);
  add_preset (self, PRESET_CGROUP, close,
              cgroup > 0 ? dup_limit_text ("resident", cgroup / 100 * CLOSE_PERCENT) : NULL,
              limits != NULL ? _ ("No control group limits its memory") :
                               _ ("Its limits are not known"));
}

/* --- the window ---------------------------------------------------------------------------- */

static void
psc_notify_dialog_dispose (GObject *object)
{
  PscNotifyDialog *self = PSC_NOTIFY_DIALOG (object);

  self->closed = TRUE;
  g_clear_pointer (&self->timeline, psc_timeline_free);
  for (guint i = 0; i < N_PRESETS; i++)
    g_clear_pointer (&self->preset_texts[i], g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_NOTIFY_DIALOG);
  G_OBJECT_CLASS (psc_notify_dialog_parent_class)->dispose (object);
}

static void
psc_notify_dialog_class_init (PscNotifyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_notify_dialog_dispose;
  save_signal = g_signal_new ("save", PSC_TYPE_NOTIFY_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/pagescape/Pagescape/psc-notify-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PscNotifyDialog, heading);
  gtk_widget_class_bind_template_child (widget_class, PscNotifyDialog, rows);
  gtk_widget_class_bind_template_child (widget_class, PscNotifyDialog, empty);
  gtk_widget_class_bind_template_child (widget_class, PscNotifyDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, PscNotifyDialog, presets);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
psc_notify_dialog_init (PscNotifyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
psc_notify_dialog_new (GtkWindow *parent, const char *name, const char *const *texts,
                       const PscTimeline *timeline, const PscLimits *limits)
{
  PscNotifyDialog *self = g_object_new (PSC_TYPE_NOTIFY_DIALOG, "transient-for", parent, NULL);
  g_autofree char *heading =
      g_strdup_printf (_ ("Limits of every process called “%s”, as long as a window shows it. One "
                          "that is crossed is "
                          "told once, and again when it was not crossed in between."),
                       name);

  self->timeline = psc_timeline_copy (timeline);
  gtk_label_set_label (self->heading, heading);
  for (guint i = 0; texts[i] != NULL; i++)
    add_row (self, texts[i]);
  add_presets (self, limits);
  check (self);
  return GTK_WIDGET (self);
}
