"""What cases announce; contexts above listen and act on what the case is about.

Reasons that people wrote are not announced, for they may name persons: they stand in the case's timeline.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.foundation.events import Event, event_type
from zhengshu.kernel.identity import CaseId, DepartmentId, TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent(Event):
    """What every announcement of a case says: its own number is the subject, `about` what it deals with.

    It was due at `case_due_at` when this happened; whoever asks the case later may hear of another day.
    """

    case_id: CaseId
    case_type: str
    about_kind: str
    about_id: UUID
    case_due_at: datetime | None = None


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(CaseEvent):
    """A case was opened."""

    wire_name: ClassVar[str] = "casework.case.opened.v1"

    number: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened(CaseEvent):
    """A to-do appeared in a department's inbox, or in that of the applicant."""

    wire_name: ClassVar[str] = "casework.task.opened.v1"

    task_id: TaskId
    task: str
    for_department_id: DepartmentId | None
    for_person_id: UUID | None = None


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCompleted(CaseEvent):
    """A to-do was done with an outcome."""

    wire_name: ClassVar[str] = "casework.task.completed.v1"

    task_id: TaskId
    task: str
    outcome: str
    basis: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClaimed(CaseEvent):
    """An official took a to-do on himself."""

    wire_name: ClassVar[str] = "casework.task.claimed.v1"

    task_id: TaskId
    task: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReleased(CaseEvent):
    """A to-do was given back: to whoever had handed it over, else to all who may do it."""

    wire_name: ClassVar[str] = "casework.task.released.v1"

    task_id: TaskId
    task: str
    to_person_id: UUID | None = None


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class TaskHandedOver(CaseEvent):
    """A to-do was handed to a named colleague."""

    wire_name: ClassVar[str] = "casework.task.handed-over.v1"

    task_id: TaskId
    task: str
    to_person_id: UUID


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidanceDeclared(CaseEvent):
    """An official declared that he is related to the matter."""

    wire_name: ClassVar[str] = "casework.avoidance.declared.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CountersignAsked(CaseEvent):
    """Another official was asked to agree before a to-do is done."""

    wire_name: ClassVar[str] = "casework.countersign.asked.v1"

    task: str
    of_person_id: UUID


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CountersignDropped(CaseEvent):
    """A to-do needs no countersignature any more."""

    wire_name: ClassVar[str] = "casework.countersign.dropped.v1"

    task: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class FormStartedFor(Event):
    """An official at the window began a form for somebody who was there."""

    wire_name: ClassVar[str] = "casework.form.started-for.v1"

    for_person_id: UUID


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DayDecided(Event):
    """Somebody decided whether a day is a working day here, or took that back (`is_working` is None)."""

    wire_name: ClassVar[str] = "casework.day.decided.v1"

    day: date
    is_working: bool | None
    basis: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceDeclared(Event):
    """Somebody is absent for a time, and a deputy does his to-dos."""

    wire_name: ClassVar[str] = "casework.absence.declared.v1"

    person_id: UUID
    deputy_id: UUID
    active_from: datetime
    active_to: datetime


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceEnded(Event):
    """An absence was ended before its time."""

    wire_name: ClassVar[str] = "casework.absence.ended.v1"

    person_id: UUID
    deputy_id: UUID


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(CaseEvent):
    """A case reached one of its ends."""

    wire_name: ClassVar[str] = "casework.case.closed.v1"

    end: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEscalated(CaseEvent):
    """A clock nears its end or has passed it; told once to each department and role that its type names."""

    wire_name: ClassVar[str] = "casework.task.escalated.v1"

    clock: str
    level: int
    for_department_id: DepartmentId
    for_role: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceApplied(CaseEvent):
    """A clock ended without an answer, and the platform took the outcome that the law gives to silence."""

    wire_name: ClassVar[str] = "casework.silence.applied.v1"

    clock: str
    task: str
    outcome: str
    basis: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DueMoved(CaseEvent):
    """The end of a clock moved because the working days changed."""

    wire_name: ClassVar[str] = "casework.clock.moved.v1"

    clock: str
    due_before: datetime
    due_at: datetime


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUrged(CaseEvent):
    """A department was urged to do what it has to do."""

    wire_name: ClassVar[str] = "casework.case.urged.v1"

    for_department_id: DepartmentId


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(CaseEvent):
    """Those who supervise a case ask a department for an answer."""

    wire_name: ClassVar[str] = "casework.note.written.v1"

    note_id: UUID
    for_department_id: DepartmentId
    due_at: datetime


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAnswered(CaseEvent):
    """A department answered those who supervise a case."""

    wire_name: ClassVar[str] = "casework.note.answered.v1"

    note_id: UUID
    to_person_id: UUID


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMigrated(CaseEvent):
    """A running case goes on under another edition of its type."""

    wire_name: ClassVar[str] = "casework.case.migrated.v1"

    from_edition: int
    to_edition: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CommentWritten(CaseEvent):
    """Somebody wrote a comment in a case."""

    wire_name: ClassVar[str] = "casework.comment.written.v1"

    is_internal: bool


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAdded(CaseEvent):
    """A document was added to a case; its name is not announced, for it may name persons."""

    wire_name: ClassVar[str] = "casework.document.added.v1"

    document_id: UUID
    digest: str
    is_internal: bool


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTaken(CaseEvent):
    """Somebody downloaded a document of a case."""

    wire_name: ClassVar[str] = "casework.document.taken.v1"

    document_id: UUID
    digest: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPaused(CaseEvent):
    """A clock stands still on a lawful ground."""

    wire_name: ClassVar[str] = "casework.clock.paused.v1"

    clock: str
    ground: str
    basis: str
    expected_at: datetime | None = None


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ClockResumed(CaseEvent):
    """A clock goes on."""

    wire_name: ClassVar[str] = "casework.clock.resumed.v1"

    clock: str
    ground: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionAsked(CaseEvent):
    """The holder of a task asked for more time."""

    wire_name: ClassVar[str] = "casework.extension.asked.v1"

    clock: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionDeclined(CaseEvent):
    """More time was asked for and not consented to."""

    wire_name: ClassVar[str] = "casework.extension.declined.v1"

    clock: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ClockExtended(CaseEvent):
    """A clock was extended with the consent that the law demands."""

    wire_name: ClassVar[str] = "casework.clock.extended.v1"

    clock: str
    value: int
    unit: str
    basis: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SignalThrown(CaseEvent):
    """The flow of a case threw a signal; cases about the same subject that wait for it go on."""

    wire_name: ClassVar[str] = "casework.signal.thrown.v1"

    signal: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTypeLoaded(Event):
    """A version of a case type was loaded and became the current one."""

    wire_name: ClassVar[str] = "casework.case-type.loaded.v1"
    is_proven: ClassVar[bool] = True

    digest: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseListExported(Event):
    """Somebody took a list of cases away as a file; the words that he searched for are not repeated."""

    wire_name: ClassVar[str] = "casework.case-list.exported.v1"

    what: str
    form: str
    rows: int
    is_cut: bool
    has_words: bool
    filters: dict[str, str]


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTypeRetired(Event):
    """No new cases of a case type can be opened."""

    wire_name: ClassVar[str] = "casework.case-type.retired.v1"

    digest: str
