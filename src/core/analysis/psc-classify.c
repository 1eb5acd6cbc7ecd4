/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-classify.h"

#include <string.h>

#include "psc-super-page.h"

/* Three passes over the mappings, each looking a few neighbours far:
 * 1. what a mapping tells by itself: its name, its permissions, its page size;
 * 2. program images: mappings of one file that lie together, one of them executable, and their bss;
 * 3. what only neighbours tell: stacks above guards, guards beside used memory. */

#define KIB G_GUINT64_CONSTANT (1024)
#define MIB (1024 * KIB)

#define ACCESS (PSC_PERM_READ | PSC_PERM_WRITE | PSC_PERM_EXEC)

/* A fence is small, what is larger is held for later use. */
#define MAX_GUARD (64 * KIB)
/* Java and others ask for stack guards larger than a page. */
#define MAX_STACK_GUARD MIB
/* What V8 opens and closes of its cage; stacks lie behind guards of pages. */
#define V8_CHUNK (256 * KIB)
/* PTHREAD_STACK_MIN. Allocators fence smaller things too (metadata of PartitionAlloc). */
#define MIN_STACK (16 * KIB)
/* HEAP_MAX_SIZE of glibc's malloc/arena.c: its arenas start at multiples of it. An arena may lie
 * directly above the unused rest of another, which looks like a guard. */
#define ARENA_SIZE (64 * MIB)
/* Any library may have that much. */
#define SMALL_BSS (64 * KIB)
/* Between two parts of an image may lie its bss and a padding. */
#define MAX_BETWEEN 2

typedef struct
{
  PscMapping *mappings;
  guint n_mappings;
  const PscRun *runs; /* may be NULL */
  gsize page_size;
  gboolean may_have_threads;
  guint64 start_brk; /* 0 or 1: not known */
} Classify;

static void
set_kind (PscMapping *mapping, PscKind kind, PscKindWhy why)
{
  mapping->kind = kind;
  mapping->why = why;
}

static guint64
size_of (const PscMapping *mapping)
{
  return mapping->end - mapping->start;
}

/* ---- Pass 1: by itself ---- */

/* Private memory without a file; pass 3 may know better. */
static void
classify_anonymous (PscMapping *mapping)
{
  if (mapping->perms & PSC_PERM_SHARED)
    set_kind (mapping, PSC_KIND_SHM_ANON, PSC_WHY_ANONYMOUS);
  else if (mapping->perms & PSC_PERM_EXEC)
    set_kind (mapping, PSC_KIND_JIT, PSC_WHY_ANON_EXEC);
  else if ((mapping->perms & ACCESS) == 0)
    set_kind (mapping, PSC_KIND_RESERVED, PSC_WHY_NO_ACCESS);
  else
    set_kind (mapping, PSC_KIND_ANON, PSC_WHY_ANONYMOUS);
}

/* Names that the kernel gives to what has no file. The first that a name starts with holds. */
static const struct
{
  const char *prefix;
  PscKind kind;
} special_names[] = {
  { "[heap]", PSC_KIND_HEAP },
  { "[stack]", PSC_KIND_STACK },
  { "[stack:", PSC_KIND_THREAD_STACK },              /* Linux 3.4 to 4.4 */
  { "[anon:stack_and_tls:", PSC_KIND_THREAD_STACK }, /* bionic */
  { "[anon:.bss]", PSC_KIND_BSS },
  { "[anon: .bss]", PSC_KIND_BSS },
  { "[anon_shmem:", PSC_KIND_SHM_ANON }, /* Linux 6.2 */
  { "[vdso", PSC_KIND_VDSO },
  { "[vvar", PSC_KIND_VDSO },
  { "[vsyscall]", PSC_KIND_VDSO },
  { "[vectors]", PSC_KIND_VDSO }, /* Arm */
  { "[sigpage]", PSC_KIND_VDSO }, /* Arm, C-SKY */
  { "[uprobes]", PSC_KIND_VDSO },
};

