/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-window-private.h"

#define BRIEF_SEC 3

/* Titles of toasts are markup. */
static AdwToast *
toast_new (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

static void
take_toast (PscWindow *self, AdwToast *toast)
{
  /* A window that was closed meanwhile has nobody to tell. */
  if (self->toast_overlay != NULL)
    adw_toast_overlay_add_toast (self->toast_overlay, toast);
  else
    g_object_unref (toast);
}

void
psc_window_say (PscWindow *self, const char *text)
{
  take_toast (self, toast_new (text));
}

void
psc_window_say_briefly (PscWindow *self, const char *text)
{
  AdwToast *toast = toast_new (text);

  adw_toast_set_timeout (toast, BRIEF_SEC);
  take_toast (self, toast);
}

void
psc_window_offer (PscWindow *self, const char *text, const char *label, const char *action,
                  const char *path)
{
  AdwToast *toast = toast_new (text);

  adw_toast_set_button_label (toast, label);
  adw_toast_set_action_name (toast, action);
  if (path != NULL)
    adw_toast_set_action_target (toast, "s", path);
  take_toast (self, toast);
}
