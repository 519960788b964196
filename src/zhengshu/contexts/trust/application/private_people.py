"""Private persons by what stands on their papers, for whoever serves them at a window."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from zhengshu.contexts.trust.application.queries import AccountNotFound, covering
from zhengshu.contexts.trust.domain.kinds import AccountKind
from zhengshu.contexts.trust.models import Account, Delegation, Enterprise
from zhengshu.foundation.crypto.data_keys import blind_index
from zhengshu.foundation.statements import Selection, Statement
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.mandates import Power

_PRIVATE = Selection(Account, "WHERE id = %s AND is_active AND kind <> %s")
_OPENED_WITH = Statement("SELECT 1 FROM trust_account WHERE id = %s AND person_digest = %s")


class PersonWithoutAccount(AccountNotFound):
    """Nobody with this citizen ID has an active account, so nothing can be asked for in his name."""

    code = "trust.person-without-account"
    message = (
        "Nobody has an account with this citizen ID. Compare the number with the card; "
        "whoever has none is registered first."
    )


class DelegateNotFound(AccountNotFound):
    """This person may not act for the enterprise in this matter, or does not any more."""

    code = "trust.delegate-not-found"
    message = (
        "Nobody with this citizen ID may act for this enterprise in this matter now. Compare both numbers; "
        "where a delegation has ended, the enterprise gives another one."
    )


def person_digest(citizen_id: CitizenId) -> bytes:
    """Return the blind index by which accounts of one person are found; it tells nobody the citizen ID."""
    return blind_index("trust_account.citizen_id")(str(citizen_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivatePerson:
    """A citizen, or the delegate of an enterprise."""

    account_id: UUID
    enterprise_id: UUID | None = None


def private_person(
    *, citizen_id: CitizenId, enterprise: CreditCode | None = None, matter: str = ""
) -> PrivatePerson:
    """Return a citizen by his citizen ID, or the delegate that he now is of an enterprise in matters of a kind.

    Raises:
        PersonWithoutAccount: nobody of that ID has an active account.
        DelegateNotFound: nobody of that ID may act for that enterprise now.
    """
    rows = Account.objects.filter(is_active=True, person_digest=person_digest(citizen_id))
    if enterprise is None:
        account = rows.filter(kind=AccountKind.CITIZEN).first()
        if account is None:
            raise PersonWithoutAccount
        return PrivatePerson(account_id=account.pk)
    present = Q(active_to__isnull=True) | Q(active_to__gt=Now())
    given = Delegation.objects.filter(
        present,
        covering(Power.MATTERS, matter),
        enterprise__code=str(enterprise),
        active_from__lte=Now(),
        account__in=rows,
    ).first()
    if given is None:
        raise DelegateNotFound
    return PrivatePerson(account_id=given.account_id, enterprise_id=given.enterprise_id)


def is_citizen_id_of(*, account_id: UUID, citizen_id: CitizenId) -> bool:
    """Whether an account was opened with a citizen ID."""
    return bool(_OPENED_WITH.rows(account_id, person_digest(citizen_id)))


def own_citizen_id(*, actor: Actor) -> CitizenId | None:
    """Return the citizen ID with which the actor's own account was opened, if it was with one."""
    account = next(iter(_PRIVATE.rows(actor.id, AccountKind.OFFICIAL.value)), None)
    number = account.citizen_id if account else None
    return CitizenId.parse(number) if number else None


def enterprise_codes(*, ids: Iterable[UUID]) -> frozenset[str]:
    """Return the unified social credit codes of enterprises."""
    return frozenset(Enterprise.objects.filter(id__in=set(ids)).values_list("code", flat=True))


def enterprise_ids(*, codes: Iterable[str]) -> Mapping[str, UUID]:
    """Return the enterprises that are known here, by their unified social credit codes."""
    return dict(Enterprise.objects.filter(code__in=set(codes)).values_list("code", "id"))
