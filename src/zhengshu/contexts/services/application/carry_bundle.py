"""Sending one thing once, beginning its parts as soon as they may, and following them to the common result."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.services.application.begin_bundle import definition_of
from zhengshu.contexts.services.application.issue_results import ALWAYS, NUMBER
from zhengshu.contexts.services.application.one_thing_pack import OneThingNotFound
from zhengshu.contexts.services.application.submit_application import submit_application
from zhengshu.contexts.services.domain.applications import ApplicationState, state_at
from zhengshu.contexts.services.domain.one_things import (
    OneThing,
    PartState,
    ThingState,
    hopeless,
    startable,
    together,
)
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.events import BundleEnded, BundleSent
from zhengshu.contexts.services.models import ServiceItem
from zhengshu.contexts.services.models.bundles import Bundle, BundlePart
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId

log = structlog.get_logger(__name__)


class AnswersMissing(Refused):
    """Something that is asked was not answered, or not rightly; nothing was sent."""

    code = "services.one-thing-answers-missing"
    kind = Kind.CONFLICT
    message = "Some answers are missing or wrong. Look at the marked questions; nothing was sent yet."


@dataclass(slots=True)
class _Standing:
    """A bundle with its parts, locked."""

    row: Bundle
    thing: OneThing
    parts: dict[str, BundlePart]

    @property
    def states(self) -> Mapping[str, PartState]:
        return {item: PartState(part.state) for item, part in self.parts.items()}

    @property
    def after(self) -> Mapping[str, tuple[str, ...]]:
        return {part.item: part.after for part in self.thing.parts}


@transaction
def send_bundle(*, bundle_id: UUID, channel: Channel, actor: Actor, at: datetime) -> None:
    """Send a bundle: its parts begin in their departments, but for those that wait for another's result. Once.

    Raises:
        OneThingNotFound: it is somebody else's, or there is none.
        AnswersMissing: a question is open.
        Refused: whatever sending a form refuses; then nothing was sent.
    """
    if not Bundle.objects.visible_to(actor).filter(pk=bundle_id).exists():
        raise OneThingNotFound
    standing = _locked(bundle_id)
    if standing.row.sent_at is not None:
        return
    later = {part.item: set(part.takes) for part in standing.thing.parts}
    for item, part in standing.parts.items():
        questions = casework.form_questions(draft_id=part.draft_id, actor=actor)
        if any(one.fault is not None and one.key not in later[item] for one in questions):
            raise AnswersMissing
    standing.row.sent_at, standing.row.channel = at, channel.value
    standing.row.save(update_fields=["sent_at", "channel"])
    publish(BundleSent(at=at, actor=actor, subject=_subject(standing.row), bundle=standing.row.code))
    _go_on(standing, actor=actor, at=at)


@transaction
def withdraw_bundle(*, bundle_id: UUID, reason: str, actor: Actor, at: datetime) -> None:
    """Take back what has not ended; what has ended stays. A second time changes nothing.

    Raises:
        ReasonMissing: no reason was given.
        OneThingNotFound: it is somebody else's, or there is none.
    """
    if not Bundle.objects.visible_to(actor).filter(pk=bundle_id).exists():
        raise OneThingNotFound
    standing = _locked(bundle_id)
    for part in standing.parts.values():
        if part.state == PartState.OPEN and part.case_id is not None:
            casework.withdraw_case(case_id=CaseId(part.case_id), reason=reason, actor=actor, at=at)
            part.state = PartState.WITHDRAWN.value
        elif part.state == PartState.WAITING:
            part.state = PartState.WITHDRAWN.value
        part.save(update_fields=["state"])
    _conclude(standing, at=at)


@transaction
def withdraw_part(
    *, draft_id: UUID, reason: str, actor: Actor, at: datetime, idempotency_key: str = ""
) -> None:
    """Take one part back: what waits for it is not begun, everything else goes on.

    Raises:
        OneThingNotFound: there is no such part of the actor.
        CaseNotFound, CaseClosedAlready, NotYourTask, ReasonMissing: as for taking any case back.
    """
    found = BundlePart.objects.visible_to(actor).filter(draft_id=draft_id, case_id__isnull=False).first()
    if found is None or found.case_id is None:
        raise OneThingNotFound
    standing = _locked(found.bundle_id)
    casework.withdraw_case(
        case_id=CaseId(found.case_id), reason=reason, actor=actor, at=at, idempotency_key=idempotency_key
    )
    part = standing.parts[found.item]
    part.state = PartState.WITHDRAWN.value
    part.save(update_fields=["state"])
    _go_on(standing, actor=actor, at=at)


@transaction
def follow_part(event: CaseClosed) -> None:
    """Take over how the case of a part ended, begin what waited for it, and drop what can never begin."""
    found = BundlePart.objects.filter(case_id=event.case_id).values_list("bundle_id", "item").first()
    if found is None:
        return
    standing = _locked(found[0])
    part = standing.parts[found[1]]
    if part.state != PartState.OPEN:
        return
    part.state = _ended(event.end).value
    part.save(update_fields=["state"])
    actor = trust.actor_of(official_id=standing.row.applicant_id)
    _go_on(standing, actor=actor, at=event.at)


def _go_on(standing: _Standing, *, actor: Actor, at: datetime) -> None:
    """Begin what may begin, also after what was done at once; drop what never can; conclude with the last part."""
    while ready := startable(standing.states, standing.after):
        for item in ready:
            _begin(standing, item, actor=actor, at=at)
    for item in hopeless(standing.states, standing.after):
        dropped = standing.parts[item]
        dropped.state = PartState.DROPPED.value
        dropped.save(update_fields=["state"])
    _conclude(standing, at=at)


def _ended(end: str) -> PartState:
    state = state_at(end)
    if state is ApplicationState.GRANTED:
        return PartState.DONE
    return PartState.WITHDRAWN if state is ApplicationState.WITHDRAWN else PartState.FAILED


def _begin(standing: _Standing, item: str, *, actor: Actor, at: datetime) -> None:
    """Send the form of a part, with what earlier parts have found out. What refuses it is noted; the others go on."""
    part = standing.parts[item]
    try:
        _send(standing, part, actor=actor, at=at)
    except Refused as refusal:
        if standing.row.sent_at == at:
            raise
        log.warning("services.part-not-begun", item=item, why=refusal.code)
        part.state, part.fault = PartState.FAILED.value, str(refusal)
    part.save(update_fields=["state", "fault", "case_id", "number"])


@transaction
def _send(standing: _Standing, part: BundlePart, *, actor: Actor, at: datetime) -> None:
    takes = next(one.takes for one in standing.thing.parts if one.item == part.item)
    for source, values in _taken(standing, takes).items():
        casework.hand_over(draft_id=part.draft_id, values=values, source=source, actor=actor, at=at)
    sent = submit_application(
        draft_id=part.draft_id,
        channel=Channel(standing.row.channel),
        bundle_id=standing.row.id,
        actor=actor,
        at=at,
    )
    part.case_id, part.number = sent.case_id, sent.number
    part.state = (PartState.OPEN if sent.state is ApplicationState.OPEN else PartState.DONE).value


def _taken(standing: _Standing, takes: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    """Return what a part takes over from earlier ones, by who says so: the earlier item and its case's number."""
    always = {key: text.removeprefix(ALWAYS) for key, text in takes.items() if text.startswith(ALWAYS)}
    wanted: dict[str, dict[str, str]] = defaultdict(dict)
    for key, place in takes.items():
        item, _dot, name = place.partition(".")
        if item in standing.parts:
            wanted[item][key] = name
    names = dict(ServiceItem.objects.filter(code__in=wanted).values_list("code", "name"))
    found: dict[str, Mapping[str, str]] = {}
    for item, keys in wanted.items():
        earlier = standing.parts[item]
        if earlier.case_id is not None:
            told = {**casework.case_answers(case_id=CaseId(earlier.case_id)), NUMBER: earlier.number}
            source = f"{names.get(item, item)} {earlier.number}"
            found[source] = {**always, **{key: told.get(name, "") for key, name in keys.items()}}
    return found


def _locked(bundle_id: UUID) -> _Standing:
    row = Bundle.objects.select_for_update().get(pk=bundle_id)
    return _Standing(
        row=row, thing=definition_of(row), parts={part.item: part for part in row.parts.order_by("position")}
    )


def _conclude(standing: _Standing, *, at: datetime) -> None:
    row = standing.row
    state = together(standing.states.values())
    if row.ended_at is not None or state is ThingState.OPEN:
        return
    row.state, row.ended_at = state.value, at
    row.save(update_fields=["state", "ended_at"])
    publish(
        BundleEnded(
            at=at,
            actor=Actor.platform("services.one-things"),
            subject=_subject(row),
            bundle=row.code,
            end=state.value,
        )
    )


def _subject(row: Bundle) -> Subject:
    return Subject("bundle", str(row.id), row.code)
