/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-timeline-view.h"

#include <glib/gi18n-lib.h>

#include "psc-text-size.h"

/* How often a moment may follow on another while the past is played. */
#define PLAY_MSEC 50

struct _PscTimelineView
{
  GtkWidget parent_instance;

  GtkWidget *box; /* the only child */
  GtkWidget *bar, *said, *record_button;
  GtkLabel *chip, *facts, *verdict_label;
  GtkButton *verdict, *alert;
  GtkButton *live_button, *play_button, *fit_button;
  GtkDropDown *speed;
  PscTimelineArea *area;

  const PscTimeline *timeline; /* borrowed */
  gboolean goes_on;
  const char *word;
  gint64 shown_usec;      /* 0: live */
  char *verdict_sentence; /* NULL: none yet */
  const char *verdict_class;

  guint play_timer;                    /* 0: rests */
  gint64 play_from_usec, play_at_usec; /* moment it began at, and when (monotonic) */
};

G_DEFINE_FINAL_TYPE (PscTimelineView, psc_timeline_view, GTK_TYPE_WIDGET)

enum
{
  TRAVEL,
  LIVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Beside each in the list of speeds. */
static const guint speeds[] = { 1, 2, 8, 30, 120 };

static gint64
get_last (PscTimelineView *self)
{
  guint n = self->timeline != NULL ? psc_timeline_get_n_moments (self->timeline) : 0;

  return n > 0 ? psc_timeline_get_moment (self->timeline, n - 1)->time_usec : 0;
}

char *
psc_timeline_view_dup_chip (PscTimelineView *self)
{
  gint64 last = get_last (self);
  g_autofree char *clock = NULL, *ago = NULL;

  if (self->shown_usec == 0)
    return g_strdup (self->word);
  clock = psc_chart_dup_clock (self->shown_usec, last);
  /* Only what goes on has a now. */
  if (!self->goes_on)
    return g_steal_pointer (&clock);
  ago = psc_chart_dup_span (MAX (last - self->shown_usec, 0));
  return g_strdup_printf (_ ("%s · %s ago"), clock, ago);
}

static void
set_css_class (GtkWidget *widget, const char *name, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* There is room for one sentence: the verdict, once there is one. */
static void
update_facts (PscTimelineView *self, const char *facts)
{
  g_autofree char *tip = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->verdict), self->verdict_sentence != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->facts), self->verdict_sentence == NULL);
  gtk_label_set_label (self->facts, facts);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->facts), facts);
  if (self->verdict_sentence == NULL)
    return;
  tip = g_strdup_printf ("%s\n%s", self->verdict_sentence, facts);
  gtk_label_set_label (self->verdict_label, self->verdict_sentence);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->verdict), tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->verdict), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->verdict_sentence, -1);
}

static void
update (PscTimelineView *self)
{
  PscChart chart = psc_timeline_area_get_chart (self->area);
  g_autofree char *chip = psc_timeline_view_dup_chip (self);
  g_autofree char *facts = psc_chart_dup_sentence (&chart);
  gboolean past = self->shown_usec != 0;

  gtk_label_set_label (self->chip, chip);
  set_css_class (GTK_WIDGET (self->chip), "live", !past && self->goes_on);
  set_css_class (GTK_WIDGET (self->chip), "past", past);
  set_css_class (self->bar, "past", past && self->goes_on);
  gtk_widget_set_visible (GTK_WIDGET (self->live_button), past && self->goes_on);
  update_facts (self, facts);
  gtk_widget_set_sensitive (GTK_WIDGET (self->fit_button), !psc_timeline_area_get_fit (self->area));
  gtk_button_set_icon_name (self->play_button, self->play_timer != 0 ?
                                                   "media-playback-pause-symbolic" :
                                                   "media-playback-start-symbolic");
}

/* --- playing ------------------------------------------------------------------------------- */

static guint
get_speed (PscTimelineView *self)
{
  guint chosen = gtk_drop_down_get_selected (self->speed);

  return chosen < G_N_ELEMENTS (speeds) ? speeds[chosen] : 1;
}

static void
begin_at (PscTimelineView *self, gint64 time_usec)
{
  self->play_from_usec = time_usec;
  self->play_at_usec = g_get_monotonic_time ();
}

static void
stop_playing (PscTimelineView *self)
{
  g_clear_handle_id (&self->play_timer, g_source_remove);
  update (self);
}

/* The last moment: from there on it is live, or all is told. */
static void
end_playing (PscTimelineView *self)
{
  g_clear_handle_id (&self->play_timer, g_source_remove);
  if (self->goes_on)
    g_signal_emit (self, signals[LIVE], 0);
  update (self);
}

