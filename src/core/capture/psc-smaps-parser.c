/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-smaps-parser.h"

#include <string.h>

#include "psc-cursor.h"
#include "psc-escape.h"
#include "psc-maps-parser.h"

/* Amounts of a mapping, in the order in which the kernel prints them (fs/proc/task_mmu.c,
 * show_smap()): a reader that expects the next one finds it at once. */
static const struct
{
  const char *key;
  gsize offset; /* of a guint64 in PscSmaps */
} amounts[] = {
  { "KernelPageSize", G_STRUCT_OFFSET (PscSmaps, kernel_page_size) },
  { "MMUPageSize", G_STRUCT_OFFSET (PscSmaps, mmu_page_size) },
  { "Rss", G_STRUCT_OFFSET (PscSmaps, rss) },
  { "Pss", G_STRUCT_OFFSET (PscSmaps, pss) },
  { "Pss_Dirty", G_STRUCT_OFFSET (PscSmaps, pss_dirty) }, /* Linux 6.0 */
  { "Shared_Clean", G_STRUCT_OFFSET (PscSmaps, shared_clean) },
  { "Shared_Dirty", G_STRUCT_OFFSET (PscSmaps, shared_dirty) },
  { "Private_Clean", G_STRUCT_OFFSET (PscSmaps, private_clean) },
  { "Private_Dirty", G_STRUCT_OFFSET (PscSmaps, private_dirty) },
  { "Referenced", G_STRUCT_OFFSET (PscSmaps, referenced) },
  { "Anonymous", G_STRUCT_OFFSET (PscSmaps, anonymous) },
  { "KSM", G_STRUCT_OFFSET (PscSmaps, ksm) }, /* Linux 6.7 */
  { "LazyFree", G_STRUCT_OFFSET (PscSmaps, lazy_free) },
  { "AnonHugePages", G_STRUCT_OFFSET (PscSmaps, anon_huge) },
  { "ShmemPmdMapped", G_STRUCT_OFFSET (PscSmaps, shmem_pmd) },
  { "FilePmdMapped", G_STRUCT_OFFSET (PscSmaps, file_pmd) }, /* Linux 5.4 */
  { "Shared_Hugetlb", G_STRUCT_OFFSET (PscSmaps, shared_hugetlb) },
  { "Private_Hugetlb", G_STRUCT_OFFSET (PscSmaps, private_hugetlb) },
  { "Swap", G_STRUCT_OFFSET (PscSmaps, swap) },
  { "SwapPss", G_STRUCT_OFFSET (PscSmaps, swap_pss) },
  { "Locked", G_STRUCT_OFFSET (PscSmaps, locked) },
};

/* The mapping that is being read. */
typedef struct
{
  gboolean open;
  PscMapping head;
  const char *name;
  gsize name_length;
  PscSmaps smaps;
  const char *vm_flags;
  gsize vm_flags_length;
  guint expected; /* index into amounts */
} Block;

static void
read_amount (Block *block, const char *key, gsize key_length, PscCursor *value)
{
  for (guint i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      guint at = (block->expected + i) % G_N_ELEMENTS (amounts);

      if (psc_cursor_is_word (key, key_length, amounts[at].key))
        {
          psc_cursor_amount (value, &G_STRUCT_MEMBER (guint64, &block->smaps, amounts[at].offset));
          block->expected = at + 1;
          return;
        }
    }
}

static void
read_field (Block *block, PscCursor *line)
{
  const char *key;
  gsize key_length;
  guint64 number;

  if (!psc_cursor_key (line, &key, &key_length))
    return;
  if (psc_cursor_is_word (key, key_length, "VmFlags"))
    {
      while (line->end > line->at && line->end[-1] == ' ')
        line->end--;
      block->vm_flags = line->at;
      block->vm_flags_length = line->end - line->at;
    }
  else if (psc_cursor_is_word (key, key_length, "THPeligible"))
    {
      if (psc_cursor_decimal (line, &number))
        block->smaps.thp_eligible = number != 0;
    }
  else if (!psc_cursor_is_word (key, key_length, "Size"))
    read_amount (block, key, key_length, line);
}

static gboolean
close_block (Block *block, PscSmapsFunc func, gpointer user_data)
{
  if (!block->open)
    return TRUE;
  block->open = FALSE;
  return func (&block->head, block->name, block->name_length, &block->smaps, block->vm_flags,
               block->vm_flags_length, user_data);
}

static gboolean
open_block (Block *block, const PscCursor *line)
{
  *block = (Block){ .open = TRUE, .vm_flags = "" };
  block->smaps.thp_eligible = -1;
  block->smaps.vm_flags = "";
  return psc_maps_parse_line (line->at, line->end - line->at, &block->head, &block->name,
                              &block->name_length);
}

/* Addresses are printed in lower case, all keys start with a capital. */
static gboolean
is_head (const PscCursor *line)
{
  return !psc_cursor_done (line) && g_ascii_isxdigit (*line->at) && !g_ascii_isupper (*line->at);
}

