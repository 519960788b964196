"""Having bad ratings mended: once a day, so that neither moment nor order of what follows tells who rated.

A case shows when it was opened: in its timeline, its lists, its exports, its messages, its number, its id. So it is
opened when the day on which somebody rated is over, together with those of the others, in an order drawn by lot.
"""

import secrets
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.services.application.give_rating import SUBJECT, subject_of
from zhengshu.contexts.services.application.invite_rating import PLATFORM
from zhengshu.contexts.services.events import BadRatingMended
from zhengshu.contexts.services.models import Rating
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.identity import DepartmentId

CASE_TYPE = "rating-rectification"
MORNING: Final = timedelta(hours=7)
"""After midnight: whoever calls back is told in the morning, and not by an SMS at night."""


def open_rectifications(*, at: datetime) -> int:
    """Open the rectifications of the bad ratings of past days; return how many. What was opened is not opened again.

    Their limits count from the day of the rating, as if each had been opened at once.

    Basis: 国办发〔2019〕51号.
    """
    over = Rating.objects.to_mend().filter(given_on__lt=timezone.localdate(at - MORNING))
    found = list(over.values_list("pk", flat=True))
    secrets.SystemRandom().shuffle(found)
    return sum(_open(key) for key in found)


@transaction
def _open(rating_id: UUID) -> bool:
    """Open one; neither its title nor its data lead to the case that was rated."""
    rows = Rating.objects.to_mend().select_for_update(of=("self",)).select_related("cell")
    rating = rows.filter(pk=rating_id).first()
    if rating is None:
        return False
    rated = DepartmentId(rating.cell.department_id)
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Bad rating: %(item)s") % {"item": rating.cell.item_name}
    case = casework.open_case(
        case_type=CASE_TYPE,
        subject=casework.CaseSubject(
            kind=SUBJECT, id=rating.id, title=title[:200], path=f"/services/ratings/bad/{rating.id}/"
        ),
        parties={"rated": rated, "desk": DepartmentId(rating.desk_id or rated)},
        data={},
        actor=PLATFORM,
        at=_end_of(rating),
    )
    rating.rectification_id, rating.rectification_number = case.id, case.number
    rating.save(update_fields=["rectification_id", "rectification_number"])
    return True


def _end_of(rating: Rating) -> datetime:
    """Return the last second of the day of a rating."""
    midnight = datetime.combine(rating.given_on + timedelta(days=1), time(), timezone.get_default_timezone())
    return midnight - timedelta(seconds=1)


@transaction
def follow_rectification(event: CaseClosed) -> None:
    """Note how the rectification of a bad rating ended; repeating it changes nothing."""
    row = Rating.objects.select_for_update(of=("self",)).filter(
        rectification_id=event.case_id, rectified_at=None
    )
    rating = row.select_related("cell").first()
    if rating is None:
        return
    rating.rectified_as, rating.rectified_at = event.end, event.at
    rating.save(update_fields=["rectified_as", "rectified_at"])
    publish(
        BadRatingMended(
            at=event.at,
            actor=PLATFORM,
            subject=subject_of(rating),
            department_id=DepartmentId(rating.cell.department_id),
            end=event.end,
        )
    )
