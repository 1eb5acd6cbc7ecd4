/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A process that touches a quarter of its memory again: cold is the rest. */

#include "psc-cold.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "snapshot.h"

#define PAGE      4096u
#define HUGE_PAGE (2u << 20)
#define SIZE      (32u << 20)

typedef struct
{
  guint8 *area; /* the same address here and there */
  gsize step;   /* bytes between two touches */
  int to_child, from_child;
  pid_t child;
} Toucher;

static void
touch (guint8 *area, gsize size, gsize step)
{
  for (gsize at = 0; at < size; at += step)
    ((volatile guint8 *) area)[at] = 1;
}

/* Touches all; then, each time it is told to, the first quarter. */
static void G_GNUC_NORETURN
run_child (const Toucher *toucher, int in, int out)
{
  char byte = 0;

  touch (toucher->area, SIZE, PAGE);
  if (write (out, &byte, 1) != 1)
    _exit (1);
  while (read (in, &byte, 1) == 1)
    {
      touch (toucher->area, SIZE / 4, toucher->step);
      if (write (out, &byte, 1) != 1)
        _exit (1);
    }
  _exit (0);
}

static void
wait_child (Toucher *toucher)
{
  char byte;

  g_assert_cmpint (read (toucher->from_child, &byte, 1), ==, 1);
}

static void
toucher_start (Toucher *toucher, gboolean huge)
{
  gsize length = SIZE + HUGE_PAGE;
  guint8 *raw = mmap (NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int down[2], up[2];

  g_assert_true (raw != MAP_FAILED);
  toucher->area = raw + (HUGE_PAGE - (gsize) raw % HUGE_PAGE) % HUGE_PAGE;
  toucher->step = huge ? HUGE_PAGE : PAGE;
  munmap (raw, (gsize) (toucher->area - raw));
  munmap (toucher->area + SIZE, length - SIZE - (gsize) (toucher->area - raw));
  /* A flag that nothing else has keeps it from being merged with its neighbours. */
  madvise (toucher->area, SIZE, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  madvise (toucher->area, SIZE, MADV_DONTDUMP);
  g_assert_cmpint (pipe (down) | pipe (up), ==, 0);
  toucher->child = fork ();
  g_assert_cmpint (toucher->child, >=, 0);
  if (toucher->child == 0)
    {
      close (down[1]);
      close (up[0]);
      run_child (toucher, down[0], up[1]);
    }
  close (down[0]);
  close (up[1]);
  toucher->to_child = down[1];
  toucher->from_child = up[0];
  wait_child (toucher);
}

static void
toucher_order (Toucher *toucher)
{
  char byte = 0;

  g_assert_cmpint (write (toucher->to_child, &byte, 1), ==, 1);
  wait_child (toucher);
}

static void
toucher_end (Toucher *toucher)
{
  close (toucher->to_child);
  g_assert_cmpint (waitpid (toucher->child, NULL, 0), ==, toucher->child);
  close (toucher->from_child);
  munmap (toucher->area, SIZE);
}

static const PscColdSums *
find (const PscCold *cold, const Toucher *toucher)
{
  const PscMapping *mapping = psc_space_lookup (cold->space, (guint64) (gsize) toucher->area);

  g_assert_nonnull (mapping);
  g_assert_cmphex (mapping->start, ==, (gsize) toucher->area);
  g_assert_cmphex (mapping->end, ==, (gsize) toucher->area + SIZE);
  return &cold->mappings[psc_space_mapping_index (cold->space, mapping)];
}

static void
check_total (const PscCold *cold)
{
  PscColdSums kinds = { 0 };

  for (guint i = 0; i < PSC_N_KINDS; i++)
    {
      kinds.resident += cold->kinds[i].resident;
      kinds.touched += cold->kinds[i].touched;
      kinds.cold += cold->kinds[i].cold;
      kinds.unknown += cold->kinds[i].unknown;
    }
  g_assert_cmpuint (kinds.resident, ==, cold->total.resident);
  g_assert_cmpuint (kinds.touched, ==, cold->total.touched);
  g_assert_cmpuint (kinds.cold, ==, cold->total.cold);
  g_assert_cmpuint (kinds.unknown, ==, cold->total.unknown);
  g_assert_cmpuint (kinds.resident, ==, kinds.touched + kinds.cold + kinds.unknown);
}

static PscProbe *
new_probe (gboolean may_clear)
{
  static const char *const extra[] = { "--may-clear-referenced", NULL };

  return snapshot_probe (may_clear ? extra : NULL);
}

static PscCold *
look (PscTarget *target)
{
  const PscCaptureOptions options = { .smaps = PSC_SMAPS_ALWAYS };
  g_autoptr (PscSpace) space = snapshot (target, &options);
  PscCold *cold = psc_cold_new (space);

  g_assert_nonnull (cold);
  check_total (cold);
  return cold;
}

/* Nothing counts as touched that was not. The kernel looks at the same bits for its own ends
 * (DAMON, reclaim) and clears some, so that a little of what was touched may look cold. */
static void
check_touched (const PscColdSums *sums, guint64 truth, gboolean huge)
{
  guint64 slack = huge ? HUGE_PAGE : truth / 4;

  g_assert_cmpuint (sums->touched, <=, truth);
  g_assert_cmpuint (sums->touched + slack, >=, truth);
  g_assert_cmpuint (sums->touched + sums->cold, ==, SIZE);
}

static void
test_exact (gconstpointer data)
{
  gboolean huge = GPOINTER_TO_INT (data);
  Toucher toucher = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = new_probe (TRUE);
  g_autoptr (PscTarget) target = NULL;
  g_autoptr (PscCold) warm = NULL, cleared = NULL, quarter = NULL;
  gint64 busy_usec = -1;
  gboolean is_huge;

  toucher_start (&toucher, huge);
  target = snapshot_target (probe, toucher.child);
  warm = look (target);
  check_touched (find (warm, &toucher), SIZE, huge);
  psc_target_clear_referenced (target, &busy_usec, &error);
  g_assert_no_error (error);
  g_assert_cmpint (busy_usec, >=, 0);
  cleared = look (target);
  is_huge =
      cleared->space
          ->smaps[psc_space_mapping_index (
              cleared->space, psc_space_lookup (cleared->space, (guint64) (gsize) toucher.area))]
          .anon_huge == SIZE;
  g_assert_cmpuint (find (cleared, &toucher)->touched, ==, 0);
  g_assert_cmpuint (find (cleared, &toucher)->cold, ==, SIZE);
  toucher_order (&toucher);
  quarter = look (target);
  if (huge && !is_huge)
    {
      g_test_skip ("no transparent huge pages to be had");
    }
  else
    {
      g_assert_cmpuint (find (quarter, &toucher)->resident, ==, SIZE);
      check_touched (find (quarter, &toucher), SIZE / 4, huge);
    }
  toucher_end (&toucher);
}

/* A probe that wasn't started for it can't, and nothing happens to the process. */
static void
test_refused (void)
{
  Toucher toucher = { 0 };
  g_autoptr (GError) error = NULL, wire_error = NULL;
  g_autoptr (PscProbe) probe = new_probe (FALSE);
  g_autoptr (PscTarget) target = NULL;
  g_autoptr (PscCold) cold = NULL;

  toucher_start (&toucher, FALSE);
  target = snapshot_target (probe, toucher.child);
  g_assert_false (psc_target_clear_referenced (target, NULL, &error));
  g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "--may-clear-referenced"));
  /* Nor when somebody asks who doesn't look at the features. */
  g_assert_false (
      psc_probe_clear_referenced (probe, psc_target_get_handle (target), NULL, &wire_error));
  g_assert_error (wire_error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_DENIED);
  cold = look (target);
  check_touched (find (cold, &toucher), SIZE, FALSE);
  toucher_end (&toucher);
}

