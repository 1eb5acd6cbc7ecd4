/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-frame-traits.h"

#define KIB(n) (G_GUINT64_CONSTANT (n) << 10)

PscFolioClass
psc_folio_class (guint64 size)
{
  guint class = PSC_FOLIO_4K;

  while (class < PSC_FOLIO_2M && size >= KIB (8) << class)
    class ++;
  return class;
}

PscStretchClass
psc_stretch_class (guint64 size, gsize page_size)
{
  if (size <= page_size)
    return PSC_STRETCH_PAGE;
  if (size < KIB (64))
    return PSC_STRETCH_SMALL;
  return size < KIB (2048) ? PSC_STRETCH_MIDDLE : PSC_STRETCH_LARGE;
}

/* include/uapi/linux/kernel-page-flags.h */
#define REFERENCED  (G_GUINT64_CONSTANT (1) << 2)
#define ACTIVE      (G_GUINT64_CONSTANT (1) << 6)
#define UNEVICTABLE (G_GUINT64_CONSTANT (1) << 18)

PscActivity
psc_activity (guint64 flags)
{
  return (flags & (REFERENCED | ACTIVE | UNEVICTABLE)) != 0 ? PSC_ACTIVITY_USED :
                                                              PSC_ACTIVITY_UNUSED;
}

static guint
class_of_folio (const PscFramedPage *page)
{
  return psc_folio_class (page->folio_size);
}

static guint
class_of_flags (const PscFramedPage *page)
{
  return psc_activity (page->flags);
}

/* Of pages whose flags were read. */
static PscTraits *
new_of_flags (const PscFramedPage *pages, gsize n_pages, gsize page_size, guint64 start,
              guint64 end, guint (*value_of) (const PscFramedPage *))
{
  GArray *traits = g_array_new (FALSE, FALSE, sizeof (PscTrait));

  for (gsize i = 0; i < n_pages; i++)
    {
      const PscFramedPage *page = &pages[i];

      if (page->address >= start && page->address < end && page->folio_size > 0)
        psc_traits_append (traits, page_size, page->address, page->address + page_size,
                           (guint16) value_of (page));
    }
  return psc_traits_new (page_size, traits);
}

PscTraits *
psc_frame_traits_new_order (const PscFramedPage *pages, gsize n_pages, gsize page_size,
                            guint64 start, guint64 end)
{
  return new_of_flags (pages, n_pages, page_size, start, end, class_of_folio);
}

PscTraits *
psc_frame_traits_new_activity (const PscFramedPage *pages, gsize n_pages, gsize page_size,
                               guint64 start, guint64 end)
{
  return new_of_flags (pages, n_pages, page_size, start, end, class_of_flags);
}

/* How many pages from the first on lie in neighbouring frames. */
static gsize
stretch_length (const PscFramedPage *pages, gsize n_pages, gsize page_size)
{
  gsize n = 1;

  while (n < n_pages && pages[n].address == pages[0].address + n * page_size &&
         pages[n].frame == pages[0].frame + n)
    n++;
  return n;
}

PscTraits *
psc_frame_traits_new_contiguity (const PscFramedPage *pages, gsize n_pages, gsize page_size,
                                 guint64 start, guint64 end)
{
  GArray *traits = g_array_new (FALSE, FALSE, sizeof (PscTrait));

  for (gsize i = 0, n; i < n_pages; i += n)
    {
      guint64 from = MAX (pages[i].address, start);
      guint64 to;

      n = stretch_length (&pages[i], n_pages - i, page_size);
      to = MIN (pages[i].address + n * page_size, end);
      if (from < to)
        psc_traits_append (traits, page_size, from, to,
                           (guint16) psc_stretch_class (n * page_size, page_size));
    }
  return psc_traits_new (page_size, traits);
}
