/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-owner.h"

#include <string.h>

#include "psc-super-page.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define GIB (G_GUINT64_CONSTANT (1) << 30)
#define TIB (G_GUINT64_CONSTANT (1) << 40)

/* glibc's HEAP_MAX_SIZE on 64-bit machines: arenas but the first lie in heaps of this size and
 * alignment (malloc/arena.c). */
#define GLIBC_HEAP (64 * MIB)

/* AddressSanitizer's shadow on x86-64: low shadow, gap, high shadow (asan_mapping.h). */
#define ASAN_LOW  G_GUINT64_CONSTANT (0x7fff7000)
#define ASAN_HIGH G_GUINT64_CONSTANT (0x10007fff8000)

/* Chunks of V8's heap, and below where they are mapped (kPageSizeBits, GetRandomMmapAddr). */
#define V8_CHUNK (MIB / 4)
#define V8_HIGH  (64 * TIB)

typedef struct
{
  PscSpaceBuilder *builder;
  const PscMapping *mappings;
  guint n_mappings;
  const PscThread *threads;
  guint n_threads;
  const char *command;
  GArray *owners;
} Finder;

static void
claim (Finder *finder, PscOwnerType type, guint64 start, guint64 end, gint tid, const char *label,
       const char *why)
{
  PscOwner owner = { start, end, type, tid, NULL, NULL };

  owner.label = psc_space_builder_intern (finder->builder, label, -1);
  owner.why = psc_space_builder_intern (finder->builder, why, -1);
  g_array_append_val (finder->owners, owner);
}

/* Index of the mapping that contains the address, n_mappings when there is none. */
static guint
find_mapping (const Finder *finder, guint64 address)
{
  guint low = 0;
  guint high = finder->n_mappings;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (finder->mappings[middle].end <= address)
        low = middle + 1;
      else
        high = middle;
    }
  return low < finder->n_mappings && finder->mappings[low].start <= address ? low :
                                                                              finder->n_mappings;
}

