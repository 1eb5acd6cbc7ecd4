/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the map costs in a window, on a display without a GPU (run-xvfb), drawn by cairo. Synthetic
 * spaces; one run, one table, medians of interleaved rounds. A frame is what happens from the tick
 * in which something changes until the frame is done; `wall` until the X server has drawn it too.
 *
 *   flat      the window in one colour, another one each frame: what presenting a frame costs
 *   pan       40 px up or down a frame
 *   zoom      4 % closer or further away a frame
 *   hover     the pointer on another page
 *   select    another mapping, a small or a large one
 *   refresh   another snapshot in which one page in view is different
 *
 * Promised: 60 frames a second for pan and zoom at 1920x1080, which is as many as the frame clock
 * makes for a window that draws nothing new (59 are 60: the clock counts whole milliseconds); at
 * 3840x2160 a pan or zoom frame takes at most 1.5 times a flat one, and a hover, a selection or a
 * refresh at most 2 ms of the window's thread.
 */

#include "psc-bench.h"

#include <adwaita.h>
#include <math.h>
#include <stdio.h>
#include <time.h>
#include "psc-application.h"
#include "psc-map-view-private.h"

#define BASE            G_GUINT64_CONSTANT (0x100000000000)
#define PAGE            G_GUINT64_CONSTANT (4096)
#define N_ROUNDS        1
#define N_FRAMES        16  /* of a round, that are timed one by one */
#define N_EVENTS        6   /* likewise */
#define N_PRESENTED     120 /* of a round, that are counted */
#define WARM_FRAMES     4
#define PAN_PX          40.0
#define ZOOM_STEP       1.04
#define ROW_PX          4.0
#define REST_MSEC       250
#define LEAST_FPS       59.0
#define MOST_FLAT       1.5
#define MOST_EVENT_MSEC 2.0

typedef enum
{
  FLAT,
  PAN,
  ZOOM,
  HOVER,
  SELECT,
  REFRESH,
  N_ACTS
} Act;

static const char *const act_names[N_ACTS] = {
  "flat", "pan", "zoom", "hover", "select", "refresh"
};

typedef struct
{
  const char *title;
  guint n_mappings, n_runs; /* runs of all mappings together */
} Shape;

static const Shape shapes[] = {
  { "1 million runs", 40, 1000000 },
  { "65,000 mappings", 65000, 130000 },
};

#define N_SHAPES G_N_ELEMENTS (shapes)

/* --- spaces -------------------------------------------------------------------------------- */

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

static void
add_mappings (PscSpaceBuilder *builder, const Shape *shape, guint64 size)
{
  guint64 at = BASE;

  for (guint i = 0; i < shape->n_mappings; i++)
    {
      g_autofree char *name = i % 3 == 0 ? NULL : g_strdup_printf ("/lib/lib%u.so", i / 5);
      PscMapping mapping = { .start = at,
                             .end = at + size,
                             .name = psc_space_builder_intern (builder, name, -1),
                             .perms = PSC_PERM_READ | PSC_PERM_WRITE,
                             .flags = PSC_MAPPING_PAGES_KNOWN,
                             .kind = i % 3 == 0 ? PSC_KIND_ANON : PSC_KIND_FILE };

      psc_space_builder_add_mapping (builder, &mapping);
      /* Every other mapping follows a gap. */
      at += size + (i % 2) * PAGE;
    }
}

static void
identify (PscSpace *space)
{
  space->pid = 1;
  space->start_time = 1;
  space->name = "bench";
}

