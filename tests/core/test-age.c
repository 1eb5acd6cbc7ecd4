/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How old pages are: what appeared when, through snapshots that follow on each other. */

#include <string.h>

#include "psc-age.h"
#include "psc-change.h"

#define PAGE 4096u

/* A mapping of one letter a page: r resident, s swapped, ? unknown, . nothing. At page 16. */
static PscSpace *
space_new (const char *letters, double second)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);
  PscMapping mapping = {
    .start = 16 * PAGE,
    .end = (16 + strlen (letters)) * PAGE,
    .name = "",
    .perms = PSC_PERM_READ | PSC_PERM_WRITE,
    .flags = PSC_MAPPING_PAGES_KNOWN,
    .page_shift = 12,
  };

  space->source = PSC_SOURCE_SCAN;
  space->time_usec = (gint64) (1e15 + second * G_USEC_PER_SEC);
  g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
  for (guint i = 0; letters[i] != '\0'; i++)
    {
      guint16 state = letters[i] == 'r' ? PSC_PAGE_PRESENT :
                      letters[i] == 's' ? PSC_PAGE_SWAPPED :
                                          PSC_PAGE_UNKNOWN;

      if (letters[i] != '.')
        g_assert_true (
            psc_space_builder_add_run (builder, (16 + i) * PAGE, (17 + i) * PAGE, state));
    }
  return psc_space_builder_freeze (builder);
}

/* A letter a page: N(ew), S(econds), M(inute), T(en minutes), o(lder), . nothing, ?. */
static char *
describe (const PscSpace *space, const PscTraits *traits)
{
  static const char letters[] = "NSMTo.?";
  GString *text = g_string_new (NULL);
  const PscMapping *mapping = &space->mappings[0];

  for (guint64 at = mapping->start; at < mapping->end; at += PAGE)
    {
      const PscTrait *trait = psc_traits_lookup (traits, at);
      PscPageClass klass = PSC_CLASS_ABSENT;

      for (guint i = 0; i < space->n_runs; i++)
        if (space->runs[i].start <= at && psc_run_end (&space->runs[i], PAGE) > at)
          klass = psc_page_class (space->runs[i].state);
      g_string_append_c (text, letters[trait != NULL ? trait->value : psc_age_of_class (klass)]);
    }
  return g_string_free (text, FALSE);
}

typedef struct
{
  double second;
  const char *pages, *ages;
} Step;

static void
check (const Step *steps, guint n_steps)
{
  g_autoptr (PscAge) age = psc_age_new ();
  g_autoptr (PscSpace) then = NULL;

  for (guint i = 0; i < n_steps; i++)
    {
      g_autoptr (PscSpace) now = space_new (steps[i].pages, steps[i].second);
      g_autoptr (PscTraits) changes = NULL;
      g_autoptr (PscTraits) traits = NULL;
      g_autofree char *text = NULL;

      if (then != NULL)
        {
          changes = psc_change_new (then, now, NULL);
          psc_age_add (age, now, changes);
        }
      traits = psc_age_dup_traits (age, PAGE, now->time_usec);
      text = describe (now, traits);
      g_assert_cmpstr (text, ==, steps[i].ages);
      for (guint j = 1; j < traits->n_traits; j++)
        g_assert_cmpuint (traits->traits[j].start, >=,
                          psc_trait_end (&traits->traits[j - 1], PAGE));
      g_clear_pointer (&then, psc_space_unref);
      then = g_steal_pointer (&now);
    }
}

