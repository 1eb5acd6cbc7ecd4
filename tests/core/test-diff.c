/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is different between two spaces, as they are written in psc-diff-words.h. */

#include <string.h>

#include "psc-diff-check.h"
#include "psc-diff-words.h"
#include "psc-fixture.h"

#define PAGE PSC_DIFF_WORDS_PAGE

typedef struct
{
  const char *name, *a, *b, *pairs;
} Case;

/* --- one process --------------------------------------------------------------------------- */

static const Case moments[] = {
  { "nothing", "10 rw-p heap [heap] r.s", "10 rw-p heap [heap] r.s", "0>0 address =.=" },
  { "empty", "", "", "" },
  { "first", "", "10 rw-p anon - r.", ">0 came +n" },
  { "last", "10 rw-p anon - r.", "", "0> went" },
  { "grown-heap", "10 rw-p heap [heap] rr", "10 rw-p heap [heap] rrr.", "0>0 address ==+n" },
  { "grown-down", "10 rw-p stack [stack] rr", "e rw-p stack [stack] r.rr", "0>0 address +n==" },
  { "shrunk", "10 rw-p anon - rr.s", "10 rw-p anon - r", "0>0 address =" },
  { "cut-by-mprotect", "10 rw-p anon - rr.rr", "10 rw-p anon - rr;12 r--p anon - .rs",
    "0>0 address ==; 0>1 address .=o" },
  { "cut-by-munmap", "10 rw-p anon - rr.rr", "10 rw-p anon - rr;13 rw-p anon - rr",
    "0>0 address ==; 0>1 address ==" },
  { "joined", "10 rw-p anon - rr;13 rw-p anon - rr", "10 rw-p anon - rr.rr",
    "0>0 address ==n; 1>0 address ==" },
  { "replaced", "10 rw-p anon - rr", "10 r--p file /f#7@0 ff", ">0 came ++; 0> went" },
  { "file-over-anonymous", "10 rw-p anon - rrrr",
    "10 rw-p anon - r;11 r--p file /f#7@0 f;12 rw-p anon - rr",
    "0>0 address =; >1 came +; 0>2 address ==" },
  { "moved-is-not-matched", "10 rw-p anon - rr", "20 rw-p anon - rr", ">0 came ++; 0> went" },
  { "copied", "10 rw-p data /l#7@0 fff.", "10 rw-p data /l#7@0 rfsr", "0>0 address c=o+" },
  { "unknown", "10 rw-p anon - r?", "10 rw-p anon - ?r", "0>0 address ??" },
};

static void
test_moments (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (PscSpace) a = psc_diff_space_new (c->a, 1, 1000);
  g_autoptr (PscSpace) b = psc_diff_space_new (c->b, 1, 2000);
  g_autoptr (PscDiff) diff = psc_diff_new (a, b);
  g_autofree char *pairs = psc_diff_describe (diff);

  g_assert_cmpstr (pairs, ==, c->pairs);
  psc_diff_check_change (a, b);
  psc_diff_check_change (b, a);
  psc_diff_check_mirrored (a, b);
  g_assert_cmpint (diff->identical, ==, strcmp (c->a, c->b) == 0);
}

/* --- two processes ------------------------------------------------------------------------- */

