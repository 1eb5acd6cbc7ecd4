/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What tests of the store share: snapshots of recorded and of live processes, spaces that change
 * from moment to moment. Aborts the test when something can't be had.
 */

#include <gio/gio.h>
#include "psc-capture.h"
#include "psc-moment.h"
#include "psc-test-folder.h"

G_BEGIN_DECLS

/* A recorded process, as captured from its tree by the probe. */
PscSpace *store_test_space (const char *name, PscSmapsPolicy smaps);
/* What a process might have looked like at second `step` of its life: the same step gives the same,
 * neighbours differ a little. `seed` makes it another process. */
PscSpace *store_test_life (guint seed, guint step);
/* The same as it was a moment ago, at another time. */
PscSpace *store_test_life_alike (PscSpace *space, gint64 time_usec);

/* Fails the test with the first difference. */
void store_test_assert_equal (const PscSpace *a, const PscSpace *b);

G_END_DECLS
