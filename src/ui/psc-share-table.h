/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Parts of a whole: one stacked bar, and under it a line per part with its colour, name, bytes and
 * share. Parts without bytes are left out. PscSwatch is the little square of colour that stands
 * before a name.
 */

#include <gtk/gtk.h>
#include "psc-lens.h"

G_BEGIN_DECLS

typedef struct
{
  const char *title; /* translated; only read during the call */
  PscColor color;
  guint64 bytes;
} PscShare;

#define PSC_TYPE_SHARE_TABLE (psc_share_table_get_type ())
G_DECLARE_FINAL_TYPE (PscShareTable, psc_share_table, PSC, SHARE_TABLE, GtkWidget)

/* Most lines; what is left of the whole beyond them is not shown. */
#define PSC_SHARE_TABLE_MAX 24

/* total: bytes of the whole bar; what the shares leave of it stays empty. */
void
psc_share_table_set (PscShareTable *self, const PscShare *shares, guint n_shares, guint64 total);

#define PSC_TYPE_SWATCH (psc_swatch_get_type ())
G_DECLARE_FINAL_TYPE (PscSwatch, psc_swatch, PSC, SWATCH, GtkWidget)

GtkWidget *psc_swatch_new (void);
void psc_swatch_set_color (PscSwatch *self, PscColor color);

G_END_DECLS
