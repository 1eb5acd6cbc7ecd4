/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-query.h"

#include <glib/gi18n.h>
#include <string.h>

#include "psc-format.h"

/* More of a long text is not repeated to the one who wrote it. */
#define SHOWN_CHARS 60
/* Hex digits that nobody writes for a name. */
#define PLAIN_DIGITS 6

G_DEFINE_QUARK (psc - query - error - quark, psc_query_error)

static const struct
{
  const char *word;
  PscTermType type;
} prefixes[] = {
  { "address:", PSC_TERM_ADDRESS }, { "name:", PSC_TERM_NAME }, { "owner:", PSC_TERM_OWNER },
  { "thread:", PSC_TERM_THREAD },   { "kind:", PSC_TERM_KIND }, { "perms:", PSC_TERM_PERMS },
};

static const char *const property_words[PSC_N_PROPERTIES] = {
  [PSC_PROPERTY_DELETED] = "deleted", [PSC_PROPERTY_SHARED] = "shared",
  [PSC_PROPERTY_PRIVATE] = "private", [PSC_PROPERTY_HUGE] = "huge",
  [PSC_PROPERTY_SWAPPED] = "swapped", [PSC_PROPERTY_MOVING] = "moving",
};

/* Always FALSE. The format has one %s, for the text. */
static gboolean
set_invalid (GError **error, const char *text, const char *format)
{
  g_autofree char *shown = psc_format_name_ellipsized (text, SHOWN_CHARS);
  g_auto (GStrv) around = g_strsplit (format, "%s", 2);
  g_autofree char *message = g_strjoinv (shown, around);

  g_set_error_literal (error, PSC_QUERY_ERROR, PSC_QUERY_ERROR_INVALID, message);
  return FALSE;
}

/* A new term of the query, zeroed but for its type. */
static PscTerm *
add_term (PscQuery *query, PscTermType type)
{
  PscTerm *term = &query->terms[query->n_terms++];

  term->type = type;
  return term;
}

static void
add_text_term (PscQuery *query, PscTermType type, const char *text)
{
  PscTerm *term = add_term (query, type);

  term->text = g_strdup (text);
  if (!g_str_is_ascii (text) && g_utf8_validate (text, -1, NULL))
    term->folded = g_utf8_casefold (text, -1);
}

/* --- numbers ------------------------------------------------------------------------------- */

typedef enum
{
  NUMBER_NONE,    /* no number at all */
  NUMBER_BAD,     /* begins like one: with 0x */
  NUMBER_TOO_BIG, /* for 64 bits */
  NUMBER_OK
} NumberResult;

typedef struct
{
  guint64 value;
  guint n_digits;
  gboolean has_0x;
} Number;

/* Digits in one piece, or in groups of four as the ruler writes them. */
static NumberResult
parse_digits (const char *text, Number *number)
{
  guint in_group = 0;
  guint n_groups = 0;

  for (; *text != '\0'; text++)
    {
      if (*text == ' ' && in_group > 0 && in_group <= 4 && (n_groups == 0 || in_group == 4))
        {
          n_groups++;
          in_group = 0;
          continue;
        }
      if (!g_ascii_isxdigit (*text))
        return NUMBER_BAD;
      if (number->value >> 60 != 0)
        return NUMBER_TOO_BIG;
      number->value = number->value << 4 | (guint64) g_ascii_xdigit_value (*text);
      number->n_digits++;
      in_group++;
    }
  if (in_group == 0 || (n_groups > 0 && in_group != 4))
    return NUMBER_BAD;
  return NUMBER_OK;
}

static NumberResult
parse_hex (const char *text, Number *number)
{
  NumberResult result;

  *number = (Number){ .has_0x = g_ascii_strncasecmp (text, "0x", 2) == 0 };
  result = parse_digits (text + (number->has_0x ? 2 : 0), number);
  return result != NUMBER_OK && !number->has_0x ? NUMBER_NONE : result;
}

