/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Inside psc-condition: what its parser hands to its evaluation. */

#include "psc-condition.h"
#include "psc-verdict.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_CONDITION_KINDS,  /* the sum of some kinds */
  PSC_CONDITION_AMOUNT, /* of the whole process: `of` */
  PSC_CONDITION_HUGE,
  PSC_CONDITION_PAGE_TABLES,
  PSC_CONDITION_THREADS,
  PSC_CONDITION_MINOR_FAULTS,
  PSC_CONDITION_MAJOR_FAULTS,
  PSC_CONDITION_FAULTS,
  PSC_CONDITION_ANY,     /* any one segment */
  PSC_CONDITION_SEGMENT, /* label */
  PSC_CONDITION_MAPPING, /* label, or the last part of it */
} PscConditionWhat;

typedef struct
{
  PscConditionWhat what;
  guint32 kinds; /* bit mask */
  PscSeriesOf of;
  char *label;
  double limit; /* bytes or a number; of a rate, per minute */
  gboolean is_rate;
  char *text; /* as it was written */
} PscConditionTerm;

G_STATIC_ASSERT (PSC_N_KINDS <= 32);

struct _PscCondition
{
  char *text;
  GArray *terms; /* PscConditionTerm */
};

static inline gboolean
psc_condition_term_is_faults (const PscConditionTerm *term)
{
  return term->what >= PSC_CONDITION_MINOR_FAULTS && term->what <= PSC_CONDITION_FAULTS;
}

/* Numbers, not bytes. */
static inline gboolean
psc_condition_term_is_count (const PscConditionTerm *term)
{
  return psc_condition_term_is_faults (term) || term->what == PSC_CONDITION_THREADS ||
         (term->what == PSC_CONDITION_AMOUNT && term->of == PSC_SERIES_N_MAPPINGS);
}

G_END_DECLS
