/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-orphans-words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "psc-format.h"

#define SHM_PREFIX "/dev/shm/"

const char *
psc_orphan_kind_id (PscOrphanKind kind)
{
  static const char *const ids[PSC_N_ORPHANS] = { "sysv", "shm_file", "memfd", "unlinked" };

  return ids[kind];
}

static gboolean
is_plain (const char *path)
{
  return path[strspn (path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                            "/._-+:@%,=")] == '\0';
}

/* What a terminal or a reader could take for something else goes by its number: $'a\x0ab'. */
char *
psc_orphan_quote (const char *path)
{
  g_autofree char *shown = psc_format_name (path, -1);
  GString *text;

  if (is_plain (path))
    return g_strdup (path);
  if (strcmp (shown, path) == 0)
    return g_shell_quote (path);
  text = g_string_new ("$'");
  for (; *path != '\0'; path++)
    if (g_ascii_isprint (*path) && *path != '\'' && *path != '\\')
      g_string_append_c (text, *path);
    else
      g_string_append_printf (text, "\\x%02x", (guchar) *path);
  g_string_append_c (text, '\'');
  return g_string_free (text, FALSE);
}

static void
describe_sysv (PscOrphan *orphan, const char *bytes)
{
  orphan->sentence =
      g_strdup_printf (_ ("System V segment %d holds %s, and no process has it attached; process "
                          "%d made it, process %d used it last"),
                       orphan->shmid, bytes, orphan->cpid, orphan->lpid);
  orphan->remedy = g_strdup_printf ("ipcrm -m %d", orphan->shmid);
}

static void
describe_file (PscOrphan *orphan, const char *bytes, const char *path)
{
  g_autofree char *whole = g_strconcat (SHM_PREFIX, path, NULL);
  g_autofree char *quoted = psc_orphan_quote (whole);

  orphan->sentence =
      orphan->certain ?
          g_strdup_printf (_ ("%s holds %s, and no process maps it or has it open"), orphan->name,
                           bytes) :
          g_strdup_printf (_ ("%s holds %s, and no process that may be looked at maps it or has it "
                              "open"),
                           orphan->name, bytes);
  orphan->remedy = g_strconcat ("rm ", quoted, NULL);
}

static void
describe_held (PscOrphan *orphan, const char *bytes)
{
  const PscOrphanHolder *first = &g_array_index (orphan->holders, PscOrphanHolder, 0);
  guint more = orphan->holders->len - 1;
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          _ ("%s holds %s and is mapped by nobody; descriptor %u of process %d "
                             "(%s) keeps it"),
                          orphan->name, bytes, first->fd, first->pid, first->name);
  if (more > 0)
    g_string_append_printf (
        text, g_dngettext (NULL, ", and %u other descriptor", ", and %u other descriptors", more),
        more);
  orphan->sentence = g_string_free (text, FALSE);
  orphan->remedy =
      more == 0 ? g_strdup_printf (_ ("close descriptor %u of process %d"), first->fd, first->pid) :
                  g_strdup_printf (_ ("close descriptor %u of process %d and the others"),
                                   first->fd, first->pid);
}

void
psc_orphan_describe (PscOrphan *orphan, const char *path)
{
  g_autofree char *bytes = psc_format_size (orphan->bytes);

  switch (orphan->kind)
    {
    case PSC_ORPHAN_SYSV:
      describe_sysv (orphan, bytes);
      break;
    case PSC_ORPHAN_FILE:
      describe_file (orphan, bytes, path);
      break;
    default:
      describe_held (orphan, bytes);
      break;
    }
}

char *
psc_orphans_dup_unseen_note (guint n_unseen, guint n_other_users, gboolean is_root)
{
  GString *text = g_string_new (NULL);

  if (n_other_users == n_unseen)
    g_string_append_printf (text,
                            g_dngettext (NULL, "%u process of another user could not be looked at",
                                         "%u processes of other users could not be looked at",
                                         n_unseen),
                            n_unseen);
  else
    g_string_append_printf (text,
                            g_dngettext (NULL, "%u process could not be looked at",
                                         "%u processes could not be looked at", n_unseen),
                            n_unseen);
  g_string_append (text, _ (", and may map what seems orphaned, or hold more"));
  if (!is_root)
    g_string_append (text, _ ("; run as root"));
  return g_string_free (text, FALSE);
}
