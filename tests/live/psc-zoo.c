/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A process with memory of every sort, for tests to look at.
 *
 *   psc-zoo EXHIBIT…
 *
 * makes each exhibit, writes one line of JSON for it to stdout,
 *   {"name":"anon","pid":42,"start":"0x…","end":"0x…"}   or   {"name":"hugetlb","skip":"why not"}
 * and {"name":"ready"} when all are there. Then it reads commands from stdin, one a line, and keeps
 * still between them; the end of the input ends it:
 *
 *   exec    runs it anew without exhibits
 *   storm   begins to map and unmap without end
 *   hide    makes it a process that others of the same user may not look into
 *   change  makes the dense exhibits otherwise in places, as psc-zoo-change.c says
 */

#include "psc-zoo.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

static const ZooExhibit *const halls[] = { zoo_anon_exhibits,   zoo_huge_exhibits,
                                           zoo_shared_exhibits, zoo_swap_exhibits,
                                           zoo_kernel_exhibits, zoo_change_exhibits };

static void
make (const char *name)
{
  for (size_t i = 0; i < sizeof halls / sizeof halls[0]; i++)
    for (const ZooExhibit *exhibit = halls[i]; exhibit->name != NULL; exhibit++)
      if (strcmp (exhibit->name, name) == 0)
        {
          exhibit->make (name);
          return;
        }
  fprintf (stderr, "psc-zoo: no exhibit %s\n", name);
  exit (2);
}

static void
say_ready (void)
{
  puts ("{\"name\":\"ready\"}");
  fflush (stdout);
}

static void *
storm_thread (void *data)
{
  static struct
  {
    char *start;
    size_t length;
  } places[64];

  for (unsigned i = 1;; i = i * 1103515245u + 12345u)
    {
      unsigned at = (i >> 16) % 64;

      if (places[at].start != NULL)
        munmap (places[at].start, places[at].length);
      places[at].length = (1 + (i >> 8) % 32) * zoo_page;
      places[at].start = zoo_map (places[at].length, PROT_READ | PROT_WRITE, MAP_PRIVATE, -1);
      if (places[at].start != NULL)
        zoo_touch (places[at].start, zoo_page, zoo_page);
    }
  return data;
}

static void
storm (void)
{
  pthread_t thread;

  pthread_create (&thread, NULL, storm_thread, NULL);
  say_ready ();
}

static void
obey (const char *command, char **argv)
{
  if (strcmp (command, "exec\n") == 0)
    execl ("/proc/self/exe", argv[0], (char *) NULL);
  else if (strcmp (command, "storm\n") == 0)
    storm ();
  else if (strcmp (command, "hide\n") == 0)
    {
      prctl (PR_SET_DUMPABLE, 0);
      say_ready ();
    }
  else if (strcmp (command, "change\n") == 0)
    {
      zoo_change ();
      say_ready ();
    }
}

/* A line, by a call that needs no buffer of its own. Size 0 only goes the way there. */
static int
read_command (char *command, size_t size)
{
  size_t length = 0;
  ssize_t n;

  do
    {
      n = read (STDIN_FILENO, command + length, size > 0 ? 1 : 0);
      if (n <= 0)
        return 0;
      length++;
    }
  while (command[length - 1] != '\n' && length + 1 < size);
  command[length] = '\0';
  return 1;
}

int
main (int argc, char **argv)
{
  char command[32] = "";

  zoo_page = (size_t) sysconf (_SC_PAGESIZE);
  for (int i = 1; i < argc; i++)
    make (argv[i]);
  /* Who is ready keeps still to the page: what waiting needs is touched before. */
  read_command (command, 0);
  say_ready ();
  while (read_command (command, sizeof command))
    obey (command, argv);
  return EXIT_SUCCESS;
}
