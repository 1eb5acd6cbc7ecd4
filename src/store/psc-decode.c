/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-codec-private.h"

#include <string.h>

#include "psc-huge-slots.h"
#include "psc-varint.h"

/* Whatever is wrong is noted once, as `wrong`, and ends the work at the next step. */
typedef struct
{
  PscReader reader;
  PscSpaceBuilder *builder;
  guint flags, page_shift;
  guint n_mappings, n_runs, n_owners, n_unknowns;
  PscMapping *mappings;  /* while columns are read */
  guint *mapping_n_runs; /* the same */
  const char *wrong;     /* static */
} Decoder;

static gboolean
is_well (Decoder *decoder)
{
  if (decoder->wrong == NULL && decoder->reader.failed)
    decoder->wrong = "it ends too early, or a number in it is out of range";
  return decoder->wrong == NULL;
}

static guint64
take (Decoder *decoder)
{
  return psc_reader_take (&decoder->reader);
}

static guint
take_below (Decoder *decoder, guint most)
{
  return (guint) psc_reader_take_below (&decoder->reader, most);
}

static const char *
intern (Decoder *decoder, const char *bytes, gsize length)
{
  if (bytes == NULL)
    return "";
  if (memchr (bytes, '\0', length) != NULL)
    {
      decoder->wrong = "a string in it has a zero byte";
      return "";
    }
  return psc_space_builder_intern (decoder->builder, bytes, (gssize) length);
}

static const char *
take_string (Decoder *decoder)
{
  guint64 length = take (decoder);

  return intern (decoder, psc_reader_take_bytes (&decoder->reader, length), length);
}

/* What goes on the screen as it is. */
static const char *
take_text (Decoder *decoder)
{
  const char *text = take_string (decoder);

  if (g_utf8_validate (text, -1, NULL))
    return text;
  decoder->wrong = "a text in it is not valid UTF-8";
  return "";
}

static const char *
take_reference (Decoder *decoder, const char *before[PSC_BODY_MAX_BACK])
{
  guint64 value = take (decoder);
  const char *string = "";

  if (value > PSC_BODY_MAX_BACK)
    {
      gsize length = value - PSC_BODY_MAX_BACK;

      string = intern (decoder, psc_reader_take_bytes (&decoder->reader, length), length);
    }
  else if (value > 0 && before[value - 1] != NULL)
    string = before[value - 1];
  else if (value > 0)
    decoder->wrong = "it refers to a string that it does not have";
  memmove (before + 1, before, (PSC_BODY_MAX_BACK - 1) * sizeof *before);
  before[0] = string;
  return string;
}

/* ---- Identity ---- */

static gboolean
take_start (Decoder *decoder)
{
  guint64 version = take (decoder);

  if (version != PSC_BODY_VERSION)
    {
      decoder->wrong = "it is of another version";
      return FALSE;
    }
  decoder->flags = take_below (decoder, PSC_BODY_ALL_FLAGS);
  decoder->page_shift = take_below (decoder, 20);
  if (decoder->page_shift < 9)
    decoder->wrong = "its page size is out of range";
  if (is_well (decoder))
    decoder->builder = psc_space_builder_new ((gsize) 1 << decoder->page_shift);
  return is_well (decoder);
}

static void
take_huge_settings (Decoder *decoder, PscHugeSettings *settings)
{
  guint known;

  settings->anon = take_below (decoder, PSC_HUGE_MODE_ALWAYS);
  settings->shmem = take_below (decoder, PSC_HUGE_MODE_ALWAYS);
  settings->defrag = take_below (decoder, PSC_HUGE_DEFRAG_ALWAYS);
  known = take_below (decoder, 3);
  settings->max_ptes_none_known = (known & 1) != 0;
  settings->process_known = (known & 2) != 0;
  settings->max_ptes_none = take_below (decoder, G_MAXUINT);
  settings->process_off = take_below (decoder, 1) != 0;
}

static gboolean
take_identity (Decoder *decoder)
{
  PscSpace *space = psc_space_builder_get_space (decoder->builder);

  space->pid = (gint) take_below (decoder, G_MAXINT);
  space->start_time = take (decoder);
  space->uid = take_below (decoder, G_MAXUINT);
  space->start_code = take (decoder);
  space->start_stack = take (decoder);
  space->source = take_below (decoder, PSC_SOURCE_PAGEMAP);
  take_huge_settings (decoder, &space->huge_settings);
  space->name = take_text (decoder);
  space->command = take_text (decoder);
  space->host = take_text (decoder);
  space->kernel = take_text (decoder);
  return is_well (decoder);
}

