/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lenses on page frames. What is mapped by an upper-level table entry is one folio and contiguous,
 * which needs no frame numbers to be known. */

#include "psc-lens-private.h"

#include <glib/gi18n.h>

#include "psc-frame-traits.h"

#define ONE_FOLIO N_ ("In a folio of this size, which the kernel keeps as one")

/* A sequence: small is dark and blue, large is bright and yellow; the other way in light themes. */
static const PscLensEntry orders[PSC_N_FOLIOS] = {
  [PSC_FOLIO_4K] = { "4k",
                     N_ ("4 KiB"),
                     N_ ("A page by itself"),
                     { 0xd3b266, 0x5f3c77, 0xb88e1f, 0x5f5190 } },
  [PSC_FOLIO_8K] = { "8k",
                     N_ ("8 KiB"),
                     ONE_FOLIO,
                     { 0x8ab414, 0x5647a4, 0x868956, 0x5f55c9 },
                     PSC_PATTERN_DIAGONAL_DOWN },
  [PSC_FOLIO_16K] = { "16k",
                      N_ ("16 KiB"),
                      ONE_FOLIO,
                      { 0x37ab7a, 0x244de0, 0x52812f, 0x6673d7 },
                      PSC_PATTERN_DOTS },
  [PSC_FOLIO_32K] = { "32k",
                      N_ ("32 KiB"),
                      ONE_FOLIO,
                      { 0x5c9c52, 0x4075a6, 0x5c724c, 0x518bb8 },
                      PSC_PATTERN_DASHES },
  [PSC_FOLIO_64K] = { "64k",
                      N_ ("64 KiB"),
                      ONE_FOLIO,
                      { 0x67867e, 0x638a98, 0x006b62, 0x759eaf },
                      PSC_PATTERN_HORIZONTAL },
  [PSC_FOLIO_128K] = { "128k",
                       N_ ("128 KiB"),
                       ONE_FOLIO,
                       { 0x3a7c93, 0x449d8f, 0x0b5396, 0x58b2a5 },
                       PSC_PATTERN_VERTICAL },
  [PSC_FOLIO_256K] = { "256k",
                       N_ ("256 KiB"),
                       ONE_FOLIO,
                       { 0x3d638f, 0x3ebb8a, 0x38476a, 0x23d382 },
                       PSC_PATTERN_DIAGONAL_UP },
  [PSC_FOLIO_512K] = { "512k",
                       N_ ("512 KiB"),
                       ONE_FOLIO,
                       { 0x45469a, 0x7ec46e, 0x222487, 0x94ddad },
                       PSC_PATTERN_CROSS },
  [PSC_FOLIO_1M] = { "1m",
                     N_ ("1 MiB"),
                     ONE_FOLIO,
                     { 0x422578, 0xb3cf4b, 0x2f1d54, 0xc4e957 },
                     PSC_PATTERN_GRID },
  [PSC_FOLIO_2M] = { "2m",
                     N_ ("2 MiB or more"),
                     N_ ("In a folio as large as a huge page, mapped as one or not"),
                     { 0x410e4b, 0xffe948, 0x2b002f, 0xfffa93 } },
  [PSC_FOLIO_ABSENT] = { "absent",
                         N_ ("Not in RAM"),
                         N_ ("Not touched, swapped out, the zero page, or special"),
                         { 0xdce1e7, 0x2c333d, 0xc6ccd4, 0x333d49 },
                         PSC_PATTERN_NONE,
                         TRUE },
  [PSC_FOLIO_UNKNOWN] = { "unknown",
                          N_ ("Unknown"),
                          N_ ("The kernel shows page frames to administrators only"),
                          { 0xc2b8da, 0x736773, 0xb6a9ca, 0x64586b },
                          PSC_PATTERN_CHECKER },
};

