from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.foundation.lists import MOST_ROWS_PER_PAGE, ListQuery, Page


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
