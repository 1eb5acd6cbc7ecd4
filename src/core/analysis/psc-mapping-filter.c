/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-mapping-filter.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_TERMS 32

typedef enum
{
  TERM_NAME, /* name, owner or kind */
  TERM_KIND,
  TERM_FILE,
  TERM_PERMS,
  TERM_ADDRESS,
  TERM_AMOUNT,
} TermType;

typedef struct
{
  TermType type;
  gboolean negated;
  char *text;       /* names and addresses; folded unless it is ASCII */
  gboolean is_fold; /* of names: must be compared with what is folded */
  guint8 has, lacks;
  gboolean is_private;
  PscColumn column;
  gboolean less, equal, more; /* the amounts for which it holds */
  guint64 amount;
} Term;

struct _PscMappingFilter
{
  Term terms[MAX_TERMS];
  guint n_terms;
};

/* --- reading ------------------------------------------------------------------------------- */

/* "1.5M", "64 KiB" without the blank, "4096". */
static gboolean
parse_amount (const char *text, guint64 *amount)
{
  static const char units[] = "kmgtpe";
  const char *unit;
  char *end;
  double number = g_ascii_strtod (text, &end);
  int power = 0;

  if (!g_ascii_isdigit (*text) || end == text)
    return FALSE;
  unit = *end != '\0' ? strchr (units, g_ascii_tolower (*end)) : NULL;
  if (unit != NULL)
    {
      power = (int) (unit - units) + 1;
      end++;
      if (g_ascii_tolower (end[0]) == 'i' && g_ascii_tolower (end[1]) == 'b')
        end++;
    }
  if (g_ascii_tolower (*end) == 'b')
    end++;
  for (int i = 0; i < power; i++)
    number *= 1024;
  if (*end != '\0' || !(number < (double) G_MAXUINT64))
    return FALSE;
  *amount = (guint64) number;
  return TRUE;
}

static gboolean
parse_quantity (const char *word, gsize length, PscColumn *column)
{
  static const struct
  {
    const char *word;
    PscColumn column;
  } words[] = {
    { "", PSC_COLUMN_SIZE },          { "size", PSC_COLUMN_SIZE },
    { "rss", PSC_COLUMN_RESIDENT },   { "resident", PSC_COLUMN_RESIDENT },
    { "swap", PSC_COLUMN_SWAPPED },   { "swapped", PSC_COLUMN_SWAPPED },
    { "huge", PSC_COLUMN_HUGE },      { "pss", PSC_COLUMN_PSS },
    { "locked", PSC_COLUMN_LOCKED },  { "dirty", PSC_COLUMN_PRIVATE_DIRTY },
    { "anon", PSC_COLUMN_ANONYMOUS }, { "referenced", PSC_COLUMN_REFERENCED },
    { "growth", PSC_COLUMN_GROWTH },  { "appeared", PSC_COLUMN_APPEARED },
    { "gone", PSC_COLUMN_GONE },      { "copied", PSC_COLUMN_COPIED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i].word) == length && g_ascii_strncasecmp (words[i].word, word, length) == 0)
      {
        *column = words[i].column;
        return TRUE;
      }
  return FALSE;
}

/* TRUE when it is meant as a comparison; then term->type says whether it can be read as one. */
static gboolean
parse_comparison (const char *word, Term *term, gboolean *readable)
{
  gsize length = strcspn (word, "<>=");
  const char *operator= word + length;

  if (*operator== '\0' || !parse_quantity (word, length, &term->column))
    return FALSE;
  term->type = TERM_AMOUNT;
  term->less = *operator== '<';
  term->more = *operator== '>';
  term->equal = operator[0] == '=' || operator[1] == '=';
  operator+= * operator!= '=' && operator[1] == '=' ? 2 : 1;
  *readable = parse_amount (operator, & term->amount);
  return TRUE;
}

static gboolean
add_letter (char letter, guint8 *perms, gboolean *is_private)
{
  static const char letters[] = "rwxs";
  const char *found = strchr (letters, letter);

  if (letter == 'p')
    *is_private = TRUE;
  else if (found != NULL && letter != '\0')
    *perms |= (guint8) (1 << (found - letters));
  else
    return FALSE;
  return TRUE;
}

