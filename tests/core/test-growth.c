/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Judgements on made-up series, whose truth is known: shapes, noise, sampling; how often flat noise
 * is called growing; how often the interval has the truth in it; how soon a leak is seen. */

#include "psc-series.h"

#include <string.h>

#define IS(shape) (1u << PSC_GROWTH_##shape)
#define QUIET     (IS (FLAT) | IS (SAWTOOTH))

static void
judge (const SeriesSpec *spec, guint32 seed, PscTrend *trend)
{
  g_autoptr (GArray) samples = series_new (spec, seed);

  psc_growth_judge ((const PscSample *) (const void *) samples->data, samples->len,
                    PSC_GROWTH_LEAST_BYTES, trend);
}

static const struct
{
  const char *name;
  SeriesSpec spec;
  guint right; /* shapes that are right */
} shapes[] = {
  { "flat", { SERIES_FLAT, SERIES_MIB (50) }, QUIET },
  { "leak", { SERIES_LEAK, SERIES_MIB (50), SERIES_MIB (3) }, IS (GROWING) },
  { "leak in steps",
    { SERIES_STEP_LEAK, SERIES_MIB (50), SERIES_MIB (3), SERIES_KIB (128) },
    IS (GROWING) },
  { "leak that begins", { SERIES_LATE_LEAK, SERIES_MIB (50), SERIES_MIB (3) }, IS (GROWING) },
  { "start-up and leak",
    { SERIES_START_AND_LEAK, SERIES_MIB (5), SERIES_MIB (3), SERIES_MIB (40), 20 },
    IS (GROWING) },
  { "warming up", { SERIES_APPROACH, SERIES_MIB (5), 0, SERIES_MIB (40), 200 }, IS (WARMING_UP) },
  { "warmed up", { SERIES_APPROACH, SERIES_MIB (5), 0, SERIES_MIB (40), 60 }, QUIET },
  { "cache that fills", { SERIES_FILL, SERIES_MIB (5), 0, SERIES_MIB (40), 400 }, IS (WARMING_UP) },
  { "cache that filled", { SERIES_FILL, SERIES_MIB (5), 0, SERIES_MIB (40), 180 }, QUIET },
  { "load at once", { SERIES_JUMP, SERIES_MIB (5), 0, SERIES_MIB (40), 400 }, IS (WARMING_UP) },
  { "loaded at once", { SERIES_JUMP, SERIES_MIB (5), 0, SERIES_MIB (40), 100 }, QUIET },
  { "sawtooth", { SERIES_SAWTOOTH, SERIES_MIB (5), 0, SERIES_MIB (16), 9 }, IS (SAWTOOTH) },
  { "slow sawtooth", { SERIES_SAWTOOTH, SERIES_MIB (5), 0, SERIES_MIB (16), 60 }, IS (SAWTOOTH) },
  { "sawtooth, two teeth", { SERIES_SAWTOOTH, SERIES_MIB (5), 0, SERIES_MIB (16), 250 }, QUIET },
  { "sawtooth that leaks",
    { SERIES_SAWTOOTH_LEAK, SERIES_MIB (5), SERIES_MIB (3), SERIES_MIB (16), 9 },
    IS (GROWING) },
  { "slow sawtooth that leaks",
    { SERIES_SAWTOOTH_LEAK, SERIES_MIB (5), SERIES_MIB (3), SERIES_MIB (16), 60 },
    IS (GROWING) },
  { "spikes", { SERIES_SPIKES, SERIES_MIB (50), 0, SERIES_MIB (20), 40 }, QUIET },
  { "shrinking", { SERIES_SHRINK, SERIES_MIB (50), SERIES_MIB (3) }, IS (SHRINKING) },
  { "leak that stopped",
    { SERIES_STOPPED_LEAK, SERIES_MIB (50), SERIES_MIB (3) },
    QUIET | IS (WARMING_UP) },
};

static const struct
{
  double noise, ar;
  guint most_wrong; /* of 50 */
} noises[] = {
  { 0, 0, 1 },
  { SERIES_KIB (200), 0, 1 },
  { SERIES_KIB (200), 0.9, 2 },
  { SERIES_KIB (500), 0.5, 2 },
};

static const struct
{
  const char *name;
  double interval_s;
  gboolean uneven, thinned;
} samplings[] = {
  { "every second", 1, FALSE, FALSE },
  { "unevenly", 1, TRUE, FALSE },
  { "thinned", 0.5, FALSE, TRUE },
  { "every three seconds", 3, TRUE, FALSE },
};

