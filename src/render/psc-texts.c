/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-texts.h"

#include <math.h>
#include <string.h>

/* A frame has some hundreds. */
#define MAX_TEXTS 4096

static const double font_px[PSC_N_FONTS] = { 12, 10.5, 10 };

struct _PscTexts
{
  gatomicrefcount ref_count;
  char *family;
  double scale;
  PangoLayout *fonts[PSC_N_FONTS];
  GHashTable *texts; /* of Entry, which are their own keys */
};

typedef struct
{
  PscText text;
  guint font;
  int max_width; /* px */
  char *string;
} Entry;

static void texts_unref (gpointer texts);

/* Layouts belong to the thread's own font map. */
static GPrivate kept = G_PRIVATE_INIT (texts_unref);

static guint
hash_entry (gconstpointer data)
{
  const Entry *entry = data;

  return g_str_hash (entry->string) * 31 + entry->font * 7919 + (guint) entry->max_width;
}

static gboolean
equal_entries (gconstpointer a, gconstpointer b)
{
  const Entry *x = a;
  const Entry *y = b;

  return x->font == y->font && x->max_width == y->max_width && strcmp (x->string, y->string) == 0;
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_object_unref (entry->text.layout);
  g_free (entry->string);
  g_free (entry);
}

static PangoLayout *
new_font (PangoContext *context, const char *family, double px)
{
  PangoLayout *layout = pango_layout_new (context);
  PangoFontDescription *font = pango_font_description_new ();

  pango_font_description_set_family (font, family);
  pango_font_description_set_absolute_size (font, px * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_MIDDLE);
  return layout;
}

static PscTexts *
texts_new (const char *family, double scale)
{
  PscTexts *texts = g_new0 (PscTexts, 1);
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());

  g_atomic_ref_count_init (&texts->ref_count);
  texts->family = g_strdup (family);
  texts->scale = scale;
  /* Without rounding, text takes the same room at every scale and in every kind of file. */
  pango_context_set_round_glyph_positions (context, FALSE);
  for (guint i = 0; i < PSC_N_FONTS; i++)
    texts->fonts[i] =
        new_font (context, i == PSC_FONT_MONO ? "Monospace" : family, font_px[i] * scale);
  g_object_unref (context);
  texts->texts = g_hash_table_new_full (hash_entry, equal_entries, entry_free, NULL);
  return texts;
}

static void
texts_unref (gpointer data)
{
  PscTexts *texts = data;

  if (!g_atomic_ref_count_dec (&texts->ref_count))
    return;
  g_hash_table_unref (texts->texts);
  for (guint i = 0; i < PSC_N_FONTS; i++)
    g_object_unref (texts->fonts[i]);
  g_free (texts->family);
  g_free (texts);
}

PscTexts *
psc_texts_get (const char *family, double scale)
{
  PscTexts *texts = g_private_get (&kept);

  if (family == NULL)
    family = "Sans";
  if (texts == NULL || texts->scale != scale || strcmp (texts->family, family) != 0)
    {
      texts = texts_new (family, scale);
      g_private_replace (&kept, texts);
    }
  g_atomic_ref_count_inc (&texts->ref_count);
  return texts;
}

void
psc_texts_release (PscTexts *texts)
{
  texts_unref (texts);
}

double
psc_texts_em (const PscTexts *texts)
{
  return font_px[PSC_FONT_TEXT] * texts->scale;
}

PangoLayout *
psc_texts_get_font (const PscTexts *texts, PscFont font)
{
  return texts->fonts[font];
}

static Entry *
set_entry (PscTexts *texts, const Entry *key)
{
  Entry *entry = g_new (Entry, 1);
  int width, height;

  *entry = *key;
  entry->string = g_strdup (key->string);
  entry->text.layout = pango_layout_copy (texts->fonts[key->font]);
  pango_layout_set_text (entry->text.layout, key->string, -1);
  if (key->max_width > 0)
    pango_layout_set_width (entry->text.layout, key->max_width * PANGO_SCALE);
  pango_layout_get_size (entry->text.layout, &width, &height);
  entry->text.width = (double) width / PANGO_SCALE;
  entry->text.height = (double) height / PANGO_SCALE;
  return entry;
}

static const PscText *
find (PscTexts *texts, PscFont font, const char *string, int max_width)
{
  Entry key = { .font = font, .max_width = max_width, .string = (char *) string };
  Entry *entry = g_hash_table_lookup (texts->texts, &key);

  if (entry != NULL)
    return &entry->text;
  if (g_hash_table_size (texts->texts) >= MAX_TEXTS)
    g_hash_table_remove_all (texts->texts);
  entry = set_entry (texts, &key);
  g_hash_table_add (texts->texts, entry);
  return &entry->text;
}

const PscText *
psc_texts_set (PscTexts *texts, PscFont font, const char *text, double max_width)
{
  const PscText *found = find (texts, font, text, 0);

  if (max_width <= 0 || found->width <= max_width)
    return found;
  return find (texts, font, text, (int) MAX (floor (max_width), 1));
}
