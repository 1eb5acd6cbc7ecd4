/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Folios and neighbours of a process that keeps still, page by page against what the kernel says
 * when it is asked the simple and slow way; and of memory of which the answer is known.
 */

#include <fcntl.h>
#include <unistd.h>

#include "machine.h"
#include "psc-frame-traits.h"
#include "psc-frames.h"
#include "psc-inspect.h"
#include "snapshot.h"
#include "zoo.h"

#define PAGE       4096u
#define FRAME_MASK ((G_GUINT64_CONSTANT (1) << 55) - 1)
#define PRESENT    (G_GUINT64_CONSTANT (1) << 63)

/* A page's value where there is a trait, and where there is none. */
#define NO_TRAIT G_MAXUINT

/* --- the slow way -------------------------------------------------------------------------- */

typedef struct
{
  int pagemap, flags;
} Kernel;

static gboolean
kernel_open (Kernel *kernel, gint pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/pagemap", pid);

  kernel->pagemap = open (path, O_RDONLY | O_CLOEXEC);
  kernel->flags = open ("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
  return kernel->pagemap >= 0 && kernel->flags >= 0;
}

static void
kernel_close (Kernel *kernel)
{
  close (kernel->pagemap);
  close (kernel->flags);
}

static guint64
word_at (int fd, guint64 index)
{
  guint64 word = 0;

  if (pread (fd, &word, sizeof word, (off_t) (index * sizeof word)) != sizeof word)
    return 0;
  return word;
}

/* 0: not in RAM. */
static guint64
frame_of (const Kernel *kernel, guint64 address)
{
  guint64 word = word_at (kernel->pagemap, address / PAGE);

  return word & PRESENT ? word & FRAME_MASK : 0;
}

static gboolean
has_flag (const Kernel *kernel, guint64 frame, PscFrameFlag flag)
{
  return word_at (kernel->flags, frame) >> flag & 1;
}

static PscFolioClass
folio_class_of (const Kernel *kernel, guint64 frame)
{
  guint64 head = frame;
  guint64 behind;

  while (has_flag (kernel, head, PSC_FRAME_TAIL))
    head--;
  if (head == frame && !has_flag (kernel, frame, PSC_FRAME_HEAD))
    return PSC_FOLIO_4K;
  for (behind = head + 1; has_flag (kernel, behind, PSC_FRAME_TAIL);)
    behind++;
  return psc_folio_class ((behind - head) * PAGE);
}

static gboolean
is_small (const PscSpace *space, guint64 address)
{
  const PscMapping *mapping = psc_space_lookup (space, address);
  PscPageClass klass;

  if (mapping == NULL)
    return FALSE;
  klass = psc_space_page_class (space, mapping, address);
  return klass == PSC_CLASS_RESIDENT || klass == PSC_CLASS_RESIDENT_FILE;
}

static gboolean
are_neighbours (const Kernel *kernel, const PscSpace *space, guint64 low)
{
  return is_small (space, low) && is_small (space, low + PAGE) &&
         frame_of (kernel, low) + 1 == frame_of (kernel, low + PAGE);
}

static PscStretchClass
stretch_class_of (const Kernel *kernel, const PscSpace *space, guint64 address)
{
  guint64 low = address;
  guint64 high = address;

  while (address - low < 2 << 20 && are_neighbours (kernel, space, low - PAGE))
    low -= PAGE;
  while (high - address < 2 << 20 && are_neighbours (kernel, space, high))
    high += PAGE;
  return psc_stretch_class (high + PAGE - low, PAGE);
}

/* --- tests --------------------------------------------------------------------------------- */

typedef struct
{
  Zoo *zoo;
  PscProbe *probe;
  PscTarget *target;
  PscSpace *space;
  char *skip;
} Fixture;

static void
set_up (Fixture *fixture, const char *const *names)
{
  g_autofree char *thp = machine_get (MACHINE_THP);

  if (geteuid () != 0)
    {
      fixture->skip = g_strdup ("frame numbers are shown to root only");
      return;
    }
  if (g_strcmp0 (thp, "never") == 0)
    g_free (machine_set (MACHINE_THP, "madvise"));
  fixture->zoo = zoo_new (names);
  fixture->probe = snapshot_probe (NULL);
  fixture->target = snapshot_target (fixture->probe, fixture->zoo->pid);
  fixture->space = snapshot (fixture->target, NULL);
}

static void
set_up_still (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {
    "anon",  "dense",        "checker", "zero", "thp", "thp_split", "thp_split_mprotect",
    "memfd", "file_private", NULL,
  };

  set_up (fixture, names);
}

static void
set_up_mthp (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "mthp", NULL };

  fixture->skip = machine_set (MACHINE_THP_2M, "never");
  if (fixture->skip == NULL)
    fixture->skip = machine_set (MACHINE_THP_64K, "madvise");
  if (fixture->skip == NULL)
    set_up (fixture, names);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  psc_space_unref (fixture->space);
  g_clear_pointer (&fixture->target, psc_target_free);
  g_clear_pointer (&fixture->probe, psc_probe_unref);
  g_clear_pointer (&fixture->zoo, zoo_free);
  g_free (fixture->skip);
  machine_restore ();
}