/* "1M", "64KiB": a decimal number and a binary unit. */
static NumberResult
parse_amount (const char *text, guint64 *bytes)
{
  static const char units[] = "KMGT";
  char *end;
  const char *unit;
  guint64 number;
  guint shift;

  if (!g_ascii_isdigit (*text))
    return NUMBER_NONE;
  number = g_ascii_strtoull (text, &end, 10);
  while (*end == ' ')
    end++;
  unit = *end != '\0' ? strchr (units, g_ascii_toupper (*end)) : NULL;
  if (unit == NULL || (end[1] != '\0' && g_ascii_strcasecmp (end + 1, "B") != 0 &&
                       g_ascii_strcasecmp (end + 1, "iB") != 0))
    return NUMBER_NONE;
  shift = 10 * (guint) (unit - units + 1);
  if (number > G_MAXUINT64 >> shift)
    return NUMBER_TOO_BIG;
  *bytes = number << shift;
  return NUMBER_OK;
}

static NumberResult
parse_offset (const char *text, guint64 *bytes)
{
  NumberResult result = parse_amount (text, bytes);
  Number number;

  if (result != NUMBER_NONE)
    return result;
  result = parse_hex (text, &number);
  *bytes = number.value;
  return result;
}

static gboolean
fail_number (NumberResult result, const char *text, GError **error)
{
  if (result == NUMBER_TOO_BIG)
    return set_invalid (error, text, _ ("“%s” is too large: an address has at most 16 digits"));
  return set_invalid (error, text, _ ("“%s” is no number in hexadecimal"));
}

/* --- addresses ----------------------------------------------------------------------------- */

/* The parts of a text around a separator, without blanks. NULL when it has none in its middle. */
static char **
split (const char *text, const char *separator)
{
  const char *at = g_strrstr (text, separator);
  char **parts;

  if (at == NULL || at == text || at[strlen (separator)] == '\0')
    return NULL;
  parts = g_new0 (char *, 3);
  parts[0] = g_strchomp (g_strndup (text, (gsize) (at - text)));
  parts[1] = g_strstrip (g_strdup (at + strlen (separator)));
  return parts;
}

/* FALSE only with an error: a text that is no range is none. */
static gboolean
add_range (PscQuery *query, const char *text, GError **error)
{
  static const char *const separators[] = { "–", "..", "-" };
  g_auto (GStrv) parts = NULL;
  NumberResult first, second;
  Number start, end;
  PscTerm *term;

  for (guint i = 0; parts == NULL && i < G_N_ELEMENTS (separators); i++)
    parts = split (text, separators[i]);
  if (parts == NULL)
    return TRUE;
  first = parse_hex (parts[0], &start);
  second = parse_hex (parts[1], &end);
  if (first == NUMBER_NONE || second == NUMBER_NONE)
    return !start.has_0x || fail_number (NUMBER_BAD, text, error);
  if (first != NUMBER_OK || second != NUMBER_OK)
    return fail_number (first != NUMBER_OK ? first : second,
                        first != NUMBER_OK ? parts[0] : parts[1], error);
  if (start.value >= end.value)
    return !start.has_0x ||
           set_invalid (error, text, _ ("“%s” ends before it begins: the lower address first"));
  term = add_term (query, PSC_TERM_RANGE);
  term->start = start.value;
  term->end = end.value;
  return TRUE;
}

static void
add_address (PscQuery *query, const Number *number, guint64 offset)
{
  PscTerm *term = add_term (query, PSC_TERM_ADDRESS);

  term->start = number->value + offset;
  term->offset = offset;
  term->is_plain = number->has_0x || number->n_digits >= PLAIN_DIGITS;
}

/* Something and an offset from it: an address, a name, or either. */
static gboolean
add_sum (PscQuery *query, const char *text, GError **error)
{
  g_auto (GStrv) parts = split (text, "+");
  NumberResult base, rest;
  Number number;
  guint64 offset;

  if (parts == NULL)
    return TRUE;
  base = parse_hex (parts[0], &number);
  rest = parse_offset (parts[1], &offset);
  if (rest == NUMBER_BAD || rest == NUMBER_TOO_BIG)
    return fail_number (rest, parts[1], error);
  if (rest == NUMBER_NONE)
    return TRUE;
  if (base == NUMBER_BAD || base == NUMBER_TOO_BIG)
    return fail_number (base, parts[0], error);
  if (base == NUMBER_OK && number.value > G_MAXUINT64 - offset)
    return set_invalid (error, text, _ ("“%s” lies beyond the last address"));
  if (base == NUMBER_OK)
    add_address (query, &number, offset);
  if (base == NUMBER_OK && number.has_0x)
    return TRUE;
  add_text_term (query, PSC_TERM_OFFSET, parts[0]);
  query->terms[query->n_terms - 1].offset = offset;
  return TRUE;
}

