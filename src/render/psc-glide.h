/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What moves on after the hand has let go: a push that friction slows down, and a zoom that follows
 * the notches of a wheel. Plain structs and pure functions: time comes in, pixels come out, and how
 * many frames there are in between makes no difference.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double vx, vy; /* px per second, of the view over the layout */
  double zoom;   /* natural logarithm of the factor that is still to come */
} PscGlide;

/* Time passes: what to pan by (px) and to zoom by since the last step. FALSE when all of it has
 * come to rest; then everything that was due has been given out. */
gboolean psc_glide_step (PscGlide *glide, double seconds, double *dx, double *dy, double *factor);
void psc_glide_stop (PscGlide *glide);
gboolean psc_glide_is_moving (const PscGlide *glide);

/* How fast a hand moves, from its last few movements. */
#define PSC_TRACK_SAMPLES 12

typedef struct
{
  struct
  {
    gint64 time_usec;
    double dx, dy; /* px */
  } samples[PSC_TRACK_SAMPLES];
  guint n; /* ever added; the newest is at (n - 1) % PSC_TRACK_SAMPLES */
} PscTrack;

/* Zeroed is empty. Times are monotonic, microseconds. */
void psc_track_add (PscTrack *track, gint64 time_usec, double dx, double dy);
/* px per second; 0 when the hand had come to rest before it let go. */
void psc_track_get_velocity (const PscTrack *track, gint64 now_usec, double *vx, double *vy);

G_END_DECLS
