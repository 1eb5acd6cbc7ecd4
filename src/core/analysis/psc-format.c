/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-format.h"

#include <string.h>

#include "psc-escape.h"

static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };

/* bytes / 2^shift in units of 1 / scale, rounded to the nearest. */
static guint64
rounded (guint64 bytes, guint shift, guint scale)
{
  guint64 whole = bytes >> shift, rest = bytes - (whole << shift);

  /* Ten bits of fraction are enough for three digits and can't overflow. */
  if (shift > 10)
    rest >>= shift - 10;
  return whole * scale + (rest * scale + (1u << MIN (shift, 10)) / 2) / (1u << MIN (shift, 10));
}

/* Whole numbers of `scale`-ths, without zeros at the end. */
static char *
decimal (guint64 value, guint scale, const char *unit)
{
  while (scale > 1 && value % 10 == 0)
    {
      value /= 10;
      scale /= 10;
    }
  if (scale == 1)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " %s", value, unit);
  return g_strdup_printf ("%" G_GUINT64_FORMAT ".%0*u %s", value / scale, scale == 100 ? 2 : 1,
                          (guint) (value % scale), unit);
}

char *
psc_format_size (guint64 bytes)
{
  guint unit = 0;

  while (unit + 1 < G_N_ELEMENTS (units) && bytes >> (10 * unit) >= 1024)
    unit++;
  if (unit == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " B", bytes);
  if (rounded (bytes, 10 * unit, 1) >= 1024 && unit + 1 < G_N_ELEMENTS (units))
    return g_strdup_printf ("1 %s", units[unit + 1]);
  if (rounded (bytes, 10 * unit, 100) < 1000)
    return decimal (rounded (bytes, 10 * unit, 100), 100, units[unit]);
  if (rounded (bytes, 10 * unit, 10) < 1000)
    return decimal (rounded (bytes, 10 * unit, 10), 10, units[unit]);
  return decimal (rounded (bytes, 10 * unit, 1), 1, units[unit]);
}

char *
psc_format_size_delta (gint64 bytes)
{
  g_autofree char *size = psc_format_size (bytes < 0 ? -(guint64) bytes : (guint64) bytes);

  if (bytes == 0)
    return g_steal_pointer (&size);
  return g_strconcat (bytes < 0 ? "−" : "+", size, NULL);
}

char *
psc_format_address (guint64 address)
{
  return g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", address);
}

char *
psc_format_share (guint64 part, guint64 whole)
{
  guint percent;

  if (part == 0 || whole == 0)
    return g_strdup ("0 %");
  if (part >= whole)
    return g_strdup ("100 %");
  percent = (guint) (100.0 * part / whole + 0.5);
  if (percent < 1)
    return g_strdup ("<1 %");
  if (percent > 99)
    return g_strdup (">99 %");
  return g_strdup_printf ("%u %%", percent);
}

char *
psc_format_name (const char *bytes, gssize length)
{
  GString *text = g_string_new (NULL);

  psc_escape_append (text, bytes, length < 0 ? strlen (bytes) : (gsize) length);
  return g_string_free (text, FALSE);
}

char *
psc_format_name_ellipsized (const char *bytes, guint max_chars)
{
  g_autofree char *name = psc_format_name (bytes, -1);
  glong n_chars = g_utf8_strlen (name, -1);
  guint head, tail;
  const char *head_end, *tail_start;

  if (n_chars <= (glong) max_chars)
    return g_steal_pointer (&name);
  if (max_chars == 0)
    return g_strdup ("");
  /* The end of a path says more than its start. */
  head = (max_chars - 1) / 2;
  tail = max_chars - 1 - head;
  head_end = g_utf8_offset_to_pointer (name, head);
  tail_start = g_utf8_offset_to_pointer (name, n_chars - tail);
  return g_strdup_printf ("%.*s…%s", (int) (head_end - name), name, tail_start);
}

char *
psc_format_duration (gint64 usec)
{
  const char *sign = usec < 0 ? "−" : "";
  guint64 amount = usec < 0 ? -(guint64) usec : (guint64) usec;
  g_autofree char *text = NULL;

  if (amount > 0 && amount < 50)
    text = g_strdup ("<0.1 ms");
  else if (amount < 9950)
    text = decimal ((amount + 50) / 100, 10, "ms");
  else if (amount < 999500)
    text = decimal ((amount + 500) / 1000, 1, "ms");
  else if (amount < 9950000)
    text = decimal ((amount + 50000) / 100000, 10, "s");
  else
    text = decimal ((amount + 500000) / 1000000, 1, "s");
  return g_strconcat (sign, text, NULL);
}
