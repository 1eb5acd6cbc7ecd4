/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-inspector-page.h"

#include <glib/gi18n-lib.h>

#include "psc-fact.h"
#include "psc-format.h"
#include "psc-huge-slots.h"
#include "psc-page-query.h"
#include "psc-page-states.h"
#include "psc-page-walk.h"
#include "psc-unknown-note.h"

struct _PscInspectorPage
{
  GtkWidget parent_instance;

  PscSession *session;
  PscPageQuery *reader;
  PscSpace *space; /* NULL: no page is shown */
  guint64 address;

  GtkWidget *box; /* the only child */
  PscSwatch *page_swatch;
  GtkLabel *page_title, *pinned_label, *page_state, *page_hint, *kernel_note;
  PscFact *address_fact, *page_in_fact, *walk_fact, *slot_fact;
  PscFact *sharing_fact, *frame_fact, *folio_fact, *flags_fact;
};

G_DEFINE_FINAL_TYPE (PscInspectorPage, psc_inspector_page, GTK_TYPE_WIDGET)

/* --- what the snapshot knows --------------------------------------------------------------- */

static char *
describe_walk (const PscSpace *space, const PscMapping *mapping, PscPageClass klass,
               guint64 address)
{
  guint64 highest = space->mappings[space->n_mappings - 1].end - 1;
  guint shift = mapping->page_shift;
  PscPageWalk walk;

  /* The vsyscall page is in the kernel's half and says nothing about the levels of the user's. */
  if (highest >> 63 != 0)
    highest = space->n_mappings > 1 ? space->mappings[space->n_mappings - 2].end - 1 : 0;
  walk = psc_page_walk (address, space->page_size, highest);
  if (klass == PSC_CLASS_HUGE)
    shift = walk.page_shift + walk.bits;
  return psc_page_walk_format (&walk, shift, address);
}

/* Whose it is, which may be a part of the mapping: thread stacks that lie side by side are one. */
static char *
describe_place (const PscSpace *space, const PscMapping *mapping, guint64 address)
{
  const PscOwner *owner = psc_space_lookup_owner (space, address);

  return owner != NULL ? g_strdup (owner->label) : psc_mapping_dup_label (mapping);
}

/* Of what one page table covers around the page. */
static char *
describe_slot (const PscSpace *space, guint64 address)
{
  PscHugeSlot slot;

  return psc_huge_slot_at (space, address, &slot) ? psc_huge_slot_describe (space, &slot) : NULL;
}

static void
show_snapshot (PscInspectorPage *self, const PscMapping *mapping, PscTheme theme)
{
  PscPageClass klass = psc_space_page_class (self->space, mapping, self->address);

  psc_swatch_set_color (self->page_swatch, psc_page_states_color (klass, theme));
  gtk_label_set_label (self->page_title, psc_page_states_title (klass));
  gtk_label_set_label (self->page_state, psc_page_states_hint (klass));
  psc_fact_take_value (self->address_fact, psc_format_address (self->address));
  psc_fact_take_value (self->page_in_fact, describe_place (self->space, mapping, self->address));
  psc_fact_take_value (self->walk_fact, describe_walk (self->space, mapping, klass, self->address));
  psc_fact_take_value (self->slot_fact, describe_slot (self->space, self->address));
}

/* --- what the kernel tells ----------------------------------------------------------------- */

static char *
describe_sharing (const PscPageFacts *facts)
{
  if (!(facts->known & PSC_FACT_COUNT))
    return g_strdup (facts->exclusive ? _ ("exclusive: mapped here alone") :
                                        _ ("shared: mapped more than once"));
  if (facts->map_count == 1)
    return g_strdup (facts->exclusive ? _ ("exclusive: mapped once") : _ ("shared: mapped once"));
  return g_strdup_printf (facts->exclusive ? _ ("exclusive: mapped %" G_GUINT64_FORMAT " times") :
                                             _ ("shared: mapped %" G_GUINT64_FORMAT " times"),
                          facts->map_count);
}

static char *
describe_frame (const PscPageFacts *facts, gsize page_size)
{
  g_autofree char *number = psc_format_address (facts->frame);
  g_autofree char *physical = psc_format_address (facts->frame * page_size);

  return g_strdup_printf (_ ("%s, at %s"), number, physical);
}

/* The inspection sees folios of up to 512 pages; those of the pool are as large as the mapping
 * says. */
