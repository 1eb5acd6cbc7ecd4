/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-bench.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define BUFFER_SIZE (64 << 10)
#define N_REGIONS   (64 << 10)

/* include/uapi/linux/fs.h. */
struct scan_arg
{
  guint64 size, flags, start, end, walk_end, vec, vec_len, max_pages;
  guint64 category_inverted, category_mask, category_anyof_mask, return_mask;
};
#define PAGEMAP_SCAN _IOWR ('f', 16, struct scan_arg)

BenchTarget *
bench_target_new (const char *const *argv, char **why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BenchTarget) target = g_new0 (BenchTarget, 1);
  g_autofree char *line = NULL;

  target->process = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  if (target->process == NULL)
    {
      *why = g_strdup (error->message);
      return NULL;
    }
  target->input = g_object_ref (g_subprocess_get_stdin_pipe (target->process));
  target->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (target->process));
  target->pid = atoi (g_subprocess_get_identifier (target->process));
  line = bench_target_read_line (target);
  if (g_strcmp0 (line, "ready") == 0)
    return g_steal_pointer (&target);
  *why = g_strdup_printf ("%s did not get ready", argv[0]);
  return NULL;
}

BenchTarget *
bench_target_new_shape (const char *shape, char **why)
{
  const char *const argv[] = { g_getenv ("PSC_BENCH_TARGET"), shape, NULL };

  if (argv[0] == NULL)
    {
      *why = g_strdup ("PSC_BENCH_TARGET is not set: run it through meson");
      return NULL;
    }
  return bench_target_new (argv, why);
}

void
bench_target_order (BenchTarget *target, const char *order)
{
  g_autofree char *line = g_strconcat (order, "\n", NULL);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (target->input, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
}

char *
bench_target_read_line (BenchTarget *target)
{
  return g_data_input_stream_read_line (target->output, NULL, NULL, NULL);
}

void
bench_target_free (BenchTarget *target)
{
  if (target->process != NULL)
    {
      g_subprocess_force_exit (target->process);
      g_subprocess_wait (target->process, NULL, NULL);
    }
  g_clear_object (&target->output);
  g_clear_object (&target->input);
  g_clear_object (&target->process);
  g_free (target);
}

static int
open_file (gint pid, const char *name)
{
  char path[64];

  g_snprintf (path, sizeof path, "/proc/%d/%s", pid, name);
  return open (path, O_RDONLY | O_CLOEXEC);
}

gboolean
bench_read_file (gint pid, const char *name)
{
  static char buffer[BUFFER_SIZE];
  int fd = open_file (pid, name);
  gssize n;

  if (fd < 0)
    return FALSE;
  while ((n = read (fd, buffer, sizeof buffer)) > 0)
    continue;
  close (fd);
  return n == 0;
}

static gboolean
read_entries (int fd, guint64 start, guint64 end, gsize page_size)
{
  static guint64 buffer[BUFFER_SIZE / sizeof (guint64)];

  while (start < end)
    {
      gsize n_pages = MIN ((end - start) / page_size, G_N_ELEMENTS (buffer));
      gssize n = pread (fd, buffer, n_pages * sizeof (guint64),
                        (off_t) (start / page_size * sizeof (guint64)));

      if (n <= 0)
        return FALSE;
      start += (guint64) n / sizeof (guint64) * page_size;
    }
  return TRUE;
}

gboolean
bench_read_pagemap (gint pid, const GArray *ranges)
{
  gsize page_size = (gsize) sysconf (_SC_PAGESIZE);
  int fd = open_file (pid, "pagemap");
  gboolean done = fd >= 0;

  for (guint i = 0; done && i + 1 < ranges->len; i += 2)
    done = read_entries (fd, g_array_index (ranges, guint64, i),
                         g_array_index (ranges, guint64, i + 1), page_size);
  if (fd >= 0)
    close (fd);
  return done;
}

static gboolean
scan_range (int fd, const struct psc_wire_scan_range *range)
{
  static struct psc_wire_region regions[N_REGIONS];
  struct scan_arg arg = {
    .size = sizeof arg,
    .end = range->end,
    .vec = (guintptr) regions,
    .vec_len = N_REGIONS,
    .category_inverted = range->category_inverted,
    .category_mask = range->category_mask,
    .category_anyof_mask = range->category_anyof_mask,
    .return_mask = range->return_mask,
  };
  int n = N_REGIONS;

  for (arg.start = range->start; n == N_REGIONS && arg.start < range->end; arg.start = arg.walk_end)
    n = ioctl (fd, PAGEMAP_SCAN, &arg);
  return n >= 0;
}

gboolean
bench_scan (gint pid, const GArray *scan_ranges)
{
  int fd = open_file (pid, "pagemap");
  gboolean done = fd >= 0;

  for (guint i = 0; done && i < scan_ranges->len; i++)
    done = scan_range (fd, &g_array_index (scan_ranges, struct psc_wire_scan_range, i));
  if (fd >= 0)
    close (fd);
  return done;
}

gboolean
bench_run (const char *const *argv)
{
  g_autoptr (GSubprocess) process =
      g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL);

  return process != NULL && g_subprocess_wait_check (process, NULL, NULL);
}

gint64
bench_now_nsec (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

gint64
bench_median (GArray *values)
{
  g_array_sort (values, compare);
  return values->len > 0 ? g_array_index (values, gint64, values->len / 2) : 0;
}

gboolean
bench_pin (gint pid, guint cpu)
{
  cpu_set_t set;

  if (g_get_num_processors () < 2)
    return FALSE;
  CPU_ZERO (&set);
  CPU_SET (cpu, &set);
  return sched_setaffinity (pid, sizeof set, &set) == 0;
}
