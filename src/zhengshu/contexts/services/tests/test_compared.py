"""The comparison of two versions speaks the reader's language, not the codes of the declaration."""

import re

import pytest
from django.conf import settings
from django.utils import translation

from zhengshu.contexts.catalog.tests.factories import City
from zhengshu.contexts.services.application.load_items import load_items
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.interfaces.compared import compared
from zhengshu.contexts.services.tests.factories import AT, draft
from zhengshu.contexts.services.tests.test_elements import OTHERS, full

CODES = re.compile(r"working_days|at_once|applicant|register\b|True|False|None")


def shown(before: ItemDraft, after: ItemDraft, language: str) -> dict[str, tuple[list[str], list[str]]]:
    with translation.override(language):
        found = compared(before, after)
    return {
        one.label: ([line.text for line in one.before], [line.text for line in one.after]) for one in found
    }


@pytest.mark.django_db
class TestCompared:
    @pytest.fixture(autouse=True)
    def _themes(self) -> None:
        load_items(folder=settings.PACKS_FOLDER / "service-items", at=AT)

    def test_says_limits_and_answers_as_people_say_them(self) -> None:
        later = draft(promised={"value": 1, "unit": "hours"}, is_charged=True, level="4", channels=["1"])

        assert shown(draft(), later, "zh-hans") == {
            "行使层级": (["市级"], ["县级"]),
            "承诺办结时限": (["2个工作日"], ["1小时"]),
            "是否收费": (["否"], ["是"]),
            "办理形式": (["电脑端", "移动端"], ["窗口"]),
        }
        assert shown(draft(), later, "en")["Promised time limit"] == (["2 working days"], ["1 hour"])

    def test_names_what_codes_of_materials_and_themes_mean(self, town: City) -> None:
        held = {"name": "户籍信息", "source": "register", "elements": ["citizen-id"], "is_required": False}
        later = draft(materials=[held], themes=["birth"])

        found = shown(draft(), later, "zh-hans")

        assert found["人生大事和主题"] == ([], ["生孩子"])
        (line,) = found["需要什么"][1]
        assert line == "户籍信息 · 登记数据 · 视情况 · 对应的数据元：公民身份号码"

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_shows_no_code_of_any_part(self, language: str) -> None:
        found = shown(full(), full(**OTHERS), language)

        assert len(found) > 30
        for label, (before, after) in found.items():
            for text in (label, *before, *after):
                assert not CODES.search(text), f"{label}: {text}"

    def test_marks_what_only_one_version_says(self) -> None:
        (part,) = compared(draft(conditions=["甲", "乙"]), draft(conditions=["乙", "丙"]))

        assert [line.text for line in part.before if line.is_alone] == ["甲"]
        assert [line.text for line in part.after if line.is_alone] == ["丙"]