/* Runs of one or two pages with as much between them. The run at `flipped` is in another state. */
static PscSpace *
make_space (const Shape *shape, guint64 flipped)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  guint per_mapping = shape->n_runs / shape->n_mappings;
  guint64 size = per_mapping * 3 * PAGE;
  guint64 at = BASE;
  guint32 random = 1;

  identify (psc_space_builder_get_space (builder));
  add_mappings (builder, shape, size);
  for (guint i = 0; i < shape->n_mappings; i++)
    {
      for (guint j = 0; j < per_mapping; j++)
        {
          guint64 from = at + j * 3 * PAGE;
          guint64 to = from + (1 + next_random (&random) % 2) * PAGE;
          guint16 state = random_state (&random);

          if (flipped >= from && flipped < to)
            state ^= PSC_PAGE_PRESENT | PSC_PAGE_SWAPPED;
          psc_space_builder_add_run (builder, from, to, state);
        }
      at += size + (i % 2) * PAGE;
    }
  return psc_space_builder_freeze (builder);
}

/* --- widgets ------------------------------------------------------------------------------- */

#define BENCH_TYPE_FLAT (bench_flat_get_type ())
G_DECLARE_FINAL_TYPE (BenchFlat, bench_flat, BENCH, FLAT, GtkWidget)

struct _BenchFlat
{
  GtkWidget parent_instance;
  gboolean odd;
};

G_DEFINE_FINAL_TYPE (BenchFlat, bench_flat, GTK_TYPE_WIDGET)

static void
bench_flat_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  const GdkRGBA colors[] = { { 0.2f, 0.4f, 0.6f, 1 }, { 0.6f, 0.4f, 0.2f, 1 } };
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                               (float) gtk_widget_get_height (widget));

  gtk_snapshot_append_color (snapshot, &colors[BENCH_FLAT (widget)->odd], &bounds);
}

static void
bench_flat_class_init (BenchFlatClass *klass)
{
  GTK_WIDGET_CLASS (klass)->snapshot = bench_flat_snapshot;
}

static void
bench_flat_init (BenchFlat *self)
{
}

/* A shape on screen. */
typedef struct
{
  const Shape *shape;
  PscMapView *map;
  GtkEventController *motion;
  guint64 flipped; /* in what is shown */
  guint64 in_view; /* an address in the middle */
} Subject;

typedef struct
{
  GtkWidget *window, *stack, *flat;
  Subject subjects[N_SHAPES];

  Act act;
  Subject *subject;
  guint step;            /* of this act */
  guint n_left;          /* frames */
  gboolean timed;        /* one by one, with the X server's part */
  gboolean busy;         /* from the tick to the end of the frame */
  gint64 wall0, thread0; /* when it began */
  gint64 process0;
  GArray **wall, **thread, **process; /* nsec of each frame */
} Stage;

