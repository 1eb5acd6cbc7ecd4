/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-fact.h"

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
  PROP_WRAP,
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

/* GTK measures text that wraps many times over (10 ms for one that changes): only what can't do
 * without it wraps. */
static void
set_wrap (PscFact *self, gboolean wrap)
{
  gtk_label_set_wrap (self->value_label, wrap);
  gtk_label_set_ellipsize (self->value_label, wrap ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
}

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
    case PROP_WRAP:
      g_value_set_boolean (value, gtk_label_get_wrap (self->value_label));
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
    case PROP_WRAP:
      set_wrap (self, g_value_get_boolean (value));
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
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  props[PROP_VALUE] =
      g_param_spec_string ("value", NULL, NULL, "", flags | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_MONO] = g_param_spec_boolean ("mono", NULL, NULL, FALSE, flags);
  props[PROP_WRAP] = g_param_spec_boolean ("wrap", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/pagescape/Pagescape/psc-fact.ui");
  gtk_widget_class_bind_template_child (widget_class, PscFact, title_label);
  gtk_widget_class_bind_template_child (widget_class, PscFact, value_label);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
psc_fact_init (PscFact *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
