/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When the list of processes is there. Beside the gallery it finds and sorts; beside a map it takes
 * room from the map, so that by itself it stays only in windows that are wide enough for both. */

#include "psc-config.h"

#include "psc-window-private.h"

/* px, at the usual size of text. */
#define WIDE 1500

typedef enum
{
  WIDE_ONLY,
  ALWAYS,
  NEVER
} BesideMap;

static const char *const besides[] = { "wide", "always", "never" };

struct _PscWindowList
{
  gboolean beside_gallery;
  BesideMap beside_map;
  gboolean called; /* beside the map, until a process is chosen */
  guint update;    /* source that looks at the width; 0: none */
};

static gboolean
is_wide (PscWindow *self)
{
  int width, height;

  if (gtk_widget_get_realized (GTK_WIDGET (self)))
    width = gdk_surface_get_width (gtk_native_get_surface (GTK_NATIVE (self)));
  else
    gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  return width >= WIDE * psc_window_get_text_growth ();
}

static gboolean
is_wanted (PscWindow *self)
{
  if (self->in_gallery)
    return self->list->beside_gallery;
  if (self->list->called)
    return TRUE;
  return self->list->beside_map == ALWAYS ||
         (self->list->beside_map == WIDE_ONLY && is_wide (self));
}

void
psc_window_list_update (PscWindow *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "show-list");
  gboolean wanted = is_wanted (self);

  gtk_widget_set_visible (GTK_WIDGET (self->process_list), wanted);
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (wanted));
}

static void
show_list_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PscWindow *self = user_data;
  gboolean wanted = g_variant_get_boolean (state);

  self->list->called = FALSE;
  if (self->in_gallery)
    self->list->beside_gallery = wanted;
  else
    self->list->beside_map = wanted ? ALWAYS : NEVER;
  psc_window_list_update (self);
}

void
psc_window_list_call (PscWindow *self)
{
  if (self->in_gallery)
    self->list->beside_gallery = TRUE;
  else
    self->list->called = TRUE;
  psc_window_list_update (self);
}

void
psc_window_list_dismiss (PscWindow *self)
{
  self->list->called = FALSE;
  psc_window_list_update (self);
}

/* --- the width of the window --------------------------------------------------------------- */

/* Not while it is being laid out. */
static gboolean
update_cb (gpointer user_data)
{
  PscWindow *self = user_data;

  self->list->update = 0;
  psc_window_list_update (self);
  return G_SOURCE_REMOVE;
}

static void
width_changed_cb (PscWindow *self)
{
  if (self->list->update == 0)
    self->list->update = g_idle_add (update_cb, self);
}

static void
realize_cb (PscWindow *self)
{
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (self)), "notify::width",
                           G_CALLBACK (width_changed_cb), self, G_CONNECT_SWAPPED);
}

void
psc_window_list_free (PscWindowList *list)
{
  g_clear_handle_id (&list->update, g_source_remove);
  g_free (list);
}

/* --- what is remembered -------------------------------------------------------------------- */

void
psc_window_list_load (PscWindow *self)
{
  g_autofree char *beside = g_settings_get_string (self->settings, "list-beside-map");

  gtk_paned_set_position (self->outer_paned, g_settings_get_int (self->settings, "list-width"));
  self->list->beside_gallery = g_settings_get_boolean (self->settings, "show-list");
  for (guint i = 0; i < G_N_ELEMENTS (besides); i++)
    if (strcmp (beside, besides[i]) == 0)
      self->list->beside_map = i;
  psc_window_list_update (self);
}

void
psc_window_list_save (PscWindow *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self->process_list));

  if (gtk_widget_get_visible (GTK_WIDGET (self->process_list)))
    g_settings_set_int (self->settings, "list-width", MAX (width, 120));
  g_settings_set_boolean (self->settings, "show-list", self->list->beside_gallery);
  g_settings_set_string (self->settings, "list-beside-map", besides[self->list->beside_map]);
}

void
psc_window_list_install (PscWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "show-list", .state = "true", .change_state = show_list_changed },
  };

  self->list = g_new0 (PscWindowList, 1);
  self->list->beside_gallery = TRUE;
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect (self, "realize", G_CALLBACK (realize_cb), NULL);
}
