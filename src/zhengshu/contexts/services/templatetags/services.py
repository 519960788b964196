"""Tags of the pages of service items: words for codes, limits as people say them."""

import re
from enum import Enum
from typing import Final

from django import template
from django.utils.translation import pgettext

from zhengshu.contexts.services.application.ready_search import SEARCH
from zhengshu.contexts.services.domain.limits import ItemLimit
from zhengshu.contexts.services.interfaces.labels import in_language, label, limit_text

register = template.Library()

JOB: Final = re.compile(r"[a-z]+\.[a-z-]+")
"""How jobs of the platform are named (`Actor.platform`): `services.load-items`."""


@register.filter
def words(value: Enum | None) -> str:
    """Return what the reader calls a value."""
    return "" if value is None else label(value)


@register.filter
def limit(value: ItemLimit | None) -> str:
    """Return a limit as one says it."""
    return limit_text(value)


@register.filter
def by(name: str) -> str:
    """Return who acted; a job of the platform is named for the audit only."""
    return pgettext("who wrote a version", "The platform") if JOB.fullmatch(name) else name


@register.filter
def or_english(zh: str, en: str) -> str:
    """Return the text of content in the reader's language, Chinese where there is no English."""
    return in_language(zh, en)


@register.simple_tag
def ready_search() -> str:
    """Let the process get ready for the question that may follow; writes nothing."""
    SEARCH.begin()
    return ""
