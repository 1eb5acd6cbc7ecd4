/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "psc-lens.h"
#include "psc-test-space.h"

#define SPACE                                                                                      \
  "200000 400000 rw-p a 100 r 1 50 s 1 512 h 1 7 z 1\n10000000 3000 rw-p b 1 f 1 1 g 1\n"

/* Every byte of the space is counted by exactly one entry. */
static void
test_count (gconstpointer data)
{
  PscLens lens = GPOINTER_TO_UINT (data);
  g_autoptr (PscSpace) space = psc_test_space_new (SPACE);
  guint64 bytes[PSC_LENS_MAX_ENTRIES];
  guint64 sum = 0;

  psc_lens_count (lens, space, NULL, bytes);
  for (guint i = 0; i < PSC_LENS_MAX_ENTRIES; i++)
    sum += bytes[i];
  g_assert_cmpuint (sum, ==, space->totals.size);
}

static void
test_residency_count (void)
{
  g_autoptr (PscSpace) space = psc_test_space_new (SPACE);
  guint64 bytes[PSC_LENS_MAX_ENTRIES];

  psc_lens_count (PSC_LENS_RESIDENCY, space, NULL, bytes);
  g_assert_cmpuint (bytes[PSC_CLASS_RESIDENT], ==, 100 * 4096);
  g_assert_cmpuint (bytes[PSC_CLASS_SWAPPED], ==, 50 * 4096);
  g_assert_cmpuint (bytes[PSC_CLASS_HUGE], ==, 512 * 4096);
  g_assert_cmpuint (bytes[PSC_CLASS_ZERO], ==, 7 * 4096);
  g_assert_cmpuint (bytes[PSC_CLASS_GUARD], ==, 4096);
  g_assert_cmpuint (bytes[PSC_CLASS_RESIDENT_FILE], ==, 4096);
}

/* Every mapping and class has an entry with a name, in every lens; ids lead back. */
static void
test_entries (void)
{
  for (guint lens = 0; lens < PSC_N_LENSES; lens++)
    {
      guint n;
      const PscLensEntry *entries = psc_lens_get_entries (lens, &n);
      PscLens back;

      g_assert_cmpuint (n, <=, PSC_LENS_MAX_ENTRIES);
      g_assert_true (psc_lens_from_id (psc_lens_id (lens), &back));
      g_assert_cmpuint (back, ==, lens);
      for (guint kind = 0; kind < PSC_N_KINDS; kind++)
        for (guint klass = 0; klass < PSC_N_CLASSES; klass++)
          {
            PscMapping mapping = { .kind = (guint8) kind };
            guint entry = psc_lens_entry_of (lens, &mapping, klass);

            g_assert_cmpuint (entry, <, n);
            g_assert_cmpstr (entries[entry].title, !=, NULL);
            g_assert_cmpstr (entries[entry].id, !=, NULL);
          }
    }
  g_assert_false (psc_lens_from_id ("nonsense", NULL));
  g_assert_false (psc_lens_from_id (NULL, NULL));
}

static double
luminance (PscColor color)
{
  double sum = 0;
  static const double weights[] = { 0.0722, 0.7152, 0.2126 };

  for (guint i = 0; i < 3; i++)
    {
      double c = ((color >> (8 * i)) & 0xff) / 255.0;

      sum += weights[i] * (c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4));
    }
  return sum;
}

/* Text is legible on its background: WCAG 2 asks for 4.5, and 3 for what is large or a mark. */
static void
test_contrast (void)
{
  for (guint theme = 0; theme < PSC_N_THEMES; theme++)
    {
      const PscThemeColors *colors = psc_theme_colors (theme);
      double ground = luminance (colors->background);
      const struct
      {
        PscColor color;
        double least;
      } checks[] = { { colors->text, 7 }, { colors->dim, 4.5 }, { colors->rule, 3 } };

      for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
        {
          double light = luminance (checks[i].color);
          double contrast = (MAX (light, ground) + 0.05) / (MIN (light, ground) + 0.05);

          g_assert_cmpfloat (contrast, >=, checks[i].least);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint lens = 0; lens < PSC_N_LENSES; lens++)
    {
      g_autofree char *path = g_strdup_printf ("/lens/count/%s", psc_lens_id (lens));

      g_test_add_data_func (path, GUINT_TO_POINTER (lens), test_count);
    }
  g_test_add_func ("/lens/residency", test_residency_count);
  g_test_add_func ("/lens/entries", test_entries);
  g_test_add_func ("/lens/contrast", test_contrast);
  return g_test_run ();
}
