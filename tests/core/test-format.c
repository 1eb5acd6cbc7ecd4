/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-format.h"

#define KIB G_GUINT64_CONSTANT (1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)
#define TIB (1024 * GIB)

static void
test_size (void)
{
  static const struct
  {
    guint64 bytes;
    const char *text;
  } cases[] = {
    { 0, "0 B" },
    { 1, "1 B" },
    { 1000, "1000 B" },
    { 1023, "1023 B" },
    { KIB, "1 KiB" },
    { KIB + 512, "1.5 KiB" },
    { KIB + 10, "1.01 KiB" },
    { 4 * KIB, "4 KiB" },
    { 132 * KIB, "132 KiB" },
    { 99 * KIB + 973, "100 KiB" },
    { 10 * KIB + 100, "10.1 KiB" },
    { 1000 * KIB, "1000 KiB" },
    { 1023 * KIB, "1023 KiB" },
    { MIB - 1, "1 MiB" },
    { MIB, "1 MiB" },
    { 84 * MIB + 205 * KIB, "84.2 MiB" },
    { GIB - 1, "1 GiB" },
    { TIB + 400 * GIB, "1.39 TiB" },
    { 128 * TIB, "128 TiB" },
    { 127 * TIB + 922 * GIB, "128 TiB" },
    { G_MAXUINT64, "16 EiB" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = psc_format_size (cases[i].bytes);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_size_delta (void)
{
  static const struct
  {
    gint64 bytes;
    const char *text;
  } cases[] = {
    { 0, "0 B" },
    { 12 * 1024, "+12 KiB" },
    { -1536 * 1024, "−1.5 MiB" },
    { G_MININT64, "−8 EiB" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = psc_format_size_delta (cases[i].bytes);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_address (void)
{
  g_autofree char *zero = psc_format_address (0);
  g_autofree char *middle = psc_format_address (G_GUINT64_CONSTANT (0x7f3a12345000));
  g_autofree char *last = psc_format_address (G_MAXUINT64);

  g_assert_cmpstr (zero, ==, "0x0");
  g_assert_cmpstr (middle, ==, "0x7f3a12345000");
  g_assert_cmpstr (last, ==, "0xffffffffffffffff");
}

static void
test_share (void)
{
  static const struct
  {
    guint64 part, whole;
    const char *text;
  } cases[] = {
    { 0, 0, "0 %" },       { 0, 100, "0 %" },      { 1, G_MAXUINT64, "<1 %" },
    { 4, 1000, "<1 %" },   { 6, 1000, "1 %" },     { 42, 100, "42 %" },
    { 994, 1000, "99 %" }, { 996, 1000, ">99 %" }, { G_MAXUINT64 - 1, G_MAXUINT64, ">99 %" },
    { 100, 100, "100 %" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = psc_format_share (cases[i].part, cases[i].whole);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static const struct
{
  const char *bytes;
  gssize length;
  const char *text;
} names[] = {
  { "", -1, "" },
  { "/usr/lib/libc.so.6", -1, "/usr/lib/libc.so.6" },
  { "two\nlines\tand\r", -1, "two\\nlines\\tand\\r" },
  { "bell\x07 esc\x1b[31m del\x7f", -1, "bell\\x07 esc\\x1b[31m del\\x7f" },
  { "nul\0nul", 7, "nul\\x00nul" },
  { "cut here", 3, "cut" },
  { "Grüße, 世界 🗺", -1, "Grüße, 世界 🗺" },
  { "broken \xff\xfe\xc3", -1, "broken \\xff\\xfe\\xc3" },
  { "cut character \xe4\xb8", -1, "cut character \\xe4\\xb8" },
  { "long form \xc0\xaf", -1, "long form \\xc0\\xaf" },
  { "surrogate \xed\xa0\x80", -1, "surrogate \\xed\\xa0\\x80" },
  { "beyond \xf4\x90\x80\x80", -1, "beyond \\xf4\\x90\\x80\\x80" },
  { "right \u202eleft\u202c \u2066x\u2069", -1, "right \\u202eleft\\u202c \\u2066x\\u2069" },
  { "line\u2028separator, next\xc2\x85line", -1, "line\\u2028separator, next\\u0085line" },
  { "marks \u200e\u200f\xd8\x9c", -1, "marks \\u200e\\u200f\\u061c" },
  { "no characters \uffff\ufdd0\U0001fffe", -1, "no characters \\uffff\\ufdd0\\u1fffe" },
  { "back\\slash", -1, "back\\slash" },
  { "<b>&amp;", -1, "<b>&amp;" },
};

static void
test_name (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = psc_format_name (names[i].bytes, names[i].length);

      g_assert_cmpstr (text, ==, names[i].text);
      g_assert_true (g_utf8_validate (text, -1, NULL));
    }
}

/* Whatever the bytes: valid, and on one line. */
static void
test_name_any_bytes (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      char bytes[64];
      gsize length = g_test_rand_int_range (0, sizeof bytes);
      g_autofree char *text = NULL;

      for (gsize i = 0; i < length; i++)
        bytes[i] = g_test_rand_int_range (0, 256);
      text = psc_format_name (bytes, length);
      g_assert_true (g_utf8_validate (text, -1, NULL));
      for (const char *c = text; *c != '\0'; c++)
        g_assert_false (g_ascii_iscntrl (*c));
    }
}

static void
test_name_ellipsized (void)
{
  static const struct
  {
    const char *bytes;
    guint max_chars;
    const char *text;
  } cases[] = {
    { "short", 5, "short" }, { "longer", 5, "lo…er" },
    { "longer", 4, "l…er" }, { "longer", 1, "…" },
    { "longer", 0, "" },     { "世界世界世界", 5, "世界…世界" },
    { "a\nb", 4, "a\\nb" },  { "", 0, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = psc_format_name_ellipsized (cases[i].bytes, cases[i].max_chars);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_duration (void)
{
  static const struct
  {
    gint64 usec;
    const char *text;
  } cases[] = {
    { 0, "0 ms" },       { 1, "<0.1 ms" },     { 49, "<0.1 ms" },    { 50, "0.1 ms" },
    { 400, "0.4 ms" },   { 1000, "1 ms" },     { 9949, "9.9 ms" },   { 9950, "10 ms" },
    { 12345, "12 ms" },  { 999499, "999 ms" }, { 999500, "1 s" },    { 1300000, "1.3 s" },
    { 9960000, "10 s" }, { 75000000, "75 s" }, { -12000, "−12 ms" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = psc_format_duration (cases[i].usec);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/size", test_size);
  g_test_add_func ("/format/size-delta", test_size_delta);
  g_test_add_func ("/format/address", test_address);
  g_test_add_func ("/format/share", test_share);
  g_test_add_func ("/format/name", test_name);
  g_test_add_func ("/format/name/any-bytes", test_name_any_bytes);
  g_test_add_func ("/format/name/ellipsized", test_name_ellipsized);
  g_test_add_func ("/format/duration", test_duration);
  return g_test_run ();
}
