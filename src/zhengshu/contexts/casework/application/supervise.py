"""Supervision (督办): urging, notes that must be answered, and how each department stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db.models import Count
from django.utils.timezone import get_default_timezone

from zhengshu.contexts.casework.application.commands_once import answer_to, remember_answer, was_handled
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.completing import ReasonMissing
from zhengshu.contexts.casework.domain.records import StepKind
from zhengshu.contexts.casework.events import CaseUrged, NoteAnswered, NoteWritten
from zhengshu.contexts.casework.models import Case, SupervisionNote, Task
from zhengshu.contexts.casework.models.cases import light_condition
from zhengshu.contexts.casework.models.readers import CASE_ROLES, SUPERVISING_ROLES
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.calendars import work_calendar
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel import clocks as kernel
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.clocks import Light
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId, DepartmentId
from zhengshu.kernel.limits import LimitUnit, TimeLimit

MOST_DAYS = 60
"""Working days within which an answer may be asked for at most."""


class NotSupervising(Refused):
    """Only those who supervise a case, lead a department in it or asked for it may urge."""

    code: ClassVar[str] = "casework.not-supervising"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = (
        "Only the data authority, leaders, the heads of the departments concerned and the applicant may do this."
    )


class NothingToUrge(Refused):
    """Nobody of a department is to do anything in the case."""

    code: ClassVar[str] = "casework.nothing-to-urge"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "No department has anything to do in this case at the moment."


class NoteNotFound(Refused):
    """There is no such note, or it was answered."""

    code: ClassVar[str] = "casework.note-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such note that waits for your department's answer."


class DaysUnfit(Refused):
    """An answer is asked for within some working days."""

    code: ClassVar[str] = "casework.days-unfit"
    message: ClassVar[str] = "Ask for the answer within 1 to %(most)s working days."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecord:
    """An urging or a note, with its answer."""

    id: UUID
    text: str
    by_name: str
    at: datetime
    department_id: DepartmentId
    department_name: str
    due_at: datetime | None
    is_late: bool
    answered_at: datetime | None
    answered_by_name: str
    answer: str
    may_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentCount:
    """How many open to-dos of a department show which light."""

    department_id: DepartmentId
    name: str
    lights: Mapping[Light, int]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.lights.values())


@transaction
def urge_case(*, case_id: CaseId, text: str, actor: Actor, at: datetime, idempotency_key: str = "") -> int:
    """Urge the departments that have something to do; return how many.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: the case has ended.
        NotSupervising: the actor neither supervises, nor leads a party, nor asked for it.
        NothingToUrge: no department has anything to do.
        ReasonMissing: nothing was said.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "text": text}
    if was_handled("urge-case", idempotency_key, command, actor=actor, at=at):
        return int(answer_to(idempotency_key, actor=actor))
    case.check_open()
    if not _may_urge(case):
        raise NotSupervising
    count = _write(case, text=text, due_at=None, at=at)
    remember_answer(idempotency_key, str(count), actor=actor)
    return count


@transaction
def write_note(
    *, case_id: CaseId, text: str, days: int, actor: Actor, at: datetime, idempotency_key: str = ""
) -> int:
    """Ask the departments that have something to do for an answer within some working days; return how many.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: the case has ended.
        NotSupervising: the actor does not supervise.
        NothingToUrge: no department has anything to do.
        DaysUnfit: no such number of days.
        ReasonMissing: nothing was said.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "text": text, "days": days}
    if was_handled("write-note", idempotency_key, command, actor=actor, at=at):
        return int(answer_to(idempotency_key, actor=actor))
    case.check_open()
    if not actor.has(*SUPERVISING_ROLES):
        raise NotSupervising
    if not 1 <= days <= MOST_DAYS:
        raise DaysUnfit(most=MOST_DAYS)
    limit = TimeLimit(code="note", value=days, unit=LimitUnit.WORKING_DAYS, basis="note")
    due = kernel.due(start=at, limit=limit, calendar=work_calendar(), zone=get_default_timezone())
    count = _write(case, text=text, due_at=due.due_at, at=at)
    remember_answer(idempotency_key, str(count), actor=actor)
    return count


@transaction
def answer_note(
    *, case_id: CaseId, note_id: UUID, answer: str, actor: Actor, at: datetime, idempotency_key: str = ""
) -> None:
    """Answer a note for one's department.

    Raises:
        CaseNotFound: the actor may not see such a case.
        NoteNotFound: there is none for the actor's department, or it was answered, or asks for no answer.
        ReasonMissing: nothing was said.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "note": note_id, "answer": answer}
    if was_handled("answer-note", idempotency_key, command, actor=actor, at=at):
        return
    waiting = SupervisionNote.objects.filter(case=case.row, due_at__isnull=False, answered_at=None)
    row = waiting.filter(pk=note_id).first()
    if row is None or row.department_id != actor.department_id or not actor.has(*CASE_ROLES):
        raise NoteNotFound
    if not answer.strip():
        raise ReasonMissing(outcome=case.type.text("name"))
    row.answered_at, row.answered_by, row.answered_by_name, row.answer = (
        at,
        actor.id,
        actor.name,
        answer.strip(),
    )
    row.save(update_fields=["answered_at", "answered_by", "answered_by_name", "answer"])
    case.note(StepKind.NOTE_ANSWERED, at=at, reason=answer.strip())
    case.announce(NoteAnswered, at=at, note_id=row.pk, to_person_id=row.by_id)
    case.store(at=at)


