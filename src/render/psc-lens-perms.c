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
  [READ] = { "read", N_ ("r-- private"), NULL, { 0xf3a915, 0xfcbd3b, 0xaf9307, 0xffcb27 } },
  [READ_SHARED] = { "read_shared",
                    N_ ("r-- shared"),
                    NULL,
                    { 0xa38413, 0x7d5c00, 0x7b654c, 0xb29870 },
                    PSC_PATTERN_DOTS },
  [WRITE] = { "write", N_ ("rw- private"), NULL, { 0x218fe2, 0x4d96d5, 0x1964f6, 0x4297df } },
  [WRITE_SHARED] = { "write_shared",
                     N_ ("rw- shared"),
                     NULL,
                     { 0xa2b9d4, 0x0a64c3, 0x269fd4, 0x0365d0 },
                     PSC_PATTERN_DIAGONAL_UP },
  [EXEC] = { "exec", N_ ("r-x private"), NULL, { 0x16835b, 0x1dd19c, 0x077671, 0x36d7ac } },
  [EXEC_SHARED] = { "exec_shared",
                    N_ ("r-x shared"),
                    NULL,
                    { 0x2ecca7, 0x0a5e42, 0x7e9d77, 0x18654e },
                    PSC_PATTERN_HORIZONTAL },
  [WRITE_EXEC] = { "write_exec",
                   N_ ("Writable and executable"),
                   NULL,
                   { 0xb90800, 0xfb5d4c, 0xca0d03, 0xf6101a },
                   PSC_PATTERN_CROSS },
  [NO_ACCESS] = { "no_access",
                  N_ ("--- no access"),
                  NULL,
                  { 0x82868b, 0x6b737e, 0x969399, 0x6b737e },
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
