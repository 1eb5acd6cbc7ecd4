/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the window says: the line below the map has the sentence that a screen reader is told, and
 * nothing that can have the focus is without a name. */

#include "psc-window-private.h"

#include "psc-a11y.h"

/* The map needs room too. */
#define MAX_GROWTH 1.4

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
  int dpi = 0;

  /* In 1024ths; -1 where nobody says. */
  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
  return CLAMP (dpi / (96.0 * 1024), 1, MAX_GROWTH);
}

void
psc_window_speak_install (PscWindow *self)
{
  g_signal_connect_object (self->map, "described", G_CALLBACK (psc_window_speak_update), self,
                           G_CONNECT_SWAPPED);
  psc_a11y_install (GTK_WINDOW (self));
}
