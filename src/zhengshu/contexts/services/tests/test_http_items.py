"""Items in the management API: a typed declaration, all elements of the standard, pages, and only what one may see."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from zhengshu.contexts.catalog.tests.factories import City
from zhengshu.contexts.services.application.keep_version import write_version
from zhengshu.contexts.services.domain import items as declared
from zhengshu.contexts.services.domain.elements import ELEMENTS
from zhengshu.contexts.services.domain.limits import ItemLimit
from zhengshu.contexts.services.interfaces import http_item_facts as shown
from zhengshu.contexts.services.models import ItemVersion
from zhengshu.contexts.services.tests.factories import AT, TODAY, draft, published
from zhengshu.contexts.services.tests.test_elements import FULL, full
from zhengshu.contexts.services.tests.test_pages_lists import browser

ITEMS = "/api/services/items"


class TestSchema:
    @pytest.mark.parametrize(
        ("answer", "struct"),
        [
            (shown.FactsOut, declared.ItemDraft),
            (shown.MaterialOut, declared.MaterialDraft),
            (shown.LimitOut, ItemLimit),
            (shown.StepOut, declared.Step),
            (shown.BodyOut, declared.Body),
            (shown.PlaceOut, declared.Place),
            (shown.OutcomeOut, declared.Outcome),
            (shown.CommonQuestionOut, declared.CommonQuestion),
        ],
    )
    def test_has_every_part_of_the_declaration(self, answer: type, struct: type) -> None:
        assert set(answer.model_fields) == set(struct.__struct_fields__)  # type: ignore[attr-defined]  # see the list

    def test_the_document_names_every_element_that_is_declared(self) -> None:
        parts = [*schema("FactsOut").values(), *schema("MaterialOut").values()]
        told = " ".join(part.get("description", "") for part in parts)

        assert [one.name for one in ELEMENTS if one.field and f"{one.number} {one.name}" not in told] == []


@pytest.mark.django_db
class TestItems:
    def test_are_searched_narrowed_sorted_and_paged(self, town: City) -> None:
        for number in range(5):
            published(f"a-{number}", draft(name=f"路灯第{number}类", kind="07" if number else "20"))
        client = browser(town.officer)

        first = client.get(f"{ITEMS}?q=路灯&kind=07&sort=-name&size=3").json()
        second = client.get(f"{ITEMS}?q=路灯&kind=07&sort=-name&size=3&page=2").json()

        assert [row["code"] for row in first["rows"] + second["rows"]] == ["a-4", "a-3", "a-2", "a-1"]
        assert (first["total"], second["page"]) == (4, 2)
        assert set(first["rows"][0]) == set(schema("ItemFaceOut"))

    def test_one_has_all_facts_and_all_elements(self, town: City) -> None:
        published("a-sign", full(themes=[]), department_id=town.market, department_name="市市场监督管理局")

        found = browser(town.officer).get(f"{ITEMS}/a-sign").json()

        assert found["facts"]["promised"] == {
            "value": 5,
            "unit": "working_days",
            "note": "不含现场核查",
            "basis": "",
        }
        assert [material["name"] for material in found["facts"]["materials"]] == ["效果图", "租赁合同"]
        assert [one["number"] for one in found["elements"]] == list(range(1, 65))
        assert {one["name"]: one["values"] for one in found["elements"]}["设定依据"] == FULL["basis"]

    def test_versions_in_the_making_are_seen_by_their_organ_alone(self, town: City) -> None:
        published("a-lamp", department_id=town.market, authority_id=town.authority)
        write_version(
            code="a-lamp", draft=draft(name="新名"), effective_from=TODAY, cause="x", expected_revision=0,
            actor=town.officer, at=AT,
        )  # fmt: skip

        own = browser(town.officer).get(f"{ITEMS}/a-lamp/versions").json()
        others = browser(town.stranger)

        assert [(row["version"], row["state"]) for row in own["rows"]] == [(2, "draft"), (1, "published")]
        assert others.get(f"{ITEMS}/a-lamp/versions").json()["total"] == 1
        assert others.get(f"{ITEMS}/a-lamp/versions/2").status_code == 404
        assert browser(town.officer).get(f"{ITEMS}/a-lamp/versions/2").json()["facts"]["name"] == "新名"

    def test_versions_are_compared_part_by_part(self, town: City) -> None:
        published("a-lamp", department_id=town.market, authority_id=town.authority)
        write_version(
            code="a-lamp", draft=draft(name="新名"), effective_from=TODAY, cause="x", expected_revision=0,
            actor=town.officer, at=AT,
        )  # fmt: skip

        found = browser(town.officer).get(f"{ITEMS}/a-lamp/compare/1/2").json()
        same = browser(town.officer).get(f"{ITEMS}/a-lamp/compare/1/1").json()

        named = next(one for one in found["parts"] if one["part"] == "name")
        assert (named["only_before"], named["only_after"]) == (["路灯报修"], ["新名"])
        assert same["parts"] == []
        assert browser(town.stranger).get(f"{ITEMS}/a-lamp/compare/1/2").status_code == 404
        assert Client().get(f"{ITEMS}/a-lamp/compare/1/2").status_code in {401, 403}

    def test_pages_of_versions_ask_as_often_for_many(
        self, town: City, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        item = published("a-lamp", department_id=town.market)
        first = ItemVersion.objects.get(item=item)
        for number in range(2, 32):
            first.pk, first.number, first.state = None, number, "withdrawn"
            first._state.adding = True
            first.save()
        client = browser(town.officer)

        with django_assert_max_num_queries(12):
            page = client.get(f"{ITEMS}/a-lamp/versions", {"size": 20}).json()

        assert (page["total"], len(page["rows"])) == (31, 20)

    @pytest.mark.parametrize(
        ("path", "status", "code"),
        [
            ("/nothing", 404, "services.item-not-found"),
            ("/nothing/versions", 404, "services.item-not-found"),
            ("/nothing/versions/1", 404, "services.item-not-found"),
            ("?size=0", 422, ""),
            ("?kind=99", 422, ""),
            ("?page=100000", 422, ""),
        ],
    )
    def test_refusals_are_problem_documents(self, town: City, path: str, status: int, code: str) -> None:
        answer = browser(town.officer).get(ITEMS + path)

        assert answer.status_code == status
        assert answer.json()["code" if code else "detail"] == (code or answer.json()["detail"])

    def test_visitors_sign_in_first(self) -> None:
        assert Client().get(ITEMS).status_code in {401, 403}


def schema(name: str) -> dict[str, dict[str, str]]:
    """Return the parts of a schema as the OpenAPI document has them."""
    document = Client().get("/api/openapi.json").json()
    found: dict[str, dict[str, str]] = document["components"]["schemas"][name]["properties"]
    return found
