/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscSpace: one address space at one moment. Sorted mappings, sorted page runs, totals, and what
 * could not be read and why.
 *
 * A space is built by one thread with a PscSpaceBuilder and then frozen; from then on everybody
 * only reads it, from any thread, without locks. Reference counted. Everything that is reached
 * through a space is owned by it and lives as long as it does.
 */

#include "psc-huge.h"
#include "psc-kind.h"
#include "psc-page.h"

G_BEGIN_DECLS

/* Addresses, [start, end). */
typedef struct
{
  guint64 start, end;
} PscRange;

/* Permission bits of PscMapping.perms. */
typedef enum
{
  PSC_PERM_READ = 1 << 0,
  PSC_PERM_WRITE = 1 << 1,
  PSC_PERM_EXEC = 1 << 2,
  PSC_PERM_SHARED = 1 << 3,
} PscPerms;

typedef enum
{
  PSC_MAPPING_DELETED = 1 << 0,     /* the kernel says that the file is gone from its directory */
  PSC_MAPPING_PAGES_KNOWN = 1 << 1, /* page states were read; without it nothing is "absent" */
  PSC_MAPPING_GROWS_DOWN = 1 << 2,  /* a stack that the kernel extends */
  PSC_MAPPING_MOVING = 1 << 3,      /* changed while it was read: its pages are not to be trusted */
} PscMappingFlags;

/* One line of maps. 128 bytes at most: a process may have a million. */
typedef struct
{
  guint64 start, end; /* bytes, [start, end) */
  guint64 offset;     /* in the file, bytes; 0 for anonymous memory */
  guint64 inode;      /* 0: no file */
  guint32 dev_major, dev_minor;
  const char *name; /* as the kernel gives it, octal escapes undone, " (deleted)" cut off; never
                       NULL, "" when it has none. Any bytes: escape before showing. */
  guint32 first_run, n_runs; /* in PscSpace.runs */
  guint64 resident;          /* bytes, as smaps Rss: without zero page and hugetlb */
  guint64 swapped;           /* bytes, as smaps Swap; for shared memory known only with smaps */
  guint64 zero;              /* bytes mapped to the zero page */
  guint64 huge;              /* bytes: AnonHugePages + ShmemPmdMapped + FilePmdMapped */
  guint64 hugetlb;           /* bytes: Private_Hugetlb + Shared_Hugetlb */
  guint8 perms;              /* PscPerms */
  guint8 flags;              /* PscMappingFlags */
  guint8 kind;               /* PscKind */
  guint8 why;                /* PscKindWhy */
  guint8 page_shift;         /* log2 of the page size of the mapping: 12, 21, 30 */
} PscMapping;

G_STATIC_ASSERT (sizeof (PscMapping) <= 128);

/* Sums over mappings, bytes. */
typedef struct
{
  guint64 n_mappings;
  guint64 size;
  guint64 classes[PSC_N_CLASSES]; /* bytes of pages in each class; they add up to size */
  guint64 resident;               /* as smaps Rss */
  guint64 swapped;
  guint64 zero;
  guint64 huge;
  guint64 hugetlb;
} PscTotals;

/* Why something is missing: four different things, never to be mixed up, and never a 0. */
typedef enum
{
  PSC_REASON_DENIED,      /* not allowed */
  PSC_REASON_UNSUPPORTED, /* this kernel has no way to tell */
  PSC_REASON_GONE,        /* the process ended or changed its program */
  PSC_REASON_TORN,        /* changed while it was read */
  PSC_REASON_NOT_READ,    /* can be had, at a price, on demand */
  PSC_REASON_FAILED,      /* an error that should not happen; `why` has errno's text */
} PscReason;

typedef struct
{
  PscReason reason;
  const char *what;   /* "page states", "swapped shared memory", … */
  const char *why;    /* one sentence */
  const char *remedy; /* the least that would mend it, or "" when nothing would */
} PscUnknown;

/* Facts that only smaps has; one per mapping, when smaps was read. Bytes. */
typedef struct
{
  guint64 rss, pss, pss_dirty;
  guint64 shared_clean, shared_dirty, private_clean, private_dirty;
  guint64 referenced, anonymous, ksm, lazy_free;
  guint64 anon_huge, shmem_pmd, file_pmd;
  guint64 shared_hugetlb, private_hugetlb;
  guint64 swap, swap_pss, locked;
  guint64 kernel_page_size, mmu_page_size;
  gint8 thp_eligible;   /* 0, 1; -1 when the kernel does not say */
  const char *vm_flags; /* "rd wr mr mw me ac", "" when absent */
} PscSmaps;

