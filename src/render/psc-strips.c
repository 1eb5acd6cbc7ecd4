/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-strips.h"

#include <math.h>

#include "psc-parallel.h"

/* Of the view, above and below it: what is kept for coming back. */
#define KEPT_SHARE 0.5
#define MOST_SPARE 4 /* that a frame has not taken */

/* All that a strip's pixels depend on beside space, layout and colours. */
typedef struct
{
  double row_height, page_width, rule_height, x, width, scale;
} Frame;

struct _PscStrips
{
  GDestroyNotify destroy;
  GPtrArray *strips; /* PscStrip, by index */
  Frame frame;       /* that they were drawn in */
  PscView view;      /* newest */
  guint first, n;    /* of those in view */
  GPtrArray *spare;  /* surfaces of strips that were dropped; some may be on screen still */
};

static void
strip_free (PscStrips *strips, PscStrip *strip)
{
  if (strips->destroy != NULL && strip->data != NULL)
    strips->destroy (strip->data);
  g_ptr_array_add (strips->spare, strip->surface);
  g_free (strip);
}

PscStrips *
psc_strips_new (GDestroyNotify destroy)
{
  PscStrips *strips = g_new0 (PscStrips, 1);

  strips->destroy = destroy;
  strips->strips = g_ptr_array_new ();
  strips->spare = g_ptr_array_new_with_free_func ((GDestroyNotify) cairo_surface_destroy);
  return strips;
}

void
psc_strips_clear (PscStrips *strips)
{
  for (guint i = 0; i < strips->strips->len; i++)
    strip_free (strips, strips->strips->pdata[i]);
  g_ptr_array_set_size (strips->strips, 0);
  strips->n = 0;
}

void
psc_strips_free (PscStrips *strips)
{
  if (strips == NULL)
    return;
  psc_strips_clear (strips);
  g_ptr_array_unref (strips->strips);
  g_ptr_array_unref (strips->spare);
  g_free (strips);
}

static void
drop_range (PscStrips *strips, gint64 from, gint64 to)
{
  guint kept = 0;

  for (guint i = 0; i < strips->strips->len; i++)
    {
      PscStrip *strip = strips->strips->pdata[i];

      if (strip->index >= from && strip->index < to)
        strip_free (strips, strip);
      else
        strips->strips->pdata[kept++] = strip;
    }
  g_ptr_array_set_size (strips->strips, (gint) kept);
}

void
psc_strips_drop_rows (PscStrips *strips, const PscLayout *layout, guint band, guint from, guint to)
{
  const Frame *frame = &strips->frame;
  const PscDown *down = &layout->bands[band].top;
  double top = (down->rows * frame->row_height + down->rules * frame->rule_height) * frame->scale;
  double row = frame->row_height * frame->scale;

  drop_range (strips, (gint64) floor ((top + from * row - 1) / PSC_STRIPS_HEIGHT),
              (gint64) floor ((top + to * row + 1) / PSC_STRIPS_HEIGHT) + 1);
}

static Frame
frame_of (const PscRasterJob *job)
{
  return (Frame){ job->view.row_height,
                  psc_view_page_width (&job->view, job->layout),
                  psc_view_rule_height (&job->view, job->layout),
                  job->view.x,
                  job->view.width,
                  job->scale };
}

static gboolean
is_same_frame (const Frame *a, const Frame *b)
{
  return a->row_height == b->row_height && a->page_width == b->page_width &&
         a->rule_height == b->rule_height && a->x == b->x && a->width == b->width &&
         a->scale == b->scale;
}

/* --- drawing ------------------------------------------------------------------------------- */

typedef struct
{
  const PscRasterJob *job;
  PscStrip **strips;
} Drawing;

static void
draw_strip (guint i, gpointer user_data)
{
  const Drawing *drawing = user_data;
  PscStrip *strip = drawing->strips[i];
  PscRasterJob job = *drawing->job;

  job.view.y = (double) (strip->index * PSC_STRIPS_HEIGHT) / job.scale;
  psc_raster_draw (&job, cairo_image_surface_get_data (strip->surface),
                   (gsize) cairo_image_surface_get_stride (strip->surface),
                   (guint) cairo_image_surface_get_width (strip->surface), PSC_STRIPS_HEIGHT);
}

