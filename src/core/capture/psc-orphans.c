/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-orphans.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "psc-cursor.h"
#include "psc-format.h"
#include "psc-maps-parser.h"
#include "psc-orphans-words.h"
#include "psc-process-list.h"
#include "psc-sysv-parser.h"

#define SYSV_BYTES   (G_GUINT64_CONSTANT (16) << 20)
#define MAPS_BYTES   (G_GUINT64_CONSTANT (256) << 20)
#define SHM_PREFIX   "/dev/shm/"
#define MEMFD_PREFIX "/memfd:"

#define DELETED " (deleted)"
/* Directories in /dev/shm, one inside the other, and how many altogether are looked into. */
#define MAX_DEPTH       16u
#define MAX_DIRECTORIES 1024u

/* What names a file for good as long as it is there. */
typedef struct
{
  guint32 major, minor;
  guint64 inode;
} FileKey;

typedef struct
{
  PscOrphan *orphan;
  char *path; /* of a FILE, beneath /dev/shm, any bytes */
} Candidate;

typedef struct
{
  PscProbe *probe;
  guint kinds;
  PscOrphans *orphans;
  GHashTable *files;  /* FileKey -> Candidate: in /dev/shm */
  GHashTable *held;   /* FileKey -> Candidate: open, and of memory */
  GHashTable *in_use; /* FileKey: mapped, or in /dev/shm and open */
  guint n_directories;
  gboolean directories_left;
  guint32 shm_major, shm_minor;
  gboolean shm_known;
  const PscProcess *process; /* that is being looked at */
  gboolean links_hidden;     /* where some of its descriptors lead was not told */
  guint n_other_users;       /* of those that are unseen */
  GError *broken;
} Reader;

static guint
key_hash (gconstpointer data)
{
  const FileKey *key = data;

  return (guint) (key->inode ^ (key->inode >> 32)) * 31 + key->major * 7 + key->minor;
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  const FileKey *x = a, *y = b;

  return x->inode == y->inode && x->major == y->major && x->minor == y->minor;
}

static void
holder_clear (gpointer data)
{
  g_free (((PscOrphanHolder *) data)->name);
}

static void
orphan_free (PscOrphan *orphan)
{
  if (orphan == NULL)
    return;
  g_array_unref (orphan->holders);
  g_free (orphan->name);
  g_free (orphan->sentence);
  g_free (orphan->remedy);
  g_free (orphan);
}

static PscOrphan *
orphan_new (PscOrphanKind kind)
{
  PscOrphan *orphan = g_new0 (PscOrphan, 1);

  orphan->kind = kind;
  orphan->certain = TRUE;
  orphan->holders = g_array_new (FALSE, FALSE, sizeof (PscOrphanHolder));
  g_array_set_clear_func (orphan->holders, holder_clear);
  return orphan;
}

static void
candidate_free (gpointer data)
{
  Candidate *candidate = data;

  orphan_free (candidate->orphan);
  g_free (candidate->path);
  g_free (candidate);
}

void
psc_orphans_free (PscOrphans *orphans)
{
  if (orphans == NULL)
    return;
  g_ptr_array_unref (orphans->orphans);
  g_ptr_array_unref (orphans->notes);
  g_free (orphans);
}

gboolean
psc_orphan_belongs (const PscOrphan *orphan, gint pid)
{
  for (guint i = 0; i < orphan->holders->len; i++)
    if (g_array_index (orphan->holders, PscOrphanHolder, i).pid == pid)
      return TRUE;
  return orphan->kind == PSC_ORPHAN_SYSV && (orphan->cpid == pid || orphan->lpid == pid);
}

static gboolean
wants (const Reader *reader, PscOrphanKind kind)
{
  return (reader->kinds & 1u << kind) != 0;
}

static void
add_note (Reader *reader, char *note)
{
  g_ptr_array_add (reader->orphans->notes, note);
}

