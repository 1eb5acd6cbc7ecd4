/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-huge-reader.h"

#include "psc-cursor.h"
#include "psc-probe-batch.h"

#define MAX_BYTES G_GUINT64_CONSTANT (4096)
/* They change once in a blue moon. */
#define MAX_AGE_USEC (5 * G_USEC_PER_SEC)

const char *
psc_huge_find_choice (const char *text, gsize text_length, gsize *length)
{
  const char *open = text_length > 0 ? memchr (text, '[', text_length) : NULL;
  const char *close = NULL;

  if (open != NULL)
    close = memchr (open, ']', text_length - (gsize) (open - text));
  if (close == NULL)
    return NULL;
  *length = (gsize) (close - open) - 1;
  return open + 1;
}

typedef struct
{
  const char *word;
  guint value;
} Choice;

static guint
parse (const char *text, gsize text_length, const Choice *choices, guint n, guint otherwise)
{
  gsize length = 0;
  const char *word = psc_huge_find_choice (text, text_length, &length);

  for (guint i = 0; word != NULL && i < n; i++)
    if (psc_cursor_is_word (word, length, choices[i].word))
      return choices[i].value;
  return otherwise;
}

PscHugeMode
psc_huge_parse_mode (const char *text, gsize length, PscHugeMode inherited)
{
  static const Choice choices[] = {
    { "always", PSC_HUGE_MODE_ALWAYS },
    { "madvise", PSC_HUGE_MODE_MADVISE },
    { "never", PSC_HUGE_MODE_NEVER },
  };

  return parse (text, length, choices, G_N_ELEMENTS (choices), inherited);
}

/* within_size asks whether the page lies within the file, which it does where something is mapped;
 * deny and force are for tests of the kernel. */
PscHugeMode
psc_huge_parse_shmem (const char *text, gsize length)
{
  static const Choice choices[] = {
    { "always", PSC_HUGE_MODE_ALWAYS },      { "force", PSC_HUGE_MODE_ALWAYS },
    { "within_size", PSC_HUGE_MODE_ALWAYS }, { "advise", PSC_HUGE_MODE_MADVISE },
    { "never", PSC_HUGE_MODE_NEVER },        { "deny", PSC_HUGE_MODE_NEVER },
  };

  return parse (text, length, choices, G_N_ELEMENTS (choices), PSC_HUGE_MODE_UNKNOWN);
}

PscHugeDefrag
psc_huge_parse_defrag (const char *text, gsize length)
{
  static const Choice choices[] = {
    { "always", PSC_HUGE_DEFRAG_ALWAYS },
    { "defer", PSC_HUGE_DEFRAG_DEFER },
    { "defer+madvise", PSC_HUGE_DEFRAG_DEFER_MADVISE },
    { "madvise", PSC_HUGE_DEFRAG_MADVISE },
    { "never", PSC_HUGE_DEFRAG_NEVER },
  };

  return parse (text, length, choices, G_N_ELEMENTS (choices), PSC_HUGE_DEFRAG_UNKNOWN);
}

static GBytes *
take (PscProbeBatch *batch, const char **text, gsize *length)
{
  GBytes *bytes = psc_probe_batch_take_read (batch, NULL, NULL, NULL);

  *length = 0;
  *text = bytes != NULL ? g_bytes_get_data (bytes, length) : NULL;
  if (*text == NULL)
    *text = "";
  return bytes;
}

static void
take_settings (PscProbeBatch *batch, PscHugeSettings *settings)
{
  const char *text;
  gsize length;
  guint64 number;
  PscCursor cursor;
  g_autoptr (GBytes) enabled = NULL, slot_enabled = NULL, shmem = NULL, defrag = NULL, none = NULL;

  enabled = take (batch, &text, &length);
  settings->anon = psc_huge_parse_mode (text, length, PSC_HUGE_MODE_UNKNOWN);
  slot_enabled = take (batch, &text, &length);
  settings->anon = psc_huge_parse_mode (text, length, settings->anon);
  shmem = take (batch, &text, &length);
  settings->shmem = psc_huge_parse_shmem (text, length);
  defrag = take (batch, &text, &length);
  settings->defrag = psc_huge_parse_defrag (text, length);
  none = take (batch, &text, &length);
  cursor = psc_cursor (text, length);
  settings->max_ptes_none_known = psc_cursor_decimal (&cursor, &number) && number <= G_MAXUINT;
  settings->max_ptes_none = settings->max_ptes_none_known ? (guint) number : 0;
}

static void
read_system (PscProbe *probe, PscHugeSettings *settings)
{
  static const enum psc_wire_file files[] = {
    PSC_WIRE_FILE_THP_ENABLED, PSC_WIRE_FILE_THP_SLOT_ENABLED,  PSC_WIRE_FILE_THP_SHMEM,
    PSC_WIRE_FILE_THP_DEFRAG,  PSC_WIRE_FILE_THP_MAX_PTES_NONE,
  };
  g_autoptr (PscProbeBatch) batch = psc_probe_batch_new (probe, 0);

  *settings = (PscHugeSettings){ 0 };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    psc_probe_batch_add_read (batch, files[i], MAX_BYTES);
  if (psc_probe_batch_send (batch, NULL))
    take_settings (batch, settings);
}

PscHugeSettings
psc_huge_reader_read (PscHugeReader *reader, PscProbe *probe, gint thp_enabled)
{
  gint64 now = g_get_monotonic_time ();
  PscHugeSettings settings;

  if (reader->read_usec == 0 || now - reader->read_usec > MAX_AGE_USEC)
    {
      read_system (probe, &reader->system);
      reader->read_usec = now;
    }
  settings = reader->system;
  settings.process_known = thp_enabled >= 0;
  settings.process_off = thp_enabled == 0;
  return settings;
}

gboolean
psc_huge_settings_equal (const PscHugeSettings *a, const PscHugeSettings *b)
{
  return a->anon == b->anon && a->shmem == b->shmem && a->defrag == b->defrag &&
         a->max_ptes_none_known == b->max_ptes_none_known && a->max_ptes_none == b->max_ptes_none &&
         a->process_known == b->process_known && a->process_off == b->process_off;
}
