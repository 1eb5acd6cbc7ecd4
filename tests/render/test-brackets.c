/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The upper levels of the page tables beside the rows. */

#include <math.h>

#include "psc-brackets.h"
#include "psc-sight.h"
#include "psc-test-space.h"

/* Two GiB from the middle of one on, words, then some in another entry of the top table. */
#define SPACE                                                                                      \
  "60000000 80000000 rw-p a 524288 r 1\nf0000000 3000 rw-p b 3 r 1\n"                              \
  "8000000000 40000000 rw-p c 262144 r 1\n8040000000 1000 r--p d 1 r 1\n"                          \
  "7ffffffde000 21000 rw-p [stack] 33 r 1\nffffffffff600000 1000 --xp [vsyscall]"

typedef struct
{
  const char *name;
  gsize page_size;
  guint64 highest;
  guint user_bits;
  const char *levels; /* name and log2 of what an entry covers, from the least */
} LevelCase;

static const LevelCase level_cases[] = {
  { "4k", 4096, 0x7fffffffefff, 47, "PUD 30, PGD 39, " },
  { "4k-low", 4096, 0x80000fff, 47, "PUD 30, PGD 39, " },
  { "4k-arm64", 4096, 0xfffffffff000 - 1, 48, "PUD 30, PGD 39, " },
  { "4k-five", 4096, 0xffffffffffefff, 56, "PUD 30, P4D 39, PGD 48, " },
  { "16k", 16384, 0x7fffffffbfff, 47, "PUD 36, " },
  { "16k-48", 16384, 0xffffffffbfff, 48, "PUD 36, PGD 47, " },
  { "64k", 65536, 0xfffffffeffff, 48, "PGD 42, " },
  { "64k-52", 65536, 0xffffffffeffff, 52, "PGD 42, " },
};

static PscSpace *
make_space (gsize page_size, guint64 highest)
{
  PscSpaceBuilder *builder = psc_space_builder_new (page_size);
  PscMapping mapping = { .start = highest + 1 - page_size, .end = highest + 1, .name = "" };

  g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
  return psc_space_builder_freeze (builder);
}

static void
test_levels (gconstpointer data)
{
  const LevelCase *c = data;
  g_autoptr (PscSpace) space = make_space (c->page_size, c->highest);
  g_autoptr (GString) text = g_string_new (NULL);
  PscLevels levels;

  psc_levels_init (&levels, space);
  for (guint i = 0; i < levels.n_levels; i++)
    g_string_append_printf (text, "%s %u, ", levels.levels[i].name, levels.levels[i].shift);
  g_assert_cmpstr (text->str, ==, c->levels);
  g_assert_cmpuint (levels.user_bits, ==, c->user_bits);
  g_assert_cmphex (psc_levels_highest (space), ==, c->highest);
}

static char *
dump (const PscSpace *space, const PscLayout *layout, guint level)
{
  PscView view;
  PscLevels levels;
  GString *text = g_string_new (NULL);
  g_autoptr (GArray) brackets = NULL;

  psc_levels_init (&levels, space);
  psc_view_fit (&view, layout, 1000, 4000);
  view.row_height = 40;
  view.height = 1e6;
  brackets = psc_brackets_find (&levels, level, &view, layout);
  for (guint i = 0; i < brackets->len; i++)
    {
      const PscBracket *bracket = &g_array_index (brackets, PscBracket, i);

      g_string_append_printf (text, "%u-%u:%g ", bracket->index, bracket->to,
                              round ((bracket->bottom - bracket->top) / view.row_height));
    }
  return g_string_free (text, FALSE);
}

/* From the top down: which entries, and how many rows. */
static void
test_entries (void)
{
  static const char *const expected[] = {
    "511-511:1 511-511:1 1-1:1 0-0:512 3-3:257 2-2:512 1-1:256 ",
    "511-511:1 255-255:1 1-1:513 0-0:1025 ",
    "0-0:1 0-0:1541 ",
  };
  g_autoptr (PscSpace) space = psc_test_space_new (SPACE);
  g_autoptr (PscLayout) layout = psc_layout_new (space, NULL);

  for (guint level = 0; level < G_N_ELEMENTS (expected); level++)
    {
      g_autofree char *text = dump (space, layout, level);

      g_assert_cmpstr (text, ==, expected[level]);
    }
}

