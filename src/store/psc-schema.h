/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The tables of a recording, as pagescape-recording(5) documents them. A recording has exactly
 * these: who opens one compares. Private to the store.
 */

#include <glib.h>

G_BEGIN_DECLS

/* "PgSc", at byte 68 of the file: tells a recording from other databases. */
#define PSC_SCHEMA_APPLICATION_ID 0x50675363
#define PSC_SCHEMA_VERSION        1

typedef struct
{
  const char *type; /* as sqlite_schema has it: "table" or "view" */
  const char *name;
  const char *sql;
} PscSchemaItem;

/* In the order in which they are made. */
const PscSchemaItem *psc_schema_get (guint *n_items);

G_END_DECLS
