/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What has changed between two moments. Moments are written as pages: "10=rr.s" is a mapping at
 * page 0x10 of four pages, "10#7=ff" one of the file with inode 7, "10s=r" a shared one. */

#include <string.h>

#include "psc-change.h"
#include "psc-diff-words.h"

#define PAGE PSC_DIFF_WORDS_PAGE

static PscMapping
mapping_of (const char *word, const char **letters)
{
  PscMapping mapping = { .flags = PSC_MAPPING_PAGES_KNOWN, .page_shift = 12, .name = "" };
  char *rest;

  mapping.start = g_ascii_strtoull (word, &rest, 16) * PAGE;
  mapping.perms = PSC_PERM_READ | PSC_PERM_WRITE;
  if (*rest == 's')
    {
      mapping.perms |= PSC_PERM_SHARED;
      rest++;
    }
  if (*rest == '#')
    {
      mapping.inode = g_ascii_strtoull (rest + 1, &rest, 10);
      /* As if page 0 of the file were at address 0. */
      mapping.offset = mapping.start;
    }
  g_assert_cmpint (*rest, ==, '=');
  *letters = rest + 1;
  mapping.end = mapping.start + strlen (*letters) * PAGE;
  return mapping;
}

static PscSpace *
space_new (const char *text)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  psc_space_builder_get_space (builder)->source = PSC_SOURCE_SCAN;
  for (guint i = 0; words[i] != NULL && *words[i] != '\0'; i++)
    {
      const char *letters;
      PscMapping mapping = mapping_of (words[i], &letters);

      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
    }
  for (guint i = 0; words[i] != NULL && *words[i] != '\0'; i++)
    {
      const char *letters;
      PscMapping mapping = mapping_of (words[i], &letters);

      for (guint64 at = mapping.start; *letters != '\0'; letters++, at += PAGE)
        g_assert_true (
            psc_space_builder_add_run (builder, at, at + PAGE, psc_diff_state_of (*letters)));
    }
  return psc_space_builder_freeze (builder);
}

/* The change of every page of `now`, a letter each, and that the sums say the same. */
static char *
describe (const PscSpace *now, const PscTraits *traits, const PscChangeSums *sums)
{
  GString *text = g_string_new (NULL);
  guint64 bytes[PSC_N_CHANGES] = { 0 };

  for (guint i = 0; i < now->n_mappings; i++)
    for (guint64 at = now->mappings[i].start; at < now->mappings[i].end; at += PAGE)
      {
        const PscTrait *trait = psc_traits_lookup (traits, at);
        PscChange change = psc_change_of_class (psc_space_page_class (now, &now->mappings[i], at));

        if (trait != NULL)
          {
            g_assert_cmpuint (trait->value, !=, change);
            change = trait->value;
          }
        bytes[change] += PAGE;
        g_string_append_c (text, PSC_DIFF_CHANGE_LETTERS[change]);
      }
  for (guint i = 0; i < PSC_N_CHANGES; i++)
    g_assert_cmpuint (bytes[i], ==, sums->bytes[i]);
  return g_string_free (text, FALSE);
}

/* Sorted, apart, and as few as can be. */
static void
check_traits (const PscTraits *traits)
{
  for (guint i = 1; i < traits->n_traits; i++)
    {
      const PscTrait *last = &traits->traits[i - 1];
      const PscTrait *trait = &traits->traits[i];

      g_assert_cmpuint (trait->start, >=, psc_trait_end (last, PAGE));
      if (trait->start == psc_trait_end (last, PAGE))
        g_assert_cmpuint (trait->value, !=, last->value);
    }
}

typedef struct
{
  const char *name, *then, *now, *changes;
  guint64 unmapped, unmapped_populated; /* pages */
} Case;

