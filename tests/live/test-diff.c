/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is different between real processes: two moments of one, parent and child, two runs of one
 * program at random addresses, and such programs as people run. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "psc-diff-check.h"
#include "snapshot.h"
#include "zoo.h"

static PscSpace *
capture (gint pid)
{
  return snapshot_once (pid, PSC_SMAPS_NEVER);
}

/* --- runs of one program ------------------------------------------------------------------- */

static const PscDiffPair *
find_pair (const PscDiff *diff, const char *name)
{
  for (guint i = 0; i < diff->b->n_mappings; i++)
    if (g_str_equal (diff->b->mappings[i].name, name))
      return psc_diff_pair_of_mapping (diff, i);
  g_error ("no mapping %s", name);
}

/* Every part of every program image has its like. */
static void
check_images (const PscDiff *diff)
{
  guint n_images = 0;

  for (guint i = 0; i < diff->b->n_mappings; i++)
    {
      const PscMapping *mapping = &diff->b->mappings[i];
      const PscDiffPair *pair = psc_diff_pair_of_mapping (diff, i);

      if (mapping->inode == 0 || mapping->kind > PSC_KIND_DATA)
        continue;
      n_images++;
      g_assert_cmpint (pair->why, ==, PSC_DIFF_FILE);
      g_assert_cmpstr (diff->a->mappings[pair->a].name, ==, mapping->name);
      g_assert_cmpuint (diff->a->mappings[pair->a].offset, ==, mapping->offset);
      g_assert_cmpuint (pair->growth.size.then, ==, pair->growth.size.now);
    }
  g_assert_cmpuint (n_images, >, 3);
}

static void
check_runs (const PscDiff *diff)
{
  psc_diff_check (diff);
  check_images (diff);
  g_assert_false (diff->one_process);
  g_assert_false (diff->identical);
  g_assert_cmpint (find_pair (diff, "[stack]")->why, ==, PSC_DIFF_NAME);
  g_assert_cmpint (find_pair (diff, "[heap]")->why, ==, PSC_DIFF_NAME);
  g_assert_cmpint (find_pair (diff, "[vdso]")->why, ==, PSC_DIFF_NAME);
}

/* One program started twice at random addresses: all is matched, and nearly nothing is different.
 */
static void
test_two_runs (void)
{
  static const char *const names[] = { "anon", "memfd", "checker", "thread_stacks", NULL };
  g_autoptr (Zoo) zoo_a = zoo_new (names);
  g_autoptr (Zoo) zoo_b = zoo_new (names);
  g_autoptr (PscSpace) a = capture (zoo_a->pid);
  g_autoptr (PscSpace) b = capture (zoo_b->pid);
  g_autoptr (PscDiff) diff = psc_diff_new (a, b);
  const Exhibit *exhibit = zoo_get (zoo_b, "checker", 0);
  const PscDiffPair *pair = psc_diff_pair_at (diff, exhibit->start);
  guint64 then;

  check_runs (diff);
  psc_diff_check_mirrored (a, b);
  g_assert_cmpuint (diff->n_came, ==, 0);
  g_assert_cmpuint (diff->n_went, ==, 0);
  /* Where addresses are random, it did not go by them. */
  g_test_message ("shift of the exhibit: 0x%" G_GINT64_MODIFIER "x", pair->shift);
  g_assert_true (psc_diff_address_then (diff, exhibit->start, &then));
  g_assert_cmpuint (then, ==, zoo_get (zoo_a, "checker", 0)->start);
  g_assert_cmpuint (psc_diff_changed_bytes (&pair->growth.pages), ==, 0);
  g_assert_false (psc_diff_pair_is_changed (diff, pair));
  /* Of memory of its own nearly nothing is different: what lies on the stack, say. */
  g_assert_cmpuint (psc_diff_changed_bytes (&diff->kinds[PSC_KIND_ANON].pages) +
                        psc_diff_changed_bytes (&diff->kinds[PSC_KIND_HEAP].pages) +
                        psc_diff_changed_bytes (&diff->kinds[PSC_KIND_SHM_MEMFD].pages),
                    <=, 64 << 10);
}

/* --- one process --------------------------------------------------------------------------- */

/* Two looks between which nothing happened; a program is not at rest as soon as it says so. */
static PscSpace *
capture_at_rest (gint pid, PscSpace **before)
{
  PscSpace *last = capture (pid);

  for (guint i = 0; i < 50; i++)
    {
      PscSpace *space = capture (pid);
      g_autoptr (PscDiff) diff = psc_diff_new (last, space);

      psc_diff_check_change (last, space);
      if (diff->identical)
        {
          *before = last;
          return space;
        }
      psc_space_unref (last);
      last = space;
    }
  g_error ("process %d does not come to rest", pid);
}

