/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-labels.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "psc-format.h"

/* Most of psc_labels_top(). */
#define MAX_TOP 256
#define NONE    G_MAXUINT32

/* --- which mappings make a group ----------------------------------------------------------- */

typedef struct
{
  const PscSpace *space;
  const PscLayout *layout;
  GArray *groups;
  PscLabelGroup group;
  gboolean open;
  const PscOwner *owner; /* of all of the open group, NULL when there is none */
  guint next_owner;      /* the first that may own what comes */
} Grouper;

static gboolean
is_image_part (const PscMapping *mapping)
{
  return mapping->kind <= PSC_KIND_BSS;
}

static guint64
populated (const PscMapping *mapping)
{
  return mapping->resident + mapping->swapped + mapping->hugetlb + mapping->zero;
}

static gboolean
is_rule (const PscLayout *layout, guint64 address)
{
  guint band;
  double x, row;

  return psc_layout_locate (layout, address, &band, &x, &row) &&
         layout->bands[band].type == PSC_BAND_RULE;
}

/* Mappings come in address order, and so do owners. */
static const PscOwner *
owner_of (Grouper *grouper, guint64 address)
{
  const PscSpace *space = grouper->space;
  const PscOwner *owner;

  while (grouper->next_owner < space->n_owners && space->owners[grouper->next_owner].end <= address)
    grouper->next_owner++;
  if (grouper->next_owner == space->n_owners)
    return NULL;
  owner = &space->owners[grouper->next_owner];
  return owner->start <= address && owner->type != PSC_OWNER_THREAD ? owner : NULL;
}

/* Interned names: equal ones are the same pointer. */
static gboolean
belongs (const Grouper *grouper, const PscMapping *mapping, const PscOwner *owner)
{
  const PscLabelGroup *group = &grouper->group;
  const PscMapping *first = &grouper->space->mappings[group->first];
  const PscLayout *layout = grouper->layout;

  if (owner != NULL && owner->start < group->end && owner->start <= first->start)
    return TRUE;
  if (mapping->start - group->end >= PSC_LAYOUT_RULE_SIZE && is_rule (layout, group->end))
    return FALSE;
  if (owner != NULL || grouper->owner != NULL)
    return owner != NULL && grouper->owner != NULL && owner->label == grouper->owner->label;
  if (mapping->kind == PSC_KIND_GUARD || mapping->why == PSC_WHY_IMAGE_PADDING)
    return TRUE;
  if (mapping->kind == PSC_KIND_RESERVED && first->kind == PSC_KIND_ANON &&
      mapping->end - mapping->start < layout->row_size)
    return TRUE;
  if (is_image_part (first) && mapping->kind == PSC_KIND_BSS && mapping->start == group->end)
    return TRUE;
  if (is_image_part (first))
    return is_image_part (mapping) && mapping->name == first->name && *first->name != '\0';
  return mapping->kind == first->kind && mapping->name == first->name;
}

static void
join (Grouper *grouper, guint index)
{
  const PscMapping *mapping = &grouper->space->mappings[index];
  PscLabelGroup *group = &grouper->group;
  guint64 bytes = populated (mapping);

  if (bytes > populated (&grouper->space->mappings[group->largest]))
    group->largest = index;
  group->end = mapping->end;
  group->size += mapping->end - mapping->start;
  group->populated += bytes;
  group->n_stacks += mapping->kind == PSC_KIND_THREAD_STACK;
}

static void
add_mapping (Grouper *grouper, guint index)
{
  const PscMapping *mapping = &grouper->space->mappings[index];
  const PscOwner *owner = owner_of (grouper, mapping->start);

  if (grouper->open && !belongs (grouper, mapping, owner))
    {
      g_array_append_val (grouper->groups, grouper->group);
      grouper->open = FALSE;
    }
  if (!grouper->open && mapping->kind == PSC_KIND_GUARD)
    return;
  if (!grouper->open)
    {
      grouper->group = (PscLabelGroup){ .start = mapping->start, .first = index, .largest = index };
      grouper->owner = owner;
      grouper->open = TRUE;
    }
  join (grouper, index);
}

/* --- the most important ones --------------------------------------------------------------- */

gboolean
psc_labels_is_before (const PscLabels *labels, guint a, guint b)
{
  const PscLabelGroup *x = &labels->groups[a];
  const PscLabelGroup *y = &labels->groups[b];

  if (x->populated != y->populated)
    return x->populated > y->populated;
  if (x->size != y->size)
    return x->size > y->size;
  return a < b;
}

static guint32
better (const PscLabels *labels, guint32 a, guint32 b)
{
  if (a == NONE || b == NONE)
    return a == NONE ? b : a;
  return psc_labels_is_before (labels, a, b) ? a : b;
}

static void
plant_tree (PscLabels *labels)
{
  labels->n_leaves = 1;
  while (labels->n_leaves < labels->n_groups)
    labels->n_leaves *= 2;
  labels->best = g_new (guint32, 2 * (gsize) labels->n_leaves);
  for (guint i = 0; i < labels->n_leaves; i++)
    labels->best[labels->n_leaves + i] = i < labels->n_groups ? i : NONE;
  for (guint i = labels->n_leaves; i-- > 1;)
    labels->best[i] = better (labels, labels->best[2 * (gsize) i], labels->best[2 * (gsize) i + 1]);
}

