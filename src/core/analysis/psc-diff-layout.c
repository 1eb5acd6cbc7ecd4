/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-diff-private.h"

#include <string.h>

static const PscMapping *
find_named (const PscSpace *space, const char *name)
{
  for (guint i = space->n_mappings; i-- > 0;)
    if (strcmp (space->mappings[i].name, name) == 0)
      return &space->mappings[i];
  return NULL;
}

/* Both lie at random addresses, new with each exec. A stack grows down. */
static gboolean
same_landmarks (const PscSpace *a, const PscSpace *b)
{
  const PscMapping *stack_a = find_named (a, "[stack]"), *stack_b = find_named (b, "[stack]");
  const PscMapping *vdso_a = find_named (a, "[vdso]"), *vdso_b = find_named (b, "[vdso]");

  return (stack_a == NULL) == (stack_b == NULL) && (vdso_a == NULL) == (vdso_b == NULL) &&
         (stack_a == NULL || stack_a->end == stack_b->end) &&
         (vdso_a == NULL || vdso_a->start == vdso_b->start);
}

gboolean
psc_diff_is_one_process (const PscSpace *a, const PscSpace *b)
{
  return a == b || (a->pid == b->pid && a->start_time == b->start_time &&
                    g_strcmp0 (a->host, b->host) == 0 && same_landmarks (a, b));
}

static guint
count_code (const PscSpace *space)
{
  guint n = 0;

  for (guint i = 0; i < space->n_mappings; i++)
    n += space->mappings[i].kind == PSC_KIND_TEXT;
  return n;
}

static gboolean
same_file (const PscMapping *a, const PscMapping *b)
{
  return a->inode == b->inode && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor;
}

/* A child that loads some more still has what its parent had where it was. */
gboolean
psc_diff_is_one_layout (const PscSpace *a, const PscSpace *b)
{
  guint n_same = 0;

  if (psc_diff_is_one_process (a, b))
    return TRUE;
  if (!same_landmarks (a, b) || g_strcmp0 (a->host, b->host) != 0)
    return FALSE;
  for (guint i = 0; i < b->n_mappings; i++)
    {
      const PscMapping *mapping = &b->mappings[i];
      const PscMapping *other =
          mapping->kind == PSC_KIND_TEXT ? psc_space_lookup (a, mapping->start) : NULL;

      n_same += other != NULL && other->start == mapping->start && same_file (other, mapping);
    }
  return n_same > 0 && n_same * 10 >= MIN (count_code (a), count_code (b)) * 9;
}
