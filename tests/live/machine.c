/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/swap.h>
#include <sys/wait.h>
#include <unistd.h>

/* Any file of the kernel's does for a lock: it leaves nothing behind. */
#define LOCK_PATH "/proc/sys/vm/overcommit_memory"

#define SWAP_SIZE ((gsize) 64 << 20)

static struct
{
  const char *path;
  char *before; /* NULL when this machine has no such setting */
} settings[] = {
  { MACHINE_HUGEPAGES }, { MACHINE_THP },       { MACHINE_THP_2M },    { MACHINE_THP_64K },
  { MACHINE_KSM_RUN },   { MACHINE_KSM_PAGES }, { MACHINE_KSM_SLEEP }, { MACHINE_KSM_ZERO },
};

static char *swap_path;

/* The chosen word of "always [madvise] never", or the text itself. */
char *
machine_get (const char *path)
{
  g_autofree char *text = NULL;
  char *open, *close;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  open = strchr (text, '[');
  close = open != NULL ? strchr (open, ']') : NULL;
  if (close != NULL)
    return g_strndup (open + 1, close - open - 1);
  return g_strdup (g_strstrip (text));
}

static int
write_setting (const char *path, const char *value)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  int error = fd < 0 || write (fd, value, strlen (value)) < 0 ? errno : 0;

  if (fd >= 0)
    close (fd);
  return error;
}

char *
machine_set (const char *path, const char *value)
{
  g_autofree char *now = machine_get (path);
  int error;

  if (now != NULL && g_str_equal (now, value))
    return NULL;
  error = write_setting (path, value);
  return error == 0 ?
             NULL :
             g_strdup_printf ("%s can't be set to %s: %s", path, value, g_strerror (error));
}

char *
machine_add_huge_pages (guint n)
{
  g_autofree char *now = machine_get (MACHINE_HUGEPAGES);
  g_autofree char *more = NULL;

  if (now == NULL)
    return g_strdup ("this kernel has no huge-page pool");
  more = g_strdup_printf ("%" G_GUINT64_FORMAT, g_ascii_strtoull (now, NULL, 10) + n);
  return machine_set (MACHINE_HUGEPAGES, more);
}

void
machine_restore (void)
{
  if (swap_path != NULL && g_file_test (swap_path, G_FILE_TEST_EXISTS))
    {
      swapoff (swap_path);
      g_unlink (swap_path);
    }
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *now = machine_get (settings[i].path);

      if (settings[i].before != NULL && g_strcmp0 (now, settings[i].before) != 0)
        write_setting (settings[i].path, settings[i].before);
    }
}

/* What mkswap writes: the head of version 1, which fills a page and ends with a signature. */
static void
fill_swap_head (guint8 *head, gsize page_size)
{
  const guint32 version = 1, last_page = SWAP_SIZE / page_size - 1;

  memcpy (head + 1024, &version, sizeof version);
  memcpy (head + 1028, &last_page, sizeof last_page);
  memcpy (head + page_size - 10, "SWAPSPACE2", 10);
}

/* Without holes: the kernel writes to the blocks and not to the file. */
static gboolean
write_swap_file (void)
{
  gsize page_size = (gsize) sysconf (_SC_PAGESIZE);
  g_autofree guint8 *bytes = g_malloc0 (SWAP_SIZE / 64);
  int fd = open (swap_path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  gboolean done = fd >= 0;

  fill_swap_head (bytes, page_size);
  for (guint i = 0; i < 64 && done; i++)
    {
      done = write (fd, bytes, SWAP_SIZE / 64) == (gssize) (SWAP_SIZE / 64);
      memset (bytes, 0, page_size);
    }
  if (fd >= 0)
    close (fd);
  return done;
}

char *
machine_swap_on (void)
{
  g_autofree char *swaps = NULL;

  if (geteuid () != 0)
    return g_strdup ("swap can only be switched on by root");
  if (!g_file_get_contents ("/proc/swaps", &swaps, NULL, NULL))
    return g_strdup ("this kernel has no swap");
  if (strchr (swaps, '\n') != NULL && strchr (swaps, '\n')[1] != '\0')
    return g_strdup ("this machine has swap already, which is not for tests");
  if (!write_swap_file ())
    return g_strdup_printf ("%s can't be written: %s", swap_path, g_strerror (errno));
  if (swapon (swap_path, 0) != 0)
    return g_strdup_printf ("%s can't be swap: %s", swap_path, g_strerror (errno));
  return NULL;
}

static void
lock_machine (void)
{
  int fd = open (LOCK_PATH, O_RDONLY | O_CLOEXEC);

  while (fd >= 0 && flock (fd, LOCK_EX) != 0 && errno == EINTR)
    continue;
}

/* Waits until nobody has the other end of the pipe any more. It has the lock, too. */
static G_NORETURN void
keep (int wait_fd)
{
  int null = open ("/dev/null", O_RDWR);
  char byte;

  setsid ();
  for (int signum = 1; signum < 32; signum++)
    signal (signum, SIG_IGN);
  for (int fd = 0; fd < 3; fd++)
    dup2 (null, fd);
  while (read (wait_fd, &byte, 1) < 0 && errno == EINTR)
    continue;
  machine_restore ();
  _exit (0);
}

int
machine_run (int argc, char **argv, int (*run) (int argc, char **argv))
{
  int ends[2], status;
  pid_t keeper;

  lock_machine ();
  swap_path = g_strdup_printf ("/var/tmp/pagescape-swap-%d", (int) getpid ());
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    settings[i].before = machine_get (settings[i].path);
  if (pipe2 (ends, O_CLOEXEC) != 0)
    return EXIT_FAILURE;
  keeper = fork ();
  if (keeper < 0)
    return EXIT_FAILURE;
  if (keeper == 0)
    {
      close (ends[1]);
      keep (ends[0]);
    }
  close (ends[0]);
  status = run (argc, argv);
  close (ends[1]);
  waitpid (keeper, NULL, 0);
  return status;
}
