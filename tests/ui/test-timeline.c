/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The timeline in the window: moments come by themselves, the past is shown everywhere and only
 * there, and the way back. */

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "psc-ui-test.h"
#include "psc-window-private.h"

#define MIB (1024u * 1024u)

static void
activate (PscWindow *window, const char *name, GVariant *parameter)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), name, parameter);
}

static PscWindow *
open_myself (void)
{
  g_autofree char *target = g_strdup_printf ("%d", getpid ());

  return psc_ui_open (NULL, target);
}

static PscTimelineArea *
get_area (PscWindow *window)
{
  return psc_timeline_view_get_area (window->timeline);
}

static guint
count_moments (PscWindow *window)
{
  PscChart chart = psc_timeline_area_get_chart (get_area (window));

  return psc_timeline_get_n_moments (chart.timeline);
}

static const PscMoment *
get_moment (PscWindow *window, guint index)
{
  return psc_timeline_get_moment (psc_timeline_area_get_chart (get_area (window)).timeline, index);
}

static guint8 *
map_area (gsize size)
{
  guint8 *area = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  g_assert_true (area != MAP_FAILED);
  madvise (area, size, MADV_NOHUGEPAGE);
  return area;
}

/* Bytes of [start, end) that the map has as resident. */
static gboolean
shows_resident (PscWindow *window, const guint8 *start)
{
  PscSpace *space = psc_map_view_get_space (window->map);
  const PscMapping *mapping = psc_space_lookup (space, (guint64) (gsize) start);

  return mapping != NULL && mapping->resident >= 16 * MIB;
}

static gboolean
press (PscWindow *window, guint key, GdkModifierType state)
{
  return psc_ui_press_key (GTK_WIDGET (get_area (window)), key, state);
}

/* What came later is on the map of now and not on the one of then; live goes on meanwhile. */
static void
test_travel (void)
{
  PscWindow *window = open_myself ();
  PscSession *session = psc_window_get_session (window);
  guint8 *area;
  gint64 then;
  guint n;

  psc_ui_wait_until (count_moments (window) >= 2);
  then = get_moment (window, 1)->time_usec;
  area = map_area (16 * MIB);
  memset (area, 1, 16 * MIB);
  psc_ui_wait_until (shows_resident (window, area));
  g_assert_false (psc_window_is_past (window));

  psc_window_travel (window, then);
  psc_ui_wait_until (psc_window_is_past (window) && !shows_resident (window, area));
  g_assert_true (psc_map_view_get_space (window->map) == psc_window_get_shown_space (window));
  g_assert_cmpint (psc_map_view_get_space (window->map)->time_usec, <=, then);
  g_assert_true (psc_session_get_past (session));
  g_assert_false (psc_session_can_read_details (session));
  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (window), "Showing "));
  g_assert_nonnull (psc_ui_find_button (GTK_WIDGET (window), "Back to Live"));

  /* Moments go on coming, and what is shown stays. */
  n = count_moments (window);
  psc_ui_wait_until (count_moments (window) >= n + 2);
  g_assert_false (shows_resident (window, area));
  g_assert_cmpint (psc_timeline_area_get_shown (get_area (window)), ==, then);

  activate (window, "live", NULL);
  psc_ui_wait_until (shows_resident (window, area));
  g_assert_false (psc_session_get_past (session));
  g_assert_null (psc_ui_find_button (GTK_WIDGET (window), "Back to Live"));
  psc_ui_close (window);
  munmap (area, 16 * MIB);
}

/* A look that finds nothing different is a moment all the same: a process that sleeps has a
 * timeline, too. */
