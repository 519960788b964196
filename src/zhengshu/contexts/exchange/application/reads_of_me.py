"""Who read a person's record: when, for which purpose and case, which fields; as soon as the law lets him know.

Found are the calls that asked for the person by his citizen ID and got an answer about him. A call that found him by
another key (a household's, a plate's) cannot be told apart from one about somebody else, and is not shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import yaml
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from zhengshu.contexts.exchange.application.count_calls import midnight
from zhengshu.contexts.exchange.application.names import Names, names_of, page_of, purpose_name
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.domain.subjects import KEY_USE, subject_digest
from zhengshu.contexts.exchange.events import OwnReadsExported
from zhengshu.contexts.exchange.models import CallRecord, Grant
from zhengshu.contexts.exchange.models.calls import CallRecordQuerySet
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.crypto.sealing import derived_key
from zhengshu.foundation.events import Subject
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import APPLICANTS, Actor

FILTERS = ("purpose", "department", "from", "to")
MOST_EXPORTED = 10_000
VERIFY = "verify"


class ReadingRulesUnreadable(ValueError):
    """`packs/reading.yaml` is not as its head comment says; correct the named entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """When a person is told of reads for a purpose: after some days, or never (None), and by which law."""

    after_days: int | None
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRules:
    """When persons are told; `purposes` has those for which another rule holds."""

    usual: Telling
    purposes: Mapping[str, Telling]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOfMe:
    """One call about the person.

    Attributes:
        is_check: whether something was only checked and nothing shown.
        fields: the names of the fields that were given or checked.
    """

    at: datetime
    department: str
    system: str
    provider: str
    resource: str
    purpose: str
    case_ref: str
    fields: tuple[str, ...]
    is_check: bool
    receipt: UUID


def reading_rules() -> ReadingRules:
    """Return when persons are told who read their records."""
    return _read(settings.PACKS_FOLDER / "reading.yaml")


def reads_of_me(*, query: ListQuery, actor: Actor, at: datetime) -> Page[ReadOfMe]:
    """Return a page of who read the actor's own records, the latest first; `FILTERS` say how to narrow it.

    Basis: Personal Information Protection Law, articles 18, 35, 44, 45.
    """
    return page_of(_narrowed(query, actor=actor, at=at).order_by("-sequence"), query, _records)


def readers_of_me(*, actor: Actor, at: datetime) -> tuple[tuple[str, str], ...]:
    """Return the departments that did, as id and name, to narrow the list by."""
    ids = _visible(actor, at=at).order_by().values_list("consumer_department_id", flat=True).distinct()
    wanted = list(ids)
    names = names_of(wanted)
    return tuple(sorted(((str(one), names(one)) for one in wanted), key=lambda pair: pair[1]))


def exported_reads(*, query: ListQuery, actor: Actor, at: datetime) -> Iterator[ReadOfMe]:
    """Yield the whole list, at most `MOST_EXPORTED`; that it was exported is noted before the first."""
    rows = _narrowed(query, actor=actor, at=at).order_by("-sequence")
    _note_export(actor=actor, at=at)
    for start in range(0, MOST_EXPORTED, 1000):
        found = _records(list(rows[start : start + 1000]))
        yield from found
        if not found:
            return


@transaction
def _note_export(*, actor: Actor, at: datetime) -> None:
    publish(OwnReadsExported(at=at, actor=actor, subject=Subject("account", str(actor.id), "")))


def _narrowed(query: ListQuery, *, actor: Actor, at: datetime) -> CallRecordQuerySet:
    rows = _visible(actor, at=at)
    if chosen := query.filters.get("purpose"):
        rows = rows.filter(purpose__in=chosen)
    if (department := _uuid(query.one("department"))) is not None:
        rows = rows.filter(consumer_department_id=department)
    if (first := _day(query.one("from"))) is not None:
        rows = rows.filter(at__gte=midnight(first))
    if (last := _day(query.one("to"))) is not None:
        rows = rows.filter(at__lt=midnight(last) + timedelta(days=1))
    if query.text:
        named = Grant.objects.filter(
            Q(resource_name__icontains=query.text) | Q(system_name__icontains=query.text)
        )
        rows = rows.filter(Q(case_ref__icontains=query.text) | Q(grant_id__in=named.values("id")))
    return rows


