/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens-private.h"

#include <glib/gi18n.h>

/* What the process may do with a mapping. What may be written may be read on every machine that
 * Linux runs on, so rw- stands for -w- too; and r-x for --x. */
enum
{
  READ,
  READ_SHARED,
  WRITE,
  WRITE_SHARED,
  EXEC,
  EXEC_SHARED,
  WRITE_EXEC,
  NO_ACCESS,
  N_PERMS
};

static const PscLensEntry perms[N_PERMS] = {
  [READ] = { "read", N_ ("r-- private"), NULL, { 0x3f8fd0, 0x5aaef0, 0x3f8fd0, 0x5aaef0 } },
  [READ_SHARED] = { "read_shared",
                    N_ ("r-- shared"),
                    NULL,
                    { 0x9cc8ea, 0x2f5f8a, 0x9cc8ea, 0x2f5f8a },
                    PSC_PATTERN_DOTS },
  [WRITE] = { "write", N_ ("rw- private"), NULL, { 0xe0a000, 0xf2b53a, 0xe0a000, 0xf2b53a } },
  [WRITE_SHARED] = { "write_shared",
                     N_ ("rw- shared"),
                     NULL,
                     { 0x9a7a20, 0xa8842c, 0x9a7a20, 0xa8842c },
                     PSC_PATTERN_DIAGONAL_UP },
  [EXEC] = { "exec", N_ ("r-x private"), NULL, { 0x00875f, 0x12b886, 0x00875f, 0x12b886 } },
  [EXEC_SHARED] = { "exec_shared",
                    N_ ("r-x shared"),
                    NULL,
                    { 0x66c2a4, 0x0a6a4e, 0x66c2a4, 0x0a6a4e },
                    PSC_PATTERN_HORIZONTAL },
  [WRITE_EXEC] = { "write_exec",
                   N_ ("Writable and executable"),
                   NULL,
                   { 0xe00000, 0xff2a2a, 0xe00000, 0xff2a2a },
                   PSC_PATTERN_CROSS },
  [NO_ACCESS] = { "no_access",
                  N_ ("--- no access"),
                  NULL,
                  { 0x8a929b, 0x69737f, 0x8a929b, 0x69737f },
                  PSC_PATTERN_DASHES },
};

static const PscLensEntry *
get_entries (void)
{
  static PscLensEntry entries[2 * N_PERMS];
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      for (guint i = 0; i < N_PERMS; i++)
        entries[i] = perms[i];
      psc_lens_fade (entries, N_PERMS);
      g_once_init_leave (&once, 1);
    }
  return entries;
}

static guint
entry_of (const PscMapping *mapping, PscPageClass klass)
{
  static const guint8 table[8] = {
    NO_ACCESS, READ, WRITE, WRITE, EXEC, EXEC, WRITE_EXEC, WRITE_EXEC,
  };
  guint entry = table[mapping->perms & (PSC_PERM_READ | PSC_PERM_WRITE | PSC_PERM_EXEC)];

  /* The shared variant is the next one; the alarm and no access have none. */
  if (mapping->perms & PSC_PERM_SHARED && entry < WRITE_EXEC)
    entry++;
  return entry + (psc_lens_is_faded (klass) ? N_PERMS : 0);
}

const PscLensType psc_lens_perms = {
  .id = "perms",
  .title = N_ ("Permissions"),
  .name = N_ ("Permissions"),
  .n_entries = 2 * N_PERMS,
  .n_pairs = N_PERMS,
  .get_entries = get_entries,
  .entry_of = entry_of,
};
