/* SPDX-License-Identifier: GPL-3.0-or-later */

/* make-recording FILE STEPS: a recording for tests that are no C. Without its end when STEPS is
 * negative, as if it had been cut off. */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "psc-recorder.h"
#include "psc-store-test.h"

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) then = NULL;
  PscRecorder *recorder;
  int n_steps;

  if (argc != 3)
    {
      fprintf (stderr, "usage: %s FILE STEPS\n", argv[0]);
      return 2;
    }
  n_steps = atoi (argv[2]);
  recorder = psc_recorder_new (argv[1], FALSE, &error);
  for (int step = 0; error == NULL && step < ABS (n_steps); step++)
    {
      g_autoptr (PscSpace) now = store_test_life (1, (guint) step);
      g_autoptr (PscMoment) moment = psc_moment_new (then, now);

      psc_recorder_add (recorder, now, moment, &error);
      psc_space_unref (then);
      then = g_steal_pointer (&now);
    }
  if (error == NULL && n_steps < 0)
    _exit (0);
  if (error == NULL)
    psc_recorder_finish (recorder, "stopped", &error);
  psc_recorder_free (recorder);
  if (error == NULL)
    return 0;
  fprintf (stderr, "%s\n", error->message);
  return 1;
}
