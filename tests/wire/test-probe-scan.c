/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SCAN and PAGEMAP on memory whose every page's state is known, because this process made it:
 * whatever the pace, the answer must be the same, region by region.
 */

#include <errno.h>
#include <glib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "conversation.h"

#define PRESENT     ((guint64) PSC_WIRE_PAGE_PRESENT)
#define SHOWN       (PRESENT | PSC_WIRE_PAGE_SWAPPED | PSC_WIRE_PAGE_HUGE | PSC_WIRE_PAGE_PFNZERO)
#define GIB         (G_GUINT64_CONSTANT (1) << 30)
#define TOP_ADDRESS G_GUINT64_CONSTANT (0x7ffffffff000)

/* Pages i with i % period < n_touched are touched. */
typedef struct
{
  const char *name;
  gsize n_pages;
  gsize period;
  gsize n_touched;
} Shape;

static const Shape shapes[] = {
  { "untouched", 64, 1, 0 },
  { "dense", 4096, 1, 1 },
  { "every-other", 64, 2, 1 },
  { "runs", 5000, 32, 16 },
  { "one-in-1000", 100000, 1000, 1 },
  /* more regions than a frame holds */
  { "checkerboard", 32768, 2, 1 },
  { "sparse-8-GiB", 1 << 21, 1 << 19, 3 },
};

/* hold and sleep in microseconds */
static const guint paces[][2] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 100, 50 }, { 1000, 500 } };

