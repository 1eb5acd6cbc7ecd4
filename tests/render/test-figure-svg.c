/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Figures as SVG: valid whatever processes call themselves, searchable, small, and the same twice.
 * Sizes and sameness are those of all formats. */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "psc-areas.h"
#include "psc-figure-picture.h"
#include "psc-figure.h"
#include "psc-png.h"
#include "psc-svg.h"
#include "psc-test-space.h"

#define PAGE 4096u

static char *
render (const PscSpace *space, const PscFigureOptions *options, PscFigureFormat format,
        gsize *length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = psc_figure_render (space, options, format, &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (bytes, length), g_bytes_get_size (bytes));
}

static char *
render_svg (const PscSpace *space, const PscFigureOptions *options)
{
  gsize length;
  char *svg = render (space, options, PSC_FIGURE_SVG, &length);

  g_assert_cmpuint (strlen (svg), ==, length);
  return svg;
}

/* --- reading it back ----------------------------------------------------------------------- */

typedef struct
{
  GHashTable *texts;  /* contents of <text> */
  GHashTable *titles; /* of <title> */
  guint n_areas, n_pictures;
} Content;

static void
start_cb (GMarkupParseContext *context, const char *element, const char **names,
          const char **values, gpointer user_data, GError **error)
{
  Content *content = user_data;
  const GSList *stack = g_markup_parse_context_get_element_stack (context);

  content->n_pictures += g_str_equal (element, "image");
  content->n_areas += g_str_equal (element, "title") && stack->next != NULL &&
                      g_str_equal (stack->next->data, "path");
}

static void
text_cb (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data,
         GError **error)
{
  Content *content = user_data;
  const char *element = g_markup_parse_context_get_element (context);

  if (g_str_equal (element, "text"))
    g_hash_table_add (content->texts, g_strndup (text, length));
  else if (g_str_equal (element, "title") || g_str_equal (element, "desc"))
    g_hash_table_add (content->titles, g_strndup (text, length));
}

