/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-private.h"

#include <glib/gi18n-lib.h>

#include "psc-condition-check.h"
#include "psc-notify-dialog.h"

#define KEY "notify-when"

/* Limits are the user's, kept by the name of the process: a window takes those of its own. */
typedef struct
{
  char *text;
  char *sentence; /* how it holds; NULL: it does not */
} Limit;

struct _PscWindowNotify
{
  char *name;        /* whose limits they are; NULL: none were looked up */
  GPtrArray *limits; /* of Limit */
  GHashTable *kept;  /* texts by name, where there are no settings; else NULL */
  guint past;        /* counts pasts: what was asked of another one is dropped */
  gboolean checking, again;
  PscNotifyDialog *dialog; /* a weak pointer */
};

/* --- what is kept -------------------------------------------------------------------------- */

/* Texts for a name, at most as many as there may be; never NULL. Free with g_strfreev(). */
static char **
load_texts (PscWindow *self, const char *name)
{
  g_autoptr (GVariant) all = NULL;
  g_autoptr (GVariant) texts = NULL;
  char **kept;

  if (self->settings == NULL)
    {
      kept = g_hash_table_lookup (self->notify->kept, name);
      return kept != NULL ? g_strdupv (kept) : g_new0 (char *, 1);
    }
  all = g_settings_get_value (self->settings, KEY);
  texts = g_variant_lookup_value (all, name, G_VARIANT_TYPE_STRING_ARRAY);
  kept = texts != NULL ? g_variant_dup_strv (texts, NULL) : g_new0 (char *, 1);
  for (guint i = PSC_NOTIFY_MOST; i < g_strv_length (kept);)
    g_clear_pointer (&kept[g_strv_length (kept) - 1], g_free);
  return kept;
}

static GVariant *
with_texts (GVariant *all, const char *name, const char *const *texts)
{
  GVariantBuilder builder;
  GVariantIter iter;
  const char *other;
  GVariant *others;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sas}"));
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_loop (&iter, "{&s@as}", &other, &others))
    if (!g_str_equal (other, name))
      g_variant_builder_add (&builder, "{s@as}", other, others);
  if (texts[0] != NULL)
    g_variant_builder_add (&builder, "{s@as}", name, g_variant_new_strv (texts, -1));
  return g_variant_builder_end (&builder);
}

static void
save_texts (PscWindow *self, const char *name, const char *const *texts)
{
  g_autoptr (GVariant) all = NULL;

  if (self->settings == NULL)
    {
      g_hash_table_insert (self->notify->kept, g_strdup (name), g_strdupv ((char **) texts));
      return;
    }
  all = g_settings_get_value (self->settings, KEY);
  g_settings_set_value (self->settings, KEY, with_texts (all, name, texts));
}

/* --- limits -------------------------------------------------------------------------------- */

static void
limit_free (gpointer data)
{
  Limit *limit = data;

  g_free (limit->text);
  g_free (limit->sentence);
  g_free (limit);
}

static Limit *
find_limit (GPtrArray *limits, const char *text)
{
  for (guint i = 0; i < limits->len; i++)
    {
      Limit *limit = g_ptr_array_index (limits, i);

      if (g_str_equal (limit->text, text))
        return limit;
    }
  return NULL;
}

/* Those that hold, each on a line. */
static void
show_alert (PscWindow *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->notify->limits->len; i++)
    {
      const Limit *limit = g_ptr_array_index (self->notify->limits, i);

      if (limit->sentence != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", limit->sentence);
    }
  psc_timeline_view_set_alert (self->timeline, text->len > 0 ? text->str : NULL);
  g_string_free (text, TRUE);
}

