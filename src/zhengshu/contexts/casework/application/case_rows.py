"""Rows of cases as a reader may see them: narrowed, sorted, counted and paged at a cost that no million changes.

Nothing here reads more than a page, or `MOST_COUNTED` rows of an index. An exact count of everything is a walk over
everything that the reader may see, and nobody decides anything by the difference between 38,412 and “more than
1,000”. Pages go on from the key of the last row, so that the thousandth costs what the first does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)

from zhengshu.contexts.casework.domain.narrowing import Narrowing, Span
from zhengshu.contexts.casework.models import Case, CaseReader, CaseWords
from zhengshu.contexts.casework.models.readers import NEVER, Rank, scopes_of
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.clocks import Light
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId

MOST_COUNTED = 1000
MOST_SKIPPED = 20_000
"""Rows that a page number may skip; rows further on are reached by the key of the last row."""

Rows = QuerySet[CaseReader]

_COLUMNS = {
    "due": ("is_ended", "due_at", "case_id"),
    "opened": ("opened_at", "case_id"),
    "number": ("number", "case_id"),
    "closed": ("closed_at", "case_id"),
}
SORTS = tuple(_COLUMNS)
"""`closed` needs the rows of ended cases."""


class PageTooDeep(Refused):
    """A page number skips more rows than one may; follow “Next” from page to page, or narrow the list."""

    code: ClassVar[str] = "casework.page-too-deep"
    message: ClassVar[str] = (
        "Page numbers reach only to row %(most)s. Follow “Next” from page to page, or narrow the list."
    )


class Fact(msgspec.Struct, frozen=True, array_like=True):
    """What facets count of one case."""

    case_id: UUID
    type_code: str
    department_id: UUID | None
    is_ended: bool
    due_at: datetime
    yellow_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Rows of cases that a reader may see, one part for each way in which he may: a case may be in several parts.

    Attributes:
        parts: the rows, narrowed and not sorted.
        is_unique: whether no part has a case twice.
        is_whole: whether it is everything that the reader may see.
    """

    parts: tuple[Rows, ...]
    is_unique: bool = True
    is_whole: bool = False

    @classmethod
    def of(cls, actor: Actor) -> "Listing":
        """Return all that an actor may see."""
        scopes = scopes_of(actor)
        if scopes and not actor.is_platform:
            parts = tuple(CaseReader.objects.filter(scope.condition) for scope in scopes)
            return cls(parts=parts, is_whole=True)
        visible = Case.objects.visible_to(actor)
        return cls(parts=(CaseReader.objects.filter(case__in=visible),), is_unique=False)

    def where(self, condition: Q | Exists) -> "Listing":
        """Return the rows for which a condition holds."""
        return Listing(parts=tuple(part.filter(condition) for part in self.parts), is_unique=self.is_unique)

    def among(self, ids: Sequence[UUID]) -> "Listing":
        """Return those of some cases."""
        return self.where(Q(case_id__in=ids))

    def started_by(self, actor: Actor) -> "Listing":
        """Return what the actor's department opened; whoever has none, all that he asked for.

        Whoever opens a case in a department has the department as a party to it, so the first part has them all.
        """
        if actor.department_id is None:
            return self
        own = Q(department_id=actor.department_id)
        return Listing(parts=(self.parts[0].filter(own),), is_unique=self.is_unique)

    def with_words(self, question: str) -> "Listing":
        """Return what answers the text of a `tsquery`."""
        return self.where(Exists(CaseWords.objects.filter(case_id=OuterRef("case_id")).matching(question)))

    def count(self, *, most: int = MOST_COUNTED) -> tuple[int, bool]:
        """Return how many cases there are, counted no further than `most`, and whether there are more."""
        found = self.counted(most=most + 1).count()
        return min(found, most), found > most

    def counted(self, *, most: int) -> QuerySet[CaseReader, tuple[object, ...]]:
        """Return one row for each case, at most so many, for whoever only counts them."""
        return self.rows(("case_id",), order=(), most=most)

    def facts(self) -> tuple[Fact, ...] | None:
        """Return what facets count; None where there are too many to count."""
        found = tuple(self.rows(Fact.__struct_fields__, order=(), most=MOST_COUNTED + 1))
        return None if len(found) > MOST_COUNTED else msgspec.convert(found, tuple[Fact, ...])

    def best(self, question: str, *, start: int, most: int) -> list[CaseId]:
        """Return the ids of those that answer a question best, the latest first among equals."""
        words = CaseWords.objects.filter(case_id=OuterRef("case_id"))
        rank = Subquery(words.annotate(rank=Rank(F("words"), Value(question))).values("rank"))
        ranked = Listing(
            parts=tuple(part.annotate(rank=rank) for part in self.parts), is_unique=self.is_unique
        )
        order = ("-rank", "-opened_at", "-case_id")
        rows = ranked.rows(("rank", "opened_at", "case_id"), order=order, most=start + most)
        return [_id_of(row) for row in rows[start : start + most]]

    def page(self, query: ListQuery, *, sort: str) -> "Keys":
        """Return the ids of one page, the next or the previous of a key, or that of a number.

        Raises:
            PageTooDeep: the number skips more than `MOST_SKIPPED` rows.
        """
        columns, order = _sorted_by(sort)
        key = _read_key(query.after or query.before, columns) if query.page > 1 else None
        start = skipped(query) if key is None else 0
        is_back = key is not None and not query.after
        is_descending = sort.startswith("-") != is_back
        if is_back:
            order = _turned(order)
        listing = self if key is None else self.where(_beyond(columns, key, is_descending=is_descending))
        rows = list(listing.rows(columns, order=order, most=start + query.size + 1)[start:])
        has_more, rows = len(rows) > query.size, rows[: query.size]
        if is_back:
            rows.reverse()
        return Keys(
            ids=tuple(_id_of(row) for row in rows),
            has_next=is_back or has_more,
            first=_key_text(rows[0]) if rows else "",
            last=_key_text(rows[-1]) if rows else "",
        )

    def rows(
        self, columns: Sequence[str], *, order: Sequence[str], most: int
    ) -> QuerySet[CaseReader, tuple[object, ...]]:
        """Return columns of the first rows of all parts together, each case once."""
        parts = [part.order_by(*order).values_list(*columns) for part in self.parts]
        if len(parts) == 1:
            return (parts[0] if self.is_unique else parts[0].distinct())[:most]
        first, *others = (part[:most] for part in parts)
        return first.union(*others).order_by(*order)[:most]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The ids of one page of cases, and the keys from which the pages beside it go on."""

    ids: tuple[CaseId, ...]
    has_next: bool
    first: str
    last: str


def skipped(query: ListQuery) -> int:
    """Return how many rows the number of a page skips.

    Raises:
        PageTooDeep: more than `MOST_SKIPPED`.
    """
    start = (query.page - 1) * query.size
    if start > MOST_SKIPPED:
        raise PageTooDeep(most=MOST_SKIPPED)
    return start


def _id_of(row: Sequence[object]) -> CaseId:
    return CaseId(msgspec.convert(row[-1], UUID))


def narrowed(listing: Listing, by: Narrowing, *, at: datetime) -> Listing:
    """Narrow rows by what was chosen; parties are left to the index of words."""
    condition = _times(by)
    if by.types:
        condition &= Q(type_code__in=by.types)
    if by.departments:
        condition &= Q(department_id__in=by.departments)
    if by.is_ended is not None:
        condition &= Q(is_ended=by.is_ended)
    if by.ends:
        condition &= Q(case__state__in=by.ends)
    if by.lights:
        lights = Q()
        for light in by.lights:
            lights |= light_of_row(light, at=at)
        condition &= lights & Q(is_ended=False)
    return listing.where(condition) if condition else listing


def light_of_row(light: Light, *, at: datetime) -> Q:
    """Return the condition on the times of a reader's row for a light; open cases only have one."""
    match light:
        case Light.RED:
            return Q(due_at__lt=at)
        case Light.YELLOW:
            return Q(due_at__gte=at, yellow_at__lte=at)
        case Light.GREEN:
            return Q(due_at__gte=at, due_at__lt=NEVER, yellow_at__gt=at)
        case Light.GREY:
            return Q(due_at=NEVER)


