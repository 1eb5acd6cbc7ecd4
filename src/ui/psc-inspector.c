/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-inspector.h"

#include <glib/gi18n-lib.h>

#include "psc-fact.h"
#include "psc-format.h"
#include "psc-page-walk.h"
#include "psc-share-table.h"

struct _PscInspector
{
  GtkWidget parent_instance;

  PscMapView *map;
  char *user;
  /* What the upper part shows, so that moving over one mapping costs nothing. */
  PscSpace *shown_space; /* a reference, never read */
  guint64 shown_start;
  gboolean shown_pinned;
  PscTheme shown_theme;

  GtkWidget *box; /* the only child */
  GtkStack *stack;
  GtkLabel *process_title, *process_command;
  PscFact *pid_fact, *user_fact, *size_fact, *resident_fact, *swapped_fact, *huge_fact;
  PscFact *tables_fact, *mappings_fact, *threads_fact;
  PscShareTable *kinds_table, *process_states_table;
  GtkBox *unknowns_box;
  PscFact *source_fact, *cost_fact, *time_fact, *host_fact;

  PscSwatch *kind_swatch;
  GtkLabel *kind_label, *pinned_label, *mapping_title;
  PscFact *range_fact, *mapping_size_fact, *access_fact, *file_fact, *offset_fact, *why_fact;
  PscFact *note_fact;
  PscShareTable *mapping_states_table;

  GtkLabel *gap_title, *gap_note;
  PscFact *gap_range_fact, *gap_size_fact;

  GtkBox *page_box;
  PscSwatch *page_swatch;
  GtkInscription *page_state;
  GtkLabel *page_title, *page_hint;
  PscFact *address_fact, *page_in_fact, *walk_fact;
};

G_DEFINE_FINAL_TYPE (PscInspector, psc_inspector, GTK_TYPE_WIDGET)

/* Not the address of any mapping or gap that is shown. */
#define SHOWN_NOTHING (PSC_MAP_NOWHERE)
#define SHOWN_PROCESS (PSC_MAP_NOWHERE - 1)

static char *
format_range (guint64 start, guint64 end)
{
  g_autofree char *first = psc_format_address (start);
  g_autofree char *last = psc_format_address (end);

  return g_strdup_printf ("%s –\n%s", first, last);
}

static void
set_bytes (PscFact *fact, guint64 bytes)
{
  psc_fact_take_value (fact, bytes > 0 ? psc_format_size (bytes) : NULL);
}

static void
set_count (PscFact *fact, guint64 count)
{
  psc_fact_take_value (fact, count > 0 ? g_strdup_printf ("%" G_GUINT64_FORMAT, count) : NULL);
}

/* --- states and kinds ---------------------------------------------------------------------- */

/* In the order in which one wants to read them: what costs memory first. */
static const PscPageClass class_order[PSC_N_CLASSES] = {
  PSC_CLASS_RESIDENT, PSC_CLASS_RESIDENT_FILE, PSC_CLASS_HUGE,    PSC_CLASS_HUGETLB, PSC_CLASS_ZERO,
  PSC_CLASS_SWAPPED,  PSC_CLASS_GUARD,         PSC_CLASS_UNKNOWN, PSC_CLASS_ABSENT,
};

/* The words of the map's legend: one thing has one name. */
static const PscLensEntry *
legend_entry (PscPageClass klass)
{
  guint n;

  return &psc_lens_get_entries (PSC_LENS_RESIDENCY, &n)[klass];
}

static const char *
legend_title (PscPageClass klass)
{
  return g_dgettext (GETTEXT_PACKAGE, legend_entry (klass)->title);
}

static const char *
legend_hint (PscPageClass klass)
{
  return g_dgettext (GETTEXT_PACKAGE, legend_entry (klass)->hint);
}

static void
show_states (PscShareTable *table, const guint64 *classes, guint64 total, PscTheme theme)
{
  PscShare shares[PSC_N_CLASSES];

  for (guint i = 0; i < PSC_N_CLASSES; i++)
    shares[i] = (PscShare){
      .title = legend_title (class_order[i]),
      .color = legend_entry (class_order[i])->colors[theme],
      .bytes = classes[class_order[i]],
    };
  psc_share_table_set (table, shares, PSC_N_CLASSES, total);
}

