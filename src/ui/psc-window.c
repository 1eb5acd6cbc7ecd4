/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "psc-format.h"
#include "psc-recording-time.h"
#include "psc-settings.h"
#include "psc-window-private.h"

#define INSPECTOR_MIN_WIDTH 240
#define INSPECTOR_WIDTH     320

G_DEFINE_FINAL_TYPE (PscWindow, psc_window, ADW_TYPE_APPLICATION_WINDOW)

/* --- title, banner, status strip ----------------------------------------------------------- */

static const PscProcess *
find_process (PscWindow *self, gint pid, const char **user)
{
  PscProcessTable *table = psc_session_get_table (self->session);

  *user = NULL;
  if (table == NULL)
    return NULL;
  for (guint i = 0; i < table->processes->len; i++)
    {
      const PscProcess *process = g_ptr_array_index (table->processes, i);

      if (process->pid != pid)
        continue;
      *user = table->users[i];
      return process;
    }
  return NULL;
}

/* "node (1234)", or as much of it as is known. */
static char *
dup_process_name (PscWindow *self)
{
  PscSpace *space = psc_window_get_shown_space (self);
  gint pid = psc_session_get_pid (self->session);
  const char *user;
  const PscProcess *process = find_process (self, pid, &user);

  if (space != NULL)
    return g_strdup (space->name);
  if (process != NULL)
    return g_strdup (process->name);
  return g_strdup_printf (_ ("Process %d"), pid);
}

static void
update_title (PscWindow *self)
{
  PscSpace *space = psc_window_get_shown_space (self);
  gint pid = space != NULL ? space->pid : psc_session_get_pid (self->session);
  g_autofree char *name = NULL, *title = NULL, *subtitle = NULL, *resident = NULL, *size = NULL;
  g_autofree char *compared = NULL;

  if (self->in_gallery)
    {
      adw_window_title_set_title (self->window_title, _ ("All Processes"));
      adw_window_title_set_subtitle (self->window_title, "");
      gtk_window_set_title (GTK_WINDOW (self), "Pagescape");
      return;
    }
  if (pid == 0)
    {
      adw_window_title_set_title (self->window_title, "Pagescape");
      adw_window_title_set_subtitle (self->window_title, "");
      gtk_window_set_title (GTK_WINDOW (self), "Pagescape");
      return;
    }
  name = dup_process_name (self);
  title = space != NULL ? g_strdup_printf ("%s — %d", name, pid) : g_strdup (name);
  adw_window_title_set_title (self->window_title, title);
  gtk_window_set_title (GTK_WINDOW (self), title);
  if (space != NULL)
    {
      size = psc_format_size (space->totals.size);
      resident = psc_format_size (space->totals.resident);
      compared = psc_window_compare_dup_growth (self);
      subtitle = space->source == PSC_SOURCE_NONE ?
                     g_strdup_printf (_ ("%s of address space"), size) :
                 compared != NULL ? g_strdup_printf (_ ("%s resident, %s"), resident, compared) :
                                    g_strdup_printf (_ ("%s resident of %s"), resident, size);
    }
  if (subtitle != NULL && psc_window_recording_get_facts (self) != NULL)
    {
      g_autofree char *sums = g_steal_pointer (&subtitle);

      subtitle = g_strdup_printf ("%s · %s", sums, psc_window_recording_get_facts (self));
    }
  adw_window_title_set_subtitle (self->window_title, subtitle != NULL ? subtitle : "");
}

static const PscUnknown *
find_denied (const PscSpace *space)
{
  for (guint i = 0; i < space->n_unknowns; i++)
    if (space->unknowns[i].reason == PSC_REASON_DENIED)
      return &space->unknowns[i];
  return NULL;
}

static char *
dup_banner (PscWindow *self)
{
  PscSpace *space = psc_window_get_shown_space (self);
  const PscUnknown *denied = space != NULL ? find_denied (space) : NULL;

  if (space == NULL || self->in_gallery)
    return NULL;
  switch (psc_session_get_state (self->session))
    {
    case PSC_SESSION_GONE:
      return g_strdup_printf (_ ("Process %d (%s) has ended. This is its last moment."), space->pid,
                              space->name);
    case PSC_SESSION_DENIED:
    case PSC_SESSION_NO_MEMORY_MAP:
    case PSC_SESSION_FAILED:
      return g_strdup_printf (_ ("Not live any more: %s"),
                              psc_session_get_error (self->session)->message);
    default:
      break;
    }
  if (denied == NULL || space->source != PSC_SOURCE_NONE)
    return NULL;
  return g_strdup_printf (_ ("Not allowed to see %s. %s"), denied->what, denied->remedy);
}

