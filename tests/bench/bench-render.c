/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a frame of the map's body costs, against a cairo paint of an image of the same size (the
 * floor), and what its sheet costs to build, to refresh and to keep. Synthetic spaces; one run, one
 * table, medians of interleaved rounds.
 *
 *   fit      all of the space in view
 *   rows     a row is two pixels high: 540 or 1080 rows in view
 *   pages    a row is 48 pixels high, pages can be told apart
 *
 * Promised: frames of 10 million runs and of a million mappings take at most 6 times the floor and
 * at most 3 times the same frame of 1,000 runs; building a sheet takes at most 10 ns a run, a
 * refresh in which one page in a thousand changed at most 5 % of that; a sheet takes at most 1.2
 * bytes a place (a page, or a page's width of what stands between words), and next to nothing where
 * everything is one. The frames of 1,000 runs are of as many pages as those of 10 million.
 */

#include "psc-bench.h"

#include <math.h>
#include <stdio.h>
#include "psc-raster.h"

#define N_ROUNDS 9
#define BASE     G_GUINT64_CONSTANT (0x100000000000)
#define PAGE     G_GUINT64_CONSTANT (4096)

typedef enum
{
  FIT,
  ROWS,
  PAGES,
  N_ZOOMS
} Zoom;

static const char *const zoom_names[N_ZOOMS] = { "fit", "rows", "pages" };

static const struct
{
  int width, height;
} sizes[] = { { 1920, 1080 }, { 3840, 2160 } };

#define N_SIZES G_N_ELEMENTS (sizes)

typedef struct
{
  const char *title;
  guint n_mappings, n_runs; /* runs of all mappings together */
  guint run_pages;          /* 0: one or two */
  gboolean uniform;         /* no row has two states */
  gboolean judged;
} Shape;

static const Shape shapes[] = {
  { "1,000 runs", 1, 1000, 10000, FALSE, FALSE },
  { "100,000 runs", 1, 100000, 100, FALSE, FALSE },
  { "10 million runs", 1, 10000000, 0, FALSE, TRUE },
  { "100 mappings", 100, 100, 0, FALSE, FALSE },
  { "65,000 mappings", 65000, 65000, 0, FALSE, FALSE },
  { "1 million mappings", 1000000, 1000000, 0, FALSE, TRUE },
  { "1 TiB of one kind", 1, 128, 1 << 21, TRUE, FALSE },
};

typedef struct
{
  PscSpace *space;
  PscLayout *layout;
  PscSheet *sheet;
  guint64 n_pages, n_places;
} Subject;

static guint32
next_random (guint32 *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

static guint16
random_state (guint32 *random)
{
  guint32 dice = next_random (random) % 64;

  if (dice == 0)
    return PSC_PAGE_SWAPPED;
  if (dice < 4)
    return PSC_PAGE_PRESENT | PSC_PAGE_FILE;
  return PSC_PAGE_PRESENT;
}

/* Runs of one or two pages with as much between them; `flip` pages in a thousand are different. */
static PscSpace *
make_runs (const Shape *shape, guint flip)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  guint per_mapping = shape->n_runs / shape->n_mappings;
  guint64 run_pages = MAX (shape->run_pages, 1);
  guint64 at = BASE;
  guint32 random = 1, flips = 7;

  for (guint i = 0; i < shape->n_mappings; i++)
    {
      guint64 size = per_mapping * 3 * run_pages * PAGE;
      PscMapping mapping = { .start = at,
                             .end = at + size,
                             .name = "",
                             .perms = PSC_PERM_READ | PSC_PERM_WRITE,
                             .flags = PSC_MAPPING_PAGES_KNOWN,
                             .kind = i % 3 == 0 ? PSC_KIND_ANON : PSC_KIND_FILE };

      psc_space_builder_add_mapping (builder, &mapping);
      /* Every other mapping follows a gap. */
      at += size + (i % 2) * PAGE;
    }
  at = BASE;
  for (guint i = 0; i < shape->n_mappings; i++)
    {
      guint64 start = at;

      for (guint j = 0; j < per_mapping; j++)
        {
          guint64 length = shape->run_pages > 0 ? run_pages : 1 + next_random (&random) % 2;
          guint64 from = start + j * 3 * run_pages * PAGE;
          guint16 state = shape->uniform ? PSC_PAGE_PRESENT : random_state (&random);

          if (flip > 0 && next_random (&flips) % (1000 / flip) == 0)
            state ^= PSC_PAGE_PRESENT | PSC_PAGE_SWAPPED;
          psc_space_builder_add_run (builder, from, from + length * PAGE, state);
        }
      at += per_mapping * 3 * run_pages * PAGE + (i % 2) * PAGE;
    }
  return psc_space_builder_freeze (builder);
}

static gint64
now_nsec (void)
{
  return bench_now_nsec ();
}

static void
subject_init (Subject *subject, const Shape *shape)
{
  subject->space = make_runs (shape, 0);
  subject->layout = psc_layout_new (subject->space, NULL);
  subject->sheet = psc_sheet_new (subject->space, subject->layout, PSC_LENS_RESIDENCY, NULL);
  subject->n_pages = subject->space->totals.size / PAGE;
  for (guint i = 0; i < subject->layout->n_bands; i++)
    subject->n_places += (guint64) subject->layout->bands[i].n_rows * subject->layout->row_pages;
}

static void
subject_clear (Subject *subject)
{
  psc_sheet_unref (subject->sheet);
  psc_layout_unref (subject->layout);
  psc_space_unref (subject->space);
}

static PscView
view_for (const Subject *subject, Zoom zoom, int width, int height)
{
  PscView view;

  psc_view_fit (&view, subject->layout, width, height);
  if (zoom == ROWS)
    psc_view_zoom (&view, subject->layout, MAX (2 / view.row_height, 1), width / 2.0, height / 2.0);
  if (zoom == PAGES)
    psc_view_zoom (&view, subject->layout, MAX (48 / view.row_height, 1), width / 2.0,
                   height / 2.0);
  return view;
}

static gint64
time_frame (const Subject *subject, Zoom zoom, cairo_surface_t *surface)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  PscRasterJob job = { .space = subject->space,
                       .layout = subject->layout,
                       .view = view_for (subject, zoom, width, height),
                       .lens = PSC_LENS_RESIDENCY,
                       .theme = PSC_THEME_DARK,
                       .scale = 1,
                       .sheet = subject->sheet,
                       .borders = TRUE };
  gint64 began = now_nsec ();

  psc_raster_draw (&job, cairo_image_surface_get_data (surface),
                   (gsize) cairo_image_surface_get_stride (surface), (guint) width, (guint) height);
  return now_nsec () - began;
}

