/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The state of the table of mappings: psc-mapping-table.c shows it and keeps it in step with the
 * map, psc-mapping-table-words.c says what there is beside the rows, psc-mapping-table-actions.c
 * copies, exports and has the menu. */

#include "psc-mapping-columns.h"
#include "psc-mapping-table.h"

G_BEGIN_DECLS

struct _PscMappingTable
{
  GtkWidget parent_instance;

  PscMapView *map;
  PscSession *session;
  PscMappingModel *model;
  PscMappingColumns *columns;
  PscSpace *shown_space, *shown_details; /* references, never read: what the rows are of */
  PscDiff *diff, *shown_diff;            /* a reference or NULL; likewise */
  guint64 shown_start;                   /* of the mapping that the map had selected last */
  gboolean quiet;                        /* selects by itself: nobody chose */
  char *problem;                         /* of the filter; NULL: none */
  guint age_timer;
  guint scroll_tick;    /* sees to it that the list scrolls; 0: it has */
  guint64 scroll_start; /* of the mapping to scroll to */
  guint scroll_frames;  /* in which it may be told so again */

  GtkWidget *box; /* the only child */
  GtkSearchEntry *filter_entry;
  GtkButton *read_button;
  GtkSpinner *spinner;
  GtkMenuButton *menu_button;
  GtkStack *stack;
  GtkScrolledWindow *scrolled_window;
  GtkColumnView *column_view;
  GtkLabel *sums_label, *note_label;
  GtkButton *went_button;
  GtkPopover *context_menu;
};

/* psc-mapping-table.c */

/* The mapping that the user means: the one that was selected last; NULL: none. Borrowed. */
const PscMapping *psc_mapping_table_get_current (PscMappingTable *self);
/* The widget of the row of this mapping, when there is one just now. */
GtkWidget *psc_mapping_table_find_row (PscMappingTable *self, guint64 start);

/* psc-mapping-table-words.c */

/* The line of sums. */
void psc_mapping_table_update_sums (PscMappingTable *self);
/* That, the note beside it, the button of smaps, the page, and the actions. */
void psc_mapping_table_update_words (PscMappingTable *self);
/* Whether the age of smaps has to be told anew each second. */
void psc_mapping_table_update_timer (PscMappingTable *self);

/* psc-mapping-table-actions.c */

/* The actions "table.…" and their keys; from class init. */
void psc_mapping_table_actions_class_init (GtkWidgetClass *klass);
/* From instance init, after the template. */
void psc_mapping_table_actions_init (PscMappingTable *self);
/* Which of them make sense now. */
void psc_mapping_table_actions_update (PscMappingTable *self);

G_END_DECLS
