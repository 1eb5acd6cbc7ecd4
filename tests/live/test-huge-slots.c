/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Slots of this very process: what the kernel did with areas that were asked for in each way, and
 * what is said of them. What is right depends on the machine's settings, which are read here. */

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "psc-huge-slots.h"
#include "snapshot.h"

#define SLOT        ((gsize) 2 << 20)
#define THP_ENABLED "/sys/kernel/mm/transparent_hugepage/enabled"
#define THP_SLOT    "/sys/kernel/mm/transparent_hugepage/hugepages-2048kB/enabled"

typedef struct
{
  PscHugeMode mode;
  gsize page;
  guint8 *plain, *refused, *asked, *some, *crooked; /* crooked: a page too late */
} Areas;

static Areas areas;

static PscHugeMode
read_mode (const char *path, PscHugeMode inherited)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return inherited;
  if (strstr (text, "[never]") != NULL)
    return PSC_HUGE_MODE_NEVER;
  if (strstr (text, "[madvise]") != NULL)
    return PSC_HUGE_MODE_MADVISE;
  return strstr (text, "[always]") != NULL ? PSC_HUGE_MODE_ALWAYS : inherited;
}

/* Two slots on their border, with a hole on each side so that the kernel merges them with nothing.
 */
static guint8 *
map_area (void)
{
  guint8 *start =
      mmap (NULL, 5 * SLOT, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  guint8 *aligned;

  g_assert_true (start != MAP_FAILED);
  aligned = start + SLOT + (SLOT - (gsize) start % SLOT) % SLOT;
  munmap (start, 5 * SLOT);
  g_assert_true (mmap (aligned, 2 * SLOT, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == aligned);
  return aligned;
}

static void
touch (guint8 *start, guint n_pages)
{
  for (guint i = 0; i < n_pages; i++)
    ((volatile guint8 *) start)[i * areas.page] = 1;
}

static void
make_areas (void)
{
  areas.page = (gsize) sysconf (_SC_PAGESIZE);
  areas.mode = read_mode (THP_SLOT, read_mode (THP_ENABLED, PSC_HUGE_MODE_UNKNOWN));
  areas.plain = map_area ();
  areas.refused = map_area ();
  areas.asked = map_area ();
  areas.some = map_area ();
  areas.crooked = map_area ();
  munmap (areas.crooked, areas.page);
  madvise (areas.refused, 2 * SLOT, MADV_NOHUGEPAGE);
  madvise (areas.asked, 2 * SLOT, MADV_HUGEPAGE);
  /* Pages before the advice, which else would come as one. */
  madvise (areas.some, 2 * SLOT, MADV_NOHUGEPAGE);
  touch (areas.some, 100);
  touch (areas.refused, 512);
  touch (areas.asked, 512);
  touch (areas.plain, 512);
  touch (areas.crooked + areas.page, 511);
}

static void
expect (const PscSpace *space, const guint8 *address, PscHugeReason reason, guint n_populated)
{
  PscHugeSlot slot;

  g_assert_true (psc_huge_slot_at (space, (guint64) (gsize) address, &slot));
  g_assert_cmpstr (psc_huge_reason_id (slot.reason), ==, psc_huge_reason_id (reason));
  g_assert_cmpuint (slot.n_populated, ==, n_populated);
}

/* What a whole slot is that nobody said anything of. */
static PscHugeReason
reason_of_plain (const PscSpace *space)
{
  switch (areas.mode)
    {
    case PSC_HUGE_MODE_NEVER:
      return PSC_HUGE_NEVER;
    case PSC_HUGE_MODE_ALWAYS:
      return PSC_HUGE_IS_HUGE;
    case PSC_HUGE_MODE_MADVISE:
      return PSC_HUGE_NEEDS_ADVICE;
    default:
      return PSC_HUGE_UNKNOWN;
    }
}

static gboolean
can_tell (const PscSpace *space)
{
  if (space->source != PSC_SOURCE_SCAN || space->row_size != SLOT)
    {
      g_test_skip ("this kernel can't tell huge pages, or they have another size");
      return FALSE;
    }
  return TRUE;
}

static void
test_with_smaps (void)
{
  g_autoptr (PscSpace) space = snapshot_once (getpid (), PSC_SMAPS_ALWAYS);
  PscHugeSlot slot;

  if (!can_tell (space))
    return;
  g_assert_cmpint (space->huge_settings.anon, ==, areas.mode);
  g_assert_true (space->huge_settings.process_known);
  g_assert_false (space->huge_settings.process_off);
  expect (space, areas.plain, reason_of_plain (space), 512);
  expect (space, areas.plain + SLOT, PSC_HUGE_EMPTY, 0);
  expect (space, areas.refused, PSC_HUGE_REFUSED, 512);
  expect (space, areas.some, PSC_HUGE_REFUSED, 100);
  expect (space, areas.crooked + areas.page, PSC_HUGE_UNALIGNED, 511);
  g_assert_true (psc_huge_slot_at (space, (guint64) (gsize) (areas.crooked + areas.page), &slot));
  g_assert_cmpuint (slot.late, ==, areas.page);
  g_assert_cmpuint (slot.early, ==, 0);
  /* The machine may have no huge page left. */
  g_assert_true (psc_huge_slot_at (space, (guint64) (gsize) areas.asked, &slot));
  if (areas.mode == PSC_HUGE_MODE_NEVER)
    g_assert_cmpint (slot.reason, ==, PSC_HUGE_NEVER);
  else
    g_assert_true (slot.reason == PSC_HUGE_IS_HUGE || slot.reason == PSC_HUGE_WAITING);
  g_assert_cmpint (slot.advice, ==, PSC_HUGE_ADVICE_WANTED);
}

/* Without smaps it isn't known that one was refused, and the words say so. */
static void
test_without_smaps (void)
{
  g_autoptr (PscSpace) space = snapshot_once (getpid (), PSC_SMAPS_NEVER);
  g_autofree char *words = NULL;
  PscHugeSlot slot;

  if (!can_tell (space))
    return;
  g_assert_true (psc_huge_slot_at (space, (guint64) (gsize) areas.refused, &slot));
  g_assert_cmpint (slot.advice, ==, PSC_HUGE_ADVICE_UNKNOWN);
  g_assert_cmpint (slot.reason, !=, PSC_HUGE_REFUSED);
  words = psc_huge_slot_describe (space, &slot);
  if (areas.mode == PSC_HUGE_MODE_MADVISE)
    g_assert_nonnull (strstr (words, "not read"));
}

/* The sum that capture made counts at least these. */
static void
test_sums (void)
{
  g_autoptr (PscSpace) space = snapshot_once (getpid (), PSC_SMAPS_ALWAYS);
  PscHugeSums sums;

  if (!can_tell (space))
    return;
  psc_huge_slots_sum (space, &sums);
  g_assert_cmpmem (&sums, sizeof sums, &space->huge_sums, sizeof sums);
  g_assert_cmpuint (sums.slots[PSC_HUGE_REFUSED], >=, 2);
  g_assert_cmpuint (sums.populated[PSC_HUGE_REFUSED], >=, 612 * areas.page);
  g_assert_cmpuint (sums.slots[PSC_HUGE_UNALIGNED], >=, 1);
  g_assert_cmpuint (sums.slots[reason_of_plain (space)], >=, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  make_areas ();
  g_test_add_func ("/live/huge-slots/with-smaps", test_with_smaps);
  g_test_add_func ("/live/huge-slots/without-smaps", test_without_smaps);
  g_test_add_func ("/live/huge-slots/sums", test_sums);
  return g_test_run ();
}
