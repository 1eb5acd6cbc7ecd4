/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include <string.h>

#include "psc-diff.h"
#include "psc-figure.h"
#include "psc-recording-age.h"
#include "psc-report.h"

#define TO_STDOUT "-"

/* The options as they were written. */
typedef struct
{
  char *output, *format, *lens, *since, *width, *height, *scale, *range, *theme;
  gboolean patterns, timeline;
} Words;

static void
words_clear (Words *words)
{
  g_free (words->output);
  g_free (words->format);
  g_free (words->lens);
  g_free (words->since);
  g_free (words->width);
  g_free (words->height);
  g_free (words->scale);
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
parse_number (const char *option, const char *word, guint least, guint most, guint *number)
{
  guint64 parsed;

  if (word == NULL)
    return TRUE;
  if (g_ascii_string_to_unsigned (word, 10, least, most, &parsed, NULL))
    {
      *number = (guint) parsed;
      return TRUE;
    }
  psc_cli_error (_ ("%s can't be “%s”: give a whole number from %u to %u"), option, word, least,
                 most);
  return FALSE;
}

static gboolean
parse_side (const char *option, const char *word, guint *side)
{
  return parse_number (option, word, PSC_FIGURE_MIN_SIZE, PSC_FIGURE_MAX_SIZE, side);
}

/* What has no pixels has no scale: refused rather than ignored. */
static gboolean
parse_scale (const char *word, PscFigureFormat format, guint *scale)
{
  if (word == NULL || format == PSC_FIGURE_PNG)
    return parse_number ("--scale", word, 1, PSC_FIGURE_MAX_SCALE, scale);
  psc_cli_error (_ ("--scale is for png: svg and pdf can be enlarged as they are"));
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

/* The one lens that compares needs something to compare with, and no other does. */
static gboolean
check_since (const Words *words, PscFigureOptions *figure)
{
  if (words->since != NULL && words->lens == NULL)
    figure->lens = PSC_LENS_CHANGE;
  if ((words->since != NULL) == (figure->lens == PSC_LENS_CHANGE))
    return TRUE;
  if (words->since != NULL)
    psc_cli_error (_ ("--since is for the lens “%s”: leave one of the two out"),
                   psc_lens_id (PSC_LENS_CHANGE));
  else
    psc_cli_error (_ ("--since is missing: what the lens “%s” is to compare with, a target"),
                   psc_lens_id (PSC_LENS_CHANGE));
  return FALSE;
}

static gboolean
parse_theme (const char *word, PscTheme *theme)
{
  if (word == NULL || psc_theme_from_id (word, theme))
    return TRUE;
  psc_cli_error (_ ("There is no theme “%s”: choose light, dark, light-contrast or dark-contrast"),
                 word);
  return FALSE;
}

/* "png", from --format or else from the name; NULL when neither tells. */
static const char *
find_format (const Words *words)
{
  const char *dot = strrchr (words->output, '.');

  if (words->format != NULL)
    return words->format;
  return dot != NULL ? dot + 1 : NULL;
}

static DataFunc
data_func_of (const char *format)
{
  if (format != NULL && g_ascii_strcasecmp (format, "csv") == 0)
    return psc_report_to_csv;
  if (format != NULL && g_ascii_strcasecmp (format, "json") == 0)
    return pretty_json;
  return NULL;
}

/* What makes no sense for data is refused rather than ignored. */
static gboolean
check_data_words (const Words *words)
{
  const char *option = words->lens != NULL   ? "--lens" :
                       words->since != NULL  ? "--since" :
                       words->width != NULL  ? "--width" :
                       words->height != NULL ? "--height" :
                       words->scale != NULL  ? "--scale" :
                       words->range != NULL  ? "--range" :
                       words->theme != NULL  ? "--theme" :
                       words->patterns       ? "--patterns" :
                       words->timeline       ? "--timeline" :
                                               NULL;

  if (option == NULL)
    return TRUE;
  psc_cli_error (_ ("%s is for pictures (png, svg, pdf): leave it out for %s"), option,
                 find_format (words));
  return FALSE;
}

static gboolean
say_no_format (const Words *words)
{
  if (words->format != NULL)
    psc_cli_error (_ ("There is no format “%s”: choose png, svg, pdf, csv or json"), words->format);
  else if (g_str_equal (words->output, TO_STDOUT))
    psc_cli_error (
        _ ("--format is missing: what to write to standard output, png, svg, pdf, csv or "
           "json"));
  else
    psc_cli_error (_ ("Can't tell from the name “%s” what to write: let it end in .png, .svg, "
                      ".pdf, .csv or .json, or add --format"),
                   words->output);
  return FALSE;
}

static gboolean
plan_from_words (Plan *plan, const Words *words, const PscCliSource *source, const char *target)
{
  PscFigureOptions *figure = &plan->figure;
  const char *format;

  *plan = (Plan){ .figure = { .width = PSC_FIGURE_WIDTH } };
  if (words->output == NULL)
    {
      psc_cli_error (_ ("-o FILE is missing: where to write to; see pagescape-cli export --help"));
      return FALSE;
    }
  format = find_format (words);
  plan->data = data_func_of (format);
  if (plan->data != NULL)
    return check_data_words (words);
  if (format == NULL || !psc_figure_format_from_id (format, &plan->format))
    return say_no_format (words);
  figure->patterns = words->patterns;
  return parse_lens (words->lens, &figure->lens) && check_since (words, figure) &&
         psc_cli_check_lens (figure->lens, source, target) &&
         parse_theme (words->theme, &figure->theme) &&
         parse_side ("--width", words->width, &figure->width) &&
         parse_side ("--height", words->height, &figure->height) &&
         parse_scale (words->scale, plan->format, &figure->scale) &&
         parse_range (words->range, &figure->range_start, &figure->range_end);
}

static GBytes *
make_bytes (const Plan *plan, const PscSpace *space, GError **error)
{
  char *text;

  if (plan->data == NULL)
    return psc_figure_render (space, &plan->figure, plan->format, error);
  text = plan->data (space);
  return g_bytes_new_take (text, strlen (text));
}

static PscCliStatus
write_plan (const Plan *plan, const PscSpace *space, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = make_bytes (plan, space, &error);
  gsize length;
  const void *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  if (bytes != NULL && g_str_equal (path, TO_STDOUT))
    return psc_cli_print_bytes (data, length);
  if (bytes != NULL && psc_figure_write_file (path, data, length, &error))
    return PSC_CLI_DONE;
  psc_cli_error ("%s", error->message);
  return PSC_CLI_FAILED;
}

static PscCliStatus export(const Plan *plan, const PscCliSource *source, const char *word,
                           const char *path)
{
  PscCliStatus status;
  g_autoptr (PscSpace) space = psc_cli_capture (source, word, PSC_SMAPS_SMALL, &status);

  return space != NULL ? write_plan (plan, space, path) : status;
}

/* What it is compared with is looked at first: it is what was then. */
static PscCliStatus
export_since (Plan *plan, const PscCliSource *source, const char *word, const char *since,
              const char *path)
{
  PscCliStatus status;
  g_autoptr (PscSpace) then = psc_cli_capture (source, since, PSC_SMAPS_NEVER, &status);
  g_autoptr (PscSpace) now = NULL;
  g_autoptr (PscDiff) diff = NULL;

  if (then == NULL)
    return status;
  now = psc_cli_capture (source, word, PSC_SMAPS_NEVER, &status);
  if (now == NULL)
    return status;
  diff = psc_diff_new (then, now);
  plan->figure.traits = diff->traits;
  plan->figure.since = then;
  return write_plan (plan, now, path);
}

/* The process stays open between its pages and their frames. */
static PscCliStatus
export_with_frames (Plan *plan, const PscCliSource *source, const char *word, const char *path)
{
  PscFigureOptions *figure = &plan->figure;
  PscCliStatus status;
  g_autoptr (PscTarget) target = psc_cli_open_target (source, word, &status);
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = NULL;
  g_autoptr (PscTraits) traits = NULL;

  if (target == NULL)
    return status;
  space = psc_target_capture (target, NULL, &error);
  if (space == NULL)
    {
      psc_cli_error ("%s", error->message);
      return PSC_CLI_FAILED;
    }
  traits =
      psc_cli_read_traits (figure->lens, target, space, figure->range_start, figure->range_end);
  if (traits == NULL)
    return PSC_CLI_FAILED;
  figure->traits = traits;
  return write_plan (plan, space, path);
}

/* Through what was recorded before it. */
static PscCliStatus
export_age (Plan *plan, const char *word, const char *path)
{
  PscCliStatus status;
  guint index;
  g_autoptr (PscRecording) recording = psc_cli_open_recording (word, &index, &status);
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = NULL;
  g_autoptr (PscTraits) traits = NULL;

  if (recording == NULL)
    return status;
  space = psc_recording_load (recording, index, &error);
  if (space != NULL)
    traits = psc_recording_dup_age (recording, index, &error);
  if (traits == NULL)
    {
      psc_cli_error ("%s", error->message);
      return PSC_CLI_FAILED;
    }
  plan->figure.traits = traits;
  return write_plan (plan, space, path);
}

/* Does the lens want to know of pages what a snapshot has not? Of what is recorded it can't, and
 * the sharing lens does without. */
static gboolean
needs_more (PscLens lens, const char *word, const PscCliSource *source)
{
  PscLensNeeds needs = psc_lens_needs (lens);

  return needs == PSC_LENS_NEEDS_FRAMES ||
         (needs == PSC_LENS_NEEDS_SHARED && source->root == NULL && !psc_recording_is_named (word));
}

static PscCliStatus
export_any (Plan *plan, const PscCliSource *source, const char *word, const Words *words)
{
  if (plan->data == NULL && words->since != NULL)
    return export_since (plan, source, word, words->since, words->output);
  if (plan->data == NULL && plan->figure.lens == PSC_LENS_AGE)
    return export_age (plan, word, words->output);
  if (plan->data == NULL && needs_more (plan->figure.lens, word, source))
    return export_with_frames (plan, source, word, words->output);
  return export(plan, source, word, words->output);
}

/* What leads to the moment, which only a recording has. */
static PscCliStatus
export_with_timeline (Plan *plan, const PscCliSource *source, const char *word, const Words *words)
{
  g_autoptr (PscRecording) recording = NULL;
  PscCliStatus status;
  guint index;

  if (!psc_recording_is_named (word))
    {
      psc_cli_error (_ ("--timeline is for recordings: “%s” is a process, and nobody knows its "
                        "past"),
                     word);
      return PSC_CLI_WRONG_USAGE;
    }
  recording = psc_cli_open_recording (word, &index, &status);
  if (recording == NULL)
    return status;
  plan->figure.timeline = psc_recording_get_timeline (recording);
  return export_any (plan, source, word, words);
}

PscCliStatus
psc_cli_export (int argc, char **argv, PscCliSource *source)
{
  g_auto (Words) words = { NULL };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &words.output,
      N_ ("Where to write: FILE.png, .svg, .pdf, .csv or .json; - for standard output"),
      N_ ("FILE") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &words.format,
      N_ ("What to write, when the name does not tell: png, svg, pdf, csv or json"), N_ ("NAME") },
    { "lens", 0, 0, G_OPTION_ARG_STRING, &words.lens,
      N_ ("What colour means: residency (the default), kind, perms, sharing, change (with "
          "--since), age (of a recording); for root also order and contiguity"),
      N_ ("NAME") },
    { "since", 0, 0, G_OPTION_ARG_STRING, &words.since,
      N_ ("Show what is different from A, a target such as another process: the lens change"),
      N_ ("A") },
    { "patterns", 0, 0, G_OPTION_ARG_NONE, &words.patterns,
      N_ ("Patterns beside colours, for print and for eyes that tell few colours apart"), NULL },
    { "width", 0, 0, G_OPTION_ARG_STRING, &words.width,
      N_ ("Width in pixels (png) or points (svg, pdf); 1600 if not given"), N_ ("PX") },
    { "height", 0, 0, G_OPTION_ARG_STRING, &words.height,
      N_ ("Height; if not given, what the rows need to be legible"), N_ ("PX") },
    { "scale", 0, 0, G_OPTION_ARG_STRING, &words.scale,
      N_ ("Pixels per pixel of width and height, 1 to 4 (png); 2 for screens of double density"),
      N_ ("N") },
    { "timeline", 0, 0, G_OPTION_ARG_NONE, &words.timeline,
      N_ ("Of a recording: draw its timeline below the map"), NULL },
    { "range", 0, 0, G_OPTION_ARG_STRING, &words.range,
      N_ ("Show only addresses from A up to B: 0xA-0xB"), N_ ("A-B") },
    { "theme", 0, 0, G_OPTION_ARG_STRING, &words.theme,
      N_ ("Colours: light (the default), dark, light-contrast or dark-contrast"), N_ ("NAME") },
    { NULL },
  };
  Plan plan;

  if (!psc_cli_parse (&argc, &argv, source, entries, _ ("TARGET"),
                      _ ("Writes the memory of a process to a file: as a picture, or as data."),
                      1) ||
      !plan_from_words (&plan, &words, source, argv[1]))
    return PSC_CLI_WRONG_USAGE;
  return words.timeline ? export_with_timeline (&plan, source, argv[1], &words) :
                          export_any (&plan, source, argv[1], &words);
}