/* Where a zoom makes all strips anew, clearing new surfaces would take as long as drawing them. */
static cairo_surface_t *
take_surface (PscStrips *strips, int width)
{
  for (guint i = 0; i < strips->spare->len; i++)
    {
      cairo_surface_t *surface = strips->spare->pdata[i];

      if (cairo_surface_get_reference_count (surface) == 1 &&
          cairo_image_surface_get_width (surface) == width)
        return g_ptr_array_steal_index (strips->spare, i);
    }
  return cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, PSC_STRIPS_HEIGHT);
}

/* What a frame didn't take the next one will neither, but for a few. */
static void
drop_spare (PscStrips *strips)
{
  guint n_kept = 0;

  for (guint i = strips->spare->len; i-- > 0;)
    if (cairo_surface_get_reference_count (strips->spare->pdata[i]) == 1 && ++n_kept > MOST_SPARE)
      g_ptr_array_remove_index (strips->spare, i);
}

static PscStrip *
strip_new (PscStrips *strips, const PscRasterJob *job, gint64 index)
{
  PscStrip *strip = g_new0 (PscStrip, 1);
  int width = (int) ceil (job->view.width * job->scale);

  strip->index = index;
  strip->surface = take_surface (strips, MAX (width, 1));
  cairo_surface_flush (strip->surface);
  return strip;
}

static gint
compare_strips (gconstpointer a, gconstpointer b)
{
  gint64 x = (*(PscStrip *const *) a)->index;
  gint64 y = (*(PscStrip *const *) b)->index;

  return (x > y) - (x < y);
}

static gboolean
has_strip (const PscStrips *strips, guint n, gint64 index)
{
  guint low = 0;
  guint high = n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const PscStrip *strip = strips->strips->pdata[middle];

      if (strip->index == index)
        return TRUE;
      if (strip->index < index)
        low = middle + 1;
      else
        high = middle;
    }
  return FALSE;
}

static void
draw_missing (PscStrips *strips, const PscRasterJob *job, gint64 first, gint64 last)
{
  guint n_old = strips->strips->len;
  Drawing drawing = { .job = job };

  for (gint64 index = first; index < last; index++)
    if (!has_strip (strips, n_old, index))
      g_ptr_array_add (strips->strips, strip_new (strips, job, index));
  drawing.strips = (PscStrip **) strips->strips->pdata + n_old;
  psc_parallel_run (strips->strips->len - n_old, draw_strip, &drawing);
  for (guint i = n_old; i < strips->strips->len; i++)
    {
      PscStrip *strip = strips->strips->pdata[i];

      cairo_surface_mark_dirty (strip->surface);
      cairo_surface_set_device_scale (strip->surface, job->scale, job->scale);
    }
  if (strips->strips->len > n_old)
    g_ptr_array_sort (strips->strips, compare_strips);
}

void
psc_strips_update (PscStrips *strips, const PscRasterJob *job)
{
  Frame frame = frame_of (job);
  double top = round (job->view.y * job->scale);
  gint64 first = (gint64) floor (top / PSC_STRIPS_HEIGHT);
  gint64 last = (gint64) ceil ((top + ceil (job->view.height * job->scale)) / PSC_STRIPS_HEIGHT);
  gint64 kept = (gint64) ceil ((double) (last - first) * KEPT_SHARE);

  if (!is_same_frame (&frame, &strips->frame))
    psc_strips_clear (strips);
  if (job->sheet != NULL && job->view.row_height * job->scale <= PSC_SHEET_DEEP_ROW)
    psc_sheet_settle (job->sheet);
  strips->frame = frame;
  strips->view = job->view;
  drop_range (strips, G_MININT64, first - kept);
  drop_range (strips, last + kept, G_MAXINT64);
  draw_missing (strips, job, first, last);
  strips->first = 0;
  while (((PscStrip *) strips->strips->pdata[strips->first])->index < first)
    strips->first++;
  strips->n = (guint) (last - first);
  drop_spare (strips);
}

PscStrip **
psc_strips_get (PscStrips *strips, guint *n)
{
  *n = strips->n;
  return (PscStrip **) strips->strips->pdata + strips->first;
}

double
psc_strips_get_y (const PscStrips *strips, const PscStrip *strip)
{
  return (double) (strip->index * PSC_STRIPS_HEIGHT) / strips->frame.scale - strips->view.y;
}
