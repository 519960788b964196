"""Lists in the browser and by the API: files, saved filters, and what people type who mean no good."""

import csv
import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from zhengshu.contexts.casework.application import export_cases as exporting
from zhengshu.contexts.casework.application import save_filter as saving
from zhengshu.contexts.casework.application.search_cases import search_cases
from zhengshu.contexts.casework.models import Case, SavedFilter
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.test_queries import copies, queries_of
from zhengshu.contexts.casework.tests.test_web import client_of, page
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
LISTS = ("inbox", "started", "supervision")


def file_of(client: Client, name: str, form: str, **query: str) -> bytes:
    answer = client.get(reverse(f"casework:{name}-export", args=[form]), query)
    assert answer.status_code == 200
    return answer.getvalue()


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


class TestFiles:
    @pytest.mark.parametrize("name", LISTS)
    def test_hold_what_the_list_shows_in_both_forms(self, name: str) -> None:
        place = factories.city()
        factories.share_request(place, about=factories.subject("养老保险参保信息"), at=timezone.now())
        factories.share_request(place, about=factories.subject("=1+1"), at=timezone.now())
        client = client_of(Role.DEPARTMENT_HEAD, Role.DATA_OFFICER, department_id=place.requester)

        lines = lines_of(file_of(client, name, "csv", q="参保"))
        book = load_workbook(io.BytesIO(file_of(client, name, "xlsx")), read_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))

        assert [line for line in lines[1:] if "养老保险参保信息" in line]
        assert len(lines) == 2
        assert len(rows) == 3
        assert "'=1+1" in [cell for row in rows for cell in row]

    def test_hold_nothing_that_the_reader_may_not_see(self) -> None:
        place = factories.city()
        factories.share_request(place, at=timezone.now())
        client = client_of(Role.DATA_OFFICER, department_id=trust.department().id)

        for name in LISTS:
            assert len(lines_of(file_of(client, name, "csv"))) == 1

    def test_are_noted_for_the_audit_without_the_words(self) -> None:
        place = factories.city()
        factories.share_request(place, at=timezone.now())
        client = client_of(Role.DATA_OFFICER, department_id=place.requester)

        file_of(client, "supervision", "csv", q="张三丰", state="open")

        event = apps.get_model("trust", "AuditEvent").objects.get(name="casework.case-list.exported.v1")
        assert event.data["has_words"] is True
        assert event.data["filters"] == {"state": "open"}
        assert "张三丰" not in str(event.data)

    @pytest.mark.parametrize("name", LISTS)
    def test_end_with_a_sentence_where_they_are_cut(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exporting, "MOST_EXPORTED", 2)
        place = factories.city()
        for _ in range(3):
            factories.share_request(place, at=timezone.now())
        client = client_of(Role.DEPARTMENT_HEAD, Role.DATA_OFFICER, department_id=place.requester)

        lines = lines_of(file_of(client, name, "csv"))

        assert len(lines) == 4
        assert lines[-1][0].startswith("本文件只含前")

    def test_go_on_over_many_pages(self) -> None:
        place = factories.city()
        factories.share_request(place)
        copies(430, day="0303")
        client = client_of(Role.DATA_OFFICER, department_id=place.requester)

        numbers = [line[0] for line in lines_of(file_of(client, "supervision", "csv"))[1:]]

        assert len(numbers) == len(set(numbers)) == 431

    def test_come_in_two_forms_only(self) -> None:
        place = factories.city()
        client = client_of(Role.DATA_OFFICER, department_id=place.requester)

        assert client.get("/cases/export.pdf").status_code == 404