guint
psc_labels_best (const PscLabels *labels, guint from, guint to)
{
  gsize low = (gsize) labels->n_leaves + from;
  gsize high = (gsize) labels->n_leaves + to;
  guint32 best = NONE;

  for (; low < high; low /= 2, high /= 2)
    {
      if (low & 1)
        best = better (labels, best, labels->best[low++]);
      if (high & 1)
        best = better (labels, best, labels->best[--high]);
    }
  return best != NONE ? best : labels->n_groups;
}

typedef struct
{
  guint from, to, best;
} Stretch;

static void
push (const PscLabels *labels, Stretch *stretches, guint *n, guint from, guint to)
{
  if (from < to)
    stretches[(*n)++] = (Stretch){ from, to, psc_labels_best (labels, from, to) };
}

/* Taking the best of a stretch leaves two; the next best is the best of some stretch. */
guint
psc_labels_top (const PscLabels *labels, guint from, guint to, guint *indices, guint n)
{
  Stretch stretches[MAX_TOP + 2];
  guint n_stretches = 0, n_found = 0;

  push (labels, stretches, &n_stretches, from, to);
  while (n_found < MIN (n, MAX_TOP) && n_stretches > 0)
    {
      guint at = 0;
      Stretch stretch;

      for (guint i = 1; i < n_stretches; i++)
        if (psc_labels_is_before (labels, stretches[i].best, stretches[at].best))
          at = i;
      stretch = stretches[at];
      stretches[at] = stretches[--n_stretches];
      indices[n_found++] = stretch.best;
      push (labels, stretches, &n_stretches, stretch.from, stretch.best);
      push (labels, stretches, &n_stretches, stretch.best + 1, stretch.to);
    }
  return n_found;
}

void
psc_labels_between (const PscLabels *labels, guint64 start, guint64 last, guint *from, guint *to)
{
  guint low = 0;
  guint high = labels->n_groups;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (labels->groups[middle].end <= start)
        low = middle + 1;
      else
        high = middle;
    }
  *from = low;
  high = labels->n_groups;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (labels->groups[middle].start <= last)
        low = middle + 1;
      else
        high = middle;
    }
  *to = low;
}

/* --- making and naming --------------------------------------------------------------------- */

PscLabels *
psc_labels_new (const PscSpace *space, const PscLayout *layout)
{
  PscLabels *labels = g_new0 (PscLabels, 1);
  Grouper grouper = { .space = space, .layout = layout };
  gsize n_groups;

  g_atomic_ref_count_init (&labels->ref_count);
  grouper.groups = g_array_new (FALSE, FALSE, sizeof (PscLabelGroup));
  for (guint i = 0; i < space->n_mappings; i++)
    add_mapping (&grouper, i);
  if (grouper.open)
    g_array_append_val (grouper.groups, grouper.group);
  labels->groups = g_array_steal (grouper.groups, &n_groups);
  labels->n_groups = (guint) n_groups;
  g_array_unref (grouper.groups);
  plant_tree (labels);
  return labels;
}

PscLabels *
psc_labels_ref (PscLabels *labels)
{
  g_atomic_ref_count_inc (&labels->ref_count);
  return labels;
}

void
psc_labels_unref (PscLabels *labels)
{
  if (labels == NULL || !g_atomic_ref_count_dec (&labels->ref_count))
    return;
  g_free (labels->groups);
  g_free (labels->best);
  g_free (labels);
}

/* Shares are told in percent, and shown as shades. */
static gboolean
share_looks_same (const PscLabelGroup *a, const PscLabelGroup *b)
{
  double size = (double) MAX (a->size, 1);
  g_autofree char *x = psc_format_share (a->populated, a->size);
  g_autofree char *y = psc_format_share (b->populated, b->size);

  return floor (256 * (double) a->populated / size) == floor (256 * (double) b->populated / size) &&
         g_str_equal (x, y);
}

gboolean
psc_labels_look_same (const PscLabels *a, const PscLabels *b)
{
  if (a->n_groups != b->n_groups ||
      memcmp (a->best + 1, b->best + 1, (2 * (gsize) a->n_leaves - 1) * sizeof *a->best) != 0)
    return FALSE;
  for (guint i = 0; i < a->n_groups; i++)
    {
      const PscLabelGroup *x = &a->groups[i];
      const PscLabelGroup *y = &b->groups[i];

      if (x->start != y->start || x->end != y->end || x->size != y->size || x->first != y->first ||
          x->largest != y->largest || x->n_stacks != y->n_stacks ||
          (x->populated != y->populated && !share_looks_same (x, y)))
        return FALSE;
    }
  return TRUE;
}

char *
psc_labels_dup_name (const PscLabels *labels, const PscSpace *space, guint index)
{
  const PscLabelGroup *group = &labels->groups[index];
  const PscMapping *first = &space->mappings[group->first];

  if (group->n_stacks > 1)
    return g_strdup_printf ("%s × %u", _ (psc_kind_title (PSC_KIND_THREAD_STACK)), group->n_stacks);
  return psc_space_dup_label (space,
                              is_image_part (first) ? first : &space->mappings[group->largest]);
}
