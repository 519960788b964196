"""What others learn of cases: frozen records, in the reader's language."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.kernel.clocks import Light
from zhengshu.kernel.identity import CaseId, DepartmentId, TaskId

OPEN = "open"
"""The state of a case that has not ended; otherwise its state is the code of its end."""


class TaskKind(StrEnum):
    """Whence a task comes."""

    FLOW = "flow"
    EXTENSION = "extension"
    """The data authority is asked to consent to an extension."""
    COUNTERSIGN = "countersign"
    """Another person is asked to agree before a task is done."""


class StepKind(StrEnum):
    """What an entry of the timeline tells."""

    OPENED = "opened"
    TASK_OPENED = "task_opened"
    TASK_COMPLETED = "task_completed"
    TASK_CANCELLED = "task_cancelled"
    CLOCK_STARTED = "clock_started"
    CLOCK_STOPPED = "clock_stopped"
    CLOCK_PAUSED = "clock_paused"
    CLOCK_RESUMED = "clock_resumed"
    EXTENSION_ASKED = "extension_asked"
    CLOCK_EXTENDED = "clock_extended"
    TASK_CLAIMED = "task_claimed"
    TASK_RELEASED = "task_released"
    TASK_HANDED_OVER = "task_handed_over"
    AVOIDED = "avoided"
    EVENT_HAPPENED = "event_happened"
    DECIDED = "decided"
    COUNTERSIGN_ASKED = "countersign_asked"
    COUNTERSIGN_DROPPED = "countersign_dropped"
    ESCALATED = "escalated"
    SILENCE = "silence"
    DUE_MOVED = "due_moved"
    URGED = "urged"
    NOTE_WRITTEN = "note_written"
    NOTE_ANSWERED = "note_answered"
    COMMENTED = "commented"
    DOCUMENT_ADDED = "document_added"
    NOTICE_ISSUED = "notice_issued"
    WITHDRAWN = "withdrawn"
    MIGRATED = "migrated"
    """It goes on under another edition of its type; `details` names the version that it left."""
    CLOSED = "closed"


INTERNAL_STEPS = frozenset(
    {
        StepKind.TASK_CLAIMED,
        StepKind.TASK_RELEASED,
        StepKind.TASK_HANDED_OVER,
        StepKind.AVOIDED,
        StepKind.COUNTERSIGN_ASKED,
        StepKind.COUNTERSIGN_DROPPED,
        StepKind.ESCALATED,
        StepKind.NOTE_WRITTEN,
        StepKind.NOTE_ANSWERED,
    }
)
"""How officials divide the work among themselves; the applicant is not told of it."""

PLATFORM_STEPS = frozenset(
    {
        StepKind.TASK_OPENED,
        StepKind.TASK_CANCELLED,
        StepKind.CLOCK_STARTED,
        StepKind.CLOCK_STOPPED,
        StepKind.DECIDED,
        StepKind.EXTENSION_ASKED,
        StepKind.MIGRATED,
    }
)
"""How the platform goes on between what people do; folded where the applicant reads what happened."""

BEHALF = "behalf"
"""A detail of an entry: the enterprise for which its handler acted under a delegation."""

INTERNAL, TEXT = "internal", "text"
"""Details of an entry that only officials see: the mark, and what was written, which no search finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A department's part in a case."""

    name: str
    department_id: DepartmentId
    title: str = ""
    """The part's name in the reader's language."""
    department_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who asks: a citizen for himself, or a delegate for an enterprise.

    Attributes:
        account_id: the person's account.
        enterprise_id: the enterprise in whose name the person asks.
        name: the person's name, for those who may see the case.
        enterprise_name: the enterprise's name.
        title: the part's name in the reader's language.
    """

    account_id: UUID
    enterprise_id: UUID | None = None
    name: str = ""
    enterprise_name: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSubject:
    """What a case is about.

    Attributes:
        kind: a word of the glossary, ``share_request``.
        id: the id in the context that opened the case.
        title: its name; no personal data.
        path: the URL path of the page about it.
    """

    kind: str
    id: UUID
    title: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRecord:
    """One way in which a task may end, for the buttons of a page."""

    code: str
    name: str
    needs_reason: bool
    needs_basis: bool
    tone: str
    basis: str
    without_form: bool = False
    once: bool = False
    """Whether it may happen only once in a case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecord:
    """A to-do."""

    id: TaskId
    case_id: CaseId
    case_number: str
    case_type: str
    type_name: str
    task: str
    task_name: str
    hint: str
    kind: TaskKind
    outcomes: tuple[OutcomeRecord, ...]
    subject: CaseSubject
    light: Light
    due_at: datetime | None
    opened_at: datetime
    department_id: DepartmentId | None
    department_name: str
    """Whose it is: the department's name, or the applicant's part."""
    person_id: UUID | None = None
    """The applicant whose it is; None for a department's."""
    is_mine: bool = False
    """Whether the actor who asked may complete it."""
    is_claimed_by_me: bool = False
    claimed_by_name: str = ""
    """Who holds it for himself; empty: it waits for anybody of its roles."""
    handed_by_name: str = ""
    """Who handed it to whoever holds it."""
    for_name: str = ""
    """The absent colleague for whom the actor may do it."""
    waits_for: str = ""
    """The countersigner without whose agreement it cannot be done."""
    clock: str = ""
    """The clock that it is about, for extensions."""
    form: str = ""
    """The form that ends it, if it has one."""

    @property
    def plain_outcomes(self) -> tuple[OutcomeRecord, ...]:
        """Return the outcomes that need no form."""
        return tuple(one for one in self.outcomes if one.without_form or not self.form)

    def still_to_choose(self, *, did: Collection[str]) -> "TaskRecord":
        """Return the to-do without the outcomes that may happen only once and did."""
        return replace(
            self, outcomes=tuple(one for one in self.outcomes if not (one.once and one.code in did))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayNote:
    """One line of the answer to “why is it due on that day”."""

    day: date
    is_counted: bool
    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRecord:
    """A consented extension of a clock."""

    value: int
    unit: str
    basis: str
    reason: str
    granted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRecord:
    """A time in which a clock stood still.

    Attributes:
        code: the ground, as the case type names it.
        ground: its name in the reader's language.
        basis: its article.
    """

    code: str
    ground: str
    basis: str
    since: datetime
    to: datetime | None
    expected_at: datetime | None
    """Until when it was told that it would last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRecord:
    """A legal clock of a case."""

    id: UUID
    clock: str
    name: str
    value: int
    unit: str
    basis: str
    started_at: datetime
    stopped_at: datetime | None
    is_paused: bool
    pause_ground: str
    due_at: datetime | None
    is_estimate: bool
    light: Light
    may_be_extended: bool
    extensions: tuple[ExtensionRecord, ...]
    explanation: tuple[DayNote, ...] = ()
    promised_value: int | None = None
    """What the office promised, in the same unit; None without a promise."""
    promised_due_at: datetime | None = None
    """Until when it promised to answer; None once the limit was extended."""
    pauses: tuple[PauseRecord, ...] = ()
    """When it stood still, and on which grounds."""

    @property
    def is_running(self) -> bool:
        """Whether it has not ended; a paused clock runs."""
        return self.stopped_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry of a case's timeline."""

    number: int
    kind: StepKind
    at: datetime
    title: str
    actor_name: str
    department_id: DepartmentId | None
    department_name: str
    for_name: str = ""
    """The absent person for whom the actor did it."""
    behalf_of: str = ""
    """The enterprise for which the actor did it as its handler."""
    task: str
    clock: str
    outcome: str
    reason: str
    basis: str
    is_internal: bool = False
    """Whether only officials are told of it."""

    @property
    def is_of_platform(self) -> bool:
        """Whether it tells only how the platform goes on."""
        return self.kind in PLATFORM_STEPS


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm:
    """A form that is about to open a case, for what other contexts say of it before it is sent."""

    draft_id: UUID
    case_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """A case as its parties see it."""

    id: CaseId
    number: str
    type: str
    type_name: str
    state: str
    state_name: str
    opened_at: datetime
    closed_at: datetime | None
    opened_by: UUID
    department_id: DepartmentId | None
    subject: CaseSubject
    light: Light
    due_at: datetime | None
    parties: tuple[Party, ...]
    open_tasks: tuple[TaskRecord, ...]
    applicant: Applicant | None = None
    """Who asks; None for a case without one, and for readers who may not see the case."""
    clocks: tuple[ClockRecord, ...]
    timeline: tuple[Step, ...] = ()
    data: dict[str, Value] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.state == OPEN

    def task(self, code: str) -> TaskRecord | None:
        """Return the open task of a code, if there is one."""
        return next((task for task in self.open_tasks if task.task == code), None)

    @property
    def ended_by(self) -> Step | None:
        """The step that ended it, where that gave a reason."""
        return next(
            (step for step in reversed(self.timeline) if step.at == self.closed_at and step.reason), None
        )

    def asked_by(self, task: TaskRecord) -> str:
        """Return what whoever decided before wrote when that led to a to-do: a list of what is missing, say."""
        return next(
            (
                step.reason
                for step in reversed(self.timeline)
                if step.kind is StepKind.TASK_COMPLETED and step.at == task.opened_at and step.reason
            ),
            "",
        )