static const Case processes[] = {
  { "image",
    "100 r--p rodata /bin/a#7@0 f;101 r-xp text /bin/a#7@1 ff.;104 rw-p data /bin/a#7@4 rf;"
    "106 rw-p bss - r.",
    "500 r--p rodata /bin/a#7@0 f;501 r-xp text /bin/a#7@1 f.f;504 rw-p data /bin/a#7@4 rr;"
    "506 rw-p bss - rr",
    "0>0 file =; 1>1 file =-+; 2>2 file =c; 3>3 file =+" },
  { "images-in-another-order",
    "100 r-xp text /l/a#1@0 f;110 r-xp text /l/b#2@0 ff;120 r-xp text /l/c#3@0 fff",
    "500 r-xp text /l/c#3@0 fff;510 r-xp text /l/a#1@0 f;520 r-xp text /l/b#2@0 ff",
    "2>0 file ===; 0>1 file =; 1>2 file ==" },
  { "relro-cut-elsewhere",
    "100 r-xp text /l/a#1@0 f;101 r--p relro /l/a#1@1 r;102 rw-p data /l/a#1@2 rrr",
    "500 r-xp text /l/a#1@0 f;501 r--p relro /l/a#1@1 rr;503 rw-p data /l/a#1@3 rr",
    "0>0 file =; 1>1 file =; 2>1 file =; 2>2 file ==" },
  { "loaded-twice", "100 r-xp text /l/a#1@0 f;101 r-xp text /l/a#1@0 .",
    "500 r-xp text /l/a#1@0 f;600 r-xp text /l/a#1@0 f", "0>0 file =; 1>1 file +" },
  { "built-anew", "100 r-xp text /l/a#1@0 ff;102 rw-p data /l/a#1@2 r;103 rw-p bss - r",
    "500 r-xp text /l/a#9@0 fff;503 rw-p data /l/a#9@3 rr;505 rw-p bss - r",
    "0>0 path ==+; 1>1 path =+; 2>2 path =" },
  { "another-program", "100 r-xp text /bin/a#1@0 f", "500 r-xp text /bin/b#2@0 f",
    ">0 came +; 0> went" },
  { "renumbered-device-wins-by-number", "100 r-xp text /l/a#1@0 f;200 r-xp text /l/a#2@0 f.",
    "500 r-xp text /l/a#2@0 f.;600 r-xp text /l/a#1@0 f", "1>0 file =.; 0>1 file =" },
  { "another-place-of-a-file", "100 r--p file /d#1@0 f", "500 r--p file /d#1@8 f",
    ">0 came +; 0> went" },
  { "places-of-a-file", "100 r--p file /d#1@0 f;110 r--p file /d#1@20 f",
    "500 r--p file /d#1@20 .;510 r--p file /d#1@0 f", "1>0 file -; 0>1 file =" },
  { "shared-for-private", "100 rw-s file /d#1@0 f", "500 rw-p file /d#1@0 f",
    ">0 came +; 0> went" },
  { "named-after-its-process", "100 rw-s file /tmp/x/1#1@0 f", "500 rw-s file /tmp/x/2#2@0 f",
    "0>0 path =" },
  { "numbers-are-names-too", "100 r-xp text /l/x.so.1#1@0 f", "500 r-xp text /l/x.so.1#1@0 f",
    "0>0 file =" },
  { "other-numbers-are-names", "100 rw-s file /tmp/x/11#1@0 f", "500 rw-s file /tmp/x/12#2@0 f",
    ">0 came +; 0> went" },
  { "heap-from-its-start", "100 rw-p heap [heap] rr", "523 rw-p heap [heap] rr.r",
    "0>0 name ==n+" },
  { "stack-from-its-end", "100 rw-p stack [stack] .rr", "523 rw-p stack [stack] r..rr",
    "0>0 name +n.==" },
  { "kernel-pages", "100 r--p vdso [vvar] k;101 r-xp vdso [vdso] f",
    "500 r--p vdso [vvar] k;501 r-xp vdso [vdso] f", "0>0 name .; 1>1 name =" },
  { "threads-by-name",
    "100 rw-p thread_stack - r.;110 rw-p thread_stack - rr;120 rw-p thread_stack - .r;"
    "=100 2 thread Stack of io (11);=110 2 thread Stack of gc (12);=120 2 thread Stack of io (13)",
    "500 rw-p thread_stack - rr;510 rw-p thread_stack - r.;520 rw-p thread_stack - .r;"
    "=500 2 thread Stack of gc (21);=510 2 thread Stack of io (22);=520 2 thread Stack of io (23)",
    "1>0 thread ==; 0>1 thread =.; 2>2 thread .=" },
  { "threads-by-order", "100 rw-p thread_stack - r.;110 rw-p thread_stack - .r",
    "500 rw-p thread_stack - r.;510 rw-p thread_stack - .r;=500 2 thread Stack of gc (2)",
    "0>0 thread =.; 1>1 thread .=" },
  { "running-thread",
    "100 rw-p thread_stack - r.;110 rw-p thread_stack - rr;=100 2 thread Stack of io (11)",
    "500 rw-p thread_stack - rr;510 rw-p thread_stack - r.;"
    "=500 2 thread Stack of gc (21);=510 2 thread Stack of io (22)",
    "1>0 thread ==; 0>1 thread =." },
  { "another-thread", "100 rw-p thread_stack - r.;=100 2 thread Stack of io (11)",
    "500 rw-p thread_stack - r.;=500 2 thread Stack of gc (2)", ">0 came +n; 0> went" },
  { "arenas",
    "100 rw-p anon - rr;102 ---p reserved - ..;140 rw-p anon - r;141 ---p reserved - ...;"
    "=100 4 arena malloc arena;=140 4 arena malloc arena",
    "540 rw-p anon - rr;542 ---p reserved - ..;580 rw-p anon - rr;582 ---p reserved - ..;"
    "=540 4 arena malloc arena;=580 4 arena malloc arena",
    "0>0 owner ==; 1>1 owner ..; 2>2 owner =; 3>2 owner +; 3>3 owner .." },
  { "owners-are-apart", "100 rw-p anon - rr;=100 2 named cache",
    "500 rw-p anon - rr;=500 2 named buffer", ">0 came ++; 0> went" },
  { "memfd-by-name", "100 rw-s shm_memfd /memfd:x#1@0 f;110 rw-s shm_memfd /memfd:y#2@0 ff",
    "500 rw-s shm_memfd /memfd:y#8@0 ff;510 rw-s shm_memfd /memfd:x#9@0 f",
    "1>0 path ==; 0>1 path =" },
  { "sysv-by-size", "100 rw-s shm_sysv /SYSV00000000#1@0 f;110 rw-s shm_sysv /SYSV00000000#2@0 ff",
    "500 rw-s shm_sysv /SYSV00000000#8@0 ff", "1>0 path ==; 0> went" },
  { "anonymous-in-order",
    "100 rw-p anon - r;110 rw-p anon - rr;120 r-xp text /l/a#1@0 f;130 rw-p anon - r",
    "500 rw-p anon - r;510 rw-p anon - rr;520 r-xp text /l/a#1@0 f;530 rw-p anon - r",
    "0>0 size =; 1>1 size ==; 2>2 file =; 3>3 size =" },
  { "one-more-below", "110 rw-p anon - rrrr;120 rw-p anon - rr;130 r-xp text /l/a#1@0 f",
    "500 rw-p anon - r;510 rw-p anon - rrrr;520 rw-p anon - rr;530 r-xp text /l/a#1@0 f",
    ">0 came +; 0>1 size ====; 1>2 size ==; 2>3 file =" },
  { "newest-is-lowest", "110 rw-p anon - rr;120 rw-p anon - rr",
    "500 rw-p anon - rr;510 rw-p anon - rr;520 rw-p anon - rr",
    ">0 came ++; 0>1 size ==; 1>2 size ==" },
  { "in-any-order", "100 rw-p anon - r;110 rw-p anon - rr;120 rw-p anon - rrrr",
    "500 rw-p anon - rrrr;510 rw-p anon - r;520 rw-p anon - rr",
    "2>0 size ====; 0>1 size =; 1>2 size ==" },
  { "grown-at-its-end", "110 rw-p anon - rr..;120 r-xp text /l/a#1@0 f",
    "510 rw-p anon - rr....;520 r-xp text /l/a#1@0 f", "0>0 place ==..nn; 1>1 file =" },
  { "grown-at-its-start", "110 rw-p anon - ..rr;120 r-xp text /l/a#1@0 f",
    "510 rw-p anon - r...rr;520 r-xp text /l/a#1@0 f", "0>0 place +n..==; 1>1 file =" },
  { "grown-many-times", "110 rw-p anon - r;120 r-xp text /l/a#1@0 f",
    "510 rw-p anon - r.......r;530 r-xp text /l/a#1@0 f", "0>0 place =nnnnnnn+; 1>1 file =" },
  { "other-permissions", "110 rw-p anon - r", "510 rwxp jit - r", ">0 came +; 0> went" },
  { "guards-with-guards", "100 ---p guard - .;101 rw-p anon - r",
    "500 ---p guard - .;501 rw-p anon - r", "0>0 size .; 1>1 size =" },
  { "swapped", "100 rw-p heap [heap] rrss", "500 rw-p heap [heap] rsrs", "0>0 name =oi=" },
};

