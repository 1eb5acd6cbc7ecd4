/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Parser of /proc/PID/smaps (proc_pid_smaps(5)). "kB" becomes bytes here and nowhere else.
 * Unknown keys are skipped: newer kernels add some.
 */

#include "psc-space.h"

G_BEGIN_DECLS

/* Called once per mapping of the file. name/vm_flags in `smaps` and head are valid during the call
 * only. Return FALSE to stop. */
typedef gboolean (*PscSmapsFunc) (const PscMapping *head, const char *name, gsize name_length,
                                  const PscSmaps *smaps, const char *vm_flags,
                                  gsize vm_flags_length, gpointer user_data);

/* FALSE with PSC_PARSE_ERROR when a head line has not the form. O(length). */
gboolean psc_smaps_parse (const char *text, gsize length, PscSmapsFunc func, gpointer user_data,
                          GError **error);

/* Fills the builder's PscSmaps for every mapping whose [start, end) the file has too; returns how
 * many mappings of the builder found no counterpart (they moved in between: their PscSmaps stays
 * zero and they are flagged PSC_MAPPING_MOVING). -1 on error. Also sets from it what only smaps
 * knows: swapped of shared memory, page_shift (KernelPageSize), GROWS_DOWN. */
gint psc_smaps_apply (const char *text, gsize length, PscSpaceBuilder *builder, GError **error);

/* Sums of a whole smaps file, for comparison with our own. */
typedef struct
{
  guint64 n_mappings, size, rss, pss, swap;
  guint64 anon_huge, shmem_pmd, file_pmd, shared_hugetlb, private_hugetlb;
} PscSmapsSums;
gboolean psc_smaps_sum (const char *text, gsize length, PscSmapsSums *sums, GError **error);

G_END_DECLS
