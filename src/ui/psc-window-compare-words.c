/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-compare-private.h"

#include <glib/gi18n-lib.h>

#include "psc-format.h"
#include "psc-went-dialog.h"

#define MAX_NAME_CHARS 24

static const struct
{
  const char *id, *label; /* label NULL: the time is told */
  guint seconds;          /* before what is shown; 0: a moment that stays */
} sinces[PSC_N_SINCES] = {
  [PSC_SINCE_MARK] = { "mark", NULL, 0 },
  [PSC_SINCE_FIRST] = { "first", NULL, 0 },
  [PSC_SINCE_10_SECONDS] = { "10", N_ ("Last 10 s"), 10 },
  [PSC_SINCE_MINUTE] = { "60", N_ ("Last minute"), 60 },
};

const char *
psc_since_get_id (PscSince since)
{
  return sinces[since].id;
}

guint
psc_since_get_seconds (PscSince since)
{
  return sinces[since].seconds;
}

PscSince
psc_since_from_id (const char *id)
{
  for (guint i = 0; i < PSC_N_SINCES; i++)
    if (g_str_equal (sinces[i].id, id))
      return i;
  return PSC_SINCE_MARK;
}

gboolean
psc_window_compare_shows_change (PscWindow *self)
{
  return psc_map_view_get_lens (self->map) == PSC_LENS_CHANGE;
}

gboolean
psc_window_compare_is_on (PscWindow *self)
{
  return self->compare->other != NULL || psc_window_compare_shows_change (self);
}

PscDiff *
psc_window_compare_get_diff (PscWindow *self)
{
  return psc_window_compare_is_on (self) ? self->compare->diff : NULL;
}

/* --- what is said of it -------------------------------------------------------------------- */

/* The moment of the past that is compared with; 0: none. */
static gint64
get_since_usec (PscWindow *self)
{
  const PscWindowCompare *compare = self->compare;

  if (compare->other != NULL || compare->diff == NULL)
    return 0;
  return compare->diff_usec;
}

static char *
dup_clock (PscWindow *self, gint64 usec)
{
  gint64 now_usec = psc_window_time_get_shown (self);

  return psc_chart_dup_clock (usec, now_usec != 0 ? now_usec : usec);
}

/* "node (4711)"; of one that is still being read nothing is known. */
static char *
dup_process (const PscWindowCompare *compare)
{
  const PscSpace *space = compare->other_space;
  g_autofree char *name = NULL;

  if (space == NULL)
    return g_strdup ("…");
  name = psc_format_name_ellipsized (space->name, MAX_NAME_CHARS);
  return g_strdup_printf ("%s (%d)", name, space->pid);
}

/* "node (4711)", or "a.pagescape" */
static char *
dup_other_name (const PscWindowCompare *compare)
{
  const char *file = psc_other_get_file (compare->other);

  return file != NULL ? psc_format_name_ellipsized (file, MAX_NAME_CHARS) : dup_process (compare);
}

/* Is a recording one of the process that is shown? */
static gboolean
is_same_process (PscWindow *self)
{
  const PscSpace *shown = psc_window_get_shown_space (self);
  const PscSpace *other = self->compare->other_space;

  return shown != NULL && other != NULL && shown->pid == other->pid &&
         shown->start_time == other->start_time && g_str_equal (shown->host, other->host);
}

static char *
dup_against (PscWindow *self)
{
  g_autofree char *name = dup_other_name (self->compare);
  g_autofree char *clock = NULL, *process = NULL;

  if (self->compare->other_space == NULL)
    return g_strdup_printf (_ ("against %s"), name);
  clock = dup_clock (self, self->compare->other_space->time_usec);
  if (psc_other_get_file (self->compare->other) != NULL && !is_same_process (self))
    {
      process = dup_process (self->compare);
      return g_strdup_printf (_ ("against %s in %s, %s"), process, name, clock);
    }
  return g_strdup_printf (_ ("against %s, %s"), name, clock);
}

char *
psc_window_compare_dup_words (PscWindow *self)
{
  g_autofree char *clock = NULL;
  gint64 usec;

  if (!psc_window_compare_is_on (self) || psc_window_get_shown_space (self) == NULL)
    return NULL;
  if (self->compare->other != NULL)
    return dup_against (self);
  usec = get_since_usec (self);
  if (usec == 0)
    return NULL;
  clock = dup_clock (self, usec);
  /* Who has travelled to before the mark. */
  if (usec > psc_window_time_get_shown (self))
    return g_strdup_printf (_ ("against %s, which is later"), clock);
  return g_strdup_printf (_ ("since %s"), clock);
}