/* All that has to do with numbers. FALSE only with an error. */
static gboolean
add_addresses (PscQuery *query, const char *text, GError **error)
{
  Number number;
  NumberResult result = parse_hex (text, &number);
  guint n = query->n_terms;

  if (result == NUMBER_OK)
    {
      add_address (query, &number, 0);
      return TRUE;
    }
  if (!add_range (query, text, error) || (query->n_terms == n && !add_sum (query, text, error)))
    return FALSE;
  /* With 0x in front it is no name, whatever follows. */
  if (result != NUMBER_NONE && query->n_terms == n)
    return fail_number (result, text, error);
  return TRUE;
}

/* --- words --------------------------------------------------------------------------------- */

/* In the order of PscPerms. */
static const char perm_letters[] = "rwxs";

/* "rwx", "r-x", "rw-s": the first letters of maps. */
static gboolean
parse_perms_of_maps (const char *text, PscTerm *term)
{
  gsize length = strlen (text);

  if (length != 3 && length != 4)
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      char c = g_ascii_tolower (text[i]);

      if (c == perm_letters[i])
        term->perms_set |= 1 << i;
      else if (c == (i == 3 ? 'p' : '-'))
        term->perms_clear |= 1 << i;
      else if (i < 3 || c != '-')
        return FALSE;
    }
  return TRUE;
}

/* "w+x", "r+w+s": those that must be there. */
static gboolean
parse_perms_sum (const char *text, PscTerm *term)
{
  g_auto (GStrv) parts = g_strsplit (text, "+", 5);
  guint n = g_strv_length (parts);

  if (n < 2)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const char *letter = strchr (perm_letters, g_ascii_tolower (parts[i][0]));

      if (strlen (parts[i]) != 1 || letter == NULL)
        return FALSE;
      term->perms_set |= 1 << (letter - perm_letters);
    }
  return TRUE;
}

static gboolean
add_perms (PscQuery *query, const char *text)
{
  PscTerm of_maps = { .type = PSC_TERM_PERMS };
  PscTerm sum = { .type = PSC_TERM_PERMS };

  if (parse_perms_of_maps (text, &of_maps))
    query->terms[query->n_terms++] = of_maps;
  else if (parse_perms_sum (text, &sum))
    query->terms[query->n_terms++] = sum;
  else
    return FALSE;
  return TRUE;
}

static gboolean
is_mark (const char *at)
{
  return !g_unichar_isalnum (g_utf8_get_char (at));
}

/* Whether the words stand in the text as such: "stack" in "Thread stack", not in "stacked". */
static gboolean
contains_words (const char *text, const char *folded_words)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  for (const char *at = strstr (folded, folded_words); at != NULL;
       at = strstr (g_utf8_next_char (at), folded_words))
    if ((at == folded || is_mark (g_utf8_prev_char (at))) && is_mark (at + strlen (folded_words)))
      return TRUE;
  return FALSE;
}

static gboolean
add_kinds (PscQuery *query, const char *text)
{
  g_autofree char *words = NULL;
  guint32 kinds = 0;
  PscTerm *term;

  /* Shorter ones are particles and letters. */
  if (!g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) < 3)
    return FALSE;
  words = g_utf8_casefold (text, -1);
  for (guint i = 0; i < PSC_N_KINDS; i++)
    if (contains_words (psc_kind_id (i), words) || contains_words (psc_kind_title (i), words) ||
        contains_words (_ (psc_kind_title (i)), words))
      kinds |= 1u << i;
  if (kinds == 0)
    return FALSE;
  term = add_term (query, PSC_TERM_KIND);
  term->kinds = kinds;
  return TRUE;
}

static gboolean
add_property (PscQuery *query, const char *text)
{
  for (guint i = 0; i < PSC_N_PROPERTIES; i++)
    if (g_ascii_strcasecmp (text, property_words[i]) == 0)
      {
        add_term (query, PSC_TERM_PROPERTY)->property = (guint8) i;
        return TRUE;
      }
  return FALSE;
}

static void
add_tid (PscQuery *query, const char *text)
{
  guint64 tid;

  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &tid, NULL))
    add_term (query, PSC_TERM_TID)->tid = (gint) tid;
}

/* --- the whole ----------------------------------------------------------------------------- */

