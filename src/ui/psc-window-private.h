/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The state of a window: psc-window.c shows the session in it, psc-window-status.c the page that
 * fits, psc-window-gallery.c the gallery; psc-window-actions.c does what the user asks for. */

#include "psc-find-bar.h"
#include "psc-gallery.h"
#include "psc-inspector.h"
#include "psc-mapping-table.h"
#include "psc-process-list-view.h"
#include "psc-time-keeper.h"
#include "psc-timeline-view.h"
#include "psc-window.h"

G_BEGIN_DECLS

typedef struct _PscWindowAge PscWindowAge;
typedef struct _PscWindowCold PscWindowCold;
typedef struct _PscWindowCompare PscWindowCompare;
typedef struct _PscWindowFind PscWindowFind;
typedef struct _PscWindowGrowth PscWindowGrowth;
typedef struct _PscWindowLens PscWindowLens;
typedef struct _PscWindowNotify PscWindowNotify;
typedef struct _PscWindowRecording PscWindowRecording;
typedef struct _PscWindowTime PscWindowTime;
typedef struct _PscWindowList PscWindowList;

struct _PscWindow
{
  AdwApplicationWindow parent_instance;

  GSettings *settings; /* NULL: nothing is remembered */
  PscSession *session;
  char *target;         /* name that waits for the first list; "" the largest; NULL: none waits */
  char *target_problem; /* why the target can't be shown */
  gboolean in_gallery, leaving_gallery; /* the latter: until the map takes its place */

  AdwToastOverlay *toast_overlay;
  AdwWindowTitle *window_title;
  GtkToggleButton *pause_button;
  GtkDropDown *lens_drop_down;
  GtkMenuButton *since_button;
  GtkPaned *outer_paned, *inner_paned;
  PscProcessListView *process_list;
  GtkRevealer *banner;
  GtkLabel *banner_label;
  PscFindBar *find_bar;
  PscWindowList *list;
  PscWindowFind *find;
  PscWindowLens *lens;
  PscWindowCompare *compare;
  PscWindowTime *time;
  PscWindowAge *age;
  PscWindowGrowth *growth;
  PscWindowNotify *notify;
  PscWindowCold *cold;
  PscWindowRecording *recording;
  GtkStack *stack;
  GtkSpinner *spinner;
  GtkLabel *loading_label;
  PscMapView *map;
  GtkScrollbar *scrollbar;
  AdwStatusPage *status_page;
  GtkButton *retry_button, *choose_button, *banner_button;
  PscGallery *gallery;
  GtkBox *status_strip;
  GtkLabel *seen_label, *live_label;
  PscInspector *inspector;
  GtkPaned *map_paned;
  PscMappingTable *table;
  GtkPaned *time_paned;
  PscTimelineView *timeline;
};

/* psc-window.c */

/* Shows another process: leaves the gallery for it. */
void psc_window_open_process (PscWindow *self, gint pid);
/* Everything that tells of the session; of that only the strip at the bottom. */
void psc_window_update (PscWindow *self);
void psc_window_update_strip (PscWindow *self);
/* Works while somebody sees the window. */
void psc_window_update_active (PscWindow *self);

/* psc-window-status.c */

/* The page that fits the session: map, gallery, or why there is none. */
void psc_window_update_page (PscWindow *self);

/* psc-window-list.c */

void psc_window_list_install (PscWindow *self);
void psc_window_list_free (PscWindowList *list);
/* The list comes and goes with what it stands beside. */
void psc_window_list_update (PscWindow *self);
/* Somebody looks for a process: the list is there until one is chosen. */
void psc_window_list_call (PscWindow *self);
void psc_window_list_dismiss (PscWindow *self);
/* Only with settings. */
void psc_window_list_load (PscWindow *self);
void psc_window_list_save (PscWindow *self);

/* psc-window-gallery.c */