/* Takes the error: FALSE when there is no use in going on. */
static gboolean
survives (Reader *reader, GError *error)
{
  if (!g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_BROKEN))
    {
      g_error_free (error);
      return TRUE;
    }
  if (reader->broken == NULL)
    reader->broken = error;
  else
    g_error_free (error);
  return FALSE;
}

static gboolean
is_over (const Reader *reader)
{
  return reader->broken != NULL;
}

/* --- System V ------------------------------------------------------------------------------ */

static void
add_segment (Reader *reader, const PscSysvSegment *segment)
{
  PscOrphan *orphan = orphan_new (PSC_ORPHAN_SYSV);

  orphan->name = g_strdup_printf ("0x%08x", (guint32) segment->key);
  orphan->size = segment->size;
  orphan->swapped = segment->swapped;
  orphan->bytes = segment->resident + segment->swapped;
  orphan->uid = (guint) segment->uid;
  orphan->changed = (gint64) MAX (segment->detached, segment->changed);
  orphan->shmid = (gint) segment->shmid;
  orphan->cpid = (gint) segment->cpid;
  orphan->lpid = (gint) segment->lpid;
  psc_orphan_describe (orphan, NULL);
  g_ptr_array_add (reader->orphans->orphans, orphan);
}

static void
read_sysv (Reader *reader)
{
  GError *error = NULL;
  g_autoptr (GBytes) bytes =
      psc_probe_read (reader->probe, 0, PSC_WIRE_FILE_SYSVIPC_SHM, SYSV_BYTES, NULL, &error);
  g_autoptr (GArray) segments = NULL;
  guint n_bad = 0;
  gsize length;
  const char *text;

  if (bytes == NULL)
    {
      add_note (reader, g_strdup_printf (_ ("System V segments: %s"), error->message));
      survives (reader, error);
      return;
    }
  text = g_bytes_get_data (bytes, &length);
  segments = psc_sysv_parse (text != NULL ? text : "", length, &n_bad);
  if (segments == NULL || n_bad > 0)
    add_note (reader, g_strdup (_ ("System V segments: the list has not the form that it should")));
  for (guint i = 0; segments != NULL && i < segments->len; i++)
    {
      const PscSysvSegment *segment = &g_array_index (segments, PscSysvSegment, i);

      if (segment->n_attached == 0)
        add_segment (reader, segment);
    }
}

/* --- /dev/shm ------------------------------------------------------------------------------ */

typedef struct
{
  Reader *reader;
  const char *path;   /* of the directory, "" for /dev/shm */
  GPtrArray *beneath; /* paths of directories in it */
} Listing;

static void
add_file (Reader *reader, const PscProbeEntry *entry, char *path)
{
  const FileKey key = { entry->dev_major, entry->dev_minor, entry->inode };
  Candidate *candidate = g_new0 (Candidate, 1);
  PscOrphan *orphan = orphan_new (PSC_ORPHAN_FILE);
  g_autofree char *whole = g_strconcat (SHM_PREFIX, path, NULL);

  orphan->name = psc_format_name (whole, -1);
  orphan->bytes = entry->allocated;
  orphan->size = entry->size;
  orphan->uid = entry->uid;
  orphan->changed = entry->changed;
  *candidate = (Candidate){ orphan, path };
  g_hash_table_replace (reader->files, g_memdup2 (&key, sizeof key), candidate);
  reader->shm_major = entry->dev_major;
  reader->shm_minor = entry->dev_minor;
  reader->shm_known = TRUE;
}

static void
take_file_cb (const PscProbeEntry *entry, gpointer user_data)
{
  Listing *listing = user_data;
  g_autofree char *path = NULL;

  /* A name of the kernel has neither; then the probe isn't to be trusted with it. */
  if (entry->errnum != 0 || memchr (entry->name, '\0', entry->name_length) != NULL ||
      memchr (entry->name, '/', entry->name_length) != NULL || entry->name_length == 0)
    return;
  path = g_strdup_printf ("%s%s%.*s", listing->path, listing->path[0] != '\0' ? "/" : "",
                          (int) entry->name_length, entry->name);
  if (S_ISREG (entry->mode))
    add_file (listing->reader, entry, g_steal_pointer (&path));
  else if (S_ISDIR (entry->mode) && strlen (path) <= PSC_WIRE_MAX_PATH)
    g_ptr_array_add (listing->beneath, g_steal_pointer (&path));
}

