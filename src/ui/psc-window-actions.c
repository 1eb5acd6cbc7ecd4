/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-private.h"

#include <glib/gi18n-lib.h>

#include "psc-compat.h"

#define ZOOM_FACTOR 1.5

static void
set_state (PscWindow *self, const char *name, GVariant *state)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), state);
}

static void
set_enabled (PscWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/* --- list and session ---------------------------------------------------------------------- */

static void
search_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;

  psc_window_list_call (self);
  psc_process_list_view_search (self->process_list);
}

static void
refresh_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;

  psc_session_refresh (self->session);
  psc_window_compare_refresh (self);
}

static void
pause_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PscWindow *self = user_data;

  if (psc_window_gallery_is_shown (self))
    psc_gallery_set_paused (self->gallery, g_variant_get_boolean (state));
  else
    psc_session_set_paused (self->session, g_variant_get_boolean (state));
  g_simple_action_set_state (action, state);
}

/* --- the view ------------------------------------------------------------------------------ */

static void
zoom_in_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_map_view_zoom (PSC_WINDOW (user_data)->map, ZOOM_FACTOR);
}

static void
zoom_out_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_map_view_zoom (PSC_WINDOW (user_data)->map, 1 / ZOOM_FACTOR);
}

static void
zoom_fit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_map_view_fit (PSC_WINDOW (user_data)->map);
}

static void
back_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_map_view_go_back (PSC_WINDOW (user_data)->map);
}

static void
forward_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_map_view_go_forward (PSC_WINDOW (user_data)->map);
}

static void
fold_all_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_map_view_fold_all (PSC_WINDOW (user_data)->map);
}

static void
low_at_top_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PscWindow *self = user_data;

  psc_map_view_set_low_at_top (self->map, g_variant_get_boolean (state));
  psc_gallery_set_low_at_top (self->gallery, g_variant_get_boolean (state));
  g_simple_action_set_state (action, state);
}

void
psc_window_set_lens (PscWindow *self, PscLens lens)
{
  psc_map_view_set_lens (self->map, lens);
  psc_gallery_set_lens (self->gallery, lens);
  gtk_drop_down_set_selected (self->lens_drop_down, lens);
  set_state (self, "lens", g_variant_new_string (psc_lens_id (lens)));
  psc_window_lens_chosen (self);
}

static void
lens_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PscLens lens;

  if (!psc_lens_from_id (g_variant_get_string (state, NULL), &lens))
    return;
  if (psc_window_lens_reason (user_data, lens) == NULL)
    psc_window_set_lens (user_data, lens);
  else
    psc_window_lens_refuse (user_data, lens);
}

static void
next_lens_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;

  psc_window_set_lens (self, psc_window_lens_after (self, psc_map_view_get_lens (self->map)));
}

/* --- panes --------------------------------------------------------------------------------- */

static void
show_inspector_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PscWindow *self = user_data;

  gtk_widget_set_visible (GTK_WIDGET (self->inspector),
                          g_variant_get_boolean (state) && !psc_window_gallery_is_shown (self));
  g_simple_action_set_state (action, state);
}

static void
kernel_threads_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PscWindow *self = user_data;

  g_object_set (self->process_list, "show-kernel-threads", g_variant_get_boolean (state), NULL);
  g_simple_action_set_state (action, state);
}

/* --- help ---------------------------------------------------------------------------------- */

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_compat_show_about (GTK_WINDOW (user_data));
}

static const GActionEntry entries[] = {
  { .name = "search", .activate = search_action },
  { .name = "refresh", .activate = refresh_action },
  { .name = "pause", .state = "false", .change_state = pause_changed },
  { .name = "zoom-in", .activate = zoom_in_action },
  { .name = "zoom-out", .activate = zoom_out_action },
  { .name = "zoom-fit", .activate = zoom_fit_action },
  { .name = "back", .activate = back_action },
  { .name = "forward", .activate = forward_action },
  { .name = "fold-all", .activate = fold_all_action },
  { .name = "low-at-top", .state = "false", .change_state = low_at_top_changed },
  { .name = "lens", .parameter_type = "s", .state = "'residency'", .change_state = lens_changed },
  { .name = "next-lens", .activate = next_lens_action },
  { .name = "show-inspector", .state = "true", .change_state = show_inspector_changed },
  { .name = "kernel-threads", .state = "false", .change_state = kernel_threads_changed },
  { .name = "about", .activate = about_action },
};