class TestSavedFilters:
    def test_become_tabs_with_their_counts(self) -> None:
        place = factories.city()
        factories.share_request(place, about=factories.subject("养老保险参保信息"), at=timezone.now())
        client = client_of(Role.DATA_OFFICER, department_id=place.requester)

        saved = client.post(
            reverse("casework:filter-save"), {"query": "?q=参保&state=open", "name": " 参保  类 "}
        )

        assert saved.status_code == 302
        text = page(client, "supervision", q="参保", state="open")
        assert 'aria-current="page">参保 类 <span class="badge ui-badge-yellow">1</span>' in text
        assert "参保 类" in page(client, "filters")

    def test_of_a_name_are_replaced_not_doubled(self) -> None:
        place = factories.city()
        client = client_of(Role.DATA_OFFICER, department_id=place.requester)

        for words in ("甲", "乙"):
            client.post(reverse("casework:filter-save"), {"query": f"?q={words}", "name": "我的"})

        assert [row.text for row in SavedFilter.objects.all()] == ["乙"]

    def test_are_shared_with_the_department_only(self) -> None:
        place = factories.city()
        officer = client_of(Role.DATA_OFFICER, department_id=place.requester)
        colleague = client_of(Role.DEPARTMENT_HEAD, department_id=place.requester)
        stranger = client_of(Role.DATA_OFFICER, department_id=place.provider)
        officer.post(reverse("casework:filter-save"), {"query": "?q=甲", "name": "私有"})
        officer.post(reverse("casework:filter-save"), {"query": "?q=乙", "name": "共享", "is_shared": "on"})
        own, shared = (SavedFilter.objects.get(name=name) for name in ("私有", "共享"))

        def status(client: Client, row: SavedFilter) -> int:
            return client.get(reverse("casework:filter", args=[row.pk])).status_code

        assert [status(officer, own), status(officer, shared)] == [302, 302]
        assert [status(colleague, own), status(colleague, shared)] == [404, 302]
        assert [status(stranger, own), status(stranger, shared)] == [404, 404]
        assert "共享" in page(colleague, "filters")
        assert "私有" not in page(colleague, "filters") + page(colleague, "supervision")

    def test_are_removed_by_their_owner_only(self) -> None:
        place = factories.city()
        officer = client_of(Role.DATA_OFFICER, department_id=place.requester)
        colleague = client_of(Role.DEPARTMENT_HEAD, department_id=place.requester)
        officer.post(reverse("casework:filter-save"), {"query": "?q=乙", "name": "共享", "is_shared": "on"})
        remove = reverse("casework:filter-remove", args=[SavedFilter.objects.get().pk])

        assert colleague.post(remove).status_code == 404
        assert officer.get(remove).status_code == 405
        assert officer.post(remove).status_code == 302
        assert officer.post(remove).status_code == 404
        assert not SavedFilter.objects.exists()

    def test_find_what_the_reader_may_see_not_what_the_owner_may(self) -> None:
        place = factories.city()
        case = factories.share_request(place, at=timezone.now())
        reviewer = client_of(Role.REVIEWER, department_id=place.authority)
        reviewer.post(
            reverse("casework:filter-save"), {"query": f"?q={case.number}", "name": "共享", "is_shared": "on"}
        )
        Case.objects.get(pk=case.id).parties.filter(
            department_id=place.authority, is_supervisor=False
        ).delete()
        officer = client_of(Role.DATA_OFFICER, department_id=place.authority)

        text = page(officer, "supervision", q=case.number)

        assert '共享 <span class="badge ui-badge-grey">0</span>' in text
        assert f"/cases/{case.id}/" not in text

    @pytest.mark.parametrize(
        ("name", "query", "said"),
        [
            ("", "?q=甲", "为筛选起一个"),
            ("长" * 41, "?q=甲", "为筛选起一个"),
            ("\0", "?q=甲", "为筛选起一个"),
            ("空", "?sort=password", "尚未输入检索词"),
            ("空", "x" * 9000, "尚未输入检索词"),
        ],
    )
    def test_that_cannot_be_kept_are_refused_in_a_sentence(self, name: str, query: str, said: str) -> None:
        place = factories.city()
        client = client_of(Role.DATA_OFFICER, department_id=place.requester)

        answer = client.post(reverse("casework:filter-save"), {"query": query, "name": name}, follow=True)

        assert said in answer.content.decode()
        assert not SavedFilter.objects.exists()

    def test_are_not_too_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(saving, "MOST_KEPT", 1)
        place = factories.city()
        client = client_of(Role.DATA_OFFICER, department_id=place.requester)
        client.post(reverse("casework:filter-save"), {"query": "?q=甲", "name": "一"})

        answer = client.post(reverse("casework:filter-save"), {"query": "?q=甲", "name": "二"}, follow=True)

        assert "请先删除不再需要的" in answer.content.decode()


HOSTILE: tuple[dict[str, str], ...] = (
    {"page": "99999999999999999999"},
    {"page": "-1", "size": "-7"},
    {"page": "1e9", "size": "999999"},
    {"q": "参\0保", "type": "\0", "state": "\0", "party": "\0"},
    {"q": "保" * 10_000},
    {"q": "a" * 10_000, "type": "b" * 10_000},
    {"q": "'; DROP TABLE casework_case; --"},
    {"q": "\\' & | ! ( ) :* <-> @ = #"},
    {"q": "%_%", "type": "%' OR 1=1 --"},
    {"type": "x' | '=share-request"},
    {"sort": "password"},
    {"sort": "number; SELECT 1"},
    {"sort": "-due_at__opened_by"},
    {"sort": "closed"},
    {"state": "../../etc"},
    {"party": "00000000-0000-0000-0000-000000000000' OR ''='"},
    {"opened_from": "9999-12-31", "opened_to": "0001-01-01"},
    {"due_to": "2999-12-31", "closed_from": "x"},
    {"after": "True~9999-12-31T23:59:59+14:00~x", "page": "2"},
    {"after": "'~'~'", "before": "~", "page": "3"},
    {"light": "pink"},
)


