/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-recording-time.h"

#include <string.h>

#include "psc-format.h"

#define MAX_DAYS 400 /* of a recording in which a time of day is looked for */

gboolean
psc_recording_is_named (const char *word)
{
  g_autofree char *path = NULL, *time = NULL;

  if (g_str_has_suffix (word, PSC_RECORDING_SUFFIX))
    return TRUE;
  psc_recording_split (word, &path, &time);
  return g_str_has_suffix (path, PSC_RECORDING_SUFFIX) ||
         (strchr (path, '/') != NULL && g_file_test (path, G_FILE_TEST_EXISTS));
}

const PscProcess *
psc_recording_find_process (GPtrArray *processes, const char *word, GError **error)
{
  g_autoptr (GError) why = NULL;
  const PscProcess *process = psc_process_list_find (processes, word, &why);

  if (process != NULL)
    return process;
  if (g_error_matches (why, PSC_TARGET_ERROR, PSC_TARGET_ERROR_NONE) && strchr (word, '/') != NULL)
    {
      g_autofree char *shown = psc_format_name (word, -1);

      g_set_error (error, why->domain, why->code,
                   "There is neither a file “%s” nor a process called so", shown);
    }
  else
    g_propagate_error (error, g_steal_pointer (&why));
  return NULL;
}

void
psc_recording_split (const char *word, char **path, char **time)
{
  const char *at = strrchr (word, '@');

  *time = NULL;
  if (at == NULL || at == word || at[1] == '\0' || g_file_test (word, G_FILE_TEST_EXISTS))
    {
      *path = g_strdup (word);
      return;
    }
  *path = g_strndup (word, (gsize) (at - word));
  *time = g_strdup (at + 1);
}

/* ---- Durations ---- */

static const struct
{
  const char *unit;
  double usec;
} units[] = {
  { "ms", 1e3 }, { "s", 1e6 }, { "m", 60e6 }, { "h", 3600e6 }, { "d", 86400e6 },
};

/* 0: none. */
static double
take_unit (const char **text)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_has_prefix (*text, units[i].unit))
      {
        *text += strlen (units[i].unit);
        return units[i].usec;
      }
  return 0;
}

/* "1m30s", or a bare number of seconds. */
static gboolean
parse_duration (const char *text, double *usec)
{
  *usec = 0;
  if (!g_ascii_isdigit (*text))
    return FALSE;
  while (*text != '\0')
    {
      gboolean is_first = *usec == 0;
      char *end;
      double number, unit;

      /* strtod() takes signs, hexadecimals and infinities too. */
      if (!g_ascii_isdigit (*text) || strspn (text, "0123456789.") > 15)
        return FALSE;
      number = g_ascii_strtod (text, &end);
      if (end == text || (gsize) (end - text) != strspn (text, "0123456789."))
        return FALSE;
      text = end;
      unit = take_unit (&text);
      if (unit == 0 && (*text != '\0' || !is_first))
        return FALSE;
      *usec += number * (unit > 0 ? unit : 1e6);
    }
  return *usec < 9e18;
}

/* ---- Clock times ---- */

static gint64
to_usec (GDateTime *time)
{
  return g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
}

/* HH:MM or HH:MM:SS. */
static gboolean
parse_clock (const char *text, gint *hour, gint *minute, double *second)
{
  guint colons = 0;
  char *end;

  for (const char *at = text; *at != '\0'; at++)
    if (*at == ':')
      colons++;
    else if (!g_ascii_isdigit (*at) && !(colons == 2 && *at == '.'))
      return FALSE;
  if (colons < 1 || colons > 2 || !g_ascii_isdigit (*text) || strlen (text) > 15)
    return FALSE;
  *hour = (gint) g_ascii_strtoull (text, &end, 10);
  if (*end != ':' || !g_ascii_isdigit (end[1]))
    return FALSE;
  *minute = (gint) g_ascii_strtoull (end + 1, &end, 10);
  *second = colons == 2 ? g_ascii_strtod (end + 1, &end) : 0;
  return *end == '\0' && *hour < 24 && *minute < 60 && *second < 60;
}

