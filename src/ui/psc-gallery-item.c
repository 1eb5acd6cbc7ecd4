/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-gallery-item.h"

#include <glib/gi18n-lib.h>

#include "psc-format.h"

/* A process that used fewer ticks of CPU from one list to the next is called idle: 2 % at the usual
 * two seconds and ticks of 10 ms. */
#define LEAST_TICKS 4
/* Growth below both is breathing. */
#define LEAST_GROWTH       (256 << 10)
#define LEAST_GROWTH_SHARE 100 /* one in so many of what it had */

struct _PscGalleryItem
{
  GObject parent_instance;

  PscProcessItem *row;
  guint64 resident, seen_resident; /* now; at the last look */
  guint64 cpu_ticks;
  char state; /* as in stat */
  gboolean readable, busy;

  gboolean has_thumbnail;
  PscThumbnailState thumbnail_state;
  cairo_surface_t *surface;
  char *problem;
  guint64 swapped;

  gboolean sort_readable;
  guint64 sort_resident;
  gint64 sort_growth;
};

G_DEFINE_FINAL_TYPE (PscGalleryItem, psc_gallery_item, G_TYPE_OBJECT)

static guint changed_signal;

static const char *const sort_ids[PSC_N_GALLERY_SORTS] = {
  [PSC_GALLERY_SORT_RESIDENT] = "resident",
  [PSC_GALLERY_SORT_GROWTH] = "growth",
  [PSC_GALLERY_SORT_NAME] = "name",
  [PSC_GALLERY_SORT_PID] = "pid",
};

const char *
psc_gallery_sort_id (PscGallerySort sort)
{
  return sort_ids[sort];
}

gboolean
psc_gallery_sort_from_id (const char *id, PscGallerySort *sort)
{
  for (guint i = 0; i < PSC_N_GALLERY_SORTS; i++)
    if (g_strcmp0 (sort_ids[i], id) == 0)
      {
        *sort = i;
        return TRUE;
      }
  return FALSE;
}

static void
tell (PscGalleryItem *self)
{
  g_signal_emit (self, changed_signal, 0);
}

gboolean
psc_gallery_item_update (PscGalleryItem *self, const PscProcess *process, const char *user,
                         gboolean readable)
{
  gboolean busy = process->state == 'R' || process->cpu_ticks >= self->cpu_ticks + LEAST_TICKS;
  gboolean moved = psc_process_item_update (self->row, process, user, readable);
  gboolean same = !moved && self->busy == busy && self->state == process->state &&
                  self->resident == process->resident && self->readable == readable;

  self->cpu_ticks = process->cpu_ticks;
  self->busy = busy;
  self->state = process->state;
  self->resident = process->resident;
  self->readable = readable;
  if (!same)
    tell (self);
  return moved;
}

PscGalleryItem *
psc_gallery_item_new (const PscProcess *process, const char *user, gboolean readable)
{
  PscGalleryItem *self = g_object_new (PSC_TYPE_GALLERY_ITEM, NULL);

  self->row = psc_process_item_new (process, user, readable);
  self->cpu_ticks = process->cpu_ticks;
  psc_gallery_item_update (self, process, user, readable);
  psc_gallery_item_look_away (self);
  psc_gallery_item_settle (self);
  return self;
}

void
psc_gallery_item_set_thumbnail (PscGalleryItem *self, const PscThumbnail *thumbnail)
{
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  g_clear_pointer (&self->problem, g_free);
  self->has_thumbnail = thumbnail != NULL;
  self->swapped = 0;
  if (thumbnail != NULL)
    {
      self->thumbnail_state = thumbnail->state;
      self->problem = g_strdup (thumbnail->problem);
      self->swapped = thumbnail->swapped;
      if (thumbnail->surface != NULL)
        self->surface = cairo_surface_reference (thumbnail->surface);
    }
  tell (self);
}

void
psc_gallery_item_look_away (PscGalleryItem *self)
{
  gboolean grown = psc_gallery_item_get_growth (self) > 0;

  self->seen_resident = self->resident;
  if (grown)
    tell (self);
}

void
psc_gallery_item_settle (PscGalleryItem *self)
{
  psc_process_item_settle (self->row);
  self->sort_readable = psc_gallery_item_get_readable (self);
  self->sort_resident = self->resident;
  self->sort_growth = (gint64) (self->resident - self->seen_resident);
}

/* Most first. */
static gint
compare_down (gint64 a, gint64 b)
{
  return (a < b) - (a > b);
}

