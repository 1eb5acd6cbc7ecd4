/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a file says of itself in its first hundred bytes, before SQLite is asked. Blocks.
 */

#include "psc-store-error.h"

G_BEGIN_DECLS

/* TRUE when the file is a recording of a version that is understood, by its head; it may still be
 * damaged. Errors: NOT_FOUND, FAILED (may not be read, is a folder), FOREIGN, VERSION. */
gboolean psc_recording_file_check (const char *path, GError **error);
/* TRUE when the file is as long as it says, or has a log beside it, which may have the rest.
 * Errors: CORRUPT, and those from above. */
gboolean psc_recording_file_check_length (const char *path, GError **error);

G_END_DECLS