/* XML 1.0, 2.2: the characters that a document may have. */
static void
check_characters (const char *svg)
{
  g_assert_true (g_utf8_validate (svg, -1, NULL));
  for (; *svg != '\0'; svg = g_utf8_next_char (svg))
    {
      gunichar c = g_utf8_get_char (svg);

      if (c == '\n' || (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000)
        continue;
      g_error ("U+%04X is no character of XML", c);
    }
}

static void
read_svg (Content *content, const char *svg)
{
  static const GMarkupParser parser = { .start_element = start_cb, .text = text_cb };
  GMarkupParseContext *context;
  g_autoptr (GError) error = NULL;

  check_characters (svg);
  *content = (Content){ .texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                        .titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  context = g_markup_parse_context_new (&parser, 0, content, NULL);
  g_assert_true (g_markup_parse_context_parse (context, svg, -1, &error));
  g_assert_true (g_markup_parse_context_end_parse (context, &error));
  g_assert_no_error (error);
  g_markup_parse_context_free (context);
}

static void
content_clear (Content *content)
{
  g_clear_pointer (&content->texts, g_hash_table_unref);
  g_clear_pointer (&content->titles, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Content, content_clear)

static gboolean
has_piece (GHashTable *strings, const char *piece)
{
  GHashTableIter iter;
  gpointer string;

  g_hash_table_iter_init (&iter, strings);
  while (g_hash_table_iter_next (&iter, &string, NULL))
    if (strstr (string, piece) != NULL)
      return TRUE;
  return FALSE;
}

/* --- content ------------------------------------------------------------------------------- */

#define SMALL                                                                                      \
  "400000 200000 r-xp /usr/bin/known-program 512 f 1\n"                                            \
  "7f0000000000 400000 rw-p anon 300 r 2\n"                                                        \
  "7ffffff00000 21000 rw-p [stack] 3 r 1"

static void
test_content (void)
{
  g_autoptr (PscSpace) space = psc_test_space_new (SMALL);
  static const PscFigureOptions cases[] = {
    { .width = 1600 },
    { .width = 1600, .theme = PSC_THEME_DARK, .lens = PSC_LENS_KIND },
    { .width = 900, .height = 500 },
    { .width = 4000, .height = 3000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *svg = render_svg (space, &cases[i]);
      g_auto (Content) content = { NULL };

      read_svg (&content, svg);
      g_assert_true (g_str_has_suffix (svg, "</svg>\n"));
      g_assert_true (g_hash_table_contains (content.texts, "test"));
      g_assert_true (g_hash_table_contains (content.texts, "known-program"));
      g_assert_true (g_hash_table_contains (content.texts, "7f00 0000 0000"));
      g_assert_true (has_piece (content.texts, "unmapped"));
      g_assert_true (has_piece (content.texts, "Full row = 2 MiB"));
      g_assert_true (has_piece (content.texts, "host · Linux 0"));
      g_assert_true (g_hash_table_contains (content.titles, "Memory of test (process 42)"));
      g_assert_true (has_piece (content.titles, "0x400000–0x600000 r-xp\n2 MiB, 2 MiB resident"));
      g_assert_true (has_piece (content.titles, "/usr/bin/known-program"));
      g_assert_true (has_piece (content.titles,
                                "0x7f0000000000–0x7f0000400000 rw-p\n4 MiB, 600 KiB "
                                "resident (15 %)"));
      g_assert_cmpuint (content.n_areas, ==, 3);
      /* The pages, and the hatching of folds. */
      g_assert_cmpuint (content.n_pictures, >=, 1);
      g_assert_cmpuint (content.n_pictures, <=, 2);
      /* Nothing is an outline of a letter. */
      g_assert_null (strstr (svg, "<use"));
      g_assert_null (strstr (svg, "<symbol"));
    }
}

/* What does not fit is shortened, and tells all of itself. */
static void
test_shortened (void)
{
  g_autoptr (PscSpace) space = psc_test_space_new (
      "400000 200000 r-xp /usr/lib/a-library-with-a-name-that-is-longer-than-any-label-has-room-"
      "for-in-any-window-of-this-world.so.1 512 f 1");
  PscFigureOptions options = { .width = 800, .height = 400 };
  g_autofree char *svg = render_svg (space, &options);
  g_auto (Content) content = { NULL };

  read_svg (&content, svg);
  g_assert_true (has_piece (content.texts, "…"));
  g_assert_true (has_piece (content.titles, "-room-for-in-any-window-of-this-world.so.1"));
}

/* A part of it says so, and only what is in view can be pointed at. */
static void
test_part (void)
{
  g_autoptr (PscSpace) space = psc_test_space_new (SMALL);
  PscFigureOptions options = { .range_start = 0x400000, .range_end = 0x600000 };
  g_autofree char *svg = render_svg (space, &options);
  g_auto (Content) content = { NULL };

  read_svg (&content, svg);
  g_assert_true (has_piece (content.texts, "0x400000–0x600000 (2 MiB)"));
  g_assert_true (has_piece (content.titles, "Shown: 0x400000–0x600000"));
  g_assert_cmpuint (content.n_areas, ==, 1);
}

static const char *const hostile[] = {
  "/tmp/<script>alert('x')</script>",
  "/tmp/a&b;\"c'd",
  "/tmp/]]><!-- -->",
  "/tmp/\x01\x02\x1b[31m\x7f",
  "/tmp/\xff\xfe broken \xc3",
  "/tmp/\xed\xa0\x80 surrogate",
  "/tmp/\xef\xbf\xbe\xef\xbf\xbf no characters",
  "/tmp/\xe2\x80\xae txt.exe",
  "/tmp/line\nbreak\ttab\r",
  "/tmp/\xf0\x9f\x92\xbe wide",
  "",
  "/",
};

static PscSpace *
make_hostile (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);

  space->pid = 42;
  space->source = PSC_SOURCE_SCAN;
  space->name = psc_space_builder_intern (builder, "<b>&\"\x01\x1b\xef\xbf\xbf", -1);
  space->command = psc_space_builder_intern (builder, "]]>\n<x y='\"'>&amp;\x7f", -1);
  space->host = psc_space_builder_intern (builder, "ho<st>\xef\xbf\xbe", -1);
  space->kernel = psc_space_builder_intern (builder, "Li&nux", -1);
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      guint64 start = 0x10000000 + i * G_GUINT64_CONSTANT (0x400000);
      PscMapping mapping = { .start = start,
                             .end = start + 0x300000,
                             .flags = PSC_MAPPING_PAGES_KNOWN,
                             .perms = PSC_PERM_READ,
                             .kind = PSC_KIND_FILE,
                             .name = psc_space_builder_intern (builder, hostile[i], -1) };

      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
    }
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      guint64 start = 0x10000000 + i * G_GUINT64_CONSTANT (0x400000);

      g_assert_true (psc_space_builder_add_run (builder, start, start + 0x300000,
                                                PSC_PAGE_PRESENT | PSC_PAGE_FILE));
    }
  return psc_space_builder_freeze (builder);
}

static void
test_hostile_names (void)
{
  g_autoptr (PscSpace) space = make_hostile ();
  static const guint widths[] = { 200, 700, 1600 };

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    for (guint format = PSC_FIGURE_PNG; format <= PSC_FIGURE_PDF; format++)
      {
        PscFigureOptions options = { .width = widths[i], .height = 900 };
        g_auto (Content) content = { NULL };
        gsize length;
        g_autofree char *data = render (space, &options, format, &length);

        if (format != PSC_FIGURE_SVG)
          continue;
        read_svg (&content, data);
        g_assert_true (has_piece (content.titles, "<b>&\""));
        g_assert_true (has_piece (content.titles, "/tmp/<script>alert('x')</script>"));
        g_assert_true (has_piece (content.titles, "/tmp/\\xff\\xfe broken \\xc3"));
        g_assert_true (has_piece (content.titles, "/tmp/line\\nbreak\\ttab\\r"));
        g_assert_cmpuint (content.n_areas, ==, G_N_ELEMENTS (hostile));
      }
}

static void
test_escape (void)
{
  static const struct
  {
    const char *text, *expected;
  } cases[] = {
    { "", "" },
    { "plain", "plain" },
    { "a<b>&\"c\"", "a&lt;b&gt;&amp;&quot;c&quot;" },
    { "\x01 \x1f \x7f", "\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd" },
    { "two\nlines", "two\nlines" },
    { "\xff|\xc3", "\xef\xbf\xbd|\xef\xbf\xbd" },
    { "\xef\xbf\xbe\xef\xbf\xbf", "\xef\xbf\xbd\xef\xbf\xbd" },
    { "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
    { "ä€😀", "ä€😀" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);

      psc_svg_append_escaped (out, cases[i].text);
      g_assert_cmpstr (out->str, ==, cases[i].expected);
    }
}

static void
test_numbers (void)
{
  static const struct
  {
    double number;
    const char *expected;
  } cases[] = {
    { 0, "0" },           { 1, "1" },         { -1, "-1" },      { 0.5, "0.5" },
    { 0.05, "0.05" },     { 0.004, "0" },     { -0.004, "0" },   { 1.999, "2" },
    { -12.34, "-12.34" }, { 20000, "20000" }, { 99.996, "100" },
  };
  g_autoptr (GString) path = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);

      psc_svg_append_number (out, cases[i].number);
      g_assert_cmpstr (out->str, ==, cases[i].expected);
    }
  psc_svg_append_rectangle (path, 1.5, 2, 3, 4.25);
  g_assert_cmpstr (path->str, ==, "M1.5 2h3v4.25h-3z");
}

