"""Inviting somebody to rate: once for each case that ended, once for each visit at a window."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

import msgspec
import yaml
from django.conf import settings

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.services.domain.ratings import RatingPolicy
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.models import RatingInvitation, ServiceItem
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId, new_id

PLATFORM = Actor.platform("services.ratings")
WITHDRAWN = "withdrawn"
INVITATIONS: Final = UUID("6f3a7c52-0d0e-5f0b-9b41-5d1f4c8e2a90")
"""The namespace of the ids of invitations to rate a case."""
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that are read as others."""
CODE_LENGTH = 12
MOST_WINDOW = 40


class VisitUnfit(Refused):
    """A visit is about an item of the clerk's own department, at a window that has a name."""

    code = "services.visit-unfit"
    message = "Choose an item of your own department and name the window."


class NotAtWindow(Refused):
    """Only window clerks give visit codes."""

    code = "services.not-at-window"
    kind = Kind.FORBIDDEN
    message = "Only window clerks give codes to rate a visit."


def policy_in_force() -> RatingPolicy:
    """Return how the city rates services."""
    path = settings.PACKS_FOLDER / "ratings" / "standard.yaml"
    return msgspec.convert(yaml.safe_load(path.read_text("utf-8")), RatingPolicy)


@transaction
def invite_after_case(event: CaseClosed) -> None:
    """Let the applicant of a case about a service item rate it; an event that comes twice invites once."""
    item = _rated_item(event.case_type)
    if item is not None and event.end != WITHDRAWN:
        _invite(item, casework.case(case_id=event.case_id, actor=PLATFORM, at=event.at))


@transaction
def invite_before_telling(*, case_ids: Iterable[UUID], at: datetime) -> None:
    """Let ended cases be rated before a message leaves that says where, should it be faster than their event.

    What was sent is not sent again with a link; whichever comes second finds the invitation of the first.
    """
    for case_id in case_ids:
        case = casework.case(case_id=CaseId(case_id), actor=PLATFORM, at=at)
        item = _rated_item(case.type)
        if item is not None and not case.is_open and case.state != WITHDRAWN:
            _invite(item, case)


def _rated_item(case_type: str) -> ServiceItem | None:
    return ServiceItem.objects.filter(case_type=case_type).exclude(state=ItemState.DRAFT).first()


def _invite(item: ServiceItem, case: casework.CaseRecord) -> None:
    """Invite the applicant; the id comes from the case, so that a link that was sent holds whatever is repeated."""
    if case.applicant is None or item.department_id is None:
        return
    ended_at = case.closed_at or case.opened_at
    is_online = case.opened_by == case.applicant.account_id
    RatingInvitation.objects.get_or_create(
        case_id=case.id,
        defaults={
            "id": uuid5(INVITATIONS, str(case.id)),
            "case_number": case.number,
            "item_code": item.code,
            "item_name": item.name,
            "department_id": item.department_id,
            "department_name": item.department_name,
            "window": "" if is_online else "综合窗口",
            "person_id": case.applicant.account_id,
            "enterprise_id": case.applicant.enterprise_id,
            "opened_at": ended_at,
            "expires_at": ended_at + timedelta(days=policy_in_force().open_days),
        },
    )


@transaction
def open_visit(*, item_code: str, window: str, actor: Actor, at: datetime) -> str:
    """Return a fresh code with which one visit at a window is rated, once; nobody notes who came.

    Raises:
        NotAtWindow: the actor is no window clerk.
        VisitUnfit: the item is another department's, or the window has no name.
    """
    if not actor.has(Role.WINDOW_CLERK) or actor.department_id is None:
        raise NotAtWindow
    items = ServiceItem.objects.visible_to(actor).filter(department_id=actor.department_id)
    item = items.filter(code=item_code, state=ItemState.PUBLISHED).first()
    window = " ".join(window.split())
    if item is None or not 0 < len(window) <= MOST_WINDOW:
        raise VisitUnfit
    row = RatingInvitation.objects.create(
        id=new_id(),
        code="".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)),
        item_code=item.code,
        item_name=item.name,
        department_id=actor.department_id,
        department_name=trust.department(department_id=actor.department_id).name,
        window=window,
        opened_at=at,
        expires_at=at + timedelta(days=policy_in_force().open_days),
    )
    return row.code or ""
