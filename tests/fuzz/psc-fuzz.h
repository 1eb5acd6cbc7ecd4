/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What fuzz targets share. A target is a file fuzz-NAME.c with LLVMFuzzerTestOneInput(): it takes
 * any bytes, and ends the program when something that must hold doesn't. With -Dfuzzing=true it is
 * linked with libFuzzer, else with psc-fuzz-replay.c, which feeds it a corpus.
 */

#include <stddef.h>
#include <stdint.h>
#include "psc-space.h"

G_BEGIN_DECLS

/* libFuzzer's own names: see its manual. */
int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Ends the program when the expression is false. Never compiled out. */
#define psc_fuzz_check(expression)                                                                 \
  do                                                                                               \
    {                                                                                              \
      if (!(expression))                                                                           \
        psc_fuzz_fail (__FILE__, __LINE__, #expression);                                           \
    }                                                                                              \
  while (0)
void psc_fuzz_fail (const char *file, int line, const char *what) G_GNUC_NORETURN;
/* psc_space_check() must have nothing to say. */
void psc_fuzz_check_space (const PscSpace *space);

/* A cursor over the input. At its end everything is 0. */
typedef struct
{
  const guint8 *at, *end;
} PscFuzzBytes;

/* An integer of n_bytes bytes, 1 to 8, little endian. */
guint64 psc_fuzz_take (PscFuzzBytes *bytes, guint n_bytes);
/* A number from two bytes that is small as often as it is huge: 1 to 2^48. */
guint64 psc_fuzz_take_scaled (PscFuzzBytes *bytes);
/* A counted string of up to 255 bytes, NUL-terminated; free with g_free(). */
char *psc_fuzz_take_string (PscFuzzBytes *bytes);
gboolean psc_fuzz_is_done (const PscFuzzBytes *bytes);

/* 4, 16 or 64 KiB. */
gsize psc_fuzz_take_page_size (PscFuzzBytes *bytes);
/* Mappings and runs from all of the bytes into a builder: anything that a builder takes. */
PscSpaceBuilder *psc_fuzz_take_space (PscFuzzBytes *bytes);

/* A descriptor that reads as these bytes; close it. */
int psc_fuzz_open_bytes (const void *bytes, gsize size);

G_END_DECLS
