/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-private.h"

#include <glib/gi18n-lib.h>

#include "psc-find.h"

#define NO_HIT G_MAXUINT

/* What is looked for in a window. */
struct _PscWindowFind
{
  char *text;      /* that was looked for last */
  PscQuery *query; /* of it; NULL: it has none */
  GError *error;   /* why it has none */
  PscSpace *space; /* that was searched; NULL: none */
  PscFound *found; /* in it; NULL: there is no query or no space */
  guint hit;       /* that is looked at, or NO_HIT */
  PscHit last;     /* the hit that was looked at last; owner NULL */
  gboolean has_last;
};

void
psc_window_find_free (PscWindowFind *find)
{
  if (find == NULL)
    return;
  g_free (find->text);
  psc_query_free (find->query);
  g_clear_error (&find->error);
  psc_space_unref (find->space);
  psc_found_free (find->found);
  g_free (find);
}

/* --- what is shown of it ------------------------------------------------------------------- */

static char *
dup_count (PscWindowFind *find)
{
  guint n = find->found->n_hits;

  if (n == 0)
    return g_strdup (_ ("Nothing found"));
  if (find->hit != NO_HIT && find->found->more)
    return g_strdup_printf (_ ("%u of the first %u"), find->hit + 1, n);
  if (find->hit != NO_HIT)
    return g_strdup_printf (_ ("%u of %u"), find->hit + 1, n);
  if (find->found->more)
    return g_strdup_printf (_ ("More than %u places"), n);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u place", "%u places", n), n);
}

static void
show_result (PscWindow *self)
{
  PscWindowFind *find = self->find;
  gboolean can_step = find->found != NULL && find->found->n_hits > 0;
  g_autofree char *count = NULL;

  psc_find_bar_set_can_step (self->find_bar, can_step);
  if (find->found == NULL)
    {
      gboolean complain = g_error_matches (find->error, PSC_QUERY_ERROR, PSC_QUERY_ERROR_INVALID);

      psc_find_bar_set_result (self->find_bar, "", complain ? find->error->message : "");
      return;
    }
  count = dup_count (find);
  psc_find_bar_set_result (self->find_bar, count,
                           find->found->nothing != NULL ? find->found->nothing :
                                                          find->found->meaning);
}

static void
mark_hits (PscWindow *self)
{
  PscWindowFind *find = self->find;
  gboolean shown = find->found != NULL && psc_find_bar_is_open (self->find_bar);
  guint n = shown ? find->found->n_hits : 0;
  g_autofree PscRange *ranges = g_new (PscRange, n);

  for (guint i = 0; i < n; i++)
    ranges[i] = (PscRange){ find->found->hits[i].start, find->found->hits[i].end };
  psc_map_view_set_hits (self->map, ranges, n);
  if (shown && find->hit != NO_HIT)
    psc_map_view_set_hit (self->map, ranges[find->hit].start, ranges[find->hit].end);
  else
    psc_map_view_set_hit (self->map, 0, 0);
}

/* --- finding ------------------------------------------------------------------------------- */

/* The hit that was looked at, in the hits of another moment: it may have grown either way. */
static guint
find_again (PscWindowFind *find)
{
  if (!find->has_last || find->found == NULL)
    return NO_HIT;
  for (guint i = 0; i < find->found->n_hits; i++)
    {
      const PscHit *hit = &find->found->hits[i];

      if (hit->address == find->last.address &&
          (hit->start == find->last.start || hit->end == find->last.end))
        return i;
    }
  return NO_HIT;
}

static void
forget_found (PscWindowFind *find)
{
  g_clear_pointer (&find->found, psc_found_free);
  g_clear_pointer (&find->space, psc_space_unref);
  find->hit = NO_HIT;
}

static void
search (PscWindow *self)
{
  PscWindowFind *find = self->find;
  PscSpace *space = psc_map_view_get_space (self->map);

  forget_found (find);
  find->space = space != NULL ? psc_space_ref (space) : NULL;
  if (space != NULL && find->query != NULL)
    find->found = psc_find (find->query, space);
  find->hit = find_again (find);
  mark_hits (self);
  show_result (self);
}

/* What stands in the entry, which may be newer than what was looked for. TRUE when it was. */
static gboolean
take_text (PscWindow *self)
{
  PscWindowFind *find = self->find;
  const char *text = psc_find_bar_get_text (self->find_bar);

  if (g_strcmp0 (text, find->text) == 0)
    return FALSE;
  g_free (find->text);
  find->text = g_strdup (text);
  g_clear_pointer (&find->query, psc_query_free);
  g_clear_error (&find->error);
  find->query = psc_query_parse (text, &find->error);
  find->has_last = FALSE;
  search (self);
  return TRUE;
}

