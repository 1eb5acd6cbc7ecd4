/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One row of the process list: a process as text, kept up to date in place so that the row stays
 * the same object, and with it selection and scroll position. Thread of the window only.
 */

#include <glib-object.h>
#include "psc-process-list.h"

G_BEGIN_DECLS

#define PSC_TYPE_PROCESS_ITEM (psc_process_item_get_type ())
G_DECLARE_FINAL_TYPE (PscProcessItem, psc_process_item, PSC, PROCESS_ITEM, GObject)

/* user: the name of its user; readable: its memory map may be read. */
PscProcessItem *
psc_process_item_new (const PscProcess *process, const char *user, gboolean readable);
/* Takes over new numbers of the same process; notifies what changed. TRUE when something did that a
 * list may be sorted by. */
gboolean psc_process_item_update (PscProcessItem *self, const PscProcess *process, const char *user,
                                  gboolean readable);

/* From now on it is sorted by its present values. Between two sortings the order must not change
 * under the list model, which merges new rows into rows that it takes for sorted. */
void psc_process_item_settle (PscProcessItem *self);

gint psc_process_item_get_pid (PscProcessItem *self);
guint64 psc_process_item_get_start_time (PscProcessItem *self);
gboolean psc_process_item_get_kernel_thread (PscProcessItem *self);
/* Does every blank-separated word of the folded text occur in name, command, user or PID? */
gboolean psc_process_item_matches (PscProcessItem *self, const char *folded);

/* Total orders for GtkCustomSorter: first by the column as it was settled, then by PID. */
gint psc_process_item_compare_name (gconstpointer a, gconstpointer b, gpointer unused);
gint psc_process_item_compare_pid (gconstpointer a, gconstpointer b, gpointer unused);
gint psc_process_item_compare_user (gconstpointer a, gconstpointer b, gpointer unused);
gint psc_process_item_compare_resident (gconstpointer a, gconstpointer b, gpointer unused);

G_END_DECLS