/* Those of a name. One that stays goes on as it is: what was told is told. */
static void
load_limits (PscWindow *self, const char *name)
{
  PscWindowNotify *notify = self->notify;
  g_auto (GStrv) texts = name != NULL ? load_texts (self, name) : g_new0 (char *, 1);
  g_autoptr (GPtrArray) old = g_steal_pointer (&notify->limits);
  gboolean same = g_strcmp0 (notify->name, name) == 0;

  notify->limits = g_ptr_array_new_with_free_func (limit_free);
  for (guint i = 0; texts[i] != NULL; i++)
    {
      Limit *before = same ? find_limit (old, texts[i]) : NULL;
      Limit *limit;

      if (find_limit (notify->limits, texts[i]) != NULL)
        continue;
      limit = g_new0 (Limit, 1);
      limit->text = g_strdup (texts[i]);
      limit->sentence = before != NULL ? g_steal_pointer (&before->sentence) : NULL;
      g_ptr_array_add (notify->limits, limit);
    }
  if (!same)
    {
      g_free (notify->name);
      notify->name = g_strdup (name);
    }
  show_alert (self);
  psc_window_update_active (self);
}

/* --- telling ------------------------------------------------------------------------------- */

static void
send_notification (PscWindow *self, const Limit *limit)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  guint window = gtk_application_window_get_id (GTK_APPLICATION_WINDOW (self));
  gint pid = psc_session_get_pid (self->session);
  g_autofree char *title = g_strdup_printf ("%s (%d)", self->notify->name, pid);
  g_autofree char *id = g_strdup_printf ("limit-%u-%s", window, limit->text);
  g_autoptr (GNotification) notification = g_notification_new (title);

  if (application == NULL)
    return;
  g_notification_set_body (notification, limit->sentence);
  g_notification_set_default_action_and_target (notification, "app.show-process", "(ui)", window,
                                                pid);
  g_application_send_notification (G_APPLICATION (application), id, notification);
}

static void
take_answer (PscWindow *self, const PscConditionAnswer *answer)
{
  Limit *limit = find_limit (self->notify->limits, answer->text);
  gboolean held;

  if (limit == NULL)
    return;
  held = limit->sentence != NULL;
  g_free (limit->sentence);
  limit->sentence = answer->holds ? g_strdup (answer->sentence) : NULL;
  if (held || limit->sentence == NULL)
    return;
  send_notification (self, limit);
  psc_window_offer (self, limit->sentence, _ ("Show Growth"), "win.show-growth", NULL);
}

/* --- asking -------------------------------------------------------------------------------- */

static const PscTimeline *
get_timeline (PscWindow *self)
{
  return psc_timeline_area_get_chart (psc_timeline_view_get_area (self->timeline)).timeline;
}

typedef struct
{
  PscWindow *window; /* a reference */
  guint past;
} Asking;

static void check (PscWindow *self);

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Asking *asking = user_data;
  g_autoptr (PscWindow) self = asking->window;
  g_autoptr (GPtrArray) answers = psc_condition_check_finish (result);
  PscWindowNotify *notify = self->notify;

  /* The window was closed, or has another past. */
  if (notify == NULL || asking->past != notify->past)
    return;
  notify->checking = FALSE;
  for (guint i = 0; i < answers->len; i++)
    take_answer (self, g_ptr_array_index (answers, i));
  show_alert (self);
  if (notify->again)
    check (self);
}

/* What comes while an answer is made is asked about once that is there. */
static void
check (PscWindow *self)
{
  PscWindowNotify *notify = self->notify;
  g_autoptr (GStrvBuilder) texts = NULL;
  g_auto (GStrv) words = NULL;
  Asking *asking;

  notify->again = notify->checking;
  if (notify->checking || notify->limits->len == 0 ||
      psc_timeline_get_n_moments (get_timeline (self)) == 0)
    return;
  notify->checking = TRUE;
  texts = g_strv_builder_new ();
  for (guint i = 0; i < notify->limits->len; i++)
    g_strv_builder_add (texts, ((Limit *) g_ptr_array_index (notify->limits, i))->text);
  words = g_strv_builder_end (texts);
  asking = g_new0 (Asking, 1);
  *asking = (Asking){ g_object_ref (self), notify->past };
  psc_condition_check_async (get_timeline (self), (const char *const *) words, checked_cb, asking);
}

