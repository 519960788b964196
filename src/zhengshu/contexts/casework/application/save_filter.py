"""Filters of the list of cases that a person keeps, and may share with the department."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework.application.search_cases import count_cases
from zhengshu.contexts.casework.models import SavedFilter
from zhengshu.foundation.lists import ListQuery, readable
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

MOST_KEPT = 30
"""Filters of one person."""
MOST_LETTERS_IN_NAME = 40


class FilterNotFound(Refused):
    """There is no such saved filter that the actor may see, or change."""

    code: ClassVar[str] = "casework.filter-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such saved filter, or it is not yours."


class FilterNameUnfit(Refused):
    """A filter is saved under a name by which people know it."""

    code: ClassVar[str] = "casework.filter-name-unfit"
    message: ClassVar[str] = "Give the filter a name of 1 to %(most)s letters."


class FilterEmpty(Refused):
    """A filter that narrows nothing is the list itself."""

    code: ClassVar[str] = "casework.filter-empty"
    message: ClassVar[str] = "Nothing is searched for or chosen. Narrow the list first, then save the filter."


class TooManyFilters(Refused):
    """A person keeps so many filters at most."""

    code: ClassVar[str] = "casework.too-many-filters"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "You keep %(most)s filters already. Remove one that you no longer need."


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterRecord:
    """A saved filter as a reader sees it; `count` is what it finds for the reader, if that was asked."""

    id: UUID
    name: str
    owner_name: str
    is_own: bool
    is_shared: bool
    query: ListQuery
    saved_at: datetime
    count: tuple[int, bool] | None = None


@transaction
def save_filter(*, name: str, is_shared: bool, query: ListQuery, actor: Actor, at: datetime) -> FilterRecord:
    """Keep a filter under a name; one of the same name is replaced.

    Raises:
        FilterNameUnfit: the name is empty or too long.
        FilterEmpty: the filter narrows nothing.
        TooManyFilters: the actor keeps too many already.
    """
    name = " ".join(readable(name).split())
    if not 1 <= len(name) <= MOST_LETTERS_IN_NAME:
        raise FilterNameUnfit(most=MOST_LETTERS_IN_NAME)
    if not query.text and not query.filters:
        raise FilterEmpty
    others = SavedFilter.objects.select_for_update().filter(owner_id=actor.id).exclude(name=name)
    if len(others) >= MOST_KEPT:
        raise TooManyFilters(most=MOST_KEPT)
    row, _ = SavedFilter.objects.update_or_create(
        owner_id=actor.id,
        name=name,
        defaults={
            "owner_name": actor.name,
            "department_id": actor.department_id,
            "is_shared": is_shared and actor.department_id is not None,
            "text": query.text,
            "filters": {key: list(values) for key, values in query.filters.items()},
            "sort": query.sort,
            "saved_at": at,
        },
    )
    return _record(row, actor=actor)


@transaction
def remove_filter(*, filter_id: UUID, actor: Actor) -> None:
    """Remove a filter of the actor's own.

    Raises:
        FilterNotFound: there is none, or it is somebody else's.
    """
    removed, _ = SavedFilter.objects.owned_by(actor).filter(pk=filter_id).delete()
    if not removed:
        raise FilterNotFound


def saved_filter(*, filter_id: UUID, actor: Actor) -> FilterRecord:
    """Return a filter that the actor may see.

    Raises:
        FilterNotFound: there is none.
    """
    row = SavedFilter.objects.visible_to(actor).filter(pk=filter_id).first()
    if row is None:
        raise FilterNotFound
    return _record(row, actor=actor)


def saved_filters(*, actor: Actor) -> tuple[FilterRecord, ...]:
    """Return the filters that the actor may see, his own first."""
    rows = SavedFilter.objects.visible_to(actor).order_by("name", "id")
    return tuple(sorted((_record(row, actor=actor) for row in rows), key=lambda one: not one.is_own))


def counted_filters(*, most: int, actor: Actor, at: datetime) -> tuple[FilterRecord, ...]:
    """Return the first filters of the actor, each with how many cases it finds now: one query each, and bounded."""
    return tuple(
        replace(one, count=count_cases(query=one.query, actor=actor, at=at))
        for one in saved_filters(actor=actor)[:most]
    )


def _record(row: SavedFilter, *, actor: Actor) -> FilterRecord:
    filters = {str(name): tuple(map(str, values)) for name, values in row.filters.items()}
    return FilterRecord(
        id=row.pk,
        name=row.name,
        owner_name=row.owner_name,
        is_own=row.owner_id == actor.id,
        is_shared=row.is_shared,
        query=ListQuery(text=row.text, filters=filters, sort=row.sort),
        saved_at=row.saved_at,
    )
