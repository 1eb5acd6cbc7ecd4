/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-escape.h"

/* Characters that change the order or the lines of what stands around them (Unicode Bidirectional
 * Algorithm, section 2; and the line and paragraph separators), and the noncharacters, which XML
 * and cairo's PDFs refuse. */
static gboolean
is_treacherous (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || (c >= 0x80 && c < 0xa0) || (c >= 0xfdd0 && c <= 0xfdef) ||
         (c & 0xfffe) == 0xfffe;
}

static void
append_control (GString *text, guchar c)
{
  switch (c)
    {
    case '\n':
      g_string_append (text, "\\n");
      break;
    case '\t':
      g_string_append (text, "\\t");
      break;
    case '\r':
      g_string_append (text, "\\r");
      break;
    default:
      g_string_append_printf (text, "\\x%02x", c);
      break;
    }
}

/* How many bytes from the start need no escape. */
static gsize
plain_length (const guchar *bytes, gsize length)
{
  gsize n = 0;

  while (n < length && bytes[n] >= 0x20 && bytes[n] < 0x7f)
    n++;
  return n;
}

/* One character of more than a byte, or one broken byte; returns how many bytes it took. */
static gsize
append_wide (GString *text, const char *bytes, gsize length)
{
  gunichar c = g_utf8_get_char_validated (bytes, MIN (length, 6));
  gsize size;

  if (c == (gunichar) -1 || c == (gunichar) -2)
    {
      g_string_append_printf (text, "\\x%02x", (guchar) bytes[0]);
      return 1;
    }
  size = g_utf8_next_char (bytes) - bytes;
  if (is_treacherous (c))
    g_string_append_printf (text, "\\u%04x", c);
  else
    g_string_append_len (text, bytes, size);
  return size;
}

void
psc_escape_append (GString *text, const char *bytes, gsize length)
{
  while (length > 0)
    {
      gsize n = plain_length ((const guchar *) bytes, length);

      if (n > 0)
        g_string_append_len (text, bytes, n);
      else if ((guchar) bytes[0] < 0x80)
        append_control (text, bytes[n++]);
      else
        n = append_wide (text, bytes, length);
      bytes += n;
      length -= n;
    }
}
