/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-view.h"

#include <math.h>

#include "psc-test-space.h"

/* Blocks, lines, folds, a rule: 32 MiB, a few words, 1 GiB. */
#define SPACE                                                                                      \
  "40000000 2000000 rw-p a 8192 r 1\n60000000 5000 rw-p b 5 r 1\n60010000 300000 rw-p c 4 r 1\n"   \
  "800000000 40000000 rw-p d 262144 r 2"

typedef PscTestMap Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  psc_test_map_init (fixture, SPACE, GPOINTER_TO_INT (data));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  psc_test_map_clear (fixture);
}

static void
test_fit (Fixture *fixture, gconstpointer data)
{
  PscView view;
  double width, height;
  guint first, last;

  psc_view_fit (&view, fixture->layout, 1000, 700);
  psc_view_get_extent (&view, fixture->layout, &width, &height);
  g_assert_cmpfloat_with_epsilon (width, 1000, 0.001);
  g_assert_cmpfloat_with_epsilon (height, 700, 0.001);
  psc_view_visible_bands (&view, fixture->layout, &first, &last);
  g_assert_cmpuint (first, ==, 0);
  g_assert_cmpuint (last, ==, fixture->layout->n_bands);
}

/* What is under the pointer stays under it, through all zooms in and out. */
static void
test_zoom_holds (Fixture *fixture, gconstpointer data)
{
  PscView view;
  PscPlace place, there;
  guint checked = 0;

  for (double y = 40; y < 700; y += 37)
    {
      psc_view_fit (&view, fixture->layout, 1024, 700);
      place = psc_view_hit (&view, fixture->layout, 300.5, y);
      if (place.type != PSC_PLACE_PAGE)
        continue;
      for (guint i = 0; i < 60; i++)
        {
          guint64 row = fixture->space->row_size;

          psc_view_zoom (&view, fixture->layout, i < 40 ? 1.15 : 1 / 1.1, 300.5, y);
          there = psc_view_hit (&view, fixture->layout, 300.5, y);
          g_assert_cmpint (there.type, ==, PSC_PLACE_PAGE);
          /* Rounding may cross into a neighbouring row or page, never further. */
          g_assert_cmpuint (MAX (there.start, place.start) - MIN (there.start, place.start), <=,
                            row + 4096);
        }
      checked++;
    }
  g_assert_cmpuint (checked, >, 10);
}

static void
test_zoom_bounds (Fixture *fixture, gconstpointer data)
{
  PscView view, fit;
  double width, height;

  psc_view_fit (&fit, fixture->layout, 1024, 700);
  view = fit;
  for (guint i = 0; i < 200; i++)
    psc_view_zoom (&view, fixture->layout, 1.5, 1000, 699);
  g_assert_cmpfloat (view.row_height, ==, PSC_VIEW_MAX_ROW);
  /* Square pages at the end. */
  g_assert_cmpfloat_with_epsilon (psc_view_page_width (&view, fixture->layout), view.row_height,
                                  0.001);
  psc_view_get_extent (&view, fixture->layout, &width, &height);
  psc_view_pan (&view, fixture->layout, 1e12, 1e12);
  g_assert_cmpfloat_with_epsilon (view.x, width - view.width, 0.001);
  g_assert_cmpfloat_with_epsilon (view.y, height - view.height, 0.001);
  psc_view_zoom (&view, fixture->layout, 0, 5, 5);
  g_assert_cmpfloat (view.row_height, ==, PSC_VIEW_MAX_ROW);
  for (guint i = 0; i < 200; i++)
    psc_view_zoom (&view, fixture->layout, 0.5, 3, 3);
  g_assert_cmpfloat_with_epsilon (view.row_height, fit.row_height, 1e-9);
  g_assert_cmpfloat (view.x, ==, 0);
}

