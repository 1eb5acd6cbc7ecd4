/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-condition-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "psc-format.h"

#define SHM                                                                                        \
  (1u << PSC_KIND_SHM_ANON | 1u << PSC_KIND_SHM_POSIX | 1u << PSC_KIND_SHM_SYSV |                  \
   1u << PSC_KIND_SHM_MEMFD)

G_DEFINE_QUARK (psc - condition - error - quark, psc_condition_error)

static const struct
{
  const char *word;
  PscConditionTerm term;
} words[] = {
  { "any", { .what = PSC_CONDITION_ANY } },
  { "total", { .what = PSC_CONDITION_AMOUNT, .of = PSC_SERIES_POPULATED } },
  { "resident", { .what = PSC_CONDITION_AMOUNT, .of = PSC_SERIES_RESIDENT } },
  { "swapped", { .what = PSC_CONDITION_AMOUNT, .of = PSC_SERIES_SWAPPED } },
  { "size", { .what = PSC_CONDITION_AMOUNT, .of = PSC_SERIES_SIZE } },
  { "mappings", { .what = PSC_CONDITION_AMOUNT, .of = PSC_SERIES_N_MAPPINGS } },
  { "shm", { .what = PSC_CONDITION_KINDS, .kinds = SHM } },
  { "huge", { .what = PSC_CONDITION_HUGE } },
  { "page_tables", { .what = PSC_CONDITION_PAGE_TABLES } },
  { "threads", { .what = PSC_CONDITION_THREADS } },
  { "faults", { .what = PSC_CONDITION_FAULTS } },
  { "minor_faults", { .what = PSC_CONDITION_MINOR_FAULTS } },
  { "major_faults", { .what = PSC_CONDITION_MAJOR_FAULTS } },
};

typedef struct
{
  const char *text, *at; /* all of it, and what is left */
  GError **error;
} Parser;

/* “heap>” is right, then here is “abc”: what is `expected`. Always FALSE. */
static gboolean
fail (const Parser *parser, const char *expected)
{
  g_autofree char *before = psc_format_name (parser->text, parser->at - parser->text);
  g_autofree char *rest = psc_format_name_ellipsized (parser->at, 32);

  if (*parser->text == '\0')
    g_set_error (parser->error, PSC_CONDITION_ERROR, PSC_CONDITION_ERROR_SYNTAX,
                 _ ("it is empty; there must be %s"), expected);
  else if (*before == '\0')
    g_set_error (parser->error, PSC_CONDITION_ERROR, PSC_CONDITION_ERROR_SYNTAX,
                 _ ("“%s” does not begin with %s"), rest, expected);
  else if (*rest == '\0')
    g_set_error (parser->error, PSC_CONDITION_ERROR, PSC_CONDITION_ERROR_SYNTAX,
                 _ ("after “%s” there must be %s"), before, expected);
  else
    g_set_error (parser->error, PSC_CONDITION_ERROR, PSC_CONDITION_ERROR_SYNTAX,
                 _ ("after “%s” there must be %s, not “%s”"), before, expected, rest);
  return FALSE;
}

static void
skip_blanks (Parser *parser)
{
  while (*parser->at == ' ')
    parser->at++;
}

static gboolean
take_label (Parser *parser, PscConditionTerm *term)
{
  const char *end;

  if (*parser->at == '"')
    {
      end = strchr (parser->at + 1, '"');
      if (end == NULL || end == parser->at + 1)
        return fail (parser, _ ("a name between two quotes"));
      term->label = g_strndup (parser->at + 1, end - parser->at - 1);
      parser->at = end + 1;
      return TRUE;
    }
  end = parser->at + strcspn (parser->at, ">,");
  term->label = g_strchomp (g_strndup (parser->at, end - parser->at));
  if (*term->label == '\0')
    return fail (parser, _ ("a name, in quotes when it has > or a comma in it"));
  parser->at = end;
  return TRUE;
}

static gboolean
take_word (Parser *parser, PscConditionTerm *term)
{
  gsize length = strspn (parser->at, "abcdefghijklmnopqrstuvwxyz_");
  g_autofree char *word = g_strndup (parser->at, length);
  PscKind kind;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].word, word) == 0)
      *term = words[i].term;
    else if (psc_kind_from_id (word, &kind))
      *term = (PscConditionTerm){ .what = PSC_CONDITION_KINDS, .kinds = 1u << kind };
  if (term->what == PSC_CONDITION_KINDS && term->kinds == 0)
    return fail (parser, _ ("a kind such as heap, or any, total, resident, mappings, faults, "
                            "segment:NAME or mapping:NAME"));
  parser->at += length;
  return TRUE;
}

