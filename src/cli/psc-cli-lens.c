/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include "psc-frames.h"
#include "psc-shared.h"

gboolean
psc_cli_check_lens (PscLens lens, const PscCliSource *source, const char *word)
{
  switch (psc_lens_needs (lens))
    {
    case PSC_LENS_NEEDS_PAST:
      if (lens == PSC_LENS_CHANGE || psc_recording_is_named (word))
        return TRUE;
      psc_cli_error (_ ("The lens “%s” needs a recording: nobody knows since when “%s” has its "
                        "pages. Record it for a while, or use the window"),
                     psc_lens_id (lens), word);
      return FALSE;
    case PSC_LENS_NEEDS_FRAMES:
      if (source->root == NULL)
        return TRUE;
      psc_cli_error (_ ("The lens “%s” needs page frames, which a recorded tree has none of"),
                     psc_lens_id (lens));
      return FALSE;
    default:
      return TRUE;
    }
}

/* Why the lens would show nothing; NULL when it would not. */
static const PscUnknown *
find_missing (PscLens lens, const PscFrames *frames)
{
  if (frames->frames.what != NULL)
    return &frames->frames;
  return lens == PSC_LENS_ORDER && frames->flags.what != NULL ? &frames->flags : NULL;
}

static void
join (PscTraits **traits, const PscTraits *more)
{
  PscTraits *joined = psc_traits_new_joined (*traits, more);

  psc_traits_unref (*traits);
  *traits = joined;
}

static PscTraits *
read_shared (PscTarget *target, const PscSpace *space, guint64 start, guint64 end)
{
  g_autoptr (PscTraits) traits = NULL;

  while (start < end)
    {
      g_autoptr (GError) error = NULL;
      guint64 reached = end;
      g_autoptr (PscTraits) more =
          psc_target_read_shared (target, space, start, &reached, PSC_SHARED_MAX_PAGES, &error);

      if (more == NULL)
        {
          psc_cli_error ("%s", error->message);
          return NULL;
        }
      join (&traits, more);
      start = reached;
    }
  return g_steal_pointer (&traits);
}

PscTraits *
psc_cli_read_traits (PscLens lens, PscTarget *target, const PscSpace *space, guint64 start,
                     guint64 end)
{
  g_autoptr (PscTraits) traits = NULL;

  start -= start % space->page_size;
  end = end > 0 ? end : G_MAXUINT64;
  end -= end % space->page_size;
  if (psc_lens_needs (lens) == PSC_LENS_NEEDS_SHARED)
    return read_shared (target, space, start, end);
  while (start < end)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PscFrames) frames =
          psc_target_read_frames (target, space, start, end, PSC_FRAMES_MAX_PAGES, &error);
      const PscUnknown *missing = frames != NULL ? find_missing (lens, frames) : NULL;

      if (frames == NULL)
        psc_cli_error ("%s", error->message);
      else if (missing != NULL)
        psc_cli_error (_ ("The lens “%s” can't be had: %s; %s"), psc_lens_id (lens), missing->why,
                       missing->remedy);
      if (frames == NULL || missing != NULL)
        return NULL;
      join (&traits, lens == PSC_LENS_ORDER ? frames->order : frames->contiguity);
      start = frames->end;
    }
  return g_steal_pointer (&traits);
}
