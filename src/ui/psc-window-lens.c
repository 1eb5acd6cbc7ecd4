/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-private.h"

#include <glib/gi18n-lib.h>

#include "psc-change.h"
#include "psc-format.h"
#include "psc-frame-query.h"
#include "psc-past.h"
#include "psc-sight.h"

struct _PscWindowLens
{
  PscPast *past;
  PscFrameQuery *frames;
  gboolean told_reason; /* of this choice of lens */
  const char *listed_reason;

  guint since_seconds;  /* 0: since the mark, or the first look */
  PscSpace *then, *now; /* what the change lens shows the difference of; NULL: nothing yet */
  gboolean comparing, again;
  PscChangeSums sums;
  guint tick;
};

static PscLens
get_lens (PscWindow *self)
{
  return psc_map_view_get_lens (self->map);
}

/* --- what has changed ---------------------------------------------------------------------- */

typedef struct
{
  PscSpace *then, *now; /* references */
  PscTraits *traits;
  PscChangeSums sums;
} Comparison;

static void
comparison_free (Comparison *comparison)
{
  psc_space_unref (comparison->then);
  psc_space_unref (comparison->now);
  psc_traits_unref (comparison->traits);
  g_free (comparison);
}

static void
compare_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Comparison *comparison = task_data;

  comparison->traits = psc_change_new (comparison->then, comparison->now, &comparison->sums);
  g_task_return_boolean (task, TRUE);
}

/* The live moment goes on; one that is paused or the last one doesn't. */
static gint64
now_usec (PscWindow *self, const PscSpace *space)
{
  if (psc_window_is_past (self) || psc_session_get_state (self->session) != PSC_SESSION_LIVE)
    return space->time_usec;
  return g_get_real_time ();
}

static PscSpace *
find_then (PscWindow *self, const PscSpace *now)
{
  const PscWindowLens *lens = self->lens;
  PscSpace *then;

  if (lens->since_seconds == 0)
    then = psc_past_get_mark (lens->past);
  else
    then =
        psc_past_get_at (lens->past, now_usec (self, now) - lens->since_seconds * G_USEC_PER_SEC);
  /* What came later is not the past of what is shown. */
  return then != NULL && then->time_usec <= now->time_usec ? then : NULL;
}

static char *
dup_clock (const PscSpace *space)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (space->time_usec / G_USEC_PER_SEC);

  return g_date_time_format (time, "%H:%M:%S");
}

static void
update_since (PscWindow *self)
{
  PscWindowLens *lens = self->lens;
  g_autofree char *clock = lens->then != NULL ? dup_clock (lens->then) : g_strdup ("…");
  g_autofree char *label = g_strdup_printf (_ ("Since %s"), clock);
  g_autoptr (GString) tip = g_string_new (NULL);

  if (lens->since_seconds > 0)
    gtk_menu_button_set_label (self->since_button,
                               lens->since_seconds < 60 ? _ ("Last 10 s") : _ ("Last minute"));
  else
    gtk_menu_button_set_label (self->since_button, label);
  g_string_append_printf (tip, _ ("What has changed since %s. M marks this moment."), clock);
  if (lens->sums.unmapped > 0)
    {
      g_autofree char *unmapped = psc_format_size (lens->sums.unmapped);
      g_autofree char *populated = psc_format_size (lens->sums.unmapped_populated);

      g_string_append_printf (tip, _ ("\nNot mapped any more: %s, of which %s was populated."),
                              unmapped, populated);
    }
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->since_button), tip->str);
}

static void update_change (PscWindow *self);

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PscWindow) self = user_data;
  const Comparison *comparison = g_task_get_task_data (G_TASK (result));
  PscWindowLens *lens = self->lens;

  /* The window may have been closed in the meantime. */
  if (lens == NULL)
    return;
  lens->comparing = FALSE;
  if (get_lens (self) == PSC_LENS_CHANGE && comparison->then == lens->then &&
      comparison->now == lens->now)
    {
      lens->sums = comparison->sums;
      psc_map_view_set_traits (self->map, comparison->traits);
      update_since (self);
    }
  if (lens->again)
    update_change (self);
}

