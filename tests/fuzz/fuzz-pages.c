/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The input is an address space, before and after. Whatever plan the page reader makes from what
 * it saw before, it must see what is there after: a kernel that answers each range as PAGEMAP_SCAN
 * does is played by the probe's own replay. */

#include <fcntl.h>
#include <unistd.h>

#include "psc-fuzz.h"
#include "psc-page-reader.h"
#include "psc-probe-private.h"
#include "psc-probe-scan.h"
#include "psc-scan-plan.h"

#define USER_END (G_GUINT64_CONSTANT (1) << 63)
#define ALL_BITS G_GUINT64_CONSTANT (0x1ff)

/* What the kernel says of one page, in all the ways that it does. */
static const guint64 categories[] = {
  PSC_WIRE_PAGE_PRESENT,
  PSC_WIRE_PAGE_PRESENT | PSC_WIRE_PAGE_FILE,
  PSC_WIRE_PAGE_PRESENT | PSC_WIRE_PAGE_HUGE,
  PSC_WIRE_PAGE_PRESENT | PSC_WIRE_PAGE_FILE | PSC_WIRE_PAGE_HUGE,
  PSC_WIRE_PAGE_PRESENT | PSC_WIRE_PAGE_PFNZERO,
  PSC_WIRE_PAGE_PRESENT | PSC_WIRE_PAGE_PFNZERO | PSC_WIRE_PAGE_HUGE,
  PSC_WIRE_PAGE_SWAPPED,
  PSC_WIRE_PAGE_SWAPPED | PSC_WIRE_PAGE_GUARD,
  PSC_WIRE_PAGE_HUGE, /* an untouched hugetlb page */
  PSC_WIRE_PAGE_WRITTEN | PSC_WIRE_PAGE_PRESENT,
};
static const guint16 states[] = {
  PSC_PAGE_PRESENT,
  PSC_PAGE_PRESENT | PSC_PAGE_FILE,
  PSC_PAGE_PRESENT | PSC_PAGE_HUGE,
  PSC_PAGE_PRESENT | PSC_PAGE_FILE | PSC_PAGE_HUGE,
  PSC_PAGE_PRESENT | PSC_PAGE_ZERO,
  PSC_PAGE_PRESENT | PSC_PAGE_ZERO | PSC_PAGE_HUGE,
  PSC_PAGE_SWAPPED,
  PSC_PAGE_GUARD,
  0,
  PSC_PAGE_PRESENT,
};

/* The runs of a space become what a kernel would scan: which state stands for what is up to us. */
static GArray *
make_scan (const PscSpace *space)
{
  GArray *regions = g_array_new (FALSE, FALSE, sizeof (struct psc_wire_region));

  for (guint i = 0; i < space->n_runs; i++)
    {
      const PscRun *run = &space->runs[i];
      struct psc_wire_region region = { run->start, psc_run_end (run, space->page_size),
                                        categories[run->state % G_N_ELEMENTS (categories)] };

      g_array_append_val (regions, region);
    }
  return regions;
}

static void
add_mappings (PscSpaceBuilder *builder, const PscSpace *space)
{
  for (guint i = 0; i < space->n_mappings; i++)
    {
      PscMapping mapping = space->mappings[i];

      mapping.name = psc_space_builder_intern (builder, mapping.name, -1);
      mapping.page_shift = 0;
      mapping.flags = 0;
      psc_fuzz_check (psc_space_builder_add_mapping (builder, &mapping));
    }
}

/* What must come out, put in without any plan. */
static PscSpace *
make_truth (const PscSpace *space)
{
  PscSpaceBuilder *builder = psc_space_builder_new (space->page_size);

  add_mappings (builder, space);
  for (guint i = 0; i < space->n_runs; i++)
    {
      const PscRun *run = &space->runs[i];

      psc_space_builder_add_run (builder, run->start, psc_run_end (run, space->page_size),
                                 states[run->state % G_N_ELEMENTS (states)]);
    }
  return psc_space_builder_freeze (builder);
}

static void
put_host (struct probe_output *output, gsize page_size)
{
  guint8 payload[64];
  struct psc_wire_writer writer;

  psc_wire_writer_init (&writer, payload, sizeof payload);
  psc_wire_put_u32 (&writer, PSC_WIRE_VERSION);
  psc_wire_put_u32 (&writer, (guint32) page_size);
  psc_wire_put_u32 (&writer, 0);
  psc_wire_put_u32 (&writer, PSC_WIRE_FEATURE_SCAN);
  psc_wire_put_u64 (&writer, 0);
  psc_wire_put_u64 (&writer, ALL_BITS);
  psc_wire_put_u32 (&writer, 100);
  for (guint i = 0; i < 3; i++)
    psc_wire_put_bytes (&writer, "x", 1);
  psc_fuzz_check (!writer.overflow);
  output->tag = 1;
  probe_output_frame (output, PSC_WIRE_HOST, 0, payload, writer.length);
}

