/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-unknown-note.h"

#include <glib/gi18n-lib.h>

#include "psc-label.h"

static const struct
{
  const char *title, *icon;
} reasons[] = {
  [PSC_REASON_DENIED] = { N_ ("Not allowed"), "changes-prevent-symbolic" },
  [PSC_REASON_UNSUPPORTED] = { N_ ("Not told by this kernel"), "action-unavailable-symbolic" },
  [PSC_REASON_GONE] = { N_ ("Gone"), "process-stop-symbolic" },
  [PSC_REASON_TORN] = { N_ ("Changed while it was read"), "view-refresh-symbolic" },
  [PSC_REASON_NOT_READ] = { N_ ("Not read yet"), "document-open-recent-symbolic" },
  [PSC_REASON_FAILED] = { N_ ("Failed"), "dialog-warning-symbolic" },
};

const char *
psc_unknown_reason_title (PscReason reason)
{
  g_return_val_if_fail (reason < G_N_ELEMENTS (reasons), "");

  return g_dgettext (GETTEXT_PACKAGE, reasons[reason].title);
}

const char *
psc_unknown_reason_icon (PscReason reason)
{
  g_return_val_if_fail (reason < G_N_ELEMENTS (reasons), "");

  return reasons[reason].icon;
}

/* The core's reasons are fragments for one line in a terminal: here they are sentences. */
static void
append_sentence (GString *text, const char *fragment)
{
  gunichar first = g_utf8_get_char (fragment);

  if (*fragment == '\0')
    return;
  g_string_append_unichar (text, g_unichar_toupper (first));
  g_string_append (text, g_utf8_next_char (fragment));
  if (!g_str_has_suffix (fragment, "."))
    g_string_append_c (text, '.');
}

static char *
dup_sentence (const char *fragment)
{
  GString *text = g_string_new (NULL);

  append_sentence (text, fragment);
  return g_string_free (text, FALSE);
}

char *
psc_unknown_dup_text (const PscUnknown *unknown)
{
  GString *text = g_string_new (NULL);

  append_sentence (text, g_dgettext (GETTEXT_PACKAGE, unknown->why));
  if (*unknown->remedy != '\0')
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, _ ("What helps: %s."),
                              g_dgettext (GETTEXT_PACKAGE, unknown->remedy));
    }
  return g_string_free (text, FALSE);
}

static GtkWidget *
new_head (const PscUnknown *unknown)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  /* The text beside it says the same. */
  GtkWidget *icon =
      g_object_new (GTK_TYPE_IMAGE, "icon-name", psc_unknown_reason_icon (unknown->reason),
                    "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  g_autofree char *what = dup_sentence (g_dgettext (GETTEXT_PACKAGE, unknown->what));
  g_autofree char *title = NULL;

  if (g_str_has_suffix (what, "."))
    what[strlen (what) - 1] = '\0';
  title = g_strdup_printf (_ ("%s: %s"), what, psc_unknown_reason_title (unknown->reason));
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (head), icon);
  gtk_box_append (GTK_BOX (head), psc_label_new_wrapped (title, "heading"));
  return head;
}

GtkWidget *
psc_unknown_note_new (const PscUnknown *unknown)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *text = psc_unknown_dup_text (unknown);

  gtk_widget_add_css_class (box, "unknown-note");
  /* What nobody has done wrong is no warning. */
  if (unknown->reason != PSC_REASON_DENIED && unknown->reason != PSC_REASON_FAILED)
    gtk_widget_add_css_class (box, "calm");
  gtk_box_append (GTK_BOX (box), new_head (unknown));
  gtk_box_append (GTK_BOX (box), psc_label_new_wrapped (text, "caption"));
  return box;
}
