/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The storm: processes of psc-herd fork, run themselves anew, die, map and unmap as fast as they
 * can, and are captured all the while, by a probe as it is and by one that does without the newer
 * system calls. Every answer is a snapshot of which everything holds that psc_space_check() knows,
 * or an error that such a process deserves. Nothing hangs, nothing leaks, nothing is left behind.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "psc-capture.h"
#include "psc-inspect.h"
#include "psc-process-list.h"
#include "psc-space-check.h"

#define N_HERD       "24"
#define N_SLOTS      12
#define N_ERRORS     (PSC_PROBE_ERROR_FAILED + 1)
#define LONGEST_USEC (30 * G_USEC_PER_SEC) /* of one call; then it hangs */
#define SETTLED      4                     /* memory is compared from a quarter of the time on */
/* Bytes that a probe and this program may grow by; AddressSanitizer keeps what was freed. */
#ifdef __SANITIZE_ADDRESS__
#define MAX_GROWTH (G_GUINT64_CONSTANT (16) << 20)
#else
#define MAX_GROWTH (G_GUINT64_CONSTANT (1) << 20)
#endif
#define MAX_OWN_GROWTH (G_GUINT64_CONSTANT (48) << 20)

typedef struct
{
  gint pid; /* the keeper, and its process group */
  int input;
} Herd;

typedef struct
{
  PscTarget *target; /* NULL: free */
  guint64 start_time;
  guint n_captures;
} Slot;

/* One probe and the thread that asks it. */
typedef struct
{
  const char *name;
  const char *const *arguments; /* of the probe */
  const Herd *herd;
  gint64 end_usec;
  GRand *random;

  PscProbe *probe;
  gint probe_pid;
  Slot slots[N_SLOTS];
  GPtrArray *processes; /* PscProcess: those of the herd when it was looked at last */

  gint64 busy_since_usec; /* atomic by `lock`: begin of the present call, 0 between */
  GMutex lock;

  guint n_opened, n_snapshots, n_same_target;
  guint n_inspections;
  guint n_open_errors[N_ERRORS], n_errors[N_ERRORS], n_inspect_errors[N_ERRORS];
  guint64 n_mappings, n_moving, n_runs;
  guint n_torn, n_failed;
  gint64 longest_usec;
} Rider;

static const char *const error_names[N_ERRORS] = {
  [PSC_PROBE_ERROR_SPAWN] = "spawn",
  [PSC_PROBE_ERROR_BROKEN] = "broken",
  [PSC_PROBE_ERROR_GONE] = "gone",
  [PSC_PROBE_ERROR_DENIED] = "denied",
  [PSC_PROBE_ERROR_UNSUPPORTED] = "unsupported",
  [PSC_PROBE_ERROR_NO_MEMORY_MAP] = "no memory map",
  [PSC_PROBE_ERROR_FAILED] = "failed",
};

static guint
get_seconds (void)
{
  const char *text = g_getenv ("STORM_SECONDS");

  return text != NULL ? (guint) CLAMP (atoi (text), 1, 86400) : 10;
}

/*
 * The herd.
 */

static void
set_up_child (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
herd_start (Herd *herd)
{
  const char *argv[] = { g_getenv ("PSC_TEST_HERD"), N_HERD, "4711", NULL };
  g_autoptr (GError) error = NULL;
  char line[6] = "";
  int output;

  /* What the keeper leaves behind comes to us. */
  g_assert_cmpint (prctl (PR_SET_CHILD_SUBREAPER, 1), ==, 0);
  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, set_up_child,
                            NULL, &herd->pid, &herd->input, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (output, line, 6), ==, 6);
  g_assert_cmpint (memcmp (line, "ready\n", 6), ==, 0);
  close (output);
}

/* Ends all of it and waits until the last is gone. */
static void
herd_stop (Herd *herd)
{
  close (herd->input);
  while (waitpid (-herd->pid, NULL, 0) > 0)
    continue;
  g_assert_cmpint (errno, ==, ECHILD);
  g_assert_cmpint (kill (-herd->pid, 0), ==, -1);
  g_assert_cmpint (errno, ==, ESRCH);
}

/*
 * What a process holds.
 */