static gint
compare_shares (gconstpointer a, gconstpointer b)
{
  const PscShare *sa = a, *sb = b;

  return (sa->bytes < sb->bytes) - (sa->bytes > sb->bytes);
}

static void
show_kinds (PscInspector *self, const PscSpace *space, PscTheme theme)
{
  PscShare shares[PSC_N_KINDS];
  guint64 total = 0;

  for (guint i = 0; i < PSC_N_KINDS; i++)
    {
      shares[i] = (PscShare){
        .title = g_dgettext (GETTEXT_PACKAGE, psc_kind_title (i)),
        .color = psc_kind_color (i, theme),
        .bytes = space->kinds[i].resident + space->kinds[i].hugetlb,
      };
      total += shares[i].bytes;
    }
  qsort (shares, PSC_N_KINDS, sizeof *shares, compare_shares);
  psc_share_table_set (self->kinds_table, shares, PSC_N_KINDS, total);
}

/* Bytes per class in one mapping. O(its runs). */
static void
count_classes (const PscSpace *space, const PscMapping *mapping, guint64 *classes)
{
  guint64 left = mapping->end - mapping->start;

  memset (classes, 0, PSC_N_CLASSES * sizeof *classes);
  for (guint i = 0; i < mapping->n_runs; i++)
    {
      const PscRun *run = &space->runs[mapping->first_run + i];
      guint64 bytes = (guint64) run->n_pages * space->page_size;

      classes[psc_page_class (run->state)] += bytes;
      left -= MIN (bytes, left);
    }
  classes[(mapping->flags & PSC_MAPPING_PAGES_KNOWN) ? PSC_CLASS_ABSENT : PSC_CLASS_UNKNOWN] +=
      left;
}

/* --- the process --------------------------------------------------------------------------- */

static const char *
source_text (PscSource source)
{
  switch (source)
    {
    case PSC_SOURCE_SCAN:
      return _ ("exact (PAGEMAP_SCAN)");
    case PSC_SOURCE_PAGEMAP:
      return _ ("from pagemap: huge pages can’t be told");
    default:
      return _ ("not read");
    }
}

static GtkWidget *
new_note (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_unknown (PscInspector *self, const PscUnknown *unknown)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *title = g_strdup_printf (_ ("Not known: %s"), unknown->what);

  gtk_widget_add_css_class (box, "unknown-note");
  gtk_box_append (GTK_BOX (box), new_note (title, "heading"));
  gtk_box_append (GTK_BOX (box), new_note (unknown->why, NULL));
  if (*unknown->remedy != '\0')
    gtk_box_append (GTK_BOX (box), new_note (unknown->remedy, "dim-label"));
  gtk_box_append (self->unknowns_box, box);
}

static void
show_unknowns (PscInspector *self, const PscSpace *space)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->unknowns_box))) != NULL)
    gtk_box_remove (self->unknowns_box, child);
  for (guint i = 0; i < space->n_unknowns; i++)
    add_unknown (self, &space->unknowns[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->unknowns_box), space->n_unknowns > 0);
}

static char *
format_time (gint64 usec)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (usec / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%F %T") : NULL;
}

static void
show_reading (PscInspector *self, const PscSpace *space)
{
  g_autofree char *busy = psc_format_duration (space->cost.probe_usec);
  g_autofree char *wall = psc_format_duration (space->cost.wall_usec);

  psc_fact_set_value (self->source_fact, source_text (space->source));
  psc_fact_take_value (self->cost_fact,
                       g_strdup_printf (_ ("%s in the kernel, %s in all"), busy, wall));
  psc_fact_take_value (self->time_fact, format_time (space->time_usec));
  psc_fact_take_value (self->host_fact, g_strdup_printf ("%s, %s", space->host, space->kernel));
}

