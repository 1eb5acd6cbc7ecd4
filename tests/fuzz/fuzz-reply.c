/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The input is a mode and then all that a probe says, from its first byte to its last, whatever it
 * is asked: how a broken or hostile probe on another host looks. */

#include <fcntl.h>
#include <unistd.h>

#include "psc-fuzz-conversation.h"
#include "psc-fuzz.h"
#include "psc-probe-private.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PscFuzzBytes bytes = { data, data + size };
  guint8 mode = psc_fuzz_take (&bytes, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = NULL;
  int out = psc_fuzz_open_bytes (bytes.at, (gsize) (bytes.end - bytes.at));
  int in = open ("/dev/null", O_WRONLY | O_CLOEXEC);

  psc_fuzz_check (in >= 0 && lseek (out, 0, SEEK_SET) == 0);
  probe = psc_probe_new_for_pipe (psc_probe_pipe_new_for_descriptors (in, out), &error);
  psc_fuzz_check ((probe == NULL) == (error != NULL));
  if (probe != NULL)
    psc_fuzz_converse (probe, 14680, mode);
  else
    psc_fuzz_check (g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_SPAWN));
  return 0;
}