char *
psc_window_compare_dup_growth (PscWindow *self)
{
  const PscDiff *diff = psc_window_compare_get_diff (self);
  g_autofree char *words = psc_window_compare_dup_words (self);
  g_autofree char *delta = NULL;

  if (words == NULL || diff == NULL || !diff->total.then_known || !diff->total.now_known)
    return g_steal_pointer (&words);
  delta = psc_format_size_delta (psc_diff_delta (diff->total.resident));
  return g_strdup_printf (_ ("%s %s"), delta, words);
}

char *
psc_window_compare_dup_sign (PscWindow *self)
{
  g_autofree char *name = NULL;

  if (self->compare == NULL || self->compare->other == NULL)
    return NULL;
  name = dup_other_name (self->compare);
  return g_strdup_printf (_ ("Compared with %s"), name);
}

static char *
dup_label (PscWindow *self)
{
  const PscWindowCompare *compare = self->compare;
  const char *label = sinces[compare->since].label;
  g_autofree char *clock = NULL, *name = NULL;

  if (compare->other != NULL)
    {
      name = dup_other_name (compare);
      return g_strdup_printf (_ ("Against %s"), name);
    }
  if (label != NULL)
    return g_strdup (g_dgettext (GETTEXT_PACKAGE, label));
  clock = get_since_usec (self) != 0 ? dup_clock (self, get_since_usec (self)) : g_strdup ("…");
  return g_strdup_printf (_ ("Since %s"), clock);
}

static char *
dup_tip (PscWindow *self)
{
  const PscWindowCompare *compare = self->compare;
  g_autofree char *words = psc_window_compare_dup_words (self);
  g_autofree char *went = compare->diff != NULL ? psc_went_dup_words (compare->diff) : NULL;
  GString *tip = g_string_new (NULL);

  g_string_append_printf (tip, _ ("What has changed %s."), words != NULL ? words : "…");
  if (compare->other == NULL)
    g_string_append (tip, _ ("\nM marks the moment that is shown."));
  else if (psc_other_get_file (compare->other) == NULL)
    g_string_append (tip, _ ("\nIt was read once: F5 reads it again. Escape ends comparing."));
  else
    g_string_append (tip, _ ("\nEscape ends comparing."));
  if (went != NULL)
    g_string_append_printf (tip, "\n%s", went);
  return g_string_free (tip, FALSE);
}

static void
update_button (PscWindow *self)
{
  g_autofree char *label = dup_label (self);
  g_autofree char *tip = dup_tip (self);

  gtk_widget_set_visible (GTK_WIDGET (self->since_button), psc_window_compare_is_on (self));
  if (g_strcmp0 (gtk_menu_button_get_label (self->since_button), label) != 0)
    gtk_menu_button_set_label (self->since_button, label);
  if (g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (self->since_button)), tip) != 0)
    gtk_widget_set_tooltip_text (GTK_WIDGET (self->since_button), tip);
}

/* The flag on the timeline: what is compared with, else what is marked. */
static void
update_flag (PscWindow *self)
{
  gint64 usec = psc_window_compare_is_on (self) ? get_since_usec (self) : 0;

  if (usec == 0 && self->compare->marked != NULL)
    usec = self->compare->marked_usec;
  psc_timeline_area_set_flag (psc_timeline_view_get_area (self->timeline), usec);
}

void
psc_window_compare_publish (PscWindow *self)
{
  PscWindowCompare *compare = self->compare;
  PscDiff *diff = psc_window_compare_get_diff (self);
  g_autofree char *words = psc_window_compare_dup_words (self);
  g_autofree char *said = psc_window_compare_dup_growth (self);

  if (psc_window_compare_shows_change (self))
    psc_map_view_set_traits (self->map, diff != NULL ? diff->traits : NULL);
  psc_mapping_table_set_diff (self->table, diff);
  psc_inspector_set_diff (self->inspector, diff, words);
  update_button (self);
  psc_window_compare_actions_update (self);
  update_flag (self);
  if (g_strcmp0 (said, compare->said) == 0)
    return;
  g_free (compare->said);
  compare->said = g_steal_pointer (&said);
  psc_window_update (self);
}
