/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Moments: sums of a snapshot, what happened between two, and the line that they make. */

#include "psc-timeline.h"

#include <string.h>

#define PAGE     4096u
#define PAGES(n) ((guint64) (n) *PAGE)

typedef struct
{
  guint64 start, n_pages; /* in pages; 0, 0 ends a list */
  PscKind kind;
  guint16 state;    /* of all its pages; 0: absent */
  guint64 n_states; /* how many of its pages, from the first on, are in that state */
  const char *name;
} Piece;

static PscSpace *
space_new (const Piece *pieces, gint64 second, guint64 start_stack)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);
  PscMapping *mappings;
  guint n;

  space->source = PSC_SOURCE_SCAN;
  space->time_usec = second * G_USEC_PER_SEC;
  space->start_stack = start_stack;
  space->name = psc_space_builder_intern (builder, "tool", -1);
  for (const Piece *piece = pieces; piece->n_pages > 0; piece++)
    {
      const PscMapping mapping = {
        .start = PAGES (piece->start),
        .end = PAGES (piece->start + piece->n_pages),
        .name = psc_space_builder_intern (builder, piece->name, -1),
        .perms = PSC_PERM_READ | PSC_PERM_WRITE,
        .flags = PSC_MAPPING_PAGES_KNOWN,
      };

      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
    }
  mappings = psc_space_builder_get_mappings (builder, &n);
  for (guint i = 0; i < n; i++)
    mappings[i].kind = pieces[i].kind;
  for (const Piece *piece = pieces; piece->n_pages > 0; piece++)
    if (piece->n_states > 0)
      g_assert_true (psc_space_builder_add_run (
          builder, PAGES (piece->start), PAGES (piece->start + piece->n_states), piece->state));
  return psc_space_builder_freeze (builder);
}

static const Piece before[] = {
  { 0x10, 4, PSC_KIND_HEAP, PSC_PAGE_PRESENT, 4, "[heap]" },
  { 0x100, 8, PSC_KIND_ANON, PSC_PAGE_PRESENT, 2, "" },
  { 0x200, 8, PSC_KIND_SHM_POSIX, PSC_PAGE_PRESENT | PSC_PAGE_FILE, 3, "/dev/shm/a" },
  { 0x300, 8, PSC_KIND_SHM_POSIX, PSC_PAGE_PRESENT | PSC_PAGE_FILE, 1, "/dev/shm/b" },
  { 0x400, 1024, PSC_KIND_ANON, PSC_PAGE_PRESENT, 1024, "" },
  { 0x900, 4, PSC_KIND_TEXT, PSC_PAGE_PRESENT | PSC_PAGE_FILE, 4, "/bin/tool" },
  { 0 },
};

static const Piece after[] = {
  { 0x10, 6, PSC_KIND_HEAP, PSC_PAGE_PRESENT, 6, "[heap]" },
  { 0x100, 5, PSC_KIND_ANON, PSC_PAGE_SWAPPED, 2, "" },
  { 0x200, 8, PSC_KIND_SHM_POSIX, PSC_PAGE_PRESENT | PSC_PAGE_FILE, 3, "/dev/shm/a" },
  { 0x400, 1024, PSC_KIND_ANON, PSC_PAGE_PRESENT | PSC_PAGE_HUGE, 512, "" },
  { 0x900, 4, PSC_KIND_TEXT, PSC_PAGE_PRESENT | PSC_PAGE_FILE, 4, "/bin/tool" },
  { 0xa00, 3, PSC_KIND_ANON, PSC_PAGE_PRESENT, 1, "" },
  { 0xb00, 2, PSC_KIND_ANON, PSC_PAGE_PRESENT, 1, "" },
  { 0 },
};

static void
test_segments (void)
{
  g_autoptr (PscSpace) space = space_new (before, 1, 0);
  g_autoptr (PscMoment) moment = psc_moment_new (NULL, space);
  PscAmount sums[PSC_N_KINDS] = { { 0 } };
  const PscSegment *segment;

  g_assert_cmpuint (moment->n_events, ==, 0);
  g_assert_cmpuint (moment->total.resident, ==, space->totals.resident);
  g_assert_cmpuint (moment->kinds[PSC_KIND_TEXT].resident, ==, PAGES (4));
  for (guint i = 0; i < moment->n_segments; i++)
    {
      PscKind kind = moment->segments[i].kind;

      sums[kind].resident += moment->segments[i].amount.resident;
      sums[kind].size += moment->segments[i].amount.size;
      g_assert_true (psc_moment_find_segment (moment, kind, moment->segments[i].label) ==
                     &moment->segments[i]);
    }
  for (guint kind = 0; kind < PSC_N_KINDS; kind++)
    if (psc_kind_nature (kind) == PSC_NATURE_CAN_LEAK)
      {
        g_assert_cmpuint (sums[kind].resident, ==, moment->kinds[kind].resident);
        g_assert_cmpuint (sums[kind].size, ==, moment->kinds[kind].size);
      }
  segment = psc_moment_find_segment (moment, PSC_KIND_SHM_POSIX, "/dev/shm/a");
  g_assert_nonnull (segment);
  g_assert_cmpuint (segment->amount.resident, ==, PAGES (3));
  g_assert_nonnull (psc_moment_find_segment (moment, PSC_KIND_HEAP, ""));
  g_assert_null (psc_moment_find_segment (moment, PSC_KIND_TEXT, "/bin/tool"));
}

