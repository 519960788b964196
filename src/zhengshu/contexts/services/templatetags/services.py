"""Tags of the pages of service items: words for codes, limits as people say them."""

from enum import Enum

from django import template

from zhengshu.contexts.services.domain.limits import ItemLimit
from zhengshu.contexts.services.interfaces.labels import in_language, label, limit_text

register = template.Library()


@register.filter
def words(value: Enum | None) -> str:
    """Return what the reader calls a value."""
    return "" if value is None else label(value)


@register.filter
def limit(value: ItemLimit | None) -> str:
    """Return a limit as one says it."""
    return limit_text(value)


@register.simple_tag
def in_reader_language(zh: str, en: str) -> str:
    """Return the text of content in the reader's language."""
    return in_language(zh, en)
