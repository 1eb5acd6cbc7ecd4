/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Frames as traits, by tables: classes of sizes, and stretches of neighbours. */

#include "psc-frame-traits.h"

#define PAGE  4096u
#define KIB   G_GUINT64_CONSTANT (1024)
#define START 0x100u /* page number of the first page in the tables */

static void
test_classes (void)
{
  static const struct
  {
    guint64 size;
    PscFolioClass class;
  } folios[] = {
    { 4 * KIB, PSC_FOLIO_4K },     { 8 * KIB, PSC_FOLIO_8K },     { 16 * KIB, PSC_FOLIO_16K },
    { 32 * KIB, PSC_FOLIO_32K },   { 64 * KIB, PSC_FOLIO_64K },   { 128 * KIB, PSC_FOLIO_128K },
    { 256 * KIB, PSC_FOLIO_256K }, { 512 * KIB, PSC_FOLIO_512K }, { 1024 * KIB, PSC_FOLIO_1M },
    { 2048 * KIB, PSC_FOLIO_2M },  { 4096 * KIB, PSC_FOLIO_2M },  { KIB * KIB * KIB, PSC_FOLIO_2M },
    { G_MAXUINT64, PSC_FOLIO_2M },
  };
  static const struct
  {
    guint64 size;
    gsize page_size;
    PscStretchClass class;
  } stretches[] = {
    { 4 * KIB, 4096, PSC_STRETCH_PAGE },      { 8 * KIB, 4096, PSC_STRETCH_SMALL },
    { 60 * KIB, 4096, PSC_STRETCH_SMALL },    { 64 * KIB, 4096, PSC_STRETCH_MIDDLE },
    { 2044 * KIB, 4096, PSC_STRETCH_MIDDLE }, { 2048 * KIB, 4096, PSC_STRETCH_LARGE },
    { 64 * KIB, 65536, PSC_STRETCH_PAGE },    { 128 * KIB, 65536, PSC_STRETCH_MIDDLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (folios); i++)
    g_assert_cmpuint (psc_folio_class (folios[i].size), ==, folios[i].class);
  for (guint i = 0; i < G_N_ELEMENTS (stretches); i++)
    g_assert_cmpuint (psc_stretch_class (stretches[i].size, stretches[i].page_size), ==,
                      stretches[i].class);
}

/* Pages from START on, in stretches: so many pages, the first of them so many pages after the one
 * before, on frames from here on, in folios of so many KiB (0: not known). */
typedef struct
{
  guint n_pages, gap;
  guint64 frame;
  guint folio_kib;
} Stretch;

static GArray *
pages_new (const Stretch *stretches)
{
  GArray *pages = g_array_new (FALSE, FALSE, sizeof (PscFramedPage));
  guint64 address = START * PAGE;

  for (; stretches->n_pages > 0; stretches++)
    {
      address += (guint64) stretches->gap * PAGE;
      for (guint i = 0; i < stretches->n_pages; i++, address += PAGE)
        {
          PscFramedPage page = { address, stretches->frame + i, stretches->folio_kib * KIB, 0 };

          g_array_append_val (pages, page);
        }
    }
  return pages;
}

/* "0+3=2 8+1=0": page, number of pages, value. */
static char *
describe (const PscTraits *traits)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < traits->n_traits; i++)
    g_string_append_printf (text, "%s%d+%u=%u", i > 0 ? " " : "",
                            (int) (traits->traits[i].start / PAGE) - (int) START,
                            traits->traits[i].n_pages, traits->traits[i].value);
  return g_string_free (text, FALSE);
}

typedef struct
{
  const char *name;
  Stretch stretches[5];
  guint start, end; /* pages; end 0: all */
  const char *order, *contiguity;
} Case;

static const Case cases[] = {
  { "none", { { 0 } }, 0, 0, "", "" },
  { "one", { { 1, 0, 77, 4 } }, 0, 0, "0+1=0", "0+1=0" },
  { "neighbours", { { 3, 0, 77, 4 } }, 0, 0, "0+3=0", "0+3=1" },
  { "backwards", { { 1, 0, 78, 4 }, { 1, 0, 77, 4 } }, 0, 0, "0+2=0", "0+2=0" },
  { "hole-in-addresses", { { 2, 0, 77, 4 }, { 2, 1, 79, 4 } }, 0, 0, "0+2=0 3+2=0", "0+2=1 3+2=1" },
  { "hole-in-frames", { { 2, 0, 77, 4 }, { 1, 0, 80, 4 } }, 0, 0, "0+3=0", "0+2=1 2+1=0" },
  { "folios", { { 16, 0, 64, 64 }, { 4, 0, 16, 16 } }, 0, 0, "0+16=4 16+4=2", "0+16=2 16+4=1" },
  { "folio-not-known", { { 2, 0, 64, 0 } }, 0, 0, "", "0+2=1" },
  { "huge", { { 512, 0, 512, 2048 } }, 0, 0, "0+512=9", "0+512=3" },
  { "cut", { { 512, 0, 512, 2048 } }, 10, 12, "10+2=9", "10+2=3" },
  { "beside", { { 2, 0, 77, 4 }, { 2, 4, 99, 4 } }, 2, 6, "", "" },
  { "reaching-in", { { 20, 0, 77, 4 } }, 18, 30, "18+2=0", "18+2=2" },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GArray) pages = pages_new (c->stretches);
  const PscFramedPage *first = (const PscFramedPage *) (const void *) pages->data;
  guint64 start = (START + (guint64) c->start) * PAGE;
  guint64 end = c->end > 0 ? (START + (guint64) c->end) * PAGE : G_MAXUINT64;
  g_autoptr (PscTraits) order = psc_frame_traits_new_order (first, pages->len, PAGE, start, end);
  g_autoptr (PscTraits) contiguity =
      psc_frame_traits_new_contiguity (first, pages->len, PAGE, start, end);
  g_autofree char *order_text = describe (order);
  g_autofree char *contiguity_text = describe (contiguity);

  g_assert_cmpstr (order_text, ==, c->order);
  g_assert_cmpstr (contiguity_text, ==, c->contiguity);
}

static void
test_joined (void)
{
  static const Stretch low[] = { { 2, 0, 77, 4 }, { 0 } };
  static const Stretch high[] = { { 1, 8, 99, 16 }, { 0 } };
  g_autoptr (GArray) low_pages = pages_new (low);
  g_autoptr (GArray) high_pages = pages_new (high);
  g_autoptr (PscTraits) a = psc_frame_traits_new_order (
      (const PscFramedPage *) (const void *) low_pages->data, 2, PAGE, 0, G_MAXUINT64);
  g_autoptr (PscTraits) b = psc_frame_traits_new_order (
      (const PscFramedPage *) (const void *) high_pages->data, 1, PAGE, 0, G_MAXUINT64);
  g_autoptr (PscTraits) both = psc_traits_new_joined (a, b);
  g_autoptr (PscTraits) alone = psc_traits_new_joined (NULL, b);
  g_autofree char *text = describe (both);
  g_autofree char *alone_text = describe (alone);

  g_assert_cmpstr (text, ==, "0+2=0 8+1=2");
  g_assert_cmpstr (alone_text, ==, "8+1=2");
  g_assert_null (psc_traits_new_joined (NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frame-traits/classes", test_classes);
  g_test_add_func ("/frame-traits/joined", test_joined);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/frame-traits/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
