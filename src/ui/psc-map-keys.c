/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-view-private.h"

#define ZOOM_FACTOR 1.5
#define PAN_PX      60.0
/* Of the view, that a page of scrolling moves it by. */
#define PAGE_SHARE 0.9

static gboolean
step_by_key (PscMapView *self, guint key)
{
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      psc_map_cursor_step_run (self, -1);
      return TRUE;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      psc_map_cursor_step_run (self, 1);
      return TRUE;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      psc_map_cursor_step_mapping (self, TRUE);
      return TRUE;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      psc_map_cursor_step_mapping (self, FALSE);
      return TRUE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      psc_map_cursor_fill (self);
      return TRUE;
    case GDK_KEY_Escape:
      if (self->only != 0)
        psc_map_view_set_only (self, 0);
      else
        psc_map_cursor_step_back (self);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
step_page_by_key (PscMapView *self, guint key)
{
  gboolean left = key == GDK_KEY_Left || key == GDK_KEY_KP_Left;
  gboolean right = key == GDK_KEY_Right || key == GDK_KEY_KP_Right;

  if (left || right)
    psc_map_cursor_step_page (self, right ? 1 : -1);
  return left || right;
}

static gboolean
pan_by_key (PscMapView *self, guint key)
{
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      psc_map_view_pan_smoothly (self, -PAN_PX, 0);
      return TRUE;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      psc_map_view_pan_smoothly (self, PAN_PX, 0);
      return TRUE;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      psc_map_view_pan_smoothly (self, 0, -PAN_PX);
      return TRUE;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      psc_map_view_pan_smoothly (self, 0, PAN_PX);
      return TRUE;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      psc_map_view_go_to_end (self, FALSE);
      return TRUE;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      psc_map_view_go_to_end (self, TRUE);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
move_by_key (PscMapView *self, guint key)
{
  double page = self->view.height * PAGE_SHARE;

  switch (key)
    {
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      psc_map_view_pan_smoothly (self, 0, -page);
      return TRUE;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      psc_map_view_pan_smoothly (self, 0, page);
      return TRUE;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      psc_map_view_go_to_end (self, TRUE);
      return TRUE;
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      psc_map_view_zoom (self, ZOOM_FACTOR);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_underscore:
    case GDK_KEY_KP_Subtract:
      psc_map_view_zoom (self, 1 / ZOOM_FACTOR);
      return TRUE;
    case GDK_KEY_BackSpace:
      psc_map_view_go_back (self);
      return TRUE;
    default:
      return FALSE;
    }
}

/* How close: everything, a page, a row, a segment. */
static gboolean
zoom_by_letter (PscMapView *self, guint key)
{
  switch (key)
    {
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
    case GDK_KEY_f:
      psc_map_view_fit (self);
      return TRUE;
    case GDK_KEY_p:
      psc_map_view_show_page (self);
      return TRUE;
    case GDK_KEY_r:
      psc_map_view_show_row (self);
      return TRUE;
    case GDK_KEY_s:
      psc_map_view_show_segment (self);
      return TRUE;
    default:
      return FALSE;
    }
}

/* By its number in the list. */
static gboolean
choose_lens_by_key (PscMapView *self, guint key)
{
  guint lens = key >= GDK_KEY_KP_0 ? key - GDK_KEY_KP_1 : key - GDK_KEY_1;

  if (lens >= PSC_N_LENSES)
    return FALSE;
  return gtk_widget_activate_action (GTK_WIDGET (self), "win.lens", "s", psc_lens_id (lens));
}

static gboolean
act_by_key (PscMapView *self, guint key, gboolean shift)
{
  switch (key)
    {
    case GDK_KEY_i:
      psc_map_view_isolate_next (self, shift ? -1 : 1);
      return TRUE;
    case GDK_KEY_m:
      return gtk_widget_activate_action (GTK_WIDGET (self), "win.mark", NULL);
    case GDK_KEY_n:
      return gtk_widget_activate_action (GTK_WIDGET (self), "win.live", NULL);
    case GDK_KEY_space:
      return gtk_widget_activate_action (GTK_WIDGET (self), "win.pause", NULL);
    case GDK_KEY_l:
      return gtk_widget_activate_action (GTK_WIDGET (self), "win.next-lens", NULL);
    default:
      return choose_lens_by_key (self, key);
    }
}

static gboolean
key_cb (PscMapView *self, guint key, guint code, GdkModifierType state)
{
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();

  /* With caps lock or shift the letters are meant all the same. */
  key = gdk_keyval_to_lower (key);
  if (modifiers == GDK_CONTROL_MASK)
    return pan_by_key (self, key);
  if (modifiers == GDK_SHIFT_MASK && step_page_by_key (self, key))
    return TRUE;
  if (modifiers != 0 && modifiers != GDK_SHIFT_MASK)
    return FALSE;
  return step_by_key (self, key) || move_by_key (self, key) || zoom_by_letter (self, key) ||
         act_by_key (self, key, modifiers == GDK_SHIFT_MASK);
}

void
psc_map_keys_install (PscMapView *self)
{
  GtkEventController *key = gtk_event_controller_key_new ();

  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
}
