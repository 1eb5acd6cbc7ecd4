/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The messages between Pagescape and its probe: framing and bounded encoding. PROTOCOL.md beside
 * this file says what each message carries, byte by byte; this header is its C face.
 *
 * A message is a 16-byte head and a payload. All integers are little endian. Requests go one way,
 * replies the other; every request is answered by zero or more data frames and exactly one END
 * (or the one frame that PROTOCOL.md names) with the same tag. libc only. Nothing here allocates;
 * buffers belong to the caller.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PSC_WIRE_VERSION 1

/* Longest payload that either side accepts, in bytes. A longer one is a protocol error. */
#define PSC_WIRE_MAX_REQUEST (256u << 10)
#define PSC_WIRE_MAX_REPLY   (256u << 10)
#define PSC_WIRE_HEAD_SIZE   16u

/* Most ranges in one scan or pagemap request, most addresses in one query. */
#define PSC_WIRE_MAX_RANGES    4096u
#define PSC_WIRE_MAX_ADDRESSES 4096u
/* Most threads in one answer. */
#define PSC_WIRE_MAX_THREADS 16384u
/* Most words in one answer. */
#define PSC_WIRE_MAX_WORDS 16384u
/* Longest path in a request, and most bytes of a cgroup's file, in bytes. */
#define PSC_WIRE_MAX_PATH   4095u
#define PSC_WIRE_MAX_CGROUP 4096u
/* Most entries of a directory in one answer. */
#define PSC_WIRE_MAX_ENTRIES 65536u
/* Most processes that may be open at once. */
#define PSC_WIRE_MAX_HANDLES 64u

enum psc_wire_type
{
  /* requests */
  PSC_WIRE_HELLO = 1,
  PSC_WIRE_LIST = 2,
  PSC_WIRE_OPEN = 3,
  PSC_WIRE_CLOSE = 4,
  PSC_WIRE_READ = 5,
  PSC_WIRE_SCAN = 6,     /* PAGEMAP_SCAN over ranges */
  PSC_WIRE_PAGEMAP = 7,  /* reads of pagemap over ranges, run-length encoded */
  PSC_WIRE_QUERY = 8,    /* PROCMAP_QUERY at addresses */
  PSC_WIRE_THREADS = 9,  /* names and stack pointers of a process's threads */
  PSC_WIRE_WORDS = 10,   /* words of the kernel's page tables of facts, untouched */
  PSC_WIRE_CGROUP = 11,  /* a file of a control group */
  PSC_WIRE_ENTRIES = 12, /* what is in a directory of shared memory, or which files are open */
  PSC_WIRE_CLEAR_REFERENCED = 13, /* forgets which pages were touched */
  /* replies */
  PSC_WIRE_HOST = 64,     /* answer to HELLO */
  PSC_WIRE_PROCESS = 65,  /* one process of a LIST */
  PSC_WIRE_OPENED = 66,   /* answer to OPEN */
  PSC_WIRE_DATA = 67,     /* bytes of a file */
  PSC_WIRE_REGIONS = 68,  /* page regions of a SCAN or PAGEMAP */
  PSC_WIRE_MAPPINGS = 69, /* answers of a QUERY */
  PSC_WIRE_END = 70,      /* end of an answer, with errno and what it cost */
  PSC_WIRE_THREAD = 71,   /* one thread of a THREADS */
  PSC_WIRE_ENTRY = 72,    /* one entry of an ENTRIES */
};

/* Files that READ ships whole. With handle 0 only the system-wide ones are allowed, with a process
 * handle only the others. */
enum psc_wire_file
{
  PSC_WIRE_FILE_MAPS = 1,
  PSC_WIRE_FILE_SMAPS = 2,
  PSC_WIRE_FILE_SMAPS_ROLLUP = 3,
  PSC_WIRE_FILE_STAT = 4,
  PSC_WIRE_FILE_STATM = 5,
  PSC_WIRE_FILE_STATUS = 6,
  PSC_WIRE_FILE_CMDLINE = 7,
  PSC_WIRE_FILE_COMM = 8,
  PSC_WIRE_FILE_LIMITS = 9,
  PSC_WIRE_FILE_CGROUP = 10,
  PSC_WIRE_FILE_OOM_SCORE = 11,
  PSC_WIRE_FILE_OOM_SCORE_ADJ = 12,
  /* system-wide */
  PSC_WIRE_FILE_MEMINFO = 64,
  PSC_WIRE_FILE_VMSTAT = 65,
  PSC_WIRE_FILE_MAX_MAP_COUNT = 66,
  PSC_WIRE_FILE_THP_ENABLED = 67,
  PSC_WIRE_FILE_MOUNTINFO = 68,
  PSC_WIRE_FILE_THP_DEFRAG = 69,
  PSC_WIRE_FILE_THP_SHMEM = 70,
  PSC_WIRE_FILE_THP_MAX_PTES_NONE = 71,
  PSC_WIRE_FILE_THP_SLOT_ENABLED = 72, /* of pages as large as one page table covers */
  PSC_WIRE_FILE_OVERCOMMIT = 73,
  PSC_WIRE_FILE_SYSVIPC_SHM = 74,
  PSC_WIRE_FILE_LRU_GEN = 75,
};

