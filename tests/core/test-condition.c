/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Conditions: what is understood, what is refused and in which words, and when they hold. */

#include "psc-condition.h"
#include "psc-story.h"

#define KIB 1024.0
#define MIB 1048576.0

static const Character characters[] = {
  { PSC_KIND_HEAP, "", 5 * MIB, 50 * KIB },
  { PSC_KIND_ANON, "Java heap", 60 * MIB },
  { PSC_KIND_SHM_POSIX, "/dev/shm/frames", 10 * MIB },
  { PSC_KIND_SHM_MEMFD, "/memfd:pool", 3 * MIB },
  { PSC_KIND_TEXT, "", 4 * MIB },
};

static const struct
{
  const char *text;
  guint n_seconds;
  const char *sentence; /* begins so; NULL: does not hold */
} holds[] = {
  { "resident>80MiB", 1, "resident>80MiB: it is at 82 MiB" },
  { "resident>82MiB", 1, NULL },
  { "total > 80 M", 1, "total > 80 M: it is at 82 MiB" },
  { "anon>61439KiB", 1, "anon>61439KiB: it is at 60 MiB" },
  { "heap>0.004GiB", 1, "heap>0.004GiB: it is at 5 MiB" },
  { "shm>12MiB", 1, "shm>12MiB: it is at 13 MiB" },
  { "shm_posix>12MiB", 1, NULL },
  { "segment:\"Java heap\">10MiB", 1, "segment:\"Java heap\">10MiB: it is at 60 MiB" },
  { "segment:Java heap>10MiB", 1, "segment:Java heap>10MiB: it is at 60 MiB" },
  { "mapping:frames>1000", 1, "mapping:frames>1000: it is at 10 MiB" },
  { "mapping:/dev/shm/frames>1000", 1, "mapping:/dev/shm/frames>1000: it is at 10 MiB" },
  { "mapping:pool>1000", 1, "mapping:pool>1000: it is at 3 MiB" },
  { "segment:frames>1000", 1, NULL },
  { "any>59MiB", 1, "any>59MiB: Java heap is at 60 MiB" },
  { "any>60MiB", 1, NULL },
  { "mappings>4", 1, "mappings>4: there are 5" },
  { "text>1K", 1, "text>1K: it is at 4 MiB" },
  { "swapped>0", 60, NULL },
  { "size>1TiB,mappings>4", 1, "mappings>4: there are 5" },
  { "size>1TiB, threads>5", 1, NULL },
  { "heap>1MiB/min", 31, NULL }, /* only just */
  { "heap>1MiB/min", 62, "heap>1MiB/min: growing steadily, 2.93 MiB/min for 61 s" },
  { "heap>40KiB/s", 62, "heap>40KiB/s: growing steadily" },
  { "heap>60KiB/s", 62, NULL },
  { "heap>170MiB/h", 62, "heap>170MiB/h: growing steadily" },
  { "heap>180MiB/h", 62, NULL },
  { "anon>1/h", 62, NULL },
  { "any>1MiB/min", 62, "any>1MiB/min: Heap is growing steadily, 2.93 MiB/min" },
  { "resident>1MiB/min", 62, "resident>1MiB/min: growing steadily" },
  { "mappings>100/min", 80, "mappings>100/min: growing steadily by 180 a minute" },
  { "faults>900/s", 10, "faults>900/s: 1000 a second on average" },
  { "faults>900/s", 5, NULL }, /* four intervals */
  { "minor_faults>60000/min", 10, NULL },
  { "major_faults>0/s", 10, NULL },
};

static void
test_holds (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (holds); i++)
    {
      const Story story = { characters, G_N_ELEMENTS (characters), holds[i].n_seconds,
                            .mappings_per_second = 3, .faults_per_second = 1000 };
      g_autoptr (PscTimeline) timeline = story_new (&story);
      g_autoptr (GError) error = NULL;
      g_autoptr (PscCondition) condition = psc_condition_parse (holds[i].text, &error);
      g_autofree char *sentence = NULL;
      gboolean held;

      g_assert_no_error (error);
      g_assert_cmpstr (psc_condition_get_text (condition), ==, holds[i].text);
      held = psc_condition_holds (condition, timeline, FALSE, &sentence);
      g_test_message ("%s, %u s: %s", holds[i].text, holds[i].n_seconds,
                      sentence != NULL ? sentence : "no");
      g_assert_cmpint (held, ==, holds[i].sentence != NULL);
      if (held)
        g_assert_true (g_str_has_prefix (sentence, holds[i].sentence));
      else
        g_assert_null (sentence);
    }
}