static void
test_moments (void)
{
  static const char *const names[] = { "dense_change", "memfd_change", NULL };
  g_autoptr (Zoo) zoo = zoo_new (names);
  g_autoptr (PscSpace) then = NULL;
  g_autoptr (PscSpace) still = capture_at_rest (zoo->pid, &then);
  g_autoptr (PscSpace) now = NULL;
  g_autoptr (PscDiff) nothing = psc_diff_new (then, still);
  g_autoptr (PscDiff) itself = psc_diff_new (then, then);

  g_assert_true (nothing->identical);
  g_assert_cmpuint (nothing->n_changed + nothing->n_came + nothing->n_went, ==, 0);
  g_assert_true (itself->identical);
  g_assert_cmpuint (itself->traits->n_traits, ==, 0);
  psc_diff_check_change (then, still);
  zoo_order (zoo, "change");
  now = capture (zoo->pid);
  psc_diff_check_change (then, now);
  psc_diff_check_change (now, then);
  psc_diff_check_mirrored (then, now);
}

/* --- parent and child ---------------------------------------------------------------------- */

#define N_AREA    4000u
#define N_WRITTEN 37u
#define N_COPIED  11u
#define N_GIVEN   5u

typedef struct
{
  guint8 *area, *file;
  gsize page;
} Memory;

static void
touch (guint8 *start, gsize page, guint first, guint n)
{
  for (guint i = first; i < first + n; i++)
    ((volatile guint8 *) start)[i * page] = 1;
}

