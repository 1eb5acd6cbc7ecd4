/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Recorded processes under tests/data/proc (tests/tools/capture-fixtures records them). */

#include "psc-proc-parser.h"
#include "psc-smaps-parser.h"
#include "psc-space.h"

typedef struct
{
  char *name;
  char *directory;   /* …/NAME/PID */
  GHashTable *files; /* name → GBytes */
} PscFixture;

/* Names of all, sorted. Free with g_strfreev(). */
char **psc_fixture_list (void);
/* Aborts the test when there is no such fixture. */
PscFixture *psc_fixture_load (const char *name);
void psc_fixture_free (PscFixture *fixture);
/* Borrowed; aborts the test when the fixture has no such file. */
const char *psc_fixture_get (PscFixture *fixture, const char *file, gsize *length);
/* Maps, page states and, if wanted, smaps put together and classified. */
PscSpace *psc_fixture_make_space (PscFixture *fixture, gboolean with_smaps);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscFixture, psc_fixture_free)