static char *
describe_folio (PscInspectorPage *self, const PscPageFacts *facts)
{
  const PscMapping *mapping = psc_space_lookup (self->space, self->address);
  gsize page_size = self->space->page_size;
  guint base_shift = (guint) g_bit_nth_msf (page_size, -1);
  guint order = facts->order;
  g_autofree char *size = NULL;

  if (mapping != NULL && mapping->page_shift > base_shift)
    order = mapping->page_shift - base_shift;
  size = psc_format_size ((guint64) page_size << order);
  if (order == 0)
    return g_strdup (_ ("order 0, a single page"));
  return g_strdup_printf (_ ("order %u, %s"), order, size);
}

static char *
describe_flags (const PscPageFacts *facts)
{
  g_autofree char *flags = psc_page_facts_dup_flags (facts);

  return *flags != '\0' ? g_steal_pointer (&flags) : g_strdup (_ ("none set"));
}

static void
set_note (PscInspectorPage *self, const char *note)
{
  gtk_widget_set_visible (GTK_WIDGET (self->kernel_note), note != NULL);
  if (note != NULL && g_strcmp0 (gtk_label_get_label (self->kernel_note), note) != 0)
    gtk_label_set_label (self->kernel_note, note);
}

static void
clear_facts (PscInspectorPage *self)
{
  psc_fact_set_value (self->sharing_fact, NULL);
  psc_fact_set_value (self->frame_fact, NULL);
  psc_fact_set_value (self->folio_fact, NULL);
  psc_fact_set_value (self->flags_fact, NULL);
}

/* "Not allowed" in the row of the fact, and the why and what would help below. */
static void
show_unknown (PscInspectorPage *self, const PscUnknown *unknown, PscFact *fact)
{
  g_autofree char *text = psc_unknown_dup_text (unknown);

  psc_fact_set_value (fact, psc_unknown_reason_title (unknown->reason));
  set_note (self, text);
}

static gboolean
is_special (PscInspectorPage *self)
{
  const PscMapping *mapping = psc_space_lookup (self->space, self->address);

  return mapping != NULL &&
         psc_space_page_class (self->space, mapping, self->address) == PSC_CLASS_SPECIAL;
}

static void
show_inspection (PscInspectorPage *self, const PscInspection *inspection)
{
  const PscPageFacts *facts = &inspection->pages[0];

  clear_facts (self);
  if (!facts->present)
    {
      set_note (self, is_special (self) ?
                          _ ("The kernel does not tell which page frame stands behind it.") :
                          _ ("No page frame stands behind it now."));
      return;
    }
  set_note (self, NULL);
  psc_fact_take_value (self->sharing_fact, describe_sharing (facts));
  if (facts->known & PSC_FACT_FRAME)
    psc_fact_take_value (self->frame_fact, describe_frame (facts, self->space->page_size));
  else if (inspection->frames.what != NULL)
    {
      show_unknown (self, &inspection->frames, self->frame_fact);
      return;
    }
  if (facts->known & PSC_FACT_FLAGS)
    {
      psc_fact_take_value (self->folio_fact, describe_folio (self, facts));
      psc_fact_take_value (self->flags_fact, describe_flags (facts));
    }
  else if (inspection->flags.what != NULL)
    show_unknown (self, &inspection->flags, self->flags_fact);
}

/* Why nothing is asked of the process at all; NULL when it is. */
static const char *
reason_not_to_ask (PscInspectorPage *self)
{
  PscWatch *watch = psc_session_get_watch (self->session);

  if (watch == NULL)
    return "";
  if (psc_watch_is_recorded (watch))
    return _ ("This is a recording: it knows no more of single pages.");
  if (psc_session_get_past (self->session))
    return _ ("This is a moment of the past: it knows no more of single pages.");
  switch (psc_session_get_state (self->session))
    {
    case PSC_SESSION_LIVE:
      return NULL;
    case PSC_SESSION_PAUSED:
      return _ ("Paused: what the kernel knows of a page is asked when it is live again.");
    case PSC_SESSION_GONE:
      return _ ("The process has ended: nothing more can be asked of its pages.");
    default:
      return _ ("Not live: nothing more can be asked of its pages.");
    }
}

