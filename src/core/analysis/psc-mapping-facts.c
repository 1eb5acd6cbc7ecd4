/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-mapping-facts.h"

#include <glib/gi18n.h>
#include <string.h>

#include "psc-format.h"

#define NO_OFFSET G_MAXUINT

/* smaps: where in PscSmaps its amount is. */
static const struct
{
  const char *id, *title, *hint;
  gboolean is_amount;
  guint smaps;
  gboolean of_diff, is_signed;
  PscChange change; /* of pages */
} columns[PSC_N_COLUMNS] = {
  [PSC_COLUMN_ADDRESS] = { "address", N_ ("Addresses"),
                           N_ ("From the first byte to the first after it, hexadecimal"), FALSE,
                           NO_OFFSET },
  [PSC_COLUMN_SIZE] = { "size", N_ ("Size"), N_ ("Address space, touched or not"), TRUE,
                        NO_OFFSET },
  [PSC_COLUMN_RESIDENT] = { "resident", N_ ("Resident"), N_ ("In memory and mapped here (RSS)"),
                            TRUE, NO_OFFSET },
  [PSC_COLUMN_SHARE] = { "share", N_ ("Share"),
                         N_ ("Its part of all that the process has resident"), TRUE, NO_OFFSET },
  [PSC_COLUMN_PERMS] = { "perms", N_ ("Access"), N_ ("Read, write, execute; private or shared"),
                         FALSE, NO_OFFSET },
  [PSC_COLUMN_KIND] = { "kind", N_ ("Kind"), N_ ("Its role in the process"), FALSE, NO_OFFSET },
  [PSC_COLUMN_NAME] = { "name", N_ ("Name or owner"), N_ ("The file, or who the memory belongs to"),
                        FALSE, NO_OFFSET },
  [PSC_COLUMN_SWAPPED] = { "swapped", N_ ("Swapped"), N_ ("Moved out to swap space"), TRUE,
                           NO_OFFSET },
  [PSC_COLUMN_HUGE] = { "huge", N_ ("Huge"),
                        N_ ("In huge pages: transparent ones and those of the pool"), TRUE,
                        NO_OFFSET },
  [PSC_COLUMN_OFFSET] = { "offset", N_ ("Offset"), N_ ("Where in the file it begins"), TRUE,
                          NO_OFFSET },
  [PSC_COLUMN_GROWTH] = { "growth", N_ ("Growth"),
                          N_ ("How much more of it is in memory than was then"), TRUE, NO_OFFSET,
                          TRUE, TRUE },
  [PSC_COLUMN_MATCH] = { "match", N_ ("Then"),
                         N_ ("Whether it was there then, and what tells that it is the same"),
                         FALSE, NO_OFFSET, TRUE },
  [PSC_COLUMN_SIZE_GROWTH] = { "size_growth", N_ ("Size grew"),
                               N_ ("How much longer it is than it was"), TRUE, NO_OFFSET, TRUE,
                               TRUE },
  [PSC_COLUMN_APPEARED] = { "appeared", N_ ("Appeared"),
                            N_ ("Populated since: touched for the first time"), TRUE, NO_OFFSET,
                            TRUE, FALSE, PSC_CHANGE_APPEARED },
  [PSC_COLUMN_GONE] = { "gone", N_ ("Gone"), N_ ("Given back, the mapping is still there"), TRUE,
                        NO_OFFSET, TRUE, FALSE, PSC_CHANGE_GONE },
  [PSC_COLUMN_COPIED] = { "copied", N_ ("Copied"),
                          N_ ("The file’s own pages, now private copies: written to"), TRUE,
                          NO_OFFSET, TRUE, FALSE, PSC_CHANGE_COPIED },
  [PSC_COLUMN_SWAPPED_OUT] = { "swapped_out", N_ ("Went to swap"),
                               N_ ("Moved out to swap space since"), TRUE, NO_OFFSET, TRUE, FALSE,
                               PSC_CHANGE_SWAPPED_OUT },
  [PSC_COLUMN_SWAPPED_IN] = { "swapped_in", N_ ("Came back"),
                              N_ ("Came back from swap space since"), TRUE, NO_OFFSET, TRUE, FALSE,
                              PSC_CHANGE_SWAPPED_IN },
  [PSC_COLUMN_BECAME_HUGE] = { "became_huge", N_ ("Became huge"),
                               N_ ("Base pages that are huge ones now"), TRUE, NO_OFFSET, TRUE,
                               FALSE, PSC_CHANGE_BECAME_HUGE },
  [PSC_COLUMN_SPLIT] = { "split", N_ ("Split"), N_ ("Huge pages that are base pages now"), TRUE,
                         NO_OFFSET, TRUE, FALSE, PSC_CHANGE_SPLIT },
  [PSC_COLUMN_PSS] = { "pss", N_ ("PSS"),
                       N_ ("Resident, what is shared divided by how many share it"), TRUE,
                       G_STRUCT_OFFSET (PscSmaps, pss) },
  [PSC_COLUMN_PRIVATE_DIRTY] = { "private_dirty", N_ ("Private dirty"),
                                 N_ ("Only of this process, and written to"), TRUE,
                                 G_STRUCT_OFFSET (PscSmaps, private_dirty) },
  [PSC_COLUMN_PRIVATE_CLEAN] = { "private_clean", N_ ("Private clean"),
                                 N_ ("Only of this process, as it is in the file"), TRUE,
                                 G_STRUCT_OFFSET (PscSmaps, private_clean) },
  [PSC_COLUMN_SHARED_DIRTY] = { "shared_dirty", N_ ("Shared dirty"),
                                N_ ("Mapped by others too, and written to"), TRUE,
                                G_STRUCT_OFFSET (PscSmaps, shared_dirty) },
  [PSC_COLUMN_SHARED_CLEAN] = { "shared_clean", N_ ("Shared clean"),
                                N_ ("Mapped by others too, as it is in the file"), TRUE,
                                G_STRUCT_OFFSET (PscSmaps, shared_clean) },
  [PSC_COLUMN_REFERENCED] = { "referenced", N_ ("Referenced"),
                              N_ ("Touched since the kernel last looked"), TRUE,
                              G_STRUCT_OFFSET (PscSmaps, referenced) },
  [PSC_COLUMN_ANONYMOUS] = { "anonymous", N_ ("Anonymous"), N_ ("Of no file, or no more"), TRUE,
                             G_STRUCT_OFFSET (PscSmaps, anonymous) },
  [PSC_COLUMN_SWAP_PSS] = { "swap_pss", N_ ("Swap PSS"),
                            N_ ("Swapped, what is shared divided by how many share it"), TRUE,
                            G_STRUCT_OFFSET (PscSmaps, swap_pss) },
  [PSC_COLUMN_LOCKED] = { "locked", N_ ("Locked"), N_ ("Kept in memory by mlock"), TRUE,
                          G_STRUCT_OFFSET (PscSmaps, locked) },
  [PSC_COLUMN_THP] = { "thp", N_ ("THP eligible"),
                       N_ ("Whether it may have transparent huge pages"), FALSE, NO_OFFSET },
  [PSC_COLUMN_VM_FLAGS] = { "vm_flags", N_ ("VmFlags"), N_ ("What the kernel notes of it"), FALSE,
                            NO_OFFSET },
};

