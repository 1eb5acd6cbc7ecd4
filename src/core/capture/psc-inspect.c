/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-inspect.h"

#include "psc-capture-notes.h"

/* Documentation/admin-guide/mm/pagemap.rst */
#define PAGEMAP_FRAME_MASK ((G_GUINT64_CONSTANT (1) << 55) - 1)
#define SUBPAGE(flags)     (((flags) >> PSC_FRAME_TAIL) & 1)
#define HEADPAGE(flags)    (((flags) >> PSC_FRAME_HEAD) & 1)

/* Frames around one that are looked at for the ends of its folio: the largest transparent one.
 * Those of 1 GiB are hugetlb, whose size the mapping tells. */
#define FOLIO_FRAMES 512u

guint
psc_inspect_folio_order (const guint64 *flags, guint64 first, gsize n, guint64 frame)
{
  gsize at = (gsize) (frame - first);
  gsize head = at;
  gsize end;

  if (!SUBPAGE (flags[at]) && !HEADPAGE (flags[at]))
    return 0;
  while (head > 0 && SUBPAGE (flags[head]))
    head--;
  for (end = head + 1; end < n && SUBPAGE (flags[end]); end++)
    continue;
  return g_bit_storage (end - head) - 1;
}

static void
take_pagemap (PscPageFacts *facts, guint64 word)
{
  facts->known = PSC_FACT_PAGEMAP;
  facts->present = (word & PSC_WIRE_PAGEMAP_PRESENT) != 0;
  facts->exclusive = facts->present && word & PSC_WIRE_PAGEMAP_EXCLUSIVE;
  facts->soft_dirty = (word & PSC_WIRE_PAGEMAP_SOFT_DIRTY) != 0;
  /* Without CAP_SYS_ADMIN at the opening the kernel says 0, which no page of a process has. */
  if (facts->present && (word & PAGEMAP_FRAME_MASK) != 0)
    {
      facts->frame = word & PAGEMAP_FRAME_MASK;
      facts->known |= PSC_FACT_FRAME;
    }
}

/* A window of frames whose flags and counts were read; the next page is often in the same. */
typedef struct
{
  PscTarget *target;
  guint64 first;
  gssize n_flags, n_counts;
  guint64 flags[2 * FOLIO_FRAMES];
  guint64 counts[2 * FOLIO_FRAMES];
  GError *error;
} Window;

static gboolean
window_covers (const Window *window, guint64 frame)
{
  return window->n_flags > 0 && frame >= window->first &&
         frame - window->first < (guint64) window->n_flags;
}

static void
window_read (Window *window, guint64 frame)
{
  PscProbe *probe = psc_target_get_probe (window->target);

  window->first = frame - frame % FOLIO_FRAMES;
  window->n_flags = psc_probe_words (probe, 0, PSC_WIRE_TABLE_KPAGEFLAGS, window->first,
                                     2 * FOLIO_FRAMES, window->flags, &window->error);
  window->n_counts = -1;
  if (window->error == NULL)
    window->n_counts = psc_probe_words (probe, 0, PSC_WIRE_TABLE_KPAGECOUNT, window->first,
                                        2 * FOLIO_FRAMES, window->counts, NULL);
}

static void
take_flags (PscPageFacts *facts, Window *window)
{
  gsize at;

  if (!window_covers (window, facts->frame))
    window_read (window, facts->frame);
  if (!window_covers (window, facts->frame))
    return;
  at = (gsize) (facts->frame - window->first);
  facts->flags = window->flags[at];
  facts->order =
      psc_inspect_folio_order (window->flags, window->first, (gsize) window->n_flags, facts->frame);
  facts->known |= PSC_FACT_FLAGS;
  if ((gssize) at < window->n_counts)
    {
      facts->map_count = window->counts[at];
      facts->known |= PSC_FACT_COUNT;
    }
}

