/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-query.h"

#include <glib/gi18n.h>

#include "psc-format.h"

#define SHOWN_CHARS 60

#define NAMES   (1u << PSC_TERM_NAME)
#define OWNERS  (1u << PSC_TERM_OWNER)
#define THREADS (1u << PSC_TERM_THREAD)

static const char *const property_meanings[PSC_N_PROPERTIES] = {
  [PSC_PROPERTY_DELETED] = N_ ("mappings of deleted files"),
  [PSC_PROPERTY_SHARED] = N_ ("shared mappings"),
  [PSC_PROPERTY_PRIVATE] = N_ ("private mappings"),
  [PSC_PROPERTY_HUGE] = N_ ("mappings with huge pages"),
  [PSC_PROPERTY_SWAPPED] = N_ ("mappings with pages in swap"),
  [PSC_PROPERTY_MOVING] = N_ ("mappings that changed while they were read"),
};

/* Names of several things are one thing to look for. */
static char *
dup_names (guint types, const char *text)
{
  switch (types)
    {
    case NAMES:
      return g_strdup_printf (_ ("mappings whose name contains “%s”"), text);
    case OWNERS:
      return g_strdup_printf (_ ("memory whose owner’s name contains “%s”"), text);
    case THREADS:
      return g_strdup_printf (_ ("stacks of threads whose name contains “%s”"), text);
    case NAMES | OWNERS:
      return g_strdup_printf (_ ("mappings or owners whose name contains “%s”"), text);
    case NAMES | THREADS:
      return g_strdup_printf (_ ("mappings or threads whose name contains “%s”"), text);
    case OWNERS | THREADS:
      return g_strdup_printf (_ ("owners or threads whose name contains “%s”"), text);
    default:
      return g_strdup_printf (_ ("mappings, owners or threads whose name contains “%s”"), text);
    }
}

static char *
dup_kinds (guint32 kinds)
{
  g_autoptr (GString) titles = g_string_new (NULL);

  for (guint i = 0; i < PSC_N_KINDS; i++)
    if (kinds & 1u << i)
      g_string_append_printf (titles, "%s%s", titles->len > 0 ? ", " : "", _ (psc_kind_title (i)));
  return g_strdup_printf (_ ("segments of the kind %s"), titles->str);
}

/* "a", "a and b", "a, b and c". Takes the words' array, not the words. */
static char *
join_words (GPtrArray *words)
{
  g_autofree char *head = NULL;
  const char *last = g_ptr_array_index (words, words->len - 1);

  if (words->len == 1)
    return g_strdup (last);
  g_ptr_array_index (words, words->len - 1) = NULL;
  head = g_strjoinv (", ", (char **) words->pdata);
  return g_strdup_printf (_ ("%s and %s"), head, last);
}

static char *
dup_perms (guint8 set, guint8 clear)
{
  static const char *const set_words[] = { N_ ("readable"), N_ ("writable"), N_ ("executable"),
                                           N_ ("shared") };
  static const char *const clear_words[] = { N_ ("not readable"), N_ ("not writable"),
                                             N_ ("not executable"), N_ ("private") };
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *joined = NULL;

  if (clear == (PSC_PERM_READ | PSC_PERM_WRITE | PSC_PERM_EXEC))
    return g_strdup (_ ("mappings without any access"));
  for (guint i = 0; i < G_N_ELEMENTS (set_words); i++)
    if (set & 1u << i)
      g_ptr_array_add (words, (gpointer) _ (set_words[i]));
  for (guint i = 0; i < G_N_ELEMENTS (clear_words); i++)
    if (clear & 1u << i)
      g_ptr_array_add (words, (gpointer) _ (clear_words[i]));
  joined = join_words (words);
  return g_strdup_printf (_ ("%s mappings"), joined);
}

static char *
dup_address (const PscTerm *term)
{
  g_autofree char *sum = psc_format_address (term->start);
  g_autofree char *base = psc_format_address (term->start - term->offset);
  g_autofree char *offset = psc_format_address (term->offset);

  if (term->offset == 0)
    return g_strdup_printf (_ ("address %s"), sum);
  return g_strdup_printf (_ ("address %s = %s + %s"), sum, base, offset);
}

static char *
dup_range (const PscTerm *term)
{
  g_autofree char *start = psc_format_address (term->start);
  g_autofree char *end = psc_format_address (term->end);

  return g_strdup_printf (_ ("what is mapped from %s up to %s"), start, end);
}

static char *
dup_offset (const PscTerm *term)
{
  g_autofree char *offset = psc_format_address (term->offset);
  g_autofree char *size = psc_format_size (term->offset);
  g_autofree char *text = psc_format_name_ellipsized (term->text, SHOWN_CHARS);

  return g_strdup_printf (_ ("%s (%s) from the beginning of “%s”"), offset, size, text);
}

static char *
dup_term (const PscTerm *term, guint32 kinds)
{
  switch (term->type)
    {
    case PSC_TERM_ADDRESS:
      return dup_address (term);
    case PSC_TERM_RANGE:
      return dup_range (term);
    case PSC_TERM_OFFSET:
      return dup_offset (term);
    case PSC_TERM_TID:
      return g_strdup_printf (_ ("the stack of thread %d"), term->tid);
    case PSC_TERM_KIND:
      return dup_kinds (term->kinds & kinds);
    case PSC_TERM_PERMS:
      return dup_perms (term->perms_set, term->perms_clear);
    case PSC_TERM_PROPERTY:
      return g_strdup (_ (property_meanings[term->property]));
    default:
      return NULL;
    }
}

char *
psc_query_dup_meaning (const PscQuery *query, guint mask, guint32 kinds)
{
  GString *meaning = g_string_new (NULL);
  const char *text = NULL;
  guint types = 0;

  for (guint i = 0; i < query->n_terms; i++)
    {
      const PscTerm *term = &query->terms[i];
      g_autofree char *phrase = mask & 1u << i ? dup_term (term, kinds) : NULL;

      if (phrase != NULL)
        g_string_append_printf (meaning, "%s%s", meaning->len > 0 ? _ (", or ") : "", phrase);
      else if (mask & 1u << i)
        {
          types |= 1u << term->type;
          text = term->text;
        }
    }
  if (text != NULL)
    {
      g_autofree char *shown = psc_format_name_ellipsized (text, SHOWN_CHARS);
      g_autofree char *phrase = dup_names (types, shown);

      g_string_append_printf (meaning, "%s%s", meaning->len > 0 ? _ (", or ") : "", phrase);
    }
  return g_string_free (meaning, FALSE);
}
