"""Search in the catalogue."""

import pytest
from pytest_django import DjangoAssertNumQueries

from zhengshu.contexts.catalog import api
from zhengshu.contexts.catalog.domain.facets import pack
from zhengshu.contexts.catalog.models import Resource
from zhengshu.contexts.catalog.tests.factories import AT, City, copies, draft, published
from zhengshu.foundation.lists import ListQuery

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(town: City) -> City:
    """A city with three published resources and a draft."""
    published(town, draft(name="不动产登记信息", summary="房屋和土地"))
    published(
        town,
        draft(
            name="企业登记信息",
            sharing_class=api.SharingClass.CONDITIONAL,
            sharing_scope="市级",
            sharing_purposes="审批",
        ),
    )
    published(
        town,
        draft(
            name="空气质量监测", summary="站点小时值", items=(api.ItemDraft(name="臭氧浓度", column="ozone"),)
        ),
    )
    api.draft_resource(draft=draft(name="尚未发布的登记"), actor=town.officer, at=AT)
    return town


def names(town: City, text: str = "", **filters: str) -> list[str]:
    query = ListQuery(text=text, filters={name: (value,) for name, value in filters.items()})
    return [row.name for row in api.search(query=query, actor=town.stranger).rows]


class TestWords:
    def test_finds_words_of_the_name(self, ledger: City) -> None:
        assert names(ledger, "不动产登记") == ["不动产登记信息"]

    def test_finds_items_and_summary_after_names(self, ledger: City) -> None:
        assert names(ledger, "臭氧") == ["空气质量监测"]
        assert names(ledger, "小时值") == ["空气质量监测"]

    def test_finds_the_department(self, ledger: City) -> None:
        assert len(names(ledger, "市场监督")) == 3

    def test_finds_a_part_of_a_word(self, ledger: City) -> None:
        found = api.search(query=ListQuery(text="气质量监"), actor=ledger.stranger)

        assert [row.name for row in found.rows] == ["空气质量监测"]
        assert found.way in {api.Way.WORDS, api.Way.PARTS}

    def test_forgives_a_wrong_letter(self, ledger: City) -> None:
        found = api.search(query=ListQuery(text="不动厂登记"), actor=ledger.stranger)

        assert [row.name for row in found.rows] == ["不动产登记信息"]
        assert found.way is api.Way.SIMILAR

    @pytest.mark.parametrize(
        "text", ["'", "' | ! & (", "%_\\", "登记';DROP TABLE x;--", "\0", "&", "😀", "ａ" * 300]
    )
    def test_no_question_breaks_the_search(self, ledger: City, text: str) -> None:
        api.search(query=ListQuery(text=text.replace("\0", "")), actor=ledger.stranger)


class TestFilters:
    def test_counts_what_each_choice_leaves(self, ledger: City) -> None:
        found = api.search(query=ListQuery(filters={"sharing": ("conditional",)}), actor=ledger.stranger)

        assert found.total == 1
        assert found.facets["sharing"] == {"unconditional": 2, "conditional": 1}
        assert found.facets["department"] == {str(ledger.market): 1}

    @pytest.mark.parametrize(
        ("name", "value"), [("grade", "x"), ("grade", "99"), ("department", "no-uuid"), ("sharing", "'; --")]
    )
    def test_a_senseless_choice_finds_nothing(self, ledger: City, name: str, value: str) -> None:
        assert names(ledger, **{name: value}) == []

    def test_a_draft_is_counted_for_its_own_department_only(self, ledger: City) -> None:
        assert api.search(query=ListQuery(), actor=ledger.stranger).total == 3
        assert api.search(query=ListQuery(), actor=ledger.officer).total == 4

    def test_the_database_packs_facets_as_the_domain_does(self, ledger: City) -> None:
        for row in Resource.objects.all():
            values = {
                "sharing_class": row.sharing_class,
                "opening_class": row.opening_class,
                "grade": str(row.grade),
                "update_cycle": row.update_cycle,
                "format_category": row.format_category,
                "category": row.category,
                "state": row.state,
            }
            assert row.facets == pack(values)


class TestOrder:
    def test_sorts_and_pages(self, ledger: City) -> None:
        first = api.search(query=ListQuery(sort="name", size=2), actor=ledger.stranger)
        second = api.search(query=ListQuery(sort="name", size=2, page=2), actor=ledger.stranger)

        together = [row.name for row in (*first.rows, *second.rows)]
        assert (first.total, first.pages) == (3, 2)
        assert sorted(together) == together

    def test_beyond_the_last_page_there_is_nothing(self, ledger: City) -> None:
        assert api.search(query=ListQuery(page=99), actor=ledger.stranger).rows == ()


class TestCost:
    def test_costs_the_same_at_10_and_200_rows(
        self, town: City, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        made = published(town)
        for number in (10, 200):
            copies(made, number=number)
            with django_assert_num_queries(5):
                found = api.search(query=ListQuery(text="企业", size=200), actor=town.stranger)
            assert len(found.rows) == number
