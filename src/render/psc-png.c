/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PNG (Portable Network Graphics Specification, third edition). */

#include "psc-png.h"

#include <math.h>
#include <string.h>

#define MAX_PALETTE 256
#define N_SLOTS     1024
/* 96 dots per inch. */
#define DOTS_PER_METRE (96 / 0.0254)

enum
{
  FILTER_NONE = 0,
  FILTER_UP = 2,
};

/* --- chunks -------------------------------------------------------------------------------- */

static guint32
crc32_of (const guint8 *data, gsize length)
{
  guint32 crc = 0xffffffffu;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= data[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
  return ~crc;
}

static void
append_u32 (GByteArray *out, guint32 number)
{
  guint32 big = GUINT32_TO_BE (number);

  g_byte_array_append (out, (const guint8 *) &big, sizeof big);
}

static void
append_chunk (GByteArray *out, const char *type, const GByteArray *data)
{
  guint at;

  append_u32 (out, data->len);
  at = out->len;
  g_byte_array_append (out, (const guint8 *) type, 4);
  g_byte_array_append (out, data->data, data->len);
  append_u32 (out, crc32_of (out->data + at, out->len - at));
}

static void
append_text (GByteArray *out, const PscPngText *text)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  g_byte_array_append (data, (const guint8 *) text->keyword, (guint) strlen (text->keyword) + 1);
  /* Not compressed; in no language in particular. */
  g_byte_array_append (data, (const guint8 *) "\0\0\0\0", 4);
  g_byte_array_append (data, (const guint8 *) text->text, (guint) strlen (text->text));
  append_chunk (out, "iTXt", data);
}

/* --- colours ------------------------------------------------------------------------------- */

typedef struct
{
  guint n;
  guint32 colors[MAX_PALETTE];
  guint16 slots[N_SLOTS]; /* index + 1; 0: free */
} Palette;

/* -1 when there are too many colours. */
static int
palette_index (Palette *palette, guint32 color)
{
  guint slot = (color * 2654435761u) >> 22;

  for (; palette->slots[slot] != 0; slot = (slot + 1) % N_SLOTS)
    if (palette->colors[palette->slots[slot] - 1] == color)
      return palette->slots[slot] - 1;
  if (palette->n == MAX_PALETTE)
    return -1;
  palette->colors[palette->n] = color;
  palette->slots[slot] = (guint16) ++palette->n;
  return (int) palette->n - 1;
}

static void
append_palette (GByteArray *out, const Palette *palette)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  for (guint i = 0; i < palette->n; i++)
    {
      const guint8 rgb[] = { palette->colors[i] >> 16 & 0xff, palette->colors[i] >> 8 & 0xff,
                             palette->colors[i] & 0xff };

      g_byte_array_append (data, rgb, sizeof rgb);
    }
  append_chunk (out, "PLTE", data);
}

/* --- pixels -------------------------------------------------------------------------------- */

typedef struct
{
  const guint8 *data;
  gsize stride;
  guint width, height;
} Pixels;

static const guint32 *
get_line (const Pixels *pixels, guint y)
{
  return (const guint32 *) (const void *) (pixels->data + y * pixels->stride);
}

static gboolean
repeats (const Pixels *pixels, guint y)
{
  return y > 0 && memcmp (get_line (pixels, y), get_line (pixels, y - 1), pixels->width * 4) == 0;
}

/* Lines of palette indices with their filters; NULL when there are too many colours. */
static GByteArray *
make_indexed (const Pixels *pixels, Palette *palette)
{
  g_autoptr (GByteArray) raw = g_byte_array_new ();

  g_byte_array_set_size (raw, pixels->height * (pixels->width + 1));
  for (guint y = 0; y < pixels->height; y++)
    {
      guint8 *out = raw->data + (gsize) y * (pixels->width + 1);
      const guint32 *line = get_line (pixels, y);

      memset (out, 0, pixels->width + 1);
      out[0] = repeats (pixels, y) ? FILTER_UP : FILTER_NONE;
      for (guint x = 0; out[0] == FILTER_NONE && x < pixels->width; x++)
        {
          int index = palette_index (palette, line[x] & 0xffffff);

          if (index < 0)
            return NULL;
          out[x + 1] = (guint8) index;
        }
    }
  return g_steal_pointer (&raw);
}

