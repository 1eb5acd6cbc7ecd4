/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "psc-space-check.h"

/* A flag byte of a mapping. */
#define FLAG_PAGES_KNOWN (1 << 4)
#define FLAG_HUGETLB     (1 << 5)
#define FLAG_NO_GAP      (1 << 6)
#define FLAG_FILE        (1 << 7)

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  /* A g_return_if_fail() that data from outside can reach is a finding. */
  g_log_set_always_fatal (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  return 0;
}

void
psc_fuzz_fail (const char *file, int line, const char *what)
{
  fprintf (stderr, "%s:%d: does not hold: %s\n", file, line, what);
  abort ();
}

void
psc_fuzz_check_space (const PscSpace *space)
{
  char *wrong = psc_space_check (space);

  if (wrong != NULL)
    psc_fuzz_fail (__FILE__, __LINE__, wrong);
}

guint64
psc_fuzz_take (PscFuzzBytes *bytes, guint n_bytes)
{
  guint64 value = 0;

  for (guint i = 0; i < n_bytes && bytes->at < bytes->end; i++)
    value |= (guint64) *bytes->at++ << (8 * i);
  return value;
}

guint64
psc_fuzz_take_scaled (PscFuzzBytes *bytes)
{
  guint64 mantissa = psc_fuzz_take (bytes, 1) + 1;
  guint exponent = psc_fuzz_take (bytes, 1) % 41;

  return mantissa << exponent;
}

char *
psc_fuzz_take_string (PscFuzzBytes *bytes)
{
  gsize length = psc_fuzz_take (bytes, 1);
  char *string;

  length = MIN (length, (gsize) (bytes->end - bytes->at));
  string = g_strndup ((const char *) bytes->at, length);
  bytes->at += length;
  return string;
}

gboolean
psc_fuzz_is_done (const PscFuzzBytes *bytes)
{
  return bytes->at >= bytes->end;
}

gsize
psc_fuzz_take_page_size (PscFuzzBytes *bytes)
{
  return (gsize) 4096 << (2 * (psc_fuzz_take (bytes, 1) % 3));
}

/* FALSE when there is no room left in 64 bits. */
static gboolean
take_stretch (PscFuzzBytes *bytes, gsize page_size, guint64 *start, guint64 *end)
{
  guint64 last = G_MAXUINT64 - page_size + 1;
  guint64 skip = psc_fuzz_take_scaled (bytes) - 1;
  guint64 n_pages = psc_fuzz_take_scaled (bytes);

  if (skip > (last - *end) / page_size)
    return FALSE;
  *start = *end + skip * page_size;
  if (n_pages > (last - *start) / page_size)
    return FALSE;
  *end = *start + n_pages * page_size;
  return TRUE;
}

static void
take_mappings (PscFuzzBytes *bytes, PscSpaceBuilder *builder, gsize page_size)
{
  guint n_mappings = psc_fuzz_take (bytes, 2);
  guint64 start = 0, end = 0;

  for (guint i = 0; i < n_mappings && !psc_fuzz_is_done (bytes); i++)
    {
      guint8 flags = psc_fuzz_take (bytes, 1);
      g_autofree char *name = psc_fuzz_take_string (bytes);
      PscMapping mapping = { .perms = flags & 0xf };
      guint64 before = end;

      if (!take_stretch (bytes, page_size, &start, &end))
        return;
      mapping.start = flags & FLAG_NO_GAP ? before : start;
      mapping.end = end;
      mapping.name = psc_space_builder_intern (builder, name, -1);
      mapping.inode = flags & FLAG_FILE ? 1 + flags % 7 : 0;
      mapping.dev_minor = flags & FLAG_FILE ? 1 : 0;
      mapping.offset = flags & FLAG_FILE ? mapping.start & 0xffff000 : 0;
      mapping.flags = flags & FLAG_PAGES_KNOWN ? PSC_MAPPING_PAGES_KNOWN : 0;
      mapping.page_shift = flags & FLAG_HUGETLB ? 21 : 0;
      psc_fuzz_check (psc_space_builder_add_mapping (builder, &mapping));
    }
}

PscSpaceBuilder *
psc_fuzz_take_space (PscFuzzBytes *bytes)
{
  gsize page_size = psc_fuzz_take_page_size (bytes);
  PscSpaceBuilder *builder = psc_space_builder_new (page_size);
  guint64 start = 0, end = 0;

  take_mappings (bytes, builder, page_size);
  while (!psc_fuzz_is_done (bytes) && take_stretch (bytes, page_size, &start, &end))
    psc_fuzz_check (psc_space_builder_add_run (builder, start, end, psc_fuzz_take (bytes, 1)));
  return builder;
}

int
psc_fuzz_open_bytes (const void *bytes, gsize size)
{
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);

  psc_fuzz_check (fd >= 0);
  psc_fuzz_check (size == 0 || pwrite (fd, bytes, size, 0) == (gssize) size);
  return fd;
}
