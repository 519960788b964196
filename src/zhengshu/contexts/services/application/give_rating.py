"""Rating a service: once for each case or visit; what is bad is mended by a case (`open_rectifications`)."""

from datetime import datetime
from uuid import UUID, uuid4

from django.utils import timezone

from zhengshu.contexts.services.application.invite_rating import PLATFORM, policy_in_force
from zhengshu.contexts.services.application.open_visit import is_own_matter
from zhengshu.contexts.services.application.rating_link import invitation_behind
from zhengshu.contexts.services.domain.ratings import (
    BAD,
    RatingDraft,
    check_rating,
    released_after,
    stars_of,
    without_identity,
)
from zhengshu.contexts.services.events import RatingGiven
from zhengshu.contexts.services.models import Rater, Rating, RatingCell, RatingInvitation
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import OFFICIALS, Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId, new_id

SUBJECT = "rating"


class NothingToRate(Refused):
    """There is nothing of yours under this address; your ratings due are listed in your space."""

    code = "services.nothing-to-rate"
    kind = Kind.NOT_FOUND
    message = (
        "Nothing can be rated at this address. Check the link or the code; once signed in, you find what you may rate "
        "under My ratings."
    )


class RatedAlready(Refused):
    """Each case and each visit is rated once; your first rating counts."""

    code = "services.rated-already"
    kind = Kind.CONFLICT
    message = "This service was rated already. The first rating counts."


class RatingTooLate(Refused):
    """The time in which the service could be rated is over."""

    code = "services.rating-too-late"
    message = "This service could be rated until %(until)s."


class RatingOwnWork(Refused):
    """Officials of the rated department, and whoever made the code of a visit, do not rate it."""

    code = "services.rating-own-work"
    kind = Kind.FORBIDDEN
    message = "You work in the department that is rated here, or made this code. Only who was served rates the service."


@transaction
def rate_case(*, invitation_id: UUID, draft: RatingDraft, actor: Actor, at: datetime) -> None:
    """Take the rating of a case by the person who had asked for it.

    Raises:
        NothingToRate: the invitation is not the actor's.
        RatedAlready: it was used.
        RatingTooLate: it has run out.
        RatingOwnWork: the actor works in the rated department, or made the code.
        RatingUnfit: what was said is no rating of such a service.
    """
    rows = RatingInvitation.objects.visible_to(actor).filter(case_id__isnull=False)
    _take(rows.select_for_update().filter(pk=invitation_id).first(), draft, actor=actor, at=at)


@transaction
def rate_visit(*, code: str, draft: RatingDraft, actor: Actor, at: datetime) -> None:
    """Take the rating of a visit at a window by whoever has its code; nobody has to sign in.

    Raises:
        NothingToRate: there is no such code.
        RatedAlready: it was used.
        RatingTooLate: it has run out.
        RatingOwnWork: the actor works in the rated department, or made the code.
        RatingUnfit: what was said is no rating of such a service.
    """
    rows = RatingInvitation.objects.filter(case_id=None, code=code)
    _take(rows.select_for_update().first(), draft, actor=actor, at=at)


@transaction
def rate_by_link(*, code: str, draft: RatingDraft, actor: Actor, at: datetime) -> None:
    """Take the rating of a case by whoever has its link; nobody has to sign in.

    Raises:
        NothingToRate: the link is none of ours, or somebody else's than who is signed in.
        RatedAlready: the case was rated, by this link or otherwise.
        RatingTooLate: it has run out.
        RatingOwnWork: the actor works in the rated department, or made the code.
        RatingUnfit: what was said is no rating of such a service.
    """
    key = invitation_behind(code, actor=actor)
    rows = RatingInvitation.objects.filter(pk=key) if key else RatingInvitation.objects.none()
    _take(rows.select_for_update().first(), draft, actor=actor, at=at)


def _take(row: RatingInvitation | None, draft: RatingDraft, *, actor: Actor, at: datetime) -> None:
    if row is None:
        raise NothingToRate
    if _is_own_work(row, actor):
        raise RatingOwnWork
    if row.used_at is not None:
        raise RatedAlready
    if row.expires_at <= at:
        raise RatingTooLate(until=f"{timezone.localdate(row.expires_at):%Y-%m-%d}")
    check_rating(draft, is_online=row.is_online)
    row.used_at = at
    row.save(update_fields=["used_at"])
    cell = _next_place(row)
    desk_id = _desk_for(row.department_id)
    person_id = row.person_id or (actor.id if actor.is_signed_in else None)
    rating = Rating(
        id=uuid4(),  # one that is ordered by time would tell the moment
        cell=cell,
        place=cell.taken,
        level=draft.level.value,
        stars=stars_of(draft.level),
        channel=draft.channel.value,
        indicators={key.value: level.value for key, level in draft.indicators.items()},
        words=without_identity(draft.words.strip(), names=_names(row, actor)),
        given_on=timezone.localdate(at),
        desk_id=desk_id,
    )
    rating.save(force_insert=True)
    _release(cell, at=at)
    rater = Rater(id=new_id(), rating=rating, invitation=row, person_id=person_id)
    rater.words, rater.contact = draft.words.strip(), draft.contact.strip()
    rater.save(force_insert=True)
    publish(
        RatingGiven(
            at=at,
            actor=PLATFORM,
            subject=subject_of(rating),
            department_id=DepartmentId(desk_id),
            is_bad=draft.level in BAD,
        )
    )


def _is_own_work(row: RatingInvitation, actor: Actor) -> bool:
    """Whether an official would rate his own department, or a clerk a code that he made: by whatever account."""
    if actor.has(*OFFICIALS) and actor.department_id == row.department_id:
        return True
    if row.made_by is None or row.visit_id is None:
        return False
    is_maker = actor.is_signed_in and row.made_by in trust.related_accounts(account_ids=[actor.id])
    return is_maker or is_own_matter(row.visit_id, account_id=row.made_by)


def _names(row: RatingInvitation, actor: Actor) -> set[str]:
    ids = {one for one in (row.person_id, actor.id if actor.is_signed_in else None) if one}
    enterprises = [row.enterprise_id] if row.enterprise_id else []
    return {
        *trust.names_of(ids=ids).values(),
        *trust.enterprise_names(ids=enterprises).values(),
        row.case_number,
    }


def _next_place(row: RatingInvitation) -> RatingCell:
    """Lock the cell and count one more; whoever rates in the same one waits."""
    cell, _is_new = RatingCell.objects.get_or_create(
        department_id=row.department_id,
        item_code=row.item_code,
        window=row.window,
        defaults={"department_name": row.department_name, "item_name": row.item_name},
    )
    locked = RatingCell.objects.select_for_update().get(pk=cell.pk)
    locked.taken += 1
    return locked


def _release(cell: RatingCell, *, at: datetime) -> None:
    """Publish the batch when it is whole."""
    least = policy_in_force().least_together
    released = released_after(taken=cell.taken, released=cell.released, least=least)
    if released != cell.released:
        cell.released = released
        cell.ratings.filter(released_on=None).update(released_on=timezone.localdate(at))
    cell.save(update_fields=["taken", "released"])


def _desk_for(department_id: UUID) -> UUID:
    """Return the office that calls back: the data authority, never the rated department while there is another."""
    try:
        return trust.common_data_authority(department_ids=[department_id], other_than=[department_id]).id
    except trust.DataAuthorityUnknown:
        return department_id


def subject_of(rating: Rating) -> Subject:
    """Return what the audit shows of a rating: never who gave it."""
    return Subject(SUBJECT, str(rating.id), rating.cell.item_name)