static void
show_process (PscInspector *self, const PscSpace *space, PscTheme theme)
{
  const PscTotals *totals = &space->totals;
  gboolean pages_known = space->source != PSC_SOURCE_NONE;

  gtk_label_set_label (self->process_title, space->name);
  gtk_label_set_label (self->process_command, space->command);
  gtk_widget_set_visible (GTK_WIDGET (self->process_command), *space->command != '\0');
  psc_fact_take_value (self->pid_fact, g_strdup_printf ("%d", space->pid));
  psc_fact_take_value (self->user_fact, self->user != NULL ? g_strdup (self->user) :
                                                             g_strdup_printf ("%u", space->uid));
  set_bytes (self->size_fact, totals->size);
  psc_fact_take_value (self->resident_fact, pages_known ? psc_format_size (totals->resident) :
                                                          g_strdup (_ ("not known")));
  set_bytes (self->swapped_fact, totals->swapped);
  set_bytes (self->huge_fact, totals->huge + totals->hugetlb);
  set_bytes (self->tables_fact, space->vm_pte);
  set_count (self->mappings_fact, totals->n_mappings);
  set_count (self->threads_fact, space->n_threads);
  show_kinds (self, space, theme);
  show_states (self->process_states_table, totals->classes, totals->size, theme);
  show_unknowns (self, space);
  show_reading (self, space);
}

/* --- a mapping ----------------------------------------------------------------------------- */

static char *
describe_access (guint perms)
{
  GString *text = g_string_new (NULL);

  if (perms & PSC_PERM_READ)
    g_string_append (text, _ ("read"));
  if (perms & PSC_PERM_WRITE)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", _ ("write"));
  if (perms & PSC_PERM_EXEC)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", _ ("execute"));
  if (text->len == 0)
    g_string_append (text, _ ("none"));
  g_string_append_printf (text, " · %s",
                          perms & PSC_PERM_SHARED ? _ ("shared with others") : _ ("private"));
  return g_string_free (text, FALSE);
}

static char *
describe_notes (const PscSpace *space, const PscMapping *mapping)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) notes = NULL;

  if (mapping->flags & PSC_MAPPING_DELETED)
    g_strv_builder_add (builder, _ ("The file is deleted; its memory stays until it is unmapped."));
  if (mapping->flags & PSC_MAPPING_GROWS_DOWN)
    g_strv_builder_add (builder, _ ("Grows downwards by itself."));
  if (mapping->flags & PSC_MAPPING_MOVING)
    g_strv_builder_add (builder, _ ("Changed while it was read."));
  if (!(mapping->flags & PSC_MAPPING_PAGES_KNOWN))
    g_strv_builder_add (builder, _ ("Its pages could not be read."));
  if (((gsize) 1 << mapping->page_shift) > space->page_size)
    {
      g_autofree char *size = psc_format_size (G_GUINT64_CONSTANT (1) << mapping->page_shift);
      g_autofree char *note = g_strdup_printf (_ ("Made of pages of %s."), size);

      g_strv_builder_add (builder, note);
    }
  notes = g_strv_builder_end (builder);
  return g_strjoinv (" ", notes);
}

static char *
describe_size (const PscSpace *space, const PscMapping *mapping)
{
  guint64 bytes = mapping->end - mapping->start;
  guint64 n_pages = bytes / space->page_size;
  g_autofree char *size = psc_format_size (bytes);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s, %" G_GUINT64_FORMAT " page",
                                       "%s, %" G_GUINT64_FORMAT " pages", (gulong) n_pages),
                          size, n_pages);
}

static void
show_mapping (PscInspector *self, const PscSpace *space, const PscMapping *mapping, gboolean pinned,
              PscTheme theme)
{
  g_autofree char *label = psc_mapping_dup_label (mapping);
  gboolean has_file = mapping->inode != 0;
  guint64 classes[PSC_N_CLASSES];

  psc_swatch_set_color (self->kind_swatch, psc_kind_color (mapping->kind, theme));
  gtk_label_set_label (self->kind_label,
                       g_dgettext (GETTEXT_PACKAGE, psc_kind_title (mapping->kind)));
  gtk_widget_set_visible (GTK_WIDGET (self->pinned_label), pinned);
  gtk_label_set_label (self->mapping_title, label);
  psc_fact_take_value (self->range_fact, format_range (mapping->start, mapping->end));
  psc_fact_take_value (self->mapping_size_fact, describe_size (space, mapping));
  psc_fact_take_value (self->access_fact, describe_access (mapping->perms));
  psc_fact_take_value (self->file_fact, has_file ? psc_format_name (mapping->name, -1) : NULL);
  psc_fact_take_value (self->offset_fact, has_file ? psc_format_address (mapping->offset) : NULL);
  psc_fact_take_value (
      self->why_fact,
      g_strdup_printf (_ ("%s: %s"), g_dgettext (GETTEXT_PACKAGE, psc_kind_title (mapping->kind)),
                       g_dgettext (GETTEXT_PACKAGE, psc_kind_why (mapping->why))));
  psc_fact_take_value (self->note_fact, describe_notes (space, mapping));
  count_classes (space, mapping, classes);
  show_states (self->mapping_states_table, classes, mapping->end - mapping->start, theme);
}

