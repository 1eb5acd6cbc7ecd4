/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the window says: the line below the map has the sentence that a screen reader is told, and
 * nothing that can have the focus is without a name. */

#include "psc-window-private.h"

#include "psc-a11y.h"
#include "psc-text-size.h"

/* The map needs room too. */
#define MAX_GROWTH 1.4
/* px, in the strip. */
#define STRIP_SPACING 12

void
psc_window_speak_update (PscWindow *self)
{
  const char *sentence = psc_map_view_get_sentence (self->map);
  const char *brief = psc_map_view_get_brief_sentence (self->map);

  if (psc_window_gallery_is_shown (self))
    return;
  gtk_label_set_label (self->seen_label, brief);
  /* The label ends where the window does. */
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->seen_label), *sentence != '\0' ? sentence : NULL);
}

double
psc_window_get_text_growth (void)
{
  return CLAMP (psc_text_size_get (), 1, MAX_GROWTH);
}

/* Side by side neither of the two would have room for what it says. */
static void
arrange_strip (gpointer user_data)
{
  PscWindow *self = user_data;
  gboolean stacked = psc_text_size_is_large ();

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->status_strip),
                                  stacked ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_spacing (self->status_strip, stacked ? 0 : STRIP_SPACING);
  gtk_label_set_xalign (self->live_label, stacked ? 0 : 1);
}

void
psc_window_speak_install (PscWindow *self)
{
  g_signal_connect_object (self->map, "described", G_CALLBACK (psc_window_speak_update), self,
                           G_CONNECT_SWAPPED);
  psc_a11y_install (GTK_WINDOW (self));
  psc_text_size_watch (self, arrange_strip);
}
