/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-recording-age.h"

#include "psc-recording-private.h"

static gint64
find (gpointer data, gint64 time_usec)
{
  return psc_recording_get_time (data, psc_recording_index_at (data, time_usec));
}

static gboolean
next (gpointer data, gint64 time_usec, gint64 until_usec, gint64 *next_usec, GError **error)
{
  PscRecording *recording = data;
  guint index = psc_recording_index_at (recording, time_usec);
  guint last = psc_recording_index_at (recording, until_usec);
  gint64 frame, other;

  *next_usec = 0;
  if (!psc_recording_find_frame (recording, index, &frame, error))
    return FALSE;
  while (++index <= last)
    {
      if (!psc_recording_find_frame (recording, index, &other, error))
        return FALSE;
      if (other == frame)
        continue;
      *next_usec = psc_recording_get_time (recording, index);
      return TRUE;
    }
  return TRUE;
}

static PscSpace *
load (gpointer data, gint64 time_usec, GError **error)
{
  return psc_recording_load_at (data, time_usec, error);
}

const PscPastType psc_recording_past = { find, next, load };

PscTraits *
psc_recording_dup_age (PscRecording *recording, guint index, GError **error)
{
  g_autoptr (PscPastAge) past = psc_past_age_new (&psc_recording_past, recording, 0);

  g_return_val_if_fail (index < psc_recording_get_n_moments (recording), NULL);

  return psc_past_age_dup_traits (past, psc_recording_get_time (recording, index), 0, NULL, error);
}