static void
test_ended (void)
{
  Toucher toucher = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = new_probe (TRUE);
  g_autoptr (PscTarget) target = NULL;

  toucher_start (&toucher, FALSE);
  target = snapshot_target (probe, toucher.child);
  toucher_end (&toucher);
  g_assert_false (psc_target_clear_referenced (target, NULL, &error));
  g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE);
}

/* Adds up to what is resident, of small and of huge pages, and touches nothing. */
static void
test_frames (gconstpointer data)
{
  Toucher toucher = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = new_probe (FALSE);
  g_autoptr (PscTarget) target = NULL;
  g_autoptr (PscSpace) space = NULL;
  g_autoptr (PscCold) cold = NULL;

  toucher_start (&toucher, GPOINTER_TO_INT (data));
  target = snapshot_target (probe, toucher.child);
  space = snapshot (target, NULL);
  cold = psc_cold_read_frames (target, space, &error);
  if (cold == NULL)
    {
      g_assert_true (g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_DENIED) ||
                     g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_UNSUPPORTED));
      g_test_skip (error->message);
    }
  else
    {
      const PscColdSums *sums = find (cold, &toucher);

      check_total (cold);
      g_assert_cmpint (cold->source, ==, PSC_COLD_FRAMES);
      g_assert_cmpuint (sums->resident, ==, SIZE);
      g_assert_cmpuint (sums->touched + sums->cold, ==, SIZE);
      g_assert_cmpuint (cold->total.resident, ==, space->totals.resident);
    }
  toucher_end (&toucher);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/live/cold/small", GINT_TO_POINTER (FALSE), test_exact);
  g_test_add_data_func ("/live/cold/huge", GINT_TO_POINTER (TRUE), test_exact);
  g_test_add_func ("/live/cold/refused", test_refused);
  g_test_add_func ("/live/cold/ended", test_ended);
  g_test_add_data_func ("/live/cold/frames/small", GINT_TO_POINTER (FALSE), test_frames);
  g_test_add_data_func ("/live/cold/frames/huge", GINT_TO_POINTER (TRUE), test_frames);
  return g_test_run ();
}
