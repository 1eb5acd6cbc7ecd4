/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inspector: owners, what could not be read, single pages as the kernel has them, and details
 * from smaps; on recorded processes, on ones made by hand, and on live ones against what /proc
 * says itself. */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "psc-describe.h"
#include "psc-format.h"
#include "psc-inspector-mapping.h"
#include "psc-inspector-page.h"
#include "psc-inspector-process.h"
#include "psc-page-query.h"
#include "psc-ui-test.h"

#define PAGE          4096
#define PAGEMAP_ALONE (G_GUINT64_CONSTANT (1) << 56)
#define PAGEMAP_FRAME ((G_GUINT64_CONSTANT (1) << 55) - 1)

static const PscMapping *
find_kind (PscSpace *space, PscKind kind)
{
  for (guint i = 0; i < space->n_mappings; i++)
    if (space->mappings[i].kind == kind)
      return &space->mappings[i];
  g_error ("%s has no %s", space->name, psc_kind_title (kind));
}

/* The page at the top of the main stack: it is in RAM as long as the process is. */
static guint64
stack_page (PscSpace *space)
{
  return find_kind (space, PSC_KIND_STACK)->end - PAGE;
}

/* --- owners -------------------------------------------------------------------------------- */

static const PscMapping *
find_owned (PscSpace *space, const PscOwner **owner)
{
  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];

      *owner = psc_space_lookup_owner (space, mapping->start);
      if (*owner != NULL && (*owner)->start <= mapping->start && mapping->end < (*owner)->end)
        return mapping;
    }
  g_error ("%s has no mapping that is a part of what its owner has", space->name);
}

static void
test_owner (void)
{
  g_autofree char *root = psc_ui_dup_root ("java");
  PscWindow *window = psc_ui_open (root, NULL);
  GtkWidget *widget = GTK_WIDGET (window);
  PscMapView *map = psc_window_get_map (window);
  g_autoptr (PscSpace) space = psc_space_ref (psc_map_view_get_space (map));
  const PscOwner *owner;
  const PscMapping *mapping = find_owned (space, &owner);
  g_autofree char *first = psc_format_address (owner->start);
  g_autofree char *end = psc_format_address (owner->end);
  g_autofree char *size = psc_format_size (owner->end - owner->start);
  g_autofree char *text = g_strdup_printf ("%s\n%s –\n%s, %s", owner->label, first, end, size);
  g_autofree char *sentence = psc_describe_mapping (space, mapping);

  psc_map_view_select (map, mapping->start);
  g_assert_cmpstr (psc_ui_find_fact (widget, "Belongs to"), ==, text);
  g_assert_cmpstr (psc_ui_find_fact (widget, "Recognised by"), ==, owner->why);
  g_assert_cmpstr (psc_ui_find_fact (widget, "In"), ==, owner->label);
  g_assert_true (g_str_has_prefix (sentence, owner->label));
  psc_ui_wait_until (g_str_equal (psc_map_view_get_sentence (map), sentence));
  gtk_test_accessible_assert_property (map, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, sentence);

  psc_map_view_select (map, find_kind (space, PSC_KIND_HEAP)->start);
  g_assert_null (psc_ui_find_fact (widget, "Belongs to"));
  g_assert_null (psc_ui_find_fact (widget, "Recognised by"));
  psc_ui_close (window);
}

/* A space with one mapping of 16 MiB and as many stacks of 1 MiB in it as asked for. */
static PscSpace *
new_space_with_stacks (guint n_stacks)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscMapping mapping = { .start = 0x10000000,
                         .end = 0x11000000,
                         .name = "",
                         .perms = PSC_PERM_READ | PSC_PERM_WRITE,
                         .kind = PSC_KIND_THREAD_STACK };
  GArray *owners = g_array_new (FALSE, FALSE, sizeof (PscOwner));
  PscSpace *space = psc_space_builder_get_space (builder);

  space->name = space->command = space->host = space->kernel = "";
  g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
  for (guint i = 0; i < n_stacks; i++)
    {
      g_autofree char *label = g_strdup_printf ("Stack of worker-%u (%u)", i, 100 + i);
      PscOwner owner = { .start = 0x10000000 + i * 0x100000,
                         .end = 0x10000000 + (i + 1) * 0x100000,
                         .type = PSC_OWNER_THREAD,
                         .tid = (gint) (100 + i),
                         .label = psc_space_builder_intern (builder, label, -1),
                         .why = "a stack pointer points into it" };

      g_array_append_val (owners, owner);
    }
  psc_space_builder_take_owners (builder, owners);
  return psc_space_builder_freeze (builder);
}

