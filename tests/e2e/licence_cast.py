"""A citizen who asks for a licence, and what the office does: run as a program in the platform's environment.

`fill` adds the people and the case type, `choose` wants e-mails, `forget` wants none, `apply` opens a case,
`supplement` asks for papers, `accept` accepts it.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone

from tests.e2e.cast import PASSWORD
from zhengshu.kernel.actors import Actor, Role

PACK = (
    Path(__file__).parents[2] / "src" / "zhengshu" / "contexts" / "casework" / "tests" / "packs" / "licence"
)
CITIZEN, CLERK, OPERATOR = "citizen.zhao", "clerk", "authority.operator"
NAME = "赵敏行"
ADDRESS = "zhao@example.cn"
REASON = "请补交经营场所平面图"


def fill() -> None:
    """Let a citizen and an operator have accounts, and load the case type; a second time nothing is done."""
    from zhengshu.contexts.casework import api as casework
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.models import Account

    if Account.objects.filter(username=CITIZEN).exists():
        return
    at, actor = timezone.now(), Actor.platform("tests.licence")
    trust.add_citizen(
        username=CITIZEN, name=NAME, citizen_id="470302199001011236", password=PASSWORD, actor=actor, at=at
    )
    trust.add_official(
        username=OPERATOR,
        name="丁维",
        department_id=trust.official_by_username(username="authority.reviewer").department_id,
        roles=[Role.OPERATOR],
        password=PASSWORD,
        must_change_password=False,
        actor=actor,
        at=at,
    )
    with tempfile.TemporaryDirectory() as folder:
        casework.load_case_types(folder=Path(shutil.copytree(PACK, Path(folder) / "licence")), at=at)


def choose() -> None:
    """Let the citizen want e-mails at an address that he has confirmed."""
    from zhengshu.contexts.casework.application.messages.choose_channels import choose_channels
    from zhengshu.contexts.casework.models import MessageChoice

    choose_channels(
        by_email=True,
        by_sms=False,
        email=ADDRESS,
        phone="",
        actor=_person(CITIZEN),
        at=timezone.now(),
    )
    MessageChoice.objects.filter(person_id=_person(CITIZEN).id).update(email_confirmed_at=timezone.now())


def forget() -> None:
    """Let the citizen have chosen nothing, whatever was tried before."""
    from zhengshu.contexts.casework.models import AddressCode, MessageChoice

    for model in (AddressCode, MessageChoice):
        model._base_manager.filter(person_id=_person(CITIZEN).id).delete()


def apply() -> None:
    """Open a case, and print its id and number."""
    from zhengshu.contexts.casework import api as casework
    from zhengshu.kernel.identity import new_id

    office = _person(CLERK).department_id
    assert office is not None
    case = casework.open_case(
        case_type="licence",
        subject=casework.CaseSubject(kind="licence", id=new_id(), title="食品经营许可", path="/apply/"),
        parties={"office": office},
        data={},
        actor=_person(CITIZEN),
        at=timezone.now(),
    )
    print(case.id, case.number)  # noqa: T201 - it is read by the test


def supplement(case_id: str) -> None:
    """Ask the citizen for papers."""
    _accept(case_id, "ask_supplement", REASON)


def accept(case_id: str) -> None:
    """Accept the application."""
    _accept(case_id, "accept", "")


def _accept(case_id: str, outcome: str, reason: str) -> None:
    from uuid import UUID

    from zhengshu.contexts.casework import api as casework
    from zhengshu.kernel.identity import CaseId

    casework.complete_task(
        case_id=CaseId(UUID(case_id)),
        task="accept",
        outcome=outcome,
        reason=reason,
        actor=_person(CLERK),
        at=timezone.now(),
    )


def _person(username: str) -> Actor:
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.models import Account

    return trust.actor_of(official_id=Account.objects.get(username=username).id)


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    acts: dict[str, Callable[..., None]] = {
        "fill": fill,
        "choose": choose,
        "forget": forget,
        "apply": apply,
        "supplement": supplement,
        "accept": accept,
    }
    acts[sys.argv[1]](*sys.argv[2:])
