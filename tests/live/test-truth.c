/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Memory of every sort, page by page: what a snapshot says of it, whichever way the page states
 * are read, against a table of what is there because psc-zoo made it so. Each exhibit is a case
 * for each way, so that one that can't be made here is skipped and says why.
 */

#include <string.h>
#include <unistd.h>

#include "machine.h"
#include "psc-scan-plan.h"
#include "snapshot.h"
#include "zoo.h"

#define MAX_FACTS 3

/* How a snapshot is made. */
typedef enum
{
  WAY_SCAN,    /* the first: PAGEMAP_SCAN that asks for what is there */
  WAY_AGAIN,   /* the second of the same target: asks for what is not, where the first was dense */
  WAY_PAGEMAP, /* by reading pagemap */
  WAY_SMAPS,   /* PAGEMAP_SCAN, and smaps beside it */
  N_WAYS
} Way;

static const char *const way_names[] = { "scan", "again", "pagemap", "smaps" };

/* A field of PscSmaps and its sum over the exhibit, in pages. */
typedef struct
{
  gsize offset;
  guint n_pages;
} Fact;

#define FACT(field, n)                                                                             \
  {                                                                                                \
    1 + G_STRUCT_OFFSET (PscSmaps, field), n                                                       \
  }

/*
 * Pages in address order, a letter a class: r resident, f resident of a file, H huge, T hugetlb,
 * z zero, s swapped, g guard, k special, - absent, ? unknown. "40r 24-" are 40 resident pages and
 * then 24 absent ones; "*r" is any number of them.
 */
typedef struct
{
  const char *name;
  const char *scan;
  const char *pagemap; /* NULL: as scan */
  guint hidden_swap;   /* pages that are swapped, which only smaps tells: absent in the table */
  Fact smaps[MAX_FACTS];
  const char *vm_flag; /* among VmFlags of each of its mappings */
  gint kind;           /* PscKind, 1 more; 0: whatever it is */
} Row;

#define KIND(kind) (1 + PSC_KIND_##kind)

static const Row still_rows[] = {
  { "forked", "24r 8-", .smaps = { FACT (pss, 14), FACT (rss, 24) }, .kind = KIND (ANON) },
  { "forked_child", "24r 8-", .smaps = { FACT (pss, 14), FACT (rss, 24) } },
  { "anon", "40r 24-", .smaps = { FACT (anonymous, 40), FACT (pss, 40) }, .kind = KIND (ANON) },
  { "zero", "16z 16-", "16r 16-", .smaps = { FACT (rss, 0), FACT (pss, 0) } },
  { "prot_none", "8r 24-", .smaps = { FACT (rss, 8) } },
  { "prot_none_untouched", "32-", .smaps = { FACT (rss, 0) } },
  { "guard", "8r 4g 20r", .smaps = { FACT (rss, 28), FACT (swap, 0) }, .vm_flag = "gu" },
  { "lazy_free", "16r", .smaps = { FACT (lazy_free, 8), FACT (rss, 16) } },
  { "cold", "16r", .smaps = { FACT (referenced, 4), FACT (rss, 16) } },
  { "locked", "16r", .smaps = { FACT (locked, 16) }, .vm_flag = "lo" },
  { "sealed", "6r 10-", .vm_flag = "sl" },
  { "thp", "1024H", "1024r", .smaps = { FACT (anon_huge, 1024), FACT (rss, 1024) } },
  { "thp_split", "16r 16- 480r", .smaps = { FACT (anon_huge, 0), FACT (rss, 496) } },
  { "thp_split_mprotect", "512r", .smaps = { FACT (anon_huge, 0), FACT (rss, 512) } },
  /* pagemap calls the huge zero page a file's, which in anonymous memory gives it away. */
  { "huge_zero", "512z", .smaps = { FACT (rss, 0), FACT (anon_huge, 0) } },
  { "hugetlb", "1024T 512-", .smaps = { FACT (private_hugetlb, 1024), FACT (rss, 0) }, "ht",
    KIND (HUGETLB) },
  { "hugetlb_untouched", "512-", .smaps = { FACT (private_hugetlb, 0), FACT (rss, 0) }, "ht",
    KIND (HUGETLB) },
  { "hugetlb_memfd", "512T 512-", .smaps = { FACT (rss, 0) }, "ht", KIND (HUGETLB) },
  { "tmpfs_huge", "512H", "512f", .smaps = { FACT (shmem_pmd, 512), FACT (rss, 512) } },
  { "memfd", "12f 20-", .smaps = { FACT (rss, 12) }, .kind = KIND (SHM_MEMFD) },
  { "shm_cached", "32-", .smaps = { FACT (rss, 0) }, .kind = KIND (SHM_MEMFD) },
  { "shm_anon", "10f 22-", .smaps = { FACT (rss, 10) }, .kind = KIND (SHM_ANON) },
  { "shm_sysv", "6f 26-", .smaps = { FACT (rss, 6) }, .kind = KIND (SHM_SYSV) },
  { "shm_posix", "7f 25-", .smaps = { FACT (rss, 7) }, .kind = KIND (SHM_POSIX) },
  { "file_private", "4f 5r 23f 32-", .smaps = { FACT (rss, 32), FACT (anonymous, 5) },
    .kind = KIND (FILE) },
  { "file_shared", "20f 44-", .smaps = { FACT (rss, 20) }, .kind = KIND (FILE) },
  { "perf_ring", "9k", .smaps = { FACT (rss, 0), FACT (pss, 0) }, .vm_flag = "pf",
    .kind = KIND (DEVICE) },
  { "vvar", "*k", .smaps = { FACT (rss, 0), FACT (pss, 0) }, .vm_flag = "pf", .kind = KIND (VDSO) },
  { "vdso", "*f", .kind = KIND (VDSO) },
  { "vsyscall", "1k", .smaps = { FACT (rss, 0) }, .kind = KIND (VDSO) },
  { NULL },
};

