/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cold.h"

#include <glib/gi18n.h>

#include "psc-format.h"

/* Measured, for each GiB of base pages. */
#define CLEAR_LOW_USEC  14500.0
#define CLEAR_HIGH_USEC 18000.0
#define SLOWER_USEC     45000.0
#define GIB             (1024.0 * 1024 * 1024)

void
psc_cold_free (PscCold *cold)
{
  if (cold == NULL)
    return;
  psc_space_unref (cold->space);
  g_free (cold->mappings);
  g_free (cold);
}

static void
add (PscColdSums *sums, const PscColdSums *more)
{
  sums->resident += more->resident;
  sums->touched += more->touched;
  sums->cold += more->cold;
  sums->unknown += more->unknown;
}

PscCold *
psc_cold_new (PscSpace *after)
{
  PscCold *cold;

  g_return_val_if_fail (after != NULL, NULL);

  if (after->smaps == NULL)
    return NULL;
  cold = g_new0 (PscCold, 1);
  cold->source = PSC_COLD_REFERENCED;
  cold->space = psc_space_ref (after);
  cold->mappings = g_new0 (PscColdSums, after->n_mappings);
  for (guint i = 0; i < after->n_mappings; i++)
    {
      const PscSmaps *smaps = &after->smaps[i];
      PscColdSums *sums = &cold->mappings[i];

      sums->resident = smaps->rss;
      sums->touched = MIN (smaps->referenced, smaps->rss);
      sums->cold = sums->resident - sums->touched;
      add (&cold->kinds[after->mappings[i].kind], sums);
      add (&cold->total, sums);
    }
  return cold;
}

gboolean
psc_target_clear_referenced (PscTarget *target, gint64 *busy_usec, GError **error)
{
  PscProbe *probe = psc_target_get_probe (target);

  if (psc_probe_get_host (probe)->features & PSC_WIRE_FEATURE_CLEAR)
    return psc_probe_clear_referenced (probe, psc_target_get_handle (target), busy_usec, error);
  g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_DENIED,
               "Can't clear the referenced bits of process %d: the probe was started so that it "
               "only reads, without --may-clear-referenced",
               psc_target_get_pid (target));
  return FALSE;
}

PscColdEstimate
psc_cold_estimate (guint64 resident)
{
  double gib = (double) resident / GIB;

  return (PscColdEstimate){ (gint64) (gib * CLEAR_LOW_USEC), (gint64) (gib * CLEAR_HIGH_USEC),
                            (gint64) (gib * SLOWER_USEC) };
}

char *
psc_cold_dup_warning (const char *name, gint pid, guint64 resident)
{
  const PscColdEstimate estimate = psc_cold_estimate (resident);
  g_autofree char *size = psc_format_size (resident);
  g_autofree char *clear = psc_format_duration (estimate.clear_high_usec);
  g_autofree char *slower = psc_format_duration (estimate.slower_usec);

  return g_strdup_printf (
      _ ("This makes the kernel forget which pages %s (%d) has touched. With %s resident that "
         "takes "
         "about %s, in which the process may have to wait; its next pass over all of it is about "
         "%s slower; and what it does not touch soon looks unused to the kernel, which swaps that "
         "first when memory is short."),
      name, pid, size, clear, slower);
}
