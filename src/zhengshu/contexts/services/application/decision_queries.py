"""Published decisions on licences: searched, narrowed and counted by everybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from zhengshu.contexts.services.models import PublishedDecision
from zhengshu.foundation.lists import ListQuery, Page, paged
from zhengshu.kernel.actors import Actor

FILTERS = ("department", "item", "decided_from", "decided_to")
SORTS = ("decided_on",)
MOST_EXPORTED = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """A decision to grant, as it is published.

    Attributes:
        holder_name: an enterprise in full, a person in part.
        certificate_number: empty where no certificate was issued.
        active_to: the first day on which it is no more in force; None: without an end.
        ended_on: since when it was revoked or given back.
    """

    number: str
    item_code: str
    item_name: str
    item_name_en: str
    department_name: str
    basis: str
    decided_on: date
    holder_name: str
    credit_code: str
    certificate_number: str
    active_from: date | None
    active_to: date | None
    ended_on: date | None

    def is_over(self, on: date) -> bool:
        """Whether what was granted is in force no more."""
        return self.ended_on is not None or (self.active_to is not None and self.active_to <= on)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCounts:
    """How many decisions a list is narrowed to, and what it can be narrowed by.

    Attributes:
        departments: id and name of each department that decided.
        items: code and name of each item that was decided on.
    """

    granted: int
    refused: int
    departments: tuple[tuple[str, str, int], ...]
    items: tuple[tuple[str, str, int], ...]


def decisions(*, query: ListQuery, actor: Actor) -> Page[DecisionRecord]:
    """Return one page of what was granted."""
    rows = PublishedDecision.objects.visible_to(actor).filter(_narrowed(query) & _words(query.text))
    return paged(rows.order_by(query.sort or "-decided_on", "-id"), query, _record)


def counts(*, query: ListQuery) -> DecisionCounts:
    """Return how many were granted and refused under the filters, whatever the words: those find no refused one."""
    narrowed = PublishedDecision.objects.filter(_narrowed(query)).order_by()
    found = narrowed.aggregate(
        granted=Count("pk", filter=Q(is_granted=True)), refused=Count("pk", filter=Q(is_granted=False))
    )
    granted = PublishedDecision.objects.filter(is_granted=True)
    departments = granted.values_list("department_id", "department_name").annotate(number=Count("pk"))
    items = granted.values_list("item_code", "item_name").annotate(number=Count("pk"))
    return DecisionCounts(
        **found,
        departments=tuple((str(key), name, number) for key, name, number in departments.order_by("-number")),
        items=tuple(items.order_by("-number", "item_code")),
    )


def exported(*, query: ListQuery, actor: Actor) -> Iterator[DecisionRecord]:
    """Yield what a list shows, at most `MOST_EXPORTED`."""
    rows = PublishedDecision.objects.visible_to(actor).filter(_narrowed(query) & _words(query.text))
    for row in rows.order_by("-decided_on", "-id")[:MOST_EXPORTED].iterator(chunk_size=1000):
        yield _record(row)


def _narrowed(query: ListQuery) -> Q:
    wanted = Q()
    if departments := [one for one in query.filters.get("department", ()) if _is_id(one)]:
        wanted &= Q(department_id__in=departments)
    if codes := query.filters.get("item"):
        wanted &= Q(item_code__in=codes)
    if first := _day(query.one("decided_from")):
        wanted &= Q(decided_on__gte=first)
    if last := _day(query.one("decided_to")):
        wanted &= Q(decided_on__lte=last)
    return wanted


def _words(text: str) -> Q:
    if not text:
        return Q()
    return (
        Q(holder_name__icontains=text)
        | Q(item_name__icontains=text)
        | Q(number__iexact=text)
        | Q(certificate_number__iexact=text)
        | Q(credit_code__iexact=text)
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _record(row: PublishedDecision) -> DecisionRecord:
    return DecisionRecord(
        number=row.number,
        item_code=row.item_code,
        item_name=row.item_name,
        item_name_en=row.item_name_en,
        department_name=row.department_name,
        basis=row.basis,
        decided_on=row.decided_on,
        holder_name=row.holder_name,
        credit_code=row.credit_code,
        certificate_number=row.certificate_number,
        active_from=row.active_from,
        active_to=row.active_to,
        ended_on=row.ended_on,
    )
