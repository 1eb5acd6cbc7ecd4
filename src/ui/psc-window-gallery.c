/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "psc-format.h"
#include "psc-map-view-private.h"

/* Where the map is in its page before it was there for the first time, about: px, and the share of
 * the width that its labels take. */
#define USUAL_LEFT   96
#define USUAL_TOP    7
#define USUAL_BOTTOM 48
#define USUAL_LABELS 0.2

gboolean
psc_window_gallery_is_shown (PscWindow *self)
{
  return self->in_gallery;
}

/* The gallery stays on screen until what it leads to is there to take its place. */
gboolean
psc_window_gallery_holds_page (PscWindow *self)
{
  PscSessionState state = psc_session_get_state (self->session);
  PscSpace *shown = psc_map_view_get_space (self->map);

  if (self->in_gallery)
    return TRUE;
  if (!self->leaving_gallery)
    return FALSE;
  if (psc_gallery_is_zooming (self->gallery) || state == PSC_SESSION_LOADING)
    return TRUE;
  return psc_session_get_space (self->session) != NULL &&
         (shown == NULL || shown->pid != psc_session_get_pid (self->session));
}

void
psc_window_gallery_update_active (PscWindow *self, gboolean seen)
{
  psc_gallery_set_active (self->gallery, seen && self->in_gallery);
}

static gboolean
is_on (PscWindow *self, const char *action)
{
  g_autoptr (GVariant) state = g_action_group_get_action_state (G_ACTION_GROUP (self), action);

  return g_variant_get_boolean (state);
}

/* What goes with the page: inspector and table have nothing to say of a gallery. */
static void
update_surroundings (PscWindow *self)
{
  gint pid = psc_session_get_pid (self->session);

  gtk_widget_set_visible (GTK_WIDGET (self->inspector),
                          !self->in_gallery && is_on (self, "show-inspector"));
  gtk_widget_set_visible (GTK_WIDGET (self->table),
                          !self->in_gallery && is_on (self, "show-table"));
  psc_window_time_update_visible (self);
  psc_window_list_update (self);
  psc_process_list_view_select (self->process_list, self->in_gallery ? 0 : pid);
  psc_window_update_active (self);
  psc_window_update (self);
}

static void
show_gallery (PscWindow *self)
{
  gint pid = psc_session_get_pid (self->session);

  self->in_gallery = TRUE;
  self->leaving_gallery = FALSE;
  g_clear_pointer (&self->target, g_free);
  g_clear_pointer (&self->target_problem, g_free);
  update_surroundings (self);
  psc_gallery_focus (self->gallery, pid);
}

static GtkBorder
guess_map_margins (PscWindow *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self->gallery));
  int inspector_width = 0;

  if (is_on (self, "show-inspector"))
    gtk_widget_get_size_request (GTK_WIDGET (self->inspector), &inspector_width, NULL);
  return (GtkBorder){
    .left = USUAL_LEFT,
    .right = (gint16) (MAX (width - inspector_width, 0) * USUAL_LABELS),
    .top = USUAL_TOP,
    .bottom = USUAL_BOTTOM,
  };
}

static GtkBorder
get_map_margins (PscWindow *self)
{
  GtkWidget *page = gtk_widget_get_parent (GTK_WIDGET (self->map));
  int width = gtk_widget_get_width (page);
  int height = gtk_widget_get_height (page);
  const PscRect *body = &self->map->body;

  if (body->width <= 0 || width <= 0 || height <= 0)
    return guess_map_margins (self);
  return (GtkBorder){
    .left = (gint16) body->x,
    .right = (gint16) (width - body->x - body->width),
    .top = (gint16) body->y,
    .bottom = (gint16) (height - body->y - body->height),
  };
}

void
psc_window_gallery_leave (PscWindow *self, gint pid)
{
  GtkBorder margins = get_map_margins (self);

  if (!self->in_gallery)
    return;
  self->in_gallery = FALSE;
  self->leaving_gallery = pid > 0 && gtk_widget_get_mapped (GTK_WIDGET (self->gallery)) &&
                          psc_gallery_zoom (self->gallery, pid, &margins);
  psc_gallery_look_away (self->gallery);
  update_surroundings (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->map));
}

/* The map has come, or the movement is at its end. */
static void
settle (PscWindow *self)
{
  if (!self->leaving_gallery || psc_window_gallery_holds_page (self))
    return;
  self->leaving_gallery = FALSE;
  psc_window_update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->map));
}

