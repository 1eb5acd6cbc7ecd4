/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Palettes for every kind of eyes: entries of a legend are told apart by people who lack one kind
 * of cones, in every theme, and stand out from the background. */

#include <math.h>

#include "psc-lens.h"
#include "psc-test-color.h"

/* CIEDE2000, in steps that a trained eye just tells apart. Every pair of entries, in lenses of up
 * to FEW of them, which is as many hues as people keep in mind. */
#define FEW  11u
#define PAIR 13.0
/* The kinds are twenty. Those that most processes have come first; so do neighbours in memory. */
#define KIND_NEIGHBOUR 8.0
#define KIND_COMMON    6.0
#define KIND_PAIR      4.5
#define N_COMMON_KINDS (PSC_KIND_FILE + 1u)
/* A sequence is read by its order. */
#define STEP      7.5
#define STEPS     9.0
#define STEP_DARK 3.0
/* Closer than this, another pattern. */
#define PATTERN 10.0

typedef struct
{
  PscLens lens;
  PscTheme theme;
  PscVision vision;
  const PscLensEntry *entries;
  guint n; /* without the faded copies */
} Palette;

static Palette
palette_new (PscLens lens, PscTheme theme, PscVision vision)
{
  Palette palette = { lens, theme, vision, NULL, 0 };

  palette.entries = psc_lens_get_entries (lens, &palette.n);
  if (psc_lens_n_pairs (lens) > 0)
    palette.n = psc_lens_n_pairs (lens);
  return palette;
}

static PscLab
lab_of (const Palette *palette, guint entry)
{
  return psc_lab_from_color (palette->entries[entry].colors[palette->theme], palette->vision);
}

static double
least_difference (const Palette *palette, guint i, guint j)
{
  if (palette->lens == PSC_LENS_KIND && j - i == 1)
    return KIND_NEIGHBOUR;
  if (palette->lens == PSC_LENS_KIND)
    return j < N_COMMON_KINDS ? KIND_COMMON : KIND_PAIR;
  if (palette->lens == PSC_LENS_ORDER)
    return j - i == 1 ? STEP : STEPS;
  g_assert_cmpuint (palette->n, <=, FEW);
  return PAIR;
}

static void
check_pair (const Palette *palette, guint i, guint j)
{
  const PscLensEntry *a = &palette->entries[i];
  const PscLensEntry *b = &palette->entries[j];
  double difference = psc_lab_difference (lab_of (palette, i), lab_of (palette, j));

  if (difference < least_difference (palette, i, j))
    {
      g_test_message ("%s and %s are %.1f apart for %s eyes, theme %s", a->id, b->id, difference,
                      psc_vision_id (palette->vision), psc_theme_id (palette->theme));
      g_test_fail ();
    }
  if (difference < PATTERN && a->pattern == b->pattern)
    {
      g_test_message ("%s and %s are %.1f apart for %s eyes, theme %s, and have one pattern", a->id,
                      b->id, difference, psc_vision_id (palette->vision),
                      psc_theme_id (palette->theme));
      g_test_fail ();
    }
}

static void
test_apart (gconstpointer data)
{
  PscLens lens = GPOINTER_TO_UINT (data);

  for (guint theme = 0; theme < PSC_N_THEMES; theme++)
    for (guint vision = 0; vision < PSC_N_VISIONS; vision++)
      {
        Palette palette = palette_new (lens, theme, vision);

        for (guint i = 0; i < palette.n; i++)
          for (guint j = i + 1; j < palette.n; j++)
            check_pair (&palette, i, j);
      }
}

static gboolean
is_high_contrast (PscTheme theme)
{
  return theme == PSC_THEME_LIGHT_CONTRAST || theme == PSC_THEME_DARK_CONTRAST;
}

/* What is in memory stands out; what is not stays back, but is seen. WCAG asks for 3 for things
 * that are not text where contrast is asked for. */
static double
least_contrast (const PscLensEntry *entry, PscTheme theme)
{
  gboolean high = is_high_contrast (theme);

  if (g_str_equal (entry->id, "absent") || g_str_equal (entry->id, "untouched"))
    return high ? 1.39 : 1.19;
  if (g_str_equal (entry->id, "unknown") || g_str_equal (entry->id, "mapped") ||
      g_str_equal (entry->id, "special"))
    return high ? 2.1 : 1.5;
  return high ? 2.95 : 1.95;
}

static void
test_background (gconstpointer data)
{
  PscLens lens = GPOINTER_TO_UINT (data);

  for (guint theme = 0; theme < PSC_N_THEMES; theme++)
    {
      PscColor background = psc_theme_colors (theme)->background;
      Palette palette = palette_new (lens, theme, PSC_VISION_NORMAL);

      for (guint i = 0; i < palette.n; i++)
        {
          const PscLensEntry *entry = &palette.entries[i];
          double contrast = psc_color_contrast (entry->colors[theme], background);

          if (contrast < least_contrast (entry, theme))
            {
              g_test_message ("%s has a contrast of %.2f in theme %s", entry->id, contrast,
                              psc_theme_id (theme));
              g_test_fail ();
            }
        }
    }
}

/* Faded copies are told from what they are copies of, and from the background. */
static void
test_faded (gconstpointer data)
{
  PscLens lens = GPOINTER_TO_UINT (data);

  for (guint theme = 0; theme < PSC_N_THEMES; theme++)
    for (guint vision = 0; vision < PSC_N_VISIONS; vision++)
      {
        Palette palette = palette_new (lens, theme, vision);
        PscLab background = psc_lab_from_color (psc_theme_colors (theme)->background, vision);

        for (guint i = 0; i < palette.n; i++)
          {
            PscLab faded = lab_of (&palette, palette.n + i);
            double from_full = psc_lab_difference (lab_of (&palette, i), faded);
            double from_background = psc_lab_difference (background, faded);

            g_test_message ("%s %s %s: %.1f %.1f", psc_theme_id (theme), psc_vision_id (vision),
                            palette.entries[i].id, from_full, from_background);
            g_assert_cmpfloat (from_full, >, PAIR);
            g_assert_cmpfloat (from_background, >, 4);
          }
      }
}