/* Whatever the chrome draws with, now or later. */
static void
test_drawing (void)
{
  static const double dashes[] = { 3, 1.5 };
  g_autoptr (PscSvg) svg = psc_svg_new (100, 100, NULL, NULL);
  cairo_t *cr = psc_svg_get_context (svg);
  cairo_pattern_t *gradient = cairo_pattern_create_linear (0, 0, 10, 0);
  const char *body;

  cairo_translate (cr, 10, 10);
  cairo_set_source_rgb (cr, 1, 0, 0);
  cairo_rectangle (cr, 0, 0, 5, 5);
  cairo_fill (cr);
  cairo_rectangle (cr, 10, 0, 5, 5);
  cairo_fill (cr);
  cairo_set_source_rgba (cr, 0, 0, 1, 0.5);
  cairo_rectangle (cr, 85, 0, 20, 5);
  cairo_rectangle (cr, 1, 1, 1, 1);
  cairo_save (cr);
  cairo_clip (cr);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_save (cr);
  cairo_rectangle (cr, 0, 20, 10, 10);
  cairo_clip (cr);
  cairo_rectangle (cr, 5, 25, 10, 10);
  cairo_fill (cr);
  cairo_arc (cr, 10, 25, 4, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_set_dash (cr, dashes, 2, 1);
  cairo_set_line_width (cr, 2);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, 0, 50);
  cairo_line_to (cr, 20, 60);
  cairo_stroke (cr);
  cairo_pattern_add_color_stop_rgb (gradient, 0, 1, 1, 1);
  cairo_pattern_add_color_stop_rgb (gradient, 1, 0, 0, 0);
  cairo_set_source (cr, gradient);
  cairo_pattern_destroy (gradient);
  cairo_rectangle (cr, 0, 70, 10, 10);
  cairo_fill (cr);
  body = psc_svg_get_body (svg)->str;
  g_assert_nonnull (strstr (body, "<path fill=\"#ff0000\" d=\"M10 10h5v5h-5zM20 10h5v5h-5z\"/>"));
  /* What shines through is one path where nothing overlaps. */
  g_assert_nonnull (strstr (body, "fill=\"#0000ff\" fill-opacity=\"0.5\" d=\"M11 10h89v5h-89z"
                                  "M15 35h5v5h-5z\"/>"));
  g_assert_nonnull (
      strstr (body, "<clipPath id=\"c1\"><path d=\"M10 30h10v10h-10z\"/></clipPath>"));
  g_assert_nonnull (strstr (body, " clip-path=\"url(#c1)\" d=\"M24 35c"));
  g_assert_nonnull (strstr (body, "stroke-width=\"2\" stroke-linecap=\"round\" "
                                  "stroke-dasharray=\"3 1.5\" stroke-dashoffset=\"1\" "
                                  "d=\"M10 60l20 10\"/>"));
  g_assert_nonnull (strstr (body, "<image class=\"p\" preserveAspectRatio=\"none\" x=\"10\" "
                                  "y=\"80\" width=\"10\" height=\"10\" xlink:href=\"data:image"));
  g_assert_cmpint (psc_svg_get_status (svg), ==, CAIRO_STATUS_SUCCESS);
}

