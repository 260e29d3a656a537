"""What every page of the desk shows of the house."""

from django import template

from newsletter.views.desk import replies

register = template.Library()


@register.simple_tag
def open_replies() -> int:
    """How many readers' answers wait for somebody."""
    return replies.open_count()