/* What it takes to show an image of that size, when there is one. */
static gint64
time_floor (cairo_surface_t *source, cairo_surface_t *target)
{
  gint64 began = now_nsec ();
  cairo_t *cr = cairo_create (target);

  cairo_set_source_surface (cr, source, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  return now_nsec () - began;
}

typedef struct
{
  GArray *floor[N_SIZES];
  GArray *frames[G_N_ELEMENTS (shapes)][N_SIZES][N_ZOOMS];
} Times;

static void
add (GArray **times, gint64 nsec)
{
  if (*times == NULL)
    *times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (*times, nsec);
}

static double
median_msec (GArray *times)
{
  return (double) bench_median (times) / 1e6;
}

static void
time_all (const Subject *subjects, Times *times)
{
  for (guint size = 0; size < N_SIZES; size++)
    {
      cairo_surface_t *source =
          cairo_image_surface_create (CAIRO_FORMAT_RGB24, sizes[size].width, sizes[size].height);
      cairo_surface_t *target =
          cairo_image_surface_create (CAIRO_FORMAT_RGB24, sizes[size].width, sizes[size].height);

      time_floor (source, target);
      time_frame (&subjects[0], FIT, source);
      for (guint round = 0; round < N_ROUNDS; round++)
        {
          add (&times->floor[size], time_floor (source, target));
          for (guint shape = 0; shape < G_N_ELEMENTS (shapes); shape++)
            for (guint zoom = 0; zoom < N_ZOOMS; zoom++)
              add (&times->frames[shape][size][zoom], time_frame (&subjects[shape], zoom, target));
        }
      cairo_surface_destroy (source);
      cairo_surface_destroy (target);
    }
}

static guint
print_frame (Times *times, guint shape, guint size, guint zoom)
{
  double floor = median_msec (times->floor[size]);
  double msec = median_msec (times->frames[shape][size][zoom]);
  double small = median_msec (times->frames[0][size][zoom]);
  gboolean floor_met = msec <= 6 * floor;
  gboolean small_met = msec <= 3 * small;

  printf ("%-20s %4dx%-4d %-6s %8.3f %8.3f %6.2fx %6.2fx", shapes[shape].title, sizes[size].width,
          sizes[size].height, zoom_names[zoom], floor, msec, msec / floor, msec / small);
  if (!shapes[shape].judged)
    {
      printf ("\n");
      return 0;
    }
  printf ("   <= 6x %s, <= 3x %s\n", floor_met ? "met" : "missed", small_met ? "met" : "missed");
  return !floor_met + !small_met;
}

static guint
print_frames (Times *times)
{
  guint n_missed = 0;

  printf ("%-20s %-9s %-6s %8s %8s %7s %7s\n", "frames, ms", "", "", "floor", "frame", "/ floor",
          "/ 1,000");
  for (guint shape = 0; shape < G_N_ELEMENTS (shapes); shape++)
    for (guint size = 0; size < N_SIZES; size++)
      for (guint zoom = 0; zoom < N_ZOOMS; zoom++)
        n_missed += print_frame (times, shape, size, zoom);
  return n_missed;
}

static guint
time_building (const Subject *subject)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  double nsec, per_run;

  for (guint i = 0; i < 5; i++)
    {
      gint64 began = now_nsec (), took;
      PscSheet *sheet = psc_sheet_new (subject->space, subject->layout, PSC_LENS_RESIDENCY, NULL);

      took = now_nsec () - began;
      psc_sheet_unref (sheet);
      g_array_append_val (times, took);
    }
  nsec = (double) bench_median (times);
  per_run = nsec / subject->space->n_runs;
  printf ("building from %u runs: %.1f ms, %.2f ns a run (<= 10 %s)\n", subject->space->n_runs,
          nsec / 1e6, per_run, per_run <= 10 ? "met" : "missed");
  return per_run > 10;
}

