/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-gallery-tile.h"

#include "psc-picture.h"

struct _PscGalleryTile
{
  GtkWidget parent_instance;

  GtkWidget *box; /* the only child */
  PscPicture *picture;
  GtkImage *icon, *growth_icon;
  GtkLabel *name_label, *size_label, *facts_label;

  PscGalleryItem *item;
  const char *shown_icon; /* static */
};

G_DEFINE_FINAL_TYPE (PscGalleryTile, psc_gallery_tile, GTK_TYPE_WIDGET)

enum
{
  PROP_ITEM = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
take_text (GtkLabel *label, char *text)
{
  gtk_label_set_label (label, text);
  g_free (text);
}

/* What has the focus, and so is read out, is GTK's own widget around the tile. */
static void
update_label (PscGalleryTile *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *label = NULL;

  if (parent == NULL || self->item == NULL)
    return;
  label = psc_gallery_item_dup_label (self->item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

static void
update (PscGalleryTile *self)
{
  PscGalleryItem *item = self->item;
  const char *icon = psc_gallery_item_get_icon (item);
  g_autofree char *tooltip = psc_gallery_item_dup_tooltip (item);

  psc_picture_set_surface (self->picture,
                           icon == NULL ? psc_gallery_item_get_surface (item) : NULL);
  if (icon != self->shown_icon)
    gtk_image_set_from_icon_name (self->icon, icon);
  self->shown_icon = icon;
  gtk_widget_set_visible (GTK_WIDGET (self->icon), icon != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->growth_icon), psc_gallery_item_get_growth (item) > 0);
  take_text (self->name_label, psc_gallery_item_dup_name (item));
  take_text (self->size_label, psc_gallery_item_dup_size (item));
  take_text (self->facts_label, psc_gallery_item_dup_facts (item));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
  if (psc_gallery_item_get_readable (item))
    gtk_widget_remove_css_class (GTK_WIDGET (self), "closed");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "closed");
  update_label (self);
}

static void
set_item (PscGalleryTile *self, PscGalleryItem *item)
{
  if (self->item == item)
    return;
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, update, self);
  g_set_object (&self->item, item);
  if (item == NULL)
    {
      psc_picture_set_surface (self->picture, NULL);
      return;
    }
  g_signal_connect_object (item, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

PscGalleryItem *
psc_gallery_tile_get_item (PscGalleryTile *self)
{
  return self->item;
}

GtkWidget *
psc_gallery_tile_get_picture (PscGalleryTile *self)
{
  return GTK_WIDGET (self->picture);
}

static void
psc_gallery_tile_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_ITEM)
    g_value_set_object (value, PSC_GALLERY_TILE (object)->item);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
psc_gallery_tile_set_property (GObject *object, guint prop_id, const GValue *value,
                               GParamSpec *pspec)
{
  if (prop_id == PROP_ITEM)
    set_item (PSC_GALLERY_TILE (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
psc_gallery_tile_dispose (GObject *object)
{
  PscGalleryTile *self = PSC_GALLERY_TILE (object);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, update, self);
  g_clear_object (&self->item);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_GALLERY_TILE);
  G_OBJECT_CLASS (psc_gallery_tile_parent_class)->dispose (object);
}

static void
psc_gallery_tile_class_init (PscGalleryTileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = psc_gallery_tile_get_property;
  object_class->set_property = psc_gallery_tile_set_property;
  object_class->dispose = psc_gallery_tile_dispose;
  props[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, PSC_TYPE_GALLERY_ITEM,
                                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (PSC_TYPE_PICTURE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/pagescape/Pagescape/psc-gallery-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, PscGalleryTile, box);
  gtk_widget_class_bind_template_child (widget_class, PscGalleryTile, picture);
  gtk_widget_class_bind_template_child (widget_class, PscGalleryTile, icon);
  gtk_widget_class_bind_template_child (widget_class, PscGalleryTile, growth_icon);
  gtk_widget_class_bind_template_child (widget_class, PscGalleryTile, name_label);
  gtk_widget_class_bind_template_child (widget_class, PscGalleryTile, size_label);
  gtk_widget_class_bind_template_child (widget_class, PscGalleryTile, facts_label);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "gallerytile");
}

static void
psc_gallery_tile_init (PscGalleryTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "notify::parent", G_CALLBACK (update_label), NULL);
}
