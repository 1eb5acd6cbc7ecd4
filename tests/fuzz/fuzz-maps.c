/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The input is a maps file: as a whole, and line by line. */

#include <string.h>

#include "psc-classify.h"
#include "psc-fuzz.h"
#include "psc-maps-parser.h"

static void
check_line (const char *line, gsize length)
{
  const char *name = NULL;
  gsize name_length = 0;
  PscMapping mapping;

  if (!psc_maps_parse_line (line, length, &mapping, &name, &name_length))
    return;
  psc_fuzz_check (mapping.start < mapping.end);
  psc_fuzz_check ((mapping.perms & ~0xf) == 0);
  psc_fuzz_check (name >= line && name_length <= (gsize) (line + length - name));
}

static void
check_unescape (const char *bytes, gsize length)
{
  g_autofree char *copy = g_memdup2 (bytes, length);
  gsize unescaped = psc_maps_unescape (copy, length);

  psc_fuzz_check (unescaped <= length);
  psc_fuzz_check ((length - unescaped) % 3 == 0);
}

static void
check_whole (const char *text, gsize length, gsize page_size)
{
  PscSpaceBuilder *builder = psc_space_builder_new (page_size);
  const PscClassifyFacts facts = { 2, 0x1000000 };
  g_autoptr (PscSpace) space = NULL;
  g_autoptr (GError) error = NULL;
  guint n_torn = 0, n_mappings;
  gboolean parsed = psc_maps_parse (text, length, builder, &n_torn, &error);
  PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  psc_fuzz_check (parsed == (error == NULL));
  psc_fuzz_check (parsed || g_utf8_validate (error->message, -1, NULL));
  psc_fuzz_check ((gsize) n_mappings + n_torn <= length);
  psc_classify (mappings, n_mappings, NULL, page_size, &facts);
  space = psc_space_builder_freeze (builder);
  psc_fuzz_check_space (space);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = (const char *) data;

  check_whole (text, size, 4096);
  check_whole (text, size, 65536);
  check_unescape (text, size);
  for (gsize at = 0; at < size;)
    {
      const char *newline = memchr (text + at, '\n', size - at);
      gsize length = newline != NULL ? (gsize) (newline - text) - at : size - at;

      check_line (text + at, length);
      at += length + 1;
    }
  return 0;
}
