/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Segment kinds: the role of a mapping in its process. Every mapping has exactly one; there is no
 * "other". Which mapping gets which, and why, is decided in analysis/psc-classify.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PSC_KIND_TEXT,         /* code of a program or library: file, executable */
  PSC_KIND_RODATA,       /* its read-only data and headers */
  PSC_KIND_RELRO,        /* its data that is read-only after relocation */
  PSC_KIND_DATA,         /* its initialised data */
  PSC_KIND_BSS,          /* its zero-initialised data */
  PSC_KIND_HEAP,         /* the brk heap */
  PSC_KIND_STACK,        /* the stack of the first thread */
  PSC_KIND_THREAD_STACK, /* stacks of the other threads */
  PSC_KIND_ANON,         /* private anonymous memory: allocators, arenas, buffers */
  PSC_KIND_JIT,          /* anonymous and executable */
  PSC_KIND_RESERVED,     /* address space held without access (PROT_NONE), more than a guard */
  PSC_KIND_GUARD,        /* a fence of no access beside memory that is used */
  PSC_KIND_FILE,         /* a mapped file that is no program image */
  PSC_KIND_SHM_ANON,     /* shared anonymous memory (MAP_SHARED | MAP_ANONYMOUS) */
  PSC_KIND_SHM_POSIX,    /* shm_open, /dev/shm */
  PSC_KIND_SHM_SYSV,     /* shmget */
  PSC_KIND_SHM_MEMFD,    /* memfd_create */
  PSC_KIND_HUGETLB,      /* from the huge-page pool, by whatever way */
  PSC_KIND_DEVICE,       /* device memory and kernel rings */
  PSC_KIND_VDSO,         /* vdso, vvar, vsyscall: the kernel's own pages */
  PSC_N_KINDS
} PscKind;

/* Why a mapping got its kind; psc_kind_why() says it in words. */
typedef enum
{
  PSC_WHY_NAME,            /* the kernel names it so */
  PSC_WHY_IMAGE_CODE,      /* executable mapping of a file */
  PSC_WHY_IMAGE_READ_ONLY, /* read-only mapping of a file of which another part is code */
  PSC_WHY_IMAGE_RELRO,     /* read-only between read-only data and data of one image, contiguous
                              in the file with the data, or with pages of its own in it */
  PSC_WHY_IMAGE_DATA,      /* private writable mapping of a file of which another part is code */
  PSC_WHY_IMAGE_BSS,     /* anonymous, glued to the end of an image's data, not too large for it */
  PSC_WHY_IMAGE_PADDING, /* no access, between parts of one image */
  PSC_WHY_FILE,          /* a file, no part of which is code */
  PSC_WHY_ABOVE_GUARD,   /* writable, directly above a guard, in a process with threads */
  PSC_WHY_GUARD_PAGES,   /* starts with guard pages (MADV_GUARD_INSTALL), process has threads */
  PSC_WHY_ANONYMOUS,     /* private, no file */
  PSC_WHY_ANON_EXEC,     /* private, no file, executable */
  PSC_WHY_SMALL_NO_ACCESS, /* no access and nothing in it, at most 64 KiB, beside memory that is
                              used; or below a thread's stack */
  PSC_WHY_NO_ACCESS,       /* no access */
  PSC_WHY_PATH,            /* its path says so (/dev/shm, /dev/…, /memfd:, /SYSV…) */
  PSC_WHY_HUGETLB_PAGES,   /* its page size is a huge one (PROCMAP_QUERY or smaps) */
  PSC_N_WHYS
} PscKindWhy;

/* What a segment of this kind can do over time: the base of every verdict on growth. */
typedef enum
{
  PSC_NATURE_FIXED,   /* can't grow, so can't leak: text, data, … */
  PSC_NATURE_SELF,    /* grows and frees itself: stacks */
  PSC_NATURE_CAN_LEAK /* heap, anonymous memory, shared memory */
} PscNature;

/* JSON key and command line word: "text", "rodata", "thread_stack", "shm_posix", … */
const char *psc_kind_id (PscKind kind);
/* For people, untranslated: "Thread stack". */
const char *psc_kind_title (PscKind kind);
PscNature psc_kind_nature (PscKind kind);
/* A sentence fragment, untranslated: "executable mapping of a file". */
const char *psc_kind_why (PscKindWhy why);
/* FALSE when the word names no kind. */
gboolean psc_kind_from_id (const char *id, PscKind *kind);

G_END_DECLS
