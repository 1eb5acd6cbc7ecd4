/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A child of the test that does to its memory what it is told, page for page, and nothing else. */

#include <glib.h>

#define PSC_CHILD_PAGE  4096u
#define PSC_CHILD_PAGES 512u

typedef struct
{
  gint pid;
  int to, from; /* pipes */
  guint8
      *area; /* of PSC_CHILD_PAGES private pages with a gap on both sides: a mapping of its own */
} PscTestChild;

/* It has touched the first `n_pages` of its area. */
void psc_test_child_start (PscTestChild *child, guint n_pages);
/* All of these have happened when they return. */
void psc_test_child_touch (PscTestChild *child, guint first, guint n_pages);
void psc_test_child_give_back (PscTestChild *child, guint first, guint n_pages);
void psc_test_child_unmap (PscTestChild *child);
void psc_test_child_end (PscTestChild *child);