/* Whether a file whose name contains the text is mapped as a program image. */
static gboolean
has_image (const Finder *finder, const char *text)
{
  for (guint i = 0; i < finder->n_mappings; i++)
    {
      const char *slash = strrchr (finder->mappings[i].name, '/');

      if (finder->mappings[i].kind == PSC_KIND_TEXT && slash != NULL &&
          strstr (slash, text) != NULL)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_anonymous (const PscMapping *mapping)
{
  return *mapping->name == '\0' && !(mapping->perms & PSC_PERM_SHARED) &&
         (mapping->kind == PSC_KIND_ANON || mapping->kind == PSC_KIND_RESERVED ||
          mapping->kind == PSC_KIND_JIT || mapping->kind == PSC_KIND_GUARD);
}

/* A run of anonymous mappings without a gap: mappings [first, last). */
typedef struct
{
  guint first, last;
  guint64 start, end;
} Stretch;

/* The stretch that begins at or behind mapping i; FALSE when there is none. */
static gboolean
next_stretch (const Finder *finder, guint i, Stretch *stretch)
{
  while (i < finder->n_mappings && !is_anonymous (&finder->mappings[i]))
    i++;
  if (i == finder->n_mappings)
    return FALSE;
  *stretch = (Stretch){ i, i, finder->mappings[i].start, finder->mappings[i].start };
  for (; i < finder->n_mappings && is_anonymous (&finder->mappings[i]) &&
         finder->mappings[i].start == stretch->end;
       i++)
    stretch->end = finder->mappings[i].end;
  stretch->last = i;
  return TRUE;
}

static guint64
align_up (guint64 address, guint64 size)
{
  return (address + size - 1) / size * size;
}

/* --- threads --- */

/* The part of a mapping between guard pages that the address lies in: kernels merge the stacks of
 * threads that glibc fences with guard pages into one mapping. */
static void
find_stack (const Finder *finder, const PscMapping *mapping, guint64 address, guint64 *start,
            guint64 *end)
{
  const PscSpace *space = psc_space_builder_get_space (finder->builder);

  *start = mapping->start;
  *end = mapping->end;
  for (guint i = 0; i < mapping->n_runs; i++)
    {
      const PscRun *run = &space->runs[mapping->first_run + i];

      if (!(run->state & PSC_PAGE_GUARD))
        continue;
      if (psc_run_end (run, space->page_size) <= address)
        *start = psc_run_end (run, space->page_size);
      else
        {
          *end = MIN (*end, run->start);
          return;
        }
    }
}

static void
find_threads (Finder *finder)
{
  for (guint i = 0; i < finder->n_threads; i++)
    {
      const PscThread *thread = &finder->threads[i];
      guint at = thread->stack_pointer != 0 ? find_mapping (finder, thread->stack_pointer) :
                                              finder->n_mappings;
      g_autofree char *label = NULL;
      guint64 start, end;

      if (at == finder->n_mappings || finder->mappings[at].kind != PSC_KIND_THREAD_STACK)
        continue;
      find_stack (finder, &finder->mappings[at], thread->stack_pointer, &start, &end);
      label = g_strdup_printf ("Stack of %s (%d)", thread->name, thread->tid);
      claim (finder, PSC_OWNER_THREAD, start, end, thread->tid, label,
             "the thread's stack pointer lies in it");
    }
}

/* --- glibc --- */

/* Heaps of arenas: readable and writable from a border of 64 MiB on. Full ones side by side, and
 * the last one above them, are one mapping. */
static gboolean
is_heap (const PscMapping *mapping)
{
  return mapping->kind == PSC_KIND_ANON && *mapping->name == '\0' &&
         mapping->start % GLIBC_HEAP == 0 && mapping->perms == (PSC_PERM_READ | PSC_PERM_WRITE);
}

/* Whether what is left of the last one, little as it may be, is held without access. */
static gboolean
is_held_to_border (const Finder *finder, const PscMapping *mapping)
{
  const PscMapping *rest = mapping + 1;

  return rest < finder->mappings + finder->n_mappings && rest->start == mapping->end &&
         (rest->kind == PSC_KIND_RESERVED || rest->kind == PSC_KIND_GUARD) &&
         rest->end >= align_up (mapping->end, GLIBC_HEAP);
}

/* With what came to lie behind it, it is one mapping, too. */
static gboolean
is_full (const PscMapping *mapping)
{
  return mapping->end - mapping->start >= GLIBC_HEAP;
}

static guint64
end_of_heaps (const Finder *finder, const PscMapping *mapping)
{
  return is_held_to_border (finder, mapping) ? align_up (mapping->end, GLIBC_HEAP) : mapping->end;
}

/* For a moment all that there are may be full: then threads beside the first one, which has no
 * arena, are sign enough. */
static gboolean
has_arenas (const Finder *finder)
{
  if (finder->n_threads > 0 && has_image (finder, "/libc.so"))
    return TRUE;
  for (guint i = 0; i < finder->n_mappings; i++)
    if (is_heap (&finder->mappings[i]) && is_held_to_border (finder, &finder->mappings[i]))
      return TRUE;
  return FALSE;
}

static void
find_arenas (Finder *finder)
{
  gboolean any = has_arenas (finder);

  for (guint i = 0; any && i < finder->n_mappings; i++)
    {
      const PscMapping *mapping = &finder->mappings[i];

      if (!is_heap (mapping) || (!is_full (mapping) && !is_held_to_border (finder, mapping)))
        continue;
      claim (finder, PSC_OWNER_ARENA, mapping->start, end_of_heaps (finder, mapping), 0,
             "malloc arena (glibc)",
             is_full (mapping) ?
                 "fills 64 MiB from a border of 64 MiB on, in a program with arenas of glibc" :
                 "begins on a border of 64 MiB and is held without access up to the next, as glibc "
                 "does for every arena but the first");
    }
}

/* --- runtimes --- */

/* The part of a stretch that holds code: from its first executable mapping to the end of what is
 * held in reserve behind the last one. */
static void
code_extent (const Finder *finder, const Stretch *stretch, guint64 *start, guint64 *end)
{
  *start = *end = 0;
  for (guint i = stretch->first; i < stretch->last; i++)
    {
      const PscMapping *mapping = &finder->mappings[i];

      if (mapping->kind == PSC_KIND_JIT && *start == 0)
        *start = mapping->start;
      if (mapping->kind == PSC_KIND_JIT)
        *end = mapping->end;
      else if (mapping->kind == PSC_KIND_RESERVED && *end == mapping->start)
        *end = mapping->end;
    }
}

/* From the beginning of a stretch to the end of the first part that is held in reserve. */
static guint64
reserve_end (const Finder *finder, const Stretch *stretch)
{
  for (guint i = stretch->first; i < stretch->last; i++)
    if (finder->mappings[i].kind == PSC_KIND_RESERVED)
      return finder->mappings[i].end;
  return stretch->end;
}

static void
recognise_fixed (Finder *finder, const Stretch *stretch)
{
  guint64 size = stretch->end - stretch->start;

  if (stretch->start == G_GUINT64_CONSTANT (0xc000000000) && size % (4 * MIB) == 0)
    claim (finder, PSC_OWNER_RUNTIME, stretch->start, stretch->end, 0, "Go heap arena",
           "begins at 0xc000000000, where Go asks for its heap");
  else if (stretch->start == G_GUINT64_CONSTANT (0x4200000000) && size >= TIB / 2)
    claim (finder, PSC_OWNER_RUNTIME, stretch->start, stretch->end, 0, "GHC heap",
           "a reservation of about 1 TiB at 0x4200000000, where Haskell's runtime asks for it");
  else if (stretch->start == G_GUINT64_CONSTANT (0x1000000000) &&
           strcmp (finder->command, "sbcl") == 0)
    claim (finder, PSC_OWNER_RUNTIME, stretch->start, stretch->end, 0, "SBCL dynamic space",
           "begins at 0x1000000000, where SBCL keeps its heap");
}

static void
find_fixed (Finder *finder)
{
  Stretch stretch = { 0 };

  while (next_stretch (finder, stretch.last, &stretch))
    recognise_fixed (finder, &stretch);
}

/* The shadow is mapped in pieces of any kind between its two ends. */
static void
find_asan (Finder *finder)
{
  guint at = find_mapping (finder, ASAN_LOW);
  guint64 end = 0;

  if (at == finder->n_mappings || finder->mappings[at].start != ASAN_LOW)
    return;
  for (; at < finder->n_mappings && finder->mappings[at].end <= ASAN_HIGH; at++)
    end = finder->mappings[at].end;
  if (end == ASAN_HIGH)
    claim (finder, PSC_OWNER_RUNTIME, ASAN_LOW, end, 0, "AddressSanitizer shadow",
           "lies at 0x7fff7000-0x10007fff8000, one byte for every eight of the program");
}

/* Whether [start, end) is anonymous and mapped throughout. */
static gboolean
is_held (const Finder *finder, guint64 start, guint64 end)
{
  guint i = find_mapping (finder, start);

  for (; i < finder->n_mappings && start < end; i++)
    {
      if (finder->mappings[i].start > start || !is_anonymous (&finder->mappings[i]))
        return FALSE;
      start = finder->mappings[i].end;
    }
  return start >= end;
}

/* Without a cage, chunks lie anywhere in the lower 46 bits, where nothing else comes to lie on
 * x86-64 and arm64; in Chromium PartitionAlloc does, but there V8 has a cage. */
static gboolean
is_v8_chunk (const Stretch *stretch)
{
  return stretch->start >= 4 * GIB && stretch->start < V8_HIGH && stretch->start % V8_CHUNK == 0;
}

static void
recognise_v8 (Finder *finder, const Stretch *stretch, gboolean is_node)
{
  guint64 size = stretch->end - stretch->start;
  guint64 cage = align_up (stretch->start, 4 * GIB);
  guint64 code_start, code_end;

  code_extent (finder, stretch, &code_start, &code_end);
  if (size >= TIB)
    claim (finder, PSC_OWNER_RUNTIME, stretch->start, stretch->end, 0, "V8 sandbox",
           "a reservation of 1 TiB or more in a program with V8");
  else if (is_held (finder, cage, cage + 4 * GIB))
    claim (finder, PSC_OWNER_RUNTIME, cage, cage + 4 * GIB, 0, "V8 pointer compression cage",
           "4 GiB on a border of 4 GiB, in a program with V8");
  else if (code_end - code_start >= 64 * MIB && code_end - code_start <= 513 * MIB)
    claim (finder, PSC_OWNER_RUNTIME, code_start, code_end, 0, "V8 code range",
           "a reservation of up to 512 MiB with executable memory in it, in a program with V8");
  else if (is_node && is_v8_chunk (stretch))
    claim (finder, PSC_OWNER_RUNTIME, stretch->start, stretch->end, 0, "V8 heap",
           "on a border of 256 KiB at an address below 64 TiB, in a program with V8");
}

static void
find_v8 (Finder *finder)
{
  static const char *const programs[] = { "/node",  "/libnode",  "/libv8",
                                          "/chrom", "/electron", "/libcef" };
  gboolean is_node = has_image (finder, programs[0]) || has_image (finder, programs[1]);
  Stretch stretch = { 0 };
  gboolean found = FALSE;

  for (guint i = 0; !found && i < G_N_ELEMENTS (programs); i++)
    found = has_image (finder, programs[i]);
  while (found && next_stretch (finder, stretch.last, &stretch))
    recognise_v8 (finder, &stretch, is_node);
}

static void
claim_partition (Finder *finder, guint64 start, guint64 end)
{
  claim (finder, PSC_OWNER_RUNTIME, start, end, 0, "PartitionAlloc",
         "on a border of 2 MiB, with a page of metadata between guards before the first slot");
}

/* Super pages side by side are one; what is too large for one begins in one and goes on. */
static void
find_partitions (Finder *finder)
{
  guint64 start = 0, end = 0;

  for (guint i = 0; i < finder->n_mappings; i++)
    {
      guint64 base = finder->mappings[i].start - finder->mappings[i].start % PSC_SUPER_PAGE_SIZE;

      if (!psc_super_page_starts (finder->mappings, finder->n_mappings, i))
        continue;
      if (base != end && end > start)
        claim_partition (finder, start, end);
      if (base != end)
        start = base;
      end = MAX (base + PSC_SUPER_PAGE_SIZE,
                 align_up (finder->mappings[i + 2].end, PSC_SUPER_PAGE_SIZE));
    }
  if (end > start)
    claim_partition (finder, start, end);
}

static gboolean
is_class_archive (const PscMapping *mapping)
{
  return g_str_has_suffix (mapping->name, ".jsa");
}

static void
recognise_jvm (Finder *finder, const Stretch *stretch)
{
  guint64 end = reserve_end (finder, stretch);
  const PscMapping *before = stretch->first > 0 ? &finder->mappings[stretch->first - 1] : NULL;
  guint64 code_start, code_end;

  code_extent (finder, stretch, &code_start, &code_end);
  if (code_end - code_start >= 2 * MIB)
    claim (finder, PSC_OWNER_RUNTIME, code_start, code_end, 0, "JVM code cache",
           "executable anonymous memory with its reservation, in a program with a JVM");
  else if (end - stretch->start >= 256 * MIB && before != NULL && is_class_archive (before) &&
           stretch->start - before->end <= 16 * MIB && stretch->start >= 32 * GIB)
    claim (finder, PSC_OWNER_RUNTIME, stretch->start, end, 0, "JVM class space",
           "a reservation of hundreds of MiB behind the class archive, in a program with a JVM");
}

/* The heap lies below 32 GiB, so that references fit into 32 bits, on a border of 1 MiB; the class
 * archive's objects may be mapped into it. */
static void
find_java_heap (Finder *finder)
{
  guint64 start = 0;
  guint64 end = 0;

  for (guint i = 0; i < finder->n_mappings && finder->mappings[i].end <= 32 * GIB; i++)
    {
      const PscMapping *mapping = &finder->mappings[i];
      gboolean fits = is_anonymous (mapping) || is_class_archive (mapping);

      if (fits && start != 0 && mapping->start == end)
        end = mapping->end;
      else if (fits && is_anonymous (mapping) && mapping->start % MIB == 0 &&
               mapping->end - mapping->start > end - start)
        {
          start = mapping->start;
          end = mapping->end;
        }
    }
  if (end - start >= 8 * MIB)
    claim (finder, PSC_OWNER_RUNTIME, start, end, 0, "Java heap",
           "the largest reservation below 32 GiB, where references fit into 32 bits, in a program "
           "with a JVM");
}

static void
find_jvm (Finder *finder)
{
  Stretch stretch = { 0 };

  if (!has_image (finder, "/libjvm.so"))
    return;
  find_java_heap (finder);
  while (next_stretch (finder, stretch.last, &stretch))
    recognise_jvm (finder, &stretch);
}

/* --- names that the program gave --- */

/* "[anon:NAME]", "[anon_shmem:NAME]": prctl(PR_SET_VMA_ANON_NAME). */
static void
find_named (Finder *finder)
{
  for (guint i = 0; i < finder->n_mappings; i++)
    {
      const PscMapping *mapping = &finder->mappings[i];
      const char *colon = strchr (mapping->name, ':');
      g_autofree char *label = NULL;

      if (colon == NULL || !(g_str_has_prefix (mapping->name, "[anon:") ||
                             g_str_has_prefix (mapping->name, "[anon_shmem:")))
        continue;
      label = g_strndup (colon + 1, strcspn (colon + 1, "]"));
      claim (finder, PSC_OWNER_NAMED, mapping->start, mapping->end, 0, label,
             "the program named it (PR_SET_VMA_ANON_NAME)");
    }
}

static int
compare_owners (gconstpointer a, gconstpointer b)
{
  const PscOwner *x = a;
  const PscOwner *y = b;

  if (x->start != y->start)
    return x->start < y->start ? -1 : 1;
  return (int) x->type - (int) y->type;
}

/* Where two claim the same memory the more particular one, by type, keeps it. */
static void
settle (GArray *owners)
{
  guint kept = 0;

  g_array_sort (owners, compare_owners);
  for (guint i = 0; i < owners->len; i++)
    {
      PscOwner *owner = &g_array_index (owners, PscOwner, i);
      PscOwner *last = kept > 0 ? &g_array_index (owners, PscOwner, kept - 1) : NULL;

      if (last != NULL && owner->start < last->end)
        {
          if (owner->type >= last->type)
            continue;
          kept--;
        }
      g_array_index (owners, PscOwner, kept++) = *owner;
    }
  g_array_set_size (owners, kept);
}

GArray *
psc_owners_find (PscSpaceBuilder *builder, const PscThread *threads, guint n_threads,
                 const char *command)
{
  Finder finder = {
    .builder = builder, .threads = threads, .n_threads = n_threads, .command = command
  };

  finder.owners = g_array_new (FALSE, FALSE, sizeof (PscOwner));
  finder.mappings = psc_space_builder_get_mappings (builder, &finder.n_mappings);
  find_threads (&finder);
  find_named (&finder);
  find_asan (&finder);
  find_jvm (&finder);
  find_v8 (&finder);
  find_partitions (&finder);
  find_fixed (&finder);
  find_arenas (&finder);
  settle (finder.owners);
  return finder.owners;
}
