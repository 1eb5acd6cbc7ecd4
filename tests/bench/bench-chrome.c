/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What everything of the map but its pages costs: psc_map_draw() with a raster that is there
 * already, and lines where mappings meet drawn into it, beside one cairo_paint() of as many pixels.
 * Of processes that don't exist, up to a million mappings, in the shapes that are worst for one
 * part or the other:
 *
 *   words   one page each, gaps between them: as many as can be on a line
 *   blocks  2 MiB each, gaps between them: a row each
 *   glued   one or two pages each, side by side, no gap: as many as can be in a block
 *   folds   two pages and then 4 MiB that nobody touched
 *
 *   fit     everything in view
 *   rows    rows of 12 px
 *   pages   pages of 24 px
 *
 * Marks are what stands on the body, as the window draws it: once as a whole and once in patches.
 *
 * Times are CPU time. It fails when finding places for labels takes more than LABELS_MSEC, or a
 * frame more than SHARE times a paint (the raster, and in the worst case marks over all of it) and
 * TEXT_USEC for each line of pixels: text, which there is more of the higher the map is, but not
 * the more is mapped; or when patches cost more than PATCHES_SHARE of the whole and PATCHES_MSEC.
 */

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "psc-bench.h"
#include "psc-chrome.h"
#include "psc-label-places.h"
#include "psc-raster-private.h"

#define PAGE        G_GUINT64_CONSTANT (4096)
#define ROW         (512 * PAGE)
#define N_FRAMES    15
#define LABELS_MSEC 3.0
#define SHARE       2.5
#define TEXT_USEC   6.0
/* Marks in patches may cost more than as a whole where they are everywhere, but hardly. */
#define PATCHES_SHARE 1.1
#define PATCHES_MSEC  0.5

typedef enum
{
  WORDS,
  BLOCKS,
  GLUED,
  FOLDS,
  N_SHAPES
} Shape;

static const char *const shape_names[N_SHAPES] = { "words", "blocks", "glued", "folds" };

typedef enum
{
  FIT,
  ROWS,
  PAGES,
  N_ZOOMS
} Zoom;

static const char *const zoom_names[N_ZOOMS] = { "fit", "rows", "pages" };

static guint64
mapping_size (Shape shape, guint i)
{
  switch (shape)
    {
    case BLOCKS:
      return ROW;
    case GLUED:
      return (1 + i % 2) * PAGE;
    case FOLDS:
      return 2 * ROW + 2 * PAGE;
    default:
      return PAGE;
    }
}

static PscSpace *
make_space (Shape shape, guint n)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);
  guint64 at = 64 * ROW;

  space->source = PSC_SOURCE_SCAN;
  space->name = space->command = space->host = space->kernel = "bench";
  for (guint i = 0; i < n; i++)
    {
      char name[32];
      PscMapping mapping = { .start = at,
                             .end = at + mapping_size (shape, i),
                             .perms = PSC_PERM_READ,
                             .flags = PSC_MAPPING_PAGES_KNOWN,
                             .kind = i % 3 == 0 ? PSC_KIND_ANON : PSC_KIND_FILE };

      g_snprintf (name, sizeof name, "/lib/part-%u.so", i % 1000);
      mapping.name = psc_space_builder_intern (builder, name, -1);
      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
      at = mapping.end + (shape == GLUED ? 0 : PAGE);
    }
  for (guint i = 0; i < n; i++)
    {
      guint n_mappings;
      const PscMapping *mapping = &psc_space_builder_get_mappings (builder, &n_mappings)[i];

      psc_space_builder_add_run (builder, mapping->start,
                                 mapping->start +
                                     (1 + i % 2 * (mapping->end - mapping->start > PAGE)) * PAGE,
                                 PSC_PAGE_PRESENT);
    }
  return psc_space_builder_freeze (builder);
}

/* Of the thread: other work on the machine makes no difference. */
static gint64
now_nsec (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static gint64
paint_nsec (cairo_surface_t *to, cairo_surface_t *from)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < N_FRAMES; i++)
    {
      gint64 began = now_nsec ();
      cairo_t *cr = cairo_create (to);
      gint64 took;

      cairo_set_source_surface (cr, from, 0, 0);
      cairo_paint (cr);
      cairo_destroy (cr);
      took = now_nsec () - began;
      g_array_append_val (times, took);
    }
  return bench_median (times);
}