/* Signals and actions; from instance init, after the template. */
void psc_window_gallery_install (PscWindow *self);
/* Where its pictures come from; after there is a session. */
void psc_window_gallery_start (PscWindow *self, const char *root, const char *via);
gboolean psc_window_gallery_is_shown (PscWindow *self);
/* Is its page the one to show: also while it leads to a map that isn't there yet? */
gboolean psc_window_gallery_holds_page (PscWindow *self);
void psc_window_gallery_update_active (PscWindow *self, gboolean seen);
void psc_window_gallery_update_actions (PscWindow *self);
/* From the gallery, when it is shown, to the map of a process that is opened; its tile grows. */
void psc_window_gallery_leave (PscWindow *self, gint pid);
/* For the strip at the bottom. Free with g_free(). */
char *psc_window_gallery_dup_facts (PscWindow *self);
char *psc_window_gallery_dup_cost (PscWindow *self);

/* psc-window-actions.c */

/* Adds the actions; from instance init, after the template. */
void psc_window_actions_install (PscWindow *self);
/* Which actions make sense now. */
void psc_window_actions_update (PscWindow *self);
void psc_window_set_lens (PscWindow *self, PscLens lens);
/* What is remembered, into the window and out of it. */
void psc_window_load_settings (PscWindow *self);
void psc_window_save_settings (PscWindow *self);

/* psc-window-lens.c */

/* What lenses need to know beside the snapshot: the list, actions; from instance init. */
void psc_window_lens_install (PscWindow *self);
/* NULL is allowed. */
void psc_window_lens_free (PscWindowLens *lens);
/* Another lens was chosen; there is another snapshot; the rest that may have changed. */
void psc_window_lens_chosen (PscWindow *self);
void psc_window_lens_space_changed (PscWindow *self);
/* It may be known now what can't be had. */
void psc_window_lens_processes_changed (PscWindow *self);
void psc_window_lens_update (PscWindow *self);
/* Why a lens can't be had here, a sentence; NULL when it can, or nobody knows yet. */
const char *psc_window_lens_reason (PscWindow *self, PscLens lens);
/* Says that reason. */
void psc_window_lens_refuse (PscWindow *self, PscLens lens);
/* The next in the list that can be had. */
PscLens psc_window_lens_after (PscWindow *self, PscLens lens);

/* psc-window-compare.c: what has changed since a moment of the past, or is otherwise in another
 * process or recording: on the map, in the table and in the inspector */

/* The actions, from instance init; and where other processes are, when there is a session. */
void psc_window_compare_install (PscWindow *self);
void psc_window_compare_start (PscWindow *self, const char *root, const char *via);
/* NULL is allowed. */
void psc_window_compare_free (PscWindowCompare *compare);
/* Something is compared: the change lens is shown, or something else was chosen. */
gboolean psc_window_compare_is_on (PscWindow *self);
/* What is shown, or was just before, against the other; NULL: there is none yet. Borrowed. */
PscDiff *psc_window_compare_get_diff (PscWindow *self);
/* The newest snapshot of what is compared with may be another one, or what is shown is. */
void psc_window_compare_update (PscWindow *self);
void psc_window_compare_lens_chosen (PscWindow *self);
/* Another past begins: another process is opened, or none. */
void psc_window_compare_forget (PscWindow *self);
/* Ends comparing with something else and shows the lens of before. */
void psc_window_compare_stop (PscWindow *self);
/* The user wants all to be read again. */
void psc_window_compare_refresh (PscWindow *self);
/* "since 12:03:45", "against node (4711), 12:03:45"; the same with how much more is resident;
 * "Compared with node (4711)", of something else only. NULL: nothing is compared. Free with
 * g_free(). */
char *psc_window_compare_dup_words (PscWindow *self);
char *psc_window_compare_dup_growth (PscWindow *self);
char *psc_window_compare_dup_sign (PscWindow *self);

/* psc-window-find.c */

/* Finding in the map: actions, the bar, the keys; from instance init, after the template. */
void psc_window_find_install (PscWindow *self);
/* NULL is allowed. */
void psc_window_find_free (PscWindowFind *find);
/* psc-window-speak.c */

