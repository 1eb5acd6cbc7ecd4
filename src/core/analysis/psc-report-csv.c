/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-report.h"

#include <string.h>

#include "psc-format.h"

/* Permissions are a column each, 0 or 1: spreadsheets would take "---p" for a formula. */
static const char header[] = "start,end,read,write,execute,shared,offset,device,inode,deleted,kind,"
                             "name,page_size,size,resident,swapped,huge,hugetlb,zero\n";

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
  g_string_append_c (csv, '\n');
}

char *
psc_report_to_csv (const PscSpace *space)
{
  GString *csv = g_string_new (header);

  for (guint i = 0; i < space->n_mappings; i++)
    append_mapping (csv, space, &space->mappings[i]);
  return g_string_free (csv, FALSE);
}
