/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The two ioctls of /proc/PID files that the probe uses, as in the kernel's
 * include/uapi/linux/fs.h. Written out here because the headers of the distributions that
 * Pagescape builds on are older than the kernels that it runs on.
 */

#include <stdint.h>
#include <sys/ioctl.h>

/* On /proc/PID/pagemap, Linux 6.7. Fills vec with regions of pages whose categories match; returns
 * their number. Only ever used with flags 0: the other flags write-protect the target's pages. */
struct pm_scan_arg
{
  uint64_t size; /* sizeof this */
  uint64_t flags;
  uint64_t start; /* page aligned address */
  uint64_t end;
  uint64_t walk_end;  /* out: where it stopped, end when it got through */
  uint64_t vec;       /* struct page_region[vec_len], same as struct psc_wire_region */
  uint64_t vec_len;   /* regions */
  uint64_t max_pages; /* stop after so many matching pages; 0: no limit */
  uint64_t category_inverted;
  uint64_t category_mask;
  uint64_t category_anyof_mask;
  uint64_t return_mask;
};
#define PAGEMAP_SCAN _IOWR ('f', 16, struct pm_scan_arg)
_Static_assert(sizeof (struct pm_scan_arg) == 96, "as the kernel has it");

/* The categories that this version of the protocol names, PSC_WIRE_PAGE_*. */
#define PROBE_ALL_CATEGORIES UINT64_C (0x1ff)

/* On /proc/PID/maps, Linux 6.11. What is mapped at query_addr; ENOENT when nothing is. */
struct procmap_query
{
  uint64_t size; /* sizeof this */
  uint64_t query_flags;
  uint64_t query_addr;
  uint64_t vma_start; /* from here on out, but for the sizes and addresses of the buffers */
  uint64_t vma_end;
  uint64_t vma_flags;
  uint64_t vma_page_size;
  uint64_t vma_offset;
  uint64_t inode;
  uint32_t dev_major;
  uint32_t dev_minor;
  uint32_t vma_name_size; /* 0: name not wanted */
  uint32_t build_id_size; /* 0: build id not wanted */
  uint64_t vma_name_addr;
  uint64_t build_id_addr;
};
#define PROCMAP_QUERY _IOWR ('f', 17, struct procmap_query)
_Static_assert(sizeof (struct procmap_query) == 104, "as the kernel has it");
