/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The state of a window: psc-window.c shows the session in it, psc-window-actions.c does what the
 * user asks for. */

#include "psc-inspector.h"
#include "psc-process-list-view.h"
#include "psc-window.h"

G_BEGIN_DECLS

struct _PscWindow
{
  AdwApplicationWindow parent_instance;

  GSettings *settings; /* NULL: nothing is remembered */
  PscSession *session;
  char *target;         /* name that waits for the first list; "" the largest; NULL: none waits */
  char *target_problem; /* why the target can't be shown */

  AdwToastOverlay *toast_overlay;
  AdwWindowTitle *window_title;
  GtkToggleButton *pause_button;
  GtkDropDown *lens_drop_down;
  GtkPaned *outer_paned, *inner_paned;
  PscProcessListView *process_list;
  GtkRevealer *banner;
  GtkLabel *banner_label;
  GtkStack *stack;
  GtkSpinner *spinner;
  GtkLabel *loading_label;
  PscMapView *map;
  GtkScrollbar *scrollbar;
  AdwStatusPage *status_page;
  GtkButton *retry_button;
  GtkBox *status_strip;
  GtkLabel *seen_label, *live_label;
  PscInspector *inspector;
};

/* psc-window-actions.c */

/* Adds the actions; from instance init, after the template. */
void psc_window_actions_install (PscWindow *self);
/* Which actions make sense now. */
void psc_window_actions_update (PscWindow *self);
void psc_window_set_lens (PscWindow *self, PscLens lens);
/* What is remembered, into the window and out of it. */
void psc_window_load_settings (PscWindow *self);
void psc_window_save_settings (PscWindow *self);

/* psc-window-speak.c */

/* The line below the map that says what is selected or seen, and names for all that can have the
 * focus; from instance init. */
void psc_window_speak_install (PscWindow *self);
/* What the inspector grows by with the size of text that the desktop asks for: 1.0 to 1.4. */
double psc_window_get_text_growth (void);

G_END_DECLS