static const Row mthp_rows[] = {
  { "mthp", "64r 64-", .smaps = { FACT (anon_huge, 0), FACT (rss, 64) } },
  { NULL },
};

static const Row ksm_rows[] = {
  { "ksm", "32r", .smaps = { FACT (ksm, 32), FACT (pss, 1), FACT (rss, 32) }, .vm_flag = "mg" },
  { "ksm_zero", "24z 8-", "24r 8-", .smaps = { FACT (rss, 0), FACT (pss, 0) } },
  { NULL },
};

static const Row swap_rows[] = {
  { "swapped", "16s 48r", .smaps = { FACT (swap, 16), FACT (swap_pss, 16), FACT (rss, 48) } },
  { "swapped_thp", "512s", .smaps = { FACT (swap, 512), FACT (rss, 0), FACT (anon_huge, 0) } },
  { "swap_cache", "24r 8s", .smaps = { FACT (swap, 8), FACT (rss, 24) } },
  { "swapped_shm", "16- 48f", .hidden_swap = 16, .smaps = { FACT (swap, 16), FACT (rss, 48) } },
  { "swapped_memfd", "16- 48f", .hidden_swap = 16, .smaps = { FACT (swap, 16) } },
  { "swapped_tmpfs", "16- 48f", .hidden_swap = 16, .smaps = { FACT (swap, 16) } },
  { "swapped_memfd_private", "16s 48r", .smaps = { FACT (swap, 16), FACT (rss, 48) } },
  { NULL },
};

/* As they are after the change; a snapshot before it was taken. */
static const Row changed_rows[] = {
  { "dense_change", "512r 16- 16z 8g 472r 512H 512z 952r 100- 995r 1-",
    "512r 16- 16r 8g 984r 512z 952r 100- 995r 1-", .smaps = { FACT (anon_huge, 512) } },
  { "memfd_change", "100f 100- 1848f", .smaps = { FACT (rss, 1948) } },
  { NULL },
};

static const Row changed_swap_rows[] = {
  { "swap_change", "16s 1008r", .smaps = { FACT (swap, 16) } },
  { NULL },
};

/* What all snapshots of a group lack, as snapshot_dup_unknowns() has it. */
#define NOTHING ""
#define PAGEMAP "not read: huge pages; not read: zero pages"
#define SWAPPED "not read: swapped shared memory"

static char *prepare_still (void);
static char *prepare_mthp (void);
static char *prepare_ksm (void);

/* One zoo. */
typedef struct
{
  const char *name;
  const Row *rows;
  char *(*prepare) (void); /* sets the machine up: NULL, or why it can't be had */
  const char *unknowns[N_WAYS];
  gboolean change; /* between the first and the second snapshot */
} Group;

