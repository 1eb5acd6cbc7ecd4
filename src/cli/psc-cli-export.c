/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include <string.h>

#include "psc-figure.h"
#include "psc-report.h"

#define DEFAULT_WIDTH 1600

/* The options as they were written. */
typedef struct
{
  char *output, *lens, *width, *height, *range, *theme;
} Words;

static void
words_clear (Words *words)
{
  g_free (words->output);
  g_free (words->lens);
  g_free (words->width);
  g_free (words->height);
  g_free (words->range);
  g_free (words->theme);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

typedef char *(*DataFunc) (const PscSpace *space);

/* What to write, decided before the process is looked at. */
typedef struct
{
  DataFunc data; /* NULL: a figure */
  PscFigureFormat format;
  PscFigureOptions figure;
} Plan;

static char *
pretty_json (const PscSpace *space)
{
  return psc_report_to_json (space, TRUE);
}

static gboolean
parse_side (const char *option, const char *word, guint *side)
{
  guint64 number;

  if (word == NULL)
    return TRUE;
  if (g_ascii_string_to_unsigned (word, 10, PSC_FIGURE_MIN_SIZE, PSC_FIGURE_MAX_SIZE, &number,
                                  NULL))
    {
      *side = (guint) number;
      return TRUE;
    }
  psc_cli_error (_ ("%s can't be “%s”: give a whole number from %d to %d"), option, word,
                 PSC_FIGURE_MIN_SIZE, PSC_FIGURE_MAX_SIZE);
  return FALSE;
}

static gboolean
parse_address (const char *word, guint64 *address)
{
  return g_str_has_prefix (word, "0x") &&
         g_ascii_string_to_unsigned (word + 2, 16, 0, G_MAXUINT64, address, NULL);
}

static gboolean
parse_range (const char *word, guint64 *start, guint64 *end)
{
  g_auto (GStrv) parts = NULL;

  if (word == NULL)
    return TRUE;
  parts = g_strsplit (word, "-", 2);
  if (g_strv_length (parts) == 2 && parse_address (parts[0], start) &&
      parse_address (parts[1], end) && *start < *end)
    return TRUE;
  psc_cli_error (_ ("--range can't be “%s”: give two addresses, the lower one first, such as "
                    "0x7f0000000000-0x7f0000200000"),
                 word);
  return FALSE;
}

static gboolean
parse_lens (const char *word, PscLens *lens)
{
  g_autoptr (GString) known = g_string_new (NULL);

  if (word == NULL || psc_lens_from_id (word, lens))
    return TRUE;
  for (guint i = 0; i < PSC_N_LENSES; i++)
    g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", psc_lens_id (i));
  psc_cli_error (_ ("There is no lens “%s”: choose one of %s"), word, known->str);
  return FALSE;
}

static gboolean
parse_theme (const char *word, PscTheme *theme)
{
  if (word == NULL || psc_theme_from_id (word, theme))
    return TRUE;
  psc_cli_error (_ ("There is no theme “%s”: choose light or dark"), word);
  return FALSE;
}

static DataFunc
data_func_of (const char *path)
{
  const char *dot = strrchr (path, '.');

  if (dot != NULL && g_ascii_strcasecmp (dot, ".csv") == 0)
    return psc_report_to_csv;
  if (dot != NULL && g_ascii_strcasecmp (dot, ".json") == 0)
    return pretty_json;
  return NULL;
}

/* What makes no sense for data is refused rather than ignored. */
static gboolean
check_data_words (const Words *words)
{
  const char *option = words->lens != NULL   ? "--lens" :
                       words->width != NULL  ? "--width" :
                       words->height != NULL ? "--height" :
                       words->range != NULL  ? "--range" :
                       words->theme != NULL  ? "--theme" :
                                               NULL;

  if (option == NULL)
    return TRUE;
  psc_cli_error (_ ("%s is for pictures (png, svg, pdf): leave it out for %s"), option,
                 words->output);
  return FALSE;
}

static gboolean
plan_from_words (Plan *plan, const Words *words)
{
  PscFigureOptions *figure = &plan->figure;

  *plan = (Plan){ .figure = { .width = DEFAULT_WIDTH } };
  if (words->output == NULL)
    {
      psc_cli_error (_ ("-o FILE is missing: where to write to; see pagescape-cli export --help"));
      return FALSE;
    }
  plan->data = data_func_of (words->output);
  if (plan->data != NULL)
    return check_data_words (words);
  if (!psc_figure_format_from_path (words->output, &plan->format, NULL))
    {
      psc_cli_error (_ ("Can't tell from the name “%s” what to write: let it end in .png, .svg, "
                        ".pdf, .csv or .json"),
                     words->output);
      return FALSE;
    }
  return parse_lens (words->lens, &figure->lens) && parse_theme (words->theme, &figure->theme) &&
         parse_side ("--width", words->width, &figure->width) &&
         parse_side ("--height", words->height, &figure->height) &&
         parse_range (words->range, &figure->range_start, &figure->range_end);
}

static gboolean
write_plan (const Plan *plan, const PscSpace *space, const char *path, GError **error)
{
  g_autofree char *text = NULL;

  if (plan->data == NULL)
    return psc_figure_export (space, &plan->figure, plan->format, path, error);
  text = plan->data (space);
  if (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0666, error))
    return TRUE;
  g_prefix_error (error, _ ("Can't write “%s”: "), path);
  return FALSE;
}

PscCliStatus
psc_cli_export (int argc, char **argv, PscCliSource *source)
{
  g_auto (Words) words = { NULL };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &words.output,
      N_ ("Where to write: FILE.png, .svg, .pdf, .csv or .json"), N_ ("FILE") },
    { "lens", 0, 0, G_OPTION_ARG_STRING, &words.lens,
      N_ ("What colour means: residency (the default) or kind"), N_ ("NAME") },
    { "width", 0, 0, G_OPTION_ARG_STRING, &words.width,
      N_ ("Width in pixels (png) or points (svg, pdf); 1600 if not given"), N_ ("PX") },
    { "height", 0, 0, G_OPTION_ARG_STRING, &words.height,
      N_ ("Height; if not given, what the rows need to be legible"), N_ ("PX") },
    { "range", 0, 0, G_OPTION_ARG_STRING, &words.range,
      N_ ("Show only addresses from A up to B: 0xA-0xB"), N_ ("A-B") },
    { "theme", 0, 0, G_OPTION_ARG_STRING, &words.theme, N_ ("Colours: light or dark"),
      N_ ("NAME") },
    { NULL },
  };
  g_autoptr (PscSpace) space = NULL;
  g_autoptr (GError) error = NULL;
  PscCliStatus status;
  Plan plan;

  if (!psc_cli_parse (&argc, &argv, source, entries, _ ("TARGET"),
                      _ ("Writes the memory of a process to a file: as a picture, or as data."),
                      1) ||
      !plan_from_words (&plan, &words))
    return PSC_CLI_WRONG_USAGE;
  space = psc_cli_capture (source, argv[1], PSC_SMAPS_SMALL, &status);
  if (space == NULL)
    return status;
  if (write_plan (&plan, space, words.output, &error))
    return PSC_CLI_DONE;
  psc_cli_error ("%s", error->message);
  return PSC_CLI_FAILED;
}