static gboolean
take_name (Parser *parser, PscConditionTerm *term)
{
  static const struct
  {
    const char *prefix;
    PscConditionWhat what;
  } labels[] = { { "segment:", PSC_CONDITION_SEGMENT }, { "mapping:", PSC_CONDITION_MAPPING } };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_has_prefix (parser->at, labels[i].prefix))
      {
        term->what = labels[i].what;
        parser->at += strlen (labels[i].prefix);
        return take_label (parser, term);
      }
  return take_word (parser, term);
}

static gboolean
take_number (Parser *parser, PscConditionTerm *term)
{
  const char *expected = psc_condition_term_is_count (term) ? _ ("a number, such as 1000") :
                                                              _ ("a size, such as 64MiB");
  char *end;

  /* No sign, no hexadecimal, no infinity. */
  if (!g_ascii_isdigit (*parser->at) || (parser->at[0] == '0' && (parser->at[1] | 32) == 'x'))
    return fail (parser, expected);
  term->limit = g_ascii_strtod (parser->at, &end);
  if (!(term->limit < 1e18))
    return fail (parser, expected);
  parser->at = end;
  return TRUE;
}

static gboolean
take_unit (Parser *parser, PscConditionTerm *term)
{
  static const char prefixes[] = "KMGT";
  gsize length = strspn (parser->at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz%");
  const char *prefix = length > 0 ? strchr (prefixes, g_ascii_toupper (*parser->at)) : NULL;
  gboolean is_whole;

  if (length == 0)
    return TRUE;
  if (psc_condition_term_is_count (term))
    return fail (parser, _ ("no unit, since it is a number"));
  is_whole = prefix != NULL ?
                 length == 1 || (length == 3 && strncmp (parser->at + 1, "iB", 2) == 0) :
                 length == 1 && *parser->at == 'B';
  if (!is_whole)
    return fail (parser, _ ("B, KiB, MiB, GiB or TiB"));
  if (prefix != NULL)
    term->limit *= pow (1024, (double) (prefix - prefixes) + 1);
  parser->at += length;
  return TRUE;
}

static gboolean
take_time (Parser *parser, PscConditionTerm *term)
{
  static const struct
  {
    const char *unit;
    double per_min;
  } times[] = { { "min", 1 }, { "m", 1 }, { "s", 60 }, { "h", 1.0 / 60 } };
  const char *expected = _ ("/s, /min or /h");

  skip_blanks (parser);
  if (*parser->at != '/')
    return !psc_condition_term_is_faults (term) || fail (parser, expected);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      gsize length = strlen (times[i].unit);

      if (strncmp (parser->at + 1, times[i].unit, length) != 0 ||
          g_ascii_isalpha (parser->at[1 + length]))
        continue;
      term->is_rate = TRUE;
      term->limit *= times[i].per_min;
      parser->at += 1 + length;
      return TRUE;
    }
  return fail (parser, expected);
}

static gboolean
take_term (Parser *parser, PscConditionTerm *term)
{
  const char *start;

  skip_blanks (parser);
  start = parser->at;
  if (!take_name (parser, term))
    return FALSE;
  skip_blanks (parser);
  if (*parser->at != '>')
    return fail (parser, "“>”");
  parser->at++;
  skip_blanks (parser);
  if (!take_number (parser, term))
    return FALSE;
  skip_blanks (parser);
  if (!take_unit (parser, term) || !take_time (parser, term))
    return FALSE;
  term->text = g_strndup (start, parser->at - start);
  skip_blanks (parser);
  return TRUE;
}

static void
clear_term (gpointer data)
{
  PscConditionTerm *term = data;

  g_free (term->label);
  g_free (term->text);
}

PscCondition *
psc_condition_parse (const char *text, GError **error)
{
  g_autoptr (PscCondition) condition = g_new0 (PscCondition, 1);
  Parser parser = { text, text, error };

  condition->text = g_strdup (text);
  condition->terms = g_array_new (FALSE, TRUE, sizeof (PscConditionTerm));
  g_array_set_clear_func (condition->terms, clear_term);
  while (TRUE)
    {
      g_array_set_size (condition->terms, condition->terms->len + 1);
      if (!take_term (&parser, &g_array_index (condition->terms, PscConditionTerm,
                                               condition->terms->len - 1)))
        return NULL;
      if (*parser.at == '\0')
        return g_steal_pointer (&condition);
      if (*parser.at != ',')
        {
          fail (&parser, _ ("a comma or the end"));
          return NULL;
        }
      parser.at++;
    }
}

void
psc_condition_free (PscCondition *condition)
{
  if (condition == NULL)
    return;
  g_array_unref (condition->terms);
  g_free (condition->text);
  g_free (condition);
}

const char *
psc_condition_get_text (const PscCondition *condition)
{
  return condition->text;
}
