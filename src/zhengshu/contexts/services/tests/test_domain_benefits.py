"""The rules of benefits: what holds, what does not, and what is left to a person."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.services.domain import benefits as rules
from zhengshu.kernel.checks import citizen_check

PACKS = Path(__file__).parents[5] / "packs" / "benefits"
AT = datetime(2026, 6, 30, tzinfo=UTC)


def number_of(born: date) -> str:
    body = f"470502{born:%Y%m%d}001"
    return body + citizen_check(body)


@dataclass(frozen=True)
class Said:
    """Builds what a register gave."""

    source: str = "a register"

    def __call__(self, *rows: dict[str, str]) -> rules.Given:
        return rules.Given(rows=rows, source=self.source, at=AT, receipt="R1")


said = Said()


@pytest.fixture(scope="module")
def allowance() -> rules.Definition:
    return msgspec.yaml.decode((PACKS / "old-age-allowance.yaml").read_bytes(), type=rules.Definition)


def judged(
    allowance: rules.Definition, *, born: date, on: date = date(2026, 6, 30), **row: str
) -> rules.Verdict:
    listed = {"birth_date": born.isoformat(), "household_state": "正常"} | row
    given_rows = {"elders": said(listed), "deaths": said()}
    return rules.judge(allowance, subject=number_of(born), on=on, given=given_rows)


class TestJudge:
    def test_finds_somebody_on_his_birthday_and_not_the_day_before(self, allowance: rules.Definition) -> None:
        born = date(1946, 6, 30)

        assert judged(allowance, born=born).outcome is rules.Outcome.ENTITLED
        assert judged(allowance, born=born, on=date(2026, 6, 29)).failed == "age"

    def test_leaves_a_wrong_day_of_birth_to_a_person(self, allowance: rules.Definition) -> None:
        verdict = judged(allowance, born=date(1940, 1, 1), birth_date="1934-01-01")

        assert (verdict.outcome, verdict.failed) == (rules.Outcome.CHECK, "birth")

    def test_does_not_find_who_moved_or_died(self, allowance: rules.Definition) -> None:
        born = date(1940, 1, 1)
        listed = {"birth_date": born.isoformat(), "household_state": "正常"}
        dead = {"elders": said(listed), "deaths": said({"died_on": "2026-06-01"})}

        moved = judged(allowance, born=born, household_state="迁出注销")
        buried = rules.judge(allowance, subject=number_of(born), on=date(2026, 6, 30), given=dead)

        assert (moved.outcome, moved.failed) == (rules.Outcome.NO, "registered")
        assert (buried.outcome, buried.failed) == (rules.Outcome.NO, "alive")

    def test_rows_that_disagree_never_entitle(self, allowance: rules.Definition) -> None:
        born = date(1940, 1, 1)
        both = said(
            {"birth_date": born.isoformat(), "household_state": "正常"},
            {"birth_date": born.isoformat(), "household_state": "迁出注销"},
        )

        verdict = rules.judge(allowance, subject=number_of(born), on=AT.date(), given={"elders": both})

        assert verdict.outcome is rules.Outcome.NO

    def test_every_rule_says_who_said_so_and_when(self, allowance: rules.Definition) -> None:
        verdict = judged(allowance, born=date(1940, 1, 1))

        assert [one.rule for one in verdict.findings] == ["age", "registered", "alive", "birth"]
        assert {(one.source, one.at, one.receipt) for one in verdict.findings} == {("a register", AT, "R1")}

    @given(
        born=st.dates(date(1900, 1, 1), date(2020, 12, 31)), on=st.dates(date(2020, 1, 1), date(2040, 1, 1))
    )
    def test_age_grows_by_one_each_birthday(self, born: date, on: date) -> None:
        age = rules.age_on(number_of(born), on)
        assert age is not None

        assert (on.year - born.year - 1) <= age <= on.year - born.year
        assert age == sum(
            1
            for year in range(born.year + 1, on.year + 1)
            if (on.year, on.month, on.day) >= (year, born.month, born.day)
        )


class TestUnknown:
    """What the register does not tell is no refusal, unless the rule says so."""

    RELIEF = msgspec.yaml.decode((PACKS / "small-enterprise-relief.yaml").read_bytes(), type=rules.Definition)

    def judged(self, *staff: str, state: str | None = "存续（在营、开业、在册）") -> rules.Verdict:
        listed = said(*({"staff": text} for text in staff))
        register = said(*([] if state is None else [{"registration_state": state}]))
        return rules.judge(
            self.RELIEF,
            subject="91470502MA00000018",
            on=AT.date(),
            given={"directory": listed, "register": register},
        )

    @pytest.mark.parametrize(
        ("staff", "state", "outcome"),
        [
            (("300",), "存续（在营、开业、在册）", "entitled"),
            (("301",), "存续（在营、开业、在册）", "no"),
            (("",), "存续（在营、开业、在册）", "check"),
            (("约三百",), "存续（在营、开业、在册）", "check"),
            (("3", ""), "存续（在营、开业、在册）", "check"),
            (("301", ""), "存续（在营、开业、在册）", "no"),
            (("3",), None, "check"),
            (("3",), "", "check"),
            (("",), "注销", "no"),
        ],
    )
    def test_goes_to_a_person_unless_something_known_refuses(
        self, staff: tuple[str, ...], state: str | None, outcome: str
    ) -> None:
        assert self.judged(*staff, state=state).outcome == outcome

    def test_is_told_apart_from_what_does_not_hold(self) -> None:
        unsaid, too_many = self.judged("").findings[0], self.judged("301").findings[0]

        assert (unsaid.passed, unsaid.is_known) == (False, False)
        assert (too_many.passed, too_many.is_known) == (False, True)


class TestAmounts:
    @pytest.mark.parametrize(("born", "yuan"), [(1946, "100"), (1936, "200"), (1926, "500"), (1925, "500")])
    def test_follow_the_age(self, allowance: rules.Definition, born: int, yuan: str) -> None:
        amount = rules.amount_of(allowance, subject=number_of(date(born, 1, 1)), on=date(2026, 6, 30))

        assert amount == Decimal(yuan)

    def test_a_relief_pays_nothing(self) -> None:
        relief = msgspec.yaml.decode(
            (PACKS / "small-enterprise-relief.yaml").read_bytes(), type=rules.Definition
        )

        assert rules.amount_of(relief, subject="91470502MA00000018", on=AT.date()) is None
        assert rules.period_of(relief, AT.date()) == "2026"


class TestDefinition:
    def test_a_rule_that_reads_an_undeclared_register_is_refused(self, allowance: rules.Definition) -> None:
        lost = msgspec.structs.replace(allowance.rules[0], source="nowhere")

        with pytest.raises(ValueError, match="not declared"):
            msgspec.structs.replace(allowance, rules=(lost,)).__post_init__()

    @pytest.mark.parametrize(("age", "group"), [(79, "<80"), (80, "80–84"), (99, "95–99"), (104, "100+")])
    def test_ages_are_counted_in_groups(self, age: int, group: str) -> None:
        assert rules.age_group(number_of(date(2026 - age, 1, 1)), AT.date()) == group
