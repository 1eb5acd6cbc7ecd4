/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-history.h"

#include "psc-framer.h"
#include "psc-pack.h"

#define MAX_PAUSES 1000
/* Bookkeeping of a snapshot, counted in the budget: one that is as the one before has no bytes. */
#define ENTRY_BYTES sizeof (Entry)

/* A packed body, which several moments may have in common and deltas may stand on. */
typedef struct _Blob Blob;

struct _Blob
{
  gatomicrefcount ref_count;
  GBytes *packed;
  gsize size;  /* of the body */
  Blob *key;   /* NULL: it is one */
  guint users; /* entries and deltas of the history; guarded by its lock */
};

typedef struct
{
  PscSpaceHead head;
  Blob *blob;
} Entry;

/* What is to be packed. */
typedef struct
{
  PscSpace *space;
  PscSpaceHead head;
  PscKeep keep;
} Pending;

struct _PscHistory
{
  /* Of the thread that adds. */
  PscTimeline *timeline;
  gint pid;
  guint64 start_time;
  gint64 last_usec, shift_usec;
  gboolean has_paused;

  /* Of the thread that packs. */
  PscFramer *framer;
  Blob *key, *last_blob;

  guint64 budget;
  PscThinning thinning;
  GThreadPool *packer;

  GMutex lock; /* of all that follows */
  GCond packed;
  GArray *entries; /* Entry, in order of time */
  GArray *items;   /* PscThinningItem, one for each */
  GQueue pending;  /* Pending, oldest first; the head is being packed */
  GArray *pauses;  /* PscPause */
  guint64 bytes;
  Blob *unpacked; /* the key that was needed last */
  GBytes *unpacked_body;
};

/* ---- Blobs ---- */

static Blob *
blob_new (const PscFrame *frame, Blob *key)
{
  Blob *blob = g_new0 (Blob, 1);

  g_atomic_ref_count_init (&blob->ref_count);
  blob->packed = g_bytes_ref (frame->packed);
  blob->size = frame->size;
  if (key != NULL)
    g_atomic_ref_count_inc (&key->ref_count);
  blob->key = key;
  return blob;
}

static Blob *
blob_ref (Blob *blob)
{
  g_atomic_ref_count_inc (&blob->ref_count);
  return blob;
}

static void
blob_unref (Blob *blob)
{
  if (blob == NULL || !g_atomic_ref_count_dec (&blob->ref_count))
    return;
  g_bytes_unref (blob->packed);
  blob_unref (blob->key);
  g_free (blob);
}

static void
use_blob (PscHistory *history, Blob *blob)
{
  if (blob->users++ > 0)
    return;
  history->bytes += g_bytes_get_size (blob->packed);
  if (blob->key != NULL)
    use_blob (history, blob->key);
}

static void
disuse_blob (PscHistory *history, Blob *blob)
{
  if (--blob->users > 0)
    return;
  history->bytes -= g_bytes_get_size (blob->packed);
  if (blob->key != NULL)
    disuse_blob (history, blob->key);
}

/* ---- The thread that packs ---- */

static void
drop_entry (PscHistory *history, guint index)
{
  Blob *blob = g_array_index (history->entries, Entry, index).blob;

  disuse_blob (history, blob);
  blob_unref (blob);
  history->bytes -= ENTRY_BYTES;
  g_array_remove_index (history->entries, index);
  g_array_remove_index (history->items, index);
}

static void
thin_out (PscHistory *history)
{
  while (history->bytes > history->budget)
    {
      guint index =
          psc_thinning_choose ((const PscThinningItem *) (const void *) history->items->data,
                               history->items->len, history->thinning);

      if (index == 0)
        return;
      drop_entry (history, index);
    }
}

/* The last one on this side of an exec or a pause stays as well. */
static void
mark_last (PscHistory *history)
{
  guint n = history->entries->len;

  if (n > 0)
    g_array_index (history->items, PscThinningItem, n - 1).keep = PSC_KEEP_MARK;
}

static void
add_entry (PscHistory *history, const Pending *pending, Blob *blob)
{
  Entry entry = { pending->head, blob_ref (blob) };
  PscThinningItem item = { pending->head.time_usec, pending->keep };

  if (pending->keep == PSC_KEEP_MARK)
    mark_last (history);
  g_array_append_val (history->entries, entry);
  g_array_append_val (history->items, item);
  use_blob (history, blob);
  history->bytes += ENTRY_BYTES;
  thin_out (history);
}