def _visible(actor: Actor, *, at: datetime) -> CallRecordQuerySet:
    """Return the answered calls about the actor of which he may know now; none for whoever has no citizen ID here."""
    digests = _own_digests(actor)
    if not digests:
        return CallRecord.objects.none()
    about = RawSQL(
        "SELECT unnest(sequences) FROM exchange_subject_day WHERE subject_digest = ANY (%s)", [digests]
    )
    rows = CallRecord.objects.filter(sequence__in=about).answered()
    rows = rows.filter(Q(operation=VERIFY) | Q(row_count__gt=0))
    rules = reading_rules()
    told = Q(at__lte=at - timedelta(days=rules.usual.after_days or 0)) & ~Q(purpose__in=list(rules.purposes))
    for purpose, rule in rules.purposes.items():
        if rule.after_days is not None:
            told |= Q(purpose=purpose, at__lte=at - timedelta(days=rule.after_days))
    return rows.filter(told)


def _own_digests(actor: Actor) -> list[bytes]:
    """Return under which digests calls about the actor are kept: one for each column by which rows are asked for."""
    number = trust.own_citizen_id(actor=actor) if actor.has(*APPLICANTS) and not actor.is_platform else None
    if number is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT jsonb_array_elements_text(key_columns) FROM exchange_grant")
        columns = [str(row[0]) for row in cursor.fetchall()]
    key = derived_key(KEY_USE)
    return [
        subject_digest({column: value}, key=key)
        for column in columns
        for value in {str(number), str(number).lower()}
    ]


def _records(rows: Sequence[CallRecord]) -> tuple[ReadOfMe, ...]:
    names = names_of(one for row in rows for one in (row.consumer_department_id, row.provider_department_id))
    grants = {
        one.id: one for one in Grant.objects.filter(id__in={row.grant_id for row in rows if row.grant_id})
    }
    return tuple(
        _record(row, grant=grants.get(row.grant_id) if row.grant_id else None, names=names) for row in rows
    )


def _record(row: CallRecord, *, grant: Grant | None, names: Names) -> ReadOfMe:
    fields = {str(one["column"]): str(one["name"]) for one in grant.fields} if grant else {}
    return ReadOfMe(
        at=row.at,
        department=names(row.consumer_department_id),
        system=grant.system_name if grant else "",
        provider=names(row.provider_department_id),
        resource=(grant.resource_name if grant else "") or row.resource_code,
        purpose=purpose_name(row.purpose),
        case_ref=row.case_ref,
        fields=tuple(fields.get(column, column) for column in row.fields),
        is_check=row.operation == VERIFY,
        receipt=row.id,
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None  # noqa: PLR2004 - days outside of these are typing errors


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@cache
def _read(file: Path) -> ReadingRules:
    match yaml.safe_load(file.read_text(encoding="utf-8")):
        case {"purposes": dict(others), **usual}:
            rules = {str(code): _telling(entry, file=file) for code, entry in others.items()}
            unknown = rules.keys() - purposes().keys()
            if unknown:
                message = f"{file}: no purposes: {', '.join(sorted(unknown))}"
                raise ReadingRulesUnreadable(message)
            return ReadingRules(usual=_telling(usual, file=file), purposes=MappingProxyType(rules))
        case _:
            message = f"{file}: after_days, basis and purposes were expected"
            raise ReadingRulesUnreadable(message)


def _telling(entry: object, *, file: Path) -> Telling:
    match entry:
        case {"withheld": True, "basis": str(basis)}:
            return Telling(after_days=None, basis=basis)
        case {"after_days": int(days), "basis": str(basis)} if days >= 0:
            return Telling(after_days=days, basis=basis)
        case _:
            message = f"{file}: not a rule with its basis: {entry!r}"
            raise ReadingRulesUnreadable(message)