static guint
count_descriptors (gint pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd", pid);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &error);
  guint n = 0;

  g_assert_no_error (error);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Bytes of memory that are its own. */
static guint64
read_resident (gint pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/statm", pid);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  unsigned long long size, resident, shared;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sscanf (text, "%llu %llu %llu", &size, &resident, &shared), ==, 3);
  return (resident - shared) * (guint64) sysconf (_SC_PAGESIZE);
}

/*
 * A rider.
 */

static void
set_busy (Rider *rider, gboolean busy)
{
  g_mutex_lock (&rider->lock);
  rider->busy_since_usec = busy ? g_get_monotonic_time () : 0;
  g_mutex_unlock (&rider->lock);
}

static void
check_not_hanging (Rider *rider)
{
  gint64 since;

  g_mutex_lock (&rider->lock);
  since = rider->busy_since_usec;
  g_mutex_unlock (&rider->lock);
  if (since != 0 && g_get_monotonic_time () - since > LONGEST_USEC)
    g_error ("%s: a call hangs", rider->name);
}

/* Errors that a process of the herd deserves. */
static void
count_error (const Rider *rider, guint *counts, const GError *error)
{
  g_assert_true (error != NULL && error->domain == PSC_PROBE_ERROR);
  g_assert_true (error->code >= 0 && error->code < N_ERRORS);
  counts[error->code]++;
  if (error->code != PSC_PROBE_ERROR_GONE && error->code != PSC_PROBE_ERROR_NO_MEMORY_MAP &&
      error->code != PSC_PROBE_ERROR_DENIED)
    g_error ("%s: %s", rider->name, error->message);
}

static GPtrArray *
list_all (Rider *rider)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *processes;

  set_busy (rider, TRUE);
  processes = psc_process_list (rider->probe, &error);
  set_busy (rider, FALSE);
  g_assert_no_error (error);
  return processes;
}

static void
look_around (Rider *rider)
{
  GPtrArray *all = list_all (rider);

  for (guint i = 0; i < all->len;)
    {
      const PscProcess *process = g_ptr_array_index (all, i);

      if (getpgid (process->pid) == rider->herd->pid)
        i++;
      else
        g_ptr_array_remove_index_fast (all, i);
    }
  g_clear_pointer (&rider->processes, g_ptr_array_unref);
  rider->processes = all;
}

/* The rider's own probe is the one among our children that is not `other`. PIDs start over now and
 * then, so the highest need not be the newest. */
static gint
find_probe (Rider *rider, gint other)
{
  g_autoptr (GPtrArray) all = list_all (rider);
  gint pid = 0;

  for (guint i = 0; i < all->len; i++)
    {
      const PscProcess *process = g_ptr_array_index (all, i);

      if (process->ppid == getpid () && process->pid != other &&
          g_str_equal (process->program, "pagescape-probe"))
        pid = process->pid;
    }
  g_assert_cmpint (pid, >, 0);
  return pid;
}

static void
slot_clear (Slot *slot)
{
  g_clear_pointer (&slot->target, psc_target_free);
  *slot = (Slot){ NULL };
}

static void
open_one (Rider *rider, Slot *slot)
{
  g_autoptr (GError) error = NULL;
  const PscProcess *process;

  if (rider->processes == NULL || rider->processes->len == 0)
    look_around (rider);
  if (rider->processes->len == 0)
    return;
  process = g_ptr_array_index (rider->processes,
                               g_rand_int_range (rider->random, 0, (gint) rider->processes->len));
  set_busy (rider, TRUE);
  slot->target = psc_target_new (rider->probe, process->pid, &error);
  set_busy (rider, FALSE);
  rider->n_opened++;
  if (slot->target == NULL)
    count_error (rider, rider->n_open_errors, error);
  /* Soon they are others. */
  if (g_rand_int_range (rider->random, 0, 8) == 0)
    g_clear_pointer (&rider->processes, g_ptr_array_unref);
}

static void
count_space (Rider *rider, const PscSpace *space)
{
  guint n_moving = 0;

  for (guint i = 0; i < space->n_mappings; i++)
    n_moving += (space->mappings[i].flags & PSC_MAPPING_MOVING) != 0;
  for (guint i = 0; i < space->n_unknowns; i++)
    {
      if (space->unknowns[i].reason == PSC_REASON_TORN)
        rider->n_torn++;
      if (space->unknowns[i].reason == PSC_REASON_FAILED)
        {
          rider->n_failed++;
          g_test_message ("%s: %s: %s", rider->name, space->unknowns[i].what,
                          space->unknowns[i].why);
        }
    }
  rider->n_snapshots++;
  rider->n_mappings += space->n_mappings;
  rider->n_runs += space->n_runs;
  rider->n_moving += n_moving;
  rider->longest_usec = MAX (rider->longest_usec, space->cost.wall_usec);
}

