/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Labels beside the map: groups, the most important of them, and places that neither overlap nor
 * flicker. */

#include <math.h>
#include <stdlib.h>

#include "psc-label-places.h"
#include "psc-test-space.h"

#define LINE 17.4

/* Many mappings of many sizes, near and far. */
static PscSpace *
make_many (guint n, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  PscSpaceBuilder *builder = psc_space_builder_new (4096);
  guint64 at = 0x10000000;

  psc_space_builder_get_space (builder)->source = PSC_SOURCE_SCAN;
  for (guint i = 0; i < n; i++)
    {
      guint64 size = 4096ull << g_rand_int_range (random, 0, 14);
      g_autofree char *name = g_strdup_printf ("m%u", i);
      PscMapping mapping = { .start = at,
                             .end = at + size,
                             .flags = PSC_MAPPING_PAGES_KNOWN,
                             .kind = PSC_KIND_FILE,
                             .name = psc_space_builder_intern (builder, name, -1) };

      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
      at += size + (4096ull << g_rand_int_range (random, 0, i % 50 == 0 ? 24 : 6));
    }
  for (guint i = 0; i < n; i++)
    {
      guint n_mappings;
      const PscMapping *mapping = &psc_space_builder_get_mappings (builder, &n_mappings)[i];
      guint64 n_pages = (mapping->end - mapping->start) / 4096;

      psc_space_builder_add_run (
          builder, mapping->start,
          mapping->start + 4096 * MAX (n_pages * (guint64) g_rand_int_range (random, 1, 8) / 8, 1),
          PSC_PAGE_PRESENT);
    }
  return psc_space_builder_freeze (builder);
}

/* --- groups -------------------------------------------------------------------------------- */

static void
test_groups (void)
{
  g_autoptr (PscSpace) space = psc_test_space_new (
      "10000 1000 rw-p a 1 r 1\n11000 2000 rw-p a 2 r 1\n14000 1000 rw-p b\n"
      "20000 3000 rw-p a 1 r 1\n800000000 1000 rw-p a 1 r 1\nffffffffff600000 1000 --xp c");
  g_autoptr (PscLayout) layout = psc_layout_new (space, NULL);
  g_autoptr (PscLabels) labels = psc_labels_new (space, layout);
  static const PscLabelGroup expected[] = {
    { 0x10000, 0x13000, 0x3000, 0x3000, 0, 1, 0 },
    { 0x14000, 0x15000, 0x1000, 0, 2, 2, 0 },
    { 0x20000, 0x23000, 0x3000, 0x1000, 3, 3, 0 },
    { 0x800000000, 0x800001000, 0x1000, 0x1000, 4, 4, 0 },
    { 0xffffffffff600000, 0xffffffffff601000, 0x1000, 0, 5, 5, 0 },
  };

  g_assert_cmpuint (labels->n_groups, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < labels->n_groups; i++)
    {
      const PscLabelGroup *group = &labels->groups[i];

      g_assert_cmphex (group->start, ==, expected[i].start);
      g_assert_cmphex (group->end, ==, expected[i].end);
      g_assert_cmpuint (group->size, ==, expected[i].size);
      g_assert_cmpuint (group->populated, ==, expected[i].populated);
      g_assert_cmpuint (group->first, ==, expected[i].first);
      g_assert_cmpuint (group->largest, ==, expected[i].largest);
    }
}

static const PscLabels *sorted_labels;

static int
compare_groups (const void *a, const void *b)
{
  guint x = *(const guint *) a;
  guint y = *(const guint *) b;

  return x == y ? 0 : psc_labels_is_before (sorted_labels, x, y) ? -1 : 1;
}

/* The tree against sorting. */
/* Chunks of one heap are one group though each has an owner of its own; other owners are others. */
static void
test_owners (void)
{
  static const char *const names[] = { "heap", "heap", "heap", "arena", NULL, "heap" };
  PscSpaceBuilder *builder = psc_space_builder_new (4096);
  GArray *owners = g_array_new (FALSE, FALSE, sizeof (PscOwner));
  g_autoptr (PscSpace) space = NULL;
  g_autoptr (PscLayout) layout = NULL;
  g_autoptr (PscLabels) labels = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      guint64 start = 0x10000000 + i * 0x100000;
      PscMapping mapping = { .start = start,
                             .end = start + 0x40000,
                             .kind = PSC_KIND_ANON,
                             .name = psc_space_builder_intern (builder, "", -1) };
      PscOwner owner = { mapping.start, mapping.end, PSC_OWNER_RUNTIME };

      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
      if (names[i] == NULL)
        continue;
      owner.label = psc_space_builder_intern (builder, names[i], -1);
      owner.why = psc_space_builder_intern (builder, "test", -1);
      g_array_append_val (owners, owner);
    }
  psc_space_builder_take_owners (builder, owners);
  space = psc_space_builder_freeze (builder);
  layout = psc_layout_new (space, NULL);
  labels = psc_labels_new (space, layout);
  g_assert_cmpuint (labels->n_groups, ==, 4);
  g_assert_cmpuint (labels->groups[0].size, ==, 3 * 0x40000);
  g_assert_cmpuint (labels->groups[1].first, ==, 3);
  g_assert_cmpuint (labels->groups[2].first, ==, 4);
  g_assert_cmpuint (labels->groups[3].first, ==, 5);
}