const char *
psc_column_id (PscColumn column)
{
  g_return_val_if_fail (column < PSC_N_COLUMNS, "");

  return columns[column].id;
}

const char *
psc_column_title (PscColumn column)
{
  g_return_val_if_fail (column < PSC_N_COLUMNS, "");

  return columns[column].title;
}

const char *
psc_column_hint (PscColumn column)
{
  g_return_val_if_fail (column < PSC_N_COLUMNS, "");

  return columns[column].hint;
}

gboolean
psc_column_is_amount (PscColumn column)
{
  g_return_val_if_fail (column < PSC_N_COLUMNS, FALSE);

  return columns[column].is_amount;
}

gboolean
psc_column_is_signed (PscColumn column)
{
  g_return_val_if_fail (column < PSC_N_COLUMNS, FALSE);

  return columns[column].is_signed;
}

gboolean
psc_column_is_of_diff (PscColumn column)
{
  g_return_val_if_fail (column < PSC_N_COLUMNS, FALSE);

  return columns[column].of_diff;
}

gboolean
psc_column_from_id (const char *id, PscColumn *column)
{
  for (guint i = 0; i < PSC_N_COLUMNS; i++)
    if (g_strcmp0 (columns[i].id, id) == 0)
      {
        *column = i;
        return TRUE;
      }
  return FALSE;
}

/* --- two spaces ---------------------------------------------------------------------------- */

