/* SPDX-License-Identifier: GPL-3.0-or-later */

/* With text of twice the size the whole window still fits a small screen, whatever is selected, and
 * its texts can be read. */

#include "psc-inspector-page.h"
#include "psc-inspector.h"
#include "psc-map-view-private.h"
#include "psc-ui-test.h"

#define SCREEN_WIDTH  1280
#define SCREEN_HEIGHT 720
#define USUAL_DPI     (96 * 1024)
/* Of the height of the map with its legend, that is left to the pages. */
#define LEAST_BODY 0.4

/* Who needs most, and why. */
static void
report (GtkWidget *widget, int depth)
{
  int width, natural;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &width, &natural, NULL, NULL);
  if (width > 200 && depth < 16)
    g_test_message ("%*s%s %d", depth, "", G_OBJECT_TYPE_NAME (widget), width);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_child_visible (child) && gtk_widget_get_visible (child))
      report (child, depth + 1);
}

static void
check_size (GtkWidget *window)
{
  int width, height, natural;

  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &width, &natural, NULL, NULL);
  gtk_widget_measure (window, GTK_ORIENTATION_VERTICAL, SCREEN_WIDTH, &height, &natural, NULL,
                      NULL);
  if (width > SCREEN_WIDTH)
    report (window, 0);
  g_assert_cmpint (width, <=, SCREEN_WIDTH);
  g_assert_cmpint (height, <=, SCREEN_HEIGHT);
}

static gboolean
has_tooltip (GtkWidget *widget)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    if (gtk_widget_get_tooltip_text (widget) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
is_cut_off (GtkWidget *widget)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
         pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget)));
}

/* What is cut off can be had. */
static void
check_texts (GtkWidget *widget)
{
  if (is_cut_off (widget) && !has_tooltip (widget))
    g_error ("cut off: %s", gtk_label_get_text (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_texts (child);
}

/* What is told of the page leaves room for what is told of its mapping. */
static void
check_page (GtkWidget *window)
{
  GtkWidget *inspector = psc_ui_find (window, PSC_TYPE_INSPECTOR);
  GtkWidget *page = psc_ui_find (window, PSC_TYPE_INSPECTOR_PAGE);
  GtkWidget *part = gtk_widget_get_ancestor (page, GTK_TYPE_SCROLLED_WINDOW);

  g_assert_cmpint (gtk_widget_get_height (part), <, gtk_widget_get_height (inspector) * 2 / 3);
}

static void
check_map (PscMapView *map)
{
  double height = gtk_widget_get_height (GTK_WIDGET (map));

  g_assert_cmpfloat (psc_map_view_get_map (map).body.height, >, height * LEAST_BODY);
}

static void
check (PscWindow *window)
{
  check_size (GTK_WIDGET (window));
  check_texts (GTK_WIDGET (window));
  check_page (GTK_WIDGET (window));
  check_map (psc_window_get_map (window));
}

static void
test_fits (void)
{
  static const double scales[] = { 1, 1.5, 2 };
  g_autofree char *root = psc_ui_dup_root ("java");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  g_autoptr (PscSpace) space = psc_space_ref (psc_map_view_get_space (map));

  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", (int) (USUAL_DPI * scales[i]),
                    NULL);
      psc_ui_wait_for_rest (map);
      check (window);
      for (guint m = 0; m < space->n_mappings; m += 20)
        {
          psc_map_view_select (map, space->mappings[m].start);
          gtk_test_widget_wait_for_draw (GTK_WIDGET (window));
          check (window);
        }
      psc_map_view_select (map, PSC_MAP_NOWHERE);
    }
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", USUAL_DPI, NULL);
  psc_ui_close (window);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/large-text/fits", test_fits);
  return g_test_run ();
}