static void
check_snapshot (Rider *rider, Slot *slot, const PscSpace *space)
{
  g_autofree char *wrong = psc_space_check (space);

  if (wrong != NULL)
    g_error ("%s: %s", rider->name, wrong);
  g_assert_cmpuint (space->n_mappings, >, 0);
  g_assert_cmpint (space->pid, ==, psc_target_get_pid (slot->target));
  if (slot->n_captures++ > 0)
    {
      g_assert_cmpuint (space->start_time, ==, slot->start_time);
      rider->n_same_target++;
    }
  slot->start_time = space->start_time;
  count_space (rider, space);
}

/* A few pages of what may be elsewhere by now. */
static void
inspect_one (Rider *rider, const Slot *slot, const PscSpace *space)
{
  const PscMapping *mapping =
      &space->mappings[g_rand_int_range (rider->random, 0, (gint) space->n_mappings)];
  g_autoptr (GError) error = NULL;
  g_autoptr (PscInspection) inspection = NULL;

  set_busy (rider, TRUE);
  inspection = psc_target_inspect (slot->target, mapping->start, 16, &error);
  set_busy (rider, FALSE);
  if (inspection == NULL)
    count_error (rider, rider->n_inspect_errors, error);
  else
    rider->n_inspections++;
}

static void
capture_one (Rider *rider, Slot *slot)
{
  static const PscCaptureOptions ways[] = {
    PSC_CAPTURE_OPTIONS_DEFAULT,
    PSC_CAPTURE_OPTIONS_WATCH,
    { .force_pagemap = TRUE, .hold_usec = 1000, .sleep_usec = 500 },
    { .smaps = PSC_SMAPS_ALWAYS, .hold_usec = 1000, .sleep_usec = 500 },
    { .smaps = PSC_SMAPS_SMALL },
    { .smaps = PSC_SMAPS_ALWAYS, .force_pagemap = TRUE, .hold_usec = 100, .sleep_usec = 100 },
  };
  const PscCaptureOptions *options =
      &ways[g_rand_int_range (rider->random, 0, G_N_ELEMENTS (ways))];
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = NULL;

  set_busy (rider, TRUE);
  space = psc_target_capture (slot->target, options, &error);
  set_busy (rider, FALSE);
  if (space != NULL)
    {
      check_snapshot (rider, slot, space);
      inspect_one (rider, slot, space);
    }
  else
    count_error (rider, rider->n_errors, error);
  if (space == NULL || g_rand_int_range (rider->random, 0, 32) == 0)
    slot_clear (slot);
}

static void
ride_until (Rider *rider, gint64 end_usec)
{
  while (g_get_monotonic_time () < end_usec)
    {
      Slot *slot = &rider->slots[g_rand_int_range (rider->random, 0, N_SLOTS)];

      if (slot->target == NULL)
        open_one (rider, slot);
      if (slot->target != NULL)
        capture_one (rider, slot);
    }
}

static void
let_go (Rider *rider)
{
  for (guint i = 0; i < N_SLOTS; i++)
    slot_clear (&rider->slots[i]);
  /* An answer to this means that the probe has closed them all. */
  look_around (rider);
  g_clear_pointer (&rider->processes, g_ptr_array_unref);
}

static gpointer
ride (gpointer data)
{
  Rider *rider = data;
  gint64 begin_usec = g_get_monotonic_time ();
  guint n_descriptors = count_descriptors (rider->probe_pid);
  guint64 settled, later;

  ride_until (rider, begin_usec + (rider->end_usec - begin_usec) / SETTLED);
  let_go (rider);
  g_assert_cmpuint (count_descriptors (rider->probe_pid), ==, n_descriptors);
  settled = read_resident (rider->probe_pid);
  ride_until (rider, rider->end_usec);
  let_go (rider);
  g_assert_cmpuint (count_descriptors (rider->probe_pid), ==, n_descriptors);
  later = read_resident (rider->probe_pid);
  g_test_message ("%s: the probe holds %u descriptors, %" G_GUINT64_FORMAT
                  " KiB, before %" G_GUINT64_FORMAT " KiB",
                  rider->name, n_descriptors, later >> 10, settled >> 10);
  g_assert_cmpuint (later, <=, settled + MAX_GROWTH);
  return NULL;
}

