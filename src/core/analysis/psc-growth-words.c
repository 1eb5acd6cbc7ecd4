/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-growth.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "psc-format.h"

static const char *const ids[PSC_N_GROWTHS] = {
  [PSC_GROWTH_TOO_SHORT] = "too_short",   [PSC_GROWTH_FLAT] = "flat",
  [PSC_GROWTH_WARMING_UP] = "warming_up", [PSC_GROWTH_GROWING] = "growing",
  [PSC_GROWTH_SAWTOOTH] = "sawtooth",     [PSC_GROWTH_SHRINKING] = "shrinking",
};

const char *
psc_growth_shape_id (PscGrowthShape shape)
{
  g_return_val_if_fail (shape < PSC_N_GROWTHS, "");

  return ids[shape];
}

char *
psc_growth_format_count (double count)
{
  double unit;

  /* From here on %g would write powers of ten. */
  if (fabs (count) < 999.5)
    return g_strdup_printf ("%.3g", count);
  unit = pow (10, floor (log10 (fabs (count))) - 2);
  return g_strdup_printf ("%.0f", round (count / unit) * unit);
}

char *
psc_growth_format_rate (double bytes_per_min)
{
  double amount = fabs (bytes_per_min);
  const char *sign = bytes_per_min < 0 ? "−" : "";
  g_autofree char *size = NULL;

  /* What is below a KiB a minute or above a GiB a minute is easier to grasp in another time. */
  if (amount > 0 && amount < 1024)
    {
      size = psc_format_size ((guint64) (amount * 60 + 0.5));
      return g_strdup_printf (_ ("%s%s/h"), sign, size);
    }
  if (amount >= 1024.0 * 1024 * 1024)
    {
      size = psc_format_size ((guint64) MIN (amount / 60 + 0.5, 1e18));
      return g_strdup_printf (_ ("%s%s/s"), sign, size);
    }
  size = psc_format_size ((guint64) (amount + 0.5));
  return g_strdup_printf (_ ("%s%s/min"), sign, size);
}

char *
psc_growth_format_span (gint64 usec)
{
  gulong seconds = (gulong) ((MAX (usec, 0) + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC);

  if (seconds < 120)
    return g_strdup_printf (_ ("%lu s"), seconds);
  if (seconds < 120 * 60)
    return g_strdup_printf (_ ("%lu min"), (seconds + 30) / 60);
  if (seconds < 48 * 3600)
    return g_strdup_printf (_ ("%lu h"), (seconds + 1800) / 3600);
  return g_strdup_printf (ngettext ("%lu day", "%lu days", (seconds + 43200) / 86400),
                          (seconds + 43200) / 86400);
}

/* "2-18 MiB": one unit when both have the same. */
static char *
dup_range (guint64 low, guint64 high)
{
  g_autofree char *first = psc_format_size (low), *last = psc_format_size (high);
  const char *first_unit = strchr (first, ' '), *last_unit = strchr (last, ' ');

  if (first_unit != NULL && g_strcmp0 (first_unit, last_unit) == 0)
    return g_strdup_printf ("%.*s–%s", (int) (first_unit - first), first, last);
  return g_strdup_printf ("%s–%s", first, last);
}

static char *
dup_cycles (const PscTrend *trend)
{
  g_autofree char *range = dup_range (trend->low_bytes, trend->high_bytes);
  g_autofree char *period = psc_growth_format_span (trend->period_usec);

  return g_strdup_printf (_ ("sawtooth: %s every %s"), range, period);
}

static char *
dup_too_short (const PscTrend *trend)
{
  g_autofree char *change = psc_format_size_delta (trend->bytes_grown);
  g_autofree char *span = psc_growth_format_span (trend->until_usec - trend->since_usec);
  g_autofree char *needs = psc_growth_format_span (trend->needs_usec);

  return g_strdup_printf (_ ("%s in %s, too short to tell: needs %s more"), change, span, needs);
}

static char *
dup_steady (const PscTrend *trend)
{
  g_autofree char *rate = psc_growth_format_rate (fabs (trend->bytes_per_min));
  g_autofree char *span = psc_growth_format_span (trend->until_usec - trend->since_usec);
  g_autofree char *steady = NULL;
  g_autofree char *cycles = NULL;

  /* Translators: a rate and a time, "3.1 MiB/min for 12 min" */
  steady = trend->shape == PSC_GROWTH_GROWING ?
               g_strdup_printf (_ ("growing steadily, %s for %s"), rate, span) :
               g_strdup_printf (_ ("shrinking, %s for %s"), rate, span);
  if (!trend->has_cycles)
    return g_steal_pointer (&steady);
  cycles = dup_cycles (trend);
  return g_strdup_printf (_ ("%s (%s)"), steady, cycles);
}

static char *
dup_warm_up (const PscTrend *trend)
{
  g_autofree char *change = psc_format_size_delta (trend->bytes_grown);
  g_autofree char *span = psc_growth_format_span (trend->until_usec - trend->since_usec);

  if (trend->warm_up == PSC_WARM_UP_STOPPED)
    return g_strdup_printf (_ ("warming up: %s, stopped %s ago"), change, span);
  if (trend->warm_up == PSC_WARM_UP_SLOWING)
    return g_strdup_printf (_ ("warming up: %s, slowing"), change);
  return g_strdup_printf (_ ("rising: %s, too early to tell"), change);
}

/* What varies by a tenth is called flat for good reason, but looks otherwise. */
static char *
dup_flat (const PscTrend *trend)
{
  g_autofree char *range = NULL;

  if (trend->high_bytes - trend->low_bytes <= trend->high_bytes / 10 ||
      trend->since_usec > trend->first_usec)
    return g_strdup (_ ("flat"));
  range = dup_range (trend->low_bytes, trend->high_bytes);
  return g_strdup_printf (_ ("up and down, %s"), range);
}

char *
psc_growth_dup_sentence (const PscTrend *trend)
{
  switch (trend->shape)
    {
    case PSC_GROWTH_TOO_SHORT:
      return dup_too_short (trend);
    case PSC_GROWTH_WARMING_UP:
      return dup_warm_up (trend);
    case PSC_GROWTH_GROWING:
    case PSC_GROWTH_SHRINKING:
      return dup_steady (trend);
    case PSC_GROWTH_SAWTOOTH:
      return dup_cycles (trend);
    case PSC_GROWTH_FLAT:
    case PSC_N_GROWTHS:
    default:
      return dup_flat (trend);
    }
}
