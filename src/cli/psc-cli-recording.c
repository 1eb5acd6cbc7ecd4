/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include "psc-recording-time.h"

/* What is no time is wrong usage, and so is one that was not recorded. */
static PscCliStatus
status_of (const GError *error)
{
  return g_error_matches (error, PSC_STORE_ERROR, PSC_STORE_ERROR_TIME) ? PSC_CLI_WRONG_USAGE :
                                                                          PSC_CLI_FAILED;
}

static gboolean
find_index (const PscRecording *recording, const char *time, guint *index, GError **error)
{
  gint64 time_usec;

  if (!psc_recording_find_time (recording, time, &time_usec, error))
    return FALSE;
  *index = psc_recording_index_at (recording, time_usec);
  return TRUE;
}

PscRecording *
psc_cli_open_recording (const char *word, guint *index, PscCliStatus *status)
{
  g_autofree char *path = NULL, *time = NULL;
  g_autoptr (PscRecording) recording = NULL;
  g_autoptr (GError) error = NULL;

  psc_recording_split (word, &path, &time);
  recording = psc_recording_open (path, &error);
  if (recording != NULL && find_index (recording, time, index, &error))
    return g_steal_pointer (&recording);
  psc_cli_error ("%s", error->message);
  *status = status_of (error);
  return NULL;
}

PscSpace *
psc_cli_load (const char *word, PscCliStatus *status)
{
  guint index;
  g_autoptr (PscRecording) recording = psc_cli_open_recording (word, &index, status);
  g_autoptr (GError) error = NULL;
  PscSpace *space;

  if (recording == NULL)
    return NULL;
  space = psc_recording_load (recording, index, &error);
  if (space != NULL)
    return space;
  psc_cli_error ("%s", error->message);
  *status = PSC_CLI_FAILED;
  return NULL;
}