static void
rider_init (Rider *rider, const Herd *herd, gint64 end_usec, gint other_probe)
{
  g_autoptr (GError) error = NULL;

  rider->herd = herd;
  rider->end_usec = end_usec;
  rider->random = g_rand_new_with_seed (other_probe > 0);
  g_mutex_init (&rider->lock);
  rider->probe = psc_probe_new_local (NULL, rider->arguments, &error);
  g_assert_no_error (error);
  rider->probe_pid = find_probe (rider, other_probe);
}

static void
rider_finish (Rider *rider)
{
  psc_probe_unref (rider->probe);
  g_rand_free (rider->random);
  g_mutex_clear (&rider->lock);
}

static void
say_errors (const Rider *rider, const char *doing, const guint *counts)
{
  for (guint i = 0; i < N_ERRORS; i++)
    if (counts[i] > 0)
      g_test_message ("%s: %s ended with “%s” %u times", rider->name, doing, error_names[i],
                      counts[i]);
}

static void
say_numbers (const Rider *rider)
{
  g_test_message ("%s: %u snapshots, %u of a target that was captured before, %u opened",
                  rider->name, rider->n_snapshots, rider->n_same_target, rider->n_opened);
  g_test_message ("%s: %" G_GUINT64_FORMAT " mappings, %" G_GUINT64_FORMAT
                  " of them moving, %" G_GUINT64_FORMAT " runs",
                  rider->name, rider->n_mappings, rider->n_moving, rider->n_runs);
  g_test_message ("%s: %u notes of something torn, longest snapshot %.1f ms", rider->name,
                  rider->n_torn, rider->longest_usec / 1000.0);
  say_errors (rider, "opening", rider->n_open_errors);
  say_errors (rider, "a snapshot", rider->n_errors);
  g_test_message ("%s: %u looks at single pages", rider->name, rider->n_inspections);
  say_errors (rider, "a look at pages", rider->n_inspect_errors);
}

static void
test_storm (void)
{
  static const char *const older[] = { "--no-scan", "--no-query", NULL };
  Rider riders[] = { { .name = "newer" }, { .name = "older", .arguments = older } };
  gint64 begin_usec = g_get_monotonic_time ();
  gint64 end_usec = begin_usec + (gint64) get_seconds () * G_USEC_PER_SEC;
  GThread *threads[G_N_ELEMENTS (riders)];
  guint64 settled = 0;
  guint n_descriptors = count_descriptors (getpid ());
  Herd herd;

  herd_start (&herd);
  for (guint i = 0; i < G_N_ELEMENTS (riders); i++)
    rider_init (&riders[i], &herd, end_usec, i > 0 ? riders[0].probe_pid : 0);
  for (guint i = 0; i < G_N_ELEMENTS (riders); i++)
    threads[i] = g_thread_new (riders[i].name, ride, &riders[i]);
  while (g_get_monotonic_time () < end_usec)
    {
      g_usleep (G_USEC_PER_SEC / 10);
      for (guint i = 0; i < G_N_ELEMENTS (riders); i++)
        check_not_hanging (&riders[i]);
      if (settled == 0 && g_get_monotonic_time () > begin_usec + (end_usec - begin_usec) / SETTLED)
        settled = read_resident (getpid ());
    }
  for (guint i = 0; i < G_N_ELEMENTS (riders); i++)
    g_thread_join (threads[i]);
  g_test_message ("this program holds %" G_GUINT64_FORMAT " KiB, before %" G_GUINT64_FORMAT " KiB",
                  read_resident (getpid ()) >> 10, settled >> 10);
  g_assert_cmpuint (read_resident (getpid ()), <=, settled + MAX_OWN_GROWTH);
  herd_stop (&herd);
  for (guint i = 0; i < G_N_ELEMENTS (riders); i++)
    {
      say_numbers (&riders[i]);
      g_assert_cmpuint (riders[i].n_snapshots, >, 0);
      g_assert_cmpuint (riders[i].n_failed, ==, 0);
      rider_finish (&riders[i]);
    }
  /* The two pipes of GLib's own watch of children are there or not. */
  g_assert_cmpuint (count_descriptors (getpid ()), <=, n_descriptors + 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/storm", test_storm);
  return g_test_run ();
}
