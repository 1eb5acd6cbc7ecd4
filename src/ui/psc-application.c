/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-application.h"

#include <glib/gi18n-lib.h>
#include <malloc.h>
#include <stdio.h>

#include "psc-ui-resources.h"
#include "psc-window.h"

struct _PscApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (PscApplication, psc_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { .long_name = "version",
    .arg = G_OPTION_ARG_NONE,
    .description = N_ ("Print the version and exit") },
  { .long_name = "root",
    .arg = G_OPTION_ARG_FILENAME,
    .description = N_ ("Read a recorded /proc instead of this machine’s"),
    .arg_description = N_ ("DIR") },
  { .long_name = "via",
    .arg = G_OPTION_ARG_STRING,
    .description = N_ ("Run the probe behind a command, such as “ssh host”"),
    .arg_description = N_ ("COMMAND") },
  { .long_name = "largest",
    .arg = G_OPTION_ARG_NONE,
    .description = N_ ("Show the largest of your own processes") },
  { .long_name = "compare",
    .arg = G_OPTION_ARG_STRING,
    .description = N_ ("Compare it with another process, or with a moment of a recording"),
    .arg_description = N_ ("TARGET or FILE@TIME") },
  { .long_name = "exit-after-startup",
    .arg = G_OPTION_ARG_NONE,
    .description = N_ ("Exit after the first frame is drawn") },
  { .long_name = G_OPTION_REMAINING,
    .arg = G_OPTION_ARG_STRING_ARRAY,
    .arg_description = N_ ("[PID, NAME or FILE]") },
  { NULL },
};

static const struct
{
  const char *action;
  const char *accels[4];
} accels[] = {
  { "app.quit", { "<Control>q" } },
  { "window.close", { "<Control>w" } },
  { "win.find", { "<Control>f" } },
  { "win.find-next", { "<Control>g", "F3" } },
  { "win.find-previous", { "<Shift><Control>g", "<Shift>F3" } },
  { "win.search", { "<Control>l" } },
  { "win.export", { "<Control>e" } },
  { "win.open-recording", { "<Control>o" } },
  { "win.compare-process", { "<Control>d" } },
  { "win.compare-recording", { "<Control><Shift>d" } },
  { "win.record", { "<Control><Shift>r" } },
  { "win.notify-when", { "<Control><Shift>n" } },
  { "win.unused", { "<Control><Shift>u" } },
  { "win.copy-image", { "<Control><Shift>c" } },
  { "win.refresh", { "F5", "<Control>r" } },
  { "win.zoom-in", { "<Control>plus", "<Control>equal", "<Control>KP_Add" } },
  { "win.zoom-out", { "<Control>minus", "<Control>KP_Subtract" } },
  { "win.zoom-fit", { "<Control>0", "<Control>KP_0" } },
  { "win.back", { "<Alt>Left" } },
  { "win.forward", { "<Alt>Right" } },
  { "win.gallery", { "F6" } },
  { "win.show-list", { "F9" } },
  { "win.show-inspector", { "F8" } },
  { "win.show-table", { "F7" } },
  { "win.show-timeline", { "F4" } },
  { "win.live", { "<Alt>End" } },
  { "win.filter-table", { "<Control><Shift>f" } },
  { "win.show-help-overlay", { "<Control>question", "F1" } },
};

static gint
psc_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  gboolean version = FALSE;

  if (g_variant_dict_lookup (dict, "version", "b", &version) && version)
    {
      printf ("pagescape %s\n", PSC_VERSION);
      return 0;
    }
  return -1;
}

/* The window's own after-paint is that of its first frame. */
static void
first_frame_cb (GdkFrameClock *clock, gpointer user_data)
{
  g_application_quit (user_data);
}

static void
exit_after_frame (GtkWidget *window, GApplication *application)
{
  g_signal_connect_object (gtk_widget_get_frame_clock (window), "after-paint",
                           G_CALLBACK (first_frame_cb), application, 0);
}