static GtkWidget *
show_alone (GtkWidget *child)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 400, 700);
  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  psc_ui_wait_until (gtk_widget_get_mapped (child));
  return window;
}

/* Stacks that the kernel made one mapping of: the mapping belongs to all, each page to one. */
static void
test_merged_stacks (void)
{
  static const struct
  {
    guint n_stacks;
    const char *belongs_to;
  } cases[] = {
    { 1, "Stack of worker-0 (100)\n0x10000000 –\n0x10100000, 1 MiB" },
    { 3, "Stack of worker-0 (100)\nStack of worker-1 (101)\nStack of worker-2 (102)" },
    { 9, "Stack of worker-0 (100)\nStack of worker-1 (101)\nand 7 more: point at a page" },
  };
  g_autoptr (PscSession) session = psc_session_new (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PscSpace) space = new_space_with_stacks (cases[i].n_stacks);
      guint last = cases[i].n_stacks - 1;
      g_autofree char *label = g_strdup_printf ("Stack of worker-%u (%u)", last, 100 + last);
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      PscInspectorMapping *mapping = g_object_new (PSC_TYPE_INSPECTOR_MAPPING, NULL);
      PscInspectorPage *page = g_object_new (PSC_TYPE_INSPECTOR_PAGE, NULL);
      GtkWidget *window;

      gtk_box_append (GTK_BOX (box), GTK_WIDGET (mapping));
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (page));
      psc_inspector_mapping_set_session (mapping, session);
      psc_inspector_page_set_session (page, session);
      psc_inspector_mapping_show (mapping, space, space->mappings, TRUE, PSC_THEME_LIGHT);
      psc_inspector_page_show (page, space, 0x10000000 + last * 0x100000 + 5 * PAGE, FALSE,
                               PSC_THEME_LIGHT);
      window = show_alone (box);
      g_assert_cmpstr (psc_ui_find_fact (box, "Belongs to"), ==, cases[i].belongs_to);
      g_assert_cmpstr (psc_ui_find_fact (box, "Recognised by"), ==,
                       "a stack pointer points into it");
      g_assert_cmpstr (psc_ui_find_fact (box, "In"), ==, label);
      gtk_window_destroy (GTK_WINDOW (window));
    }
}

/* --- what could not be read ---------------------------------------------------------------- */

static void
test_unknowns (void)
{
  static const struct
  {
    PscReason reason;
    const char *title;
  } cases[] = {
    { PSC_REASON_DENIED, "Page states: Not allowed" },
    { PSC_REASON_UNSUPPORTED, "Page states: Not told by this kernel" },
    { PSC_REASON_GONE, "Page states: Gone" },
    { PSC_REASON_TORN, "Page states: Changed while it was read" },
    { PSC_REASON_NOT_READ, "Page states: Not read yet" },
    { PSC_REASON_FAILED, "Page states: Failed" },
  };
  PscInspectorProcess *process = g_object_new (PSC_TYPE_INSPECTOR_PROCESS, NULL);
  g_autoptr (PscSpace) space = new_space_with_stacks (1);
  GtkWidget *window = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PscUnknown unknown = { cases[i].reason, "page states", "this is <why>", "do that" };
      PscSpace copy = *space;

      copy.unknowns = &unknown;
      copy.n_unknowns = 1;
      psc_inspector_process_show (process, &copy, NULL, PSC_THEME_LIGHT);
      if (window == NULL)
        window = show_alone (GTK_WIDGET (process));
      psc_ui_wait_until (psc_ui_find_text (window, cases[i].title) != NULL);
      g_assert_cmpstr (psc_ui_find_text (window, "This is"), ==,
                       "This is <why>. What helps: do that.");
    }
  psc_inspector_process_show (process, space, NULL, PSC_THEME_LIGHT);
  psc_ui_wait_until (psc_ui_find_text (window, "Page states: ") == NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- single pages -------------------------------------------------------------------------- */

static guint64
read_pagemap (const char *pid, guint64 address)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/pagemap", pid);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  guint64 word = 0;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (pread (fd, &word, sizeof word, (off_t) (address / PAGE * sizeof word)), ==,
                   sizeof word);
  close (fd);
  return word;
}

