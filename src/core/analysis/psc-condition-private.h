/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Inside psc-condition: what its parser hands to its evaluation. */

#include "psc-condition.h"
#include "psc-verdict.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_TERM_KINDS,  /* the sum of some kinds */
  PSC_TERM_AMOUNT, /* of the whole process: `of` */
  PSC_TERM_HUGE,
  PSC_TERM_PAGE_TABLES,
  PSC_TERM_THREADS,
  PSC_TERM_MINOR_FAULTS,
  PSC_TERM_MAJOR_FAULTS,
  PSC_TERM_FAULTS,
  PSC_TERM_ANY,     /* any one segment */
  PSC_TERM_SEGMENT, /* label */
  PSC_TERM_MAPPING, /* label, or the last part of it */
} PscTermWhat;

typedef struct
{
  PscTermWhat what;
  guint32 kinds; /* bit mask */
  PscSeriesOf of;
  char *label;
  double limit; /* bytes or a number; of a rate, per minute */
  gboolean is_rate;
  char *text; /* as it was written */
} PscTerm;

G_STATIC_ASSERT (PSC_N_KINDS <= 32);

struct _PscCondition
{
  char *text;
  GArray *terms; /* PscTerm */
};

static inline gboolean
psc_term_is_faults (const PscTerm *term)
{
  return term->what >= PSC_TERM_MINOR_FAULTS && term->what <= PSC_TERM_FAULTS;
}

/* Numbers, not bytes. */
static inline gboolean
psc_term_is_count (const PscTerm *term)
{
  return psc_term_is_faults (term) || term->what == PSC_TERM_THREADS ||
         (term->what == PSC_TERM_AMOUNT && term->of == PSC_SERIES_N_MAPPINGS);
}

G_END_DECLS
