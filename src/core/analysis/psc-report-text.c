/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-report.h"

#include <stdlib.h>

#include "psc-format.h"

/* All columns hold ASCII but the last, which is not padded: so nothing can get out of line. */

#define MAX_COMMAND 200

/* A size right-aligned; what is not known is a question mark, never a 0. */
static void
append_size (GString *text, gboolean known, guint64 bytes)
{
  g_autofree char *size = known ? psc_format_size (bytes) : g_strdup ("?");

  g_string_append_printf (text, " %9s", size);
}

static void
append_word (GString *text, gboolean known, guint64 bytes, const char *what)
{
  g_autofree char *size = known ? psc_format_size (bytes) : g_strdup ("?");

  g_string_append_printf (text, ", %s %s", size, what);
}

static void
append_heading (GString *text, const PscSpace *space)
{
  const PscTotals *totals = &space->totals;
  gboolean known = space->source != PSC_SOURCE_NONE;
  gboolean knows_huge = known && space->source != PSC_SOURCE_PAGEMAP;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (space->time_usec / G_USEC_PER_SEC);
  g_autofree char *time_text = time != NULL ? g_date_time_format (time, "%F %T UTC") : NULL;
  g_autofree char *name = psc_format_name (space->name, -1);
  g_autofree char *command = psc_format_name_ellipsized (space->command, MAX_COMMAND);
  g_autofree char *size = psc_format_size (totals->size);

  g_string_append_printf (text, "%s (process %d)\n", name, space->pid);
  if (*command != '\0')
    g_string_append_printf (text, "%s\n", command);
  g_string_append_printf (text, "%s, %s, user %u", space->host, space->kernel, space->uid);
  if (space->n_threads > 0)
    g_string_append_printf (text, ", %u %s", space->n_threads,
                            space->n_threads == 1 ? "thread" : "threads");
  if (time_text != NULL && space->time_usec != 0)
    g_string_append_printf (text, ", %s", time_text);
  g_string_append_printf (text, "\n%u mappings, %s", space->n_mappings, size);
  append_word (text, known, totals->resident, "resident");
  append_word (text, known, totals->swapped, "swapped");
  append_word (text, knows_huge, totals->huge, "in huge pages");
  if (totals->hugetlb > 0)
    append_word (text, known, totals->hugetlb, "from the huge-page pool");
  if (space->vm_pte != 0)
    append_word (text, TRUE, space->vm_pte, "of page tables");
  g_string_append_c (text, '\n');
}

/* Most resident first; then largest; then in the order of the kinds. */
static int
compare_kinds (const void *a, const void *b, void *data)
{
  const PscSpace *space = data;
  const PscTotals *x = &space->kinds[*(const guint *) a], *y = &space->kinds[*(const guint *) b];

  if (x->resident + x->hugetlb != y->resident + y->hugetlb)
    return x->resident + x->hugetlb > y->resident + y->hugetlb ? -1 : 1;
  if (x->size != y->size)
    return x->size > y->size ? -1 : 1;
  return *(const guint *) a < *(const guint *) b ? -1 : 1;
}

static void
append_totals (GString *text, const PscSpace *space, const char *title, const PscTotals *totals)
{
  gboolean known = space->source != PSC_SOURCE_NONE &&
                   (totals->size == 0 || totals->classes[PSC_CLASS_UNKNOWN] < totals->size);

  g_string_append_printf (text, "%-24s %8" G_GUINT64_FORMAT, title, totals->n_mappings);
  append_size (text, TRUE, totals->size);
  append_size (text, known, totals->resident);
  append_size (text, known, totals->swapped);
  append_size (text, known && space->source != PSC_SOURCE_PAGEMAP, totals->huge);
  append_size (text, known, totals->hugetlb);
  g_string_append_c (text, '\n');
}

static void
append_kinds (GString *text, const PscSpace *space)
{
  guint order[PSC_N_KINDS], n = 0;

  for (guint i = 0; i < PSC_N_KINDS; i++)
    if (space->kinds[i].n_mappings > 0)
      order[n++] = i;
  qsort_r (order, n, sizeof order[0], compare_kinds, (void *) space);
  g_string_append_printf (text, "\n%-24s %8s %9s %9s %9s %9s %9s\n", "KIND", "MAPPINGS", "SIZE",
                          "RESIDENT", "SWAPPED", "HUGE", "HUGETLB");
  for (guint i = 0; i < n; i++)
    append_totals (text, space, psc_kind_title (order[i]), &space->kinds[order[i]]);
  append_totals (text, space, "Total", &space->totals);
}

static void
append_mapping (GString *text, const PscSpace *space, const PscMapping *mapping)
{
  gboolean known = space->source != PSC_SOURCE_NONE && mapping->flags & PSC_MAPPING_PAGES_KNOWN;
  const PscOwner *owner = psc_space_lookup_owner (space, mapping->start);
  g_autofree char *name = psc_format_name (mapping->name, -1);
  char perms[5];

  psc_mapping_format_perms (mapping, perms);
  g_string_append_printf (text, "%016" G_GINT64_MODIFIER "x %s", mapping->start, perms);
  append_size (text, TRUE, mapping->end - mapping->start);
  append_size (text, known, mapping->resident);
  append_size (text, known, mapping->swapped);
  append_size (text, known && space->source != PSC_SOURCE_PAGEMAP, mapping->huge);
  append_size (text, known, mapping->hugetlb);
  g_string_append_printf (text, " %-24s", psc_kind_title (mapping->kind));
  if (*name != '\0')
    g_string_append_printf (text, " %s", name);
  else if (owner != NULL)
    g_string_append_printf (text, " (%s)", owner->label);
  if (mapping->flags & PSC_MAPPING_DELETED)
    g_string_append (text, " (deleted)");
  if (mapping->flags & PSC_MAPPING_MOVING)
    g_string_append (text, " (changed while it was read)");
  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, '\n');
}

static void
append_mappings (GString *text, const PscSpace *space)
{
  g_string_append_printf (text, "\n%-16s %-4s %9s %9s %9s %9s %9s %-24s %s\n", "ADDRESS", "PERM",
                          "SIZE", "RESIDENT", "SWAPPED", "HUGE", "HUGETLB", "KIND", "NAME");
  for (guint i = 0; i < space->n_mappings; i++)
    append_mapping (text, space, &space->mappings[i]);
}

/* Reasons and remedies are fragments or sentences, as they came; here they follow each other. */
static void
append_sentence (GString *text, const char *words)
{
  if (*words == '\0')
    return;
  g_string_append_c (text, ' ');
  g_string_append_c (text, g_ascii_toupper (*words));
  g_string_append (text, words + 1);
  if (!g_str_has_suffix (words, "."))
    g_string_append_c (text, '.');
}

static void
append_unknowns (GString *text, const PscSpace *space)
{
  if (space->n_unknowns > 0)
    g_string_append (text, "\nNOT KNOWN\n");
  for (guint i = 0; i < space->n_unknowns; i++)
    {
      const PscUnknown *unknown = &space->unknowns[i];

      g_string_append_printf (text, "%s:", unknown->what);
      append_sentence (text, unknown->why);
      append_sentence (text, unknown->remedy);
      g_string_append_c (text, '\n');
    }
}

char *
psc_report_to_text (const PscSpace *space)
{
  GString *text = g_string_new (NULL);

  append_heading (text, space);
  append_kinds (text, space);
  append_mappings (text, space);
  append_unknowns (text, space);
  return g_string_free (text, FALSE);
}
