/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "psc-change.h"
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

static const char *
id_of (PscLens lens, const PscMapping *mapping, PscPageClass klass)
{
  guint n;

  return psc_lens_get_entries (lens, &n)[psc_lens_entry_of (lens, mapping, klass)].id;
}

#define R PSC_PERM_READ
#define W PSC_PERM_WRITE
#define X PSC_PERM_EXEC
#define S PSC_PERM_SHARED

/* Each set of permissions; populated and not. */
static void
test_perms (void)
{
  static const struct
  {
    guint8 perms;
    const char *id;
  } cases[] = {
    { 0, "no_access" },
    { R, "read" },
    { W, "write" },
    { R | W, "write" },
    { X, "exec" },
    { R | X, "exec" },
    { W | X, "write_exec" },
    { R | W | X, "write_exec" },
    { S, "no_access" },
    { S | R, "read_shared" },
    { S | R | W, "write_shared" },
    { S | R | X, "exec_shared" },
    { S | R | W | X, "write_exec" },
  };
  guint n_pairs = psc_lens_n_pairs (PSC_LENS_PERMS);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const PscMapping mapping = { .perms = cases[i].perms };
      guint full = psc_lens_entry_of (PSC_LENS_PERMS, &mapping, PSC_CLASS_SWAPPED);

      g_assert_cmpstr (id_of (PSC_LENS_PERMS, &mapping, PSC_CLASS_RESIDENT), ==, cases[i].id);
      g_assert_cmpuint (psc_lens_entry_of (PSC_LENS_PERMS, &mapping, PSC_CLASS_ABSENT), ==,
                        full + n_pairs);
    }
}