static void
test_shapes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (noises); j++)
      for (guint k = 0; k < G_N_ELEMENTS (samplings); k++)
        {
          SeriesSpec spec = shapes[i].spec;
          guint n_wrong = 0;

          /* Three samples don't show what happens within nine seconds. */
          if (strcmp (shapes[i].name, "sawtooth") == 0 && samplings[k].interval_s > 1)
            continue;
          spec.noise = noises[j].noise;
          spec.ar = noises[j].ar;
          spec.length_s = 600;
          spec.interval_s = samplings[k].interval_s;
          spec.uneven = samplings[k].uneven;
          spec.thinned = samplings[k].thinned;
          for (guint32 seed = 1; seed <= 50; seed++)
            {
              PscTrend trend;

              judge (&spec, seed, &trend);
              n_wrong += (shapes[i].right & (1u << trend.shape)) == 0;
            }
          if (n_wrong > 0)
            g_test_message ("%s, noise %.0f KiB with %.2f, %s: %u of 50 wrong", shapes[i].name,
                            spec.noise / 1024, spec.ar, samplings[k].name, n_wrong);
          if (n_wrong > noises[j].most_wrong)
            g_test_fail_printf ("%s, noise %.0f KiB with %.2f, %s: %u of 50 wrong", shapes[i].name,
                                spec.noise / 1024, spec.ar, samplings[k].name, n_wrong);
        }
}

/* What the header promises. */
static void
test_false_alarms (void)
{
  static const double ars[] = { 0, 0.5, 0.9, 0.95, 0.98, 0.99 };

  for (guint i = 0; i < G_N_ELEMENTS (ars); i++)
    {
      const SeriesSpec spec = { .shape = SERIES_FLAT,
                                .base = SERIES_MIB (50),
                                .noise = SERIES_MIB (1),
                                .ar = ars[i],
                                .interval_s = 1,
                                .length_s = 600 };
      guint n_alarms = 0;

      for (guint32 seed = 1; seed <= 1000; seed++)
        {
          PscTrend trend;

          judge (&spec, seed, &trend);
          n_alarms += trend.shape == PSC_GROWTH_GROWING;
        }
      g_test_message ("flat, AR(1) %.2f: %u of 1000 called growing", ars[i], n_alarms);
      g_assert_cmpuint (n_alarms, <=, 10);
    }
}

static const struct
{
  const char *name;
  SeriesSpec spec;
} leaks[] = {
  { "even", { SERIES_LEAK, SERIES_MIB (50), SERIES_MIB (2), 0, 0, SERIES_KIB (300), 0 } },
  { "slow waves", { SERIES_LEAK, SERIES_MIB (50), SERIES_MIB (2), 0, 0, SERIES_KIB (300), 0.95 } },
  { "a walk", { SERIES_LEAK, SERIES_MIB (50), SERIES_MIB (4), 0, 0, SERIES_KIB (60), 1 } },
  { "steps", { SERIES_STEP_LEAK, SERIES_MIB (50), SERIES_MIB (3), SERIES_KIB (256), 0, 0, 0 } },
  { "steps in noise",
    { SERIES_STEP_LEAK, SERIES_MIB (50), SERIES_MIB (3), SERIES_KIB (256), 0, SERIES_MIB (1),
      0.5 } },
  { "sawtooth",
    { SERIES_SAWTOOTH_LEAK, SERIES_MIB (5), SERIES_MIB (3), SERIES_MIB (16), 11,
      SERIES_KIB (200) } },
};

/* The interval says 99 %; that the window was chosen for being straight costs some of it. */
static void
test_intervals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (leaks); i++)
    {
      SeriesSpec spec = leaks[i].spec;
      guint n_seen = 0, n_right = 0;

      spec.interval_s = 1;
      spec.length_s = 600;
      for (guint32 seed = 1; seed <= 300; seed++)
        {
          PscTrend trend;

          judge (&spec, seed, &trend);
          if (trend.shape != PSC_GROWTH_GROWING)
            continue;
          n_seen++;
          n_right += trend.bytes_per_min_low <= spec.rate_per_min &&
                     spec.rate_per_min <= trend.bytes_per_min_high;
          g_assert_cmpfloat (trend.bytes_per_min_low, >, 0);
        }
      g_test_message ("%s: seen in %u of 300, true rate in %u of the intervals", leaks[i].name,
                      n_seen, n_right);
      g_assert_cmpuint (n_seen, >=, 285);
      g_assert_cmpuint (n_right * 100, >=, n_seen * 95);
    }
}