/* Page width never falls while zooming in: no jump where the axes part. */
static void
test_zoom_is_monotone (Fixture *fixture, gconstpointer data)
{
  PscView view = { .width = 1400, .height = 700, .row_height = 0.5 };
  double last = 0;

  for (; view.row_height < PSC_VIEW_MAX_ROW; view.row_height *= 1.01)
    {
      double page = psc_view_page_width (&view, fixture->layout);

      g_assert_cmpfloat (page, >=, last);
      if (last > 0)
        g_assert_cmpfloat (page / last, <, 1.04);
      last = page;
    }
}

/* hit() and rect() are inverse to each other. */
static void
test_rect_hit (Fixture *fixture, gconstpointer data)
{
  PscView view = { .width = 900, .height = 500, .row_height = 31 };

  psc_view_show_range (&view, fixture->layout, 0x60000000, 0x60005000);
  for (double y = 1; y < 500; y += 13)
    for (double x = 1; x < 900; x += 17)
      {
        PscPlace place = psc_view_hit (&view, fixture->layout, x, y);
        double left, top, width, height;

        if (place.type == PSC_PLACE_NOTHING || place.type == PSC_PLACE_GAP)
          continue;
        g_assert_true (
            psc_view_rect (&view, fixture->layout, place.start, &left, &top, &width, &height));
        g_assert_cmpfloat (left, <=, x + 0.001);
        g_assert_cmpfloat (top, <=, y + 0.001);
        g_assert_cmpfloat (left + width, >=, x - 0.001);
        g_assert_cmpfloat (top + height, >=, y - 0.001);
      }
}

static void
test_show_range (Fixture *fixture, gconstpointer data)
{
  static const guint64 ranges[][2] = { { 0x40000000, 0x42000000 },
                                       { 0x60000000, 0x60005000 },
                                       { 0x800000000, 0x840000000 },
                                       { 0x800345000, 0x800346000 } };

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      PscView view;
      double x, y, width, height;

      psc_view_fit (&view, fixture->layout, 1024, 700);
      psc_view_show_range (&view, fixture->layout, ranges[i][0], ranges[i][1]);
      for (guint j = 0; j < 2; j++)
        {
          g_assert_true (
              psc_view_rect (&view, fixture->layout, ranges[i][j] - j, &x, &y, &width, &height));
          g_assert_cmpfloat (x, >=, -0.01);
          g_assert_cmpfloat (y, >=, -0.01);
          g_assert_cmpfloat (x + width, <=, 1024.01);
          g_assert_cmpfloat (y + height, <=, 700.01);
        }
    }
}

/* The anchor puts what was looked at back under the pointer after the layout changed. */
static void
test_anchor (Fixture *fixture, gconstpointer data)
{
  PscLayoutOptions options = { .low_at_top = GPOINTER_TO_INT (data) };
  g_autoptr (PscSpace) grown =
      psc_test_space_new ("40000000 4000000 rw-p a 16384 r 1\n60000000 5000 rw-p b 5 r 1\n"
                          "60010000 300000 rw-p c 4 r 1\n800000000 40000000 rw-p d 262144 r 2");
  g_autoptr (PscLayout) layout = psc_layout_new (grown, &options);
  PscView view;
  PscViewAnchor anchor;
  PscPlace before, after;

  psc_view_fit (&view, fixture->layout, 1024, 700);
  psc_view_show_range (&view, fixture->layout, 0x810000000, 0x811000000);
  before = psc_view_hit (&view, fixture->layout, 500, 350);
  g_assert_cmpint (before.type, ==, PSC_PLACE_PAGE);
  anchor = psc_view_anchor (&view, fixture->layout, 500, 350);
  g_assert_true (anchor.valid);
  psc_view_restore (&view, layout, &anchor);
  after = psc_view_hit (&view, layout, 500, 350);
  g_assert_cmphex (after.start, ==, before.start);
}

