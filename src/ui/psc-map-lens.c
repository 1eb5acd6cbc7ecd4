/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-map-view-private.h"

#include <glib/gi18n-lib.h>

#include "psc-format.h"

/* Other colours for the same entries. */
static void
look_changed (PscMapView *self)
{
  psc_map_view_drop_parts (self, PSC_MAP_BODY | PSC_MAP_LEGEND);
  g_signal_emit_by_name (self, "view-changed");
}

static void
forget_counts (PscMapView *self)
{
  g_clear_pointer (&self->counted_space, psc_space_unref);
}

void
psc_map_lens_bring_nothing (PscMapView *self)
{
  self->brings = FALSE;
  g_clear_pointer (&self->wanted_traits, psc_traits_unref);
}

void
psc_map_lens_take_traits (PscMapView *self, PscTraits *traits)
{
  psc_traits_ref (traits);
  psc_traits_unref (self->traits);
  self->traits = traits;
  forget_counts (self);
}

void
psc_map_lens_finish (PscMapView *self)
{
  forget_counts (self);
  g_clear_pointer (&self->traits, psc_traits_unref);
  psc_map_lens_bring_nothing (self);
}

void
psc_map_lens_forget (PscMapView *self)
{
  psc_map_lens_finish (self);
  self->only = 0;
}

/* Counting costs what the runs cost, and a legend is drawn with every frame. */
static const guint64 *
get_counts (PscMapView *self)
{
  if (self->counted_space != self->space)
    {
      forget_counts (self);
      psc_lens_count (self->lens, self->space, self->traits, self->entry_bytes);
      self->counted_space = psc_space_ref (self->space);
    }
  return self->entry_bytes;
}

void
psc_map_lens_take_counts (PscMapView *self, const guint64 *bytes)
{
  forget_counts (self);
  memcpy (self->entry_bytes, bytes, sizeof self->entry_bytes);
  self->counted_space = psc_space_ref (self->space);
}

void
psc_map_lens_fill (PscMapView *self, PscMap *map)
{
  map->traits = self->traits;
  map->only = self->only;
  map->patterns = self->patterns;
  map->bytes = self->space != NULL ? get_counts (self) : NULL;
  map->seen = self->seen_bytes;
}

void
psc_map_lens_count_seen (PscMapView *self)
{
  /* What is folded away is in view, too, when everything is. */
  if (self->fit && !psc_map_view_is_moving (self))
    {
      memcpy (self->seen_bytes, get_counts (self), sizeof self->seen_bytes);
      return;
    }
  psc_sheet_count (self->sheet, &self->view, self->seen_bytes);
  for (guint i = 0; i < PSC_LENS_MAX_ENTRIES; i++)
    self->seen_bytes[i] *= self->space->page_size;
}

void
psc_map_view_set_traits (PscMapView *self, PscTraits *traits)
{
  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  psc_map_lens_bring_nothing (self);
  if (self->traits == traits)
    return;
  psc_map_lens_take_traits (self, traits);
  psc_map_view_drop_sheet (self);
  /* Other entries may occur, and the legend leave another body. */
  psc_map_view_place (self);
  psc_map_view_drop_sheet (self);
  g_signal_emit_by_name (self, "view-changed");
}

PscTraits *
psc_map_view_get_traits (PscMapView *self)
{
  return self->traits;
}

void
psc_map_view_set_patterns (PscMapView *self, gboolean patterns)
{
  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (self->patterns == patterns)
    return;
  self->patterns = patterns;
  look_changed (self);
}

gboolean
psc_map_view_get_patterns (PscMapView *self)
{
  return self->patterns;
}

void
psc_map_view_set_only (PscMapView *self, guint64 entries)
{
  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (self->only == entries)
    return;
  self->only = entries;
  look_changed (self);
}

guint64
psc_map_view_get_only (PscMapView *self)
{
  return self->only;
}

/* --- the legend ---------------------------------------------------------------------------- */

