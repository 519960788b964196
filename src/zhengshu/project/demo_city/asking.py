"""The share requests of the city, each brought to its state by the people whose step it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.conf import settings

from zhengshu.contexts.exchange import api as exchange
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.dates import CHINA
from zhengshu.kernel.identity import RequestId, SystemId
from zhengshu.project.demo_city.accounts import PLATFORM, official_actor
from zhengshu.project.demo_city.platform_content import Platform, Request

Say = Callable[[str], None]
NAMES: Final = UUID("5f0c4a6e-2b7d-5d5e-9b43-470500470500")
"""The name space of the requests' ids: the same request has the same id in every installation."""

_VALID: Final = timedelta(days=180)
_STEP: Final = timedelta(hours=3)
_FORMS_PER_SECOND: Final = 100
_FORMS_PER_DAY: Final = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request on its way: who provides, and the time of its next step."""

    wanted: Request
    provider: str
    id: RequestId
    started: datetime

    def at(self, step: int) -> datetime:
        """Return the time of a step; the provider's answer comes the day after."""
        return self.started + _STEP * (step + (5 if step > 1 else 0))


def install_requests(platform: Platform, codes: Mapping[str, str], *, at: datetime, say: Say) -> None:
    """Bring every request that is not yet there to its state."""
    providers = {resource.key: resource.department for resource in platform.resources}
    for wanted in platform.requests:
        request_id = RequestId(uuid5(NAMES, wanted.key))
        started = _morning(at, days_ago=wanted.days_ago)
        asked = _Asked(wanted=wanted, provider=providers[wanted.resource], id=request_id, started=started)
        state = _state(request_id)
        if state is None:
            say(f"asking for {wanted.resource}: {wanted.key}")
            _draft(asked, code=codes[wanted.resource])
            state = exchange.RequestState.DRAFT
        while state is not wanted.until and state in _STEPS:
            _STEPS[state](asked)
            state = _state(request_id) or state


def install_own_uses(platform: Platform, codes: Mapping[str, str], *, at: datetime) -> None:
    """Let the platform read, as each department's system, what it fills into the forms of that department's items."""
    providers = {resource.key: resource.department for resource in platform.resources}
    for wanted in platform.own_uses:
        department = providers[wanted.resource]
        exchange.allow_own_use(
            resource_code=codes[wanted.resource],
            system_id=system_of(settings.FORMS_SYSTEM, department, at=at),
            columns=wanted.columns,
            purpose=wanted.purpose,
            per_second=_FORMS_PER_SECOND,
            per_day=_FORMS_PER_DAY,
            valid_until=at + _VALID,
            actor=official_actor(f"{department}.head"),
            at=at,
        )


def _morning(at: datetime, *, days_ago: int) -> datetime:
    morning = (
        (at - timedelta(days=days_ago)).astimezone(CHINA).replace(hour=9, minute=20, second=0, microsecond=0)
    )
    return min(morning, at - timedelta(hours=1))


def _state(request_id: RequestId) -> exchange.RequestState | None:
    try:
        return exchange.request(request_id=request_id, actor=PLATFORM).state
    except exchange.RequestNotFound:
        return None


def _draft(asked: _Asked, *, code: str) -> None:
    wanted, officer = asked.wanted, official_actor(f"{asked.wanted.consumer}.officer")
    exchange.draft_request(
        resource_code=code,
        statement=exchange.Statement(
            legal_basis=wanted.legal_basis,
            scenario=wanted.scenario,
            purpose=wanted.purpose,
            columns=wanted.columns,
            valid_until=asked.started + _VALID,
            system_id=system_of(wanted.system, wanted.consumer, at=asked.at(0)),
            is_declared=True,
            per_second=wanted.per_second,
            per_day=wanted.per_day,
        ),
        actor=officer,
        at=asked.at(0),
        request_id=asked.id,
    )


def system_of(name: str, department: str, *, at: datetime) -> SystemId:
    """Return the system of that name of a department; it is registered where it is missing."""
    officer = official_actor(f"{department}.officer")
    for system in trust.consuming_systems(actor=officer):
        if system.name == name and system.department_id == officer.department_id:
            return system.id
    if officer.department_id is None:
        message = f"{officer.name} works in no department"
        raise TypeError(message)
    return trust.register_consuming_system(
        name=name, department_id=officer.department_id, actor=officer, at=at
    ).id


def _submit(asked: _Asked) -> None:
    officer = official_actor(f"{asked.wanted.consumer}.officer")
    exchange.submit_request(request_id=asked.id, actor=officer, at=asked.at(0))


def _approve(asked: _Asked) -> None:
    head = official_actor(f"{asked.wanted.consumer}.head")
    exchange.approve_request(request_id=asked.id, is_approved=True, actor=head, at=asked.at(1))


def _answer(asked: _Asked) -> None:
    wanted = asked.wanted
    if wanted.until is exchange.RequestState.COMPLETION:
        answer = exchange.Answer(kind=exchange.AnswerKind.ASK_COMPLETION, reason=wanted.notice)
    elif wanted.refusal is not None:
        answer = exchange.Answer(
            kind=exchange.AnswerKind.REFUSE,
            ground=wanted.refusal.ground,
            reason=wanted.refusal.reason,
            basis=wanted.refusal.basis,
        )
    elif wanted.agreement is not None:
        answer = exchange.Answer(
            kind=exchange.AnswerKind.AGREE, reason=wanted.agreement.reason, masks=wanted.agreement.masks
        )
    else:
        answer = exchange.Answer(kind=exchange.AnswerKind.AGREE)
    officer = official_actor(f"{asked.provider}.officer")
    exchange.answer_request(request_id=asked.id, answer=answer, actor=officer, at=asked.at(2))


def _review(asked: _Asked) -> None:
    reviewer = official_actor("data.reviewer")
    exchange.review_request(request_id=asked.id, is_confirmed=True, actor=reviewer, at=asked.at(3))


def _deliver(asked: _Asked) -> None:
    officer = official_actor(f"{asked.provider}.officer")
    exchange.deliver_request(request_id=asked.id, actor=officer, at=asked.at(4))


_STEPS: Final[Mapping[exchange.RequestState, Callable[[_Asked], None]]] = {
    exchange.RequestState.DRAFT: _submit,
    exchange.RequestState.HEAD_APPROVAL: _approve,
    exchange.RequestState.PROVIDER_ANSWER: _answer,
    exchange.RequestState.AUTHORITY_REVIEW: _review,
    exchange.RequestState.DELIVERY: _deliver,
}
