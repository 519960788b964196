"""An enterprise with its representative and a handler, and a kiosk: run as a program in the platform's environment."""

from django.utils import timezone

from tests.e2e.cast import PASSWORD
from zhengshu.kernel.actors import Actor

CHIEF, HANDLER = "delegate.chief", "delegate.handler"
CHIEF_NAME, HANDLER_NAME = "陈立", "周敏"
ENTERPRISE = "青禾餐饮有限公司"
KIOSK = "政务大厅自助机"


def fill() -> str:
    """Add everybody, and return the kiosk's client id."""
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.application.sign_on.keep_parties import PartyValues, add_party
    from zhengshu.contexts.trust.tests.factories import credit_code

    at, actor = timezone.now(), Actor.platform("tests.identity")
    enterprise, other = (
        trust.add_enterprise(code=credit_code(number), name=name, actor=actor, at=at)
        for number, name in ((990_001, ENTERPRISE), (990_002, "远山物流有限公司"))
    )
    people = (
        (CHIEF, CHIEF_NAME, "11010519491231002X", enterprise, True),
        (HANDLER, HANDLER_NAME, "440524188001010014", other, False),
    )
    for username, name, citizen_id, whose, is_chief in people:
        trust.add_delegate(
            username=username,
            name=name,
            citizen_id=citizen_id,
            enterprise_id=whose,
            is_legal_representative=is_chief,
            password=PASSWORD,
            must_change_password=False,
            actor=actor,
            at=at,
        )
    values = PartyValues(name=KIOSK, scopes=("profile",))
    return add_party(values=values, is_kiosk=True, actor=actor, at=at).client_id


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    print(fill())  # noqa: T201 - the test reads it
