"""What `quality` announces: counts and scores, never values."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from zhengshu.foundation.events import Event, event_type


@dataclass(frozen=True, slots=True, kw_only=True)
class _RunEvent(Event):
    """What all events about assessments say."""

    run_id: UUID
    resource_id: UUID
    resource_code: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentAsked(_RunEvent):
    """An assessment of a table was asked for."""

    wire_name: ClassVar[str] = "quality.assessment.asked.v1"

    cause: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class TableAssessed(_RunEvent):
    """A table was assessed by all its rules."""

    wire_name: ClassVar[str] = "quality.table.assessed.v1"

    rows: int
    faulty: int
    score: float | None
    grade: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentStopped(_RunEvent):
    """An assessment was stopped before its end; it has no result."""

    wire_name: ClassVar[str] = "quality.assessment.stopped.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentFailed(_RunEvent):
    """An assessment could not be carried out; it has no result."""

    wire_name: ClassVar[str] = "quality.assessment.failed.v1"

    reason_code: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentInterrupted(_RunEvent):
    """The process that assessed a table died; there is no result."""

    wire_name: ClassVar[str] = "quality.assessment.interrupted.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class FailingRowsExported(_RunEvent):
    """Somebody downloaded rows that rules blame."""

    wire_name: ClassVar[str] = "quality.failing-rows.exported.v1"

    rows: int
    file_format: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlanChanged(Event):
    """When a table is assessed, or what it demands of its batches, was changed."""

    wire_name: ClassVar[str] = "quality.table-plan.changed.v1"

    resource_id: UUID
    is_on_batch: bool
    every_days: int
    is_paused: bool
    least_score: float | None
    no_failure_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _OwnRuleEvent(Event):
    """What all events about rules in SQL say; a statement may name values, so that its digest alone is kept."""

    rule_code: str
    resource_id: UUID
    resource_code: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRuleTried(_OwnRuleEvent):
    """A rule in SQL was tried on the first rows of a table."""

    wire_name: ClassVar[str] = "quality.own-rule.tried.v1"

    statement_digest: str
    rows: int
    blamed: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRuleSaved(_OwnRuleEvent):
    """A rule in SQL was saved and is in force."""

    wire_name: ClassVar[str] = "quality.own-rule.saved.v1"

    statement_digest: str
    number: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRuleWithdrawn(_OwnRuleEvent):
    """A rule in SQL was retired."""

    wire_name: ClassVar[str] = "quality.own-rule.withdrawn.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class _RectificationEvent(Event):
    """What all events about rectifications say."""

    rectification_id: UUID
    resource_id: UUID
    resource_code: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationOpened(_RectificationEvent):
    """Failing rows became a case of the department that owns them."""

    wire_name: ClassVar[str] = "quality.rectification.opened.v1"

    rows: int
    is_relapse: bool


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RowsCorrected(_RectificationEvent):
    """Failing rows were corrected and published."""

    wire_name: ClassVar[str] = "quality.rows.corrected.v1"

    rows: int
    batch_id: UUID


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationRowsTaken(_RectificationEvent):
    """Somebody downloaded the rows of a rectification in full."""

    wire_name: ClassVar[str] = "quality.rectification-rows.taken.v1"

    rows: int
    file_format: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RuleObjectedTo(_RectificationEvent):
    """The owner of failing rows holds that the rule is wrong."""

    wire_name: ClassVar[str] = "quality.rule.objected-to.v1"

    rule: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationEnded(_RectificationEvent):
    """A rectification ended: the rows pass, or the rule was at fault."""

    wire_name: ClassVar[str] = "quality.rectification.ended.v1"

    end: str
    score_before: float | None
    score_after: float | None