/* --- sizes and sameness -------------------------------------------------------------------- */

typedef struct
{
  guint n_mappings;
  guint pages;      /* of each mapping */
  guint gap;        /* pages between two */
  gboolean touched; /* pages are touched at random; else not at all */
} Shape;

static PscSpace *
make_many (const Shape *shape)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);
  guint64 step = (guint64) (shape->pages + shape->gap) * PAGE;
  g_autoptr (GRand) rand = g_rand_new_with_seed (4711);

  space->pid = 42;
  space->source = PSC_SOURCE_SCAN;
  space->name = space->command = space->host = space->kernel =
      psc_space_builder_intern (builder, "many", -1);
  for (guint i = 0; i < shape->n_mappings; i++)
    {
      PscMapping mapping = { .start = 0x100000000 + i * step,
                             .end = 0x100000000 + i * step + shape->pages * (guint64) PAGE,
                             .flags = PSC_MAPPING_PAGES_KNOWN,
                             .perms = PSC_PERM_READ | i % 2 * PSC_PERM_WRITE,
                             .kind = i % 3 ? PSC_KIND_ANON : PSC_KIND_FILE };
      g_autofree char *name = g_strdup_printf ("/lib/%u.so", i % 1000);

      mapping.name = psc_space_builder_intern (builder, i % 3 ? "" : name, -1);
      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
    }
  for (guint i = 0; shape->touched && i < shape->n_mappings; i++)
    for (guint j = 0; j < shape->pages; j++)
      if (g_rand_boolean (rand))
        g_assert_true (psc_space_builder_add_run (
            builder, 0x100000000 + i * step + j * (guint64) PAGE,
            0x100000000 + i * step + (j + 1) * (guint64) PAGE,
            g_rand_boolean (rand) ? PSC_PAGE_PRESENT : PSC_PAGE_PRESENT | PSC_PAGE_FILE));
  return psc_space_builder_freeze (builder);
}