/* At any zoom and place: side by side, in order, around what is in sight, and no more than there is
 * room for. */
static void
check (const PscSpace *space, const PscLayout *layout, const PscView *view)
{
  PscLevels levels;

  psc_levels_init (&levels, space);
  for (guint level = 0; level <= levels.n_levels; level++)
    {
      g_autoptr (GArray) brackets = psc_brackets_find (&levels, level, view, layout);
      double bottom = -G_MAXDOUBLE;

      g_assert_cmpuint (brackets->len, <=, (guint) (view->height / PSC_BRACKETS_LEAST) + 2);
      for (guint i = 0; i < brackets->len; i++)
        {
          const PscBracket *bracket = &g_array_index (brackets, PscBracket, i);

          g_assert_cmpfloat (bracket->top, >=, bottom - 0.1);
          g_assert_cmpfloat (bracket->bottom, >, bracket->top);
          g_assert_cmpfloat (bracket->bottom, >, 0);
          g_assert_cmpfloat (bracket->top, <, view->height);
          bottom = bracket->bottom;
        }
    }
}

static void
test_any_view (gconstpointer data)
{
  PscLayoutOptions options = { .low_at_top = GPOINTER_TO_INT (data) };
  g_autoptr (PscSpace) space = psc_test_space_new (SPACE);
  g_autoptr (PscLayout) layout = psc_layout_new (space, &options);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  PscView view;

  psc_view_fit (&view, layout, 800, 600);
  for (guint i = 0; i < 400; i++)
    {
      check (space, layout, &view);
      if (i % 20 == 19)
        psc_view_fit (&view, layout, 800, 600);
      psc_view_zoom (&view, layout, g_rand_double_range (random, 0.6, 3),
                     g_rand_double_range (random, 0, 800), g_rand_double_range (random, 0, 600));
      psc_view_pan (&view, layout, 0, g_rand_double_range (random, -300, 300));
    }
}

/* Heights and rows, both ways. */
static void
test_sight (gconstpointer data)
{
  PscLayoutOptions options = { .low_at_top = GPOINTER_TO_INT (data) };
  g_autoptr (PscSpace) space = psc_test_space_new (SPACE);
  g_autoptr (PscLayout) layout = psc_layout_new (space, &options);
  PscView view;
  double y = 0;
  guint n_rows = 0;
  PscSightRow row;

  psc_view_fit (&view, layout, 800, 60000);
  while (psc_sight_row_at (&view, layout, y, &row))
    {
      double top, bottom;

      g_assert_cmpfloat (row.top + row.height, >, y);
      if (row.band->type != PSC_BAND_RULE)
        {
          g_assert_true (psc_sight_extent (&view, layout, row.start, row.last, &top, &bottom));
          g_assert_cmpfloat_with_epsilon (top, row.top, 0.01);
          g_assert_cmpfloat_with_epsilon (bottom, row.top + row.height, 0.01);
          n_rows++;
        }
      y = row.top + row.height + 0.01;
    }
  g_assert_cmpuint (n_rows, ==, 1024 + 1 + 512 + 1 + 1 + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (level_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/brackets/levels/%s", level_cases[i].name);

      g_test_add_data_func (path, &level_cases[i], test_levels);
    }
  g_test_add_func ("/brackets/entries", test_entries);
  g_test_add_data_func ("/brackets/any-view/low-at-bottom", GINT_TO_POINTER (FALSE), test_any_view);
  g_test_add_data_func ("/brackets/any-view/low-at-top", GINT_TO_POINTER (TRUE), test_any_view);
  g_test_add_data_func ("/brackets/sight/low-at-bottom", GINT_TO_POINTER (FALSE), test_sight);
  g_test_add_data_func ("/brackets/sight/low-at-top", GINT_TO_POINTER (TRUE), test_sight);
  return g_test_run ();
}
