"""Telling people what happened in a case, as its type says; called once for each event, and safe if called again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from zhengshu.contexts.casework.application.messages.facts import Happened, facts_of
from zhengshu.contexts.casework.application.messages.outside import channels_now
from zhengshu.contexts.casework.application.messages.recipients import doers_of, heads_of, recipients
from zhengshu.contexts.casework.application.messages.send import queue_after_commit
from zhengshu.contexts.casework.application.naming import LoadedType, loaded
from zhengshu.contexts.casework.domain.message_rules import Channel, MessageRule, Occasion
from zhengshu.contexts.casework.domain.records import StepKind
from zhengshu.contexts.casework.events import (
    CaseClosed,
    CaseEvent,
    CaseOpened,
    CaseUrged,
    ClockExtended,
    ClockPaused,
    ClockResumed,
    CommentWritten,
    DocumentAdded,
    TaskCompleted,
    TaskEscalated,
    TaskHandedOver,
    TaskOpened,
)
from zhengshu.contexts.casework.models import Case, Delivery, Message, MessageChoice, Task, TimelineEntry
from zhengshu.foundation.statements import Insertion, Selection, Statement
from zhengshu.kernel.actors import Role

ANNOUNCED = (
    CaseOpened,
    TaskOpened,
    TaskHandedOver,
    TaskCompleted,
    TaskEscalated,
    CaseUrged,
    DocumentAdded,
    CommentWritten,
    ClockPaused,
    ClockResumed,
    ClockExtended,
    CaseClosed,
)
"""The events of which people may be told."""


_CASE = Selection(Case, "WHERE id = %s")
_TASK = Selection(Task, "WHERE id = %s")
_REASONS = Statement(
    "SELECT reason FROM casework_timeline_entry"
    " WHERE case_id = %s AND at = %s AND kind = %s AND reason <> ''"
    " ORDER BY number DESC LIMIT 1"
)
_WRITTEN = Insertion(Message, "ON CONFLICT DO NOTHING")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """An occasion, with whom it concerns and what words name."""

    occasion: Occasion
    happened: Happened
    doers: frozenset[UUID] = frozenset()


def tell_people(event: CaseEvent) -> int:
    """Write the messages that the case's type wants of an event, and queue their deliveries; return how many.

    Whom a rule that names the task tells of a to-do, those rules that name none do not tell of it again.
    """
    case = next(iter(_CASE.rows(event.case_id)), None)
    if case is None:
        return 0
    kind = loaded(case.version_id)
    if not kind.definition.messages:
        return 0
    told = _told(event, case)
    if told is None:
        return 0
    people = _reached(case, kind, told, by=event.actor.id)
    if people:
        facts = facts_of(case, kind, replace(told.happened, due_at=event.case_due_at), at=event.at)
        key = _key(event)
        _WRITTEN.run(
            *(
                Message(
                    case=case,
                    version_id=case.version_id,
                    code=code,
                    person_id=person,
                    occasion_key=key,
                    facts=facts,
                    at=event.at,
                )
                for code, reached in people.items()
                for person in sorted(reached)
            )
        )
        _send(event, case, kind.definition.messages, people, key=key)
    return sum(map(len, people.values()))


def _reached(case: Case, kind: LoadedType, told: _Told, *, by: UUID) -> dict[str, frozenset[UUID]]:
    """Return whom each rule reaches; rules that reach nobody are left out."""
    found: dict[str, frozenset[UUID]] = {}
    named: frozenset[UUID] = frozenset()
    is_own = _is_for_who_did_it(told.occasion, case, by=by)
    for code, rule in sorted(kind.definition.messages.items(), key=lambda one: not one[1].task):
        if not rule.covers(told.occasion, task=told.happened.task, outcome=told.happened.outcome):
            continue
        people = recipients(case, kind, rule, doers=told.doers)
        people = people if is_own else people - {by}
        if rule.task:
            named |= people
        else:
            people -= named
        if people:
            found[code] = people
    return found


def _send(
    event: CaseEvent,
    case: Case,
    rules: Mapping[str, MessageRule],
    people: Mapping[str, frozenset[UUID]],
    *,
    key: str,
) -> None:
    """Queue what people want by the channels that work now."""
    for code, reached in people.items():
        if offered := channels_now().intersection(rules[code].by):
            written = Message.objects.filter(case=case, code=code, occasion_key=key, person_id__in=reached)
            _deliver(dict(written.values_list("person_id", "pk")), offered, event)


def _is_for_who_did_it(occasion: Occasion, case: Case, *, by: UUID) -> bool:
    """Return whether a message also goes to whoever caused it: his own to-do, an applicant's receipt and end."""
    if occasion in {Occasion.OPENED, Occasion.CLOSED}:
        return by == case.applicant_id
    return occasion == Occasion.TASK_OPENED


def _deliver(messages: dict[UUID, UUID], offered: Collection[Channel], event: CaseEvent) -> None:
    """Queue what people want by other channels; what was queued before is not queued again."""
    fresh: list[Delivery] = []
    for choice in MessageChoice.objects.filter(person_id__in=messages):
        fresh += [
            Delivery(message_id=messages[choice.person_id], channel=channel.value, changed_at=event.at)
            for channel in sorted(offered)
            if choice.takes(channel)
        ]
    known = set(Delivery.objects.filter(message__in=messages.values()).values_list("message_id", "channel"))
    fresh = [one for one in fresh if (one.message_id, one.channel) not in known]
    Delivery.objects.bulk_create(fresh)
    queue_after_commit(one.pk for one in fresh)


