/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-shelf.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

struct _PscShelf
{
  GQueue spaces; /* PscSpace, oldest first */
  gsize memory;
};

PscShelf *
psc_shelf_new (void)
{
  return g_new0 (PscShelf, 1);
}

void
psc_shelf_free (PscShelf *shelf)
{
  if (shelf == NULL)
    return;
  g_queue_clear_full (&shelf->spaces, (GDestroyNotify) psc_space_unref);
  g_free (shelf);
}

static gsize
memory_of (const PscSpace *space)
{
  /* What is like another one shares its arrays. */
  if (space->base != NULL)
    return sizeof *space;
  return sizeof *space + space->n_mappings * sizeof *space->mappings +
         space->n_runs * sizeof *space->runs;
}

void
psc_shelf_add (PscShelf *shelf, PscSpace *space)
{
  if (g_queue_peek_tail (&shelf->spaces) == space)
    return;
  g_queue_push_tail (&shelf->spaces, psc_space_ref (space));
  shelf->memory += memory_of (space);
  while (shelf->memory > PSC_SHELF_MEMORY && shelf->spaces.length > 1)
    {
      PscSpace *oldest = g_queue_pop_head (&shelf->spaces);

      shelf->memory -= memory_of (oldest);
      psc_space_unref (oldest);
    }
}

PscSpace *
psc_shelf_load (PscShelf *shelf, gint64 time_usec, GError **error)
{
  for (GList *link = shelf->spaces.tail; link != NULL; link = link->prev)
    if (((PscSpace *) link->data)->time_usec <= time_usec)
      return psc_space_ref (link->data);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               _ ("The pages of that moment are not kept any more"));
  return NULL;
}
