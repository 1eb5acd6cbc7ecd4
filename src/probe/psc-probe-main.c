/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "psc-config.h"
#include "psc-probe-serve.h"

#define EXIT_USAGE 2
#define PIPE_SIZE  (1 << 20)
#define MIN_PAGE   4096u
#define MAX_PAGE   65536u

static const char help_text[] =
    "Usage: pagescape-probe [OPTION...]\n"
    "Reads what the kernel tells of processes and their memory for Pagescape, which starts it.\n"
    "Takes requests on standard input and answers on standard output, both binary.\n"
    "Reads only, unless told otherwise here; ends with its input or its parent.\n"
    "\n"
    "  --root DIR        answer from a recorded copy of /proc\n"
    "  --page-size N     bytes in a page of that copy (default 4096)\n"
    "  --no-scan         do without PAGEMAP_SCAN, as on Linux before 6.7\n"
    "  --no-query        do without PROCMAP_QUERY, as on Linux before 6.11\n"
    "  --may-clear-referenced\n"
    "                    allow requests that make the kernel forget which pages of a process were\n"
    "                    touched; the only ones that write anything\n"
    "  --version         print the version\n"
    "  --help            print this\n";

struct options
{
  const char *root;
  uint32_t page_size; /* 0: not given */
  bool no_scan, no_query, may_clear;
};

static pid_t parent;

/* The signal also comes when only the thread that started the probe ends, and its process
 * lives on. */
static void
parent_signal (int number)
{
  if (getppid () != parent)
    _exit (0);
}

static void
end_with_parent (void)
{
  struct sigaction action = { .sa_handler = parent_signal, .sa_flags = SA_RESTART };

  parent = getppid ();
  sigaction (SIGUSR1, &action, NULL);
  prctl (PR_SET_PDEATHSIG, SIGUSR1);
  if (getppid () != parent)
    _exit (0);
}

/* Larger pipes mean fewer switches between the two ends. Not a pipe, or not allowed: the same
 * answers, a little later. */
static void
widen_pipes (void)
{
  fcntl (STDIN_FILENO, F_SETPIPE_SZ, PIPE_SIZE);
  fcntl (STDOUT_FILENO, F_SETPIPE_SZ, PIPE_SIZE);
}

static int
usage_error (const char *what)
{
  fprintf (stderr, "pagescape-probe: %s; see pagescape-probe --help\n", what);
  return EXIT_USAGE;
}

static bool
parse_page_size (const char *text, uint32_t *page_size)
{
  char *end;
  unsigned long value;

  errno = 0;
  value = strtoul (text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || value < MIN_PAGE || value > MAX_PAGE ||
      (value & (value - 1)) != 0)
    return false;
  *page_size = (uint32_t) value;
  return true;
}

/* -1 to go on, else the exit status. */
static int
parse_options (int argc, char **argv, struct options *options)
{
  static const struct option table[] = {
    { "root", required_argument, NULL, 'r' },
    { "page-size", required_argument, NULL, 'p' },
    { "no-scan", no_argument, NULL, 's' },
    { "no-query", no_argument, NULL, 'q' },
    { "may-clear-referenced", no_argument, NULL, 'c' },
    { "version", no_argument, NULL, 'v' },
    { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 },
  };

  opterr = 0;
  for (int option; (option = getopt_long (argc, argv, "", table, NULL)) != -1;)
    switch (option)
      {
      case 'r':
        options->root = optarg;
        break;
      case 'p':
        if (!parse_page_size (optarg, &options->page_size))
          return usage_error ("--page-size takes 4096, 8192, 16384, 32768 or 65536");
        break;
      case 's':
        options->no_scan = true;
        break;
      case 'q':
        options->no_query = true;
        break;
      case 'c':
        options->may_clear = true;
        break;
      case 'v':
        printf ("pagescape-probe %s (protocol %d)\n", PSC_VERSION, PSC_WIRE_VERSION);
        return EXIT_SUCCESS;
      case 'h':
        fputs (help_text, stdout);
        return EXIT_SUCCESS;
      default:
        return usage_error ("unknown option or missing value");
      }
  if (optind < argc)
    return usage_error ("takes no arguments");
  if (options->page_size != 0 && !options->root)
    return usage_error ("--page-size goes with --root");
  return -1;
}

int
main (int argc, char **argv)
{
  struct options options = { 0 };
  struct probe_source source;
  int status = parse_options (argc, argv, &options);
  int error;

  if (status >= 0)
    return status;
  if (isatty (STDIN_FILENO))
    return usage_error ("is not for terminals");
  end_with_parent ();
  signal (SIGPIPE, SIG_IGN);
  widen_pipes ();

  if (options.root && options.page_size == 0)
    options.page_size = MIN_PAGE;
  error = probe_source_init (&source, options.root, options.page_size);
  if (error)
    {
      fprintf (stderr, "pagescape-probe: can't open %s: %s\n",
               options.root ? options.root : "/proc", strerror (error));
      return EXIT_FAILURE;
    }
  if (options.no_scan)
    probe_source_forgo_scan (&source);
  if (options.no_query)
    probe_source_forgo_query (&source);
  if (options.may_clear)
    probe_source_allow_clear (&source);
  return probe_serve (&source, STDIN_FILENO, STDOUT_FILENO);
}
