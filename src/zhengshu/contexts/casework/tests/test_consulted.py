"""Several departments are consulted: an answer of the form says which, and each has its own to-do."""

import json
from pathlib import Path

import pytest

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT, City
from zhengshu.contexts.casework.tests.structured_flows import Page
from zhengshu.contexts.casework.tests.ten_packs import consultation, write
from zhengshu.contexts.trust import api as trust_api
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db

OPENING = """
opening_form: application
opening_parties: {requester: own, provider: own, authority: authority}
"""


def opened_by_form() -> tuple[str, Page]:
    rules, page = consultation()
    return rules + OPENING, page


def pack(folder: Path, *values: str, kind: str = "checklist") -> str:
    """Write the case type, its form with a choice among departments by their codes."""
    code = write(folder, opened_by_form)
    options = [{"label": value, "value": value} for value in values]
    asked = {
        "type": kind,
        "id": "asked_id",
        "key": "asked",
        "label": "征求意见部门",
        "values": options,
        "validate": {"required": True},
        "properties": {"label_en": "Asked", **{f"option_en.{value}": value for value in values}},
    }
    form = {"type": "default", "schemaVersion": 19, "components": [asked]}
    (folder / code / "application.form.json").write_text(json.dumps(form), encoding="utf-8")
    return code


@pytest.fixture
def place() -> City:
    return factories.city()


class TestChosenInAForm:
    @pytest.mark.parametrize(("kind", "count"), [("checklist", 2), ("radio", 1)])
    def test_each_chosen_department_has_its_to_do(
        self, place: City, tmp_path: Path, kind: str, count: int
    ) -> None:
        asked = [trust.department(parent_id=place.authority) for _ in range(3)]
        code = pack(tmp_path, *(one.code for one in asked), kind=kind)
        assert api.check_case_type(folder=tmp_path / code) == ()
        api.load_case_types(folder=tmp_path / code, at=AT)
        officer = trust.actor(Role.DATA_OFFICER, department_id=place.requester)

        case = api.open_by_form(
            case_type=code, answers={"asked": tuple(one.code for one in asked[:count])}, actor=officer, at=AT
        )

        assert {task.department_id for task in case.open_tasks} == {one.id for one in asked[:count]}

    def test_a_code_of_nobody_opens_no_case(self, place: City, tmp_path: Path) -> None:
        nobody = trust.credit_code(987654)
        code = pack(tmp_path, nobody)
        api.load_case_types(folder=tmp_path / code, at=AT)
        officer = trust.actor(Role.DATA_OFFICER, department_id=place.requester)

        with pytest.raises(trust_api.DepartmentNotFound):
            api.open_by_form(case_type=code, answers={"asked": (nobody,)}, actor=officer, at=AT)

    def test_what_is_no_credit_code_is_named_by_the_checker(self, tmp_path: Path) -> None:
        code = pack(tmp_path, "police", "tax")

        faults = {(one.code, one.element) for one in api.check_case_type(folder=tmp_path / code)}

        assert ("form-datum-unfit", "asked_id") in faults


class TestAbuse:
    def test_who_was_not_asked_neither_sees_nor_answers(self, place: City, tmp_path: Path) -> None:
        asked, other = (trust.department(parent_id=place.authority) for _ in range(2))
        code = pack(tmp_path, asked.code, other.code)
        api.load_case_types(folder=tmp_path / code, at=AT)
        officer = trust.actor(Role.DATA_OFFICER, department_id=place.requester)
        case = api.open_by_form(case_type=code, answers={"asked": (asked.code,)}, actor=officer, at=AT)
        outsider: Actor = trust.actor(Role.DATA_OFFICER, department_id=other.id)

        with pytest.raises(api.CaseNotFound):
            api.complete_task(case_id=case.id, task="consult", outcome="agrees", actor=outsider, at=AT)
