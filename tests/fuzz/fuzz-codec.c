/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The first byte says what the others are: a body, a packed frame (by itself, or against a body),
 * or an address space that makes the way there and back. */

#include <string.h>

#include "psc-codec.h"
#include "psc-fuzz.h"
#include "psc-pack.h"
#include "psc-space-equal.h"

#define MOST (1 << 20) /* bytes that a frame may become */

static void
check_equal (const PscSpace *a, const PscSpace *b)
{
  char *difference = psc_space_dup_difference (a, b);

  if (difference != NULL)
    psc_fuzz_fail (__FILE__, __LINE__, difference);
}

/* What is decoded must hold, and come back by its own body. */
static void
check_round_trip (const PscSpace *space)
{
  const PscSpaceHead head = psc_space_get_head (space);
  g_autoptr (GBytes) body = psc_codec_encode (space, NULL);
  g_autoptr (PscSpace) back = NULL;
  g_autoptr (GBytes) again = NULL;

  psc_fuzz_check (body != NULL);
  back = psc_codec_decode (body, &head, NULL);
  psc_fuzz_check (back != NULL);
  check_equal (space, back);
  again = psc_codec_encode (back, NULL);
  psc_fuzz_check (g_bytes_equal (body, again));
}

static void
try_body (GBytes *body)
{
  const PscSpaceHead head = { .time_usec = 1, .n_threads = 2 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = psc_codec_decode (body, &head, &error);

  psc_fuzz_check ((space == NULL) == (error != NULL));
  if (space == NULL)
    return;
  psc_fuzz_check_space (space);
  check_round_trip (space);
}

static void
try_frame (PscFuzzBytes *bytes, gboolean with_prefix)
{
  static const char words[] = "what is much like the frame that stands on it, like it much";
  g_autoptr (GBytes) prefix = g_bytes_new_static (words, sizeof words);
  gsize size = psc_fuzz_take (bytes, 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = psc_unpack (bytes->at, (gsize) (bytes->end - bytes->at), size, MOST,
                                        with_prefix ? prefix : NULL, &error);

  psc_fuzz_check ((body == NULL) == (error != NULL));
  if (body == NULL)
    return;
  psc_fuzz_check (g_bytes_get_size (body) == size);
  try_body (body);
}

/* Any bytes survive packing, with any others as prefix. */
static void
check_packing (PscFuzzBytes *bytes)
{
  gsize n_prefix = psc_fuzz_take (bytes, 2), n = (gsize) (bytes->end - bytes->at);
  g_autoptr (GBytes) prefix = g_bytes_new (bytes->at, MIN (n, n_prefix));
  g_autoptr (GBytes) body = g_bytes_new (bytes->at, n);
  g_autoptr (GBytes) packed = psc_pack (body, prefix);
  g_autoptr (GBytes) back = NULL;
  gsize n_packed;
  gconstpointer data = g_bytes_get_data (packed, &n_packed);

  back = psc_unpack (data, n_packed, n, MOST, prefix, NULL);
  psc_fuzz_check (back != NULL && g_bytes_equal (back, body));
}

static void
check_space (PscFuzzBytes *bytes)
{
  PscSpaceBuilder *builder = psc_fuzz_take_space (bytes);
  g_autoptr (PscSpace) space = psc_space_builder_freeze (builder);

  check_round_trip (space);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PscFuzzBytes bytes = { data, data + size };
  guint how = psc_fuzz_take (&bytes, 1) % 5;
  g_autoptr (GBytes) body = g_bytes_new (bytes.at, (gsize) (bytes.end - bytes.at));

  if (size > MOST)
    return 0;
  if (how == 0)
    try_body (body);
  else if (how <= 2)
    try_frame (&bytes, how == 2);
  else if (how == 3)
    check_packing (&bytes);
  else
    check_space (&bytes);
  return 0;
}
