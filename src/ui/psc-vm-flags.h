/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The two-letter flags of smaps' VmFlags in plain words. Pure functions, any thread. */

#include <glib.h>

G_BEGIN_DECLS

/* "rd wr mr mw me ac": "readable, writable, …", translated; a flag that is not known stands for
 * itself, in quotes. "" for none. Free with g_free(). */
char *psc_vm_flags_describe (const char *flags);

G_END_DECLS