static void
test_sleeping (void)
{
  GSubprocess *child = psc_ui_start_child ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  PscSession *session = psc_window_get_session (window);
  const PscMoment *last;

  psc_ui_wait_until (count_moments (window) >= 3 &&
                     get_moment (window, count_moments (window) - 1)->time_usec >
                         psc_session_get_space (session)->time_usec);
  last = get_moment (window, count_moments (window) - 1);
  g_assert_cmpuint (last->total.resident, ==, psc_session_get_space (session)->totals.resident);
  g_assert_cmpuint (last->n_events, ==, 0);
  psc_window_travel (window, get_moment (window, 2)->time_usec);
  psc_ui_wait_until (psc_window_is_past (window));
  psc_ui_end_child (child);

  /* The last moment of a process that has ended can be left and come back to. */
  psc_ui_wait_until (psc_session_get_state (session) == PSC_SESSION_GONE);
  press (window, GDK_KEY_Home, 0);
  psc_ui_wait_until (psc_timeline_area_get_shown (get_area (window)) ==
                     get_moment (window, 0)->time_usec);
  psc_ui_close (window);
  g_object_unref (child);
}

/* Moments one by one, events, ends; the last one is what is live. */
static void
test_keys (void)
{
  PscWindow *window = open_myself ();
  guint8 *area;
  const PscMoment *with_event = NULL;
  guint n;

  psc_ui_wait_until (count_moments (window) >= 2);
  area = map_area (16 * MIB);
  memset (area, 1, 16 * MIB);
  psc_ui_wait_until (shows_resident (window, area));
  n = count_moments (window);
  psc_ui_wait_until (count_moments (window) >= n + 2);

  n = count_moments (window);
  press (window, GDK_KEY_Left, 0);
  g_assert_cmpint (psc_timeline_area_get_shown (get_area (window)), ==,
                   get_moment (window, n - 2)->time_usec);
  press (window, GDK_KEY_Left, 0);
  g_assert_cmpint (psc_timeline_area_get_shown (get_area (window)), ==,
                   get_moment (window, n - 3)->time_usec);
  press (window, GDK_KEY_Right, 0);
  g_assert_cmpint (psc_timeline_area_get_shown (get_area (window)), ==,
                   get_moment (window, n - 2)->time_usec);
  press (window, GDK_KEY_Home, 0);
  g_assert_cmpint (psc_timeline_area_get_shown (get_area (window)), ==,
                   get_moment (window, 0)->time_usec);
  press (window, GDK_KEY_Right, GDK_CONTROL_MASK);
  for (guint i = 1; with_event == NULL; i++)
    if (get_moment (window, i)->n_events > 0)
      with_event = get_moment (window, i);
  g_assert_cmpint (psc_timeline_area_get_shown (get_area (window)), ==, with_event->time_usec);
  press (window, GDK_KEY_End, 0);
  g_assert_cmpint (psc_timeline_area_get_shown (get_area (window)), ==, 0);
  press (window, GDK_KEY_Left, 0);
  g_assert_cmpint (psc_timeline_area_get_shown (get_area (window)), !=, 0);
  psc_ui_press_key (GTK_WIDGET (window->map), GDK_KEY_n, 0);
  g_assert_cmpint (psc_timeline_area_get_shown (get_area (window)), ==, 0);
  g_assert_false (press (window, GDK_KEY_Escape, 0));
  psc_ui_close (window);
  munmap (area, 16 * MIB);
}

/* Clicking goes to the nearest moment; zooming and moving show another part, and all again. */
static void
test_pointer (void)
{
  PscWindow *window = open_myself ();
  PscTimelineArea *area = get_area (window);
  PscChart chart, zoomed;
  double width, height;
  PscRect plot;

  psc_ui_wait_until (count_moments (window) >= 3);
  chart = psc_timeline_area_get_chart (area);
  width = gtk_widget_get_width (GTK_WIDGET (area));
  height = gtk_widget_get_height (GTK_WIDGET (area));
  plot = psc_chart_plot (&chart, width, height);
  psc_timeline_area_choose (
      area, psc_chart_x_of (&chart, width, height, get_moment (window, 1)->time_usec) + 1);
  g_assert_cmpint (psc_timeline_area_get_shown (area), ==, get_moment (window, 1)->time_usec);
  psc_timeline_area_choose (area, plot.x + plot.width);
  g_assert_cmpint (psc_timeline_area_get_shown (area), ==, 0);

  g_assert_true (psc_timeline_area_get_fit (area));
  psc_timeline_area_zoom (area, 2, plot.x + plot.width);
  zoomed = psc_timeline_area_get_chart (area);
  g_assert_cmpint (zoomed.to_usec - zoomed.from_usec, ==, (chart.to_usec - chart.from_usec) / 2);
  g_assert_cmpint (zoomed.to_usec, ==, chart.to_usec);
  g_assert_false (psc_timeline_area_get_fit (area));
  press (window, GDK_KEY_0, 0);
  g_assert_true (psc_timeline_area_get_fit (area));
  psc_ui_close (window);
}

