/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Slots that could be huge pages, and why they are not: tables of a mapping, its pages, the
 * system's settings, and the reason. */

#include <string.h>

#include "psc-huge-reader.h"
#include "psc-huge-slots.h"

#define PAGE  G_GUINT64_CONSTANT (4096)
#define SLOT  (512 * PAGE)
#define START (64 * SLOT)

#define ALWAYS_                                                                                    \
  {                                                                                                \
    .anon = PSC_HUGE_MODE_ALWAYS, .shmem = PSC_HUGE_MODE_NEVER, .max_ptes_none_known = TRUE,       \
    .max_ptes_none = 511                                                                           \
  }
#define MADVISE_                                                                                   \
  {                                                                                                \
    .anon = PSC_HUGE_MODE_MADVISE, .shmem = PSC_HUGE_MODE_MADVISE, .max_ptes_none_known = TRUE,    \
    .max_ptes_none = 511                                                                           \
  }
#define NEVER_                                                                                     \
  {                                                                                                \
    .anon = PSC_HUGE_MODE_NEVER, .shmem = PSC_HUGE_MODE_ALWAYS                                     \
  }
#define STRICT_                                                                                    \
  {                                                                                                \
    .anon = PSC_HUGE_MODE_ALWAYS, .max_ptes_none_known = TRUE, .max_ptes_none = 64                 \
  }

typedef struct
{
  const char *name;
  gint64 from, to;   /* pages of the mapping, counted from START; it is asked about START */
  const char *pages; /* stretches from START on: "100r" resident, h huge, s swapped, z zero, g
                        guard, . absent */
  PscHugeSettings settings;
  const char *flags; /* NULL: smaps was not read */
  PscHugeReason reason;
  guint n_populated;
  PscKind kind;
  guint64 inode;
  guint page_shift;
  gboolean pages_unknown;
} Case;