static void
classify_special (PscMapping *mapping)
{
  for (guint i = 0; i < G_N_ELEMENTS (special_names); i++)
    if (g_str_has_prefix (mapping->name, special_names[i].prefix))
      {
        set_kind (mapping, special_names[i].kind, PSC_WHY_NAME);
        return;
      }
  classify_anonymous (mapping);
}

/* Paths that are no files of a disk. The first that a path starts with holds. */
static const struct
{
  const char *prefix;
  PscKind kind;
} special_paths[] = {
  { "/dev/shm/", PSC_KIND_SHM_POSIX },    { "/dev/hugepages/", PSC_KIND_HUGETLB },
  { "/anon_hugepage", PSC_KIND_HUGETLB }, { "/memfd:", PSC_KIND_SHM_MEMFD },
  { "/secretmem", PSC_KIND_SHM_MEMFD }, /* memfd_secret(2) */
  { "/dev/", PSC_KIND_DEVICE },           { "/dmabuf:", PSC_KIND_DEVICE },
  { "/drm mm object", PSC_KIND_DEVICE },  { "/i915", PSC_KIND_DEVICE },
  { "/[aio]", PSC_KIND_DEVICE },          { "anon_inode:", PSC_KIND_DEVICE },
  { "/anon_inode:", PSC_KIND_DEVICE },    { "socket:", PSC_KIND_DEVICE },
};

/* "/SYSV" and the key in eight hexadecimal digits (ipc/shm.c, newseg()). */
static gboolean
is_sysv_name (const char *name)
{
  if (!g_str_has_prefix (name, "/SYSV") || strlen (name) != 13)
    return FALSE;
  for (const char *digit = name + 5; *digit != '\0'; digit++)
    if (!g_ascii_isxdigit (*digit))
      return FALSE;
  return TRUE;
}

static void
classify_path (PscMapping *mapping)
{
  /* Shared anonymous memory has this name; mapped privately it is anonymous memory in all but it.
   */
  if (g_str_equal (mapping->name, "/dev/zero"))
    {
      classify_anonymous (mapping);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (special_paths); i++)
    if (g_str_has_prefix (mapping->name, special_paths[i].prefix))
      {
        set_kind (mapping, special_paths[i].kind, PSC_WHY_PATH);
        return;
      }
  if (is_sysv_name (mapping->name))
    set_kind (mapping, PSC_KIND_SHM_SYSV, PSC_WHY_PATH);
  else
    set_kind (mapping, PSC_KIND_FILE, PSC_WHY_FILE);
}

static void
classify_alone (const Classify *classify, PscMapping *mapping)
{
  if (mapping->page_shift < 64 &&
      (G_GUINT64_CONSTANT (1) << mapping->page_shift) > classify->page_size)
    set_kind (mapping, PSC_KIND_HUGETLB, PSC_WHY_HUGETLB_PAGES);
  else if (*mapping->name == '\0')
    classify_anonymous (mapping);
  else if (*mapping->name == '[')
    classify_special (mapping);
  else
    classify_path (mapping);
}

/* ---- Pass 2: program images ---- */

/* Programs may run from a memfd or from /dev/shm; two shared mappings of a memfd, one of them
 * executable, are a JIT's. */
static gboolean
is_part (const PscMapping *mapping)
{
  switch (mapping->kind)
    {
    case PSC_KIND_FILE:
      return mapping->inode != 0 &&
             (!(mapping->perms & PSC_PERM_SHARED) || mapping->perms & PSC_PERM_EXEC);
    case PSC_KIND_SHM_MEMFD:
    case PSC_KIND_SHM_POSIX:
      return !(mapping->perms & PSC_PERM_SHARED);
    default:
      return FALSE;
    }
}

static gboolean
is_same_file (const PscMapping *a, const PscMapping *b)
{
  return a->inode == b->inode && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor;
}

