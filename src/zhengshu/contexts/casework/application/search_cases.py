"""Search in all cases that a reader may see: numbers, words, filters, facets, order, pages, and why each was found."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db.models import Prefetch, Q
from django.utils.timezone import get_default_timezone

from zhengshu.contexts.casework.application.case_rows import (
    MOST_COUNTED,
    Fact,
    Keys,
    Listing,
    light_at,
    narrowed,
)
from zhengshu.contexts.casework.application.matching import Match, matches_of
from zhengshu.contexts.casework.application.telling import Teller
from zhengshu.contexts.casework.domain.narrowing import ENDED, Narrowing, narrowing
from zhengshu.contexts.casework.domain.records import OPEN, CaseRecord
from zhengshu.contexts.casework.models import Case, CaseParty, CaseWords, Task
from zhengshu.contexts.casework.models.readers import Scope, scopes_of
from zhengshu.foundation.lists import MOST_ROWS_PER_PAGE, ListQuery, Page
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId
from zhengshu.kernel.words import exact_question

FACETS = ("type", "state", "light", "department")

_NOTHING = "'~'"
"""A question that nothing answers: the text has no word."""

_SHOWN = (
    Prefetch("tasks", Task.objects.open().order_by("opened_at", "id")),
    Prefetch("parties", CaseParty.objects.filter(is_supervisor=False).order_by("id")),
)
"""What a list shows beside the case itself, one query for each part."""

_NUMBER = re.compile(r"[0-9A-Za-z]{2,40}")


class Way(StrEnum):
    """How the words of a question were found."""

    ALL = "all"
    NUMBER = "number"
    WORDS = "words"
    PARTS = "parts"


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage(Page[CaseRecord]):
    """A page of cases.

    Attributes:
        way: how the words were found.
        facets: filter → value → number of cases, a filter's own choice left aside; a filter is missing where there
            are too many cases to count.
        matches: why each case was found; empty where no words were asked for.
    """

    way: Way
    facets: Mapping[str, Mapping[str, int]]
    matches: Mapping[CaseId, Match]


def search_cases(*, query: ListQuery, actor: Actor, at: datetime, default: str = "due") -> CasePage:
    """Search all cases that the actor may see; `default` is the order where none is asked for.

    A text that begins a number finds that; otherwise all words must be found, in any field; if nothing has them all,
    parts of titles and names. With words the best come first while there are few, and the latest when there are many.

    Raises:
        PageTooDeep: a page number skips too many rows.
    """
    return _searched(_Search(base=Listing.of(actor), query=query, actor=actor, at=at), default=default)


def started_cases(*, query: ListQuery, actor: Actor, at: datetime) -> CasePage:
    """Return the cases that the actor's department opened, or all that he asked for himself, the latest first.

    Raises:
        PageTooDeep: a page number skips too many rows.
    """
    base = Listing.of(actor).started_by(actor)
    return _searched(_Search(base=base, query=query, actor=actor, at=at), default="-opened")


def count_cases(*, query: ListQuery, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Return how many cases a search finds, counted no further than `MOST_COUNTED`, and whether there are more."""
    found = _Search(base=Listing.of(actor), query=query, actor=actor, at=at).found()
    return found.total, found.is_more


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """All that a list shows, for a file."""

    listing: Listing
    sort: str
    actor: Actor
    at: datetime

    def records(self, *, most: int) -> Iterator[CaseRecord]:
        """Yield the cases, a few at a time, in a time that does not grow with how many were yielded before."""
        query = ListQuery(size=MOST_ROWS_PER_PAGE)
        left = most
        while left:
            keys = self.listing.page(query, sort=self.sort)
            yield from _records(keys.ids[:left], actor=self.actor, at=self.at)
            left -= min(left, len(keys.ids))
            if not keys.has_next:
                return
            query = replace(query, page=2, after=keys.last)


def selected_cases(*, is_started: bool, query: ListQuery, actor: Actor, at: datetime) -> Selection:
    """Return all that `search_cases`, or `started_cases`, would show page by page; the best do not come first."""
    whole = Listing.of(actor)
    base = whole.started_by(actor) if is_started else whole
    search = _Search(base=base, query=query, actor=actor, at=at)
    found = search.found()
    sort = search.sort(found, default="-opened" if is_started else "due")
    return Selection(listing=found.rows.listing, sort=sort, actor=actor, at=at)


