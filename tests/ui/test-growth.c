/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What grows, in the window: made-up timelines whose truth is known, and one real process that
 * grows at a rate of its own. */

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "psc-fact.h"
#include "psc-growth-panel.h"
#include "psc-growth-row.h"
#include "psc-orphans-dialog.h"
#include "psc-story.h"
#include "psc-ui-test.h"
#include "psc-window-private.h"

#define KIB 1024.0
#define MIB 1048576.0

static const Character leaking[] = {
  { PSC_KIND_HEAP, "", 5 * MIB, 50 * KIB }, { PSC_KIND_ANON, "glibc arena", 10 * MIB, 20 * KIB },
  { PSC_KIND_ANON, "", 80 * MIB },          { PSC_KIND_TEXT, "", 3 * MIB },
  { PSC_KIND_STACK, "", 100 * KIB },
};

static const Character idle[] = {
  { PSC_KIND_HEAP, "", 5 * MIB },
  { PSC_KIND_TEXT, "", 3 * MIB },
};

static PscTimeline *
timeline_new (const Character *characters, guint n, guint n_seconds)
{
  const Story story = { characters, n, n_seconds };

  return story_new (&story);
}

static GtkWidget *
find_row (GtkWidget *panel, guint index)
{
  GtkWidget *row = psc_ui_find (panel, PSC_TYPE_GROWTH_ROW);

  while (row != NULL && index-- > 0)
    row = gtk_widget_get_next_sibling (row);
  return row;
}

static guint
count_rows (GtkWidget *panel)
{
  guint n = 0;

  for (GtkWidget *row = find_row (panel, 0); row != NULL; row = gtk_widget_get_next_sibling (row))
    n += gtk_widget_get_visible (row);
  return n;
}

/* --- the panel ----------------------------------------------------------------------------- */

typedef struct
{
  GtkWidget *window, *panel;
  PscInsight *insight;
  guint chosen;
} Stage;

static void
chosen_cb (GtkWidget *panel, guint index, gpointer user_data)
{
  *(guint *) user_data = index;
}

static void
stage_open (Stage *stage)
{
  psc_ui_get_application ();
  stage->window = gtk_window_new ();
  stage->panel = psc_growth_panel_new ();
  stage->insight = psc_insight_new ();
  stage->chosen = G_MAXUINT;
  psc_growth_panel_set_insight (PSC_GROWTH_PANEL (stage->panel), stage->insight);
  g_signal_connect (stage->panel, "chosen", G_CALLBACK (chosen_cb), &stage->chosen);
  gtk_window_set_child (GTK_WINDOW (stage->window), stage->panel);
  gtk_window_set_default_size (GTK_WINDOW (stage->window), 320, 700);
  gtk_window_present (GTK_WINDOW (stage->window));
  psc_ui_wait_until (gtk_widget_get_mapped (stage->panel));
}

static void
stage_close (Stage *stage)
{
  gtk_window_destroy (GTK_WINDOW (stage->window));
  g_object_unref (stage->insight);
}

static void
show_story (Stage *stage, const Character *characters, guint n, guint n_seconds, const char *note)
{
  g_autoptr (PscTimeline) timeline = timeline_new (characters, n, n_seconds);
  const PscJudgementFacts facts = { .until_usec = G_MAXINT64 };
  g_autoptr (PscJudgement) judgement = psc_judgement_new (timeline, &facts);

  psc_insight_set_judgement (stage->insight, judgement, note);
}

static void
test_panel (void)
{
  Stage stage;
  GtkWidget *row;

  stage_open (&stage);
  g_assert_nonnull (psc_ui_find_text (stage.panel, "Nothing has been watched yet."));
  show_story (&stage, leaking, G_N_ELEMENTS (leaking), 181, "Said beside it.");
  g_assert_cmpuint (count_rows (stage.panel), ==, 2);
  row = find_row (stage.panel, 0);
  g_assert_cmpstr (psc_growth_row_get_sentence (PSC_GROWTH_ROW (row)), ==,
                   "Growing steadily, 2.93 MiB/min for 3 min");
  g_assert_true (gtk_widget_has_css_class (row, "growing"));
  g_assert_nonnull (psc_ui_find_text (row, "Heap"));
  g_assert_nonnull (psc_ui_find_text (row, "13.8 MiB"));
  g_assert_nonnull (psc_ui_find_text (find_row (stage.panel, 1), "glibc arena"));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Heap, 13.8 MiB: growing steadily, 2.93 MiB/min for 3 min");
  g_assert_nonnull (psc_ui_find_text (stage.panel, "Said beside it."));
  g_assert_nonnull (psc_ui_find_fact (stage.panel, "All memory"));
  g_signal_emit_by_name (find_row (stage.panel, 1), "clicked");
  g_assert_cmpuint (stage.chosen, ==, 1);
  stage_close (&stage);
}