static gboolean
begin (const Fixture *fixture)
{
  if (fixture->skip != NULL)
    g_test_skip (fixture->skip);
  return fixture->skip == NULL;
}

static PscFrames *
read_frames (Fixture *fixture, guint64 start, guint64 end, guint max_pages)
{
  g_autoptr (GError) error = NULL;
  PscFrames *frames =
      psc_target_read_frames (fixture->target, fixture->space, start, end, max_pages, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (frames->frames.what, ==, NULL);
  g_assert_cmpstr (frames->flags.what, ==, NULL);
  return frames;
}

static guint
value_at (const PscTraits *traits, guint64 address)
{
  const PscTrait *trait = psc_traits_lookup (traits, address);

  return trait != NULL ? trait->value : NO_TRAIT;
}

/* All pages in [start, end), and that there is nothing about others. */
static void
check_against_kernel (const Fixture *fixture, const PscFrames *frames, guint64 start, guint64 end)
{
  const PscSpace *space = fixture->space;
  guint64 n_small = 0, n_order = 0, n_contiguity = 0;
  Kernel kernel;

  g_assert_true (kernel_open (&kernel, fixture->zoo->pid));
  for (guint i = 0; i < space->n_mappings; i++)
    for (guint64 at = space->mappings[i].start; at < space->mappings[i].end; at += PAGE)
      {
        if (at < start || at >= end || !is_small (space, at))
          continue;
        n_small++;
        g_assert_cmpuint (value_at (frames->order, at), ==,
                          folio_class_of (&kernel, frame_of (&kernel, at)));
        g_assert_cmpuint (value_at (frames->contiguity, at), ==,
                          stretch_class_of (&kernel, space, at));
      }
  for (guint i = 0; i < frames->order->n_traits; i++)
    n_order += frames->order->traits[i].n_pages;
  for (guint i = 0; i < frames->contiguity->n_traits; i++)
    n_contiguity += frames->contiguity->traits[i].n_pages;
  g_assert_cmpuint (n_small, >, 0);
  g_assert_cmpuint (n_order, ==, n_small);
  g_assert_cmpuint (n_contiguity, ==, n_small);
  kernel_close (&kernel);
}

static void
test_all (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PscFrames) frames = NULL;

  if (!begin (fixture))
    return;
  frames = read_frames (fixture, 0, G_MAXUINT64 - PAGE + 1, PSC_FRAMES_MAX_PAGES);
  check_against_kernel (fixture, frames, 0, G_MAXUINT64);
}

/* A part says the same as the whole, stretches across its ends too; and what is too much is left
 * for the next reading, which goes on where this one ended. */
