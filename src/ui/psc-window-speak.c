/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The line below the map: the sentence that a screen reader is told, for everybody. */

#include "psc-window-private.h"

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

void
psc_window_speak_install (PscWindow *self)
{
  g_signal_connect_object (self->map, "described", G_CALLBACK (psc_window_speak_update), self,
                           G_CONNECT_SWAPPED);
}