static void
wait_for_answer (PscWindow *window)
{
  GtkWidget *widget = GTK_WIDGET (window);

  psc_ui_wait_until (psc_ui_find_fact (widget, "Sharing") != NULL &&
                     g_strcmp0 (psc_ui_find_fact (widget, "Sharing"), "…") != 0);
}

static void
test_page_facts (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  const char *pid = g_subprocess_get_identifier (child);
  PscWindow *window = psc_ui_open (NULL, pid);
  GtkWidget *widget = GTK_WIDGET (window);
  PscMapView *map = psc_window_get_map (window);
  guint64 address = stack_page (psc_map_view_get_space (map));
  guint64 word = read_pagemap (pid, address);

  psc_map_view_select (map, address);
  wait_for_answer (window);
  g_assert_true (g_str_has_prefix (psc_ui_find_fact (widget, "Sharing"),
                                   word & PAGEMAP_ALONE ? "exclusive" : "shared"));
  if ((word & PAGEMAP_FRAME) != 0)
    {
      g_autofree char *number = psc_format_address (word & PAGEMAP_FRAME);
      g_autofree char *physical = psc_format_address ((word & PAGEMAP_FRAME) * PAGE);
      g_autofree char *frame = g_strdup_printf ("%s, at %s", number, physical);

      g_assert_cmpstr (psc_ui_find_fact (widget, "Frame"), ==, frame);
      g_assert_nonnull (psc_ui_find_fact (widget, "Folio"));
      g_assert_nonnull (psc_ui_find_fact (widget, "Flags"));
    }
  else
    {
      g_assert_cmpstr (psc_ui_find_fact (widget, "Frame"), ==, "Not allowed");
      g_assert_nonnull (psc_ui_find_text (widget, "What helps"));
    }
  psc_ui_close (window);
  psc_ui_end_child (child);
}

static void
test_page_absent (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  PscMapView *map = psc_window_get_map (window);
  PscSpace *space = psc_map_view_get_space (map);
  const PscMapping *stack = find_kind (space, PSC_KIND_STACK);

  g_assert_cmpint (psc_space_page_class (space, stack, stack->start), ==, PSC_CLASS_ABSENT);
  psc_map_view_select (map, stack->start);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), "No page frame stands behind it"));
  g_assert_null (psc_ui_find_fact (GTK_WIDGET (window), "Frame"));
  psc_ui_close (window);
  psc_ui_end_child (child);
}

/* A pointer that moves asks nothing; one that rests asks once. */
static void
test_page_rest (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  PscMapView *map = psc_window_get_map (window);
  GtkEventController *motion =
      psc_ui_find_controller (GTK_WIDGET (map), GTK_TYPE_EVENT_CONTROLLER_MOTION);
  PscInspectorPage *page =
      PSC_INSPECTOR_PAGE (psc_ui_find (GTK_WIDGET (window), PSC_TYPE_INSPECTOR_PAGE));
  PscSpace *space = psc_map_view_get_space (map);
  guint n_shown = 0;

  for (guint i = 0; i < space->n_mappings; i++)
    {
      PscRect rect;

      if (!psc_map_view_get_place_rect (map, space->mappings[i].start, &rect))
        continue;
      g_signal_emit_by_name (motion, "motion", rect.x + 1, rect.y + 1);
      n_shown++;
    }
  g_assert_cmpuint (n_shown, >, 3);
  g_assert_cmpuint (psc_inspector_page_get_n_asked (page), ==, 0);
  psc_map_view_select (map, stack_page (space));
  g_signal_emit_by_name (motion, "leave");
  g_assert_cmpuint (psc_inspector_page_get_n_asked (page), ==, 0);
  wait_for_answer (window);
  g_assert_cmpuint (psc_inspector_page_get_n_asked (page), >, 0);
  psc_ui_close (window);
  psc_ui_end_child (child);
}

