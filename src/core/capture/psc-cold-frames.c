/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cold.h"

#include <string.h>

#include "psc-frame-traits.h"
#include "psc-frames.h"

/* Documentation/admin-guide/mm/pagemap.rst */
#define FRAME_MASK ((G_GUINT64_CONSTANT (1) << 55) - 1)
#define MAX_BYTES  G_GUINT64_CONSTANT (4096)
/* Of lru_gen/enabled: Documentation/admin-guide/mm/multigen_lru.rst */
#define LRU_GEN_MAIN 1u

/* Where pages are kept by generation the flags active and referenced mean something else. */
static gboolean
check_lists (PscProbe *probe, GError **error)
{
  g_autoptr (GError) read_error = NULL;
  g_autoptr (GBytes) bytes =
      psc_probe_read (probe, 0, PSC_WIRE_FILE_LRU_GEN, MAX_BYTES, NULL, &read_error);
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, NULL) : NULL;

  if (g_error_matches (read_error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_UNSUPPORTED))
    return TRUE;
  if (bytes == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&read_error));
      return FALSE;
    }
  /* "0x0007"; NUL-terminated beyond its length. */
  if (text == NULL || (g_ascii_strtoull (text, NULL, 16) & LRU_GEN_MAIN) == 0)
    return TRUE;
  g_set_error_literal (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_UNSUPPORTED,
                       "This kernel keeps pages by generation (MGLRU), and page flags don't tell "
                       "which are used: clear the referenced bits instead");
  return FALSE;
}

static void
count (PscColdSums *sums, PscActivity activity, guint64 bytes)
{
  if (activity == PSC_ACTIVITY_USED)
    sums->touched += bytes;
  else
    sums->cold += bytes;
}

/* Traits lie inside mappings, but one may reach from a mapping into the next. */
static void
add_traits (PscCold *cold, const PscTraits *traits)
{
  const PscSpace *space = cold->space;
  guint m = traits->n_traits > 0 ? psc_space_lower_bound (space, traits->traits[0].start) : 0;

  for (guint i = 0; i < traits->n_traits; i++)
    {
      const PscTrait *trait = &traits->traits[i];
      guint64 end = psc_trait_end (trait, space->page_size);

      for (guint64 at = trait->start; at < end && m < space->n_mappings;)
        {
          guint64 low = MAX (at, space->mappings[m].start);
          guint64 high = MIN (end, space->mappings[m].end);

          if (low < high)
            count (&cold->mappings[m], (PscActivity) trait->value, high - low);
          at = MAX (at, high);
          if (at >= space->mappings[m].end)
            m++;
          else if (high <= low)
            break;
        }
    }
}

static gboolean
set_missing (const PscFrames *frames, GError **error)
{
  const PscUnknown *missing = frames->frames.what != NULL ? &frames->frames : &frames->flags;

  if (missing->what == NULL)
    return FALSE;
  g_set_error (
      error, PSC_PROBE_ERROR,
      missing->reason == PSC_REASON_DENIED ? PSC_PROBE_ERROR_DENIED : PSC_PROBE_ERROR_UNSUPPORTED,
      "Can't tell what the kernel takes for unused: %s; %s", missing->why, missing->remedy);
  return TRUE;
}

static gboolean
add_small_pages (PscCold *cold, PscTarget *target, GError **error)
{
  const guint64 last = G_MAXUINT64 - G_MAXUINT64 % cold->space->page_size;

  for (guint64 start = 0; start < last;)
    {
      g_autoptr (PscFrames) frames =
          psc_target_read_frames (target, cold->space, start, last, PSC_FRAMES_MAX_PAGES, error);

      if (frames == NULL || set_missing (frames, error))
        return FALSE;
      add_traits (cold, frames->activity);
      start = frames->end;
    }
  return TRUE;
}

/* Of the first page of a huge page, which is a folio. FALSE on error; *known when it was told. */
static gboolean
read_activity (PscTarget *target, const PscSpace *space, guint64 address, PscActivity *activity,
               gboolean *known, GError **error)
{
  PscProbe *probe = psc_target_get_probe (target);
  guint64 word = 0, flags = 0;
  gssize n = psc_probe_words (probe, psc_target_get_handle (target), PSC_WIRE_TABLE_PAGEMAP,
                              address / space->page_size, 1, &word, error);

  *known = FALSE;
  if (n < 0)
    return FALSE;
  if (!(word & PSC_WIRE_PAGEMAP_PRESENT) || (word & FRAME_MASK) == 0)
    return TRUE;
  n = psc_probe_words (probe, 0, PSC_WIRE_TABLE_KPAGEFLAGS, word & FRAME_MASK, 1, &flags, error);
  *known = n == 1;
  *activity = psc_activity (flags);
  return n >= 0;
}

static gboolean
add_huge_run (PscCold *cold, PscColdSums *sums, PscTarget *target, const PscRun *run,
              GError **error)
{
  const PscSpace *space = cold->space;
  guint64 end = psc_run_end (run, space->page_size);

  for (guint64 at = run->start, next; at < end; at = next)
    {
      PscActivity activity = PSC_ACTIVITY_USED;
      gboolean known;

      next = MIN (end, at - at % space->row_size + space->row_size);
      if (!read_activity (target, space, at, &activity, &known, error))
        return FALSE;
      if (known)
        count (sums, activity, next - at);
    }
  return TRUE;
}

static gboolean
add_huge_pages (PscCold *cold, PscTarget *target, GError **error)
{
  const PscSpace *space = cold->space;

  for (guint i = 0; i < space->n_mappings; i++)
    for (guint j = 0; j < space->mappings[i].n_runs; j++)
      {
        const PscRun *run = &space->runs[space->mappings[i].first_run + j];

        if (psc_page_class (run->state) == PSC_CLASS_HUGE &&
            !add_huge_run (cold, &cold->mappings[i], target, run, error))
          return FALSE;
      }
  return TRUE;
}

static void
sum_up (PscCold *cold)
{
  for (guint i = 0; i < cold->space->n_mappings; i++)
    {
      const PscMapping *mapping = &cold->space->mappings[i];
      PscColdSums *sums = &cold->mappings[i];
      PscColdSums *const sinks[] = { &cold->kinds[mapping->kind], &cold->total };

      /* What came since the snapshot is not of it. */
      sums->resident = MAX (mapping->resident, sums->touched + sums->cold);
      sums->unknown = sums->resident - sums->touched - sums->cold;
      for (guint j = 0; j < G_N_ELEMENTS (sinks); j++)
        {
          sinks[j]->resident += sums->resident;
          sinks[j]->touched += sums->touched;
          sinks[j]->cold += sums->cold;
          sinks[j]->unknown += sums->unknown;
        }
    }
}

PscCold *
psc_cold_read_frames (PscTarget *target, PscSpace *space, GError **error)
{
  g_autoptr (PscCold) cold = NULL;

  g_return_val_if_fail (target != NULL && space != NULL, NULL);

  if (!check_lists (psc_target_get_probe (target), error))
    return NULL;
  cold = g_new0 (PscCold, 1);
  cold->source = PSC_COLD_FRAMES;
  cold->space = psc_space_ref (space);
  cold->mappings = g_new0 (PscColdSums, space->n_mappings);
  if (!add_small_pages (cold, target, error) || !add_huge_pages (cold, target, error))
    return NULL;
  sum_up (cold);
  return g_steal_pointer (&cold);
}