static void
test_processes (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (PscSpace) a = psc_diff_space_new (c->a, 1, 1000);
  g_autoptr (PscSpace) b = psc_diff_space_new (c->b, 2, 2000);
  g_autoptr (PscDiff) diff = psc_diff_new (a, b);
  g_autofree char *pairs = psc_diff_describe (diff);

  g_assert_false (diff->one_process);
  g_assert_cmpstr (pairs, ==, c->pairs);
  psc_diff_check_mirrored (a, b);
}

/* --- other layouts ------------------------------------------------------------------------- */

#define LANDMARKS ";700 rw-p stack [stack] r;710 r-xp vdso [vdso] f"
#define PROGRAM   "100 r-xp text /bin/a#7@0 ff"

/* A child has what its parent has, where it has it; what it maps itself came. */
static void
test_child (void)
{
  g_autoptr (PscSpace) a =
      psc_diff_space_new (PROGRAM ";200 rw-p anon - rr..;300 rw-p anon - rr" LANDMARKS, 1, 1000);
  g_autoptr (PscSpace) b =
      psc_diff_space_new (PROGRAM ";200 rw-p anon - rrr.;400 rw-p anon - rr" LANDMARKS, 2, 2000);
  g_autoptr (PscDiff) diff = psc_diff_new (a, b);
  g_autofree char *pairs = psc_diff_describe (diff);

  g_assert_false (diff->one_process);
  g_assert_true (diff->one_layout);
  g_assert_cmpstr (pairs, ==,
                   "0>0 address ==; 1>1 address ==+.; >2 came ++; 3>3 address =; "
                   "4>4 address =; 2> went");
  psc_diff_check_mirrored (a, b);
}

