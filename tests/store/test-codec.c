/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A space as bytes and back: everything comes back, and nothing that is wrong is taken. */

#include <string.h>
#include <unistd.h>

#include "psc-codec.h"
#include "psc-fixture.h"
#include "psc-framer.h"
#include "psc-huge-slots.h"
#include "psc-pack.h"
#include "psc-store-test.h"

#define PAGE G_GUINT64_CONSTANT (4096)

static GBytes *
encode (const PscSpace *space)
{
  g_autoptr (GError) error = NULL;
  GBytes *body = psc_codec_encode (space, &error);

  g_assert_no_error (error);
  return body;
}

static PscSpace *
decode (GBytes *body, const PscSpace *like)
{
  PscSpaceHead head = psc_space_get_head (like);
  g_autoptr (GError) error = NULL;
  PscSpace *space = psc_codec_decode (body, &head, &error);

  g_assert_no_error (error);
  return space;
}

static void
check_round_trip (PscSpace *space)
{
  g_autoptr (GBytes) body = encode (space);
  g_autoptr (PscSpace) back = decode (body, space);
  g_autoptr (GBytes) again = encode (back);

  store_test_assert_equal (space, back);
  g_assert_true (g_bytes_equal (body, again));
}

static void
test_recorded (gconstpointer name)
{
  g_autoptr (PscSpace) with = store_test_space (name, PSC_SMAPS_ALWAYS);
  g_autoptr (PscSpace) without = store_test_space (name, PSC_SMAPS_NEVER);

  g_assert_nonnull (with->smaps);
  check_round_trip (with);
  check_round_trip (without);
}

static void
test_live (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = psc_probe_new_local (NULL, NULL, &error);
  g_autoptr (PscTarget) target = NULL;
  g_autoptr (PscSpace) first = NULL;
  g_autoptr (PscSpace) second = NULL;

  g_assert_no_error (error);
  target = psc_target_new (probe, getpid (), &error);
  g_assert_no_error (error);
  first = psc_target_capture (target, NULL, &error);
  g_assert_no_error (error);
  second = psc_target_capture (target, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (first->n_mappings, >, 10);
  g_assert_cmpuint (first->start_code, >, 0);
  g_assert_cmpuint (first->minor_faults, >, 0);
  g_assert_cmpuint (first->minor_faults, <, PSC_FAULTS_UNKNOWN);
  check_round_trip (first);
  check_round_trip (second);
}

static void
test_empty (void)
{
  g_autoptr (PscSpace) space = psc_space_builder_freeze (psc_space_builder_new (65536));

  check_round_trip (space);
}

/* All that has room for much. */
static PscSpace *
make_extreme (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (4096);
  PscSpace *space = psc_space_builder_get_space (builder);
  g_autofree char *long_name = g_strnfill (4096, '\xfe');
  PscMapping low = { .start = 0, .end = PAGE, .name = "\xff\n\t", .offset = 3, .inode = 1 };
  PscMapping huge = { .start = PAGE << 20, .end = PAGE << 40, .flags = 0xff, .perms = 0xf };
  PscMapping top = { .start = G_MAXUINT64 - 2 * PAGE + 1, .end = G_MAXUINT64 - PAGE + 1 };
  PscOwner owner = { 1, G_MAXUINT64, PSC_OWNER_ARENA, G_MAXINT, "label", "why" };
  GArray *owners = g_array_new (FALSE, FALSE, sizeof owner);
  PscSmaps *smaps;

  huge.name = psc_space_builder_intern (builder, long_name, -1);
  huge.page_shift = 30;
  huge.kind = PSC_N_KINDS - 1;
  huge.why = PSC_N_WHYS - 1;
  huge.offset = huge.inode = G_MAXUINT64;
  huge.dev_major = huge.dev_minor = G_MAXUINT;
  top.name = "top";
  low.swapped = PAGE;
  g_assert_true (psc_space_builder_add_mapping (builder, &low));
  g_assert_true (psc_space_builder_add_mapping (builder, &huge));
  g_assert_true (psc_space_builder_add_mapping (builder, &top));
  g_assert_true (psc_space_builder_add_run (builder, huge.start, huge.end, PSC_PAGE_PRESENT));
  g_assert_true (psc_space_builder_add_run (builder, top.start, top.end, 0xffff));
  smaps = psc_space_builder_add_smaps (builder);
  smaps[1].rss = G_MAXUINT64;
  smaps[1].mmu_page_size = 1;
  smaps[2].thp_eligible = 1;
  smaps[2].vm_flags = "rd wr";
  g_array_append_val (owners, owner);
  psc_space_builder_take_owners (builder, owners);
  psc_space_builder_add_unknown (builder, PSC_REASON_FAILED, "what", "why", "");
  space->pid = G_MAXINT;
  space->start_time = space->start_code = space->start_stack = G_MAXUINT64;
  space->uid = G_MAXUINT;
  space->name = "\xc3\xa9";
  space->source = PSC_SOURCE_PAGEMAP;
  space->time_usec = G_MAXINT64;
  space->cost.held_usec = 7;
  space->huge_settings = (PscHugeSettings){
    PSC_HUGE_MODE_ALWAYS, PSC_HUGE_MODE_NEVER, PSC_HUGE_DEFRAG_ALWAYS, TRUE, TRUE, 511, TRUE
  };
  return psc_space_builder_freeze (builder);
}

static void
test_extreme (void)
{
  g_autoptr (PscSpace) space = make_extreme ();

  g_assert_cmpuint (space->n_runs, >, 200);
  check_round_trip (space);
}

static void
test_sums_of_huge (void)
{
  g_autoptr (PscSpace) space = store_test_space ("pages", PSC_SMAPS_ALWAYS);

  psc_huge_slots_sum (space, &space->huge_sums);
  check_round_trip (space);
}

/* ---- What is wrong is refused ---- */

static gboolean
is_refused (const guint8 *bytes, gsize size)
{
  g_autoptr (GBytes) body = g_bytes_new (bytes, size);
  const PscSpaceHead head = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = psc_codec_decode (body, &head, &error);

  if (space == NULL)
    g_assert_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_CORRUPT);
  return space == NULL;
}