static void
show_kernel (PscInspectorPage *self)
{
  const char *reason = reason_not_to_ask (self);
  const PscInspection *inspection = psc_page_query_get_inspection (self->reader);
  const GError *error = psc_page_query_get_error (self->reader);

  if (reason == NULL && inspection != NULL)
    {
      show_inspection (self, inspection);
      return;
    }
  clear_facts (self);
  if (reason != NULL)
    set_note (self, reason);
  else if (error != NULL)
    set_note (self, error->message);
  else
    {
      /* For the tenth of a second until the answer: the row is where it will be. */
      psc_fact_set_value (self->sharing_fact, "…");
      set_note (self, NULL);
    }
}

static void
ask (PscInspectorPage *self)
{
  gboolean wanted = self->space != NULL && reason_not_to_ask (self) == NULL;

  psc_page_query_look (self->reader, wanted ? psc_session_get_watch (self->session) : NULL,
                       self->address);
}

/* --- what is shown ------------------------------------------------------------------------- */

static void
show_rows (PscInspectorPage *self, gboolean shown)
{
  gtk_widget_set_visible (GTK_WIDGET (self->page_hint), !shown);
  gtk_widget_set_visible (GTK_WIDGET (self->page_swatch), shown);
  gtk_widget_set_visible (GTK_WIDGET (self->page_state), shown);
  if (shown)
    return;
  gtk_label_set_label (self->page_title, _ ("Page under the pointer"));
  psc_fact_set_value (self->address_fact, NULL);
  psc_fact_set_value (self->page_in_fact, NULL);
  psc_fact_set_value (self->walk_fact, NULL);
  psc_fact_set_value (self->slot_fact, NULL);
  clear_facts (self);
  set_note (self, NULL);
}

void
psc_inspector_page_show (PscInspectorPage *self, PscSpace *space, guint64 address, gboolean pinned,
                         PscTheme theme)
{
  const PscMapping *mapping = NULL;
  gboolean moment;

  g_return_if_fail (PSC_IS_INSPECTOR_PAGE (self));

  if (space != NULL)
    mapping = psc_space_lookup (space, address);
  moment = mapping != NULL && self->space != NULL && space != self->space;
  if (mapping != NULL)
    psc_space_ref (space);
  g_clear_pointer (&self->space, psc_space_unref);
  self->space = mapping != NULL ? space : NULL;
  self->address = address;
  show_rows (self, mapping != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->pinned_label), mapping != NULL && pinned);
  if (self->session == NULL)
    return;
  ask (self);
  if (mapping == NULL)
    return;
  show_snapshot (self, mapping, theme);
  show_kernel (self);
  if (moment)
    psc_page_query_refresh (self->reader);
}

static void
reader_changed_cb (PscInspectorPage *self)
{
  if (self->space != NULL)
    show_kernel (self);
}

static void
state_changed_cb (PscInspectorPage *self)
{
  ask (self);
  if (self->space != NULL)
    show_kernel (self);
}

void
psc_inspector_page_set_session (PscInspectorPage *self, PscSession *session)
{
  g_return_if_fail (PSC_IS_INSPECTOR_PAGE (self) && self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "state-changed", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

guint
psc_inspector_page_get_n_asked (PscInspectorPage *self)
{
  return psc_page_query_get_n_asked (self->reader);
}

static void
psc_inspector_page_dispose (GObject *object)
{
  PscInspectorPage *self = PSC_INSPECTOR_PAGE (object);

  if (self->reader != NULL)
    psc_page_query_look (self->reader, NULL, 0);
  g_clear_object (&self->reader);
  g_clear_object (&self->session);
  g_clear_pointer (&self->space, psc_space_unref);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_INSPECTOR_PAGE);
  G_OBJECT_CLASS (psc_inspector_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (
      klass, "/io/github/pagescape/Pagescape/psc-inspector-page.ui");
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, box);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, page_swatch);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, page_title);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, pinned_label);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, page_hint);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, page_state);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, address_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, page_in_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, walk_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, slot_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, sharing_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, frame_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, folio_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, flags_fact);
  gtk_widget_class_bind_template_child (klass, PscInspectorPage, kernel_note);
}

static void
psc_inspector_page_class_init (PscInspectorPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_inspector_page_dispose;
  g_type_ensure (PSC_TYPE_FACT);
  g_type_ensure (PSC_TYPE_SWATCH);
  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
psc_inspector_page_init (PscInspectorPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->reader = psc_page_query_new ();
  g_signal_connect_object (self->reader, "changed", G_CALLBACK (reader_changed_cb), self,
                           G_CONNECT_SWAPPED);
  show_rows (self, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->pinned_label), FALSE);
}