/* The number stays, the memory doesn't. */
static void
test_exec (void)
{
  g_autoptr (PscSpace) a =
      psc_diff_space_new (PROGRAM ";200 rw-p heap [heap] rr" LANDMARKS, 1, 1000);
  g_autoptr (PscSpace) b = psc_diff_space_new (
      "300 r-xp text /bin/a#7@0 ff;400 rw-p heap [heap] r.;600 rw-p stack [stack] r;"
      "610 r-xp vdso [vdso] f",
      1, 2000);
  g_autoptr (PscDiff) diff = psc_diff_new (a, b);
  g_autofree char *pairs = psc_diff_describe (diff);

  g_assert_false (diff->one_process);
  g_assert_cmpstr (pairs, ==, "0>0 file ==; 1>1 name =-; 2>2 name =; 3>3 name =");
  psc_diff_check_mirrored (a, b);
}

/* Huge pages begin at borders of their size: where the shift is none of those they can't be told
 * from what was in base pages. */
static void
test_huge (void)
{
  static const struct
  {
    const char *start, *pairs;
  } cases[] = {
    { "600", "0>0 name xH==" },
    { "601", "0>0 name ====" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("%s rw-p heap [heap] rhhr", cases[i].start);
      g_autoptr (PscSpace) a = psc_diff_space_new ("200 rw-p heap [heap] hrhr", 1, 1000);
      g_autoptr (PscSpace) b = psc_diff_space_new (text, 2, 2000);
      g_autoptr (PscDiff) diff = psc_diff_new (a, b);
      g_autofree char *pairs = psc_diff_describe (diff);

      g_assert_cmpstr (pairs, ==, cases[i].pairs);
      psc_diff_check_mirrored (a, b);
    }
}

/* A file's pages in a huge one are copied page by page. */
static void
test_copied_from_huge (void)
{
  g_assert_cmpint (psc_change_of_states (PSC_PAGE_PRESENT | PSC_PAGE_HUGE | PSC_PAGE_FILE,
                                         PSC_PAGE_PRESENT, TRUE),
                   ==, PSC_CHANGE_COPIED);
  g_assert_cmpint (psc_change_of_states (PSC_PAGE_PRESENT | PSC_PAGE_HUGE, PSC_PAGE_PRESENT, TRUE),
                   ==, PSC_CHANGE_SPLIT);
}

/* A recording of a machine with another page size. */
static void
test_page_sizes (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (16 * PAGE);
  PscMapping mapping = { .start = 0x100 * PAGE,
                         .end = 0x140 * PAGE,
                         .flags = PSC_MAPPING_PAGES_KNOWN,
                         .page_shift = 16,
                         .kind = PSC_KIND_HEAP,
                         .name = "[heap]" };
  g_autoptr (PscSpace) a = psc_diff_space_new ("201 rw-p heap [heap] r19", 1, 1000);
  g_autoptr (PscSpace) b = NULL;
  g_autoptr (PscDiff) diff = NULL;

  psc_space_builder_get_space (builder)->pid = 2;
  g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
  g_assert_true (psc_space_builder_add_run (builder, mapping.start, mapping.end, PSC_PAGE_PRESENT));
  b = psc_space_builder_freeze (builder);
  diff = psc_diff_new (a, b);
  psc_diff_check (diff);
  g_assert_false (diff->pages_compared);
  g_assert_false (diff->identical);
  g_assert_cmpint (diff->pairs[0].why, ==, PSC_DIFF_NAME);
  g_assert_cmpuint (diff->total.pages.bytes[PSC_CHANGE_UNKNOWN], ==, b->totals.size);
  g_assert_cmpint (psc_diff_delta (diff->total.resident), ==, (64 - 19) * PAGE);
}

/* What was not read is no growth. */
static void
test_not_read (void)
{
  g_autoptr (PscSpace) a = psc_diff_space_new ("100 rw-p heap [heap] ..", 1, 1000);
  g_autoptr (PscSpace) b = psc_diff_space_new ("100 rw-p heap [heap] rr", 1, 2000);
  g_autoptr (PscDiff) diff = NULL;

  a->mappings[0].flags &= ~PSC_MAPPING_PAGES_KNOWN;
  a->totals.classes[PSC_CLASS_UNKNOWN] = a->totals.size;
  a->totals.classes[PSC_CLASS_ABSENT] = 0;
  diff = psc_diff_new (a, b);
  g_assert_false (diff->pairs[0].growth.then_known);
  g_assert_true (diff->pairs[0].growth.now_known);
  g_assert_false (diff->total.then_known);
  g_assert_false (diff->identical);
  g_assert_cmpuint (diff->total.pages.bytes[PSC_CHANGE_UNKNOWN], ==, 2 * PAGE);
}

/* What smaps alone knows is in the sums of a mapping that was cut up too. */
static void
test_hidden_swap (void)
{
  g_autoptr (PscSpace) a = psc_diff_space_new ("100 rw-s shm_anon /dev/zero#1@0 f...", 1, 1000);
  g_autoptr (PscSpace) b = psc_diff_space_new ("100 rw-s shm_anon /dev/zero#1@0 f.;"
                                               "102 r--s shm_anon /dev/zero#1@2 ..",
                                               1, 2000);
  g_autoptr (PscDiff) diff = NULL;

  a->mappings[0].swapped = a->totals.swapped = a->kinds[PSC_KIND_SHM_ANON].swapped = 2 * PAGE;
  diff = psc_diff_new (a, b);
  psc_diff_check (diff);
  g_assert_cmpuint (diff->n_pairs, ==, 2);
  g_assert_cmpuint (diff->pairs[1].growth.swapped.then, ==, 2 * PAGE);
}

/* --- random spaces ------------------------------------------------------------------------- */

#define WORLD 64u

/* Pages, each with what is mapped there: ' ' for nothing, and a file's number. */
typedef struct
{
  char pages[WORLD];
  guint8 files[WORLD];
} World;

static void
world_fill (World *world)
{
  for (int n = g_test_rand_int_range (0, 12); n > 0; n--)
    {
      guint from = (guint) g_test_rand_int_range (0, WORLD);
      guint length = (guint) g_test_rand_int_range (1, 9);
      guint to = MIN (from + length, WORLD);
      char letter =
          PSC_DIFF_CLASS_LETTERS[g_test_rand_int_range (0, strlen (PSC_DIFF_CLASS_LETTERS))];
      guint8 file = (guint8) g_test_rand_int_range (0, 3);

      for (guint i = from; i < to; i++)
        {
          world->files[i] = world->pages[i] == ' ' || n % 3 == 0 ? file : world->files[i];
          world->pages[i] = n % 5 == 0 ? ' ' : letter;
        }
    }
}

static PscSpace *
space_of_world (const World *world, gint pid, gint64 time_usec)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < WORLD; i++)
    {
      gboolean begins = i == 0 || world->pages[i - 1] == ' ' ||
                        world->files[i - 1] != world->files[i] || g_test_rand_int_range (0, 9) == 0;

      if (world->pages[i] == ' ')
        continue;
      if (begins && world->files[i] > 0)
        g_string_append_printf (text, ";%x rw-p file /f%u#%u@%x ", i + 16, world->files[i],
                                world->files[i], i);
      else if (begins)
        g_string_append_printf (text, ";%x rw-p anon - ", i + 16);
      g_string_append_c (text, world->pages[i]);
    }
  return psc_diff_space_new (text->str, pid, time_usec);
}

