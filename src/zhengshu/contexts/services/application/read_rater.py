"""The call-back desk reads who rated: one at a time, for a reason, and the audit notes it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.services.application.give_rating import subject_of
from zhengshu.contexts.services.events import RaterRead
from zhengshu.contexts.services.models import Rater
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused


class RaterNotFound(Refused):
    """Who rated is told to the call-back desk alone; ask the data authority to call back."""

    code = "services.rater-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such rating, or who gave it is not for you to know."


class RatingSettled(Refused):
    """The rectification has ended, and nobody has to be called any more."""

    code = "services.rating-settled"
    kind = Kind.CONFLICT
    message = "The rectification of this rating has ended; nobody has to be called any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterRecord:
    """Who rated, and what he wrote in full.

    Attributes:
        name: the person's name; empty for somebody who did not sign in at the window.
        enterprise: the enterprise for which he had asked.
        contact: what he left to be reached by.
        words: what he wrote, with everything in it.
        case_number: the case that he rated; empty for a visit.
        made_by: the clerk who made the code of the visit; empty for a case.
    """

    name: str
    enterprise: str
    contact: str
    words: str
    case_number: str
    made_by: str


@transaction
def read_rater(*, rating_id: UUID, actor: Actor, at: datetime) -> RaterRecord:
    """Return who gave a bad rating, and note in the audit that it was read.

    Raises:
        RaterNotFound: the actor does not work at the call-back desk of this rating.
        RatingSettled: its rectification has ended.
    """
    rows = Rater.objects.visible_to(actor).select_related("rating__cell", "invitation")
    row = rows.filter(rating_id=rating_id).first()
    if row is None:
        raise RaterNotFound
    if row.rating.rectified_at is not None:
        raise RatingSettled
    publish(RaterRead(at=at, actor=actor, subject=subject_of(row.rating), department_id=actor.department_id))
    people = trust.names_of(ids=[one for one in (row.person_id, row.invitation.made_by) if one])
    enterprise_id = row.invitation.enterprise_id
    enterprises = trust.enterprise_names(ids=[enterprise_id] if enterprise_id else [])
    return RaterRecord(
        name=people.get(row.person_id, "") if row.person_id else "",
        enterprise=next(iter(enterprises.values()), ""),
        contact=row.contact,
        words=row.words,
        case_number=row.invitation.case_number,
        made_by=people.get(row.invitation.made_by, "") if row.invitation.made_by else "",
    )