/* Larger folios are darker in light themes and brighter in dark ones, step by step, for all. */
static void
test_sequence (void)
{
  for (guint theme = 0; theme < PSC_N_THEMES; theme++)
    for (guint vision = 0; vision < PSC_N_VISIONS; vision++)
      {
        Palette palette = palette_new (PSC_LENS_ORDER, theme, vision);
        double sign = psc_theme_is_dark (theme) ? 1 : -1;

        /* From 4 KiB to 2 MiB. */
        for (guint i = 1; i < 10; i++)
          g_assert_cmpfloat (sign * (lab_of (&palette, i).l - lab_of (&palette, i - 1).l), >,
                             STEP_DARK);
      }
}

/* Ink is seen on what it is drawn on, and each pattern is one of its own. */
static void
test_patterns (void)
{
  guint covered[PSC_N_PATTERNS] = { 0 };

  for (guint a = 0; a < PSC_N_PATTERNS; a++)
    for (guint b = 0; b < PSC_N_PATTERNS; b++)
      {
        guint different = 0;

        for (guint i = 0; i < 4 * PSC_PATTERN_SIZE * PSC_PATTERN_SIZE; i++)
          {
            guint x = i % (2 * PSC_PATTERN_SIZE), y = i / (2 * PSC_PATTERN_SIZE);
            gboolean in = psc_pattern_covers (a, x, y);

            g_assert_cmpint (
                in, ==, psc_pattern_covers (a, x + 5 * PSC_PATTERN_SIZE, y + PSC_PATTERN_SIZE));
            covered[a] += in && b == 0;
            different += in != psc_pattern_covers (b, x, y);
          }
        if (a != b)
          g_assert_cmpuint (different, >=, PSC_PATTERN_SIZE);
      }
  g_assert_cmpuint (covered[PSC_PATTERN_NONE], ==, 0);
  /* The hue stays what one sees first. */
  for (guint i = 1; i < PSC_N_PATTERNS; i++)
    g_assert_cmpuint (covered[i], <=, 2 * PSC_PATTERN_SIZE * PSC_PATTERN_SIZE);
}

static void
test_ink (gconstpointer data)
{
  PscLens lens = GPOINTER_TO_UINT (data);
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (lens, &n);

  for (guint theme = 0; theme < PSC_N_THEMES; theme++)
    for (guint i = 0; i < n; i++)
      {
        PscColor color = entries[i].colors[theme];

        g_assert_cmpfloat (psc_color_contrast (color, psc_pattern_ink (color)), >, 1.8);
      }
}

/* The yardstick itself, against values that its authors published. */
static void
test_difference (void)
{
  static const struct
  {
    PscLab a, b;
    double difference;
  } cases[] = {
    { { 50, 2.6772, -79.7751 }, { 50, 0, -82.7485 }, 2.0425 },
    { { 50, 2.5, 0 }, { 50, 0, -2.5 }, 4.3065 },
    { { 50, 2.5, 0 }, { 73, 25, -18 }, 27.1492 },
    { { 50, 2.5, 0 }, { 61, -5, 29 }, 22.8977 },
    { { 50, 2.5, 0 }, { 56, -27, -3 }, 31.9030 },
    { { 50, 2.5, 0 }, { 58, 24, 15 }, 19.4535 },
    { { 2.0776, 0.0795, -1.1350 }, { 0.9033, -0.0636, -0.5514 }, 0.9082 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpfloat_with_epsilon (psc_lab_difference (cases[i].a, cases[i].b),
                                    cases[i].difference, 0.0001);
  /* Grey is grey to everybody; red and green of one lightness are one to those without green. */
  for (guint vision = 0; vision < PSC_N_VISIONS; vision++)
    g_assert_cmpfloat (psc_lab_difference (psc_lab_from_color (0x808080, vision),
                                           psc_lab_from_color (0x808080, PSC_VISION_NORMAL)),
                       <, 0.1);
  g_assert_cmpfloat (psc_lab_difference (psc_lab_from_color (0xb05000, PSC_VISION_NORMAL),
                                         psc_lab_from_color (0x687800, PSC_VISION_NORMAL)),
                     >, 25);
  g_assert_cmpfloat (psc_lab_difference (psc_lab_from_color (0xb05000, PSC_VISION_DEUTAN),
                                         psc_lab_from_color (0x687800, PSC_VISION_DEUTAN)),
                     <, 10);
}

static void
add_for_each_lens (const char *name, GTestDataFunc func, gboolean paired)
{
  for (guint lens = 0; lens < PSC_N_LENSES; lens++)
    {
      g_autofree char *path = g_strdup_printf ("/palette/%s/%s", name, psc_lens_id (lens));

      if (!paired || psc_lens_n_pairs (lens) > 0)
        g_test_add_data_func (path, GUINT_TO_POINTER (lens), func);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_for_each_lens ("apart", test_apart, FALSE);
  add_for_each_lens ("background", test_background, FALSE);
  add_for_each_lens ("faded", test_faded, TRUE);
  add_for_each_lens ("ink", test_ink, FALSE);
  g_test_add_func ("/palette/sequence", test_sequence);
  g_test_add_func ("/palette/patterns", test_patterns);
  g_test_add_func ("/palette/difference", test_difference);
  return g_test_run ();
}
