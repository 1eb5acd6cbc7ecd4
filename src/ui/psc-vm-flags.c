/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-vm-flags.h"

#include <glib/gi18n-lib.h>

#include "psc-format.h"

/* More than the kernel has; what comes from outside is bounded. */
#define MAX_FLAGS 64

/* show_smap_vma_flags() in the kernel's fs/proc/task_mmu.c, in its order. */
static const struct
{
  char flag[3];
  const char *words;
} table[] = {
  { "rd", N_ ("readable") },
  { "wr", N_ ("writable") },
  { "ex", N_ ("executable") },
  { "sh", N_ ("shared") },
  { "mr", N_ ("may be made readable") },
  { "mw", N_ ("may be made writable") },
  { "me", N_ ("may be made executable") },
  { "ms", N_ ("may be shared") },
  { "gd", N_ ("grows down") },
  { "pf", N_ ("bare page frames") },
  { "dw", N_ ("the mapped file may not be written") },
  { "lo", N_ ("locked in RAM") },
  { "lf", N_ ("locked in RAM once touched") },
  { "io", N_ ("memory of a device") },
  { "sr", N_ ("read in sequence") },
  { "rr", N_ ("read at random") },
  { "dc", N_ ("not copied by fork") },
  { "de", N_ ("may not be expanded") },
  { "ac", N_ ("counted as committed memory") },
  { "nr", N_ ("no swap reserved") },
  { "ht", N_ ("from the pool of huge pages") },
  { "sf", N_ ("page faults wait for the file system") },
  { "nl", N_ ("non-linear") },
  { "ar", N_ ("a flag of the architecture") },
  { "wf", N_ ("wiped on fork") },
  { "dd", N_ ("left out of core dumps") },
  { "bt", N_ ("guarded branch targets") },
  { "mt", N_ ("tagged memory") },
  { "sd", N_ ("new or written (soft-dirty)") },
  { "mm", N_ ("page frames and pages mixed") },
  { "hg", N_ ("huge pages asked for") },
  { "nh", N_ ("huge pages refused") },
  { "mg", N_ ("equal pages may be merged (KSM)") },
  { "um", N_ ("missing pages go to userfaultfd") },
  { "uw", N_ ("writes go to userfaultfd") },
  { "ui", N_ ("minor faults go to userfaultfd") },
  { "ss", N_ ("shadow stack") },
  { "sl", N_ ("sealed") },
  { "gu", N_ ("has guard pages") },
  { "dp", N_ ("dropped when memory is short") },
};

static const char *
find_words (const char *flag)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].flag, flag))
      return table[i].words;
  return NULL;
}

char *
psc_vm_flags_describe (const char *flags)
{
  g_auto (GStrv) words = g_strsplit (flags, " ", MAX_FLAGS);
  GString *text = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    {
      const char *known = find_words (*word);
      g_autofree char *safe = psc_format_name (*word, -1);

      if (**word == '\0')
        continue;
      if (text->len > 0)
        g_string_append (text, ", ");
      if (known != NULL)
        g_string_append (text, g_dgettext (GETTEXT_PACKAGE, known));
      else
        g_string_append_printf (text, "“%s”", safe);
    }
  return g_string_free (text, FALSE);
}