/* Plays from the beginning to the end, and is live then. */
static void
test_play (void)
{
  PscWindow *window = open_myself ();
  gboolean was_past = FALSE;

  psc_ui_wait_until (count_moments (window) >= 4);
  press (window, GDK_KEY_space, 0);
  g_assert_true (psc_timeline_view_get_playing (window->timeline));
  while (psc_timeline_view_get_playing (window->timeline))
    {
      was_past = was_past || psc_window_is_past (window);
      psc_ui_iterate ();
    }
  g_assert_true (was_past);
  psc_ui_wait_until (!psc_window_is_past (window));
  g_assert_cmpint (psc_timeline_area_get_shown (get_area (window)), ==, 0);

  press (window, GDK_KEY_space, 0);
  press (window, GDK_KEY_space, 0);
  g_assert_false (psc_timeline_view_get_playing (window->timeline));
  psc_ui_close (window);
}

/* Another process has another past; one that can't be seen can't be travelled in. */
static void
test_others (void)
{
  GSubprocess *child = psc_ui_start_child ();
  PscWindow *window = open_myself ();
  gint pid = (gint) g_ascii_strtoll (g_subprocess_get_identifier (child), NULL, 10);

  psc_ui_wait_until (count_moments (window) >= 3);
  psc_window_travel (window, get_moment (window, 0)->time_usec);
  psc_ui_wait_until (psc_window_is_past (window));
  psc_window_open_process (window, pid);
  g_assert_false (psc_window_is_past (window));
  g_assert_cmpuint (count_moments (window), ==, 0);
  psc_ui_wait_until (count_moments (window) >= 2);
  g_assert_cmpint (psc_map_view_get_space (window->map)->pid, ==, pid);

  psc_window_travel (window, get_moment (window, 0)->time_usec);
  psc_ui_wait_until (psc_window_is_past (window));
  g_action_group_change_action_state (G_ACTION_GROUP (window), "show-timeline",
                                      g_variant_new_boolean (FALSE));
  g_assert_false (psc_window_is_past (window));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->timeline)));
  g_action_group_change_action_state (G_ACTION_GROUP (window), "show-timeline",
                                      g_variant_new_boolean (TRUE));
  g_action_group_change_action_state (G_ACTION_GROUP (window), "gallery",
                                      g_variant_new_boolean (TRUE));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->timeline)));
  psc_ui_close (window);
  psc_ui_end_child (child);
  g_object_unref (child);
}

/* A past that comes from elsewhere, and one that can't be had. */
static PscSpace *
load_elsewhere (gpointer data, gint64 time_usec, GError **error)
{
  if (time_usec > 2000000)
    return psc_space_ref (data);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "that page is torn out");
  return NULL;
}

static void
test_source (void)
{
  PscWindow *window = open_myself ();
  PscTimeline *timeline = psc_timeline_new ();
  PscTimeSource source = { .load = load_elsewhere, .destroy = (GDestroyNotify) psc_space_unref };
  PscSpace *space = psc_space_ref (psc_session_get_space (psc_window_get_session (window)));

  source.data = space;
  for (guint i = 1; i <= 4; i++)
    {
      g_autoptr (PscMoment) made = psc_moment_new (NULL, space);
      g_autoptr (PscMoment) moment = psc_moment_new_alike (made, i * 1000000);

      psc_timeline_add (timeline, moment);
    }
  psc_window_time_set_source (window, timeline, &source);
  g_assert_cmpuint (count_moments (window), ==, 4);
  psc_window_travel (window, 3000000);
  psc_ui_wait_until (psc_window_is_past (window));
  g_assert_true (psc_window_get_shown_space (window) == space);
  psc_window_travel (window, 1000000);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), "that page is torn out") != NULL);
  g_assert_cmpint (psc_timeline_area_get_shown (get_area (window)), ==, 3000000);
  /* Nothing is added to it. */
  g_assert_cmpuint (count_moments (window), ==, 4);
  psc_ui_close (window);
}

