/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-recording-age.h"

#include "psc-change.h"
#include "psc-recording-private.h"

/* Where it has got to. */
typedef struct
{
  PscAge *age;
  PscSpace *space; /* NULL: nowhere yet */
  gint64 frame;    /* that of the space */
} Way;

static void
way_clear (Way *way)
{
  psc_age_free (way->age);
  psc_space_unref (way->space);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Way, way_clear)

/* Takes the snapshot. Pages of another size, which only a forged file has, are others. */
static void
follow (Way *way, PscSpace *now)
{
  g_autoptr (PscTraits) changes = psc_change_new_since (way->space, now);

  if (way->space == NULL || way->space->page_size != now->page_size)
    {
      psc_age_free (way->age);
      way->age = psc_age_new ();
    }
  psc_age_add (way->age, now, changes);
  psc_space_unref (way->space);
  way->space = now;
}

static gboolean
go_to (Way *way, PscRecording *recording, guint index, GError **error)
{
  gint64 frame;
  PscSpace *now;

  if (!psc_recording_find_frame (recording, index, &frame, error))
    return FALSE;
  if (way->space != NULL && frame == way->frame)
    return TRUE;
  now = psc_recording_load (recording, index, error);
  if (now == NULL)
    return FALSE;
  follow (way, now);
  way->frame = frame;
  return TRUE;
}

PscTraits *
psc_recording_dup_age (PscRecording *recording, guint index, GError **error)
{
  g_auto (Way) way = { NULL };
  gint64 time_usec;

  g_return_val_if_fail (index < psc_recording_get_n_moments (recording), NULL);

  time_usec = psc_recording_get_time (recording, index);
  for (guint i = psc_recording_index_at (recording, time_usec - PSC_AGE_MOST_USEC); i <= index; i++)
    if (!go_to (&way, recording, i, error))
      return NULL;
  return psc_age_dup_traits (way.age, way.space->page_size, time_usec);
}