static void
test_truncated (void)
{
  g_autoptr (PscSpace) space = store_test_space ("bash", PSC_SMAPS_ALWAYS);
  g_autoptr (GBytes) body = encode (space);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (body, &size);
  g_autofree guint8 *longer = g_malloc0 (size + 1);

  for (gsize i = 0; i < size; i++)
    g_assert_true (is_refused (bytes, i));
  memcpy (longer, bytes, size);
  g_assert_true (is_refused (longer, size + 1));
}

/* Whatever a flipped byte makes of it: refused, or a space that is sound enough to encode. */
static void
test_flipped (void)
{
  g_autoptr (PscSpace) space = store_test_space ("bash", PSC_SMAPS_NEVER);
  g_autoptr (GBytes) body = encode (space);
  const PscSpaceHead head = { 0 };
  gsize size, n_refused = 0;
  const guint8 *bytes = g_bytes_get_data (body, &size);
  g_autofree guint8 *flipped = g_memdup2 (bytes, size);

  for (gsize i = 0; i < size; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        g_autoptr (GBytes) wrong = NULL;
        g_autoptr (PscSpace) back = NULL;

        flipped[i] = bytes[i] ^ (guint8) (1 << bit);
        wrong = g_bytes_new (flipped, size);
        back = psc_codec_decode (wrong, &head, NULL);
        flipped[i] = bytes[i];
        n_refused += back == NULL;
        if (back != NULL)
          check_round_trip (back);
      }
  g_assert_cmpuint (n_refused, >, 0);
}

static const struct
{
  const char *name;
  guint8 bytes[48];
  gsize size;
} wrongs[] = {
  { "nothing", { 0 }, 0 },
  { "version", { 2, 0, 12 }, 3 },
  { "flags", { 1, 0x7f, 12 }, 3 },
  { "page size", { 1, 0, 3 }, 3 },
  { "endless number", { 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 12 },
  /* 12 numbers, 4 strings, then a billion mappings */
  { "count",
    { 1, 0, 12, 0, 0, 0,    0,    0,    0,    0,    0, 0, 0, 0,
      0, 0, 0,  0, 0, 0x80, 0x94, 0xeb, 0xdc, 0x03, 0, 0, 0 },
    27 },
  { "text", { 1, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 0, 0, 0, 0, 0 }, 24 },
};

static void
test_wrong (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrongs); i++)
    if (!is_refused (wrongs[i].bytes, wrongs[i].size))
      g_error ("%s was taken", wrongs[i].name);
}

/* ---- Packing ---- */

static void
test_pack (void)
{
  g_autoptr (PscSpace) then = store_test_life (1, 100);
  g_autoptr (PscSpace) now = store_test_life (1, 101);
  g_autoptr (GBytes) prefix = encode (then);
  g_autoptr (GBytes) body = encode (now);
  g_autoptr (GBytes) alone = psc_pack (body, NULL);
  g_autoptr (GBytes) delta = psc_pack (body, prefix);
  g_autoptr (GBytes) back = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  gconstpointer packed = g_bytes_get_data (delta, &size);

  g_assert_cmpuint (size, <, g_bytes_get_size (alone) / 4);
  back = psc_unpack (packed, size, g_bytes_get_size (body), 1 << 20, prefix, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (back, body));
}

