/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli-watch-recording.h"

#include "psc-cli-watch-line.h"

/* As it would have been found while it was recorded: at the first moment at which it held, or at
 * the end. Free with g_free(). */
static char *
find_held (PscTimeline *all, guint n, const PscCondition *condition)
{
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  char *held = NULL;

  for (guint i = 0; condition != NULL && i < n; i++)
    {
      psc_timeline_add (timeline, psc_timeline_get_moment (all, i));
      if (psc_condition_holds (condition, timeline, i == n - 1, &held))
        return held;
    }
  return NULL;
}

PscCliStatus
psc_cli_watch_recording (const char *word, const PscCondition *condition, gboolean json)
{
  PscCliStatus status;
  guint index;
  g_autoptr (PscRecording) recording = psc_cli_open_recording (word, &index, &status);
  g_autoptr (PscVerdict) verdict = NULL;
  g_autofree char *held = NULL;
  PscTimeline *timeline;
  const char *pid;
  gint64 until_usec;
  PscWatchEnd end;

  if (recording == NULL)
    return status;
  timeline = psc_recording_get_timeline (recording);
  until_usec = psc_recording_get_time (recording, index);
  pid = psc_recording_get_meta (recording, "pid");
  verdict = psc_verdict_new_at (timeline, until_usec);
  held = find_held (timeline, psc_timeline_index_at (timeline, until_usec) + 1, condition);
  end = (PscWatchEnd){ .pid = pid != NULL ? (gint) g_ascii_strtoll (pid, NULL, 10) : 0,
                       .elapsed_usec = until_usec - psc_recording_get_time (recording, 0),
                       .held = held,
                       .verdict = verdict };
  return psc_watch_end_print (&end, condition, timeline, json);
}
