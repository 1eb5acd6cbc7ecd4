/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-process-list.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "psc-format.h"
#include "psc-proc-parser.h"

/* As many as a message names. */
#define MAX_NAMED 5

GQuark
psc_target_error_quark (void)
{
  return g_quark_from_static_string ("psc-target-error-quark");
}

PscProcess *
psc_process_copy (const PscProcess *process)
{
  PscProcess *copy = g_memdup2 (process, sizeof *process);

  copy->name = g_strdup (process->name);
  copy->program = g_strdup (process->program);
  copy->command = g_strdup (process->command);
  return copy;
}

void
psc_process_free (PscProcess *process)
{
  if (process == NULL)
    return;
  g_free (process->name);
  g_free (process->program);
  g_free (process->command);
  g_free (process);
}

static char *
dup_program (const char *cmdline, gsize length)
{
  gsize n = strnlen (cmdline, length);
  const char *slash = memrchr (cmdline, '/', n);
  const char *base = slash != NULL ? slash + 1 : cmdline;

  return psc_format_name (base, (gssize) (n - (gsize) (base - cmdline)));
}

static void
set_stat (PscProcess *process, const PscStat *stat)
{
  process->pid = stat->pid;
  process->ppid = stat->ppid;
  process->start_time = stat->start_time;
  process->size = stat->vsize;
  process->minflt = stat->minflt;
  process->majflt = stat->majflt;
  process->cpu_ticks = stat->utime + stat->stime;
  process->n_threads = stat->n_threads;
  process->state = stat->state;
  process->kernel_thread = psc_stat_is_kernel_thread (stat);
  process->name = psc_format_name (stat->comm, -1);
}

typedef struct
{
  GPtrArray *processes;
  gsize page_size;
} Listing;

static void
add_process_cb (const PscProbeProcess *raw, gpointer user_data)
{
  Listing *listing = user_data;
  g_autoptr (PscProcess) process = NULL;
  PscStat stat;
  PscStatm statm = { 0 };

  /* A process that ended while it was listed. */
  if (raw->stat == NULL || !psc_stat_parse (raw->stat, raw->stat_length, &stat))
    return;

  process = g_new0 (PscProcess, 1);
  set_stat (process, &stat);
  process->uid = raw->uid;
  process->resident = stat.rss * listing->page_size;
  if (raw->statm != NULL && psc_statm_parse (raw->statm, raw->statm_length, &statm))
    {
      process->resident = statm.resident * listing->page_size;
      process->shared = statm.shared * listing->page_size;
    }
  if (raw->cmdline != NULL && raw->cmdline_length > 0)
    {
      process->program = dup_program (raw->cmdline, raw->cmdline_length);
      process->command = psc_cmdline_format (raw->cmdline, raw->cmdline_length);
    }
  else
    {
      process->program = g_strdup ("");
      process->command = g_strdup ("");
    }
  g_ptr_array_add (listing->processes, g_steal_pointer (&process));
}

static gint
compare_pid (gconstpointer a, gconstpointer b)
{
  const PscProcess *pa = *(const PscProcess *const *) a;
  const PscProcess *pb = *(const PscProcess *const *) b;

  return (pa->pid > pb->pid) - (pa->pid < pb->pid);
}

GPtrArray *
psc_process_list (PscProbe *probe, GError **error)
{
  g_autoptr (GPtrArray) processes = NULL;
  Listing listing;

  g_return_val_if_fail (probe != NULL, NULL);

  processes = g_ptr_array_new_with_free_func ((GDestroyNotify) psc_process_free);
  listing = (Listing){ processes, psc_probe_get_host (probe)->page_size };
  if (!psc_probe_list (probe, add_process_cb, &listing, error))
    return NULL;
  g_ptr_array_sort (processes, compare_pid);
  return g_steal_pointer (&processes);
}

const PscProcess *
psc_process_list_largest (GPtrArray *processes, guint uid, gint except_pid)
{
  const PscProcess *largest = NULL;

  for (guint i = 0; i < processes->len; i++)
    {
      const PscProcess *process = g_ptr_array_index (processes, i);

      if (process->uid != uid || process->pid == except_pid || process->kernel_thread ||
          process->resident == 0)
        continue;
      if (largest == NULL || process->resident > largest->resident)
        largest = process;
    }
  return largest;
}