/* Back and forth between two spaces, so that each refresh has as much to do. */
static guint
time_refresh (const Subject *subject, const Shape *shape)
{
  g_autoptr (PscSpace) other = make_runs (shape, 2);
  g_autoptr (GArray) there = NULL, back = NULL;
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) builds = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 began = now_nsec (), finding;
  guint64 n_pages = 0;
  double share;

  there = psc_sheet_find_dirty (subject->space, other);
  finding = now_nsec () - began;
  back = psc_sheet_find_dirty (other, subject->space);
  for (guint i = 0; i < there->len; i++)
    n_pages += g_array_index (there, PscDirty, i).n_pages;
  for (guint i = 0; i < 8; i++)
    {
      GArray *dirty = i % 2 == 0 ? there : back;
      gint64 took;

      began = now_nsec ();
      psc_sheet_update (subject->sheet, i % 2 == 0 ? other : subject->space,
                        &g_array_index (dirty, PscDirty, 0), dirty->len);
      took = now_nsec () - began;
      g_array_append_val (times, took);
      began = now_nsec ();
      psc_sheet_unref (psc_sheet_new (subject->space, subject->layout, PSC_LENS_RESIDENCY, NULL));
      took = now_nsec () - began;
      g_array_append_val (builds, took);
    }
  share = (double) bench_median (times) / (double) bench_median (builds);
  printf ("refresh of %.3f %% of the pages: %.2f ms, %.1f %% of building (<= 5 %% %s); finding "
          "them in the worker: %.1f ms\n",
          100.0 * (double) n_pages / (double) subject->n_pages, (double) bench_median (times) / 1e6,
          100 * share, share <= 0.05 ? "met" : "missed", (double) finding / 1e6);
  return share > 0.05;
}

static guint
print_memory (const Subject *subjects)
{
  guint n_missed = 0;

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      double bytes = (double) psc_sheet_get_memory (subjects[i].sheet);
      double most = shapes[i].uniform ? 0.02 : 1.2;
      double per_place = bytes / (double) subjects[i].n_places;
      /* Small ones are a few tables. */
      gboolean met = per_place <= most || bytes < 65536;

      printf ("sheet of %-20s %8.2f MiB, %.3f bytes a place (<= %.2f %s)\n", shapes[i].title,
              bytes / (1 << 20), per_place, most, met ? "met" : "missed");
      n_missed += !met;
    }
  return n_missed;
}

int
main (void)
{
  Subject subjects[G_N_ELEMENTS (shapes)] = { 0 };
  Times times = { 0 };
  guint n_missed;

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    subject_init (&subjects[i], &shapes[i]);
  time_all (subjects, &times);
  n_missed = print_frames (&times);
  n_missed += print_memory (subjects);
  n_missed += time_building (&subjects[2]);
  n_missed += time_refresh (&subjects[2], &shapes[2]);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    subject_clear (&subjects[i]);
  printf ("%u missed\n", n_missed);
  return n_missed == 0 ? 0 : 1;
}
