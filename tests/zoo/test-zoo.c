/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Verdicts on real processes of which the truth is known. Each animal of psc-grower lives for ten
 * minutes that take a second: it works when it is told to, and the clock of the snapshots is the
 * test's. The memory, the kernel and the probe are real.
 *
 * What is said holds with 99 % certainty, so that of a thousand lives some are judged wrongly:
 * lives are the same in each run. PSC_TEST_SEED=N begins with another seed, PSC_TEST_SEED=random
 * with one that nobody knows; seeds are printed.
 */

#include <gio/gio.h>
#include <locale.h>

#include "psc-capture.h"
#include "psc-verdict.h"

#define N_SECONDS 600
#define N_SEEDS   3
#define SEED      4711

typedef struct
{
  GSubprocess *process;
  GDataInputStream *output;
  GOutputStream *input;
  PscProbe *probe;
  PscTarget *target;
  PscTimeline *timeline;
  PscSpace *last;
  guint64 truth[N_SECONDS]; /* bytes leaked when the moment was seen */
} Life;

static void
life_look (Life *life, guint second)
{
  g_autoptr (GError) error = NULL;
  PscSpace *space = psc_target_capture (life->target, NULL, &error);
  g_autoptr (PscMoment) moment = NULL;

  g_assert_no_error (error);
  space->time_usec = second * G_USEC_PER_SEC;
  moment = psc_moment_new (life->last, space);
  g_assert_true (psc_timeline_add (life->timeline, moment));
  g_clear_pointer (&life->last, psc_space_unref);
  life->last = space;
}

static char *
life_read (Life *life)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (life->output, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);
  return line;
}

static Life *
life_new (const char *const *argv)
{
  Life *life = g_new0 (Life, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *ready = NULL;

  life->process = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  life->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (life->process));
  life->input = g_subprocess_get_stdin_pipe (life->process);
  ready = life_read (life);
  g_assert_cmpstr (ready, ==, "ready");
  life->probe = psc_probe_new_local (NULL, NULL, &error);
  g_assert_no_error (error);
  life->target =
      psc_target_new (life->probe, atoi (g_subprocess_get_identifier (life->process)), &error);
  g_assert_no_error (error);
  life->timeline = psc_timeline_new ();
  return life;
}

static void
life_free (Life *life)
{
  g_subprocess_force_exit (life->process);
  g_subprocess_wait (life->process, NULL, NULL);
  psc_target_free (life->target);
  psc_probe_unref (life->probe);
  psc_timeline_free (life->timeline);
  g_clear_pointer (&life->last, psc_space_unref);
  g_object_unref (life->output);
  g_object_unref (life->process);
  g_free (life);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Life, life_free)

static void
life_tick (Life *life, guint second)
{
  g_autofree char *answer = NULL;
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (life->input, "tick\n", 5, NULL, NULL, &error);
  g_assert_no_error (error);
  answer = life_read (life);
  life->truth[second] = g_ascii_strtoull (answer, NULL, 10);
  life_look (life, second);
}

#define IS(shape) (1u << PSC_GROWTH_##shape)
#define QUIET     (IS (FLAT) | IS (SAWTOOTH))

/* What is right of the worst part, and where it is. */
static const struct
{
  const char *animal;
  gboolean leaks;
  PscFindingWhat what;
  PscKind kind;
  guint shapes;    /* that the part may have; of what doesn't leak */
  gboolean always; /* nothing may ever be said of it, not only at the end */
} truths[] = {
  { "heap-leak", TRUE, PSC_FINDING_SEGMENT, PSC_KIND_HEAP },
  { "arena-leak", TRUE, PSC_FINDING_SEGMENT, PSC_KIND_ANON },
  { "mmap-leak", TRUE, PSC_FINDING_SEGMENT, PSC_KIND_ANON },
  { "step-leak", TRUE, PSC_FINDING_SEGMENT, PSC_KIND_ANON },
  { "late-leak", TRUE, PSC_FINDING_SEGMENT, PSC_KIND_ANON },
  { "start-leak", TRUE, PSC_FINDING_SEGMENT, PSC_KIND_ANON },
  { "noisy-leak", TRUE, PSC_FINDING_SEGMENT, PSC_KIND_ANON },
  { "sysv-leak", TRUE, PSC_FINDING_SEGMENT, PSC_KIND_SHM_SYSV },
  { "posix-leak", TRUE, PSC_FINDING_KIND, PSC_KIND_SHM_POSIX },
  { "memfd-leak", TRUE, PSC_FINDING_SEGMENT, PSC_KIND_SHM_MEMFD },
  { "sawtooth-leak", TRUE, PSC_FINDING_SEGMENT, PSC_KIND_ANON },
  { "sawtooth", FALSE, PSC_FINDING_SEGMENT, PSC_KIND_ANON, IS (SAWTOOTH), TRUE },
  { "cache", FALSE, PSC_FINDING_SEGMENT, PSC_KIND_HEAP, IS (WARMING_UP) | IS (FLAT) },
  { "fill", FALSE, PSC_FINDING_SEGMENT, PSC_KIND_ANON, IS (WARMING_UP) | IS (FLAT) },
  { "churn", FALSE, PSC_FINDING_SEGMENT, PSC_KIND_HEAP, IS (WARMING_UP) | QUIET, TRUE },
  { "fork-server", FALSE, PSC_FINDING_SEGMENT, PSC_KIND_ANON, QUIET, TRUE },
  { "stack", FALSE, PSC_FINDING_STACK, PSC_KIND_STACK, IS (WARMING_UP) | QUIET, TRUE },
  { "idle", FALSE, PSC_FINDING_STACK, PSC_KIND_STACK, IS (FLAT), TRUE },
};