/* The line below the map that says what is selected or seen, and names for all that can have the
 * focus; from instance init. */
void psc_window_speak_install (PscWindow *self);
/* The same at once. */
void psc_window_speak_update (PscWindow *self);
/* What the inspector grows by with the size of text that the desktop asks for: 1.0 to 1.4. */
double psc_window_get_text_growth (void);

/* psc-window-export.c */

/* Adds the actions "export", "export-to" (a path), "copy-image", "copy-svg" and "show-folder". */
void psc_window_export_install (PscWindow *self);
/* What became of a file: the path that it was written to, or NULL and why it was not. */
void psc_window_say_exported (PscWindow *self, const char *path, const GError *error);

/* psc-window-say.c: a line over the bottom of the window, for some seconds. Texts are plain, not
 * markup. */

void psc_window_say (PscWindow *self, const char *text);
/* For fewer seconds: what it tells of is below it. */
void psc_window_say_briefly (PscWindow *self, const char *text);
/* With a button, which activates an action, with a path as its target or, NULL, without one. */
void psc_window_offer (PscWindow *self, const char *text, const char *label, const char *action,
                       const char *path);

/* psc-window-table.c: the table of mappings under the map */

/* Adds its actions and what is remembered of it; from instance init, after the settings. */
void psc_window_table_install (PscWindow *self);
/* Remembers what is not kept by an action. */
void psc_window_table_save (PscWindow *self);

/* psc-window-recording.c: recordings, made and shown */

/* Actions, and files that are dropped; from instance init. */
void psc_window_recording_install (PscWindow *self);
/* NULL is allowed. What is recorded is still written to its end. */
void psc_window_recording_free (PscWindowRecording *recording);
/* Shows FILE or FILE@TIME, as soon as it is there. */
void psc_window_recording_open (PscWindow *self, const char *word);
/* Another process is opened: what was shown or recorded ends. */
void psc_window_recording_forget (PscWindow *self);
gboolean psc_window_recording_is_opening (PscWindow *self);
/* Why there is no recording to show, of what the one that is shown: NULL when there is none. */
const char *psc_window_recording_get_problem (PscWindow *self);
const char *psc_window_recording_get_facts (PscWindow *self);
/* Is there something that could be recorded? Is it? */
gboolean psc_window_recording_can_record (PscWindow *self);
gboolean psc_window_recording_is_on (PscWindow *self);
/* The next moment, for what is recorded. */
void psc_window_recording_add (PscWindow *self, PscSpace *space, PscMoment *moment);
/* The session may have ended. */
void psc_window_recording_update (PscWindow *self);
/* "Recording, 1.2 MiB"; NULL when nothing is recorded. Free with g_free(). */
char *psc_window_recording_dup_sign (PscWindow *self);

/* psc-window-time.c: the timeline, and travelling along it */

/* Before there is a session, after the template; and when there is one. */
void psc_window_time_install (PscWindow *self);
void psc_window_time_start (PscWindow *self);
/* NULL is allowed. */
void psc_window_time_free (PscWindowTime *time);
void psc_window_time_save (PscWindow *self);
/* Shows a past that is complete, as of a recording, until another process is opened; at first its
 * last moment. Takes the timeline and what the source points to. */
void
psc_window_time_set_source (PscWindow *self, PscTimeline *timeline, const PscTimeSource *source);
/* The session has another snapshot, or none: then another past begins. */
void psc_window_time_space_changed (PscWindow *self);
/* Another process is opened: nothing of what was counts. */
void psc_window_time_forget (PscWindow *self);
/* What is said of the session; the gallery hides all of it. */
void psc_window_time_update (PscWindow *self);
void psc_window_time_update_visible (PscWindow *self);
/* Shows a moment of the timeline, as soon as it is there; of several wishes the last counts. */
void psc_window_travel (PscWindow *self, gint64 time_usec);
void psc_window_go_live (PscWindow *self);
gboolean psc_window_is_past (PscWindow *self);
/* What is kept of the past that is shown; borrowed. Another past has another one. */
PscTimeKeeper *psc_window_time_get_keeper (PscWindow *self);
/* Has it ever been looked at with success? */
gboolean psc_window_time_has_moments (PscWindow *self);
/* What map, inspector, table and export show: a moment of the past, or the newest. Borrowed; NULL:
 * nothing. */