static void
check_not_unpacked (GBytes *packed, guint64 size, guint64 most, GBytes *prefix)
{
  g_autoptr (GError) error = NULL;
  gsize n;
  gconstpointer bytes = g_bytes_get_data (packed, &n);

  g_assert_null (psc_unpack (bytes, n, size, most, prefix, &error));
  g_assert_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_CORRUPT);
}

static void
test_pack_refuses (void)
{
  g_autoptr (PscSpace) then = store_test_life (1, 100);
  g_autoptr (PscSpace) now = store_test_life (1, 101);
  g_autoptr (GBytes) prefix = encode (then);
  g_autoptr (GBytes) body = encode (now);
  g_autoptr (GBytes) delta = psc_pack (body, prefix);
  gsize size = g_bytes_get_size (body), n_packed;
  const guint8 *packed = g_bytes_get_data (delta, &n_packed);
  g_autofree guint8 *damaged = g_memdup2 (packed, n_packed);

  check_not_unpacked (delta, size, size - 1, prefix);
  check_not_unpacked (delta, size + 1, 1 << 20, prefix);
  check_not_unpacked (delta, size, 1 << 20, NULL);
  check_not_unpacked (delta, size, 1 << 20, body);
  for (gsize i = 0; i < n_packed; i++)
    {
      g_autoptr (GBytes) bad = NULL;
      g_autoptr (GBytes) cut = g_bytes_new (packed, i);

      damaged[i] ^= 0x10;
      bad = g_bytes_new (damaged, n_packed);
      damaged[i] ^= 0x10;
      check_not_unpacked (cut, size, 1 << 20, prefix);
      /* Two bits of a frame's head mean nothing to this version of zstd. */
      if (i != 4)
        check_not_unpacked (bad, size, 1 << 20, prefix);
    }
}

/* ---- Frames ---- */

static void
test_frames (void)
{
  g_autoptr (PscFramer) framer = psc_framer_new ();
  g_autoptr (GBytes) key = NULL;
  guint counts[3] = { 0 };

  for (guint step = 0; step < 300; step++)
    {
      g_autoptr (PscSpace) space = store_test_life (3, step);
      g_autoptr (PscSpace) alike = store_test_life_alike (space, space->time_usec + 1);
      g_autoptr (PscSpace) equal = store_test_life (3, step);
      g_auto (PscFrame) frame = { 0 }, none = { 0 };
      g_autoptr (GBytes) body = NULL;
      g_autoptr (PscSpace) back = NULL;
      gsize n;
      gconstpointer packed;

      g_assert_true (psc_framer_add (framer, space, &frame, NULL));
      counts[frame.type]++;
      packed = g_bytes_get_data (frame.packed, &n);
      body = psc_unpack (packed, n, frame.size, 1 << 20, frame.type == PSC_FRAME_DELTA ? key : NULL,
                         NULL);
      g_assert_nonnull (body);
      back = decode (body, space);
      store_test_assert_equal (space, back);
      if (frame.type == PSC_FRAME_KEY)
        {
          g_clear_pointer (&key, g_bytes_unref);
          key = g_bytes_ref (body);
        }
      g_assert_true (psc_framer_add (framer, alike, &none, NULL));
      g_assert_cmpint (none.type, ==, PSC_FRAME_SAME);
      g_assert_true (psc_framer_add (framer, equal, &none, NULL));
      g_assert_cmpint (none.type, ==, PSC_FRAME_SAME);
    }
  g_test_message ("%u keys, %u deltas", counts[PSC_FRAME_KEY], counts[PSC_FRAME_DELTA]);
  g_assert_cmpuint (counts[PSC_FRAME_KEY], >, 1);
  g_assert_cmpuint (counts[PSC_FRAME_DELTA], >, 250);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) names = NULL;

  g_test_init (&argc, &argv, NULL);
  names = psc_fixture_list ();
  g_assert_cmpuint (g_strv_length (names), >=, 10);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/codec/recorded/", names[i], NULL);

      g_test_add_data_func (path, names[i], test_recorded);
    }
  g_test_add_func ("/codec/live", test_live);
  g_test_add_func ("/codec/empty", test_empty);
  g_test_add_func ("/codec/extreme", test_extreme);
  g_test_add_func ("/codec/sums-of-huge", test_sums_of_huge);
  g_test_add_func ("/codec/truncated", test_truncated);
  g_test_add_func ("/codec/flipped", test_flipped);
  g_test_add_func ("/codec/wrong", test_wrong);
  g_test_add_func ("/pack/round-trip", test_pack);
  g_test_add_func ("/pack/refuses", test_pack_refuses);
  g_test_add_func ("/framer/frames", test_frames);
  return g_test_run ();
}