/* "r-x", "rw-p", "---": a letter or a dash for each. */
static gboolean
parse_exact_perms (const char *word, Term *term)
{
  gsize length = strlen (word);
  guint8 all = PSC_PERM_READ | PSC_PERM_WRITE | PSC_PERM_EXEC;

  if ((length != 3 && length != 4) || strchr (word, '-') == NULL)
    return FALSE;
  for (guint i = 0; i < 3; i++)
    if (word[i] != '-' && word[i] != "rwx"[i])
      return FALSE;
  if (length == 4 && word[3] != 'p' && word[3] != 's')
    return FALSE;
  for (guint i = 0; i < length; i++)
    add_letter (word[i], &term->has, &term->is_private);
  term->lacks = all & (guint8) ~term->has;
  return TRUE;
}

/* "rw", "wx", "rwxp": letters in the order in which maps has them, at least two. */
static gboolean
parse_plain_perms (const char *word, Term *term)
{
  static const char order[] = "rwxps";
  const char *last = order - 1;

  if (strlen (word) < 2)
    return FALSE;
  for (const char *letter = word; *letter != '\0'; letter++)
    {
      const char *found = strchr (order, *letter);

      if (found == NULL || found <= last || !add_letter (*letter, &term->has, &term->is_private))
        return FALSE;
      last = found;
    }
  /* Private and shared at once is no permission but a word. */
  return !(term->is_private && term->has & PSC_PERM_SHARED);
}

/* "w+x", "+x", "-w" */
static gboolean
parse_signed_perms (const char *word, Term *term)
{
  const char *at = word;
  gboolean lacks_private = FALSE;

  if (*at == '-')
    return g_ascii_isalpha (at[1]) && at[2] == '\0' &&
           add_letter (at[1], &term->lacks, &lacks_private) && !lacks_private;
  if (strchr (word, '+') == NULL)
    return FALSE;
  for (; *at != '\0'; at++)
    if (*at != '+' && !add_letter (*at, &term->has, &term->is_private))
      return FALSE;
  return term->has != 0 || term->is_private;
}

static gboolean
parse_perms (const char *word, Term *term)
{
  typedef gboolean (*Parser) (const char *word, Term *term);
  static const Parser parsers[] = { parse_exact_perms, parse_plain_perms, parse_signed_perms };

  for (guint i = 0; i < G_N_ELEMENTS (parsers); i++)
    {
      Term found = *term;

      if (!parsers[i](word, &found))
        continue;
      found.type = TERM_PERMS;
      *term = found;
      return TRUE;
    }
  return FALSE;
}

static gboolean
parse_address (const char *word, Term *term)
{
  if (!g_str_has_prefix (word, "0x") || word[2] == '\0' ||
      strspn (word + 2, "0123456789abcdefABCDEF") != strlen (word + 2) || strlen (word) > 18)
    return FALSE;
  term->type = TERM_ADDRESS;
  term->text = g_ascii_strdown (word + 2, -1);
  return TRUE;
}

static void
take_name (const char *word, Term *term)
{
  term->is_fold = !g_str_is_ascii (word);
  term->text = term->is_fold ? g_utf8_casefold (word, -1) : g_strdup (word);
}

static gboolean
parse_name (const char *word, Term *term)
{
  static const struct
  {
    const char *prefix;
    TermType type;
  } prefixes[] = {
    { "kind:", TERM_KIND },
    { "name:", TERM_FILE },
    { "", TERM_NAME },
  };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (word, prefixes[i].prefix))
      {
        term->type = prefixes[i].type;
        take_name (word + strlen (prefixes[i].prefix), term);
        break;
      }
  return *term->text != '\0';
}

/* FALSE: it asks for nothing. */
static gboolean
parse_term (const char *word, gboolean quoted, Term *term, char **problem)
{
  gboolean readable = TRUE;

  if (!quoted && parse_comparison (word, term, &readable))
    {
      if (!readable && *problem == NULL)
        *problem = g_strdup_printf (_ ("“%s” lacks an amount, such as %s"), word, ">1M");
      return readable;
    }
  if (!quoted && (parse_perms (word, term) || parse_address (word, term)))
    return TRUE;
  if (parse_name (word, term))
    return TRUE;
  g_clear_pointer (&term->text, g_free);
  return FALSE;
}

