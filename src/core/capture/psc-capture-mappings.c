/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-capture-mappings.h"

#include <string.h>

/* The smallest hugetlb page of any machine is larger; those of 2 MiB and more are common. */
#define HUGETLB_ALIGNMENT (G_GUINT64_CONSTANT (2) << 20)

/* Indices of mappings that may be hugetlb. */
static GArray *
hugetlb_candidates (const PscMapping *mappings, guint n_mappings)
{
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < n_mappings; i++)
    {
      const PscMapping *mapping = &mappings[i];

      if (mapping->inode != 0 &&
          ((mapping->start | mapping->end | mapping->offset) & (HUGETLB_ALIGNMENT - 1)) == 0)
        g_array_append_val (candidates, i);
    }
  return candidates;
}

static void
set_page_size (PscMapping *mapping, const struct psc_wire_query_answer *answer, gsize page_size)
{
  guint64 size = answer->page_size;

  if (answer->error == 0 && answer->start == mapping->start && size > page_size &&
      (size & (size - 1)) == 0)
    mapping->page_shift = (guint8) (g_bit_storage (size) - 1);
}

/* Without PROCMAP_QUERY only the name of anonymous hugetlb memory gives it away (and smaps, when it
 * is read); 2 MiB is by far the most likely size. */
static void
guess_page_sizes (PscMapping *mappings, const GArray *candidates)
{
  for (guint i = 0; i < candidates->len; i++)
    {
      PscMapping *mapping = &mappings[g_array_index (candidates, guint, i)];

      if (strcmp (mapping->name, "/anon_hugepage") == 0)
        mapping->page_shift = 21;
    }
}

guint
psc_capture_read_page_sizes (PscSpaceBuilder *builder, PscProbe *probe, guint handle)
{
  const PscHost *host = psc_probe_get_host (probe);
  g_autoptr (GArray) candidates = NULL;
  g_autofree guint64 *addresses = NULL;
  g_autofree struct psc_wire_query_answer *answers = NULL;
  guint n_mappings;
  PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  candidates = hugetlb_candidates (mappings, n_mappings);
  addresses = g_new (guint64, candidates->len);
  answers = g_new0 (struct psc_wire_query_answer, candidates->len);
  for (guint i = 0; i < candidates->len; i++)
    addresses[i] = mappings[g_array_index (candidates, guint, i)].start;
  if (candidates->len == 0)
    return 0;
  if ((host->features & PSC_WIRE_FEATURE_QUERY) == 0 ||
      !psc_probe_query (probe, handle, addresses, candidates->len, answers, NULL))
    {
      guess_page_sizes (mappings, candidates);
      return candidates->len;
    }
  for (guint i = 0; i < candidates->len; i++)
    set_page_size (&mappings[g_array_index (candidates, guint, i)], &answers[i], host->page_size);
  return 0;
}

static gboolean
is_same_mapping (const PscMapping *a, const PscMapping *b)
{
  return a->start == b->start && a->end == b->end && a->perms == b->perms &&
         a->offset == b->offset && a->inode == b->inode && a->dev_major == b->dev_major &&
         a->dev_minor == b->dev_minor;
}

/* Both are sorted. */
void
psc_capture_flag_moved (PscSpaceBuilder *builder, PscSpaceBuilder *later)
{
  guint n_mappings, n_now, at = 0;
  PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);
  const PscMapping *now = psc_space_builder_get_mappings (later, &n_now);

  for (guint i = 0; i < n_mappings; i++)
    {
      while (at < n_now && now[at].start < mappings[i].start)
        at++;
      if (at == n_now || !is_same_mapping (&mappings[i], &now[at]))
        mappings[i].flags |= PSC_MAPPING_MOVING;
    }
}

guint
psc_capture_count_moved (PscSpaceBuilder *builder)
{
  guint n_mappings, n = 0;
  const PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  for (guint i = 0; i < n_mappings; i++)
    n += (mappings[i].flags & PSC_MAPPING_MOVING) != 0;
  return n;
}

