/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Asks the kernel about the one page that somebody looks at, in a worker thread: when the look has
 * rested on it for a moment, never more than one question at a time, and an answer about a page
 * that is no longer looked at is dropped. Thread of the window only.
 *
 * Signal "changed", without arguments: the answer of the page that is looked at.
 */

#include <gio/gio.h>
#include "psc-worker.h"

G_BEGIN_DECLS

#define PSC_TYPE_PAGE_QUERY (psc_page_query_get_type ())
G_DECLARE_FINAL_TYPE (PscPageQuery, psc_page_query, PSC, PAGE_QUERY, GObject)

PscPageQuery *psc_page_query_new (void);

/* Looks at the page at an address (aligned) of a process from now on; watch NULL: at none. Another
 * page: what was known is forgotten. The same page again: nothing happens. */
void psc_page_query_look (PscPageQuery *self, PscWatch *watch, guint64 address);
/* Asks again of the same page, because time has passed; what is known stays until the answer. */
void psc_page_query_refresh (PscPageQuery *self);
/* Of the page that is looked at; borrowed, NULL while there is none. */
const PscPageFacts *psc_page_query_get_facts (PscPageQuery *self);
/* The whole answer with what is missing in it; borrowed, NULL while there is none. */
const PscInspection *psc_page_query_get_inspection (PscPageQuery *self);
/* Why there is no answer; NULL when there is one, or none yet. */
const GError *psc_page_query_get_error (PscPageQuery *self);
/* Questions that were put so far. */
guint psc_page_query_get_n_asked (PscPageQuery *self);

G_END_DECLS
