"""Absences: from when to when a deputy does a person's to-dos."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework.application.commands_once import answer_to, was_handled
from zhengshu.contexts.casework.events import AbsenceDeclared, AbsenceEnded
from zhengshu.contexts.casework.models import Absence, CaseTypeVersion
from zhengshu.contexts.casework.models.readers import CASE_ROLES
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import new_id

LONGEST = timedelta(days=366)
"""The longest absence; whoever is away longer needs a successor, not a deputy."""


class AbsenceNotFound(Refused):
    """There is no such absence that the actor may end."""

    code: ClassVar[str] = "casework.absence-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such absence, or it is not yours."


class AbsenceUnfit(Refused):
    """An absence has an end after its beginning, in the future, and not too far away."""

    code: ClassVar[str] = "casework.absence-unfit"
    message: ClassVar[str] = "An absence ends after it begins, in the future, and lasts at most a year."


class DeputyUnfit(Refused):
    """A deputy is an active official of the same department who works with cases."""

    code: ClassVar[str] = "casework.deputy-unfit"
    message: ClassVar[str] = (
        "A deputy must be another active official of the same department who works with cases."
    )


class NotYourAbsence(Refused):
    """One declares one's own absence; a head also that of his people."""

    code: ClassVar[str] = "casework.not-your-absence"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = "You may declare your own absence; the head of a department that of its people."


class CaseTypeUnknown(Refused):
    """The absence names a case type that was not loaded."""

    code: ClassVar[str] = "casework.case-type-unknown"
    message: ClassVar[str] = "There is no case type “%(case_type)s”."


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRecord:
    """An absence as its person, its deputy and the head see it."""

    id: UUID
    person_id: UUID
    person_name: str
    deputy_id: UUID
    deputy_name: str
    case_types: tuple[str, ...]
    active_from: datetime
    active_to: datetime
    is_over: bool
    is_active: bool


@transaction
def declare_absence(
    *,
    deputy_id: UUID,
    active_from: datetime,
    active_to: datetime,
    case_types: Iterable[str] = (),
    person_id: UUID | None = None,
    actor: Actor,
    at: datetime,
    idempotency_key: str = "",
) -> AbsenceRecord:
    """Let a colleague do one's to-dos for a time, in all or in some types of cases.

    Raises:
        NotYourAbsence: somebody else's, and the actor does not lead that person's department.
        AbsenceUnfit: no end after its beginning and in the future, or longer than a year.
        DeputyUnfit: not another active official of the department who works with cases.
        CaseTypeUnknown: a type that was not loaded.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    whose, types, key = person_id or actor.id, sorted(set(case_types)), new_id()
    command: dict[str, object] = {
        "person": whose,
        "deputy": deputy_id,
        "from": active_from,
        "to": active_to,
        "types": types,
    }
    if was_handled("declare-absence", idempotency_key, command, actor=actor, at=at, answer=str(key)):
        known = Absence.objects.get(pk=answer_to(idempotency_key, actor=actor))
        return record_of_absence(known, at=at)
    people = trust.actors_of(ids=[whose, deputy_id])
    person, deputy = people.get(whose), people.get(deputy_id)
    if person is None or person.department_id is None or not _may_declare(actor, person):
        raise NotYourAbsence
    if not (active_from < active_to <= active_from + LONGEST) or active_to <= at:
        raise AbsenceUnfit
    if deputy is None or deputy.id == person.id or deputy.department_id != person.department_id:
        raise DeputyUnfit
    if not deputy.has(*CASE_ROLES):
        raise DeputyUnfit
    row = Absence.objects.create(
        id=key,
        person_id=person.id,
        person_name=person.name,
        department_id=person.department_id,
        deputy_id=deputy.id,
        deputy_name=deputy.name,
        case_types=_known(types),
        active_from=active_from,
        active_to=active_to,
        declared_by=actor.id,
        declared_at=at,
    )
    publish(
        AbsenceDeclared(
            at=at,
            actor=actor,
            subject=Subject(kind="absence", id=str(row.pk), label=""),
            department_id=person.department_id,
            person_id=person.id,
            deputy_id=deputy.id,
            active_from=active_from,
            active_to=active_to,
        )
    )
    return record_of_absence(row, at=at)


@transaction
def end_absence(*, absence_id: UUID, actor: Actor, at: datetime, idempotency_key: str = "") -> AbsenceRecord:
    """End an absence now; what the deputy did stays done.

    Raises:
        AbsenceNotFound: there is none that the actor may end, or it is over.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    if was_handled("end-absence", idempotency_key, {"absence": absence_id}, actor=actor, at=at):
        return record_of_absence(Absence.objects.get(pk=absence_id), at=at)
    row = (
        Absence.objects.visible_to(actor).select_for_update().filter(pk=absence_id, active_to__gt=at).first()
    )
    leads = actor.has(Role.DEPARTMENT_HEAD)
    if row is None or not (row.person_id == actor.id or (leads and row.department_id == actor.department_id)):
        raise AbsenceNotFound
    row.active_from, row.active_to = min(row.active_from, at), at
    row.save(update_fields=["active_from", "active_to"])
    publish(
        AbsenceEnded(
            at=at,
            actor=actor,
            subject=Subject(kind="absence", id=str(row.pk), label=""),
            department_id=actor.department_id,
            person_id=row.person_id,
            deputy_id=row.deputy_id,
        )
    )
    return record_of_absence(row, at=at)


def absences(*, actor: Actor, at: datetime) -> tuple[AbsenceRecord, ...]:
    """Return the absences that an actor may see, the latest first, in one query."""
    rows = Absence.objects.visible_to(actor).order_by("-active_to", "-id")[:MOST_ABSENCES]
    return tuple(record_of_absence(row, at=at) for row in rows)


MOST_ABSENCES = 200
"""Absences that a page shows; older ones are in the audit."""


def record_of_absence(row: Absence, *, at: datetime) -> AbsenceRecord:
    """Return an absence as others see it."""
    return AbsenceRecord(
        id=row.pk,
        person_id=row.person_id,
        person_name=row.person_name,
        deputy_id=row.deputy_id,
        deputy_name=row.deputy_name,
        case_types=tuple(row.case_types),
        active_from=row.active_from,
        active_to=row.active_to,
        is_over=row.active_to <= at,
        is_active=row.active_from <= at < row.active_to,
    )


def _may_declare(actor: Actor, person: Actor) -> bool:
    if actor.id == person.id:
        return actor.has(*CASE_ROLES)
    return actor.has(Role.DEPARTMENT_HEAD) and actor.department_id == person.department_id


def _known(wanted: list[str]) -> list[str]:
    known = set(CaseTypeVersion.objects.filter(code__in=wanted).values_list("code", flat=True))
    for code in wanted:
        if code not in known:
            raise CaseTypeUnknown(case_type=code)
    return wanted
