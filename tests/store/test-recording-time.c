/* SPDX-License-Identifier: GPL-3.0-or-later */

/* FILE@TIME: what people may say, and what makes no sense. */

#include "psc-recording-time.h"
#include "psc-store-test.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

#define FIRST G_GINT64_CONSTANT (1772366400500000) /* 2026-03-01T12:00:00.5Z */
#define LAST  (FIRST + 3600 * SECOND)

static const struct
{
  const char *text;
  gint64 time_usec;
} times[] = {
  { "start", FIRST },
  { "end", LAST },
  { "0", FIRST },
  { "90", FIRST + 90 * SECOND },
  { "90s", FIRST + 90 * SECOND },
  { "1m30s", FIRST + 90 * SECOND },
  { "1m30", -1 },
  { "1h", LAST },
  { "1.5s", FIRST + SECOND * 3 / 2 },
  { "250ms", FIRST + SECOND / 4 },
  { "1h1s", 0 },
  { "1h2s", 0 },
  { "2h", 0 },
  { "999999999999", 0 },
  { "-5s", LAST - 5 * SECOND },
  { "-60m", FIRST },
  { "-2h", 0 },
  { "12:00:00", FIRST },
  { "12:00:10", FIRST + 10 * SECOND - SECOND / 2 },
  { "12:30", FIRST + 1800 * SECOND - SECOND / 2 },
  { "13:00:01", LAST },
  { "13:00:02", 0 },
  { "11:59:59", 0 },
  { "25:00", -1 },
  { "12:61", -1 },
  { "12:00:00:00", -1 },
  { ":12", -1 },
  { "2026-03-01T12:10:00Z", FIRST + 600 * SECOND - SECOND / 2 },
  { "2026-03-01T13:10:00+01:00", FIRST + 600 * SECOND - SECOND / 2 },
  { "2026-03-01 12:10:00", FIRST + 600 * SECOND - SECOND / 2 },
  { "2025-03-01T12:10:00", 0 },
  { "2027-03-01T12:10:00", 0 },
  { "", -1 },
  { "-", -1 },
  { "s", -1 },
  { "soon", -1 },
  { "1x", -1 },
  { "0x10", -1 },
  { "inf", -1 },
  { "1..5s", -1 },
  { "--5", -1 },
  { "-\xff\n", -1 },
};

/* 0 in the table: outside; -1: makes no sense. */
static void
test_times (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 expected = times[i].time_usec, found;
      gint code = expected == 0 ? PSC_STORE_ERROR_NOT_FOUND : PSC_STORE_ERROR_TIME;

      if (psc_recording_parse_time (times[i].text, FIRST, LAST, &found, &error))
        g_assert_cmpint (found, ==, expected);
      else if (expected > 0)
        g_error ("%s: %s", times[i].text, error->message);
      else
        g_assert_error (error, PSC_STORE_ERROR, code);
      if (error != NULL)
        g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_times_over_midnight (void)
{
  gint64 found, first = FIRST + 11 * 3600 * SECOND, last = first + 3 * 3600 * SECOND;

  g_assert_true (psc_recording_parse_time ("01:30", first, last, &found, NULL));
  g_assert_cmpint (found, ==, first + 2 * 3600 * SECOND + 1800 * SECOND - SECOND / 2);
  g_assert_false (psc_recording_parse_time ("03:30", first, last, &found, NULL));
}

static void
test_split (void)
{
  static const struct
  {
    const char *word, *path, *time;
  } words[] = {
    { "a.pagescape", "a.pagescape", NULL },
    { "a.pagescape@end", "a.pagescape", "end" },
    { "b@c/a.pagescape@1m", "b@c/a.pagescape", "1m" },
    { "a@", "a@", NULL },
    { "@5", "@5", NULL },
  };
  char *folder = psc_test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "a@5", NULL);
  g_autofree char *file_path = NULL;
  g_autofree char *file_time = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *path = NULL;
      g_autofree char *time = NULL;

      psc_recording_split (words[i].word, &path, &time);
      g_assert_cmpstr (path, ==, words[i].path);
      g_assert_cmpstr (time, ==, words[i].time);
    }
  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  psc_recording_split (file, &file_path, &file_time);
  g_assert_cmpstr (file_path, ==, file);
  g_assert_null (file_time);
  psc_test_folder_free (folder);
}

static void
test_is_named (void)
{
  static const struct
  {
    const char *word;
    gboolean meant;
  } words[] = {
    { "a.pagescape", TRUE },
    { "a.pagescape@5s", TRUE },
    { "no/a.pagescape", TRUE },
    { "no/a.pagescape@b/c", TRUE },
    { "no/a", FALSE },
    { "no/a@5s", FALSE },
    { "kworker/0:1", FALSE },
    { "4711", FALSE },
    { "postgres", FALSE },
    { "a@b", FALSE },
    { "@", FALSE },
    { "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_cmpint (psc_recording_is_named (words[i].word), ==, words[i].meant);
}

/* A word with a slash means the file if there is one. */
static void
test_is_file (void)
{
  char *folder = psc_test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "a", NULL);
  g_autofree char *moment = g_strconcat (file, "@5s", NULL);

  g_assert_false (psc_recording_is_named (file));
  g_assert_false (psc_recording_is_named (moment));
  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_true (psc_recording_is_named (file));
  g_assert_true (psc_recording_is_named (moment));
  psc_test_folder_free (folder);
}

static void
test_find_process (void)
{
  static const struct
  {
    const char *word;
    gint pid; /* 0: none */
    const char *said;
  } words[] = {
    { "work/0:1", 7, NULL },
    { "plain", 8, NULL },
    { "8", 8, NULL },
    { "work/0:2", 0, "There is neither a file “work/0:2” nor a process called so" },
    { "work\n/", 0, "There is neither a file “work\\n/” nor a process called so" },
    { "other", 0, "There is no process called “other”" },
  };
  PscProcess known[] = {
    { .pid = 7, .name = (char *) "work/0:1", .program = (char *) "python3" },
    { .pid = 8, .name = (char *) "plain", .program = (char *) "plain" },
  };
  g_autoptr (GPtrArray) processes = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    g_ptr_array_add (processes, &known[i]);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (GError) error = NULL;
      const PscProcess *process = psc_recording_find_process (processes, words[i].word, &error);

      g_assert_cmpint (process != NULL ? process->pid : 0, ==, words[i].pid);
      if (process != NULL)
        continue;
      g_assert_error (error, PSC_TARGET_ERROR, PSC_TARGET_ERROR_NONE);
      g_assert_cmpstr (error->message, ==, words[i].said);
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording-time/times", test_times);
  g_test_add_func ("/recording-time/over-midnight", test_times_over_midnight);
  g_test_add_func ("/recording-time/split", test_split);
  g_test_add_func ("/recording-time/is-named", test_is_named);
  g_test_add_func ("/recording-time/is-file", test_is_file);
  g_test_add_func ("/recording-time/find-process", test_find_process);
  return g_test_run ();
}
