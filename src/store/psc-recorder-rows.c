/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-recorder-rows.h"

#include <string.h>

#include "psc-format.h"

/* Names that are remembered, so that they are written once. More than that are written again. */
#define MAX_NAMES (1u << 16)

typedef enum
{
  PUT_META,
  PUT_KIND,
  PUT_EVENT_TYPE,
  PUT_NAME,
  PUT_MOMENT,
  PUT_FRAME,
  PUT_KIND_SUM,
  PUT_SEGMENT,
  PUT_SEGMENT_SUM,
  PUT_EVENT,
  PUT_MAPPING,
  END_MAPPING,
  PUT_MAPPING_SUM,
  N_STATEMENTS
} Statement;

static const char *const statements[N_STATEMENTS] = {
  [PUT_META] = "INSERT OR REPLACE INTO meta VALUES (?, ?)",
  [PUT_KIND] = "INSERT INTO kinds VALUES (?, ?, ?)",
  [PUT_EVENT_TYPE] = "INSERT INTO event_types VALUES (?, ?)",
  [PUT_NAME] = "INSERT INTO names VALUES (?, ?)",
  [PUT_MOMENT] = ("INSERT INTO moments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                  "?, ?)"),
  [PUT_FRAME] = "INSERT INTO frames VALUES (?, ?, ?, ?)",
  [PUT_KIND_SUM] = "INSERT INTO kind_sums VALUES (?, ?, ?, ?, ?, ?, ?)",
  [PUT_SEGMENT] = "INSERT INTO segment_list VALUES (?, ?, ?)",
  [PUT_SEGMENT_SUM] = "INSERT INTO segment_sums VALUES (?, ?, ?, ?, ?, ?, ?)",
  [PUT_EVENT] = "INSERT INTO event_list VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  [PUT_MAPPING] = "INSERT INTO mapping_list VALUES (?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  [END_MAPPING] = "UPDATE mapping_list SET last = ? WHERE id = ?",
  [PUT_MAPPING_SUM] = "INSERT INTO mapping_sums VALUES (?, ?, ?, ?, ?, ?, ?)",
};

struct _PscRecorderRows
{
  sqlite3_stmt *statements[N_STATEMENTS];
  PscSpace *space;      /* the last one */
  PscMoment *moment;    /* the last one */
  GArray *mapping_ids;  /* gint64: rows of its mappings */
  GArray *segment_ids;  /* gint64: rows of its segments */
  GHashTable *names;    /* char * → id */
  GHashTable *segments; /* "kind:label" → id */
  gint64 n_names, n_mappings;
  gint64 frame, key; /* moments of the last ones */
};

PscRecorderRows *
psc_recorder_rows_new (PscDatabase *database, GError **error)
{
  g_autoptr (PscRecorderRows) rows = g_new0 (PscRecorderRows, 1);

  rows->mapping_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  rows->segment_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  rows->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  rows->segments = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < N_STATEMENTS; i++)
    {
      rows->statements[i] = psc_database_prepare (database, statements[i], "write", error);
      if (rows->statements[i] == NULL)
        return NULL;
    }
  return g_steal_pointer (&rows);
}

void
psc_recorder_rows_free (PscRecorderRows *rows)
{
  if (rows == NULL)
    return;
  for (guint i = 0; i < N_STATEMENTS; i++)
    sqlite3_finalize (rows->statements[i]);
  psc_space_unref (rows->space);
  psc_moment_unref (rows->moment);
  g_array_unref (rows->mapping_ids);
  g_array_unref (rows->segment_ids);
  g_hash_table_unref (rows->names);
  g_hash_table_unref (rows->segments);
  g_free (rows);
}

gboolean
psc_recorder_rows_put_constants (PscRecorderRows *rows)
{
  for (gint64 i = 0; i < PSC_N_KINDS; i++)
    if (!psc_database_put (rows->statements[PUT_KIND], "itt", i, psc_kind_id ((PscKind) i),
                           psc_kind_title ((PscKind) i)))
      return FALSE;
  for (gint64 i = 0; i < PSC_N_EVENTS; i++)
    if (!psc_database_put (rows->statements[PUT_EVENT_TYPE], "it", i,
                           psc_event_type_id ((PscEventType) i)))
      return FALSE;
  return TRUE;
}

