/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-kind.h"

#include <glib/gi18n.h>

static const struct
{
  const char *id;
  const char *title;
  PscNature nature;
} kinds[PSC_N_KINDS] = {
  [PSC_KIND_TEXT] = { "text", N_ ("Code"), PSC_NATURE_FIXED },
  [PSC_KIND_RODATA] = { "rodata", N_ ("Read-only data"), PSC_NATURE_FIXED },
  [PSC_KIND_RELRO] = { "relro", N_ ("Relocated data"), PSC_NATURE_FIXED },
  [PSC_KIND_DATA] = { "data", N_ ("Initialised data"), PSC_NATURE_FIXED },
  [PSC_KIND_BSS] = { "bss", N_ ("Zero-initialised data"), PSC_NATURE_FIXED },
  [PSC_KIND_HEAP] = { "heap", N_ ("Heap"), PSC_NATURE_CAN_LEAK },
  [PSC_KIND_STACK] = { "stack", N_ ("Stack"), PSC_NATURE_SELF },
  [PSC_KIND_THREAD_STACK] = { "thread_stack", N_ ("Thread stack"), PSC_NATURE_SELF },
  [PSC_KIND_ANON] = { "anon", N_ ("Anonymous memory"), PSC_NATURE_CAN_LEAK },
  [PSC_KIND_JIT] = { "jit", N_ ("Generated code"), PSC_NATURE_CAN_LEAK },
  [PSC_KIND_RESERVED] = { "reserved", N_ ("Reserved"), PSC_NATURE_FIXED },
  [PSC_KIND_GUARD] = { "guard", N_ ("Guard"), PSC_NATURE_FIXED },
  [PSC_KIND_FILE] = { "file", N_ ("Mapped file"), PSC_NATURE_CAN_LEAK },
  [PSC_KIND_SHM_ANON] = { "shm_anon", N_ ("Shared anonymous memory"), PSC_NATURE_CAN_LEAK },
  [PSC_KIND_SHM_POSIX] = { "shm_posix", N_ ("POSIX shared memory"), PSC_NATURE_CAN_LEAK },
  [PSC_KIND_SHM_SYSV] = { "shm_sysv", N_ ("System V shared memory"), PSC_NATURE_CAN_LEAK },
  [PSC_KIND_SHM_MEMFD] = { "shm_memfd", N_ ("Shared memory (memfd)"), PSC_NATURE_CAN_LEAK },
  [PSC_KIND_HUGETLB] = { "hugetlb", N_ ("Huge-page pool"), PSC_NATURE_CAN_LEAK },
  [PSC_KIND_DEVICE] = { "device", N_ ("Device"), PSC_NATURE_FIXED },
  [PSC_KIND_VDSO] = { "vdso", N_ ("Kernel's own pages"), PSC_NATURE_FIXED },
};

static const char *const whys[PSC_N_WHYS] = {
  [PSC_WHY_NAME] = N_ ("named so by the kernel"),
  [PSC_WHY_IMAGE_CODE] = N_ ("executable mapping of a file"),
  [PSC_WHY_IMAGE_READ_ONLY] = N_ ("read-only mapping of a file of which another part is code"),
  [PSC_WHY_IMAGE_RELRO] = N_ ("part of a program image that became read-only after relocation"),
  [PSC_WHY_IMAGE_DATA] = N_ ("private writable mapping of a file of which another part is code"),
  [PSC_WHY_IMAGE_BSS] = N_ ("anonymous memory glued to the end of a program image's data"),
  [PSC_WHY_IMAGE_PADDING] = N_ ("no access, between the parts of one program image"),
  [PSC_WHY_FILE] = N_ ("mapping of a file, no part of which is code"),
  [PSC_WHY_ABOVE_GUARD] = N_ ("writable memory directly above a guard, in a process with threads"),
  [PSC_WHY_GUARD_PAGES] = N_ ("starts with guard pages, in a process with threads"),
  [PSC_WHY_ANONYMOUS] = N_ ("no file behind it"),
  [PSC_WHY_ANON_EXEC] = N_ ("executable, and no file behind it"),
  [PSC_WHY_SMALL_NO_ACCESS] = N_ ("no access, small, beside memory that is used"),
  [PSC_WHY_NO_ACCESS] = N_ ("no access"),
  [PSC_WHY_PATH] = N_ ("its path says so"),
  [PSC_WHY_HUGETLB_PAGES] = N_ ("its pages are huge ones"),
};

const char *
psc_kind_id (PscKind kind)
{
  g_return_val_if_fail (kind < PSC_N_KINDS, "");

  return kinds[kind].id;
}

const char *
psc_kind_title (PscKind kind)
{
  g_return_val_if_fail (kind < PSC_N_KINDS, "");

  return kinds[kind].title;
}

PscNature
psc_kind_nature (PscKind kind)
{
  g_return_val_if_fail (kind < PSC_N_KINDS, PSC_NATURE_FIXED);

  return kinds[kind].nature;
}

const char *
psc_kind_why (PscKindWhy why)
{
  g_return_val_if_fail (why < PSC_N_WHYS, "");

  return whys[why];
}

gboolean
psc_kind_from_id (const char *id, PscKind *kind)
{
  g_return_val_if_fail (id != NULL && kind != NULL, FALSE);

  for (guint i = 0; i < PSC_N_KINDS; i++)
    if (g_str_equal (id, kinds[i].id))
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}
