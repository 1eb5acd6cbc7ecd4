/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-private.h"

#include <glib/gi18n-lib.h>

/* One calm page for each thing that can keep a map from being shown: an icon, what happened in a
 * sentence, and what can be done. */
typedef struct
{
  const char *icon;
  const char *title;
  gboolean can_retry, can_choose;
} Page;

static void
show_status (PscWindow *self, const Page *page, const char *text)
{
  g_autofree char *sentence = g_strdup_printf (_ ("%s."), text);
  g_autofree char *escaped =
      g_markup_escape_text (g_str_has_suffix (text, ".") ? text : sentence, -1);

  adw_status_page_set_icon_name (self->status_page, page->icon);
  adw_status_page_set_title (self->status_page, _ (page->title));
  adw_status_page_set_description (self->status_page, escaped);
  gtk_widget_set_visible (GTK_WIDGET (self->retry_button), page->can_retry);
  gtk_widget_set_visible (GTK_WIDGET (self->choose_button), page->can_choose);
  gtk_stack_set_visible_child_name (self->stack, "status");
}

static void
show_loading (PscWindow *self, const char *text)
{
  gtk_label_set_label (self->loading_label, text);
  gtk_stack_set_visible_child_name (self->stack, "loading");
}

static gboolean
has_no_list (PscWindow *self)
{
  return psc_session_get_list_error (self->session) != NULL &&
         psc_session_get_table (self->session) == NULL;
}

static void
show_no_list (PscWindow *self)
{
  static const Page page = { "dialog-error-symbolic", N_ ("Can’t Read Processes"), TRUE, FALSE };

  show_status (self, &page, psc_session_get_list_error (self->session)->message);
}

static void
show_no_process (PscWindow *self)
{
  static const Page no_such = { "system-search-symbolic", N_ ("No Such Process"), FALSE, TRUE };
  static const Page no_recording = { "dialog-error-symbolic", N_ ("Can’t Show This Recording"),
                                     FALSE, TRUE };
  static const Page choose = { "view-grid-symbolic", N_ ("Choose a Process"), FALSE, TRUE };

  if (psc_window_recording_is_opening (self) || psc_window_recording_get_facts (self) != NULL)
    show_loading (self, _ ("Opening the recording…"));
  else if (psc_window_recording_get_problem (self) != NULL)
    show_status (self, &no_recording, psc_window_recording_get_problem (self));
  else if (has_no_list (self))
    show_no_list (self);
  else if (self->target_problem != NULL)
    show_status (self, &no_such, self->target_problem);
  else if (self->target != NULL)
    show_loading (self, _ ("Reading the list of processes…"));
  else
    show_status (self, &choose, _ ("Its memory will be shown here, page by page."));
}

/* The process is in the list as a zombie or a kernel thread: two different things. */
static gboolean
is_kernel_thread (PscWindow *self)
{
  PscProcessTable *table = psc_session_get_table (self->session);
  gint pid = psc_session_get_pid (self->session);

  for (guint i = 0; table != NULL && i < table->processes->len; i++)
    {
      const PscProcess *process = g_ptr_array_index (table->processes, i);

      if (process->pid == pid)
        return process->kernel_thread;
    }
  return FALSE;
}

static void
show_problem (PscWindow *self, PscSessionState state)
{
  static const Page never = { "system-search-symbolic", N_ ("No Such Process"), FALSE, TRUE };
  static const Page gone = { "process-stop-symbolic", N_ ("Process Has Ended"), FALSE, TRUE };
  static const Page denied = { "changes-prevent-symbolic", N_ ("Not Allowed to Look"), TRUE, TRUE };
  static const Page kernel = { "emblem-system-symbolic", N_ ("No Memory of Its Own"), FALSE, TRUE };
  static const Page ending = { "preferences-system-time-symbolic", N_ ("Nothing Left to See"), TRUE,
                               TRUE };
  static const Page failed = { "dialog-error-symbolic", N_ ("Can’t Read This Process"), TRUE,
                               TRUE };
  const GError *error = psc_session_get_error (self->session);
  const char *text = error != NULL ? error->message : "";

  /* What ended while it was looked at still has its last moment. */
  if (state == PSC_SESSION_GONE)
    show_status (self, psc_window_time_has_moments (self) ? &gone : &never, text);
  else if (state == PSC_SESSION_DENIED)
    show_status (self, &denied, text);
  else if (state == PSC_SESSION_NO_MEMORY_MAP)
    show_status (self, is_kernel_thread (self) ? &kernel : &ending, text);
  else
    show_status (self, &failed, text);
}

static void
show_page (PscWindow *self)
{
  PscSessionState state = psc_session_get_state (self->session);
  g_autofree char *text = NULL;

  if (psc_window_gallery_is_shown (self) && has_no_list (self))
    show_no_list (self);
  else if (psc_window_gallery_holds_page (self))
    gtk_stack_set_visible_child_name (self->stack, "gallery");
  else if (psc_window_get_shown_space (self) != NULL)
    gtk_stack_set_visible_child_name (self->stack, "map");
  else if (state == PSC_SESSION_IDLE)
    show_no_process (self);
  else if (state == PSC_SESSION_LOADING)
    {
      text = g_strdup_printf (_ ("Reading the memory map of process %d…"),
                              psc_session_get_pid (self->session));
      show_loading (self, text);
    }
  else
    show_problem (self, state);
}

void
psc_window_update_page (PscWindow *self)
{
  show_page (self);
  gtk_spinner_set_spinning (
      self->spinner, g_str_equal (gtk_stack_get_visible_child_name (self->stack), "loading"));
}