static const Group groups[] = {
  { "still", still_rows, prepare_still, { NOTHING, NOTHING, PAGEMAP, NOTHING } },
  { "mthp", mthp_rows, prepare_mthp, { NOTHING, NOTHING, PAGEMAP, NOTHING } },
  { "ksm", ksm_rows, prepare_ksm, { NOTHING, NOTHING, PAGEMAP, NOTHING } },
  { "swap", swap_rows, machine_swap_on, { SWAPPED, SWAPPED, PAGEMAP "; " SWAPPED, NOTHING } },
  { "changed", changed_rows, NULL, { NOTHING, NOTHING, PAGEMAP, NOTHING }, TRUE },
  { "changed-swap",
    changed_swap_rows,
    machine_swap_on,
    { NOTHING, NOTHING, PAGEMAP, NOTHING },
    TRUE },
};

/* The group that is on show. */
static struct
{
  const Group *group;
  char *skip;
  Zoo *zoo;
  PscProbe *probe;
  PscTarget *target;
  PscSpace *spaces[N_WAYS];
  PscTarget *child_target;
  PscSpace *child_spaces[N_WAYS];
} show;

static char *
set_all (const char *const pairs[][2], guint n)
{
  for (guint i = 0; i < n; i++)
    {
      char *why = machine_set (pairs[i][0], pairs[i][1]);

      if (why != NULL)
        return why;
    }
  return NULL;
}

/* What can't be set here makes single exhibits impossible, and they say so. */
static char *
prepare_still (void)
{
  g_autofree char *pool = machine_add_huge_pages (16);
  g_autofree char *thp = machine_get (MACHINE_THP);
  g_autofree char *none = NULL;

  if (g_strcmp0 (thp, "never") == 0)
    none = machine_set (MACHINE_THP, "madvise");
  if (pool != NULL || none != NULL)
    g_test_message ("%s", pool != NULL ? pool : none);
  return NULL;
}

static char *
prepare_mthp (void)
{
  static const char *const pairs[][2] = { { MACHINE_THP_2M, "never" },
                                          { MACHINE_THP_64K, "madvise" } };

  return set_all (pairs, G_N_ELEMENTS (pairs));
}

static char *
prepare_ksm (void)
{
  static const char *const pairs[][2] = { { MACHINE_KSM_ZERO, "1" },
                                          { MACHINE_KSM_PAGES, "10000" },
                                          { MACHINE_KSM_SLEEP, "5" },
                                          { MACHINE_KSM_RUN, "1" } };

  return set_all (pairs, G_N_ELEMENTS (pairs));
}

static void
close_show (void)
{
  for (guint i = 0; i < N_WAYS; i++)
    {
      g_clear_pointer (&show.spaces[i], psc_space_unref);
      g_clear_pointer (&show.child_spaces[i], psc_space_unref);
    }
  g_clear_pointer (&show.target, psc_target_free);
  g_clear_pointer (&show.child_target, psc_target_free);
  g_clear_pointer (&show.probe, psc_probe_unref);
  g_clear_pointer (&show.zoo, zoo_free);
  g_clear_pointer (&show.skip, g_free);
  show.group = NULL;
  machine_restore ();
}

static Zoo *
new_zoo (const Group *group)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (const Row *row = group->rows; row->name != NULL; row++)
    if (!g_str_equal (row->name, "forked_child"))
      g_ptr_array_add (names, (gpointer) row->name);
  g_ptr_array_add (names, NULL);
  return zoo_new ((const char *const *) names->pdata);
}

static void
capture_all (PscTarget *target, PscSpace *spaces[N_WAYS], gboolean change)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;

  spaces[WAY_SCAN] = snapshot (target, NULL);
  if (change)
    zoo_order (show.zoo, "change");
  spaces[WAY_AGAIN] = snapshot (target, NULL);
  options.force_pagemap = TRUE;
  spaces[WAY_PAGEMAP] = snapshot (target, &options);
  options.force_pagemap = FALSE;
  options.smaps = PSC_SMAPS_ALWAYS;
  spaces[WAY_SMAPS] = snapshot (target, &options);
}

static void
open_show (const Group *group)
{
  const Exhibit *child;

  if (show.group == group)
    return;
  close_show ();
  show.group = group;
  if (group->prepare != NULL)
    show.skip = group->prepare ();
  if (show.skip != NULL)
    return;
  show.zoo = new_zoo (group);
  show.probe = snapshot_probe (NULL);
  show.target = snapshot_target (show.probe, show.zoo->pid);
  capture_all (show.target, show.spaces, group->change);
  if (show.spaces[WAY_SCAN]->source != PSC_SOURCE_SCAN)
    show.skip = g_strdup ("this kernel has no PAGEMAP_SCAN (Linux 6.7)");
  child = zoo_get (show.zoo, "forked_child", 0);
  if (child == NULL || child->pid == 0)
    return;
  show.child_target = snapshot_target (show.probe, child->pid);
  capture_all (show.child_target, show.child_spaces, FALSE);
}