/* Another mapping may have come to where one was. */
static gboolean
is_same_mapping (const PscMapping *a, const PscMapping *b)
{
  return a->start == b->start && a->inode == b->inode && strcmp (a->name, b->name) == 0;
}

static guint *
match (const PscSpace *space, const PscSpace *details)
{
  guint *index = g_new (guint, MAX (space->n_mappings, 1));
  guint other = 0;

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];

      while (other < details->n_mappings && details->mappings[other].start < mapping->start)
        other++;
      index[i] =
          other < details->n_mappings && is_same_mapping (mapping, &details->mappings[other]) ?
              other :
              G_MAXUINT;
    }
  return index;
}

PscMappingFacts *
psc_mapping_facts_new_compared (PscSpace *space, PscSpace *details, PscDiff *diff)
{
  PscMappingFacts *facts = psc_mapping_facts_new (space, details);

  if (diff == NULL)
    return facts;
  facts->diff = psc_diff_ref (diff);
  if (diff->b != space)
    facts->diff_index = match (space, diff->b);
  return facts;
}

PscMappingFacts *
psc_mapping_facts_new (PscSpace *space, PscSpace *details)
{
  PscMappingFacts *facts = g_atomic_rc_box_new0 (PscMappingFacts);

  facts->space = psc_space_ref (space);
  if (space->smaps != NULL)
    details = space;
  if (details == NULL)
    return facts;
  facts->details = psc_space_ref (details);
  if (details != space)
    facts->details_index = match (space, details);
  return facts;
}

PscMappingFacts *
psc_mapping_facts_ref (PscMappingFacts *facts)
{
  return g_atomic_rc_box_acquire (facts);
}

static void
clear_facts (gpointer data)
{
  PscMappingFacts *facts = data;

  psc_space_unref (facts->space);
  psc_space_unref (facts->details);
  g_free (facts->details_index);
  psc_diff_unref (facts->diff);
  g_free (facts->diff_index);
}

void
psc_mapping_facts_unref (PscMappingFacts *facts)
{
  if (facts != NULL)
    g_atomic_rc_box_release_full (facts, clear_facts);
}

/* --- facts --------------------------------------------------------------------------------- */

static void
set_missing (PscMissing *missing, PscReason reason, const char *why)
{
  if (missing != NULL)
    *missing = (PscMissing){ .reason = reason, .why = why };
}

/* What the space says of a thing that it has not. */
static void
set_noted (PscMissing *missing, const PscSpace *space, const char *what, PscReason reason,
           const char *why)
{
  for (guint i = 0; i < space->n_unknowns; i++)
    if (g_str_equal (space->unknowns[i].what, what))
      {
        set_missing (missing, space->unknowns[i].reason, space->unknowns[i].why);
        return;
      }
  set_missing (missing, reason, why);
}

const PscMapping *
psc_mapping_facts_get_read (const PscMappingFacts *facts, guint index)
{
  g_return_val_if_fail (index < facts->space->n_mappings, NULL);

  if (facts->details == NULL)
    return NULL;
  if (facts->details_index != NULL)
    index = facts->details_index[index];
  return index != G_MAXUINT ? &facts->details->mappings[index] : NULL;
}

const PscSmaps *
psc_mapping_facts_get_smaps (const PscMappingFacts *facts, guint index, PscMissing *missing)
{
  const PscMapping *mapping = psc_mapping_facts_get_read (facts, index);

  if (facts->details == NULL)
    set_missing (missing, PSC_REASON_NOT_READ, N_ ("smaps is read when it is asked for"));
  else if (facts->details->smaps == NULL)
    set_noted (missing, facts->details, "smaps", PSC_REASON_FAILED, "");
  else if (mapping == NULL)
    set_missing (missing, PSC_REASON_NOT_READ,
                 N_ ("This mapping was not there when smaps was read"));
  else if (mapping->flags & PSC_MAPPING_MOVING)
    set_missing (missing, PSC_REASON_TORN, N_ ("It changed while smaps was read"));
  else
    return &facts->details->smaps[psc_space_mapping_index (facts->details, mapping)];
  return NULL;
}