/* Where nothing can be asked it is said, and nothing is asked. */
static void
test_page_not_live (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  GtkWidget *widget = GTK_WIDGET (window);
  PscMapView *map = psc_window_get_map (window);
  PscSession *session = psc_window_get_session (window);

  psc_session_set_paused (session, TRUE);
  psc_map_view_select (map, stack_page (psc_map_view_get_space (map)));
  psc_ui_wait_until (psc_ui_find_text (widget, "Paused: what the kernel knows") != NULL);
  g_assert_null (psc_ui_find_fact (widget, "Sharing"));
  psc_session_set_paused (session, FALSE);
  wait_for_answer (window);
  psc_ui_end_child (child);
  psc_ui_wait_until (psc_ui_find_text (widget, "The process has ended: nothing") != NULL);
  g_assert_null (psc_ui_find_fact (widget, "Sharing"));
  g_assert_false (gtk_widget_get_sensitive (psc_ui_find_button (widget, "Read Details")));
  psc_ui_close (window);
}

static void
test_page_recorded (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  GtkWidget *widget = GTK_WIDGET (window);
  PscMapView *map = psc_window_get_map (window);
  PscInspectorPage *page = PSC_INSPECTOR_PAGE (psc_ui_find (widget, PSC_TYPE_INSPECTOR_PAGE));

  psc_map_view_select (map, find_kind (psc_map_view_get_space (map), PSC_KIND_HEAP)->start);
  psc_ui_wait_until (psc_ui_find_text (widget, "This is a recording") != NULL);
  g_assert_null (psc_ui_find_fact (widget, "Frame"));
  g_assert_cmpuint (psc_inspector_page_get_n_asked (page), ==, 0);
  psc_ui_close (window);
}

/* It is root's until setpriv has done its work. */
static gboolean
shows_nobody (PscWindow *window)
{
  PscSession *session = psc_window_get_session (window);
  PscSpace *space = psc_map_view_get_space (psc_window_get_map (window));

  if (psc_session_get_state (session) == PSC_SESSION_DENIED)
    psc_session_refresh (session);
  return space != NULL && g_str_equal (space->name, "cat");
}

/* Where frames may not be seen it is said why and what would help; never a 0, never nothing. */
static void
test_page_denied (void)
{
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *window;
  PscMapView *map;

  if (!psc_ui_can_be_nobody ())
    {
      g_test_skip ("needs root, setpriv, and a probe that others may run");
      return;
    }
  child =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error,
                        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "cat", NULL);
  g_assert_no_error (error);
  window = psc_window_new (psc_ui_get_application (), NULL, PSC_UI_AS_NOBODY,
                           g_subprocess_get_identifier (child));
  map = psc_window_get_map (PSC_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
  psc_ui_wait_until (shows_nobody (PSC_WINDOW (window)));
  psc_map_view_select (map, stack_page (psc_map_view_get_space (map)));
  psc_ui_wait_until (psc_ui_find_fact (window, "Frame") != NULL);
  g_assert_cmpstr (psc_ui_find_fact (window, "Frame"), ==, "Not allowed");
  g_assert_nonnull (psc_ui_find_text (window, "What helps: run the probe as root"));
  g_assert_null (psc_ui_find_fact (window, "Folio"));
  g_assert_true (g_str_has_prefix (psc_ui_find_fact (window, "Sharing"), "exclusive"));
  psc_ui_close (PSC_WINDOW (window));
  psc_ui_end_child (child);
}

static void
changed_cb (PscPageQuery *reader, guint *n_changed)
{
  (*n_changed)++;
}

