/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows thinner than a few pixels: each line of pixels is the light of all rows under it. */

#include <math.h>
#include <string.h>

#include "psc-parallel.h"
#include "psc-raster-private.h"
#include "psc-tally.h"

typedef struct
{
  const PscRasterJob *job;
  const PscRasterPalette *palette;
  const PscSheet *sheet;
  PscTint tints[PSC_SHEET_N_ENTRIES];
  PscColor background;
  PscTally tally;
  guint width;                                /* device px of the picture */
  double left;                                /* device px of the first column's left edge */
  double page_width, row_height, rule_height; /* device px */
  guint first, end;                           /* columns in view */
  guint left_margin;                          /* pixels before them */
  guint32 *ends;                              /* of each of those: the pixel after its last one */
  float *rests;              /* of its last pixel: how much of it is the next one's */
  guint16 *sources;          /* of each pixel: the column, or their number in the margins */
  guint8 *most;              /* entry of columns, for patterns */
  float *edges;              /* room to work */
  float *red, *green, *blue; /* of columns and of edges */
  PscColor *colors;          /* likewise */
} Painter;

static PscTint
tint_of_light (PscLight light)
{
  return (PscTint){ (float) light[0], (float) light[1], (float) light[2] };
}

/* The mark of a gap is as wide as a column here but weighs no more than its hairline. */
static PscTint
tint_of_gap (const Painter *painter, const PscRasterPalette *palette)
{
  float share = (float) MIN (MAX (1, floor (painter->job->scale)) / painter->page_width, 1);
  PscTint gap = tint_of_light (palette->lights[PSC_SHEET_GAP]);
  PscTint back = tint_of_light (palette->lights[PSC_SHEET_BACKGROUND]);

  return (PscTint){ back.red + (gap.red - back.red) * share,
                    back.green + (gap.green - back.green) * share,
                    back.blue + (gap.blue - back.blue) * share };
}

/* Which pixels are whose. */
static void
place_columns (Painter *painter)
{
  guint n = painter->tally.width;
  guint x = (guint) CLAMP (painter->left, 0, painter->width);

  painter->left_margin = x;
  for (guint i = 0; i < x; i++)
    painter->sources[i] = (guint16) n;
  for (guint i = 0; i < n; i++)
    {
      double right = painter->left + (i + 1) * painter->page_width;
      guint began = x;

      while (x < painter->width && x + 1 <= right)
        painter->sources[x++] = (guint16) i;
      if (x < painter->width && right > x)
        {
          painter->rests[i] = (float) (x + 1 - right);
          painter->sources[x++] = (guint16) i;
        }
      painter->ends[i] = x;
      if (x > began)
        painter->end = i + 1;
      else if (painter->end == 0)
        painter->first = i + 1;
    }
  for (; x < painter->width; x++)
    painter->sources[x] = (guint16) n;
}

static void
painter_init (Painter *painter, const PscRasterJob *job, const PscRasterPalette *palette,
              guint width)
{
  guint n = job->sheet->width;

  *painter = (Painter){ .job = job, .palette = palette, .sheet = job->sheet, .width = width };
  painter->most = g_new0 (guint8, n);
  painter->page_width = psc_view_page_width (&job->view, job->layout) * job->scale;
  painter->left = -job->view.x * job->scale;
  painter->row_height = job->view.row_height * job->scale;
  painter->rule_height = psc_view_rule_height (&job->view, job->layout) * job->scale;
  for (guint i = 0; i < PSC_SHEET_N_ENTRIES; i++)
    painter->tints[i] = tint_of_light (palette->lights[i]);
  painter->tints[PSC_SHEET_GAP] = tint_of_gap (painter, palette);
  painter->background = palette->colors[PSC_SHEET_BACKGROUND];
  psc_tally_init (&painter->tally, n, painter->tints, painter->row_height);
  painter->edges = g_new (float, n);
  painter->red = g_new (float, 2 * n);
  painter->green = g_new (float, 2 * n);
  painter->blue = g_new (float, 2 * n);
  painter->colors = g_new (PscColor, 2 * n);
  painter->ends = g_new (guint32, n);
  painter->rests = g_new0 (float, n);
  painter->sources = g_new (guint16, width);
  place_columns (painter);
}

static void
painter_finish (Painter *painter)
{
  psc_tally_finish (&painter->tally);
  g_free (painter->edges);
  g_free (painter->red);
  g_free (painter->green);
  g_free (painter->blue);
  g_free (painter->colors);
  g_free (painter->ends);
  g_free (painter->rests);
  g_free (painter->most);
  g_free (painter->sources);
}

