"""Every list of the platform: search, filters, sort, paging — read from a URL, answered as one page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import IntegerField, Model, QuerySet, Subquery
from django.http import QueryDict

T = TypeVar("T")
M = TypeVar("M", bound=Model)

DEFAULT_SIZE = 20
MOST_ROWS_PER_PAGE = 200
MOST_LETTERS = 200
MOST_VALUES = 50
"""Values of one filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What a person asked of a list.

    Attributes:
        text: the words searched for.
        filters: name → chosen values; names outside the list's own are ignored.
        sort: a field name, with ``-`` for descending; empty for the list's own order.
        page: from 1.
        size: rows a page, at most `MOST_ROWS_PER_PAGE`.
        after: the key of the last row of the page before, for lists that are paged by it.
        before: the key of the first row of the page after.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    size: int = DEFAULT_SIZE
    after: str = ""
    before: str = ""

    @classmethod
    def read(
        cls, parameters: QueryDict, *, filters: Sequence[str] = (), sorts: Sequence[str] = ()
    ) -> "ListQuery":
        """Read a query from URL parameters; whatever is not understood falls back to its default."""
        sort = parameters.get("sort", "")
        chosen = {name: _values(parameters.getlist(name)) for name in filters}
        return cls(
            text=readable(parameters.get("q", "")),
            filters={name: values for name, values in chosen.items() if values},
            sort=sort if sort.removeprefix("-") in sorts else "",
            page=max(1, _number(parameters.get("page"), 1)),
            size=min(max(1, _number(parameters.get("size"), DEFAULT_SIZE)), MOST_ROWS_PER_PAGE),
            after=readable(parameters.get("after", "")),
            before=readable(parameters.get("before", "")),
        )

    def one(self, name: str) -> str:
        """Return the first chosen value of a filter, or an empty text."""
        return next(iter(self.filters.get(name, ())), "")

    def link(self, **changes: str | int) -> str:
        """Return the query string of this list with changes; an empty value drops a parameter."""
        pairs: list[tuple[str, str]] = [("q", self.text), ("sort", self.sort)]
        pairs += [(name, value) for name, values in self.filters.items() for value in values]
        pairs = [(name, value) for name, value in pairs if value and name not in changes]
        if self.size != DEFAULT_SIZE and "size" not in changes:
            pairs.append(("size", str(self.size)))
        pairs += [(name, str(value)) for name, value in changes.items() if value != ""]
        return "?" + urlencode(pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list, with what is needed to draw the pager.

    Attributes:
        rows: the rows shown.
        total: how many rows there are.
        query: what was asked.
        is_more: whether there are more rows than `total`; then nobody counted further.
        first_key: the key of the first row, for lists that are paged by it.
        last_key: the key of the last row.
        has_next: whether rows follow; None where the total says so.
    """

    rows: tuple[T, ...]
    total: int
    query: ListQuery
    is_more: bool = False
    first_key: str = ""
    last_key: str = ""
    has_next: bool | None = None

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.query.size))

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1."""
        return (self.query.page - 1) * self.query.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def previous_link(self) -> str:
        """The query string of the page before, or an empty text."""
        before = self.query.page - 1
        if before > 1 and self.first_key:
            return self.query.link(page=before, before=self.first_key)
        return self.query.link(page=before) if before else ""

    @property
    def next_link(self) -> str:
        """The query string of the page after, or an empty text."""
        has_next = self.query.page < self.pages if self.has_next is None else self.has_next
        if not has_next:
            return ""
        return self.query.link(page=self.query.page + 1, after=self.last_key)


def readable(text: str) -> str:
    """Return a text as a list may use it: no letter that a database refuses, no blanks around it, not too long."""
    return text.replace("\0", "").strip()[:MOST_LETTERS]


class CountOf(Subquery):
    """How many rows another queryset has, as a column; the database counts once, whatever the number of rows."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def rows_and_total(
    rows: QuerySet[M, M], query: ListQuery, *, most: int | None = None
) -> tuple[tuple[M, ...], int]:
    """Return the rows of one page and how many there are in all, in one query.

    Args:
        rows: all rows of the list, in its order.
        query: which page of them.
        most: where counting ends.
    """
    start = (query.page - 1) * query.size
    everything = rows.order_by().values("pk")[:most]
    page = tuple(rows.annotate(rows_in_all=CountOf(everything))[start : start + query.size])
    if page:
        return page, int(page[0].rows_in_all)  # type: ignore[attr-defined]  # the annotation
    return page, everything.count() if start else 0


def counts(*querysets: QuerySet[M, object]) -> tuple[int, ...]:
    """Return how many rows each queryset has, all of them in one query."""
    columns: list[str] = []
    parameters: list[object] = []
    for rows in querysets:
        try:
            text, values = rows.query.sql_with_params()
        except EmptyResultSet:
            columns.append("0")
            continue
        columns.append(f"(SELECT COUNT(*) FROM ({text}) AS counted)")  # noqa: S608 - Django's own text, values apart
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", parameters)  # type: ignore[arg-type]  # Django's own values
        found: tuple[int, ...] = cursor.fetchone()
    return found


def paged(rows: QuerySet[M, M], query: ListQuery, make: Callable[[M], T]) -> Page[T]:
    """Return one page of a queryset as frozen records, in one query."""
    page, total = rows_and_total(rows, query)
    return Page(rows=tuple(make(row) for row in page), total=total, query=query)


def _values(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for text in texts[:MOST_VALUES] if (value := readable(text))))


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else default  # noqa: PLR2004 - a page number