/* Directories that ENTRIES lists. */
enum psc_wire_directory
{
  PSC_WIRE_DIRECTORY_SHM = 1, /* with handle 0: /dev/shm, or a directory beneath it */
  PSC_WIRE_DIRECTORY_FD = 2,  /* of a process: its open descriptors, and where each leads */
};

/* Where control groups that limit memory are mounted. */
enum psc_wire_hierarchy
{
  PSC_WIRE_HIERARCHY_V1_MEMORY = 1, /* /sys/fs/cgroup/memory */
  PSC_WIRE_HIERARCHY_V2 = 2,        /* /sys/fs/cgroup */
  PSC_WIRE_HIERARCHY_V2_HYBRID = 3, /* /sys/fs/cgroup/unified, beside version 1 */
};

/* Files of a control group that CGROUP ships. */
enum psc_wire_cgroup_file
{
  PSC_WIRE_CGROUP_V1_LIMIT = 1,         /* memory.limit_in_bytes */
  PSC_WIRE_CGROUP_V1_USAGE = 2,         /* memory.usage_in_bytes */
  PSC_WIRE_CGROUP_V1_MEMSW_LIMIT = 3,   /* memory.memsw.limit_in_bytes */
  PSC_WIRE_CGROUP_V1_MEMSW_USAGE = 4,   /* memory.memsw.usage_in_bytes */
  PSC_WIRE_CGROUP_V2_MAX = 16,          /* memory.max */
  PSC_WIRE_CGROUP_V2_CURRENT = 17,      /* memory.current */
  PSC_WIRE_CGROUP_V2_HIGH = 18,         /* memory.high */
  PSC_WIRE_CGROUP_V2_SWAP_MAX = 19,     /* memory.swap.max */
  PSC_WIRE_CGROUP_V2_SWAP_CURRENT = 20, /* memory.swap.current */
};

/* Tables of 64-bit words that WORDS ships. */
enum psc_wire_table
{
  PSC_WIRE_TABLE_PAGEMAP = 1,    /* of a process: a word for each page of its address space */
  PSC_WIRE_TABLE_KPAGEFLAGS = 2, /* with handle 0: a word for each page frame of the machine */
  PSC_WIRE_TABLE_KPAGECOUNT = 3, /* with handle 0 */
};

/* Bits of struct psc_wire_host.features */
enum psc_wire_feature
{
  PSC_WIRE_FEATURE_LIVE = 1 << 0,  /* reads the running kernel, not a recorded tree */
  PSC_WIRE_FEATURE_SCAN = 1 << 1,  /* has the PAGEMAP_SCAN ioctl (Linux 6.7), or a recorded scan */
  PSC_WIRE_FEATURE_QUERY = 1 << 2, /* has the PROCMAP_QUERY ioctl (Linux 6.11) */
  PSC_WIRE_FEATURE_CLEAR = 1 << 3, /* was started so that CLEAR_REFERENCED works */
};

/* Page categories as PAGEMAP_SCAN gives them (include/uapi/linux/fs.h). A REGIONS frame of a SCAN
 * carries these bits. */
enum psc_wire_category
{
  PSC_WIRE_PAGE_WPALLOWED = 1 << 0,
  PSC_WIRE_PAGE_WRITTEN = 1 << 1,
  PSC_WIRE_PAGE_FILE = 1 << 2,
  PSC_WIRE_PAGE_PRESENT = 1 << 3,
  PSC_WIRE_PAGE_SWAPPED = 1 << 4,
  PSC_WIRE_PAGE_PFNZERO = 1 << 5,
  PSC_WIRE_PAGE_HUGE = 1 << 6,
  PSC_WIRE_PAGE_SOFT_DIRTY = 1 << 7,
  PSC_WIRE_PAGE_GUARD = 1 << 8, /* Linux 6.15 */
};

/* Bits of a pagemap word that a REGIONS frame of a PAGEMAP keeps; frame numbers are dropped, so
 * that neighbours in one state make one region (Documentation/admin-guide/mm/pagemap.rst). */
#define PSC_WIRE_PAGEMAP_SOFT_DIRTY (UINT64_C (1) << 55)
#define PSC_WIRE_PAGEMAP_EXCLUSIVE  (UINT64_C (1) << 56)
#define PSC_WIRE_PAGEMAP_GUARD      (UINT64_C (1) << 58) /* Linux 6.15 */
#define PSC_WIRE_PAGEMAP_FILE       (UINT64_C (1) << 61)
#define PSC_WIRE_PAGEMAP_SWAPPED    (UINT64_C (1) << 62)
#define PSC_WIRE_PAGEMAP_PRESENT    (UINT64_C (1) << 63)

