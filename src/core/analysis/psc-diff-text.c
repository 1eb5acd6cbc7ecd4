/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-diff-report.h"

#include <stdlib.h>

#include "psc-format.h"

/* Columns hold what may be longer than they are wide only at the end of a line. */

/* Right-aligned by characters: a minus sign is one. */
static void
append_cell (GString *text, const char *word)
{
  int blanks = 10 - (int) g_utf8_strlen (word, -1);

  g_string_append_printf (text, " %*s%s", MAX (blanks, 0), "", word);
}

static void
append_size (GString *text, gboolean known, guint64 bytes)
{
  g_autofree char *size = known ? psc_format_size (bytes) : g_strdup ("?");

  append_cell (text, size);
}

static void
append_delta (GString *text, gboolean known, gint64 bytes)
{
  g_autofree char *delta = known ? psc_format_size_delta (bytes) : g_strdup ("?");

  append_cell (text, bytes == 0 && known ? "-" : delta);
}

/* Most of what may change has not. */
static void
append_pages (GString *text, guint64 bytes)
{
  g_autofree char *size = psc_format_size (bytes);

  append_cell (text, bytes == 0 ? "-" : size);
}

static char *
dup_time (const PscSpace *space)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (space->time_usec / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%F %T UTC") : g_strdup ("?");
}

static void
append_moment (GString *text, const char *which, const PscSpace *space)
{
  g_autofree char *name = psc_format_name (space->name, -1);
  g_autofree char *host = psc_format_name (space->host, -1);
  g_autofree char *kernel = psc_format_name (space->kernel, -1);
  g_autofree char *time = dup_time (space);

  g_string_append_printf (text, "%s %s (process %d), %s, %s, %s\n", which, name, space->pid, host,
                          kernel, time);
}

static void
append_sum (GString *text, const char *what, gboolean known, PscDiffSum sum)
{
  g_autofree char *then = known ? psc_format_size (sum.then) : g_strdup ("?");
  g_autofree char *now = known ? psc_format_size (sum.now) : g_strdup ("?");
  g_autofree char *delta = psc_format_size_delta (psc_diff_delta (sum));

  if (known && sum.then == sum.now)
    g_string_append_printf (text, ", %s %s", now, what);
  else
    g_string_append_printf (text, ", %s → %s %s (%s)", then, now, what, known ? delta : "?");
}

static gboolean
is_known (const PscDiffGrowth *growth)
{
  return growth->then_known && growth->now_known;
}

static void
append_heading (GString *text, const PscDiff *diff)
{
  const PscDiffGrowth *total = &diff->total;
  gint64 elapsed_usec = diff->b->time_usec - diff->a->time_usec;
  g_autofree char *elapsed = psc_format_duration (ABS (elapsed_usec));

  append_moment (text, "Then:", diff->a);
  append_moment (text, "Now: ", diff->b);
  if (diff->one_process)
    g_string_append_printf (text, "One process, %s %s: mappings are known by their addresses\n",
                            elapsed, elapsed_usec < 0 ? "earlier" : "later");
  else if (diff->one_layout)
    g_string_append (text,
                     "Two processes of one layout, such as parent and child: mappings are known "
                     "by their addresses\n");
  else
    g_string_append (text, "Two processes: mappings are matched by what they are for, not by their "
                           "addresses\n");
  if (!diff->pages_compared)
    g_string_append (text, "Their pages have two sizes, so pages can't be compared\n");
  g_string_append_printf (text, "%" G_GUINT64_FORMAT, total->n_mappings.then);
  if (total->n_mappings.then != total->n_mappings.now)
    g_string_append_printf (text, " → %" G_GUINT64_FORMAT, total->n_mappings.now);
  g_string_append (text, " mappings");
  append_sum (text, "mapped", TRUE, total->size);
  append_sum (text, "resident", is_known (total), total->resident);
  append_sum (text, "swapped", is_known (total), total->swapped);
  append_sum (text, "in huge pages",
              is_known (total) && diff->a->source != PSC_SOURCE_PAGEMAP &&
                  diff->b->source != PSC_SOURCE_PAGEMAP,
              total->huge);
  if (total->hugetlb.then + total->hugetlb.now > 0)
    append_sum (text, "from the huge-page pool", is_known (total), total->hugetlb);
  g_string_append_c (text, '\n');
}

