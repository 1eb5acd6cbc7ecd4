/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the tests of the window share: opening one, waiting for something to become true, finding
 * widgets. */

#include "psc-application.h"
#include "psc-window.h"

/* Runs the main loop until the condition holds; fails the test after 20 s. */
#define psc_ui_wait_until(condition)                                                               \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 psc_deadline_usec = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;                      \
    while (!(condition))                                                                           \
      {                                                                                            \
        if (g_get_monotonic_time () > psc_deadline_usec)                                           \
          g_error ("%s: waited in vain for %s", G_STRLOC, #condition);                             \
        psc_ui_iterate ();                                                                         \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

/* One turn of the main loop, of a tenth of a second at most. */
void psc_ui_iterate (void);

/* Until the view has stopped moving. */
void psc_ui_wait_for_rest (PscMapView *map);

/* The application, registered; one for all tests. Borrowed. */
GtkApplication *psc_ui_get_application (void);
/* A recorded tree: "node" gives PSC_TEST_DATA/proc/node. Free with g_free(). */
char *psc_ui_dup_root (const char *name);
/* A window that is on screen and shows a map. target NULL: of the largest process. */
PscWindow *psc_ui_open (const char *root, const char *target);
void psc_ui_close (PscWindow *window);

/* The first widget of a type below another, in tree order; NULL when there is none. */
GtkWidget *psc_ui_find (GtkWidget *root, GType type);
/* The first window of a type; NULL when there is none. Borrowed. */
GtkWidget *psc_ui_find_toplevel (GType type);
/* The dialog of a type that an action of the window opens. Borrowed. */
GtkWidget *psc_ui_open_dialog (PscWindow *window, const char *action, GType type);
/* The value of the fact with this title that is on screen; NULL when there is none. */
const char *psc_ui_find_fact (GtkWidget *root, const char *title);
/* The text of the label on screen that contains a text; NULL when there is none. */
const char *psc_ui_find_text (GtkWidget *root, const char *text);
/* The button on screen with this label; NULL when there is none. */
GtkWidget *psc_ui_find_button (GtkWidget *root, const char *label);
/* The controller of a type that a widget has. Borrowed. */
GtkEventController *psc_ui_find_controller (GtkWidget *widget, GType type);
/* As if the key were pressed in the widget. */
gboolean psc_ui_press_key (GtkWidget *widget, guint key, GdkModifierType state);

/* A process of our own that has started for good and waits for input. */
GSubprocess *psc_ui_start_child (void);
void psc_ui_end_child (GSubprocess *child);

/* Before a command: it runs as nobody. */
#define PSC_UI_AS_NOBODY "setpriv --reuid=65534 --regid=65534 --clear-groups"
/* Can a probe be run as somebody else here, and would that one see less than we do? */
gboolean psc_ui_can_be_nobody (void);
