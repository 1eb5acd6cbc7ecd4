/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-schema.h"

/* Why it is as it is. Sums are rows only where they changed, and not part of what they are sums of:
 * a mapping that lives for an hour and changes each second would otherwise take ten times the room.
 * They are only ever appended, so a moment touches few pages of the file, and are not sorted by
 * anything but time; views find the moment up to which a row holds. CROSS JOIN keeps SQLite from
 * walking those views once for each moment.
 *
 * Nothing here may change without another PSC_SCHEMA_VERSION, not even a blank. */

#define SUMS_NEXT(column, table)                                                                   \
  "(SELECT *, lead (first, 1, 9223372036854775807) OVER (PARTITION BY " column                     \
  " ORDER BY first) AS next FROM " table ")"

static const PscSchemaItem items[] = {
  { "table", "meta",
    "CREATE TABLE meta (\n"
    "  key TEXT PRIMARY KEY,\n"
    "  value\n"
    ") WITHOUT ROWID" },
  { "table", "kinds",
    "CREATE TABLE kinds (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  name TEXT NOT NULL,\n"
    "  title TEXT NOT NULL\n"
    ")" },
  { "table", "event_types",
    "CREATE TABLE event_types (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  name TEXT NOT NULL\n"
    ")" },
  { "table", "names",
    "CREATE TABLE names (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  name TEXT NOT NULL\n"
    ")" },
  { "table", "moments",
    "CREATE TABLE moments (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  time_usec INTEGER NOT NULL,\n"
    "  frame INTEGER NOT NULL,\n"
    "  minor_faults INTEGER,\n"
    "  major_faults INTEGER,\n"
    "  threads INTEGER NOT NULL,\n"
    "  page_tables INTEGER,\n"
    "  mappings INTEGER NOT NULL,\n"
    "  size INTEGER NOT NULL,\n"
    "  resident INTEGER,\n"
    "  swapped INTEGER,\n"
    "  hugetlb INTEGER,\n"
    "  huge INTEGER,\n"
    "  cost_probe_usec INTEGER NOT NULL,\n"
    "  cost_wall_usec INTEGER NOT NULL,\n"
    "  cost_longest_hold_usec INTEGER NOT NULL,\n"
    "  cost_held_usec INTEGER NOT NULL,\n"
    "  cost_core_usec INTEGER NOT NULL,\n"
    "  cost_bytes INTEGER NOT NULL\n"
    ")" },
  { "table", "frames",
    "CREATE TABLE frames (\n"
    "  moment INTEGER PRIMARY KEY,\n"
    "  key INTEGER,\n"
    "  size INTEGER NOT NULL,\n"
    "  data BLOB NOT NULL\n"
    ")" },
  { "table", "kind_sums",
    "CREATE TABLE kind_sums (\n"
    "  kind INTEGER NOT NULL,\n"
    "  first INTEGER NOT NULL,\n"
    "  mappings INTEGER NOT NULL,\n"
    "  size INTEGER NOT NULL,\n"
    "  resident INTEGER,\n"
    "  swapped INTEGER,\n"
    "  hugetlb INTEGER\n"
    ")" },
  { "table", "segment_list",
    "CREATE TABLE segment_list (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  kind INTEGER NOT NULL,\n"
    "  label TEXT NOT NULL\n"
    ")" },
  { "table", "segment_sums",
    "CREATE TABLE segment_sums (\n"
    "  segment INTEGER NOT NULL,\n"
    "  first INTEGER NOT NULL,\n"
    "  mappings INTEGER NOT NULL,\n"
    "  size INTEGER NOT NULL,\n"
    "  resident INTEGER,\n"
    "  swapped INTEGER,\n"
    "  hugetlb INTEGER\n"
    ")" },
  { "table", "event_list",
    "CREATE TABLE event_list (\n"
    "  moment INTEGER NOT NULL,\n"
    "  type INTEGER NOT NULL,\n"
    "  kind INTEGER NOT NULL,\n"
    "  start INTEGER NOT NULL,\n"
    "  end INTEGER NOT NULL,\n"
    "  bytes INTEGER NOT NULL,\n"
    "  n INTEGER NOT NULL,\n"
    "  label INTEGER\n"
    ")" },
  { "table", "mapping_list",
    "CREATE TABLE mapping_list (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  first INTEGER NOT NULL,\n"
    "  last INTEGER,\n"
    "  start INTEGER NOT NULL,\n"
    "  end INTEGER NOT NULL,\n"
    "  perms TEXT NOT NULL,\n"
    "  offset INTEGER NOT NULL,\n"
    "  device TEXT,\n"
    "  inode INTEGER,\n"
    "  name INTEGER,\n"
    "  deleted INTEGER NOT NULL,\n"
    "  kind INTEGER NOT NULL,\n"
    "  page_size INTEGER NOT NULL\n"
    ")" },
  { "table", "mapping_sums",
    "CREATE TABLE mapping_sums (\n"
    "  mapping INTEGER NOT NULL,\n"
    "  first INTEGER NOT NULL,\n"
    "  resident INTEGER,\n"
    "  swapped INTEGER,\n"
    "  zero INTEGER,\n"
    "  huge INTEGER,\n"
    "  hugetlb INTEGER\n"
    ")" },
  { "view", "mappings",
    "CREATE VIEW mappings AS\n"
    "SELECT s.first AS first,\n"
    "  min (s.next - 1, coalesce (l.last, (SELECT max (id) FROM moments))) AS last,\n"
    "  l.start AS start, l.end AS end, printf ('%x-%x', l.start, l.end) AS range,\n"
    "  l.perms AS perms, l.offset AS offset, l.device AS device, l.inode AS inode,\n"
    "  n.name AS name, l.deleted AS deleted, k.name AS kind, l.page_size AS page_size,\n"
    "  l.end - l.start AS size, s.resident AS resident, s.swapped AS swapped,\n"
    "  s.zero AS zero, s.huge AS huge, s.hugetlb AS hugetlb, l.id AS mapping\n"
    "FROM " SUMS_NEXT ("mapping",
                       "mapping_sums") " AS s\n"
                                       "CROSS JOIN mapping_list AS l ON l.id = s.mapping\n"
                                       "JOIN kinds AS k ON k.id = l.kind\n"
                                       "LEFT JOIN names AS n ON n.id = l.name" },
  { "view", "totals",
    "CREATE VIEW totals AS\n"
    "SELECT m.id AS moment, m.time_usec AS time_usec, k.name AS kind, s.mappings AS mappings,\n"
    "  s.size AS size, s.resident AS resident, s.swapped AS swapped, s.hugetlb AS hugetlb\n"
    "FROM " SUMS_NEXT ("kind",
                       "kind_sums") " AS s\n"
                                    "JOIN kinds AS k ON k.id = s.kind\n"
                                    "CROSS JOIN moments AS m ON m.id >= s.first AND m.id < s.next\n"
                                    "WHERE s.mappings > 0" },
  { "view", "segments",
    "CREATE VIEW segments AS\n"
    "SELECT m.id AS moment, m.time_usec AS time_usec, k.name AS kind, l.label AS label,\n"
    "  s.mappings AS mappings, s.size AS size, s.resident AS resident, s.swapped AS swapped,\n"
    "  s.hugetlb AS hugetlb\n"
    "FROM " SUMS_NEXT (
        "segment", "segment_sums") " AS s\n"
                                   "CROSS JOIN segment_list AS l ON l.id = s.segment\n"
                                   "JOIN kinds AS k ON k.id = l.kind\n"
                                   "CROSS JOIN moments AS m ON m.id >= s.first AND m.id < s.next\n"
                                   "WHERE s.mappings > 0" },
  { "view", "events",
    "CREATE VIEW events AS\n"
    "SELECT e.moment AS moment, m.time_usec AS time_usec, t.name AS type, k.name AS kind,\n"
    "  e.start AS start, e.end AS end, printf ('%x-%x', e.start, e.end) AS range,\n"
    "  e.bytes AS bytes, e.n AS n, n.name AS label\n"
    "FROM event_list AS e\n"
    "JOIN moments AS m ON m.id = e.moment\n"
    "JOIN event_types AS t ON t.id = e.type\n"
    "JOIN kinds AS k ON k.id = e.kind\n"
    "LEFT JOIN names AS n ON n.id = e.label" },
  { "view", "faults",
    "CREATE VIEW faults AS\n"
    "SELECT id AS moment, time_usec, minor_faults, major_faults,\n"
    "  (minor_faults - lag (minor_faults) OVER o) * 1e6\n"
    "    / (time_usec - lag (time_usec) OVER o) AS minor_per_second,\n"
    "  (major_faults - lag (major_faults) OVER o) * 1e6\n"
    "    / (time_usec - lag (time_usec) OVER o) AS major_per_second\n"
    "FROM moments WINDOW o AS (ORDER BY id)" },
};

const PscSchemaItem *
psc_schema_get (guint *n_items)
{
  *n_items = G_N_ELEMENTS (items);
  return items;
}