/* What tells who owns a stretch of address space; the earlier ones are the more particular. */
typedef enum
{
  PSC_OWNER_THREAD,  /* the stack of a thread */
  PSC_OWNER_NAMED,   /* named by the program (PR_SET_VMA_ANON_NAME) */
  PSC_OWNER_RUNTIME, /* heap, code or reservation of a language's runtime */
  PSC_OWNER_ARENA,   /* an allocator's arena */
  PSC_N_OWNER_TYPES
} PscOwnerType;

/* Who owns [start, end), which may be part of a mapping or many mappings. */
typedef struct
{
  guint64 start, end;
  PscOwnerType type;
  gint tid;          /* of a thread's stack, else 0 */
  const char *label; /* "Java heap", "Stack of worker (4711)"; valid UTF-8, untranslated */
  const char *why;   /* by what it was recognised, a sentence fragment, untranslated */
} PscOwner;

/* How page states were read. */
typedef enum
{
  PSC_SOURCE_NONE,    /* they were not */
  PSC_SOURCE_SCAN,    /* PAGEMAP_SCAN */
  PSC_SOURCE_PAGEMAP, /* reads of pagemap: can't tell huge pages, nor the zero page for certain */
} PscSource;

/* What making the snapshot cost, for the cost meter. */
typedef struct
{
  gint64 probe_usec;        /* time in the kernel's interfaces, without sleeps */
  gint64 wall_usec;         /* from the first request to the frozen snapshot */
  gint64 longest_hold_usec; /* longest single call that holds the target's mmap lock */
  guint64 bytes;            /* that came over the wire */
  gint64 core_usec;         /* CPU time of making a snapshot of what the probe sent */
  gint64 held_usec;         /* all calls that hold that lock together */
} PscCost;

#define PSC_FAULTS_UNKNOWN G_MAXUINT64

typedef struct _PscSpace PscSpace;

struct _PscSpace
{
  gatomicrefcount ref_count; /* private */

  gint pid;
  guint64 start_time;  /* of the process, clock ticks since boot: tells a reused PID apart */
  gint64 time_usec;    /* wall clock of the snapshot, microseconds since 1970 */
  const char *name;    /* comm, valid UTF-8, never NULL */
  const char *command; /* arguments with blanks between, valid UTF-8; "" for kernel threads */
  const char *host;    /* host name, never NULL */
  const char *kernel;  /* "Linux 6.18.44", never NULL */
  guint uid;
  guint n_threads;
  guint64 vm_pte; /* bytes of page tables, status VmPTE; 0 when unknown */
  /* Page faults since the process began; PSC_FAULTS_UNKNOWN when they were not read. Minor ones
   * found their page in memory, major ones had to wait for a disk. */
  guint64 minor_faults, major_faults;
  /* Where exec put code and stack: another program has others. 0 when not allowed. */
  guint64 start_code, start_stack;

  gsize page_size;  /* base page, bytes */
  guint64 row_size; /* reach of one last-level page table, bytes: page_size * (page_size / 8) */

  PscMapping *mappings; /* sorted by start, not overlapping */
  guint n_mappings;
  PscRun *runs; /* sorted by start */
  guint n_runs;
  PscSmaps *smaps; /* n_mappings of them in the same order, or NULL when smaps was not read */

  PscOwner *owners; /* sorted by start, not overlapping */
  guint n_owners;

  PscTotals totals;
  PscTotals kinds[PSC_N_KINDS];
  PscUnknown *unknowns;
  guint n_unknowns;
  PscSource source;
  PscHugeSettings huge_settings;
  PscHugeSums huge_sums; /* as psc_huge_slots_sum() has it; capture fills it in */
  PscCost cost;

  /* private: owns every string above; in a g_atomic_rc_box, shared with spaces made like this one
   */
  GStringChunk **strings;
  PscSpace *base; /* private: owns the arrays above instead of this one; NULL: this one does */
};

PscSpace *psc_space_ref (PscSpace *space);
/* NULL is allowed. */
void psc_space_unref (PscSpace *space);
/* A copy that shares all arrays and strings with the original: of another moment in which nothing
 * in memory was different. The caller sets what was (time, cost). O(1). */
PscSpace *psc_space_new_alike (PscSpace *space);

/* The mapping that contains the address, or NULL. O(log n). */
const PscMapping *psc_space_lookup (const PscSpace *space, guint64 address);
/* Index of the first mapping that ends above the address, or n_mappings. O(log n). */
guint psc_space_lower_bound (const PscSpace *space, guint64 address);
/* Index of the mapping's first run that ends above the address, or of what comes after its last
 * one. O(log n). */
