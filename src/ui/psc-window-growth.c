/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-private.h"

#include <glib/gi18n-lib.h>

#include "psc-orphans-dialog.h"

/* How often the newest is judged at most, and which share of a core that may take. */
#define INTERVAL_USEC (2 * G_USEC_PER_SEC)
#define COST_FACTOR   50
/* Who travels waits for it: as soon as it can be had, at a fifth of a core. */
#define PAST_COST_FACTOR     4
#define LIMITS_INTERVAL_USEC (10 * G_USEC_PER_SEC)

struct _PscWindowGrowth
{
  PscInsight *insight;
  PscProbeSource *source;     /* for what is asked of the whole machine */
  guint past;                 /* counts pasts: what was judged of another one is dropped */
  gboolean judging, again;    /* again: there is something new since that began */
  guint timer;                /* 0: nothing is to be judged */
  gint64 may_usec, past_usec; /* the next may begin (monotonic), of the newest and of the past */
  gint64 judged_usec;         /* the moment that was judged last, and is shown; 0: the newest */
  PscKnownLimits *limits;     /* NULL: not read yet */
  gint64 limits_usec;         /* when they were read (monotonic); 0: they are to be read */
  PscOrphansDialog *orphans_dialog; /* a weak pointer */
};

/* --- what is shown of it ------------------------------------------------------------------- */

static void
show_in_bar (PscWindow *self)
{
  const PscJudgement *judgement = psc_insight_get_judgement (self->growth->insight);
  const PscVerdict *verdict = judgement != NULL ? judgement->verdict : NULL;
  const PscFinding *worst = verdict != NULL ? psc_verdict_get_worst (verdict) : NULL;
  g_autofree char *words = NULL, *sentence = NULL;

  /* Until more can be told the chart's own facts say more. */
  if (verdict == NULL || (worst == NULL && verdict->total.trend.shape == PSC_GROWTH_TOO_SHORT))
    {
      psc_timeline_view_set_verdict (self->timeline, NULL, PSC_SEVERITY_NOTHING);
      return;
    }
  words = psc_verdict_dup_sentence (verdict);
  sentence = psc_insight_dup_sentence (words);
  psc_timeline_view_set_verdict (self->timeline, sentence,
                                 worst != NULL ? worst->severity : PSC_SEVERITY_NOTHING);
}

/* What must be said of limits where there are none. */
static char *
dup_note (PscWindow *self, const PscJudgement *judgement, gboolean past)
{
  if (psc_session_get_watch (self->session) == NULL)
    return g_strdup (_ ("As of the moment that is shown. A recording does not tell which limits "
                        "its process had, and what it did not use can only be found while it "
                        "runs."));
  if (past)
    return g_strdup (_ ("As of the moment that is shown. What it can run into is told of now "
                        "only."));
  if (judgement != NULL && judgement->limits_problem != NULL && judgement->limits == NULL)
    return g_strdup_printf (_ ("Its limits are not known: %s"), judgement->limits_problem);
  return NULL;
}

/* --- judging ------------------------------------------------------------------------------- */

static gint64
get_wanted (PscWindow *self)
{
  return psc_timeline_area_get_shown (psc_timeline_view_get_area (self->timeline));
}

static const PscTimeline *
get_timeline (PscWindow *self)
{
  return psc_timeline_area_get_chart (psc_timeline_view_get_area (self->timeline)).timeline;
}

typedef struct
{
  PscWindow *window; /* a reference */
  guint past;
  gint64 wanted_usec;
} Judging;

static void schedule (PscWindow *self);

static void
take_limits (PscWindowGrowth *growth, const PscJudgement *judgement)
{
  if (judgement->limits_usec == 0)
    return;
  growth->limits_usec = judgement->limits_usec;
  g_clear_pointer (&growth->limits, psc_known_limits_unref);
  if (judgement->limits != NULL)
    growth->limits = psc_known_limits_ref (judgement->limits);
}

static void
take (PscWindow *self, PscJudgement *judgement, gint64 wanted_usec)
{
  PscWindowGrowth *growth = self->growth;
  gint64 now_usec = g_get_monotonic_time ();
  g_autofree char *note = dup_note (self, judgement, wanted_usec != 0);

  growth->judged_usec = wanted_usec;
  growth->may_usec = now_usec + MAX (INTERVAL_USEC, COST_FACTOR * judgement->cost_usec);
  growth->past_usec = now_usec + PAST_COST_FACTOR * judgement->cost_usec;
  take_limits (growth, judgement);
  psc_insight_set_judgement (growth->insight, judgement, note);
  show_in_bar (self);
}

static void
judged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Judging *judging = user_data;
  g_autoptr (PscWindow) self = judging->window;
  g_autoptr (PscJudgement) judgement = psc_judgement_new_finish (result);
  PscWindowGrowth *growth = self->growth;

  /* The window was closed, or has another past. */
  if (growth == NULL || judging->past != growth->past)
    return;
  growth->judging = FALSE;
  if (judgement != NULL)
    take (self, judgement, judging->wanted_usec);
  if (growth->again)
    schedule (self);
}

static gboolean
limits_are_due (PscWindow *self)
{
  PscWindowGrowth *growth = self->growth;

  return psc_session_get_state (self->session) == PSC_SESSION_LIVE &&
         (growth->limits_usec == 0 ||
          growth->limits_usec + LIMITS_INTERVAL_USEC <= g_get_monotonic_time ());
}