static void
list_files (Reader *reader, const char *path, guint depth)
{
  g_autoptr (GPtrArray) beneath = g_ptr_array_new_with_free_func (g_free);
  Listing listing = { reader, path, beneath };
  gboolean truncated = FALSE;
  GError *error = NULL;

  if (depth > MAX_DEPTH || reader->n_directories++ >= MAX_DIRECTORIES)
    {
      reader->directories_left = TRUE;
      return;
    }
  if (!psc_probe_entries (reader->probe, 0, PSC_WIRE_DIRECTORY_SHM, path, take_file_cb, &listing,
                          &truncated, &error))
    {
      reader->directories_left = reader->directories_left || path[0] != '\0';
      if (path[0] == '\0')
        add_note (reader, g_strdup_printf (_ ("Files in %s: %s"), "/dev/shm", error->message));
      survives (reader, error);
      return;
    }
  reader->directories_left = reader->directories_left || truncated;
  for (guint i = 0; i < beneath->len && !is_over (reader); i++)
    list_files (reader, g_ptr_array_index (beneath, i), depth + 1);
}

/* --- processes ----------------------------------------------------------------------------- */

static gboolean
has_prefix (const char *bytes, gsize length, const char *prefix)
{
  gsize n = strlen (prefix);

  return length >= n && memcmp (bytes, prefix, n) == 0;
}

static gboolean
has_suffix (const char *bytes, gsize length, const char *suffix)
{
  gsize n = strlen (suffix);

  return length >= n && memcmp (bytes + length - n, suffix, n) == 0;
}

/* FALSE when it is a descriptor of something else. */
static gboolean
find_held_kind (const PscProbeEntry *entry, PscOrphanKind *kind)
{
  if (has_prefix (entry->target, entry->target_length, MEMFD_PREFIX))
    *kind = PSC_ORPHAN_MEMFD;
  else if (has_prefix (entry->target, entry->target_length, SHM_PREFIX) && entry->links == 0)
    *kind = PSC_ORPHAN_UNLINKED;
  else
    return FALSE;
  return S_ISREG (entry->mode);
}

static Candidate *
add_held (Reader *reader, const FileKey *key, PscOrphanKind kind, const PscProbeEntry *entry)
{
  Candidate *candidate = g_new0 (Candidate, 1);
  PscOrphan *orphan = orphan_new (kind);
  gsize length = entry->target_length;
  const char *target = entry->target;

  if (has_suffix (target, length, DELETED))
    length -= strlen (DELETED);
  if (kind == PSC_ORPHAN_MEMFD)
    target++, length--;
  orphan->name = psc_format_name (target, (gssize) length);
  orphan->bytes = entry->allocated;
  orphan->size = entry->size;
  orphan->uid = entry->uid;
  orphan->changed = entry->changed;
  candidate->orphan = orphan;
  g_hash_table_insert (reader->held, g_memdup2 (key, sizeof *key), candidate);
  return candidate;
}

static void
use_key (Reader *reader, const FileKey *key)
{
  if (!g_hash_table_contains (reader->in_use, key))
    g_hash_table_add (reader->in_use, g_memdup2 (key, sizeof *key));
}