static gboolean
play_cb (gpointer user_data)
{
  PscTimelineView *self = user_data;
  gint64 elapsed = g_get_monotonic_time () - self->play_at_usec;
  gint64 time = self->play_from_usec + elapsed * get_speed (self);
  guint n = psc_timeline_get_n_moments (self->timeline);
  guint index = psc_timeline_index_at (self->timeline, time);
  gint64 at = psc_timeline_get_moment (self->timeline, index)->time_usec;

  if (psc_chart_is_gap (self->timeline, index) && time > at + G_USEC_PER_SEC)
    {
      /* Nobody knows what was in between: nothing to wait for. */
      index++;
      at = psc_timeline_get_moment (self->timeline, index)->time_usec;
      begin_at (self, at);
    }
  if (at != self->shown_usec && index + 1 < n)
    g_signal_emit (self, signals[TRAVEL], 0, at);
  else if (index + 1 >= n)
    {
      if (!self->goes_on && at != self->shown_usec)
        g_signal_emit (self, signals[TRAVEL], 0, at);
      self->play_timer = 0;
      end_playing (self);
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

/* Where playing begins: what is shown, but for the end of it all. */
static gint64
find_beginning (PscTimelineView *self)
{
  PscChart chart = psc_timeline_area_get_chart (self->area);
  guint index;

  if (self->shown_usec != 0 && self->shown_usec < get_last (self))
    return self->shown_usec;
  index = psc_timeline_index_at (self->timeline, chart.from_usec);
  return psc_timeline_get_moment (self->timeline, index)->time_usec;
}

void
psc_timeline_view_set_playing (PscTimelineView *self, gboolean playing)
{
  g_return_if_fail (PSC_IS_TIMELINE_VIEW (self));

  if (playing == (self->play_timer != 0))
    return;
  if (!playing)
    {
      stop_playing (self);
      return;
    }
  if (self->timeline == NULL || psc_timeline_get_n_moments (self->timeline) < 2)
    return;
  begin_at (self, find_beginning (self));
  self->play_timer = g_timeout_add (PLAY_MSEC, play_cb, self);
  if (self->play_from_usec != self->shown_usec)
    g_signal_emit (self, signals[TRAVEL], 0, self->play_from_usec);
  update (self);
}

gboolean
psc_timeline_view_get_playing (PscTimelineView *self)
{
  return self->play_timer != 0;
}

static void
play_toggled_cb (PscTimelineView *self)
{
  psc_timeline_view_set_playing (self, self->play_timer == 0);
}

/* Faster or slower from here on. */
static void
speed_changed_cb (PscTimelineView *self)
{
  if (self->play_timer != 0)
    begin_at (self, self->shown_usec != 0 ? self->shown_usec : self->play_from_usec);
}

/* --- the user ------------------------------------------------------------------------------ */

static void
travel_cb (PscTimelineView *self, gint64 time_usec)
{
  /* Who chooses a moment wants to look at it. */
  g_clear_handle_id (&self->play_timer, g_source_remove);
  g_signal_emit (self, signals[TRAVEL], 0, time_usec);
  update (self);
}

static void
live_cb (PscTimelineView *self)
{
  g_clear_handle_id (&self->play_timer, g_source_remove);
  g_signal_emit (self, signals[LIVE], 0);
  update (self);
}

static void
fit_cb (PscTimelineView *self)
{
  psc_timeline_area_fit (self->area);
  update (self);
}

/* --- what it is told ----------------------------------------------------------------------- */

void
psc_timeline_view_set_timeline (PscTimelineView *self, const PscTimeline *timeline)
{
  g_return_if_fail (PSC_IS_TIMELINE_VIEW (self));

  g_clear_handle_id (&self->play_timer, g_source_remove);
  self->timeline = timeline;
  self->shown_usec = 0;
  psc_timeline_area_set_timeline (self->area, timeline);
  update (self);
}

void
psc_timeline_view_changed (PscTimelineView *self)
{
  g_return_if_fail (PSC_IS_TIMELINE_VIEW (self));

  psc_timeline_area_changed (self->area);
  update (self);
}

void
psc_timeline_view_set_goes_on (PscTimelineView *self, gboolean goes_on, const char *word)
{
  g_return_if_fail (PSC_IS_TIMELINE_VIEW (self));

  if (self->goes_on == goes_on && self->word == word)
    return;
  self->goes_on = goes_on;
  self->word = word;
  psc_timeline_area_set_goes_on (self->area, goes_on);
  update (self);
}

void
psc_timeline_view_set_shown (PscTimelineView *self, gint64 time_usec)
{
  g_return_if_fail (PSC_IS_TIMELINE_VIEW (self));

  self->shown_usec = time_usec;
  if (time_usec == 0)
    g_clear_handle_id (&self->play_timer, g_source_remove);
  psc_timeline_area_set_shown (self->area, time_usec);
  update (self);
}

void
psc_timeline_view_set_patterns (PscTimelineView *self, gboolean patterns)
{
  g_return_if_fail (PSC_IS_TIMELINE_VIEW (self));

  psc_timeline_area_set_patterns (self->area, patterns);
}

void
psc_timeline_view_set_verdict (PscTimelineView *self, const char *sentence, PscSeverity severity)
{
  static const char *const classes[] = {
    [PSC_SEVERITY_NOTHING] = "nothing",
    [PSC_SEVERITY_NOTE] = "note",
    [PSC_SEVERITY_GROWING] = "growing",
    [PSC_SEVERITY_LEAK] = "leak",
  };

  g_return_if_fail (PSC_IS_TIMELINE_VIEW (self));

  g_free (self->verdict_sentence);
  self->verdict_sentence = g_strdup (sentence);
  if (self->verdict_class != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->verdict), self->verdict_class);
  self->verdict_class = classes[severity];
  gtk_widget_add_css_class (GTK_WIDGET (self->verdict), self->verdict_class);
  update (self);
}

void
psc_timeline_view_set_alert (PscTimelineView *self, const char *sentence)
{
  g_return_if_fail (PSC_IS_TIMELINE_VIEW (self));

  gtk_widget_set_visible (GTK_WIDGET (self->alert), sentence != NULL);
  set_css_class (GTK_WIDGET (self->chip), "alert", sentence != NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->alert), sentence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->alert), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  sentence != NULL ? sentence : "", -1);
}

