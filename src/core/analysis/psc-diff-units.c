/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the mappings of a space make together, and by what each of that is known again elsewhere. */

#include "psc-diff-private.h"

#include <string.h>

#define HASH_BASIS G_GUINT64_CONSTANT (0xcbf29ce484222325)
#define HASH_PRIME G_GUINT64_CONSTANT (0x100000001b3)

static guint64
hash_bytes (guint64 hash, const void *bytes, gsize length)
{
  for (const guint8 *at = bytes; length-- > 0; at++)
    hash = (hash ^ *at) * HASH_PRIME;
  return hash;
}

static guint64
hash_number (guint64 hash, guint64 number)
{
  hash = (hash ^ number) * G_GUINT64_CONSTANT (0x9fb21c651e98df25);
  return hash ^ hash >> 32;
}

typedef struct
{
  const PscSpace *space;
  const PscOwner *owner; /* of the unit at hand, NULL: none */
  guint64 offset;        /* of its last part of a file */
  PscDiffUnit unit;
  gboolean open;
  GArray *units;
} Maker;

/* Of a stack with guard pages the owner begins above them. */
static const PscOwner *
owner_of (const PscSpace *space, const PscMapping *mapping)
{
  if (mapping->kind == PSC_KIND_THREAD_STACK)
    return psc_space_lookup_owner (space, mapping->end - space->page_size);
  return psc_space_lookup_owner (space, mapping->start);
}

static PscDiffUnitType
type_of (const PscMapping *mapping, const PscOwner *owner)
{
  if (mapping->kind == PSC_KIND_THREAD_STACK)
    return PSC_DIFF_UNIT_THREAD;
  if (owner != NULL && owner->type != PSC_OWNER_THREAD)
    return PSC_DIFF_UNIT_OWNER;
  if (mapping->inode != 0 || *mapping->name == '/')
    return PSC_DIFF_UNIT_FILE;
  return *mapping->name == '[' ? PSC_DIFF_UNIT_NAMED : PSC_DIFF_UNIT_ANON;
}

/* "Stack of worker (4711)": two processes have two numbers. */
static guint64
hash_thread (const PscOwner *owner)
{
  const char *number = owner != NULL ? strrchr (owner->label, '(') : NULL;

  if (owner == NULL || owner->type != PSC_OWNER_THREAD)
    return 0;
  return hash_bytes (HASH_BASIS, owner->label,
                     number != NULL ? (gsize) (number - owner->label) : strlen (owner->label));
}

/* Some files are named after their process: its number is left out. */
static guint64
hash_alias (const PscSpace *space, const char *path)
{
  g_autofree char *number = g_strdup_printf ("%d", space->pid);
  gsize length = strlen (number);
  const char *from = path;
  guint64 hash = HASH_BASIS;

  for (const char *at = path; (at = strstr (at, number)) != NULL; at += length)
    if (space->pid > 0 && at > path && !g_ascii_isdigit (at[-1]) && !g_ascii_isdigit (at[length]))
      {
        hash = hash_bytes (hash, from, (gsize) (at - from)) ^ 1;
        from = at + length;
      }
  return hash_bytes (hash, from, strlen (from));
}

static guint64
hash_name (PscDiffUnitType type, const PscMapping *mapping, const PscOwner *owner)
{
  switch (type)
    {
    case PSC_DIFF_UNIT_THREAD:
      return hash_thread (owner);
    case PSC_DIFF_UNIT_OWNER:
      return hash_bytes (HASH_BASIS + owner->type, owner->label, strlen (owner->label));
    case PSC_DIFF_UNIT_ANON:
      return 0;
    default:
      return hash_bytes (HASH_BASIS, mapping->name, strlen (mapping->name));
    }
}

static gboolean
same_file (const PscMapping *a, const PscMapping *b)
{
  return a->inode == b->inode && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor &&
         strcmp (a->name, b->name) == 0;
}

/* The bss behind an image's data, and what fences its parts. */
static gboolean
is_glue (const PscMapping *mapping)
{
  return mapping->inode == 0 &&
         (mapping->kind == PSC_KIND_BSS || mapping->why == PSC_WHY_IMAGE_PADDING);
}

