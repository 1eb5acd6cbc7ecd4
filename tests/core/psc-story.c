/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-story.h"

static void
add_segment (PscMoment *values, GArray *segments, PscKind kind, const char *label, double bytes,
             double size)
{
  PscSegment segment = { .kind = kind };

  segment.amount.resident = (guint64) bytes / 4096 * 4096;
  segment.amount.size = MAX ((guint64) size, segment.amount.resident);
  segment.amount.n_mappings = 1;
  values->kinds[kind].resident += segment.amount.resident;
  values->kinds[kind].size += segment.amount.size;
  values->kinds[kind].n_mappings++;
  values->total.resident += segment.amount.resident;
  values->total.size += segment.amount.size;
  values->total.n_mappings++;
  if (psc_kind_nature (kind) != PSC_NATURE_CAN_LEAK)
    return;
  segment.label = g_ref_string_new_intern (label);
  g_array_append_val (segments, segment);
}

static void
add_character (PscMoment *values, GArray *segments, const Character *character, guint second)
{
  if (!character->is_new)
    {
      add_segment (values, segments, character->kind, character->label,
                   character->start + character->per_second * second, character->size);
      return;
    }
  for (guint i = 0; i <= second; i++)
    {
      g_autofree char *label = g_strdup_printf ("%s-%u", character->label, i);

      add_segment (values, segments, character->kind, label, character->per_second, 0);
    }
}

static GArray *
events_at (const Story *story, guint second)
{
  PscEvent event = { .type = PSC_EVENT_EXEC, .time_usec = second * G_USEC_PER_SEC, .n = 1 };
  GArray *events = g_array_new (FALSE, FALSE, sizeof (PscEvent));

  if (story->exec_at == 0 || story->exec_at != second)
    return events;
  event.label = g_ref_string_new_intern ("next");
  g_array_append_val (events, event);
  return events;
}

PscTimeline *
story_new (const Story *story)
{
  PscTimeline *timeline = psc_timeline_new ();

  for (guint second = 0; second < story->n_seconds; second++)
    {
      PscMoment values = { .time_usec = second * G_USEC_PER_SEC,
                           .minor_faults = (guint64) second * story->faults_per_second,
                           .pages_known = TRUE };
      GArray *segments = g_array_new (FALSE, FALSE, sizeof (PscSegment));
      g_autoptr (PscMoment) moment = NULL;

      for (guint i = 0; i < story->n; i++)
        add_character (&values, segments, &story->characters[i], second);
      values.total.n_mappings += (guint64) second * story->mappings_per_second;
      moment = psc_moment_new_take (&values, segments, events_at (story, second));
      g_assert_true (psc_timeline_add (timeline, moment));
    }
  return timeline;
}
