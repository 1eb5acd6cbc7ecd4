/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Verdicts on made-up timelines: who is named, in which order, what can't leak, what is known
 * beside. */

#include "psc-fixture.h"
#include "psc-story.h"
#include "psc-verdict.h"

#define KIB 1024.0
#define MIB 1048576.0

static PscVerdict *
verdict_new (const Character *characters, guint n, guint n_seconds)
{
  const Story story = { characters, n, n_seconds };
  g_autoptr (PscTimeline) timeline = story_new (&story);

  return psc_verdict_new (timeline);
}

static const PscFinding *
find (const PscVerdict *verdict, PscFindingWhat what, PscKind kind, const char *label)
{
  for (guint i = 0; i < verdict->n_findings; i++)
    if (verdict->findings[i].what == what && verdict->findings[i].kind == kind &&
        g_str_equal (verdict->findings[i].label, label))
      return &verdict->findings[i];
  return NULL;
}

static const Character idle[] = {
  { PSC_KIND_HEAP, "", MIB },
  { PSC_KIND_TEXT, "", 2 * MIB },
  { PSC_KIND_STACK, "", 100 * KIB },
};

static const Character busy[] = {
  { PSC_KIND_HEAP, "", 5 * MIB, 20 * KIB },
  { PSC_KIND_ANON, "", 80 * MIB },
  { PSC_KIND_ANON, "glibc arena", 10 * MIB, 50 * KIB },
  { PSC_KIND_ANON, "Java heap", 30 * MIB, 10 * KIB, 200 * MIB },
  { PSC_KIND_TEXT, "", 3 * MIB },
  { PSC_KIND_RESERVED, "", 0, 0, 100 * MIB },
};

static void
test_nothing (void)
{
  g_autoptr (PscTimeline) empty = psc_timeline_new ();
  g_autoptr (PscVerdict) verdict = verdict_new (idle, G_N_ELEMENTS (idle), 120);
  g_autofree char *sentence = psc_verdict_dup_sentence (verdict);
  g_autofree char *text = psc_verdict_to_text (verdict);

  g_assert_null (psc_verdict_new (empty));
  g_assert_cmpstr (sentence, ==, "nothing grows");
  g_assert_cmpstr (text, ==, "Verdict: nothing grows\n  All memory: flat\n");
  g_assert_null (psc_verdict_get_worst (verdict));
}

static void
test_too_short (void)
{
  g_autoptr (PscVerdict) verdict = verdict_new (idle, G_N_ELEMENTS (idle), 11);
  g_autofree char *sentence = psc_verdict_dup_sentence (verdict);

  g_assert_cmpstr (sentence, ==, "too short to tell what grows: needs 20 s more");
}

static void
test_order (void)
{
  g_autoptr (PscVerdict) verdict = verdict_new (busy, G_N_ELEMENTS (busy), 181);
  g_autofree char *sentence = psc_verdict_dup_sentence (verdict);
  g_autofree char *fixed = NULL, *room = NULL;

  g_assert_cmpstr (verdict->findings[0].label, ==, "glibc arena");
  g_assert_cmpint (verdict->findings[1].kind, ==, PSC_KIND_HEAP);
  g_assert_cmpstr (verdict->findings[2].label, ==, "Java heap");
  g_assert_true (psc_verdict_get_worst (verdict) == &verdict->findings[0]);
  g_assert_cmpstr (sentence, ==,
                   "glibc arena: growing steadily, 2.93 MiB/min for 3 min; 2 other parts grow");
  /* The whole kind grows, but one of its segments explains that. */
  g_assert_null (find (verdict, PSC_FINDING_KIND, PSC_KIND_ANON, ""));
  fixed = psc_finding_dup_sentence (find (verdict, PSC_FINDING_FIXED, PSC_KIND_TEXT, ""));
  g_assert_true (g_str_has_prefix (fixed, "can't leak: "));
  g_assert_cmpint (verdict->findings[verdict->n_findings - 1].what, ==, PSC_FINDING_FIXED);
  /* It grows into what is mapped already. */
  room = psc_finding_dup_sentence (&verdict->findings[2]);
  g_assert_true (g_str_has_suffix (room, ", into memory it has mapped, 168 MiB left"));
  g_assert_cmpuint (verdict->findings[0].room_bytes, ==, 0);
}

/* No segment grows, and yet there is ever more: each second a new one. */
static void
test_new_segments (void)
{
  static const Character frames[] = {
    { PSC_KIND_HEAP, "", MIB },
    { PSC_KIND_SHM_POSIX, "/dev/shm/frame", 0, 256 * KIB, 0, TRUE },
  };
  g_autoptr (PscVerdict) verdict = verdict_new (frames, G_N_ELEMENTS (frames), 120);
  const PscFinding *kind = find (verdict, PSC_FINDING_KIND, PSC_KIND_SHM_POSIX, "");
  g_autofree char *sentence = psc_verdict_dup_sentence (verdict);

  g_assert_nonnull (kind);
  g_assert_true (psc_verdict_get_worst (verdict) == kind);
  g_assert_true (g_str_has_prefix (sentence, "POSIX shared memory: growing steadily, 15 MiB/min"));
}

static void
test_mappings (void)
{
  const Story story = { idle, G_N_ELEMENTS (idle), 120, .mappings_per_second = 5 };
  g_autoptr (PscTimeline) timeline = story_new (&story);
  g_autoptr (PscVerdict) verdict = psc_verdict_new (timeline);
  g_autofree char *sentence = psc_verdict_dup_sentence (verdict);

  g_assert_cmpstr (sentence, ==,
                   "Number of mappings: growing steadily, 300 mappings/min for 119 s");
}