/* No more than the bytes that are left can be: what is made room for is bounded by them. */
static gboolean
take_counts (Decoder *decoder)
{
  gsize rest = psc_reader_rest (&decoder->reader);

  decoder->n_mappings = take_below (decoder, (guint) (rest / PSC_BODY_MIN_MAPPING));
  decoder->n_runs = take_below (decoder, (guint) (rest / PSC_BODY_MIN_RUN));
  decoder->n_owners = take_below (decoder, (guint) (rest / PSC_BODY_MIN_OWNER));
  decoder->n_unknowns = take_below (decoder, (guint) (rest / PSC_BODY_MIN_UNKNOWN));
  return is_well (decoder);
}

/* ---- Mappings ---- */

static gboolean
take_places (Decoder *decoder)
{
  guint64 last_page = (G_MAXUINT64 >> decoder->page_shift), end = 0;

  for (guint i = 0; i < decoder->n_mappings; i++)
    decoder->mappings[i].start = take (decoder);
  for (guint i = 0; i < decoder->n_mappings; i++)
    {
      PscMapping *mapping = &decoder->mappings[i];
      guint64 gap = mapping->start, size = take (decoder);

      if (gap > last_page - end || size > last_page - end - gap || size == 0)
        {
          decoder->wrong = "its mappings leave the address space";
          return FALSE;
        }
      mapping->start = (end + gap) << decoder->page_shift;
      end += gap + size;
      mapping->end = end << decoder->page_shift;
    }
  return is_well (decoder);
}

static gboolean
take_small_facts (Decoder *decoder)
{
  PscMapping *mappings = decoder->mappings;

  for (guint i = 0; i < decoder->n_mappings; i++)
    {
      guint bits = take_below (decoder, 0xfff);

      mappings[i].perms = bits & 0xf;
      mappings[i].flags = (guint8) (bits >> 4);
    }
  for (guint i = 0; i < decoder->n_mappings; i++)
    mappings[i].kind = (guint8) take_below (decoder, PSC_N_KINDS - 1);
  for (guint i = 0; i < decoder->n_mappings; i++)
    mappings[i].why = (guint8) take_below (decoder, PSC_N_WHYS - 1);
  for (guint i = 0; i < decoder->n_mappings; i++)
    {
      mappings[i].page_shift = (guint8) take_below (decoder, 48);
      if (mappings[i].page_shift < decoder->page_shift)
        decoder->wrong = "a page size in it is below that of the base page";
    }
  return is_well (decoder);
}

static void
take_file (Decoder *decoder, PscMapping *mapping, const PscMapping *before)
{
  guint how = take_below (decoder, 2);

  if (how == 0)
    {
      mapping->dev_major = before->dev_major;
      mapping->dev_minor = before->dev_minor;
      mapping->inode = before->inode;
    }
  else if (how == 2)
    {
      mapping->dev_major = take_below (decoder, G_MAXUINT);
      mapping->dev_minor = take_below (decoder, G_MAXUINT);
      mapping->inode = take (decoder);
    }
}

static gboolean
take_files (Decoder *decoder)
{
  guint shift = decoder->flags & PSC_BODY_OFFSETS_IN_PAGES ? decoder->page_shift : 0;
  const PscMapping none = { 0 }, *before = &none;

  for (guint i = 0; i < decoder->n_mappings; before = &decoder->mappings[i++])
    take_file (decoder, &decoder->mappings[i], before);
  before = &none;
  for (guint i = 0; i < decoder->n_mappings; before = &decoder->mappings[i++])
    {
      PscMapping *mapping = &decoder->mappings[i];
      guint64 expected = psc_body_expected_offset (mapping, before) >> shift;

      mapping->offset = (expected + (guint64) psc_reader_take_signed (&decoder->reader)) << shift;
    }
  return is_well (decoder);
}