static void
test_top (void)
{
  g_autoptr (PscSpace) space = make_many (300, 3);
  g_autoptr (PscLayout) layout = psc_layout_new (space, NULL);
  g_autoptr (PscLabels) labels = psc_labels_new (space, layout);
  g_autoptr (GRand) random = g_rand_new_with_seed (5);

  sorted_labels = labels;
  for (guint i = 0; i < 300; i++)
    {
      guint from = (guint) g_rand_int_range (random, 0, (gint) labels->n_groups + 1);
      guint to = (guint) g_rand_int_range (random, (gint) from, (gint) labels->n_groups + 1);
      guint wanted = (guint) g_rand_int_range (random, 0, 40);
      guint sorted[400], found[40];
      guint n = psc_labels_top (labels, from, to, found, wanted);

      g_assert_cmpuint (n, ==, MIN (wanted, to - from));
      for (guint j = from; j < to; j++)
        sorted[j - from] = j;
      qsort (sorted, to - from, sizeof *sorted, compare_groups);
      for (guint j = 0; j < n; j++)
        g_assert_cmpuint (found[j], ==, sorted[j]);
      g_assert_cmpuint (psc_labels_best (labels, from, to), ==,
                        from < to ? sorted[0] : labels->n_groups);
    }
}

static void
test_between (void)
{
  g_autoptr (PscSpace) space = make_many (100, 9);
  g_autoptr (PscLayout) layout = psc_layout_new (space, NULL);
  g_autoptr (PscLabels) labels = psc_labels_new (space, layout);

  for (guint i = 0; i + 1 < labels->n_groups; i++)
    {
      const PscLabelGroup *group = &labels->groups[i];
      guint from, to;

      psc_labels_between (labels, group->start, group->start, &from, &to);
      g_assert_cmpuint (from, ==, i);
      g_assert_cmpuint (to, ==, i + 1);
      psc_labels_between (labels, group->end, group[1].start - 1, &from, &to);
      g_assert_cmpuint (from, ==, to);
      psc_labels_between (labels, group->end - 1, group[1].start, &from, &to);
      g_assert_cmpuint (to - from, ==, 2);
    }
}

/* --- places -------------------------------------------------------------------------------- */

static int
compare_heights (const void *a, const void *b)
{
  const PscLabelPlace *x = a;
  const PscLabelPlace *y = b;

  return (x->y > y->y) - (x->y < y->y);
}

/* No two overlap, and each group has one at most. */
static void
check_places (GArray *places)
{
  g_autoptr (GArray) sorted = g_array_new (FALSE, FALSE, sizeof (PscLabelPlace));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < places->len; i++)
    {
      const PscLabelPlace *place = &g_array_index (places, PscLabelPlace, i);

      g_assert_true (g_hash_table_add (seen, GUINT_TO_POINTER (place->group)));
      g_assert_cmpfloat (place->bottom, >, place->top);
      if (!isnan (place->y))
        g_array_append_vals (sorted, place, 1);
    }
  g_array_sort (sorted, compare_heights);
  for (guint i = 1; i < sorted->len; i++)
    g_assert_cmpfloat (g_array_index (sorted, PscLabelPlace, i).y -
                           g_array_index (sorted, PscLabelPlace, i - 1).y,
                       >=, LINE - 0.01);
}

typedef struct
{
  PscSpace *space;
  PscLayout *layout;
  PscLabels *labels;
  PscView view;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PscLayoutOptions options = { .low_at_top = GPOINTER_TO_INT (data) };

  fixture->space = make_many (2000, 11);
  fixture->layout = psc_layout_new (fixture->space, &options);
  fixture->labels = psc_labels_new (fixture->space, fixture->layout);
  psc_view_fit (&fixture->view, fixture->layout, 900, 700);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  psc_labels_unref (fixture->labels);
  psc_layout_unref (fixture->layout);
  psc_space_unref (fixture->space);
}

/* Down to pages and back, at many places. */
static void
test_never_overlap (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  guint n_labels = 0;

  for (guint i = 0; i < 600; i++)
    {
      g_autoptr (GArray) places =
          psc_label_places_find (fixture->labels, &fixture->view, fixture->layout, LINE);

      check_places (places);
      n_labels += places->len;
      if (i % 60 == 59)
        psc_view_fit (&fixture->view, fixture->layout, 900, 700);
      psc_view_zoom (&fixture->view, fixture->layout, i % 60 < 40 ? 1.12 : 0.85,
                     g_rand_double_range (random, 0, 900), g_rand_double_range (random, 0, 700));
    }
  g_assert_cmpuint (n_labels, >, 600 * 5);
}

