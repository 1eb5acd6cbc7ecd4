/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-figure-words.h"

#include <glib/gi18n.h>
#include <stdlib.h>

#include "psc-format.h"

/* Kinds that the description names. */
#define MOST_KINDS 4

char *
psc_figure_dup_since (const PscSpace *space, const PscFigureOptions *options)
{
  const PscSpace *since = options->since;
  g_autofree char *name = since != NULL ? psc_format_name (since->name, -1) : NULL;
  g_autofree char *moment = since != NULL ? psc_figure_dup_moment (since) : NULL;

  if (since == NULL)
    return NULL;
  if (since->pid == space->pid && since->start_time == space->start_time)
    return g_strdup_printf (_ ("since %s"), moment);
  return g_strdup_printf (_ ("against %s (process %d), %s"), name, since->pid, moment);
}

char *
psc_figure_dup_title (const PscSpace *space, const PscFigureOptions *options)
{
  g_autofree char *name = psc_format_name (space->name, -1);
  g_autofree char *since = psc_figure_dup_since (space, options);

  if (since != NULL)
    return g_strdup_printf (_ ("Memory of %s (process %d), %s"), name, space->pid, since);
  return g_strdup_printf (_ ("Memory of %s (process %d)"), name, space->pid);
}

char *
psc_figure_dup_sums (const PscSpace *space)
{
  g_autofree char *size = psc_format_size (space->totals.size);
  g_autofree char *resident = psc_format_size (space->totals.resident);
  g_autofree char *swapped = psc_format_size (space->totals.swapped);
  g_autofree char *huge = psc_format_size (space->totals.huge + space->totals.hugetlb);
  GString *text = g_string_new (NULL);

  if (space->source == PSC_SOURCE_NONE)
    g_string_append_printf (text, _ ("%s mapped · what is resident could not be read"), size);
  else
    g_string_append_printf (text, _ ("%s resident of %s mapped"), resident, size);
  if (space->totals.huge + space->totals.hugetlb > 0)
    g_string_append_printf (text, _ (" · %s in huge pages"), huge);
  if (space->totals.swapped > 0)
    g_string_append_printf (text, _ (" · %s swapped"), swapped);
  g_string_append_printf (text, ngettext (" · %u mapping", " · %u mappings", space->n_mappings),
                          space->n_mappings);
  return g_string_free (text, FALSE);
}

char *
psc_figure_dup_place (const PscSpace *space)
{
  g_autofree char *host = psc_format_name (space->host, -1);
  g_autofree char *kernel = psc_format_name (space->kernel, -1);

  return g_strdup_printf ("%s · %s", host, kernel);
}

char *
psc_figure_dup_moment (const PscSpace *space)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (space->time_usec / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S %Z") : g_strdup ("");
}

/* FALSE when everything is in view. */
static gboolean
get_part (const PscSpace *space, const PscFigureOptions *options, guint64 *start, guint64 *end)
{
  const PscLayout *layout = options->layout;
  guint first, last;

  if (options->range_start < options->range_end)
    {
      *start = options->range_start;
      *end = options->range_end;
      return TRUE;
    }
  if (options->view == NULL || layout == NULL)
    return FALSE;
  psc_view_visible_bands (options->view, layout, &first, &last);
  if (first >= last || last - first == layout->n_bands)
    return FALSE;
  *start = layout->bands[first].start;
  *end = layout->bands[last - 1].end;
  return TRUE;
}

char *
psc_figure_dup_part (const PscSpace *space, const PscFigureOptions *options)
{
  g_autofree char *from = NULL, *to = NULL, *size = NULL;
  guint64 start, end;

  if (!get_part (space, options, &start, &end))
    return NULL;
  from = psc_format_address (start);
  to = psc_format_address (end);
  size = psc_format_size (end - start);
  return g_strdup_printf ("%s–%s (%s)", from, to, size);
}

/* By populated bytes, most first. */
static int
compare_kinds (const void *a, const void *b)
{
  guint64 x = (*(const PscTotals *const *) a)->resident;
  guint64 y = (*(const PscTotals *const *) b)->resident;

  return (x < y) - (x > y);
}

static void
append_kinds (GString *text, const PscSpace *space)
{
  const PscTotals *kinds[PSC_N_KINDS];

  for (guint i = 0; i < PSC_N_KINDS; i++)
    kinds[i] = &space->kinds[i];
  qsort (kinds, PSC_N_KINDS, sizeof *kinds, compare_kinds);
  for (guint i = 0; i < MOST_KINDS && kinds[i]->resident > 0; i++)
    {
      g_autofree char *resident = psc_format_size (kinds[i]->resident);

      g_string_append (text, i == 0 ? _ ("Most of what is resident: ") : ", ");
      g_string_append_printf (text, "%s %s", _ (psc_kind_title (kinds[i] - space->kinds)),
                              resident);
    }
  if (kinds[0]->resident > 0)
    g_string_append (text, ". ");
}

char *
psc_figure_dup_description (const PscSpace *space, const PscFigureOptions *options)
{
  g_autofree char *command = psc_format_name_ellipsized (space->command, 300);
  g_autofree char *sums = psc_figure_dup_sums (space);
  g_autofree char *place = psc_figure_dup_place (space);
  g_autofree char *moment = psc_figure_dup_moment (space);
  g_autofree char *part = psc_figure_dup_part (space, options);
  g_autofree char *since = psc_figure_dup_since (space, options);
  GString *text = g_string_new (NULL);

  if (*command != '\0')
    g_string_append_printf (text, _ ("Command: %s. "), command);
  g_string_append_printf (text, "%s. ", sums);
  append_kinds (text, space);
  if (part != NULL)
    g_string_append_printf (text, _ ("Shown: %s. "), part);
  if (since != NULL)
    g_string_append_printf (text, _ ("Colour: %s, %s. "), _ (psc_lens_title (options->lens)),
                            since);
  else
    g_string_append_printf (text, _ ("Colour: %s. "), _ (psc_lens_title (options->lens)));
  g_string_append_printf (text, "%s, %s.", place, moment);
  return g_string_free (text, FALSE);
}
