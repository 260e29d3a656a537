"""How pages print the writers' notes."""

from django import template
from django.utils import translation

from newsletter.compose.notes import note_in

register = template.Library()


@register.filter
def in_my_language(note: str) -> str:
    """A writer's note in the language of the page."""
    return note_in("zh" if (translation.get_language() or "").startswith("zh") else "en", note)
