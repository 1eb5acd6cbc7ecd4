/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-view-history.h"

PscViewBookmark
psc_view_bookmark (const PscView *view, const PscLayout *layout, gboolean fit)
{
  return (PscViewBookmark){
    .fit = fit,
    .row_height = view->row_height,
    .middle = psc_view_anchor (view, layout, view->width / 2, view->height / 2),
  };
}

void
psc_view_bookmark_apply (const PscViewBookmark *bookmark, PscView *view, const PscLayout *layout)
{
  PscViewAnchor anchor = bookmark->middle;

  if (bookmark->fit)
    {
      psc_view_fit (view, layout, view->width, view->height);
      return;
    }
  /* The window may have another size now: the middle is what counts. */
  anchor.x = view->width / 2;
  anchor.y = view->height / 2;
  view->row_height = bookmark->row_height;
  psc_view_restore (view, layout, &anchor);
}

void
psc_view_history_init (PscViewHistory *history)
{
  history->back = g_array_new (FALSE, FALSE, sizeof (PscViewBookmark));
  history->forward = g_array_new (FALSE, FALSE, sizeof (PscViewBookmark));
}

void
psc_view_history_finish (PscViewHistory *history)
{
  g_clear_pointer (&history->back, g_array_unref);
  g_clear_pointer (&history->forward, g_array_unref);
}

void
psc_view_history_clear (PscViewHistory *history)
{
  g_array_set_size (history->back, 0);
  g_array_set_size (history->forward, 0);
}

static gboolean
same_place (const PscViewBookmark *a, const PscViewBookmark *b)
{
  if (a->fit || b->fit)
    return a->fit && b->fit;
  return a->row_height == b->row_height && a->middle.address == b->middle.address &&
         a->middle.dx == b->middle.dx && a->middle.dy == b->middle.dy;
}

static void
push (GArray *places, const PscViewBookmark *place)
{
  if (places->len > 0 &&
      same_place (&g_array_index (places, PscViewBookmark, places->len - 1), place))
    return;
  if (places->len == PSC_VIEW_HISTORY_MAX)
    g_array_remove_index (places, 0);
  g_array_append_val (places, *place);
}

static gboolean
move (GArray *source, GArray *target, const PscViewBookmark *from, PscViewBookmark *to)
{
  /* A place that was left for itself is no step. */
  while (source->len > 0 &&
         same_place (&g_array_index (source, PscViewBookmark, source->len - 1), from))
    g_array_set_size (source, source->len - 1);
  if (source->len == 0)
    return FALSE;
  *to = g_array_index (source, PscViewBookmark, source->len - 1);
  g_array_set_size (source, source->len - 1);
  push (target, from);
  return TRUE;
}

void
psc_view_history_leave (PscViewHistory *history, const PscViewBookmark *from)
{
  g_array_set_size (history->forward, 0);
  push (history->back, from);
}

gboolean
psc_view_history_back (PscViewHistory *history, const PscViewBookmark *from, PscViewBookmark *to)
{
  return move (history->back, history->forward, from, to);
}

gboolean
psc_view_history_forward (PscViewHistory *history, const PscViewBookmark *from, PscViewBookmark *to)
{
  return move (history->forward, history->back, from, to);
}
