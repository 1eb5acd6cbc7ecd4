/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-text-size.h"

#define LARGE 1.4

double
psc_text_size_get (void)
{
  int dpi = 0;

  /* In 1024ths; -1 where nobody says. */
  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
  return dpi > 0 ? dpi / (96.0 * 1024) : 1;
}

gboolean
psc_text_size_is_large (void)
{
  return psc_text_size_get () >= LARGE;
}

void
psc_text_size_watch (gpointer object, void (*callback) (gpointer object))
{
  g_signal_connect_object (gtk_settings_get_default (), "notify::gtk-xft-dpi",
                           G_CALLBACK (callback), object, G_CONNECT_SWAPPED);
  callback (object);
}
