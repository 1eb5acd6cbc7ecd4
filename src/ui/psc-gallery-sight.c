/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-gallery-sight.h"

static PscGalleryTile *
tile_of (GtkWidget *cell)
{
  GtkWidget *tile = gtk_widget_get_first_child (cell);

  if (!PSC_IS_GALLERY_TILE (tile) || psc_gallery_tile_get_item (PSC_GALLERY_TILE (tile)) == NULL)
    return NULL;
  return PSC_GALLERY_TILE (tile);
}

PscGalleryTile *
psc_gallery_sight_find (GtkGridView *grid, gint pid)
{
  for (GtkWidget *cell = gtk_widget_get_first_child (GTK_WIDGET (grid)); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    {
      PscGalleryTile *tile = tile_of (cell);

      if (tile != NULL && psc_gallery_item_get_pid (psc_gallery_tile_get_item (tile)) == pid)
        return tile;
    }
  return NULL;
}

double
psc_gallery_sight_distance (GtkGridView *grid, GtkWidget *widget)
{
  double height = gtk_widget_get_height (GTK_WIDGET (grid));
  graphene_rect_t rect;

  if (height <= 0 || !gtk_widget_get_mapped (widget) ||
      !gtk_widget_compute_bounds (widget, GTK_WIDGET (grid), &rect))
    return G_MAXDOUBLE;
  if (rect.origin.y + rect.size.height <= 0)
    return -(rect.origin.y + rect.size.height) / height + G_MINDOUBLE;
  if (rect.origin.y >= height)
    return (rect.origin.y - height) / height + G_MINDOUBLE;
  return 0;
}

void
psc_gallery_sight_append (GtkGridView *grid, double within, GArray *pids)
{
  for (GtkWidget *cell = gtk_widget_get_first_child (GTK_WIDGET (grid)); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    {
      PscGalleryTile *tile = tile_of (cell);
      double distance = tile != NULL ? psc_gallery_sight_distance (grid, cell) : G_MAXDOUBLE;
      gint pid;

      if (distance > within || (distance <= 0) != (within <= 0))
        continue;
      pid = psc_gallery_item_get_pid (psc_gallery_tile_get_item (tile));
      g_array_append_val (pids, pid);
    }
}