/* What another program did before exec is not this one's. */
static void
test_exec (void)
{
  const Story story = { busy, G_N_ELEMENTS (busy), 200, .exec_at = 190 };
  g_autoptr (PscTimeline) timeline = story_new (&story);
  g_autoptr (PscVerdict) verdict = psc_verdict_new (timeline);
  g_autoptr (PscVerdict) before = psc_verdict_new_at (timeline, 180 * G_USEC_PER_SEC);

  g_assert_cmpint (verdict->since_usec, ==, 190 * G_USEC_PER_SEC);
  g_assert_cmpint (verdict->total.trend.shape, ==, PSC_GROWTH_TOO_SHORT);
  g_assert_cmpint (before->since_usec, ==, 0);
  g_assert_cmpint (before->until_usec, ==, 180 * G_USEC_PER_SEC);
  g_assert_cmpint (before->total.trend.shape, ==, PSC_GROWTH_GROWING);
}

static void
test_facts (void)
{
  g_autoptr (PscVerdict) verdict = verdict_new (busy, G_N_ELEMENTS (busy), 181);
  g_autoptr (PscLimits) limits = psc_limits_new ();
  g_autoptr (GArray) cold = g_array_new (FALSE, FALSE, sizeof (PscColdSegment));
  const PscColdSegment segments[] = {
    { PSC_KIND_HEAP, "", 100, 92 },
    { PSC_KIND_ANON, "glibc arena", 100, 30 },
    { PSC_KIND_ANON, "", 100, 100 },
  };
  PscVerdictFacts facts = { .limits = limits, .cold = cold, .orphan_sentence = "an orphan" };
  g_autofree char *sentence = NULL, *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  limits->mem_total = psc_limit_value (4096 * (guint64) MIB);
  limits->mem_available = psc_limit_value (500 * (guint64) MIB);
  limits->swap_total = limits->swap_free = psc_limit_value (0);
  g_array_append_vals (cold, segments, G_N_ELEMENTS (segments));
  psc_verdict_add_facts (verdict, &facts);
  /* A likely leak is worse than one that is faster. */
  g_assert_cmpint (verdict->findings[0].kind, ==, PSC_KIND_HEAP);
  g_assert_cmpint (verdict->findings[0].severity, ==, PSC_SEVERITY_LEAK);
  g_assert_cmpint (verdict->findings[1].severity, ==, PSC_SEVERITY_GROWING);
  sentence = psc_verdict_dup_sentence (verdict);
  g_assert_true (g_str_has_prefix (
      sentence, "Heap: growing steadily, 1.17 MiB/min for 3 min, 92 % of it cold: likely a leak; "
                "2 other parts grow. The machine is out of memory"));
  text = psc_verdict_to_text (verdict);
  g_assert_nonnull (strstr (text, "30 % of it cold\n"));
  g_assert_true (g_str_has_suffix (text, "  an orphan\n"));
  node = psc_verdict_to_json_node (verdict);
  object = json_node_get_object (node);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "forecasts")), ==,
                    1);
}

static guint64
populated (const PscMapping *mapping)
{
  return mapping->resident + mapping->swapped + mapping->hugetlb;
}

/* From a mapping to what is said of it and back to the one of its kin that has most. */
static void
test_places (void)
{
  g_autoptr (PscFixture) fixture = psc_fixture_load ("java");
  g_autoptr (PscSpace) space = psc_fixture_make_space (fixture, FALSE);
  g_autoptr (PscMoment) moment = psc_moment_new (NULL, space);
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  g_autoptr (PscVerdict) verdict = NULL;
  guint n_labelled = 0, n_fixed = 0;

  psc_timeline_add (timeline, moment);
  verdict = psc_verdict_new (timeline);
  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      const PscFinding *finding = psc_verdict_find_of (verdict, space, mapping);
      const PscMapping *most;

      if (finding == NULL)
        {
          g_assert_cmpint (psc_kind_nature (mapping->kind), ==, PSC_NATURE_CAN_LEAK);
          g_assert_cmpuint (populated (mapping), <, PSC_GROWTH_LEAST_BYTES);
          continue;
        }
      g_assert_cmpint (finding->kind, ==, mapping->kind);
      most = psc_finding_find_mapping (finding, space);
      g_assert_true (psc_verdict_find_of (verdict, space, most) == finding);
      g_assert_cmpuint (populated (most), >=, populated (mapping));
      g_assert_cmpuint (psc_finding_amount_at (finding, moment)->n_mappings, >, 0);
      n_labelled += *finding->label != '\0';
      n_fixed += finding->what == PSC_FINDING_FIXED;
    }
  g_assert_cmpuint (n_labelled, >, 2);
  g_assert_cmpuint (n_fixed, >, 2);
  g_assert_null (psc_finding_find_mapping (&verdict->total, space));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verdict/nothing", test_nothing);
  g_test_add_func ("/verdict/too-short", test_too_short);
  g_test_add_func ("/verdict/order", test_order);
  g_test_add_func ("/verdict/new-segments", test_new_segments);
  g_test_add_func ("/verdict/mappings", test_mappings);
  g_test_add_func ("/verdict/exec", test_exec);
  g_test_add_func ("/verdict/facts", test_facts);
  g_test_add_func ("/verdict/places", test_places);
  return g_test_run ();
}