static void
set_moments (PscWindowLens *lens, PscSpace *then, PscSpace *now)
{
  PscSpace *old_then = lens->then, *old_now = lens->now;

  lens->then = then != NULL ? psc_space_ref (then) : NULL;
  lens->now = now != NULL ? psc_space_ref (now) : NULL;
  psc_space_unref (old_then);
  psc_space_unref (old_now);
}

static void
update_change (PscWindow *self)
{
  PscWindowLens *lens = self->lens;
  PscSpace *now = psc_window_get_shown_space (self);
  PscSpace *then = now != NULL ? find_then (self, now) : NULL;
  g_autoptr (GTask) task = NULL;
  Comparison *comparison;

  lens->again = lens->comparing;
  if (then == NULL && get_lens (self) == PSC_LENS_CHANGE && psc_window_is_past (self))
    {
      set_moments (lens, NULL, NULL);
      psc_map_view_set_traits (self->map, NULL);
    }
  if (lens->comparing || then == NULL || (then == lens->then && now == lens->now))
    return;
  set_moments (lens, then, now);
  lens->comparing = TRUE;
  comparison = g_new0 (Comparison, 1);
  comparison->then = psc_space_ref (then);
  comparison->now = psc_space_ref (now);
  task = g_task_new (NULL, NULL, compared_cb, g_object_ref (self));
  g_task_set_task_data (task, comparison, (GDestroyNotify) comparison_free);
  g_task_run_in_thread (task, compare_worker);
}

/* What happened so long ago leaves the view, also when nothing new happens. */
static gboolean
tick_cb (gpointer user_data)
{
  update_change (user_data);
  return G_SOURCE_CONTINUE;
}

static void
update_tick (PscWindow *self)
{
  PscWindowLens *lens = self->lens;
  gboolean needed = get_lens (self) == PSC_LENS_CHANGE && lens->since_seconds > 0;

  if (needed && lens->tick == 0)
    lens->tick = g_timeout_add_seconds (1, tick_cb, self);
  else if (!needed)
    g_clear_handle_id (&lens->tick, g_source_remove);
}

/* --- page frames --------------------------------------------------------------------------- */

/* Frames, or who else has them. A recording has neither, but its sharing is shown as far as
 * mappings tell it. */
static gboolean
shows_frames (PscWindow *self)
{
  PscLensNeeds needs = psc_lens_needs (get_lens (self));
  PscWatch *watch = psc_session_get_watch (self->session);

  return needs == PSC_LENS_NEEDS_FRAMES ||
         (needs == PSC_LENS_NEEDS_SHARED && watch != NULL && !psc_watch_is_recorded (watch));
}

static PscTraits *
get_frame_traits (PscWindow *self)
{
  switch (get_lens (self))
    {
    case PSC_LENS_SHARING:
      return psc_frame_query_get_shared (self->lens->frames);
    case PSC_LENS_ORDER:
      return psc_frame_query_get_order (self->lens->frames);
    default:
      return psc_frame_query_get_contiguity (self->lens->frames);
    }
}

static void
say_reason (PscWindow *self, PscLens lens, const char *reason)
{
  g_autofree char *text = g_strdup_printf ("%s: %s", _ (psc_lens_name (lens)), reason);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (escaped));
}

static void
frames_changed_cb (PscWindow *self)
{
  PscWindowLens *lens = self->lens;
  gboolean of_order = get_lens (self) == PSC_LENS_ORDER;
  g_autofree char *reason = NULL;

  if (!shows_frames (self))
    return;
  psc_map_view_set_traits (self->map, get_frame_traits (self));
  reason = psc_frame_query_dup_reason (lens->frames, of_order);
  if (reason == NULL || lens->told_reason)
    return;
  lens->told_reason = TRUE;
  say_reason (self, get_lens (self), reason);
}

