/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-report.h"

#include <string.h>

#include "psc-format.h"
#include "psc-json.h"
#include "psc-report-smaps.h"

static const char *const source_ids[] = {
  [PSC_SOURCE_NONE] = "none",
  [PSC_SOURCE_SCAN] = "scan",
  [PSC_SOURCE_PAGEMAP] = "pagemap",
};

static const char *const reason_ids[] = {
  [PSC_REASON_DENIED] = "denied",     [PSC_REASON_UNSUPPORTED] = "unsupported",
  [PSC_REASON_GONE] = "gone",         [PSC_REASON_TORN] = "torn",
  [PSC_REASON_NOT_READ] = "not_read", [PSC_REASON_FAILED] = "failed",
};

const char *
psc_source_id (PscSource source)
{
  g_return_val_if_fail (source < G_N_ELEMENTS (source_ids), "none");

  return source_ids[source];
}

const char *
psc_reason_id (PscReason reason)
{
  g_return_val_if_fail (reason < G_N_ELEMENTS (reason_ids), "failed");

  return reason_ids[reason];
}

/* JSON's integers are signed here; nothing that is true comes near the limit. */
static void
set_int (JsonObject *object, const char *key, gboolean known, guint64 value)
{
  psc_json_set_known (object, key, known && value <= G_MAXINT64, (gint64) value);
}

/* pagemap shows neither huge pages nor the zero page. */
static gboolean
knows_class (const PscSpace *space, PscPageClass klass)
{
  return space->source != PSC_SOURCE_PAGEMAP ||
         (klass != PSC_CLASS_HUGE && klass != PSC_CLASS_ZERO);
}

static void
set_sums (JsonObject *object, const PscSpace *space, const PscTotals *totals)
{
  gboolean known = space->source != PSC_SOURCE_NONE &&
                   (totals->size == 0 || totals->classes[PSC_CLASS_UNKNOWN] < totals->size);
  JsonObject *classes = json_object_new ();

  json_object_set_int_member (object, "mappings", totals->n_mappings);
  set_int (object, "size", TRUE, totals->size);
  set_int (object, "resident", known, totals->resident);
  set_int (object, "swapped", known, totals->swapped);
  set_int (object, "huge", known && knows_class (space, PSC_CLASS_HUGE), totals->huge);
  set_int (object, "hugetlb", known, totals->hugetlb);
  set_int (object, "zero", known && knows_class (space, PSC_CLASS_ZERO), totals->zero);
  for (guint i = 0; i < PSC_N_CLASSES; i++)
    set_int (classes, psc_page_class_id (i),
             i == PSC_CLASS_UNKNOWN || (known && knows_class (space, i)), totals->classes[i]);
  json_object_set_object_member (object, "classes", classes);
}

static JsonObject *
make_totals (const PscSpace *space)
{
  JsonObject *totals = json_object_new ();

  set_sums (totals, space, &space->totals);
  set_int (totals, "page_tables", space->vm_pte != 0, space->vm_pte);
  if (space->smaps != NULL)
    {
      guint64 pss = 0;

      for (guint i = 0; i < space->n_mappings; i++)
        pss += space->smaps[i].pss;
      set_int (totals, "pss", TRUE, pss);
    }
  return totals;
}

static JsonObject *
make_kinds (const PscSpace *space)
{
  JsonObject *kinds = json_object_new ();

  for (guint i = 0; i < PSC_N_KINDS; i++)
    {
      JsonObject *sums;

      if (space->kinds[i].n_mappings == 0)
        continue;
      sums = json_object_new ();
      set_sums (sums, space, &space->kinds[i]);
      json_object_set_object_member (kinds, psc_kind_id (i), sums);
    }
  return kinds;
}

static JsonObject *
make_smaps (const PscSmaps *smaps)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < PSC_N_SMAPS_AMOUNTS; i++)
    set_int (object, psc_smaps_amount_key (i), TRUE, psc_smaps_amount (smaps, i));
  set_int (object, "thp_eligible", smaps->thp_eligible >= 0, smaps->thp_eligible);
  psc_json_set_name (object, "vm_flags", smaps->vm_flags);
  return object;
}

/* An inode is a name, not a quantity, and may not fit JSON's integers. */
static void
set_file (JsonObject *object, const PscMapping *mapping)
{
  g_autofree char *device = NULL, *inode = NULL;

  set_int (object, "offset", TRUE, mapping->offset);
  if (mapping->inode == 0 && mapping->dev_major == 0 && mapping->dev_minor == 0)
    return;
  device = g_strdup_printf ("%02x:%02x", mapping->dev_major, mapping->dev_minor);
  inode = g_strdup_printf ("%" G_GUINT64_FORMAT, mapping->inode);
  json_object_set_string_member (object, "device", device);
  json_object_set_string_member (object, "inode", inode);
  json_object_set_boolean_member (object, "deleted", (mapping->flags & PSC_MAPPING_DELETED) != 0);
}