static void
test_steps (void)
{
  static const Step growing[] = {
    { 0, "rr......", "oo......" },    { 1, "rrrr....", "ooNN...." },
    { 2, "rrrrrr..", "ooNNNN.." },    { 4, "rrrrrrrr", "ooSSSSNN" },
    { 13, "rrrrrrrr", "ooMMMMSS" },   { 70, "rrrrrrrr", "ooTTTTTT" },
    { 1000, "rrrrrrrr", "oooooooo" },
  };
  /* Given back is forgotten; it is new when it comes again. */
  static const Step again[] = {
    { 0, "rrrr", "oooo" }, { 1, "r..r", "o..o" },  { 5, "rrrr", "oNNo" },
    { 6, "rrr.", "oNN." }, { 20, "rrrr", "oMMN" },
  };
  /* In and out of swap it stays what it was. */
  static const Step swapped[] = {
    { 0, "r...", "o..." },
    { 1, "rrrr", "oNNN" },
    { 5, "sssr", "oSSS" },
    { 6, "rrrr", "oSSS" },
  };
  /* In the middle, at both ends, across. */
  static const Step holes[] = {
    { 0, "........", "........" }, { 1, "rrrrrrrr", "NNNNNNNN" }, { 5, "rr.rr.rr", "SS.SS.SS" },
    { 6, "rrrrrrrr", "SSNSSNSS" }, { 9, ".rrrrrr.", ".SSSSSS." }, { 15, "rrrrrrrr", "NMSMMSMN" },
  };
  /* Nobody knows when they came, but for ten minutes. */
  static const Step unknown[] = {
    { 0, "r??.", "o??." },   { 1, "rrr.", "o??." },   { 2, "rrrr", "o??N" },
    { 100, "rrrr", "o??T" }, { 700, "rrrr", "oooo" },
  };
  /* A mapping that becomes shorter takes its pages along. */
  static const Step shorter[] = {
    { 0, "....", "...." }, { 1, "rrrr", "NNNN" }, { 2, "rr", "NN" },
    { 4, "rr..", "SS.." }, { 5, "rrr.", "SSN." },
  };

  check (growing, G_N_ELEMENTS (growing));
  check (again, G_N_ELEMENTS (again));
  check (swapped, G_N_ELEMENTS (swapped));
  check (holes, G_N_ELEMENTS (holes));
  check (unknown, G_N_ELEMENTS (unknown));
  check (shorter, G_N_ELEMENTS (shorter));
}

/* By the book: an age a page. */
static void
test_random (void)
{
  enum
  {
    N = 64
  };
  g_autoptr (PscAge) age = psc_age_new ();
  g_autoptr (PscSpace) then = NULL;
  double born[N];
  char pages[N + 1] = { 0 };

  for (guint i = 0; i < N; i++)
    born[i] = -1e6;
  memset (pages, '.', N);
  for (guint round = 0; round < 400; round++)
    {
      double second = round * 3;
      g_autoptr (PscSpace) now = NULL;
      g_autoptr (PscTraits) changes = NULL;
      g_autoptr (PscTraits) traits = NULL;
      g_autofree char *text = NULL;

      for (int k = g_test_rand_int_range (0, 4); k > 0; k--)
        {
          guint first = (guint) g_test_rand_int_range (0, N), n;

          n = (guint) g_test_rand_int_range (1, 12);
          memset (pages + first, g_test_rand_int_range (0, 3) > 0 ? 'r' : '.', MIN (n, N - first));
        }
      now = space_new (pages, second);
      for (guint i = 0; then != NULL && i < N; i++)
        {
          g_autofree char *before = describe (then, NULL);

          if (pages[i] == 'r' && before[i] == '.')
            born[i] = second;
        }
      if (then != NULL)
        {
          changes = psc_change_new (then, now, NULL);
          psc_age_add (age, now, changes);
        }
      traits = psc_age_dup_traits (age, PAGE, now->time_usec);
      text = describe (now, traits);
      for (guint i = 0; i < N; i++)
        {
          PscAgeClass klass = psc_age_of_usec ((gint64) ((second - born[i]) * G_USEC_PER_SEC));

          g_assert_cmpint (text[i], ==, pages[i] == '.' ? '.' : "NSMTo.?"[klass]);
        }
      g_clear_pointer (&then, psc_space_unref);
      then = g_steal_pointer (&now);
    }
  g_assert_cmpuint (psc_age_get_n_stretches (age), <=, N);
}

static void
test_unknown_traits (void)
{
  g_autoptr (PscSpace) space = space_new ("rr.s?r", 0);
  g_autoptr (PscTraits) traits = psc_age_new_unknown_traits (space);
  g_autofree char *text = describe (space, traits);

  g_assert_cmpstr (text, ==, "??.???");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/age/steps", test_steps);
  g_test_add_func ("/age/random", test_random);
  g_test_add_func ("/age/unknown", test_unknown_traits);
  return g_test_run ();
}