static void
update_frames (PscWindow *self)
{
  PscSpace *space = psc_map_view_get_space (self->map);
  PscLayout *layout = psc_map_view_get_layout (self->map);
  PscWatch *watch = psc_session_get_watch (self->session);
  guint64 start, last;

  /* The map may still show what was opened before. */
  if (psc_window_is_past (self))
    {
      psc_frame_query_look (self->lens->frames, NULL, NULL, PSC_FRAME_QUESTION_FRAMES, 0, 0);
      if (shows_frames (self))
        psc_map_view_set_traits (self->map, NULL);
    }
  else if (shows_frames (self) && space != NULL && watch != NULL &&
           space->pid == psc_watch_get_pid (watch) &&
           psc_sight_range (psc_map_view_get_view (self->map), layout, &start, &last))
    psc_frame_query_look (
        self->lens->frames, watch, space,
        get_lens (self) == PSC_LENS_SHARING ? PSC_FRAME_QUESTION_SHARED : PSC_FRAME_QUESTION_FRAMES,
        start - start % space->page_size, last - last % space->page_size + space->page_size);
  else if (!shows_frames (self) || watch == NULL)
    psc_frame_query_look (self->lens->frames, NULL, NULL, PSC_FRAME_QUESTION_FRAMES, 0, 0);
}

const char *
psc_window_lens_reason (PscWindow *self, PscLens lens)
{
  PscProcessTable *table = self->session != NULL ? psc_session_get_table (self->session) : NULL;

  if (psc_lens_needs (lens) != PSC_LENS_NEEDS_FRAMES || table == NULL)
    return NULL;
  if (table->is_recorded)
    return _ ("A recording has no page frames.");
  if (psc_window_is_past (self))
    return _ ("The past has no page frames: go back to live first.");
  if (!table->sees_frames)
    return _ ("The kernel shows page frames to administrators only: run the probe as root.");
  if (lens == PSC_LENS_ORDER && !table->sees_flags)
    return _ ("The flags of page frames are for administrators only: run the probe as root.");
  return NULL;
}

/* --- the lens ------------------------------------------------------------------------------ */

void
psc_window_lens_chosen (PscWindow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->since_button), get_lens (self) == PSC_LENS_CHANGE);
  self->lens->told_reason = FALSE;
  set_moments (self->lens, NULL, NULL);
  psc_window_lens_update (self);
}

void
psc_window_lens_update (PscWindow *self)
{
  update_tick (self);
  /* While the window is made. */
  if (self->session == NULL)
    return;
  if (get_lens (self) == PSC_LENS_CHANGE)
    {
      update_change (self);
      update_since (self);
    }
  psc_window_time_update_age (self);
  update_frames (self);
}

void
psc_window_lens_space_changed (PscWindow *self)
{
  psc_past_add (self->lens->past, psc_session_get_space (self->session));
  psc_window_lens_update (self);
}

void
psc_window_lens_refuse (PscWindow *self, PscLens lens)
{
  say_reason (self, lens, psc_window_lens_reason (self, lens));
}

PscLens
psc_window_lens_after (PscWindow *self, PscLens lens)
{
  do
    lens = (lens + 1) % PSC_N_LENSES;
  while (psc_window_lens_reason (self, lens) != NULL);
  return lens;
}

/* --- the list of lenses -------------------------------------------------------------------- */

/* The one that is chosen has a mark, as in every list of this kind. */
static void
update_item (GtkListItem *item, PscWindow *self)
{
  GtkWidget *mark = gtk_widget_get_last_child (gtk_list_item_get_child (item));
  gboolean chosen =
      gtk_list_item_get_position (item) == gtk_drop_down_get_selected (self->lens_drop_down);

  gtk_widget_set_opacity (mark, chosen ? 1 : 0);
}

static void
selected_cb (GtkDropDown *drop_down, GParamSpec *pspec, GtkListItem *item)
{
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (drop_down), PSC_TYPE_WINDOW);

  if (window != NULL && gtk_list_item_get_child (item) != NULL)
    update_item (item, PSC_WINDOW (window));
}