/* Are the sums of its pages known? */
static gboolean
knows_pages (const PscSpace *space, const PscMapping *mapping, PscMissing *missing)
{
  if (space->source != PSC_SOURCE_NONE && mapping->flags & PSC_MAPPING_PAGES_KNOWN)
    return TRUE;
  if (space->source == PSC_SOURCE_NONE)
    set_noted (missing, space, "page states", PSC_REASON_FAILED, "");
  else
    set_missing (missing, PSC_REASON_UNSUPPORTED, N_ ("The kernel tells nothing of its pages"));
  return FALSE;
}

static gboolean
get_huge (const PscSpace *space, const PscMapping *mapping, guint64 *number, PscMissing *missing)
{
  *number = mapping->huge + mapping->hugetlb;
  if (!knows_pages (space, mapping, missing))
    return FALSE;
  if (space->source != PSC_SOURCE_PAGEMAP || mapping->kind == PSC_KIND_HUGETLB)
    return TRUE;
  set_noted (missing, space, "huge pages", PSC_REASON_UNSUPPORTED, "");
  return FALSE;
}

/* --- differences --------------------------------------------------------------------------- */

const PscDiffPair *
psc_mapping_facts_get_pair (const PscMappingFacts *facts, guint index, PscDiffGrowth *growth,
                            PscMissing *missing)
{
  g_return_val_if_fail (index < facts->space->n_mappings, NULL);

  if (facts->diff == NULL)
    {
      set_missing (missing, PSC_REASON_NOT_READ, N_ ("It is compared with nothing"));
      return NULL;
    }
  if (facts->diff_index != NULL)
    index = facts->diff_index[index];
  if (index == G_MAXUINT)
    {
      set_missing (missing, PSC_REASON_NOT_READ, N_ ("This mapping came just now"));
      return NULL;
    }
  if (growth != NULL)
    psc_diff_sum_mapping (facts->diff, index, growth);
  return psc_diff_pair_of_mapping (facts->diff, index);
}

static gboolean
get_of_diff (const PscMappingFacts *facts, guint index, PscColumn column, guint64 *number,
             PscMissing *missing)
{
  PscDiffGrowth growth;

  if (psc_mapping_facts_get_pair (facts, index, &growth, missing) == NULL)
    return FALSE;
  if (column == PSC_COLUMN_SIZE_GROWTH)
    *number = growth.size.now - growth.size.then;
  else if (column == PSC_COLUMN_GROWTH)
    *number = growth.resident.now - growth.resident.then;
  else
    *number = growth.pages.bytes[columns[column].change];
  if (column == PSC_COLUMN_SIZE_GROWTH || (growth.then_known && growth.now_known))
    return TRUE;
  set_missing (missing, PSC_REASON_FAILED,
               growth.now_known ? N_ ("Its pages were not known then") :
                                  N_ ("The kernel tells nothing of its pages"));
  return FALSE;
}

static gboolean
get_of_smaps (const PscMappingFacts *facts, guint index, PscColumn column, guint64 *number,
              PscMissing *missing)
{
  const PscSmaps *smaps = psc_mapping_facts_get_smaps (facts, index, missing);

  if (smaps == NULL)
    return FALSE;
  if (column != PSC_COLUMN_THP)
    {
      *number = *(const guint64 *) (gconstpointer) ((const char *) smaps + columns[column].smaps);
      return TRUE;
    }
  *number = smaps->thp_eligible > 0;
  if (smaps->thp_eligible >= 0)
    return TRUE;
  set_missing (missing, PSC_REASON_UNSUPPORTED, N_ ("smaps has no such line"));
  return FALSE;
}

gboolean
psc_mapping_facts_get_number (const PscMappingFacts *facts, guint index, PscColumn column,
                              guint64 *number, PscMissing *missing)
{
  const PscMapping *mapping = &facts->space->mappings[index];

  g_return_val_if_fail (index < facts->space->n_mappings, FALSE);

  *number = 0;
  switch (column)
    {
    case PSC_COLUMN_ADDRESS:
      *number = mapping->start;
      return TRUE;
    case PSC_COLUMN_SIZE:
      *number = mapping->end - mapping->start;
      return TRUE;
    case PSC_COLUMN_OFFSET:
      *number = mapping->offset;
      return TRUE;
    case PSC_COLUMN_RESIDENT:
    case PSC_COLUMN_SHARE:
      *number = mapping->resident;
      return knows_pages (facts->space, mapping, missing);
    case PSC_COLUMN_SWAPPED:
      *number = mapping->swapped;
      return knows_pages (facts->space, mapping, missing);
    case PSC_COLUMN_HUGE:
      return get_huge (facts->space, mapping, number, missing);
    case PSC_COLUMN_PERMS:
    case PSC_COLUMN_KIND:
    case PSC_COLUMN_NAME:
    case PSC_COLUMN_MATCH:
    case PSC_COLUMN_VM_FLAGS:
    case PSC_N_COLUMNS:
      g_return_val_if_reached (FALSE);
    default:
      if (columns[column].of_diff)
        return get_of_diff (facts, index, column, number, missing);
      return get_of_smaps (facts, index, column, number, missing);
    }
}

