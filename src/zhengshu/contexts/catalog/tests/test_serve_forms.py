import json
import shutil
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.api import Question
from zhengshu.contexts.catalog import api
from zhengshu.contexts.catalog.application.serve_forms import CatalogForForms
from zhengshu.contexts.catalog.models import AuthoritativeSource
from zhengshu.contexts.catalog.tests.factories import AT, City, city, published

pytestmark = pytest.mark.django_db

PACK = Path(__file__).parents[5] / "tests" / "packs" / "stall-permit"


@pytest.fixture
def town() -> City:
    return city()


@pytest.fixture
def types(tmp_path: Path) -> Path:
    """A folder with one case type that has forms."""
    shutil.copytree(PACK, tmp_path / "stall-permit")
    return tmp_path


def with_field(types: Path, **properties: str) -> None:
    """Let the form ask one question more."""
    file = types / "stall-permit" / "application.form.json"
    form = json.loads(file.read_text(encoding="utf-8"))
    field = {"type": "textfield", "id": "extra", "key": "extra", "label": "单位代码"}
    form["components"].append({**field, "properties": {"label_en": "Code of the enterprise", **properties}})
    file.write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")


def name_source(town: City) -> str:
    made = published(town)
    api.name_authoritative_source(
        element_code="credit-code", resource_code=made.code, actor=town.reviewer, at=AT
    )
    return made.name


class TestWhatASourceSupplies:
    @pytest.mark.article("809", 19)
    def test_is_not_asked_of_a_person(self, town: City, types: Path) -> None:
        resource = name_source(town)
        with_field(types, element="credit-code")

        with pytest.raises(casework.CaseTypeFaulty) as refused:
            casework.load_case_types(folder=types, at=AT)

        assert f"市市场监督管理局《{resource}》" in refused.value.text()
        assert "application.form.json:extra" in refused.value.text()

    @pytest.mark.article("809", 19)
    def test_is_known_by_its_name_too(self, town: City, types: Path) -> None:
        name_source(town)
        element = api.element(code="credit-code")
        with_field(types)
        file = types / "stall-permit" / "application.form.json"
        file.write_text(file.read_text(encoding="utf-8").replace("单位代码", element.name), encoding="utf-8")

        with pytest.raises(casework.CaseTypeFaulty):
            casework.load_case_types(folder=types, at=AT)

    @pytest.mark.article("809", 19)
    def test_may_be_asked_for_a_recorded_reason(self, town: City, types: Path) -> None:
        name_source(town)
        with_field(types, element="credit-code", reason="申请人尚未登记")

        assert casework.load_case_types(folder=types, at=AT) == ("stall-permit",)

    def test_may_be_filled_by_the_source(self, town: City, types: Path) -> None:
        name_source(town)
        with_field(types, element="credit-code", **{"from": "source"})

        assert casework.load_case_types(folder=types, at=AT) == ("stall-permit",)

    def test_is_not_filled_by_a_source_that_nobody_named(self, town: City, types: Path) -> None:
        with_field(types, element="registration-status", **{"from": "source"})

        faults = casework.check_sources(
            {"application": (types / "stall-permit" / "application.form.json").read_text(encoding="utf-8")}
        )

        assert [fault.code for fault in faults] == ["form-source-missing"]

    def test_is_found_in_a_fixed_number_of_queries(self, town: City) -> None:
        name_source(town)
        asked = [Question(element="", label=f"第{number}项") for number in range(100)]
        asked.append(Question(element="credit-code", label="代码"))

        with CaptureQueriesContext(connection) as queries:
            found = CatalogForForms().sources_of(asked)

        assert [one.element for one in found] == ["credit-code"]
        assert len(queries) <= 2


class TestCodeTables:
    def test_give_the_options_of_a_field(self, town: City) -> None:
        found = CatalogForForms().entries(["gender", "nothing"])

        assert [(one.value, one.label.zh) for one in found["gender"]] == [("1", "男性"), ("2", "女性")]
        assert set(found) == {"gender"}

    def test_that_do_not_exist_are_named(self, town: City, types: Path) -> None:
        file = types / "stall-permit" / "application.form.json"
        form = json.loads(file.read_text(encoding="utf-8"))
        field = {"type": "select", "id": "extra", "key": "extra", "label": "类别"}
        form["components"].append({**field, "properties": {"label_en": "Kind", "code_table": "kinds"}})

        faults = casework.check_sources({"application": json.dumps(form, ensure_ascii=False)})

        assert [(fault.code, fault.element) for fault in faults] == [("form-table-unknown", "extra")]


class TestElementSources:
    def test_say_what_the_query_set_says(self, town: City) -> None:
        resource = name_source(town)
        row = AuthoritativeSource.objects.select_related("element", "resource").get(active_to=None)
        assert row.resource.published is not None
        items = row.resource.published.items.exclude(element_code="")

        found = api.element_sources(codes=["credit-code", "no-such-element"])

        assert set(found) == {row.element.code}
        source = found[row.element.code]
        assert (source.resource_code, source.source) == (row.resource.code, f"市市场监督管理局《{resource}》")
        assert dict(source.columns) == dict(items.values_list("element_code", "column"))

    def test_end_with_the_source(self, town: City) -> None:
        name_source(town)
        AuthoritativeSource.objects.update(active_to=AT)

        assert api.element_sources(codes=["credit-code"]) == {}