guint psc_space_run_lower_bound (const PscSpace *space, const PscMapping *mapping, guint64 address);
/* The run that contains the address, or NULL: then the page is absent, unknown or not mapped. */
const PscRun *
psc_space_lookup_run (const PscSpace *space, const PscMapping *mapping, guint64 address);
/* Who owns the address, or NULL when nobody is known to. O(log n). */
const PscOwner *psc_space_lookup_owner (const PscSpace *space, guint64 address);
/* The class of the page at an address inside the mapping. */
PscPageClass
psc_space_page_class (const PscSpace *space, const PscMapping *mapping, guint64 address);
static inline guint
psc_space_mapping_index (const PscSpace *space, const PscMapping *mapping)
{
  return (guint) (mapping - space->mappings);
}

/* The last part of the path for people, or the kind's title when the mapping has no name; valid
 * UTF-8, control characters escaped. Free with g_free(). */
char *psc_mapping_dup_label (const PscMapping *mapping);
/* The same, but its owner's label when it belongs to one as a whole. Free with g_free(). */
char *psc_space_dup_label (const PscSpace *space, const PscMapping *mapping);
/* "rw-p" */
void psc_mapping_format_perms (const PscMapping *mapping, char perms[5]);

/*
 * The builder: one thread fills it, psc_space_builder_freeze() makes the space of it.
 * Order: identity fields through `space`; mappings in address order; runs in address order (each
 * inside one mapping; freeze cuts and merges what the kernel merged); then freeze.
 */
typedef struct _PscSpaceBuilder PscSpaceBuilder;

PscSpaceBuilder *psc_space_builder_new (gsize page_size);
/* Begins with the mappings that another space has, as maps tells them and with their page sizes,
 * for when maps still says the same. Shares that space's strings, so only one builder at a time,
 * and never while another thread builds like the same space. O(mappings), and no name is copied. */
PscSpaceBuilder *psc_space_builder_new_like (const PscSpace *space);
void psc_space_builder_free (PscSpaceBuilder *builder);
/* The space under construction, for its identity fields (not the arrays). Borrowed. */
PscSpace *psc_space_builder_get_space (PscSpaceBuilder *builder);
/* A copy that the space owns; equal strings are kept once. NULL gives "". */
const char *psc_space_builder_intern (PscSpaceBuilder *builder, const char *string, gssize length);
/* Appends a copy of a mapping. FALSE, and nothing added, when it is empty, not aligned to pages, or
 * does not lie above the last one. `name` must be interned or static; page_shift 0 means the base
 * page's. */
gboolean psc_space_builder_add_mapping (PscSpaceBuilder *builder, const PscMapping *mapping);
/* Room for mappings that are known; borrowed, valid until the next add. */
PscMapping *psc_space_builder_get_mappings (PscSpaceBuilder *builder, guint *n_mappings);
/* Appends pages [start, end) in one state. May cross mappings and holes: cut at mapping borders,
 * dropped where nothing is mapped, and when the state's class is absent. Must be aligned to pages
 * and not start below the end of the last one (else FALSE, nothing added). Neighbours in one state
 * are merged. Amortised O(1) plus mappings crossed. */
gboolean
psc_space_builder_add_run (PscSpaceBuilder *builder, guint64 start, guint64 end, guint16 state);
void psc_space_builder_add_unknown (PscSpaceBuilder *builder, PscReason reason, const char *what,
                                    const char *why, const char *remedy);
/* Room for one PscSmaps per mapping, zeroed; call after the last mapping. Owned by the builder. */
PscSmaps *psc_space_builder_add_smaps (PscSpaceBuilder *builder);
/* What analysis/psc-owner found; takes the array of PscOwner, sorted, not overlapping. */
void psc_space_builder_take_owners (PscSpaceBuilder *builder, GArray *owners);
/* Binds runs to their mappings, so that classification may look at them; present pages of mappings
 * with a page_shift above the base page's become PSC_PAGE_HUGETLB. Idempotent; also done by
 * freeze. After it no mapping may be added. */
void psc_space_builder_bind_runs (PscSpaceBuilder *builder);
/* Says of the mappings at these indices (ascending, each without runs) that their pages are
 * special: their sums are 0. Call it once, when runs are bound. O(runs + n). */
void
psc_space_builder_mark_special (PscSpaceBuilder *builder, const guint *indices, guint n_indices);
/* Sums totals, frees the builder. A mapping's `swapped` that was set before (from smaps) stays when
 * it is more than its runs say. O(mappings + runs). */
PscSpace *psc_space_builder_freeze (PscSpaceBuilder *builder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscSpace, psc_space_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscSpaceBuilder, psc_space_builder_free)

G_END_DECLS
