/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-codec-private.h"

#include <string.h>

#include "psc-varint.h"

/* Neighbours in one state are one run here. */
typedef struct
{
  guint64 n_skipped, n_pages;
  guint16 state;
} BodyRun;

typedef struct
{
  const PscSpace *space;
  PscWriter writer;
  guint flags;
  guint page_shift;
  GArray *runs;  /* BodyRun */
  guint *n_runs; /* of each mapping, among these */
} Encoder;

PscSpaceHead
psc_space_get_head (const PscSpace *space)
{
  return (PscSpaceHead){
    .time_usec = space->time_usec,
    .minor_faults = space->minor_faults,
    .major_faults = space->major_faults,
    .vm_pte = space->vm_pte,
    .n_threads = space->n_threads,
    .cost = space->cost,
  };
}

void
psc_space_set_head (PscSpace *space, const PscSpaceHead *head)
{
  space->time_usec = head->time_usec;
  space->minor_faults = head->minor_faults;
  space->major_faults = head->major_faults;
  space->vm_pte = head->vm_pte;
  space->n_threads = head->n_threads;
  space->cost = head->cost;
}

gboolean
psc_space_shares_body (const PscSpace *space, const PscSpace *other)
{
  return space->mappings == other->mappings && space->runs == other->runs &&
         space->smaps == other->smaps && space->owners == other->owners &&
         space->unknowns == other->unknowns && space->pid == other->pid &&
         space->start_time == other->start_time && space->name == other->name &&
         space->command == other->command && space->host == other->host &&
         space->kernel == other->kernel && space->uid == other->uid &&
         space->start_code == other->start_code && space->start_stack == other->start_stack &&
         space->source == other->source &&
         memcmp (&space->huge_settings, &other->huge_settings, sizeof space->huge_settings) == 0 &&
         memcmp (&space->huge_sums, &other->huge_sums, sizeof space->huge_sums) == 0;
}

/* ---- What has to be known before the first byte ---- */

static void
merge_runs (Encoder *encoder)
{
  const PscSpace *space = encoder->space;

  encoder->runs = g_array_sized_new (FALSE, FALSE, sizeof (BodyRun), space->n_runs);
  encoder->n_runs = g_new (guint, space->n_mappings);
  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      guint first = encoder->runs->len;
      guint64 end = mapping->start;

      for (guint j = 0; j < mapping->n_runs; j++)
        {
          const PscRun *run = &space->runs[mapping->first_run + j];
          BodyRun added = { (run->start - end) >> encoder->page_shift, run->n_pages, run->state };
          BodyRun *last = &g_array_index (encoder->runs, BodyRun, encoder->runs->len - 1);

          end = psc_run_end (run, space->page_size);
          if (encoder->runs->len > first && added.n_skipped == 0 && last->state == added.state)
            last->n_pages += added.n_pages;
          else
            g_array_append_val (encoder->runs, added);
        }
      encoder->n_runs[i] = encoder->runs->len - first;
    }
}

static const guint64 *
smaps_numbers (const PscSmaps *smaps)
{
  return &smaps->rss;
}

static gboolean
are_smaps_in_kib (const PscSpace *space)
{
  for (guint i = 0; i < space->n_mappings; i++)
    for (guint j = 0; j < PSC_BODY_N_SMAPS; j++)
      if (smaps_numbers (&space->smaps[i])[j] % 1024 != 0)
        return FALSE;
  return TRUE;
}

static guint
find_flags (const PscSpace *space)
{
  static const PscHugeSums no_sums;
  guint flags = PSC_BODY_OFFSETS_IN_PAGES;

  for (guint i = 0; i < space->n_mappings; i++)
    if (space->mappings[i].offset % space->page_size != 0)
      flags &= ~(guint) PSC_BODY_OFFSETS_IN_PAGES;
  if (space->smaps != NULL)
    flags |= PSC_BODY_SMAPS | (are_smaps_in_kib (space) ? PSC_BODY_SMAPS_IN_KIB : 0);
  if (memcmp (&space->huge_sums, &no_sums, sizeof no_sums) != 0)
    flags |= PSC_BODY_HUGE_SUMS;
  return flags;
}

/* ---- The parts ---- */

