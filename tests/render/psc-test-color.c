/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-test-color.h"

#include <math.h>

/* Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision
 * Deficiency (2009), severity 1.0; for linear light. */
static const double deficiencies[PSC_N_VISIONS][3][3] = {
  [PSC_VISION_NORMAL] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
  [PSC_VISION_PROTAN] = { { 0.152286, 1.052583, -0.204868 },
                          { 0.114503, 0.786281, 0.099216 },
                          { -0.003882, -0.048116, 1.051998 } },
  [PSC_VISION_DEUTAN] = { { 0.367322, 0.860646, -0.227968 },
                          { 0.280085, 0.672501, 0.047413 },
                          { -0.011820, 0.042940, 0.968881 } },
  [PSC_VISION_TRITAN] = { { 1.255528, -0.076749, -0.178779 },
                          { -0.078411, 0.930809, 0.147602 },
                          { 0.004733, 0.691367, 0.303900 } },
};

const char *
psc_vision_id (PscVision vision)
{
  static const char *const ids[] = { "normal", "protan", "deutan", "tritan" };

  return ids[vision];
}

static void
multiply (const double matrix[3][3], const double in[3], double out[3])
{
  for (guint i = 0; i < 3; i++)
    out[i] = matrix[i][0] * in[0] + matrix[i][1] * in[1] + matrix[i][2] * in[2];
}

static double
lab_root (double t)
{
  return t > 216.0 / 24389 ? cbrt (t) : (24389.0 / 27 * t + 16) / 116;
}

PscLab
psc_lab_from_color (PscColor color, PscVision vision)
{
  static const double to_xyz[3][3] = { { 0.4124564, 0.3575761, 0.1804375 },
                                       { 0.2126729, 0.7151522, 0.0721750 },
                                       { 0.0193339, 0.1191920, 0.9503041 } };
  double linear[3], seen[3], xyz[3], x, y, z;

  for (guint i = 0; i < 3; i++)
    {
      double c = ((color >> (16 - 8 * i)) & 0xff) / 255.0;

      linear[i] = c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4);
    }
  multiply (deficiencies[vision], linear, seen);
  for (guint i = 0; i < 3; i++)
    seen[i] = CLAMP (seen[i], 0, 1);
  multiply (to_xyz, seen, xyz);
  x = lab_root (xyz[0] / 0.95047);
  y = lab_root (xyz[1]);
  z = lab_root (xyz[2] / 1.08883);
  return (PscLab){ 116 * y - 16, 500 * (x - y), 200 * (y - z) };
}

static double
degrees_of (double a, double b)
{
  double degrees;

  if (a == 0 && b == 0)
    return 0;
  degrees = atan2 (b, a) * 180 / G_PI;
  return degrees < 0 ? degrees + 360 : degrees;
}

static double
cosine (double degrees)
{
  return cos (degrees * G_PI / 180);
}

/* Sharma, Wu, Dalal: The CIEDE2000 Color-Difference Formula (2005), with their names. */
double
psc_lab_difference (PscLab x, PscLab y)
{
  double c_mean = (hypot (x.a, x.b) + hypot (y.a, y.b)) / 2;
  double g = 0.5 * (1 - sqrt (pow (c_mean, 7) / (pow (c_mean, 7) + pow (25, 7))));
  double a1 = (1 + g) * x.a, a2 = (1 + g) * y.a;
  double c1 = hypot (a1, x.b), c2 = hypot (a2, y.b);
  double h1 = degrees_of (a1, x.b), h2 = degrees_of (a2, y.b);
  double dl = y.l - x.l, dc = c2 - c1, dh = h2 - h1, dH;
  double l = (x.l + y.l) / 2, c = (c1 + c2) / 2, h = (h1 + h2) / 2;
  double t, sl, sc, sh, rc, rt;

  if (c1 * c2 == 0)
    {
      dh = 0;
      h = h1 + h2;
    }
  else if (fabs (dh) > 180)
    {
      dh += dh > 0 ? -360 : 360;
      h += h1 + h2 < 360 ? 180 : -180;
    }
  dH = 2 * sqrt (c1 * c2) * sin (dh / 2 * G_PI / 180);
  t = 1 - 0.17 * cosine (h - 30) + 0.24 * cosine (2 * h) + 0.32 * cosine (3 * h + 6) -
      0.20 * cosine (4 * h - 63);
  sl = 1 + 0.015 * pow (l - 50, 2) / sqrt (20 + pow (l - 50, 2));
  sc = 1 + 0.045 * c;
  sh = 1 + 0.015 * c * t;
  rc = 2 * sqrt (pow (c, 7) / (pow (c, 7) + pow (25, 7)));
  rt = -sin (2 * 30 * exp (-pow ((h - 275) / 25, 2)) * G_PI / 180) * rc;
  return sqrt (pow (dl / sl, 2) + pow (dc / sc, 2) + pow (dH / sh, 2) + rt * dc / sc * dH / sh);
}

double
psc_color_contrast (PscColor x, PscColor y)
{
  double lx = psc_color_luminance (x);
  double ly = psc_color_luminance (y);

  return (MAX (lx, ly) + 0.05) / (MIN (lx, ly) + 0.05);
}
