/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Bytes compressed with Zstandard (RFC 8878): by themselves, or against others that they are much
 * like, the prefix, which must be at hand again to unpack them. Frames carry a checksum, so that
 * damage is noticed. Any thread.
 */

#include "psc-store-error.h"

G_BEGIN_DECLS

/* Never NULL. prefix may be NULL. About 100 MB/s. */
GBytes *psc_pack (GBytes *bytes, GBytes *prefix);
/* `size` is that of the result, as whoever packed it wrote down; more than `most` is refused before
 * anything is allocated. Errors: CORRUPT. About 500 MB/s. */
GBytes *psc_unpack (gconstpointer packed, gsize n_packed, guint64 size, guint64 most,
                    GBytes *prefix, GError **error);

G_END_DECLS
