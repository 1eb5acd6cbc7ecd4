/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-process-item.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "psc-format.h"

/* As much of a command line as a tooltip can show. */
#define MAX_TOOLTIP_CHARS 400

struct _PscProcessItem
{
  GObject parent_instance;

  gint pid;
  guint64 start_time, resident;
  gboolean kernel_thread, readable;
  char *name, *user, *command, *resident_text, *tooltip;
  char *folded; /* what a search looks at */

  /* What it is sorted by: as it was when the list was sorted last. */
  guint64 sort_resident;
  char *sort_name, *sort_user;
};

G_DEFINE_FINAL_TYPE (PscProcessItem, psc_process_item, G_TYPE_OBJECT)

enum
{
  PROP_NAME = 1,
  PROP_PID_TEXT,
  PROP_USER,
  PROP_RESIDENT_TEXT,
  PROP_TOOLTIP,
  PROP_OPACITY,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

/* What can't be looked into is there, but steps back. */
#define OPACITY_UNREADABLE 0.55

static char *
make_tooltip (PscProcessItem *self)
{
  g_autofree char *command = psc_format_name_ellipsized (self->command, MAX_TOOLTIP_CHARS);

  if (self->kernel_thread)
    return g_strdup (_ ("A thread of the kernel: it has no memory of its own"));
  if (!self->readable)
    return g_strdup_printf (_ ("%s\nOf another user: its memory may not be read without "
                               "administrator rights"),
                            command);
  return g_strdup (*command != '\0' ? command : self->name);
}

static gboolean
take_text (PscProcessItem *self, char **field, char *text, guint prop)
{
  if (g_strcmp0 (*field, text) == 0)
    {
      g_free (text);
      return FALSE;
    }
  g_free (*field);
  *field = text;
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
  return TRUE;
}

static void
update_folded (PscProcessItem *self)
{
  g_autofree char *text =
      g_strdup_printf ("%s %s %s %d", self->name, self->command, self->user, self->pid);

  g_free (self->folded);
  self->folded = g_utf8_casefold (text, -1);
}

/* comm holds 15 bytes; argv[0] knows how a longer name goes on. */
static const char *
full_name (const PscProcess *process)
{
  return g_str_has_prefix (process->program, process->name) ? process->program : process->name;
}

static void
update_words (PscProcessItem *self, const PscProcess *process, const char *user, gboolean readable)
{
  g_free (self->command);
  self->command = g_strdup (process->command);
  self->kernel_thread = process->kernel_thread;
  if (self->readable != (readable && !process->kernel_thread))
    {
      self->readable = readable && !process->kernel_thread;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_OPACITY]);
    }
  take_text (self, &self->user, g_strdup (user), PROP_USER);
  take_text (self, &self->name, g_strdup (full_name (process)), PROP_NAME);
  take_text (self, &self->tooltip, make_tooltip (self), PROP_TOOLTIP);
  update_folded (self);
}

gboolean
psc_process_item_update (PscProcessItem *self, const PscProcess *process, const char *user,
                         gboolean readable)
{
  gboolean renamed, grown;
  char *resident;

  renamed = g_strcmp0 (self->command, process->command) != 0 ||
            g_strcmp0 (self->name, full_name (process)) != 0 || g_strcmp0 (self->user, user) != 0 ||
            self->readable != (readable && !process->kernel_thread);
  if (renamed)
    update_words (self, process, user, readable);

  grown = self->resident != process->resident || self->resident_text == NULL;
  if (grown)
    {
      self->resident = process->resident;
      resident = process->kernel_thread ? g_strdup ("–") : psc_format_size (process->resident);
      take_text (self, &self->resident_text, resident, PROP_RESIDENT_TEXT);
    }
  return renamed || grown;
}

PscProcessItem *
psc_process_item_new (const PscProcess *process, const char *user, gboolean readable)
{
  PscProcessItem *self = g_object_new (PSC_TYPE_PROCESS_ITEM, NULL);

  self->pid = process->pid;
  self->start_time = process->start_time;
  psc_process_item_update (self, process, user, readable);
  psc_process_item_settle (self);
  return self;
}

