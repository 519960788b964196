"""Whoever tries codes and identifiers in vain may try only so often: a reader errs now and then, a program guesses."""

from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.db.models import F, Sum

from zhengshu.contexts.certificates.models import FailedTries
from zhengshu.foundation.crypto.data_keys import blind_index
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

MOST_TRIES: Final = 20
WITHIN: Final = timedelta(minutes=5)
_COLUMN = "certificates_failed_tries.digest"


class TooManyTries(Refused):
    """Codes or identifiers were tried in vain twenty times within five minutes from here; wait."""

    code: ClassVar[str] = "certificates.too-many-tries"
    kind: ClassVar[Kind] = Kind.TOO_MANY
    message: ClassVar[str] = (
        "Too many codes or identifiers that do not exist were tried from here. Wait five minutes, then try again."
    )


def check_tries(*, actor: Actor, at: datetime) -> None:
    """Refuse whoever has tried in vain too often.

    Raises:
        TooManyTries: as its name says; the right code is not looked at either.
    """
    rows = FailedTries.objects.filter(digest=_digest(actor), minute__gt=at - WITHIN)
    if (rows.aggregate(number=Sum("number"))["number"] or 0) >= MOST_TRIES:
        raise TooManyTries


@transaction
def note_failed_try(*, actor: Actor, at: datetime) -> None:
    """Count a try in vain, in one statement for those at once; what is older than the limit looks back is forgotten."""
    digest, minute = _digest(actor), at.replace(second=0, microsecond=0)
    FailedTries.objects.filter(digest=digest, minute__lte=at - WITHIN).delete()
    _row, is_first = FailedTries.objects.get_or_create(digest=digest, minute=minute)
    if not is_first:
        FailedTries.objects.filter(digest=digest, minute=minute).update(number=F("number") + 1)


def _digest(actor: Actor) -> bytes:
    return blind_index(_COLUMN)(str(actor.id) if actor.is_signed_in else actor.address)