static void
put_identity (Encoder *encoder)
{
  const PscSpace *space = encoder->space;
  const PscHugeSettings *huge = &space->huge_settings;
  const guint64 numbers[] = {
    (guint64) space->pid, space->start_time,
    space->uid,           space->start_code,
    space->start_stack,   space->source,
    huge->anon,           huge->shmem,
    huge->defrag,         (huge->max_ptes_none_known ? 1 : 0) | (huge->process_known ? 2 : 0),
    huge->max_ptes_none,  huge->process_off ? 1 : 0,
  };

  psc_writer_put (&encoder->writer, PSC_BODY_VERSION);
  psc_writer_put (&encoder->writer, encoder->flags);
  psc_writer_put (&encoder->writer, encoder->page_shift);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    psc_writer_put (&encoder->writer, numbers[i]);
  psc_writer_put_string (&encoder->writer, space->name);
  psc_writer_put_string (&encoder->writer, space->command);
  psc_writer_put_string (&encoder->writer, space->host);
  psc_writer_put_string (&encoder->writer, space->kernel);
}

static void
put_counts (Encoder *encoder)
{
  psc_writer_put (&encoder->writer, encoder->space->n_mappings);
  psc_writer_put (&encoder->writer, encoder->runs->len);
  psc_writer_put (&encoder->writer, encoder->space->n_owners);
  psc_writer_put (&encoder->writer, encoder->space->n_unknowns);
}

/* `before` are those that a reference may point to, the nearest first. */
static void
put_reference (PscWriter *writer, const char *string, const char *before[PSC_BODY_MAX_BACK])
{
  gsize length = strlen (string);
  guint back = 0;

  while (length > 0 && back < PSC_BODY_MAX_BACK &&
         (before[back] == NULL || strcmp (before[back], string) != 0))
    back++;
  if (length == 0)
    psc_writer_put (writer, 0);
  else if (back < PSC_BODY_MAX_BACK)
    psc_writer_put (writer, back + 1);
  else
    {
      psc_writer_put (writer, length + PSC_BODY_MAX_BACK);
      psc_writer_put_bytes (writer, string, length);
    }
  memmove (before + 1, before, (PSC_BODY_MAX_BACK - 1) * sizeof *before);
  before[0] = string;
}

static void
put_places (Encoder *encoder)
{
  const PscSpace *space = encoder->space;
  guint64 end = 0;

  for (guint i = 0; i < space->n_mappings; i++)
    {
      psc_writer_put (&encoder->writer, (space->mappings[i].start - end) >> encoder->page_shift);
      end = space->mappings[i].end;
    }
  for (guint i = 0; i < space->n_mappings; i++)
    psc_writer_put (&encoder->writer,
                    (space->mappings[i].end - space->mappings[i].start) >> encoder->page_shift);
}

static void
put_small_facts (Encoder *encoder)
{
  const PscSpace *space = encoder->space;

  for (guint i = 0; i < space->n_mappings; i++)
    psc_writer_put (&encoder->writer,
                    space->mappings[i].perms | (guint) space->mappings[i].flags << 4);
  for (guint i = 0; i < space->n_mappings; i++)
    psc_writer_put (&encoder->writer, space->mappings[i].kind);
  for (guint i = 0; i < space->n_mappings; i++)
    psc_writer_put (&encoder->writer, space->mappings[i].why);
  for (guint i = 0; i < space->n_mappings; i++)
    psc_writer_put (&encoder->writer, space->mappings[i].page_shift);
}

static gboolean
is_same_file (const PscMapping *a, const PscMapping *b)
{
  return a->inode == b->inode && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor;
}

static void
put_file (PscWriter *writer, const PscMapping *mapping, const PscMapping *before)
{
  static const PscMapping none;

  if (is_same_file (mapping, before))
    psc_writer_put (writer, 0);
  else if (is_same_file (mapping, &none))
    psc_writer_put (writer, 1);
  else
    {
      psc_writer_put (writer, 2);
      psc_writer_put (writer, mapping->dev_major);
      psc_writer_put (writer, mapping->dev_minor);
      psc_writer_put (writer, mapping->inode);
    }
}

static void
put_files (Encoder *encoder)
{
  const PscSpace *space = encoder->space;
  const PscMapping none = { 0 }, *before = &none;

  for (guint i = 0; i < space->n_mappings; before = &space->mappings[i++])
    put_file (&encoder->writer, &space->mappings[i], before);
  before = &none;
  for (guint i = 0; i < space->n_mappings; before = &space->mappings[i++])
    {
      const PscMapping *mapping = &space->mappings[i];
      guint64 expected = psc_body_expected_offset (mapping, before);
      guint shift = encoder->flags & PSC_BODY_OFFSETS_IN_PAGES ? encoder->page_shift : 0;

      /* All shifted before they are taken apart: both are whole pages, so nothing is lost. */
      psc_writer_put_signed (&encoder->writer,
                             (gint64) ((mapping->offset >> shift) - (expected >> shift)));
    }
}