static void
take_descriptor_cb (const PscProbeEntry *entry, gpointer user_data)
{
  Reader *reader = user_data;
  const FileKey key = { entry->dev_major, entry->dev_minor, entry->inode };
  PscOrphanHolder holder = { reader->process->pid, 0, NULL };
  PscCursor name = psc_cursor (entry->name, entry->name_length);
  Candidate *candidate;
  PscOrphanKind kind;
  guint64 fd;

  reader->links_hidden = reader->links_hidden || entry->errnum != 0;
  if (entry->errnum != 0 || !psc_cursor_decimal (&name, &fd) || fd > G_MAXINT)
    return;
  if (!find_held_kind (entry, &kind))
    {
      if (g_hash_table_contains (reader->files, &key))
        use_key (reader, &key);
      return;
    }
  candidate = g_hash_table_lookup (reader->held, &key);
  if (candidate == NULL)
    candidate = add_held (reader, &key, kind, entry);
  holder.fd = (guint) fd;
  holder.name = g_strdup (reader->process->name);
  g_array_append_val (candidate->orphan->holders, holder);
}

/* Inode numbers of System V segments are their ids, on the file system that memfds are on too. */
static gboolean
is_of_interest (const Reader *reader, const PscMapping *mapping, const char *name, gsize length)
{
  if (mapping->inode == 0)
    return FALSE;
  if (reader->shm_known && mapping->dev_major == reader->shm_major &&
      mapping->dev_minor == reader->shm_minor)
    return TRUE;
  return has_prefix (name, length, MEMFD_PREFIX) || has_prefix (name, length, SHM_PREFIX);
}

static void
take_maps (Reader *reader, GBytes *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  PscCursor cursor = psc_cursor (text != NULL ? text : "", length), line;

  while (psc_cursor_line (&cursor, &line, NULL))
    {
      PscMapping mapping;
      const char *name;
      gsize name_length;

      if (psc_maps_parse_line (line.at, line.end - line.at, &mapping, &name, &name_length) &&
          is_of_interest (reader, &mapping, name, name_length))
        {
          const FileKey key = { mapping.dev_major, mapping.dev_minor, mapping.inode };

          use_key (reader, &key);
        }
    }
}

/* Takes the error of looking at the process; what has ended hides nothing. */
static void
note_unseen (Reader *reader, GError *error)
{
  gboolean gone = g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE);

  if (!survives (reader, error) || gone)
    return;
  reader->orphans->n_unseen++;
  if (reader->process->uid != psc_probe_get_host (reader->probe)->uid)
    reader->n_other_users++;
}

/* Descriptors before maps: what is mapped and closed in between is seen by the second. */
static gboolean
read_opened (Reader *reader, guint handle, GError **error)
{
  g_autoptr (GBytes) maps = NULL;
  gboolean cut = FALSE, maps_cut = FALSE;

  reader->links_hidden = FALSE;
  if (!psc_probe_entries (reader->probe, handle, PSC_WIRE_DIRECTORY_FD, "", take_descriptor_cb,
                          reader, &cut, error))
    return FALSE;
  maps = psc_probe_read (reader->probe, handle, PSC_WIRE_FILE_MAPS, MAPS_BYTES, &maps_cut, error);
  if (maps == NULL)
    return FALSE;
  take_maps (reader, maps);
  if (!cut && !maps_cut && !reader->links_hidden)
    return TRUE;
  g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_FAILED,
               "Not all that process %d has open and mapped could be looked at",
               reader->process->pid);
  return FALSE;
}

static void
read_process (Reader *reader)
{
  GError *error = NULL;
  guint handle;
  guint64 start_time;
  gboolean seen;

  if (!psc_probe_open (reader->probe, reader->process->pid, &handle, &start_time, &error))
    {
      note_unseen (reader, error);
      return;
    }
  seen = read_opened (reader, handle, &error);
  psc_probe_close (reader->probe, handle);
  if (seen)
    reader->orphans->n_processes++;
  else
    note_unseen (reader, error);
}

static gboolean
read_processes (Reader *reader, GError **error)
{
  g_autoptr (GPtrArray) processes = psc_process_list (reader->probe, error);

  if (processes == NULL)
    return FALSE;
  for (guint i = 0; i < processes->len && !is_over (reader); i++)
    {
      reader->process = g_ptr_array_index (processes, i);
      /* Zombies have closed and unmapped everything. */
      if (!reader->process->kernel_thread && reader->process->state != 'Z' &&
          reader->process->state != 'X')
        read_process (reader);
    }
  return TRUE;
}

