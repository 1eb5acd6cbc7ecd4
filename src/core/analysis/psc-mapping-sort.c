/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-mapping-facts.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  guint64 number;
  const char *text; /* NULL: by number */
  guint index;
  gboolean known;
} Key;

static int
compare_keys (const Key *x, const Key *y, int direction)
{
  int order = 0;

  if (x->known != y->known)
    return x->known ? -1 : 1;
  if (x->text != y->text && x->text != NULL && y->text != NULL)
    order = strcmp (x->text, y->text);
  else if (x->number != y->number)
    order = x->number < y->number ? -1 : 1;
  if (order != 0)
    return order * direction;
  return x->index < y->index ? -1 : x->index > y->index;
}

static int
compare_up (const void *a, const void *b)
{
  return compare_keys (a, b, 1);
}

static int
compare_down (const void *a, const void *b)
{
  return compare_keys (a, b, -1);
}

/* The string from which the text of a column is made; NULL: not known. */
static const char *
get_source (const PscMappingFacts *facts, guint index, PscColumn column)
{
  const PscMapping *mapping = &facts->space->mappings[index];
  const PscOwner *owner;
  const PscDiffPair *pair;
  const PscSmaps *smaps;

  switch (column)
    {
    case PSC_COLUMN_MATCH:
      pair = psc_mapping_facts_get_pair (facts, index, NULL, NULL);
      return pair != NULL ? psc_diff_why_words (pair->why) : NULL;
    case PSC_COLUMN_KIND:
      return psc_kind_title (mapping->kind);
    case PSC_COLUMN_NAME:
      owner = psc_mapping_facts_get_owner (facts, index);
      return owner != NULL ? owner->label : mapping->name;
    default:
      smaps = psc_mapping_facts_get_smaps (facts, index, NULL);
      return smaps != NULL ? smaps->vm_flags : NULL;
    }
}

/* Many mappings have few names, each of which a space keeps once. */
static Key
make_text_key (const PscMappingFacts *facts, PscColumn column, guint index, GHashTable *folded)
{
  const char *source = get_source (facts, index, column);
  Key key = { .index = index };

  /* What has no name comes after what has one. */
  key.known = source != NULL && *source != '\0';
  if (!key.known)
    return key;
  key.text = g_hash_table_lookup (folded, source);
  if (key.text == NULL)
    {
      g_autofree char *text = psc_mapping_facts_dup_text (facts, index, column, NULL);
      char *fold = g_utf8_casefold (text, -1);

      key.text = fold;
      g_hash_table_insert (folded, (gpointer) source, fold);
    }
  return key;
}

static Key
make_key (const PscMappingFacts *facts, PscColumn column, guint index, GHashTable *folded)
{
  guint perms = facts->space->mappings[index].perms;
  Key key = { .index = index, .known = TRUE };

  if (column == PSC_COLUMN_PERMS)
    /* In the order of the letters: "r--p" before "r--s" before "rw-p". */
    key.number = ((perms & PSC_PERM_READ) != 0) << 3 | ((perms & PSC_PERM_WRITE) != 0) << 2 |
                 ((perms & PSC_PERM_EXEC) != 0) << 1 | ((perms & PSC_PERM_SHARED) != 0);
  else if (column == PSC_COLUMN_KIND || column == PSC_COLUMN_NAME || column == PSC_COLUMN_MATCH ||
           column == PSC_COLUMN_VM_FLAGS)
    return make_text_key (facts, column, index, folded);
  else
    key.known = psc_mapping_facts_get_number (facts, index, column, &key.number, NULL);
  /* What is less than nothing comes before it. */
  if (psc_column_is_signed (column))
    key.number ^= G_GUINT64_CONSTANT (1) << 63;
  return key;
}

static gboolean
is_sorted (const Key *keys, guint n, int direction)
{
  for (guint i = 1; i < n; i++)
    if (compare_keys (&keys[i - 1], &keys[i], direction) > 0)
      return FALSE;
  return TRUE;
}

void
psc_mapping_facts_sort (const PscMappingFacts *facts, PscColumn column, gboolean descending,
                        guint *indices, guint n)
{
  g_autoptr (GHashTable) folded = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autofree Key *keys = NULL;

  g_return_if_fail (column < PSC_N_COLUMNS);

  if (n == 0)
    return;
  keys = g_new (Key, n);
  for (guint i = 0; i < n; i++)
    keys[i] = make_key (facts, column, indices[i], folded);
  if (!is_sorted (keys, n, descending ? -1 : 1))
    qsort (keys, n, sizeof *keys, descending ? compare_down : compare_up);
  for (guint i = 0; i < n; i++)
    indices[i] = keys[i].index;
}