static void
test_sharing (void)
{
  static const struct
  {
    guint8 perms;
    guint64 inode;
    PscKind kind;
    PscPageClass klass;
    const char *id;
  } cases[] = {
    { R | W, 0, PSC_KIND_HEAP, PSC_CLASS_RESIDENT, "private_anon" },
    { R | W, 0, PSC_KIND_ANON, PSC_CLASS_HUGE, "private_anon" },
    { R | W, 7, PSC_KIND_HUGETLB, PSC_CLASS_HUGETLB, "private_anon" },
    { R | W, 7, PSC_KIND_DATA, PSC_CLASS_RESIDENT, "private_copied" },
    { R | X, 7, PSC_KIND_TEXT, PSC_CLASS_RESIDENT_FILE, "private_file" },
    { R | X, 7, PSC_KIND_TEXT, PSC_CLASS_HUGE, "private_file" },
    { R | W | S, 7, PSC_KIND_SHM_MEMFD, PSC_CLASS_RESIDENT_FILE, "shared_memory" },
    { R | W | S, 7, PSC_KIND_SHM_ANON, PSC_CLASS_HUGE, "shared_memory" },
    { R | W | S, 7, PSC_KIND_HUGETLB, PSC_CLASS_HUGETLB, "shared_memory" },
    { R | S, 7, PSC_KIND_FILE, PSC_CLASS_RESIDENT_FILE, "shared_file" },
    { R | W, 7, PSC_KIND_DATA, PSC_CLASS_SWAPPED, "swapped" },
    { R | X, 0, PSC_KIND_VDSO, PSC_CLASS_RESIDENT_FILE, "kernel" },
    { R | W | S, 7, PSC_KIND_DEVICE, PSC_CLASS_RESIDENT_FILE, "kernel" },
    { R | W, 0, PSC_KIND_ANON, PSC_CLASS_ZERO, "kernel" },
    { R | W, 0, PSC_KIND_ANON, PSC_CLASS_ABSENT, "absent" },
    { R | W, 0, PSC_KIND_ANON, PSC_CLASS_GUARD, "absent" },
    { R | W, 0, PSC_KIND_ANON, PSC_CLASS_UNKNOWN, "unknown" },
    { R, 0, PSC_KIND_VDSO, PSC_CLASS_SPECIAL, "kernel" },
    { R | W | S, 7, PSC_KIND_FILE, PSC_CLASS_SPECIAL, "kernel" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const PscMapping mapping = { .perms = cases[i].perms,
                                   .inode = cases[i].inode,
                                   .kind = (guint8) cases[i].kind };

      g_assert_cmpstr (id_of (PSC_LENS_SHARING, &mapping, cases[i].klass), ==, cases[i].id);
    }
}

/* Without frames a lens on them tells what is known all the same, and nothing that is not. */
static void
test_frames (void)
{
  static const struct
  {
    PscPageClass klass;
    guint8 page_shift;
    const char *order, *contiguity;
  } cases[] = {
    { PSC_CLASS_RESIDENT, 12, "unknown", "unknown" },
    { PSC_CLASS_RESIDENT_FILE, 12, "unknown", "unknown" },
    { PSC_CLASS_HUGE, 12, "2m", "large" },
    { PSC_CLASS_HUGETLB, 21, "2m", "large" },
    { PSC_CLASS_HUGETLB, 30, "2m", "large" },
    { PSC_CLASS_HUGETLB, 16, "64k", "unknown" },
    { PSC_CLASS_SWAPPED, 12, "absent", "absent" },
    { PSC_CLASS_ZERO, 12, "absent", "absent" },
    { PSC_CLASS_ABSENT, 12, "absent", "absent" },
    { PSC_CLASS_SPECIAL, 12, "absent", "absent" },
    { PSC_CLASS_UNKNOWN, 12, "unknown", "unknown" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const PscMapping mapping = { .page_shift = cases[i].page_shift };

      g_assert_cmpstr (id_of (PSC_LENS_ORDER, &mapping, cases[i].klass), ==, cases[i].order);
      g_assert_cmpstr (id_of (PSC_LENS_CONTIGUITY, &mapping, cases[i].klass), ==,
                       cases[i].contiguity);
    }
}

/* Traits over holes, over borders of runs and mappings, and with values that make no sense. */
static void
test_traits (void)
{
  static const PscTrait list[] = {
    { 0x100000, 16, PSC_CHANGE_GONE, 0 },
    { 0x200000, 10, PSC_CHANGE_APPEARED, 0 },
    { 0x200000 + 95 * 4096, 10, PSC_CHANGE_SPLIT, 0 },
    { 0x5ff000, 5, PSC_CHANGE_MAPPED, 0 },
    { 0x10000000, 2, 999, 0 },
    { 0x20000000, 100, PSC_CHANGE_SWAPPED_IN, 0 },
  };
  g_autoptr (PscSpace) space = psc_test_space_new (SPACE);
  GArray *array = g_array_new (FALSE, FALSE, sizeof (PscTrait));
  g_autoptr (PscTraits) traits = NULL;
  guint64 plain[PSC_LENS_MAX_ENTRIES], bytes[PSC_LENS_MAX_ENTRIES];
  guint64 sum = 0;

  g_array_append_vals (array, list, G_N_ELEMENTS (list));
  traits = psc_traits_new (4096, array);
  psc_lens_count (PSC_LENS_CHANGE, space, NULL, plain);
  psc_lens_count (PSC_LENS_CHANGE, space, traits, bytes);
  for (guint i = 0; i < PSC_LENS_MAX_ENTRIES; i++)
    sum += bytes[i];
  g_assert_cmpuint (sum, ==, space->totals.size);
  g_assert_cmpuint (bytes[PSC_CHANGE_GONE], ==, 0);
  g_assert_cmpuint (bytes[PSC_CHANGE_SWAPPED_IN], ==, 0);
  g_assert_cmpuint (bytes[PSC_CHANGE_APPEARED], ==, 10 * 4096);
  g_assert_cmpuint (bytes[PSC_CHANGE_SPLIT], ==, 10 * 4096);
  g_assert_cmpuint (bytes[PSC_CHANGE_MAPPED], ==, 4096);
  g_assert_cmpuint (bytes[PSC_CHANGE_UNKNOWN], ==, plain[PSC_CHANGE_UNKNOWN] + 2 * 4096);
}

/* JSON calls them what the legend does. */
static void
test_change_ids (void)
{
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (PSC_LENS_CHANGE, &n);

  g_assert_cmpuint (n, ==, PSC_N_CHANGES);
  for (guint i = 0; i < n; i++)
    g_assert_cmpstr (entries[i].id, ==, psc_change_id (i));
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
  g_test_add_func ("/lens/perms", test_perms);
  g_test_add_func ("/lens/sharing", test_sharing);
  g_test_add_func ("/lens/frames", test_frames);
  g_test_add_func ("/lens/change-ids", test_change_ids);
  g_test_add_func ("/lens/traits", test_traits);
  g_test_add_func ("/lens/entries", test_entries);
  g_test_add_func ("/lens/contrast", test_contrast);
  return g_test_run ();
}