static guint32
first_seed (void)
{
  const char *seed = g_getenv ("PSC_TEST_SEED");

  if (g_strcmp0 (seed, "random") == 0)
    return g_random_int ();
  return seed != NULL ? (guint32) strtoul (seed, NULL, 10) : SEED;
}

/* What it really leaked in the time that the verdict speaks of, each minute. */
static double
true_rate (const Life *life, const PscTrend *trend)
{
  guint since = (guint) (trend->since_usec / G_USEC_PER_SEC);
  guint until = (guint) (trend->until_usec / G_USEC_PER_SEC);

  return 60.0 * (double) (life->truth[until] - life->truth[since]) / (until - since);
}

/* malloc takes a page more now and then, and the last one is not full: one part in a hundred. */
static void
check_leak (const Life *life, const PscFinding *worst, guint which)
{
  double rate, slack;

  g_assert_nonnull (worst);
  g_assert_cmpint (worst->what, ==, truths[which].what);
  g_assert_cmpint (worst->kind, ==, truths[which].kind);
  rate = true_rate (life, &worst->trend);
  slack = 0.01 * rate;
  g_test_message ("truth %.0f KiB/min, said %.0f to %.0f", rate / 1024,
                  worst->trend.bytes_per_min_low / 1024, worst->trend.bytes_per_min_high / 1024);
  g_assert_cmpfloat (worst->trend.bytes_per_min_low - slack, <=, rate);
  g_assert_cmpfloat (worst->trend.bytes_per_min_high + slack, >=, rate);
  /* An interval that is as wide as all that may be is right, and useless. */
  g_assert_cmpfloat (worst->trend.bytes_per_min_low, >=, rate / 4);
  g_assert_cmpfloat (worst->trend.bytes_per_min_high, <=, rate * 3);
}

static void
check_quiet (const PscVerdict *verdict, guint which)
{
  g_assert_null (psc_verdict_get_worst (verdict));
  for (guint i = 0; i < verdict->n_findings; i++)
    {
      const PscFinding *finding = &verdict->findings[i];

      if (finding->what != truths[which].what || finding->kind != truths[which].kind ||
          *finding->label != '\0')
        continue;
      g_assert_true (truths[which].shapes & (1u << finding->trend.shape));
      return;
    }
  g_assert_not_reached ();
}

/* As it was judged every half minute. */
static void
check_always (const Life *life, guint which)
{
  for (guint second = 30; truths[which].always && second < N_SECONDS; second += 30)
    {
      g_autoptr (PscVerdict) verdict = psc_verdict_new_at (life->timeline, second * G_USEC_PER_SEC);
      g_autofree char *sentence = psc_verdict_dup_sentence (verdict);

      if (psc_verdict_get_worst (verdict) != NULL)
        g_test_fail_printf ("%s after %u s: %s", truths[which].animal, second, sentence);
    }
}

static void
live (guint which, guint32 seed)
{
  g_autofree char *seed_text = g_strdup_printf ("%u", seed);
  /* From half to three times as fast. */
  g_autofree char *speed = g_strdup_printf ("%.2f", 0.5 + 2.5 * (seed % 1000) / 1000.0);
  const char *argv[] = { g_getenv ("PSC_TEST_GROWER"), truths[which].animal, seed_text, speed,
                         NULL };
  g_autoptr (Life) life = life_new (argv);
  g_autoptr (PscVerdict) verdict = NULL;
  g_autofree char *sentence = NULL;

  for (guint second = 0; second < N_SECONDS; second++)
    life_tick (life, second);
  verdict = psc_verdict_new (life->timeline);
  sentence = psc_verdict_dup_sentence (verdict);
  g_test_message ("%s, seed %u, speed %s: %s", truths[which].animal, seed, speed, sentence);
  if (truths[which].leaks)
    check_leak (life, psc_verdict_get_worst (verdict), which);
  else
    check_quiet (verdict, which);
  check_always (life, which);
  if (g_str_equal (truths[which].animal, "idle"))
    g_assert_cmpstr (sentence, ==, "nothing grows");
}

static void
test_animal (gconstpointer data)
{
  guint32 seed = first_seed ();

  for (guint i = 0; i < N_SEEDS; i++)
    live (GPOINTER_TO_UINT (data), seed + i * 7919);
}

static const struct
{
  const char *name;
  const char *argv[4];
} idlers[] = {
  { "python", { "/usr/bin/python3", "-c", "print('ready', flush=True)\ninput()" } },
  { "node", { "node", "-e", "console.log('ready'); setInterval(() => {}, 50)" } },
};

/* They keep still by themselves; a second is a hundredth here. */
static void
test_idler (gconstpointer data)
{
  guint which = GPOINTER_TO_UINT (data);
  g_autofree char *program = g_find_program_in_path (idlers[which].argv[0]);
  g_autoptr (Life) life = NULL;
  g_autoptr (PscVerdict) verdict = NULL;
  g_autofree char *sentence = NULL;

  if (program == NULL)
    {
      g_test_skip ("it is not installed");
      return;
    }
  life = life_new (idlers[which].argv);
  for (guint second = 0; second < 300; second++)
    {
      life_look (life, second);
      g_usleep (10000);
    }
  verdict = psc_verdict_new (life->timeline);
  sentence = psc_verdict_dup_sentence (verdict);
  g_test_message ("%s: %s", idlers[which].name, sentence);
  g_assert_null (psc_verdict_get_worst (verdict));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (truths); i++)
    {
      g_autofree char *path = g_strconcat ("/zoo/", truths[i].animal, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_animal);
    }
  for (guint i = 0; i < G_N_ELEMENTS (idlers); i++)
    {
      g_autofree char *path = g_strconcat ("/zoo/idle-", idlers[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_idler);
    }
  return g_test_run ();
}