/* The next word from *at on, without its quotes; NULL at the end. */
static char *
next_word (const char **at, gboolean *negated, gboolean *quoted)
{
  const char *start, *end;

  *at += strspn (*at, " \t");
  *negated = **at == '!';
  if (*negated)
    (*at)++;
  *quoted = **at == '"';
  start = *quoted ? *at + 1 : *at;
  end = start + strcspn (start, *quoted ? "\"" : " \t");
  if (**at == '\0' && !*negated)
    return NULL;
  *at = *end == '"' ? end + 1 : end;
  return g_strndup (start, (gsize) (end - start));
}

PscMappingFilter *
psc_mapping_filter_new (const char *text, char **problem)
{
  PscMappingFilter *filter = g_new0 (PscMappingFilter, 1);
  gboolean negated, quoted;
  char *word;

  *problem = NULL;
  while ((word = next_word (&text, &negated, &quoted)) != NULL)
    {
      Term term = { .negated = negated };

      if (filter->n_terms == MAX_TERMS)
        {
          g_free (word);
          g_free (*problem);
          *problem = g_strdup_printf (_ ("More than %d words: the rest is left out"), MAX_TERMS);
          break;
        }
      if (parse_term (word, quoted, &term, problem))
        filter->terms[filter->n_terms++] = term;
      g_free (word);
    }
  return filter;
}

void
psc_mapping_filter_free (PscMappingFilter *filter)
{
  if (filter == NULL)
    return;
  for (guint i = 0; i < filter->n_terms; i++)
    g_free (filter->terms[i].text);
  g_free (filter);
}

gboolean
psc_mapping_filter_is_empty (const PscMappingFilter *filter)
{
  return filter->n_terms == 0;
}

/* --- matching ------------------------------------------------------------------------------ */

static gboolean
name_contains (const char *name, gpointer user_data)
{
  const Term *term = user_data;
  g_autofree char *valid = NULL, *folded = NULL;

  /* Most words are ASCII, and then nothing has to be made of 65,000 names. */
  if (!term->is_fold)
    return strcasestr (name, term->text) != NULL;
  valid = g_utf8_make_valid (name, -1);
  folded = g_utf8_casefold (valid, -1);
  return strstr (folded, term->text) != NULL;
}

static gboolean
has_kind (const PscMapping *mapping, const Term *term)
{
  return name_contains (psc_kind_id (mapping->kind), (gpointer) term) ||
         name_contains (psc_kind_title (mapping->kind), (gpointer) term) ||
         name_contains (_ (psc_kind_title (mapping->kind)), (gpointer) term);
}

static gboolean
has_address (const PscMapping *mapping, const char *digits)
{
  guint64 address = g_ascii_strtoull (digits, NULL, 16);
  char start[17];

  if (mapping->start <= address && address < mapping->end)
    return TRUE;
  g_snprintf (start, sizeof start, "%" G_GINT64_MODIFIER "x", mapping->start);
  return g_str_has_prefix (start, digits);
}

static gboolean
has_perms (const PscMapping *mapping, const Term *term)
{
  return (mapping->perms & term->has) == term->has && (mapping->perms & term->lacks) == 0 &&
         !(term->is_private && mapping->perms & PSC_PERM_SHARED);
}

static gboolean
holds (const Term *term, const PscMappingFacts *facts, guint index)
{
  const PscMapping *mapping = &facts->space->mappings[index];
  guint64 amount;

  switch (term->type)
    {
    case TERM_NAME:
      return psc_mapping_facts_any_name (facts, index, name_contains, (gpointer) term);
    case TERM_KIND:
      return has_kind (mapping, term);
    case TERM_FILE:
      return name_contains (mapping->name, (gpointer) term);
    case TERM_PERMS:
      return has_perms (mapping, term);
    case TERM_ADDRESS:
      return has_address (mapping, term->text);
    case TERM_AMOUNT:
    default:
      if (!psc_mapping_facts_get_number (facts, index, term->column, &amount, NULL))
        return term->negated;
      /* Less than nothing is less than any amount that can be typed. */
      if (psc_column_is_signed (term->column) && (gint64) amount < 0)
        return term->less;
      return (term->less && amount < term->amount) || (term->more && amount > term->amount) ||
             (term->equal && amount == term->amount);
    }
}

gboolean
psc_mapping_filter_matches (const PscMappingFilter *filter, const PscMappingFacts *facts,
                            guint index)
{
  for (guint i = 0; i < filter->n_terms; i++)
    if (holds (&filter->terms[i], facts, index) == filter->terms[i].negated)
      return FALSE;
  return TRUE;
}