static void
put_hidden_swap (Encoder *encoder)
{
  const PscSpace *space = encoder->space;

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      guint64 in_runs = 0;

      for (guint j = 0; mapping->swapped > 0 && j < mapping->n_runs; j++)
        {
          const PscRun *run = &space->runs[mapping->first_run + j];

          if (psc_page_class (run->state) == PSC_CLASS_SWAPPED)
            in_runs += (guint64) run->n_pages << encoder->page_shift;
        }
      psc_writer_put (&encoder->writer, mapping->swapped > in_runs ? mapping->swapped : 0);
    }
}

static void
put_names (Encoder *encoder)
{
  const char *before[PSC_BODY_MAX_BACK] = { NULL };

  for (guint i = 0; i < encoder->space->n_mappings; i++)
    put_reference (&encoder->writer, encoder->space->mappings[i].name, before);
}

static void
put_runs (Encoder *encoder)
{
  const BodyRun *runs = (const BodyRun *) (const void *) encoder->runs->data;

  for (guint i = 0; i < encoder->space->n_mappings; i++)
    psc_writer_put (&encoder->writer, encoder->n_runs[i]);
  for (guint i = 0; i < encoder->runs->len; i++)
    psc_writer_put (&encoder->writer, runs[i].n_skipped);
  for (guint i = 0; i < encoder->runs->len; i++)
    psc_writer_put (&encoder->writer, runs[i].n_pages);
  for (guint i = 0; i < encoder->runs->len; i++)
    psc_writer_put (&encoder->writer, runs[i].state);
}

static void
put_smaps (Encoder *encoder)
{
  const PscSpace *space = encoder->space;
  guint shift = encoder->flags & PSC_BODY_SMAPS_IN_KIB ? 10 : 0;
  const char *before[PSC_BODY_MAX_BACK] = { NULL };

  if (space->smaps == NULL)
    return;
  for (guint j = 0; j < PSC_BODY_N_SMAPS; j++)
    for (guint i = 0; i < space->n_mappings; i++)
      psc_writer_put (&encoder->writer, smaps_numbers (&space->smaps[i])[j] >> shift);
  for (guint i = 0; i < space->n_mappings; i++)
    psc_writer_put (&encoder->writer, (guint64) (space->smaps[i].thp_eligible + 1));
  for (guint i = 0; i < space->n_mappings; i++)
    put_reference (&encoder->writer, space->smaps[i].vm_flags, before);
}

static void
put_owners (Encoder *encoder)
{
  const PscSpace *space = encoder->space;
  const char *labels[PSC_BODY_MAX_BACK] = { NULL }, *whys[PSC_BODY_MAX_BACK] = { NULL };
  guint64 end = 0;

  for (guint i = 0; i < space->n_owners; i++)
    {
      const PscOwner *owner = &space->owners[i];

      psc_writer_put (&encoder->writer, owner->start - end);
      psc_writer_put (&encoder->writer, owner->end - owner->start);
      psc_writer_put (&encoder->writer, owner->type);
      psc_writer_put_signed (&encoder->writer, owner->tid);
      put_reference (&encoder->writer, owner->label, labels);
      put_reference (&encoder->writer, owner->why, whys);
      end = owner->end;
    }
}

static void
put_unknowns (Encoder *encoder)
{
  for (guint i = 0; i < encoder->space->n_unknowns; i++)
    {
      const PscUnknown *unknown = &encoder->space->unknowns[i];

      psc_writer_put (&encoder->writer, unknown->reason);
      psc_writer_put_string (&encoder->writer, unknown->what);
      psc_writer_put_string (&encoder->writer, unknown->why);
      psc_writer_put_string (&encoder->writer, unknown->remedy);
    }
}

GBytes *
psc_codec_encode (const PscSpace *space, GError **error)
{
  Encoder encoder = { .space = space };
  g_autoptr (GBytes) body = NULL;

  encoder.page_shift = (guint) g_bit_nth_lsf (space->page_size, -1);
  encoder.flags = find_flags (space);
  merge_runs (&encoder);
  put_identity (&encoder);
  put_counts (&encoder);
  put_places (&encoder);
  put_small_facts (&encoder);
  put_files (&encoder);
  put_hidden_swap (&encoder);
  put_names (&encoder);
  put_runs (&encoder);
  put_smaps (&encoder);
  put_owners (&encoder);
  put_unknowns (&encoder);
  g_array_unref (encoder.runs);
  g_free (encoder.n_runs);
  body = psc_writer_steal (&encoder.writer);
  if (g_bytes_get_size (body) <= PSC_CODEC_MAX_BYTES)
    return g_steal_pointer (&body);
  g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_FAILED,
               "Can't keep a snapshot of process %d: its %u mappings and %u runs are too many",
               space->pid, space->n_mappings, space->n_runs);
  return NULL;
}
