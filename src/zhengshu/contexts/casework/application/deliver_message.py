"""Delivering a message for which the flow of a case waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from zhengshu.contexts.casework.application.commands_once import was_handled
from zhengshu.contexts.casework.application.documents import add_document
from zhengshu.contexts.casework.application.happening import happen
from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.application.queries import record_of
from zhengshu.contexts.casework.application.working import CaseNotFound, WorkingCase
from zhengshu.contexts.casework.domain.completing import DataNotDeclared, NotYourTask, checked_data
from zhengshu.contexts.casework.domain.definitions import Incoming
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.flow_graph import TriggerKind
from zhengshu.contexts.casework.domain.records import CaseRecord
from zhengshu.contexts.casework.message_events import MessageArrived
from zhengshu.contexts.casework.models import Case, Wait
from zhengshu.foundation.files.keeping import KeptFile
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId


class MessageNotAwaited(Refused):
    """The case does not wait for such a message (any more); nothing was changed."""

    code: ClassVar[str] = "casework.message-not-awaited"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The case %(number)s does not wait for the message “%(name)s” now."


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """Something besides people for which a case waits.

    Attributes:
        event: the event of the flow.
        kind: a time, a message or a signal.
        name: what it is called, in the reader's language.
        due_at: when a timer goes off.
        is_mine: whether the reader may say that the message arrived.
    """

    event: str
    kind: TriggerKind
    name: str
    due_at: datetime | None
    is_mine: bool


def awaited(*, case_id: CaseId, kind: LoadedType, actor: Actor) -> tuple[Awaited, ...]:
    """Return what a case waits for besides people, each message and time once.

    Raises:
        CaseNotFound: there is none, or the actor may not see it.
    """
    if not kind.waits:
        return ()
    row = Case.objects.visible_to(actor).filter(pk=case_id).first()
    if row is None:
        raise CaseNotFound
    waits = {(wait.kind, wait.name or wait.event): wait for wait in row.waits.order_by("-id")}
    if not waits:
        return ()
    case = WorkingCase.seen(row, actor=actor)
    return tuple(_awaited(case, wait) for wait in sorted(waits.values(), key=lambda wait: wait.pk))


def _awaited(case: WorkingCase, wait: Wait) -> Awaited:
    kind = TriggerKind(wait.kind)
    rule = case.type.definition.incoming.get(wait.name) if kind == TriggerKind.MESSAGE else None
    return Awaited(
        event=wait.event,
        kind=kind,
        name=case.type.event_name(wait.event),
        due_at=wait.due_at,
        is_mine=rule is not None and _may_deliver(case, rule),
    )


def _may_deliver(case: WorkingCase, rule: Incoming) -> bool:
    return case.actor.is_platform or any(case.is_in_lane(lane) for lane in rule.lanes)


@transaction
def deliver_message(
    *,
    case_id: CaseId,
    name: str,
    data: Mapping[str, Value],
    actor: Actor,
    at: datetime,
    text: str = "",
    file: KeptFile | None = None,
    idempotency_key: str = "",
) -> CaseRecord:
    """Move a case on by a message for which it waits; of several places the one that waits longest gets it.

    A message repeated with the same idempotency key changes nothing and gets the case as it now stands.

    Args:
        case_id: the case.
        name: of the message, as the flow has it.
        data: what comes with it; people may set only what the type says that the message brings.
        actor: a system or an official of a lane that the type names.
        at: now.
        text: what it says; it stands in the timeline.
        file: what came with it; it becomes a document of the case.
        idempotency_key: see above.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: the case has ended.
        NotYourTask: the type lets others deliver the message.
        MessageNotAwaited: the case does not wait for it.
        DataNotDeclared: data that the type does not know, or that the message does not bring.
        TooManyDocuments: the case holds as many documents as its type allows.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    digest = file.digest if file is not None else ""
    command: dict[str, object] = {"case": case_id, "message": name, "data": dict(data)}
    command |= {"text": text, "file": digest} if text or digest else {}
    if was_handled("deliver-message", idempotency_key, command, actor=actor, at=at):
        return record_of(case.row, actor=actor, at=at)
    case.check_open()
    rule = case.type.definition.incoming.get(name)
    if rule is None or not _may_deliver(case, rule):
        raise NotYourTask
    wait = case.row.waits.filter(kind=TriggerKind.MESSAGE.value, name=name).order_by("id").first()
    if wait is None:
        raise MessageNotAwaited(number=case.row.number, name=case.type.text(f"incoming.{name}"))
    known = checked_data(case.type.definition, data)
    _check_brought(case, rule, known)
    if file is not None:
        add_document(case, kept=file, at=at)
    case.announce(MessageArrived, at=at, message=name)
    happen(case, wait, data=known, at=at, text=text.strip())
    return record_of(case.row, actor=actor, at=at)


def _check_brought(case: WorkingCase, rule: Incoming, data: Mapping[str, Value]) -> None:
    """Refuse that people set by a message what it does not bring; the platform's systems may set any data."""
    for name, value in data.items():
        if name not in rule.brings and not case.actor.is_platform:
            raise DataNotDeclared(name=name, value=value, expected=", ".join(rule.brings) or "-")
