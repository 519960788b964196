"""A benefit whose case type lacks what its cases need starts no run, and the sentence says what is missing."""

import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.benefit_case_type import (
    BenefitCaseTypeMissing,
    BenefitCaseTypeUnfit,
)
from zhengshu.contexts.services.application.run_benefit import start_run
from zhengshu.contexts.services.application.switch_benefit import switch_benefit
from zhengshu.contexts.services.models.benefits import Benefit
from zhengshu.contexts.services.tests.benefit_cast import ALLOWANCE, AT, FakeRegisters, office, switched_on

pytestmark = pytest.mark.django_db


def without(name: str, folder: Path) -> Path:
    """Return a copy of the case type that declares another name instead."""
    own = Path(shutil.copytree(Path(settings.PACKS_FOLDER) / "case-types" / ALLOWANCE, folder / ALLOWANCE))
    for file in (one for one in own.rglob("*") if one.is_file()):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(rf"\b{name}\b", f"{name}_2", text), encoding="utf-8")
    return own


class TestCaseType:
    @pytest.mark.parametrize(
        ("lacking", "named"),
        [
            ("lost_reason_en", "data.lost_reason_en: "),
            ("is_suspended", "data.is_suspended: "),
            ("lost", "incoming.lost: "),
        ],
    )
    def test_what_it_lacks_is_named_before_anybody_is_searched_for(
        self, tmp_path: Path, lacking: str, named: str
    ) -> None:
        place = office(tmp_path)
        switched_on(place, FakeRegisters())
        assert casework.load_case_types(folder=without(lacking, tmp_path), at=AT) == (ALLOWANCE,)

        for is_dry in (True, False):
            with pytest.raises(BenefitCaseTypeUnfit, match=f"{ALLOWANCE}.*{named}"):
                start_run(code=ALLOWANCE, is_dry=is_dry, actor=place.officer, at=AT)
        switch_benefit(code=ALLOWANCE, is_on=False, actor=place.head, at=AT)
        with pytest.raises(BenefitCaseTypeUnfit):
            switch_benefit(code=ALLOWANCE, is_on=True, actor=place.head, at=AT)

    def test_one_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        place = office(tmp_path)
        row = Benefit.objects.get(code=ALLOWANCE)
        row.definition = {**row.definition, "case_type": "town-allowance"}
        row.save()

        with pytest.raises(BenefitCaseTypeMissing, match="town-allowance"):
            start_run(code=ALLOWANCE, is_dry=True, actor=place.officer, at=AT)