/* --- kinds --------------------------------------------------------------------------------- */

static void
append_growth_head (GString *text)
{
  static const char *const heads[] = { "RAM THEN", "RAM NOW", "CHANGE", "MAPPED",
                                       "APPEARED", "COPIED",  "GONE",   "SWAPPED",
                                       "BACK",     "HUGE",    "SPLIT" };

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    append_cell (text, heads[i]);
}

/* In RAM, of the huge-page pool too. */
static void
append_growth (GString *text, const PscDiffGrowth *growth)
{
  const guint64 *pages = growth->pages.bytes;
  guint64 then = growth->resident.then + growth->hugetlb.then;
  guint64 now = growth->resident.now + growth->hugetlb.now;

  append_size (text, growth->then_known, then);
  append_size (text, growth->now_known, now);
  append_delta (text, is_known (growth), (gint64) (now - then));
  append_delta (text, TRUE, psc_diff_delta (growth->size));
  append_pages (text, pages[PSC_CHANGE_APPEARED]);
  append_pages (text, pages[PSC_CHANGE_COPIED]);
  append_pages (text, pages[PSC_CHANGE_GONE] + growth->pages.unmapped_populated);
  append_pages (text, pages[PSC_CHANGE_SWAPPED_OUT]);
  append_pages (text, pages[PSC_CHANGE_SWAPPED_IN]);
  append_pages (text, pages[PSC_CHANGE_BECAME_HUGE]);
  append_pages (text, pages[PSC_CHANGE_SPLIT]);
}

/* Is there something to tell in a column? */
static gboolean
is_changed (const PscDiffGrowth *growth)
{
  return growth->size.then != growth->size.now || psc_diff_populated_delta (growth) != 0 ||
         psc_diff_changed_bytes (&growth->pages) > growth->pages.bytes[PSC_CHANGE_MAPPED];
}

static int
compare_kinds (const void *x, const void *y, void *data)
{
  const PscDiff *diff = data;
  guint i = *(const guint *) x, j = *(const guint *) y;
  gint64 a = ABS (psc_diff_populated_delta (&diff->kinds[i]));
  gint64 b = ABS (psc_diff_populated_delta (&diff->kinds[j]));
  guint64 a_pages = psc_diff_changed_bytes (&diff->kinds[i].pages);
  guint64 b_pages = psc_diff_changed_bytes (&diff->kinds[j].pages);

  if (a != b)
    return a > b ? -1 : 1;
  if (a_pages != b_pages)
    return a_pages > b_pages ? -1 : 1;
  return i < j ? -1 : 1;
}

static void
append_kinds (GString *text, const PscDiff *diff)
{
  guint order[PSC_N_KINDS], n = 0;

  for (guint i = 0; i < PSC_N_KINDS; i++)
    if (is_changed (&diff->kinds[i]))
      order[n++] = i;
  g_qsort_with_data (order, (gint) n, sizeof order[0], compare_kinds, (gpointer) diff);
  g_string_append_printf (text, "\n%-24s", "KIND");
  append_growth_head (text);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (text, "%-24s", psc_kind_title (order[i]));
      append_growth (text, &diff->kinds[order[i]]);
      g_string_append_c (text, '\n');
    }
  g_string_append_printf (text, "%-24s", "Total");
  append_growth (text, &diff->total);
  g_string_append_c (text, '\n');
}

/* --- mappings ------------------------------------------------------------------------------ */

static void
append_place (GString *text, const PscMapping *mapping, guint64 start)
{
  char perms[5];

  psc_mapping_format_perms (mapping, perms);
  g_string_append_printf (text, "%016" G_GINT64_MODIFIER "x %s", start, perms);
}

