/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-test-mappings.h"

PscSpace *
psc_test_mappings_new (guint n, guint without, guint64 growth, gint pid)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PSC_TEST_PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);
  guint64 start = 0x10000;

  space->pid = pid;
  space->name = "made";
  space->command = space->host = space->kernel = "";
  space->source = PSC_SOURCE_SCAN;
  for (guint i = 0; i < n; i++)
    {
      PscMapping mapping = { .start = start,
                             .end = start + (i % 11 + 1) * PSC_TEST_PAGE + (i == 5 ? growth : 0),
                             .name = i % 2 ? "/usr/lib/libodd.so" : "",
                             .inode = i % 2,
                             .kind = i % 2 ? PSC_KIND_TEXT : PSC_KIND_ANON,
                             .perms = i % 3 ? PSC_PERM_READ : PSC_PERM_READ | PSC_PERM_WRITE,
                             .flags = PSC_MAPPING_PAGES_KNOWN };

      if (i != without)
        psc_space_builder_add_mapping (builder, &mapping);
      start += 32 * PSC_TEST_PAGE;
    }
  start = 0x10000;
  for (guint i = 0; i < n; i++, start += 32 * PSC_TEST_PAGE)
    if (i != without && i % 7 > 0)
      psc_space_builder_add_run (builder, start, start + MIN (i % 7, i % 11 + 1) * PSC_TEST_PAGE,
                                 PSC_PAGE_PRESENT);
  return psc_space_builder_freeze (builder);
}

PscSpace *
psc_test_mappings_new_denied (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PSC_TEST_PAGE);
  PscMapping mapping = { .start = 0x10000, .end = 0x20000, .name = "" };
  PscSpace *space = psc_space_builder_get_space (builder);

  space->pid = 1;
  space->name = "denied";
  space->command = space->host = space->kernel = "";
  psc_space_builder_add_mapping (builder, &mapping);
  psc_space_builder_add_unknown (builder, PSC_REASON_DENIED, "page states", "it is secret", "");
  return psc_space_builder_freeze (builder);
}

void
psc_test_mappings_check_sorted (PscMappingModel *model, PscColumn column, gboolean descending)
{
  const PscMappingFacts *facts = psc_mapping_model_get_facts (model);
  guint n;
  g_autofree guint *indices = psc_mapping_model_dup_indices (model, FALSE, &n);

  for (guint i = 1; i < n; i++)
    {
      guint64 before, here;

      psc_mapping_facts_get_number (facts, indices[i - 1], column, &before, NULL);
      psc_mapping_facts_get_number (facts, indices[i], column, &here, NULL);
      if (before == here)
        g_assert_cmpuint (indices[i - 1], <, indices[i]);
      else
        g_assert_true ((before < here) != descending);
    }
}
