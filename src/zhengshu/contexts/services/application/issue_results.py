"""The certificate that a part of one thing issues by its pack: a child's, a new business's, or a changed one."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services.application.certificate_faults import make_or_note
from zhengshu.contexts.services.application.issue_certificate import Contents
from zhengshu.contexts.services.application.one_thing_pack import part_of_item
from zhengshu.contexts.services.domain.applications import GRANTING
from zhengshu.contexts.services.domain.one_things import Result
from zhengshu.contexts.services.models import Application
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.dates import CHINA
from zhengshu.kernel.identity import CaseId

PLATFORM: Final = Actor.platform("services.one-things")
ALWAYS, DAY, NUMBER = "=", "@day", "@number"
"""How a value is written that no form holds: a text, the day on which the case ended, the case's number."""


@transaction
def issue_result(event: CaseClosed, *, at: datetime) -> None:
    """Issue the certificate of an application that was granted; heard twice, it is issued once.

    What keeps it from being issued is noted and told to those who mend it.

    Raises:
        Refused: what it needs does not answer now; the event comes again.
    """
    if event.end not in GRANTING:
        return
    rows = Application.objects.select_for_update(of=("self",)).select_related("item")
    row = rows.filter(case_id=event.case_id, certificate_id=None).first()
    part = part_of_item(row.item.code) if row is not None else None
    if row is None or part is None or part.result is None:
        return
    result = part.result

    def make() -> None:
        issue_of_part(row, result, actor=event.actor, decided_at=event.at, at=event.at)

    make_or_note(row, make, since=event.at, at=at)


@transaction
def issue_of_part(
    row: Application, result: Result, *, actor: Actor, decided_at: datetime, at: datetime
) -> None:
    """Issue the certificate of a part by its pack, with what the forms of its case say.

    Raises:
        Refused: it cannot be issued; nothing is changed.
    """
    row.certificate_id = _issued(result, told_in(row, at=decided_at), row, actor=actor, at=at)


def told_in(row: Application, *, at: datetime) -> Mapping[str, str]:
    """Return what the forms of an application's case say, with the day on which it ends and its number."""
    told = dict(casework.case_answers(case_id=CaseId(row.case_id)))
    return told | {DAY: at.astimezone(CHINA).date().isoformat(), NUMBER: row.number}


def contents_of_result(
    result: Result, told: Mapping[str, str], *, keepers: tuple[certificates.Holder, ...], at: datetime
) -> Contents:
    """Return what the certificate of a part would say, with what stands on the one whose place it takes."""
    holder, values = _holder(result, told), _values(result, told)
    former = _former(result, holder, at=at)
    if former is not None:
        kept = {code: value for code, value in former.values.items() if value != former.holder.name}
        holder, values = dataclasses.replace(former.holder, name=holder.name), {**kept, **values}
    return Contents(type_code=result.certificate, holder=holder, values=values, keepers=keepers)


def _former(
    result: Result, holder: certificates.Holder, *, at: datetime
) -> certificates.CertificateRecord | None:
    if not result.replaces:
        return None
    held = certificates.held(holder, at=at, type_code=result.certificate, only_valid=True)
    return next(iter(held), None)


def _issued(result: Result, told: Mapping[str, str], row: Application, *, actor: Actor, at: datetime) -> UUID:
    holder, case_id, values = _holder(result, told), CaseId(row.case_id), _values(result, told)
    if former := _former(result, holder, at=at):
        if former.case_id == case_id:
            return former.id
        return certificates.replace(
            certificate_id=former.id,
            values=values,
            holder_name=holder.name,
            case_id=case_id,
            actor=PLATFORM,
            at=at,
        ).id
    return certificates.issue(
        type_code=result.certificate,
        holder=holder,
        values=values,
        keepers=[asker_of(row)],
        case_id=case_id,
        actor=actor,
        at=at,
    ).id


def _holder(result: Result, told: Mapping[str, str]) -> certificates.Holder:
    name, number = told.get(result.holder_name, ""), told.get(result.holder_number, "")
    if result.holder_kind == certificates.HolderKind.ENTERPRISE:
        return certificates.Holder.enterprise(name=name, credit_code=number)
    return certificates.Holder.person(name=name, citizen_id=number)


def asker_of(row: Application) -> certificates.Holder:
    """Return whoever asked, who keeps what others hold by it."""
    person = trust.actor_of(official_id=row.applicant_id)
    own = trust.own_citizen_id(actor=person)
    return certificates.Holder.person(name=person.name, citizen_id=str(own or ""))


def _values(result: Result, told: Mapping[str, str]) -> dict[str, str]:
    return {
        field: key.removeprefix(ALWAYS) if key.startswith(ALWAYS) else told.get(key, "")
        for field, key in result.values.items()
        if key.startswith(ALWAYS) or told.get(key)
    }
