/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib/gi18n.h>

#include "psc-change.h"
#include "psc-format.h"
#include "psc-moment-private.h"

typedef struct
{
  const PscSpace *then, *now;
  PscEvent events[PSC_N_EVENTS][PSC_N_KINDS];
  guint64 largest[PSC_N_EVENTS][PSC_N_KINDS];
  /* The mapping of the largest, and the space that has it. */
  const PscMapping *mappings[PSC_N_EVENTS][PSC_N_KINDS];
} Search;

/* bytes may be fewer than the stretch has: parts of it were there before. */
static void
note (Search *search, PscEventType type, const PscMapping *mapping, guint64 start, guint64 end,
      guint64 bytes)
{
  PscKind kind = mapping->kind;
  PscEvent *event = &search->events[type][kind];

  event->bytes += bytes;
  event->n++;
  if (bytes <= search->largest[type][kind])
    return;
  search->largest[type][kind] = bytes;
  search->mappings[type][kind] = mapping;
  event->start = start;
  event->end = end;
}

/* Bytes of a mapping that the other space has, too. `cursor` is the first there that may share
 * addresses with it, and moves on. */
static guint64
count_kept (const PscMapping *mapping, const PscSpace *other, guint *cursor, gboolean other_is_now)
{
  guint64 kept = 0;

  while (*cursor < other->n_mappings && other->mappings[*cursor].end <= mapping->start)
    (*cursor)++;
  for (guint i = *cursor; i < other->n_mappings && other->mappings[i].start < mapping->end; i++)
    {
      const PscMapping *with = &other->mappings[i];

      if (psc_change_same_memory (other_is_now ? mapping : with, other_is_now ? with : mapping))
        kept += MIN (mapping->end, with->end) - MAX (mapping->start, with->start);
    }
  return kept;
}

static void
find_came (Search *search)
{
  guint cursor = 0;

  for (guint i = 0; i < search->now->n_mappings; i++)
    {
      const PscMapping *mapping = &search->now->mappings[i];
      guint64 size = mapping->end - mapping->start;
      guint64 kept = count_kept (mapping, search->then, &cursor, FALSE);

      if (kept < size)
        note (search, kept > 0 ? PSC_EVENT_GREW : PSC_EVENT_MAPPED, mapping, mapping->start,
              mapping->end, size - kept);
    }
}

static void
find_went (Search *search)
{
  guint cursor = 0;

  for (guint i = 0; i < search->then->n_mappings; i++)
    {
      const PscMapping *mapping = &search->then->mappings[i];
      guint64 size = mapping->end - mapping->start;
      guint64 kept = count_kept (mapping, search->now, &cursor, TRUE);

      if (kept < size)
        note (search, kept > 0 ? PSC_EVENT_SHRANK : PSC_EVENT_UNMAPPED, mapping, mapping->start,
              mapping->end, size - kept);
    }
}

static gboolean
event_of_change (PscChange change, PscEventType *type)
{
  switch (change)
    {
    case PSC_CHANGE_BECAME_HUGE:
      *type = PSC_EVENT_BECAME_HUGE;
      return TRUE;
    case PSC_CHANGE_SPLIT:
      *type = PSC_EVENT_SPLIT;
      return TRUE;
    case PSC_CHANGE_SWAPPED_OUT:
      *type = PSC_EVENT_SWAPPED_OUT;
      return TRUE;
    case PSC_CHANGE_SWAPPED_IN:
      *type = PSC_EVENT_SWAPPED_IN;
      return TRUE;
    default:
      return FALSE;
    }
}

/* A trait may go on over the border of a mapping. */
static void
note_trait (Search *search, PscEventType type, const PscTrait *trait, guint *mapping)
{
  guint64 at = trait->start, end = psc_trait_end (trait, search->now->page_size);

  while (at < end)
    {
      const PscMapping *under = &search->now->mappings[*mapping];
      guint64 until = MIN (end, under->end);

      if (until > at)
        {
          note (search, type, under, at, until, until - at);
          at = until;
        }
      if (at < end)
        (*mapping)++;
    }
}

static void
find_page_events (Search *search)
{
  g_autoptr (PscTraits) traits = psc_change_new (search->then, search->now, NULL);
  guint mapping = 0;

  for (guint i = 0; i < traits->n_traits; i++)
    {
      PscEventType type;

      if (event_of_change (traits->traits[i].value, &type))
        note_trait (search, type, &traits->traits[i], &mapping);
    }
}