/* What grows and is not used. */
static void
test_panel_leak (void)
{
  g_autoptr (PscTimeline) timeline = timeline_new (leaking, G_N_ELEMENTS (leaking), 181);
  g_autoptr (GArray) cold = g_array_new (FALSE, FALSE, sizeof (PscColdSegment));
  const PscColdSegment heap = { PSC_KIND_HEAP, "", 100, 92 };
  PscJudgementFacts facts = { .until_usec = G_MAXINT64, .cold = cold };
  g_autoptr (PscJudgement) judgement = NULL;
  Stage stage;

  g_array_append_val (cold, heap);
  judgement = psc_judgement_new (timeline, &facts);
  stage_open (&stage);
  psc_insight_set_judgement (stage.insight, judgement, NULL);
  g_assert_true (gtk_widget_has_css_class (find_row (stage.panel, 0), "leak"));
  g_assert_nonnull (psc_ui_find_text (find_row (stage.panel, 0), "92 % of it cold: likely a leak"));
  g_assert_false (gtk_widget_has_css_class (find_row (stage.panel, 1), "leak"));
  stage_close (&stage);
}

/* What can't leak is said to, and why, when somebody asks. */
static void
test_panel_others (void)
{
  Stage stage;
  GtkWidget *others;

  stage_open (&stage);
  show_story (&stage, leaking, G_N_ELEMENTS (leaking), 181, NULL);
  others = psc_ui_find (stage.panel, GTK_TYPE_TOGGLE_BUTTON);
  g_assert_nonnull (psc_ui_find_text (others, "4 parts that do not grow"));
  g_assert_null (psc_ui_find_text (stage.panel, "Code: can't leak"));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (others), TRUE);
  psc_ui_wait_until (psc_ui_find_text (stage.panel, "Code: can't leak") != NULL);
  g_assert_nonnull (psc_ui_find_text (stage.panel, "Anonymous memory: flat"));
  g_assert_nonnull (psc_ui_find_text (stage.panel, "Stack: flat"));
  stage_close (&stage);
}

static void
test_panel_calm (void)
{
  Stage stage;

  stage_open (&stage);
  show_story (&stage, leaking, G_N_ELEMENTS (leaking), 181, "Not for long.");
  show_story (&stage, idle, G_N_ELEMENTS (idle), 120, NULL);
  g_assert_cmpuint (count_rows (stage.panel), ==, 0);
  g_assert_nonnull (psc_ui_find_text (stage.panel, "Nothing grows"));
  g_assert_null (psc_ui_find_text (stage.panel, "Not for long."));
  show_story (&stage, idle, G_N_ELEMENTS (idle), 11, NULL);
  g_assert_nonnull (psc_ui_find_text (stage.panel, "Too short to tell what grows"));
  psc_insight_forget (stage.insight);
  g_assert_nonnull (psc_ui_find_text (stage.panel, "Nothing has been watched yet."));
  stage_close (&stage);
}

/* --- curves -------------------------------------------------------------------------------- */

static void
test_spark (void)
{
  g_autoptr (PscTimeline) timeline = timeline_new (leaking, G_N_ELEMENTS (leaking), 400);
  g_autoptr (PscVerdict) verdict = psc_verdict_new (timeline);
  g_autofree PscSpark *spark = psc_spark_new (timeline, verdict, &verdict->findings[0]);
  g_autoptr (PscVerdict) then = psc_verdict_new_at (timeline, 100 * G_USEC_PER_SEC);
  g_autofree PscSpark *shorter = psc_spark_new (timeline, then, &then->findings[0]);

  g_assert_cmpuint (spark->low, ==, 5 * MIB);
  g_assert_cmpuint (spark->high, ==, (guint64) (5 * MIB + 399 * 50 * KIB) / 4096 * 4096);
  g_assert_cmpuint (spark->columns[0].low, ==, spark->low);
  g_assert_cmpuint (spark->columns[PSC_SPARK_COLUMNS - 1].high, ==, spark->high);
  for (guint i = 1; i < PSC_SPARK_COLUMNS; i++)
    g_assert_cmpuint (spark->columns[i].low, >, spark->columns[i - 1].high);
  g_assert_cmpuint (spark->since, ==, 0);
  /* Of what came later nothing was known. */
  g_assert_cmpuint (shorter->high, ==, (guint64) (5 * MIB + 100 * 50 * KIB) / 4096 * 4096);
}