static void
check_event (const PscMoment *moment, PscEventType type, PscKind kind, guint64 n_pages, guint64 n,
             const char *label)
{
  for (guint i = 0; i < moment->n_events; i++)
    {
      const PscEvent *event = &moment->events[i];
      g_autofree char *sentence = psc_event_dup_sentence (event);

      g_test_message ("%s", sentence);
      if (event->type != type || event->kind != kind)
        continue;
      g_assert_cmpuint (event->bytes, ==, PAGES (n_pages));
      g_assert_cmpuint (event->n, ==, n);
      g_assert_cmpstr (event->label, ==, label);
      g_assert_cmpint (event->time_usec, ==, moment->time_usec);
      return;
    }
  g_error ("no %s of %s", psc_event_type_id (type), psc_kind_id (kind));
}

static void
test_events (void)
{
  g_autoptr (PscSpace) then = space_new (before, 1, 0x7000);
  g_autoptr (PscSpace) now = space_new (after, 2, 0x7000);
  g_autoptr (PscMoment) moment = psc_moment_new (then, now);
  g_autoptr (PscMoment) back = psc_moment_new (now, then);
  g_autoptr (PscMoment) same = psc_moment_new (now, now);

  g_assert_cmpuint (moment->n_events, ==, 6);
  check_event (moment, PSC_EVENT_GREW, PSC_KIND_HEAP, 2, 1, "");
  check_event (moment, PSC_EVENT_SHRANK, PSC_KIND_ANON, 3, 1, "");
  check_event (moment, PSC_EVENT_MAPPED, PSC_KIND_ANON, 5, 2, "");
  check_event (moment, PSC_EVENT_UNMAPPED, PSC_KIND_SHM_POSIX, 8, 1, "/dev/shm/b");
  check_event (moment, PSC_EVENT_SWAPPED_OUT, PSC_KIND_ANON, 2, 1, "");
  check_event (moment, PSC_EVENT_BECAME_HUGE, PSC_KIND_ANON, 512, 1, "");
  g_assert_cmpuint (back->n_events, ==, 6);
  check_event (back, PSC_EVENT_SPLIT, PSC_KIND_ANON, 512, 1, "");
  check_event (back, PSC_EVENT_SWAPPED_IN, PSC_KIND_ANON, 2, 1, "");
  g_assert_cmpuint (same->n_events, ==, 0);
}

static void
test_exec (void)
{
  g_autoptr (PscSpace) then = space_new (before, 1, 0x7000);
  g_autoptr (PscSpace) now = space_new (after, 2, 0x8000);
  g_autoptr (PscMoment) moment = psc_moment_new (then, now);

  g_assert_cmpuint (moment->n_events, ==, 1);
  g_assert_cmpint (moment->events[0].type, ==, PSC_EVENT_EXEC);
  g_assert_cmpstr (moment->events[0].label, ==, "tool");
}

static void
test_ids (void)
{
  for (guint type = 0; type < PSC_N_EVENTS; type++)
    {
      PscEventType found;

      g_assert_true (psc_event_type_from_id (psc_event_type_id (type), &found));
      g_assert_cmpint (found, ==, type);
    }
  g_assert_false (psc_event_type_from_id ("", &(PscEventType){ 0 }));
}

static PscMoment *
moment_at (gint64 usec, guint64 minor)
{
  const PscMoment values = { .time_usec = usec, .minor_faults = minor, .major_faults = 0 };
  GArray *events = g_array_new (FALSE, FALSE, sizeof (PscEvent));
  const PscEvent event = { .time_usec = usec, .label = g_ref_string_new_intern ("x") };

  g_array_append_val (events, event);
  return psc_moment_new_take (&values, NULL, events);
}