gboolean
psc_recorder_rows_put_meta (PscRecorderRows *rows, const char *key, const char *value)
{
  return psc_database_put (rows->statements[PUT_META], "tt", key, value);
}

gboolean
psc_recorder_rows_put_meta_int (PscRecorderRows *rows, const char *key, gint64 value)
{
  return psc_database_put (rows->statements[PUT_META], "ti", key, value);
}

/* 0 when it can't be written. */
static gint64
put_name (PscRecorderRows *rows, const char *name)
{
  gpointer id = g_hash_table_lookup (rows->names, name);

  if (id != NULL)
    return GPOINTER_TO_SIZE (id);
  if (!psc_database_put (rows->statements[PUT_NAME], "it", rows->n_names + 1, name))
    return 0;
  if (g_hash_table_size (rows->names) >= MAX_NAMES)
    g_hash_table_remove_all (rows->names);
  rows->n_names++;
  g_hash_table_insert (rows->names, g_strdup (name), GSIZE_TO_POINTER (rows->n_names));
  return rows->n_names;
}

/* ---- Sums of the whole, of kinds and of segments ---- */

/* Not known is NULL, never 0. */
static guint64
if_known (gboolean known, guint64 value)
{
  return known ? value : G_MAXUINT64;
}

static gboolean
put_moment (PscRecorderRows *rows, gint64 id, const PscSpaceHead *head, const PscMoment *moment)
{
  const PscAmount *total = &moment->total;
  gboolean known = moment->pages_known;

  return psc_database_put (rows->statements[PUT_MOMENT], "iiikkikuukkkkiiiiiu", id, head->time_usec,
                           rows->frame, head->minor_faults, head->major_faults,
                           (gint64) head->n_threads, if_known (head->vm_pte > 0, head->vm_pte),
                           total->n_mappings, total->size, if_known (known, total->resident),
                           if_known (known, total->swapped), if_known (known, total->hugetlb),
                           if_known (known, moment->huge), head->cost.probe_usec,
                           head->cost.wall_usec, head->cost.longest_hold_usec, head->cost.held_usec,
                           head->cost.core_usec, head->cost.bytes);
}

static gboolean
put_amount (PscRecorderRows *rows, Statement statement, gint64 whose, gint64 id,
            const PscAmount *amount, gboolean known)
{
  return psc_database_put (rows->statements[statement], "iiuukkk", whose, id, amount->n_mappings,
                           amount->size, if_known (known, amount->resident),
                           if_known (known, amount->swapped), if_known (known, amount->hugetlb));
}

static gboolean
is_same_amount (const PscAmount *a, const PscAmount *b)
{
  return memcmp (a, b, sizeof *a) == 0;
}

static gboolean
put_kinds (PscRecorderRows *rows, gint64 id, const PscMoment *moment)
{
  const PscMoment none = { .pages_known = moment->pages_known };
  const PscMoment *before = rows->moment != NULL ? rows->moment : &none;

  for (guint i = 0; i < PSC_N_KINDS; i++)
    if ((!is_same_amount (&moment->kinds[i], &before->kinds[i]) ||
         before->pages_known != moment->pages_known) &&
        !put_amount (rows, PUT_KIND_SUM, i, id, &moment->kinds[i], moment->pages_known))
      return FALSE;
  return TRUE;
}

static gint64
put_segment (PscRecorderRows *rows, const PscSegment *segment)
{
  g_autofree char *key = g_strdup_printf ("%d:%s", (int) segment->kind, segment->label);
  gint64 id = GPOINTER_TO_SIZE (g_hash_table_lookup (rows->segments, key));

  if (id != 0)
    return id;
  id = g_hash_table_size (rows->segments) + 1;
  if (!psc_database_put (rows->statements[PUT_SEGMENT], "iit", id, (gint64) segment->kind,
                         segment->label))
    return 0;
  g_hash_table_insert (rows->segments, g_steal_pointer (&key), GSIZE_TO_POINTER (id));
  return id;
}

