/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-gallery.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "psc-gallery-model.h"
#include "psc-gallery-sight.h"
#include "psc-gallery-tile.h"
#include "psc-gallery-zoom.h"

/* Long enough that a scroll in full flight asks for nothing on its way. */
#define LOOK_AROUND_MS 80
/* px: a tile with the room around it, as the stylesheet has it. */
#define TILE_WIDTH (PSC_GALLERY_PICTURE_WIDTH + 16)
/* Tiles this far out of view, in heights of the view, are about to be in it. */
#define SOON 0.5

struct _PscGallery
{
  GtkWidget parent_instance;

  GtkWidget *box; /* the only child */
  GtkLabel *legend_label;
  GtkStack *stack;
  GtkSpinner *spinner;
  GtkScrolledWindow *scrolled_window;
  GtkGridView *grid;

  PscGalleryModel *model;
  PscThumbnails *thumbnails; /* NULL before there is a source */
  PscLens lens;
  gboolean low_at_top, active, paused, loaded;
  gboolean pointer_inside;
  guint look_around_timer, columns_idle;
  PscGalleryZoom *zoom; /* NULL: none */
  GskRenderNode *drawn; /* the last frame, for a zoom to begin with; NULL: none */
};

G_DEFINE_FINAL_TYPE (PscGallery, psc_gallery, GTK_TYPE_WIDGET)

enum
{
  OPEN,
  ZOOMED,
  FACTS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- which tiles are in view --------------------------------------------------------------- */

static gboolean
look_around_cb (gpointer user_data)
{
  PscGallery *self = user_data;
  g_autoptr (GArray) pids = g_array_new (FALSE, FALSE, sizeof (gint));

  self->look_around_timer = 0;
  psc_gallery_sight_append (self->grid, 0, pids);
  psc_gallery_sight_append (self->grid, SOON, pids);
  if (self->thumbnails != NULL)
    psc_thumbnails_set_wanted (self->thumbnails, (gpointer) pids->data, pids->len);
  return G_SOURCE_REMOVE;
}

static void
look_around (PscGallery *self)
{
  if (self->look_around_timer == 0 && self->active)
    self->look_around_timer = g_timeout_add (LOOK_AROUND_MS, look_around_cb, self);
}

/* --- pictures ------------------------------------------------------------------------------ */

static PscTheme
get_theme (PscGallery *self)
{
  AdwStyleManager *manager =
      adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));

  return adw_style_manager_get_dark (manager) ? PSC_THEME_DARK : PSC_THEME_LIGHT;
}

/* Words of one entry stay on one line. */
static char *
dup_entry_markup (const PscLensEntry *entry, PscTheme theme)
{
  g_auto (GStrv) words = g_strsplit (g_dgettext (GETTEXT_PACKAGE, entry->title), " ", -1);
  g_autofree char *title = g_strjoinv ("\u00a0", words);

  return g_markup_printf_escaped ("<span color=\"#%06x\">■</span>\u00a0%s", entry->colors[theme],
                                  title);
}

static void
update_legend (PscGallery *self)
{
  g_autoptr (GString) markup = g_string_new (NULL);
  PscTheme theme = get_theme (self);
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (self->lens, &n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *entry = dup_entry_markup (&entries[i], theme);

      g_string_append_printf (markup, "%s%s", i > 0 ? "   " : "", entry);
    }
  gtk_label_set_label (self->legend_label, markup->str);
}

static void
update_look (PscGallery *self)
{
  PscThumbnailLook look = {
    .width = PSC_GALLERY_PICTURE_WIDTH,
    .height = PSC_GALLERY_PICTURE_HEIGHT,
    .scale = (guint) gtk_widget_get_scale_factor (GTK_WIDGET (self)),
    .lens = self->lens,
    .theme = get_theme (self),
    .low_at_top = self->low_at_top,
  };

  update_legend (self);
  if (self->thumbnails != NULL)
    psc_thumbnails_set_look (self->thumbnails, &look);
}

static void
thumbnail_changed_cb (PscGallery *self, gint pid)
{
  PscGalleryItem *item = psc_gallery_model_find (self->model, pid);

  if (item != NULL)
    psc_gallery_item_set_thumbnail (item, psc_thumbnails_lookup (self->thumbnails, pid));
}

