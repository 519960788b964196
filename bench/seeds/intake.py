"""A department that offers the certificate of insurance and seals it, a citizen who asks, registers that answer."""

from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from bench.seeds import cases

if TYPE_CHECKING:
    from zhengshu.kernel.actors import Actor

ITEM = "insured-certificate"


def ready() -> None:
    """Start the figures' own server and make what is missing."""
    cases.use_server()
    from zhengshu.contexts.services.models import ServiceItem
    from zhengshu.contexts.services.tests import intake_kit

    if not ServiceItem.objects.filter(code=ITEM).exists():
        place = intake_kit.hall()
        intake_kit.certify(place, ITEM)
        intake_kit.offer(place, code=ITEM, is_certified=True)


def play(*, status: str) -> None:
    """Answer for the citizen as the register would, in this process; what the gateway takes is a figure of its own."""
    from zhengshu.contexts.casework import api as casework
    from zhengshu.contexts.services.tests import intake_kit

    row = {**intake_kit.INSURED, "insurance-status": status}
    casework.use_exchange(intake_kit.PlayedRegisters(known={intake_kit.ANNA: row}))


@cache
def citizen() -> "Actor":
    """Return the citizen."""
    from zhengshu.contexts.services.tests import intake_kit
    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.citizen_id import CitizenId

    found = trust.private_person(citizen_id=CitizenId.parse(intake_kit.ANNA))
    return trust.actor_of(official_id=found.account_id)


def prepare(actor: "Actor") -> UUID:
    """Begin a form, let what is known fill it in, and return its id."""
    from django.utils import timezone

    from zhengshu.contexts.casework import api as casework

    return casework.prepare_form(
        case_type=ITEM, answers={"purpose": ("落户",)}, actor=actor, at=timezone.now()
    )


def submit(draft_id: UUID, actor: "Actor") -> bool:
    """Send a form, and say whether it was granted with its certificate."""
    from django.utils import timezone

    from zhengshu.contexts.services import api

    found = api.submit_application(
        draft_id=draft_id, channel=api.Channel.MOBILE, actor=actor, at=timezone.now()
    )
    return found.certificate_id is not None
