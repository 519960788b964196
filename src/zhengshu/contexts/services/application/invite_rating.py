"""Inviting somebody to rate a case that ended, once; visits at windows are in `open_visit`."""

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
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

PLATFORM = Actor.platform("services.ratings")
WITHDRAWN = "withdrawn"
INVITATIONS: Final = UUID("6f3a7c52-0d0e-5f0b-9b41-5d1f4c8e2a90")
"""The namespace of the ids of invitations to rate a case."""
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that are read as others."""
CODE_LENGTH = 12
MOST_WINDOW = 40


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