static void
show_gap (PscInspector *self, const PscPlace *place)
{
  gboolean fold = place->type == PSC_PLACE_FOLD;

  gtk_label_set_label (self->gap_title, fold ? _ ("Folded away") : _ ("Not mapped"));
  psc_fact_take_value (self->gap_range_fact, format_range (place->start, place->end));
  set_bytes (self->gap_size_fact, place->end - place->start);
  gtk_label_set_label (self->gap_note,
                       fold ? _ ("Mapped, but never touched: no memory stands behind it. Click to "
                                 "unfold it.") :
                              _ ("There is nothing at these addresses; the map leaves them out."));
}

/* --- the page under the pointer ------------------------------------------------------------ */

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

static void
show_page_facts (PscInspector *self, gboolean shown)
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
}

static void
update_page (PscInspector *self)
{
  PscSpace *space = psc_map_view_get_space (self->map);
  PscPlace place = psc_map_view_get_hover (self->map);
  const PscMapping *mapping = NULL;
  g_autofree char *label = NULL;
  PscPageClass klass;

  if (space != NULL && place.type == PSC_PLACE_PAGE)
    mapping = psc_space_lookup (space, place.start);
  show_page_facts (self, mapping != NULL);
  if (mapping == NULL)
    return;
  klass = psc_space_page_class (space, mapping, place.start);
  label = psc_mapping_dup_label (mapping);
  psc_swatch_set_color (self->page_swatch,
                        legend_entry (klass)->colors[psc_map_view_get_theme (self->map)]);
  gtk_label_set_label (self->page_title, legend_title (klass));
  gtk_inscription_set_text (self->page_state, legend_hint (klass));
  psc_fact_take_value (self->address_fact, psc_format_address (place.start));
  psc_fact_set_value (self->page_in_fact, label);
  psc_fact_take_value (self->walk_fact, describe_walk (space, mapping, klass, place.start));
}

/* --- what is shown ------------------------------------------------------------------------- */

/* TRUE when the upper part has to be made anew. */
static gboolean
take_shown (PscInspector *self, PscSpace *space, guint64 start, gboolean pinned)
{
  PscTheme theme = psc_map_view_get_theme (self->map);

  if (self->shown_space == space && self->shown_start == start && self->shown_pinned == pinned &&
      self->shown_theme == theme)
    return FALSE;
  g_clear_pointer (&self->shown_space, psc_space_unref);
  self->shown_space = space != NULL ? psc_space_ref (space) : NULL;
  self->shown_start = start;
  self->shown_pinned = pinned;
  self->shown_theme = theme;
  return TRUE;
}

static void
show_upper_mapping (PscInspector *self, PscSpace *space, const PscMapping *mapping, gboolean pinned)
{
  if (take_shown (self, space, mapping->start, pinned))
    show_mapping (self, space, mapping, pinned, self->shown_theme);
  gtk_stack_set_visible_child_name (self->stack, "mapping");
}

static void
update_upper (PscInspector *self)
{
  PscSpace *space = psc_map_view_get_space (self->map);
  PscPlace place = psc_map_view_get_hover (self->map);
  const PscMapping *mapping;

  gtk_widget_set_visible (GTK_WIDGET (self->stack), space != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->page_box), space != NULL);
  if (space == NULL)
    {
      take_shown (self, NULL, SHOWN_NOTHING, FALSE);
      return;
    }
  mapping = psc_map_view_get_selected (self->map);
  if (mapping != NULL)
    show_upper_mapping (self, space, mapping, TRUE);
  else if (place.type == PSC_PLACE_PAGE &&
           (mapping = psc_space_lookup (space, place.start)) != NULL)
    show_upper_mapping (self, space, mapping, FALSE);
  else if (place.type != PSC_PLACE_NOTHING && place.type != PSC_PLACE_PAGE)
    {
      if (take_shown (self, space, place.start, FALSE))
        show_gap (self, &place);
      gtk_stack_set_visible_child_name (self->stack, "gap");
    }
  else
    {
      if (take_shown (self, space, SHOWN_PROCESS, FALSE))
        show_process (self, space, self->shown_theme);
      gtk_stack_set_visible_child_name (self->stack, "process");
    }
}

