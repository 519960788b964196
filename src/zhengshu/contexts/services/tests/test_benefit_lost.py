"""Whoever a run does not find any more is told once, why and what he can do; nobody who was never asked."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.answer_benefit import answer_benefit
from zhengshu.contexts.services.application.benefit_faults import NotEntitledNow
from zhengshu.contexts.services.tests.benefit_cast import (
    ACCOUNT,
    AREAS,
    AT,
    FakeRegisters,
    Office,
    citizen,
    office,
    own,
    run,
    switched_on,
)
from zhengshu.contexts.services.tests.test_pages_lists import browser
from zhengshu.foundation import outbox
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

pytestmark = pytest.mark.django_db
TOLD = "不再符合条件，已暂停"


@pytest.fixture
def place(tmp_path: Path) -> Office:
    return office(tmp_path)


def asked(place: Office, serial: int) -> tuple[FakeRegisters, Actor]:
    """Return somebody whom the first run has asked."""
    registers = FakeRegisters()
    person = citizen(f"lost.{serial}", registers.add(AREAS[0], date(1940, 1, 1), serial=serial))
    switched_on(place, registers)
    run(place, registers)
    return registers, person


def confirmed(place: Office, serial: int) -> tuple[FakeRegisters, Actor]:
    """Return somebody who has confirmed."""
    registers, person = asked(place, serial)
    answer_benefit(entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT)
    return registers, person


def messages(person: Actor) -> str:
    """Return the person's messages, after everything that happened was heard."""
    outbox.deliver_due(at=timezone.now() + timedelta(days=1))
    return browser(person).get("/messages/").content.decode()


class TestTelling:
    @pytest.mark.parametrize(("serial", "begin"), [(61, asked), (62, confirmed)])
    def test_once_with_the_rule_and_the_way_on(
        self, place: Office, serial: int, begin: Callable[[Office, int], tuple[FakeRegisters, Actor]]
    ) -> None:
        registers, person = begin(place, serial)
        registers.dead.add(own(person).number)

        for months in (1, 1, 2):
            run(place, registers, months=months)

        shown = messages(person)
        assert shown.count(TOLD) == 1
        assert "没有签发死亡医学证明" in shown
        assert "自动恢复" in shown

    def test_again_only_after_he_was_found_again(self, place: Office) -> None:
        registers, person = confirmed(place, 63)
        number = own(person).number

        for months, dead in ((1, {number}), (2, set[str]()), (3, {number})):
            registers.dead = dead
            run(place, registers, months=months)

        assert messages(person).count(TOLD) == 2

    def test_leaves_nothing_to_do_and_asks_anew_when_he_is_found_again(self, place: Office) -> None:
        registers, person = asked(place, 65)
        number, first = own(person).number, own(person).case_id
        registers.dead.add(number)
        run(place, registers, months=1)

        assert first is not None
        ended = casework.case(case_id=CaseId(first), actor=person, at=AT)
        assert (ended.state, ended.open_tasks) == ("lost", ())
        assert own(person).case_id is None
        with pytest.raises(NotEntitledNow):
            answer_benefit(
                entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT
            )

        registers.dead.clear()
        run(place, registers, months=2)

        again = own(person).case_id
        assert again not in {None, first}
        answer_benefit(entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT)
        assert own(person).state == "active"

    def test_nobody_who_was_never_asked(self, place: Office) -> None:
        registers = FakeRegisters()
        number = registers.add(AREAS[0], date(1940, 1, 1), serial=64)
        switched_on(place, registers)
        run(place, registers)
        person = citizen("lost.64", number)
        registers.dead.add(number)

        run(place, registers, months=1)

        assert own(person).state == "suspended"
        assert TOLD not in messages(person)
