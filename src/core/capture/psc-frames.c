/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-frames.h"

#include <stdlib.h>

#include "psc-frame-traits.h"
#include "psc-inspect.h"

/* Documentation/admin-guide/mm/pagemap.rst */
#define PAGEMAP_FRAME_MASK ((G_GUINT64_CONSTANT (1) << 55) - 1)
#define IS_TAIL(flags)     (((flags) >> PSC_FRAME_TAIL) & 1)
#define IS_HEAD(flags)     (((flags) >> PSC_FRAME_HEAD) & 1)

/* A round trip to the probe costs as much as reading so many words that nobody needs. */
#define PAGES_GAP  512u
#define FRAMES_GAP 256u
/* Frames of a folio that are looked at for its ends; larger ones are of the largest class. */
#define FOLIO_FRAMES 512u
/* Beyond the range on either side, so that stretches across its ends are told right. */
#define MARGIN (G_GUINT64_CONSTANT (2) << 20)

/* Flags of frames [first, first + n). */
typedef struct
{
  guint64 first;
  guint n;
  guint at; /* in Reader.flags */
} FlagRange;

typedef struct
{
  PscProbe *probe;
  guint handle;
  gsize page_size;
  GArray *pages;       /* PscFramedPage */
  gboolean hidden;     /* a frame was not shown */
  GArray *flags;       /* guint64, of all ranges */
  GArray *ranges;      /* FlagRange, sorted */
  GHashTable *windows; /* guint64 number of window -> guint64[FOLIO_FRAMES], for what lies beside */
  guint64 folio, behind; /* frames [folio, behind) are the folio that was last looked at */
  GError *error;         /* of reading flags */
} Reader;

/* --- pagemap ------------------------------------------------------------------------------- */

static gboolean
is_small (const PscRun *run)
{
  PscPageClass klass = psc_page_class (run->state);

  return klass == PSC_CLASS_RESIDENT || klass == PSC_CLASS_RESIDENT_FILE;
}

/* Stretches of pages to read, as [start, end) pairs of addresses in an array of guint64, and how
 * far they reach when there are more than max_pages. */
static GArray *
plan_pages (const PscSpace *space, guint64 start, guint64 *end, guint max_pages)
{
  GArray *plan = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 from = start > MARGIN ? start - MARGIN : 0;
  guint64 to = *end < G_MAXUINT64 - MARGIN ? *end + MARGIN : G_MAXUINT64;
  guint64 left = max_pages * space->page_size;
  guint mapping = psc_space_lower_bound (space, from);
  guint i = mapping < space->n_mappings ? space->mappings[mapping].first_run : space->n_runs;

  for (; i < space->n_runs && space->runs[i].start < to; i++)
    {
      guint64 low = MAX (space->runs[i].start, from);
      guint64 high = MIN (psc_run_end (&space->runs[i], space->page_size), to);

      if (low >= high || !is_small (&space->runs[i]))
        continue;
      /* Those beside the range are extra. */
      if (MAX (low, start) < MIN (high, *end))
        {
          guint64 wanted = MIN (high, *end) - MAX (low, start);

          if (wanted > left)
            {
              *end = MAX (low, start) + left;
              to = MIN (*end + MARGIN, to);
              high = MIN (high, to);
            }
          left -= MIN (wanted, left);
        }
      g_array_append_val (plan, low);
      g_array_append_val (plan, high);
    }
  return plan;
}

static void
take_word (Reader *reader, guint64 address, guint64 word)
{
  PscFramedPage page = { address, word & PAGEMAP_FRAME_MASK, 0, 0 };

  if (!(word & PSC_WIRE_PAGEMAP_PRESENT))
    return;
  /* Without CAP_SYS_ADMIN at the opening the kernel says 0, which no page of a process has. */
  if (page.frame == 0)
    reader->hidden = TRUE;
  else
    g_array_append_val (reader->pages, page);
}

/* Stretches [first, last) of the plan, that lie so near one another that one request does. */
static gboolean
read_near (Reader *reader, const guint64 *plan, guint first, guint last, guint64 *words,
           GError **error)
{
  gsize page_size = reader->page_size;
  guint64 start = plan[first];
  guint n_words = (guint) ((plan[last - 1] - start) / page_size);
  gssize n = psc_probe_words (reader->probe, reader->handle, PSC_WIRE_TABLE_PAGEMAP,
                              start / page_size, n_words, words, error);

  if (n < 0)
    return FALSE;
  for (guint i = first; i < last; i += 2)
    for (guint64 at = plan[i]; at < plan[i + 1]; at += page_size)
      if ((at - start) / page_size < (guint64) n)
        take_word (reader, at, words[(at - start) / page_size]);
  return TRUE;
}

