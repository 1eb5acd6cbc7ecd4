/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the window remembers. Where the schema is not installed (a program that runs from its build
 * directory) nothing is remembered, and everything begins as the schema would have it.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/* NULL when there is no schema. */
GSettings *psc_settings_new (void);

G_END_DECLS