void
psc_capture_mark_shared_pages (PscSpaceBuilder *builder)
{
  PscRun *runs = psc_space_builder_get_space (builder)->runs;
  guint n_mappings;
  const PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  for (guint i = 0; i < n_mappings; i++)
    {
      const PscMapping *mapping = &mappings[i];

      if ((mapping->perms & PSC_PERM_SHARED) == 0 && strcmp (mapping->name, "[vdso]") != 0)
        continue;
      for (guint j = mapping->first_run; j < mapping->first_run + mapping->n_runs; j++)
        if (runs[j].state & PSC_PAGE_PRESENT)
          runs[j].state |= PSC_PAGE_FILE;
    }
}

void
psc_capture_mark_huge_zero_pages (PscSpaceBuilder *builder)
{
  PscRun *runs = psc_space_builder_get_space (builder)->runs;
  guint n_mappings;
  const PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  for (guint i = 0; i < n_mappings; i++)
    {
      const PscMapping *mapping = &mappings[i];

      if (mapping->inode != 0 || (mapping->perms & PSC_PERM_SHARED) != 0 ||
          mapping->kind == PSC_KIND_VDSO)
        continue;
      for (guint j = mapping->first_run; j < mapping->first_run + mapping->n_runs; j++)
        if (runs[j].state == (PSC_PAGE_PRESENT | PSC_PAGE_FILE))
          runs[j].state = PSC_PAGE_PRESENT | PSC_PAGE_ZERO | PSC_PAGE_HUGE;
    }
}

static gboolean
has_flag (const char *vm_flags, const char *flag)
{
  const char *found = strstr (vm_flags, flag);

  return found != NULL && (found == vm_flags || found[-1] == ' ') &&
         (found[2] == '\0' || found[2] == ' ');
}

static gboolean
is_special (const PscMapping *mapping, const PscSmaps *smaps)
{
  if (mapping->n_runs > 0)
    return FALSE;
  if (strcmp (mapping->name, "[vsyscall]") == 0)
    return TRUE;
  if (smaps != NULL && *smaps->vm_flags != '\0')
    return has_flag (smaps->vm_flags, "pf");
  if (mapping->kind == PSC_KIND_VDSO)
    return strncmp (mapping->name, "[vvar", 5) == 0;
  /* That one is no device but anonymous memory. */
  return mapping->kind == PSC_KIND_DEVICE && strcmp (mapping->name, "/dev/zero") != 0;
}

void
psc_capture_mark_special (PscSpaceBuilder *builder)
{
  const PscSpace *space = psc_space_builder_get_space (builder);
  g_autoptr (GArray) indices = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n_mappings;
  const PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  for (guint i = 0; i < n_mappings; i++)
    if (is_special (&mappings[i], space->smaps != NULL ? &space->smaps[i] : NULL))
      g_array_append_val (indices, i);
  psc_space_builder_mark_special (builder, (const guint *) (void *) indices->data, indices->len);
}

/* "… 0:45 / /tmp rw - tmpfs tmpfs rw": the device is the third field, the type the one behind the
 * dash (proc_pid_mountinfo(5)). */
static gboolean
may_be_tmpfs (const PscMapping *mapping, const char *mountinfo)
{
  g_autofree char *device = NULL;
  const char *line, *dash;

  if (mapping->inode == 0 || mapping->dev_major != 0)
    return FALSE;
  device = g_strdup_printf (" %u:%u ", mapping->dev_major, mapping->dev_minor);
  line = mountinfo != NULL ? strstr (mountinfo, device) : NULL;
  dash = line != NULL ? strstr (line, " - ") : NULL;
  return dash == NULL || strncmp (dash, " - tmpfs ", 9) == 0;
}

gboolean
psc_capture_may_hide_swap (PscSpaceBuilder *builder, const char *mountinfo)
{
  guint n_mappings;
  const PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);
  const PscMapping *asked = NULL;

  for (guint i = 0; i < n_mappings; i++)
    {
      const PscMapping *mapping = &mappings[i];

      if (mapping->kind >= PSC_KIND_SHM_ANON && mapping->kind <= PSC_KIND_SHM_MEMFD)
        return TRUE;
      if (asked != NULL && asked->dev_major == mapping->dev_major &&
          asked->dev_minor == mapping->dev_minor)
        continue;
      asked = mapping;
      if (mapping->kind != PSC_KIND_DEVICE && mapping->kind != PSC_KIND_HUGETLB &&
          may_be_tmpfs (mapping, mountinfo))
        return TRUE;
    }
  return FALSE;
}