def light_at(*, due_at: datetime, yellow_at: datetime, at: datetime) -> Light:
    """Return the light of an open case by the times of a reader's row."""
    if due_at == NEVER:
        return Light.GREY
    if due_at < at:
        return Light.RED
    return Light.YELLOW if yellow_at <= at else Light.GREEN


def _times(by: Narrowing) -> Q:
    condition = Q()
    for name, span in by.times.items():
        condition &= _within(f"{name}_at", span)
    if by.times["closed"] != Span():
        condition &= Q(is_ended=True)
    if by.times["due"] != Span():
        condition &= Q(due_at__lt=NEVER)
    return condition


def _within(column: str, span: Span) -> Q:
    condition = Q()
    if span.start is not None:
        condition &= Q((f"{column}__gte", span.start))
    if span.end is not None:
        condition &= Q((f"{column}__lt", span.end))
    return condition


def _sorted_by(sort: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    columns = _COLUMNS[sort.removeprefix("-")]
    return columns, _turned(columns) if sort.startswith("-") else columns


def _turned(order: Sequence[str]) -> tuple[str, ...]:
    return tuple(one.removeprefix("-") if one.startswith("-") else f"-{one}" for one in order)


def _beyond(columns: Sequence[str], key: Sequence[object], *, is_descending: bool) -> Q:
    """Return the condition that a row comes after a key, as one comparison of rows that an index answers."""
    row = Func(*(F(column) for column in columns), function="ROW")
    other = Func(*(Value(value) for value in key), function="ROW")
    sign = " < " if is_descending else " > "
    compared = Func(row, other, template="%(expressions)s", arg_joiner=sign, output_field=BooleanField())
    return Q(ExpressionWrapper(compared, output_field=BooleanField()))


def _key_text(row: Sequence[object]) -> str:
    return "~".join(value.isoformat() if isinstance(value, datetime) else str(value) for value in row)


def _read_key(text: str, columns: Sequence[str]) -> tuple[object, ...] | None:
    """Read a key back; what is none means the first page."""
    parts = text.split("~")
    if len(parts) != len(columns):
        return None
    try:
        return tuple(_read_part(part, column) for part, column in zip(parts, columns, strict=True))
    except ValueError:
        return None


def _read_part(part: str, column: str) -> object:
    if column == "is_ended":
        return part == "True"
    if column.endswith("_at"):
        moment = datetime.fromisoformat(part)
        if moment.tzinfo is None:
            raise ValueError(part)
        return moment
    return UUID(part) if column == "case_id" else part
