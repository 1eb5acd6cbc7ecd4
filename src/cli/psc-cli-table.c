/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli-table.h"

struct _PscCliTable
{
  guint n_columns, right;
  GPtrArray *rows; /* char **, of n_columns cells */
};

PscCliTable *
psc_cli_table_new (guint n_columns, guint right)
{
  PscCliTable *table = g_new0 (PscCliTable, 1);

  table->n_columns = n_columns;
  table->right = right;
  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  return table;
}

void
psc_cli_table_free (PscCliTable *table)
{
  if (table == NULL)
    return;
  g_ptr_array_unref (table->rows);
  g_free (table);
}

void
psc_cli_table_take_row (PscCliTable *table, char **row)
{
  g_ptr_array_add (table->rows, row);
}

static glong *
measure (const PscCliTable *table)
{
  glong *widths = g_new0 (glong, table->n_columns);

  for (guint i = 0; i < table->rows->len; i++)
    for (guint j = 0; j < table->n_columns; j++)
      widths[j] =
          MAX (widths[j], g_utf8_strlen (((char **) g_ptr_array_index (table->rows, i))[j], -1));
  return widths;
}

static void
append_row (GString *text, const PscCliTable *table, char **row, const glong *widths,
            glong max_width)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < table->n_columns; i++)
    {
      int blanks = (int) (widths[i] - g_utf8_strlen (row[i], -1));

      if (i > 0)
        g_string_append (line, "  ");
      if ((table->right >> i & 1) != 0)
        g_string_append_printf (line, "%*s%s", blanks, "", row[i]);
      else
        g_string_append_printf (line, "%s%*s", row[i], blanks, "");
    }
  if (max_width > 0 && g_utf8_strlen (line->str, -1) > max_width)
    g_string_truncate (line, (gsize) (g_utf8_offset_to_pointer (line->str, max_width) - line->str));
  g_string_append_printf (text, "%s\n", g_strchomp (line->str));
}

char *
psc_cli_table_to_text (const PscCliTable *table, glong max_width)
{
  g_autofree glong *widths = measure (table);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < table->rows->len; i++)
    append_row (text, table, g_ptr_array_index (table->rows, i), widths, max_width);
  return g_string_free (text, FALSE);
}
