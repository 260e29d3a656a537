"""A Django template backend: Django template -> MJML -> premailer -> HTML."""

from django.template.backends.django import DjangoTemplates


class MjmlTemplates(DjangoTemplates):
    """Stands in until the real backend lands."""
