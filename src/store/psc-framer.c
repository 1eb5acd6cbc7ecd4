/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-framer.h"

#include "psc-pack.h"

struct _PscFramer
{
  PscSpace *last;
  GBytes *last_body;
  GBytes *key;        /* its body */
  gsize n_key;        /* packed */
  gsize least_delta;  /* packed, since the key */
  guint64 sum_deltas; /* packed, since the key */
  guint n_deltas;
};

void
psc_frame_clear (PscFrame *frame)
{
  g_clear_pointer (&frame->packed, g_bytes_unref);
}

PscFramer *
psc_framer_new (void)
{
  return g_new0 (PscFramer, 1);
}

void
psc_framer_free (PscFramer *framer)
{
  if (framer == NULL)
    return;
  psc_space_unref (framer->last);
  g_clear_pointer (&framer->last_body, g_bytes_unref);
  g_clear_pointer (&framer->key, g_bytes_unref);
  g_free (framer);
}

static void
remember (PscFramer *framer, PscSpace *space, GBytes *body)
{
  psc_space_ref (space);
  psc_space_unref (framer->last);
  framer->last = space;
  if (body == framer->last_body)
    return;
  g_clear_pointer (&framer->last_body, g_bytes_unref);
  framer->last_body = g_bytes_ref (body);
}

static void
make_key (PscFramer *framer, GBytes *body, PscFrame *frame)
{
  *frame = (PscFrame){ PSC_FRAME_KEY, g_bytes_get_size (body), psc_pack (body, NULL) };
  g_clear_pointer (&framer->key, g_bytes_unref);
  framer->key = g_bytes_ref (body);
  framer->n_key = g_bytes_get_size (frame->packed);
  framer->least_delta = G_MAXSIZE;
  framer->sum_deltas = framer->n_deltas = 0;
}

/* What deltas take at the least, whatever the key, is no reason for another one. */
static gboolean
is_key_worn_out (const PscFramer *framer)
{
  guint64 floor = framer->n_deltas > 0 ? (guint64) framer->least_delta * framer->n_deltas : 0;

  return framer->sum_deltas - floor >= framer->n_key;
}

static void
make_delta (PscFramer *framer, GBytes *body, PscFrame *frame)
{
  gsize n_packed;

  *frame = (PscFrame){ PSC_FRAME_DELTA, g_bytes_get_size (body), psc_pack (body, framer->key) };
  n_packed = g_bytes_get_size (frame->packed);
  framer->least_delta = MIN (framer->least_delta, n_packed);
  framer->sum_deltas += n_packed;
  framer->n_deltas++;
  /* Another program, say: all of it is new. */
  if (n_packed < framer->n_key - framer->n_key / 4)
    return;
  psc_frame_clear (frame);
  make_key (framer, body, frame);
}

gboolean
psc_framer_add (PscFramer *framer, PscSpace *space, PscFrame *frame, GError **error)
{
  g_autoptr (GBytes) body = NULL;

  *frame = (PscFrame){ PSC_FRAME_SAME };
  if (framer->last != NULL && psc_space_shares_body (framer->last, space))
    {
      frame->size = g_bytes_get_size (framer->last_body);
      remember (framer, space, framer->last_body);
      return TRUE;
    }
  body = psc_codec_encode (space, error);
  if (body == NULL)
    return FALSE;
  if (framer->last_body != NULL && g_bytes_equal (body, framer->last_body))
    frame->size = g_bytes_get_size (body);
  else if (framer->key == NULL || is_key_worn_out (framer))
    make_key (framer, body, frame);
  else
    make_delta (framer, body, frame);
  remember (framer, space, body);
  return TRUE;
}