void
psc_gallery_set_source (PscGallery *self, PscProbeSource *source)
{
  g_return_if_fail (PSC_IS_GALLERY (self));
  g_return_if_fail (self->thumbnails == NULL);

  self->thumbnails = psc_thumbnails_new (source);
  g_signal_connect_object (self->thumbnails, "changed", G_CALLBACK (thumbnail_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update_look (self);
}

/* --- the grid ------------------------------------------------------------------------------ */

static void
update_page (PscGallery *self)
{
  const char *page = "loading";

  if (self->loaded)
    page = psc_gallery_get_n_tiles (self) > 0 ? "grid" : "none";
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_spinner_set_spinning (self->spinner, !self->loaded);
}

/* The order moves only when nobody points at a tile; what is on top then stays on top. */
static void
settle (PscGallery *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled_window);
  double value = gtk_adjustment_get_value (adjustment);

  if (self->pointer_inside || self->paused || self->zoom != NULL)
    return;
  if (psc_gallery_model_settle (self->model))
    gtk_adjustment_set_value (adjustment, value);
}

void
psc_gallery_set_table (PscGallery *self, PscProcessTable *table)
{
  g_return_if_fail (PSC_IS_GALLERY (self));

  self->loaded = TRUE;
  if (self->thumbnails != NULL)
    psc_thumbnails_set_table (self->thumbnails, table);
  psc_gallery_model_set_table (self->model, table);
  settle (self);
  update_page (self);
  look_around (self);
  g_signal_emit (self, signals[FACTS_CHANGED], 0);
}

void
psc_gallery_set_search (PscGallery *self, const char *folded)
{
  g_return_if_fail (PSC_IS_GALLERY (self));

  psc_gallery_model_set_search (self->model, folded);
  update_page (self);
  look_around (self);
}

void
psc_gallery_set_sort (PscGallery *self, PscGallerySort sort)
{
  g_return_if_fail (PSC_IS_GALLERY (self));

  psc_gallery_model_set_sort (self->model, sort);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled_window), 0);
  look_around (self);
}

void
psc_gallery_set_lens (PscGallery *self, PscLens lens)
{
  g_return_if_fail (PSC_IS_GALLERY (self));

  self->lens = lens;
  update_look (self);
}

void
psc_gallery_set_low_at_top (PscGallery *self, gboolean low_at_top)
{
  g_return_if_fail (PSC_IS_GALLERY (self));

  self->low_at_top = low_at_top;
  update_look (self);
}

static void
update_work (PscGallery *self)
{
  if (self->thumbnails != NULL)
    psc_thumbnails_set_active (self->thumbnails, self->active && !self->paused);
  if (!self->active)
    g_clear_handle_id (&self->look_around_timer, g_source_remove);
  look_around (self);
}

void
psc_gallery_set_active (PscGallery *self, gboolean active)
{
  g_return_if_fail (PSC_IS_GALLERY (self));

  self->active = active;
  update_work (self);
}

void
psc_gallery_set_paused (PscGallery *self, gboolean paused)
{
  g_return_if_fail (PSC_IS_GALLERY (self));

  self->paused = paused;
  update_work (self);
  g_signal_emit (self, signals[FACTS_CHANGED], 0);
}

gboolean
psc_gallery_get_paused (PscGallery *self)
{
  return self->paused;
}

void
psc_gallery_look_away (PscGallery *self)
{
  g_return_if_fail (PSC_IS_GALLERY (self));

  psc_gallery_model_look_away (self->model);
}

void
psc_gallery_stop (PscGallery *self)
{
  g_return_if_fail (PSC_IS_GALLERY (self));

  if (self->thumbnails != NULL)
    psc_thumbnails_stop (self->thumbnails);
}

void
psc_gallery_focus (PscGallery *self, gint pid)
{
  guint position = psc_gallery_model_get_position (self->model, pid);
  PscGalleryTile *tile;

  g_return_if_fail (PSC_IS_GALLERY (self));

  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->grid), "list.scroll-to-item", "u", position);
  tile = psc_gallery_sight_find (self->grid, pid);
  if (tile == NULL || !gtk_widget_grab_focus (gtk_widget_get_parent (GTK_WIDGET (tile))))
    gtk_widget_grab_focus (GTK_WIDGET (self->grid));
}

