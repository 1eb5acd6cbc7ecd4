/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What an hour of a process takes as a recording, and how long it takes to open it and to go to any
 * moment of it. Each program lives through 3600 seconds as fast as it can, a snapshot after each:
 * it does what it does in a second when it is told to, so that what changes from one snapshot to
 * the next is what changes in a second of use.
 *
 *   KiB     of the file when it is finished; what there is of it a moment; keys are one in so many
 *   gzip    what maps and page runs (16 bytes each) of all moments take, each moment compressed by
 *           itself: measured on one in 36
 *   add     one moment written, median and largest
 *   open    with its timeline, median of 20; floor: SQLite opening it and reading its schema
 *   go to   the snapshot of a moment at random, 300 of them, median and largest
 *   memory  what the same takes in a PscHistory
 */

#include "psc-bench.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include "psc-history.h"
#include "psc-recorder.h"
#include "psc-recording.h"

#define N_MOMENTS  3600
#define N_OPENS    20
#define N_LOADS    300
#define GZIP_EVERY 36

#define MOST_MSEC 200
#define MIB       (G_GUINT64_CONSTANT (1) << 20)

typedef struct
{
  const char *title;
  const char *argv[4];
  guint64 most_bytes; /* that an hour may take */
} Program;

typedef struct
{
  guint64 bytes, gzip_bytes, history_bytes;
  GArray *add_nsec, *open_nsec, *floor_nsec, *load_nsec;
  guint n_mappings, n_runs, n_loaded;
  gboolean well;
} Result;

static gsize
gzipped (gconstpointer bytes, gsize size)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  gsize room = size + size / 2 + 1024, n_read, n_written;
  g_autofree char *out = g_malloc (room);

  g_converter_convert (G_CONVERTER (compressor), bytes, size, out, room, G_CONVERTER_INPUT_AT_END,
                       &n_read, &n_written, NULL);
  return n_written;
}

static gsize
gzip_size (gint pid, const PscSpace *space)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/maps", pid);
  g_autofree char *maps = NULL;
  g_autoptr (GByteArray) all = g_byte_array_new ();
  gsize n = 0;

  g_file_get_contents (path, &maps, &n, NULL);
  g_byte_array_append (all, (const guint8 *) maps, (guint) n);
  g_byte_array_append (all, (const guint8 *) space->runs, space->n_runs * (guint) sizeof (PscRun));
  return gzipped (all->data, all->len);
}

static void
note (GArray *times, gint64 began)
{
  gint64 took = bench_now_nsec () - began;

  g_array_append_val (times, took);
}

static gint64
largest (const GArray *times)
{
  gint64 most = 0;

  for (guint i = 0; i < times->len; i++)
    most = MAX (most, g_array_index (times, gint64, i));
  return most;
}

/* One second of the program, and what there is to see after it. FALSE when it has ended. */
static gboolean
live_on (BenchTarget *process)
{
  g_autofree char *line = NULL;

  bench_target_order (process, "");
  line = bench_target_read_line (process);
  return line != NULL;
}

static void
record (BenchTarget *process, const char *path, PscHistory *history, Result *result)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_WATCH;
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = psc_probe_new_local (NULL, NULL, &error);
  g_autoptr (PscTarget) target = NULL;
  g_autoptr (PscRecorder) recorder = NULL;
  g_autoptr (PscSpace) then = NULL;

  options.sleep_usec = options.reuse_usec = 0;
  if (probe != NULL)
    target = psc_target_new (probe, process->pid, &error);
  if (target != NULL)
    recorder = psc_recorder_new (path, FALSE, &error);
  for (guint i = 0; recorder != NULL && i < N_MOMENTS && live_on (process); i++)
    {
      g_autoptr (PscSpace) now = psc_target_capture (target, &options, &error);
      g_autoptr (PscMoment) moment = NULL;
      gint64 began;

      if (now == NULL)
        break;
      moment = psc_moment_new (then, now);
      began = bench_now_nsec ();
      if (!psc_recorder_add (recorder, now, moment, &error))
        break;
      note (result->add_nsec, began);
      psc_history_add (history, now, moment);
      if (i % GZIP_EVERY == 0)
        result->gzip_bytes += gzip_size (process->pid, now) * GZIP_EVERY;
      result->n_mappings = now->n_mappings;
      result->n_runs = now->n_runs;
      psc_space_unref (then);
      then = g_steal_pointer (&now);
    }
  if (error == NULL && recorder != NULL)
    psc_recorder_finish (recorder, "stopped", &error);
  if (error != NULL)
    g_error ("%s", error->message);
}