class TestHostileValues:
    @pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
    def test_are_clean_on_every_list_and_file(self, query: dict[str, str]) -> None:
        place = factories.city()
        factories.share_request(place, at=timezone.now())
        client = client_of(Role.DEPARTMENT_HEAD, department_id=place.requester)

        for name in LISTS:
            assert client.get(reverse(f"casework:{name}"), query).status_code == 200
            file_of(client, name, "csv", **query)

    @pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
    def test_are_clean_or_refused_by_the_api(self, query: dict[str, str]) -> None:
        place = factories.city()
        factories.share_request(place, at=timezone.now())
        client = client_of(Role.DEPARTMENT_HEAD, department_id=place.requester)

        for path in ("/api/casework/cases", "/api/casework/inbox"):
            assert client.get(path, query).status_code in {200, 422}

    def test_a_page_far_down_is_refused_in_a_sentence(self) -> None:
        place = factories.city()
        client = client_of(Role.DEPARTMENT_HEAD, department_id=place.requester)

        for name in LISTS:
            answer = client.get(reverse(f"casework:{name}"), {"page": "900000"})
            assert answer.status_code == 422
            assert "请用“下一页”逐页查看" in answer.content.decode()

    def test_numbers_of_others_cannot_be_guessed(self) -> None:
        place = factories.city()
        case = factories.share_request(place, at=timezone.now())
        stranger = client_of(Role.DATA_OFFICER, department_id=trust.department().id)
        number = case.number

        for guess in (number, number[:-1], number[:2], number.lower(), f"{number[:-1]}9", str(case.id)):
            text = page(stranger, "supervision", q=guess)
            none = page(stranger, "supervision", q="ZZ99999999")
            assert TOKEN.sub("", text).replace(guess, "") == TOKEN.sub("", none).replace("ZZ99999999", "")
            found = stranger.get("/api/casework/cases", {"q": guess}).json()
            assert found == {"total": 0, "is_more": False, "next": "", "rows": []}


class TestApi:
    def test_goes_on_from_page_to_page(self) -> None:
        place = factories.city()
        for minute in range(5):
            factories.share_request(place, at=timezone.now() - timedelta(minutes=minute))
        client = client_of(Role.DATA_OFFICER, department_id=place.requester)

        seen: list[str] = []
        after = ""
        for _ in range(5):
            answer = client.get(
                "/api/casework/cases", {"size": "2", "sort": "-opened", "after": after}
            ).json()
            seen += [row["id"] for row in answer["rows"]]
            after = answer["next"]
            if not after:
                break

        assert len(seen) == len(set(seen)) == 5

    def test_narrows_by_days_and_parties(self) -> None:
        place = factories.city()
        factories.share_request(place)
        client = client_of(Role.DATA_OFFICER, department_id=place.requester)

        def total(**query: str) -> int:
            return int(client.get("/api/casework/cases", query).json()["total"])

        assert total(opened_from="2026-03-02", opened_to="2026-03-02", party=str(place.provider)) == 1
        assert total(opened_from="2026-03-03") == 0
        assert total(party=str(UUID(int=5))) == 0
        assert client.get("/api/casework/cases", {"opened_from": "yesterday"}).status_code == 422


class TestNumberOfQueries:
    def test_of_a_search_is_the_same_for_10_and_1000_rows(self) -> None:
        place = factories.city()
        factories.share_request(place)
        copies(9, day="0303")
        queries = (
            ListQuery(size=20),
            ListQuery(size=20, filters={"state": ("open",)}),
            ListQuery(size=20, filters={"type": ("share-request",), "party": (str(place.provider),)}),
        )

        def count(query: ListQuery) -> int:
            return queries_of(lambda: search_cases(query=query, actor=place.officer, at=timezone.now()))

        def counts() -> list[int]:
            return [count(query) for query in queries]

        few = counts()
        copies(990, day="0304")

        assert counts() == few
        assert max(few) <= 10
