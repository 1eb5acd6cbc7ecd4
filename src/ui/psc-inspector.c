/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-inspector.h"

#include <glib/gi18n-lib.h>

#include "psc-fact.h"
#include "psc-format.h"
#include "psc-inspector-mapping.h"
#include "psc-inspector-page.h"
#include "psc-inspector-process.h"

struct _PscInspector
{
  GtkWidget parent_instance;

  PscMapView *map;
  PscInsight *insight;
  char *user;
  /* What the upper part shows, so that moving over one mapping costs nothing. */
  PscSpace *shown_space; /* a reference, never read */
  guint64 shown_start;
  gboolean shown_pinned;
  PscTheme shown_theme;
  PscDiff *diff; /* a reference; NULL: nothing is compared */
  char *words;   /* with what */

  GtkScrolledWindow *scrolled, *page_scrolled; /* the only children */
  GtkStack *stack;
  PscInspectorProcess *process;
  PscInspectorMapping *mapping;
  GtkLabel *gap_title, *gap_note;
  PscFact *gap_range_fact, *gap_size_fact;
  PscInspectorPage *page;
};

G_DEFINE_FINAL_TYPE (PscInspector, psc_inspector, GTK_TYPE_WIDGET)

/* Of the height, that the page may take. */
#define MOST_PAGE 0.6

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
show_gap (PscInspector *self, const PscPlace *place)
{
  gboolean fold = place->type == PSC_PLACE_FOLD;

  gtk_label_set_label (self->gap_title, fold ? _ ("Folded away") : _ ("Not mapped"));
  psc_fact_take_value (self->gap_range_fact, format_range (place->start, place->end));
  psc_fact_take_value (self->gap_size_fact, psc_format_size (place->end - place->start));
  if (!fold)
    gtk_label_set_label (self->gap_note, _ ("There is nothing at these addresses; the map leaves "
                                            "them out."));
  else if (psc_map_view_can_unfold (place))
    gtk_label_set_label (self->gap_note, _ ("Mapped, but never touched: no memory stands behind "
                                            "it. Click to unfold it."));
  else
    gtk_label_set_label (self->gap_note, _ ("Mapped, but never touched: no memory stands behind "
                                            "it. Too large to unfold."));
}

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
    {
      psc_inspector_mapping_show (self->mapping, space, mapping, pinned, self->shown_theme);
      psc_inspector_mapping_show_diff (self->mapping, self->diff, self->words, mapping,
                                       self->shown_theme);
    }
  gtk_stack_set_visible_child_name (self->stack, "mapping");
}

static void
update_upper (PscInspector *self)
{
  PscSpace *space = psc_map_view_get_space (self->map);
  PscPlace place = psc_map_view_get_hover (self->map);
  const PscMapping *mapping;

  gtk_widget_set_visible (GTK_WIDGET (self->stack), space != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->page_scrolled), space != NULL);
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
        {
          psc_inspector_process_show (self->process, space, self->user, self->shown_theme);
          psc_inspector_process_show_diff (self->process, self->diff, self->words,
                                           self->shown_theme);
        }
      gtk_stack_set_visible_child_name (self->stack, "process");
    }
}

/* The page under the pointer, else the one that was selected. */
static void
update_page (PscInspector *self)
{
  PscSpace *space = psc_map_view_get_space (self->map);
  PscPlace place = psc_map_view_get_hover (self->map);
  guint64 selected = psc_map_view_get_selected_page (self->map);
  PscTheme theme = psc_map_view_get_theme (self->map);

  /* While the pointer is over the map the room for a page is kept: gaps come and go below it. */
  if (place.type == PSC_PLACE_NOTHING && selected == PSC_MAP_NOWHERE)
    gtk_widget_add_css_class (GTK_WIDGET (self->page), "resting");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->page), "resting");
  if (place.type == PSC_PLACE_PAGE)
    psc_inspector_page_show (self->page, space, place.start, FALSE, theme);
  else
    psc_inspector_page_show (self->page, selected != PSC_MAP_NOWHERE ? space : NULL, selected, TRUE,
                             theme);
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
psc_inspector_set_diff (PscInspector *self, PscDiff *diff, const char *words)
{
  g_return_if_fail (PSC_IS_INSPECTOR (self));

  if (self->diff == diff && g_strcmp0 (self->words, words) == 0)
    return;
  g_clear_pointer (&self->diff, psc_diff_unref);
  g_free (self->words);
  self->diff = diff != NULL ? psc_diff_ref (diff) : NULL;
  self->words = g_strdup (words);
  if (self->map == NULL)
    return;
  take_shown (self, NULL, SHOWN_NOTHING, FALSE);
  update_upper (self);
}

void
psc_inspector_set_session (PscInspector *self, PscSession *session)
{
  g_return_if_fail (PSC_IS_INSPECTOR (self));
  g_return_if_fail (PSC_IS_SESSION (session));

  psc_inspector_mapping_set_session (self->mapping, session);
  psc_inspector_page_set_session (self->page, session);
}

/* --- growth -------------------------------------------------------------------------------- */

gboolean
psc_inspector_show_finding (PscInspector *self, const PscFinding *finding)
{
  PscSpace *space;
  const PscMapping *mapping;

  g_return_val_if_fail (PSC_IS_INSPECTOR (self), FALSE);

  space = psc_map_view_get_space (self->map);
  mapping = space != NULL ? psc_finding_find_mapping (finding, space) : NULL;
  if (mapping == NULL)
    return FALSE;
  /* What was clicked goes out of sight, and may not leave the focus to a text beside it. */
  gtk_widget_grab_focus (GTK_WIDGET (self->map));
  psc_map_view_select (self->map, mapping->start);
  psc_map_view_show_range (self->map, mapping->start, mapping->end);
  return TRUE;
}

