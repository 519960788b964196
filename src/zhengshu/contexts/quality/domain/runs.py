"""The life of an assessment, and what speaks against asking for one."""

from enum import StrEnum

from zhengshu.kernel.errors import Kind, Refused


class RunState(StrEnum):
    """Where a run stands. Only `WHOLE` has results; nothing of the others is ever shown as a result."""

    WAITING = "waiting"
    RUNNING = "running"
    WHOLE = "whole"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


OPEN_STATES = (RunState.WAITING, RunState.RUNNING)
RESUMABLE = (RunState.CANCELLED, RunState.FAILED, RunState.INTERRUPTED)


class RunCause(StrEnum):
    """Why a table was assessed."""

    HAND = "hand"
    BATCH = "batch"
    """A new batch was published."""
    SCHEDULE = "schedule"
    CORRECTION = "correction"
    """Rows were corrected in a rectification."""


class RunNotFound(Refused):
    """There is no such assessment, or the actor may not see it."""

    code = "quality.run-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such assessment, or it belongs to another department."


class RunUnderWay(Refused):
    """A table is assessed once at a time; two results of the same rows would say the same."""

    code = "quality.run-under-way"
    kind = Kind.CONFLICT
    message = "This table is being assessed already. Wait until it has finished, or stop it first."


class NothingToAssess(Refused):
    """Nothing of the resource is published in the lake."""

    code = "quality.nothing-to-assess"
    kind = Kind.CONFLICT
    message = "Nothing of this resource is served yet; deliver its rows first."


class NoRuleFits(Refused):
    """No rule speaks of the resource: none of its items uses a data element with rules, and no pack describes it."""

    code = "quality.no-rule-fits"
    kind = Kind.CONFLICT
    message = "No rule fits this resource. Tie its items to data elements in the catalogue, or add rules to the pack."


class NotToBeStopped(Refused):
    """The assessment has ended already."""

    code = "quality.not-to-be-stopped"
    kind = Kind.CONFLICT
    message = "The assessment has ended already; there is nothing to stop."


class NotToBeResumed(Refused):
    """Only an assessment that was stopped, failed or interrupted is taken up again."""

    code = "quality.not-to-be-resumed"
    kind = Kind.CONFLICT
    message = "Only an assessment that was stopped, failed or interrupted can be taken up again."


class AssessmentNotYours(Refused):
    """A department assesses its own tables; the data authority assesses all."""

    code = "quality.assessment-not-yours"
    kind = Kind.FORBIDDEN
    message = "Only the department that owns the table and the data authority may have it assessed."


class RowsNotShown(Refused):
    """Failing rows are shown to those who answer for them; others see counts."""

    code = "quality.rows-not-shown"
    kind = Kind.FORBIDDEN
    message = "Failing rows are shown only to the department that owns them and to the data authority."