static gboolean
is_unnamed_private (const PscMapping *mapping)
{
  return *mapping->name == '\0' && !(mapping->perms & PSC_PERM_SHARED) &&
         mapping->kind != PSC_KIND_HUGETLB;
}

/* Index of the last part of the image that starts at `first`. */
static guint
find_image_end (const Classify *classify, guint first, gboolean *has_code)
{
  const PscMapping *mappings = classify->mappings;
  guint last = first;

  *has_code = (mappings[first].perms & PSC_PERM_EXEC) != 0;
  for (guint i = first + 1; i < classify->n_mappings && i - last <= MAX_BETWEEN + 1; i++)
    if (is_part (&mappings[i]) && is_same_file (&mappings[first], &mappings[i]))
      {
        last = i;
        *has_code |= (mappings[i].perms & PSC_PERM_EXEC) != 0;
      }
    else if (!is_unnamed_private (&mappings[i]) || mappings[i].start != mappings[i - 1].end)
      break;
  return last;
}

static gboolean
has_run (const Classify *classify, const PscMapping *mapping, guint16 any_of, guint16 none_of)
{
  if (classify->runs == NULL)
    return FALSE;
  for (guint i = 0; i < mapping->n_runs; i++)
    {
      guint16 state = classify->runs[mapping->first_run + i].state;

      if (state & any_of && !(state & none_of))
        return TRUE;
    }
  return FALSE;
}

/* Whether it was written to although it is read-only now. */
static gboolean
has_own_pages (const Classify *classify, const PscMapping *mapping)
{
  return has_run (classify, mapping, PSC_PAGE_PRESENT | PSC_PAGE_SWAPPED,
                  PSC_PAGE_FILE | PSC_PAGE_ZERO | PSC_PAGE_GUARD | PSC_PAGE_UNKNOWN |
                      PSC_PAGE_SPECIAL);
}

/* The dynamic linker makes the head of the data segment read-only when it has relocated it: one
 * segment, cut in two by mprotect(), goes on in memory and in the file without a seam. */
static gboolean
goes_on_as_data (const Classify *classify, guint index)
{
  const PscMapping *mapping = &classify->mappings[index], *next = mapping + 1;

  return index + 1 < classify->n_mappings && is_part (next) && is_same_file (mapping, next) &&
         next->perms & PSC_PERM_WRITE && next->start == mapping->end &&
         next->offset == mapping->offset + size_of (mapping);
}

static void
classify_part (const Classify *classify, guint index, gboolean seen_code, gboolean knows_file_pages)
{
  PscMapping *mapping = &classify->mappings[index];

  if (mapping->perms & PSC_PERM_EXEC)
    set_kind (mapping, PSC_KIND_TEXT, PSC_WHY_IMAGE_CODE);
  else if ((mapping->perms & ACCESS) == 0)
    set_kind (mapping, PSC_KIND_RESERVED, PSC_WHY_IMAGE_PADDING);
  else if (mapping->perms & PSC_PERM_WRITE)
    set_kind (mapping, PSC_KIND_DATA, PSC_WHY_IMAGE_DATA);
  else if (seen_code && (goes_on_as_data (classify, index) ||
                         (knows_file_pages && has_own_pages (classify, mapping))))
    set_kind (mapping, PSC_KIND_RELRO, PSC_WHY_IMAGE_RELRO);
  else
    set_kind (mapping, PSC_KIND_RODATA, PSC_WHY_IMAGE_READ_ONLY);
}

/* Behind the program itself nothing else can lie. Behind a library lies what was mapped before it,
 * which is its bss only if it has one: what is large for the library is taken for something else,
 * for that can leak and a bss can't. An image whose data is all read-only after relocation has its
 * bss right behind that. */