static char
letter_of (PscPageClass klass)
{
  static const char letters[] = {
    [PSC_CLASS_ABSENT] = '-',        [PSC_CLASS_RESIDENT] = 'r', [PSC_CLASS_HUGE] = 'H',
    [PSC_CLASS_RESIDENT_FILE] = 'f', [PSC_CLASS_HUGETLB] = 'T',  [PSC_CLASS_ZERO] = 'z',
    [PSC_CLASS_SWAPPED] = 's',       [PSC_CLASS_GUARD] = 'g',    [PSC_CLASS_SPECIAL] = 'k',
    [PSC_CLASS_UNKNOWN] = '?'
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (letters) == PSC_N_CLASSES);
  return letters[klass];
}

/* The pages of the exhibit as the table writes them. */
static char *
describe (const PscSpace *space, const Exhibit *exhibit)
{
  GString *text = g_string_new (NULL);
  char letter, last = '\0';
  guint n = 0;

  for (guint64 address = exhibit->start; address <= exhibit->end; address += space->page_size)
    {
      const PscMapping *mapping = psc_space_lookup (space, address);

      letter = mapping == NULL ? ' ' : letter_of (psc_space_page_class (space, mapping, address));
      if (n > 0 && (letter != last || address == exhibit->end))
        {
          g_string_append_printf (text, "%s%u%c", text->len > 0 ? " " : "", n, last);
          n = 0;
        }
      last = letter;
      n++;
    }
  return g_string_free (text, FALSE);
}

/* "*?" becomes as many as the exhibit has. */
static char *
expand (const char *pattern, const PscSpace *space, const Exhibit *exhibit)
{
  if (pattern[0] != '*')
    return g_strdup (pattern);
  return g_strdup_printf ("%u%s", (guint) ((exhibit->end - exhibit->start) / space->page_size),
                          pattern + 1);
}

static guint64
count_letters (const char *pattern, const char *letters, gsize page_size)
{
  guint64 n = 0;

  while (*pattern != '\0')
    {
      char *end;
      guint64 pages = g_ascii_strtoull (pattern, &end, 10);

      n += strchr (letters, *end) != NULL ? pages : 0;
      pattern = end + 1;
      while (*pattern == ' ')
        pattern++;
    }
  return n * page_size;
}

/* Sums over the mappings of the exhibit, which begin and end where it does. */
static PscTotals
sum_mappings (const PscSpace *space, const Exhibit *exhibit)
{
  PscTotals sums = { 0 };
  guint at = psc_space_lower_bound (space, exhibit->start);

  g_assert_cmphex (space->mappings[at].start, ==, exhibit->start);
  for (; at < space->n_mappings && space->mappings[at].start < exhibit->end; at++)
    {
      const PscMapping *mapping = &space->mappings[at];

      sums.size += mapping->end - mapping->start;
      sums.resident += mapping->resident;
      sums.swapped += mapping->swapped;
      sums.zero += mapping->zero;
      sums.huge += mapping->huge;
      sums.hugetlb += mapping->hugetlb;
    }
  g_assert_cmpuint (sums.size, ==, exhibit->end - exhibit->start);
  return sums;
}

static void
check_sums (const PscSpace *space, const Exhibit *exhibit, const Row *row, const char *pattern)
{
  const PscTotals sums = sum_mappings (space, exhibit);
  const gsize page_size = space->page_size;
  guint64 hidden = space->smaps != NULL ? row->hidden_swap * page_size : 0;

  g_assert_cmpuint (sums.resident, ==, count_letters (pattern, "rfH", page_size));
  g_assert_cmpuint (sums.swapped, ==, count_letters (pattern, "s", page_size) + hidden);
  g_assert_cmpuint (sums.zero, ==, count_letters (pattern, "z", page_size));
  g_assert_cmpuint (sums.huge, ==, count_letters (pattern, "H", page_size));
  g_assert_cmpuint (sums.hugetlb, ==, count_letters (pattern, "T", page_size));
}

static void
check_smaps (const PscSpace *space, const Exhibit *exhibit, const Row *row)
{
  guint first = psc_space_lower_bound (space, exhibit->start);

  for (guint i = 0; i < MAX_FACTS && row->smaps[i].offset != 0; i++)
    {
      guint64 sum = 0;

      for (guint at = first; at < space->n_mappings && space->mappings[at].start < exhibit->end;
           at++)
        sum += G_STRUCT_MEMBER (guint64, &space->smaps[at], row->smaps[i].offset - 1);
      g_assert_cmpuint (sum / space->page_size, ==, row->smaps[i].n_pages);
    }
  if (row->vm_flag != NULL)
    g_assert_nonnull (strstr (space->smaps[first].vm_flags, row->vm_flag));
}

