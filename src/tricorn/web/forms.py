"""How Django's forms are drawn: with the form and field templates of the house."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Named by the setting FORM_RENDERER; finds Django's widgets and our templates alike."""

    form_template_name = "_form.html"
    field_template_name = "_field.html"
