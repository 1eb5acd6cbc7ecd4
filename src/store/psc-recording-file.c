/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-recording-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "psc-format.h"
#include "psc-schema.h"

/* https://sqlite.org/fileformat2.html#the_database_header */
#define HEAD_BYTES     100
#define MAGIC          "SQLite format 3"
#define AT_PAGE_SIZE   16
#define AT_N_PAGES     28
#define AT_VERSION     60
#define AT_APPLICATION 68

static guint32
number_at (const guint8 *head, gsize at)
{
  guint32 value;

  memcpy (&value, head + at, sizeof value);
  return GUINT32_FROM_BE (value);
}

static gboolean
fail_errno (GError **error, const char *shown, int errnum)
{
  g_set_error (error, PSC_STORE_ERROR,
               errnum == ENOENT ? PSC_STORE_ERROR_NOT_FOUND : PSC_STORE_ERROR_FAILED,
               "Can't open %s: %s", shown, g_strerror (errnum));
  return FALSE;
}

/* How many bytes; -1: an error that is set. A pipe would block, or be used up. */
static gssize
read_head (const char *path, const char *shown, guint8 head[HEAD_BYTES], guint64 *size,
           GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat status;
  gssize n = -1;

  *size = 0;
  if (fd < 0)
    {
      fail_errno (error, shown, errno);
      return -1;
    }
  if (fstat (fd, &status) == 0 && !S_ISREG (status.st_mode))
    g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_FAILED, "Can't open %s: it is %s", shown,
                 S_ISDIR (status.st_mode) ? "a folder" : "no ordinary file");
  else
    {
      n = pread (fd, head, HEAD_BYTES, 0);
      if (n < 0)
        fail_errno (error, shown, errno);
      *size = (guint64) status.st_size;
    }
  close (fd);
  return n;
}

gboolean
psc_recording_file_check (const char *path, GError **error)
{
  g_autofree char *shown = psc_format_name (path, -1);
  guint8 head[HEAD_BYTES] = { 0 };
  guint64 size;
  gssize n = read_head (path, shown, head, &size, error);

  if (n < 0)
    return FALSE;
  if (n == HEAD_BYTES && memcmp (head, MAGIC, sizeof MAGIC) == 0 &&
      number_at (head, AT_APPLICATION) == PSC_SCHEMA_APPLICATION_ID)
    {
      if (number_at (head, AT_VERSION) == PSC_SCHEMA_VERSION)
        return TRUE;
      g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_VERSION,
                   "Can't open %s: it is a recording of version %u, and this program knows "
                   "version %d",
                   shown, number_at (head, AT_VERSION), PSC_SCHEMA_VERSION);
      return FALSE;
    }
  g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_FOREIGN,
               "Can't open %s: it is no recording of Pagescape%s", shown,
               n == 0 ? " (it is empty)" : "");
  return FALSE;
}

gboolean
psc_recording_file_check_length (const char *path, GError **error)
{
  g_autofree char *shown = psc_format_name (path, -1);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  guint8 head[HEAD_BYTES] = { 0 };
  guint64 page_size, whole, size;

  /* First the log: it goes only after the file is whole. */
  if (g_file_test (log, G_FILE_TEST_EXISTS))
    return TRUE;
  if (read_head (path, shown, head, &size, error) < 0)
    return FALSE;
  page_size = (guint64) head[AT_PAGE_SIZE] << 8 | head[AT_PAGE_SIZE + 1];
  /* 64 KiB does not fit. */
  whole = number_at (head, AT_N_PAGES) * (page_size == 1 ? 65536 : page_size);
  if (size >= whole)
    return TRUE;
  g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_CORRUPT,
               "%s is damaged: of its %" G_GUINT64_FORMAT " bytes only %" G_GUINT64_FORMAT
               " are there",
               shown, whole, size);
  return FALSE;
}
