"""Export of a list of items with all elements of GB/T 39046-2020, so that others can take it over."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from zhengshu.contexts.services.application.elements import declared_each
from zhengshu.contexts.services.application.queries import facts_of
from zhengshu.contexts.services.application.search_items import filtered
from zhengshu.contexts.services.domain.elements import ELEMENTS, Declared, values_of
from zhengshu.contexts.services.domain.standard_words import standard_name
from zhengshu.contexts.services.models import ServiceItem
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

HEADERS: Final = ("编码", *(one.name for one in ELEMENTS), "办件类型", "办件类型代码", "到办事现场次数")
"""The elements by the names of the standard, between what the platform keeps beside them."""

MOST_ROWS: Final = 50_000
_AT_ONCE: Final = 500


def export_rows(*, query: ListQuery, actor: Actor) -> Iterator[tuple[str, ...]]:
    """Yield the items of a list, a row each under `HEADERS`; of several values each has a line of the cell.

    The cells of materials have a line for each material, also an empty one, so that they can be put together again.
    """
    found = (
        filtered(query=query, actor=actor).select_related("current").prefetch_related("current__materials")
    )
    rest = found[:MOST_ROWS].iterator(chunk_size=_AT_ONCE)
    while rows := list(islice(rest, _AT_ONCE)):
        kept = [(row, row.current) for row in rows if row.current is not None]
        versions = [(facts_of(current), row.department_id, row.department_name) for row, current in kept]
        for (row, _current), declared in zip(kept, declared_each(versions), strict=True):
            yield _cells(row, declared)


def _cells(row: ServiceItem, declared: Declared) -> tuple[str, ...]:
    draft = declared.draft
    return (
        row.code,
        *("\n".join(values) for _element, values in values_of(declared)),
        standard_name(draft.case_kind),
        draft.case_kind.value,
        "" if draft.visits is None else str(draft.visits),
    )