PscTimelineArea *
psc_timeline_view_get_area (PscTimelineView *self)
{
  return self->area;
}

/* --- the widget ---------------------------------------------------------------------------- */

/* Large text has no room beside the buttons: what is said goes below them, on two lines if need be.
 */
static void
arrange_bar (gpointer user_data)
{
  PscTimelineView *self = user_data;
  gboolean below = psc_text_size_is_large ();
  g_autoptr (GtkWidget) said = g_object_ref (self->said);

  gtk_box_remove (GTK_BOX (gtk_widget_get_parent (said)), said);
  if (below)
    gtk_box_insert_child_after (GTK_BOX (self->box), said, self->bar);
  else
    gtk_box_insert_child_after (GTK_BOX (self->bar), said, GTK_WIDGET (self->alert));
  set_css_class (said, "timeline-bar", below);
  gtk_widget_set_hexpand (self->record_button, below);
  gtk_widget_set_halign (self->record_button, below ? GTK_ALIGN_END : GTK_ALIGN_FILL);
  gtk_label_set_wrap (self->facts, below);
  gtk_label_set_wrap (self->verdict_label, below);
}

static void
psc_timeline_view_dispose (GObject *object)
{
  PscTimelineView *self = PSC_TIMELINE_VIEW (object);

  g_clear_handle_id (&self->play_timer, g_source_remove);
  g_clear_pointer (&self->verdict_sentence, g_free);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_TIMELINE_VIEW);
  G_OBJECT_CLASS (psc_timeline_view_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (
      klass, "/io/github/pagescape/Pagescape/psc-timeline-view.ui");
  gtk_widget_class_bind_template_child (klass, PscTimelineView, box);
  gtk_widget_class_bind_template_child (klass, PscTimelineView, bar);
  gtk_widget_class_bind_template_child (klass, PscTimelineView, said);
  gtk_widget_class_bind_template_child (klass, PscTimelineView, record_button);
  gtk_widget_class_bind_template_child (klass, PscTimelineView, chip);
  gtk_widget_class_bind_template_child (klass, PscTimelineView, facts);
  gtk_widget_class_bind_template_child (klass, PscTimelineView, verdict);
  gtk_widget_class_bind_template_child (klass, PscTimelineView, verdict_label);
  gtk_widget_class_bind_template_child (klass, PscTimelineView, alert);
  gtk_widget_class_bind_template_child (klass, PscTimelineView, live_button);
  gtk_widget_class_bind_template_child (klass, PscTimelineView, play_button);
  gtk_widget_class_bind_template_child (klass, PscTimelineView, fit_button);
  gtk_widget_class_bind_template_child (klass, PscTimelineView, speed);
  gtk_widget_class_bind_template_child (klass, PscTimelineView, area);
  gtk_widget_class_bind_template_callback (klass, travel_cb);
  gtk_widget_class_bind_template_callback (klass, live_cb);
  gtk_widget_class_bind_template_callback (klass, play_toggled_cb);
  gtk_widget_class_bind_template_callback (klass, speed_changed_cb);
  gtk_widget_class_bind_template_callback (klass, fit_cb);
}

static void
psc_timeline_view_class_init (PscTimelineViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_timeline_view_dispose;
  g_type_ensure (PSC_TYPE_TIMELINE_AREA);
  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  signals[TRAVEL] = g_signal_new ("travel", PSC_TYPE_TIMELINE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[LIVE] = g_signal_new ("live", PSC_TYPE_TIMELINE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
psc_timeline_view_init (PscTimelineView *self)
{
  self->goes_on = TRUE;
  self->word = _ ("Live");
  gtk_widget_init_template (GTK_WIDGET (self));
  psc_text_size_watch (self, arrange_bar);
  update (self);
}

GtkWidget *
psc_timeline_view_new (void)
{
  return g_object_new (PSC_TYPE_TIMELINE_VIEW, NULL);
}