static JsonObject *
make_mapping (const PscSpace *space, const PscMapping *mapping, const PscSmaps *smaps)
{
  gboolean known = space->source != PSC_SOURCE_NONE && mapping->flags & PSC_MAPPING_PAGES_KNOWN;
  JsonObject *object = json_object_new ();
  char perms[5];

  psc_mapping_format_perms (mapping, perms);
  psc_json_set_address (object, "start", mapping->start);
  psc_json_set_address (object, "end", mapping->end);
  json_object_set_string_member (object, "perms", perms);
  set_file (object, mapping);
  json_object_set_string_member (object, "kind", psc_kind_id (mapping->kind));
  json_object_set_string_member (object, "why", psc_kind_why (mapping->why));
  psc_json_set_name (object, "name", mapping->name);
  set_int (object, "page_size", mapping->page_shift < 63,
           G_GUINT64_CONSTANT (1) << (mapping->page_shift & 63));
  set_int (object, "size", TRUE, mapping->end - mapping->start);
  set_int (object, "resident", known, mapping->resident);
  set_int (object, "swapped", known, mapping->swapped);
  set_int (object, "huge", known && knows_class (space, PSC_CLASS_HUGE), mapping->huge);
  set_int (object, "hugetlb", known, mapping->hugetlb);
  set_int (object, "zero", known && knows_class (space, PSC_CLASS_ZERO), mapping->zero);
  if (mapping->flags & PSC_MAPPING_MOVING)
    json_object_set_boolean_member (object, "moving", TRUE);
  else if (smaps != NULL)
    json_object_set_object_member (object, "smaps", make_smaps (smaps));
  return object;
}

static JsonArray *
make_mappings (const PscSpace *space)
{
  JsonArray *array = json_array_sized_new (space->n_mappings);

  for (guint i = 0; i < space->n_mappings; i++)
    json_array_add_object_element (
        array,
        make_mapping (space, &space->mappings[i], space->smaps != NULL ? &space->smaps[i] : NULL));
  return array;
}

static JsonArray *
make_owners (const PscSpace *space)
{
  static const char *const types[PSC_N_OWNER_TYPES] = { "thread", "named", "runtime", "arena" };
  JsonArray *array = json_array_sized_new (space->n_owners);

  for (guint i = 0; i < space->n_owners; i++)
    {
      const PscOwner *owner = &space->owners[i];
      JsonObject *object = json_object_new ();

      psc_json_set_address (object, "start", owner->start);
      psc_json_set_address (object, "end", owner->end);
      json_object_set_string_member (object, "type", types[owner->type]);
      set_int (object, "tid", owner->type == PSC_OWNER_THREAD, (guint64) owner->tid);
      psc_json_set_name (object, "label", owner->label);
      psc_json_set_name (object, "why", owner->why);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
make_unknown (const PscSpace *space)
{
  JsonArray *array = json_array_sized_new (space->n_unknowns);

  for (guint i = 0; i < space->n_unknowns; i++)
    {
      const PscUnknown *unknown = &space->unknowns[i];
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "reason", psc_reason_id (unknown->reason));
      psc_json_set_name (object, "what", unknown->what);
      psc_json_set_name (object, "why", unknown->why);
      psc_json_set_name (object, "remedy", unknown->remedy);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonObject *
make_cost (const PscCost *cost)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "probe_usec", cost->probe_usec);
  json_object_set_int_member (object, "wall_usec", cost->wall_usec);
  json_object_set_int_member (object, "longest_hold_usec", cost->longest_hold_usec);
  set_int (object, "bytes", TRUE, cost->bytes);
  return object;
}

static void
set_time (JsonObject *object, const char *key, gint64 time_usec)
{
  g_autofree char *text = time_usec != 0 ? psc_json_dup_time (time_usec) : NULL;

  if (text != NULL)
    json_object_set_string_member (object, key, text);
  else
    json_object_set_null_member (object, key);
}

static void
set_identity (JsonObject *object, const PscSpace *space)
{
  json_object_set_int_member (object, "schema", PSC_REPORT_SCHEMA);
  json_object_set_int_member (object, "pid", space->pid);
  psc_json_set_name (object, "name", space->name);
  psc_json_set_name (object, "command", space->command);
  json_object_set_int_member (object, "uid", space->uid);
  set_int (object, "threads", space->n_threads != 0, space->n_threads);
  set_int (object, "start_time", space->start_time != 0, space->start_time);
  psc_json_set_name (object, "host", space->host);
  psc_json_set_name (object, "kernel", space->kernel);
  set_time (object, "time", space->time_usec);
  json_object_set_int_member (object, "page_size", space->page_size);
  json_object_set_string_member (object, "source", psc_source_id (space->source));
}

/* Everything but the mappings. */
static JsonObject *
make_head (const PscSpace *space)
{
  JsonObject *object = json_object_new ();

  set_identity (object, space);
  json_object_set_object_member (object, "totals", make_totals (space));
  json_object_set_object_member (object, "kinds", make_kinds (space));
  json_object_set_array_member (object, "owners", make_owners (space));
  json_object_set_array_member (object, "unknown", make_unknown (space));
  json_object_set_object_member (object, "cost", make_cost (&space->cost));
  return object;
}

JsonNode *
psc_report_to_json_node (const PscSpace *space)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = make_head (space);

  json_object_set_array_member (object, "mappings", make_mappings (space));
  json_node_take_object (node, object);
  return node;
}