static void
update (PscInspector *self)
{
  if (self->map == NULL)
    return;
  update_upper (self);
  update_page (self);
}

void
psc_inspector_set_map (PscInspector *self, PscMapView *map)
{
  g_return_if_fail (PSC_IS_INSPECTOR (self));
  g_return_if_fail (PSC_IS_MAP_VIEW (map) && self->map == NULL);

  self->map = g_object_ref (map);
  g_signal_connect_object (map, "view-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (map, "hover-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (map, "selection-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
psc_inspector_set_user (PscInspector *self, const char *user)
{
  g_return_if_fail (PSC_IS_INSPECTOR (self));

  g_free (self->user);
  self->user = g_strdup (user);
}

static void
psc_inspector_dispose (GObject *object)
{
  PscInspector *self = PSC_INSPECTOR (object);

  g_clear_object (&self->map);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->shown_space, psc_space_unref);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_INSPECTOR);
  G_OBJECT_CLASS (psc_inspector_parent_class)->dispose (object);
}

static void
bind_process_page (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, PscInspector, process_title);
  gtk_widget_class_bind_template_child (klass, PscInspector, process_command);
  gtk_widget_class_bind_template_child (klass, PscInspector, pid_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, user_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, size_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, resident_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, swapped_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, huge_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, tables_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, mappings_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, threads_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, kinds_table);
  gtk_widget_class_bind_template_child (klass, PscInspector, process_states_table);
  gtk_widget_class_bind_template_child (klass, PscInspector, unknowns_box);
  gtk_widget_class_bind_template_child (klass, PscInspector, source_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, cost_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, time_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, host_fact);
}

static void
bind_other_pages (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, PscInspector, box);
  gtk_widget_class_bind_template_child (klass, PscInspector, stack);
  gtk_widget_class_bind_template_child (klass, PscInspector, kind_swatch);
  gtk_widget_class_bind_template_child (klass, PscInspector, kind_label);
  gtk_widget_class_bind_template_child (klass, PscInspector, pinned_label);
  gtk_widget_class_bind_template_child (klass, PscInspector, mapping_title);
  gtk_widget_class_bind_template_child (klass, PscInspector, range_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, mapping_size_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, access_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, file_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, offset_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, why_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, note_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, mapping_states_table);
  gtk_widget_class_bind_template_child (klass, PscInspector, gap_title);
  gtk_widget_class_bind_template_child (klass, PscInspector, gap_note);
  gtk_widget_class_bind_template_child (klass, PscInspector, gap_range_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, gap_size_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, page_box);
  gtk_widget_class_bind_template_child (klass, PscInspector, page_swatch);
  gtk_widget_class_bind_template_child (klass, PscInspector, page_title);
  gtk_widget_class_bind_template_child (klass, PscInspector, page_hint);
  gtk_widget_class_bind_template_child (klass, PscInspector, address_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, page_state);
  gtk_widget_class_bind_template_child (klass, PscInspector, page_in_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, walk_fact);
}

static void
psc_inspector_class_init (PscInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_inspector_dispose;
  g_type_ensure (PSC_TYPE_FACT);
  g_type_ensure (PSC_TYPE_SHARE_TABLE);
  g_type_ensure (PSC_TYPE_SWATCH);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/pagescape/Pagescape/psc-inspector.ui");
  bind_process_page (widget_class);
  bind_other_pages (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
psc_inspector_init (PscInspector *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->shown_start = SHOWN_NOTHING;
  show_page_facts (self, FALSE);
}

GtkWidget *
psc_inspector_new (void)
{
  return g_object_new (PSC_TYPE_INSPECTOR, NULL);
}
