/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-theme.h"

#include <math.h>

static const PscThemeColors theme_colors[PSC_N_THEMES] = {
  [PSC_THEME_LIGHT] = { .background = 0xffffff,
                        .gap = 0xc3cad2,
                        .fold = 0xc9d0d9,
                        .rule = 0x7d8794,
                        .text = 0x1d2229,
                        .dim = 0x66707c,
                        .frame = 0xcdd4dc,
                        .accent = 0xd00060 },
  [PSC_THEME_DARK] = { .background = 0x15181d,
                       .gap = 0x48515d,
                       .fold = 0x46505c,
                       .rule = 0x8a95a3,
                       .text = 0xf0f3f6,
                       .dim = 0x98a3b0,
                       .frame = 0x3a424d,
                       .accent = 0xff5fa8 },
  [PSC_THEME_LIGHT_CONTRAST] = { .background = 0xffffff,
                                 .gap = 0x59606a,
                                 .fold = 0x6d7580,
                                 .rule = 0x363c44,
                                 .text = 0x000000,
                                 .dim = 0x30363d,
                                 .frame = 0x59606a,
                                 .accent = 0xb00050 },
  [PSC_THEME_DARK_CONTRAST] = { .background = 0x000000,
                                .gap = 0x9aa3ae,
                                .fold = 0x868f9b,
                                .rule = 0xc8d0d9,
                                .text = 0xffffff,
                                .dim = 0xd3dae2,
                                .frame = 0x9aa3ae,
                                .accent = 0xff7fbc },
};

static const char *const ids[PSC_N_THEMES] = { "light", "dark", "light-contrast", "dark-contrast" };

const PscThemeColors *
psc_theme_colors (PscTheme theme)
{
  g_return_val_if_fail (theme < PSC_N_THEMES, NULL);
  return &theme_colors[theme];
}

const char *
psc_theme_id (PscTheme theme)
{
  g_return_val_if_fail (theme < PSC_N_THEMES, NULL);
  return ids[theme];
}

gboolean
psc_theme_from_id (const char *id, PscTheme *theme)
{
  for (guint i = 0; i < PSC_N_THEMES; i++)
    {
      if (g_strcmp0 (id, ids[i]) != 0)
        continue;
      *theme = i;
      return TRUE;
    }
  return FALSE;
}

PscTheme
psc_theme_choose (gboolean dark, gboolean high_contrast)
{
  if (high_contrast)
    return dark ? PSC_THEME_DARK_CONTRAST : PSC_THEME_LIGHT_CONTRAST;
  return dark ? PSC_THEME_DARK : PSC_THEME_LIGHT;
}

gboolean
psc_theme_is_dark (PscTheme theme)
{
  return theme == PSC_THEME_DARK || theme == PSC_THEME_DARK_CONTRAST;
}

PscColor
psc_color_mix (PscColor a, PscColor b, guint b_percent)
{
  guint32 result = 0;

  for (guint shift = 0; shift <= 16; shift += 8)
    {
      guint32 ca = (a >> shift) & 0xff;
      guint32 cb = (b >> shift) & 0xff;

      result |= ((ca * (100 - b_percent) + cb * b_percent) / 100) << shift;
    }
  return result;
}

double
psc_color_luminance (PscColor color)
{
  static const double weights[] = { 0.0722, 0.7152, 0.2126 };
  double sum = 0;

  for (guint i = 0; i < 3; i++)
    {
      double c = ((color >> (8 * i)) & 0xff) / 255.0;

      sum += weights[i] * (c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4));
    }
  return sum;
}