void
psc_process_item_settle (PscProcessItem *self)
{
  self->sort_resident = self->resident;
  if (g_strcmp0 (self->sort_name, self->name) != 0)
    {
      g_free (self->sort_name);
      self->sort_name = g_strdup (self->name);
    }
  if (g_strcmp0 (self->sort_user, self->user) != 0)
    {
      g_free (self->sort_user);
      self->sort_user = g_strdup (self->user);
    }
}

gint
psc_process_item_get_pid (PscProcessItem *self)
{
  return self->pid;
}

guint64
psc_process_item_get_start_time (PscProcessItem *self)
{
  return self->start_time;
}

gboolean
psc_process_item_get_kernel_thread (PscProcessItem *self)
{
  return self->kernel_thread;
}

gboolean
psc_process_item_matches (PscProcessItem *self, const char *folded)
{
  g_auto (GStrv) words = g_strsplit (folded, " ", 16);

  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (self->folded, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gint
compare_u64 (guint64 a, guint64 b)
{
  return (a > b) - (a < b);
}

gint
psc_process_item_compare_pid (gconstpointer a, gconstpointer b, gpointer unused)
{
  const PscProcessItem *ia = a, *ib = b;

  return (ia->pid > ib->pid) - (ia->pid < ib->pid);
}

gint
psc_process_item_compare_name (gconstpointer a, gconstpointer b, gpointer unused)
{
  const PscProcessItem *ia = a, *ib = b;
  gint order = g_ascii_strcasecmp (ia->sort_name, ib->sort_name);

  return order != 0 ? order : psc_process_item_compare_pid (a, b, NULL);
}

gint
psc_process_item_compare_user (gconstpointer a, gconstpointer b, gpointer unused)
{
  const PscProcessItem *ia = a, *ib = b;
  gint order = strcmp (ia->sort_user, ib->sort_user);

  return order != 0 ? order : psc_process_item_compare_pid (a, b, NULL);
}

gint
psc_process_item_compare_resident (gconstpointer a, gconstpointer b, gpointer unused)
{
  const PscProcessItem *ia = a, *ib = b;
  gint order = compare_u64 (ia->sort_resident, ib->sort_resident);

  return order != 0 ? order : psc_process_item_compare_pid (a, b, NULL);
}

static void
psc_process_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PscProcessItem *self = PSC_PROCESS_ITEM (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_PID_TEXT:
      g_value_take_string (value, g_strdup_printf ("%d", self->pid));
      break;
    case PROP_USER:
      g_value_set_string (value, self->user);
      break;
    case PROP_RESIDENT_TEXT:
      g_value_set_string (value, self->resident_text);
      break;
    case PROP_TOOLTIP:
      g_value_set_string (value, self->tooltip);
      break;
    case PROP_OPACITY:
      g_value_set_double (value, self->readable ? 1.0 : OPACITY_UNREADABLE);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
psc_process_item_finalize (GObject *object)
{
  PscProcessItem *self = PSC_PROCESS_ITEM (object);

  g_free (self->name);
  g_free (self->user);
  g_free (self->command);
  g_free (self->resident_text);
  g_free (self->tooltip);
  g_free (self->folded);
  g_free (self->sort_name);
  g_free (self->sort_user);
  G_OBJECT_CLASS (psc_process_item_parent_class)->finalize (object);
}

static GParamSpec *
text_prop (const char *name)
{
  return g_param_spec_string (name, NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
psc_process_item_class_init (PscProcessItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = psc_process_item_get_property;
  object_class->finalize = psc_process_item_finalize;
  props[PROP_NAME] = text_prop ("name");
  props[PROP_PID_TEXT] = text_prop ("pid-text");
  props[PROP_USER] = text_prop ("user");
  props[PROP_RESIDENT_TEXT] = text_prop ("resident-text");
  props[PROP_TOOLTIP] = text_prop ("tooltip");
  props[PROP_OPACITY] = g_param_spec_double ("opacity", NULL, NULL, 0, 1, 1,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
psc_process_item_init (PscProcessItem *self)
{
}