static gboolean
is_bss (const PscMapping *mapping, guint64 max_size)
{
  const PscMapping *below = mapping - 1;

  if (!is_unnamed_private (mapping) || !(mapping->perms & PSC_PERM_WRITE) ||
      below->end != mapping->start || size_of (mapping) > max_size ||
      (below->kind != PSC_KIND_DATA && below->kind != PSC_KIND_RELRO))
    return FALSE;
  return !(mapping->perms & PSC_PERM_EXEC) || below->perms & PSC_PERM_EXEC;
}

static void
classify_image (const Classify *classify, guint first, guint last, gboolean is_program)
{
  PscMapping *mappings = classify->mappings;
  gboolean seen_code = FALSE, knows_file_pages = FALSE;
  guint64 size = 0;

  for (guint i = first; i <= last && !knows_file_pages; i++)
    knows_file_pages = has_run (classify, &mappings[i], PSC_PAGE_FILE, 0);
  for (guint i = first; i <= last; i++)
    if (is_part (&mappings[i]))
      {
        classify_part (classify, i, seen_code, knows_file_pages);
        seen_code |= mappings[i].kind == PSC_KIND_TEXT;
        size += size_of (&mappings[i]);
      }
    else if (is_bss (&mappings[i], G_MAXUINT64))
      set_kind (&mappings[i], PSC_KIND_BSS, PSC_WHY_IMAGE_BSS);
  if (last + 1 < classify->n_mappings &&
      is_bss (&mappings[last + 1], is_program ? G_MAXUINT64 : MAX (size / 4, SMALL_BSS)))
    set_kind (&mappings[last + 1], PSC_KIND_BSS, PSC_WHY_IMAGE_BSS);
}

/* The program lies below its brk heap with nothing between. Where that is not known: it is the
 * lowest image. */
static gboolean
is_program_image (const Classify *classify, guint last, guint n_images)
{
  if (classify->start_brk > 1)
    return classify->mappings[last].end <= classify->start_brk;
  return n_images == 0;
}

static void
classify_images (const Classify *classify)
{
  guint n_images = 0;

  for (guint i = 0; i < classify->n_mappings; i++)
    {
      gboolean has_code;
      guint last;

      if (!is_part (&classify->mappings[i]))
        continue;
      last = find_image_end (classify, i, &has_code);
      if (has_code)
        classify_image (classify, i, last, is_program_image (classify, last, n_images++));
      i = last;
    }
}

/* ---- Pass 3: by the neighbours ---- */

/* The mapping that ends where this one starts, or NULL. */
static PscMapping *
get_below (const Classify *classify, guint index)
{
  PscMapping *mapping = &classify->mappings[index];

  return index > 0 && mapping[-1].end == mapping->start ? mapping - 1 : NULL;
}

static PscMapping *
get_above (const Classify *classify, guint index)
{
  PscMapping *mapping = &classify->mappings[index];

  return index + 1 < classify->n_mappings && mapping[1].start == mapping->end ? mapping + 1 : NULL;
}

/* The top of a stack is never untouched: libc keeps the thread's record there. */
static gboolean
is_top_populated (const Classify *classify, const PscMapping *mapping)
{
  const PscRun *last;

  if (!(mapping->flags & PSC_MAPPING_PAGES_KNOWN) || classify->runs == NULL)
    return TRUE;
  if (mapping->n_runs == 0)
    return FALSE;
  last = &classify->runs[mapping->first_run + mapping->n_runs - 1];
  return last->state & (PSC_PAGE_PRESENT | PSC_PAGE_SWAPPED) && !(last->state & PSC_PAGE_GUARD) &&
         psc_run_end (last, classify->page_size) == mapping->end;
}

/* A full one, or one whose rest is held without access up to the next border. */
static gboolean
is_arena (const Classify *classify, const PscMapping *mapping)
{
  const PscMapping *above = mapping + 1;
  guint64 end = mapping->start + ARENA_SIZE;

  if (mapping->start % ARENA_SIZE != 0)
    return FALSE;
  if (mapping->end >= end)
    return TRUE;
  return above < classify->mappings + classify->n_mappings && above->start == mapping->end &&
         above->end >= end && (above->perms & ACCESS) == 0;
}