typedef struct
{
  const Group *group;
  const Row *row; /* NULL: the whole process */
  Way way;
} Case;

/* FALSE when the case is skipped. */
static gboolean
begin (const Case *one)
{
  open_show (one->group);
  if (show.skip != NULL)
    g_test_skip (show.skip);
  return show.skip == NULL;
}

static void
test_row (gconstpointer data)
{
  const Case *one = data;
  const Row *row = one->row;
  const Exhibit *exhibit;
  const PscSpace *space;
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;

  if (!begin (one))
    return;
  exhibit = zoo_get (show.zoo, row->name, 0);
  if (exhibit == NULL || exhibit->skip != NULL)
    {
      g_test_skip (exhibit != NULL ? exhibit->skip : "it was not made");
      return;
    }
  space = exhibit->pid == show.zoo->pid ? show.spaces[one->way] : show.child_spaces[one->way];
  expected = expand (one->way == WAY_PAGEMAP && row->pagemap != NULL ? row->pagemap : row->scan,
                     space, exhibit);
  found = describe (space, exhibit);
  g_assert_cmpstr (found, ==, expected);
  check_sums (space, exhibit, row, expected);
  if (one->way == WAY_SMAPS)
    check_smaps (space, exhibit, row);
  if (row->kind > 0)
    g_assert_cmpstr (psc_kind_id (psc_space_lookup (space, exhibit->start)->kind), ==,
                     psc_kind_id (row->kind - 1));
}

static guint
count_complements (const PscSpace *space, const PscSpace *last)
{
  g_autoptr (GArray) steps = psc_scan_plan_new (space->mappings, space->n_mappings, last);
  guint n = 0;

  for (guint i = 0; i < steps->len; i++)
    n += g_array_index (steps, PscScanStep, i).predicate == PSC_SCAN_COMPLEMENT;
  return n;
}

/* All of the process against smaps, and what the snapshot says that it lacks. */
static void
test_whole (gconstpointer data)
{
  const Case *one = data;
  const PscSpace *space;
  g_autofree char *unknowns = NULL;

  if (!begin (one))
    return;
  space = show.spaces[one->way];
  g_assert_cmpint (space->source, ==,
                   one->way == WAY_PAGEMAP ? PSC_SOURCE_PAGEMAP : PSC_SOURCE_SCAN);
  unknowns = snapshot_dup_unknowns (space);
  g_assert_cmpstr (unknowns, ==, one->group->unknowns[one->way]);
  for (guint i = 0; i < space->n_unknowns; i++)
    {
      g_assert_cmpstr (space->unknowns[i].why, !=, "");
      /* Nothing mends what the kernel keeps no account of. */
      if (!g_str_equal (space->unknowns[i].what, "pages of devices"))
        g_assert_cmpstr (space->unknowns[i].remedy, !=, "");
    }
  snapshot_check_smaps (space);
  if (one->way == WAY_AGAIN && one->group->change)
    g_assert_cmpuint (count_complements (space, show.spaces[WAY_SCAN]), >, 0);
}

static void
add_case (const Group *group, const Row *row, Way way)
{
  g_autofree char *path = g_strdup_printf ("/live/truth/%s/%s/%s", group->name,
                                           row != NULL ? row->name : "whole", way_names[way]);
  Case *one = g_new (Case, 1);

  *one = (Case){ group, row, way };
  g_test_add_data_func_full (path, one, row != NULL ? test_row : test_whole, g_free);
}

static int
run_tests (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  if (sysconf (_SC_PAGESIZE) != 4096)
    {
      g_print ("1..0 # SKIP the tables are of pages of 4 KiB\n");
      return 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    for (Way way = groups[i].change ? WAY_AGAIN : WAY_SCAN; way < N_WAYS; way++)
      {
        for (const Row *row = groups[i].rows; row->name != NULL; row++)
          add_case (&groups[i], row, way);
        /* The process was another when the first snapshot was taken. */
        add_case (&groups[i], NULL, way);
      }
  status = g_test_run ();
  close_show ();
  return status;
}

int
main (int argc, char **argv)
{
  return machine_run (argc, argv, run_tests);
}
