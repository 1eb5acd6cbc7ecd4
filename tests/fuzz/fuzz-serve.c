/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The input is what the probe gets to read, from its first byte to its last; it answers from a
 * recorded process. Every whole request is answered, in order, with frames that the other side
 * takes. */

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "psc-fuzz.h"
#include "psc-probe-serve.h"

/* More requests than this are no news. */
#define MAX_SIZE ((gsize) 16 << 10)

static const struct probe_source *
get_source (void)
{
  static struct probe_source source;
  static gboolean open;

  if (!open)
    {
      g_autofree char *root = g_build_filename (g_getenv ("PSC_TEST_DATA"), "proc", "bash", NULL);

      psc_fuzz_check (probe_source_init (&source, root, 4096) == 0);
      psc_fuzz_check ((source.features & PSC_WIRE_FEATURE_SCAN) != 0);
      open = TRUE;
    }
  return &source;
}

static gboolean
is_closing (const struct psc_wire_head *head)
{
  return head->type == PSC_WIRE_END || head->type == PSC_WIRE_HOST || head->type == PSC_WIRE_OPENED;
}

/* One answer: data frames and a closing one, all with the request's tag. */
static void
check_answer (int fd, guint32 tag)
{
  static guint8 payload[PSC_WIRE_MAX_REPLY];
  struct psc_wire_head head = { 0 };

  do
    {
      psc_fuzz_check (psc_wire_recv (fd, PSC_WIRE_MAX_REPLY, &head, payload, sizeof payload) == 0);
      psc_fuzz_check (head.tag == tag);
      psc_fuzz_check (head.type >= PSC_WIRE_HOST);
      psc_fuzz_check (is_closing (&head) || head.error == 0 || head.type == PSC_WIRE_PROCESS);
    }
  while (!is_closing (&head));
}

static void
check_answers (const guint8 *data, gsize size, int fd, int status)
{
  struct psc_wire_head head;
  guint8 byte;

  psc_fuzz_check (lseek (fd, 0, SEEK_SET) == 0);
  while (size >= PSC_WIRE_HEAD_SIZE && psc_wire_head_decode (data, PSC_WIRE_MAX_REQUEST, &head) &&
         head.length <= size - PSC_WIRE_HEAD_SIZE)
    {
      check_answer (fd, head.tag);
      data += PSC_WIRE_HEAD_SIZE + head.length;
      size -= PSC_WIRE_HEAD_SIZE + head.length;
    }
  psc_fuzz_check (status == (size == 0 ? 0 : 1));
  psc_fuzz_check (read (fd, &byte, 1) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  int in_fd, out_fd, status;

  if (size > MAX_SIZE)
    return 0;
  in_fd = psc_fuzz_open_bytes (data, size);
  out_fd = psc_fuzz_open_bytes (NULL, 0);
  psc_fuzz_check (lseek (in_fd, 0, SEEK_SET) == 0);
  status = probe_serve (get_source (), in_fd, out_fd);
  check_answers (data, size, out_fd, status);
  close (in_fd);
  close (out_fd);
  return 0;
}
