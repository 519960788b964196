"""Delivering a message for which the flow of a case waits."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from zhengshu.contexts.casework.application.commands_once import was_handled
from zhengshu.contexts.casework.application.happening import happen
from zhengshu.contexts.casework.application.queries import record_of
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.completing import NotYourTask, checked_data
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.flow_graph import TriggerKind
from zhengshu.contexts.casework.domain.records import CaseRecord
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId


class MessageNotAwaited(Refused):
    """The case does not wait for such a message (any more); nothing was changed."""

    code: ClassVar[str] = "casework.message-not-awaited"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The case %(number)s does not wait for the message “%(name)s” now."


@transaction
def deliver_message(
    *,
    case_id: CaseId,
    name: str,
    data: Mapping[str, Value],
    actor: Actor,
    at: datetime,
    idempotency_key: str = "",
) -> CaseRecord:
    """Move a case on by a message for which it waits; of several places the one that waits longest gets it.

    A message repeated with the same idempotency key changes nothing and gets the case as it now stands.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: the case has ended.
        NotYourTask: the type lets others deliver the message.
        MessageNotAwaited: the case does not wait for it.
        DataNotDeclared: data that the type does not know.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "message": name, "data": dict(data)}
    if was_handled("deliver-message", idempotency_key, command, actor=actor, at=at):
        return record_of(case.row, actor=actor, at=at)
    case.check_open()
    rule = case.type.definition.incoming.get(name)
    if rule is None or not (actor.is_platform or any(case.is_in_lane(lane) for lane in rule.lanes)):
        raise NotYourTask
    wait = case.row.waits.filter(kind=TriggerKind.MESSAGE.value, name=name).order_by("id").first()
    if wait is None:
        raise MessageNotAwaited(number=case.row.number, name=case.type.text(f"incoming.{name}"))
    happen(case, wait, data=checked_data(case.type.definition, data), at=at)
    return record_of(case.row, actor=actor, at=at)