static void
chosen_cb (PscInspector *self, guint index)
{
  const PscJudgement *judgement = psc_insight_get_judgement (self->insight);

  if (judgement != NULL && index < judgement->verdict->n_findings)
    psc_inspector_show_finding (self, &judgement->verdict->findings[index]);
}

void
psc_inspector_set_insight (PscInspector *self, PscInsight *insight)
{
  PscGrowthPanel *growth;

  g_return_if_fail (PSC_IS_INSPECTOR (self));
  g_return_if_fail (PSC_IS_INSIGHT (insight) && self->insight == NULL);

  self->insight = g_object_ref (insight);
  growth = psc_inspector_process_get_growth (self->process);
  psc_growth_panel_set_insight (growth, insight);
  psc_inspector_mapping_set_insight (self->mapping, insight);
  g_signal_connect_object (growth, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
}

void
psc_inspector_show_growth (PscInspector *self)
{
  GtkWidget *growth;
  GtkAdjustment *adjustment;
  graphene_point_t top;

  g_return_if_fail (PSC_IS_INSPECTOR (self));

  psc_map_view_select (self->map, PSC_MAP_NOWHERE);
  growth = GTK_WIDGET (psc_inspector_process_get_growth (self->process));
  adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  if (gtk_widget_compute_point (growth, GTK_WIDGET (self->stack), &GRAPHENE_POINT_INIT (0, 0),
                                &top))
    gtk_adjustment_set_value (adjustment, top.y);
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
  g_clear_object (&self->insight);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->diff, psc_diff_unref);
  g_clear_pointer (&self->words, g_free);
  g_clear_pointer (&self->shown_space, psc_space_unref);
  g_clear_pointer ((GtkWidget **) &self->scrolled, gtk_widget_unparent);
  g_clear_pointer ((GtkWidget **) &self->page_scrolled, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_INSPECTOR);
  G_OBJECT_CLASS (psc_inspector_parent_class)->dispose (object);
}

/* Its texts wrap, so it wants no more width than it is given, and none to make up for little
 * height: both parts scroll. Else a long sentence would take the map's room. */
static void
psc_inspector_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  PscInspector *self = PSC_INSPECTOR (widget);
  gboolean across = orientation == GTK_ORIENTATION_HORIZONTAL;
  int upper, page;

  for_size = across ? -1 : for_size;
  gtk_widget_measure (GTK_WIDGET (self->scrolled), orientation, for_size, &upper, natural, NULL,
                      NULL);
  gtk_widget_measure (GTK_WIDGET (self->page_scrolled), orientation, for_size, &page, NULL, NULL,
                      NULL);
  *minimum = across ? MAX (upper, page) : upper + page;
  *natural = across ? *minimum : *natural + page;
}

static GtkSizeRequestMode
psc_inspector_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* px; what the page needs, as long as enough is left of what is above. The scrolled window itself
 * tells no height that would be of a width. */
static int
page_height (PscInspector *self, int width, int height)
{
  int least, wanted;

  if (!gtk_widget_get_visible (GTK_WIDGET (self->page_scrolled)))
    return 0;
  gtk_widget_measure (GTK_WIDGET (self->page_scrolled), GTK_ORIENTATION_VERTICAL, width, &least,
                      NULL, NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (self->page), GTK_ORIENTATION_VERTICAL, width, &wanted, NULL, NULL,
                      NULL);
  return MAX (MIN (wanted, (int) (height * MOST_PAGE)), least);
}

static void
psc_inspector_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PscInspector *self = PSC_INSPECTOR (widget);
  int page = page_height (self, width, height);

  gtk_widget_size_allocate (GTK_WIDGET (self->scrolled),
                            &(GtkAllocation){ 0, 0, width, height - page }, -1);
  if (page > 0)
    gtk_widget_size_allocate (GTK_WIDGET (self->page_scrolled),
                              &(GtkAllocation){ 0, height - page, width, page }, -1);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (klass,
                                               "/io/github/pagescape/Pagescape/psc-inspector.ui");
  gtk_widget_class_bind_template_child (klass, PscInspector, scrolled);
  gtk_widget_class_bind_template_child (klass, PscInspector, page_scrolled);
  gtk_widget_class_bind_template_child (klass, PscInspector, stack);
  gtk_widget_class_bind_template_child (klass, PscInspector, process);
  gtk_widget_class_bind_template_child (klass, PscInspector, mapping);
  gtk_widget_class_bind_template_child (klass, PscInspector, gap_title);
  gtk_widget_class_bind_template_child (klass, PscInspector, gap_note);
  gtk_widget_class_bind_template_child (klass, PscInspector, gap_range_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, gap_size_fact);
  gtk_widget_class_bind_template_child (klass, PscInspector, page);
}

static void
psc_inspector_class_init (PscInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_inspector_dispose;
  widget_class->get_request_mode = psc_inspector_get_request_mode;
  widget_class->measure = psc_inspector_measure;
  widget_class->size_allocate = psc_inspector_size_allocate;
  g_type_ensure (PSC_TYPE_FACT);
  g_type_ensure (PSC_TYPE_INSPECTOR_MAPPING);
  g_type_ensure (PSC_TYPE_INSPECTOR_PAGE);
  g_type_ensure (PSC_TYPE_INSPECTOR_PROCESS);
  bind_template (widget_class);
}

static void
psc_inspector_init (PscInspector *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->shown_start = SHOWN_NOTHING;
}

GtkWidget *
psc_inspector_new (void)
{
  return g_object_new (PSC_TYPE_INSPECTOR, NULL);
}
