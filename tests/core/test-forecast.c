/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When what grows runs into something. */

#include "psc-forecast.h"

#define MIB (1024.0 * 1024)

static void
test_time (void)
{
  static const struct
  {
    double low, high;
    const char *text;
  } cases[] = {
    { 0, 0, "now" },
    { 0.5, 0.5, "in about 30 s" },
    { 40, 40, "in about 40 min" },
    { 40, 44, "in about 42 min" },
    { 90, 90, "in about 90 min" },
    { 180, 300, "in 3 to 5 h" },
    { 150, 300, "in 2.5 to 5 h" },
    { 30, 600, "in 30 min to 10 h" },
    { 0, 600, "in 0 to 10 h" },
    { 60 * 24 * 3, INFINITY, "in 3 days or later" },
    { 60 * 24 * 365.25 * 5, 60 * 24 * 365.25 * 9, "in 5 to 9 years" },
    { 60 * 24 * 366.0 * 200, INFINITY, "in more than 100 years" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = psc_forecast_format_time (cases[i].low, cases[i].high);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* One of everything; a test takes away what it doesn't want. */
static PscLimits *
new_limits (void)
{
  PscLimits *limits = psc_limits_new ();
  PscCgroupLevel *level = psc_limits_add_level (limits, g_strdup ("/a/{time}"));

  level->max = psc_limit_value (G_GUINT64_CONSTANT (1000) << 20);
  level->usage = psc_limit_value (G_GUINT64_CONSTANT (900) << 20);
  level->high = psc_limit_value (G_GUINT64_CONSTANT (950) << 20);
  level->memsw_max = (PscLimit){ PSC_LIMIT_UNLIMITED, 0 };
  limits->mem_total = psc_limit_value (G_GUINT64_CONSTANT (4000) << 20);
  limits->mem_available = psc_limit_value (G_GUINT64_CONSTANT (1500) << 20);
  limits->swap_total = psc_limit_value (G_GUINT64_CONSTANT (1000) << 20);
  limits->swap_free = psc_limit_value (G_GUINT64_CONSTANT (500) << 20);
  limits->max_map_count = psc_limit_value (65530);
  limits->stack = psc_limit_value (G_GUINT64_CONSTANT (8) << 20);
  limits->address_space = psc_limit_value (G_GUINT64_CONSTANT (8192) << 20);
  limits->data = (PscLimit){ PSC_LIMIT_UNLIMITED, 0 };
  limits->overcommit = PSC_OVERCOMMIT_NEVER;
  limits->commit_limit = psc_limit_value (G_GUINT64_CONSTANT (3000) << 20);
  limits->committed = psc_limit_value (G_GUINT64_CONSTANT (2000) << 20);
  return limits;
}

static const PscAmounts amounts = { 65030, 1 << 20, G_GUINT64_CONSTANT (4096) << 20, 1 << 30 };
static const PscGrowth growth = {
  { 10 * MIB, 20 * MIB }, { 100, 200 }, { 1 * MIB, 1 * MIB }, { 0, 20 * MIB }
};

static void
test_all (void)
{
  static const struct
  {
    PscForecastKind kind;
    double low, high;
    const char *sentence;
  } expected[] = {
    { PSC_FORECAST_CGROUP_HIGH, 2.5, 5,
      "Control group /a/{time} reaches 950 MiB, from where on it is slowed down, in 2.5 to 5 min" },
    { PSC_FORECAST_MAPPINGS, 2.5, 5,
      "The number of mappings reaches vm.max_map_count = 65530 in 2.5 to 5 min" },
    { PSC_FORECAST_CGROUP, 5, 10,
      "Control group /a/{time} reaches its limit of 1000 MiB in 5 to 10 min" },
    { PSC_FORECAST_STACK, 7, 7, "The stack reaches RLIMIT_STACK = 8 MiB in about 7 min" },
    { PSC_FORECAST_COMMIT, 50, INFINITY,
      "CommitLimit reaches 2.93 GiB, and overcommit is switched off, in 50 min or later" },
    { PSC_FORECAST_OUT_OF_MEMORY, 100, 200,
      "The machine is out of memory, of which 1.46 GiB is available now and 500 MiB of swap free, "
      "in 100 min to 3.3 h" },
    { PSC_FORECAST_ADDRESS_SPACE, 204.8, INFINITY,
      "The address space reaches RLIMIT_AS = 8 GiB in 3.4 h or later" },
  };
  g_autoptr (PscLimits) limits = new_limits ();
  g_autoptr (GPtrArray) forecasts = psc_forecast_new (limits, &amounts, &growth);

  g_assert_cmpuint (forecasts->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < forecasts->len; i++)
    {
      const PscForecast *forecast = g_ptr_array_index (forecasts, i);

      g_assert_cmpint (forecast->kind, ==, expected[i].kind);
      g_assert_cmpfloat_with_epsilon (forecast->low, expected[i].low, 1e-9);
      if (isinf (expected[i].high))
        g_assert_true (isinf (forecast->high));
      else
        g_assert_cmpfloat_with_epsilon (forecast->high, expected[i].high, 1e-9);
      g_assert_cmpstr (forecast->sentence, ==, expected[i].sentence);
    }
}

/* What doesn't grow, shrinks or isn't known runs into nothing. */
static void
test_still (void)
{
  static const PscRate rates[] = { { 0, 0 }, { -5, 0 }, { -10, -5 }, { NAN, NAN } };
  g_autoptr (PscLimits) limits = new_limits ();

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      const PscGrowth still = { rates[i], rates[i], rates[i], rates[i] };
      g_autoptr (GPtrArray) forecasts = psc_forecast_new (limits, &amounts, &still);

      g_assert_cmpuint (forecasts->len, ==, 0);
    }
}

/* Nor does anything that has no limit, or whose limit or amount isn't known. */
static void
test_unlimited (void)
{
  g_autoptr (PscLimits) limits = psc_limits_new ();
  const PscAmounts nothing = { 0 };
  g_autoptr (GPtrArray) unknown = psc_forecast_new (limits, &amounts, &growth);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) no_amounts = NULL;
  g_autoptr (PscLimits) all = new_limits ();

  g_assert_cmpuint (unknown->len, ==, 0);
  limits->stack = limits->address_space = limits->data = limits->max_map_count =
      (PscLimit){ PSC_LIMIT_UNLIMITED, 0 };
  none = psc_forecast_new (limits, &amounts, &growth);
  g_assert_cmpuint (none->len, ==, 0);
  all->n_levels--;
  g_free (all->levels[0].path);
  all->mem_available.state = PSC_LIMIT_UNKNOWN;
  all->overcommit = PSC_OVERCOMMIT_GUESS;
  no_amounts = psc_forecast_new (all, &nothing, &growth);
  g_assert_cmpuint (no_amounts->len, ==, 0);
}

static void
test_reached (void)
{
  static const PscAmounts full = { 65531, 0, 0, 0 };
  g_autoptr (PscLimits) limits = psc_limits_new ();
  g_autoptr (GPtrArray) forecasts = NULL;
  const PscForecast *forecast;

  limits->max_map_count = psc_limit_value (65530);
  forecasts = psc_forecast_new (limits, &full, &growth);
  g_assert_cmpuint (forecasts->len, ==, 1);
  forecast = g_ptr_array_index (forecasts, 0);
  g_assert_cmpfloat (forecast->low, ==, 0);
  g_assert_cmpfloat (forecast->high, ==, 0);
  g_assert_cmpstr (forecast->sentence, ==,
                   "The number of mappings reaches vm.max_map_count = 65530 now");
}

static void
test_amounts (void)
{
  g_autoptr (PscSpaceBuilder) builder = psc_space_builder_new (4096);
  const PscMapping mappings[] = {
    { .start = 0x10000, .end = 0x20000, .name = "/x", .perms = PSC_PERM_READ | PSC_PERM_EXEC },
    { .start = 0x20000, .end = 0x22000, .name = "", .perms = PSC_PERM_READ | PSC_PERM_WRITE },
    { .start = 0x30000,
      .end = 0x34000,
      .name = "",
      .perms = PSC_PERM_READ | PSC_PERM_WRITE | PSC_PERM_SHARED },
    { .start = 0x40000,
      .end = 0x48000,
      .name = "[stack]",
      .perms = PSC_PERM_READ | PSC_PERM_WRITE,
      .kind = PSC_KIND_STACK },
    { .start = 0xffffffffff600000, .end = 0xffffffffff601000, .name = "[vsyscall]" },
  };
  g_autoptr (PscSpace) space = NULL;
  PscAmounts got;

  for (guint i = 0; i < G_N_ELEMENTS (mappings); i++)
    g_assert_true (psc_space_builder_add_mapping (builder, &mappings[i]));
  space = psc_space_builder_freeze (g_steal_pointer (&builder));
  got = psc_amounts_of_space (space);
  g_assert_cmpuint (got.n_mappings, ==, 4);
  g_assert_cmpuint (got.stack, ==, 0x8000);
  g_assert_cmpuint (got.address_space, ==, 0x10000 + 0x2000 + 0x4000 + 0x8000);
  g_assert_cmpuint (got.data, ==, 0x2000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forecast/time", test_time);
  g_test_add_func ("/forecast/all", test_all);
  g_test_add_func ("/forecast/still", test_still);
  g_test_add_func ("/forecast/unlimited", test_unlimited);
  g_test_add_func ("/forecast/reached", test_reached);
  g_test_add_func ("/forecast/amounts", test_amounts);
  return g_test_run ();
}
