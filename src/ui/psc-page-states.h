/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a page can be, in the words and colours of the map's legend: one thing has one name. */

#include "psc-share-table.h"

G_BEGIN_DECLS

/* Translated; static. */
const char *psc_page_states_title (PscPageClass klass);
const char *psc_page_states_hint (PscPageClass klass);
PscColor psc_page_states_color (PscPageClass klass, PscTheme theme);

/* Bytes per class in one mapping, into classes[PSC_N_CLASSES]. O(its runs). */
void psc_page_states_count (const PscSpace *space, const PscMapping *mapping, guint64 *classes);
/* Shows classes[PSC_N_CLASSES], bytes, that add up to total. */
void
psc_page_states_show (PscShareTable *table, const guint64 *classes, guint64 total, PscTheme theme);

G_END_DECLS
