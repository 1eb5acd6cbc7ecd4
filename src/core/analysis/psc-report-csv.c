/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-report.h"

#include <string.h>

#include "psc-format.h"
#include "psc-report-smaps.h"

/* Permissions are a column each, 0 or 1: spreadsheets would take "---p" for a formula. */
static const char header[] = "start,end,read,write,execute,shared,offset,device,inode,deleted,kind,"
                             "name,page_size,size,resident,swapped,huge,hugetlb,zero";

/* A leading apostrophe is how spreadsheets mark text. */
static void
append_text (GString *csv, const char *text)
{
  gboolean is_formula = *text != '\0' && strchr ("=+-@", *text) != NULL;

  if (!is_formula && strpbrk (text, ",\"\n\r") == NULL)
    {
      g_string_append (csv, text);
      return;
    }
  g_string_append_c (csv, '"');
  if (is_formula)
    g_string_append_c (csv, '\'');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *text);
    }
  g_string_append_c (csv, '"');
}

static void
append_amount (GString *csv, gboolean known, guint64 amount)
{
  if (known)
    g_string_append_printf (csv, ",%" G_GUINT64_FORMAT, amount);
  else
    g_string_append_c (csv, ',');
}

/* Empty where there is none. */
static void
append_smaps (GString *csv, const PscSmaps *smaps)
{
  g_autofree char *flags = smaps != NULL ? psc_format_name (smaps->vm_flags, -1) : NULL;

  for (guint i = 0; i < PSC_N_SMAPS_AMOUNTS; i++)
    append_amount (csv, smaps != NULL, smaps != NULL ? psc_smaps_amount (smaps, i) : 0);
  append_amount (csv, smaps != NULL && smaps->thp_eligible >= 0,
                 smaps != NULL ? (guint64) smaps->thp_eligible : 0);
  g_string_append_c (csv, ',');
  if (flags != NULL)
    append_text (csv, flags);
}

static void
append_mapping (GString *csv, const PscSpace *space, const PscMapping *mapping)
{
  g_autofree char *name = psc_format_name (mapping->name, -1);
  gboolean known = space->source != PSC_SOURCE_NONE && mapping->flags & PSC_MAPPING_PAGES_KNOWN;
  gboolean knows_huge = known && space->source != PSC_SOURCE_PAGEMAP;

  g_string_append_printf (
      csv, "0x%" G_GINT64_MODIFIER "x,0x%" G_GINT64_MODIFIER "x,%d,%d,%d,%d", mapping->start,
      mapping->end, (mapping->perms & PSC_PERM_READ) != 0, (mapping->perms & PSC_PERM_WRITE) != 0,
      (mapping->perms & PSC_PERM_EXEC) != 0, (mapping->perms & PSC_PERM_SHARED) != 0);
  g_string_append_printf (csv, ",%" G_GUINT64_FORMAT ",%02x:%02x,%" G_GUINT64_FORMAT ",%d,%s,",
                          mapping->offset, mapping->dev_major, mapping->dev_minor, mapping->inode,
                          (mapping->flags & PSC_MAPPING_DELETED) != 0, psc_kind_id (mapping->kind));
  append_text (csv, name);
  append_amount (csv, mapping->page_shift < 64,
                 G_GUINT64_CONSTANT (1) << (mapping->page_shift & 63));
  append_amount (csv, TRUE, mapping->end - mapping->start);
  append_amount (csv, known, mapping->resident);
  append_amount (csv, known, mapping->swapped);
  append_amount (csv, knows_huge, mapping->huge);
  append_amount (csv, known, mapping->hugetlb);
  append_amount (csv, knows_huge, mapping->zero);
}

static GString *
begin_csv (gboolean with_smaps)
{
  GString *csv = g_string_new (header);

  for (guint i = 0; with_smaps && i < PSC_N_SMAPS_AMOUNTS; i++)
    g_string_append_printf (csv, ",%s", psc_smaps_amount_key (i));
  g_string_append (csv, with_smaps ? ",thp_eligible,vm_flags" : "");
  return csv;
}

static void
append_change_header (GString *csv)
{
  g_string_append (csv, ",match");
  for (guint i = 0; i < PSC_N_COLUMNS; i++)
    if (psc_column_is_of_diff (i) && psc_column_is_amount (i))
      g_string_append_printf (csv, ",%s", psc_column_id (i));
}

static void
append_change (GString *csv, const PscMappingFacts *facts, guint index)
{
  const PscDiffPair *pair = psc_mapping_facts_get_pair (facts, index, NULL, NULL);

  g_string_append_printf (csv, ",%s", pair != NULL ? psc_diff_why_id (pair->why) : "");
  for (guint i = 0; i < PSC_N_COLUMNS; i++)
    {
      guint64 number = 0;
      gboolean known;

      if (!psc_column_is_of_diff (i) || !psc_column_is_amount (i))
        continue;
      known = psc_mapping_facts_get_number (facts, index, i, &number, NULL);
      if (known && psc_column_is_signed (i))
        g_string_append_printf (csv, ",%" G_GINT64_FORMAT, (gint64) number);
      else
        append_amount (csv, known, number);
    }
}

char *
psc_report_to_csv (const PscSpace *space)
{
  GString *csv = begin_csv (space->smaps != NULL);

  g_string_append_c (csv, '\n');
  for (guint i = 0; i < space->n_mappings; i++)
    {
      gboolean moving = (space->mappings[i].flags & PSC_MAPPING_MOVING) != 0;

      append_mapping (csv, space, &space->mappings[i]);
      if (space->smaps != NULL)
        append_smaps (csv, moving ? NULL : &space->smaps[i]);
      g_string_append_c (csv, '\n');
    }
  return g_string_free (csv, FALSE);
}

char *
psc_report_rows_to_csv (const PscReportRows *rows)
{
  const PscMappingFacts *facts = rows->facts;
  gboolean with_smaps = facts->details != NULL && facts->details->smaps != NULL;
  GString *csv = begin_csv (with_smaps);

  if (facts->diff != NULL)
    append_change_header (csv);
  g_string_append_c (csv, '\n');
  for (guint i = 0; i < rows->n; i++)
    {
      append_mapping (csv, facts->space, &facts->space->mappings[rows->indices[i]]);
      if (with_smaps)
        append_smaps (csv, psc_mapping_facts_get_smaps (facts, rows->indices[i], NULL));
      if (facts->diff != NULL)
        append_change (csv, facts, rows->indices[i]);
      g_string_append_c (csv, '\n');
    }
  return g_string_free (csv, FALSE);
}