static const Case cases[] = {
  { "nothing", "10=r.sh", "10=r.sh", "=.==" },
  { "empty", "", "", "" },
  { "appeared", "10=....", "10=.rfh", ".+++" },
  { "given-back", "10=rfsh", "10=....", "----" },
  { "swapped-out", "10=rfh.", "10=ssss", "oooo" },
  { "swapped-in", "10=sss", "10=rfh", "iii" },
  { "became-huge", "10=rf.", "10=hhh", "HH+" },
  { "split", "10=hhh", "10=r.s", "x-o" },
  { "pool", "10=pp.", "10=p.p", "=-+" },
  { "copied-from-a-file", "10#7=fff.", "10#7=rfs.", "c=o." },
  { "own-page-dropped", "10#7=rr", "10#7=f.", "=-" },
  { "first-touch-of-a-file", "10#7=..", "10#7=fr", "++" },
  { "zero-is-nothing", "10=zr.z", "10=rzzz", "+-.." },
  { "guards", "10=rg.g", "10=ggg.", "-..." },
  { "unknown", "10=?r?.", "10=r???", "????" },
  { "new-mapping", "10=r", "10=r 20=r.s?", "=+n+?" },
  { "grown", "10=rr", "10=rrr.", "==+n" },
  { "grown-down", "10=rr", "e=r.rr", "+n==" },
  { "shrunk", "10=rr.s", "10=r", "=", 3, 2 },
  { "gone-mapping", "10=r 20=r. 30=r", "10=r 30=r", "==", 2, 1 },
  { "all-gone", "10=r", "", "", 1, 1 },
  { "first", "", "10=r.", "+n" },
  { "cut-by-mprotect", "10=rr.rr", "10=rr 12=. 13=rs", "==.=o" },
  { "joined", "10=rr 12=rr", "10=rr.r", "==-=" },
  { "other-file", "10#7=ff.", "10#8=f.r", "+n+", 3, 2 },
  { "other-place-of-a-file", "10#7=ff", "11#7=ff", "=+", 1, 1 },
  { "anonymous-over-file", "10#7=fff", "10#7=f 11=r 12#7=f", "=+=", 1, 1 },
  { "shared-for-private", "10=r", "10s=f", "+", 1, 1 },
  { "hole-filled", "10=r 12=r", "10=rrr", "=+=" },
  { "moved", "10=rr", "20=rr", "++", 2, 2 },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (PscSpace) then = space_new (c->then);
  g_autoptr (PscSpace) now = space_new (c->now);
  g_autoptr (PscTraits) traits = NULL;
  g_autofree char *changes = NULL;
  PscChangeSums sums;

  traits = psc_change_new (then, now, &sums);
  check_traits (traits);
  changes = describe (now, traits, &sums);
  g_assert_cmpstr (changes, ==, c->changes);
  g_assert_cmpuint (sums.unmapped, ==, c->unmapped * PAGE);
  g_assert_cmpuint (sums.unmapped_populated, ==, c->unmapped_populated * PAGE);
}

/* Where nobody can tell huge pages, none has become one. */
static void
test_sources (void)
{
  g_autoptr (PscSpace) then = space_new ("10=hhr");
  g_autoptr (PscSpace) now = space_new ("10=rrh");
  g_autoptr (PscTraits) traits = NULL;

  then->source = PSC_SOURCE_PAGEMAP;
  traits = psc_change_new (then, now, NULL);
  g_assert_cmpuint (traits->n_traits, ==, 0);
}

/* More pages than a trait may have. */
static void
test_large (void)
{
  const guint64 size = G_GUINT64_CONSTANT (40) << 40;
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscMapping mapping = { .start = PAGE,
                         .end = PAGE + size,
                         .flags = PSC_MAPPING_PAGES_KNOWN,
                         .page_shift = 12,
                         .name = "" };
  g_autoptr (PscSpace) then = space_new ("");
  g_autoptr (PscSpace) now = NULL;
  g_autoptr (PscTraits) traits = NULL;
  PscChangeSums sums;

  g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
  now = psc_space_builder_freeze (builder);
  traits = psc_change_new (then, now, &sums);
  g_assert_cmpuint (sums.bytes[PSC_CHANGE_MAPPED], ==, size);
  g_assert_cmpuint (traits->n_traits, ==, 3);
  g_assert_cmpuint (psc_trait_end (&traits->traits[2], PAGE), ==, mapping.end);
}