static int
compare_segments (const PscSegment *a, const PscSegment *b)
{
  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  return a->label == b->label ? 0 : strcmp (a->label, b->label);
}

/* Both are in order. What went has sums of 0 from now on. */
static gboolean
put_segments (PscRecorderRows *rows, gint64 id, const PscMoment *moment)
{
  const PscMoment none = { .pages_known = moment->pages_known };
  const PscMoment *before = rows->moment != NULL ? rows->moment : &none;
  const PscAmount nothing = { 0 };
  GArray *ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), moment->n_segments);
  gboolean well = TRUE;
  guint i = 0, j = 0;

  while (well && (i < before->n_segments || j < moment->n_segments))
    {
      int order =
          i == before->n_segments ? 1 :
          j == moment->n_segments ? -1 :
                                    compare_segments (&before->segments[i], &moment->segments[j]);
      gint64 segment = order <= 0 ? g_array_index (rows->segment_ids, gint64, i) :
                                    put_segment (rows, &moment->segments[j]);
      const PscAmount *then = order <= 0 ? &before->segments[i++].amount : &nothing;
      const PscAmount *now = order >= 0 ? &moment->segments[j++].amount : &nothing;

      if (order >= 0)
        g_array_append_val (ids, segment);
      well = segment != 0;
      if (well && (!is_same_amount (then, now) || before->pages_known != moment->pages_known))
        well = put_amount (rows, PUT_SEGMENT_SUM, segment, id, now, moment->pages_known);
    }
  g_array_unref (rows->segment_ids);
  rows->segment_ids = ids;
  return well;
}

static gboolean
put_events (PscRecorderRows *rows, gint64 id, const PscMoment *moment)
{
  for (guint i = 0; i < moment->n_events; i++)
    {
      const PscEvent *event = &moment->events[i];
      gint64 label = *event->label != '\0' ? put_name (rows, event->label) : 0;

      if (*event->label != '\0' && label == 0)
        return FALSE;
      if (!psc_database_put (rows->statements[PUT_EVENT], "iiiuuuuk", id, (gint64) event->type,
                             (gint64) event->kind, event->start, event->end, event->bytes, event->n,
                             if_known (label != 0, (guint64) label)))
        return FALSE;
    }
  return TRUE;
}

/* ---- Mappings ---- */

static gboolean
is_same_mapping (const PscMapping *a, const PscMapping *b)
{
  return a->start == b->start && a->end == b->end && a->offset == b->offset &&
         a->inode == b->inode && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor &&
         a->perms == b->perms && a->kind == b->kind && a->page_shift == b->page_shift &&
         (a->flags & PSC_MAPPING_DELETED) == (b->flags & PSC_MAPPING_DELETED) &&
         (a->name == b->name || strcmp (a->name, b->name) == 0);
}

static gboolean
has_same_sums (const PscMapping *a, const PscMapping *b)
{
  return a->resident == b->resident && a->swapped == b->swapped && a->zero == b->zero &&
         a->huge == b->huge && a->hugetlb == b->hugetlb &&
         (a->flags & PSC_MAPPING_PAGES_KNOWN) == (b->flags & PSC_MAPPING_PAGES_KNOWN);
}

static gboolean
put_mapping_sums (PscRecorderRows *rows, gint64 id, gint64 row, const PscMapping *mapping)
{
  gboolean known = (mapping->flags & PSC_MAPPING_PAGES_KNOWN) != 0;

  return psc_database_put (rows->statements[PUT_MAPPING_SUM], "iikkkkk", row, id,
                           if_known (known, mapping->resident), if_known (known, mapping->swapped),
                           if_known (known, mapping->zero), if_known (known, mapping->huge),
                           if_known (known, mapping->hugetlb));
}

/* 0 when it can't be written. */
static gint64
put_mapping_name (PscRecorderRows *rows, const PscMapping *mapping)
{
  g_autofree char *name = psc_format_name (mapping->name, -1);

  return put_name (rows, name);
}