static gboolean
may_be_thread_stack (const Classify *classify, const PscMapping *mapping)
{
  if (!classify->may_have_threads || mapping->kind != PSC_KIND_ANON ||
      (mapping->perms & ACCESS) != (PSC_PERM_READ | PSC_PERM_WRITE))
    return FALSE;
  if (*mapping->name != '\0' && strstr (mapping->name, "stack") == NULL)
    return FALSE;
  return size_of (mapping) >= MIN_STACK && !is_arena (classify, mapping) &&
         is_top_populated (classify, mapping) &&
         !psc_super_page_contains (classify->mappings, classify->n_mappings,
                                   (guint) (mapping - classify->mappings));
}

static gboolean
is_above_guard (const PscMapping *mapping, const PscMapping *below)
{
  return below != NULL && (below->kind == PSC_KIND_RESERVED || below->kind == PSC_KIND_GUARD) &&
         below->why != PSC_WHY_IMAGE_PADDING &&
         (mapping->start | size_of (mapping) | size_of (below)) % V8_CHUNK != 0 &&
         size_of (below) <= MIN (MAX_STACK_GUARD, size_of (mapping));
}

static gboolean
starts_with_guard_pages (const Classify *classify, const PscMapping *mapping)
{
  const PscRun *first;

  if (classify->runs == NULL || mapping->n_runs == 0)
    return FALSE;
  first = &classify->runs[mapping->first_run];
  return first->state & PSC_PAGE_GUARD && first->start == mapping->start;
}

/* What has contents is no fence: its owner has only closed it for now. */
static gboolean
is_fence (const Classify *classify, guint index)
{
  const PscMapping *mapping = &classify->mappings[index];
  const PscMapping *below = get_below (classify, index), *above = get_above (classify, index);

  if (size_of (mapping) > MAX (MAX_GUARD, classify->page_size) ||
      has_run (classify, mapping, PSC_PAGE_PRESENT | PSC_PAGE_SWAPPED, PSC_PAGE_GUARD))
    return FALSE;
  return (below != NULL && below->perms & ACCESS) || (above != NULL && above->perms & ACCESS);
}

static void
classify_by_neighbours (const Classify *classify, guint index)
{
  PscMapping *mapping = &classify->mappings[index];
  PscMapping *below = get_below (classify, index);

  if (mapping->kind == PSC_KIND_RESERVED && mapping->why == PSC_WHY_NO_ACCESS)
    {
      if (is_fence (classify, index))
        set_kind (mapping, PSC_KIND_GUARD, PSC_WHY_SMALL_NO_ACCESS);
    }
  else if (may_be_thread_stack (classify, mapping))
    {
      if (is_above_guard (mapping, below))
        {
          set_kind (mapping, PSC_KIND_THREAD_STACK, PSC_WHY_ABOVE_GUARD);
          set_kind (below, PSC_KIND_GUARD, PSC_WHY_SMALL_NO_ACCESS);
        }
      else if (starts_with_guard_pages (classify, mapping))
        set_kind (mapping, PSC_KIND_THREAD_STACK, PSC_WHY_GUARD_PAGES);
    }
}

void
psc_classify (PscMapping *mappings, guint n_mappings, const PscRun *runs, gsize page_size,
              const PscClassifyFacts *facts)
{
  Classify classify = {
    .mappings = mappings,
    .n_mappings = n_mappings,
    .runs = runs,
    .page_size = page_size,
    .may_have_threads = facts == NULL || facts->n_threads != 1,
    .start_brk = facts == NULL ? 0 : facts->start_brk,
  };

  for (guint i = 0; i < n_mappings; i++)
    classify_alone (&classify, &mappings[i]);
  classify_images (&classify);
  for (guint i = 0; i < n_mappings; i++)
    classify_by_neighbours (&classify, i);
}