/* --- the window ---------------------------------------------------------------------------- */

static PscSpace *
load_space (gpointer data, gint64 time_usec, GError **error)
{
  return psc_space_ref (data);
}

/* A window on a recorded process whose past is made up. */
static PscWindow *
open_story (const Character *characters, guint n, guint n_seconds)
{
  g_autofree char *root = psc_ui_dup_root ("java");
  PscWindow *window = psc_ui_open (root, NULL);
  PscTimeSource source = { .load = load_space, .destroy = (GDestroyNotify) psc_space_unref };

  source.data = psc_space_ref (psc_session_get_space (psc_window_get_session (window)));
  psc_window_time_set_source (window, timeline_new (characters, n, n_seconds), &source);
  psc_ui_wait_until (psc_window_is_past (window));
  return window;
}

static const PscVerdict *
get_verdict (PscWindow *window)
{
  PscJudgement *judgement = psc_insight_get_judgement (psc_window_get_insight (window));

  return judgement != NULL ? judgement->verdict : NULL;
}

static void
test_travel (void)
{
  PscWindow *window = open_story (leaking, G_N_ELEMENTS (leaking), 181);
  GtkWidget *bar = GTK_WIDGET (window->timeline);

  psc_ui_wait_until (psc_ui_find_text (bar, "Heap: growing steadily, 2.93 MiB/min for 3 min") !=
                     NULL);
  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (window->inspector), "As of the moment"));
  /* Then nobody could tell. */
  psc_window_travel (window, 12 * G_USEC_PER_SEC);
  psc_ui_wait_until (get_verdict (window)->until_usec == 12 * G_USEC_PER_SEC);
  g_assert_null (psc_ui_find_text (bar, "Heap: growing"));
  g_assert_nonnull (psc_ui_find_text (bar, "resident"));
  psc_window_travel (window, 100 * G_USEC_PER_SEC);
  psc_ui_wait_until (psc_ui_find_text (bar, "Heap: growing steadily, 2.93 MiB/min for 100 s") !=
                     NULL);
  psc_ui_close (window);
}

/* A finding leads to the mapping that has most of it, and that says what was found. */
static void
test_choose (void)
{
  PscWindow *window = open_story (leaking, G_N_ELEMENTS (leaking), 181);
  GtkWidget *inspector = GTK_WIDGET (window->inspector);
  const PscMapping *selected;

  psc_ui_wait_until (get_verdict (window) != NULL && count_rows (inspector) == 2);
  g_signal_emit_by_name (find_row (inspector, 0), "clicked");
  selected = psc_map_view_get_selected (window->map);
  g_assert_nonnull (selected);
  g_assert_cmpint (selected->kind, ==, PSC_KIND_HEAP);
  psc_ui_wait_until (psc_ui_find_fact (inspector, "Growth") != NULL);
  g_assert_cmpstr (psc_ui_find_fact (inspector, "Growth"), ==,
                   "growing steadily, 2.93 MiB/min for 3 min");
  g_action_group_activate_action (G_ACTION_GROUP (window), "show-growth", NULL);
  g_assert_null (psc_map_view_get_selected (window->map));
  psc_ui_close (window);
}

/* --- a real one ---------------------------------------------------------------------------- */

#define TICK_USEC      100000
#define BYTES_PER_TICK (64 * 1024)