static Blob *
make_blob (PscHistory *history, const PscFrame *frame)
{
  Blob *blob;

  if (frame->type == PSC_FRAME_SAME)
    return blob_ref (history->last_blob);
  blob = blob_new (frame, frame->type == PSC_FRAME_DELTA ? history->key : NULL);
  if (frame->type == PSC_FRAME_KEY)
    {
      blob_unref (history->key);
      history->key = blob_ref (blob);
    }
  blob_unref (history->last_blob);
  history->last_blob = blob_ref (blob);
  return blob;
}

static void
pending_free (gpointer data)
{
  Pending *pending = data;

  psc_space_unref (pending->space);
  g_free (pending);
}

/* One is too large to be kept: what comes before it has to do. */
static Blob *
pack (PscHistory *history, const Pending *pending)
{
  g_auto (PscFrame) frame = { 0 };
  g_autoptr (GError) error = NULL;

  if (psc_framer_add (history->framer, pending->space, &frame, &error))
    return make_blob (history, &frame);
  g_info ("%s", error->message);
  return NULL;
}

static void
pack_worker (gpointer task, gpointer data)
{
  PscHistory *history = data;
  Pending *pending;
  Blob *blob;

  g_mutex_lock (&history->lock);
  pending = g_queue_peek_head (&history->pending);
  g_mutex_unlock (&history->lock);
  if (pending == NULL)
    return;
  blob = pack (history, pending);
  g_mutex_lock (&history->lock);
  if (blob != NULL)
    add_entry (history, pending, blob);
  g_queue_pop_head (&history->pending);
  g_cond_broadcast (&history->packed);
  g_mutex_unlock (&history->lock);
  blob_unref (blob);
  pending_free (pending);
}

/* ---- The thread that adds ---- */

PscHistory *
psc_history_new (guint64 budget, PscThinning thinning)
{
  PscHistory *history = g_new0 (PscHistory, 1);

  history->timeline = psc_timeline_new ();
  history->framer = psc_framer_new ();
  history->budget = budget;
  history->thinning = thinning;
  history->packer = g_thread_pool_new (pack_worker, history, 1, FALSE, NULL);
  g_mutex_init (&history->lock);
  g_cond_init (&history->packed);
  history->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  history->items = g_array_new (FALSE, FALSE, sizeof (PscThinningItem));
  history->pauses = g_array_new (FALSE, FALSE, sizeof (PscPause));
  return history;
}

void
psc_history_free (PscHistory *history)
{
  if (history == NULL)
    return;
  g_thread_pool_free (history->packer, TRUE, TRUE);
  g_queue_clear_full (&history->pending, pending_free);
  for (guint i = 0; i < history->entries->len; i++)
    blob_unref (g_array_index (history->entries, Entry, i).blob);
  g_array_unref (history->entries);
  g_array_unref (history->items);
  g_array_unref (history->pauses);
  blob_unref (history->key);
  blob_unref (history->last_blob);
  blob_unref (history->unpacked);
  g_clear_pointer (&history->unpacked_body, g_bytes_unref);
  psc_framer_free (history->framer);
  psc_timeline_free (history->timeline);
  g_mutex_clear (&history->lock);
  g_cond_clear (&history->packed);
  g_free (history);
}

/* A moment as it was, at another time. */
static PscMoment *
moment_new_at (PscMoment *moment, gint64 time_usec)
{
  GArray *segments = g_array_new (FALSE, FALSE, sizeof (PscSegment));
  GArray *events = g_array_new (FALSE, FALSE, sizeof (PscEvent));
  PscMoment values = *moment;

  values.time_usec = time_usec;
  g_array_append_vals (segments, moment->segments, moment->n_segments);
  g_array_append_vals (events, moment->events, moment->n_events);
  for (guint i = 0; i < segments->len; i++)
    g_ref_string_acquire ((char *) g_array_index (segments, PscSegment, i).label);
  for (guint i = 0; i < events->len; i++)
    {
      PscEvent *event = &g_array_index (events, PscEvent, i);

      event->time_usec = time_usec;
      g_ref_string_acquire ((char *) event->label);
    }
  return psc_moment_new_take (&values, segments, events);
}

static gboolean
has_exec (const PscMoment *moment)
{
  for (guint i = 0; i < moment->n_events; i++)
    if (moment->events[i].type == PSC_EVENT_EXEC)
      return TRUE;
  return FALSE;
}

/* As in a recording: distances stay true. */
static gint64
next_time (PscHistory *history, gint64 time_usec)
{
  if (history->last_usec != 0 && time_usec + history->shift_usec <= history->last_usec)
    history->shift_usec = history->last_usec + 1 - time_usec;
  return time_usec + history->shift_usec;
}

