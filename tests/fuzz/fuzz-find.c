/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The input is what somebody looks for, and an address space with owners to look in. */

#include <string.h>

#include "psc-classify.h"
#include "psc-find.h"
#include "psc-fuzz.h"

/* Valid and on one line. */
static void
check_shown (const char *text)
{
  psc_fuzz_check (text != NULL && g_utf8_validate (text, -1, NULL));
  for (; *text != '\0'; text++)
    psc_fuzz_check ((guchar) *text >= 0x20 && *text != 0x7f);
}

/* Every so many mappings belong to somebody, some of them in part. */
static void
add_owners (PscSpaceBuilder *builder, guint step)
{
  GArray *owners = g_array_new (FALSE, FALSE, sizeof (PscOwner));
  guint n_mappings;
  const PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  for (guint i = 0; i < n_mappings; i += step)
    {
      PscOwner owner = { .start = mappings[i].start, .end = mappings[i].end };
      guint last = MIN (i + step % 3, n_mappings - 1);

      owner.end = step % 2 ? mappings[last].end : owner.start + (owner.end - owner.start) / 2;
      owner.type = i % PSC_N_OWNER_TYPES;
      owner.tid = owner.type == PSC_OWNER_THREAD ? (gint) i + 1 : 0;
      owner.label = i % 2 ? "Java heap" : "Stack of worker (12)";
      owner.why = "";
      if (owner.end > owner.start)
        g_array_append_val (owners, owner);
      i = step % 2 ? last : i;
    }
  psc_space_builder_take_owners (builder, owners);
}

static PscSpace *
take_space (PscFuzzBytes *bytes)
{
  guint step = 1 + (guint) psc_fuzz_take (bytes, 1) % 7;
  PscSpaceBuilder *builder = psc_fuzz_take_space (bytes);
  const PscClassifyFacts facts = { step, 0x555555000000 };
  PscSpace *under_way = psc_space_builder_get_space (builder);
  guint n_mappings;
  PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  psc_space_builder_bind_runs (builder);
  psc_classify (mappings, n_mappings, under_way->runs, under_way->page_size, &facts);
  add_owners (builder, step);
  return psc_space_builder_freeze (builder);
}

static void
check_hit (const PscSpace *space, const PscHit *hit, const PscHit *before)
{
  guint index = psc_space_lower_bound (space, hit->start);
  g_autofree char *label = psc_hit_dup_label (space, hit);

  check_shown (label);
  psc_fuzz_check (*label != '\0');
  psc_fuzz_check (hit->start < hit->end);
  psc_fuzz_check (index < space->n_mappings && space->mappings[index].start < hit->end);
  psc_fuzz_check (before == NULL || before->start < hit->start ||
                  (before->start == hit->start && before->end < hit->end));
  if (hit->address == PSC_FIND_NO_ADDRESS)
    return;
  psc_fuzz_check (hit->address >= hit->start && hit->address < hit->end);
  psc_fuzz_check (hit->end - hit->start == space->page_size);
  psc_fuzz_check (psc_space_lookup (space, hit->address) != NULL);
}

static void
check_query (const char *text, const PscSpace *space)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscQuery) query = psc_query_parse (text, &error);
  g_autoptr (PscFound) found = NULL;

  psc_fuzz_check ((query == NULL) == (error != NULL));
  if (error != NULL)
    {
      check_shown (error->message);
      return;
    }
  psc_fuzz_check (query->n_terms > 0 && query->n_terms <= PSC_N_TERM_TYPES);
  found = psc_find (query, space);
  check_shown (found->meaning);
  psc_fuzz_check (*found->meaning != '\0');
  psc_fuzz_check (found->n_hits == 0 || found->nothing == NULL);
  if (found->nothing != NULL)
    check_shown (found->nothing);
  for (guint i = 0; i < found->n_hits; i++)
    check_hit (space, &found->hits[i], i > 0 ? &found->hits[i - 1] : NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PscFuzzBytes bytes = { data, data + size };
  g_autofree char *text = psc_fuzz_take_string (&bytes);
  g_autoptr (PscSpace) space = take_space (&bytes);

  psc_fuzz_check_space (space);
  check_query (text, space);
  /* What is there is found by its own name and place. */
  if (space->n_mappings > 0)
    {
      const PscMapping *mapping = &space->mappings[space->n_mappings / 2];
      g_autofree char *address = g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", mapping->start);
      g_autofree char *name = g_strconcat ("name:", mapping->name, NULL);

      check_query (address, space);
      check_query (name, space);
      check_query (mapping->name, space);
    }
  return 0;
}
