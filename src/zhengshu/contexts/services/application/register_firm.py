"""What the registration of a part of one thing means for its enterprise here: its name, and who represents it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services.application.begin_bundle import definition_of, own_bundle
from zhengshu.contexts.services.application.one_thing_pack import part_of_item
from zhengshu.contexts.services.domain.applications import GRANTING
from zhengshu.contexts.services.models import Application
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.identity import CaseId

PLATFORM: Final = Actor.platform("services.one-things")


def register_firm(event: CaseClosed) -> None:
    """Let whoever founded an enterprise represent it, or take over its new name and representative.

    Heard twice, it changes nothing more.

    Raises:
        Refused: it cannot be done yet; the event comes again.
    """
    if event.end not in GRANTING:
        return
    row = Application.objects.select_related("item").filter(case_id=event.case_id).first()
    part = part_of_item(row.item.code) if row is not None else None
    result = part.result if part is not None else None
    if row is None or result is None or result.holder_kind != certificates.HolderKind.ENTERPRISE:
        return
    told = casework.case_answers(case_id=event.case_id)
    code, name = told.get(result.holder_number, ""), told.get(result.holder_name, "")
    if result.founds:
        trust.found_enterprise(code=code, name=name, founder_id=row.applicant_id, actor=PLATFORM, at=event.at)
    elif result.replaces:
        number = told.get(result.representative, "")
        trust.change_enterprise(
            code=code,
            name=name,
            representative=CitizenId.parse(number) if number else None,
            actor=PLATFORM,
            at=event.at,
        )


def firms_founded(*, bundle_id: UUID, actor: Actor, at: datetime) -> tuple[trust.Representation, ...]:
    """Return the enterprises that one's own bundle has founded, and the account with which one acts for them.

    Raises:
        OneThingNotFound: it is somebody else's, or there is none.
    """
    row = own_bundle(bundle_id=bundle_id, actor=actor)
    founding = {
        part.item: part.result.holder_number
        for part in definition_of(row).parts
        if part.result is not None and part.result.founds
    }
    codes = [
        casework.case_answers(case_id=CaseId(part.case_id)).get(founding[part.item], "")
        for part in row.parts.filter(item__in=founding, case_id__isnull=False)
        if part.case_id is not None
    ]
    return trust.representations_of(account_id=actor.id, codes=codes, at=at) if codes else ()
