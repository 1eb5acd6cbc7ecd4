/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-batch.h"

#include "psc-probe-private.h"

/* What most files fit into; more at once goes back to the kernel each time. */
#define FIRST_ROOM (4 << 10)

typedef struct
{
  enum psc_wire_type type; /* READ or SCAN */
  guint32 tag;
  guint handle;
  enum psc_wire_file file;
  guint64 max_bytes;
  PscProbeRegionTaker regions;
} Item;

struct _PscProbeBatch
{
  PscProbe *probe;
  guint handle;
  GArray *items; /* Item */
  GByteArray *frames;
  guint n_taken;
  gboolean locked;
};

PscProbeBatch *
psc_probe_batch_new (PscProbe *probe, guint handle)
{
  PscProbeBatch *batch = g_new0 (PscProbeBatch, 1);

  batch->probe = psc_probe_ref (probe);
  batch->handle = handle;
  batch->items = g_array_new (FALSE, FALSE, sizeof (Item));
  batch->frames = g_byte_array_new ();
  return batch;
}

/* Tags are given when the batch is sent; until then they count from 0. */
static void
add (PscProbeBatch *batch, Item *item, const struct psc_wire_writer *request)
{
  struct psc_wire_head head = { (guint32) request->length, item->type, 0, batch->items->len, 0 };
  guint8 bytes[PSC_WIRE_HEAD_SIZE];

  g_return_if_fail (!batch->locked && !request->overflow);

  psc_wire_head_encode (&head, bytes);
  g_byte_array_append (batch->frames, bytes, sizeof bytes);
  g_byte_array_append (batch->frames, request->data, (guint) request->length);
  item->tag = head.tag;
  g_array_append_val (batch->items, *item);
}

void
psc_probe_batch_add_read (PscProbeBatch *batch, enum psc_wire_file file, guint64 max_bytes)
{
  Item item = { .type = PSC_WIRE_READ, .file = file, .max_bytes = max_bytes };
  struct psc_wire_writer request;
  guint8 bytes[16];

  item.handle = file >= PSC_WIRE_FILE_MEMINFO ? 0 : batch->handle;
  psc_wire_writer_init (&request, bytes, sizeof bytes);
  psc_probe_put_read (&request, item.handle, file, max_bytes);
  add (batch, &item, &request);
}

void
psc_probe_batch_add_scan (PscProbeBatch *batch, const struct psc_wire_scan_range *ranges,
                          gsize n_ranges, guint hold_usec, guint sleep_usec,
                          PscProbeRegionFunc func, gpointer user_data)
{
  Item item = { .type = PSC_WIRE_SCAN,
                .handle = batch->handle,
                .regions = { func, user_data, batch->probe->host.page_size, 0 } };
  gsize size = 16 + n_ranges * sizeof *ranges;
  g_autofree guint8 *bytes = g_malloc (size);
  struct psc_wire_writer request;

  g_return_if_fail (n_ranges > 0 && n_ranges <= PSC_WIRE_MAX_RANGES);

  psc_wire_writer_init (&request, bytes, size);
  psc_probe_put_ranges (&request, PSC_WIRE_SCAN, batch->handle, hold_usec, sleep_usec, ranges,
                        n_ranges);
  add (batch, &item, &request);
}

/* Tags go on from the probe's last one. */
static void
give_tags (PscProbeBatch *batch)
{
  guint8 *at = batch->frames->data;

  for (guint i = 0; i < batch->items->len; i++)
    {
      struct psc_wire_head head;

      psc_wire_head_decode (at, G_MAXUINT32, &head);
      head.tag = g_array_index (batch->items, Item, i).tag = ++batch->probe->tag;
      psc_wire_head_encode (&head, at);
      at += PSC_WIRE_HEAD_SIZE + head.length;
    }
}

gboolean
psc_probe_batch_send (PscProbeBatch *batch, GError **error)
{
  g_return_val_if_fail (!batch->locked && batch->items->len > 0, FALSE);

  g_mutex_lock (&batch->probe->lock);
  give_tags (batch);
  if (!psc_probe_send_locked (batch->probe, batch->frames->data, batch->frames->len, error))
    {
      g_mutex_unlock (&batch->probe->lock);
      batch->n_taken = batch->items->len;
      return FALSE;
    }
  batch->locked = TRUE;
  return TRUE;
}

