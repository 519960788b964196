"""What a register answers in one thing: its newest row, unless that is done with."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from zhengshu.contexts.services.domain.one_things import OneThing

PACK = Path(__file__).parents[5] / "packs" / "one-things" / "newborn.yaml"
(NEWBORN,) = msgspec.yaml.decode(PACK.read_bytes(), type=OneThing).prefill
OLDER = {"born_at": "2022-03-04 11:20:00", "child_gender": "1", "issuer": "澄川市妇幼保健院"}
YOUNGER = {"born_at": "2026-06-12 08:05:00", "child_gender": "2", "issuer": "澄川市人民医院"}
TODAY = date(2026, 6, 30)


class TestNewborn:
    def test_is_the_youngest_of_its_mother(self) -> None:
        found = NEWBORN.answers([YOUNGER, OLDER], settled=(), on=TODAY)

        assert found == {"child_gender": "女", "born_on": "2026-06-12", "hospital": "澄川市人民医院"}

    def test_is_found_however_long_nobody_came(self) -> None:
        found = NEWBORN.answers([YOUNGER], settled=(), on=date(2031, 1, 1))

        assert found["born_on"] == "2026-06-12"

    def test_is_none_that_has_its_birth_certificate(self) -> None:
        assert not NEWBORN.answers([YOUNGER, OLDER], settled=("2026-06-12",), on=TODAY)
        assert NEWBORN.answers([YOUNGER, OLDER], settled=("2022-03-04",), on=TODAY)

    @pytest.mark.parametrize("day", ["", "2027-01-01 00:00:00"])
    def test_is_none_without_a_day_or_with_one_to_come(self, day: str) -> None:
        assert not NEWBORN.answers([YOUNGER | {"born_at": day}], settled=(), on=TODAY)
