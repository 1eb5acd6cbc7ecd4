/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-kind.h"

static const struct
{
  const char *id;
  const char *title;
  PscNature nature;
} kinds[PSC_N_KINDS] = {
  [PSC_KIND_TEXT] = { "text", "Code", PSC_NATURE_FIXED },
  [PSC_KIND_RODATA] = { "rodata", "Read-only data", PSC_NATURE_FIXED },
  [PSC_KIND_RELRO] = { "relro", "Relocated data", PSC_NATURE_FIXED },
  [PSC_KIND_DATA] = { "data", "Initialised data", PSC_NATURE_FIXED },
  [PSC_KIND_BSS] = { "bss", "Zero-initialised data", PSC_NATURE_FIXED },
  [PSC_KIND_HEAP] = { "heap", "Heap", PSC_NATURE_CAN_LEAK },
  [PSC_KIND_STACK] = { "stack", "Stack", PSC_NATURE_SELF },
  [PSC_KIND_THREAD_STACK] = { "thread_stack", "Thread stack", PSC_NATURE_SELF },
  [PSC_KIND_ANON] = { "anon", "Anonymous memory", PSC_NATURE_CAN_LEAK },
  [PSC_KIND_JIT] = { "jit", "Generated code", PSC_NATURE_CAN_LEAK },
  [PSC_KIND_RESERVED] = { "reserved", "Reserved", PSC_NATURE_FIXED },
  [PSC_KIND_GUARD] = { "guard", "Guard", PSC_NATURE_FIXED },
  [PSC_KIND_FILE] = { "file", "Mapped file", PSC_NATURE_CAN_LEAK },
  [PSC_KIND_SHM_ANON] = { "shm_anon", "Shared anonymous memory", PSC_NATURE_CAN_LEAK },
  [PSC_KIND_SHM_POSIX] = { "shm_posix", "POSIX shared memory", PSC_NATURE_CAN_LEAK },
  [PSC_KIND_SHM_SYSV] = { "shm_sysv", "System V shared memory", PSC_NATURE_CAN_LEAK },
  [PSC_KIND_SHM_MEMFD] = { "shm_memfd", "Shared memory (memfd)", PSC_NATURE_CAN_LEAK },
  [PSC_KIND_HUGETLB] = { "hugetlb", "Huge-page pool", PSC_NATURE_CAN_LEAK },
  [PSC_KIND_DEVICE] = { "device", "Device", PSC_NATURE_FIXED },
  [PSC_KIND_VDSO] = { "vdso", "Kernel's own pages", PSC_NATURE_FIXED },
};

static const char *const whys[PSC_N_WHYS] = {
  [PSC_WHY_NAME] = "named so by the kernel",
  [PSC_WHY_IMAGE_CODE] = "executable mapping of a file",
  [PSC_WHY_IMAGE_READ_ONLY] = "read-only mapping of a file of which another part is code",
  [PSC_WHY_IMAGE_RELRO] = "part of a program image that became read-only after relocation",
  [PSC_WHY_IMAGE_DATA] = "private writable mapping of a file of which another part is code",
  [PSC_WHY_IMAGE_BSS] = "anonymous memory glued to the end of a program image's data",
  [PSC_WHY_IMAGE_PADDING] = "no access, between the parts of one program image",
  [PSC_WHY_FILE] = "mapping of a file, no part of which is code",
  [PSC_WHY_ABOVE_GUARD] = "writable memory directly above a guard, in a process with threads",
  [PSC_WHY_GUARD_PAGES] = "starts with guard pages, in a process with threads",
  [PSC_WHY_ANONYMOUS] = "no file behind it",
  [PSC_WHY_ANON_EXEC] = "executable, and no file behind it",
  [PSC_WHY_SMALL_NO_ACCESS] = "no access, small, beside memory that is used",
  [PSC_WHY_NO_ACCESS] = "no access",
  [PSC_WHY_PATH] = "its path says so",
  [PSC_WHY_HUGETLB_PAGES] = "its pages are huge ones",
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