void
psc_window_notify_add (PscWindow *self)
{
  PscSpace *space = psc_session_get_space (self->session);

  if (space == NULL)
    return;
  if (g_strcmp0 (self->notify->name, space->name) != 0)
    load_limits (self, space->name);
  check (self);
  if (self->notify->dialog != NULL)
    psc_notify_dialog_set_timeline (self->notify->dialog, get_timeline (self));
}

void
psc_window_notify_forget (PscWindow *self)
{
  PscWindowNotify *notify = self->notify;

  notify->past++;
  notify->checking = notify->again = FALSE;
  if (notify->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (notify->dialog));
  g_clear_pointer (&notify->name, g_free);
  g_ptr_array_set_size (notify->limits, 0);
  show_alert (self);
}

gboolean
psc_window_notify_is_on (PscWindow *self)
{
  return self->notify != NULL && self->notify->limits->len > 0;
}

/* --- the dialog ---------------------------------------------------------------------------- */

static void
save_cb (PscNotifyDialog *dialog, PscWindow *self)
{
  g_auto (GStrv) texts = psc_notify_dialog_dup_texts (dialog);

  if (self->notify == NULL || self->notify->name == NULL)
    return;
  save_texts (self, self->notify->name, (const char *const *) texts);
  load_limits (self, self->notify->name);
  check (self);
}

static void
notify_when_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;
  PscSpace *space = psc_session_get_space (self->session);
  PscJudgement *judgement = psc_insight_get_judgement (psc_window_get_insight (self));
  const PscLimits *limits = NULL;
  g_auto (GStrv) texts = NULL;
  GtkWidget *dialog;

  if (space == NULL || self->notify->dialog != NULL)
    return;
  if (g_strcmp0 (self->notify->name, space->name) != 0)
    load_limits (self, space->name);
  if (judgement != NULL && judgement->limits != NULL)
    limits = psc_known_limits_get (judgement->limits);
  texts = load_texts (self, self->notify->name);
  dialog = psc_notify_dialog_new (GTK_WINDOW (self), self->notify->name,
                                  (const char *const *) texts, get_timeline (self), limits);
  g_set_weak_pointer (&self->notify->dialog, PSC_NOTIFY_DIALOG (dialog));
  g_signal_connect_object (dialog, "save", G_CALLBACK (save_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- the window ---------------------------------------------------------------------------- */

/* A recording does not go on: nothing in it begins to hold. */
void
psc_window_notify_update (PscWindow *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "notify-when");
  PscSessionState state = psc_session_get_state (self->session);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                               psc_session_get_space (self->session) != NULL &&
                                   (state == PSC_SESSION_LIVE || state == PSC_SESSION_PAUSED));
}

/* Another window may have set them. */
static void
settings_changed_cb (PscWindow *self)
{
  if (self->notify == NULL || self->notify->name == NULL)
    return;
  load_limits (self, self->notify->name);
  check (self);
}

void
psc_window_notify_install (PscWindow *self)
{
  static const GActionEntry entries[] = { { .name = "notify-when",
                                            .activate = notify_when_action } };

  self->notify = g_new0 (PscWindowNotify, 1);
  self->notify->limits = g_ptr_array_new_with_free_func (limit_free);
  if (self->settings != NULL)
    g_signal_connect_object (self->settings, "changed::" KEY, G_CALLBACK (settings_changed_cb),
                             self, G_CONNECT_SWAPPED);
  else
    self->notify->kept =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

void
psc_window_notify_free (PscWindowNotify *notify)
{
  if (notify == NULL)
    return;
  g_clear_weak_pointer (&notify->dialog);
  g_free (notify->name);
  g_ptr_array_unref (notify->limits);
  g_clear_pointer (&notify->kept, g_hash_table_unref);
  g_free (notify);
}