static void
find_changed_cb (PscWindow *self)
{
  take_text (self);
}

/* A refresh has brought another moment, or the map shows another process. */
static void
map_changed_cb (PscWindow *self)
{
  PscSpace *space = psc_map_view_get_space (self->map);

  if (!psc_find_bar_is_open (self->find_bar) || self->find->space == space)
    return;
  if (space == NULL || self->find->space == NULL || space->pid != self->find->space->pid)
    self->find->has_last = FALSE;
  search (self);
}

/* --- stepping ------------------------------------------------------------------------------ */

static void
look_at (PscWindow *self, guint index)
{
  PscWindowFind *find = self->find;
  const PscHit *hit = &find->found->hits[index];

  find->hit = index;
  find->last = *hit;
  find->last.owner = NULL;
  find->has_last = TRUE;
  psc_map_view_set_hit (self->map, hit->start, hit->end);
  psc_map_view_select (self->map, hit->start);
  psc_map_view_seek (self->map, hit->start, hit->end);
  show_result (self);
}

/* The first hit that begins above the one that was looked at last, which is gone; wraps. */
static guint
index_after_last (const PscWindowFind *find)
{
  for (guint i = 0; i < find->found->n_hits; i++)
    if (find->found->hits[i].start > find->last.start)
      return i;
  return 0;
}

static void
step (PscWindow *self, gboolean forward)
{
  PscWindowFind *find = self->find;
  guint n, index;

  take_text (self);
  n = find->found != NULL ? find->found->n_hits : 0;
  if (n == 0)
    return;
  if (find->hit != NO_HIT)
    index = (find->hit + (forward ? 1 : n - 1)) % n;
  else if (find->has_last)
    index = (index_after_last (find) + (forward ? 0 : n - 1)) % n;
  else
    index = forward ? 0 : n - 1;
  look_at (self, index);
}

static void
step_next_cb (PscWindow *self)
{
  step (self, TRUE);
}

static void
step_previous_cb (PscWindow *self)
{
  step (self, FALSE);
}

/* --- opening and closing ------------------------------------------------------------------- */

static void
open_bar (PscWindow *self)
{
  gboolean was_open = psc_find_bar_is_open (self->find_bar);

  psc_find_bar_open (self->find_bar);
  /* What was found when it was closed is of another moment. */
  if (!was_open && !take_text (self))
    search (self);
}

static void
close_cb (PscWindow *self)
{
  psc_find_bar_close (self->find_bar);
  forget_found (self->find);
  mark_hits (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->map));
}

static void
find_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  open_bar (user_data);
}

/* With the bar closed: on with what was looked for last. */
static void
step_action (PscWindow *self, gboolean forward)
{
  if (!psc_find_bar_is_open (self->find_bar))
    open_bar (self);
  step (self, forward);
}

static void
find_next_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  step_action (user_data, TRUE);
}

static void
find_previous_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  step_action (user_data, FALSE);
}

/* Before the map has it: Escape closes what was opened last. */
static gboolean
map_key_cb (PscWindow *self, guint key, guint code, GdkModifierType state)
{
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();

  if (key == GDK_KEY_Escape && modifiers == 0 && psc_find_bar_is_open (self->find_bar))
    close_cb (self);
  else if ((key == GDK_KEY_slash || key == GDK_KEY_KP_Divide) && (modifiers & ~GDK_SHIFT_MASK) == 0)
    open_bar (self);
  else
    return FALSE;
  return TRUE;
}

void
psc_window_find_install (PscWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "find", .activate = find_action },
    { .name = "find-next", .activate = find_next_action },
    { .name = "find-previous", .activate = find_previous_action },
  };
  GtkEventController *key = gtk_event_controller_key_new ();

  self->find = g_new0 (PscWindowFind, 1);
  self->find->hit = NO_HIT;
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  psc_find_bar_set_can_step (self->find_bar, FALSE);
  g_signal_connect_object (self->find_bar, "changed", G_CALLBACK (find_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->find_bar, "step-next", G_CALLBACK (step_next_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->find_bar, "step-previous", G_CALLBACK (step_previous_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->find_bar, "close", G_CALLBACK (close_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->map, "view-changed", G_CALLBACK (map_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect_object (key, "key-pressed", G_CALLBACK (map_key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (gtk_widget_get_parent (GTK_WIDGET (self->map)), key);
}