/* The next answer. FALSE with PSC_PROBE_ERROR_BROKEN. */
static gboolean
receive (PscProbeBatch *batch, const PscProbeQuestion *question, guint32 tag,
         PscProbeAnswer *answer, GError **error)
{
  gboolean good = psc_probe_receive_locked (batch->probe, question, tag, answer, error);

  /* A probe that is given up doesn't answer the rest either. */
  batch->n_taken = good ? batch->n_taken + 1 : batch->items->len;
  if (batch->n_taken == batch->items->len)
    {
      batch->locked = FALSE;
      g_mutex_unlock (&batch->probe->lock);
    }
  return good;
}

static void
set_errno (PscProbeBatch *batch, guint handle, int errnum, const char *doing, GError **error)
{
  if (batch->locked)
    psc_probe_set_errno_locked (batch->probe, handle, errnum, doing, error);
  else
    psc_probe_set_answer_errno (batch->probe, handle, errnum, doing, error);
}

static Item *
next_item (PscProbeBatch *batch, enum psc_wire_type type, GError **error)
{
  Item *item;

  if (!batch->locked)
    {
      g_set_error_literal (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_BROKEN,
                           "The probe was given up before it answered");
      return NULL;
    }
  item = &g_array_index (batch->items, Item, batch->n_taken);
  g_return_val_if_fail (item->type == type, NULL);
  return item;
}

GBytes *
psc_probe_batch_take_read (PscProbeBatch *batch, gboolean *truncated, PscProbeCost *cost,
                           GError **error)
{
  const Item *item = next_item (batch, PSC_WIRE_READ, error);
  g_autoptr (GString) text = NULL;
  PscProbeDataTaker taker;
  const PscProbeQuestion question = { PSC_WIRE_READ, PSC_WIRE_DATA, PSC_WIRE_END,
                                      psc_probe_take_data, &taker };
  PscProbeAnswer answer;

  if (item == NULL)
    return NULL;
  text = g_string_sized_new (FIRST_ROOM);
  taker = (PscProbeDataTaker){ text, item->max_bytes };
  if (!receive (batch, &question, item->tag, &answer, error))
    return NULL;
  if (answer.errnum != 0)
    {
      set_errno (batch, item->handle, answer.errnum, psc_probe_doing_with (item->file), error);
      return NULL;
    }
  if (truncated != NULL)
    *truncated = answer.end.truncated;
  if (cost != NULL)
    {
      *cost = (PscProbeCost){ 0 };
      psc_probe_cost_add (cost, &answer.end);
    }
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

gboolean
psc_probe_batch_take_scan (PscProbeBatch *batch, PscProbeCost *cost, GError **error)
{
  Item *item = next_item (batch, PSC_WIRE_SCAN, error);
  PscProbeQuestion question = { PSC_WIRE_SCAN, PSC_WIRE_REGIONS, PSC_WIRE_END,
                                psc_probe_take_regions, NULL };
  PscProbeAnswer answer;

  if (item == NULL)
    return FALSE;
  question.user_data = &item->regions;
  if (!receive (batch, &question, item->tag, &answer, error))
    return FALSE;
  *cost = (PscProbeCost){ 0 };
  psc_probe_cost_add (cost, &answer.end);
  if (answer.errnum == 0)
    return TRUE;
  set_errno (batch, item->handle, answer.errnum, "read the page states", error);
  return FALSE;
}

static gboolean
drop (const guint8 *payload, gsize length, gpointer user_data)
{
  return TRUE;
}

void
psc_probe_batch_free (PscProbeBatch *batch)
{
  if (batch == NULL)
    return;
  while (batch->locked)
    {
      const Item *item = &g_array_index (batch->items, Item, batch->n_taken);
      const PscProbeQuestion question = { item->type,
                                          item->type == PSC_WIRE_READ ? PSC_WIRE_DATA :
                                                                        PSC_WIRE_REGIONS,
                                          PSC_WIRE_END, drop, NULL };
      PscProbeAnswer answer;

      receive (batch, &question, item->tag, &answer, NULL);
    }
  psc_probe_unref (batch->probe);
  g_array_unref (batch->items);
  g_byte_array_unref (batch->frames);
  g_free (batch);
}