def notes(*, case_id: CaseId, actor: Actor, at: datetime) -> tuple[NoteRecord, ...]:
    """Return the urgings and notes of a case; none to whoever works in no department."""
    if actor.department_id is None and not actor.is_platform:
        return ()
    rows = list(SupervisionNote.objects.filter(case__in=Case.objects.visible_to(actor).filter(pk=case_id)))
    departments = trust.departments(ids=[row.department_id for row in rows]) if rows else {}
    return tuple(
        NoteRecord(
            id=row.pk,
            text=row.text,
            by_name=row.by_name,
            at=row.at,
            department_id=DepartmentId(row.department_id),
            department_name=departments[DepartmentId(row.department_id)].name,
            due_at=row.due_at,
            is_late=row.due_at is not None and (row.answered_at or at) > row.due_at,
            answered_at=row.answered_at,
            answered_by_name=row.answered_by_name,
            answer=row.answer,
            may_answer=row.due_at is not None
            and row.answered_at is None
            and row.department_id == actor.department_id
            and actor.has(*CASE_ROLES),
        )
        for row in rows
    )


def by_department(*, actor: Actor, at: datetime) -> tuple[DepartmentCount, ...]:
    """Return how the open to-dos that an actor may see stand in each department, the latest first; two queries."""
    rows = (
        Task.objects.visible_to(actor)
        .open()
        .filter(department_id__isnull=False)
        .values_list("department_id")
        .annotate(
            green=Count("pk", filter=light_condition(Light.GREEN, at=at)),
            yellow=Count("pk", filter=light_condition(Light.YELLOW, at=at)),
            red=Count("pk", filter=light_condition(Light.RED, at=at)),
            grey=Count("pk", filter=light_condition(Light.GREY, at=at)),
        )
    )
    found = {DepartmentId(row[0]): row[1:] for row in rows if row[0] is not None}
    names = trust.departments(ids=found) if found else {}
    counts = [
        DepartmentCount(
            department_id=key, name=names[key].name, lights=dict(zip(Light, map(int, row), strict=True))
        )
        for key, row in found.items()
    ]
    return tuple(
        sorted(counts, key=lambda one: (-one.lights[Light.RED], -one.lights[Light.YELLOW], one.name))
    )


def may_urge(*, actor: Actor, parties: frozenset[UUID], is_applicant: bool) -> bool:
    """Whether an actor who sees a case may urge those who handle it."""
    leads = actor.has(Role.DEPARTMENT_HEAD) and actor.department_id in parties
    return actor.has(*SUPERVISING_ROLES) or leads or is_applicant


def _may_urge(case: WorkingCase) -> bool:
    is_applicant = case.actor.department_id is None and case.row.applicant_id is not None
    return may_urge(actor=case.actor, parties=frozenset(case.parties.values()), is_applicant=is_applicant)


def _write(case: WorkingCase, *, text: str, due_at: datetime | None, at: datetime) -> int:
    if not text.strip():
        raise ReasonMissing(outcome=case.type.text("name"))
    handlers = sorted({task.department_id for task in case.tasks if task.department_id})
    if not handlers:
        raise NothingToUrge
    kind = StepKind.URGED if due_at is None else StepKind.NOTE_WRITTEN
    details = {"until": due_at.isoformat()} if due_at else {}
    case.note(kind, at=at, reason=text.strip(), details=details)
    for department_id in handlers:
        row = SupervisionNote.objects.create(
            case=case.row,
            text=text.strip(),
            by_id=case.actor.id,
            by_name=case.actor.name,
            at=at,
            department_id=department_id,
            due_at=due_at,
        )
        if due_at is None:
            case.announce(CaseUrged, at=at, for_department_id=DepartmentId(department_id))
        else:
            case.announce(
                NoteWritten,
                at=at,
                note_id=row.pk,
                for_department_id=DepartmentId(department_id),
                due_at=due_at,
            )
    case.store(at=at)
    return len(handlers)