static void
update_banner (PscWindow *self)
{
  g_autofree char *text = dup_banner (self);

  /* The old text stays while the banner slides away. */
  if (text != NULL)
    gtk_label_set_label (self->banner_label, text);
  gtk_revealer_set_reveal_child (self->banner, text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->banner_button),
                          psc_session_get_state (self->session) >= PSC_SESSION_GONE);
}

static char *
describe_live (PscWindow *self)
{
  PscSpace *space = psc_window_get_shown_space (self);
  g_autofree char *cost = NULL, *interval = NULL, *sign = psc_window_time_dup_sign (self);

  if (space == NULL)
    return g_strdup ("");
  if (sign == NULL)
    sign = psc_window_recording_dup_sign (self);
  if (sign != NULL)
    return g_steal_pointer (&sign);
  cost = psc_format_duration (space->cost.probe_usec);
  interval = psc_format_duration (psc_session_get_interval_usec (self->session));
  switch (psc_session_get_state (self->session))
    {
    case PSC_SESSION_LIVE:
      return g_strdup_printf (_ ("Live, every %s, %s each"), interval, cost);
    case PSC_SESSION_PAUSED:
      return g_strdup (_ ("Paused"));
    case PSC_SESSION_GONE:
      return g_strdup (_ ("Ended"));
    default:
      return g_strdup (_ ("Not live"));
    }
}

static char *
describe_shown (PscWindow *self)
{
  g_autofree char *live = describe_live (self);
  g_autofree char *compared = psc_window_compare_dup_sign (self);

  if (compared == NULL || *live == '\0')
    return g_steal_pointer (&live);
  return g_strdup_printf ("%s · %s", compared, live);
}

void
psc_window_update_strip (PscWindow *self)
{
  gboolean gallery = psc_window_gallery_is_shown (self);
  g_autofree char *live = gallery ? psc_window_gallery_dup_cost (self) : describe_shown (self);
  g_autofree char *facts = gallery ? psc_window_gallery_dup_facts (self) : NULL;

  if (gallery)
    gtk_label_set_label (self->seen_label, facts);
  else
    psc_window_speak_update (self);

  gtk_label_set_label (self->live_label, live);
}

void
psc_window_update (PscWindow *self)
{
  update_title (self);
  update_banner (self);
  psc_window_update_page (self);
  psc_window_time_update (self);
  psc_window_recording_update (self);
  psc_window_growth_update (self);
  psc_window_notify_update (self);
  psc_window_cold_update (self);
  psc_window_update_strip (self);
  psc_window_actions_update (self);
}

/* --- the session --------------------------------------------------------------------------- */

void
psc_window_open_process (PscWindow *self, gint pid)
{
  g_clear_pointer (&self->target, g_free);
  g_clear_pointer (&self->target_problem, g_free);
  psc_window_recording_forget (self);
  psc_window_time_forget (self);
  psc_session_open (self->session, pid);
  psc_window_gallery_leave (self, pid);
  psc_window_list_dismiss (self);
  psc_process_list_view_select (self->process_list, pid);
}

/* The largest that may be read: of one's own, else (a recorded tree read by somebody else) of all.
 */
static const PscProcess *
find_largest (PscProcessTable *table)
{
  gint myself = table->is_local ? getpid () : 0;
  const PscProcess *largest = psc_process_list_largest (table->processes, table->uid, myself);

  for (guint i = 0; largest == NULL && table->reads_all && i < table->processes->len; i++)
    {
      const PscProcess *process = g_ptr_array_index (table->processes, i);

      if (!process->kernel_thread)
        largest = psc_process_list_largest (table->processes, process->uid, myself);
    }
  return largest;
}