/* --- how old pages are --------------------------------------------------------------------- */

static PscAgeClass
age_of (PscWindow *window, const guint8 *start)
{
  const PscTrait *trait =
      psc_traits_lookup (psc_map_view_get_traits (window->map), (guint64) (gsize) start);

  return trait != NULL ? trait->value : PSC_AGE_OLDER;
}

/* Nothing was behind it. */
static gboolean
is_untouched (PscWindow *window, const guint8 *start)
{
  return psc_traits_lookup (psc_map_view_get_traits (window->map), (guint64) (gsize) start) == NULL;
}

static gint64
get_last_usec (PscWindow *window)
{
  return get_moment (window, count_moments (window) - 1)->time_usec;
}

static PscSpace *
get_map_space (PscWindow *window)
{
  return psc_map_view_get_space (window->map);
}

/* What appears is new and grows older by itself; what was there is old; and so it was at every
 * moment of the past. */
static void
test_age (void)
{
  guint8 *area = map_area (8 * MIB);
  gint64 first_usec, second_usec;
  PscWindow *window;

  memset (area, 1, MIB);
  window = open_myself ();
  psc_ui_wait_until (count_moments (window) >= 1);
  activate (window, "lens", g_variant_new_string ("age"));
  memset (area + 2 * MIB, 1, MIB);
  psc_ui_wait_until (age_of (window, area + 2 * MIB) == PSC_AGE_NEW);
  first_usec = get_last_usec (window);
  g_assert_cmpint (age_of (window, area), ==, PSC_AGE_OLDER);
  psc_ui_wait_until (age_of (window, area + 2 * MIB) == PSC_AGE_SECONDS);
  memset (area + 4 * MIB, 1, MIB);
  psc_ui_wait_until (age_of (window, area + 4 * MIB) == PSC_AGE_NEW);
  second_usec = get_last_usec (window);
  g_assert_cmpint (age_of (window, area + 2 * MIB), ==, PSC_AGE_SECONDS);

  psc_window_travel (window, first_usec);
  psc_ui_wait_until (age_of (window, area + 2 * MIB) == PSC_AGE_NEW);
  g_assert_true (get_map_space (window) == psc_window_get_shown_space (window));
  g_assert_true (is_untouched (window, area + 4 * MIB));
  g_assert_cmpint (age_of (window, area), ==, PSC_AGE_OLDER);
  psc_window_travel (window, second_usec);
  psc_ui_wait_until (age_of (window, area + 4 * MIB) == PSC_AGE_NEW);
  g_assert_cmpint (age_of (window, area + 2 * MIB), ==, PSC_AGE_SECONDS);
  psc_window_travel (window, get_moment (window, 0)->time_usec);
  psc_ui_wait_until (is_untouched (window, area + 2 * MIB));
  g_assert_cmpint (age_of (window, area), ==, PSC_AGE_OLDER);

  /* Chosen when it is the past that is shown. */
  activate (window, "lens", g_variant_new_string ("residency"));
  g_assert_null (psc_map_view_get_traits (window->map));
  psc_window_travel (window, second_usec);
  activate (window, "lens", g_variant_new_string ("age"));
  psc_ui_wait_until (!is_untouched (window, area + 4 * MIB));
  g_assert_cmpint (age_of (window, area + 4 * MIB), ==, PSC_AGE_NEW);
  activate (window, "live", NULL);
  psc_ui_wait_until (age_of (window, area + 4 * MIB) != PSC_AGE_NEW);
  g_assert_false (is_untouched (window, area + 2 * MIB));
  psc_ui_close (window);
  munmap (area, 8 * MIB);
}