/* Addresses that exec draws anew. Where they may not be read nothing is claimed. */
static gboolean
is_another_program (const PscSpace *then, const PscSpace *now)
{
  return (then->start_code != 0 && now->start_code != 0 && then->start_code != now->start_code) ||
         (then->start_stack != 0 && now->start_stack != 0 && then->start_stack != now->start_stack);
}

static void
append_exec (const PscSpace *now, GArray *events)
{
  PscEvent event = {
    .time_usec = now->time_usec,
    .type = PSC_EVENT_EXEC,
    .n = 1,
    .label = g_ref_string_new_intern (now->name),
  };

  g_array_append_val (events, event);
}

static void
append_found (const Search *search, GArray *events)
{
  for (guint type = 0; type < PSC_N_EVENTS; type++)
    for (guint kind = 0; kind < PSC_N_KINDS; kind++)
      {
        PscEvent event = search->events[type][kind];
        gboolean gone = type == PSC_EVENT_SHRANK || type == PSC_EVENT_UNMAPPED;

        if (event.n == 0)
          continue;
        event.time_usec = search->now->time_usec;
        event.type = type;
        event.kind = kind;
        event.label =
            psc_moment_dup_label (gone ? search->then : search->now, search->mappings[type][kind]);
        g_array_append_val (events, event);
      }
}

void
psc_moment_find_events (const PscSpace *then, const PscSpace *now, GArray *events)
{
  g_autofree Search *search = NULL;

  if (is_another_program (then, now))
    {
      append_exec (now, events);
      return;
    }
  /* A process that sleeps has its arrays handed on. */
  if (then->mappings == now->mappings && then->runs == now->runs)
    return;
  search = g_new0 (Search, 1);
  search->then = then;
  search->now = now;
  find_came (search);
  find_went (search);
  if (then->page_size == now->page_size)
    find_page_events (search);
  append_found (search, events);
}

static const char *const event_ids[PSC_N_EVENTS] = {
  "grew",  "shrank",      "mapped",     "unmapped", "became_huge",
  "split", "swapped_out", "swapped_in", "exec",
};

const char *
psc_event_type_id (PscEventType type)
{
  g_return_val_if_fail ((guint) type < PSC_N_EVENTS, "");

  return event_ids[type];
}

gboolean
psc_event_type_from_id (const char *id, PscEventType *type)
{
  for (guint i = 0; i < PSC_N_EVENTS; i++)
    if (strcmp (id, event_ids[i]) == 0)
      {
        *type = i;
        return TRUE;
      }
  return FALSE;
}

/* "Anonymous memory Java heap (3 places)" */
static char *
dup_subject (const PscEvent *event)
{
  GString *subject = g_string_new (_ (psc_kind_title (event->kind)));

  /* The last part of a path will do. */
  if (*event->label != '\0')
    {
      const char *slash = strrchr (event->label, '/');

      g_string_append_printf (subject, " %s",
                              slash != NULL && slash[1] != '\0' ? slash + 1 : event->label);
    }
  if (event->n > 1)
    {
      g_string_append_c (subject, ' ');
      g_string_append_printf (
          subject,
          ngettext ("(%" G_GUINT64_FORMAT " place)", "(%" G_GUINT64_FORMAT " places)", event->n),
          event->n);
    }
  return g_string_free (subject, FALSE);
}

char *
psc_event_dup_sentence (const PscEvent *event)
{
  g_autofree char *size = psc_format_size (event->bytes);
  g_autofree char *subject = dup_subject (event);

  switch (event->type)
    {
    case PSC_EVENT_GREW:
      return g_strdup_printf (_ ("%s grew by %s"), subject, size);
    case PSC_EVENT_SHRANK:
      return g_strdup_printf (_ ("%s shrank by %s"), subject, size);
    case PSC_EVENT_MAPPED:
      return g_strdup_printf (_ ("%s mapped: %s"), subject, size);
    case PSC_EVENT_UNMAPPED:
      return g_strdup_printf (_ ("%s unmapped: %s"), subject, size);
    case PSC_EVENT_BECAME_HUGE:
      return g_strdup_printf (_ ("%s became huge pages: %s"), subject, size);
    case PSC_EVENT_SPLIT:
      return g_strdup_printf (_ ("%s split from huge pages: %s"), subject, size);
    case PSC_EVENT_SWAPPED_OUT:
      return g_strdup_printf (_ ("%s swapped out: %s"), subject, size);
    case PSC_EVENT_SWAPPED_IN:
      return g_strdup_printf (_ ("%s came back from swap: %s"), subject, size);
    case PSC_EVENT_EXEC:
    case PSC_N_EVENTS:
    default:
      return g_strdup_printf (_ ("Runs another program: %s"), event->label);
    }
}