static gint64
clock_nsec (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
add (GArray **times, gint64 nsec)
{
  if (*times == NULL)
    *times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (*times, nsec);
}

/* --- acts ---------------------------------------------------------------------------------- */

/* Forth and back, so that the end is never reached. */
static int
direction (guint step)
{
  return step / 32 % 2 == 0 ? 1 : -1;
}

static void
hover (Subject *subject, guint step)
{
  PscMapView *map = subject->map;

  g_signal_emit_by_name (subject->motion, "motion", map->body.x + 100 + (step % 64) * 20.0,
                         map->body.y + map->body.height * 0.4 + (step % 5) * 30.0);
}

/* By turns one far away from another: what is in view is different each time. */
static void
select_mapping (Subject *subject, guint step)
{
  const PscSpace *space = psc_map_view_get_space (subject->map);
  const PscMapping *mapping = psc_space_lookup (space, subject->in_view);
  guint index = psc_space_mapping_index (space, mapping);

  psc_map_view_select (subject->map, space->mappings[index + step % 2].start);
}

/* What is shown next, made before anybody looks at the clock. */
static PscSpace *
make_next_space (Subject *subject)
{
  subject->flipped = subject->flipped == 0 ? subject->in_view : 0;
  return make_space (subject->shape, subject->flipped);
}

static void
move (Stage *stage)
{
  double forth = direction (stage->step);
  Subject *subject = stage->subject;

  if (stage->act == FLAT)
    {
      BENCH_FLAT (stage->flat)->odd ^= 1;
      gtk_widget_queue_draw (stage->flat);
    }
  else if (stage->act == PAN)
    psc_map_view_pan (subject->map, 0, forth * PAN_PX);
  else
    psc_map_view_zoom_at (subject->map, pow (ZOOM_STEP, forth),
                          gtk_widget_get_width (stage->stack) * 0.5,
                          gtk_widget_get_height (stage->stack) * 0.4);
}

/* --- frames -------------------------------------------------------------------------------- */

static void
begin (Stage *stage)
{
  stage->busy = TRUE;
  stage->wall0 = bench_now_nsec ();
  stage->thread0 = clock_nsec (CLOCK_THREAD_CPUTIME_ID);
  stage->process0 = clock_nsec (CLOCK_PROCESS_CPUTIME_ID);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Stage *stage = user_data;

  begin (stage);
  move (stage);
  stage->step++;
  return G_SOURCE_CONTINUE;
}

/* A snapshot is shown when its layout has come from the worker; and an event is over when nothing
 * is left of it for the next frame. */
static gboolean
is_over (const Stage *stage)
{
  const PscMapView *map = stage->subject->map;

  return (stage->act != REFRESH || map->space == map->wanted) && map->draw_tick == 0;
}

static void
after_paint_cb (Stage *stage)
{
  gint64 thread = clock_nsec (CLOCK_THREAD_CPUTIME_ID) - stage->thread0;
  gint64 process = clock_nsec (CLOCK_PROCESS_CPUTIME_ID) - stage->process0;

  if (!stage->busy)
    return;
  if (stage->act > ZOOM && !is_over (stage))
    return;
  stage->busy = FALSE;
  stage->n_left--;
  if (!stage->timed)
    return;
  gdk_display_sync (gtk_widget_get_display (stage->window));
  add (stage->wall, bench_now_nsec () - stage->wall0);
  add (stage->thread, thread);
  add (stage->process, process);
}

static gboolean
in_vain_cb (gpointer user_data)
{
  g_error ("waited in vain for a frame");
  return G_SOURCE_REMOVE;
}

static void
wait_for_frames (Stage *stage)
{
  guint in_vain = g_timeout_add_seconds (30, in_vain_cb, NULL);

  while (stage->n_left > 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (in_vain);
}

static void
run_moves (Stage *stage, guint n_frames)
{
  guint tick = gtk_widget_add_tick_callback (stage->stack, tick_cb, stage, NULL);

  stage->n_left = n_frames;
  wait_for_frames (stage);
  gtk_widget_remove_tick_callback (stage->stack, tick);
}

/* As events come: between frames. */
static void
run_event (Stage *stage)
{
  g_autoptr (PscSpace) space = NULL;

  if (stage->act == REFRESH)
    space = make_next_space (stage->subject);
  stage->n_left = 1;
  begin (stage);
  if (stage->act == HOVER)
    hover (stage->subject, stage->step);
  else if (stage->act == SELECT)
    select_mapping (stage->subject, stage->step);
  else
    psc_map_view_set_space (stage->subject->map, space);
  stage->step++;
  wait_for_frames (stage);
}

static void
run_act (Stage *stage, guint n)
{
  if (stage->act <= ZOOM)
    run_moves (stage, n);
  else
    for (guint i = 0; i < n; i++)
      run_event (stage);
}

static gboolean
rested_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Until what follows a change a moment later (sentences) is over. */
static void
rest (guint msec)
{
  gboolean rested = FALSE;

  g_timeout_add (msec, rested_cb, &rested);
  while (!rested)
    g_main_context_iteration (NULL, TRUE);
}

/* --- rounds -------------------------------------------------------------------------------- */

typedef struct
{
  GArray *wall[N_ACTS], *thread[N_ACTS], *process[N_ACTS]; /* nsec of each frame */
  GArray *rate[N_ACTS];                                    /* frames in a thousand seconds */
} Times;

static void
show (Stage *stage, Act act, Subject *subject)
{
  stage->act = act;
  stage->subject = subject;
  stage->step = 0;
  gtk_stack_set_visible_child (GTK_STACK (stage->stack),
                               act == FLAT ? stage->flat : GTK_WIDGET (subject->map));
}

static void
time_act (Stage *stage, Act act, Subject *subject, Times *times)
{
  show (stage, act, subject);
  stage->timed = FALSE;
  run_act (stage, WARM_FRAMES);
  stage->timed = TRUE;
  stage->wall = &times->wall[act];
  stage->thread = &times->thread[act];
  stage->process = &times->process[act];
  run_act (stage, act <= ZOOM ? N_FRAMES : N_EVENTS);
  stage->timed = FALSE;
}

/* Frames follow each other as the clock has it; all of them are drawn when the time is taken. */
static void
count_frames (Stage *stage, Act act, Subject *subject, Times *times)
{
  gint64 began, nsec;

  show (stage, act, subject);
  run_moves (stage, WARM_FRAMES);
  gdk_display_sync (gtk_widget_get_display (stage->window));
  began = bench_now_nsec ();
  run_moves (stage, N_PRESENTED);
  gdk_display_sync (gtk_widget_get_display (stage->window));
  nsec = bench_now_nsec () - began;
  add (&times->rate[act], N_PRESENTED * G_GINT64_CONSTANT (1000000000000) / nsec);
}

/* --- stage --------------------------------------------------------------------------------- */

static void
subject_init (Subject *subject, const Shape *shape, Stage *stage)
{
  g_autoptr (PscSpace) space = make_space (shape, 0);

  subject->shape = shape;
  subject->map = PSC_MAP_VIEW (psc_map_view_new ());
  subject->motion = NULL;
  gtk_stack_add_named (GTK_STACK (stage->stack), GTK_WIDGET (subject->map), shape->title);
  psc_map_view_set_space (subject->map, space);
}

static GtkEventController *
find_motion (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_MOTION (controller))
        return controller;
    }
  g_error ("the map has no controller of motion");
}

