/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-kind.h"
#include "psc-page.h"

#define P PSC_PAGE_PRESENT
#define S PSC_PAGE_SWAPPED
#define Z PSC_PAGE_ZERO
#define H PSC_PAGE_HUGE
#define T PSC_PAGE_HUGETLB
#define F PSC_PAGE_FILE
#define G PSC_PAGE_GUARD
#define U PSC_PAGE_UNKNOWN
#define K PSC_PAGE_SPECIAL

static const struct
{
  guint16 state;
  PscPageClass klass;
} cases[] = {
  { 0, PSC_CLASS_ABSENT },
  { P, PSC_CLASS_RESIDENT },
  { P | F, PSC_CLASS_RESIDENT_FILE },
  { P | H, PSC_CLASS_HUGE },
  { P | H | F, PSC_CLASS_HUGE },
  { P | H | T, PSC_CLASS_HUGETLB },
  { P | H | T | F, PSC_CLASS_HUGETLB },
  { P | Z, PSC_CLASS_ZERO },
  { P | Z | H, PSC_CLASS_ZERO },
  { P | Z | F, PSC_CLASS_ZERO },
  { S, PSC_CLASS_SWAPPED },
  { S | G, PSC_CLASS_GUARD }, /* as the kernel reports a guard */
  { G, PSC_CLASS_GUARD },
  { U, PSC_CLASS_UNKNOWN },
  { U | S, PSC_CLASS_UNKNOWN },
  { K, PSC_CLASS_SPECIAL },
  { K | U, PSC_CLASS_SPECIAL },
  { H, PSC_CLASS_ABSENT }, /* as the kernel reports an untouched hugetlb page */
  { H | T, PSC_CLASS_ABSENT },
  { F, PSC_CLASS_ABSENT },
};

static void
test_class (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (psc_page_class (cases[i].state), ==, cases[i].klass);
}

static void
test_every_state_has_a_class (void)
{
  for (guint state = 0; state <= G_MAXUINT16; state++)
    g_assert_cmpint (psc_page_class (state), <, PSC_N_CLASSES);
}

/* Words that name things are unique, and there is one for each. */
static void
check_words (const char *(*get_word) (guint), guint n)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < n; i++)
    {
      const char *word = get_word (i);

      g_assert_nonnull (word);
      g_assert_cmpstr (word, !=, "");
      g_assert_true (g_hash_table_add (seen, (gpointer) word));
    }
}

static void
test_words (void)
{
  check_words ((const char *(*) (guint)) psc_page_class_id, PSC_N_CLASSES);
  check_words ((const char *(*) (guint)) psc_page_class_title, PSC_N_CLASSES);
  check_words ((const char *(*) (guint)) psc_kind_id, PSC_N_KINDS);
  check_words ((const char *(*) (guint)) psc_kind_title, PSC_N_KINDS);
  check_words ((const char *(*) (guint)) psc_kind_why, PSC_N_WHYS);
}

static void
test_kind_from_id (void)
{
  PscKind kind;

  for (guint i = 0; i < PSC_N_KINDS; i++)
    {
      g_assert_true (psc_kind_from_id (psc_kind_id (i), &kind));
      g_assert_cmpint (kind, ==, i);
    }
  g_assert_false (psc_kind_from_id ("", &kind));
  g_assert_false (psc_kind_from_id ("Heap", &kind));
}

static void
test_natures (void)
{
  g_assert_cmpint (psc_kind_nature (PSC_KIND_TEXT), ==, PSC_NATURE_FIXED);
  g_assert_cmpint (psc_kind_nature (PSC_KIND_DATA), ==, PSC_NATURE_FIXED);
  g_assert_cmpint (psc_kind_nature (PSC_KIND_STACK), ==, PSC_NATURE_SELF);
  g_assert_cmpint (psc_kind_nature (PSC_KIND_THREAD_STACK), ==, PSC_NATURE_SELF);
  g_assert_cmpint (psc_kind_nature (PSC_KIND_HEAP), ==, PSC_NATURE_CAN_LEAK);
  g_assert_cmpint (psc_kind_nature (PSC_KIND_ANON), ==, PSC_NATURE_CAN_LEAK);
  g_assert_cmpint (psc_kind_nature (PSC_KIND_SHM_SYSV), ==, PSC_NATURE_CAN_LEAK);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/page/class", test_class);
  g_test_add_func ("/page/every-state-has-a-class", test_every_state_has_a_class);
  g_test_add_func ("/page/words", test_words);
  g_test_add_func ("/kind/from-id", test_kind_from_id);
  g_test_add_func ("/kind/natures", test_natures);
  return g_test_run ();
}
