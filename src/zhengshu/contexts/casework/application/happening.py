"""Letting an event happen to a case: what timers, messages and signals have in common."""

from collections.abc import Mapping
from datetime import datetime

from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.records import StepKind
from zhengshu.contexts.casework.models import Wait


def happen(case: WorkingCase, wait: Wait, *, data: Mapping[str, Value], at: datetime, text: str = "") -> None:
    """Move a locked case on by an event for which it waits, and store it; `text` is what came with it."""
    case.note(StepKind.EVENT_HAPPENED, at=at, outcome=wait.event, reason=text)
    stepped = case.type.engine.happen(
        state=case.state, data={**case.row.data, **data}, token=wait.token, event=wait.event
    )
    # A timer that does not interrupt stays known to its token; any other wait is over when it happened.
    Wait.objects.filter(pk=wait.pk).delete()
    case.advance(stepped, at=at)
    case.store(at=at)
