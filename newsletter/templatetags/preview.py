"""How the preview prints sizes."""

from django import template

from newsletter.templatetags.desk import thousands

register = template.Library()
register.filter("thousands", thousands)


@register.filter
def kilobytes(size: int) -> str:
    """`51.3 KB` of bytes, in thousands as the budget is."""
    return f"{size / 1000:.1f} KB" if size % 1000 else f"{size // 1000} KB"
