/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The input is a name that somebody else chose: shown, shortened, as the label of a mapping, and as
 * a target that a person typed. */

#include <string.h>

#include "psc-escape.h"
#include "psc-format.h"
#include "psc-fuzz.h"
#include "psc-process-list.h"

/* Valid, on one line, and nothing that turns the text around it. */
static void
check_shown (const char *text)
{
  psc_fuzz_check (g_utf8_validate (text, -1, NULL));
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      psc_fuzz_check (c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0));
      psc_fuzz_check (!(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069));
    }
}

static void
check_ellipsized (const char *name, guint max_chars)
{
  g_autofree char *text = psc_format_name_ellipsized (name, max_chars);

  check_shown (text);
  psc_fuzz_check (g_utf8_strlen (text, -1) <= MAX (max_chars, 1));
}

static void
check_label (const char *name)
{
  PscMapping mapping = { .start = 4096, .end = 8192, .name = name };
  g_autofree char *label = psc_mapping_dup_label (&mapping);

  check_shown (label);
  psc_fuzz_check (label[0] != '\0');
}

static void
check_find (const char *name)
{
  PscProcess process = { .pid = 42, .name = (char *) name, .program = (char *) "x" };
  g_autoptr (GPtrArray) processes = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  const PscProcess *found;

  g_ptr_array_add (processes, &process);
  found = psc_process_list_find (processes, name, &error);
  psc_fuzz_check ((found == NULL) == (error != NULL));
  if (error != NULL)
    check_shown (error->message);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *name = g_strndup ((const char *) data, size);
  g_autofree char *whole = psc_format_name ((const char *) data, (gssize) size);
  g_autofree char *again = psc_format_name (whole, -1);

  check_shown (whole);
  /* What is fit to be shown stays as it is. */
  psc_fuzz_check (g_str_equal (whole, again));
  check_ellipsized (name, size > 0 ? data[0] : 0);
  check_ellipsized (name, 16);
  check_label (name);
  check_find (name);
  return 0;
}