static void
add_to_timeline (PscHistory *history, PscMoment *moment, gint64 time_usec)
{
  g_autoptr (PscMoment) at =
      moment->time_usec == time_usec ? psc_moment_ref (moment) : moment_new_at (moment, time_usec);

  psc_timeline_add (history->timeline, at);
}

/* With the lock. */
static void
end_pause (PscHistory *history, gint64 time_usec)
{
  PscPause pause = { history->last_usec, time_usec };

  g_array_append_val (history->pauses, pause);
  if (history->pauses->len > MAX_PAUSES)
    g_array_remove_index (history->pauses, 0);
}

void
psc_history_add (PscHistory *history, PscSpace *space, PscMoment *moment)
{
  gint64 time_usec;
  Pending *pending;

  g_return_if_fail (history->last_usec == 0 ||
                    (space->pid == history->pid && space->start_time == history->start_time));

  time_usec = next_time (history, moment->time_usec);
  add_to_timeline (history, moment, time_usec);
  pending = g_new0 (Pending, 1);
  pending->space = psc_space_ref (space);
  pending->head = psc_space_get_head (space);
  pending->head.time_usec = time_usec;
  pending->keep = history->has_paused || has_exec (moment) ? PSC_KEEP_MARK : PSC_KEEP_NOTHING;
  g_mutex_lock (&history->lock);
  if (history->has_paused)
    end_pause (history, time_usec);
  g_queue_push_tail (&history->pending, pending);
  g_mutex_unlock (&history->lock);
  g_thread_pool_push (history->packer, history, NULL);
  history->has_paused = FALSE;
  history->last_usec = time_usec;
  history->pid = space->pid;
  history->start_time = space->start_time;
}

void
psc_history_note_pause (PscHistory *history)
{
  history->has_paused = history->last_usec != 0;
}

PscTimeline *
psc_history_get_timeline (const PscHistory *history)
{
  return history->timeline;
}

/* ---- Any thread ---- */

GArray *
psc_history_dup_pauses (PscHistory *history)
{
  GArray *pauses = g_array_new (FALSE, FALSE, sizeof (PscPause));

  g_mutex_lock (&history->lock);
  g_array_append_vals (pauses, history->pauses->data, history->pauses->len);
  g_mutex_unlock (&history->lock);
  return pauses;
}

/* What is still to be packed is younger than all that is. */
static Pending *
find_pending (PscHistory *history, gint64 time_usec)
{
  for (GList *link = history->pending.tail; link != NULL; link = link->prev)
    {
      Pending *pending = link->data;

      if (pending->head.time_usec <= time_usec ||
          (link->prev == NULL && history->entries->len == 0))
        return pending;
    }
  return NULL;
}

static const Entry *
find_entry (PscHistory *history, gint64 time_usec)
{
  guint low = 0, high = history->entries->len;

  if (high == 0)
    return NULL;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (history->entries, Entry, middle).head.time_usec > time_usec)
        high = middle;
      else
        low = middle + 1;
    }
  return &g_array_index (history->entries, Entry, low > 0 ? low - 1 : 0);
}

static GBytes *
unpack (const Blob *blob, GBytes *key, GError **error)
{
  gsize n;
  gconstpointer packed = g_bytes_get_data (blob->packed, &n);

  return psc_unpack (packed, n, blob->size, PSC_CODEC_MAX_BYTES, key, error);
}

/* A reference. Two threads may unpack the same key at a time; one of them is remembered. */
static GBytes *
unpack_key (PscHistory *history, Blob *key, GError **error)
{
  GBytes *body = NULL;

  g_mutex_lock (&history->lock);
  if (history->unpacked == key)
    body = g_bytes_ref (history->unpacked_body);
  g_mutex_unlock (&history->lock);
  if (body != NULL)
    return body;
  body = unpack (key, NULL, error);
  if (body == NULL)
    return NULL;
  g_mutex_lock (&history->lock);
  blob_unref (history->unpacked);
  g_clear_pointer (&history->unpacked_body, g_bytes_unref);
  history->unpacked = blob_ref (key);
  history->unpacked_body = g_bytes_ref (body);
  g_mutex_unlock (&history->lock);
  return body;
}