static const Case cases[] = {
  { "huge", 0, 512, "512h", ALWAYS_, NULL, PSC_HUGE_IS_HUGE, 512, PSC_KIND_ANON },
  { "huge-file", 0, 512, "512h", ALWAYS_, NULL, PSC_HUGE_IS_HUGE, 512, PSC_KIND_FILE, 7 },
  { "pool", 0, 512, "512r", ALWAYS_, NULL, PSC_HUGE_IS_POOL, 512, PSC_KIND_HUGETLB, 7, 21 },
  { "device", 0, 512, "", ALWAYS_, NULL, PSC_HUGE_SPECIAL, 0, PSC_KIND_DEVICE },
  { "vdso", 0, 2, "2r", ALWAYS_, NULL, PSC_HUGE_SPECIAL, 2, PSC_KIND_VDSO },
  { "file", 0, 1024, "512r", ALWAYS_, NULL, PSC_HUGE_FILE, 512, PSC_KIND_FILE, 7 },
  { "dev-shm", 0, 1024, "512r", ALWAYS_, NULL, PSC_HUGE_FILE, 512, PSC_KIND_SHM_POSIX, 7 },
  { "short", 0, 511, "511r", ALWAYS_, NULL, PSC_HUGE_TOO_SHORT, 511, PSC_KIND_ANON },
  { "late", 1, 1024, ".511r", ALWAYS_, NULL, PSC_HUGE_UNALIGNED, 511, PSC_KIND_ANON },
  { "early", -512, 511, "511r", ALWAYS_, NULL, PSC_HUGE_UNALIGNED, 511, PSC_KIND_ANON },
  { "just", 0, 512, "512r", ALWAYS_, NULL, PSC_HUGE_WAITING, 512, PSC_KIND_ANON },
  { "empty", 0, 1024, "512.5r", ALWAYS_, NULL, PSC_HUGE_EMPTY, 0, PSC_KIND_ANON },
  { "only-zero-pages", 0, 512, "512z", ALWAYS_, NULL, PSC_HUGE_EMPTY, 0, PSC_KIND_ANON },
  { "one-page", 0, 512, "1r", ALWAYS_, NULL, PSC_HUGE_PARTLY, 1, PSC_KIND_ANON },
  { "one-missing", 0, 512, "511r", ALWAYS_, NULL, PSC_HUGE_PARTLY, 511, PSC_KIND_ANON },
  { "swapped-counts", 0, 512, "500r12s", ALWAYS_, NULL, PSC_HUGE_WAITING, 512, PSC_KIND_ANON },
  { "zero-counts-not", 0, 512, "500r12z", ALWAYS_, NULL, PSC_HUGE_PARTLY, 500, PSC_KIND_ANON },
  { "guard", 0, 512, "511r1g", ALWAYS_, NULL, PSC_HUGE_GUARDED, 511, PSC_KIND_ANON },
  { "strict-enough", 0, 512, "448r", STRICT_, NULL, PSC_HUGE_PARTLY, 448, PSC_KIND_ANON },
  { "strict-not", 0, 512, "447r", STRICT_, NULL, PSC_HUGE_TOO_SPARSE, 447, PSC_KIND_ANON },
  { "never", 0, 512, "512r", NEVER_, "rd wr hg", PSC_HUGE_NEVER, 512, PSC_KIND_ANON },
  { "madvise-unasked", 0, 512, "512r", MADVISE_, "rd wr ac", PSC_HUGE_NEEDS_ADVICE, 512,
    PSC_KIND_ANON },
  { "madvise-not-read", 0, 512, "512r", MADVISE_, NULL, PSC_HUGE_NEEDS_ADVICE, 512, PSC_KIND_ANON },
  { "madvise-asked", 0, 512, "512r", MADVISE_, "rd wr hg", PSC_HUGE_WAITING, 512, PSC_KIND_ANON },
  { "madvise-asked-partly", 0, 512, "9r", MADVISE_, "hg", PSC_HUGE_PARTLY, 9, PSC_KIND_ANON },
  /* Other slots of it are huge, so the program asked. */
  { "madvise-huge-beside", 0, 1024, "512r512h", MADVISE_, NULL, PSC_HUGE_WAITING, 512,
    PSC_KIND_ANON },
  { "refused", 0, 512, "512r", ALWAYS_, "rd nh wr", PSC_HUGE_REFUSED, 512, PSC_KIND_ANON },
  /* Flags are words: "xnh" would be none. */
  { "not-refused", 0, 512, "512r", ALWAYS_, "rd xn hx", PSC_HUGE_WAITING, 512, PSC_KIND_ANON },
  { "process-off",
    0,
    512,
    "512r",
    { .anon = PSC_HUGE_MODE_ALWAYS, .process_known = TRUE, .process_off = TRUE },
    NULL,
    PSC_HUGE_PROCESS_OFF,
    512,
    PSC_KIND_ANON },
  { "memfd-never", 0, 512, "512r", ALWAYS_, NULL, PSC_HUGE_NEVER, 512, PSC_KIND_SHM_MEMFD, 7 },
  { "memfd-always", 0, 512, "512r", NEVER_, NULL, PSC_HUGE_WAITING, 512, PSC_KIND_SHM_MEMFD, 7 },
  { "memfd-advise", 0, 512, "512r", MADVISE_, NULL, PSC_HUGE_NEEDS_ADVICE, 512, PSC_KIND_SHM_MEMFD,
    7 },
  { "settings-not-read", 0, 512, "512r", { 0 }, NULL, PSC_HUGE_UNKNOWN, 512, PSC_KIND_ANON },
  /* Registers of a device, by way of a file of sysfs. */
  { "special", 0, 512, "512k", ALWAYS_, NULL, PSC_HUGE_SPECIAL, 0, PSC_KIND_FILE, 7 },
  { "pages-not-read", 0, 512, "", ALWAYS_, NULL, PSC_HUGE_UNKNOWN, 0, PSC_KIND_ANON, 0, 0, TRUE },
};

