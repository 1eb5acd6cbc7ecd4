/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-diff-words.h"

#include <string.h>

#define PAGE PSC_DIFF_WORDS_PAGE

static const char class_letters[] = PSC_DIFF_CLASS_LETTERS;

guint16
psc_diff_state_of (char letter)
{
  static const guint16 states[] = {
    0,
    PSC_PAGE_PRESENT,
    PSC_PAGE_PRESENT | PSC_PAGE_FILE,
    PSC_PAGE_PRESENT | PSC_PAGE_HUGE,
    PSC_PAGE_PRESENT | PSC_PAGE_HUGETLB,
    PSC_PAGE_PRESENT | PSC_PAGE_ZERO,
    PSC_PAGE_SWAPPED,
    PSC_PAGE_SWAPPED | PSC_PAGE_GUARD,
    PSC_PAGE_SPECIAL,
    PSC_PAGE_UNKNOWN,
  };
  const char *at = strchr (class_letters, letter);

  g_assert_nonnull (at);
  return states[at - class_letters];
}

/* A letter and how many of it; 0 at the end. */
static guint
next_letters (const char **letters, char *letter)
{
  char *rest;
  guint64 n;

  *letter = **letters;
  if (*letter == '\0')
    return 0;
  ++*letters;
  n = g_ascii_strtoull (*letters, &rest, 10);
  if (rest == *letters)
    return 1;
  *letters = rest;
  return (guint) n;
}

static guint8
parse_perms (const char *word)
{
  return (word[0] == 'r' ? PSC_PERM_READ : 0) | (word[1] == 'w' ? PSC_PERM_WRITE : 0) |
         (word[2] == 'x' ? PSC_PERM_EXEC : 0) | (word[3] == 's' ? PSC_PERM_SHARED : 0);
}

static void
parse_name (PscSpaceBuilder *builder, PscMapping *mapping, const char *word)
{
  const char *inode = strchr (word, '#');
  const char *offset = strchr (word, '@');

  mapping->name = psc_space_builder_intern (builder, word, inode != NULL ? inode - word : -1);
  if (strcmp (word, "-") == 0)
    mapping->name = "";
  mapping->inode = inode != NULL ? g_ascii_strtoull (inode + 1, NULL, 10) : 0;
  mapping->offset = offset != NULL ? g_ascii_strtoull (offset + 1, NULL, 16) * PAGE : 0;
}

static PscMapping
parse_mapping (PscSpaceBuilder *builder, char **words)
{
  PscMapping mapping = { .flags = PSC_MAPPING_PAGES_KNOWN, .page_shift = 12 };
  const char *letters = words[4];
  PscKind kind;
  char letter;

  g_assert_cmpuint (g_strv_length (words), ==, 5);
  mapping.start = mapping.end = g_ascii_strtoull (words[0], NULL, 16) * PAGE;
  mapping.perms = parse_perms (words[1]);
  g_assert_true (psc_kind_from_id (words[2], &kind));
  mapping.kind = (guint8) kind;
  parse_name (builder, &mapping, words[3]);
  for (guint n; (n = next_letters (&letters, &letter)) > 0;)
    mapping.end += n * PAGE;
  return mapping;
}

static void
add_runs (PscSpaceBuilder *builder, const PscMapping *mapping, const char *letters)
{
  guint64 at = mapping->start;
  char letter;

  for (guint n; (n = next_letters (&letters, &letter)) > 0; at += n * PAGE)
    g_assert_true (
        psc_space_builder_add_run (builder, at, at + n * PAGE, psc_diff_state_of (letter)));
}

static void
add_owner (PscSpaceBuilder *builder, GArray *owners, char **words)
{
  static const char *const types[] = { "thread", "named", "runtime", "arena" };
  guint64 start = g_ascii_strtoull (words[0] + 1, NULL, 16) * PAGE;
  guint64 size = g_ascii_strtoull (words[1], NULL, 16) * PAGE;
  g_autofree char *label = g_strjoinv (" ", words + 3);
  PscOwner owner = { start, start + size, 0, 0, NULL, "" };

  while (strcmp (types[owner.type], words[2]) != 0)
    owner.type++;
  owner.label = psc_space_builder_intern (builder, label, -1);
  g_array_append_val (owners, owner);
}

PscSpace *
psc_diff_space_new (const char *text, gint pid, gint64 time_usec)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);
  GArray *owners = g_array_new (FALSE, FALSE, sizeof (PscOwner));
  g_auto (GStrv) lines = g_strsplit (text, ";", -1);

  space->source = PSC_SOURCE_SCAN;
  space->pid = pid;
  space->time_usec = time_usec;
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; lines[i] != NULL; i++)
      {
        g_auto (GStrv) words = g_strsplit (g_strstrip (lines[i]), " ", -1);
        PscMapping mapping;

        if (*lines[i] == '\0' || (*lines[i] == '=' && pass == 1))
          continue;
        if (*lines[i] == '=')
          {
            add_owner (builder, owners, words);
            continue;
          }
        mapping = parse_mapping (builder, words);
        if (pass == 0)
          g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
        else
          add_runs (builder, &mapping, words[4]);
      }
  psc_space_builder_take_owners (builder, owners);
  return psc_space_builder_freeze (builder);
}

char *
psc_diff_describe (const PscDiff *diff)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < diff->n_pairs; i++)
    {
      const PscDiffPair *pair = &diff->pairs[i];

      g_string_append (text, i > 0 ? "; " : "");
      if (pair->a != PSC_DIFF_NONE)
        g_string_append_printf (text, "%u", pair->a);
      g_string_append_c (text, '>');
      if (pair->b != PSC_DIFF_NONE)
        g_string_append_printf (text, "%u", pair->b);
      g_string_append_printf (text, " %s", psc_diff_why_id (pair->why));
      g_string_append (text, pair->b != PSC_DIFF_NONE ? " " : "");
      for (guint64 at = pair->b_start; at < pair->b_end; at += PAGE)
        {
          const PscTrait *trait = psc_traits_lookup (diff->traits, at);
          PscChange change =
              psc_change_of_class (psc_space_page_class (diff->b, &diff->b->mappings[pair->b], at));

          g_string_append_c (text, PSC_DIFF_CHANGE_LETTERS[trait != NULL ? trait->value : change]);
        }
    }
  return g_string_free (text, FALSE);
}
