/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The application: command line, shortcuts, windows. `pagescape [TARGET]` opens a window; a second
 * start with a target opens another one in the first process.
 */

#include <adwaita.h>

G_BEGIN_DECLS

#define PSC_TYPE_APPLICATION (psc_application_get_type ())
G_DECLARE_FINAL_TYPE (PscApplication, psc_application, PSC, APPLICATION, AdwApplication)

PscApplication *psc_application_new (void);

/* Has the C library keep blocks as large as a window's pixels, for the next frame: first thing in
 * main(). */
void psc_application_keep_blocks (void);

G_END_DECLS