guint
psc_gallery_count (PscGallery *self, guint *n_unreadable)
{
  return psc_gallery_model_count (self->model, n_unreadable);
}

guint
psc_gallery_get_n_tiles (PscGallery *self)
{
  return g_list_model_get_n_items (psc_gallery_model_get_list (self->model));
}

double
psc_gallery_get_share (PscGallery *self)
{
  return self->thumbnails != NULL ? psc_thumbnails_get_share (self->thumbnails) : 0;
}

PscThumbnails *
psc_gallery_get_thumbnails (PscGallery *self)
{
  return self->thumbnails;
}

GtkWidget *
psc_gallery_get_tile (PscGallery *self, gint pid)
{
  return (GtkWidget *) psc_gallery_sight_find (self->grid, pid);
}

/* --- to the map ---------------------------------------------------------------------------- */

static void
zoomed_cb (gpointer user_data)
{
  g_signal_emit (user_data, signals[ZOOMED], 0);
}

static void
end_zoom (PscGallery *self)
{
  g_clear_pointer (&self->zoom, psc_gallery_zoom_free);
  gtk_widget_set_can_target (self->box, TRUE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
psc_gallery_zoom (PscGallery *self, gint pid, const GtkBorder *margins)
{
  PscGalleryTile *tile = psc_gallery_sight_find (self->grid, pid);
  PscGalleryItem *item = tile != NULL ? psc_gallery_tile_get_item (tile) : NULL;
  PscGalleryZoomPlan plan;

  end_zoom (self);
  if (item == NULL || psc_gallery_item_get_surface (item) == NULL ||
      psc_gallery_item_get_icon (item) != NULL ||
      psc_gallery_sight_distance (self->grid, GTK_WIDGET (tile)) > 0)
    return FALSE;
  plan = (PscGalleryZoomPlan){
    .surface = psc_gallery_item_get_surface (item),
    .margins = *margins,
    .backdrop = self->drawn,
    .theme = get_theme (self),
  };
  if (!gtk_widget_compute_bounds (psc_gallery_tile_get_picture (tile), GTK_WIDGET (self),
                                  &plan.from))
    return FALSE;
  /* Tiles that aren't drawn have no tooltips. */
  gtk_widget_set_can_target (self->box, FALSE);
  self->zoom = psc_gallery_zoom_new (GTK_WIDGET (self), &plan, zoomed_cb, self);
  return TRUE;
}

gboolean
psc_gallery_is_zooming (PscGallery *self)
{
  return self->zoom != NULL && psc_gallery_zoom_is_moving (self->zoom);
}

static gboolean
skip_zoom (PscGallery *self)
{
  if (!psc_gallery_is_zooming (self))
    return FALSE;
  psc_gallery_zoom_skip (self->zoom);
  return TRUE;
}

static gboolean
zoom_key_cb (PscGallery *self)
{
  return skip_zoom (self);
}

static void
zoom_click_cb (PscGallery *self, int n, double x, double y, GtkGesture *gesture)
{
  if (skip_zoom (self))
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

/* --- the widget ---------------------------------------------------------------------------- */

static void
activate_cb (PscGallery *self, guint position)
{
  g_autoptr (PscGalleryItem) item =
      g_list_model_get_item (psc_gallery_model_get_list (self->model), position);

  if (item != NULL && self->zoom == NULL)
    g_signal_emit (self, signals[OPEN], 0, psc_gallery_item_get_pid (item));
}

static void
enter_cb (PscGallery *self)
{
  self->pointer_inside = TRUE;
}

static void
leave_cb (PscGallery *self)
{
  self->pointer_inside = FALSE;
  settle (self);
  look_around (self);
}

/* The grid makes widgets for some thirty rows of as many columns as it may have: of no more than
 * there is room for. */
static gboolean
columns_cb (gpointer user_data)
{
  PscGallery *self = user_data;
  int n = gtk_widget_get_width (GTK_WIDGET (self)) / TILE_WIDTH;

  self->columns_idle = 0;
  gtk_grid_view_set_max_columns (self->grid, (guint) MAX (n, 1));
  return G_SOURCE_REMOVE;
}

static void
psc_gallery_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PscGallery *self = PSC_GALLERY (widget);
  GtkAllocation all = { 0, 0, width, height };

  gtk_widget_size_allocate (self->box, &all, baseline);
  if (self->columns_idle == 0 &&
      (guint) MAX (width / TILE_WIDTH, 1) != gtk_grid_view_get_max_columns (self->grid))
    self->columns_idle = g_idle_add (columns_cb, self);
}

static void
psc_gallery_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (PSC_GALLERY (widget)->box, orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
}

static void
psc_gallery_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PscGallery *self = PSC_GALLERY (widget);
  GtkSnapshot *own;

  if (self->zoom != NULL)
    {
      psc_gallery_zoom_snapshot (self->zoom, snapshot);
      return;
    }
  own = gtk_snapshot_new ();
  GTK_WIDGET_CLASS (psc_gallery_parent_class)->snapshot (widget, own);
  g_clear_pointer (&self->drawn, gsk_render_node_unref);
  self->drawn = gtk_snapshot_free_to_node (own);
  if (self->drawn != NULL)
    gtk_snapshot_append_node (snapshot, self->drawn);
}

static void
psc_gallery_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (psc_gallery_parent_class)->unmap (widget);
  end_zoom (PSC_GALLERY (widget));
  g_clear_pointer (&PSC_GALLERY (widget)->drawn, gsk_render_node_unref);
}