static gboolean
take_swap_and_names (Decoder *decoder)
{
  const char *before[PSC_BODY_MAX_BACK] = { NULL };

  for (guint i = 0; i < decoder->n_mappings; i++)
    {
      PscMapping *mapping = &decoder->mappings[i];

      mapping->swapped = psc_reader_take_below (&decoder->reader, mapping->end - mapping->start);
    }
  for (guint i = 0; is_well (decoder) && i < decoder->n_mappings; i++)
    decoder->mappings[i].name = take_reference (decoder, before);
  return is_well (decoder);
}

static gboolean
take_run_counts (Decoder *decoder)
{
  guint64 n = 0;

  for (guint i = 0; i < decoder->n_mappings; i++)
    n += decoder->mapping_n_runs[i] = take_below (decoder, decoder->n_runs);
  if (n != decoder->n_runs)
    decoder->wrong = "its mappings have other runs than it has";
  return is_well (decoder);
}

static void
add_mappings (Decoder *decoder)
{
  for (guint i = 0; is_well (decoder) && i < decoder->n_mappings; i++)
    if (!psc_space_builder_add_mapping (decoder->builder, &decoder->mappings[i]))
      decoder->wrong = "its mappings are out of order";
}

static gboolean
take_mappings (Decoder *decoder)
{
  return take_places (decoder) && take_small_facts (decoder) && take_files (decoder) &&
         take_swap_and_names (decoder) && take_run_counts (decoder);
}

/* ---- Runs ---- */

/* Columns of runs lie side by side, so three readers walk them at once. */
static gboolean
find_columns (Decoder *decoder, PscReader columns[3])
{
  for (guint i = 0; i < 3; i++)
    {
      columns[i] = decoder->reader;
      for (guint j = 0; j < decoder->n_runs; j++)
        take (decoder);
    }
  return is_well (decoder);
}

static gboolean
add_run (Decoder *decoder, PscReader columns[3], const PscMapping *mapping, guint64 *end)
{
  guint64 n_left = (mapping->end - *end) >> decoder->page_shift;
  guint64 n_skipped = psc_reader_take (&columns[0]), n_pages = psc_reader_take (&columns[1]);
  guint16 state = (guint16) psc_reader_take_below (&columns[2], G_MAXUINT16);
  guint64 start;

  if (n_skipped > n_left || n_pages > n_left - n_skipped || n_pages == 0)
    decoder->wrong = "a run in it leaves its mapping";
  else if (psc_page_class (state) == PSC_CLASS_ABSENT || columns[2].failed)
    decoder->wrong = "a run in it is of pages that are not there";
  if (decoder->wrong != NULL)
    return FALSE;
  start = *end + (n_skipped << decoder->page_shift);
  *end = start + (n_pages << decoder->page_shift);
  if (!psc_space_builder_add_run (decoder->builder, start, *end, state))
    decoder->wrong = "its runs are out of order";
  return decoder->wrong == NULL;
}

static gboolean
take_runs (Decoder *decoder)
{
  PscReader columns[3];

  if (!find_columns (decoder, columns))
    return FALSE;
  for (guint i = 0; i < decoder->n_mappings; i++)
    {
      guint64 end = decoder->mappings[i].start;

      for (guint j = 0; j < decoder->mapping_n_runs[i]; j++)
        if (!add_run (decoder, columns, &decoder->mappings[i], &end))
          return FALSE;
    }
  return TRUE;
}

/* ---- The rest ---- */

static gboolean
take_smaps (Decoder *decoder)
{
  guint shift = decoder->flags & PSC_BODY_SMAPS_IN_KIB ? 10 : 0;
  const char *before[PSC_BODY_MAX_BACK] = { NULL };
  PscSmaps *smaps;

  if ((decoder->flags & PSC_BODY_SMAPS) == 0)
    return TRUE;
  if (psc_reader_rest (&decoder->reader) / PSC_BODY_MIN_SMAPS < decoder->n_mappings)
    decoder->reader.failed = TRUE;
  if (!is_well (decoder))
    return FALSE;
  smaps = psc_space_builder_add_smaps (decoder->builder);
  for (guint j = 0; j < PSC_BODY_N_SMAPS; j++)
    for (guint i = 0; i < decoder->n_mappings; i++)
      (&smaps[i].rss)[j] = psc_reader_take_below (&decoder->reader, G_MAXUINT64 >> shift) << shift;
  for (guint i = 0; i < decoder->n_mappings; i++)
    smaps[i].thp_eligible = (gint8) ((gint) take_below (decoder, 2) - 1);
  for (guint i = 0; is_well (decoder) && i < decoder->n_mappings; i++)
    smaps[i].vm_flags = take_reference (decoder, before);
  return is_well (decoder);
}

