"""The certificate that a part of one thing issues to somebody else than who asked, as a child's; once for a case."""

from collections.abc import Mapping
from typing import Final

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.certificates import api as certificates
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
def issue_result(event: CaseClosed) -> None:
    """Issue the certificate of an application that was granted; heard twice, it is issued once.

    Raises:
        Refused: it cannot be issued yet; the event comes again.
    """
    if event.end not in GRANTING:
        return
    row = Application.objects.select_related("item").filter(case_id=event.case_id).first()
    part = part_of_item(row.item.code) if row is not None else None
    if row is None or part is None or part.result is None:
        return
    told = dict(casework.case_answers(case_id=event.case_id))
    told |= {DAY: event.at.astimezone(CHINA).date().isoformat(), NUMBER: row.number}
    result = part.result
    person = trust.actor_of(official_id=row.applicant_id)
    own = trust.own_citizen_id(actor=person)
    asker = certificates.Holder.person(name=person.name, citizen_id=str(own or ""))
    certificates.issue(
        type_code=result.certificate,
        holder=certificates.Holder.person(
            name=told.get(result.holder_name, ""), citizen_id=told.get(result.holder_number, "")
        ),
        values=_values(result, told),
        keepers=[asker],
        case_id=CaseId(row.case_id),
        actor=event.actor,
        at=event.at,
    )


def _values(result: Result, told: Mapping[str, str]) -> dict[str, str]:
    return {
        field: key.removeprefix(ALWAYS) if key.startswith(ALWAYS) else told.get(key, "")
        for field, key in result.values.items()
        if key.startswith(ALWAYS) or told.get(key)
    }
