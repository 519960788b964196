"""Secrets of second factors: encrypted by the key of their owner's department, and encrypted anew like columns.

allauth keeps them as texts within a JSON column and tells neither row nor owner when it asks for one, so a text is
bound to its use only; whose key encrypted it stands in the text itself.
"""

import base64
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Model

from zhengshu.foundation.crypto.data_keys import Scope, ValueUnreadable, number_of
from zhengshu.foundation.crypto.sealing import VERSION as FORMER
from zhengshu.foundation.crypto.sealing import NotUnsealed, unseal
from zhengshu.foundation.vault import keys
from zhengshu.foundation.vault.columns import COLUMNS, PERSONAL

PLACE, FORMER_CONTEXT = b"mfa_authenticator.data", b"trust.totp"
ALONE, SEVERAL = ("secret", "seed"), "migrated_codes"
"""The names under which allauth keeps one secret, and a list of them."""


def encrypted(text: str, *, department_id: UUID | None) -> str:
    """Return a secret as it is stored; the secrets of people without a department have a key of their own."""
    key = keys.active_key(Scope(department_id, PERSONAL))
    return base64.b64encode(key.encrypt(text.encode(), place=PLACE)).decode()


def decrypted(stored: str) -> str:
    """Return the secret, also of those that were sealed before the vault.

    Raises:
        ValueUnreadable: it was changed, or encrypted by another installation.
    """
    content = base64.b64decode(stored)
    if content[:1] != FORMER:
        return keys.key_of(content).decrypt(content, place=PLACE).decode()
    try:
        return unseal(content, context=FORMER_CONTEXT).decode()
    except NotUnsealed:
        raise ValueUnreadable("the secret was changed, or moved here from another place") from None


class SecondFactorColumn:
    """The column in which allauth keeps secrets, as the job that encrypts it anew sees it."""

    stored, needs = "data", "user"
    model: type[Model] = Authenticator
    name = PLACE.decode()

    def renewed(self, row: Model) -> object | None:
        """Return the row's data with every secret under the newest key; None where they are that already.

        Raises:
            ValueUnreadable: a secret cannot be read.
        """
        data, department_id = dict(row.data), row.user.department_id  # type: ignore[attr-defined]  # of allauth's model
        newest = keys.active_key(Scope(department_id, PERSONAL)).number

        def fresh(stored: str) -> str:
            content = base64.b64decode(stored)
            if content[:1] != FORMER and number_of(content) == newest:
                return stored
            return encrypted(decrypted(stored), department_id=department_id)

        changed: dict[str, object] = {name: fresh(data[name]) for name in ALONE if name in data}
        if SEVERAL in data:
            changed[SEVERAL] = [fresh(one) for one in data[SEVERAL]]
        return data | changed if data | changed != data else None


def cover_second_factors() -> None:
    """Let the job encrypt the secrets of second factors anew with everything else."""
    if not any(column.name == SecondFactorColumn.name for column in COLUMNS):
        COLUMNS.append(SecondFactorColumn())