static gboolean
take_owner (Decoder *decoder, guint64 *end, const char *labels[], const char *whys[],
            PscOwner *owner)
{
  guint64 gap = take (decoder), size = take (decoder);
  gint64 tid;

  if (gap > G_MAXUINT64 - *end || size > G_MAXUINT64 - *end - gap || size == 0)
    decoder->wrong = "an owner in it leaves the address space";
  owner->start = *end + gap;
  *end = owner->end = owner->start + size;
  owner->type = take_below (decoder, PSC_N_OWNER_TYPES - 1);
  tid = psc_reader_take_signed (&decoder->reader);
  owner->tid = (gint) CLAMP (tid, 0, G_MAXINT);
  owner->label = take_reference (decoder, labels);
  owner->why = take_reference (decoder, whys);
  if (!g_utf8_validate (owner->label, -1, NULL) || !g_utf8_validate (owner->why, -1, NULL))
    decoder->wrong = "an owner in it is not valid UTF-8";
  return is_well (decoder);
}

static gboolean
take_owners (Decoder *decoder)
{
  const char *labels[PSC_BODY_MAX_BACK] = { NULL }, *whys[PSC_BODY_MAX_BACK] = { NULL };
  g_autoptr (GArray) owners = g_array_new (FALSE, FALSE, sizeof (PscOwner));
  guint64 end = 0;

  for (guint i = 0; i < decoder->n_owners; i++)
    {
      PscOwner owner;

      if (!take_owner (decoder, &end, labels, whys, &owner))
        return FALSE;
      g_array_append_val (owners, owner);
    }
  if (decoder->n_owners > 0)
    psc_space_builder_take_owners (decoder->builder, g_steal_pointer (&owners));
  return TRUE;
}

static gboolean
take_unknowns (Decoder *decoder)
{
  for (guint i = 0; is_well (decoder) && i < decoder->n_unknowns; i++)
    {
      PscReason reason = take_below (decoder, PSC_REASON_FAILED);
      const char *what = take_text (decoder), *why = take_text (decoder);
      const char *remedy = take_text (decoder);

      if (what[0] == '\0' || why[0] == '\0')
        decoder->wrong = "something unknown in it does not say what or why";
      psc_space_builder_add_unknown (decoder->builder, reason, what, why, remedy);
    }
  if (is_well (decoder) && psc_reader_rest (&decoder->reader) > 0)
    decoder->wrong = "something follows after its end";
  return is_well (decoder);
}

/* Mappings must be with the builder before runs are, and their arrays are not needed after. */
static gboolean
take_body (Decoder *decoder)
{
  if (!take_start (decoder) || !take_identity (decoder) || !take_counts (decoder))
    return FALSE;
  decoder->mappings = g_new0 (PscMapping, decoder->n_mappings);
  decoder->mapping_n_runs = g_new0 (guint, decoder->n_mappings);
  if (!take_mappings (decoder))
    return FALSE;
  add_mappings (decoder);
  return is_well (decoder) && take_runs (decoder) && take_smaps (decoder) &&
         take_owners (decoder) && take_unknowns (decoder);
}

PscSpace *
psc_codec_decode (GBytes *body, const PscSpaceHead *head, GError **error)
{
  Decoder decoder = { .wrong = NULL };
  PscSpace *space = NULL;
  gsize size;

  decoder.reader.at = g_bytes_get_data (body, &size);
  /* Of no bytes the pointer is NULL, to which not even nothing may be added. */
  decoder.reader.end = size > 0 ? decoder.reader.at + size : decoder.reader.at;
  if (take_body (&decoder))
    {
      space = psc_space_builder_freeze (g_steal_pointer (&decoder.builder));
      psc_space_set_head (space, head);
      if (decoder.flags & PSC_BODY_HUGE_SUMS)
        psc_huge_slots_sum (space, &space->huge_sums);
    }
  else
    g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_CORRUPT, "The snapshot makes no sense: %s",
                 decoder.wrong);
  psc_space_builder_free (decoder.builder);
  g_free (decoder.mappings);
  g_free (decoder.mapping_n_runs);
  return space;
}