static void
set_syntax_error (GError **error, guint line_number, const PscCursor *line)
{
  g_autoptr (GString) text = g_string_new (NULL);

  psc_escape_append (text, line->at, MIN (line->end - line->at, 100));
  g_set_error (error, PSC_PARSE_ERROR, PSC_PARSE_ERROR_SYNTAX,
               "Line %u of smaps is not of the form of a mapping: “%s”", line_number, text->str);
}

gboolean
psc_smaps_parse (const char *text, gsize length, PscSmapsFunc func, gpointer user_data,
                 GError **error)
{
  PscCursor cursor = psc_cursor (text, length), line;
  Block block = { .open = FALSE };

  for (guint number = 1; psc_cursor_line (&cursor, &line, NULL); number++)
    {
      if (is_head (&line))
        {
          if (!close_block (&block, func, user_data))
            return TRUE;
          if (open_block (&block, &line))
            continue;
        }
      else if (block.open)
        {
          read_field (&block, &line);
          continue;
        }
      set_syntax_error (error, number, &line);
      return FALSE;
    }
  close_block (&block, func, user_data);
  return TRUE;
}

typedef struct
{
  PscSpaceBuilder *builder;
  PscMapping *mappings;
  PscSmaps *smaps;
  guint n_mappings;
  guint at; /* first mapping that has not been passed */
  gint n_missing;
} Apply;

static void
miss (Apply *apply)
{
  apply->mappings[apply->at++].flags |= PSC_MAPPING_MOVING;
  apply->n_missing++;
}

static gboolean
has_flag (const char *vm_flags, gsize length, const char *flag)
{
  for (gsize i = 0; i + 2 <= length; i += 3)
    if (memcmp (vm_flags + i, flag, 2) == 0)
      return TRUE;
  return FALSE;
}

/* What only smaps knows. Page tables keep no trace of swapped shared memory, which is also what
 * private mappings of tmpfs files and memfds read; of anonymous memory they know better. */
static void
apply_facts (PscMapping *mapping, const PscSmaps *smaps, const char *vm_flags, gsize length)
{
  guint64 size = smaps->kernel_page_size;

  if (size >= 512 && (size & (size - 1)) == 0)
    mapping->page_shift = g_bit_nth_lsf (size, -1);
  if (has_flag (vm_flags, length, "gd"))
    mapping->flags |= PSC_MAPPING_GROWS_DOWN;
  if (mapping->perms & PSC_PERM_SHARED || *mapping->name == '/')
    mapping->swapped = smaps->swap;
}

static gboolean
apply_cb (const PscMapping *head, const char *name, gsize name_length, const PscSmaps *smaps,
          const char *vm_flags, gsize vm_flags_length, gpointer user_data)
{
  Apply *apply = user_data;

  while (apply->at < apply->n_mappings && apply->mappings[apply->at].start < head->start)
    miss (apply);
  if (apply->at == apply->n_mappings || apply->mappings[apply->at].start > head->start)
    return TRUE;
  if (apply->mappings[apply->at].end != head->end)
    {
      miss (apply);
      return TRUE;
    }
  apply->smaps[apply->at] = *smaps;
  apply->smaps[apply->at].vm_flags =
      psc_space_builder_intern (apply->builder, vm_flags, vm_flags_length);
  apply_facts (&apply->mappings[apply->at], smaps, vm_flags, vm_flags_length);
  apply->at++;
  return TRUE;
}

gint
psc_smaps_apply (const char *text, gsize length, PscSpaceBuilder *builder, GError **error)
{
  Apply apply = { .builder = builder };

  apply.mappings = psc_space_builder_get_mappings (builder, &apply.n_mappings);
  apply.smaps = psc_space_builder_add_smaps (builder);
  if (!psc_smaps_parse (text, length, apply_cb, &apply, error))
    {
      g_clear_pointer (&psc_space_builder_get_space (builder)->smaps, g_free);
      return -1;
    }
  while (apply.at < apply.n_mappings)
    miss (&apply);
  return apply.n_missing;
}

static gboolean
sum_cb (const PscMapping *head, const char *name, gsize name_length, const PscSmaps *smaps,
        const char *vm_flags, gsize vm_flags_length, gpointer user_data)
{
  PscSmapsSums *sums = user_data;

  sums->n_mappings++;
  sums->size += head->end - head->start;
  sums->rss += smaps->rss;
  sums->pss += smaps->pss;
  sums->swap += smaps->swap;
  sums->anon_huge += smaps->anon_huge;
  sums->shmem_pmd += smaps->shmem_pmd;
  sums->file_pmd += smaps->file_pmd;
  sums->shared_hugetlb += smaps->shared_hugetlb;
  sums->private_hugetlb += smaps->private_hugetlb;
  return TRUE;
}

gboolean
psc_smaps_sum (const char *text, gsize length, PscSmapsSums *sums, GError **error)
{
  memset (sums, 0, sizeof *sums);
  return psc_smaps_parse (text, length, sum_cb, sums, error);
}