/* An answer about what is no longer looked at is dropped. */
static void
test_reader (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  gint pid = (gint) g_ascii_strtoll (g_subprocess_get_identifier (child), NULL, 10);
  PscProbeSource *source = psc_probe_source_new (NULL, NULL);
  PscWatch *watch = psc_watch_new (source, pid);
  g_autoptr (PscPageQuery) reader = psc_page_query_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = NULL;
  guint64 first, second;
  guint n_changed = 0;

  /* Nothing is open yet, and a page is not what opens a process. */
  g_assert_null (psc_watch_inspect (watch, 0x1000, &error));
  g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE);
  g_clear_error (&error);
  space = psc_watch_capture (watch, NULL, &error);
  g_assert_no_error (error);
  first = stack_page (space);
  second = find_kind (space, PSC_KIND_TEXT)->start;
  g_signal_connect (reader, "changed", G_CALLBACK (changed_cb), &n_changed);

  psc_page_query_look (reader, watch, first);
  psc_ui_wait_until (psc_page_query_get_n_asked (reader) == 1);
  psc_page_query_look (reader, watch, second);
  g_assert_null (psc_page_query_get_facts (reader));
  psc_ui_wait_until (psc_page_query_get_facts (reader) != NULL);
  g_assert_cmphex (psc_page_query_get_facts (reader)->address, ==, second);
  g_assert_cmpuint (psc_page_query_get_n_asked (reader), ==, 2);
  g_assert_cmpuint (n_changed, <=, 2);

  /* A page of the kernel's half is in no pagemap. */
  g_assert_null (psc_watch_inspect (watch, G_GUINT64_CONSTANT (0xffffffffff600000), &error));
  g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_UNSUPPORTED);

  psc_page_query_refresh (reader);
  g_assert_nonnull (psc_page_query_get_facts (reader));
  n_changed = 0;
  psc_ui_wait_until (n_changed == 1);

  psc_ui_end_child (child);
  psc_page_query_refresh (reader);
  psc_ui_wait_until (psc_page_query_get_error (reader) != NULL);
  g_assert_error (psc_page_query_get_error (reader), PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE);
  g_assert_null (psc_page_query_get_facts (reader));
  psc_watch_unref (watch);
  psc_probe_source_unref (source);
}

/* --- details ------------------------------------------------------------------------------- */

/* The number of kB behind a key in the part of smaps that begins with the mapping's range. */
static guint64
read_smaps (const char *path, const PscMapping *mapping, const char *key)
{
  g_autofree char *content = NULL;
  g_autofree char *head = g_strdup_printf ("%08" G_GINT64_MODIFIER "x-%08" G_GINT64_MODIFIER "x ",
                                           mapping->start, mapping->end);
  g_autofree char *line = g_strdup_printf ("\n%s:", key);
  const char *at;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  at = strstr (content, head);
  g_assert_nonnull (at);
  at = strstr (at, line);
  g_assert_nonnull (at);
  return g_ascii_strtoull (at + strlen (line), NULL, 10) * 1024;
}

static void
check_clean_dirty (PscWindow *window, const char *path, const PscMapping *mapping, const char *fact,
                   const char *clean, const char *dirty)
{
  g_autofree char *clean_size = psc_format_size (read_smaps (path, mapping, clean));
  g_autofree char *dirty_size = psc_format_size (read_smaps (path, mapping, dirty));
  g_autofree char *text = g_strdup_printf ("%s dirty, %s clean", dirty_size, clean_size);

  g_assert_cmpstr (psc_ui_find_fact (GTK_WIDGET (window), fact), ==, text);
}

static void
check_details (PscWindow *window, const char *path, const PscMapping *mapping)
{
  GtkWidget *widget = GTK_WIDGET (window);
  g_autofree char *pss = psc_format_size (read_smaps (path, mapping, "Pss"));
  g_autofree char *rss = psc_format_size (read_smaps (path, mapping, "Rss"));
  g_autofree char *referenced = psc_format_size (read_smaps (path, mapping, "Referenced"));
  g_autofree char *anonymous = psc_format_size (read_smaps (path, mapping, "Anonymous"));
  g_autofree char *text = g_strdup_printf ("%s of %s resident", pss, rss);

  g_assert_cmpstr (psc_ui_find_fact (widget, "Pss"), ==, text);
  g_assert_cmpstr (psc_ui_find_fact (widget, "Referenced"), ==, referenced);
  g_assert_cmpstr (psc_ui_find_fact (widget, "Anonymous"), ==, anonymous);
  check_clean_dirty (window, path, mapping, "Private", "Private_Clean", "Private_Dirty");
  check_clean_dirty (window, path, mapping, "Shared", "Shared_Clean", "Shared_Dirty");
}