static guint16
state_of (char letter)
{
  static const struct
  {
    char letter;
    guint16 state;
  } states[] = {
    { 'r', PSC_PAGE_PRESENT },
    { 'h', PSC_PAGE_PRESENT | PSC_PAGE_HUGE },
    { 's', PSC_PAGE_SWAPPED },
    { 'z', PSC_PAGE_PRESENT | PSC_PAGE_ZERO },
    { 'g', PSC_PAGE_SWAPPED | PSC_PAGE_GUARD },
    { 'k', PSC_PAGE_SPECIAL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (states[i].letter == letter)
      return states[i].state;
  g_assert_cmpint (letter, ==, '.');
  return 0;
}

static void
add_pages (PscSpaceBuilder *builder, const char *pages)
{
  guint64 at = START;

  while (*pages != '\0')
    {
      char *letter;
      guint64 n = g_ascii_strtoull (pages, &letter, 10);

      if (letter == pages)
        n = 1;
      psc_space_builder_add_run (builder, at, at + n * PAGE, state_of (*letter));
      at += n * PAGE;
      pages = letter + 1;
    }
}

static PscSpace *
make_space (const Case *c)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);
  PscMapping mapping = { .start = START + (guint64) (c->from * (gint64) PAGE),
                         .end = START + (guint64) (c->to * (gint64) PAGE),
                         .name = "",
                         .inode = c->inode,
                         .kind = c->kind,
                         .page_shift = (guint8) c->page_shift,
                         .flags = c->pages_unknown ? 0 : PSC_MAPPING_PAGES_KNOWN };

  /* The slot below the first has nothing of it. */
  space->source = PSC_SOURCE_SCAN;
  space->huge_settings = c->settings;
  g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
  add_pages (builder, c->pages);
  if (c->flags != NULL)
    psc_space_builder_add_smaps (builder)[0].vm_flags = c->flags;
  return psc_space_builder_freeze (builder);
}

static void
test_slot (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (PscSpace) space = make_space (c);
  g_autofree char *words = NULL;
  PscHugeSlot slot;
  guint64 address = START + (guint64) MAX (c->from, 0) * PAGE;

  g_assert_true (psc_huge_slot_at (space, address, &slot));
  g_assert_cmpstr (psc_huge_reason_id (slot.reason), ==, psc_huge_reason_id (c->reason));
  g_assert_cmphex (slot.start, ==, START);
  g_assert_cmphex (slot.end, ==, START + SLOT);
  g_assert_cmpuint (slot.n_pages, ==, 512);
  g_assert_cmpuint (slot.n_populated, ==, c->n_populated);
  g_assert_cmpuint (slot.late, ==, (guint64) MAX (c->from, 0) * PAGE);
  g_assert_cmpuint (slot.early, ==, (guint64) MAX (512 - c->to, 0) * PAGE);
  words = psc_huge_slot_describe (space, &slot);
  g_assert_true (g_utf8_validate (words, -1, NULL));
  g_assert_cmpuint (strlen (words), >, 20);
}

/* The sum says of each slot what psc_huge_slot_at() says. */
static void
check_sums (const PscSpace *space)
{
  PscHugeSums sums, expected = { { 0 }, { 0 } };

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      guint64 address = mapping->start;

      while (address < mapping->end)
        {
          PscHugeSlot slot;

          g_assert_true (psc_huge_slot_at (space, address, &slot));
          address = slot.end;
          /* What is ruled out for the whole mapping is in no sum. */
          if (slot.n_populated == 0 || slot.reason == PSC_HUGE_FILE ||
              slot.reason == PSC_HUGE_IS_POOL || slot.reason == PSC_HUGE_SPECIAL ||
              slot.reason == PSC_HUGE_TOO_SHORT || mapping->inode == 7)
            continue;
          expected.slots[slot.reason]++;
          expected.populated[slot.reason] += slot.n_populated * PAGE;
        }
    }
  psc_huge_slots_sum (space, &sums);
  for (guint i = 0; i < PSC_N_HUGE_REASONS; i++)
    {
      g_assert_cmpuint (sums.slots[i], ==, expected.slots[i]);
      g_assert_cmpuint (sums.populated[i], ==, expected.populated[i]);
    }
}

static void
test_random_sums (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (42);

  for (guint round = 0; round < 200; round++)
    {
      PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
      PscSpace *building = psc_space_builder_get_space (builder);
      g_autoptr (PscSpace) space = NULL;
      guint64 at = START;
      guint64 end;

      building->source = PSC_SOURCE_SCAN;
      building->huge_settings = (PscHugeSettings) STRICT_;
      for (guint i = 0; i < 4; i++)
        {
          PscMapping mapping = { .kind = PSC_KIND_ANON, .flags = PSC_MAPPING_PAGES_KNOWN };

          mapping.start = at;
          mapping.end = at = at + PAGE * (guint64) g_rand_int_range (random, 1, 3000);
          g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
        }
      end = at;
      for (at = START; at < end;)
        {
          guint64 next = MIN (at + PAGE * (guint64) g_rand_int_range (
                                              random, 1, g_rand_boolean (random) ? 20 : 1800),
                              end);

          psc_space_builder_add_run (builder, at, next,
                                     state_of (".rrrszg"[g_rand_int_range (random, 0, 7)]));
          at = next;
        }
      space = psc_space_builder_freeze (builder);
      check_sums (space);
    }
}