static void
open_cb (PscWindow *self, gint pid)
{
  PscSessionState state = psc_session_get_state (self->session);

  if (pid == psc_session_get_pid (self->session) &&
      (state == PSC_SESSION_LIVE || state == PSC_SESSION_PAUSED))
    psc_window_gallery_leave (self, pid);
  else
    psc_window_open_process (self, pid);
}

static void
gallery_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PscWindow *self = user_data;
  gint pid = psc_session_get_pid (self->session);

  if (g_variant_get_boolean (state))
    show_gallery (self);
  else if (pid > 0)
    psc_window_gallery_leave (self, pid);
}

static void
sort_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PscWindow *self = user_data;
  PscGallerySort sort;

  if (!psc_gallery_sort_from_id (g_variant_get_string (state, NULL), &sort))
    return;
  psc_gallery_set_sort (self->gallery, sort);
  g_simple_action_set_state (action, state);
}

void
psc_window_gallery_update_actions (PscWindow *self)
{
  GActionMap *map = G_ACTION_MAP (self);
  GSimpleAction *action = G_SIMPLE_ACTION (g_action_map_lookup_action (map, "gallery"));

  g_simple_action_set_state (action, g_variant_new_boolean (self->in_gallery));
  g_simple_action_set_enabled (action,
                               !self->in_gallery || psc_session_get_pid (self->session) > 0);
}

char *
psc_window_gallery_dup_facts (PscWindow *self)
{
  guint n_unreadable;
  guint n = psc_gallery_count (self->gallery, &n_unreadable);
  guint n_tiles = psc_gallery_get_n_tiles (self->gallery);
  GString *facts = g_string_new (NULL);

  g_string_append_printf (facts, g_dngettext (GETTEXT_PACKAGE, "%u process", "%u processes", n), n);
  if (n_tiles < n)
    g_string_append_printf (facts, _ (" · %u shown"), n_tiles);
  if (n_unreadable > 0)
    g_string_append_printf (facts, _ (" · %u may not be read"), n_unreadable);
  return g_string_free (facts, FALSE);
}

char *
psc_window_gallery_dup_cost (PscWindow *self)
{
  if (psc_gallery_get_paused (self->gallery))
    return g_strdup (_ ("Paused"));
  return g_strdup_printf (_ ("Live, %.1f %% of a core"),
                          psc_gallery_get_share (self->gallery) * 100);
}

/* --- search -------------------------------------------------------------------------------- */

static void
search_changed_cb (PscWindow *self)
{
  psc_gallery_set_search (self->gallery, psc_process_list_view_get_search (self->process_list));
  psc_window_update_strip (self);
}

/* What is typed goes to the search of the list, which may be hidden. */
static void
search_started_cb (PscWindow *self)
{
  psc_window_list_call (self);
}

static gboolean
key_pressed_cb (PscWindow *self, guint key, guint code, GdkModifierType state)
{
  if (key != GDK_KEY_Escape || psc_process_list_view_get_search (self->process_list) == NULL)
    return FALSE;
  psc_process_list_view_clear_search (self->process_list);
  return TRUE;
}

static void
install_search (PscWindow *self)
{
  GtkEventController *key = gtk_event_controller_key_new ();

  gtk_event_controller_set_name (key, "end-search");
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->gallery), key);
  psc_process_list_view_set_key_capture (self->process_list, GTK_WIDGET (self->gallery));
  g_signal_connect_object (self->process_list, "search-changed", G_CALLBACK (search_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->process_list, "search-started", G_CALLBACK (search_started_cb),
                           self, G_CONNECT_SWAPPED);
}

void
psc_window_gallery_install (PscWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "gallery", .state = "false", .change_state = gallery_changed },
    { .name = "gallery-sort",
      .parameter_type = "s",
      .state = "'resident'",
      .change_state = sort_changed },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (self->gallery, "open", G_CALLBACK (open_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->gallery, "zoomed", G_CALLBACK (settle), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->gallery, "facts-changed", G_CALLBACK (psc_window_update_strip),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->map, "view-changed", G_CALLBACK (settle), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  install_search (self);
}

void
psc_window_gallery_start (PscWindow *self, const char *root, const char *via)
{
  g_autoptr (PscProbeSource) source = psc_probe_source_new (root, via);

  psc_gallery_set_source (self->gallery, source);
  g_signal_connect_object (self->session, "state-changed", G_CALLBACK (settle), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

PscGallery *
psc_window_get_gallery (PscWindow *self)
{
  return self->gallery;
}