void
psc_window_actions_install (PscWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  psc_window_export_install (self);
}

void
psc_window_actions_update (PscWindow *self)
{
  static const char *const of_the_map[] = {
    "zoom-in",    "zoom-out", "zoom-fit", "export",          "export-to",
    "copy-image", "copy-svg", "find",     "compare-process", "compare-recording",
  };
  PscSessionState state = psc_session_get_state (self->session);
  gboolean gallery = psc_window_gallery_is_shown (self);
  gboolean shown = psc_map_view_get_space (self->map) != NULL && !gallery;
  gboolean paused =
      gallery ? psc_gallery_get_paused (self->gallery) : psc_session_get_paused (self->session);

  for (guint i = 0; i < G_N_ELEMENTS (of_the_map); i++)
    set_enabled (self, of_the_map[i], shown);
  set_enabled (self, "back", shown && psc_map_view_can_go_back (self->map));
  set_enabled (self, "forward", shown && psc_map_view_can_go_forward (self->map));
  set_enabled (self, "fold-all", shown && psc_map_view_has_unfolded (self->map));
  set_enabled (self, "show-inspector", !gallery);
  set_enabled (self, "pause", gallery || state == PSC_SESSION_LIVE || state == PSC_SESSION_PAUSED);
  set_state (self, "pause", g_variant_new_boolean (paused));
  psc_window_gallery_update_actions (self);
}

/* --- what is remembered -------------------------------------------------------------------- */

static const struct
{
  const char *key;
  const char *action;
} remembered[] = {
  { "show-table", "show-table" },
  { "show-timeline", "show-timeline" },
  { "show-inspector", "show-inspector" },
  { "show-kernel-threads", "kernel-threads" },
  { "low-at-top", "low-at-top" },
  { "lens", "lens" },
  { "patterns", "patterns" },
  { "change-since", "change-since" },
  { "gallery-sort", "gallery-sort" },
};

void
psc_window_load_settings (PscWindow *self)
{
  GSettings *settings = self->settings;
  g_autofree char *column = NULL;

  if (settings == NULL)
    {
      gtk_window_set_default_size (GTK_WINDOW (self), 1280, 780);
      return;
    }
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  psc_window_list_load (self);
  for (guint i = 0; i < G_N_ELEMENTS (remembered); i++)
    {
      g_autoptr (GVariant) value = g_settings_get_value (settings, remembered[i].key);

      g_action_group_change_action_state (G_ACTION_GROUP (self), remembered[i].action, value);
    }
  column = g_settings_get_string (settings, "sort-column");
  psc_process_list_view_set_sort (self->process_list, column,
                                  g_settings_get_boolean (settings, "sort-descending"));
}

void
psc_window_save_settings (PscWindow *self)
{
  GSettings *settings = self->settings;
  const char *column;
  gboolean descending;
  int width, height;

  if (settings == NULL)
    return;
  /* What is compared just now is nothing to remember, nor the lens that it is seen by. */
  psc_window_compare_stop (self);
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (settings, "window-width", MAX (width, 400));
  g_settings_set_int (settings, "window-height", MAX (height, 300));
  g_settings_set_boolean (settings, "maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
  psc_window_list_save (self);
  if (gtk_widget_get_visible (GTK_WIDGET (self->inspector)))
    g_settings_set_int (settings, "inspector-width",
                        MAX ((int) (gtk_widget_get_width (GTK_WIDGET (self->inspector)) /
                                    psc_window_get_text_growth ()),
                             120));
  for (guint i = 0; i < G_N_ELEMENTS (remembered); i++)
    {
      g_autoptr (GVariant) value =
          g_action_group_get_action_state (G_ACTION_GROUP (self), remembered[i].action);

      g_settings_set_value (settings, remembered[i].key, value);
    }
  column = psc_process_list_view_get_sort (self->process_list, &descending);
  g_settings_set_string (settings, "sort-column", column);
  g_settings_set_boolean (settings, "sort-descending", descending);
  psc_window_table_save (self);
  psc_window_time_save (self);
}
