/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-layout.h"
#include "psc-test-space.h"

typedef struct
{
  const char *name;
  const char *space;
  const char *layout; /* as psc_layout_dump() has it */
} Case;

static const Case cases[] = {
  { "empty", "", "0 rows, 0 rules\n" },
  { "word", "1000 3000 r--p a", "1 rows, 0 rules\nline 0+0: word 1000+12 KiB@0\n" },
  /* The unmapped beginning counts as a gap; a small gap is a mark between words. */
  { "words-and-gap", "100000000 2000 r--p a\n100004000 1000 r--p b",
    "1 rows, 1 rules\nrule 1+0: 0+4 GiB\n"
    "line 0+0: word 100000000+8 KiB@0 gap 100002000+8 KiB@2 word 100004000+4 KiB@6\n" },
  /* Adjacent mappings are one piece. */
  { "glued", "1000 1000 r--p a\n2000 1000 rw-p b",
    "1 rows, 0 rules\nline 0+0: word 1000+8 KiB@0\n" },
  /* A piece as long as a row is a block on rows of its own, aligned; low addresses at the bottom.
   */
  { "block", "200000 200000 rw-p a 512 r 1\n401000 1000 rw-p b 1 r 1",
    "2.35 rows, 0 rules\nblock 1.35+0: 200000+2 MiB 1 rows\nline 0+0: word 401000+4 KiB@0\n" },
  { "misaligned", "2ff000 200000 rw-p a 512 r 1",
    "2 rows, 0 rules\nblock 0+0: 2ff000+2 MiB 2 rows\n" },
  /* An untouched stretch of a row or more is a fold; one page less is not. */
  { "fold", "200000 400000 rw-p a 100 r 1 600 . 1 1 r 1",
    "1 rows, 0 rules\nline 0+0: word 200000+400 KiB@0 fold 264000+2.34 MiB@100 word 4bc000+1.27 "
    "MiB@126"
    "\n" },
  { "reservation", "10000000000 10000000000 ---p a",
    "1 rows, 1 rules\nrule 1+0: 0+1 TiB\nline 0+0: fold 10000000000+1 TiB@0\n" },
  /* Words that have no room go to the next line. */
  { "wrap", "200000 12c000 rw-p a\n500000 12c000 rw-p b",
    "2 rows, 0 rules\nline 1+0: word 200000+1.17 MiB@0\nline 0+0: word 500000+1.17 MiB@0\n" },
  { "rule", "40000000 1000 rw-p a\n80001000 1000 rw-p b",
    "2 rows, 2 rules\nrule 2+1: 0+1 GiB\nline 1+1: word 40000000+4 KiB@0\n"
    "rule 1+0: 40001000+1 GiB\nline 0+0: word 80001000+4 KiB@0\n" },
};

static void
test_layout (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (PscSpace) space = psc_test_space_new (c->space);
  g_autoptr (PscLayout) layout = psc_layout_new (space, NULL);
  g_autofree char *dump = psc_layout_dump (layout);

  g_assert_cmpstr (dump, ==, c->layout);
}

#define VARIED                                                                                     \
  "200000 5ff000 rw-p a 100 r 1 50 . 1 700 h 1\n900000 1000 r--p b\n"                              \
  "a00000 a00000 rw-p c 10 r 1 2000 . 1 1 s 1\n100000000 3000 rw-p d 3 f 1"

/* What is located at a place is hit at that place, page by page, both ways up. */
static void
test_locate_hit (gconstpointer data)
{
  PscLayoutOptions options = { .low_at_top = GPOINTER_TO_INT (data) };
  g_autoptr (PscSpace) space = psc_test_space_new (VARIED);
  g_autoptr (PscLayout) layout = psc_layout_new (space, &options);
  guint n_pages = 0;

  for (guint i = 0; i < space->n_mappings; i++)
    for (guint64 a = space->mappings[i].start; a < space->mappings[i].end; a += 4096)
      {
        guint band;
        double x, row;
        PscPlace place;

        g_assert_true (psc_layout_locate (layout, a, &band, &x, &row));
        place = psc_layout_hit (layout, band, x + 0.5, row + 0.5);
        g_assert_cmpint (place.type, !=, PSC_PLACE_NOTHING);
        g_assert_cmphex (place.start, <=, a);
        g_assert_cmphex (place.end, >, a);
        n_pages += place.type == PSC_PLACE_PAGE;
        if (place.type == PSC_PLACE_PAGE)
          g_assert_cmphex (place.start, ==, a);
      }
  /* All but what is folded: 2000 pages between two of c, those behind its last one, and those of a
   * behind its huge pages. */
  g_assert_cmpuint (n_pages, ==, 100 + 50 + 700 + 1 + 10 + 1 + 3);
}