/* Cuts stretches so that none is longer than a request may ask for. */
static GArray *
cut_plan (GArray *plan, gsize page_size)
{
  const guint64 most = PSC_WIRE_MAX_WORDS * page_size;
  GArray *cut = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint i = 0; i < plan->len; i += 2)
    {
      guint64 end = g_array_index (plan, guint64, i + 1);

      for (guint64 at = g_array_index (plan, guint64, i); at < end;)
        {
          guint64 next = MIN (end, at + most);

          g_array_append_val (cut, at);
          g_array_append_val (cut, next);
          at = next;
        }
    }
  g_array_unref (plan);
  return cut;
}

static gboolean
read_pages (Reader *reader, const GArray *plan, GError **error)
{
  const guint64 *addresses = (const guint64 *) (const void *) plan->data;
  g_autofree guint64 *words = g_new (guint64, PSC_WIRE_MAX_WORDS);
  gsize page_size = reader->page_size;

  for (guint i = 0, last; i < plan->len && !reader->hidden; i = last)
    {
      for (last = i + 2; last < plan->len; last += 2)
        if (addresses[last] - addresses[last - 1] > PAGES_GAP * page_size ||
            addresses[last + 1] - addresses[i] > PSC_WIRE_MAX_WORDS * page_size)
          break;
      if (!read_near (reader, addresses, i, last, words, error))
        return FALSE;
    }
  return TRUE;
}

/* --- flags --------------------------------------------------------------------------------- */

static int
compare_frames (const void *a, const void *b)
{
  guint64 x = *(const guint64 *) a;
  guint64 y = *(const guint64 *) b;

  return (x > y) - (x < y);
}

static gboolean
read_flag_range (Reader *reader, guint64 first, guint n)
{
  FlagRange range = { first, 0, reader->flags->len };
  gssize got;

  g_array_set_size (reader->flags, range.at + n);
  got = psc_probe_words (reader->probe, 0, PSC_WIRE_TABLE_KPAGEFLAGS, first, n,
                         &g_array_index (reader->flags, guint64, range.at), &reader->error);
  if (got < 0)
    return FALSE;
  range.n = (guint) got;
  g_array_set_size (reader->flags, range.at + range.n);
  g_array_append_val (reader->ranges, range);
  return TRUE;
}

/* Frames are read in their own order, each once, wherever their pages are. */
static void
read_flags (Reader *reader)
{
  guint n = reader->pages->len;
  g_autofree guint64 *frames = g_new (guint64, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    frames[i] = g_array_index (reader->pages, PscFramedPage, i).frame;
  qsort (frames, n, sizeof *frames, compare_frames);
  for (guint i = 0, last; i < n; i = last)
    {
      for (last = i + 1; last < n; last++)
        if (frames[last] - frames[last - 1] > FRAMES_GAP ||
            frames[last] - frames[i] >= PSC_WIRE_MAX_WORDS)
          break;
      if (!read_flag_range (reader, frames[i], (guint) (frames[last - 1] - frames[i] + 1)))
        return;
    }
}

static const guint64 *
get_window (Reader *reader, guint64 number)
{
  guint64 *window = g_hash_table_lookup (reader->windows, &number);
  guint64 *key;

  if (window != NULL)
    return window;
  window = g_new0 (guint64, FOLIO_FRAMES);
  key = g_new (guint64, 1);
  *key = number;
  g_hash_table_insert (reader->windows, key, window);
  if (reader->error == NULL)
    psc_probe_words (reader->probe, 0, PSC_WIRE_TABLE_KPAGEFLAGS, number * FOLIO_FRAMES,
                     FOLIO_FRAMES, window, &reader->error);
  return window;
}

/* Of any frame: mostly read already, else its surroundings are. Beyond the end of memory: 0. */
static guint64
get_flags (Reader *reader, guint64 frame)
{
  guint low = 0;
  guint high = reader->ranges->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const FlagRange *range = &g_array_index (reader->ranges, FlagRange, middle);

      if (frame < range->first)
        high = middle;
      else if (frame >= range->first + range->n)
        low = middle + 1;
      else
        return g_array_index (reader->flags, guint64, range->at + (guint) (frame - range->first));
    }
  return get_window (reader, frame / FOLIO_FRAMES)[frame % FOLIO_FRAMES];
}