PscSpace *psc_window_get_shown_space (PscWindow *self);
/* Times of the moment that is shown and of the first of the timeline, microseconds since 1970; 0:
 * none. */
gint64 psc_window_time_get_shown (PscWindow *self);
gint64 psc_window_time_get_first (PscWindow *self);
/* Brings the snapshot of a moment of the timeline, or of the one before it, without showing it. */
void psc_window_time_load_async (PscWindow *self, gint64 time_usec, GAsyncReadyCallback callback,
                                 gpointer user_data);
/* A reference; NULL with an error that can be shown. */
PscSpace *psc_window_time_load_finish (GAsyncResult *result, GError **error);
/* "Showing 12:03:45 · 2 min ago"; NULL when it is not the past. Free with g_free(). */
char *psc_window_time_dup_sign (PscWindow *self);

/* psc-window-age.c: how old pages are, now and at moments of the past */

/* Before psc_window_time_install(). */
void psc_window_age_install (PscWindow *self);
/* NULL is allowed. */
void psc_window_age_free (PscWindowAge *age);
/* Puts psc_window_get_shown_space() on the map: at once, or together with how old its pages are
 * where the map would otherwise show the ages of another moment. */
void psc_window_age_show (PscWindow *self);
/* Time has passed, something else is shown, or another lens. */
void psc_window_age_update (PscWindow *self);
/* Another past begins. */
void psc_window_age_forget (PscWindow *self);
/* Does the map show them as unknown because they are still being found out? */
gboolean psc_window_age_is_reading (PscWindow *self);

/* psc-window-growth.c: the verdict on what is shown */

/* Before psc_window_time_install(), after the template; and when there is a session. */
void psc_window_growth_install (PscWindow *self);
void psc_window_growth_start (PscWindow *self, const char *root, const char *via);
/* NULL is allowed. */
void psc_window_growth_free (PscWindowGrowth *growth);
/* The timeline has another moment; another one is to be shown; it is another timeline. */
void psc_window_growth_add (PscWindow *self);
void psc_window_growth_travelled (PscWindow *self);
void psc_window_growth_forget (PscWindow *self);
/* The insight has learned something that a verdict is to take into account. */
void psc_window_growth_again (PscWindow *self);
/* The session has changed: what can be asked now. */
void psc_window_growth_update (PscWindow *self);
/* Borrowed. */
PscInsight *psc_window_get_insight (PscWindow *self);

/* psc-window-cold.c: what is not used, when the user asks for it */

/* Before psc_window_growth_install(), after the template; and when there is a session. */
void psc_window_cold_install (PscWindow *self);
void psc_window_cold_start (PscWindow *self, const char *root, const char *via);
/* NULL is allowed. */
void psc_window_cold_free (PscWindowCold *cold);
/* It is another process; the session has changed. */
void psc_window_cold_forget (PscWindow *self);
void psc_window_cold_update (PscWindow *self);

/* psc-window-notify.c: limits that the user has set, and notifications when they are crossed */

/* Before psc_window_growth_install(), after the settings. */
void psc_window_notify_install (PscWindow *self);
/* NULL is allowed. */
void psc_window_notify_free (PscWindowNotify *notify);
/* The process has another moment; it is another process. */
void psc_window_notify_add (PscWindow *self);
void psc_window_notify_forget (PscWindow *self);
/* Are there limits? Then it goes on while nobody sees the window. */
gboolean psc_window_notify_is_on (PscWindow *self);
/* The session has changed: what can be asked now. */
void psc_window_notify_update (PscWindow *self);

G_END_DECLS