/* Device px from the top of the picture. */
static double
section_top (const Painter *painter, const PscSheetSection *section)
{
  return section->top.rows * painter->row_height + section->top.rules * painter->rule_height -
         painter->job->view.y * painter->job->scale;
}

static double
section_bottom (const Painter *painter, const PscSheetSection *section)
{
  const PscSheetGroup *last = &painter->sheet->groups[section->first_group + section->n_groups - 1];

  return section_top (painter, section) + psc_sheet_group_bottom (last) * painter->row_height;
}

/* How many sections end above y. */
static guint
count_sections_above (const Painter *painter, double y)
{
  guint low = 0;
  guint high = painter->sheet->n_sections;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (section_bottom (painter, &painter->sheet->sections[middle]) <= y)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Columns at least a pixel wide: beside the light of each column that of its last pixel. */
static void
mix_edges (const Painter *painter, float *light)
{
  guint n = painter->tally.width;

  /* The last one has no neighbour, and no pixel shows its edge. */
  light[n] = light[n - 1];
  for (guint i = 0; i < n; i += 4)
    {
      PscFloats rest = *(const PscFloats *) (const void *) &painter->rests[i];
      PscFloats left = *(const PscFloats *) (const void *) &light[i];
      PscFloats right = *(const PscFloats *) (const void *) &light[i + 1];

      *(PscFloats *) (void *) &painter->edges[i] = left - (left - right) * rest;
    }
  memcpy (light + n, painter->edges, n * sizeof *light);
}

/* Four pixels at a time, and so up to three too many, which are the next column's or the margin. */
static void
fill_columns (const Painter *painter, guint32 *line)
{
  typedef guint32 Four __attribute__ ((vector_size (16), aligned (4), may_alias));
  const PscColor *edges = painter->colors + painter->tally.width;
  guint x = painter->left_margin;

  for (guint i = painter->first; i < painter->end; i++)
    {
      PscColor color = painter->colors[i];
      const Four four = { color, color, color, color };
      guint end = painter->ends[i];

      if (end + 4 <= painter->width)
        for (; x < end; x += 4)
          *(Four *) (void *) &line[x] = four;
      else
        psc_raster_fill (line + x, end - x, color);
      line[end - 1] = edges[i];
      x = end;
    }
}

static void
stretch (Painter *painter, guint32 *line)
{
  guint n = painter->tally.width;
  guint right_margin =
      painter->end > painter->first ? painter->ends[painter->end - 1] : painter->left_margin;

  mix_edges (painter, painter->red);
  mix_edges (painter, painter->green);
  mix_edges (painter, painter->blue);
  psc_light_to_colors (painter->red, painter->green, painter->blue, painter->colors, 2 * n);
  psc_raster_fill (line, painter->left_margin, painter->background);
  fill_columns (painter, line);
  psc_raster_fill (line + right_margin, painter->width - right_margin, painter->background);
}

/* Columns thinner than pixels. */
static void
squeeze (Painter *painter, guint32 *line)
{
  guint n = painter->tally.width;

  for (guint x = 0; x < painter->width; x++)
    {
      double from = CLAMP ((x - painter->left) / painter->page_width, 0, n);
      double to = CLAMP ((x + 1 - painter->left) / painter->page_width, 0, n);
      float red = 0, green = 0, blue = 0;
      float all = 0;

      for (guint i = (guint) from; i < to; i++)
        {
          float part = (float) (MIN (i + 1, to) - MAX (i, from));

          red += painter->red[i] * part;
          green += painter->green[i] * part;
          blue += painter->blue[i] * part;
          all += part;
        }
      line[x] = painter->background;
      if (all <= 0)
        continue;
      line[x] = psc_light_to_color (red / all, green / all, blue / all);
    }
}

static void
paint_flat (Painter *painter, guint32 *line)
{
  PscTint flat = psc_tally_get_flat (&painter->tally);
  double end = painter->left + painter->tally.width * painter->page_width;
  guint left = (guint) CLAMP (painter->left + 0.5, 0, painter->width);
  guint right = (guint) CLAMP (end + 0.5, left, painter->width);
  PscColor color = psc_light_to_color (flat.red, flat.green, flat.blue);

  psc_raster_fill (line, left, painter->background);
  psc_raster_fill (line + left, right - left, color);
  psc_raster_fill (line + right, painter->width - right, painter->background);
}

/* Each pixel by the entry that most of the rows under it have in its column. */
static void
ink_line (Painter *painter, guint y, guint32 *line)
{
  guint n = painter->tally.width;

  psc_tally_get_most (&painter->tally, painter->most);
  for (guint x = 0; x < painter->width; x++)
    {
      guint source = painter->sources[x];

      if (source < n)
        psc_raster_ink (painter->palette, painter->most[source], x, y, &line[x]);
    }
}

static void
paint_columns (Painter *painter, guint32 *line)
{
  if (painter->page_width >= 1)
    stretch (painter, line);
  else
    squeeze (painter, line);
}

static void
paint_line (Painter *painter, guint y, guint32 *line)
{
  if (painter->tally.n_varied == 0)
    paint_flat (painter, line);
  else
    {
      psc_tally_get_columns (&painter->tally, painter->red, painter->green, painter->blue);
      paint_columns (painter, line);
    }
  if (painter->job->patterns)
    ink_line (painter, y, line);
}

/* A line that lies in one row as a whole; FALSE when there are shorter ways. */
static gboolean
paint_row (Painter *painter, guint row, guint32 *line)
{
  if (row == G_MAXUINT || painter->job->patterns ||
      !psc_tally_get_row (&painter->tally, painter->sheet, row, painter->red, painter->green,
                          painter->blue))
    return FALSE;
  paint_columns (painter, line);
  return TRUE;
}

/* Adds what of a section lies under the line of pixels [y, y + 1). */
static void
add_section (Painter *painter, const PscSheetSection *section, double y)
{
  double top = section_top (painter, section);

  psc_tally_add (&painter->tally, painter->sheet, section, (y - top) / painter->row_height,
                 (y + 1 - top) / painter->row_height);
}

/* The row that all of the line of pixels [y, y + 1) lies in, or G_MAXUINT. */
static guint
find_row (const Painter *painter, guint section, double y)
{
  const PscSheetSection *at = &painter->sheet->sections[section];
  double top;

  if (section == painter->sheet->n_sections || painter->row_height <= 1)
    return G_MAXUINT;
  top = section_top (painter, at);
  return psc_tally_find_row (painter->sheet, at, (y - top) / painter->row_height,
                             (y + 1 - top) / painter->row_height);
}

static void
sum_line (Painter *painter, guint section, guint y, guint32 *line)
{
  psc_tally_clear (&painter->tally);
  for (guint i = section; i < painter->sheet->n_sections; i++)
    {
      if (section_top (painter, &painter->sheet->sections[i]) >= y + 1)
        break;
      add_section (painter, &painter->sheet->sections[i], y);
    }
  paint_line (painter, y, line);
}

/* The lines [from, to) of the picture. */
static void
draw_part (Painter *painter, guint8 *pixels, gsize stride, guint from, guint to)
{
  guint section = count_sections_above (painter, from);
  guint last = G_MAXUINT; /* row of the line above, when it was but one */

  for (guint y = from; y < to; y++)
    {
      guint32 *line = (guint32 *) (void *) (pixels + y * stride);
      guint row;

      while (section < painter->sheet->n_sections &&
             section_bottom (painter, &painter->sheet->sections[section]) <= y)
        section++;
      row = find_row (painter, section, y);
      if (row != G_MAXUINT && row == last && !painter->job->patterns)
        memcpy (line, pixels + (y - 1) * stride, painter->width * sizeof *line);
      else if (!paint_row (painter, row, line))
        sum_line (painter, section, y, line);
      last = row;
    }
}

/* --- several parts at a time --------------------------------------------------------------- */

/* Fewer pixels than this are soon drawn; and strips, which are drawn side by side, have fewer. */
#define LEAST_PIXELS (1 << 20)

typedef struct
{
  const PscRasterJob *job;
  const PscRasterPalette *palette;
  guint8 *pixels;
  gsize stride;
  guint width, height, n_parts;
} Picture;

static void
draw_index (guint index, gpointer user_data)
{
  const Picture *picture = user_data;
  guint from = picture->height * index / picture->n_parts;
  guint to = picture->height * (index + 1) / picture->n_parts;
  Painter painter;

  painter_init (&painter, picture->job, picture->palette, picture->width);
  draw_part (&painter, picture->pixels, picture->stride, from, to);
  painter_finish (&painter);
}

void
psc_raster_draw_lines (const PscRasterJob *job, const PscRasterPalette *palette, guint8 *pixels,
                       gsize stride, guint width, guint height)
{
  Picture picture = { job, palette, pixels, stride, width, height, 1 };

  if ((gsize) width * height >= LEAST_PIXELS)
    picture.n_parts = psc_parallel_get_n ();
  psc_parallel_run (picture.n_parts, draw_index, &picture);
}