/* A folio is a head and its tails, one frame after another. */
static void
find_folio (Reader *reader, guint64 frame)
{
  guint64 flags = get_flags (reader, frame);
  guint64 head = frame;
  guint64 behind;

  reader->folio = frame;
  reader->behind = frame + 1;
  if (!IS_HEAD (flags) && !IS_TAIL (flags))
    return;
  while (head > 0 && frame - head < FOLIO_FRAMES && IS_TAIL (get_flags (reader, head)))
    head--;
  for (behind = head + 1; behind - head < FOLIO_FRAMES && IS_TAIL (get_flags (reader, behind));)
    behind++;
  reader->folio = head;
  reader->behind = MAX (behind, frame + 1);
}

static void
find_folios (Reader *reader)
{
  for (guint i = 0; i < reader->pages->len && reader->error == NULL; i++)
    {
      PscFramedPage *page = &g_array_index (reader->pages, PscFramedPage, i);

      if (page->frame < reader->folio || page->frame >= reader->behind)
        find_folio (reader, page->frame);
      if (reader->error != NULL)
        break;
      page->folio_size = (reader->behind - reader->folio) * reader->page_size;
      /* Older kernels tell what holds for a folio of its first frame alone. */
      page->flags = get_flags (reader, page->frame) | get_flags (reader, reader->folio);
    }
}

/* --- all of it ----------------------------------------------------------------------------- */

static void
reader_init (Reader *reader, PscTarget *target)
{
  *reader =
      (Reader){ .probe = psc_target_get_probe (target), .handle = psc_target_get_handle (target) };
  reader->page_size = psc_probe_get_host (reader->probe)->page_size;
  reader->pages = g_array_new (FALSE, FALSE, sizeof (PscFramedPage));
  reader->flags = g_array_new (FALSE, FALSE, sizeof (guint64));
  reader->ranges = g_array_new (FALSE, FALSE, sizeof (FlagRange));
  reader->windows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
}

static void
reader_clear (Reader *reader)
{
  g_array_unref (reader->pages);
  g_array_unref (reader->flags);
  g_array_unref (reader->ranges);
  g_hash_table_unref (reader->windows);
  g_clear_error (&reader->error);
}

static PscFrames *
frames_new (const Reader *reader, guint64 start, guint64 end)
{
  const PscFramedPage *pages = (const PscFramedPage *) (const void *) reader->pages->data;
  PscFrames *frames = g_new0 (PscFrames, 1);

  frames->start = start;
  frames->end = end;
  frames->n_pages = reader->pages->len;
  frames->order =
      psc_frame_traits_new_order (pages, reader->pages->len, reader->page_size, start, end);
  frames->activity =
      psc_frame_traits_new_activity (pages, reader->pages->len, reader->page_size, start, end);
  frames->contiguity =
      psc_frame_traits_new_contiguity (pages, reader->pages->len, reader->page_size, start, end);
  if (reader->hidden)
    {
      frames->frames = psc_inspect_unknown_frames ();
      frames->flags = psc_inspect_unknown_flags (NULL);
    }
  else if (reader->error != NULL)
    frames->flags = psc_inspect_unknown_flags (reader->error);
  return frames;
}

PscFrames *
psc_target_read_frames (PscTarget *target, const PscSpace *space, guint64 start, guint64 end,
                        guint max_pages, GError **error)
{
  PscFrames *frames = NULL;
  GArray *plan;
  Reader reader;

  g_return_val_if_fail (start % space->page_size == 0 && end % space->page_size == 0, NULL);
  g_return_val_if_fail (max_pages > 0 && max_pages <= PSC_FRAMES_MAX_PAGES, NULL);

  plan = cut_plan (plan_pages (space, start, &end, max_pages), space->page_size);
  reader_init (&reader, target);
  if (read_pages (&reader, plan, error))
    {
      read_flags (&reader);
      find_folios (&reader);
      frames = frames_new (&reader, start, end);
    }
  reader_clear (&reader);
  g_array_unref (plan);
  return frames;
}

void
psc_frames_free (PscFrames *frames)
{
  if (frames == NULL)
    return;
  psc_traits_unref (frames->order);
  psc_traits_unref (frames->contiguity);
  psc_traits_unref (frames->activity);
  g_free (frames);
}