static void
test_sums_in_words (void)
{
  const Case c = { "", 0, 1536, "512r100r412.512h", MADVISE_, "rd wr", 0, 0, PSC_KIND_ANON };
  const Case none = { "", 0, 512, "512h", MADVISE_, "hg", 0, 0, PSC_KIND_ANON };
  g_autoptr (PscSpace) space = make_space (&c);
  g_autoptr (PscSpace) all_huge = make_space (&none);
  g_autofree char *words = NULL;
  PscHugeSums sums;

  psc_huge_slots_sum (space, &sums);
  g_assert_cmpuint (sums.slots[PSC_HUGE_NEEDS_ADVICE], ==, 2);
  g_assert_cmpuint (sums.populated[PSC_HUGE_NEEDS_ADVICE], ==, 612 * PAGE);
  g_assert_cmpuint (sums.slots[PSC_HUGE_IS_HUGE], ==, 1);
  words = psc_huge_sums_describe (space, &sums);
  g_assert_cmpstr (words, ==,
                   "2 slots, 4 MiB (2.39 MiB in use), all of them because programs have to ask "
                   "(MADV_HUGEPAGE)");
  psc_huge_slots_sum (all_huge, &sums);
  g_assert_null (psc_huge_sums_describe (all_huge, &sums));
}

static void
test_nowhere (void)
{
  g_autoptr (PscSpace) space = make_space (&cases[0]);
  PscHugeSlot slot;

  g_assert_false (psc_huge_slot_at (space, 0, &slot));
  g_assert_false (psc_huge_slot_at (space, START + SLOT, &slot));
}

static void
test_settings (void)
{
  static const struct
  {
    const char *text;
    PscHugeMode mode, shmem;
    PscHugeDefrag defrag;
  } texts[] = {
    { "always [madvise] never\n", PSC_HUGE_MODE_MADVISE, 0, PSC_HUGE_DEFRAG_MADVISE },
    { "[always] madvise never\n", PSC_HUGE_MODE_ALWAYS, PSC_HUGE_MODE_ALWAYS,
      PSC_HUGE_DEFRAG_ALWAYS },
    { "always madvise [never]", PSC_HUGE_MODE_NEVER, PSC_HUGE_MODE_NEVER, PSC_HUGE_DEFRAG_NEVER },
    { "always [inherit] madvise never\n", 0, 0, 0 },
    { "always defer [defer+madvise] madvise never\n", 0, 0, PSC_HUGE_DEFRAG_DEFER_MADVISE },
    { "always [defer] defer+madvise madvise never\n", 0, 0, PSC_HUGE_DEFRAG_DEFER },
    { "always [within_size] advise never deny force\n", 0, PSC_HUGE_MODE_ALWAYS, 0 },
    { "always within_size [advise] never deny force\n", 0, PSC_HUGE_MODE_MADVISE, 0 },
    { "always within_size advise never [deny] force\n", 0, PSC_HUGE_MODE_NEVER, 0 },
    { "", 0, 0, 0 },
    { "[", 0, 0, 0 },
    { "]always[", 0, 0, 0 },
    { "[]", 0, 0, 0 },
    { "[alway]", 0, 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gsize length = strlen (texts[i].text);
      /* Not ended by a NUL: a bound that is missed is seen by the sanitizers. */
      g_autofree char *text = g_memdup2 (texts[i].text, MAX (length, 1));

      g_assert_cmpint (psc_huge_parse_mode (text, length, PSC_HUGE_MODE_UNKNOWN), ==,
                       texts[i].mode);
      g_assert_cmpint (psc_huge_parse_shmem (text, length), ==, texts[i].shmem);
      g_assert_cmpint (psc_huge_parse_defrag (text, length), ==, texts[i].defrag);
    }
  g_assert_cmpint (psc_huge_parse_mode ("[inherit]", 9, PSC_HUGE_MODE_NEVER), ==,
                   PSC_HUGE_MODE_NEVER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/huge-slots/slot/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_slot);
    }
  g_test_add_func ("/huge-slots/random-sums", test_random_sums);
  g_test_add_func ("/huge-slots/sums-in-words", test_sums_in_words);
  g_test_add_func ("/huge-slots/nowhere", test_nowhere);
  g_test_add_func ("/huge-slots/settings", test_settings);
  return g_test_run ();
}