static void
test_parts (Fixture *fixture, gconstpointer data)
{
  const Exhibit *dense;
  guint64 start, end;

  if (!begin (fixture))
    return;
  dense = zoo_get (fixture->zoo, "dense", 0);
  start = dense->start + 5 * PAGE;
  end = dense->end - 3 * PAGE;
  for (guint round = 0; start < end; round++)
    {
      g_autoptr (PscFrames) frames = read_frames (fixture, start, end, 1000);

      g_assert_cmpuint (frames->start, ==, start);
      g_assert_cmpuint (frames->end, >, start);
      g_assert_cmpuint (frames->end, <=, MIN (end, start + 1000 * PAGE));
      check_against_kernel (fixture, frames, start, frames->end);
      start = frames->end;
      g_assert_cmpuint (round, <, 100);
    }
  g_assert_cmpuint (start, ==, end);
}

/* Is every small page of an exhibit in folios of this class? */
static void
check_folios (const Fixture *fixture, const PscFrames *frames, const char *name,
              PscFolioClass class, guint n_pages)
{
  const Exhibit *exhibit = zoo_get (fixture->zoo, name, 0);
  guint n = 0;

  if (exhibit == NULL || exhibit->skip != NULL)
    {
      g_test_message ("%s: %s", name, exhibit != NULL ? exhibit->skip : "was not made");
      return;
    }
  for (guint64 at = exhibit->start; at < exhibit->end; at += PAGE)
    {
      guint value = value_at (frames->order, at);

      if (value == NO_TRAIT)
        continue;
      g_assert_cmpuint (value, ==, class);
      n++;
    }
  g_assert_cmpuint (n, ==, n_pages);
}

static void
test_known (Fixture *fixture, gconstpointer data)
{
  const Exhibit *checker;
  g_autoptr (PscFrames) frames = NULL;

  if (!begin (fixture))
    return;
  frames = read_frames (fixture, 0, G_MAXUINT64 - PAGE + 1, PSC_FRAMES_MAX_PAGES);
  /* Whole: mapped as one, so nothing to be read. In parts: one folio all the same. */
  check_folios (fixture, frames, "thp", PSC_FOLIO_2M, 0);
  check_folios (fixture, frames, "thp_split", PSC_FOLIO_2M, 512 - 16);
  check_folios (fixture, frames, "thp_split_mprotect", PSC_FOLIO_2M, 512);
  /* Every other page: none has a neighbour. */
  checker = zoo_get (fixture->zoo, "checker", 0);
  for (guint64 at = checker->start; at < checker->end; at += PAGE)
    if (is_small (fixture->space, at))
      g_assert_cmpuint (value_at (frames->contiguity, at), ==, PSC_STRETCH_PAGE);
    else
      g_assert_cmpuint (value_at (frames->contiguity, at), ==, NO_TRAIT);
}

static void
test_mthp (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PscFrames) frames = NULL;

  if (!begin (fixture))
    return;
  frames = read_frames (fixture, 0, G_MAXUINT64 - PAGE + 1, PSC_FRAMES_MAX_PAGES);
  check_folios (fixture, frames, "mthp", PSC_FOLIO_64K, 64);
  check_against_kernel (fixture, frames, 0, G_MAXUINT64);
}

#define ADD(path, set_up, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

static int
run_tests (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sysconf (_SC_PAGESIZE) != PAGE)
    {
      g_print ("1..0 # SKIP the tables are of pages of 4 KiB\n");
      return 0;
    }
  ADD ("/live/frames/all", set_up_still, test_all);
  ADD ("/live/frames/parts", set_up_still, test_parts);
  ADD ("/live/frames/known", set_up_still, test_known);
  ADD ("/live/frames/mthp", set_up_mthp, test_mthp);
  return g_test_run ();
}

int
main (int argc, char **argv)
{
  return machine_run (argc, argv, run_tests);
}