/* A page in view that has a state, about the middle. */
static guint64
find_in_view (PscMapView *map)
{
  for (double y = map->body.height / 2; y < map->body.height; y++)
    {
      PscPlace place = psc_map_view_pick (map, map->body.x + map->body.width / 3, map->body.y + y);
      const PscMapping *mapping =
          place.type == PSC_PLACE_PAGE ? psc_space_lookup (map->space, place.start) : NULL;

      if (mapping != NULL && psc_space_lookup_run (map->space, mapping, place.start) != NULL)
        return place.start;
    }
  g_error ("there are no pages in view");
}

/* Rows that can be told apart, from the middle of the space. */
static void
subject_place (Subject *subject, Stage *stage)
{
  PscMapView *map = subject->map;

  show (stage, PAN, subject);
  while (psc_map_view_get_layout (map) == NULL || psc_map_view_get_view (map)->width <= 0)
    g_main_context_iteration (NULL, TRUE);
  subject->motion = find_motion (GTK_WIDGET (map));
  psc_map_view_zoom_at (map, ROW_PX / psc_map_view_get_view (map)->row_height,
                        map->body.x + map->body.width / 2, map->body.y + map->body.height / 2);
  subject->in_view = find_in_view (map);
}

static void
stage_open (Stage *stage, int width, int height)
{
  *stage = (Stage){ .window = gtk_window_new (), .stack = gtk_stack_new () };
  stage->flat = g_object_new (BENCH_TYPE_FLAT, NULL);
  gtk_stack_add_named (GTK_STACK (stage->stack), stage->flat, "flat");
  for (guint i = 0; i < N_SHAPES; i++)
    subject_init (&stage->subjects[i], &shapes[i], stage);
  gtk_window_set_child (GTK_WINDOW (stage->window), stage->stack);
  gtk_window_set_decorated (GTK_WINDOW (stage->window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (stage->window), width, height);
  gtk_window_present (GTK_WINDOW (stage->window));
  while (gtk_widget_get_frame_clock (stage->window) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_signal_connect_swapped (gtk_widget_get_frame_clock (stage->window), "after-paint",
                            G_CALLBACK (after_paint_cb), stage);
  for (guint i = 0; i < N_SHAPES; i++)
    subject_place (&stage->subjects[i], stage);
  g_assert_cmpint (gtk_widget_get_width (stage->stack), ==, width);
  g_assert_cmpint (gtk_widget_get_height (stage->stack), ==, height);
}

static void
stage_close (Stage *stage)
{
  gtk_window_destroy (GTK_WINDOW (stage->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* --- the table ----------------------------------------------------------------------------- */

static double
median_msec (GArray *times)
{
  return (double) bench_median (times) / 1e6;
}

static guint
verdict (gboolean met, const char *promise)
{
  printf ("   %s %s\n", promise, met ? "met" : "MISSED");
  return !met;
}

static guint
print_rates (Times *times)
{
  guint n_missed = 0;

  printf ("%-16s %-8s %10s\n", "1920x1080", "", "frames/s");
  for (guint i = 0; i < N_SHAPES; i++)
    for (Act act = FLAT; act <= ZOOM; act++)
      {
        double rate;

        if (times[i].rate[act] == NULL)
          continue;
        rate = (double) bench_median (times[i].rate[act]) / 1000;
        printf ("%-16s %-8s %10.1f", act == FLAT ? "" : shapes[i].title, act_names[act], rate);
        if (act == FLAT)
          printf ("\n");
        else
          n_missed += verdict (rate >= LEAST_FPS, ">= 59");
      }
  return n_missed;
}

static guint
print_act (Times *times, const Times *flat, const char *title, Act act)
{
  double wall = median_msec (times->wall[act]);
  double thread = median_msec (times->thread[act]);
  double process = median_msec (times->process[act]);
  double ratio = wall / median_msec (flat->wall[FLAT]);

  printf ("%-16s %-8s %10.2f %10.2f %10.2f", title, act_names[act], wall, process, thread);
  if (act == FLAT)
    {
      printf ("\n");
      return 0;
    }
  if (act > ZOOM)
    return verdict (thread <= MOST_EVENT_MSEC, "          thread <= 2 ms");
  printf (" %6.2fx %6.2fx", ratio, process / median_msec (flat->process[FLAT]));
  return verdict (ratio <= MOST_FLAT, "wall <= 1.5x");
}

static guint
print_frames (Times *times)
{
  guint n_missed = 0;

  printf ("%-16s %-8s %10s %10s %10s %7s %7s\n", "3840x2160, ms", "", "wall", "cpu", "thread",
          "wall/", "cpu/");
  print_act (&times[0], &times[0], "", FLAT);
  for (guint i = 0; i < N_SHAPES; i++)
    for (Act act = PAN; act < N_ACTS; act++)
      n_missed += print_act (&times[i], &times[0], shapes[i].title, act);
  return n_missed;
}

static void
time_all (Times *times)
{
  Stage stage;

  stage_open (&stage, 3840, 2160);
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      time_act (&stage, FLAT, NULL, &times[0]);
      for (guint i = 0; i < N_SHAPES; i++)
        for (Act act = PAN; act < N_ACTS; act++)
          {
            time_act (&stage, act, &stage.subjects[i], &times[i]);
            rest (REST_MSEC);
          }
    }
  stage_close (&stage);
}

static void
count_all (Times *times)
{
  Stage stage;

  stage_open (&stage, 1920, 1080);
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      count_frames (&stage, FLAT, NULL, &times[0]);
      for (guint i = 0; i < N_SHAPES; i++)
        for (Act act = PAN; act <= ZOOM; act++)
          count_frames (&stage, act, &stage.subjects[i], &times[i]);
    }
  stage_close (&stage);
}

int
main (void)
{
  Times times[N_SHAPES] = { 0 };
  guint n_missed;

  psc_application_keep_blocks ();
  adw_init ();
  count_all (times);
  time_all (times);
  n_missed = print_rates (times);
  n_missed += print_frames (times);
  printf ("%u missed\n", n_missed);
  return n_missed == 0 ? 0 : 1;
}
