"""What an application adds to the figures for leaders: noted in its row when it is sent and when it ends."""

from collections.abc import Iterable
from typing import Final

import msgspec

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.domain.applications import ApplicationState, PreReview
from zhengshu.contexts.services.domain.limits import ItemLimit
from zhengshu.contexts.services.domain.numbers import days_saved
from zhengshu.contexts.services.domain.vocabulary import Channel, MaterialSource
from zhengshu.contexts.services.models import Application, ItemVersion
from zhengshu.foundation.statements import Statement

_FROM_HOME: Final = frozenset({Channel.WEB.value, Channel.MOBILE.value})
_SUPPLIED: Final = (MaterialSource.CERTIFICATE.value, MaterialSource.REGISTER.value)


_MATERIALS_SAVED = Statement(
    "SELECT count(*) FROM services_material WHERE version_id = %s AND source = ANY (%s)"
)


def count_sending(row: Application, version: ItemVersion, findings: Iterable[casework.Finding]) -> None:
    """Note what is known when it is sent: the visit and the materials that it spared, and its checks."""
    verdicts = [one.verdict.value for one in findings]
    row.checks_made = len(verdicts)
    row.checks_by_rule = sum(verdict != PreReview.PERSON.value for verdict in verdicts)
    ((row.materials_saved,),) = _MATERIALS_SAVED.rows(version.pk, list(_SUPPLIED))
    row.visits_saved = int(row.channel in _FROM_HOME)


def count_end(row: Application) -> None:
    """Note what is known when it has ended, again or for the first time: days and visits saved, limits kept."""
    kept = casework.limits_kept(case_ids=[row.case_id], at=row.decided_at or row.submitted_at)
    row.is_kept = kept.get(row.case_id)
    if row.state == ApplicationState.GRANTED.value and row.decided_at is not None:
        elements = ItemVersion.objects.values_list("elements", flat=True).get(
            item_id=row.item_id, number=row.item_version
        )
        limit = elements.get("statutory")
        statutory = msgspec.convert(limit, ItemLimit) if limit else None
        row.days_saved = days_saved(statutory, submitted_at=row.submitted_at, decided_at=row.decided_at)
        has_certificate = any(one.get("certificate_type") for one in elements.get("outcomes", ()))
        row.visits_saved = int(row.channel in _FROM_HOME) + int(has_certificate)
    row.save(update_fields=["is_kept", "days_saved", "visits_saved"])
