"""An application whose process is killed between any two words to the database, or that is sent twice at once."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.utils import timezone

from tests.kit.killed import at_once, killed_everywhere
from tests.kit.zygote import KILLED, Zygote
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
DEADLY_WRITES = (2, 8, 14)
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


@pytest.fixture(scope="module")
def zygote(django_db_setup: None) -> Iterator[Zygote]:
    with Zygote("tests.faults.application_acts") as started:
        yield started


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


def sending_elsewhere(draft_id: UUID, actor: Actor) -> dict[str, str]:
    """Return the same sending as an act of processes in which no certificate was ever set."""
    return {"act": "send", "draft": str(draft_id), "actor": str(actor.id)}


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

    def test_while_its_certificate_is_made_it_is_one_certificate(self, zygote: Zygote, place: Hall) -> None:
        sends = sending_elsewhere(prepared(place.citizen), place.citizen)

        outcomes = [zygote.killed(sends, before_write=number) for number in DEADLY_WRITES]
        delivered()
        zygote.together(sends)
        delivered()

        assert outcomes == [KILLED] * len(DEADLY_WRITES)
        seen = Seen.now()
        assert (seen.applications, seen.cases, seen.certificates) == ({"granted": 1}, {"issued": 1}, 1)


class TestSentSeveralTimesAtOnce:
    def test_a_double_click_is_one_application(self, zygote: Zygote, place: Hall) -> None:
        instant = sending_elsewhere(prepared(place.citizen), place.citizen)
        looked_at = sending(prepared(place.other), place.other)

        first, second = zygote.together(instant, instant)
        at_once(looked_at, processes=2)
        delivered()

        seen = Seen.now()
        assert (seen.applications, seen.cases) == ({"granted": 1, "open": 1}, {"issued": 1, "open": 1})
        assert (seen.certificates, seen.checks, seen.answers, seen.to_dos) == (1, 4, 2, 1)
        assert messages(place.other) == {"received": 1}
        assert first == second == zygote.together(instant)[0]
        assert not looked_at().is_fresh