static gboolean
open_floor (const char *path)
{
  sqlite3 *handle = NULL;
  gboolean well =
      sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
      sqlite3_exec (handle, "SELECT * FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK;

  sqlite3_close (handle);
  return well;
}

static void
look (const char *path, Result *result)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (PscRecording) recording = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_OPENS; i++)
    {
      gint64 began = bench_now_nsec ();

      if (!open_floor (path))
        g_error ("can't open %s", path);
      note (result->floor_nsec, began);
      g_clear_pointer (&recording, psc_recording_free);
      began = bench_now_nsec ();
      recording = psc_recording_open (path, &error);
      if (recording == NULL)
        g_error ("%s", error->message);
      note (result->open_nsec, began);
    }
  for (guint i = 0; i < N_LOADS; i++)
    {
      gint32 n = (gint32) psc_recording_get_n_moments (recording);
      gint64 began = bench_now_nsec ();
      PscSpace *space =
          psc_recording_load (recording, (guint) g_rand_int_range (rand, 0, n), &error);

      if (space == NULL)
        g_error ("%s", error->message);
      note (result->load_nsec, began);
      result->n_loaded += space->n_mappings > 0;
      psc_space_unref (space);
    }
}

static void
print (const Program *program, Result *result)
{
  double open = (double) bench_median (result->open_nsec) / 1e6;
  double load = (double) largest (result->load_nsec) / 1e6;

  result->well = result->bytes <= program->most_bytes && open + load <= MOST_MSEC;
  printf ("%-10s %8u %6u %7.0f %7.0f %7.0f %6.1fx %7.2f %7.2f %7.2f %7.2f %7.2f %7.2f  "
          "%.1f MiB (<= %.0f %s), %.0f ms (<= %d %s)\n",
          program->title, result->n_mappings, result->n_runs, (double) result->bytes / 1024,
          (double) result->bytes / N_MOMENTS, (double) result->history_bytes / 1024,
          (double) result->gzip_bytes / (double) result->bytes,
          (double) bench_median (result->add_nsec) / 1e6, (double) largest (result->add_nsec) / 1e6,
          (double) bench_median (result->floor_nsec) / 1e6, open,
          (double) bench_median (result->load_nsec) / 1e6, load,
          (double) result->bytes / (double) MIB, (double) program->most_bytes / (double) MIB,
          result->bytes <= program->most_bytes ? "met" : "missed", open + load, MOST_MSEC,
          open + load <= MOST_MSEC ? "met" : "missed");
  fflush (stdout);
}

static gboolean
run (const Program *program, const char *folder)
{
  Result result = { 0 };
  g_autofree char *why = NULL;
  g_autofree char *path = g_build_filename (folder, "bench.pagescape", NULL);
  g_autoptr (BenchTarget) process = bench_target_new (program->argv, &why);
  g_autoptr (PscHistory) history = psc_history_new (PSC_HISTORY_BUDGET, PSC_THINNING_BY_AGE);
  GArray **times[] = { &result.add_nsec, &result.open_nsec, &result.floor_nsec, &result.load_nsec };
  GStatBuf status;

  if (process == NULL)
    {
      printf ("%-10s skipped: %s\n", program->title, why);
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    *times[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
  record (process, path, history, &result);
  psc_history_settle (history);
  result.history_bytes = psc_history_get_bytes (history);
  if (g_stat (path, &status) == 0)
    result.bytes = (guint64) status.st_size;
  look (path, &result);
  print (program, &result);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    g_array_unref (*times[i]);
  if (g_getenv ("PSC_BENCH_KEEP") == NULL)
    g_remove (path);
  else
    {
      g_autofree char *kept = g_strconcat (g_getenv ("PSC_BENCH_KEEP"), "/", program->title, NULL);

      g_rename (path, kept);
    }
  return result.well;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  const char *sources = g_getenv ("PSC_BENCH_SOURCES");
  g_autofree char *folder = g_dir_make_tmp ("pagescape-bench-XXXXXX", &error);
  g_autofree char *desktop = g_build_filename (sources, "busy-desktop.py", NULL);
  g_autofree char *node = g_build_filename (sources, "busy.js", NULL);
  g_autofree char *java = g_build_filename (sources, "Busy.java", NULL);
  g_autofree char *pages = g_build_filename (sources, "busy-pages.py", NULL);
  const Program programs[] = {
    { "GTK", { desktop, NULL }, 10 * MIB },
    { "Node", { "node", node, NULL }, 10 * MIB },
    { "Java", { "java", java, NULL }, 10 * MIB },
    /* Of the last nothing is promised but this. */
    { "hard case", { pages, NULL }, 200 * MIB },
  };
  gboolean well = TRUE;

  g_assert_no_error (error);
  printf ("%u moments; KiB, bytes a moment; milliseconds\n", N_MOMENTS);
  printf ("%-10s %8s %6s %7s %7s %7s %7s %7s %7s %7s %7s %7s %7s\n", "program", "mappings", "runs",
          "KiB", "B/mom.", "memory", "/gzip", "add", "most", "floor", "open", "go to", "most");
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    if (argc < 2 || strcmp (argv[1], programs[i].title) == 0)
      well = run (&programs[i], folder) && well;
  g_rmdir (folder);
  return well ? 0 : 1;
}