static GByteArray *
make_rgb (const Pixels *pixels)
{
  GByteArray *raw = g_byte_array_new ();
  gsize length = 3 * (gsize) pixels->width + 1;

  g_byte_array_set_size (raw, (guint) (pixels->height * length));
  for (guint y = 0; y < pixels->height; y++)
    {
      guint8 *out = raw->data + y * length;
      const guint32 *line = get_line (pixels, y);

      memset (out, 0, length);
      *out++ = repeats (pixels, y) ? FILTER_UP : FILTER_NONE;
      for (guint x = 0; out[-1] == FILTER_NONE && x < pixels->width; x++)
        {
          out[3 * x] = line[x] >> 16 & 0xff;
          out[3 * x + 1] = line[x] >> 8 & 0xff;
          out[3 * x + 2] = line[x] & 0xff;
        }
    }
  return raw;
}

static GByteArray *
compress (const GByteArray *raw)
{
  g_autoptr (GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 7);
  GByteArray *out = g_byte_array_new ();
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize at = 0;

  while (result != G_CONVERTER_FINISHED)
    {
      guint8 buffer[32768];
      gsize n_read = 0, n_written = 0;

      /* From memory to memory there is nothing that can fail. */
      result =
          g_converter_convert (G_CONVERTER (zlib), raw->data + at, raw->len - at, buffer,
                               sizeof buffer, G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);
      g_assert (result != G_CONVERTER_ERROR);
      at += n_read;
      g_byte_array_append (out, buffer, (guint) n_written);
    }
  return out;
}

/* --- the whole ----------------------------------------------------------------------------- */

static void
append_header (GByteArray *out, const Pixels *pixels, gboolean indexed)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  /* Eight bits; colour type; deflate, adaptive filters, not interlaced. */
  const guint8 kind[] = { 8, indexed ? 3 : 2, 0, 0, 0 };

  append_u32 (data, pixels->width);
  append_u32 (data, pixels->height);
  g_byte_array_append (data, kind, sizeof kind);
  append_chunk (out, "IHDR", data);
}

static void
append_resolution (GByteArray *out, cairo_surface_t *surface)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  double scale_x, scale_y;

  cairo_surface_get_device_scale (surface, &scale_x, &scale_y);
  append_u32 (data, (guint32) lround (scale_x * DOTS_PER_METRE));
  append_u32 (data, (guint32) lround (scale_y * DOTS_PER_METRE));
  g_byte_array_append (data, (const guint8 *) "\1", 1);
  append_chunk (out, "pHYs", data);
}

void
psc_png_append (GByteArray *out, cairo_surface_t *surface, const PscPngText *texts, guint n_texts)
{
  static const guint8 signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
  g_autoptr (GByteArray) raw = NULL, packed = NULL, nothing = g_byte_array_new ();
  Palette palette = { 0 };
  Pixels pixels;
  gboolean indexed;

  cairo_surface_flush (surface);
  pixels = (Pixels){ .data = cairo_image_surface_get_data (surface),
                     .stride = (gsize) cairo_image_surface_get_stride (surface),
                     .width = (guint) cairo_image_surface_get_width (surface),
                     .height = (guint) cairo_image_surface_get_height (surface) };
  g_return_if_fail (pixels.data != NULL);
  g_return_if_fail (cairo_image_surface_get_format (surface) == CAIRO_FORMAT_RGB24);
  raw = make_indexed (&pixels, &palette);
  indexed = raw != NULL;
  if (!indexed)
    raw = make_rgb (&pixels);
  packed = compress (raw);
  g_byte_array_append (out, signature, sizeof signature);
  append_header (out, &pixels, indexed);
  append_resolution (out, surface);
  for (guint i = 0; i < n_texts; i++)
    append_text (out, &texts[i]);
  if (indexed)
    append_palette (out, &palette);
  append_chunk (out, "IDAT", packed);
  append_chunk (out, "IEND", nothing);
}
