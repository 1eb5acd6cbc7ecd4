/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-diff-report.h"

#include "psc-format.h"
#include "psc-json.h"
#include "psc-report.h"

static void
add_int (JsonBuilder *builder, const char *key, guint64 value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, (gint64) value);
}

static void
add_string (JsonBuilder *builder, const char *key, const char *value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, value);
}

static void
add_name (JsonBuilder *builder, const char *key, const char *bytes)
{
  g_autofree char *name = psc_format_name (bytes, -1);

  add_string (builder, key, name);
}

static void
add_boolean (JsonBuilder *builder, const char *key, gboolean value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_boolean_value (builder, value);
}

static void
add_address (JsonBuilder *builder, const char *key, guint64 address)
{
  g_autofree char *text = psc_format_address (address);

  add_string (builder, key, text);
}

static void
add_moment (JsonBuilder *builder, const char *key, const PscSpace *space)
{
  g_autofree char *time = psc_json_dup_time (space->time_usec);

  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  add_int (builder, "pid", (guint64) space->pid);
  add_int (builder, "start_time", space->start_time);
  add_name (builder, "name", space->name);
  add_name (builder, "command", space->command);
  add_name (builder, "host", space->host);
  add_name (builder, "kernel", space->kernel);
  add_string (builder, "time", time != NULL ? time : "");
  add_int (builder, "page_size", space->page_size);
  add_string (builder, "source", psc_source_id (space->source));
  json_builder_end_object (builder);
}

static void
add_known (JsonBuilder *builder, const char *key, gboolean known, guint64 value)
{
  json_builder_set_member_name (builder, key);
  if (known)
    json_builder_add_int_value (builder, (gint64) value);
  else
    json_builder_add_null_value (builder);
}

static void
add_sum (JsonBuilder *builder, const char *key, gboolean then_known, gboolean now_known,
         PscDiffSum sum)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  add_known (builder, "then", then_known, sum.then);
  add_known (builder, "now", now_known, sum.now);
  add_known (builder, "delta", then_known && now_known, sum.now - sum.then);
  json_builder_end_object (builder);
}

static void
add_pages (JsonBuilder *builder, const PscChangeSums *pages)
{
  json_builder_set_member_name (builder, "pages");
  json_builder_begin_object (builder);
  for (guint i = 0; i < PSC_N_CHANGES; i++)
    add_int (builder, psc_change_id (i), pages->bytes[i]);
  add_int (builder, "unmapped", pages->unmapped);
  add_int (builder, "unmapped_populated", pages->unmapped_populated);
  json_builder_end_object (builder);
}

/* Into the object at hand. */
static void
add_growth (JsonBuilder *builder, const PscDiff *diff, const PscDiffGrowth *growth)
{
  gboolean then = growth->then_known, now = growth->now_known;

  add_sum (builder, "size", TRUE, TRUE, growth->size);
  add_sum (builder, "resident", then, now, growth->resident);
  add_sum (builder, "swapped", then, now, growth->swapped);
  add_sum (builder, "huge", then && diff->a->source != PSC_SOURCE_PAGEMAP,
           now && diff->b->source != PSC_SOURCE_PAGEMAP, growth->huge);
  add_sum (builder, "hugetlb", then, now, growth->hugetlb);
  add_pages (builder, &growth->pages);
}

static void
add_kinds (JsonBuilder *builder, const PscDiff *diff)
{
  json_builder_set_member_name (builder, "kinds");
  json_builder_begin_object (builder);
  for (guint i = 0; i < PSC_N_KINDS; i++)
    {
      const PscDiffGrowth *growth = &diff->kinds[i];

      if (growth->n_mappings.then + growth->n_mappings.now == 0)
        continue;
      json_builder_set_member_name (builder, psc_kind_id (i));
      json_builder_begin_object (builder);
      add_sum (builder, "mappings", TRUE, TRUE, growth->n_mappings);
      add_growth (builder, diff, growth);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

/* --- mappings ------------------------------------------------------------------------------ */

static void
add_side (JsonBuilder *builder, const char *key, const PscSpace *space, guint index, guint64 start,
          guint64 end)
{
  const PscMapping *mapping = index != PSC_DIFF_NONE ? &space->mappings[index] : NULL;
  const PscOwner *owner = mapping != NULL ? psc_space_lookup_owner (space, mapping->start) : NULL;
  char perms[5];

  json_builder_set_member_name (builder, key);
  if (mapping == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  psc_mapping_format_perms (mapping, perms);
  json_builder_begin_object (builder);
  add_address (builder, "start", start);
  add_address (builder, "end", end);
  add_string (builder, "perms", perms);
  add_string (builder, "kind", psc_kind_id (mapping->kind));
  add_name (builder, "name", mapping->name);
  if (owner != NULL)
    add_string (builder, "owner", owner->label);
  json_builder_end_object (builder);
}

static void
add_pair (JsonBuilder *builder, const PscDiff *diff, guint index)
{
  const PscDiffPair *pair = &diff->pairs[index];

  json_builder_begin_object (builder);
  add_string (builder, "match", psc_diff_why_id (pair->why));
  add_side (builder, "then", diff->a, pair->a, pair->a_start, pair->a_end);
  add_side (builder, "now", diff->b, pair->b, pair->b_start, pair->b_end);
  add_growth (builder, diff, &pair->growth);
  json_builder_end_object (builder);
}

static void
add_pairs (JsonBuilder *builder, const PscDiff *diff, gboolean all)
{
  json_builder_set_member_name (builder, "mappings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < diff->n_changed; i++)
    add_pair (builder, diff, diff->changed[i]);
  for (guint i = 0; i < diff->n_came; i++)
    add_pair (builder, diff, diff->came[i]);
  for (guint i = 0; i < diff->n_went; i++)
    add_pair (builder, diff, diff->went[i]);
  for (guint i = 0; all && i < diff->n_pairs; i++)
    if (!psc_diff_pair_is_changed (diff, &diff->pairs[i]))
      add_pair (builder, diff, i);
  json_builder_end_array (builder);
}

char *
psc_diff_to_json (const PscDiff *diff, gboolean all)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_int (builder, "schema", PSC_DIFF_SCHEMA);
  add_boolean (builder, "one_process", diff->one_process);
  add_boolean (builder, "one_layout", diff->one_layout);
  add_boolean (builder, "identical", diff->identical);
  add_boolean (builder, "pages_compared", diff->pages_compared);
  add_moment (builder, "then", diff->a);
  add_moment (builder, "now", diff->b);
  json_builder_set_member_name (builder, "totals");
  json_builder_begin_object (builder);
  add_sum (builder, "mappings", TRUE, TRUE, diff->total.n_mappings);
  add_growth (builder, diff, &diff->total);
  json_builder_end_object (builder);
  add_kinds (builder, diff);
  add_pairs (builder, diff, all);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return psc_json_to_text (root, TRUE);
}