def _searched(search: "_Search", *, default: str) -> CasePage:
    query, found = search.query, search.found()
    if search.is_by_rank(found):
        keys = _best(found, query)
    else:
        keys = found.rows.page(query, sort=search.sort(found, default=default))
    rows = _records(keys.ids, actor=search.actor, at=search.at)
    return CasePage(
        rows=rows,
        total=found.total,
        query=query,
        is_more=found.is_more,
        first_key=keys.first,
        last_key=keys.last,
        has_next=keys.has_next,
        way=found.way,
        facets=_facets(search, found),
        matches=matches_of(rows, asked=query.text) if query.text else {},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """What words and filters leave.

    Attributes:
        listing: all of it.
        latest: where words hit too many cases to look at each, what is left of those that were opened last.
        is_large: whether it is known to be too much to count.
    """

    listing: Listing
    latest: Listing | None = None
    is_large: bool = False

    def page(self, query: ListQuery, *, sort: str) -> Keys:
        """Return the ids of a page; the latest are among those that were opened last, if these fill it."""
        if self.latest is not None and sort == "-opened" and not query.before:
            keys = self.latest.page(query, sort=sort)
            if keys.has_next:
                return keys
        return self.listing.page(query, sort=sort)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Rows, how their words were found, and how many they are."""

    rows: "_Rows"
    way: Way
    words: str
    total: int
    is_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """One search: what may be seen, and what was asked."""

    base: Listing
    query: ListQuery
    actor: Actor
    at: datetime

    def by(self, *, but: str = "") -> Narrowing:
        """Return what narrows the search, one filter perhaps left aside."""
        chosen = {name: values for name, values in self.query.filters.items() if name != but}
        return narrowing(chosen, zone=get_default_timezone())

    def found(self) -> _Found:
        """Try the ways in which the words may be found, the strictest first, until one finds something."""
        tries = _tries(self.query.text)
        for position, (way, words) in enumerate(tries, start=1):
            rows = self.rows(way, words, by=self.by())
            total, is_more = (MOST_COUNTED, True) if rows.is_large else rows.listing.count()
            if total or position == len(tries):
                return _Found(rows=rows, way=way, words=words, total=total, is_more=is_more)
        message = "there is always one way"
        raise AssertionError(message)

    def rows(self, way: Way, words: str, *, by: Narrowing) -> "_Rows":
        """Return the rows that words and filters leave.

        The index of words is asked once; while it names few cases, everything else looks at these only.
        """
        if way is Way.NUMBER:
            begun = Q(number__startswith=self.query.text.upper())
            return _Rows(listing=narrowed(self.base.where(begun), by, at=self.at))
        if not words and not by.parties:
            return _Rows(listing=narrowed(self.base, by, at=self.at))
        asked = " & ".join((*_readers(self.actor), *_terms(by), *((f"({words})",) if words else ())))
        hits = CaseWords.objects.newest(asked, most=MOST_COUNTED + 1)
        latest = narrowed(self.base.among(hits), by, at=self.at)
        if len(hits) <= MOST_COUNTED:
            return _Rows(listing=latest)
        is_all = self.base.is_whole and by.is_in_words and bool(_readers(self.actor))
        return _Rows(
            listing=narrowed(self.base.with_words(asked), by, at=self.at), latest=latest, is_large=is_all
        )

    def is_by_rank(self, found: _Found) -> bool:
        """Whether the best come first: words were asked for, no order was, and the rows are few."""
        return bool(found.words) and not self.query.sort and not found.is_more

    def sort(self, found: _Found, *, default: str) -> str:
        """Return the order that was asked for, or that which fits the rows."""
        has_ended = self.by().has_ended
        sort = self.query.sort or ("-opened" if found.words else "-closed" if has_ended else default)
        return default if sort.removeprefix("-") == "closed" and not has_ended else sort


def any_form(text: str) -> str:
    """Return the `tsquery` of a text that is answered by its words or by parts of names."""
    return " | ".join(f"({form})" for form in exact_question(text) or (_NOTHING,))


def _tries(text: str) -> tuple[tuple[Way, str], ...]:
    """Return in which ways a text is looked for, the strictest first, each with its `tsquery`."""
    if not text:
        return ((Way.ALL, ""),)
    number = ((Way.NUMBER, ""),) if _NUMBER.fullmatch(text) else ()
    return (*number, *zip((Way.WORDS, Way.PARTS), exact_question(text) or (_NOTHING,), strict=False))


def _readers(actor: Actor) -> tuple[str, ...]:
    """Return the term that keeps the index to what the actor may see; rows are looked at by `visible_to` anyway."""
    scopes = () if actor.is_platform else scopes_of(actor)
    return (f"({' | '.join(_quoted(scope.lexeme) for scope in scopes)})",) if scopes else ()


def _terms(by: Narrowing) -> Iterator[str]:
    """Yield the filters that the index of words knows."""
    if by.types:
        yield f"({' | '.join(_quoted(f'={code}') for code in by.types)})"
    if by.is_open:
        yield _quoted("#open")
    if by.has_ended:
        yield f"!{_quoted('#open')}"
    if by.parties:
        yield f"({' | '.join(_quoted(Scope(reader=party).lexeme) for party in by.parties)})"


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _best(found: _Found, query: ListQuery) -> Keys:
    start = (query.page - 1) * query.size
    ids = found.rows.listing.best(found.words, start=start, most=query.size)
    return Keys(ids=tuple(ids), has_next=start + len(ids) < found.total, first="", last="")


def _records(ids: tuple[CaseId, ...], *, actor: Actor, at: datetime) -> tuple[CaseRecord, ...]:
    """Return records in the order of ids, in a fixed number of queries."""
    cases = Case.objects.defer("data", "running", "done").prefetch_related(*_SHOWN).in_bulk(ids)
    rows = [cases[one] for one in ids if one in cases]
    named = {part.department_id for row in rows for part in (*row.parties.all(), *row.tasks.all())} - {None}
    teller = Teller(cases=rows, actor=actor, at=at, named=named)
    return tuple(teller.listed(row) for row in rows)


def _facets(search: _Search, found: _Found) -> Mapping[str, Mapping[str, int]]:
    """Count the values of each facet; a chosen one by the rows that the other filters leave."""
    if found.is_more:  # without one of its filters there are no fewer
        return {}
    facts = found.rows.listing.facts()
    counts: dict[str, Mapping[str, int]] = {}
    for name in FACETS:
        rows = facts
        if name in search.query.filters:
            others = search.rows(found.way, found.words, by=search.by(but=name))
            rows = None if others.is_large else others.listing.facts()
        if rows is not None:
            counts[name] = Counter(value for fact in rows if (value := _value(fact, name, at=search.at)))
    return counts


def _value(fact: Fact, name: str, *, at: datetime) -> str:
    if name == "type":
        return fact.type_code
    if name == "department":
        return str(fact.department_id or "")
    if name == "state":
        return ENDED if fact.is_ended else OPEN
    return "" if fact.is_ended else light_at(due_at=fact.due_at, yellow_at=fact.yellow_at, at=at).value