static void
append_object (GString *text, JsonObject *object, gboolean pretty)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonGenerator) generator = json_generator_new ();

  json_node_take_object (node, object);
  json_generator_set_pretty (generator, pretty);
  json_generator_set_root (generator, node);
  json_generator_to_gstring (generator, text);
}

/* The tree of a process with a million mappings takes gigabytes, so they are written one by one,
 * into the end of the object that has the rest. */
static GString *
begin_json (JsonObject *head, gboolean pretty)
{
  GString *text = g_string_new (NULL);

  append_object (text, head, pretty);
  g_string_truncate (text, text->len - (pretty ? strlen ("\n}") : strlen ("}")));
  g_string_append (text, pretty ? ",\n  \"mappings\" : [" : ",\"mappings\":[");
  return text;
}

static void
append_json_line (GString *text, JsonObject *mapping, gboolean first, gboolean pretty)
{
  g_string_append (text, first ? "" : ",");
  g_string_append (text, pretty ? "\n    " : "");
  append_object (text, mapping, FALSE);
}

static char *
end_json (GString *text, gboolean pretty)
{
  g_string_append (text, pretty ? "\n  ]\n}\n" : "]}\n");
  return g_string_free (text, FALSE);
}

char *
psc_report_to_json (const PscSpace *space, gboolean pretty)
{
  GString *text = begin_json (make_head (space), pretty);

  for (guint i = 0; i < space->n_mappings; i++)
    append_json_line (
        text,
        make_mapping (space, &space->mappings[i], space->smaps != NULL ? &space->smaps[i] : NULL),
        i == 0, pretty);
  return end_json (text, pretty);
}

static JsonObject *
make_since (const PscSpace *then)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "pid", then->pid);
  psc_json_set_name (object, "name", then->name);
  psc_json_set_name (object, "host", then->host);
  set_time (object, "time", then->time_usec);
  return object;
}

static JsonObject *
make_change (const PscMappingFacts *facts, guint index)
{
  const PscDiffPair *pair = psc_mapping_facts_get_pair (facts, index, NULL, NULL);
  JsonObject *object;

  if (pair == NULL)
    return NULL;
  object = json_object_new ();
  json_object_set_string_member (object, "match", psc_diff_why_id (pair->why));
  for (guint i = 0; i < PSC_N_COLUMNS; i++)
    {
      guint64 number;
      gboolean known;

      if (!psc_column_is_of_diff (i) || !psc_column_is_amount (i))
        continue;
      known = psc_mapping_facts_get_number (facts, index, i, &number, NULL);
      if (known && psc_column_is_signed (i))
        json_object_set_int_member (object, psc_column_id (i), (gint64) number);
      else
        set_int (object, psc_column_id (i), known, number);
    }
  return object;
}

static JsonObject *
make_row (const PscMappingFacts *facts, guint index)
{
  JsonObject *object = make_mapping (facts->space, &facts->space->mappings[index],
                                     psc_mapping_facts_get_smaps (facts, index, NULL));
  JsonObject *change = make_change (facts, index);

  if (change != NULL)
    json_object_set_object_member (object, "change", change);
  return object;
}

char *
psc_report_rows_to_json (const PscReportRows *rows)
{
  const PscMappingFacts *facts = rows->facts;
  JsonObject *head = make_head (facts->space);
  GString *text;

  if (facts->details_index != NULL && facts->details->smaps != NULL)
    set_time (head, "smaps_time", facts->details->time_usec);
  if (facts->diff != NULL)
    json_object_set_object_member (head, "since", make_since (facts->diff->a));
  text = begin_json (head, TRUE);
  for (guint i = 0; i < rows->n; i++)
    append_json_line (text, make_row (facts, rows->indices[i]), i == 0, TRUE);
  return end_json (text, TRUE);
}
