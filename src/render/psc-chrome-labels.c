/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Labels of segments beside the map. Neighbouring mappings that belong together (the parts of one
 * library, a row of arenas) make one group with one label; where there is no room for all, those
 * with the most memory win. */

#include "psc-canvas.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

#include "psc-format.h"

#define MAX_CANDIDATES 256
#define SPINE_PX       3.0
/* How far from its rows a label may stand, in lines. */
#define REACH 2.3

typedef struct
{
  const PscMapping *first, *largest; /* of the group's mappings */
  const PscOwner *owner;             /* of all of them, NULL when there is none */
  guint64 end;
  guint64 size, populated;
  guint n_stacks;
  double y0, y1; /* px in the viewport, cut to it */
} Group;

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

/* Interned names: equal ones are the same pointer. */
static gboolean
belongs (const PscMap *map, const Group *group, const PscMapping *mapping)
{
  const PscMapping *first = group->first;
  const PscLayout *layout = map->layout;
  const PscOwner *owner = psc_space_lookup_owner (map->space, mapping->start);

  if (owner != NULL && owner->type != PSC_OWNER_THREAD)
    return owner->start < group->end && owner->start <= first->start;
  if (group->owner != NULL)
    return FALSE;
  if (mapping->start - group->end >= PSC_LAYOUT_RULE_SIZE && is_rule (layout, group->end))
    return FALSE;
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
join (Group *group, const PscMapping *mapping)
{
  guint64 bytes = populated (mapping);

  group->end = mapping->end;
  group->size += mapping->end - mapping->start;
  if (group->largest == NULL || bytes > populated (group->largest))
    group->largest = mapping;
  group->populated += bytes;
  group->n_stacks += mapping->kind == PSC_KIND_THREAD_STACK;
}

/* Vertical extent of the group in the viewport; FALSE when it is out of sight. */
static gboolean
place_group (const PscMap *map, Group *group)
{
  double x, low, high, width, height_low, height_high;

  if (!psc_view_rect (&map->view, map->layout, group->first->start, &x, &low, &width,
                      &height_low) ||
      !psc_view_rect (&map->view, map->layout, group->end - 1, &x, &high, &width, &height_high))
    return FALSE;
  group->y0 = MAX (MIN (low, high), 0);
  group->y1 = MIN (MAX (low + height_low, high + height_high), map->view.height);
  return group->y1 > group->y0;
}

/* By populated bytes, then size, most first. */
static int
compare_groups (const void *a, const void *b)
{
  const Group *x = a;
  const Group *y = b;

  if (x->populated != y->populated)
    return x->populated < y->populated ? 1 : -1;
  return (x->size < y->size) - (x->size > y->size);
}

/* Keeps the most important groups: when the array is full of candidates, the lesser half goes. */
static void
keep_group (const PscMap *map, GArray *groups, Group *group)
{
  if (group->first == NULL || !place_group (map, group))
    return;
  g_array_append_vals (groups, group, 1);
  if (groups->len < 2 * MAX_CANDIDATES)
    return;
  g_array_sort (groups, compare_groups);
  g_array_set_size (groups, MAX_CANDIDATES);
}

/* Index range of the mappings in sight. */
static void
visible_mappings (const PscMap *map, guint *from, guint *to)
{
  guint first, last;

  *from = *to = 0;
  psc_view_visible_bands (&map->view, map->layout, &first, &last);
  if (first >= last)
    return;
  *from = psc_space_lower_bound (map->space, map->layout->bands[first].start);
  *to = psc_space_lower_bound (map->space, map->layout->bands[last - 1].end - 1) + 1;
  *to = MIN (*to, map->space->n_mappings);
}

static GArray *
collect_groups (const PscMap *map)
{
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (Group));
  Group group = { 0 };
  guint from, to;

  visible_mappings (map, &from, &to);
  for (guint i = from; i < to; i++)
    {
      const PscMapping *mapping = &map->space->mappings[i];

      if (group.first == NULL && mapping->kind == PSC_KIND_GUARD)
        continue;
      if (group.first != NULL && !belongs (map, &group, mapping))
        {
          keep_group (map, groups, &group);
          group = (Group){ 0 };
        }
      if (group.first == NULL)
        {
          group.first = mapping;
          group.owner = psc_space_lookup_owner (map->space, mapping->start);
          if (group.owner != NULL && group.owner->type == PSC_OWNER_THREAD)
            group.owner = NULL;
        }
      join (&group, mapping);
    }
  keep_group (map, groups, &group);
  g_array_sort (groups, compare_groups);
  return groups;
}

/* The labels that are placed, by y. */
typedef struct
{
  double ys[MAX_CANDIDATES];
  guint n;
  double line; /* px that a label needs */
} Column;