static int
psc_application_command_line (GApplication *application, GApplicationCommandLine *line)
{
  GVariantDict *dict = g_application_command_line_get_options_dict (line);
  g_autofree const char **targets = NULL;
  const char *root = NULL, *via = NULL, *target = NULL, *compare = NULL;
  gboolean exit_soon = FALSE, largest = FALSE;
  GtkWidget *window;

  g_variant_dict_lookup (dict, "root", "^&ay", &root);
  g_variant_dict_lookup (dict, "via", "&s", &via);
  g_variant_dict_lookup (dict, "exit-after-startup", "b", &exit_soon);
  g_variant_dict_lookup (dict, "largest", "b", &largest);
  g_variant_dict_lookup (dict, "compare", "&s", &compare);
  g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^a&s", &targets);
  if (targets != NULL && targets[0] != NULL && targets[1] != NULL)
    {
      g_application_command_line_printerr (line,
                                           _ ("pagescape: one process at a time: "
                                              "“%s” is one too many\n"),
                                           targets[1]);
      return 2;
    }
  if (targets != NULL)
    target = targets[0];
  else if (largest)
    target = PSC_WINDOW_LARGEST;
  if (compare != NULL && target == NULL)
    {
      g_application_command_line_printerr (line, _ ("pagescape: --compare needs something that is "
                                                    "compared: a process or a recording\n"));
      return 2;
    }
  window = psc_window_new (GTK_APPLICATION (application), root, via, target);
  if (compare != NULL)
    psc_window_compare_with (PSC_WINDOW (window), compare);
  if (exit_soon)
    g_signal_connect (window, "map", G_CALLBACK (exit_after_frame), application);
  gtk_window_present (GTK_WINDOW (window));
  return 0;
}

/* Started by the desktop, without a command line. */
static void
psc_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    window = GTK_WINDOW (psc_window_new (GTK_APPLICATION (application), NULL, NULL, NULL));
  gtk_window_present (window);
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkApplication *application = user_data;
  GList *windows;

  /* Each window remembers its size when it is closed. */
  while ((windows = gtk_application_get_windows (application)) != NULL)
    {
      GtkWindow *window = windows->data;

      gtk_window_close (window);
      if (gtk_application_get_windows (application) == windows)
        break;
    }
}

/* Of a notification: its window, which tells hosts apart that have the same PID. Once that is gone
 * any other. */
static void
show_process_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkApplication *application = user_data;
  GtkWindow *window;
  guint id;
  gint pid;

  g_variant_get (parameter, "(ui)", &id, &pid);
  window = gtk_application_get_window_by_id (application, id);
  if (window == NULL || !PSC_IS_WINDOW (window))
    {
      g_application_activate (user_data);
      return;
    }
  psc_window_show_process (PSC_WINDOW (window), pid);
  gtk_window_present (window);
}

static void
psc_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { .name = "quit", .activate = quit_action },
    { .name = "show-process", .activate = show_process_action, .parameter_type = "(ui)" },
  };

  g_resources_register (psc_ui_get_resource ());
  G_APPLICATION_CLASS (psc_application_parent_class)->startup (application);
  gtk_window_set_default_icon_name (PSC_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accels[i].action,
                                           accels[i].accels);
}

static void
psc_application_class_init (PscApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->handle_local_options = psc_application_handle_local_options;
  application_class->command_line = psc_application_command_line;
  application_class->activate = psc_application_activate;
  application_class->startup = psc_application_startup;
}

static void
psc_application_init (PscApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), "[PID, NAME or FILE]");
  g_application_set_option_context_summary (G_APPLICATION (self),
                                            _ ("Shows where a process’s memory is, page by page."));
}

PscApplication *
psc_application_new (void)
{
  return g_object_new (PSC_TYPE_APPLICATION, "application-id", PSC_APP_ID, "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE, NULL);
}

/* Above the size of a map at 4K. glibc gives blocks over its threshold back at once, and then each
 * frame would fault its pixels in anew (40 of 70 ms at 4K). */
#define KEEP_BLOCK_BYTES (32 << 20)
#define KEEP_HEAP_BYTES  (256 << 20)

void
psc_application_keep_blocks (void)
{
#ifdef __GLIBC__
  mallopt (M_MMAP_THRESHOLD, KEEP_BLOCK_BYTES);
  mallopt (M_TRIM_THRESHOLD, KEEP_HEAP_BYTES);
#endif
}