def _told(event: CaseEvent, case: Case) -> _Told | None:
    """Return what an event tells; None for what is only for officials."""
    office = Happened(office_id=event.actor.department_id)
    match event:
        case CaseOpened():
            return _Told(occasion=Occasion.OPENED, happened=office)
        case DocumentAdded() | CommentWritten():
            return None if event.is_internal else _Told(occasion=_ADDED[type(event)], happened=office)
        case TaskOpened() | TaskHandedOver():
            return _of_task(event, case)
        case TaskCompleted():
            return _done(event, case)
        case CaseClosed():
            return _Told(occasion=Occasion.CLOSED, happened=replace(office, outcome=event.end))
    return _slow(event, case)


def _slow(event: CaseEvent, case: Case) -> _Told | None:
    """Return what is told of delays."""
    if isinstance(event, ClockPaused | ClockResumed | ClockExtended):
        return _of_clock(event, case)
    if isinstance(event, TaskEscalated):
        doers = heads_of(event.for_department_id, Role(event.for_role))
        return _Told(occasion=Occasion.ESCALATED, happened=Happened(clock=event.clock), doers=doers)
    if isinstance(event, CaseUrged):
        waiting = Task.objects.open().filter(case=case, department_id=event.for_department_id)
        return _Told(occasion=Occasion.URGED, happened=Happened(), doers=_all(waiting))
    return None


_ADDED: Mapping[type[CaseEvent], Occasion] = {
    DocumentAdded: Occasion.DOCUMENT_ADDED,
    CommentWritten: Occasion.COMMENTED,
}


def _done(event: TaskCompleted, case: Case) -> _Told:
    entry = _entry(case, event)
    happened = Happened(
        task=event.task,
        outcome=event.outcome,
        reason=entry.reason if entry else "",
        basis=event.basis,
        office_id=event.actor.department_id,
    )
    return _Told(occasion=Occasion.TASK_DONE, happened=happened)


def _of_task(event: TaskOpened | TaskHandedOver, case: Case) -> _Told:
    task = next(iter(_TASK.rows(event.task_id)), None)
    happened = Happened(
        task=event.task,
        reason=_asked(case, task) if task else "",
        office_id=task.department_id if task else None,
    )
    if isinstance(event, TaskHandedOver):
        doers = frozenset({event.to_person_id})
        return _Told(occasion=Occasion.TASK_HANDED_OVER, happened=happened, doers=doers)
    if task is not None:
        task.case = case
    doers = doers_of(task) if task and task.state == Task.State.OPEN else frozenset[UUID]()
    return _Told(occasion=Occasion.TASK_OPENED, happened=happened, doers=doers)


def _of_clock(event: ClockPaused | ClockResumed | ClockExtended, case: Case) -> _Told | None:
    """Return what is told of a clock; None where a to-do stopped it, which tells of it itself.

    Basis: Administrative Licensing Law, articles 42 and 45.
    """
    happened = Happened(clock=event.clock, office_id=event.actor.department_id)
    if isinstance(event, ClockExtended):
        steps = case.timeline.filter(kind=StepKind.CLOCK_EXTENDED.value, clock=event.clock, at=event.at)
        reason = steps.order_by("-number").values_list("reason", flat=True).first() or ""
        told = replace(happened, reason=reason, basis=event.basis)
        return _Told(occasion=Occasion.CLOCK_EXTENDED, happened=told)
    rule = loaded(case.version_id).definition.clocks[event.clock].pauses.get(event.ground)
    if rule is None or rule.while_task:
        return None
    told = replace(happened, ground=event.ground, basis=rule.basis)
    if isinstance(event, ClockResumed):
        return _Told(occasion=Occasion.CLOCK_RESUMED, happened=told)
    return _Told(occasion=Occasion.CLOCK_PAUSED, happened=replace(told, expected_at=event.expected_at))


def _asked(case: Case, task: Task) -> str:
    """Return what whoever decided before wrote when that led to a to-do: the list of what is missing, say."""
    return next(
        (str(reason) for (reason,) in _REASONS.rows(case.pk, task.opened_at, StepKind.TASK_COMPLETED.value)),
        "",
    )


def _all(tasks: Iterable[Task]) -> frozenset[UUID]:
    return frozenset(person for task in tasks for person in doers_of(task))


def _entry(case: Case, event: TaskCompleted) -> TimelineEntry | None:
    """Return what the timeline says of a to-do that ended; reasons are never announced."""
    entries = case.timeline.filter(task=event.task, outcome=event.outcome, at=event.at)
    return entries.order_by("-number").first()


def _key(event: CaseEvent) -> str:
    """Return what tells an occasion from all others."""
    parts = (
        event.wire_name,
        event.case_id,
        getattr(event, "task_id", ""),
        getattr(event, "document_id", ""),
        getattr(event, "for_department_id", ""),
        getattr(event, "for_role", ""),
        getattr(event, "clock", ""),
        event.at.isoformat(),
    )
    return sha256("|".join(map(str, parts)).encode()).hexdigest()