/* --- all of it ----------------------------------------------------------------------------- */

static void
take_candidates (Reader *reader, GHashTable *candidates)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, candidates);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      Candidate *candidate = value;
      PscOrphan *orphan = candidate->orphan;

      if (!wants (reader, orphan->kind) || g_hash_table_contains (reader->in_use, key))
        continue;
      /* Many a program passes data by a memfd, and an empty one takes nothing. */
      if (orphan->kind != PSC_ORPHAN_FILE && orphan->bytes == 0)
        continue;
      orphan->certain = reader->orphans->n_unseen == 0;
      psc_orphan_describe (orphan, candidate->path);
      g_ptr_array_add (reader->orphans->orphans, g_steal_pointer (&candidate->orphan));
    }
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  const PscOrphan *x = *(const PscOrphan *const *) a;
  const PscOrphan *y = *(const PscOrphan *const *) b;

  if (x->bytes != y->bytes)
    return x->bytes > y->bytes ? -1 : 1;
  if (x->kind != y->kind)
    return (gint) x->kind - (gint) y->kind;
  return x->shmid != y->shmid ? (x->shmid > y->shmid) - (x->shmid < y->shmid) :
                                strcmp (x->name, y->name);
}

static void
finish (Reader *reader)
{
  PscOrphans *orphans = reader->orphans;

  if (orphans->n_unseen > 0)
    add_note (reader, psc_orphans_dup_unseen_note (orphans->n_unseen, reader->n_other_users,
                                                   psc_probe_get_host (reader->probe)->uid == 0));
  if (reader->directories_left)
    add_note (reader, g_strdup (_ ("Some directories in /dev/shm could not be looked into, or not "
                                   "to their end")));
  take_candidates (reader, reader->files);
  take_candidates (reader, reader->held);
  g_ptr_array_sort (orphans->orphans, compare);
  for (guint i = 0; i < orphans->orphans->len; i++)
    {
      const PscOrphan *orphan = g_ptr_array_index (orphans->orphans, i);

      orphans->kinds[orphan->kind] += orphan->bytes;
      orphans->bytes += orphan->bytes;
    }
}

static PscOrphans *
orphans_new (void)
{
  PscOrphans *orphans = g_new0 (PscOrphans, 1);

  orphans->orphans = g_ptr_array_new_with_free_func ((GDestroyNotify) orphan_free);
  orphans->notes = g_ptr_array_new_with_free_func (g_free);
  return orphans;
}

PscOrphans *
psc_orphans_read (PscProbe *probe, const PscOrphansOptions *options, GError **error)
{
  g_autoptr (PscOrphans) orphans = orphans_new ();
  g_autoptr (GHashTable) files =
      g_hash_table_new_full (key_hash, key_equal, g_free, candidate_free);
  g_autoptr (GHashTable) held = g_hash_table_new_full (key_hash, key_equal, g_free, candidate_free);
  g_autoptr (GHashTable) in_use = g_hash_table_new_full (key_hash, key_equal, g_free, NULL);
  Reader reader = { .probe = probe, .orphans = orphans, .files = files, .held = held };

  g_return_val_if_fail (probe != NULL, NULL);

  reader.in_use = in_use;
  reader.kinds = options != NULL && options->kinds != 0 ? options->kinds : G_MAXUINT;
  if (wants (&reader, PSC_ORPHAN_SYSV))
    read_sysv (&reader);
  if (wants (&reader, PSC_ORPHAN_FILE) && !is_over (&reader))
    list_files (&reader, "", 0);
  if ((reader.kinds & ~(1u << PSC_ORPHAN_SYSV)) != 0 && !is_over (&reader) &&
      !read_processes (&reader, error))
    return NULL;
  if (reader.broken != NULL)
    {
      g_propagate_error (error, reader.broken);
      return NULL;
    }
  finish (&reader);
  return g_steal_pointer (&orphans);
}
