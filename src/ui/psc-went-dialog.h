/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The mappings of then that are not there any more, so on no map: a list of them, the largest
 * first. Of the two moments of a PscDiff; it doesn't follow what comes later. Thread of the window
 * only.
 */

#include <adwaita.h>
#include "psc-diff.h"

G_BEGIN_DECLS

#define PSC_TYPE_WENT_DIALOG (psc_went_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PscWentDialog, psc_went_dialog, PSC, WENT_DIALOG, AdwWindow)

/* since: "since 12:03:45", what is compared; NULL: nobody knows. */
GtkWidget *psc_went_dialog_new (GtkWindow *parent, PscDiff *diff, const char *since);

/* "12 mappings went: 340 MiB, 12 MiB resident", translated; NULL when none did. Free with g_free().
 * O(mappings that went). */
char *psc_went_dup_words (const PscDiff *diff);

G_END_DECLS