static PscSpace *
decode (PscHistory *history, const Entry *entry, GError **error)
{
  Blob *key = entry->blob->key != NULL ? entry->blob->key : entry->blob;
  g_autoptr (GBytes) key_body = unpack_key (history, key, error);
  g_autoptr (GBytes) body = NULL;

  if (key_body == NULL)
    return NULL;
  if (key == entry->blob)
    return psc_codec_decode (key_body, &entry->head, error);
  body = unpack (entry->blob, key_body, error);
  return body != NULL ? psc_codec_decode (body, &entry->head, error) : NULL;
}

/* Its own copy of what is kept, for use without the lock: one of the two, or neither. */
static void
find (PscHistory *history, gint64 time_usec, PscSpace **space, Entry *copy)
{
  const Pending *pending;
  const Entry *entry;

  g_mutex_lock (&history->lock);
  pending = find_pending (history, time_usec);
  entry = pending == NULL ? find_entry (history, time_usec) : NULL;
  if (pending != NULL)
    {
      *space = psc_space_new_alike (pending->space);
      psc_space_set_head (*space, &pending->head);
    }
  else if (entry != NULL)
    *copy = (Entry){ entry->head, blob_ref (entry->blob) };
  g_mutex_unlock (&history->lock);
}

PscSpace *
psc_history_load (PscHistory *history, gint64 time_usec, GError **error)
{
  PscSpace *space = NULL;
  Entry entry = { 0 };

  find (history, time_usec, &space, &entry);
  if (entry.blob != NULL)
    {
      space = decode (history, &entry, error);
      blob_unref (entry.blob);
    }
  else if (space == NULL)
    g_set_error_literal (error, PSC_STORE_ERROR, PSC_STORE_ERROR_NOT_FOUND,
                         "Nothing of the past is kept yet");
  return space;
}

gint64
psc_history_time_at (PscHistory *history, gint64 time_usec)
{
  const Pending *pending;
  const Entry *entry;
  gint64 found = 0;

  g_mutex_lock (&history->lock);
  pending = find_pending (history, time_usec);
  entry = pending == NULL ? find_entry (history, time_usec) : NULL;
  if (pending != NULL)
    found = pending->head.time_usec;
  else if (entry != NULL)
    found = entry->head.time_usec;
  g_mutex_unlock (&history->lock);
  return found;
}

/* ---- Moment by moment ---- */

static gint64
past_find (gpointer data, gint64 time_usec)
{
  return psc_history_time_at (data, time_usec);
}

/* The first that is kept after a moment and has another body than the one there; NULL: none. */
static const PscSpaceHead *
find_other_entry (PscHistory *history, gint64 time_usec)
{
  const Entry *entries = (const Entry *) (gconstpointer) history->entries->data;
  const Entry *at = find_entry (history, time_usec);

  if (at == NULL)
    return NULL;
  for (const Entry *entry = at; entry < entries + history->entries->len; entry++)
    if (entry->head.time_usec > time_usec && entry->blob != at->blob)
      return &entry->head;
  return NULL;
}

static const PscSpaceHead *
find_later_pending (PscHistory *history, gint64 time_usec)
{
  for (const GList *link = history->pending.head; link != NULL; link = link->next)
    {
      const Pending *pending = link->data;

      if (pending->head.time_usec > time_usec)
        return &pending->head;
    }
  return NULL;
}

static gboolean
past_next (gpointer data, gint64 time_usec, gint64 until_usec, gint64 *next_usec, GError **error)
{
  PscHistory *history = data;
  const PscSpaceHead *head;

  g_mutex_lock (&history->lock);
  head = find_other_entry (history, time_usec);
  if (head == NULL)
    head = find_later_pending (history, time_usec);
  *next_usec = head != NULL && head->time_usec <= until_usec ? head->time_usec : 0;
  g_mutex_unlock (&history->lock);
  return TRUE;
}

static PscSpace *
past_load (gpointer data, gint64 time_usec, GError **error)
{
  return psc_history_load (data, time_usec, error);
}

const PscPastType psc_history_past = { past_find, past_next, past_load };

guint
psc_history_get_n_snapshots (PscHistory *history)
{
  guint n;

  g_mutex_lock (&history->lock);
  n = history->entries->len + history->pending.length;
  g_mutex_unlock (&history->lock);
  return n;
}

guint64
psc_history_get_bytes (PscHistory *history)
{
  guint64 bytes;

  g_mutex_lock (&history->lock);
  bytes = history->bytes;
  g_mutex_unlock (&history->lock);
  return bytes;
}

void
psc_history_settle (PscHistory *history)
{
  g_mutex_lock (&history->lock);
  while (history->pending.length > 0)
    g_cond_wait (&history->packed, &history->lock);
  g_mutex_unlock (&history->lock);
}