gint
psc_gallery_item_compare (PscGalleryItem *a, PscGalleryItem *b, PscGallerySort sort)
{
  gint order = b->sort_readable - a->sort_readable;

  if (order != 0)
    return order;
  if (sort == PSC_GALLERY_SORT_NAME)
    return psc_process_item_compare_name (a->row, b->row, NULL);
  if (sort == PSC_GALLERY_SORT_GROWTH)
    order = compare_down (a->sort_growth, b->sort_growth);
  if (order == 0 && sort != PSC_GALLERY_SORT_PID)
    order = compare_down ((gint64) a->sort_resident, (gint64) b->sort_resident);
  return order != 0 ? order : psc_process_item_compare_pid (a->row, b->row, NULL);
}

PscProcessItem *
psc_gallery_item_get_row (PscGalleryItem *self)
{
  return self->row;
}

gint
psc_gallery_item_get_pid (PscGalleryItem *self)
{
  return psc_process_item_get_pid (self->row);
}

cairo_surface_t *
psc_gallery_item_get_surface (PscGalleryItem *self)
{
  return self->surface;
}

gboolean
psc_gallery_item_get_readable (PscGalleryItem *self)
{
  return self->readable && !(self->has_thumbnail && self->thumbnail_state == PSC_THUMBNAIL_DENIED);
}

guint64
psc_gallery_item_get_growth (PscGalleryItem *self)
{
  guint64 least = MAX (LEAST_GROWTH, self->seen_resident / LEAST_GROWTH_SHARE);

  if (self->resident < self->seen_resident + least)
    return 0;
  return self->resident - self->seen_resident;
}

static gboolean
has_ended (PscGalleryItem *self)
{
  return self->state == 'Z' || self->state == 'X';
}

const char *
psc_gallery_item_get_icon (PscGalleryItem *self)
{
  if (!psc_gallery_item_get_readable (self))
    return "changes-prevent-symbolic";
  if (has_ended (self))
    return "process-stop-symbolic";
  if (!self->has_thumbnail || self->thumbnail_state == PSC_THUMBNAIL_READY)
    return NULL;
  return self->thumbnail_state == PSC_THUMBNAIL_NO_MEMORY_MAP ? "process-stop-symbolic" :
                                                                "dialog-warning-symbolic";
}

static const char *
state_word (PscGalleryItem *self)
{
  if (has_ended (self))
    return _ ("ended");
  if (self->state == 'T' || self->state == 't')
    return _ ("stopped");
  if (self->busy)
    return _ ("running");
  return self->state == 'D' ? _ ("waiting") : _ ("idle");
}

char *
psc_gallery_item_dup_name (PscGalleryItem *self)
{
  char *name;

  g_object_get (self->row, "name", &name, NULL);
  return name;
}

char *
psc_gallery_item_dup_size (PscGalleryItem *self)
{
  return has_ended (self) ? g_strdup ("") : psc_format_size (self->resident);
}

char *
psc_gallery_item_dup_facts (PscGalleryItem *self)
{
  g_autofree char *swapped = psc_format_size (self->swapped);
  gint pid = psc_gallery_item_get_pid (self);

  if (self->swapped == 0)
    return g_strdup_printf (_ ("PID %d · %s"), pid, state_word (self));
  return g_strdup_printf (_ ("PID %d · %s · %s in swap"), pid, state_word (self), swapped);
}

char *
psc_gallery_item_dup_tooltip (PscGalleryItem *self)
{
  g_autofree char *words = NULL;
  guint64 growth = psc_gallery_item_get_growth (self);
  g_autofree char *grown = psc_format_size (growth);
  GString *tooltip;

  g_object_get (self->row, "tooltip", &words, NULL);
  tooltip = g_string_new (words);
  if (growth > 0)
    g_string_append_printf (tooltip, _ ("\nGrown by %s since you looked here last"), grown);
  if (self->problem != NULL)
    g_string_append_printf (tooltip, "\n%s", self->problem);
  return g_string_free (tooltip, FALSE);
}

char *
psc_gallery_item_dup_label (PscGalleryItem *self)
{
  g_autofree char *name = psc_gallery_item_dup_name (self);
  g_autofree char *size = psc_format_size (self->resident);
  gint pid = psc_gallery_item_get_pid (self);

  if (!psc_gallery_item_get_readable (self))
    return g_strdup_printf (_ ("%s, PID %d, %s resident, may not be read"), name, pid, size);
  return g_strdup_printf (_ ("%s, PID %d, %s resident"), name, pid, size);
}

static void
psc_gallery_item_finalize (GObject *object)
{
  PscGalleryItem *self = PSC_GALLERY_ITEM (object);

  g_clear_pointer (&self->surface, cairo_surface_destroy);
  g_clear_pointer (&self->problem, g_free);
  g_clear_object (&self->row);
  G_OBJECT_CLASS (psc_gallery_item_parent_class)->finalize (object);
}

static void
psc_gallery_item_class_init (PscGalleryItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = psc_gallery_item_finalize;
  changed_signal = g_signal_new ("changed", PSC_TYPE_GALLERY_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
psc_gallery_item_init (PscGalleryItem *self)
{
}