/* The first list answers what the target of the command line is. */
static void
resolve_target (PscWindow *self, PscProcessTable *table)
{
  g_autoptr (GError) error = NULL;
  const PscProcess *process;

  if (self->target == NULL)
    return;
  if (*self->target == '\0')
    process = find_largest (table);
  else
    process = psc_recording_find_process (table->processes, self->target, &error);
  if (process != NULL)
    {
      psc_window_open_process (self, process->pid);
      return;
    }
  g_clear_pointer (&self->target, g_free);
  g_free (self->target_problem);
  self->target_problem = error != NULL ? g_strdup (error->message) : NULL;
  psc_window_update (self);
}

static void
processes_changed_cb (PscWindow *self)
{
  PscProcessTable *table = psc_session_get_table (self->session);
  const GError *error = psc_session_get_list_error (self->session);
  const char *user;

  psc_process_list_view_set_error (self->process_list, error);
  if (table == NULL || error != NULL)
    {
      psc_window_update_page (self);
      return;
    }
  psc_process_list_view_set_table (self->process_list, table);
  psc_gallery_set_table (self->gallery, table);
  psc_window_lens_processes_changed (self);
  resolve_target (self, table);
  find_process (self, psc_session_get_pid (self->session), &user);
  psc_inspector_set_user (self->inspector, user);
}

static void
space_changed_cb (PscWindow *self)
{
  const char *user;

  find_process (self, psc_session_get_pid (self->session), &user);
  psc_inspector_set_user (self->inspector, user);
  psc_window_time_space_changed (self);
  psc_window_age_show (self);
  psc_window_lens_space_changed (self);
  psc_window_update (self);
}

static void
list_open_cb (PscWindow *self, gint pid)
{
  psc_window_open_process (self, pid);
}

static void
list_activate_cb (PscWindow *self)
{
  psc_window_gallery_leave (self, psc_session_get_pid (self->session));
  gtk_widget_grab_focus (GTK_WIDGET (self->map));
}

static void
update_scrollbar (PscWindow *self)
{
  GtkAdjustment *adjustment = psc_map_view_get_vadjustment (self->map);
  gboolean needed =
      gtk_adjustment_get_upper (adjustment) > gtk_adjustment_get_page_size (adjustment) + 0.5;

  /* It keeps its room: a map that changed its width whenever it overflows would never be still. */
  gtk_widget_set_opacity (GTK_WIDGET (self->scrollbar), needed ? 1 : 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->scrollbar), needed);
}

static void
view_changed_cb (PscWindow *self)
{
  psc_window_update_strip (self);
  update_scrollbar (self);
  psc_window_actions_update (self);
}

static void
lens_selected_cb (PscWindow *self)
{
  guint selected = gtk_drop_down_get_selected (self->lens_drop_down);

  if (selected < PSC_N_LENSES && psc_map_view_get_lens (self->map) != selected)
    psc_window_set_lens (self, selected);
}

/* --- the window ---------------------------------------------------------------------------- */

/* Nobody sees a window that is minimised or not mapped. */
void
psc_window_update_active (PscWindow *self)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self));
  gboolean seen = gtk_widget_get_mapped (GTK_WIDGET (self));

  if (seen && GDK_IS_TOPLEVEL (surface))
    seen = (gdk_toplevel_get_state (GDK_TOPLEVEL (surface)) & GDK_TOPLEVEL_STATE_MINIMIZED) == 0;
  psc_session_set_active (self->session, seen || psc_window_recording_is_on (self) ||
                                             psc_window_notify_is_on (self));
  psc_window_gallery_update_active (self, seen);
}

/* As long as nobody moves the handle the inspector is as wide as it asks for, whatever size the
 * window manager gives and when; from then on the user says how wide it is. */
static void
pane_moved_cb (PscWindow *self)
{
  gtk_widget_set_size_request (GTK_WIDGET (self->inspector), INSPECTOR_MIN_WIDTH, -1);
}

static void
psc_window_map (GtkWidget *widget)
{
  PscWindow *self = PSC_WINDOW (widget);

  GTK_WIDGET_CLASS (psc_window_parent_class)->map (widget);
  psc_window_update_active (self);
}

static void
psc_window_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (psc_window_parent_class)->unmap (widget);
  psc_window_update_active (PSC_WINDOW (widget));
}

