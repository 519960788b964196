"""What the page of a matter says of it, and where it leads."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengshu.contexts.exchange.application.matter_records import (
    CorrectionRecord,
    DemandRecord,
    DisputeRecord,
    MatterRecord,
    MisuseRecord,
)
from zhengshu.contexts.exchange.domain.disputes import DisputeAbout
from zhengshu.contexts.exchange.interfaces import labels
from zhengshu.contexts.exchange.interfaces import labels_matters as words
from zhengshu.foundation.ui.tags import day, moment
from zhengshu.kernel.actors import Actor, Role

Facts = list[tuple[str, object]]
PAGES = {
    DisputeAbout.REQUEST: "exchange:request-detail",
    DisputeAbout.GRANT: "exchange:grant-detail",
    DisputeAbout.CORRECTION: "exchange:corrections-detail",
}


def facts_of(record: MatterRecord) -> Facts:
    """Return the facts of a matter: label and value."""
    summary = record.summary
    parts: Facts = [(labels.label(words.PARTIES, part.party), part.department_name) for part in summary.parts]
    ended: Facts = []
    if summary.closed_at is not None:
        ended = [(_("Ended on"), moment(summary.closed_at))]
    if summary.in_time is not None:
        ended.append((_("Kept the limit"), str(words.TIMELY[summary.in_time])))
    return [*parts, (_("Opened"), moment(summary.opened_at)), *ended, *_own(record)]


def links_of(record: MatterRecord, *, actor: Actor) -> list[tuple[str, str]]:
    """Return the pages that belong to a matter: label and address."""
    match record:
        case CorrectionRecord():
            return _of_correction(record, actor=actor)
        case MisuseRecord():
            grant = reverse("exchange:grant-detail", args=[record.grant_id])
            calls = reverse("exchange:call-list") + f"?grant={record.grant_id}"
            return [(_("The grant"), grant), (_("All calls of this grant"), calls)]
        case DisputeRecord():
            return [
                (
                    labels.label(words.ABOUT, record.about),
                    reverse(PAGES[record.about], args=[record.about_id]),
                )
            ]
        case DemandRecord() if record.resource_code:
            return [(record.resource_name, reverse("catalog:resource-detail", args=[record.resource_code]))]
        case _:
            return []


def _of_correction(record: CorrectionRecord, *, actor: Actor) -> list[tuple[str, str]]:
    links = [(_("The resource"), reverse("catalog:resource-detail", args=[record.resource_code]))]
    provider = record.summary.part("provider")
    if provider is not None and provider.department_id == actor.department_id:
        if record.summary.state == "correct" and actor.has(Role.DATA_OFFICER):
            deliver = reverse("lake:deliver", args=[record.resource_code])
            links.append((_("Deliver the corrected rows"), deliver))
        if record.batch_id is not None:
            links.append((_("The corrected batch"), reverse("lake:batch-detail", args=[record.batch_id])))
    contested = reverse("exchange:disputes-new") + f"?about=correction&id={record.summary.id}"
    is_side = any(
        part.department_id == actor.department_id and part.party != "source" for part in record.summary.parts
    )
    if is_side and not record.summary.is_open and actor.has(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD):
        links.append((_("Raise a dispute"), contested))
    return links


def _own(record: MatterRecord) -> Facts:
    match record:
        case CorrectionRecord():
            return [
                (_("Fields concerned"), "、".join(record.fields)),
                (_("What is the matter"), labels.label(words.FAULTS, record.fault)),
                (_("Receipt of the call"), record.call_id or ""),
            ]
        case MisuseRecord():
            return [
                (_("What was found"), record.finding),
                (_("What must be corrected"), record.order),
                (_("Working days for the correction"), record.rectify_within),
                (_("Calls that show it"), "\n".join(str(call) for call in record.calls)),
            ]
        case DisputeRecord():
            return [
                (_("Contested matter"), labels.label(words.ABOUT, record.about)),
                (_("What the claimant contests"), record.claim),
                (_("What the claimant asks for"), record.wanted),
            ]
        case DemandRecord():
            return [
                (pgettext("use of data", "Legal basis"), record.legal_basis),
                (_("Scenario"), record.scenario),
                (_("Wanted data"), record.wanted),
                (_("How fresh"), labels.label(words.CYCLES, record.freshness)),
                *([(_("Promised day"), day(record.promised_on))] if record.promised_on else []),
                *([(_("Reason"), record.answer_reason)] if record.answer_reason else []),
                *([(_("Basis of the decision"), record.answer_basis)] if record.answer_basis else []),
            ]