/* A free place nearest to the middle of the group and within it; NAN when there is none. */
static double
find_place (const Column *column, const Group *group, double height)
{
  double middle = CLAMP ((group->y0 + group->y1) / 2, column->line / 2, height - column->line / 2);
  double reach = MAX ((group->y1 - group->y0) / 2, column->line * REACH);
  double best = NAN;

  for (int i = -1; i < 2 * (int) column->n; i++)
    {
      double y = middle;

      if (i >= 0)
        y = column->ys[i / 2] + (i % 2 ? column->line : -column->line);
      if (fabs (y - middle) > reach || y < column->line / 2 || y > height - column->line / 2 ||
          fabs (y - middle) >= fabs (best - middle))
        continue;
      for (guint j = 0; j < column->n; j++)
        if (fabs (column->ys[j] - y) < column->line - 0.01)
          y = NAN;
      if (!isnan (y))
        best = y;
    }
  return best;
}

static char *
group_name (const PscSpace *space, const Group *group)
{
  if (group->n_stacks > 1)
    return g_strdup_printf ("%s × %u", _ (psc_kind_title (PSC_KIND_THREAD_STACK)), group->n_stacks);
  return psc_space_dup_label (space, is_image_part (group->first) ? group->first : group->largest);
}

/* The name has the right of way: share and size follow as far as there is room. */
static void
draw_amount (const PscCanvas *canvas, const Group *group, double x, double y, double width)
{
  g_autofree char *size = psc_format_size (group->size);
  g_autofree char *share = psc_format_share (group->populated, group->size);
  g_autofree char *both = g_strdup_printf ("%s · %s", size, share);
  const char *texts[] = { both, share };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      double text_width, height;

      psc_canvas_measure (canvas, canvas->text, texts[i], &text_width, &height);
      if (text_width > width)
        continue;
      psc_canvas_text (canvas, canvas->text, texts[i], x, y, PSC_ALIGN_LEFT, 0,
                       canvas->colors->dim);
      return;
    }
}

static void
draw_label (const PscCanvas *canvas, const Group *group, double x, double y, double width)
{
  double em = canvas->em;
  g_autofree char *name = group_name (canvas->map->space, group);
  double name_width;

  psc_canvas_set_color (canvas, psc_kind_color (group->largest->kind, canvas->map->theme), 1);
  cairo_arc (canvas->cr, x + em * 0.35, y, em * 0.32, 0, 2 * G_PI);
  cairo_fill (canvas->cr);
  x += em;
  width -= em;
  name_width = psc_canvas_text (canvas, canvas->text, name, x, y, PSC_ALIGN_LEFT, width,
                                canvas->colors->text);
  draw_amount (canvas, group, x + name_width + em * 0.6, y, width - name_width - em * 0.6);
}

/* The bar beside the rows of a group, and the line from it to a label that had to move. */
static void
draw_spine (const PscCanvas *canvas, const Group *group, double y)
{
  const PscRect *body = &canvas->body;
  double x = body->x + body->width + canvas->em * 0.5;
  double y0 = body->y + group->y0;
  double height = MAX (group->y1 - group->y0 - 1, 1);

  psc_canvas_set_color (canvas, psc_kind_color (group->largest->kind, canvas->map->theme), 1);
  cairo_rectangle (canvas->cr, x, y0, SPINE_PX, height);
  cairo_fill (canvas->cr);
  if (isnan (y))
    return;
  psc_canvas_set_color (canvas, canvas->colors->frame, 1);
  cairo_set_line_width (canvas->cr, 1);
  cairo_move_to (canvas->cr, x + SPINE_PX + 1, CLAMP (y, y0, y0 + height));
  cairo_line_to (canvas->cr, x + SPINE_PX + canvas->em * 0.9, y);
  cairo_stroke (canvas->cr);
}

void
psc_canvas_draw_labels (const PscCanvas *canvas, double width)
{
  const PscRect *body = &canvas->body;
  Column column = { .line = canvas->em * 1.45 };
  g_autoptr (GArray) groups = collect_groups (canvas->map);
  double ys[2 * MAX_CANDIDATES];
  double x = body->x + body->width + canvas->em * 0.5 + SPINE_PX + canvas->em;

  for (guint i = 0; i < groups->len; i++)
    {
      const Group *group = &g_array_index (groups, Group, i);

      ys[i] = column.n < MAX_CANDIDATES ? find_place (&column, group, body->height) : NAN;
      if (!isnan (ys[i]))
        column.ys[column.n++] = ys[i];
    }
  /* The greater ones last, so that they lie on top. */
  for (guint i = groups->len; i-- > 0;)
    draw_spine (canvas, &g_array_index (groups, Group, i), body->y + ys[i]);
  for (guint i = 0; i < groups->len; i++)
    if (!isnan (ys[i]))
      draw_label (canvas, &g_array_index (groups, Group, i), x, body->y + ys[i],
                  width - canvas->em * 1.5 - SPINE_PX);
}
