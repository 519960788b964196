"""Lists of cases and to-dos as rows of a file: what the list shows, all pages of it, noted for the audit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.search_cases import selected_cases
from zhengshu.contexts.casework.domain.records import CaseRecord, TaskRecord
from zhengshu.contexts.casework.events import CaseListExported
from zhengshu.foundation.events import Subject
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor

MOST_EXPORTED = 10_000
"""Rows of one export: what a person still looks through; more is asked for by narrower filters."""

T = TypeVar("T")


class What(StrEnum):
    """The lists that can be taken away as a file."""

    INBOX = "inbox"
    STARTED = "started"
    CASES = "cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export(Generic[T]):
    """Rows of a file.

    Attributes:
        rows: the rows, read as they are needed.
        is_cut: whether the list has more rows than one file holds.
    """

    rows: Iterator[T]
    is_cut: bool


@transaction
def export_tasks(*, query: ListQuery, form: str, actor: Actor, at: datetime) -> Export[TaskRecord]:
    """Return the to-dos that the actor's inbox shows."""
    count = queries.count_inbox(actor=actor, query=query, at=at, most=MOST_EXPORTED + 1)
    _note(count, what=What.INBOX, query=query, form=form, actor=actor, at=at)
    rows = queries.all_of_inbox(actor=actor, query=query, at=at, most=MOST_EXPORTED)
    return Export(rows=rows, is_cut=count > MOST_EXPORTED)


@transaction
def export_cases(
    *, what: What, query: ListQuery, form: str, actor: Actor, at: datetime
) -> Export[CaseRecord]:
    """Return the cases that the actor's list shows; the best do not come first, as on the page, but the latest."""
    chosen = selected_cases(is_started=what is What.STARTED, query=query, actor=actor, at=at)
    count, is_cut = chosen.listing.count(most=MOST_EXPORTED)
    _note(count + is_cut, what=what, query=query, form=form, actor=actor, at=at)
    return Export(rows=chosen.records(most=MOST_EXPORTED), is_cut=is_cut)


def _note(count: int, *, what: What, query: ListQuery, form: str, actor: Actor, at: datetime) -> None:
    publish(
        CaseListExported(
            at=at,
            actor=actor,
            subject=Subject(kind="case_list", id=what.value, label=what.value),
            department_id=actor.department_id,
            what=what.value,
            form=form,
            rows=min(count, MOST_EXPORTED),
            is_cut=count > MOST_EXPORTED,
            has_words=bool(query.text),
            filters={name: ", ".join(values) for name, values in query.filters.items()},
        )
    )