typedef struct
{
  Conversation *probe;
  guint handle;
  guint features;
  gsize page_size;
  guint8 *area;
  gsize size;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const Shape *shape = data;

  fixture->probe = conversation_new (NULL);
  fixture->handle = conversation_open (fixture->probe, (guint) getpid ());
  fixture->features = conversation_features (fixture->probe);
  fixture->page_size = (gsize) getpagesize ();
  fixture->size = shape->n_pages * fixture->page_size;
  fixture->area = mmap (NULL, fixture->size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  g_assert_true (fixture->area != MAP_FAILED);
  madvise (fixture->area, fixture->size, MADV_NOHUGEPAGE);
  for (gsize i = 0; i < shape->n_pages; i += shape->period)
    for (gsize j = 0; j < shape->n_touched && i + j < shape->n_pages; j++)
      fixture->area[(i + j) * fixture->page_size] = 1;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  munmap (fixture->area, fixture->size);
  conversation_free (fixture->probe);
}

static struct psc_wire_scan_range
whole_range (const Fixture *fixture)
{
  return (struct psc_wire_scan_range){
    .start = (gsize) fixture->area,
    .end = (gsize) fixture->area + fixture->size,
    .category_mask = PRESENT,
    .return_mask = SHOWN,
  };
}

static void
append_pages (const Fixture *fixture, GArray *regions, gsize first, gsize last, guint64 bits)
{
  struct psc_wire_region region = {
    .start = (gsize) fixture->area + first * fixture->page_size,
    .end = (gsize) fixture->area + last * fixture->page_size,
    .bits = bits,
  };

  if (first < last)
    g_array_append_val (regions, region);
}

/* What should be reported when touched, or else untouched, pages match. */
static GArray *
expected_regions (const Fixture *fixture, const Shape *shape, gboolean touched, guint64 bits)
{
  GArray *regions = g_array_new (FALSE, FALSE, sizeof (struct psc_wire_region));

  for (gsize i = 0; i < shape->n_pages; i += shape->period)
    {
      gsize middle = MIN (i + shape->n_touched, shape->n_pages);
      gsize last = MIN (i + shape->period, shape->n_pages);
      gsize start = touched ? i : middle;
      gsize end = touched ? middle : last;

      if (touched && shape->n_touched == shape->period)
        end = shape->n_pages;
      else if (!touched && shape->n_touched == 0)
        end = shape->n_pages;
      append_pages (fixture, regions, start, end, bits);
      if (end == shape->n_pages)
        break;
    }
  return regions;
}

static void
check_regions (GArray *regions, GArray *expected)
{
  g_assert_cmpuint (regions->len, ==, expected->len);
  for (guint i = 0; i < regions->len; i++)
    {
      const struct psc_wire_region *got = &g_array_index (regions, struct psc_wire_region, i);
      const struct psc_wire_region *want = &g_array_index (expected, struct psc_wire_region, i);

      if (got->start != want->start || got->end != want->end || got->bits != want->bits)
        g_error ("region %u is %" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x "
                 "%" G_GINT64_MODIFIER "x, not %" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x "
                 "%" G_GINT64_MODIFIER "x",
                 i, got->start, got->end, got->bits, want->start, want->end, want->bits);
    }
}

static void
check_at_all_paces (Fixture *fixture, guint type, const struct psc_wire_scan_range *ranges,
                    guint n_ranges, guint64 ignored, GArray *expected)
{
  for (gsize i = 0; i < G_N_ELEMENTS (paces); i++)
    {
      End end;
      g_autoptr (GArray) regions = conversation_regions (
          fixture->probe, type, fixture->handle, paces[i][0], paces[i][1], ranges, n_ranges, &end);

      g_assert_cmpuint (end.error, ==, 0);
      g_assert_cmpuint (end.calls, >=, n_ranges);
      for (guint j = 0; j < regions->len; j++)
        g_array_index (regions, struct psc_wire_region, j).bits &= ~ignored;
      check_regions (regions, expected);
    }
}

static gboolean
skip_without_scan (const Fixture *fixture)
{
  if (fixture->features & PSC_WIRE_FEATURE_SCAN)
    return FALSE;
  g_test_skip ("this kernel has no PAGEMAP_SCAN");
  return TRUE;
}

static void
test_plain (Fixture *fixture, gconstpointer data)
{
  struct psc_wire_scan_range range = whole_range (fixture);
  g_autoptr (GArray) expected = expected_regions (fixture, data, TRUE, PRESENT);

  if (!skip_without_scan (fixture))
    check_at_all_paces (fixture, PSC_WIRE_SCAN, &range, 1, 0, expected);
}

/* Everything but ordinary present pages: the predicate that is fast on dense memory. */
static void
test_complement (Fixture *fixture, gconstpointer data)
{
  struct psc_wire_scan_range range = whole_range (fixture);
  g_autoptr (GArray) expected = expected_regions (fixture, data, FALSE, 0);

  range.category_mask = 0;
  range.category_inverted = PRESENT;
  range.category_anyof_mask = PRESENT | PSC_WIRE_PAGE_HUGE | PSC_WIRE_PAGE_PFNZERO;
  if (!skip_without_scan (fixture))
    check_at_all_paces (fixture, PSC_WIRE_SCAN, &range, 1, 0, expected);
}

static void
test_pagemap (Fixture *fixture, gconstpointer data)
{
  struct psc_wire_scan_range range = whole_range (fixture);
  g_autoptr (GArray) expected =
      expected_regions (fixture, data, TRUE, PSC_WIRE_PAGEMAP_PRESENT | PSC_WIRE_PAGEMAP_EXCLUSIVE);
  const Shape *shape = data;

  /* A kernel that tracks soft-dirty reports untouched pages too. */
  if (shape->n_touched > 0)
    {
      End end;
      g_autoptr (GArray) regions = conversation_regions (fixture->probe, PSC_WIRE_PAGEMAP,
                                                         fixture->handle, 0, 0, &range, 1, &end);

      for (guint i = 0; i < regions->len; i++)
        if (g_array_index (regions, struct psc_wire_region, i).bits & PSC_WIRE_PAGEMAP_SOFT_DIRTY)
          {
            g_test_skip ("this kernel tracks soft-dirty pages");
            return;
          }
    }
  check_at_all_paces (fixture, PSC_WIRE_PAGEMAP, &range, 1, 0, expected);
}

/* Two ranges that meet inside one region: it is cut there and nowhere else. */
static void
test_border (Fixture *fixture, gconstpointer data)
{
  struct psc_wire_scan_range ranges[2] = { whole_range (fixture), whole_range (fixture) };
  const Shape *shape = data;
  gsize middle = shape->n_pages / 3;
  g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (struct psc_wire_region));

  ranges[0].end = ranges[1].start = (gsize) fixture->area + middle * fixture->page_size;
  append_pages (fixture, expected, 0, middle, PRESENT);
  append_pages (fixture, expected, middle, shape->n_pages, PRESENT);
  if (skip_without_scan (fixture))
    return;
  check_at_all_paces (fixture, PSC_WIRE_SCAN, ranges, 2, 0, expected);

  g_array_set_size (expected, 0);
  append_pages (fixture, expected, 0, middle,
                PSC_WIRE_PAGEMAP_PRESENT | PSC_WIRE_PAGEMAP_EXCLUSIVE);
  append_pages (fixture, expected, middle, shape->n_pages,
                PSC_WIRE_PAGEMAP_PRESENT | PSC_WIRE_PAGEMAP_EXCLUSIVE);
  check_at_all_paces (fixture, PSC_WIRE_PAGEMAP, ranges, 2, PSC_WIRE_PAGEMAP_SOFT_DIRTY, expected);
}

/* As many ranges as fit a request, one page each. */
static void
test_many_ranges (Fixture *fixture, gconstpointer data)
{
  g_autofree struct psc_wire_scan_range *ranges =
      g_new (struct psc_wire_scan_range, PSC_WIRE_MAX_RANGES);
  g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (struct psc_wire_region));

  for (guint i = 0; i < PSC_WIRE_MAX_RANGES; i++)
    {
      ranges[i] = whole_range (fixture);
      ranges[i].start += i * fixture->page_size;
      ranges[i].end = ranges[i].start + fixture->page_size;
      append_pages (fixture, expected, i, i + 1, PRESENT);
    }
  if (!skip_without_scan (fixture))
    check_at_all_paces (fixture, PSC_WIRE_SCAN, ranges, PSC_WIRE_MAX_RANGES, 0, expected);
}

/* A sanitizer's shadow is terabytes, and a predicate that matches holes takes those in steps. */
static guint64
most_calls (const Fixture *fixture)
{
  g_autofree char *statm = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL));
  return 300 + g_ascii_strtoull (statm, NULL, 10) * fixture->page_size / (4 * GIB);
}

