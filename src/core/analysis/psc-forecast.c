/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-forecast.h"

#include <glib/gi18n.h>
#include <string.h>

#include "psc-format.h"

/* Two bounds that are nearer to each other than this (high above low, as a ratio) read as one. */
#define NEARLY 1.15
/* Nobody is helped by a number beyond that. */
#define MOST_MINUTES (100 * 365 * 24 * 60.0)

static const char *const ids[PSC_N_FORECASTS] = {
  [PSC_FORECAST_CGROUP] = "cgroup",
  [PSC_FORECAST_CGROUP_HIGH] = "cgroup_high",
  [PSC_FORECAST_OUT_OF_MEMORY] = "out_of_memory",
  [PSC_FORECAST_COMMIT] = "commit",
  [PSC_FORECAST_MAPPINGS] = "mappings",
  [PSC_FORECAST_STACK] = "stack",
  [PSC_FORECAST_ADDRESS_SPACE] = "address_space",
  [PSC_FORECAST_DATA] = "data",
};

const char *
psc_forecast_id (PscForecastKind kind)
{
  return ids[kind];
}

void
psc_forecast_free (PscForecast *forecast)
{
  if (forecast == NULL)
    return;
  g_free (forecast->sentence);
  g_free (forecast);
}

/* Minutes in one unit; `unit` is that of the larger bound, so that both have the same. */
typedef struct
{
  double minutes;
  const char *one;
  const char *range;
} Unit;

static const Unit units[] = {
  { 1.0 / 60, N_ ("{low} s"), N_ ("{low} to {high} s") },
  { 1, N_ ("{low} min"), N_ ("{low} to {high} min") },
  { 60, N_ ("{low} h"), N_ ("{low} to {high} h") },
  { 60 * 24, N_ ("{low} days"), N_ ("{low} to {high} days") },
  { 60 * 24 * 365.25, N_ ("{low} years"), N_ ("{low} to {high} years") },
};

/* Two of it are the least that a unit is used for: "90 min", "36 h". */
static const Unit *
unit_of (double minutes)
{
  guint i = G_N_ELEMENTS (units) - 1;

  while (i > 0 && minutes < 2 * units[i].minutes)
    i--;
  return &units[i];
}

/* One or two digits, as good as a forecast can be. */
static char *
dup_number (double number)
{
  if (number < 9.95 && fabs (number - (double) (gint64) (number + 0.5)) >= 0.05)
    return g_strdup_printf ("%.1f", number);
  return g_strdup_printf ("%.0f", number);
}

static char *
dup_minutes (double minutes)
{
  const Unit *unit = unit_of (minutes);
  g_autofree char *number = dup_number (minutes / unit->minutes);
  GString *text = g_string_new (_ (unit->one));

  g_string_replace (text, "{low}", number, 1);
  return g_string_free (text, FALSE);
}

char *
psc_forecast_format_time (double low, double high)
{
  g_autofree char *from = NULL, *to = NULL, *range = NULL;

  if (high <= 0)
    return g_strdup (_ ("now"));
  if (low >= MOST_MINUTES)
    return g_strdup (_ ("in more than 100 years"));
  if (high >= MOST_MINUTES)
    {
      from = dup_minutes (low);
      return g_strdup_printf (_ ("in %s or later"), from);
    }
  if (high <= low * NEARLY)
    {
      from = dup_minutes ((low + high) / 2);
      return g_strdup_printf (_ ("in about %s"), from);
    }
  if (unit_of (low) == unit_of (high) || low <= 0)
    {
      const Unit *unit = unit_of (high);

      GString *text = g_string_new (_ (unit->range));

      from = dup_number (low / unit->minutes);
      to = dup_number (high / unit->minutes);
      g_string_replace (text, "{low}", from, 1);
      g_string_replace (text, "{high}", to, 1);
      range = g_string_free (text, FALSE);
    }
  else
    {
      from = dup_minutes (low);
      to = dup_minutes (high);
      range = g_strdup_printf (_ ("%s to %s"), from, to);
    }
  return g_strdup_printf (_ ("in %s"), range);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  const PscForecast *x = *(const PscForecast *const *) a;
  const PscForecast *y = *(const PscForecast *const *) b;

  if (x->low != y->low)
    return x->low < y->low ? -1 : 1;
  if (x->high != y->high)
    return x->high < y->high ? -1 : 1;
  return (gint) x->kind - (gint) y->kind;
}

