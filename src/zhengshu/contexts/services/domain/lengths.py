"""How long the values of the elements may be: as GB/T 39046-2020 says, and as far as codes in use need."""

from collections.abc import Iterator
from typing import Final

from zhengshu.contexts.services.domain.elements import ELEMENTS, Declared, Element
from zhengshu.contexts.services.domain.faults import Fault
from zhengshu.contexts.services.domain.items import Body, ItemDraft

IN_USE: Final = {"基本编码": 12, "实施编码": 31, "网办地址": 200}
"""Of 1,331 real items nearly all have codes and addresses that are longer than the table: 12, 31 and up to 200."""

_ROWS: Final = frozenset({"joint_bodies", "outcomes", "places", "questions"})
"""Parts of which each entry is a value."""


def longest_of(element: Element) -> int | None:
    """Return how many letters a value of an element may have; None: any number."""
    return IN_USE.get(element.name, element.longest)


def too_long(draft: ItemDraft) -> Iterator[tuple[Element, int, str]]:
    """Yield the values that are longer than their elements may be, each with its place among the values."""
    declared = Declared(draft=draft, organ=Body(name=""))
    for one in ELEMENTS:
        most = longest_of(one)
        if most is not None:
            yield from (
                (one, place, value) for place, value in enumerate(one.read(declared)) if len(value) > most
            )


def faults_of_length(draft: ItemDraft, *, before: ItemDraft | None = None) -> tuple[Fault, ...]:
    """Return what an organ has to shorten; what stood so before, in a list taken over, may stay."""
    kept = {value for _one, _place, value in too_long(before)} if before else set()
    return tuple(
        Fault(
            field=_field(one, place),
            code="services.element-too-long",
            message=(
                "“%(element)s” has %(letters)s letters; the standard has room for %(most)s, and other platforms cut"
                " off what is longer. Shorten it."
            ),
            data={"element": one.name, "letters": len(value), "most": longest_of(one) or 0},
        )
        for one, place, value in too_long(draft)
        if value not in kept
    )


def _field(element: Element, place: int) -> str:
    if element.is_of_material:
        return f"materials.{place}"
    return f"{element.field}.{place}" if element.field in _ROWS else element.field
