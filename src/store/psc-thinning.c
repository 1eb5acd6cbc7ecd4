/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-thinning.h"

static double
loss_of (const PscThinningItem *items, guint i, gint64 now_usec, PscThinning thinning)
{
  double gap = (double) (items[i + 1].time_usec - items[i - 1].time_usec);

  return thinning == PSC_THINNING_EVEN ? gap : gap / (double) (now_usec - items[i].time_usec + 1);
}

guint
psc_thinning_choose (const PscThinningItem *items, guint n, PscThinning thinning)
{
  gint64 now_usec = n > 0 ? items[n - 1].time_usec : 0;
  PscKeep best_keep = PSC_KEEP_NEW;
  double best_loss = 0;
  guint best = 0;

  for (guint i = 1; i + 1 < n; i++)
    {
      PscKeep keep =
          now_usec - items[i].time_usec <= PSC_THINNING_NEW_USEC ? PSC_KEEP_NEW : items[i].keep;
      double loss;

      if (best > 0 && keep > best_keep)
        continue;
      loss = loss_of (items, i, now_usec, thinning);
      if (best > 0 && keep == best_keep && loss >= best_loss)
        continue;
      best = i;
      best_keep = keep;
      best_loss = loss;
    }
  return best;
}