static const PscProcess *
find_pid (GPtrArray *processes, const char *target, GError **error)
{
  guint64 pid = 0;

  if (!g_ascii_string_to_unsigned (target, 10, 1, PSC_PROCESS_MAX_PID, &pid, NULL))
    {
      g_set_error (error, PSC_TARGET_ERROR, PSC_TARGET_ERROR_INVALID,
                   "%s can't be a process id: those are numbers from 1 to %d", target,
                   PSC_PROCESS_MAX_PID);
      return NULL;
    }
  for (guint i = 0; i < processes->len; i++)
    {
      const PscProcess *process = g_ptr_array_index (processes, i);

      if ((guint64) process->pid == pid)
        return process;
    }
  g_set_error (error, PSC_TARGET_ERROR, PSC_TARGET_ERROR_NONE, "There is no process %s", target);
  return NULL;
}

static GPtrArray *
matches_of (GPtrArray *processes, const char *target, gsize field_offset)
{
  GPtrArray *matches = g_ptr_array_new ();

  for (guint i = 0; i < processes->len; i++)
    {
      PscProcess *process = g_ptr_array_index (processes, i);

      if (g_str_equal (G_STRUCT_MEMBER (char *, process, field_offset), target))
        g_ptr_array_add (matches, process);
    }
  return matches;
}

static void
set_several (GError **error, GPtrArray *matches, const char *target)
{
  g_autoptr (GString) pids = g_string_new (NULL);
  g_autofree char *name = psc_format_name (target, -1);

  for (guint i = 0; i < MIN (matches->len, MAX_NAMED); i++)
    {
      const PscProcess *process = g_ptr_array_index (matches, i);

      g_string_append_printf (pids, "%s%d", i > 0 ? ", " : "", process->pid);
    }
  if (matches->len > MAX_NAMED)
    g_string_append (pids, ", …");
  g_set_error (error, PSC_TARGET_ERROR, PSC_TARGET_ERROR_SEVERAL,
               "%u processes are called “%s”: give a process id (%s)", matches->len, name,
               pids->str);
}

const PscProcess *
psc_process_list_find (GPtrArray *processes, const char *target, GError **error)
{
  static const gsize fields[] = {
    G_STRUCT_OFFSET (PscProcess, name),
    G_STRUCT_OFFSET (PscProcess, program),
  };
  g_autofree char *name = NULL;

  g_return_val_if_fail (processes != NULL && target != NULL, NULL);

  if (target[0] == '\0')
    {
      g_set_error_literal (error, PSC_TARGET_ERROR, PSC_TARGET_ERROR_INVALID,
                           "The name of the process is empty");
      return NULL;
    }
  if (strspn (target, "0123456789") == strlen (target))
    return find_pid (processes, target, error);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr (GPtrArray) matches = matches_of (processes, target, fields[i]);

      if (matches->len == 1)
        return g_ptr_array_index (matches, 0);
      if (matches->len > 1)
        {
          set_several (error, matches, target);
          return NULL;
        }
    }
  name = psc_format_name (target, -1);
  g_set_error (error, PSC_TARGET_ERROR, PSC_TARGET_ERROR_NONE, "There is no process called “%s”",
               name);
  return NULL;
}

char *
psc_user_dup_name (PscProbe *probe, guint uid)
{
  char here[256] = "";
  char buffer[4096];
  struct passwd passwd, *found = NULL;

  if (gethostname (here, sizeof here - 1) == 0 &&
      g_str_equal (here, psc_probe_get_host (probe)->host) &&
      (psc_probe_get_host (probe)->features & PSC_WIRE_FEATURE_LIVE) != 0 &&
      getpwuid_r (uid, &passwd, buffer, sizeof buffer, &found) == 0 && found != NULL)
    return psc_format_name (found->pw_name, -1);
  return g_strdup_printf ("%u", uid);
}