/* A little that has appeared glows and fades; who wants no movement has none. */
static void
test_glow (void)
{
  guint8 *area = map_area (8 * MIB);
  GtkSettings *settings = gtk_settings_get_default ();
  PscWindow *window = open_myself ();
  PscSpace *space;

  psc_ui_wait_until (count_moments (window) >= 1);
  memset (area, 1, MIB);
  psc_ui_wait_until (psc_map_view_is_glowing (window->map));
  activate (window, "pause", NULL);
  psc_ui_wait_until (!psc_map_view_is_glowing (window->map));
  activate (window, "pause", NULL);

  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  space = psc_map_view_get_space (window->map);
  memset (area + 2 * MIB, 1, MIB);
  psc_ui_wait_until (
      psc_map_view_get_space (window->map) != space &&
      psc_space_lookup (psc_map_view_get_space (window->map), (guint64) (gsize) area)->resident >=
          2 * MIB);
  psc_ui_wait_for_rest (window->map);
  g_assert_false (psc_map_view_is_glowing (window->map));
  g_object_set (settings, "gtk-enable-animations", TRUE, NULL);
  psc_ui_close (window);
  munmap (area, 8 * MIB);
}

/* So many pages of it are resident. */
static PscSpace *
new_grown_space (gint64 time_usec, guint64 n_pages)
{
  PscSpaceBuilder *builder = psc_space_builder_new (4096);
  PscSpace *space = psc_space_builder_get_space (builder);
  const PscMapping mapping = {
    .start = 1 << 20,
    .end = 4 << 20,
    .name = "",
    .perms = PSC_PERM_READ | PSC_PERM_WRITE,
    .flags = PSC_MAPPING_PAGES_KNOWN,
    .page_shift = 12,
  };

  space->time_usec = time_usec;
  space->source = PSC_SOURCE_SCAN;
  g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
  g_assert_true (psc_space_builder_add_run (builder, mapping.start, mapping.start + n_pages * 4096,
                                            PSC_PAGE_PRESENT));
  return psc_space_builder_freeze (builder);
}

/* --- ages that take long ------------------------------------------------------------------- */

/* A past with ever another moment before the one that is wanted, until `ends`. */
static struct
{
  gint ends;   /* atomic */
  gint visits; /* atomic */
} endless;

static PscSpace *
load_endless (gpointer data, gint64 time_usec, GError **error)
{
  return new_grown_space (time_usec, time_usec < 2000000 ? 100 : 200);
}

static gint64
find_endless (gpointer data, gint64 time_usec)
{
  return CLAMP (time_usec, 1000000, 4000000);
}

static gboolean
next_endless (gpointer data, gint64 time_usec, gint64 until_usec, gint64 *next_usec, GError **error)
{
  g_atomic_int_inc (&endless.visits);
  *next_usec = g_atomic_int_get (&endless.ends) ? until_usec : time_usec + 1;
  if (time_usec >= until_usec)
    *next_usec = 0;
  return TRUE;
}

static PscWindow *
open_endless (void)
{
  static const PscPastType past = { find_endless, next_endless, load_endless };
  const PscTimeSource source = { .load = load_endless, .past = &past };
  PscWindow *window = open_myself ();
  PscTimeline *timeline = psc_timeline_new ();
  g_autoptr (PscSpace) space = new_grown_space (1000000, 100);

  g_atomic_int_set (&endless.ends, FALSE);
  for (guint i = 1; i <= 4; i++)
    {
      g_autoptr (PscMoment) made = psc_moment_new (NULL, space);
      g_autoptr (PscMoment) moment = psc_moment_new_alike (made, i * 1000000);

      psc_timeline_add (timeline, moment);
    }
  activate (window, "lens", g_variant_new_string ("age"));
  psc_window_time_set_source (window, timeline, &source);
  return window;
}

static gboolean
shows_unknown (PscWindow *window, gint64 time_usec)
{
  const PscTraits *traits = psc_map_view_get_traits (window->map);
  const PscSpace *space = get_map_space (window);

  return space != NULL && space->time_usec == time_usec && traits != NULL &&
         traits->n_traits == 1 && traits->traits[0].value == PSC_AGE_UNKNOWN;
}

