/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot.h"

#include "psc-smaps-parser.h"

typedef struct
{
  guint64 start, end;
  PscSmaps smaps;
} Truth;

PscProbe *
snapshot_probe (const char *const *extra)
{
  g_autoptr (GError) error = NULL;
  PscProbe *probe = psc_probe_new_local (NULL, extra, &error);

  g_assert_no_error (error);
  return probe;
}

PscTarget *
snapshot_target (PscProbe *probe, gint pid)
{
  g_autoptr (GError) error = NULL;
  PscTarget *target = psc_target_new (probe, pid, &error);

  g_assert_no_error (error);
  return target;
}

PscSpace *
snapshot (PscTarget *target, const PscCaptureOptions *options)
{
  g_autoptr (GError) error = NULL;
  PscSpace *space = psc_target_capture (target, options, &error);

  g_assert_no_error (error);
  return space;
}

PscSpace *
snapshot_once (gint pid, PscSmapsPolicy smaps)
{
  g_autoptr (PscProbe) probe = snapshot_probe (NULL);
  g_autoptr (PscTarget) target = snapshot_target (probe, pid);
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;

  options.smaps = smaps;
  return snapshot (target, &options);
}

const PscUnknown *
snapshot_get_unknown (const PscSpace *space, PscReason reason, const char *what)
{
  for (guint i = 0; i < space->n_unknowns; i++)
    if (space->unknowns[i].reason == reason && g_str_equal (space->unknowns[i].what, what))
      return &space->unknowns[i];
  return NULL;
}

char *
snapshot_dup_unknowns (const PscSpace *space)
{
  static const char *const reasons[] = {
    [PSC_REASON_DENIED] = "denied",     [PSC_REASON_UNSUPPORTED] = "unsupported",
    [PSC_REASON_GONE] = "gone",         [PSC_REASON_TORN] = "torn",
    [PSC_REASON_NOT_READ] = "not read", [PSC_REASON_FAILED] = "failed",
  };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < space->n_unknowns; i++)
    g_string_append_printf (text, "%s%s: %s", i > 0 ? "; " : "", reasons[space->unknowns[i].reason],
                            space->unknowns[i].what);
  return g_string_free (text, FALSE);
}

void
snapshot_check_classes (const PscSpace *space)
{
  guint64 sum = 0, mapped = 0;

  for (guint i = 0; i < PSC_N_CLASSES; i++)
    sum += space->totals.classes[i];
  for (guint i = 0; i < space->n_mappings; i++)
    mapped += space->mappings[i].end - space->mappings[i].start;
  g_assert_cmpuint (sum, ==, space->totals.size);
  g_assert_cmpuint (mapped, ==, space->totals.size);
}

static gboolean
take_truth_cb (const PscMapping *head, const char *name, gsize name_length, const PscSmaps *smaps,
               const char *vm_flags, gsize vm_flags_length, gpointer user_data)
{
  Truth truth = { head->start, head->end, *smaps };

  g_array_append_val ((GArray *) user_data, truth);
  return TRUE;
}

static GArray *
read_truth (gint pid)
{
  GArray *truths = g_array_new (FALSE, FALSE, sizeof (Truth));
  g_autofree char *path = g_strdup_printf ("/proc/%d/smaps", pid);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  psc_smaps_parse (text, length, take_truth_cb, truths, &error);
  g_assert_no_error (error);
  return truths;
}

/* Swap of shared memory is in smaps only. */
static gboolean
tells_swap (const PscSpace *space, const PscMapping *mapping)
{
  return space->smaps != NULL ||
         snapshot_get_unknown (space, PSC_REASON_NOT_READ, "swapped shared memory") == NULL ||
         mapping->inode == 0;
}

static void
check_mapping (const PscSpace *space, const PscMapping *mapping, const PscSmaps *smaps)
{
  g_assert_false (mapping->flags & PSC_MAPPING_MOVING);
  if (mapping->resident != smaps->rss || mapping->swapped != smaps->swap)
    g_test_message ("%" G_GINT64_MODIFIER "x %s", mapping->start, mapping->name);
  if (space->source == PSC_SOURCE_SCAN)
    {
      g_assert_cmpuint (mapping->resident, ==, smaps->rss);
      g_assert_cmpuint (mapping->huge, ==, smaps->anon_huge + smaps->shmem_pmd + smaps->file_pmd);
    }
  else
    {
      /* Zero pages count as resident, and huge pages as others. */
      g_assert_cmpuint (mapping->resident, >=, smaps->rss);
      g_assert_cmpuint (mapping->huge, ==, 0);
    }
  if (tells_swap (space, mapping))
    g_assert_cmpuint (mapping->swapped, ==, smaps->swap);
  g_assert_cmpuint (mapping->hugetlb, ==, smaps->shared_hugetlb + smaps->private_hugetlb);
}

void
snapshot_check_smaps (const PscSpace *space)
{
  g_autoptr (GArray) truths = read_truth (space->pid);
  PscTotals sums = { 0 };

  snapshot_check_classes (space);
  g_assert_cmpuint (space->n_mappings, ==, truths->len);
  for (guint i = 0; i < MIN (truths->len, space->n_mappings); i++)
    {
      const Truth *truth = &g_array_index (truths, Truth, i);
      const PscMapping *mapping = &space->mappings[i];

      g_assert_cmphex (mapping->start, ==, truth->start);
      g_assert_cmphex (mapping->end, ==, truth->end);
      check_mapping (space, mapping, &truth->smaps);
      sums.resident += truth->smaps.rss;
      sums.swapped += tells_swap (space, mapping) ? truth->smaps.swap : 0;
      sums.hugetlb += truth->smaps.shared_hugetlb + truth->smaps.private_hugetlb;
    }
  if (space->source == PSC_SOURCE_SCAN)
    g_assert_cmpuint (space->totals.resident, ==, sums.resident);
  g_assert_cmpuint (space->totals.hugetlb, ==, sums.hugetlb);
}