static const PscLensEntry stretches[PSC_N_STRETCHES] = {
  [PSC_STRETCH_PAGE] = { "page",
                         N_ ("Single pages"),
                         N_ ("The next page lies elsewhere in physical memory"),
                         { 0xd14b02, 0xef7339, 0xbb4300, 0xee743c } },
  [PSC_STRETCH_SMALL] = { "small",
                          N_ ("Below 64 KiB"),
                          N_ ("In a short stretch of neighbouring frames"),
                          { 0xeda100, 0xffc430, 0xc88800, 0xffc32e },
                          PSC_PATTERN_DOTS },
  [PSC_STRETCH_MIDDLE] = { "middle",
                           N_ ("64 KiB to 2 MiB"),
                           N_ ("In a stretch of neighbouring frames, shorter than a huge page"),
                           { 0x16a277, 0x1dc495, 0x07a379, 0x0ac293 },
                           PSC_PATTERN_DIAGONAL_UP },
  [PSC_STRETCH_LARGE] = { "large",
                          N_ ("2 MiB or more"),
                          N_ ("In a stretch of neighbouring frames as long as a huge page"),
                          { 0x1d70b8, 0x3a8bd8, 0x0570bf, 0x2e89e0 },
                          PSC_PATTERN_GRID },
  [PSC_STRETCH_ABSENT] = { "absent",
                           N_ ("Not in RAM"),
                           N_ ("Not touched, swapped out, the zero page, or special"),
                           { 0xe1e7ec, 0x2c333d, 0xd2d7db, 0x363c44 },
                           PSC_PATTERN_NONE,
                           TRUE },
  [PSC_STRETCH_UNKNOWN] = { "unknown",
                            N_ ("Unknown"),
                            N_ ("The kernel shows page frames to administrators only"),
                            { 0xc1b3d8, 0x5e4e75, 0xb7a7cc, 0x61517c },
                            PSC_PATTERN_CHECKER },
};

static gboolean
is_absent (PscPageClass klass)
{
  return klass == PSC_CLASS_ABSENT || klass == PSC_CLASS_SWAPPED || klass == PSC_CLASS_ZERO ||
         klass == PSC_CLASS_GUARD || klass == PSC_CLASS_SPECIAL;
}

static guint
order_of (const PscMapping *mapping, PscPageClass klass)
{
  if (is_absent (klass))
    return PSC_FOLIO_ABSENT;
  if (klass == PSC_CLASS_HUGE)
    return PSC_FOLIO_2M;
  if (klass == PSC_CLASS_HUGETLB)
    return psc_folio_class (G_GUINT64_CONSTANT (1) << mapping->page_shift);
  return PSC_FOLIO_UNKNOWN;
}

static guint
stretch_of (const PscMapping *mapping, PscPageClass klass)
{
  if (is_absent (klass))
    return PSC_STRETCH_ABSENT;
  if (klass == PSC_CLASS_HUGE)
    return PSC_STRETCH_LARGE;
  /* Smaller ones may have their neighbours beside them. */
  if (klass == PSC_CLASS_HUGETLB && mapping->page_shift >= 21)
    return PSC_STRETCH_LARGE;
  return PSC_STRETCH_UNKNOWN;
}

const PscLensType psc_lens_order = {
  .id = "order",
  .title = N_ ("Folio size"),
  .name = N_ ("Folio size"),
  .needs = PSC_LENS_NEEDS_FRAMES,
  .entries = orders,
  .n_entries = PSC_N_FOLIOS,
  .unknown_entry = PSC_FOLIO_UNKNOWN,
  .entry_of = order_of,
};

const PscLensType psc_lens_contiguity = {
  .id = "contiguity",
  .title = N_ ("Physical contiguity"),
  .name = N_ ("Contiguity"),
  .needs = PSC_LENS_NEEDS_FRAMES,
  .entries = stretches,
  .n_entries = PSC_N_STRETCHES,
  .unknown_entry = PSC_STRETCH_UNKNOWN,
  .entry_of = stretch_of,
};