/* Grows until its input ends. */
static int
grow (void)
{
  guint8 *area = mmap (NULL, 256 << 20, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  gint64 next_usec = g_get_monotonic_time ();

  if (area == MAP_FAILED || madvise (area, 256 << 20, MADV_NOHUGEPAGE) < 0)
    return 1;
  for (gsize at = 0; at < 256 << 20; at += BYTES_PER_TICK)
    {
      gint64 wait_usec = (next_usec += TICK_USEC) - g_get_monotonic_time ();
      GPollFD input = { STDIN_FILENO, G_IO_IN | G_IO_HUP, 0 };

      memset (area + at, 1, BYTES_PER_TICK);
      if (g_poll (&input, 1, (int) (MAX (wait_usec, 0) / 1000)) > 0)
        return 0;
    }
  return 0;
}

static GSubprocess *
start_growing (void)
{
  g_autofree char *myself = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *child =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE, &error, myself, "grow", NULL);

  g_assert_no_error (error);
  return child;
}

/* 37.5 MiB/min: so the rate that is told must be, give or take what a loaded machine does to
 * ticks. */
static void
test_real (void)
{
  g_autoptr (GSubprocess) child = start_growing ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  GtkWidget *inspector = GTK_WIDGET (window->inspector);
  gint64 deadline_usec = g_get_monotonic_time () + 90 * G_USEC_PER_SEC;
  const PscFinding *worst = NULL;
  const PscJudgement *judgement;

  while (worst == NULL && g_get_monotonic_time () < deadline_usec)
    {
      psc_ui_iterate ();
      worst = get_verdict (window) != NULL ? psc_verdict_get_worst (get_verdict (window)) : NULL;
    }
  g_assert_nonnull (worst);
  g_assert_cmpint (worst->kind, ==, PSC_KIND_ANON);
  g_assert_cmpfloat (worst->trend.bytes_per_min, >, 20 * MIB);
  g_assert_cmpfloat (worst->trend.bytes_per_min, <, 45 * MIB);
  g_assert_cmpuint (worst->room_bytes, >, 100 * MIB);
  g_assert_nonnull (
      psc_ui_find_text (GTK_WIDGET (window->timeline), "Anonymous memory: growing steadily"));
  g_assert_nonnull (psc_ui_find_text (inspector, "Growing steadily"));
  /* Limits were read, and a machine's memory is one. */
  judgement = psc_insight_get_judgement (psc_window_get_insight (window));
  g_assert_nonnull (judgement->limits);
  g_assert_cmpint (psc_known_limits_get (judgement->limits)->mem_available.state, ==,
                   PSC_LIMIT_VALUE);
  g_assert_cmpuint (judgement->verdict->forecasts->len, >, 0);
  psc_ui_close (window);
  psc_ui_end_child (child);
}

/* --- orphans ------------------------------------------------------------------------------- */

/* A memfd of ours that nobody maps is found as ours, and told of in the inspector. */
static void
test_orphans (void)
{
  g_autofree char *target = g_strdup_printf ("%d", getpid ());
  int fd = memfd_create ("psc-test-left-behind", 0);
  PscWindow *window = psc_ui_open (NULL, target);
  GtkWidget *dialog;

  g_assert_cmpint (ftruncate (fd, 1 << 20), ==, 0);
  g_assert_cmpint (pwrite (fd, "x", 1, 4096), ==, 1);
  dialog = psc_ui_open_dialog (window, "orphans", PSC_TYPE_ORPHANS_DIALOG);
  psc_ui_wait_until (psc_ui_find_text (dialog, "psc-test-left-behind") != NULL);
  psc_ui_wait_until (psc_ui_find_fact (GTK_WIDGET (window->inspector), "Left behind") != NULL);
  g_assert_true (g_str_has_prefix (psc_ui_find_fact (GTK_WIDGET (window->inspector), "Left behind"),
                                   "4 KiB of shared memory"));
  psc_ui_wait_until (get_verdict (window) != NULL && get_verdict (window)->orphan_bytes == 4096);
  gtk_window_destroy (GTK_WINDOW (dialog));
  psc_ui_close (window);
  close (fd);
}

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], "grow") == 0)
    return grow ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/growth/panel", test_panel);
  g_test_add_func ("/growth/panel-others", test_panel_others);
  g_test_add_func ("/growth/panel-leak", test_panel_leak);
  g_test_add_func ("/growth/panel-calm", test_panel_calm);
  g_test_add_func ("/growth/spark", test_spark);
  g_test_add_func ("/growth/travel", test_travel);
  g_test_add_func ("/growth/choose", test_choose);
  g_test_add_func ("/growth/orphans", test_orphans);
  g_test_add_func ("/growth/real", test_real);
  return g_test_run ();
}
