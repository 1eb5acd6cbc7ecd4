/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Where things begin that an offset may count from: the image of a program or library, all of its
 * mappings together, as a debugger or a stack trace counts; a heap or stack; what an owner has.
 * Internal to psc-find.
 */

#include "psc-query.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 start, end;
} PscBase;

/* Of PscBase, by no order: all that the text of a PSC_TERM_OFFSET names. Something that is called
 * just so leaves out what only contains it: "libc.so.6" is not "libc.so.6.debug". Not more than
 * PSC_FIND_MAX_BASES. O(mappings + owners). */
GArray *psc_find_bases (const PscSpace *space, const PscTerm *term);

#define PSC_FIND_MAX_BASES 4096

/* How far an address of the mapping lies from where its file's image begins. FALSE when it is no
 * file, or the beginning is not known. O(mappings of the image). */
gboolean psc_find_image_offset (const PscSpace *space, const PscMapping *mapping, guint64 address,
                                guint64 *offset);

G_END_DECLS
