"""How a Django form is drawn: label, help, control, errors, all tied together for screen readers."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draw ``{{ form }}`` and its fields with the templates of the design system."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