static gboolean
parse_any (PscQuery *query, const char *text, GError **error)
{
  if (!add_addresses (query, text, error))
    return FALSE;
  if (g_ascii_strncasecmp (text, "0x", 2) == 0)
    return TRUE;
  add_perms (query, text);
  /* What has the property has it in the name of its kind, or not at all. */
  if (!add_property (query, text))
    add_kinds (query, text);
  add_tid (query, text);
  add_text_term (query, PSC_TERM_NAME, text);
  add_text_term (query, PSC_TERM_OWNER, text);
  add_text_term (query, PSC_TERM_THREAD, text);
  return TRUE;
}

static gboolean
parse_only (PscQuery *query, PscTermType type, const char *text, GError **error)
{
  switch (type)
    {
    case PSC_TERM_ADDRESS:
      if (!add_addresses (query, text, error))
        return FALSE;
      return query->n_terms > 0 ||
             set_invalid (error, text, _ ("“%s” is no address, such as 7f3a12345000 or heap+1M"));
    case PSC_TERM_KIND:
      return add_kinds (query, text) ||
             set_invalid (error, text, _ ("There is no segment kind “%s”, such as heap or stack"));
    case PSC_TERM_PERMS:
      return add_perms (query, text) ||
             set_invalid (error, text, _ ("“%s” are no permissions, such as rwx, r-x or w+x"));
    case PSC_TERM_THREAD:
      add_tid (query, text);
      add_text_term (query, type, text);
      return TRUE;
    default:
      add_text_term (query, type, text);
      return TRUE;
    }
}

static gboolean
parse (PscQuery *query, const char *text, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      gsize length = strlen (prefixes[i].word);

      if (g_ascii_strncasecmp (text, prefixes[i].word, length) != 0)
        continue;
      text += length;
      text += strspn (text, " \t");
      if (*text == '\0')
        {
          g_set_error (error, PSC_QUERY_ERROR, PSC_QUERY_ERROR_EMPTY,
                       _ ("What to look for is missing after “%s”"), prefixes[i].word);
          return FALSE;
        }
      return parse_only (query, prefixes[i].type, text, error);
    }
  return parse_any (query, text, error);
}

PscQuery *
psc_query_parse (const char *text, GError **error)
{
  g_autoptr (PscQuery) query = g_new0 (PscQuery, 1);
  g_autofree char *bare = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > PSC_QUERY_MAX_LENGTH)
    {
      g_set_error (error, PSC_QUERY_ERROR, PSC_QUERY_ERROR_INVALID,
                   _ ("That is too long to look for: %d bytes at most"), PSC_QUERY_MAX_LENGTH);
      return NULL;
    }
  bare = g_strstrip (g_strdup (text));
  if (*bare == '\0')
    {
      g_set_error (error, PSC_QUERY_ERROR, PSC_QUERY_ERROR_EMPTY,
                   _ ("What to look for is missing: an address, a name, heap, rwx, …"));
      return NULL;
    }
  return parse (query, bare, error) ? g_steal_pointer (&query) : NULL;
}

void
psc_query_free (PscQuery *query)
{
  if (query == NULL)
    return;
  for (guint i = 0; i < query->n_terms; i++)
    {
      g_free (query->terms[i].text);
      g_free (query->terms[i].folded);
    }
  g_free (query);
}

/* --- matching ------------------------------------------------------------------------------ */

/* Of ASCII text, in any bytes. */
static gboolean
contains_ascii (const char *name, const char *text)
{
  char lower = g_ascii_tolower (text[0]);
  gsize length = strlen (text);

  for (; *name != '\0'; name++)
    if (g_ascii_tolower (*name) == lower && g_ascii_strncasecmp (name, text, length) == 0)
      return TRUE;
  return FALSE;
}

gboolean
psc_term_matches (const PscTerm *term, const char *name)
{
  g_autofree char *shown = NULL, *folded = NULL;

  if (contains_ascii (name, term->text))
    return TRUE;
  /* A name is also found as it is shown: "a\nb". */
  if (term->folded == NULL && strchr (term->text, '\\') == NULL)
    return FALSE;
  shown = psc_format_name (name, -1);
  if (term->folded == NULL)
    return contains_ascii (shown, term->text);
  folded = g_utf8_casefold (shown, -1);
  return strstr (folded, term->folded) != NULL;
}