static void
draw_borders (const PscMap *map, cairo_surface_t *raster)
{
  PscRasterJob job = psc_map_get_raster_job (map, 1);

  cairo_surface_flush (raster);
  psc_raster_draw_borders (&job, cairo_image_surface_get_data (raster),
                           (gsize) cairo_image_surface_get_stride (raster),
                           (guint) cairo_image_surface_get_width (raster),
                           (guint) cairo_image_surface_get_height (raster));
  cairo_surface_mark_dirty (raster);
}

static gint64
frame_nsec (PscMap *map, cairo_surface_t *to, double width, double height, cairo_surface_t *raster)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  PscView view = map->view;

  for (guint i = 0; i < N_FRAMES; i++)
    {
      gint64 began = now_nsec ();
      cairo_t *cr = cairo_create (to);
      gint64 took;

      draw_borders (map, raster);
      psc_map_draw (map, cr, width, height, raster);
      cairo_destroy (cr);
      took = now_nsec () - began;
      g_array_append_val (times, took);
      /* As when someone scrolls. */
      psc_view_pan (&map->view, map->layout, 0, 3.5);
    }
  map->view = view;
  return bench_median (times);
}

static gint64
labels_nsec (const PscMap *map)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < N_FRAMES; i++)
    {
      gint64 began = now_nsec ();
      gint64 took;

      g_array_unref (psc_label_places_find (map->labels, &map->view, map->layout, 17.4));
      took = now_nsec () - began;
      g_array_append_val (times, took);
    }
  return bench_median (times);
}

/* As the window has them: recorded in nodes, each of which is blended as an image of all of it. */
static cairo_surface_t *
new_node (const PscRect *bounds)
{
  return cairo_recording_surface_create (
      CAIRO_CONTENT_COLOR_ALPHA,
      &(cairo_rectangle_t){ bounds->x, bounds->y, bounds->width, bounds->height });
}

static void
blend (cairo_surface_t *to, cairo_surface_t *from, double x, double y)
{
  cairo_t *cr = cairo_create (to);

  cairo_set_source_surface (cr, from, x, y);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_destroy (cr);
}

static void
blend_patch (cairo_surface_t *to, cairo_surface_t *drawing, const PscRect *rect)
{
  cairo_surface_t *image =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) rect->width, (int) rect->height);
  cairo_surface_t *node = new_node (rect);

  blend (image, drawing, -rect->x, -rect->y);
  blend (node, image, rect->x, rect->y);
  blend (to, node, 0, 0);
  cairo_surface_destroy (node);
  cairo_surface_destroy (image);
}

/* A part in one node, or in patches unless it is about everywhere. */
static void
draw_marks (const PscMap *map, cairo_surface_t *to, double width, double height, PscMapParts part,
            gboolean patches)
{
  PscRect bounds = psc_map_part_bounds (map, width, height, part);
  cairo_surface_t *drawing = patches ?
                                 cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL) :
                                 new_node (&bounds);
  cairo_t *cr = cairo_create (drawing);
  g_autoptr (GArray) rects = NULL;

  if (patches)
    rects = psc_map_draw_patches (map, cr, width, height, part);
  else
    psc_map_draw_parts (map, cr, width, height, NULL, part);
  cairo_destroy (cr);
  for (guint i = 0; rects != NULL && i < rects->len; i++)
    blend_patch (to, drawing, &g_array_index (rects, PscRect, i));
  if (!patches)
    blend (to, drawing, 0, 0);
  cairo_surface_destroy (drawing);
  if (patches && rects == NULL)
    draw_marks (map, to, width, height, part, FALSE);
}

