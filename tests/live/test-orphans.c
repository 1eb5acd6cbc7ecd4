/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shared memory that this very process made: found when nobody maps it, with its true size, and not
 * when somebody does, nor when it is gone. */

#include "psc-orphans.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "snapshot.h"

#define SIZE  (1u << 20)
#define TOUCH (300u << 10)

static PscOrphans *
read_orphans (guint kinds)
{
  const PscOrphansOptions options = { kinds };
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = snapshot_probe (NULL);
  PscOrphans *orphans = psc_orphans_read (probe, &options, &error);

  g_assert_no_error (error);
  return orphans;
}

static const PscOrphan *
find (const PscOrphans *orphans, const char *name)
{
  const PscOrphan *found = NULL;
  guint64 bytes = 0;

  for (guint i = 0; i < orphans->orphans->len; i++)
    {
      const PscOrphan *orphan = g_ptr_array_index (orphans->orphans, i);

      bytes += orphan->bytes;
      if (strstr (orphan->name, name) != NULL)
        found = orphan;
    }
  g_assert_cmpuint (orphans->bytes, ==, bytes);
  return found;
}

static const PscOrphan *
find_segment (const PscOrphans *orphans, int shmid)
{
  for (guint i = 0; i < orphans->orphans->len; i++)
    {
      const PscOrphan *orphan = g_ptr_array_index (orphans->orphans, i);

      if (orphan->kind == PSC_ORPHAN_SYSV && orphan->shmid == shmid)
        return orphan;
    }
  return NULL;
}

static void
check_gone (const char *name)
{
  g_autoptr (PscOrphans) orphans = read_orphans (0);

  g_assert_null (find (orphans, name));
}

static void
test_sysv (void)
{
  int shmid = shmget (IPC_PRIVATE, SIZE, 0600 | IPC_CREAT);
  char *area = shmat (shmid, NULL, 0);
  g_autoptr (PscOrphans) attached = NULL, detached = NULL, removed = NULL;
  const PscOrphan *orphan;
  g_autofree char *remedy = g_strdup_printf ("ipcrm -m %d", shmid);

  g_assert_cmpint (shmid, >=, 0);
  g_assert_true (area != (void *) -1);
  memset (area, 1, TOUCH);
  attached = read_orphans (1 << PSC_ORPHAN_SYSV);
  g_assert_null (find_segment (attached, shmid));
  g_assert_cmpint (shmdt (area), ==, 0);
  detached = read_orphans (1 << PSC_ORPHAN_SYSV);
  orphan = find_segment (detached, shmid);
  g_assert_nonnull (orphan);
  g_assert_cmpuint (orphan->bytes, ==, TOUCH);
  g_assert_cmpuint (orphan->size, ==, SIZE);
  g_assert_cmpuint (orphan->uid, ==, geteuid ());
  g_assert_cmpint (orphan->cpid, ==, getpid ());
  g_assert_cmpstr (orphan->remedy, ==, remedy);
  g_assert_true (orphan->certain);
  g_assert_true (psc_orphan_belongs (orphan, getpid ()));
  g_assert_false (psc_orphan_belongs (orphan, getpid () + 1));
  g_assert_cmpuint (detached->n_processes, ==, 0);
  g_assert_cmpint (shmctl (shmid, IPC_RMID, NULL), ==, 0);
  removed = read_orphans (1 << PSC_ORPHAN_SYSV);
  g_assert_null (find_segment (removed, shmid));
}

/* A name that nobody else has; a newline and more, because any byte may be in one. */
static char *
dup_name (const char *stem)
{
  return g_strdup_printf ("/psc %s\n$%d", stem, getpid ());
}

static void
test_file (void)
{
  g_autofree char *name = dup_name ("file");
  g_autofree char *shown = g_strdup_printf ("/dev/shm/psc file\\n$%d", getpid ());
  int fd = shm_open (name, O_CREAT | O_EXCL | O_RDWR, 0600);
  g_autoptr (PscOrphans) open_still = NULL, mapped = NULL, orphaned = NULL;
  const PscOrphan *orphan;
  char *area;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ftruncate (fd, SIZE), ==, 0);
  area = mmap (NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  g_assert_true (area != MAP_FAILED);
  memset (area, 1, TOUCH);
  close (fd);
  mapped = read_orphans (0);
  g_assert_null (find (mapped, shown));
  munmap (area, SIZE);
  fd = shm_open (name, O_RDWR, 0);
  open_still = read_orphans (0);
  g_assert_null (find (open_still, shown));
  close (fd);
  orphaned = read_orphans (0);
  orphan = find (orphaned, shown);
  g_assert_nonnull (orphan);
  g_assert_cmpint (orphan->kind, ==, PSC_ORPHAN_FILE);
  g_assert_cmpuint (orphan->bytes, ==, TOUCH);
  g_assert_cmpuint (orphan->size, ==, SIZE);
  g_assert_cmpint (orphan->certain, ==, orphaned->n_unseen == 0);
  g_assert_true (g_str_has_prefix (orphan->remedy, "rm $'/dev/shm/psc file\\x0a$"));
  g_assert_cmpint (shm_unlink (name), ==, 0);
  check_gone (shown);
}

