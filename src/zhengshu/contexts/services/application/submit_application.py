"""Submitting an application: one number over all channels, checked before anybody decides, taken in exactly once."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.application_records import (
    ApplicationRecord,
    application_of,
    check_of,
)
from zhengshu.contexts.services.application.call_tickets import at_window
from zhengshu.contexts.services.application.count_application import count_sending
from zhengshu.contexts.services.application.issue_certificate import issue_at_once
from zhengshu.contexts.services.application.offering import offered
from zhengshu.contexts.services.domain.applications import ApplicationState, state_at, together
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.events import ApplicationSubmitted
from zhengshu.contexts.services.models import Application, ItemVersion, PreReviewCheck
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.statements import Insertion
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId

_TAKEN_IN = Insertion(Application)
_CHECKED = Insertion(PreReviewCheck)


class ItemNotOffered(Refused):
    """No item in force stands behind the form; look for the matter in the list of items."""

    code = "services.item-not-offered"
    kind = Kind.CONFLICT
    message = "Nobody offers this matter here at present. Your answers were kept."


@transaction
def submit_application(
    *,
    draft_id: UUID,
    channel: Channel,
    bundle_id: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> ApplicationRecord:
    """Send a form for a service item, keep the application with what its checks said, and return it.

    A form that was sent before gives the same application again and changes nothing, whoever sends it how often: the
    draft's row is locked until the case and the application are stored together.

    Raises:
        ItemNotOffered: no service item in force stands behind the form's case type.
        Refused: whatever sending a form refuses (`DraftNotFound`, `AnswersFaulty`, `FormChanged`, …).
    """
    sent = casework.send_opening(draft_id=draft_id, actor=actor, at=at)
    if not sent.is_fresh:
        return application(draft_id=draft_id)
    version = offered(sent.case_type, on=timezone.localdate(at))
    handler = version.item.department_id if version is not None else None
    if version is None or handler is None:
        raise ItemNotOffered
    row = _row(sent, version, handler=handler, draft_id=draft_id, channel=channel, actor=actor, at=at)
    row.bundle_id = bundle_id
    row.ticket_id = at_window(actor=actor, begun_at=sent.begun_at, at=at)
    count_sending(row, version, sent.findings)
    if row.state == ApplicationState.GRANTED.value:
        issue_at_once(row, version, sent.values, at=at)
    checks = _checks(row, sent.findings, at=at)
    _TAKEN_IN.run(row)
    _CHECKED.run(*checks)
    publish(
        ApplicationSubmitted(
            at=at,
            actor=actor,
            subject=Subject(kind="application", id=str(row.pk), label=row.number),
            department_id=DepartmentId(handler),
            item=version.item.code,
            case_id=sent.case_id,
            channel=channel.value,
            verdict=row.verdict,
        )
    )
    return application_of(row, checks=tuple(check_of(one) for one in checks), is_fresh=True)


def application(*, draft_id: UUID) -> ApplicationRecord:
    """Return the application that a form became; for callers who hold the form."""
    row = Application.objects.select_related("item").get(draft_id=draft_id)
    return application_of(row, checks=tuple(check_of(one) for one in row.checks.all()))


def _row(
    sent: casework.Sent,
    version: ItemVersion,
    *,
    handler: UUID,
    draft_id: UUID,
    channel: Channel,
    actor: Actor,
    at: datetime,
) -> Application:
    state = state_at(sent.state)
    told = {element: one for element, one in sent.supplied.items() if not one.refusal}
    return Application(
        number=sent.number,
        item=version.item,
        item_version=version.number,
        case_type=sent.case_type,
        case_id=sent.case_id,
        draft_id=draft_id,
        channel=channel.value,
        applicant_id=sent.applicant_id or actor.id,
        enterprise_id=sent.enterprise_id,
        opened_by=actor.id,
        opened_in=actor.department_id,
        department_id=handler,
        sources=[
            {
                "element": element,
                "source": one.source,
                "source_en": one.source_en,
                "at": one.at.isoformat(),
                "receipt": one.receipt,
            }
            for element, one in sorted(told.items())
        ],
        supplied=len(told),
        typed=sent.typed,
        letters=sent.letters,
        verdict=together(one.verdict.value for one in sent.findings).value,
        is_hands_free=state != ApplicationState.OPEN,
        state=state.value,
        submitted_at=at,
        decided_at=at if state != ApplicationState.OPEN else None,
    )


def _checks(row: Application, findings: Iterable[casework.Finding], *, at: datetime) -> list[PreReviewCheck]:
    return [
        PreReviewCheck(
            application=row,
            position=position,
            check_code=one.check,
            verdict=one.verdict.value,
            name=[one.name.zh, one.name.en],
            words=[one.words.zh, one.words.en],
            basis=one.basis,
            at=at,
        )
        for position, one in enumerate(findings, start=1)
    ]