/* Nothing when it doesn't grow; the sentence is the caller's to set. */
static PscForecast *
add (GPtrArray *forecasts, PscForecastKind kind, guint64 limit, guint64 now, const PscRate *rate)
{
  double room = limit > now ? (double) (limit - now) : 0;
  PscForecast *forecast;

  /* Also false for what is no number. */
  if (!(rate->high > 0))
    return NULL;
  forecast = g_new0 (PscForecast, 1);
  forecast->kind = kind;
  forecast->limit = limit;
  forecast->now = now;
  forecast->low = room / rate->high;
  forecast->high = rate->low > 0 ? room / MIN (rate->low, rate->high) : INFINITY;
  /* What is full is full, however slowly it grows. */
  if (room == 0)
    forecast->high = 0;
  g_ptr_array_add (forecasts, forecast);
  return forecast;
}

/* Fills a sentence, "Control group {what} reaches its limit of {limit} {time}". What comes from
 * outside is last: nothing in it is filled. */
static void
say (PscForecast *forecast, const char *sentence, const char *what, const char *limit)
{
  g_autofree char *time = psc_forecast_format_time (forecast->low, forecast->high);
  GString *text = g_string_new (sentence);

  g_string_replace (text, "{limit}", limit, 1);
  g_string_replace (text, "{time}", time, 1);
  g_string_replace (text, "{what}", what, 1);
  forecast->sentence = g_string_free (text, FALSE);
}

