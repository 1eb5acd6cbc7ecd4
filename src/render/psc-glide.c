/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-glide.h"

#include <math.h>

/* Shares of what is left that are lost in a second, as exponents: a push runs out in about a
 * second, a wheel is followed within a few frames. */
#define FRICTION  4.5
#define FOLLOW    22.0
#define REST_PX_S 14.0
#define REST_ZOOM 0.004
/* Nobody can follow more. */
#define MAX_PX_S 12000.0

/* A hand that has not moved for so long has let go of a map that lies still. */
#define HELD_USEC 60000
/* What counts for the speed of a hand. */
#define WINDOW_USEC 110000

static double
run_out (double *velocity, double seconds)
{
  double before = *velocity;

  *velocity = before * exp (-FRICTION * seconds);
  return (before - *velocity) / FRICTION;
}

gboolean
psc_glide_is_moving (const PscGlide *glide)
{
  return glide->vx != 0 || glide->vy != 0 || glide->zoom != 0;
}

void
psc_glide_stop (PscGlide *glide)
{
  *glide = (PscGlide){ 0 };
}

gboolean
psc_glide_step (PscGlide *glide, double seconds, double *dx, double *dy, double *factor)
{
  double zoom = glide->zoom;

  seconds = MAX (seconds, 0);
  glide->vx = CLAMP (glide->vx, -MAX_PX_S, MAX_PX_S);
  glide->vy = CLAMP (glide->vy, -MAX_PX_S, MAX_PX_S);
  *dx = run_out (&glide->vx, seconds);
  *dy = run_out (&glide->vy, seconds);
  if (hypot (glide->vx, glide->vy) < REST_PX_S)
    glide->vx = glide->vy = 0;
  glide->zoom *= exp (-FOLLOW * seconds);
  if (fabs (glide->zoom) < REST_ZOOM)
    glide->zoom = 0;
  *factor = exp (zoom - glide->zoom);
  return psc_glide_is_moving (glide);
}

void
psc_track_add (PscTrack *track, gint64 time_usec, double dx, double dy)
{
  guint i = track->n++ % PSC_TRACK_SAMPLES;

  track->samples[i].time_usec = time_usec;
  track->samples[i].dx = dx;
  track->samples[i].dy = dy;
}

void
psc_track_get_velocity (const PscTrack *track, gint64 now_usec, double *vx, double *vy)
{
  guint n = MIN (track->n, PSC_TRACK_SAMPLES);
  gint64 first = now_usec;
  double dx = 0, dy = 0, seconds;

  *vx = *vy = 0;
  if (n < 2 || now_usec - track->samples[(track->n - 1) % PSC_TRACK_SAMPLES].time_usec > HELD_USEC)
    return;
  for (guint back = 1; back <= n; back++)
    {
      guint i = (track->n - back) % PSC_TRACK_SAMPLES;

      if (now_usec - track->samples[i].time_usec > WINDOW_USEC)
        break;
      /* The oldest says when the way began that the others went. */
      first = track->samples[i].time_usec;
      if (back == n)
        break;
      dx += track->samples[i].dx;
      dy += track->samples[i].dy;
    }
  seconds = (double) (now_usec - first) / G_USEC_PER_SEC;
  if (seconds < 0.005)
    return;
  *vx = dx / seconds;
  *vy = dy / seconds;
}