static guint64
hit_legend (PscMapView *self, double x, double y)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  guint64 entries;
  PscMap map;

  /* It is below all else. */
  if (self->layout == NULL || height <= 0 || y < self->body.y + self->body.height)
    return 0;
  map = psc_map_view_get_map (self);
  return psc_map_legend_hit (&map, width, height, x, y, &entries) ? entries : 0;
}

/* A click shows one entry alone, or all again; with Ctrl or Shift it takes one more or less. */
static void
isolate (PscMapView *self, guint64 entries, gboolean add)
{
  if (add)
    psc_map_view_set_only (self, self->only ^ entries);
  else
    psc_map_view_set_only (self, self->only == entries ? 0 : entries);
}

static void
pressed_cb (PscMapView *self, int n_press, double x, double y, GtkGesture *gesture)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  guint64 entries = hit_legend (self, x, y);

  if (entries == 0)
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  isolate (self, entries, (state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0);
}

void
psc_map_lens_point (PscMapView *self, double x, double y)
{
  gboolean over = hit_legend (self, x, y) != 0;

  if (over == self->over_legend)
    return;
  self->over_legend = over;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), over ? "pointer" : NULL);
}

static const PscLensEntry *
entry_of_mask (PscMapView *self, guint64 mask)
{
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (self->lens, &n);

  for (guint i = 0; i < n; i++)
    if (mask >> i & 1)
      return &entries[i];
  return NULL;
}

/* What the two sizes of an entry are. */
static char *
dup_sizes (PscMapView *self, guint64 mask)
{
  const guint64 *all = get_counts (self);
  guint64 seen = 0, whole = 0;
  g_autofree char *seen_size = NULL, *whole_size = NULL;

  for (guint i = 0; i < PSC_LENS_MAX_ENTRIES; i++)
    if (mask >> i & 1)
      {
        seen += self->seen_bytes[i];
        whole += all[i];
      }
  seen_size = psc_format_size (seen);
  whole_size = psc_format_size (whole);
  return g_strdup_printf (_ ("%s in view, %s in all"), seen_size, whole_size);
}

static gboolean
query_tooltip_cb (PscMapView *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  guint64 mask = keyboard ? 0 : hit_legend (self, x, y);
  const PscLensEntry *entry = entry_of_mask (self, mask);
  g_autofree char *sizes = NULL, *text = NULL;

  if (entry == NULL)
    return FALSE;
  sizes = dup_sizes (self, mask);
  text = g_strdup_printf (_ ("%s: %s\n%s.\nClick: show it alone. With Ctrl: one more, one less."),
                          _ (entry->title), sizes, _ (entry->hint));
  gtk_tooltip_set_text (tooltip, text);
  gtk_tooltip_set_tip_area (tooltip, &(GdkRectangle){ x, y, 1, 1 });
  return TRUE;
}

/* The masks of the entries that occur, in their order; room for PSC_LENS_MAX_ENTRIES. */
static guint
list_masks (PscMapView *self, guint64 *masks)
{
  const guint64 *bytes = get_counts (self);
  guint n_pairs = psc_lens_n_pairs (self->lens);
  const guint64 one = 1;
  guint n_entries, n = 0;

  psc_lens_get_entries (self->lens, &n_entries);
  if (n_pairs > 0)
    n_entries = n_pairs;
  for (guint i = 0; i < n_entries; i++)
    if (bytes[i] > 0 || (n_pairs > 0 && bytes[i + n_pairs] > 0))
      masks[n++] = one << i | (n_pairs > 0 ? one << (i + n_pairs) : 0);
  return n;
}

void
psc_map_view_isolate_next (PscMapView *self, int step)
{
  guint64 masks[PSC_LENS_MAX_ENTRIES];
  guint n, at;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (self->space == NULL)
    return;
  n = list_masks (self, masks);
  for (at = 0; at < n && masks[at] != self->only; at++)
    continue;
  /* All of them is one more step, and where everything begins. */
  if (at == n && step < 0)
    at = n - 1;
  else if (at == n)
    at = 0;
  else
    at = step < 0 && at == 0 ? n : at + (guint) step;
  psc_map_view_set_only (self, at < n ? masks[at] : 0);
}

void
psc_map_lens_install (PscMapView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  /* Before the gestures of the map itself. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), self);
}