/* The label of a group, NAN when it has none. */
static double
label_of (GArray *places, guint group)
{
  for (guint i = 0; i < places->len; i++)
    if (g_array_index (places, PscLabelPlace, i).group == group)
      return g_array_index (places, PscLabelPlace, i).y;
  return NAN;
}

/* After a small pan, all that is not at the edge has moved with its rows and nothing came or went.
 */
static void
test_pan_keeps_labels (Fixture *fixture, gconstpointer data)
{
  guint n_compared = 0;

  for (double zoom = 1.5; zoom < 2000; zoom *= 1.9)
    {
      PscView view = fixture->view;
      PscView moved;
      g_autoptr (GArray) before = NULL, after = NULL;

      psc_view_zoom (&view, fixture->layout, zoom, 450, 350);
      moved = view;
      psc_view_pan (&moved, fixture->layout, 0, 7.3);
      before = psc_label_places_find (fixture->labels, &view, fixture->layout, LINE);
      after = psc_label_places_find (fixture->labels, &moved, fixture->layout, LINE);
      for (guint i = 0; i < before->len; i++)
        {
          const PscLabelPlace *place = &g_array_index (before, PscLabelPlace, i);
          double shift = moved.y - view.y;

          if (isnan (place->y) || place->y < 6 * LINE || place->y > view.height - 6 * LINE ||
              place->top < 0 || place->bottom > view.height)
            continue;
          g_assert_cmpfloat_with_epsilon (label_of (after, place->group), place->y - shift, 0.01);
          n_compared++;
        }
    }
  g_assert_cmpuint (n_compared, >, 30);
}

/* The same view gives the same places. */
static void
test_deterministic (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) one =
      psc_label_places_find (fixture->labels, &fixture->view, fixture->layout, LINE);
  g_autoptr (PscLabels) labels = psc_labels_new (fixture->space, fixture->layout);
  g_autoptr (GArray) two = psc_label_places_find (labels, &fixture->view, fixture->layout, LINE);

  g_assert_cmpuint (one->len, ==, two->len);
  for (guint i = 0; i < one->len; i++)
    {
      const PscLabelPlace *a = &g_array_index (one, PscLabelPlace, i);
      const PscLabelPlace *b = &g_array_index (two, PscLabelPlace, i);

      g_assert_cmpuint (a->group, ==, b->group);
      g_assert_true (a->y == b->y || (isnan (a->y) && isnan (b->y)));
    }
}

/* Whoever has most memory is named. */
static void
test_greatest_first (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) places =
      psc_label_places_find (fixture->labels, &fixture->view, fixture->layout, LINE);

  g_assert_cmpuint (g_array_index (places, PscLabelPlace, 0).group, ==,
                    psc_labels_best (fixture->labels, 0, fixture->labels->n_groups));
  g_assert_false (isnan (g_array_index (places, PscLabelPlace, 0).y));
}

/* Nothing to name, and a layout of a part only. */
static void
test_little (void)
{
  PscLayoutOptions options = { .start = 0x200000, .end = 0x400000 };
  g_autoptr (PscSpace) none = psc_test_space_new ("");
  g_autoptr (PscSpace) some =
      psc_test_space_new ("10000 1000 rw-p a 1 r 1\n200000 200000 rw-p b 1 r 1");
  g_autoptr (PscLayout) empty = psc_layout_new (none, NULL);
  g_autoptr (PscLayout) part = psc_layout_new (some, &options);
  g_autoptr (PscLabels) no_labels = psc_labels_new (none, empty);
  g_autoptr (PscLabels) labels = psc_labels_new (some, part);
  g_autoptr (GArray) nothing = NULL, one = NULL;
  PscView view;

  psc_view_fit (&view, empty, 400, 300);
  nothing = psc_label_places_find (no_labels, &view, empty, LINE);
  g_assert_cmpuint (nothing->len, ==, 0);
  psc_view_fit (&view, part, 400, 300);
  one = psc_label_places_find (labels, &view, part, LINE);
  g_assert_cmpuint (one->len, ==, 1);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "never-overlap", test_never_overlap },
    { "pan-keeps-labels", test_pan_keeps_labels },
    { "deterministic", test_deterministic },
    { "greatest-first", test_greatest_first },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/labels/groups", test_groups);
  g_test_add_func ("/labels/owners", test_owners);
  g_test_add_func ("/labels/top", test_top);
  g_test_add_func ("/labels/between", test_between);
  g_test_add_func ("/labels/little", test_little);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    for (guint low_at_top = 0; low_at_top < 2; low_at_top++)
      {
        g_autofree char *path = g_strdup_printf ("/labels/%s/%s", tests[i].name,
                                                 low_at_top ? "low-at-top" : "low-at-bottom");

        g_test_add (path, Fixture, GUINT_TO_POINTER (low_at_top), set_up, tests[i].test, tear_down);
      }
  return g_test_run ();
}