/* Half of the area is there when the child begins; all of the file. */
static void
memory_init (Memory *memory)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("psc-diff-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  unlink (path);
  memory->page = (gsize) sysconf (_SC_PAGESIZE);
  g_assert_cmpint (ftruncate (fd, (off_t) (N_AREA * memory->page)), ==, 0);
  memory->file = mmap (NULL, N_AREA * memory->page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  memory->area = mmap (NULL, N_AREA * memory->page, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  close (fd);
  g_assert_true (memory->file != MAP_FAILED && memory->area != MAP_FAILED);
  madvise (memory->area, N_AREA * memory->page, MADV_NOHUGEPAGE);
  touch (memory->area, memory->page, 0, N_AREA / 2);
  for (guint i = 0; i < N_AREA; i++)
    (void) ((volatile guint8 *) memory->file)[i * memory->page];
}

/* In the child: no memory but this is touched. */
static void G_GNUC_NORETURN
change_and_wait (const Memory *memory, int ready)
{
  touch (memory->area, memory->page, N_AREA / 2 + 100, N_WRITTEN);
  touch (memory->file, memory->page, 200, N_COPIED);
  madvise (memory->area, N_GIVEN * memory->page, MADV_DONTNEED);
  if (write (ready, "", 1) == 1)
    for (;;)
      pause ();
  _exit (1);
}

static gint
start_child (const Memory *memory)
{
  int ready[2];
  char byte;
  gint pid;

  g_assert_cmpint (pipe2 (ready, O_CLOEXEC), ==, 0);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    change_and_wait (memory, ready[1]);
  g_assert_cmpint ((int) read (ready[0], &byte, 1), ==, 1);
  close (ready[0]);
  close (ready[1]);
  return pid;
}

/* A child that wrote to so many pages differs in so many pages, of what is its own. */
static void
test_child (void)
{
  Memory memory;
  gint pid;
  const PscDiffPair *of_area, *of_file;

  memory_init (&memory);
  pid = start_child (&memory);
  {
    g_autoptr (PscSpace) a = capture (getpid ());
    g_autoptr (PscSpace) b = capture (pid);
    g_autoptr (PscDiff) diff = psc_diff_new (a, b);

    kill (pid, SIGKILL);
    waitpid (pid, NULL, 0);
    psc_diff_check (diff);
    psc_diff_check_mirrored (a, b);
    g_assert_false (diff->one_process);
    g_assert_true (diff->one_layout);
    of_area = psc_diff_pair_at (diff, (guintptr) memory.area);
    g_assert_cmpint (of_area->why, ==, PSC_DIFF_ADDRESS);
    g_assert_cmpuint (of_area->growth.pages.bytes[PSC_CHANGE_APPEARED], ==,
                      N_WRITTEN * memory.page);
    g_assert_cmpuint (of_area->growth.pages.bytes[PSC_CHANGE_GONE], ==, N_GIVEN * memory.page);
    g_assert_cmpuint (of_area->growth.pages.bytes[PSC_CHANGE_COPIED], ==, 0);
    g_assert_cmpint (psc_diff_delta (of_area->growth.resident), ==,
                     ((gint) N_WRITTEN - (gint) N_GIVEN) * (gint) memory.page);
    of_file = psc_diff_pair_at (diff, (guintptr) memory.file);
    g_assert_cmpint (of_file->why, ==, PSC_DIFF_ADDRESS);
    g_assert_cmpuint (of_file->growth.pages.bytes[PSC_CHANGE_COPIED], ==, N_COPIED * memory.page);
    g_assert_cmpuint (of_file->growth.pages.bytes[PSC_CHANGE_APPEARED], ==, 0);
  }
  munmap (memory.area, N_AREA * memory.page);
  munmap (memory.file, N_AREA * memory.page);
}

/* --- what people run ----------------------------------------------------------------------- */

/* A program that says "ready" and waits. */
typedef struct
{
  GSubprocess *process;
  gint pid;
} Program;

static gboolean
program_start (Program *program, const char *const *argv)
{
  g_autofree char *path = g_find_program_in_path (argv[0]);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;

  if (path == NULL)
    return FALSE;
  program->process =
      g_subprocess_newv (argv,
                         G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                             G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                         &error);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (program->process));
  line = g_data_input_stream_read_line (output, NULL, NULL, NULL);
  program->pid = (gint) g_ascii_strtoll (g_subprocess_get_identifier (program->process), NULL, 10);
  return line != NULL;
}

static void
program_stop (Program *program)
{
  if (program->process == NULL)
    return;
  g_subprocess_force_exit (program->process);
  g_subprocess_wait (program->process, NULL, NULL);
  g_clear_object (&program->process);
}

static gboolean
has_owner (const PscSpace *space, const char *label)
{
  for (guint i = 0; i < space->n_owners; i++)
    if (g_str_equal (space->owners[i].label, label))
      return TRUE;
  return FALSE;
}

/* What belongs to an owner is matched with what belongs to the like one. */
static void
check_owner (const PscDiff *diff, const char *label)
{
  g_assert_true (has_owner (diff->a, label));
  g_assert_true (has_owner (diff->b, label));
  for (guint i = 0; i < diff->n_of_b; i++)
    {
      const PscDiffPair *pair = &diff->pairs[i];
      const PscOwner *owner = psc_space_lookup_owner (diff->b, pair->b_start);

      if (owner == NULL || !g_str_equal (owner->label, label))
        continue;
      g_assert_cmpint (pair->why, ==, PSC_DIFF_OWNER);
      owner = psc_space_lookup_owner (diff->a, pair->a_start);
      g_assert_nonnull (owner);
      g_assert_cmpstr (owner->label, ==, label);
    }
}

static void
run_programs (const char *const *argv, const char *owner)
{
  Program programs[2] = { 0 };

  if (program_start (&programs[0], argv) && program_start (&programs[1], argv))
    {
      g_autoptr (PscSpace) a = capture (programs[0].pid);
      g_autoptr (PscSpace) b = capture (programs[1].pid);
      g_autoptr (PscDiff) diff = psc_diff_new (a, b);

      g_test_message ("%u and %u mappings: %u changed, %u came, %u went", a->n_mappings,
                      b->n_mappings, diff->n_changed, diff->n_came, diff->n_went);
      check_runs (diff);
      psc_diff_check_mirrored (a, b);
      if (owner != NULL)
        check_owner (diff, owner);
      /* Threads that map at the same time may do it in any order; yet most is matched. */
      g_assert_cmpuint (diff->n_came, <, 2 + b->n_mappings / 8);
      g_assert_cmpuint (diff->n_went, <, 2 + a->n_mappings / 8);
    }
  else
    g_test_skip ("not installed, or does not start");
  program_stop (&programs[0]);
  program_stop (&programs[1]);
}

static void
test_node (void)
{
  static const char *const argv[] = { "node", "-e", "console.log('ready'); process.stdin.resume()",
                                      NULL };

  run_programs (argv, NULL);
}

static void
test_java (void)
{
  const char *const argv[] = { "java", g_getenv ("PSC_TEST_JAVA"), NULL };

  run_programs (argv, "Java heap");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diff/two-runs", test_two_runs);
  g_test_add_func ("/diff/moments", test_moments);
  g_test_add_func ("/diff/child", test_child);
  g_test_add_func ("/diff/node", test_node);
  g_test_add_func ("/diff/java", test_java);
  return g_test_run ();
}
