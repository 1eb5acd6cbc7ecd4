/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-overview.h"

#include <math.h>

/* Shares of the strip. */
#define HOLE_SHARE   0.05
#define KERNEL_SHARE 0.13
/* Up to here from either end of the user half the scale is linear, beyond it logarithmic: as much
 * as a small program takes. */
#define UNIT_BITS 22

static guint64
user_size (const PscOverview *overview)
{
  return G_GUINT64_CONSTANT (1) << overview->user_bits;
}

/* Share of the strip from its low end up to where a part begins. */
static double
part_from (const PscOverview *overview, PscOverviewPart part)
{
  double hole = overview->user_bits < 63 ? HOLE_SHARE : 0;

  if (part == PSC_OVERVIEW_USER)
    return 0;
  if (part == PSC_OVERVIEW_HOLE)
    return 1 - KERNEL_SHARE - hole;
  return part == PSC_OVERVIEW_KERNEL ? 1 - KERNEL_SHARE : 1;
}

static void
part_addresses (const PscOverview *overview, PscOverviewPart part, guint64 *start, guint64 *last)
{
  guint64 size = user_size (overview);

  *start = part == PSC_OVERVIEW_USER ? 0 : part == PSC_OVERVIEW_HOLE ? size : -size;
  *last = part == PSC_OVERVIEW_USER ? size - 1 :
          part == PSC_OVERVIEW_HOLE ? -size - 1 :
                                      G_MAXUINT64;
}

PscOverviewPart
psc_overview_part_of (const PscOverview *overview, guint64 address)
{
  guint64 size = user_size (overview);

  if (address < size)
    return PSC_OVERVIEW_USER;
  return address < -size ? PSC_OVERVIEW_HOLE : PSC_OVERVIEW_KERNEL;
}

gboolean
psc_overview_part (const PscOverview *overview, PscOverviewPart part, double *top, double *bottom,
                   guint64 *start, guint64 *last)
{
  double from = part_from (overview, part);
  double to = part_from (overview, part + 1);

  *top = (overview->low_at_top ? from : 1 - to) * overview->height;
  *bottom = (overview->low_at_top ? to : 1 - from) * overview->height;
  part_addresses (overview, part, start, last);
  return part != PSC_OVERVIEW_HOLE || overview->user_bits < 63;
}

/* Distance from an end of the user half to a share of half of it. */
static double
scale (const PscOverview *overview, double distance)
{
  return log1p (ldexp (distance, -UNIT_BITS)) /
         log1p (ldexp (1, (int) overview->user_bits - 1 - UNIT_BITS));
}

static double
unscale (const PscOverview *overview, double share)
{
  return ldexp (expm1 (share * log1p (ldexp (1, (int) overview->user_bits - 1 - UNIT_BITS))),
                UNIT_BITS);
}

/* Share of its part, from its low end. */
static double
share_of (const PscOverview *overview, PscOverviewPart part, guint64 address)
{
  guint64 size = user_size (overview);
  guint64 start, last;

  part_addresses (overview, part, &start, &last);
  if (part != PSC_OVERVIEW_USER)
    return (double) (address - start) / ((double) (last - start) + 1);
  if (address < size / 2)
    return scale (overview, (double) address) / 2;
  return 1 - scale (overview, (double) (size - address)) / 2;
}

static guint64
address_of (const PscOverview *overview, PscOverviewPart part, double share)
{
  guint64 size = user_size (overview);
  guint64 start, last;
  double distance;

  part_addresses (overview, part, &start, &last);
  if (part != PSC_OVERVIEW_USER)
    {
      distance = ceil (share * ((double) (last - start) + 1));
      return distance < (double) (last - start) ? start + (guint64) distance : last;
    }
  if (share < 0.5)
    return MIN ((guint64) ceil (unscale (overview, 2 * share)), size / 2);
  distance = floor (unscale (overview, 2 * (1 - share)));
  return distance < 1 ? size - 1 : size - MIN ((guint64) distance, size / 2);
}

double
psc_overview_y (const PscOverview *overview, guint64 address)
{
  PscOverviewPart part = psc_overview_part_of (overview, address);
  double from = part_from (overview, part);
  double to = part_from (overview, part + 1);
  double share = from + share_of (overview, part, address) * (to - from);

  share = CLAMP (share, from, to);
  return (overview->low_at_top ? share : 1 - share) * overview->height;
}

guint64
psc_overview_address (const PscOverview *overview, double y)
{
  double share = overview->height > 0 ? CLAMP (y / overview->height, 0, 1) : 0;
  PscOverviewPart part = PSC_OVERVIEW_USER;

  if (!overview->low_at_top)
    share = 1 - share;
  while (part < PSC_OVERVIEW_KERNEL && share >= part_from (overview, part + 1))
    part++;
  return address_of (overview, part,
                     (share - part_from (overview, part)) /
                         (part_from (overview, part + 1) - part_from (overview, part)));
}
