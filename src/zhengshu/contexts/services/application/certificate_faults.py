"""A certificate that cannot be made: noted with its reason, and a to-do of the department that granted it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.utils import translation
from django.utils.translation import gettext

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.models import Application
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId, DepartmentId

CASE_TYPE = SUBJECT = "certificate-not-made"
MADE = "made"
PLATFORM = Actor.platform("services.certificates")
"""Who issues what no person decided, and reads the answers from which a certificate is made."""
LANGUAGES: Final = ("zh-hans", "en")
PATIENCE: Final = timedelta(days=1)
"""So long a service that does not answer (a timestamp authority) is asked again before people are told."""

log = structlog.get_logger(__name__)


def make_or_note(row: Application, make: Callable[[], None], *, since: datetime, at: datetime) -> None:
    """Have the certificate of a locked application made; what is in the way is noted, and told to those who mend it.

    Args:
        row: the application, which is saved.
        make: makes the certificate in a transaction of its own and puts it into the row.
        since: from when on it should be made.
        at: now.

    Raises:
        Refused: what it needs does not answer; it is to be tried again.
    """
    try:
        make()
    except Refused as refusal:
        if refusal.kind is Kind.UNAVAILABLE and at < since + PATIENCE:
            raise
        note_fault(row, refusal)
        row.save(update_fields=["certificate_fault", "certificate_words"])
        _open_to_do(row, at=at)
        return
    row.certificate_fault, row.certificate_words = "", None
    row.save(update_fields=["certificate_id", "certificate_fault", "certificate_words"])
    _end_to_do(row, at=at)


def note_fault(row: Application, refusal: Refused) -> None:
    """Write into an application, which the caller saves, why its certificate was not made."""
    log.warning("services.certificate-not-made", number=row.number, why=refusal.code)
    row.certificate_fault = refusal.code
    row.certificate_words = [_told(refusal, language) for language in LANGUAGES]


def _told(refusal: Refused, language: str) -> str:
    with translation.override(language):
        text = gettext(refusal.message)
    return text % refusal.data if refusal.data else text


def _open_to_do(row: Application, *, at: datetime) -> None:
    """Open the to-do once for an application, however often it is tried."""
    if casework.cases_of(subject_ids=[row.id], actor=PLATFORM, at=at):
        return
    reason, reason_en = row.certificate_words or ("", "")
    try:
        casework.open_case(
            case_type=CASE_TYPE,
            subject=casework.CaseSubject(
                kind=SUBJECT,
                id=row.id,
                title=f"{row.item.name} {row.number}",
                path=f"/cases/{row.case_id}/",
            ),
            parties={"office": DepartmentId(row.department_id)},
            data={"reason": reason, "reason_en": reason_en},
            actor=PLATFORM,
            at=at,
        )
    except casework.CaseTypeNotFound:
        log.warning("services.nobody-told", number=row.number, why="the case type is not loaded")


def _end_to_do(row: Application, *, at: datetime) -> None:
    found = casework.cases_of(subject_ids=[row.id], actor=PLATFORM, at=at).get(row.id)
    if found is not None and found.is_open:
        casework.deliver_message(case_id=CaseId(found.id), name=MADE, data={}, actor=PLATFORM, at=at)