/* Growth moves what lies above, nothing else: tops counted from the bottom stay. */
static void
test_stable (void)
{
  g_autoptr (PscSpace) before = psc_test_space_new ("200000 400000 rw-p a 1024 r 1\n"
                                                    "1000000 400000 rw-p b 1024 r 1\n"
                                                    "2000000 400000 rw-p c 1024 r 1");
  g_autoptr (PscSpace) after = psc_test_space_new ("200000 400000 rw-p a 1024 r 1\n"
                                                   "1000000 800000 rw-p b 2048 r 1\n"
                                                   "2000000 400000 rw-p c 1024 r 1");
  g_autoptr (PscLayout) one = psc_layout_new (before, NULL);
  g_autoptr (PscLayout) two = psc_layout_new (after, NULL);

  g_assert_cmpfloat (two->n_rows - one->n_rows, ==, 2);
  g_assert_cmpfloat (one->n_rows - one->bands[0].top.rows, ==,
                     two->n_rows - two->bands[0].top.rows);
  g_assert_cmpfloat (one->bands[2].top.rows, ==, two->bands[2].top.rows);
}

static void
test_unfold (void)
{
  guint64 inside[] = { 0x10000500000 };
  PscLayoutOptions options = { .unfolded = inside, .n_unfolded = 1 };
  g_autoptr (PscSpace) space = psc_test_space_new ("10000000000 40000000 ---p a");
  g_autoptr (PscLayout) layout = psc_layout_new (space, &options);

  g_assert_cmpuint (layout->n_bands, ==, 2);
  g_assert_cmpint (layout->bands[1].type, ==, PSC_BAND_BLOCK);
  g_assert_cmpuint (layout->bands[1].n_rows, ==, 512);
}

/* Chunks at random addresses are no rules, even where two of them happen to be near each other; but
 * what lies in a space of its own is one. */
static void
test_scattered (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (PscSpace) space = NULL;
  g_autoptr (PscLayout) layout = NULL;
  guint64 at = G_GUINT64_CONSTANT (1) << 32;

  for (guint i = 0; i < 300; i++)
    {
      g_string_append_printf (text, "%" G_GINT64_MODIFIER "x 40000 rw-p a 64 r 1\n", at);
      at += i % 20 == 7 ? 0x20000000 : G_GUINT64_CONSTANT (0x80000000);
    }
  g_string_append_printf (text, "%" G_GINT64_MODIFIER "x 4000000 rw-p b 16384 r 1\n", at);
  space = psc_test_space_new (text->str);
  layout = psc_layout_new (space, NULL);
  /* Below all of them, and before the large one. */
  g_assert_cmpuint (layout->n_rules, ==, 2);
  g_assert_cmpfloat (layout->n_rows, <, 300 / 7 + 1 + 32 + 2);
}

static void
test_range (void)
{
  PscLayoutOptions options = { .start = 0x300000, .end = 0x4fffff };
  g_autoptr (PscSpace) space = psc_test_space_new (VARIED);
  g_autoptr (PscLayout) layout = psc_layout_new (space, &options);
  g_autofree char *dump = psc_layout_dump (layout);

  g_assert_cmpstr (dump, ==, "2 rows, 0 rules\nblock 0+0: 300000+2 MiB 2 rows\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/layout/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_layout);
    }
  g_test_add_data_func ("/layout/locate-hit/low-at-bottom", GINT_TO_POINTER (FALSE),
                        test_locate_hit);
  g_test_add_data_func ("/layout/locate-hit/low-at-top", GINT_TO_POINTER (TRUE), test_locate_hit);
  g_test_add_func ("/layout/stable", test_stable);
  g_test_add_func ("/layout/unfold", test_unfold);
  g_test_add_func ("/layout/scattered", test_scattered);
  g_test_add_func ("/layout/range", test_range);
  return g_test_run ();
}
