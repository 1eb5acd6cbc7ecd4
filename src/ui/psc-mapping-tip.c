/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-mapping-tip.h"

#include <glib/gi18n-lib.h>

#include "psc-format.h"
#include "psc-unknown-note.h"
#include "psc-vm-flags.h"

#define MAX_NAME_CHARS 400

static char *
describe_missing (PscColumn column, const PscMissing *missing)
{
  const char *title = g_dgettext (GETTEXT_PACKAGE, psc_column_title (column));
  const char *reason = psc_unknown_reason_title (missing->reason);
  const char *why = missing->why != NULL && *missing->why != '\0' ?
                        g_dgettext (GETTEXT_PACKAGE, missing->why) :
                        NULL;

  if (why == NULL)
    return g_strdup_printf ("%s: %s", title, reason);
  return g_strdup_printf ("%s: %s\n%s", title, reason, why);
}

static char *
describe_range (const PscSpace *space, const PscMapping *mapping)
{
  g_autofree char *start = psc_format_address (mapping->start);
  g_autofree char *end = psc_format_address (mapping->end);
  guint64 n_pages = (mapping->end - mapping->start) / space->page_size;

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s – %s\n%" G_GUINT64_FORMAT " page",
                                       "%s – %s\n%" G_GUINT64_FORMAT " pages", (gulong) n_pages),
                          start, end, n_pages);
}

static char *
describe_access (const PscMapping *mapping)
{
  GString *text = g_string_new (NULL);

  if (mapping->perms & PSC_PERM_READ)
    g_string_append (text, _ ("read"));
  if (mapping->perms & PSC_PERM_WRITE)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", _ ("write"));
  if (mapping->perms & PSC_PERM_EXEC)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", _ ("execute"));
  if (text->len == 0)
    g_string_append (text, _ ("none"));
  g_string_append_printf (text, " · %s",
                          mapping->perms & PSC_PERM_SHARED ? _ ("shared") : _ ("private"));
  return g_string_free (text, FALSE);
}

static char *
describe_kind (const PscMapping *mapping)
{
  return g_strdup_printf (_ ("%s: %s"),
                          g_dgettext (GETTEXT_PACKAGE, psc_kind_title (mapping->kind)),
                          g_dgettext (GETTEXT_PACKAGE, psc_kind_why (mapping->why)));
}

static char *
describe_name (const PscSpace *space, const PscMapping *mapping)
{
  g_autofree char *name = psc_format_name_ellipsized (mapping->name, MAX_NAME_CHARS);
  const PscOwner *owner = psc_space_lookup_owner (space, mapping->start);
  GString *text = g_string_new (*name != '\0' ? name : _ ("No file"));

  if (mapping->flags & PSC_MAPPING_DELETED)
    g_string_append_printf (text, "\n%s",
                            _ ("The file is deleted; its memory stays until it is unmapped."));
  if (owner != NULL)
    g_string_append_printf (text, "\n%s: %s", owner->label,
                            g_dgettext (GETTEXT_PACKAGE, owner->why));
  return g_string_free (text, FALSE);
}

/* What of it there was, for one of the columns of a difference. */
static void
append_then (GString *text, const PscMappingFacts *facts, guint index)
{
  PscDiffGrowth growth;
  const PscDiffPair *pair = psc_mapping_facts_get_pair (facts, index, &growth, NULL);
  g_autofree char *resident = NULL, *size = NULL;

  if (pair == NULL || pair->a == PSC_DIFF_NONE)
    return;
  resident = psc_format_size (growth.resident.then);
  size = psc_format_size (growth.size.then);
  if (growth.then_known)
    g_string_append_printf (text, _ ("\nThen: %s resident of %s"), resident, size);
  else
    g_string_append_printf (text, _ ("\nThen: %s"), size);
}

/* "Then: the same file\n0x7f…", where it is another mapping's address. */
static char *
describe_match (const PscMappingFacts *facts, guint index)
{
  PscMissing missing;
  const PscDiffPair *pair = psc_mapping_facts_get_pair (facts, index, NULL, &missing);
  GString *text;

  if (pair == NULL)
    return describe_missing (PSC_COLUMN_MATCH, &missing);
  text = g_string_new (g_dgettext (GETTEXT_PACKAGE, psc_diff_why_words (pair->why)));
  if (pair->a != PSC_DIFF_NONE && pair->shift != 0)
    {
      g_autofree char *start = psc_format_address (pair->a_start);
      g_autofree char *end = psc_format_address (pair->a_end);

      g_string_append_printf (text, _ ("\nIt was at %s – %s"), start, end);
    }
  append_then (text, facts, index);
  return g_string_free (text, FALSE);
}

/* "Resident: in memory and mapped here (RSS)\n1,234,944 bytes" */
static char *
describe_amount (const PscMappingFacts *facts, guint index, PscColumn column, guint64 number)
{
  const PscMapping *mapping = &facts->space->mappings[index];
  const PscMapping *read = psc_mapping_facts_get_read (facts, index);
  const char *title = g_dgettext (GETTEXT_PACKAGE, psc_column_title (column));
  const char *hint = g_dgettext (GETTEXT_PACKAGE, psc_column_hint (column));
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s: %s", title, hint);
  if (psc_column_is_signed (column))
    g_string_append_printf (text, _ ("\n%+" G_GINT64_FORMAT " bytes"), (gint64) number);
  else if (psc_column_is_amount (column))
    g_string_append_printf (text, _ ("\n%" G_GUINT64_FORMAT " bytes"), number);
  if (psc_column_is_of_diff (column))
    append_then (text, facts, index);
  if (column >= PSC_COLUMN_FIRST_OF_SMAPS && read != NULL &&
      read->end - read->start != mapping->end - mapping->start)
    {
      g_autofree char *size = psc_format_size (read->end - read->start);

      g_string_append_printf (text, _ ("\nThe mapping was of %s when smaps was read"), size);
    }
  return g_string_free (text, FALSE);
}

static char *
describe_flags (const PscMappingFacts *facts, guint index)
{
  PscMissing missing;
  const PscSmaps *smaps = psc_mapping_facts_get_smaps (facts, index, &missing);

  return smaps != NULL ? psc_vm_flags_describe (smaps->vm_flags) :
                         describe_missing (PSC_COLUMN_VM_FLAGS, &missing);
}

char *
psc_mapping_tip_new (const PscMappingFacts *facts, guint index, PscColumn column)
{
  const PscMapping *mapping = &facts->space->mappings[index];
  PscMissing missing;
  guint64 number;

  switch (column)
    {
    case PSC_COLUMN_ADDRESS:
      return describe_range (facts->space, mapping);
    case PSC_COLUMN_PERMS:
      return describe_access (mapping);
    case PSC_COLUMN_KIND:
      return describe_kind (mapping);
    case PSC_COLUMN_NAME:
      return describe_name (facts->space, mapping);
    case PSC_COLUMN_MATCH:
      return describe_match (facts, index);
    case PSC_COLUMN_VM_FLAGS:
      return describe_flags (facts, index);
    default:
      if (psc_mapping_facts_get_number (facts, index, column, &number, &missing))
        return describe_amount (facts, index, column, number);
      return describe_missing (column, &missing);
    }
}