static void
test_random_moments (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      World world;
      g_autoptr (PscSpace) then = NULL;
      g_autoptr (PscSpace) now = NULL;

      memset (world.pages, ' ', WORLD);
      memset (world.files, 0, WORLD);
      world_fill (&world);
      then = space_of_world (&world, 1, 1000);
      world_fill (&world);
      now = space_of_world (&world, 1, 2000);
      psc_diff_check_change (then, now);
      psc_diff_check_mirrored (then, now);
    }
}

/* Two that have nothing to do with each other: all holds all the same. */
static void
test_random_processes (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      World world;
      g_autoptr (PscSpace) a = NULL;
      g_autoptr (PscSpace) b = NULL;

      memset (world.pages, ' ', WORLD);
      memset (world.files, 0, WORLD);
      world_fill (&world);
      a = space_of_world (&world, 1, 1000);
      world_fill (&world);
      b = space_of_world (&world, 2, 2000);
      psc_diff_check_mirrored (a, b);
    }
}

/* A program of some libraries with anonymous memory between them, at any addresses: loaded
 * elsewhere it is the same but for the pages that were changed. */
typedef struct
{
  GString *text;
  guint64 page; /* where the next one begins */
  gboolean touched;
  guint n_touched; /* pages that were changed on the way */
} Writer;

