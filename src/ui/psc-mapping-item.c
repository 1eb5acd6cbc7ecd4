/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-mapping-item.h"

struct _PscMappingItem
{
  GObject parent_instance;

  PscMappingFacts *facts;
  guint index;
  guint64 start; /* of the mapping: the key in the registry */
  GHashTable *registry;
};

G_DEFINE_FINAL_TYPE (PscMappingItem, psc_mapping_item, G_TYPE_OBJECT)

static guint changed_signal;

static void
take_facts (PscMappingItem *self, PscMappingFacts *facts, guint index)
{
  psc_mapping_facts_unref (self->facts);
  self->facts = facts;
  self->index = index;
}

void
psc_mapping_item_set (PscMappingItem *self, PscMappingFacts *facts, guint index)
{
  g_return_if_fail (PSC_IS_MAPPING_ITEM (self) && index < facts->space->n_mappings);

  take_facts (self, psc_mapping_facts_ref (facts), index);
  g_signal_emit (self, changed_signal, 0);
}

const PscMappingFacts *
psc_mapping_item_get_facts (PscMappingItem *self, guint *index)
{
  *index = self->index;
  return self->facts;
}

const PscMapping *
psc_mapping_item_get_mapping (PscMappingItem *self)
{
  return &self->facts->space->mappings[self->index];
}

static void
psc_mapping_item_finalize (GObject *object)
{
  PscMappingItem *self = PSC_MAPPING_ITEM (object);

  if (self->registry != NULL)
    g_hash_table_remove (self->registry, &self->start);
  g_clear_pointer (&self->registry, g_hash_table_unref);
  take_facts (self, NULL, 0);
  G_OBJECT_CLASS (psc_mapping_item_parent_class)->finalize (object);
}

static void
psc_mapping_item_class_init (PscMappingItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = psc_mapping_item_finalize;
  changed_signal = g_signal_new ("changed", PSC_TYPE_MAPPING_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
psc_mapping_item_init (PscMappingItem *self)
{
}

PscMappingItem *
psc_mapping_item_new (PscMappingFacts *facts, guint index, GHashTable *registry)
{
  PscMappingItem *self = g_object_new (PSC_TYPE_MAPPING_ITEM, NULL);

  take_facts (self, psc_mapping_facts_ref (facts), index);
  if (registry == NULL)
    return self;
  self->start = facts->space->mappings[index].start;
  self->registry = g_hash_table_ref (registry);
  g_hash_table_insert (registry, &self->start, self);
  return self;
}
