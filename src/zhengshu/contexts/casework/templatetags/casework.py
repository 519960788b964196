"""Parts of a case for any page: ``{% load casework %}{% case_panel case %}``."""

from collections.abc import Mapping, Sequence

from django import template

from zhengshu.contexts.casework.application.naming import reader_language
from zhengshu.contexts.casework.domain.forms.ports import Supplied
from zhengshu.contexts.casework.domain.records import CaseRecord, Step
from zhengshu.contexts.casework.interfaces import words

register = template.Library()


@register.inclusion_tag("casework/_case_panel.html")
def case_panel(case: CaseRecord) -> dict[str, object]:
    """Draw a case's clocks with their lights, its open tasks and its timeline."""
    return {"case": case}


@register.filter
def light_label(light: str) -> str:
    """Say what a light means."""
    return words.light(light)


@register.filter
def unit_label(unit: str) -> str:
    """Say the unit of a limit."""
    return words.unit(unit)


@register.filter
def folded(timeline: Sequence[Step]) -> int:
    """Return how many steps tell only how the platform goes on."""
    return sum(step.is_of_platform for step in timeline)


@register.filter
def said_by(supplied: Supplied) -> str:
    """Say who gave a value, in the reader's language."""
    return supplied.said_by(reader_language())


@register.filter
def of_key(found: Mapping[str, object], key: str) -> object:
    """Return what is found under a key, or nothing."""
    return found.get(key)