static void
test_sizes (void)
{
  static const struct
  {
    Shape shape;
    gsize most;
  } cases[] = {
    { { 65000, 1, 0, TRUE }, 2000000 },     { { 65000, 3, 1, TRUE }, 2000000 },
    { { 65000, 16, 0, TRUE }, 2000000 },    { { 65000, 2, 1 << 19, TRUE }, 2000000 },
    { { 65000, 1024, 1, FALSE }, 2000000 }, { { 2000, 1024, 1, FALSE }, 2000000 },
    { { 4500, 1024, 1, FALSE }, 2000000 },  { { 10000, 1024, 1, FALSE }, 2000000 },
    { { 1000000, 1, 0, TRUE }, 4000000 },   { { 1000000, 2, 1, TRUE }, 4000000 },
  };
  static const guint heights[] = { 0, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PscSpace) space = make_many (&cases[i].shape);

      /* A million take seconds: once is enough. */
      for (guint j = 0; j < (cases[i].shape.n_mappings < 100000 ? 2 : 1); j++)
        for (guint format = PSC_FIGURE_SVG; format <= PSC_FIGURE_PDF; format++)
          {
            PscFigureOptions options = { .height = heights[j] };
            gint64 began_usec = g_get_monotonic_time ();
            gsize length;
            char *data = render (space, &options, format, &length);

            g_free (data);
            g_test_message ("%u mappings of %u pages, height %u, %s: %" G_GSIZE_FORMAT
                            " bytes in %.0f ms",
                            cases[i].shape.n_mappings, cases[i].shape.pages, heights[j],
                            psc_figure_format_id (format), length,
                            (g_get_monotonic_time () - began_usec) / 1000.0);
            g_assert_cmpuint (length, <=, cases[i].most);
          }
    }
}

static void
test_same_twice (void)
{
  g_autoptr (PscSpace) space = psc_test_space_new (SMALL);
  static const PscFigureOptions options[] = {
    { .width = 1000 }, { .width = 1000, .theme = PSC_THEME_DARK, .lens = PSC_LENS_KIND }
  };

  space->time_usec = 1700000000 * (gint64) G_USEC_PER_SEC;
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    for (guint format = PSC_FIGURE_PNG; format <= PSC_FIGURE_PDF; format++)
      {
        gsize length, length_again;
        g_autofree char *data = render (space, &options[i], format, &length);
        g_autofree char *again = render (space, &options[i], format, &length_again);

        g_assert_cmpmem (data, length, again, length_again);
      }
}

/* --- areas --------------------------------------------------------------------------------- */

typedef struct
{
  const PscView *view;
  double px2;
} Sum;

static void
sum_rect (const PscRect *rect, gpointer user_data)
{
  Sum *sum = user_data;

  g_assert_cmpfloat (rect->x, >=, 0);
  g_assert_cmpfloat (rect->y, >=, 0);
  g_assert_cmpfloat (rect->width, >, 0);
  g_assert_cmpfloat (rect->height, >, 0);
  g_assert_cmpfloat (rect->x + rect->width, <=, sum->view->width + 1e-6);
  g_assert_cmpfloat (rect->y + rect->height, <=, sum->view->height + 1e-6);
  sum->px2 += rect->width * rect->height;
}

