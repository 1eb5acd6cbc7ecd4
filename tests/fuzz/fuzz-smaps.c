/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The input is a smaps file: parsed, summed, and applied to the mappings that it has itself and to
 * those of another process. */

#include "psc-fuzz.h"
#include "psc-maps-parser.h"
#include "psc-smaps-parser.h"

static gboolean
add_head_cb (const PscMapping *head, const char *name, gsize name_length, const PscSmaps *smaps,
             const char *vm_flags, gsize vm_flags_length, gpointer user_data)
{
  PscSpaceBuilder *builder = user_data;
  PscMapping mapping = *head;

  psc_fuzz_check (head->start < head->end);
  psc_fuzz_check (smaps->thp_eligible >= -1 && smaps->thp_eligible <= 1);
  psc_fuzz_check (vm_flags != NULL);
  mapping.name = psc_space_builder_intern (builder, name, (gssize) name_length);
  mapping.flags |= PSC_MAPPING_PAGES_KNOWN;
  psc_space_builder_add_mapping (builder, &mapping);
  return TRUE;
}

/* Every other page of the first part of a mapping. */
static void
add_runs (PscSpaceBuilder *builder)
{
  guint n_mappings;
  const PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  for (guint i = 0; i < n_mappings; i++)
    for (guint64 at = mappings[i].start, n = 0; at < mappings[i].end && n < 4; at += 8192, n++)
      psc_space_builder_add_run (builder, at, at + 4096, PSC_PAGE_PRESENT);
}

static void
apply (const char *text, gsize length, PscSpaceBuilder *builder)
{
  g_autoptr (PscSpace) space = NULL;
  g_autoptr (GError) error = NULL;
  guint n_mappings, n_moving = 0;
  const PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);
  gint n_missing;

  add_runs (builder);
  n_missing = psc_smaps_apply (text, length, builder, &error);
  psc_fuzz_check ((n_missing < 0) == (error != NULL));
  for (guint i = 0; i < n_mappings; i++)
    n_moving += (mappings[i].flags & PSC_MAPPING_MOVING) != 0;
  psc_fuzz_check (n_missing < 0 || n_moving == (guint) n_missing);
  space = psc_space_builder_freeze (builder);
  psc_fuzz_check ((space->smaps != NULL) == (n_missing >= 0));
  psc_fuzz_check_space (space);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char other[] =
      "00400000-00401000 r--p 00000000 fe:00 12  /bin/other\n"
      "7f0000000000-7f0000200000 rw-s 00000000 00:01 3 /dev/zero (deleted)\n"
      "7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0  [stack]\n";
  const char *text = (const char *) data;
  PscSpaceBuilder *builder = psc_space_builder_new (4096);
  g_autoptr (GError) error = NULL;
  PscSmapsSums sums;
  gboolean parsed = psc_smaps_parse (text, size, add_head_cb, builder, &error);

  psc_fuzz_check (parsed == (error == NULL));
  psc_fuzz_check (parsed == psc_smaps_sum (text, size, &sums, NULL));
  apply (text, size, builder);
  builder = psc_space_builder_new (4096);
  psc_fuzz_check (psc_maps_parse (other, sizeof other - 1, builder, NULL, NULL));
  apply (text, size, builder);
  return 0;
}
