/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The overview's scale: all addresses, monotonic, and back again. */

#include "psc-overview.h"

typedef struct
{
  double height;
  guint user_bits;
  gboolean low_at_top;
} Case;

static const Case cases[] = {
  { 700, 47, FALSE }, { 700, 47, TRUE },  { 1973.5, 48, FALSE }, { 40, 52, FALSE },
  { 333, 56, TRUE },  { 700, 63, FALSE }, { 1, 47, FALSE },
};

static void
set_up (PscOverview *overview, gconstpointer data)
{
  const Case *c = data;

  *overview = (PscOverview){ c->height, c->user_bits, c->low_at_top };
}

/* Addresses that are near something: ends, middles, powers of two. */
static guint
make_addresses (const PscOverview *overview, guint64 *addresses)
{
  guint n = 0;
  guint64 size = G_GUINT64_CONSTANT (1) << overview->user_bits;

  addresses[n++] = 0;
  for (guint bit = 12; bit < overview->user_bits; bit++)
    addresses[n++] = G_GUINT64_CONSTANT (1) << bit;
  for (guint bit = overview->user_bits - 1; bit-- > 12;)
    addresses[n++] = size - (G_GUINT64_CONSTANT (1) << bit);
  addresses[n++] = size - 1;
  if (overview->user_bits < 63)
    {
      addresses[n++] = size;
      addresses[n++] = G_GUINT64_CONSTANT (1) << 63;
      addresses[n++] = -size - 1;
    }
  addresses[n++] = -size;
  addresses[n++] = -size / 2 - size / 4;
  addresses[n++] = G_GUINT64_CONSTANT (0xffffffffff600000);
  addresses[n++] = G_MAXUINT64;
  return n;
}

static void
test_monotonic (PscOverview *overview, gconstpointer data)
{
  guint64 addresses[160];
  guint n = make_addresses (overview, addresses);
  double before = overview->low_at_top ? -1 : overview->height + 1;

  for (guint i = 0; i < n; i++)
    {
      double y = psc_overview_y (overview, addresses[i]);

      g_assert_cmpfloat (y, >=, 0);
      g_assert_cmpfloat (y, <=, overview->height);
      if (i > 0 && addresses[i] > addresses[i - 1])
        g_assert_true (overview->low_at_top ? y >= before : y <= before);
      before = y;
    }
}

/* From a height to its address and back, and from an address to its height and back: in each case
 * as near as a hundredth of a pixel. */
static void
test_round_trip (PscOverview *overview, gconstpointer data)
{
  guint64 addresses[160];
  guint n = make_addresses (overview, addresses);

  for (double y = 0; y <= overview->height; y += 0.37)
    g_assert_cmpfloat_with_epsilon (psc_overview_y (overview, psc_overview_address (overview, y)),
                                    y, 0.01);
  for (guint i = 0; i < n; i++)
    {
      double y = psc_overview_y (overview, addresses[i]);
      double again = psc_overview_y (overview, psc_overview_address (overview, y));

      g_assert_cmpfloat_with_epsilon (again, y, 0.01);
    }
}

static void
test_address_is_monotonic (PscOverview *overview, gconstpointer data)
{
  guint64 before = psc_overview_address (overview, -5);

  for (double y = -1; y <= overview->height + 1; y += 0.25)
    {
      guint64 address = psc_overview_address (overview, y);

      g_assert_true (overview->low_at_top ? address >= before : address <= before);
      before = address;
    }
}

/* The parts lie side by side and hold what their addresses are. */
static void
test_parts (PscOverview *overview, gconstpointer data)
{
  guint64 next = 0;
  double height = 0;

  for (guint part = 0; part < PSC_OVERVIEW_N_PARTS; part++)
    {
      double top, bottom;
      guint64 start, last;

      if (!psc_overview_part (overview, part, &top, &bottom, &start, &last))
        {
          g_assert_cmpuint (overview->user_bits, ==, 63);
          continue;
        }
      g_assert_cmphex (start, ==, next);
      g_assert_cmpuint (psc_overview_part_of (overview, start), ==, part);
      g_assert_cmpuint (psc_overview_part_of (overview, last), ==, part);
      g_assert_cmpfloat_with_epsilon (psc_overview_y (overview, start),
                                      overview->low_at_top ? top : bottom, 0.01);
      g_assert_cmpfloat_with_epsilon (psc_overview_y (overview, last),
                                      overview->low_at_top ? bottom : top, 0.01);
      next = last + 1;
      height += bottom - top;
    }
  g_assert_cmphex (next, ==, 0);
  g_assert_cmpfloat_with_epsilon (height, overview->height, 0.01);
}

/* What a process has, low down, in the middle and high up, can be told apart. */
static void
test_room (void)
{
  static const guint64 places[] = {
    0x400000,       0x40000000,     0x7ff000000000 / 512, 0x555555554000,
    0x7f0000000000, 0x7ffff7a00000, 0x7ffffffde000,
  };
  PscOverview overview = { 600, 47, FALSE };
  double before = overview.height;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      double y = psc_overview_y (&overview, places[i]);

      g_assert_cmpfloat (before - y, >=, 4);
      before = y;
    }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (PscOverview *, gconstpointer);
  } tests[] = {
    { "monotonic", test_monotonic },
    { "round-trip", test_round_trip },
    { "address-is-monotonic", test_address_is_monotonic },
    { "parts", test_parts },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    for (guint j = 0; j < G_N_ELEMENTS (cases); j++)
      {
        g_autofree char *path = g_strdup_printf ("/overview/%s/%u", tests[i].name, j);

        g_test_add (path, PscOverview, &cases[j], set_up, tests[i].test, NULL);
      }
  g_test_add_func ("/overview/room", test_room);
  return g_test_run ();
}
