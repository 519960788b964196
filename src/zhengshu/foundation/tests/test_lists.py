import pytest
from django.contrib.auth.models import Group
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from zhengshu.foundation.lists import MOST_ROWS_PER_PAGE, ListQuery, Page, counts, rows_and_total


class TestReadingAQuery:
    @given(
        st.dictionaries(
            st.sampled_from(["q", "page", "size", "sort", "state", "junk"]), st.text(max_size=300)
        )
    )
    def test_never_fails_and_stays_within_bounds(self, parameters: dict[str, str]) -> None:
        given_parameters = QueryDict(mutable=True)
        for name, value in parameters.items():
            given_parameters[name] = value

        query = ListQuery.read(given_parameters, filters=("state",), sorts=("name",))

        assert query.page >= 1
        assert 1 <= query.size <= MOST_ROWS_PER_PAGE
        assert query.sort in {"", "name", "-name"}
        assert "junk" not in query.filters

    def test_keeps_what_was_chosen_in_its_links(self) -> None:
        query = ListQuery.read(QueryDict("q=登记&state=a&state=b&page=3"), filters=("state",))

        assert ListQuery.read(QueryDict(query.link(page=4)[1:]), filters=("state",)) == ListQuery(
            text="登记", filters={"state": ("a", "b")}, page=4
        )

    def test_drops_an_empty_filter(self) -> None:
        assert ListQuery.read(QueryDict("state="), filters=("state",)).filters == {}


class TestPages:
    @given(st.integers(0, 1000), st.integers(1, 50))
    def test_count_of_pages_holds_all_rows(self, total: int, size: int) -> None:
        page: Page[int] = Page(rows=(), total=total, query=ListQuery(size=size))

        assert (page.pages - 1) * size < max(total, 1) <= page.pages * size

    def test_has_no_link_before_the_first_and_after_the_last(self) -> None:
        page = Page(rows=(1,), total=1, query=ListQuery())

        assert (page.previous_link, page.next_link) == ("", "")
        assert (page.first, page.last) == (1, 1)


@pytest.mark.django_db
class TestRowsWithTheirTotal:
    @pytest.fixture(autouse=True)
    def groups(self) -> None:
        Group.objects.bulk_create(Group(name=f"{number:02}") for number in range(7))

    @given(page=st.integers(1, 9), size=st.integers(1, 9), most=st.none() | st.integers(1, 9))
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_are_what_two_queries_would_find(self, page: int, size: int, most: int | None) -> None:
        query = ListQuery(page=page, size=size)

        rows, total = rows_and_total(Group.objects.order_by("name"), query, most=most)

        start = (page - 1) * size
        assert [row.name for row in rows] == [f"{number:02}" for number in range(7)][start : start + size]
        assert total == min(7, most or 7)

    def test_cost_one_query(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_num_queries(1):
            rows_and_total(Group.objects.order_by("name"), ListQuery(size=3))
        with django_assert_num_queries(0):
            assert rows_and_total(Group.objects.none(), ListQuery(size=3)) == ((), 0)

    def test_counts_of_several_cost_one_query(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        asked = (
            Group.objects.filter(name__lt="03"),
            Group.objects.none(),
            Group.objects.order_by("name")[:5],
        )

        with django_assert_num_queries(1):
            found = counts(*asked)

        assert found == (3, 0, 5)