static void
test_reveal (Fixture *fixture, gconstpointer data)
{
  PscView view = { .width = 800, .height = 300, .row_height = 80 };
  static const guint64 addresses[] = { 0x40000000, 0x83ffff000, 0x60010000, 0x820000000 };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      double x, y, width, height;

      psc_view_reveal (&view, fixture->layout, addresses[i]);
      psc_view_rect (&view, fixture->layout, addresses[i], &x, &y, &width, &height);
      g_assert_cmpfloat (x, >=, -0.001);
      g_assert_cmpfloat (y, >=, -0.001);
      g_assert_cmpfloat (x + width, <=, 800.001);
      g_assert_cmpfloat (y + height, <=, 300.001);
    }
}

/* What is said to be seen is what can be hit: no page in the viewport is outside of it, and its
 * ends are in sight. */
static void
test_seen (Fixture *fixture, gconstpointer data)
{
  static const guint64 ranges[][2] = { { 0x40000000, 0x42000000 },
                                       { 0x40400000, 0x40a00000 },
                                       { 0x60000000, 0x60005000 },
                                       { 0x800345000, 0x800346000 } };
  guint64 start, end;
  PscView view;

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      psc_view_fit (&view, fixture->layout, 1024, 700);
      psc_view_show_range (&view, fixture->layout, ranges[i][0], ranges[i][1]);
      g_assert_true (psc_view_get_seen (&view, fixture->layout, &start, &end));
      g_assert_cmphex (start, <=, ranges[i][0]);
      g_assert_cmphex (end, >=, ranges[i][1]);
      for (double y = 0; y < 700; y += 7)
        for (double x = 0; x < 1024; x += 31)
          {
            PscPlace place = psc_view_hit (&view, fixture->layout, x, y);

            if (place.type == PSC_PLACE_PAGE)
              {
                g_assert_cmphex (place.start, >=, start);
                g_assert_cmphex (place.end, <=, end);
              }
          }
    }
}

/* The two units of a height, and back to px. */
static gboolean
is_in (const GArray *ranges, guint64 address)
{
  for (guint i = 0; i < ranges->len; i++)
    if (g_array_index (ranges, PscRange, i).start <= address &&
        address < g_array_index (ranges, PscRange, i).end)
      return TRUE;
  return FALSE;
}

/* Wider than the view: exactly the pages that can be hit, and those of folds. */
static void
test_find_seen (Fixture *fixture, gconstpointer data)
{
  static const guint64 places[] = { 0x40005000, 0x41ffd000, 0x60003000, 0x60011000, 0x800345000 };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (GArray) ranges = NULL;
      g_autoptr (GHashTable) pages = g_hash_table_new (NULL, NULL);
      guint64 n_pages = 0;
      PscView view;

      psc_view_fit (&view, fixture->layout, 1024, 700);
      psc_view_show_range (&view, fixture->layout, places[i], places[i] + 0x7000);
      ranges = psc_view_find_seen (&view, fixture->layout);
      for (double y = 0.5; y < 700; y += 3)
        for (double x = 0; x < 1024; x += 1)
          {
            PscPlace place = psc_view_hit (&view, fixture->layout, x, y);

            if (place.type != PSC_PLACE_PAGE && place.type != PSC_PLACE_FOLD)
              continue;
            g_assert_true (is_in (ranges, place.start));
            for (guint64 at = place.start; at < place.end; at += 4096)
              if (psc_space_lookup (fixture->space, at) != NULL)
                g_hash_table_add (pages, GSIZE_TO_POINTER (at));
          }
      for (guint j = 0; j < ranges->len; j++)
        {
          const PscRange *range = &g_array_index (ranges, PscRange, j);

          g_assert_cmphex (range->start, <, range->end);
          g_assert_cmphex (range->start, >=, j > 0 ? range[-1].end : 0);
          for (guint64 at = range->start; at < range->end; at += 4096)
            n_pages += psc_space_lookup (fixture->space, at) != NULL;
        }
      g_assert_cmpuint (n_pages, ==, g_hash_table_size (pages));
    }
}