static void
bind_item_cb (GtkSignalListItemFactory *factory, GtkListItem *item, PscWindow *self)
{
  PscLens lens = gtk_list_item_get_position (item);
  const char *reason = psc_window_lens_reason (self, lens);
  GtkWidget *box = gtk_list_item_get_child (item);

  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (box)), _ (psc_lens_name (lens)));
  gtk_widget_set_tooltip_text (box, reason != NULL ? reason : _ (psc_lens_title (lens)));
  gtk_widget_set_sensitive (box, reason == NULL);
  gtk_list_item_set_activatable (item, reason == NULL);
  gtk_list_item_set_selectable (item, reason == NULL);
  update_item (item, self);
  g_signal_connect (self->lens_drop_down, "notify::selected", G_CALLBACK (selected_cb), item);
}

static void
unbind_item_cb (GtkSignalListItemFactory *factory, GtkListItem *item, PscWindow *self)
{
  /* The window may be on its way out. */
  if (self->lens_drop_down != NULL)
    g_signal_handlers_disconnect_by_func (self->lens_drop_down, selected_cb, item);
}

static void
setup_item_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("object-select-symbolic"));
  gtk_list_item_set_child (item, box);
}

static void
set_factory (PscWindow *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_item_cb), NULL);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_item_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_item_cb), self, 0);
  gtk_drop_down_set_list_factory (self->lens_drop_down, factory);
  g_object_unref (factory);
}

static void
fill_drop_down (PscWindow *self)
{
  GtkStringList *names = gtk_string_list_new (NULL);

  for (guint lens = 0; lens < PSC_N_LENSES; lens++)
    gtk_string_list_append (names, _ (psc_lens_name (lens)));
  gtk_drop_down_set_model (self->lens_drop_down, G_LIST_MODEL (names));
  g_object_unref (names);
  set_factory (self);
}

void
psc_window_lens_processes_changed (PscWindow *self)
{
  const char *reason = psc_window_lens_reason (self, PSC_LENS_ORDER);

  /* Texts are static. */
  if (reason == self->lens->listed_reason)
    return;
  self->lens->listed_reason = reason;
  set_factory (self);
}

/* --- actions ------------------------------------------------------------------------------- */

static void
mark_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;
  AdwToast *toast;

  if (!psc_past_mark (self->lens->past))
    return;
  g_action_group_change_action_state (G_ACTION_GROUP (self), "change-since",
                                      g_variant_new_string ("mark"));
  if (get_lens (self) != PSC_LENS_CHANGE)
    psc_window_set_lens (self, PSC_LENS_CHANGE);
  psc_window_lens_update (self);
  toast = adw_toast_new (_ ("Marked. Colour shows what changes from now on"));
  /* The legend is below it. */
  adw_toast_set_timeout (toast, 2);
  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}

static void
since_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PscWindow *self = user_data;
  const char *since = g_variant_get_string (state, NULL);

  self->lens->since_seconds = g_str_equal (since, "10") ? 10 : g_str_equal (since, "60") ? 60 : 0;
  g_simple_action_set_state (action,
                             g_variant_new_string (self->lens->since_seconds > 0 ? since : "mark"));
  psc_window_lens_update (self);
}

static void
patterns_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  psc_map_view_set_patterns (PSC_WINDOW (user_data)->map, g_variant_get_boolean (state));
  g_simple_action_set_state (action, state);
}

void
psc_window_lens_install (PscWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "mark", .activate = mark_action },
    { .name = "change-since",
      .parameter_type = "s",
      .state = "'mark'",
      .change_state = since_changed },
    { .name = "patterns", .state = "false", .change_state = patterns_changed },
  };

  self->lens = g_new0 (PscWindowLens, 1);
  self->lens->past = psc_past_new ();
  self->lens->frames = psc_frame_query_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  fill_drop_down (self);
  g_signal_connect_object (self->lens->frames, "changed", G_CALLBACK (frames_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->map, "view-changed", G_CALLBACK (update_frames), self,
                           G_CONNECT_SWAPPED);
}

void
psc_window_lens_free (PscWindowLens *lens)
{
  if (lens == NULL)
    return;
  g_clear_handle_id (&lens->tick, g_source_remove);
  psc_frame_query_look (lens->frames, NULL, NULL, PSC_FRAME_QUESTION_FRAMES, 0, 0);
  g_object_unref (lens->frames);
  set_moments (lens, NULL, NULL);
  psc_past_free (lens->past);
  g_free (lens);
}