/* At the end a rate need not have lasted. */
static void
test_at_end (void)
{
  const Story story = { characters, G_N_ELEMENTS (characters), 32 };
  g_autoptr (PscTimeline) timeline = story_new (&story);
  g_autoptr (PscCondition) condition = psc_condition_parse ("heap>1MiB/min", NULL);

  g_assert_false (psc_condition_holds (condition, timeline, FALSE, NULL));
  g_assert_true (psc_condition_holds (condition, timeline, TRUE, NULL));
}

static void
test_empty (void)
{
  g_autoptr (PscTimeline) timeline = psc_timeline_new ();
  g_autoptr (PscCondition) condition = psc_condition_parse ("size>0,heap>0/s,faults>0/s", NULL);

  g_assert_false (psc_condition_holds (condition, timeline, TRUE, NULL));
}

static void
test_unseen (void)
{
  const Story story = { characters, G_N_ELEMENTS (characters), 3 };
  g_autoptr (PscTimeline) timeline = story_new (&story);
  g_autoptr (PscCondition) seen =
      psc_condition_parse ("segment:\"Java heap\">1,mapping:frames>1,any>1", NULL);
  g_autoptr (PscCondition) unseen = psc_condition_parse ("heap>1,segment:\"Jaba heap\">1", NULL);

  g_assert_null (psc_condition_find_unseen (seen, timeline));
  g_assert_cmpstr (psc_condition_find_unseen (unseen, timeline), ==, "Jaba heap");
}

static const struct
{
  const char *text, *message;
} refused[] = {
  { "",
    "it is empty; there must be a kind such as heap, or any, total, resident, mappings, faults, "
    "segment:NAME or mapping:NAME" },
  { "heep>1MiB", "“heep>1MiB” does not begin with a kind such as heap, or any, total, resident, "
                 "mappings, faults, segment:NAME or mapping:NAME" },
  { "heap", "after “heap” there must be “>”" },
  { "heap<1MiB", "after “heap” there must be “>”, not “<1MiB”" },
  { "heap>", "after “heap>” there must be a size, such as 64MiB" },
  { "heap>abc", "after “heap>” there must be a size, such as 64MiB, not “abc”" },
  { "heap>-1MiB", "after “heap>” there must be a size, such as 64MiB, not “-1MiB”" },
  { "heap>0x10", "after “heap>” there must be a size, such as 64MiB, not “0x10”" },
  { "heap>1e99", "after “heap>” there must be a size, such as 64MiB, not “1e99”" },
  { "heap>1MB", "after “heap>1” there must be B, KiB, MiB, GiB or TiB, not “MB”" },
  { "heap>1MiBx", "after “heap>1” there must be B, KiB, MiB, GiB or TiB, not “MiBx”" },
  { "heap>1MiB/day", "after “heap>1MiB” there must be /s, /min or /h, not “/day”" },
  { "faults>1000", "after “faults>1000” there must be /s, /min or /h" },
  { "mappings>60KiB",
    "after “mappings>60” there must be no unit, since it is a number, not “KiB”" },
  { "mappings>many", "after “mappings>” there must be a number, such as 1000, not “many”" },
  { "heap>1 2", "after “heap>1 ” there must be a comma or the end, not “2”" },
  { "heap>1,", "after “heap>1,” there must be a kind such as heap, or any, total, resident, "
               "mappings, faults, segment:NAME or mapping:NAME" },
  { "segment:>1", "after “segment:” there must be a name, in quotes when it has > or a comma in "
                  "it, not “>1”" },
  { "segment:\"Java>1", "after “segment:” there must be a name between two quotes, not "
                        "“\"Java>1”" },
  { "heap>1\n", "after “heap>1” there must be a comma or the end, not “\\n”" },
};

static void
test_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (psc_condition_parse (refused[i].text, &error));
      g_assert_error (error, PSC_CONDITION_ERROR, PSC_CONDITION_ERROR_SYNTAX);
      g_assert_cmpstr (error->message, ==, refused[i].message);
    }
}

/* Cut anywhere it is refused or understood, and never read beyond. */
static void
test_cut (void)
{
  const char *text = "segment:\"Java heap\">1.5MiB/min, mapping:a>1K,faults>10/s,any>2T/h";

  for (gsize length = 0; length < strlen (text); length++)
    {
      g_autofree char *cut = g_strndup (text, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (PscCondition) condition = psc_condition_parse (cut, &error);

      g_assert_true ((condition == NULL) == (error != NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/condition/holds", test_holds);
  g_test_add_func ("/condition/at-end", test_at_end);
  g_test_add_func ("/condition/empty", test_empty);
  g_test_add_func ("/condition/unseen", test_unseen);
  g_test_add_func ("/condition/refused", test_refused);
  g_test_add_func ("/condition/cut", test_cut);
  return g_test_run ();
}
