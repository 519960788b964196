"""Lists of payments for the treasury: what is due and on no list yet, each payment on one list. No money moves here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from zhengshu.contexts.services.application.benefit_faults import (
    BenefitNotFound,
    NothingToList,
    NotYourBenefit,
)
from zhengshu.contexts.services.events import PaymentListMade, PaymentListTaken
from zhengshu.contexts.services.models.benefits import Benefit, Entitlement, Payment, PaymentList
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLine:
    """One payment as the treasury gets it."""

    number: str
    name: str
    account: str
    period: str
    yuan: Decimal
    reference: str


@transaction
def make_list(*, code: str, actor: Actor, at: datetime) -> UUID:
    """Put every payment that is due and on no list on a new one.

    Raises:
        BenefitNotFound: there is no such benefit of the actor's department.
        NotYourBenefit: the actor is not the department's head.
        NothingToList: all that is due stands on a list.
    """
    if not actor.has(Role.DEPARTMENT_HEAD):
        raise NotYourBenefit
    benefit = Benefit.objects.kept_by(actor).select_for_update().filter(code=code).first()
    if benefit is None:
        raise BenefitNotFound
    made = PaymentList.objects.create(benefit=benefit, made_by=actor.id, made_by_name=actor.name, made_at=at)
    due = Payment.objects.filter(
        entitlement__benefit=benefit, entitlement__state=Entitlement.State.ACTIVE, on_list=None
    )
    count = due.update(on_list=made)
    if not count:
        raise NothingToList
    publish(PaymentListMade(at=at, actor=actor, subject=_subject(made), benefit=code, payments=count))
    return made.id


@transaction
def take_list(*, list_id: UUID, actor: Actor, at: datetime) -> tuple[PaymentLine, ...]:
    """Return the lines of a list, with names and accounts; that they were taken is noted.

    Raises:
        BenefitNotFound: there is no such list of the actor's department.
        NotYourBenefit: the actor is not the department's head.
    """
    if not actor.has(Role.DEPARTMENT_HEAD):
        raise NotYourBenefit
    made = PaymentList.objects.visible_to(actor).filter(pk=list_id).first()
    if made is None:
        raise BenefitNotFound
    publish(PaymentListTaken(at=at, actor=actor, subject=_subject(made), benefit=made.benefit_id))
    return tuple(_lines(made))


def _lines(made: PaymentList) -> Iterator[PaymentLine]:
    rows = made.payments.select_related("entitlement").order_by("due_at", "id")
    for row in rows.iterator(chunk_size=1000):
        yield PaymentLine(
            number=row.entitlement.number,
            name=row.entitlement.name,
            account=row.entitlement.account,
            period=row.period,
            yuan=row.yuan,
            reference=str(row.id),
        )


def _subject(made: PaymentList) -> Subject:
    return Subject("payment_list", str(made.id), made.benefit_id)