struct psc_wire_head
{
  uint32_t length; /* bytes of payload that follow */
  uint16_t type;   /* enum psc_wire_type */
  uint16_t zero;   /* must be 0 */
  uint32_t tag;    /* chosen by the asker, repeated in every frame of the answer */
  uint32_t error;  /* errno of the answer (END, OPENED, HOST, PROCESS); 0 in requests and data */
};

/* A region of pages in one state: addresses [start, end), bits as the frame's type says. The same
 * 24 bytes as the kernel's struct page_region, so that they pass through untouched. */
struct psc_wire_region
{
  uint64_t start;
  uint64_t end;
  uint64_t bits;
};

/* One range of a SCAN: the four masks of struct pm_scan_arg, see pagemap_scan in the kernel's
 * Documentation/admin-guide/mm/pagemap.rst. */
struct psc_wire_scan_range
{
  uint64_t start; /* page aligned */
  uint64_t end;   /* page aligned, above start */
  uint64_t category_inverted;
  uint64_t category_mask;
  uint64_t category_anyof_mask;
  uint64_t return_mask;
};

/* What PROCMAP_QUERY says of the mapping at an address. */
struct psc_wire_query_answer
{
  uint64_t address; /* as asked */
  uint64_t start;   /* 0 when error */
  uint64_t end;
  uint64_t flags;     /* PROCMAP_QUERY_VMA_* */
  uint64_t page_size; /* bytes: 4096, or the hugetlb page size */
  uint64_t error;     /* errno, 0 when answered; ENOENT: nothing mapped there */
};

/* A cursor that writes into a caller's buffer. Once it would overflow it writes nothing more and
 * `overflow` stays true; check it once, at the end. */
struct psc_wire_writer
{
  uint8_t *data;
  size_t size;   /* bytes that data has room for */
  size_t length; /* bytes written */
  bool overflow;
};

void psc_wire_writer_init (struct psc_wire_writer *writer, void *data, size_t size);
void psc_wire_put_u16 (struct psc_wire_writer *writer, uint16_t value);
void psc_wire_put_u32 (struct psc_wire_writer *writer, uint32_t value);
void psc_wire_put_u64 (struct psc_wire_writer *writer, uint64_t value);
/* A counted string: u32 length, then the bytes; any bytes, no terminator. */
void psc_wire_put_bytes (struct psc_wire_writer *writer, const void *bytes, size_t length);
void psc_wire_put_raw (struct psc_wire_writer *writer, const void *bytes, size_t length);
void psc_wire_put_region (struct psc_wire_writer *writer, const struct psc_wire_region *region);
void
psc_wire_put_scan_range (struct psc_wire_writer *writer, const struct psc_wire_scan_range *range);
void psc_wire_put_query_answer (struct psc_wire_writer *writer,
                                const struct psc_wire_query_answer *answer);

/* A cursor that reads a payload. Reading past the end gives zeros and sets `underflow` for good;
 * check it once, at the end. */
struct psc_wire_reader
{
  const uint8_t *data;
  size_t size;
  size_t at;
  bool underflow;
};

void psc_wire_reader_init (struct psc_wire_reader *reader, const void *data, size_t size);
uint16_t psc_wire_get_u16 (struct psc_wire_reader *reader);
uint32_t psc_wire_get_u32 (struct psc_wire_reader *reader);
uint64_t psc_wire_get_u64 (struct psc_wire_reader *reader);
/* A counted string. Points into the payload, not terminated; NULL and length 0 on underflow. */
const uint8_t *psc_wire_get_bytes (struct psc_wire_reader *reader, size_t *length);
/* `length` bytes as they are. NULL on underflow. */
const uint8_t *psc_wire_get_raw (struct psc_wire_reader *reader, size_t length);
struct psc_wire_region psc_wire_get_region (struct psc_wire_reader *reader);
struct psc_wire_scan_range psc_wire_get_scan_range (struct psc_wire_reader *reader);
struct psc_wire_query_answer psc_wire_get_query_answer (struct psc_wire_reader *reader);
/* True when everything was read and nothing was missing. */
bool psc_wire_reader_done (const struct psc_wire_reader *reader);

void psc_wire_head_encode (const struct psc_wire_head *head, uint8_t bytes[PSC_WIRE_HEAD_SIZE]);
/* False when the head can't be a frame: non-zero reserved field, or a length above `max_length`. */
bool psc_wire_head_decode (const uint8_t bytes[PSC_WIRE_HEAD_SIZE], uint32_t max_length,
                           struct psc_wire_head *head);

/* Whole-frame transport over blocking descriptors; both retry EINTR and short transfers.
 * Return 0, or an errno; recv gives ENODATA at a clean end of stream before the first byte, EPROTO
 * for a broken head or a stream that ends inside a frame, EMSGSIZE when payload_size is too
 * small for a legal frame. */
int psc_wire_send (int fd, const struct psc_wire_head *head, const void *payload);
int psc_wire_recv (int fd, uint32_t max_length, struct psc_wire_head *head, void *payload,
                   size_t payload_size);
