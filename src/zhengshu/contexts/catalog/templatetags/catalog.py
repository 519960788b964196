"""Tags of the catalogue's pages: words and badges for the values of its closed lists."""

from enum import Enum

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhengshu.contexts.catalog.interfaces.labels import label, tone

register = template.Library()


@register.filter
def words(value: Enum) -> str:
    """Return what the reader calls a value."""
    return label(value)


@register.filter
def badge(value: Enum) -> SafeString:
    """Draw a value as a badge: its word, with a color that repeats it."""
    return format_html('<span class="badge ui-badge-{}">{}</span>', tone(value), label(value))