/* Bytes of the area that a scan of the whole address space reports. */
static guint64
scan_whole_space (Fixture *fixture, struct psc_wire_scan_range range)
{
  guint64 area_start = (gsize) fixture->area;
  guint64 area_end = area_start + fixture->size;
  guint64 n_bytes = 0;
  g_autoptr (GArray) regions = NULL;
  End end;

  /* The stack is the highest of what matters; how much is above it differs by machine. */
  range.start = 0;
  range.end = MIN (((gsize) &end | (GIB - 1)) + 1, TOP_ADDRESS);
  regions = conversation_regions (fixture->probe, PSC_WIRE_SCAN, fixture->handle, 1000, 500, &range,
                                  1, &end);
  g_assert_cmpuint (end.error, ==, 0);
  g_assert_cmpuint (end.calls, <, most_calls (fixture));
  for (guint i = 0; i < regions->len; i++)
    {
      const struct psc_wire_region *region = &g_array_index (regions, struct psc_wire_region, i);
      guint64 start = MAX (region->start, area_start);
      guint64 stop = MIN (region->end, area_end);

      n_bytes += stop > start ? stop - start : 0;
    }
  return n_bytes;
}

/* The whole address space in one range, at the gentlest pace: gaps mustn't take for ever. */
static void
test_whole_space (Fixture *fixture, gconstpointer data)
{
  struct psc_wire_scan_range range = whole_range (fixture);
  gboolean touched = ((const Shape *) data)->n_touched > 0;

  if (skip_without_scan (fixture))
    return;
  g_assert_cmpuint (scan_whole_space (fixture, range), ==, touched ? fixture->size : 0);
  range.category_mask = 0;
  range.category_inverted = PRESENT;
  range.category_anyof_mask = PRESENT | PSC_WIRE_PAGE_HUGE | PSC_WIRE_PAGE_PFNZERO;
  g_assert_cmpuint (scan_whole_space (fixture, range), ==, touched ? 0 : fixture->size);
}

static void
test_errors (Fixture *fixture, gconstpointer data)
{
  const guint64 page = fixture->page_size;
  const struct
  {
    guint type;
    guint handle_offset;
    guint64 start, end, mask;
    guint error;
  } rows[] = {
    { PSC_WIRE_SCAN, 1, 0, page, PRESENT, EBADF },
    { PSC_WIRE_SCAN, 0, 0, page, PRESENT, 0 },
    { PSC_WIRE_SCAN, 0, page, page, PRESENT, EINVAL },
    { PSC_WIRE_SCAN, 0, 2 * page, page, PRESENT, EINVAL },
    { PSC_WIRE_SCAN, 0, 1, page, PRESENT, EINVAL },
    { PSC_WIRE_SCAN, 0, 0, page - 1, PRESENT, EINVAL },
    { PSC_WIRE_SCAN, 0, 0, page, G_GUINT64_CONSTANT (1) << 63, EINVAL },
    { PSC_WIRE_SCAN, 0, 0, G_GUINT64_CONSTANT (0xfffffffffffff000), PRESENT, EFAULT },
    { PSC_WIRE_PAGEMAP, 1, 0, page, 0, EBADF },
    { PSC_WIRE_PAGEMAP, 0, 0, page, 0, 0 },
    { PSC_WIRE_PAGEMAP, 0, page, page, 0, EINVAL },
    { PSC_WIRE_PAGEMAP, 0, 1, page, 0, EINVAL },
    { PSC_WIRE_PAGEMAP, 0, G_GUINT64_CONSTANT (0xfffffffff0000000),
      G_GUINT64_CONSTANT (0xfffffffffffff000), 0, EFAULT },
  };

  if (skip_without_scan (fixture))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct psc_wire_scan_range range = { .start = rows[i].start,
                                           .end = rows[i].end,
                                           .category_mask = rows[i].mask,
                                           .return_mask = SHOWN };
      End end;

      g_array_unref (conversation_regions (fixture->probe, rows[i].type,
                                           fixture->handle + rows[i].handle_offset, 1000, 0, &range,
                                           1, &end));
      if (end.error != rows[i].error)
        g_error ("row %" G_GSIZE_FORMAT ": errno %u, not %u", i, end.error, rows[i].error);
    }
}

static void
add_shape (const char *name, const Shape *shape,
           void (*test) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strdup_printf ("/probe/%s/%s", name, shape->name);

  g_test_add (path, Fixture, shape, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      add_shape ("scan", &shapes[i], test_plain);
      add_shape ("complement", &shapes[i], test_complement);
      add_shape ("pagemap", &shapes[i], test_pagemap);
    }
  add_shape ("border", &shapes[1], test_border);
  add_shape ("many-ranges", &shapes[1], test_many_ranges);
  add_shape ("whole-space", &shapes[0], test_whole_space);
  add_shape ("whole-space", &shapes[1], test_whole_space);
  add_shape ("scan-errors", &shapes[0], test_errors);
  return g_test_run ();
}
