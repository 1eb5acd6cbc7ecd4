/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-map-view-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "psc-describe.h"

/* A key held down goes faster than one can listen; a view that moves is not worth a word. */
#define SELECTION_MS 60
#define VIEW_MS      180

static guint
count_rows (PscMapView *self)
{
  guint first, last;
  double rows = 0;

  psc_view_visible_bands (&self->view, self->layout, &first, &last);
  for (guint i = first; i < last; i++)
    {
      const PscBand *band = &self->layout->bands[i];
      double top = psc_view_band_top (&self->view, self->layout, band) / self->view.row_height;
      double height = self->view.height / self->view.row_height;

      if (band->type != PSC_BAND_RULE)
        rows += MIN (ceil (height), ceil (top + band->n_rows)) - MAX (0, floor (top));
    }
  return (guint) MAX (rows, 0);
}

/* NULL when nothing is selected. */
static char *
dup_selection (PscMapView *self)
{
  const PscMapping *mapping = psc_map_view_get_selected (self);
  PscStretch stretch;

  if (mapping == NULL)
    return NULL;
  switch (self->level)
    {
    case PSC_MAP_LEVEL_RUN:
      stretch = psc_stretch_at (self->space, mapping, self->selected_page);
      return psc_describe_stretch (self->space, &stretch);
    case PSC_MAP_LEVEL_PAGE:
      return psc_describe_page (self->space, self->selected_page);
    default:
      return psc_describe_mapping (self->space, mapping);
    }
}

/* NULL when the pointer is elsewhere. */
static char *
dup_hover (PscMapView *self)
{
  const PscPlace *place = &self->hover;

  switch (place->type)
    {
    case PSC_PLACE_PAGE:
      if (psc_space_lookup (self->space, place->start) == NULL)
        return NULL;
      return psc_describe_page (self->space, place->start);
    case PSC_PLACE_FOLD:
      return psc_describe_mark (place->start, place->end, TRUE);
    case PSC_PLACE_GAP:
    case PSC_PLACE_RULE:
      return psc_describe_mark (place->start, place->end, FALSE);
    default:
      return NULL;
    }
}

static void
update_accessible (PscMapView *self, const char *sentence)
{
  g_autofree char *hover = self->space != NULL ? dup_hover (self) : NULL;
  g_autofree char *label = NULL;

  if (self->space != NULL)
    label = g_strdup_printf (_ ("Memory map of %s, %d"), self->space->name, self->space->pid);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label != NULL ? label : _ ("Memory map"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  hover != NULL && !self->by_keyboard ? hover : sentence, -1);
}

/* Both sentences, of what is selected, else of what is in view. */
static void
make_sentences (PscMapView *self, char **sentence, char **brief)
{
  g_autoptr (GArray) seen = NULL;
  PscScene scene = { 0 };

  if (self->space == NULL || self->layout == NULL || self->view.width <= 0)
    {
      *sentence = g_strdup ("");
      *brief = g_strdup ("");
      return;
    }
  *sentence = dup_selection (self);
  if (*sentence != NULL)
    {
      *brief = g_strdup (*sentence);
      return;
    }
  scene.n_rows = count_rows (self);
  if (!self->fit)
    {
      seen = psc_view_find_seen (&self->view, self->layout);
      scene.ranges = &g_array_index (seen, PscRange, 0);
      scene.n_ranges = seen->len;
    }
  *sentence = psc_describe_scene (self->space, &scene);
  *brief = psc_describe_scene_briefly (self->space, &scene);
}

static void
speak (PscMapView *self)
{
  g_autofree char *sentence = NULL, *brief = NULL;

  make_sentences (self, &sentence, &brief);
  /* Who listens is told what changed because of him; numbers that run on by themselves would talk
   * without end. */
  if (self->speak_reason != PSC_SPEAK_REFRESH || !gtk_widget_has_focus (GTK_WIDGET (self)))
    update_accessible (self, sentence);
  if (g_strcmp0 (sentence, self->sentence) == 0)
    return;
  g_free (self->sentence);
  g_free (self->brief);
  self->sentence = g_steal_pointer (&sentence);
  self->brief = g_steal_pointer (&brief);
  g_signal_emit_by_name (self, "described");
}

static gboolean
speak_cb (gpointer user_data)
{
  PscMapView *self = user_data;

  self->speak_timer = 0;
  speak (self);
  return G_SOURCE_REMOVE;
}

void
psc_map_speak_soon (PscMapView *self, PscSpeakReason reason)
{
  gboolean waits = self->speak_timer != 0;

  if (self->refreshing)
    reason = PSC_SPEAK_REFRESH;
  /* The more urgent is not put off; of the others, the last counts. */
  if (waits && reason > self->speak_reason)
    return;
  self->speak_reason = reason;
  g_clear_handle_id (&self->speak_timer, g_source_remove);
  self->speak_timer =
      g_timeout_add (reason == PSC_SPEAK_SELECTION ? SELECTION_MS : VIEW_MS, speak_cb, self);
}

const char *
psc_map_view_get_sentence (PscMapView *self)
{
  return self->sentence != NULL ? self->sentence : "";
}

const char *
psc_map_view_get_brief_sentence (PscMapView *self)
{
  return self->brief != NULL ? self->brief : "";
}

void
psc_map_speak_finish (PscMapView *self)
{
  g_clear_handle_id (&self->speak_timer, g_source_remove);
  g_clear_pointer (&self->sentence, g_free);
  g_clear_pointer (&self->brief, g_free);
}
