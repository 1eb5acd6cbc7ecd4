/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * psc-zoo from the side of a test: starts it, knows its exhibits, gives it orders.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *skip; /* why it could not be made, NULL when it was */
  gint pid;   /* the zoo's, or that of a child of it */
  guint64 start, end;
} Exhibit;

typedef struct
{
  GSubprocess *process;
  GDataInputStream *output;
  GOutputStream *input;
  GArray *exhibits; /* Exhibit, in the order they were made */
  gint pid;
} Zoo;

/* Starts the zoo with these exhibits and waits until all are made. Fails the test when it can't. */
Zoo *zoo_new (const char *const *names);
/* The same behind another command ("setpriv", "--reuid=65534"), NULL-terminated; `program` is the
 * zoo, or a copy of it. */
Zoo *zoo_new_via (const char *const *command, const char *program, const char *const *names);
/* Ends it and waits for its end. */
void zoo_free (Zoo *zoo);
/* Ends it by force, and does not wait. */
void zoo_kill (Zoo *zoo);
/* The nth of that name (a name may have made several), or NULL. */
const Exhibit *zoo_get (const Zoo *zoo, const char *name, guint nth);
/* Gives an order and waits until it says that it is ready. */
void zoo_order (Zoo *zoo, const char *order);
/* Gives an order and does not wait. */
void zoo_order_only (Zoo *zoo, const char *order);
void zoo_wait_ready (Zoo *zoo);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Zoo, zoo_free)

G_END_DECLS