static gboolean
has_hidden_frames (const PscInspection *inspection)
{
  for (guint i = 0; i < inspection->n_pages; i++)
    if (inspection->pages[i].present && !(inspection->pages[i].known & PSC_FACT_FRAME))
      return TRUE;
  return FALSE;
}

PscUnknown
psc_inspect_unknown_frames (void)
{
  return (PscUnknown){
    PSC_REASON_DENIED,
    "page frames",
    "The kernel shows frame numbers to administrators only",
    "run the probe as root, or with CAP_SYS_ADMIN",
  };
}

PscUnknown
psc_inspect_unknown_flags (const GError *error)
{
  if (error == NULL)
    return (PscUnknown){
      PSC_REASON_DENIED,
      "flags of page frames",
      "They are found by frame number",
      "run the probe as root, or with CAP_SYS_ADMIN and CAP_DAC_READ_SEARCH",
    };
  return (PscUnknown){
    psc_capture_reason_of (error),
    "flags of page frames",
    "They can't be read here",
    "give the probe CAP_DAC_READ_SEARCH; the kernel needs CONFIG_PROC_PAGE_MONITOR",
  };
}

static void
note_missing (PscInspection *inspection, const GError *flags_error)
{
  if (has_hidden_frames (inspection))
    {
      inspection->frames = psc_inspect_unknown_frames ();
      inspection->flags = psc_inspect_unknown_flags (NULL);
    }
  else if (flags_error != NULL)
    inspection->flags = psc_inspect_unknown_flags (flags_error);
}

PscInspection *
psc_target_inspect (PscTarget *target, guint64 start, guint n_pages, GError **error)
{
  PscProbe *probe = psc_target_get_probe (target);
  gsize page_size = psc_probe_get_host (probe)->page_size;
  g_autofree guint64 *words = NULL;
  g_autofree Window *window = NULL;
  PscInspection *inspection;
  gssize n_words;

  g_return_val_if_fail (start % page_size == 0, NULL);
  g_return_val_if_fail (n_pages > 0 && n_pages <= PSC_INSPECT_MAX_PAGES, NULL);

  words = g_new (guint64, n_pages);
  n_words = psc_probe_words (probe, psc_target_get_handle (target), PSC_WIRE_TABLE_PAGEMAP,
                             start / page_size, n_pages, words, error);
  if (n_words < 0)
    return NULL;
  window = g_new0 (Window, 1);
  window->target = target;
  inspection = g_new0 (PscInspection, 1);
  inspection->n_pages = (guint) n_words;
  inspection->pages = g_new0 (PscPageFacts, n_pages);
  for (guint i = 0; i < inspection->n_pages; i++)
    {
      PscPageFacts *facts = &inspection->pages[i];

      facts->address = start + i * page_size;
      take_pagemap (facts, words[i]);
      if (facts->known & PSC_FACT_FRAME && window->error == NULL)
        take_flags (facts, window);
    }
  note_missing (inspection, window->error);
  g_clear_error (&window->error);
  return inspection;
}

void
psc_inspection_free (PscInspection *inspection)
{
  if (inspection == NULL)
    return;
  g_free (inspection->pages);
  g_free (inspection);
}

char *
psc_page_facts_dup_flags (const PscPageFacts *facts)
{
  static const struct
  {
    PscFrameFlag flag;
    const char *word;
  } words[] = {
    { PSC_FRAME_DIRTY, "dirty" },
    { PSC_FRAME_WRITEBACK, "being written back" },
    { PSC_FRAME_REFERENCED, "referenced" },
    { PSC_FRAME_ACTIVE, "active" },
    { PSC_FRAME_IDLE, "idle" },
    { PSC_FRAME_UNEVICTABLE, "unevictable" },
    { PSC_FRAME_SWAPCACHE, "in the swap cache" },
    { PSC_FRAME_KSM, "merged (KSM)" },
    { PSC_FRAME_ZERO_PAGE, "zero page" },
    { PSC_FRAME_ANON, "anonymous" },
  };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (facts->flags >> words[i].flag & 1)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", words[i].word);
  return g_string_free (text, FALSE);
}