/* From the beginning of a leak, after five minutes without, to the first time it is seen. */
static void
test_delay (void)
{
  static const struct
  {
    double rate_per_min, noise, ar;
    double most_s; /* at most so long in nine of ten */
  } cases[] = {
    { SERIES_MIB (3), 0, 0, 40 },
    { SERIES_MIB (60), SERIES_MIB (1), 0.5, 40 },
    { SERIES_MIB (3), SERIES_KIB (200), 0.5, 90 },
    { SERIES_MIB (3), SERIES_MIB (1), 0.9, 300 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const SeriesSpec spec = { .shape = SERIES_LATE_LEAK,
                                .base = SERIES_MIB (50),
                                .rate_per_min = cases[i].rate_per_min,
                                .noise = cases[i].noise,
                                .ar = cases[i].ar,
                                .interval_s = 1,
                                .length_s = 900 };
      double sum_s = 0;
      guint n_late = 0;

      for (guint32 seed = 1; seed <= 20; seed++)
        {
          g_autoptr (GArray) samples = series_new (&spec, seed);
          guint n = 600;
          PscTrend trend = { 0 };

          for (; n < samples->len && trend.shape != PSC_GROWTH_GROWING; n += 5)
            psc_growth_judge ((const PscSample *) (const void *) samples->data, n,
                              PSC_GROWTH_LEAST_BYTES, &trend);
          sum_s += n - 600;
          n_late += n - 600 > cases[i].most_s;
        }
      g_test_message ("%.0f MiB/min in noise of %.0f KiB with %.2f: seen after %.0f s, "
                      "%u of 20 later than %.0f s",
                      spec.rate_per_min / 1048576, spec.noise / 1024, spec.ar, sum_s / 20, n_late,
                      cases[i].most_s);
      g_assert_cmpuint (n_late, <=, 2);
    }
}

static void
test_since (void)
{
  const SeriesSpec spec = { .shape = SERIES_LATE_LEAK,
                            .base = SERIES_MIB (50),
                            .rate_per_min = SERIES_MIB (3),
                            .interval_s = 1,
                            .length_s = 600 };
  PscTrend trend;

  judge (&spec, 1, &trend);
  g_assert_cmpint (ABS (trend.since_usec - 400 * G_USEC_PER_SEC), <=, 10 * G_USEC_PER_SEC);
  g_assert_cmpint (trend.until_usec, ==, 600 * G_USEC_PER_SEC);
  g_assert_cmpint (ABS (trend.bytes_grown - 10 * 1048576), <=, 1048576);
}

static void
test_too_short (void)
{
  PscSample samples[40];
  PscTrend trend;

  psc_growth_judge (NULL, 0, PSC_GROWTH_LEAST_BYTES, &trend);
  g_assert_cmpint (trend.shape, ==, PSC_GROWTH_TOO_SHORT);
  g_assert_cmpint (trend.needs_usec, ==, PSC_GROWTH_LEAST_USEC);
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = (PscSample){ i * G_USEC_PER_SEC, i * 1048576 };
  for (guint n = 1; n <= 30; n++)
    {
      psc_growth_judge (samples, n, PSC_GROWTH_LEAST_BYTES, &trend);
      g_assert_cmpint (trend.shape, ==, PSC_GROWTH_TOO_SHORT);
      g_assert_cmpint (trend.needs_usec, ==,
                       n > 1 ? (31 - n) * G_USEC_PER_SEC : PSC_GROWTH_LEAST_USEC);
    }
  psc_growth_judge (samples, 31, PSC_GROWTH_LEAST_BYTES, &trend);
  g_assert_cmpint (trend.shape, ==, PSC_GROWTH_GROWING);
  g_assert_cmpfloat_with_epsilon (trend.bytes_per_min, SERIES_MIB (60), 1);
  g_assert_cmpint (trend.needs_usec, ==, 0);
}

/* Time that stands still or goes back, numbers beyond all bounds. */
static void
test_odd (void)
{
  PscSample samples[200];
  PscTrend trend, again;

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = (PscSample){ (gint64) (i / 2 * 2) * G_USEC_PER_SEC, i % 2 == 0 ? 4096 : 1 << 30 };
  psc_growth_judge (samples, G_N_ELEMENTS (samples), PSC_GROWTH_LEAST_BYTES, &trend);
  g_assert_cmpint (trend.shape, ==, PSC_GROWTH_FLAT);
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = (PscSample){ (gint64) i * G_USEC_PER_SEC, i % 3 == 0 ? G_MAXUINT64 :
                                                           i % 3 == 1 ? 0 :
                                                                        G_MAXUINT64 / 2 };
  psc_growth_judge (samples, G_N_ELEMENTS (samples), PSC_GROWTH_LEAST_BYTES, &trend);
  psc_growth_judge (samples, G_N_ELEMENTS (samples), PSC_GROWTH_LEAST_BYTES, &again);
  g_assert_cmpmem (&trend, sizeof trend, &again, sizeof again);
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = (PscSample){ (gint64) i * 1000 * 365 * G_TIME_SPAN_DAY / 10, i * 4096 };
  psc_growth_judge (samples, G_N_ELEMENTS (samples), PSC_GROWTH_LEAST_BYTES, &trend);
  g_assert_cmpint (trend.shape, ==, PSC_GROWTH_GROWING);
}

static void
test_sentences (void)
{
  static const struct
  {
    PscTrend trend;
    const char *sentence;
  } cases[] = {
    { { .shape = PSC_GROWTH_GROWING,
        .until_usec = 12 * G_TIME_SPAN_MINUTE,
        .bytes_per_min = SERIES_MIB (3.1) },
      "growing steadily, 3.1 MiB/min for 12 min" },
    { { .shape = PSC_GROWTH_GROWING,
        .until_usec = 45 * G_USEC_PER_SEC,
        .bytes_per_min = SERIES_MIB (3072),
        .has_cycles = TRUE,
        .low_bytes = 2 << 20,
        .high_bytes = 18 << 20,
        .period_usec = 9 * G_USEC_PER_SEC },
      "growing steadily, 51.2 MiB/s for 45 s (sawtooth: 2–18 MiB every 9 s)" },
    { { .shape = PSC_GROWTH_SHRINKING, .until_usec = 5 * G_TIME_SPAN_HOUR, .bytes_per_min = -512 },
      "shrinking, 30 KiB/h for 5 h" },
    { { .shape = PSC_GROWTH_FLAT, .low_bytes = 99, .high_bytes = 100 }, "flat" },
    { { .shape = PSC_GROWTH_FLAT, .low_bytes = 1 << 20, .high_bytes = 3 << 20 },
      "up and down, 1–3 MiB" },
    { { .shape = PSC_GROWTH_WARMING_UP, .warm_up = PSC_WARM_UP_SLOWING, .bytes_grown = 40 << 20 },
      "warming up: +40 MiB, slowing" },
    { { .shape = PSC_GROWTH_WARMING_UP,
        .warm_up = PSC_WARM_UP_STOPPED,
        .until_usec = 3 * G_TIME_SPAN_MINUTE,
        .bytes_grown = 40 << 20 },
      "warming up: +40 MiB, stopped 3 min ago" },
    { { .shape = PSC_GROWTH_SAWTOOTH,
        .low_bytes = 2 << 20,
        .high_bytes = 18 << 20,
        .period_usec = 9 * G_USEC_PER_SEC },
      "sawtooth: 2–18 MiB every 9 s" },
    { { .shape = PSC_GROWTH_TOO_SHORT,
        .until_usec = 12 * G_USEC_PER_SEC,
        .bytes_grown = 3 << 20,
        .needs_usec = 18 * G_USEC_PER_SEC },
      "+3 MiB in 12 s, too short to tell: needs 18 s more" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sentence = psc_growth_dup_sentence (&cases[i].trend);

      g_assert_cmpstr (sentence, ==, cases[i].sentence);
    }
}

static void
test_counts (void)
{
  static const struct
  {
    double count;
    const char *text;
  } cases[] = { { 0, "0" },        { 0.25, "0.25" },   { 42.349, "42.3" },      { 999.4, "999" },
                { 999.6, "1000" }, { 1392.7, "1390" }, { 1.2345e7, "12300000" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = psc_growth_format_count (cases[i].count);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/growth/shapes", test_shapes);
  g_test_add_func ("/growth/counts", test_counts);
  g_test_add_func ("/growth/false-alarms", test_false_alarms);
  g_test_add_func ("/growth/intervals", test_intervals);
  g_test_add_func ("/growth/delay", test_delay);
  g_test_add_func ("/growth/since", test_since);
  g_test_add_func ("/growth/too-short", test_too_short);
  g_test_add_func ("/growth/odd", test_odd);
  g_test_add_func ("/growth/sentences", test_sentences);
  return g_test_run ();
}
