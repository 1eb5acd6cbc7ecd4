/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscSpark is a part of a process's memory over time, reduced to the few columns that a small
 * curve has; plain data, any thread. PscSparkline draws it: pale before the growth that is spoken
 * of began, full since. What is little changed looks so: the curve is never stretched to more than
 * the part has, so that noise isn't a mountain. Thread of the window only.
 */

#include <gtk/gtk.h>
#include "psc-lens.h"
#include "psc-verdict.h"

G_BEGIN_DECLS

#define PSC_SPARK_COLUMNS 96

/* Least and most of each stretch of time; low > high where no moment lies. */
typedef struct
{
  struct
  {
    guint64 low, high;
  } columns[PSC_SPARK_COLUMNS];
  guint64 low, high; /* of all columns */
  guint since;       /* the column in which the growth began; COLUMNS: there is none */
} PscSpark;

/* Of the moments that the verdict is of. Free with g_free(). O(moments · log segments). */
PscSpark *
psc_spark_new (const PscTimeline *timeline, const PscVerdict *verdict, const PscFinding *finding);

#define PSC_TYPE_SPARKLINE (psc_sparkline_get_type ())
G_DECLARE_FINAL_TYPE (PscSparkline, psc_sparkline, PSC, SPARKLINE, GtkWidget)

GtkWidget *psc_sparkline_new (void);
/* Copied; NULL hides it. */
void psc_sparkline_set (PscSparkline *self, const PscSpark *spark, PscColor color);

G_END_DECLS
