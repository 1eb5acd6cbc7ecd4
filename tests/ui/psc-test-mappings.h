/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Made mappings for tests of their table. */

#include "psc-mapping-model.h"

#define PSC_TEST_PAGE 4096

/* n mappings 32 pages apart, of 1 to 11 pages, of which mapping i has up to i % 7 resident; every
 * second one of libodd.so. The one at index `without` left out (n: none), the one at 5 larger by
 * `growth` bytes. */
PscSpace *psc_test_mappings_new (guint n, guint without, guint64 growth, gint pid);
/* One of which nobody may know the pages. */
PscSpace *psc_test_mappings_new_denied (void);
/* Fails the test unless rows are by the numbers of a column and equals by address. */
void psc_test_mappings_check_sorted (PscMappingModel *model, PscColumn column, gboolean descending);