/* The answer to the plan that the reader is going to make. */
static void
put_answer (struct probe_output *output, const PscSpace *space, const PscSpace *last)
{
  g_autoptr (GArray) scan = make_scan (space);
  g_autoptr (GArray) steps = psc_scan_plan_new (space->mappings, space->n_mappings, last);
  gsize size = steps->len * sizeof (struct psc_wire_scan_range);
  g_autofree guint8 *items = g_malloc (size + 1);
  struct probe_request request = { .type = PSC_WIRE_SCAN, .n_items = steps->len, .items = items };
  struct probe_cost cost = { 0 };
  struct psc_wire_writer writer;
  struct probe_regions *regions;
  guint64 last_end = 0;
  int fd = psc_fuzz_open_bytes (scan->data, scan->len * sizeof (struct psc_wire_region));

  psc_fuzz_check (steps->len <= PSC_SCAN_PLAN_MAX);
  psc_wire_writer_init (&writer, items, size);
  for (guint i = 0; i < steps->len; i++)
    {
      const PscScanStep *step = &g_array_index (steps, PscScanStep, i);
      struct psc_wire_scan_range range = psc_scan_step_to_range (step, ALL_BITS);

      psc_fuzz_check (step->start < step->end && step->start >= last_end);
      psc_fuzz_check (step->end <= USER_END);
      last_end = step->end;
      psc_wire_put_scan_range (&writer, &range);
    }
  output->tag = 2;
  regions = probe_regions_begin (output, &cost);
  psc_fuzz_check (probe_replay (fd, (uint32_t) space->page_size, &request, regions) == 0);
  probe_regions_end (regions);
  if (steps->len > 0)
    probe_output_end (output, 0, &cost);
  probe_output_flush (output);
  close (fd);
}

static PscProbe *
new_probe (const PscSpace *space, const PscSpace *last)
{
  static struct probe_output output;
  int out = psc_fuzz_open_bytes (NULL, 0);
  int in = open ("/dev/null", O_WRONLY | O_CLOEXEC);
  PscProbe *probe;

  probe_output_init (&output, out);
  put_host (&output, space->page_size);
  put_answer (&output, space, last);
  psc_fuzz_check (output.error == 0 && lseek (out, 0, SEEK_SET) == 0);
  probe = psc_probe_new_for_pipe (psc_probe_pipe_new_for_descriptors (in, out), NULL);
  psc_fuzz_check (probe != NULL);
  return probe;
}

/* FILE is asked for only where it tells something. */
static gboolean
is_alike (guint16 a, guint16 b)
{
  return ((a ^ b) & ~PSC_PAGE_FILE) == 0;
}

static guint16
state_at (const PscSpace *space, const PscMapping *mapping, guint64 address)
{
  const PscRun *run = psc_space_lookup_run (space, mapping, address);

  return run != NULL ? run->state : 0;
}

static void
check_same (const PscSpace *seen, const PscSpace *truth)
{
  psc_fuzz_check (seen->n_mappings == truth->n_mappings);
  for (guint i = 0; i < truth->n_mappings; i++)
    {
      const PscMapping *a = &seen->mappings[i], *b = &truth->mappings[i];

      /* Nothing is scanned in the kernel's half. */
      if (b->end > USER_END)
        break;
      for (guint j = a->first_run; j < a->first_run + a->n_runs; j++)
        psc_fuzz_check (is_alike (seen->runs[j].state, state_at (truth, b, seen->runs[j].start)));
      for (guint j = b->first_run; j < b->first_run + b->n_runs; j++)
        psc_fuzz_check (is_alike (truth->runs[j].state, state_at (seen, a, truth->runs[j].start)));
      psc_fuzz_check (a->resident == b->resident && a->swapped == b->swapped &&
                      a->zero == b->zero && a->huge == b->huge);
    }
}

static void
read_pages (const PscSpace *space, const PscSpace *last)
{
  const PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;
  PscSpaceBuilder *builder = psc_space_builder_new (space->page_size);
  g_autoptr (PscProbe) probe = new_probe (space, last);
  g_autoptr (PscSpace) truth = make_truth (space);
  g_autoptr (PscSpace) seen = NULL;
  PscPages pages;

  add_mappings (builder, space);
  psc_pages_read (&pages, probe, 1, builder, last, &options);
  psc_fuzz_check (pages.source == PSC_SOURCE_SCAN && pages.error == NULL);
  psc_pages_clear (&pages);
  seen = psc_space_builder_freeze (builder);
  psc_fuzz_check_space (seen);
  check_same (seen, truth);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PscFuzzBytes before = { data, data + size / 2 }, after = { data + size / 2, data + size };
  g_autoptr (PscSpace) last = NULL;
  g_autoptr (PscSpace) space = NULL;
  guint flags = psc_fuzz_take (&before, 1);

  if (flags & 4)
    after = (PscFuzzBytes){ before.at, data + size };
  before.end = data + size;
  last = psc_space_builder_freeze (psc_fuzz_take_space (&before));
  space = psc_space_builder_freeze (psc_fuzz_take_space (&after));
  if (last->page_size != space->page_size)
    return 0;
  read_pages (space, NULL);
  read_pages (space, last);
  return 0;
}
