/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-report-smaps.h"

#define AMOUNT(field)                                                                              \
  {                                                                                                \
#field, G_STRUCT_OFFSET(PscSmaps, field)                                                       \
  }

static const struct
{
  const char *key;
  gsize offset;
} amounts[] = {
  AMOUNT (rss),          AMOUNT (pss),           AMOUNT (pss_dirty),      AMOUNT (shared_clean),
  AMOUNT (shared_dirty), AMOUNT (private_clean), AMOUNT (private_dirty),  AMOUNT (referenced),
  AMOUNT (anonymous),    AMOUNT (ksm),           AMOUNT (lazy_free),      AMOUNT (anon_huge),
  AMOUNT (shmem_pmd),    AMOUNT (file_pmd),      AMOUNT (shared_hugetlb), AMOUNT (private_hugetlb),
  AMOUNT (swap),         AMOUNT (swap_pss),      AMOUNT (locked),
};

G_STATIC_ASSERT (G_N_ELEMENTS (amounts) == PSC_N_SMAPS_AMOUNTS);

const char *
psc_smaps_amount_key (guint i)
{
  return amounts[i].key;
}

guint64
psc_smaps_amount (const PscSmaps *smaps, guint i)
{
  return *(const guint64 *) (gconstpointer) ((const char *) smaps + amounts[i].offset);
}
