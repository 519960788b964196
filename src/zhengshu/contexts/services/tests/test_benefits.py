"""Benefits without application: dry run, four eyes, asking, confirming, paying once, objecting, and nobody else's."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import TaskCompleted
from zhengshu.contexts.services.application import benefit_queries as queries
from zhengshu.contexts.services.application.answer_benefit import (
    answer_benefit,
    follow_case,
    read_account,
)
from zhengshu.contexts.services.application.benefit_faults import (
    AccountUnfit,
    BenefitNotFound,
    BenefitOff,
    DryRunMissing,
    FourEyesOfBenefit,
    NothingToList,
    NotWaiting,
    NotYourBenefit,
)
from zhengshu.contexts.services.application.load_benefits import load_benefits
from zhengshu.contexts.services.application.pay_benefits import make_list, take_list
from zhengshu.contexts.services.application.run_benefit import carry_out, start_run
from zhengshu.contexts.services.application.switch_benefit import switch_benefit
from zhengshu.contexts.services.models.benefits import Entitlement, Payment
from zhengshu.contexts.services.tests.benefit_cast import (
    ACCOUNT,
    ALLOWANCE,
    AREAS,
    AT,
    RELIEF,
    Crash,
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
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.tests import factories as trusts
from zhengshu.foundation.events import Subject
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, TaskId

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=31)


@pytest.fixture
def place(tmp_path: Path) -> Office:
    return office(tmp_path)


class TestDryRun:
    def test_counts_by_area_and_age_and_asks_nobody(self, place: Office) -> None:
        registers = FakeRegisters()
        registers.add(AREAS[0], date(1946, 6, 30), times=2)
        registers.add(AREAS[0], date(1946, 7, 1))
        registers.add(AREAS[1], date(1930, 1, 1), birth_date="1936-01-01")
        registers.dead.add(registers.add(AREAS[1], date(1935, 1, 1)))

        run_id = start_run(code=ALLOWANCE, is_dry=True, actor=place.officer, at=AT)
        carry_out(run_id=run_id, registers=registers)

        _code, found = queries.run_of(run_id=run_id, actor=place.head)
        assert (found.read, found.entitled, found.check) == (4, 1, 1)
        assert [(code, entitled, check) for code, _name, entitled, check in found.areas] == [
            (AREAS[0], 1, 0),
            (AREAS[1], 0, 1),
        ]
        assert found.groups == (("80–84", 1),)
        assert dict(found.failed) == {"age": 1, "alive": 1}
        assert found.read == found.entitled + found.check + sum(count for _rule, count in found.failed)
        assert not Entitlement.objects.filter(benefit_id=ALLOWANCE).exists()

    def test_is_needed_before_the_benefit_is_switched_on(self, place: Office) -> None:
        with pytest.raises(DryRunMissing):
            switch_benefit(code=ALLOWANCE, is_on=True, actor=place.head, at=AT)
        with pytest.raises(BenefitOff):
            start_run(code=ALLOWANCE, is_dry=False, actor=place.officer, at=AT)

    def test_a_second_click_asks_the_registers_no_second_time(self, place: Office) -> None:
        first, again = (start_run(code=ALLOWANCE, is_dry=True, actor=place.officer, at=AT) for _ in range(2))
        carry_out(run_id=first, registers=FakeRegisters())

        assert again == first
        assert start_run(code=ALLOWANCE, is_dry=True, actor=place.officer, at=AT) != first

    def test_whoever_started_it_does_not_switch_on(self, place: Office) -> None:
        run_id = start_run(code=ALLOWANCE, is_dry=True, actor=place.head, at=AT)
        carry_out(run_id=run_id, registers=FakeRegisters())

        with pytest.raises(FourEyesOfBenefit):
            switch_benefit(code=ALLOWANCE, is_on=True, actor=place.head, at=AT)
        with pytest.raises(NotYourBenefit):
            switch_benefit(code=ALLOWANCE, is_on=True, actor=place.officer, at=AT)

    def test_other_rules_want_another_dry_run(self, place: Office, tmp_path: Path) -> None:
        switched_on(place, FakeRegisters())
        file = tmp_path / "benefits" / "allowance.yaml"
        file.write_text(
            file.read_text(encoding="utf-8").replace("number: 80", "number: 85"), encoding="utf-8"
        )

        assert load_benefits(folder=file.parent, at=AT) == (ALLOWANCE,)
        assert load_benefits(folder=file.parent, at=AT) == ()
        assert not queries.benefit_kept(code=ALLOWANCE, actor=place.head).is_on
        with pytest.raises(DryRunMissing):
            switch_benefit(code=ALLOWANCE, is_on=True, actor=place.head, at=AT)


class TestAsking:
    def test_somebody_with_an_account_gets_a_to_do_and_confirms(self, place: Office) -> None:
        registers = FakeRegisters()
        person = citizen("old.1", registers.add(AREAS[0], date(1940, 1, 1), serial=11))
        switched_on(place, registers)

        run(place, registers)

        found = own(person)
        assert found.case_id is not None
        assert [task.task for task in casework.inbox(actor=person, query=ListQuery(), at=AT).rows] == [
            "confirm"
        ]
        assert [one.rule for one in found.findings] == ["age", "registered", "alive", "birth"]
        answer_benefit(entitlement_id=found.id, answer="accept", account=ACCOUNT, actor=person, at=AT)
        assert own(person).state == "active"
        assert own(person).payments == (("2026-06", Decimal(100), False),)

    def test_somebody_without_an_account_is_asked_when_he_comes(self, place: Office) -> None:
        registers = FakeRegisters()
        number = registers.add(AREAS[0], date(1926, 1, 1), serial=12)
        switched_on(place, registers)
        run(place, registers)

        person = citizen("old.2", number)

        assert own(person).case_id is None
        answer_benefit(entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT)
        assert own(person).payments == (("2026-06", Decimal(500), False),)

    def test_confirming_twice_is_confirming_once(self, place: Office) -> None:
        registers = FakeRegisters()
        person = citizen("old.3", registers.add(AREAS[0], date(1940, 1, 1), serial=13))
        switched_on(place, registers)
        run(place, registers)

        for _ in range(2):
            answer_benefit(
                entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT
            )

        assert len(own(person).payments) == 1
        with pytest.raises(NotWaiting):
            answer_benefit(entitlement_id=own(person).id, answer="decline", actor=person, at=AT)

    def test_somebody_elses_is_not_found(self, place: Office) -> None:
        registers = FakeRegisters()
        person = citizen("old.4", registers.add(AREAS[0], date(1940, 1, 1), serial=14))
        thief = citizen("old.5", registers.add(AREAS[0], date(1990, 1, 1), serial=15))
        switched_on(place, registers)
        run(place, registers)

        assert queries.my_entitlements(actor=thief) == ()
        with pytest.raises(BenefitNotFound):
            answer_benefit(
                entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=thief, at=AT
            )
        with pytest.raises(BenefitNotFound):
            queries.my_entitlement(entitlement_id=own(person).id, actor=place.officer)

    @pytest.mark.parametrize(
        "text", ["", "12345", "6217000000000000001", "1234 5678 9012 ABCD", "١٢٣٤٥٦٧٨٩٠١٢"]
    )
    def test_what_is_no_account_is_refused(self, text: str) -> None:
        with pytest.raises(AccountUnfit):
            read_account(text)

    def test_a_card_is_read_with_its_blanks(self) -> None:
        assert read_account("6222 0200 0000 0000 0003") == "62220200000000000003"
        assert read_account("4111 1111 1111 1111") == "4111111111111111"
        assert read_account("４１１１　１１１１-1111\u200b1111 ") == "4111111111111111"


class TestObjections:
    def test_wrongly_found_is_looked_into_and_removed(self, place: Office) -> None:
        registers = FakeRegisters()
        person = citizen("old.6", registers.add(AREAS[0], date(1940, 1, 1), serial=16))
        switched_on(place, registers)
        run(place, registers)

        with pytest.raises(casework.ReasonMissing):
            answer_benefit(entitlement_id=own(person).id, answer="object", actor=person, at=AT)
        answer_benefit(entitlement_id=own(person).id, answer="object", reason="我已迁出", actor=person, at=AT)
        assert own(person).state == "objected"
        key = own(person).case_id
        assert key is not None
        case_id = CaseId(key)
        casework.complete_task(
            case_id=case_id, task="review", outcome="uphold", reason="属实", actor=place.officer, at=AT
        )
        follow_case(
            TaskCompleted(
                at=AT,
                actor=place.officer,
                subject=Subject("case", str(key), "GL"),
                case_id=case_id,
                case_type=ALLOWANCE,
                about_kind="entitlement",
                about_id=own(person).id,
                task_id=TaskId(key),
                task="review",
                outcome="uphold",
                basis="",
            )
        )
        assert own(person).state == "removed"
        run(place, registers, months=1)
        assert own(person).payments == ()


class TestExactlyOnce:
    def test_the_run_of_a_period_exists_once_and_pays_once(self, place: Office) -> None:
        registers = FakeRegisters()
        person = citizen("old.7", registers.add(AREAS[0], date(1940, 1, 1), serial=17))
        switched_on(place, registers)
        first = run(place, registers)
        answer_benefit(entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT)

        assert run(place, registers) == first
        run(place, registers, months=1)
        run(place, registers, months=1)

        assert [period for period, _yuan, _listed in own(person).payments] == ["2026-06", "2026-07"]

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(kills=st.lists(st.integers(1, 8), min_size=1, max_size=4))
    def test_killed_at_any_read_and_run_again_it_finds_and_pays_once(
        self, place: Office, kills: list[int]
    ) -> None:
        registers = FakeRegisters()
        for serial in range(1, 6):
            registers.add(AREAS[serial % 2], date(1930 + serial, 1, 1), serial=serial, times=1 + serial % 2)
        if not queries.benefit_kept(code=ALLOWANCE, actor=place.head).is_on:
            switched_on(place, registers)

        for kill in kills:
            registers.reads, registers.crash_at = 0, kill
            run_id = start_run(code=ALLOWANCE, is_dry=False, actor=place.officer, at=AT)
            try:
                carry_out(run_id=run_id, registers=registers)
            except Crash:
                continue
        registers.crash_at = 0
        run(place, registers)
        Entitlement.objects.filter(benefit_id=ALLOWANCE).update(state="active", sealed_account=b"x")
        run(place, registers, months=1)
        run(place, registers, months=1)

        assert Entitlement.objects.filter(benefit_id=ALLOWANCE).count() == 5
        assert Payment.objects.filter(entitlement__benefit_id=ALLOWANCE, period="2026-07").count() == 5


class TestStopping:
    def test_who_died_or_moved_is_suspended_with_the_reason(self, place: Office) -> None:
        registers = FakeRegisters()
        person = citizen("old.8", registers.add(AREAS[0], date(1940, 1, 1), serial=18))
        switched_on(place, registers)
        run(place, registers)
        answer_benefit(entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT)

        registers.dead.add(own(person).number)
        run(place, registers, months=1)

        assert own(person).state == "suspended"
        assert [one.rule for one in own(person).findings if not one.passed] == ["alive"]
        assert [period for period, _yuan, _listed in own(person).payments] == ["2026-06"]
        registers.dead.clear()
        run(place, registers, months=2)
        assert own(person).state == "active"
        assert [period for period, _yuan, _listed in own(person).payments] == ["2026-06", "2026-08"]


class TestFirms:
    def asked(self, tmp_path: Path) -> tuple[Actor, Actor]:
        """Return whom a firm lets confirm, and whom it lets do something else; both may be asked."""
        taxes = office(tmp_path, code=RELIEF)
        code = trusts.credit_code(870_001)
        firm = trust.add_enterprise(code=code, name="锦帆商行", actor=Actor.platform("tests"), at=AT)
        bookkeeper = trusts.handler(
            "firm.books", number_of(date(1990, 1, 1), 31), enterprise_id=firm, scope=(f"matters:{RELIEF}",)
        )
        builder = trusts.handler(
            "firm.builds", number_of(date(1990, 1, 1), 32), enterprise_id=firm, scope=("matters:food-permit",)
        )
        registers = FirmRegisters({code: ("12", "存续（在营、开业、在册）")})
        for is_dry, actor in ((True, taxes.officer), (False, taxes.officer)):
            carry_out(run_id=start_run(code=RELIEF, is_dry=is_dry, actor=actor, at=AT), registers=registers)
            if is_dry:
                switch_benefit(code=RELIEF, is_on=True, actor=taxes.head, at=AT)
        return bookkeeper, builder

    def test_whoever_may_confirm_such_matters_is_asked_and_nobody_else_sees_it(self, tmp_path: Path) -> None:
        bookkeeper, builder = self.asked(tmp_path)

        (to_do,) = casework.inbox(actor=bookkeeper, query=ListQuery(), at=AT).rows
        assert to_do.task == "confirm"
        assert queries.my_entitlements(actor=builder) == ()
        with pytest.raises(BenefitNotFound):
            answer_benefit(entitlement_id=own(bookkeeper).id, answer="accept", actor=builder, at=AT)
        answer_benefit(entitlement_id=own(bookkeeper).id, answer="accept", actor=bookkeeper, at=AT)
        assert (own(bookkeeper).state, own(bookkeeper).payments) == ("active", ())


class TestLists:
    def test_each_payment_stands_on_one_list(self, place: Office) -> None:
        registers = FakeRegisters()
        person = citizen("old.9", registers.add(AREAS[0], date(1940, 1, 1), serial=19))
        switched_on(place, registers)
        run(place, registers)
        answer_benefit(entitlement_id=own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT)

        made = make_list(code=ALLOWANCE, actor=place.head, at=AT)

        (line,) = take_list(list_id=made, actor=place.head, at=AT)
        assert (line.account, line.yuan, line.period) == (ACCOUNT, Decimal(100), "2026-06")
        with pytest.raises(NothingToList):
            make_list(code=ALLOWANCE, actor=place.head, at=AT)
        assert [one.payments for one in queries.lists_of(code=ALLOWANCE, actor=place.head)] == [1]

    def test_are_for_the_head_of_the_granting_department(self, place: Office) -> None:
        with pytest.raises(NotYourBenefit):
            make_list(code=ALLOWANCE, actor=place.officer, at=AT)
        with pytest.raises(BenefitNotFound):
            make_list(code=ALLOWANCE, actor=place.stranger, at=AT)
        assert queries.benefits_kept(actor=place.stranger) == ()


class TestSelfCheck:
    def test_says_rule_by_rule_why_somebody_was_not_found(self, place: Office) -> None:
        registers = FakeRegisters()
        person = citizen("old.10", registers.add(AREAS[0], date(1950, 1, 1), serial=20))

        _definition, found = queries.check_myself(code=ALLOWANCE, actor=person, at=AT, registers=registers)

        ((_number, verdict),) = found
        assert verdict.failed == "age"
        assert {one.source for one in verdict.findings} == {"市公安局《户籍老年人口信息》"}