/* --- random moments, against a table that looks at single pages ---------------------------- */

#define WORLD 64u

/* Pages 0 … WORLD: what is mapped there, ' ' for nothing, and a file's number. */
typedef struct
{
  char pages[WORLD];
  guint8 files[WORLD];
} World;

static void
world_fill (World *world, const World *last)
{
  if (last != NULL)
    *world = *last;
  else
    memset (world->pages, ' ', WORLD);
  for (int n = g_test_rand_int_range (0, 12); n > 0; n--)
    {
      guint from = (guint) g_test_rand_int_range (0, WORLD);
      guint length = (guint) g_test_rand_int_range (1, 9);
      guint to = MIN (from + length, WORLD);
      char letter =
          PSC_DIFF_CLASS_LETTERS[g_test_rand_int_range (0, strlen (PSC_DIFF_CLASS_LETTERS))];
      guint8 file = (guint8) g_test_rand_int_range (0, 3);

      for (guint i = from; i < to; i++)
        {
          if (n % 3 != 0 || world->pages[i] == ' ')
            world->files[i] = file;
          world->pages[i] = n % 5 == 0 ? ' ' : letter;
        }
    }
}

static PscSpace *
space_of_world (const World *world)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < WORLD; i++)
    {
      gboolean begins = i == 0 || world->pages[i - 1] == ' ' ||
                        world->files[i - 1] != world->files[i] || g_test_rand_int_range (0, 9) == 0;

      if (world->pages[i] == ' ')
        continue;
      if (begins)
        g_string_append_printf (text, "%s%x", text->len > 0 ? " " : "", i + 16);
      if (begins && world->files[i] > 0)
        g_string_append_printf (text, "#%u", world->files[i]);
      if (begins)
        g_string_append_c (text, '=');
      g_string_append_c (text, world->pages[i]);
    }
  return space_new (text->str);
}

/* What the table in the header says, in letters. */
static char
expect_letter (char then, char now)
{
  gboolean was = strchr ("rfhps", then) != NULL;
  gboolean is = strchr ("rfhps", now) != NULL;

  if (then == '?' || now == '?')
    return '?';
  if (then == ' ')
    return is ? '+' : 'n';
  if (!is)
    return was ? '-' : '.';
  if (now == 's')
    return then == 's' ? '=' : 'o';
  if (!was)
    return '+';
  if (then == 'f' && now == 'r')
    return 'c';
  if (then == 's')
    return 'i';
  if (now == 'h' || then == 'h')
    return now == then ? '=' : now == 'h' ? 'H' : 'x';
  return '=';
}

static void
test_random (void)
{
  for (guint round = 0; round < 3000; round++)
    {
      World worlds[2] = { 0 };
      g_autoptr (GString) expected = g_string_new (NULL);
      g_autoptr (PscSpace) then = NULL;
      g_autoptr (PscSpace) now = NULL;
      g_autoptr (PscTraits) traits = NULL;
      g_autofree char *changes = NULL;
      PscChangeSums sums;

      world_fill (&worlds[0], NULL);
      world_fill (&worlds[1], round % 4 > 0 ? &worlds[0] : NULL);
      for (guint i = 0; i < WORLD; i++)
        {
          gboolean same = worlds[0].files[i] == worlds[1].files[i];
          char letter = same ? worlds[0].pages[i] : ' ';

          if (worlds[1].pages[i] != ' ')
            g_string_append_c (expected, expect_letter (letter, worlds[1].pages[i]));
        }
      then = space_of_world (&worlds[0]);
      now = space_of_world (&worlds[1]);
      traits = psc_change_new (then, now, &sums);
      check_traits (traits);
      changes = describe (now, traits, &sums);
      g_assert_cmpstr (changes, ==, expected->str);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/change/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/change/sources", test_sources);
  g_test_add_func ("/change/large", test_large);
  g_test_add_func ("/change/random", test_random);
  return g_test_run ();
}
