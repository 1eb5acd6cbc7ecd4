/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-pack.h"

#include <zstd.h>

/* Beyond 3 zstd takes several times as long for a few percent, on bodies of snapshots. */
#define LEVEL 3
/* From here on the tables of matches no longer hold all of a prefix: long distance matching does.
 */
#define LONG_DISTANCE (1u << 20)

static void
set (ZSTD_CCtx *context, ZSTD_cParameter parameter, int value)
{
  size_t done = ZSTD_CCtx_setParameter (context, parameter, value);

  if (ZSTD_isError (done))
    g_error ("zstd: %s", ZSTD_getErrorName (done));
}

/* The window has to reach over all of the prefix from the last byte. */
static void
set_up (ZSTD_CCtx *context, gsize reach)
{
  int log = (int) CLAMP (g_bit_storage (reach), 10, 30);

  set (context, ZSTD_c_compressionLevel, LEVEL);
  set (context, ZSTD_c_checksumFlag, 1);
  set (context, ZSTD_c_windowLog, log);
  if (reach >= LONG_DISTANCE)
    set (context, ZSTD_c_enableLongDistanceMatching, 1);
}

GBytes *
psc_pack (GBytes *bytes, GBytes *prefix)
{
  ZSTD_CCtx *context = ZSTD_createCCtx ();
  gsize n_prefix = 0, n_bytes, room, size;
  gconstpointer before = prefix != NULL ? g_bytes_get_data (prefix, &n_prefix) : NULL;
  gconstpointer from = g_bytes_get_data (bytes, &n_bytes);
  gpointer packed;

  set_up (context, n_bytes + n_prefix);
  if (prefix != NULL)
    ZSTD_CCtx_refPrefix (context, before, n_prefix);
  room = ZSTD_compressBound (n_bytes);
  packed = g_malloc (room);
  size = ZSTD_compress2 (context, packed, room, from, n_bytes);
  if (ZSTD_isError (size))
    g_error ("zstd: %s", ZSTD_getErrorName (size));
  ZSTD_freeCCtx (context);
  return g_bytes_new_take (g_realloc (packed, size), size);
}

static gboolean
check_size (gconstpointer packed, gsize n_packed, guint64 size, guint64 most, GError **error)
{
  unsigned long long declared = ZSTD_getFrameContentSize (packed, n_packed);

  if (declared == ZSTD_CONTENTSIZE_ERROR || declared == ZSTD_CONTENTSIZE_UNKNOWN)
    g_set_error_literal (error, PSC_STORE_ERROR, PSC_STORE_ERROR_CORRUPT,
                         "The snapshot can't be unpacked: it is no zstd frame");
  else if (declared != size || size > most)
    g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_CORRUPT,
                 "The snapshot can't be unpacked: it says that it is %" G_GUINT64_FORMAT
                 " bytes, its frame says %llu, and %" G_GUINT64_FORMAT " are the most",
                 size, declared, most);
  else
    return TRUE;
  return FALSE;
}

GBytes *
psc_unpack (gconstpointer packed, gsize n_packed, guint64 size, guint64 most, GBytes *prefix,
            GError **error)
{
  ZSTD_DCtx *context;
  gsize n_prefix, done;
  gpointer bytes;

  if (!check_size (packed, n_packed, size, most, error))
    return NULL;
  context = ZSTD_createDCtx ();
  if (prefix != NULL)
    {
      gconstpointer before = g_bytes_get_data (prefix, &n_prefix);

      ZSTD_DCtx_refPrefix (context, before, n_prefix);
    }
  bytes = g_malloc (MAX (size, 1));
  done = ZSTD_decompressDCtx (context, bytes, size, packed, n_packed);
  ZSTD_freeDCtx (context);
  if (!ZSTD_isError (done) && done == size)
    return g_bytes_new_take (bytes, size);
  g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_CORRUPT,
               "The snapshot can't be unpacked: %s",
               ZSTD_isError (done) ? ZSTD_getErrorName (done) : "it is shorter than it says");
  g_free (bytes);
  return NULL;
}
