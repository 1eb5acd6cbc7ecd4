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