/* Every mapping is in exactly one area, and together they cover what the pages take. */
static void
test_areas (void)
{
  static const Shape shapes[] = {
    { 1, 100000, 0, TRUE }, { 500, 40, 0, TRUE }, { 3000, 7, 0, TRUE }, { 20000, 33, 0, TRUE }
  };
  static const guint most[] = { 1, 10, 400, 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    for (guint j = 0; j < 2 * G_N_ELEMENTS (most); j++)
      {
        PscLayoutOptions options = { .low_at_top = j % 2 };
        g_autoptr (PscSpace) space = make_many (&shapes[i]);
        g_autoptr (PscLayout) layout = psc_layout_new (space, &options);
        PscMap map = { .space = space, .layout = layout, .hover = PSC_MAP_NOWHERE };
        Sum sum = { &map.view, 0 };
        g_autoptr (GArray) areas = NULL;
        double page_px2;
        guint next = 0;

        psc_view_fit (&map.view, layout, 1200, 900);
        page_px2 = psc_view_page_width (&map.view, layout) * map.view.row_height;
        areas = psc_areas_new (&map, most[j / 2]);
        g_assert_cmpuint (areas->len, >=, 1);
        g_assert_cmpuint (areas->len, <=, most[j / 2]);
        for (guint k = 0; k < areas->len; k++)
          {
            const PscArea *area = &g_array_index (areas, PscArea, k);

            g_assert_cmpuint (area->first, ==, next);
            next = area->last + 1;
            g_assert_cmpuint (area->start, ==, space->mappings[area->first].start);
            g_assert_cmpuint (area->end, ==, space->mappings[area->last].end);
            psc_area_each_rect (area, &map, sum_rect, &sum);
          }
        g_assert_cmpuint (next, ==, space->n_mappings);
        g_assert_cmpfloat_with_epsilon (sum.px2 / (space->totals.size / PAGE * page_px2), 1, 0.001);
      }
}

/* --- files --------------------------------------------------------------------------------- */

/* A pipe stays a pipe, and a full device says so. */
static void
test_special_files (void)
{
  g_autofree char *dir = g_dir_make_tmp ("pagescape-figure-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "pipe", NULL);
  g_autoptr (GError) error = NULL;
  GStatBuf about;
  char read_back[16];
  int fd;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  fd = g_open (path, O_RDWR, 0);
  g_assert_cmpint (fd, >=, 0);
  g_assert_true (psc_figure_write_file (path, "written", 7, &error));
  g_assert_no_error (error);
  g_assert_cmpint (read (fd, read_back, sizeof read_back), ==, 7);
  g_assert_cmpint (g_stat (path, &about), ==, 0);
  g_assert_true (S_ISFIFO (about.st_mode));
  g_close (fd, NULL);
  g_unlink (path);
  g_rmdir (dir);
  if (g_stat ("/dev/full", &about) != 0 || !S_ISCHR (about.st_mode))
    return;
  g_assert_false (psc_figure_write_file ("/dev/full", "written", 7, &error));
  g_assert_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_WRITE);
  g_assert_nonnull (strstr (error->message, "/dev/full"));
  g_assert_cmpint (g_stat ("/dev/full", &about), ==, 0);
  g_assert_true (S_ISCHR (about.st_mode));
}

static void
test_scale (void)
{
  g_autoptr (PscSpace) space = psc_test_space_new (SMALL);
  static const struct
  {
    guint width, height, scale;
    gboolean works;
  } cases[] = {
    { 400, 300, 0, TRUE },    { 400, 300, 1, TRUE },   { 400, 300, 3, TRUE },
    { 400, 300, 5, FALSE },   { 10000, 300, 2, TRUE }, { 10001, 300, 2, FALSE },
    { 300, 10001, 2, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PscFigureOptions options = { .width = cases[i].width,
                                   .height = cases[i].height,
                                   .scale = cases[i].scale };
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = psc_figure_render (space, &options, PSC_FIGURE_PNG, &error);
      const guint8 *data;

      if (!cases[i].works)
        {
          g_assert_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_SIZE);
          continue;
        }
      data = g_bytes_get_data (bytes, NULL);
      g_assert_cmpuint (data[18] << 8 | data[19], ==, cases[i].width * MAX (cases[i].scale, 1));
      g_assert_cmpuint (data[22] << 8 | data[23], ==, cases[i].height * MAX (cases[i].scale, 1));
    }
}

/* --- pictures ------------------------------------------------------------------------------ */

typedef struct
{
  const guint8 *data;
  gsize left;
} Reader;

static cairo_status_t
read_cb (void *closure, unsigned char *data, unsigned int length)
{
  Reader *reader = closure;

  g_assert_cmpuint (length, <=, reader->left);
  memcpy (data, reader->data, length);
  reader->data += length;
  reader->left -= length;
  return CAIRO_STATUS_SUCCESS;
}

static guint32
get_pixel (cairo_surface_t *surface, guint x, guint y)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);

  return ((const guint32 *) (const void *) (data + y * stride))[x] & 0xffffff;
}

/* Another reader (libpng, which checks every sum) sees the same pixels, with a palette and without.
 */