static void
psc_window_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (psc_window_parent_class)->realize (widget);
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (widget)), "notify::state",
                           G_CALLBACK (psc_window_update_active), widget, G_CONNECT_SWAPPED);
}

static gboolean
psc_window_close_request (GtkWindow *window)
{
  psc_window_save_settings (PSC_WINDOW (window));
  return GTK_WINDOW_CLASS (psc_window_parent_class)->close_request (window);
}

static void
psc_window_dispose (GObject *object)
{
  PscWindow *self = PSC_WINDOW (object);

  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      psc_session_stop (self->session);
    }
  if (self->gallery != NULL)
    psc_gallery_stop (self->gallery);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->target, g_free);
  g_clear_pointer (&self->target_problem, g_free);
  g_clear_pointer (&self->list, psc_window_list_free);
  g_clear_pointer (&self->find, psc_window_find_free);
  g_clear_pointer (&self->compare, psc_window_compare_free);
  g_clear_pointer (&self->lens, psc_window_lens_free);
  g_clear_pointer (&self->recording, psc_window_recording_free);
  g_clear_pointer (&self->age, psc_window_age_free);
  g_clear_pointer (&self->time, psc_window_time_free);
  g_clear_pointer (&self->growth, psc_window_growth_free);
  g_clear_pointer (&self->notify, psc_window_notify_free);
  g_clear_pointer (&self->cold, psc_window_cold_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_WINDOW);
  G_OBJECT_CLASS (psc_window_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (klass,
                                               "/io/github/pagescape/Pagescape/psc-window.ui");
  gtk_widget_class_bind_template_child (klass, PscWindow, toast_overlay);
  gtk_widget_class_bind_template_child (klass, PscWindow, window_title);
  gtk_widget_class_bind_template_child (klass, PscWindow, pause_button);
  gtk_widget_class_bind_template_child (klass, PscWindow, lens_drop_down);
  gtk_widget_class_bind_template_child (klass, PscWindow, since_button);
  gtk_widget_class_bind_template_child (klass, PscWindow, outer_paned);
  gtk_widget_class_bind_template_child (klass, PscWindow, inner_paned);
  gtk_widget_class_bind_template_child (klass, PscWindow, process_list);
  gtk_widget_class_bind_template_child (klass, PscWindow, banner);
  gtk_widget_class_bind_template_child (klass, PscWindow, banner_label);
  gtk_widget_class_bind_template_child (klass, PscWindow, find_bar);
  gtk_widget_class_bind_template_child (klass, PscWindow, stack);
  gtk_widget_class_bind_template_child (klass, PscWindow, spinner);
  gtk_widget_class_bind_template_child (klass, PscWindow, loading_label);
  gtk_widget_class_bind_template_child (klass, PscWindow, map);
  gtk_widget_class_bind_template_child (klass, PscWindow, scrollbar);
  gtk_widget_class_bind_template_child (klass, PscWindow, status_page);
  gtk_widget_class_bind_template_child (klass, PscWindow, retry_button);
  gtk_widget_class_bind_template_child (klass, PscWindow, choose_button);
  gtk_widget_class_bind_template_child (klass, PscWindow, banner_button);
  gtk_widget_class_bind_template_child (klass, PscWindow, gallery);
  gtk_widget_class_bind_template_child (klass, PscWindow, status_strip);
  gtk_widget_class_bind_template_child (klass, PscWindow, seen_label);
  gtk_widget_class_bind_template_child (klass, PscWindow, live_label);
  gtk_widget_class_bind_template_child (klass, PscWindow, inspector);
  gtk_widget_class_bind_template_child (klass, PscWindow, map_paned);
  gtk_widget_class_bind_template_child (klass, PscWindow, table);
  gtk_widget_class_bind_template_child (klass, PscWindow, time_paned);
  gtk_widget_class_bind_template_child (klass, PscWindow, timeline);
  gtk_widget_class_bind_template_callback (klass, list_open_cb);
  gtk_widget_class_bind_template_callback (klass, list_activate_cb);
  gtk_widget_class_bind_template_callback (klass, view_changed_cb);
  gtk_widget_class_bind_template_callback (klass, lens_selected_cb);
}

