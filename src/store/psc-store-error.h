/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What can go wrong with recordings. Messages are for people, in one line: what, on what, why.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  PSC_STORE_ERROR_FAILED,    /* the file can't be opened, read or written; the message has why */
  PSC_STORE_ERROR_EXISTS,    /* there is a file already, and nobody said to overwrite it */
  PSC_STORE_ERROR_FULL,      /* the disk, the quota or the limit of file sizes is used up */
  PSC_STORE_ERROR_FOREIGN,   /* the file is no recording */
  PSC_STORE_ERROR_VERSION,   /* a recording, made by a later version */
  PSC_STORE_ERROR_CORRUPT,   /* a recording, but damaged or forged */
  PSC_STORE_ERROR_NOT_FOUND, /* no such file, or nothing recorded in it, or not at that time */
  PSC_STORE_ERROR_TIME,      /* makes no sense as a time; the message says what would */
} PscStoreError;

#define PSC_STORE_ERROR (psc_store_error_quark ())
GQuark psc_store_error_quark (void);

G_END_DECLS