static void
test_down (Fixture *fixture, gconstpointer data)
{
  PscView view;
  double rows, rules;

  psc_view_fit (&view, fixture->layout, 1024, 700);
  psc_view_zoom (&view, fixture->layout, 2.5, 300, 400);
  for (double y = 0; y < 900; y += 3.7)
    {
      double px;

      psc_view_down (&view, fixture->layout, y, &rows, &rules);
      px = rows * view.row_height + rules * psc_view_rule_height (&view, fixture->layout);
      g_assert_cmpfloat_with_epsilon (px - view.y, y, 0.001);
    }
}

/* However many rules there are, half of the view is left to rows; and what is under the pointer
 * stays there while rules grow with the zoom. */
static void
test_many_rules (Fixture *fixture, gconstpointer data)
{
  PscLayoutOptions options = { .low_at_top = GPOINTER_TO_INT (data) };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (PscSpace) space = NULL;
  g_autoptr (PscLayout) layout = NULL;
  PscView view;
  double width, height, fit;

  for (guint64 i = 1; i <= 200; i++)
    g_string_append_printf (text, "%" G_GINT64_MODIFIER "x 1800000 rw-p a 6144 r 1\n", i << 32);
  space = psc_test_space_new (text->str);
  layout = psc_layout_new (space, &options);
  g_assert_cmpuint (layout->n_rules, ==, 200);
  psc_view_fit (&view, layout, 1000, 700);
  fit = view.row_height;
  psc_view_get_extent (&view, layout, &width, &height);
  g_assert_cmpfloat_with_epsilon (height, 700, 0.001);
  g_assert_cmpfloat (layout->n_rows * fit, >=, 350);
  for (double y = 40; y < 700; y += 37)
    for (double factor = 1.3; factor < 1000; factor *= 1.7)
      {
        double rows, rules, rows_after, rules_after;

        psc_view_fit (&view, layout, 1000, 700);
        psc_view_down (&view, layout, y, &rows, &rules);
        if (rules != floor (rules))
          continue; /* on a rule */
        psc_view_zoom (&view, layout, factor, 500, y);
        psc_view_down (&view, layout, y, &rows_after, &rules_after);
        g_assert_cmpfloat_with_epsilon (rows_after + rules_after, rows + rules, 1e-6);
      }
  psc_view_zoom (&view, layout, 1000, 500, 350);
  g_assert_cmpfloat (psc_view_rule_height (&view, layout), ==, PSC_VIEW_RULE_HEIGHT);
  for (guint64 i = 1; i < 200; i += 23)
    {
      double x, top, bottom;

      /* Four islands and the three rules between them. */
      psc_view_show_range (&view, layout, i << 32, ((i + 3) << 32) + 0x1800000);
      g_assert_true (psc_view_rect (&view, layout, i << 32, &x, &top, &width, &height));
      g_assert_true (
          psc_view_rect (&view, layout, ((i + 3) << 32) + 0x17ff000, &x, &bottom, &width, &height));
      g_assert_cmpfloat (MIN (top, bottom), >=, 0);
      g_assert_cmpfloat (MIN (top, bottom), <, 100);
      g_assert_cmpfloat (MAX (top, bottom) + height, <=, 700);
      g_assert_cmpfloat (MAX (top, bottom) + height, >, 600);
    }
}

static const struct
{
  const char *name;
  void (*test) (Fixture *, gconstpointer);
} tests[] = {
  { "fit", test_fit },
  { "zoom-holds", test_zoom_holds },
  { "bounds", test_zoom_bounds },
  { "monotone", test_zoom_is_monotone },
  { "rect-hit", test_rect_hit },
  { "show-range", test_show_range },
  { "anchor", test_anchor },
  { "reveal", test_reveal },
  { "seen", test_seen },
  { "find-seen", test_find_seen },
  { "down", test_down },
  { "many-rules", test_many_rules },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int low_at_top = 0; low_at_top < 2; low_at_top++)
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
      {
        g_autofree char *path =
            g_strdup_printf ("/view/%s/%s", low_at_top ? "top" : "bottom", tests[i].name);

        g_test_add (path, Fixture, GINT_TO_POINTER (low_at_top), set_up, tests[i].test, tear_down);
      }
  return g_test_run ();
}