/* The end of a line. */
static void
append_name (GString *text, const PscSpace *space, const PscMapping *mapping)
{
  const PscOwner *owner = psc_space_lookup_owner (space, mapping->start);
  g_autofree char *name = psc_format_name (mapping->name, -1);

  g_string_append_printf (text, "  %-24s", psc_kind_title (mapping->kind));
  if (*name != '\0')
    g_string_append_printf (text, " %s", name);
  else if (owner != NULL)
    g_string_append_printf (text, " (%s)", owner->label);
  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, '\n');
}

static void
append_changed (GString *text, const PscDiff *diff, const PscDiffPair *pair)
{
  const PscMapping *then = &diff->a->mappings[pair->a];
  const PscMapping *now = &diff->b->mappings[pair->b];

  append_place (text, now, pair->b_start);
  append_growth (text, &pair->growth);
  g_string_append_printf (text, "  %-8s", psc_diff_why_id (pair->why));
  append_name (text, diff->b, now);
  if (then->perms != now->perms)
    {
      char perms[5];

      psc_mapping_format_perms (then, perms);
      g_string_truncate (text, text->len - 1);
      g_string_append_printf (text, " (was %s)\n", perms);
    }
}

static void
append_more (GString *text, guint n, guint shown)
{
  if (n > shown)
    g_string_append_printf (text, "%u more; --all lists them\n", n - shown);
}

static void
append_all_changed (GString *text, const PscDiff *diff, gboolean all)
{
  guint shown = all ? diff->n_changed : MIN (diff->n_changed, PSC_DIFF_MOST_LINES);

  if (diff->n_changed == 0)
    return;
  g_string_append_printf (text, "\nCHANGED: %u\n%-16s %-4s", diff->n_changed, "ADDRESS", "PERM");
  append_growth_head (text);
  g_string_append_printf (text, "  %-8s  %-24s %s\n", "MATCH", "KIND", "NAME");
  for (guint i = 0; i < shown; i++)
    append_changed (text, diff, &diff->pairs[diff->changed[i]]);
  append_more (text, diff->n_changed, shown);
}

/* Mappings that only one of the two has. */
static void
append_single (GString *text, const PscSpace *space, const PscMapping *mapping)
{
  gboolean known = space->source != PSC_SOURCE_NONE && mapping->flags & PSC_MAPPING_PAGES_KNOWN;

  append_place (text, mapping, mapping->start);
  append_size (text, TRUE, mapping->end - mapping->start);
  append_size (text, known, mapping->resident + mapping->hugetlb);
  append_size (text, known, mapping->swapped);
  append_name (text, space, mapping);
}

static void
append_singles (GString *text, const PscDiff *diff, const char *title, const guint *list, guint n,
                gboolean all)
{
  guint shown = all ? n : MIN (n, PSC_DIFF_MOST_LINES);

  if (n == 0)
    return;
  g_string_append_printf (text, "\n%s: %u\n%-16s %-4s %10s %10s %10s  %-24s %s\n", title, n,
                          "ADDRESS", "PERM", "SIZE", "RESIDENT", "SWAPPED", "KIND", "NAME");
  for (guint i = 0; i < shown; i++)
    {
      const PscDiffPair *pair = &diff->pairs[list[i]];

      if (pair->b != PSC_DIFF_NONE)
        append_single (text, diff->b, &diff->b->mappings[pair->b]);
      else
        append_single (text, diff->a, &diff->a->mappings[pair->a]);
    }
  append_more (text, n, shown);
}

char *
psc_diff_to_text (const PscDiff *diff, gboolean all)
{
  GString *text = g_string_new (NULL);

  append_heading (text, diff);
  if (diff->identical)
    g_string_append (text, diff->one_process ? "\nNothing is different\n" :
                                               "\nNothing is different but addresses\n");
  else
    append_kinds (text, diff);
  append_all_changed (text, diff, all);
  append_singles (text, diff, "CAME", diff->came, diff->n_came, all);
  append_singles (text, diff, "WENT", diff->went, diff->n_went, all);
  return g_string_free (text, FALSE);
}
