"""An application whose process is killed between any two words to the database, or that is sent twice at once."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.utils import timezone

from tests.kit.killed import MOST_WORDS, at_once, is_killed, killed_everywhere
from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.models import Case, FormAnswers, Message, Task
from zhengshu.contexts.certificates.models import Certificate
from zhengshu.contexts.services import api
from zhengshu.contexts.services.models import Application, PreReviewCheck
from zhengshu.contexts.services.tests import intake_kit
from zhengshu.contexts.services.tests.intake_kit import ANNA, BELA, INSURED, Hall
from zhengshu.contexts.trust.models import AuditEvent
from zhengshu.foundation import outbox
from zhengshu.foundation.models import OutboxMessage
from zhengshu.kernel.actors import Actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults, pytest.mark.timeout(300)]
ITEM = "insured-certificate"
EACH, MOST_DEATHS = 20, 3
"""A certificate is set and sealed anew in each process that dies; three deaths apart from each other have to do."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that an application may change, as another process sees it."""

    applications: Counter[str]
    checks: int
    cases: Counter[str]
    to_dos: int
    answers: int
    certificates: int
    numbers: tuple[str, ...]
    audited: Counter[str]
    sent: int

    @classmethod
    def now(cls) -> "Seen":
        audited = AuditEvent.objects.filter(name__regex=r"^(casework|services|certificates)\.")
        return cls(
            applications=Counter(Application.objects.values_list("state", flat=True)),
            checks=PreReviewCheck.objects.count(),
            cases=Counter(Case.objects.filter(type_code=ITEM).values_list("state", flat=True)),
            to_dos=Task.objects.all().open().count(),
            answers=FormAnswers.objects.count(),
            certificates=Certificate.objects.count(),
            numbers=tuple(Application.objects.order_by("number").values_list("number", flat=True)),
            audited=Counter(audited.values_list("name", flat=True)),
            sent=OutboxMessage.objects.count(),
        )


@pytest.fixture
def place() -> Iterator[Hall]:
    """A department that issues the certificate at once to Anna, and looks itself at what Bela asks."""
    ended = {**INSURED, "insurance-status": "终止参保"}
    with intake_kit.registers(**{f"id_{ANNA}": INSURED, f"id_{BELA}": ended}):
        made = intake_kit.hall()
        intake_kit.certify(made, ITEM)
        intake_kit.offer(made, code=ITEM, is_certified=True)
        yield made


def prepared(actor: Actor) -> UUID:
    return casework.prepare_form(
        case_type=ITEM, answers={"purpose": ("落户",)}, actor=actor, at=timezone.now()
    )


def sending(draft_id: UUID, actor: Actor) -> Callable[[], api.ApplicationRecord]:
    """Return the sending of one form, as each click and each sending again does it."""
    return lambda: api.submit_application(
        draft_id=draft_id, channel=api.Channel.MOBILE, actor=actor, at=timezone.now()
    )


def delivered() -> None:
    """Let everybody hear of what was announced."""
    while outbox.deliver_due(at=timezone.now()):
        pass


def messages(actor: Actor) -> Counter[str]:
    return Counter(Message.objects.filter(person_id=actor.id).values_list("code", flat=True))


class TestKilled:
    def test_between_any_two_words_it_is_one_case_with_one_to_do(self, place: Hall) -> None:
        sends = sending(prepared(place.other), place.other)

        deaths = killed_everywhere(sends, see=Seen.now)
        delivered()

        assert deaths > 20
        seen = Seen.now()
        assert (seen.applications, seen.cases, seen.to_dos) == ({"open": 1}, {"open": 1}, 1)
        assert (seen.checks, seen.answers, seen.numbers[0][-5:]) == (2, 1, "00001")
        assert messages(place.other) == {"received": 1}

    def test_while_its_certificate_is_made_it_is_one_certificate(self, place: Hall) -> None:
        sends = sending(prepared(place.citizen), place.citizen)

        deaths = sum(is_killed(sends, before_word=word) for word in range(12, MOST_WORDS, EACH)[:MOST_DEATHS])
        delivered()
        sends()
        delivered()

        assert deaths > 0
        seen = Seen.now()
        assert (seen.applications, seen.cases, seen.certificates) == ({"granted": 1}, {"issued": 1}, 1)


class TestSentSeveralTimesAtOnce:
    def test_a_double_click_is_one_application(self, place: Hall) -> None:
        instant = sending(prepared(place.citizen), place.citizen)
        looked_at = sending(prepared(place.other), place.other)

        for sends in (instant, looked_at):
            at_once(sends, processes=2)
        delivered()

        seen = Seen.now()
        assert (seen.applications, seen.cases) == ({"granted": 1, "open": 1}, {"issued": 1, "open": 1})
        assert (seen.certificates, seen.checks, seen.answers, seen.to_dos) == (1, 4, 2, 1)
        assert messages(place.other) == {"received": 1}
        assert not any(sends().is_fresh for sends in (instant, looked_at))
