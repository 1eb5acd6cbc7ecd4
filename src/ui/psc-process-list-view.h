/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The list of processes: search, sort, live. A new table updates rows in place; the order is only
 * changed while the pointer is elsewhere, so that nothing moves away under it. Choosing a row emits
 * "open" with its PID; activating it (Enter, double click) emits "activate" after that.
 *
 * Properties: "show-kernel-threads" (boolean). Other signals: "search-changed"; "search-started",
 * when keys of psc_process_list_view_set_key_capture() begin one.
 */

#include <gtk/gtk.h>
#include "psc-worker.h"

G_BEGIN_DECLS

#define PSC_TYPE_PROCESS_LIST_VIEW (psc_process_list_view_get_type ())
G_DECLARE_FINAL_TYPE (PscProcessListView, psc_process_list_view, PSC, PROCESS_LIST_VIEW, GtkWidget)

GtkWidget *psc_process_list_view_new (void);

/* Shows a table; the view keeps what it needs of it. */
void psc_process_list_view_set_table (PscProcessListView *self, PscProcessTable *table);
/* Shows why there is no list, in place of one; NULL: shows the list again. */
void psc_process_list_view_set_error (PscProcessListView *self, const GError *error);
/* Marks the row of the process that is shown, without emitting "open"; 0: none. */
void psc_process_list_view_select (PscProcessListView *self, gint pid);
/* Puts the cursor into the search entry. */
void psc_process_list_view_search (PscProcessListView *self);
/* What is searched for, folded as psc_process_item_matches() takes it; NULL: nothing. Borrowed. */
const char *psc_process_list_view_get_search (PscProcessListView *self);
void psc_process_list_view_clear_search (PscProcessListView *self);
/* Keys that nothing in this widget takes are typed into the search. */
void psc_process_list_view_set_key_capture (PscProcessListView *self, GtkWidget *widget);
/* Rows that are shown. */
guint psc_process_list_view_get_n_rows (PscProcessListView *self);

/* "name", "pid", "user" or "resident"; *descending tells the direction. Static. */
const char *psc_process_list_view_get_sort (PscProcessListView *self, gboolean *descending);
/* An unknown column counts as "resident". */
void
psc_process_list_view_set_sort (PscProcessListView *self, const char *column, gboolean descending);

G_END_DECLS
