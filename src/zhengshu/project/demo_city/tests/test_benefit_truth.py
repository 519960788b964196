"""Who is entitled, as the truth says, against what the departments' files say of the same people."""

from collections import Counter
from datetime import date
from pathlib import Path

from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.project.demo_city.registers_benefits import ENTITLED_FROM, LISTED_FROM
from zhengshu.project.demo_city.tests.test_build import Row, read_rows, truth

ALLOWANCE, RELIEF = "old-age-allowance", "small-enterprise-relief"


def of_benefit(folder: Path, code: str) -> dict[str, Row]:
    return {str(row["subject"]): row for row in truth(folder, "benefits") if row["benefit"] == code}


class TestOldAgeAllowance:
    def test_every_person_of_the_age_has_one_verdict(self, city_folder: Path) -> None:
        told = of_benefit(city_folder, ALLOWANCE)
        persons = {str(row["citizen_id"]): row for row in truth(city_folder, "persons")}

        assert set(told) <= set(persons)
        assert all(
            (row["verdict"] == "dead") == bool(persons[subject]["died_on"]) for subject, row in told.items()
        )
        counts = Counter(str(row["verdict"]) for row in told.values())
        assert set(counts) == {"entitled", "dead", "moved", "doubtful"}

    def test_entitlement_begins_on_a_birthday(self, city_folder: Path) -> None:
        for subject, row in of_benefit(city_folder, ALLOWANCE).items():
            born, begins = CitizenId.parse(subject).born_on, date.fromisoformat(str(row["entitled_from"]))
            assert begins.year == born.year + ENTITLED_FROM
            assert (begins.month, begins.day) in {(born.month, born.day), (3, 1)}

    def test_registers_lag_behind_the_truth_as_planted(self, city_folder: Path) -> None:
        told = of_benefit(city_folder, ALLOWANCE)
        listed = read_rows(city_folder, "police/elders.csv")
        buried = {row["死者公民身份号码"] for row in read_rows(city_folder, "health/deaths.csv")}

        late = [
            row
            for row in listed
            if row["户籍状态"] == "正常" and told[row["公民身份号码"]]["verdict"] == "dead"
        ]
        wrong = [
            row
            for row in listed
            if row["出生日期"] != CitizenId.parse(row["公民身份号码"]).born_on.isoformat()
        ]
        assert late
        assert {row["公民身份号码"] for row in late} <= buried
        assert {told[row["公民身份号码"]]["verdict"] for row in wrong} == {"doubtful"}
        assert max(Counter(row["公民身份号码"] for row in listed).values()) == 2
        assert LISTED_FROM < ENTITLED_FROM


class TestSmallEnterpriseRelief:
    def test_firms_that_closed_or_are_too_large_are_not_entitled(self, city_folder: Path) -> None:
        told = of_benefit(city_folder, RELIEF)
        staff = {
            row["统一社会信用代码"]: int(row["从业人数"] or 0)
            for row in read_rows(city_folder, "market/small_firms.csv")
        }

        assert set(told) == set(staff)
        assert all(staff[code] > 300 for code, row in told.items() if row["verdict"] == "too_large")
        assert all(0 < staff[code] <= 300 for code, row in told.items() if row["verdict"] == "entitled")
        assert all(staff[code] == 0 for code, row in told.items() if row["verdict"] == "doubtful")
        assert {str(row["verdict"]) for row in told.values()} == {
            "entitled",
            "too_large",
            "closed",
            "doubtful",
        }