static void
write_pages (Writer *writer, guint32 seed, guint n)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  for (guint i = 0; i < n; i++)
    {
      char letter = g_rand_int_range (rand, 0, 2) ? 'r' : '.';

      if (writer->touched && g_test_rand_int_range (0, 50) == 0)
        {
          letter = letter == 'r' ? '.' : 'r';
          writer->n_touched++;
        }
      g_string_append_c (writer->text, letter);
    }
  writer->page += n;
}

static void
write_program (Writer *writer, guint n_libraries)
{
  for (guint i = 0; i < n_libraries; i++)
    {
      writer->page += (guint64) g_test_rand_int_range (1, 1000);
      g_string_append_printf (writer->text, ";%" G_GINT64_MODIFIER "x r-xp text /l/%u#%u@0 ",
                              writer->page, i, i + 1);
      write_pages (writer, i, 4 + i % 7);
      g_string_append_printf (writer->text, ";%" G_GINT64_MODIFIER "x rw-p data /l/%u#%u@%x ",
                              writer->page, i, i + 1, 4 + i % 7);
      write_pages (writer, i + 1000, 3);
      writer->page += (guint64) g_test_rand_int_range (1, 50);
      g_string_append_printf (writer->text, ";%" G_GINT64_MODIFIER "x rw-p anon - ", writer->page);
      write_pages (writer, i + 2000, 5 + i % 5);
    }
}

static void
test_relocated (void)
{
  for (guint round = 0; round < 200; round++)
    {
      Writer writers[2] = { { g_string_new (NULL), 0x1000, FALSE, 0 },
                            { g_string_new (NULL), 0x9000, round % 2 == 1, 0 } };
      g_autoptr (PscSpace) a = NULL;
      g_autoptr (PscSpace) b = NULL;
      g_autoptr (PscDiff) diff = NULL;

      write_program (&writers[0], 1 + round % 40);
      write_program (&writers[1], 1 + round % 40);
      a = psc_diff_space_new (writers[0].text->str, 1, 1000);
      b = psc_diff_space_new (writers[1].text->str, 2, 2000);
      diff = psc_diff_new (a, b);
      psc_diff_check (diff);
      g_assert_cmpuint (diff->n_pairs, ==, a->n_mappings);
      for (guint i = 0; i < diff->n_pairs; i++)
        g_assert_cmpuint (diff->pairs[i].a, ==, diff->pairs[i].b);
      g_assert_cmpuint (psc_diff_changed_bytes (&diff->total.pages), ==,
                        writers[1].n_touched * PAGE);
      g_assert_cmpint (diff->identical, ==, writers[1].n_touched == 0);
      g_string_free (writers[0].text, TRUE);
      g_string_free (writers[1].text, TRUE);
    }
}

/* --- recorded processes -------------------------------------------------------------------- */

