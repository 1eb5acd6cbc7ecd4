/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The input is an address space; classified, and told as JSON, CSV and text. */

#include <string.h>

#include "psc-classify.h"
#include "psc-fuzz.h"
#include "psc-report.h"

static void
check_json (const PscSpace *space, gboolean pretty)
{
  g_autofree char *text = psc_report_to_json (space, pretty);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *root;

  psc_fuzz_check (g_utf8_validate (text, -1, NULL));
  psc_fuzz_check (json_parser_load_from_data (parser, text, -1, &error));
  root = json_node_get_object (json_parser_get_root (parser));
  psc_fuzz_check (json_array_get_length (json_object_get_array_member (root, "mappings")) ==
                  space->n_mappings);
}

/* Records of RFC 4180: line ends outside quotes. */
static guint
count_records (const char *csv)
{
  gboolean quoted = FALSE;
  guint n = 0;

  for (; *csv != '\0'; csv++)
    {
      if (*csv == '"')
        quoted = !quoted;
      n += *csv == '\n' && !quoted;
    }
  psc_fuzz_check (!quoted);
  return n;
}

static void
check_csv (const PscSpace *space)
{
  g_autofree char *csv = psc_report_to_csv (space);

  psc_fuzz_check (g_utf8_validate (csv, -1, NULL));
  psc_fuzz_check (count_records (csv) == space->n_mappings + 1);
}

static void
check_text (const PscSpace *space)
{
  g_autofree char *text = psc_report_to_text (space);

  psc_fuzz_check (g_utf8_validate (text, -1, NULL));
  psc_fuzz_check (strchr (text, '\x1b') == NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PscFuzzBytes bytes = { data, data + size };
  PscSpaceBuilder *builder = psc_fuzz_take_space (&bytes);
  const PscClassifyFacts facts = { size % 3, size % 2 ? 0 : 0x555555000000 };
  g_autoptr (PscSpace) space = NULL;
  guint n_mappings;
  PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  psc_space_builder_bind_runs (builder);
  psc_classify (mappings, n_mappings, psc_space_builder_get_space (builder)->runs,
                psc_space_builder_get_space (builder)->page_size, &facts);
  space = psc_space_builder_freeze (builder);
  space->source = size % 3;
  psc_fuzz_check_space (space);
  check_json (space, size % 2);
  check_csv (space);
  check_text (space);
  return 0;
}