static void
check_png (guint width, guint height, guint n_colors)
{
  const PscPngText text = { "Title", "Grüße & <b>" };
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  guint8 *data = cairo_image_surface_get_data (surface);
  g_autoptr (GByteArray) png = g_byte_array_new ();
  cairo_surface_t *read_back;
  Reader reader;

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      ((guint32 *) (void *) (data + y * stride))[x] =
          0xff000000u | (x + y / 3 * width) % n_colors * 0x010307u;
  cairo_surface_mark_dirty (surface);
  psc_png_append (png, surface, &text, 1);
  g_assert_nonnull (memmem (png->data, png->len, "iTXtTitle", 9));
  g_assert_nonnull (memmem (png->data, png->len, text.text, strlen (text.text)));
  reader = (Reader){ png->data, png->len };
  read_back = cairo_image_surface_create_from_png_stream (read_cb, &reader);
  g_assert_cmpint (cairo_surface_status (read_back), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpuint (reader.left, ==, 0);
  g_assert_cmpint (cairo_image_surface_get_width (read_back), ==, (int) width);
  g_assert_cmpint (cairo_image_surface_get_height (read_back), ==, (int) height);
  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      g_assert_cmphex (get_pixel (read_back, x, y), ==, get_pixel (surface, x, y));
  cairo_surface_destroy (read_back);
  cairo_surface_destroy (surface);
}

static void
test_png (void)
{
  static const guint cases[][3] = { { 1, 1, 1 },        { 7, 5, 2 },      { 100, 60, 256 },
                                    { 100, 60, 257 },   { 333, 7, 5000 }, { 3000, 200, 3 },
                                    { 500, 900, 90000 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_png (cases[i][0], cases[i][1], cases[i][2]);
}

/* Nearly every map is embedded twice as fine as the page; noise is not, but its mean stays. */
static void
test_picture (void)
{
  static const Shape shapes[] = { { 300, 200, 5, FALSE }, { 65000, 16, 0, TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      double scale = i == 0 ? 2 : 1;
      g_autoptr (PscSpace) space = make_many (&shapes[i]);
      g_autoptr (PscLayout) layout = psc_layout_new (space, NULL);
      PscMap map = { .space = space, .layout = layout, .hover = PSC_MAP_NOWHERE };
      PscRasterJob job = { .space = space, .layout = layout, .scale = scale };
      cairo_surface_t *picture, *exact;
      double sum = 0, sum_exact = 0;

      psc_view_fit (&map.view, layout, 1200, 2000);
      job.view = map.view;
      picture = psc_figure_picture_new (&map);
      exact = psc_raster_new_surface (&job);
      g_assert_cmpint (cairo_image_surface_get_width (picture), ==, (int) (1200 * scale));
      for (guint y = 0; y < 2000; y++)
        for (guint x = 0; x < 1200; x++)
          {
            sum += get_pixel (picture, x, y) >> 8 & 0xff;
            sum_exact += get_pixel (exact, x, y) >> 8 & 0xff;
          }
      g_assert_cmpfloat_with_epsilon (sum / sum_exact, 1, i == 0 ? 1e-9 : 0.02);
      cairo_surface_destroy (picture);
      cairo_surface_destroy (exact);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/figure-svg/content", test_content);
  g_test_add_func ("/figure-svg/shortened", test_shortened);
  g_test_add_func ("/figure-svg/part", test_part);
  g_test_add_func ("/figure-svg/hostile-names", test_hostile_names);
  g_test_add_func ("/figure-svg/escape", test_escape);
  g_test_add_func ("/figure-svg/numbers", test_numbers);
  g_test_add_func ("/figure-svg/drawing", test_drawing);
  g_test_add_func ("/figure-svg/sizes", test_sizes);
  g_test_add_func ("/figure-svg/same-twice", test_same_twice);
  g_test_add_func ("/figure-svg/areas", test_areas);
  g_test_add_func ("/figure-svg/special-files", test_special_files);
  g_test_add_func ("/figure-svg/scale", test_scale);
  g_test_add_func ("/figure-svg/png", test_png);
  g_test_add_func ("/figure-svg/picture", test_picture);
  return g_test_run ();
}