static void
add_level (GPtrArray *forecasts, const PscCgroupLevel *level, const PscRate *memory)
{
  const struct
  {
    PscForecastKind kind;
    const PscLimit *limit, *usage;
    const char *sentence;
  } rows[] = {
    { PSC_FORECAST_CGROUP, &level->max, &level->usage,
      N_ ("Control group {what} reaches its limit of {limit} {time}") },
    { PSC_FORECAST_CGROUP, &level->memsw_max, &level->memsw_usage,
      N_ ("Control group {what} reaches its limit of memory and swap, {limit}, {time}") },
    { PSC_FORECAST_CGROUP_HIGH, &level->high, &level->usage,
      N_ ("Control group {what} reaches {limit}, from where on it is slowed down, {time}") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PscForecast *forecast;
      g_autofree char *limit = psc_format_size (rows[i].limit->value);

      if (rows[i].limit->state != PSC_LIMIT_VALUE || rows[i].usage->state != PSC_LIMIT_VALUE)
        continue;
      forecast = add (forecasts, rows[i].kind, rows[i].limit->value, rows[i].usage->value, memory);
      if (forecast == NULL)
        continue;
      forecast->cgroup_path = level->path;
      say (forecast, _ (rows[i].sentence), level->path, limit);
    }
}

static void
add_machine (GPtrArray *forecasts, const PscLimits *limits, const PscGrowth *growth)
{
  guint64 total = limits->mem_total.value + limits->swap_total.value;
  guint64 room = limits->mem_available.value + limits->swap_free.value;
  g_autofree char *available = psc_format_size (limits->mem_available.value);
  g_autofree char *swap = psc_format_size (limits->swap_free.value);
  PscForecast *forecast;

  if (limits->mem_available.state != PSC_LIMIT_VALUE ||
      limits->mem_total.state != PSC_LIMIT_VALUE || total < room)
    return;
  forecast = add (forecasts, PSC_FORECAST_OUT_OF_MEMORY, total, total - room, &growth->memory);
  if (forecast == NULL)
    return;
  if (limits->swap_free.value > 0)
    say (forecast,
         _ ("The machine is out of memory, of which {what} is available now and {limit} of swap "
            "free, {time}"),
         available, swap);
  else
    say (forecast, _ ("The machine is out of memory, of which {what} is available now, {time}"),
         available, "");
}

static void
add_commit (GPtrArray *forecasts, const PscLimits *limits, const PscGrowth *growth)
{
  g_autofree char *limit = psc_format_size (limits->commit_limit.value);
  PscForecast *forecast;

  if (limits->overcommit != PSC_OVERCOMMIT_NEVER || limits->commit_limit.state != PSC_LIMIT_VALUE ||
      limits->committed.state != PSC_LIMIT_VALUE)
    return;
  forecast = add (forecasts, PSC_FORECAST_COMMIT, limits->commit_limit.value,
                  limits->committed.value, &growth->address_space);
  if (forecast != NULL)
    say (forecast, _ ("{what} reaches {limit}, and overcommit is switched off, {time}"),
         "CommitLimit", limit);
}

static void
add_mappings (GPtrArray *forecasts, const PscLimits *limits, const PscAmounts *now,
              const PscGrowth *growth)
{
  g_autofree char *limit = g_strdup_printf ("%" G_GUINT64_FORMAT, limits->max_map_count.value);
  PscForecast *forecast;

  if (limits->max_map_count.state != PSC_LIMIT_VALUE || now->n_mappings == 0)
    return;
  forecast = add (forecasts, PSC_FORECAST_MAPPINGS, limits->max_map_count.value, now->n_mappings,
                  &growth->mappings);
  if (forecast != NULL)
    say (forecast, _ ("The number of mappings reaches {what} = {limit} {time}"), "vm.max_map_count",
         limit);
}

static void
add_rlimits (GPtrArray *forecasts, const PscLimits *limits, const PscAmounts *now,
             const PscGrowth *growth)
{
  const struct
  {
    PscForecastKind kind;
    const PscLimit *limit;
    guint64 now;
    const PscRate *rate;
    const char *name;
    const char *sentence;
  } rows[] = {
    { PSC_FORECAST_STACK, &limits->stack, now->stack, &growth->stack, "RLIMIT_STACK",
      N_ ("The stack reaches {what} = {limit} {time}") },
    { PSC_FORECAST_ADDRESS_SPACE, &limits->address_space, now->address_space,
      &growth->address_space, "RLIMIT_AS",
      N_ ("The address space reaches {what} = {limit} {time}") },
    { PSC_FORECAST_DATA, &limits->data, now->data, &growth->address_space, "RLIMIT_DATA",
      N_ ("Private writable memory reaches {what} = {limit} {time}") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *limit = psc_format_size (rows[i].limit->value);
      PscForecast *forecast;

      if (rows[i].limit->state != PSC_LIMIT_VALUE || rows[i].now == 0)
        continue;
      forecast = add (forecasts, rows[i].kind, rows[i].limit->value, rows[i].now, rows[i].rate);
      if (forecast != NULL)
        say (forecast, _ (rows[i].sentence), rows[i].name, limit);
    }
}

GPtrArray *
psc_forecast_new (const PscLimits *limits, const PscAmounts *now, const PscGrowth *growth)
{
  GPtrArray *forecasts = g_ptr_array_new_with_free_func ((GDestroyNotify) psc_forecast_free);

  for (guint i = 0; i < limits->n_levels; i++)
    add_level (forecasts, &limits->levels[i], &growth->memory);
  add_machine (forecasts, limits, growth);
  add_commit (forecasts, limits, growth);
  add_mappings (forecasts, limits, now, growth);
  add_rlimits (forecasts, limits, now, growth);
  g_ptr_array_sort (forecasts, compare);
  return forecasts;
}

PscAmounts
psc_amounts_of_space (const PscSpace *space)
{
  PscAmounts amounts = { .n_mappings = space->totals.n_mappings };

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      guint64 size = mapping->end - mapping->start;

      /* Outside of user space, and not counted. */
      if (strcmp (mapping->name, "[vsyscall]") == 0)
        {
          amounts.n_mappings--;
          continue;
        }
      amounts.address_space += size;
      if (mapping->kind == PSC_KIND_STACK)
        amounts.stack += size;
      /* As is_data_mapping() in the kernel's mm/internal.h. */
      if ((mapping->perms & (PSC_PERM_WRITE | PSC_PERM_SHARED)) == PSC_PERM_WRITE &&
          mapping->kind != PSC_KIND_STACK && !(mapping->flags & PSC_MAPPING_GROWS_DOWN))
        amounts.data += size;
    }
  return amounts;
}