static void
judge (PscWindow *self)
{
  PscWindowGrowth *growth = self->growth;
  gint64 wanted_usec = get_wanted (self);
  PscWatch *watch = psc_session_get_watch (self->session);
  PscJudgementFacts facts = { .until_usec = wanted_usec != 0 ? wanted_usec : G_MAXINT64 };
  Judging *judging = g_new0 (Judging, 1);

  growth->judging = TRUE;
  growth->again = FALSE;
  if (wanted_usec == 0 && watch != NULL)
    {
      facts.watch = limits_are_due (self) ? watch : NULL;
      facts.limits = growth->limits;
      facts.space = psc_session_get_space (self->session);
      facts.cold = psc_insight_get_cold_segments (growth->insight);
      facts.orphan_sentence = psc_insight_get_orphans (growth->insight, &facts.orphan_bytes);
    }
  *judging = (Judging){ g_object_ref (self), growth->past, wanted_usec };
  psc_judgement_new_async (get_timeline (self), &facts, judged_cb, judging);
}

static gboolean
timer_cb (gpointer user_data)
{
  PscWindow *self = user_data;

  self->growth->timer = 0;
  judge (self);
  return G_SOURCE_REMOVE;
}

/* As soon as it may be, or when what is under way has come to its end. */
static void
schedule (PscWindow *self)
{
  PscWindowGrowth *growth = self->growth;
  gboolean travelled = get_wanted (self) != growth->judged_usec;
  gint64 at_usec = travelled ? growth->past_usec : growth->may_usec;
  gint64 wait_usec = MAX (at_usec - g_get_monotonic_time (), 0);

  growth->again = growth->judging;
  if (growth->judging || psc_timeline_get_n_moments (get_timeline (self)) == 0)
    return;
  g_clear_handle_id (&growth->timer, g_source_remove);
  growth->timer = g_timeout_add ((guint) (wait_usec / 1000), timer_cb, self);
}

void
psc_window_growth_add (PscWindow *self)
{
  psc_window_notify_add (self);
  /* What is shown of the past stays as it was judged. */
  if (get_wanted (self) == 0 && self->growth->timer == 0)
    schedule (self);
}

void
psc_window_growth_travelled (PscWindow *self)
{
  if (get_wanted (self) != self->growth->judged_usec || self->growth->judging)
    schedule (self);
}

void
psc_window_growth_forget (PscWindow *self)
{
  PscWindowGrowth *growth = self->growth;

  growth->past++;
  growth->judging = growth->again = FALSE;
  g_clear_handle_id (&growth->timer, g_source_remove);
  growth->may_usec = growth->past_usec = growth->judged_usec = growth->limits_usec = 0;
  g_clear_pointer (&growth->limits, psc_known_limits_unref);
  psc_insight_forget (growth->insight);
  if (growth->orphans_dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (growth->orphans_dialog));
  show_in_bar (self);
  psc_window_notify_forget (self);
  psc_window_cold_forget (self);
}

/* More is known of what is shown: then it is judged anew at once. */
void
psc_window_growth_again (PscWindow *self)
{
  self->growth->may_usec = self->growth->past_usec;
  schedule (self);
}

/* A recording has nobody to ask. */
void
psc_window_growth_update (PscWindow *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "orphans");

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                               psc_session_get_space (self->session) != NULL);
}

PscInsight *
psc_window_get_insight (PscWindow *self)
{
  return self->growth->insight;
}

/* --- orphans ------------------------------------------------------------------------------- */

static void
found_cb (PscOrphansDialog *dialog, PscWindow *self)
{
  psc_insight_take_orphans (self->growth->insight, psc_orphans_dialog_take (dialog),
                            psc_session_get_pid (self->session));
  psc_window_growth_again (self);
}

static void
orphans_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;
  PscWindowGrowth *growth = self->growth;
  PscSpace *space = psc_session_get_space (self->session);
  GtkWidget *dialog;

  if (growth->orphans_dialog != NULL)
    gtk_window_present (GTK_WINDOW (growth->orphans_dialog));
  if (growth->orphans_dialog != NULL || space == NULL)
    return;
  dialog = psc_orphans_dialog_new (GTK_WINDOW (self), growth->source, space->pid, space->name);
  g_set_weak_pointer (&growth->orphans_dialog, PSC_ORPHANS_DIALOG (dialog));
  g_signal_connect_object (dialog, "found", G_CALLBACK (found_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- the window ---------------------------------------------------------------------------- */

/* After a pause limits may be others. */
static void
state_changed_cb (PscWindow *self)
{
  if (psc_session_get_state (self->session) == PSC_SESSION_PAUSED)
    self->growth->limits_usec = 0;
}

static void
show_growth_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;

  g_action_group_change_action_state (G_ACTION_GROUP (self), "show-inspector",
                                      g_variant_new_boolean (TRUE));
  psc_inspector_show_growth (self->inspector);
}

void
psc_window_growth_install (PscWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "show-growth", .activate = show_growth_action },
    { .name = "orphans", .activate = orphans_action },
  };

  self->growth = g_new0 (PscWindowGrowth, 1);
  self->growth->insight = psc_insight_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

void
psc_window_growth_start (PscWindow *self, const char *root, const char *via)
{
  self->growth->source = psc_probe_source_new (root, via);
  psc_inspector_set_insight (self->inspector, self->growth->insight);
  g_signal_connect_swapped (self->session, "state-changed", G_CALLBACK (state_changed_cb), self);
}

void
psc_window_growth_free (PscWindowGrowth *growth)
{
  if (growth == NULL)
    return;
  g_clear_handle_id (&growth->timer, g_source_remove);
  g_clear_weak_pointer (&growth->orphans_dialog);
  psc_known_limits_unref (growth->limits);
  psc_probe_source_unref (growth->source);
  g_object_unref (growth->insight);
  g_free (growth);
}