/* The new row's id, or 0. */
static gint64
put_mapping (PscRecorderRows *rows, gint64 id, const PscMapping *mapping)
{
  gboolean has_name = *mapping->name != '\0', has_file = mapping->inode != 0;
  gint64 name = has_name ? put_mapping_name (rows, mapping) : 0;
  g_autofree char *device = NULL;
  char perms[5];

  if (has_name && name == 0)
    return 0;
  if (has_file)
    device = g_strdup_printf ("%02x:%02x", mapping->dev_major, mapping->dev_minor);
  psc_mapping_format_perms (mapping, perms);
  if (!psc_database_put (rows->statements[PUT_MAPPING], "iiuututkkiii", rows->n_mappings + 1, id,
                         mapping->start, mapping->end, perms, mapping->offset, device,
                         if_known (has_file, mapping->inode), if_known (has_name, (guint64) name),
                         (gint64) ((mapping->flags & PSC_MAPPING_DELETED) != 0),
                         (gint64) mapping->kind, (gint64) 1 << mapping->page_shift) ||
      !put_mapping_sums (rows, id, rows->n_mappings + 1, mapping))
    return 0;
  return ++rows->n_mappings;
}

static gboolean
end_mapping (PscRecorderRows *rows, gint64 id, guint index)
{
  return psc_database_put (rows->statements[END_MAPPING], "ii", id - 1,
                           g_array_index (rows->mapping_ids, gint64, index));
}

/* Both are in order of addresses. */
static gboolean
put_mappings (PscRecorderRows *rows, gint64 id, const PscSpace *space)
{
  GArray *ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), space->n_mappings);
  guint n_before = rows->space != NULL ? rows->space->n_mappings : 0, i = 0;
  gboolean well = TRUE;

  for (guint j = 0; well && j < space->n_mappings; j++)
    {
      const PscMapping *now = &space->mappings[j];
      const PscMapping *then = NULL;
      gint64 row;

      while (well && i < n_before && rows->space->mappings[i].start < now->start)
        well = end_mapping (rows, id, i++);
      if (i < n_before && is_same_mapping (&rows->space->mappings[i], now))
        then = &rows->space->mappings[i];
      row = then != NULL ? g_array_index (rows->mapping_ids, gint64, i++) :
            well         ? put_mapping (rows, id, now) :
                           0;
      if (then != NULL && !has_same_sums (then, now))
        well = well && put_mapping_sums (rows, id, row, now);
      well = well && row != 0;
      g_array_append_val (ids, row);
    }
  while (well && i < n_before)
    well = end_mapping (rows, id, i++);
  g_array_unref (rows->mapping_ids);
  rows->mapping_ids = ids;
  return well;
}

/* ---- A moment ---- */

static gboolean
put_frame (PscRecorderRows *rows, gint64 id, const PscFrame *frame)
{
  if (frame->type == PSC_FRAME_SAME)
    return TRUE;
  rows->frame = id;
  if (frame->type == PSC_FRAME_KEY)
    rows->key = id;
  return psc_database_put (rows->statements[PUT_FRAME], "ikub", id,
                           if_known (frame->type == PSC_FRAME_DELTA, (guint64) rows->key),
                           (guint64) frame->size, frame->packed);
}

static void
remember (PscRecorderRows *rows, PscSpace *space, PscMoment *moment)
{
  psc_space_ref (space);
  psc_space_unref (rows->space);
  rows->space = space;
  psc_moment_ref (moment);
  psc_moment_unref (rows->moment);
  rows->moment = moment;
}

gboolean
psc_recorder_rows_put (PscRecorderRows *rows, gint64 id, const PscSpaceHead *head, PscSpace *space,
                       PscMoment *moment, const PscFrame *frame)
{
  if (!put_frame (rows, id, frame) || !put_moment (rows, id, head, moment) ||
      !put_kinds (rows, id, moment) || !put_segments (rows, id, moment) ||
      !put_events (rows, id, moment))
    return FALSE;
  if (frame->type != PSC_FRAME_SAME && !put_mappings (rows, id, space))
    return FALSE;
  remember (rows, space, moment);
  return TRUE;
}
