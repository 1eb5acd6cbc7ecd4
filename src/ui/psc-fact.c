/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-fact.h"

/* Between title and value. */
#define GAP_PX 4
/* Of the title's width, that lines of a value need to be read. */
#define LEAST_ROOM 1.2

struct _PscFact
{
  GtkWidget parent_instance;

  GtkLabel *title_label;
  GtkLabel *value_label;
  gboolean mono;
};

G_DEFINE_FINAL_TYPE (PscFact, psc_fact, GTK_TYPE_WIDGET)

enum
{
  PROP_TITLE = 1,
  PROP_VALUE,
  PROP_MONO,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

void
psc_fact_set_value (PscFact *self, const char *value)
{
  g_return_if_fail (PSC_IS_FACT (self));

  if (value == NULL)
    value = "";
  gtk_widget_set_visible (GTK_WIDGET (self), *value != '\0');
  /* Setting the same text would undo what the user has selected of it. */
  if (g_strcmp0 (gtk_label_get_label (self->value_label), value) == 0)
    return;
  gtk_label_set_label (self->value_label, value);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VALUE]);
}

void
psc_fact_take_value (PscFact *self, char *value)
{
  psc_fact_set_value (self, value);
  g_free (value);
}

const char *
psc_fact_get_value (PscFact *self)
{
  return gtk_label_get_label (self->value_label);
}

static void
set_mono (PscFact *self, gboolean mono)
{
  self->mono = mono;
  if (mono)
    gtk_widget_add_css_class (GTK_WIDGET (self->value_label), "monospace");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->value_label), "monospace");
}

/* --- where its parts go -------------------------------------------------------------------- */

typedef struct
{
  int title_width, room; /* of the value, px */
  gboolean stacked;
} Parts;

static int
natural_width (GtkLabel *label)
{
  int width;

  gtk_widget_measure (GTK_WIDGET (label), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  return width;
}

/* The value is beside its title where it has room there for all of it, or for enough of it that
 * lines can be read; else below. */
static Parts
place (PscFact *self, int width)
{
  Parts parts = { .title_width = natural_width (self->title_label) };

  parts.room = MAX (width - parts.title_width - GAP_PX, 0);
  parts.stacked =
      parts.room < parts.title_width * LEAST_ROOM && natural_width (self->value_label) > parts.room;
  if (parts.stacked)
    parts.room = width;
  return parts;
}

static int
height_of (GtkLabel *label, int width)
{
  int height, least;

  gtk_widget_measure (GTK_WIDGET (label), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (label), GTK_ORIENTATION_VERTICAL, MAX (width, least), &height,
                      NULL, NULL, NULL);
  return height;
}

static void
measure_height (PscFact *self, int width, int *height)
{
  Parts parts = place (self, width);
  int title = height_of (self->title_label, parts.title_width);
  int value = height_of (self->value_label, parts.room);

  *height = parts.stacked ? title + value : MAX (title, value);
}

/* The width never depends on a height: GTK finds such a width of text that wraps by trying. */
static void
psc_fact_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                  int *natural, int *minimum_baseline, int *natural_baseline)
{
  PscFact *self = PSC_FACT (widget);
  int title, value, least_title, least_value;

  gtk_widget_measure (GTK_WIDGET (self->title_label), GTK_ORIENTATION_HORIZONTAL, -1, &least_title,
                      &title, NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (self->value_label), GTK_ORIENTATION_HORIZONTAL, -1, &least_value,
                      &value, NULL, NULL);
  *minimum = MAX (least_title, least_value);
  *natural = MAX (title + GAP_PX + value, *minimum);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  measure_height (self, for_size >= 0 ? MAX (for_size, *minimum) : *natural, minimum);
  *natural = *minimum;
}

static GtkSizeRequestMode
psc_fact_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
psc_fact_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PscFact *self = PSC_FACT (widget);
  gboolean right_to_left = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  Parts parts = place (self, width);
  GtkAllocation title = { 0, 0, parts.title_width, height };
  GtkAllocation value = { parts.title_width + GAP_PX, 0, parts.room, height };

  if (parts.stacked)
    {
      title.width = width;
      title.height = height_of (self->title_label, width);
      value = (GtkAllocation){ 0, title.height, width, height - title.height };
    }
  else if (right_to_left)
    {
      title.x = width - title.width;
      value.x = 0;
    }
  gtk_widget_size_allocate (GTK_WIDGET (self->title_label), &title, -1);
  gtk_widget_size_allocate (GTK_WIDGET (self->value_label), &value, -1);
}

/* --- the widget ---------------------------------------------------------------------------- */

static void
psc_fact_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PscFact *self = PSC_FACT (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, gtk_label_get_label (self->title_label));
      break;
    case PROP_VALUE:
      g_value_set_string (value, gtk_label_get_label (self->value_label));
      break;
    case PROP_MONO:
      g_value_set_boolean (value, self->mono);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
psc_fact_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  PscFact *self = PSC_FACT (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      gtk_label_set_label (self->title_label, g_value_get_string (value));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->value_label),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      g_value_get_string (value), -1);
      break;
    case PROP_VALUE:
      psc_fact_set_value (self, g_value_get_string (value));
      break;
    case PROP_MONO:
      set_mono (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
psc_fact_dispose (GObject *object)
{
  PscFact *self = PSC_FACT (object);

  g_clear_pointer ((GtkWidget **) &self->title_label, gtk_widget_unparent);
  g_clear_pointer ((GtkWidget **) &self->value_label, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (object), PSC_TYPE_FACT);
  G_OBJECT_CLASS (psc_fact_parent_class)->dispose (object);
}

static void
psc_fact_class_init (PscFactClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = psc_fact_get_property;
  object_class->set_property = psc_fact_set_property;
  object_class->dispose = psc_fact_dispose;
  widget_class->measure = psc_fact_measure;
  widget_class->get_request_mode = psc_fact_get_request_mode;
  widget_class->size_allocate = psc_fact_size_allocate;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  props[PROP_VALUE] =
      g_param_spec_string ("value", NULL, NULL, "", flags | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_MONO] = g_param_spec_boolean ("mono", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/pagescape/Pagescape/psc-fact.ui");
  gtk_widget_class_bind_template_child (widget_class, PscFact, title_label);
  gtk_widget_class_bind_template_child (widget_class, PscFact, value_label);
}

static void
psc_fact_init (PscFact *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
