"""An account for somebody who stands at a window with his identity card and has none."""

import secrets
from datetime import datetime
from typing import NamedTuple

from zhengshu.contexts.trust.application.add_account import open_citizen, open_delegate
from zhengshu.contexts.trust.application.manage_account import first_password
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.models import Account, Enterprise
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.errors import Refused

DIGITS_OF_A_USERNAME = 10


class EnterpriseUnknown(Refused):
    """No enterprise has this code here; its registration or the system administrator brings it."""

    code = "trust.enterprise-unknown"
    message = (
        "The platform knows no enterprise with this code. Check it against the business licence; the system "
        "administrator adds an enterprise together with its legal representative."
    )


class FirstSignIn(NamedTuple):
    """What a person signs in with for the first time; the password is known to nobody afterwards.

    Attributes:
        username: drawn by lot.
        password: the first one.
        enterprise: whose handler he is to become; empty for a citizen.
    """

    username: str
    password: str
    enterprise: str = ""


@transaction
def register_person(*, citizen_id: str, name: str, actor: Actor, at: datetime) -> FirstSignIn:
    """Open an account for a person whose card the clerk has looked at; the audit names the clerk.

    The user name says nothing of the person. Names are compared with the population register where a matter asks for
    them, not here.

    Raises:
        NotYourDuty: the actor is no window clerk.
        CitizenIdInvalid: the number does not keep GB 11643.
        PersonHasAccount: the person has an account, perhaps a deactivated one.
    """
    require(actor, Role.WINDOW_CLERK)
    username, password = _free_username(), first_password()
    open_citizen(
        username=username,
        name=name,
        citizen_id=citizen_id,
        password=password,
        must_change_password=True,
        actor=actor,
        at=at,
    )
    return FirstSignIn(username, password)


@transaction
def register_handler(
    *, citizen_id: str, name: str, enterprise_code: str, actor: Actor, at: datetime
) -> FirstSignIn:
    """Open an account for acting for enterprises, for a person whose card the clerk has looked at.

    It may do nothing yet: what its holder may do for the enterprise its legal representative says himself
    (`delegate_powers`), by user name and name.

    Raises:
        NotYourDuty: the actor is no window clerk.
        CreditCodeInvalid: the code does not keep GB 32100.
        EnterpriseUnknown: there is no such enterprise here.
        CitizenIdInvalid: the number does not keep GB 11643.
        PersonHasAccount: the person has an account for enterprises, perhaps a deactivated one.
    """
    require(actor, Role.WINDOW_CLERK)
    enterprise = Enterprise.objects.filter(code=str(CreditCode.parse(enterprise_code))).first()
    if enterprise is None:
        raise EnterpriseUnknown
    username, password = _free_username(), first_password()
    open_delegate(
        username=username,
        name=name,
        citizen_id=citizen_id,
        password=password,
        must_change_password=True,
        actor=actor,
        at=at,
    )
    return FirstSignIn(username, password, enterprise.name)


def _free_username() -> str:
    drawn = f"{secrets.randbelow(10**DIGITS_OF_A_USERNAME):0{DIGITS_OF_A_USERNAME}d}"
    return _free_username() if Account.objects.filter(username=drawn).exists() else drawn
