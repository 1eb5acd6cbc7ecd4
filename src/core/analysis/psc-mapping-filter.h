/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a user types to find mappings. Words with blanks between, all of which must hold; "!" before
 * a word: it must not.
 *
 *   libc "with blank"    in name, owner or kind, whatever the case
 *   kind:heap name:lib   in one of them only
 *   rw rwx rw-p r-x w+x  permissions: has all of these letters; with "-" exactly so
 *   +x -w                has it; has it not
 *   >1M <=64K =4096      size; rss>1M swap>0 huge>0 pss>100K dirty>0: of that
 *   0x7f12…              the mapping of that address, or that begins so
 *
 * What is not known is neither more nor less than anything: no comparison with it holds, with "!"
 * or without. Immutable; any thread.
 */

#include "psc-mapping-facts.h"

G_BEGIN_DECLS

typedef struct _PscMappingFilter PscMappingFilter;

/* Never fails: an amount that can't be read (yet) asks for nothing, and *problem says which; NULL:
 * none. Free *problem with g_free(). Both UTF-8. More than 32 words are a problem too. */
PscMappingFilter *psc_mapping_filter_new (const char *text, char **problem);
/* NULL is allowed. */
void psc_mapping_filter_free (PscMappingFilter *filter);
/* Does every mapping match? */
gboolean psc_mapping_filter_is_empty (const PscMappingFilter *filter);
gboolean psc_mapping_filter_matches (const PscMappingFilter *filter, const PscMappingFacts *facts,
                                     guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscMappingFilter, psc_mapping_filter_free)

G_END_DECLS
