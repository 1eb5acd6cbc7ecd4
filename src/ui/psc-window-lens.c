/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-private.h"

#include <glib/gi18n-lib.h>

#include "psc-frame-query.h"
#include "psc-label.h"
#include "psc-sight.h"

struct _PscWindowLens
{
  PscFrameQuery *frames;
  gboolean told_reason; /* of this choice of lens */
  const char *listed_reason;
};

static PscLens
get_lens (PscWindow *self)
{
  return psc_map_view_get_lens (self->map);
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

  psc_window_say (self, text);
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
  self->lens->told_reason = FALSE;
  psc_window_compare_lens_chosen (self);
  psc_window_lens_update (self);
}

void
psc_window_lens_update (PscWindow *self)
{
  /* While the window is made. */
  if (self->session == NULL)
    return;
  psc_window_compare_update (self);
  psc_window_age_update (self);
  update_frames (self);
}

void
psc_window_lens_space_changed (PscWindow *self)
{
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
  GtkWidget *label = psc_label_new (NULL, 0, NULL);

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
patterns_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  psc_map_view_set_patterns (PSC_WINDOW (user_data)->map, g_variant_get_boolean (state));
  g_simple_action_set_state (action, state);
}

void
psc_window_lens_install (PscWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "patterns", .state = "false", .change_state = patterns_changed },
  };

  self->lens = g_new0 (PscWindowLens, 1);
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
  psc_frame_query_look (lens->frames, NULL, NULL, PSC_FRAME_QUESTION_FRAMES, 0, 0);
  g_object_unref (lens->frames);
  g_free (lens);
}