/* Beneath a directory, as some programs keep them. */
static void
test_directory (void)
{
  g_autofree char *directory = g_strdup_printf ("/dev/shm/psc-%d", getpid ());
  g_autofree char *path = g_build_filename (directory, "deep", NULL);
  g_autofree char *contents = g_strnfill (TOUCH, 'x');
  g_autoptr (PscOrphans) orphans = NULL;

  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, contents, TOUCH, NULL));
  orphans = read_orphans (0);
  g_assert_nonnull (find (orphans, path));
  g_assert_cmpuint (find (orphans, path)->bytes, ==, TOUCH);
  g_unlink (path);
  g_rmdir (directory);
  check_gone (path);
}

static void
check_held (const char *name, PscOrphanKind kind, int fd)
{
  g_autoptr (PscOrphans) orphans = read_orphans (0);
  const PscOrphan *orphan = find (orphans, name);
  const PscOrphanHolder *holder;

  g_assert_nonnull (orphan);
  g_assert_cmpint (orphan->kind, ==, kind);
  g_assert_cmpuint (orphan->bytes, ==, TOUCH);
  g_assert_cmpuint (orphan->size, ==, SIZE);
  g_assert_cmpuint (orphan->holders->len, ==, 1);
  holder = &g_array_index (orphan->holders, PscOrphanHolder, 0);
  g_assert_cmpint (holder->pid, ==, getpid ());
  g_assert_cmpuint (holder->fd, ==, (guint) fd);
  g_assert_true (psc_orphan_belongs (orphan, getpid ()));
  g_assert_nonnull (strstr (orphan->remedy, "close descriptor"));
}

static void
check_held_file (int fd, const char *name, PscOrphanKind kind)
{
  char *area;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ftruncate (fd, SIZE), ==, 0);
  area = mmap (NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  g_assert_true (area != MAP_FAILED);
  memset (area, 1, TOUCH);
  check_gone (name);
  munmap (area, SIZE);
  check_held (name, kind, fd);
  close (fd);
  check_gone (name);
}

static void
test_memfd (void)
{
  g_autofree char *name = g_strdup_printf ("psc-memfd-%d", getpid ());

  check_held_file (memfd_create (name, MFD_CLOEXEC), name, PSC_ORPHAN_MEMFD);
}

static void
test_unlinked (void)
{
  g_autofree char *name = g_strdup_printf ("/psc-unlinked-%d", getpid ());
  int fd = shm_open (name, O_CREAT | O_EXCL | O_RDWR, 0600);

  g_assert_cmpint (shm_unlink (name), ==, 0);
  check_held_file (fd, name, PSC_ORPHAN_UNLINKED);
}

/* Held here, mapped elsewhere. */
static void
test_mapped_by_other (void)
{
  g_autofree char *name = g_strdup_printf ("psc-other-%d", getpid ());
  int fd = memfd_create (name, MFD_CLOEXEC);
  int up[2], down[2];
  char byte = 0;
  pid_t child;

  g_assert_cmpint (ftruncate (fd, TOUCH), ==, 0);
  g_assert_cmpint (pipe (up) | pipe (down), ==, 0);
  child = fork ();
  if (child == 0)
    {
      char *area = mmap (NULL, TOUCH, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

      close (down[1]);
      memset (area, 1, TOUCH);
      close (fd);
      if (write (up[1], &byte, 1) == 1 && read (down[0], &byte, 1) == 0)
        _exit (0);
      _exit (1);
    }
  close (down[0]);
  g_assert_cmpint (read (up[0], &byte, 1), ==, 1);
  check_gone (name);
  close (down[1]);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  close (up[0]);
  close (up[1]);
  close (fd);
}

/* Another user sees nothing of this process, and says so. */
static void
test_uncertain (void)
{
  const char *const argv[] = { "setpriv", "--reuid=65534", "--clear-groups",
                               g_getenv ("PAGESCAPE_PROBE"), NULL };
  g_autofree char *name = dup_name ("uncertain");
  g_autofree char *shown = g_strdup_printf ("psc uncertain\\n$%d", getpid ());
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = NULL;
  g_autoptr (PscOrphans) orphans = NULL;
  int fd;

  if (geteuid () != 0)
    {
      g_test_skip ("only root can be another user");
      return;
    }
  fd = shm_open (name, O_CREAT | O_EXCL | O_RDWR, 0600);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, "x", 1), ==, 1);
  probe = psc_probe_new (argv, &error);
  if (probe == NULL)
    g_test_skip ("the probe can't be run as another user here");
  else
    orphans = psc_orphans_read (probe, NULL, &error);
  close (fd);
  shm_unlink (name);
  if (probe == NULL)
    return;
  g_assert_no_error (error);
  g_assert_cmpuint (orphans->n_unseen, >, 0);
  g_assert_cmpuint (orphans->notes->len, >, 0);
  g_assert_nonnull (find (orphans, shown));
  g_assert_false (find (orphans, shown)->certain);
  g_assert_nonnull (strstr (find (orphans, shown)->sentence, "that may be looked at"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/orphans/sysv", test_sysv);
  g_test_add_func ("/live/orphans/file", test_file);
  g_test_add_func ("/live/orphans/directory", test_directory);
  g_test_add_func ("/live/orphans/memfd", test_memfd);
  g_test_add_func ("/live/orphans/unlinked", test_unlinked);
  g_test_add_func ("/live/orphans/mapped-by-other", test_mapped_by_other);
  g_test_add_func ("/live/orphans/uncertain", test_uncertain);
  return g_test_run ();
}