static gboolean
belongs (const Maker *maker, guint index, PscDiffUnitType type, const PscOwner *owner)
{
  const PscMapping *mapping = &maker->space->mappings[index];
  const PscMapping *first = &maker->space->mappings[maker->unit.first];

  if (!maker->open || maker->unit.first + maker->unit.n != index)
    return FALSE;
  if (maker->unit.type == PSC_DIFF_UNIT_FILE && is_glue (mapping))
    return mapping->start == maker->unit.end;
  if (maker->unit.type != type)
    return FALSE;
  if (type == PSC_DIFF_UNIT_OWNER)
    return owner == maker->owner;
  if (type == PSC_DIFF_UNIT_NAMED)
    return strcmp (first->name, mapping->name) == 0;
  if (type != PSC_DIFF_UNIT_FILE || !same_file (first, mapping))
    return FALSE;
  /* Parts of data that do not hang together are mapped one by one. */
  if (mapping->kind > PSC_KIND_DATA && mapping->start != maker->unit.end)
    return FALSE;
  /* A file that begins anew was loaded once more. */
  return mapping->offset > maker->offset ||
         (mapping->offset == maker->offset && mapping->perms != mapping[-1].perms);
}

static void
close_unit (Maker *maker)
{
  PscDiffUnit *unit = &maker->unit;
  const PscMapping *first = &maker->space->mappings[unit->first];

  if (!maker->open)
    return;
  unit->shape = hash_number (HASH_BASIS, unit->end - unit->start);
  unit->shape = hash_number (unit->shape, first->offset);
  /* Arenas are of one size, most of which is held in reserve. */
  if (unit->type == PSC_DIFF_UNIT_OWNER)
    unit->shape = hash_number (unit->shape, first->end - first->start);
  unit->shape = hash_number (unit->shape, unit->n > 1 ? 0 : first->perms);
  /* Another place of a file is other memory, but a library that was built anew is the same one. */
  unit->place = unit->type == PSC_DIFF_UNIT_FILE && !unit->has_code ? first->offset : 0;
  g_array_append_val (maker->units, *unit);
  maker->open = FALSE;
}

static void
open_unit (Maker *maker, guint index, PscDiffUnitType type, const PscOwner *owner)
{
  const PscMapping *mapping = &maker->space->mappings[index];

  maker->owner = owner;
  maker->open = TRUE;
  maker->unit = (PscDiffUnit){ .type = type, .first = index, .start = mapping->start };
  maker->unit.name = hash_number (hash_name (type, mapping, owner), type);
  maker->unit.identity = maker->unit.alias = maker->unit.name;
  maker->unit.nameless = type == PSC_DIFF_UNIT_THREAD && owner == NULL;
  if (type == PSC_DIFF_UNIT_FILE)
    {
      maker->unit.identity = hash_number (maker->unit.identity, mapping->inode);
      maker->unit.identity = hash_number (maker->unit.identity, mapping->dev_major);
      maker->unit.identity = hash_number (maker->unit.identity, mapping->dev_minor);
      maker->unit.alias = hash_alias (maker->space, mapping->name);
    }
}

static void
take_mapping (Maker *maker, guint index, gboolean named_threads)
{
  const PscMapping *mapping = &maker->space->mappings[index];
  const PscOwner *owner = owner_of (maker->space, mapping);
  PscDiffUnitType type = type_of (mapping, owner);

  if (type == PSC_DIFF_UNIT_THREAD && !named_threads)
    owner = NULL;
  if (!belongs (maker, index, type, owner))
    {
      close_unit (maker);
      open_unit (maker, index, type, owner);
    }
  maker->unit.n++;
  maker->unit.end = mapping->end;
  maker->unit.has_code |= mapping->kind == PSC_KIND_TEXT;
  if (mapping->inode != 0)
    maker->offset = mapping->offset;
}

GArray *
psc_diff_units_new (const PscSpace *space, const gboolean *skip, gboolean named_threads)
{
  Maker maker = { .space = space, .units = g_array_new (FALSE, FALSE, sizeof (PscDiffUnit)) };

  for (guint i = 0; i < space->n_mappings; i++)
    if (!skip[i])
      take_mapping (&maker, i, named_threads);
  close_unit (&maker);
  return maker.units;
}

guint64
psc_diff_part_hash (const PscMapping *mapping, PscDiffPartKey key)
{
  guint64 size = mapping->end - mapping->start;
  guint64 hash = hash_number (HASH_BASIS, mapping->perms);

  /* Places in the file tell the parts of it apart, and nothing else has any. */
  if (key <= PSC_DIFF_PART_OFFSET)
    hash = hash_number (hash, mapping->inode != 0 ? mapping->offset : 0);
  if (key == PSC_DIFF_PART_OFFSET && mapping->inode != 0)
    return hash;
  hash = hash_number (hash, (mapping->inode != 0) << 8 | mapping->kind);
  if (key == PSC_DIFF_PART_FILLED)
    hash = hash_number (hash, mapping->resident);
  if (key == PSC_DIFF_PART_FILLED || key == PSC_DIFF_PART_EXACT)
    return hash_number (hash, size);
  /* Sizes of one order of magnitude. */
  return key == PSC_DIFF_PART_ALIKE ? hash_number (hash, g_bit_storage (size)) : hash;
}
