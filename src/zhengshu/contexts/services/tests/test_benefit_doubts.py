"""Doubts about benefits: an official decides, once; who had confirmed is suspended and told; nobody is paid twice."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.answer_benefit import answer_benefit
from zhengshu.contexts.services.application.benefit_faults import (
    BeingExamined,
    BenefitNotFound,
    NotEntitledNow,
    NotWaiting,
)
from zhengshu.contexts.services.application.read_entitlement import read_entitlement, subject_masked
from zhengshu.contexts.services.application.run_benefit import carry_out, start_run
from zhengshu.contexts.services.application.switch_benefit import switch_benefit
from zhengshu.contexts.services.models.benefits import Entitlement
from zhengshu.contexts.services.tests.benefit_cast import (
    ACCOUNT,
    AREAS,
    AT,
    RELIEF,
    FakeRegisters,
    FirmRegisters,
    Office,
    citizen,
    number_of,
    office,
    own,
    run,
    switched_on,
)
from zhengshu.contexts.services.tests.test_pages_lists import browser
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.tests import factories as trusts
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.outbox import deliver_due
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

pytestmark = pytest.mark.django_db
BORN = date(1940, 1, 1)


@pytest.fixture
def place(tmp_path: Path) -> Office:
    return office(tmp_path)


def written(registers: FakeRegisters, born: str) -> None:
    """Let the register say another day of birth for the one person in it."""
    ((number, row),) = registers.persons[AREAS[0]]
    registers.persons[AREAS[0]] = [(number, {**row, "birth_date": born})]


def doubtful(serial: int) -> tuple[FakeRegisters, Actor]:
    registers = FakeRegisters()
    number = registers.add(AREAS[0], BORN, serial=serial, birth_date="1946-01-01")
    return registers, citizen(f"doubt.{serial}", number)


def decide(place: Office, outcome: str, *, reason: str = "已向公安机关核实") -> None:
    """Let the official decide the one doubt that is open, and the platform hear of it."""
    key = Entitlement.objects.get(benefit__department_id=place.department).doubt_case_id
    assert key is not None
    casework.complete_task(
        case_id=CaseId(key), task="examine", outcome=outcome, reason=reason, actor=place.officer, at=AT
    )
    heard()


def heard() -> None:
    while deliver_due(at=timezone.now() + timedelta(days=3650)):
        pass


def to_dos(actor: Actor) -> list[str]:
    return [task.task for task in casework.inbox(actor=actor, query=ListQuery(), at=AT).rows]


def confirmed(place: Office, serial: int) -> tuple[FakeRegisters, Actor]:
    """Let somebody confirm whom the rules found without a doubt."""
    registers = FakeRegisters()
    person = citizen(f"doubt.{serial}", registers.add(AREAS[0], BORN, serial=serial))
    switched_on(place, registers)
    run(place, registers)
    answer_benefit(entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT)
    return registers, person


class TestNewDoubts:
    def test_are_the_to_do_of_an_official_and_nobody_is_asked_yet(self, place: Office) -> None:
        registers, person = doubtful(41)
        switched_on(place, registers)

        run(place, registers)

        assert own(person).state == "doubtful"
        assert (to_dos(place.officer), to_dos(person), to_dos(place.stranger)) == (["examine"], [], [])
        with pytest.raises(BeingExamined):
            answer_benefit(
                entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT
            )

    def test_a_dry_run_opens_none(self, place: Office) -> None:
        registers, _person = doubtful(42)

        switched_on(place, registers)

        assert to_dos(place.officer) == []

    def test_entitled_is_asked_to_confirm_and_not_looked_into_again(self, place: Office) -> None:
        registers, person = doubtful(43)
        switched_on(place, registers)
        run(place, registers)

        decide(place, "entitled")

        assert (own(person).state, to_dos(person)) == ("asked", ["confirm"])
        answer_benefit(entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT)
        run(place, registers, months=1)
        assert (own(person).state, to_dos(place.officer)) == ("active", [])
        assert [period for period, _yuan, _listed in own(person).payments] == ["2026-06", "2026-07"]

    def test_not_entitled_says_why_and_stays_so_until_the_register_says_something_else(
        self, place: Office
    ) -> None:
        registers, person = doubtful(44)
        switched_on(place, registers)
        run(place, registers)

        with pytest.raises(casework.ReasonMissing):
            decide(place, "not_entitled", reason=" ")
        decide(place, "not_entitled", reason="实际出生于1946年")

        run(place, registers, months=1)
        assert (own(person).state, own(person).refusal) == ("refused", "实际出生于1946年")
        with pytest.raises(NotEntitledNow):
            answer_benefit(
                entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT
            )
        assert (to_dos(place.officer), to_dos(person)) == ([], [])
        written(registers, "1939-01-01")
        run(place, registers, months=2)
        assert (own(person).state, to_dos(place.officer)) == ("doubtful", ["examine"])

    def test_not_entitled_leaves_nothing_to_do_for_whoever_was_asked_before(self, place: Office) -> None:
        registers = FakeRegisters()
        person = citizen("doubt.56", registers.add(AREAS[0], BORN, serial=56))
        switched_on(place, registers)
        run(place, registers)
        assert to_dos(person) == ["confirm"]
        written(registers, "1946-01-01")
        run(place, registers, months=1)

        decide(place, "not_entitled", reason="登记的出生日期有误")

        assert (own(person).state, to_dos(person)) == ("refused", [])
        shown = browser(person).get("/messages/").content.decode()
        assert "不再满足的条件：登记的出生日期有误" in shown
        written(registers, BORN.isoformat())
        run(place, registers, months=2)
        assert to_dos(person) == ["confirm"]

    def test_the_same_run_again_opens_no_second_to_do(self, place: Office) -> None:
        registers, _person = doubtful(45)
        switched_on(place, registers)

        for months in (0, 0, 1):
            run(place, registers, months=months)

        assert to_dos(place.officer) == ["examine"]

    def test_somebody_without_an_account_is_asked_when_he_comes(self, place: Office) -> None:
        registers = FakeRegisters()
        number = registers.add(AREAS[0], BORN, serial=46, birth_date="1946-01-01")
        switched_on(place, registers)
        run(place, registers)
        decide(place, "entitled")

        person = citizen("doubt.46", number)

        answer_benefit(entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT)
        assert own(person).state == "active"

    def test_whoever_declined_is_left_alone(self, place: Office) -> None:
        registers = FakeRegisters()
        person = citizen("doubt.47", registers.add(AREAS[0], BORN, serial=47))
        switched_on(place, registers)
        run(place, registers)
        answer_benefit(entitlement_id=own(person).id, answer="decline", actor=person, at=AT)
        with pytest.raises(NotWaiting):
            answer_benefit(
                entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT
            )

        written(registers, "1946-01-01")
        run(place, registers, months=1)

        assert (own(person).state, to_dos(place.officer)) == ("declined", [])


class TestLaterDoubts:
    def test_suspend_and_tell_whoever_had_confirmed_and_pay_what_lay_between_once(
        self, place: Office
    ) -> None:
        registers, person = confirmed(place, 51)
        heard()
        told = casework.unread_messages(actor=person)
        written(registers, "1946-01-01")

        run(place, registers, months=1)
        run(place, registers, months=2)

        assert (own(person).state, own(person).is_in_doubt) == ("suspended", True)
        heard()
        assert casework.unread_messages(actor=person) == told + 1
        assert [period for period, _yuan, _listed in own(person).payments] == ["2026-06"]
        decide(place, "entitled")
        run(place, registers, months=2)
        assert own(person).state == "active"
        assert [period for period, _yuan, _listed in own(person).payments] == [
            "2026-06",
            "2026-07",
            "2026-08",
        ]

    def test_not_entitled_any_more_ends_it(self, place: Office) -> None:
        registers, person = confirmed(place, 52)
        written(registers, "1946-01-01")
        run(place, registers, months=1)

        decide(place, "not_entitled", reason="已迁往外地")

        run(place, registers, months=2)
        assert (own(person).state, own(person).refusal) == ("refused", "已迁往外地")
        assert [period for period, _yuan, _listed in own(person).payments] == ["2026-06"]

    def test_hearing_of_a_decision_twice_changes_nothing(self, place: Office) -> None:
        registers, person = confirmed(place, 53)
        written(registers, "1946-01-01")
        run(place, registers, months=1)
        decide(place, "entitled")

        heard()

        assert len(own(person).payments) == 2

    def test_confirming_while_an_official_looks_is_not_lost(self, place: Office) -> None:
        registers = FakeRegisters()
        person = citizen("doubt.54", registers.add(AREAS[0], BORN, serial=54))
        switched_on(place, registers)
        run(place, registers)
        case_id = own(person).case_id
        assert case_id is not None
        written(registers, "1946-01-01")
        run(place, registers, months=1)

        casework.complete_task(case_id=CaseId(case_id), task="confirm", outcome="accept", actor=person, at=AT)
        heard()
        assert own(person).state == "doubtful"
        decide(place, "entitled")

        assert own(person).state == "active"
        answer_benefit(entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT)
        assert own(person).payments


class TestFirms:
    def test_a_delegate_for_such_matters_alone_is_told_of_the_suspension(self, tmp_path: Path) -> None:
        taxes = office(tmp_path, code=RELIEF)
        code = trusts.credit_code(870_061)
        firm = trust.add_enterprise(code=code, name="锦帆商行", actor=Actor.platform("tests"), at=AT)
        books = trusts.handler(
            "doubt.books", number_of(date(1990, 1, 1), 61), enterprise_id=firm, scope=(f"matters:{RELIEF}",)
        )
        registers = FirmRegisters({code: ("12", "存续（在营、开业、在册）")})
        for is_dry in (True, False):
            run_id = start_run(code=RELIEF, is_dry=is_dry, actor=taxes.officer, at=AT)
            carry_out(run_id=run_id, registers=registers)
            if is_dry:
                switch_benefit(code=RELIEF, is_on=True, actor=taxes.head, at=AT)
        answer_benefit(entitlement_id=own(books).id, answer="accept", actor=books, at=AT)

        heard()
        told = casework.unread_messages(actor=books)
        registers.firms[code] = ("", "存续（在营、开业、在册）")
        later = AT + timedelta(days=366)
        carry_out(
            run_id=start_run(code=RELIEF, is_dry=False, actor=taxes.officer, at=later), registers=registers
        )

        heard()
        assert own(books).state == "suspended"
        assert casework.unread_messages(actor=books) == told + 1
        decide(taxes, "entitled")
        assert own(books).state == "active"


class TestWhomItIsAbout:
    def test_is_masked_until_an_official_of_the_department_looks_which_is_noted(self, place: Office) -> None:
        registers, person = doubtful(61)
        switched_on(place, registers)
        run(place, registers)
        key = own(person).id

        masked = subject_masked(entitlement_id=key, actor=place.officer)
        whole = read_entitlement(entitlement_id=key, actor=place.officer, at=AT)

        assert "*" in masked.number
        assert whole.number == own(person).number
        assert [one.rule for one in whole.findings if not one.passed] == ["birth"]
        for stranger in (place.stranger, person):
            with pytest.raises(BenefitNotFound):
                read_entitlement(entitlement_id=key, actor=stranger, at=AT)

    def test_is_not_shown_when_nothing_is_to_be_decided(self, place: Office) -> None:
        _registers, person = confirmed(place, 62)

        with pytest.raises(BenefitNotFound):
            read_entitlement(entitlement_id=own(person).id, actor=place.officer, at=AT)