/* A day before as well: the time may be a moment before the first. */
static gboolean
find_clock (gint hour, gint minute, double second, gint64 first_usec, gint64 last_usec,
            gint64 *time_usec)
{
  g_autoptr (GDateTime) first = g_date_time_new_from_unix_local (first_usec / G_USEC_PER_SEC);

  for (gint day = -1; first != NULL && day < MAX_DAYS; day++)
    {
      g_autoptr (GDateTime) there = g_date_time_add_days (first, day);
      g_autoptr (GDateTime) time =
          g_date_time_new_local (g_date_time_get_year (there), g_date_time_get_month (there),
                                 g_date_time_get_day_of_month (there), hour, minute, second);

      if (time == NULL)
        continue;
      *time_usec = to_usec (time);
      if (*time_usec > first_usec - G_USEC_PER_SEC)
        return *time_usec < last_usec + G_USEC_PER_SEC;
    }
  return FALSE;
}

static gboolean
parse_iso (const char *text, gint64 *time_usec)
{
  g_autofree char *iso = g_strdup (text);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = NULL;
  char *blank = strchr (iso, ' ');

  if (blank != NULL)
    *blank = 'T';
  time = g_date_time_new_from_iso8601 (iso, zone);
  if (time == NULL)
    return FALSE;
  *time_usec = to_usec (time);
  return TRUE;
}

/* ---- */

static char *
format_clock (gint64 time_usec)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_usec / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%F %T") :
                        g_strdup_printf ("%" G_GINT64_FORMAT " s", time_usec / G_USEC_PER_SEC);
}

static gboolean
fail_outside (const char *text, gint64 first_usec, gint64 last_usec, GError **error)
{
  g_autofree char *shown = psc_format_name_ellipsized (text, 40);
  g_autofree char *first = format_clock (first_usec);
  g_autofree char *last = format_clock (last_usec);

  g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_NOT_FOUND,
               "Nothing is recorded at \"%s\": the recording goes from %s to %s, %.1f s", shown,
               first, last, (double) (last_usec - first_usec) / G_USEC_PER_SEC);
  return FALSE;
}

static gboolean
fail_senseless (const char *text, GError **error)
{
  g_autofree char *shown = psc_format_name_ellipsized (text, 40);

  g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_TIME,
               "\"%s\" is no time: say start, end, 90s or 1m30s from the start, -5s from the end, "
               "14:03:07, or 2026-03-01T14:03:07",
               shown);
  return FALSE;
}

/* Whether it is a time at all; *found may be outside. */
static gboolean
parse_any (const char *text, gint64 first_usec, gint64 last_usec, gint64 *found)
{
  double usec, second;
  gint hour, minute;

  if (strcmp (text, "start") == 0)
    *found = first_usec;
  else if (strcmp (text, "end") == 0)
    *found = last_usec;
  else if (parse_duration (text, &usec))
    *found = usec > (double) (last_usec - first_usec) + 1 ? G_MAXINT64 : first_usec + (gint64) usec;
  else if (text[0] == '-' && parse_duration (text + 1, &usec))
    *found = usec > (double) (last_usec - first_usec) + 1 ? G_MININT64 : last_usec - (gint64) usec;
  else if (parse_clock (text, &hour, &minute, &second))
    {
      if (!find_clock (hour, minute, second, first_usec, last_usec, found))
        *found = G_MAXINT64;
    }
  else
    return parse_iso (text, found);
  return TRUE;
}

gboolean
psc_recording_parse_time (const char *text, gint64 first_usec, gint64 last_usec, gint64 *time_usec,
                          GError **error)
{
  gint64 found;

  g_return_val_if_fail (text != NULL && first_usec <= last_usec, FALSE);

  if (!parse_any (text, first_usec, last_usec, &found))
    return fail_senseless (text, error);
  if (found <= first_usec - G_USEC_PER_SEC ||
      (found > last_usec && found - last_usec >= G_USEC_PER_SEC))
    return fail_outside (text, first_usec, last_usec, error);
  *time_usec = CLAMP (found, first_usec, last_usec);
  return TRUE;
}