static void
psc_window_class_init (PscWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_window_dispose;
  widget_class->map = psc_window_map;
  widget_class->unmap = psc_window_unmap;
  widget_class->realize = psc_window_realize;
  GTK_WINDOW_CLASS (klass)->close_request = psc_window_close_request;
  g_type_ensure (PSC_TYPE_FIND_BAR);
  g_type_ensure (PSC_TYPE_GALLERY);
  g_type_ensure (PSC_TYPE_MAP_VIEW);
  g_type_ensure (PSC_TYPE_INSPECTOR);
  g_type_ensure (PSC_TYPE_MAPPING_TABLE);
  g_type_ensure (PSC_TYPE_PROCESS_LIST_VIEW);
  g_type_ensure (PSC_TYPE_TIMELINE_VIEW);
  bind_template (widget_class);
}

static void
psc_window_init (PscWindow *self)
{
  int width = INSPECTOR_WIDTH;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = psc_settings_new ();
  if (self->settings != NULL)
    width = g_settings_get_int (self->settings, "inspector-width");
  gtk_widget_set_size_request (GTK_WIDGET (self->inspector),
                               (int) (width * psc_window_get_text_growth ()), -1);
  g_signal_connect_object (self->inner_paned, "notify::position-set", G_CALLBACK (pane_moved_cb),
                           self, G_CONNECT_SWAPPED);
  psc_window_actions_install (self);
  psc_window_list_install (self);
  psc_window_find_install (self);
  psc_window_compare_install (self);
  psc_window_lens_install (self);
  psc_window_speak_install (self);
  psc_window_gallery_install (self);
  psc_window_table_install (self);
  psc_window_recording_install (self);
  psc_window_notify_install (self);
  psc_window_cold_install (self);
  psc_window_growth_install (self);
  psc_window_age_install (self);
  psc_window_time_install (self);
  psc_inspector_set_map (self->inspector, self->map);
  gtk_scrollbar_set_adjustment (self->scrollbar, psc_map_view_get_vadjustment (self->map));
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->map));
}

static gboolean
is_number (const char *text)
{
  return *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

static void
set_target (PscWindow *self, const char *target)
{
  guint64 pid;

  /* A PID needs no list to be opened. */
  if (target != NULL && is_number (target) &&
      g_ascii_string_to_unsigned (target, 10, 1, G_MAXINT, &pid, NULL))
    psc_window_open_process (self, (gint) pid);
  else if (target != NULL && psc_recording_is_named (target))
    psc_window_recording_open (self, target);
  else if (target != NULL)
    self->target = g_strdup (target);
  else
    g_action_group_change_action_state (G_ACTION_GROUP (self), "gallery",
                                        g_variant_new_boolean (TRUE));
}

GtkWidget *
psc_window_new (GtkApplication *application, const char *root, const char *via, const char *target)
{
  PscWindow *self = g_object_new (PSC_TYPE_WINDOW, "application", application, NULL);

  self->session = psc_session_new (root, via);
  psc_inspector_set_session (self->inspector, self->session);
  psc_window_gallery_start (self, root, via);
  psc_window_compare_start (self, root, via);
  psc_mapping_table_set_session (self->table, self->session);
  g_signal_connect_swapped (self->session, "processes-changed", G_CALLBACK (processes_changed_cb),
                            self);
  g_signal_connect_swapped (self->session, "space-changed", G_CALLBACK (space_changed_cb), self);
  g_signal_connect_swapped (self->session, "state-changed", G_CALLBACK (psc_window_update), self);
  psc_window_time_start (self);
  psc_window_growth_start (self, root, via);
  psc_window_cold_start (self, root, via);
  psc_window_load_settings (self);
  set_target (self, target);
  psc_window_update (self);
  return GTK_WIDGET (self);
}

void
psc_window_show_process (PscWindow *self, gint pid)
{
  g_return_if_fail (PSC_IS_WINDOW (self));

  if (psc_session_get_pid (self->session) != pid)
    psc_window_open_process (self, pid);
  else
    psc_window_gallery_leave (self, pid);
  psc_window_go_live (self);
}

PscSession *
psc_window_get_session (PscWindow *self)
{
  return self->session;
}

PscMapView *
psc_window_get_map (PscWindow *self)
{
  return self->map;
}
