"""Asking registers what a person would otherwise answer in one thing, about himself, for the forms that he began."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.exchange import api as exchange
from zhengshu.contexts.services.application.offering import offered
from zhengshu.contexts.services.domain.one_things import OneThing, Prefill
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused

log = structlog.get_logger(__name__)

OFFICIAL: Final = "zhengshu-one-things"
"""Who asks: the platform itself, for whoever fills in the form; who that is stands in the draft that the call names."""


def prefill_drafts(
    thing: OneThing, drafts: Mapping[str, UUID], *, actor: Actor, at: datetime
) -> dict[str, list[str]]:
    """Answer what registers know, in every form that asks it, and return who said what and when, by question.

    A person is looked for by his own verified number only. What keeps a register from answering (no grant, not
    reachable) leaves its questions to the person.

    Basis: Decree 809, articles 19 and 25.
    """
    number = trust.own_citizen_id(actor=actor)
    said: dict[str, list[str]] = {}
    for prefill in thing.prefill:
        if number is None or prefill.item not in drafts:
            continue
        try:
            source, rows = _asked(prefill, str(number), draft_id=drafts[prefill.item], at=at)
        except Refused as refusal:
            log.info("services.one-thing-not-prefilled", resource=prefill.resource, why=refusal.code)
            continue
        settled = _settled(prefill, actor=actor, at=at)
        answers = prefill.answers(rows, settled=settled, on=timezone.localdate(at))
        for draft_id in drafts.values():
            for key in _answered(draft_id, answers, actor=actor, at=at):
                said[key] = [source, at.isoformat()]
    return said


def _settled(prefill: Prefill, *, actor: Actor, at: datetime) -> frozenset[str]:
    """Return the days that valid certificates of the actor's own say of what a register is asked about."""
    if prefill.settled is None:
        return frozenset()
    told = prefill.settled
    own = certificates.own_certificates(actor=actor, at=at)
    valid = (one for one in own if one.is_valid and one.type_code == told.certificate)
    return frozenset(one.values.get(told.field, "") for one in valid)


def _asked(
    prefill: Prefill, number: str, *, draft_id: UUID, at: datetime
) -> tuple[str, list[Mapping[str, str]]]:
    version = offered(prefill.item, on=timezone.localdate(at))
    if version is None or version.item.department_id is None:
        return "", []
    register = exchange.open_register(
        resource=prefill.resource,
        department_id=version.item.department_id,
        purpose=prefill.purpose,
        official=OFFICIAL,
        at=at,
    )
    pages = register.rows(key={prefill.key: number}, columns=prefill.columns, case=str(draft_id))
    return register.source, [row for page in pages for row in page.rows]


def _answered(draft_id: UUID, answers: Mapping[str, str], *, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Give a form the answers that it asks for and can take, and return their keys."""
    fitting = {
        one.key: (answers[one.key],)
        for one in casework.form_questions(draft_id=draft_id, actor=actor)
        if one.is_typed
        and one.key in answers
        and (not one.options or answers[one.key] in {value for value, _label in one.options})
    }
    if fitting:
        casework.answer_draft(draft_id=draft_id, answers=fitting, actor=actor, at=at)
    return tuple(fitting)