static void
psc_gallery_dispose (GObject *object)
{
  PscGallery *self = PSC_GALLERY (object);

  g_clear_handle_id (&self->look_around_timer, g_source_remove);
  g_clear_handle_id (&self->columns_idle, g_source_remove);
  g_clear_pointer (&self->zoom, psc_gallery_zoom_free);
  g_clear_pointer (&self->drawn, gsk_render_node_unref);
  if (self->thumbnails != NULL)
    psc_thumbnails_stop (self->thumbnails);
  g_clear_object (&self->thumbnails);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->model);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_GALLERY);
  G_OBJECT_CLASS (psc_gallery_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (klass,
                                               "/io/github/pagescape/Pagescape/psc-gallery.ui");
  gtk_widget_class_bind_template_child (klass, PscGallery, box);
  gtk_widget_class_bind_template_child (klass, PscGallery, legend_label);
  gtk_widget_class_bind_template_child (klass, PscGallery, stack);
  gtk_widget_class_bind_template_child (klass, PscGallery, spinner);
  gtk_widget_class_bind_template_child (klass, PscGallery, scrolled_window);
  gtk_widget_class_bind_template_child (klass, PscGallery, grid);
  gtk_widget_class_bind_template_callback (klass, activate_cb);
}

static void
psc_gallery_class_init (PscGalleryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_gallery_dispose;
  widget_class->measure = psc_gallery_measure;
  widget_class->size_allocate = psc_gallery_size_allocate;
  widget_class->snapshot = psc_gallery_snapshot;
  widget_class->unmap = psc_gallery_unmap;
  signals[OPEN] = g_signal_new ("open", PSC_TYPE_GALLERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_INT);
  signals[ZOOMED] = g_signal_new ("zoomed", PSC_TYPE_GALLERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  signals[FACTS_CHANGED] = g_signal_new ("facts-changed", PSC_TYPE_GALLERY, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (PSC_TYPE_GALLERY_TILE);
  bind_template (widget_class);
}

static void
install_controllers (PscGallery *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (enter_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->scrolled_window), motion);
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  gtk_event_controller_set_name (key, "skip-zoom");
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (zoom_key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (zoom_click_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

static void
psc_gallery_init (PscGallery *self)
{
  AdwStyleManager *manager;
  GtkAdjustment *adjustment;
  g_autoptr (GtkSelectionModel) selection = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->model = psc_gallery_model_new ();
  selection = GTK_SELECTION_MODEL (
      gtk_no_selection_new (g_object_ref (psc_gallery_model_get_list (self->model))));
  gtk_grid_view_set_model (self->grid, selection);
  install_controllers (self);
  adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled_window);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (look_around), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (look_around), self,
                           G_CONNECT_SWAPPED);
  manager = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (update_look), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (update_look), NULL);
  update_page (self);
  update_legend (self);
}

GtkWidget *
psc_gallery_new (void)
{
  return g_object_new (PSC_TYPE_GALLERY, NULL);
}