/* --- words --------------------------------------------------------------------------------- */

const PscOwner *
psc_mapping_facts_get_owner (const PscMappingFacts *facts, guint index)
{
  const PscMapping *mapping = &facts->space->mappings[index];
  const PscOwner *owner = psc_space_lookup_owner (facts->space, mapping->start);

  return owner != NULL && owner->start <= mapping->start && mapping->end <= owner->end ? owner :
                                                                                         NULL;
}

static char *
dup_name (const PscMappingFacts *facts, guint index)
{
  const PscMapping *mapping = &facts->space->mappings[index];

  if (psc_mapping_facts_get_owner (facts, index) == NULL && *mapping->name == '\0')
    return g_strdup ("");
  return psc_space_dup_label (facts->space, mapping);
}

static char *
dup_match (const PscMappingFacts *facts, guint index, PscMissing *missing)
{
  const PscDiffPair *pair = psc_mapping_facts_get_pair (facts, index, NULL, missing);

  return pair != NULL ? g_strdup (_ (psc_diff_why_words (pair->why))) : NULL;
}

static char *
dup_word (const PscMappingFacts *facts, guint index, PscColumn column, PscMissing *missing)
{
  const PscMapping *mapping = &facts->space->mappings[index];
  const PscSmaps *smaps;
  char perms[5];

  switch (column)
    {
    case PSC_COLUMN_ADDRESS:
      return g_strdup_printf ("%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x", mapping->start,
                              mapping->end);
    case PSC_COLUMN_PERMS:
      psc_mapping_format_perms (mapping, perms);
      return g_strdup (perms);
    case PSC_COLUMN_KIND:
      return g_strdup (_ (psc_kind_title (mapping->kind)));
    case PSC_COLUMN_NAME:
      return dup_name (facts, index);
    case PSC_COLUMN_MATCH:
      return dup_match (facts, index, missing);
    default:
      smaps = psc_mapping_facts_get_smaps (facts, index, missing);
      return smaps != NULL ? psc_format_name (smaps->vm_flags, -1) : NULL;
    }
}

static gboolean
is_words (PscColumn column)
{
  return !columns[column].is_amount && column != PSC_COLUMN_THP;
}

char *
psc_mapping_facts_dup_text (const PscMappingFacts *facts, guint index, PscColumn column,
                            PscMissing *missing)
{
  guint64 number;

  g_return_val_if_fail (index < facts->space->n_mappings && column < PSC_N_COLUMNS, NULL);

  if (is_words (column))
    return dup_word (facts, index, column, missing);
  if (!psc_mapping_facts_get_number (facts, index, column, &number, missing))
    return NULL;
  switch (column)
    {
    case PSC_COLUMN_SHARE:
      return psc_format_share (number, facts->space->totals.resident);
    case PSC_COLUMN_OFFSET:
      return facts->space->mappings[index].inode != 0 ? psc_format_address (number) : g_strdup ("");
    case PSC_COLUMN_THP:
      return g_strdup (number != 0 ? _ ("yes") : _ ("no"));
    default:
      return columns[column].is_signed ? psc_format_size_delta ((gint64) number) :
                                         psc_format_size (number);
    }
}

gboolean
psc_mapping_facts_any_name (const PscMappingFacts *facts, guint index, PscNameFunc func,
                            gpointer user_data)
{
  const PscMapping *mapping = &facts->space->mappings[index];
  const PscOwner *owner = psc_mapping_facts_get_owner (facts, index);

  return (*mapping->name != '\0' && func (mapping->name, user_data)) ||
         func (psc_kind_id (mapping->kind), user_data) ||
         func (psc_kind_title (mapping->kind), user_data) ||
         func (_ (psc_kind_title (mapping->kind)), user_data) ||
         (owner != NULL && func (owner->label, user_data));
}
