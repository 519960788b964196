"""Search in cases: numbers, words, filters, order, facets, why, pages."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.case_rows import MOST_SKIPPED, PageTooDeep
from zhengshu.contexts.casework.application.search_cases import CasePage, Way, search_cases
from zhengshu.contexts.casework.models import Case, CaseWords
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT, City
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db


def search(actor: Actor, text: str = "", *, sort: str = "", **filters: str | UUID) -> CasePage:
    chosen = {name: (str(value),) for name, value in filters.items()}
    return search_cases(query=ListQuery(text=text, sort=sort, filters=chosen), actor=actor, at=AT)


def titles(page: CasePage) -> list[str]:
    return [row.subject.title for row in page.rows]


def three(place: City) -> list[api.CaseRecord]:
    names = ("城镇职工参保信息", "机动车登记信息", "不动产登记信息")
    return [
        factories.share_request(place, about=factories.subject(name), at=AT - timedelta(days=day))
        for day, name in enumerate(names)
    ]


class TestWords:
    def test_all_must_be_found_in_title_type_or_parties(self) -> None:
        place = factories.city()
        three(place)

        assert titles(search(place.officer, "参保")) == ["城镇职工参保信息"]
        assert set(titles(search(place.officer, "登记"))) == {"机动车登记信息", "不动产登记信息"}
        assert titles(search(place.officer, "登记 参保")) == []
        assert search(place.officer, "共享申请").total == 3
        assert titles(search(place.officer, "ＩＮＦＯ")) == []

    def test_parts_of_words_are_found_when_words_are_not(self) -> None:
        place = factories.city()
        three(place)

        found = search(place.officer, "车登记信")

        assert titles(found) == ["机动车登记信息"]
        assert found.way is Way.PARTS

    def test_what_people_wrote_is_found_and_shown(self) -> None:
        place = factories.city()
        case = three(place)[0]
        api.complete_task(
            case_id=case.id,
            task="head_approval",
            outcome="return",
            reason="使用范围写得过宽，请按最小必要重写",
            actor=place.head,
            at=AT,
        )

        found = search(place.officer, "最小必要")

        assert titles(found) == ["城镇职工参保信息"]
        wrote = found.matches[case.id].wrote
        assert "".join(piece for piece, is_mark in wrote if is_mark) == "最小必要"

    def test_the_match_is_marked(self) -> None:
        place = factories.city()
        three(place)

        found = search(place.officer, "机动车")

        assert found.matches[found.rows[0].id].title == (("机动车", True), ("登记信息", False))

    def test_the_title_weighs_more_than_what_was_written(self) -> None:
        place = factories.city()
        cases = three(place)
        api.complete_task(
            case_id=cases[0].id,
            task="head_approval",
            outcome="return",
            reason="请先办理机动车核验",
            actor=place.head,
            at=AT,
        )

        assert titles(search(place.officer, "机动车")) == ["机动车登记信息", "城镇职工参保信息"]
        assert titles(search(place.officer, "机动车", sort="-opened"))[0] == "城镇职工参保信息"

    def test_nothing_but_signs_finds_nothing(self) -> None:
        place = factories.city()
        three(place)

        for text in ("，。", "'", "\\", "@", "=", "#open", "&|!():*"):
            assert search(place.officer, text).total == 0

    def test_the_names_of_readers_cannot_be_asked_for(self) -> None:
        place = factories.city()
        three(place)

        assert search(place.officer, f"@{place.requester.hex}").total == 0
        assert search(place.officer, place.requester.hex).total == 0


class TestNumbers:
    def test_are_found_by_their_beginning(self) -> None:
        place = factories.city()
        cases = three(place)

        assert search(place.officer, cases[0].number).total == 1
        assert search(place.officer, cases[0].number[:6].lower()).total == 3
        found = search(place.officer, cases[1].number[:-2])
        assert found.way is Way.NUMBER
        assert found.matches[cases[1].id].number[0] == (cases[1].number[:-2], True)


class TestFilters:
    def test_by_party_department_type_state_and_light(self) -> None:
        place = factories.city()
        first = three(place)[0]
        answered = factories.at_provider(place)
        api.withdraw_case(case_id=first.id, reason="不需要了", actor=place.officer, at=AT)
        reviewer = place.reviewer

        assert search(reviewer, party=place.provider).total == 4
        assert search(reviewer, party=place.stranger.department_id or "").total == 0
        assert search(reviewer, "登记", party=place.provider).total == 2
        assert search(reviewer, department=place.requester).total == 4
        assert search(reviewer, department=place.provider).total == 0
        assert search(reviewer, type="share-request").total == 4
        assert search(reviewer, type="catalog-publication").total == 0
        assert search(reviewer, "登记", type="share-request").total == 2
        assert search(reviewer, "登记", type="x' | 'y").total == 0
        assert [row.id for row in search(reviewer, state="ended").rows] == [first.id]
        assert [row.id for row in search(reviewer, state="withdrawn").rows] == [first.id]
        assert search(reviewer, state="refused").total == 0
        assert [row.id for row in search(reviewer, light="green").rows] == [answered.id]
        assert search(reviewer, light="grey").total == 2

    def test_by_days_to_the_last_moment_of_the_last(self) -> None:
        place = factories.city()
        three(place)

        assert titles(search(place.officer, opened_from="2026-03-02")) == ["城镇职工参保信息"]
        assert search(place.officer, opened_to="2026-03-01").total == 2
        assert search(place.officer, opened_from="2026-03-01", opened_to="2026-03-01").total == 1
        assert search(place.officer, opened_from="9999-99-99").total == 3
        assert search(place.officer, due_from="2026-01-01").total == 0
        assert search(place.officer, closed_to="2026-12-31").total == 0

    def test_facets_count_what_each_choice_would_leave(self) -> None:
        place = factories.city()
        three(place)
        factories.at_provider(place)

        found = search(place.officer, light="green", type="share-request")

        assert found.facets["light"] == {"green": 1, "grey": 3}
        assert found.facets["type"] == {"share-request": 1}
        assert found.facets["state"] == {"open": 1}
        assert found.facets["department"] == {str(place.requester): 1}


class TestPages:
    @pytest.mark.parametrize("sort", ["due", "-due", "opened", "-opened", "number", "-number"])
    def test_go_on_from_the_last_row_there_and_back(self, sort: str) -> None:
        place = factories.city()
        for minute in range(4):
            factories.share_request(place, at=AT + timedelta(minutes=minute % 2))
            factories.at_provider(place, at=AT + timedelta(days=minute))
        everything = [row.id for row in search(place.reviewer, sort=sort).rows]

        pages = [search_cases(query=ListQuery(sort=sort, size=3), actor=place.reviewer, at=AT)]
        while pages[-1].has_next:
            number, after = len(pages) + 1, pages[-1].last_key
            query = ListQuery(sort=sort, size=3, page=number, after=after)
            pages.append(search_cases(query=query, actor=place.reviewer, at=AT))

        assert [row.id for page in pages for row in page.rows] == everything
        assert len(set(everything)) == 8
        for former, latter in pairwise(pages):
            query = ListQuery(sort=sort, size=3, page=9, before=latter.first_key)
            assert search_cases(query=query, actor=place.reviewer, at=AT).rows == former.rows

    def test_a_spoilt_key_means_the_numbered_page(self) -> None:
        place = factories.city()
        three(place)

        for key in ("x", "a~b~c", "False~2026-03-02T00:00:00~x", "~~", f"False~2026-01-01~{UUID(int=1)}"):
            query = ListQuery(size=2, page=2, after=key)
            assert len(search_cases(query=query, actor=place.officer, at=AT).rows) == 1

    def test_a_number_that_skips_too_much_is_refused(self) -> None:
        place = factories.city()

        with pytest.raises(PageTooDeep):
            search_cases(query=ListQuery(page=MOST_SKIPPED), actor=place.officer, at=AT)


class TestIndex:
    def test_follows_the_end_of_a_case(self) -> None:
        place = factories.city()
        case = three(place)[0]
        assert search(place.officer, "参保", state="open").total == 1

        api.withdraw_case(case_id=case.id, reason="不需要了", actor=place.officer, at=AT)

        assert search(place.officer, "参保", state="open").total == 0
        assert search(place.officer, "参保", state="ended").total == 1

    def test_holds_no_data_of_forms(self) -> None:
        place = factories.city()
        case = three(place)[0]
        Case.objects.filter(pk=case.id).update(data={"sharing_class": "机密词"})

        words = CaseWords.objects.get(pk=case.id).words

        assert "机密" not in words
        assert search(place.officer, "机密词").total == 0


class TestManyHits:
    """More hits than are counted: the latest are found where the words are."""

    @pytest.fixture(autouse=True)
    def _few_are_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("zhengshu.contexts.casework.application.search_cases.MOST_COUNTED", 3)
        monkeypatch.setattr("zhengshu.contexts.casework.application.case_rows.MOST_COUNTED", 3)

    def _seven(self, place: City) -> list[str]:
        """Open cases out of order; return their titles, the latest first."""
        days = (4, 0, 6, 2, 5, 1, 3)
        for day in days:
            about = factories.subject(f"机动车登记{day}")
            factories.share_request(place, about=about, at=AT - timedelta(days=day))
        return [f"机动车登记{day}" for day in sorted(days)]

    @pytest.mark.parametrize("size", [1, 2, 3, 20])
    def test_each_page_shows_the_latest_of_all(self, size: int) -> None:
        place = factories.city()
        expected = self._seven(place)
        shown: list[str] = []
        for number in range(1, 8):
            query = ListQuery(text="登记", page=number, size=size)
            shown += titles(search_cases(query=query, actor=place.officer, at=AT))
        assert shown == expected

    def test_is_more_than_counted_and_has_no_facets(self) -> None:
        place = factories.city()
        self._seven(place)
        found = search(place.officer, "登记")
        assert (found.total, found.is_more, dict(found.facets)) == (3, True, {})

    def test_a_filter_that_the_words_do_not_know_finds_the_old_ones_too(self) -> None:
        place = factories.city()
        expected = self._seven(place)
        until = (AT - timedelta(days=5)).date().isoformat()
        found = search(place.officer, "登记", opened_to=until)
        assert titles(found) == expected[5:]

    def test_those_that_ended_are_told_from_those_that_did_not(self) -> None:
        place = factories.city()
        self._seven(place)
        case = factories.share_request(place, about=factories.subject("机动车登记完"), at=AT)
        api.withdraw_case(case_id=case.id, reason="不再需要", actor=place.officer, at=AT)
        assert titles(search(place.officer, "登记", state="ended")) == ["机动车登记完"]