/* Each against each: what holds of all. */
static void
test_fixtures (void)
{
  g_auto (GStrv) names = psc_fixture_list ();

  for (guint i = 0; names[i] != NULL; i++)
    for (guint j = 0; j <= i; j++)
      {
        g_autoptr (PscFixture) fixture_a = psc_fixture_load (names[i]);
        g_autoptr (PscFixture) fixture_b = psc_fixture_load (names[j]);
        g_autoptr (PscSpace) a = psc_fixture_make_space (fixture_a, TRUE);
        g_autoptr (PscSpace) b = psc_fixture_make_space (fixture_b, TRUE);
        g_autoptr (PscDiff) diff = NULL;

        a->pid = (gint) i + 1;
        b->pid = (gint) j + 1;
        diff = psc_diff_new (a, b);
        g_test_message ("%s and %s: %u changed, %u came, %u went", names[i], names[j],
                        diff->n_changed, diff->n_came, diff->n_went);
        psc_diff_check_mirrored (a, b);
        g_assert_cmpint (diff->identical, ==, i == j);
      }
}

/* --- many ---------------------------------------------------------------------------------- */

#define MANY 65000u

/* Every shape of 65,000 against 65,000 that could take quadratic time: one size, two sizes in turn,
 * all sizes in an order of their own, and some missing. */
static PscSpace *
space_of_many (guint shape, guint64 start, guint seed, gint pid)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  guint64 at = start;

  psc_space_builder_get_space (builder)->pid = pid;
  for (guint i = 0; i < MANY; i++)
    {
      guint n = shape == 0 ? 1 : shape == 1 ? 1 + i % 2 : (guint) g_rand_int_range (rand, 1, 2000);
      PscMapping mapping = { .start = at,
                             .end = at + n * (guint64) PAGE,
                             .flags = PSC_MAPPING_PAGES_KNOWN,
                             .page_shift = 12,
                             .kind = PSC_KIND_ANON,
                             .perms = PSC_PERM_READ | (i % 3 == 0 ? PSC_PERM_WRITE : 0),
                             .name = "" };

      at = mapping.end + PAGE;
      if (shape == 3 && g_rand_int_range (rand, 0, 10) == 0)
        continue;
      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
    }
  return psc_space_builder_freeze (builder);
}

static void
test_many (void)
{
  for (guint shape = 0; shape < 4; shape++)
    for (guint seed = 1; seed < 3; seed++)
      {
        g_autoptr (PscSpace) a = space_of_many (shape, 0x10000, 1, 1);
        g_autoptr (PscSpace) b = space_of_many (shape, 0x90000, seed, 2);
        gint64 began = g_get_monotonic_time ();
        g_autoptr (PscDiff) diff = psc_diff_new (a, b);
        gint64 took = g_get_monotonic_time () - began;

        g_test_message ("shape %u, %s: %u pairs, %u came, %u went, %.0f ms", shape,
                        seed == 1 ? "the same" : "another", diff->n_pairs, diff->n_came,
                        diff->n_went, (double) took / 1000);
        /* Quadratic time would be minutes. */
        g_assert_cmpint (took, <, 5 * G_TIME_SPAN_SECOND);
        if (seed == 1)
          g_assert_true (diff->identical);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      g_autofree char *path = g_strconcat ("/diff/moments/", moments[i].name, NULL);

      g_test_add_data_func (path, &moments[i], test_moments);
    }
  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    {
      g_autofree char *path = g_strconcat ("/diff/processes/", processes[i].name, NULL);

      g_test_add_data_func (path, &processes[i], test_processes);
    }
  g_test_add_func ("/diff/child", test_child);
  g_test_add_func ("/diff/exec", test_exec);
  g_test_add_func ("/diff/huge", test_huge);
  g_test_add_func ("/diff/copied-from-huge", test_copied_from_huge);
  g_test_add_func ("/diff/page-sizes", test_page_sizes);
  g_test_add_func ("/diff/not-read", test_not_read);
  g_test_add_func ("/diff/hidden-swap", test_hidden_swap);
  g_test_add_func ("/diff/random/moments", test_random_moments);
  g_test_add_func ("/diff/random/processes", test_random_processes);
  g_test_add_func ("/diff/random/relocated", test_relocated);
  g_test_add_func ("/diff/fixtures", test_fixtures);
  g_test_add_func ("/diff/many", test_many);
  return g_test_run ();
}
