/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-picture.h"

struct _PscPicture
{
  GtkWidget parent_instance;

  cairo_surface_t *surface;
  GskRenderNode *node; /* of the surface; NULL: to be made */
};

G_DEFINE_FINAL_TYPE (PscPicture, psc_picture, GTK_TYPE_WIDGET)

static void
get_size (cairo_surface_t *surface, double *width, double *height)
{
  double scale_x, scale_y;

  cairo_surface_get_device_scale (surface, &scale_x, &scale_y);
  *width = cairo_image_surface_get_width (surface) / scale_x;
  *height = cairo_image_surface_get_height (surface) / scale_y;
}

/* Pages stay sharp when a picture grows, and this is the filter that keeps up with it. */
static GskRenderNode *
make_cairo_node (cairo_surface_t *surface, const graphene_rect_t *bounds)
{
  GskRenderNode *node = gsk_cairo_node_new (bounds);
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);
  double width, height;

  get_size (surface, &width, &height);
  cairo_translate (cr, bounds->origin.x, bounds->origin.y);
  cairo_scale (cr, bounds->size.width / width, bounds->size.height / height);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_destroy (cr);
  return node;
}

static GskRenderNode *
make_texture_node (cairo_surface_t *surface, const graphene_rect_t *bounds)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  cairo_surface_t *opaque = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  double scale_x, scale_y;
  cairo_t *cr;

  /* The fourth byte of a picture without alpha says nothing. */
  cairo_surface_get_device_scale (surface, &scale_x, &scale_y);
  cairo_surface_set_device_scale (opaque, scale_x, scale_y);
  cr = cairo_create (opaque);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_flush (opaque);
  bytes =
      g_bytes_new_with_free_func (cairo_image_surface_get_data (opaque), stride * (gsize) height,
                                  (GDestroyNotify) cairo_surface_destroy, opaque);
  texture = gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
  return gsk_texture_node_new (texture, bounds);
}

GskRenderNode *
psc_picture_make_node (GtkWidget *widget, cairo_surface_t *surface, const graphene_rect_t *bounds)
{
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));

  if (renderer == NULL || g_str_equal (G_OBJECT_TYPE_NAME (renderer), "GskCairoRenderer"))
    return make_cairo_node (surface, bounds);
  return make_texture_node (surface, bounds);
}

void
psc_picture_set_surface (PscPicture *self, cairo_surface_t *surface)
{
  g_return_if_fail (PSC_IS_PICTURE (self));

  if (self->surface == surface)
    return;
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  g_clear_pointer (&self->node, gsk_render_node_unref);
  if (surface != NULL)
    self->surface = cairo_surface_reference (surface);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
psc_picture_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PscPicture *self = PSC_PICTURE (widget);
  graphene_rect_t bounds;
  double width, height;

  if (self->surface == NULL)
    return;
  if (self->node == NULL)
    {
      get_size (self->surface, &width, &height);
      bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
      self->node = psc_picture_make_node (widget, self->surface, &bounds);
    }
  gtk_snapshot_append_node (snapshot, self->node);
}

/* Another window may have another renderer. */
static void
psc_picture_unrealize (GtkWidget *widget)
{
  g_clear_pointer (&PSC_PICTURE (widget)->node, gsk_render_node_unref);
  GTK_WIDGET_CLASS (psc_picture_parent_class)->unrealize (widget);
}

static void
psc_picture_finalize (GObject *object)
{
  PscPicture *self = PSC_PICTURE (object);

  g_clear_pointer (&self->node, gsk_render_node_unref);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  G_OBJECT_CLASS (psc_picture_parent_class)->finalize (object);
}

static void
psc_picture_class_init (PscPictureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = psc_picture_finalize;
  widget_class->snapshot = psc_picture_snapshot;
  widget_class->unrealize = psc_picture_unrealize;
  gtk_widget_class_set_css_name (widget_class, "thumbnail");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
psc_picture_init (PscPicture *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}
