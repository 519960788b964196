"""An account for somebody who stands at a window with his identity card and has none."""

import secrets
from datetime import datetime
from typing import NamedTuple

from zhengshu.contexts.trust.application.add_account import open_citizen
from zhengshu.contexts.trust.application.manage_account import first_password
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.models import Account
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role

DIGITS_OF_A_USERNAME = 10


class FirstSignIn(NamedTuple):
    """What a person signs in with for the first time; the password is known to nobody afterwards."""

    username: str
    password: str


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


def _free_username() -> str:
    drawn = f"{secrets.randbelow(10**DIGITS_OF_A_USERNAME):0{DIGITS_OF_A_USERNAME}d}"
    return _free_username() if Account.objects.filter(username=drawn).exists() else drawn