static guint64
bytes_of (PscWindow *window, PscAgeClass klass)
{
  guint64 bytes[PSC_LENS_MAX_ENTRIES];

  psc_lens_count (PSC_LENS_AGE, get_map_space (window), psc_map_view_get_traits (window->map),
                  bytes);
  return bytes[klass];
}

/* While ages are found out they are unknown, the map goes where the user goes, and what nobody
 * waits for is given up. */
static void
test_age_takes_long (void)
{
  PscWindow *window = open_endless ();
  gint visits;

  psc_ui_wait_until (shows_unknown (window, 4000000));
  g_assert_cmpuint (bytes_of (window, PSC_AGE_UNKNOWN), ==, 200 * 4096);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), "finding out how old") != NULL);
  psc_window_travel (window, 1000000);
  psc_ui_wait_until (shows_unknown (window, 1000000) ||
                     (get_map_space (window)->time_usec == 1000000 &&
                      bytes_of (window, PSC_AGE_OLDER) == 100 * 4096));
  psc_window_travel (window, 3000000);
  psc_ui_wait_until (shows_unknown (window, 3000000));

  g_atomic_int_set (&endless.ends, TRUE);
  psc_ui_wait_until (!shows_unknown (window, 3000000));
  g_assert_null (psc_ui_find_text (GTK_WIDGET (window), "finding out how old"));
  g_assert_cmpuint (bytes_of (window, PSC_AGE_UNKNOWN), ==, 0);
  g_assert_cmpuint (bytes_of (window, PSC_AGE_NEW), ==, 100 * 4096);
  g_assert_cmpuint (bytes_of (window, PSC_AGE_OLDER), ==, 100 * 4096);

  /* With another lens there is nothing to be found out. */
  g_atomic_int_set (&endless.ends, FALSE);
  psc_window_travel (window, 4000000);
  psc_ui_wait_until (shows_unknown (window, 4000000));
  activate (window, "lens", g_variant_new_string ("residency"));
  g_assert_null (psc_ui_find_text (GTK_WIDGET (window), "finding out how old"));
  do
    {
      visits = g_atomic_int_get (&endless.visits);
      psc_ui_iterate ();
    }
  while (visits != g_atomic_int_get (&endless.visits));
  psc_ui_close (window);
}

/* Most of the process being new is no news. */
static void
test_much_new (void)
{
  PscTimeSource source = { .load = load_elsewhere };
  g_autoptr (PscTimeKeeper) keeper = psc_time_keeper_new (&source);
  static const guint64 grown[] = { 1, 24, 300 };
  static const gboolean expected[] = { TRUE, TRUE, FALSE };

  for (guint i = 0; i < G_N_ELEMENTS (grown); i++)
    {
      g_autoptr (PscSpace) then = new_grown_space (1, 100);
      g_autoptr (PscSpace) now = new_grown_space (2, 100 + grown[i]);
      g_autoptr (GArray) appeared = NULL;
      g_autoptr (PscMoment) moment = psc_time_keeper_add (keeper, then, now, NULL, 0, &appeared);

      g_assert_cmpuint (moment->total.resident, ==, (100 + grown[i]) * 4096);
      g_assert_cmpint (appeared != NULL, ==, expected[i]);
      if (appeared == NULL)
        continue;
      g_assert_cmpuint (appeared->len, ==, 1);
      g_assert_cmpuint (g_array_index (appeared, PscRange, 0).end -
                            g_array_index (appeared, PscRange, 0).start,
                        ==, grown[i] * 4096);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timeline/travel", test_travel);
  g_test_add_func ("/timeline/sleeping", test_sleeping);
  g_test_add_func ("/timeline/keys", test_keys);
  g_test_add_func ("/timeline/pointer", test_pointer);
  g_test_add_func ("/timeline/play", test_play);
  g_test_add_func ("/timeline/others", test_others);
  g_test_add_func ("/timeline/source", test_source);
  g_test_add_func ("/timeline/age", test_age);
  g_test_add_func ("/timeline/age-takes-long", test_age_takes_long);
  g_test_add_func ("/timeline/glow", test_glow);
  g_test_add_func ("/timeline/much-new", test_much_new);
  return g_test_run ();
}