static void
test_timeline (void)
{
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  gint64 last = -1, apart = G_MAXINT64 / 2;
  guint n, n_events;

  for (guint i = 0; i < 5 * PSC_TIMELINE_MAX_MOMENTS; i++)
    {
      g_autoptr (PscMoment) moment = moment_at ((gint64) i * G_USEC_PER_SEC, 10 * i);

      g_assert_true (psc_timeline_add (timeline, moment));
      g_assert_false (psc_timeline_add (timeline, moment));
    }
  n = psc_timeline_get_n_moments (timeline);
  g_assert_cmpuint (n, <=, PSC_TIMELINE_MAX_MOMENTS);
  g_assert_cmpuint (n, >=, PSC_TIMELINE_MAX_MOMENTS / 2);
  g_assert_cmpint (psc_timeline_get_moment (timeline, 0)->time_usec, ==, 0);
  g_assert_cmpint (psc_timeline_get_moment (timeline, n - 1)->time_usec, ==,
                   (gint64) (5 * PSC_TIMELINE_MAX_MOMENTS - 1) * G_USEC_PER_SEC);
  for (guint i = 0; i < n; i++)
    {
      gint64 usec = psc_timeline_get_moment (timeline, i)->time_usec;

      g_assert_cmpint (usec, >, last);
      /* The younger, the nearer, but for the joint of two halves. */
      if (i > 0)
        {
          g_assert_cmpint (usec - last, <=, apart + G_USEC_PER_SEC);
          apart = usec - last;
          g_assert_cmpfloat (psc_timeline_fault_rate (timeline, i).minor, ==, 10);
          g_assert_cmpfloat (psc_timeline_fault_rate (timeline, i).major, ==, 0);
        }
      g_assert_cmpuint (psc_timeline_index_at (timeline, usec), ==, i);
      g_assert_cmpuint (psc_timeline_index_at (timeline, usec + 1), ==, i);
      last = usec;
    }
  g_assert_cmpuint (psc_timeline_index_at (timeline, -5), ==, 0);
  psc_timeline_get_events (timeline, &n_events);
  g_assert_cmpuint (n_events, <=, PSC_TIMELINE_MAX_EVENTS);
  g_assert_cmpuint (n_events, >=, PSC_TIMELINE_MAX_EVENTS / 2);
  g_assert_cmpuint (psc_timeline_first_event_at (timeline, last), ==, n_events - 1);
  g_assert_cmpuint (psc_timeline_first_event_at (timeline, last + 1), ==, n_events);
}

static void
test_faults_unknown (void)
{
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  g_autoptr (PscMoment) first = moment_at (1, PSC_FAULTS_UNKNOWN);
  g_autoptr (PscMoment) second = moment_at (2, 5);

  psc_timeline_add (timeline, first);
  psc_timeline_add (timeline, second);
  g_assert_cmpfloat (psc_timeline_fault_rate (timeline, 0).minor, ==, -1);
  g_assert_cmpfloat (psc_timeline_fault_rate (timeline, 1).minor, ==, -1);
  g_assert_cmpfloat (psc_timeline_fault_rate (timeline, 1).major, ==, 0);
}

static void
test_alike (void)
{
  g_autoptr (PscSpace) then = space_new (before, 1, 0);
  g_autoptr (PscSpace) now = space_new (after, 2, 0);
  g_autoptr (PscMoment) moment = psc_moment_new (then, now);
  g_autoptr (PscMoment) alike = psc_moment_new_alike (moment, 3 * G_USEC_PER_SEC);

  g_assert_cmpint (alike->time_usec, ==, 3 * G_USEC_PER_SEC);
  g_assert_cmpuint (alike->n_events, ==, 0);
  g_assert_cmpuint (alike->n_segments, ==, moment->n_segments);
  g_assert_cmpmem (&alike->total, sizeof alike->total, &moment->total, sizeof moment->total);
}

/* A snapshot handed out again has its own time, that of before. */
static void
test_after (void)
{
  g_autoptr (PscSpace) then = space_new (before, 1, 0);
  g_autoptr (PscSpace) now = space_new (after, 2, 0);
  g_autoptr (PscMoment) first = psc_moment_new_after (NULL, NULL, then, 9 * G_USEC_PER_SEC);
  g_autoptr (PscMoment) second = psc_moment_new_after (first, then, now, 9 * G_USEC_PER_SEC);
  g_autoptr (PscMoment) third = psc_moment_new_after (second, now, now, 9 * G_USEC_PER_SEC);

  g_assert_cmpint (first->time_usec, ==, 1 * G_USEC_PER_SEC);
  g_assert_cmpint (second->time_usec, ==, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (second->n_events, >, 0);
  g_assert_cmpint (third->time_usec, ==, 9 * G_USEC_PER_SEC);
  g_assert_cmpuint (third->n_events, ==, 0);
  g_assert_cmpuint (third->total.resident, ==, now->totals.resident);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/moment/segments", test_segments);
  g_test_add_func ("/moment/events", test_events);
  g_test_add_func ("/moment/exec", test_exec);
  g_test_add_func ("/moment/alike", test_alike);
  g_test_add_func ("/moment/after", test_after);
  g_test_add_func ("/moment/ids", test_ids);
  g_test_add_func ("/timeline/thins-out", test_timeline);
  g_test_add_func ("/timeline/faults-unknown", test_faults_unknown);
  return g_test_run ();
}