static void
read_details (PscWindow *window)
{
  PscSession *session = psc_window_get_session (window);
  GtkWidget *button = psc_ui_find_button (GTK_WIDGET (window), "Read Details");

  g_assert_nonnull (gtk_widget_get_tooltip_text (button));
  g_signal_emit_by_name (button, "clicked");
  g_assert_true (psc_session_is_reading_details (session));
  g_assert_false (gtk_widget_get_sensitive (button));
  psc_ui_wait_until (!psc_session_is_reading_details (session));
  g_assert_no_error (psc_session_get_details_error (session));
  g_assert_true (gtk_widget_get_sensitive (button));
}

static void
test_details_recorded (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  GtkWidget *widget = GTK_WIDGET (window);
  PscMapView *map = psc_window_get_map (window);
  g_autoptr (PscSpace) space = psc_space_ref (psc_map_view_get_space (map));
  g_autofree char *path = g_strdup_printf ("%s/%d/smaps", root, space->pid);
  const PscMapping *heap = find_kind (space, PSC_KIND_HEAP);
  const PscMapping *text = find_kind (space, PSC_KIND_TEXT);

  psc_map_view_select (map, heap->start);
  g_assert_null (psc_ui_find_fact (widget, "Pss"));
  g_assert_nonnull (psc_ui_find_text (widget, "not read yet"));
  read_details (window);
  check_details (window, path, heap);
  g_assert_true (g_str_has_prefix (psc_ui_find_fact (widget, "Flags"), "readable, writable, "));
  psc_map_view_select (map, text->start);
  check_details (window, path, text);
  g_assert_nonnull (strstr (psc_ui_find_fact (widget, "Flags"), "executable"));
  psc_ui_close (window);
}

/* They stay while the refreshes go on, and their age grows. */
static void
test_details_live (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  const char *pid = g_subprocess_get_identifier (child);
  g_autofree char *path = g_strdup_printf ("/proc/%s/smaps", pid);
  PscWindow *window = psc_ui_open (NULL, pid);
  GtkWidget *widget = GTK_WIDGET (window);
  PscMapView *map = psc_window_get_map (window);
  PscSession *session = psc_window_get_session (window);
  g_autoptr (PscSpace) space = psc_space_ref (psc_map_view_get_space (map));
  const PscMapping *heap = find_kind (space, PSC_KIND_HEAP);

  psc_map_view_select (map, heap->start);
  g_assert_nonnull (strstr (
      gtk_widget_get_tooltip_text (psc_ui_find_button (widget, "Read Details")), "memory lock"));
  read_details (window);
  check_details (window, path, heap);
  psc_ui_wait_until (psc_session_get_space (session) != space);
  psc_ui_wait_until (psc_ui_find_text (widget, " s ago") != NULL);
  g_assert_null (psc_session_get_space (session)->smaps);
  check_details (window, path, heap);
  psc_ui_close (window);
  psc_ui_end_child (child);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  psc_ui_get_application ();
  g_test_add_func ("/inspector/owner", test_owner);
  g_test_add_func ("/inspector/merged-stacks", test_merged_stacks);
  g_test_add_func ("/inspector/unknowns", test_unknowns);
  g_test_add_func ("/inspector/page-facts", test_page_facts);
  g_test_add_func ("/inspector/page-absent", test_page_absent);
  g_test_add_func ("/inspector/page-rest", test_page_rest);
  g_test_add_func ("/inspector/page-not-live", test_page_not_live);
  g_test_add_func ("/inspector/page-recorded", test_page_recorded);
  g_test_add_func ("/inspector/page-denied", test_page_denied);
  g_test_add_func ("/inspector/reader", test_reader);
  g_test_add_func ("/inspector/details-recorded", test_details_recorded);
  g_test_add_func ("/inspector/details-live", test_details_live);
  return g_test_run ();
}