static gint64
marks_nsec (PscMap *map, cairo_surface_t *to, double width, double height, gboolean patches)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  PscView view = map->view;

  for (guint i = 0; i < N_FRAMES; i++)
    {
      gint64 began = now_nsec ();
      gint64 took;

      draw_marks (map, to, width, height, PSC_MAP_HUGE, patches);
      draw_marks (map, to, width, height, PSC_MAP_MARKS, patches);
      took = now_nsec () - began;
      g_array_append_val (times, took);
      psc_view_pan (&map->view, map->layout, 0, 3.5);
    }
  map->view = view;
  return bench_median (times);
}

static void
zoom_to (PscMap *map, Zoom zoom, const PscRect *body)
{
  static const double row_heights[N_ZOOMS] = { 0, 12, 24 };
  double factor;

  psc_view_fit (&map->view, map->layout, body->width, body->height);
  factor = row_heights[zoom] / map->view.row_height;
  if (zoom == PAGES)
    while (psc_view_page_width (&map->view, map->layout) < row_heights[zoom] &&
           map->view.row_height < PSC_VIEW_MAX_ROW)
      psc_view_zoom (&map->view, map->layout, 1.1, body->width / 2, body->height / 2);
  else if (zoom == ROWS && factor > 1)
    psc_view_zoom (&map->view, map->layout, factor, body->width / 2, body->height / 2);
}

static gboolean
bench (PscMap *map, const char *what, guint n, guint width, guint height)
{
  cairo_surface_t *to = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) width, (int) height);
  cairo_surface_t *full =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  PscRect body = psc_map_body (map, width, height);
  cairo_surface_t *raster =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) body.width, (int) body.height);
  double paint = (double) paint_nsec (to, full) / 1e6;
  gboolean fine = TRUE;

  for (guint zoom = 0; zoom < N_ZOOMS; zoom++)
    {
      double frame, labels, marks, patches;
      gboolean slow;

      zoom_to (map, zoom, &body);
      frame = (double) frame_nsec (map, to, width, height, raster) / 1e6;
      labels = (double) labels_nsec (map) / 1e6;
      marks = (double) marks_nsec (map, to, width, height, FALSE) / 1e6;
      patches = (double) marks_nsec (map, to, width, height, TRUE) / 1e6;
      slow = frame > SHARE * paint + TEXT_USEC * height / 1000 || labels > LABELS_MSEC ||
             patches > PATCHES_SHARE * marks + PATCHES_MSEC;
      printf ("%-7s %8u  %4ux%-4u  %-6s %8.2f %8.2f %8.2f %8.2f %8.2f %8.2f%s\n", what, n, width,
              height, zoom_names[zoom], paint, frame, frame / paint, labels, marks, patches,
              slow ? "  TOO SLOW" : "");
      fine = fine && !slow;
    }
  cairo_surface_destroy (raster);
  cairo_surface_destroy (full);
  cairo_surface_destroy (to);
  return fine;
}

int
main (int argc, char **argv)
{
  static const guint counts[] = { 100, 65000, 1000000 };
  static const guint sizes[][2] = { { 1280, 720 }, { 1920, 1080 }, { 3840, 2160 } };
  gboolean fine = TRUE;

  /* As psc_application_keep_blocks() does: or each image would be faulted in anew. */
  mallopt (M_MMAP_THRESHOLD, 32 << 20);
  mallopt (M_TRIM_THRESHOLD, 256 << 20);
  printf ("shape   mappings  size       zoom   paint ms frame ms    ratio labels ms marks ms  "
          "patches ms\n");
  for (guint shape = 0; shape < N_SHAPES; shape++)
    for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
      {
        g_autoptr (PscSpace) space = make_space (shape, counts[i]);
        g_autoptr (PscLayout) layout = psc_layout_new (space, NULL);
        gint64 began = now_nsec ();
        g_autoptr (PscLabels) labels = psc_labels_new (space, layout);
        gint64 made = now_nsec () - began;
        PscMap map = { .space = space,
                       .layout = layout,
                       .labels = labels,
                       .theme = PSC_THEME_DARK,
                       .hover = PSC_MAP_NOWHERE };

        printf ("%-7s %8u: %u groups, made in %.1f ms\n", shape_names[shape], counts[i],
                labels->n_groups, (double) made / 1e6);
        for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
          fine = bench (&map, shape_names[shape], counts[i], sizes[j][0], sizes[j][1]) && fine;
      }
  return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
