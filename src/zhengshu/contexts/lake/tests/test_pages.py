"""The pages, as people of each role meet them."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.catalog.api import ResourceRecord
from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.api import BatchRecord, BatchState
from zhengshu.contexts.lake.interfaces import jobs
from zhengshu.contexts.lake.models import Batch
from zhengshu.contexts.lake.tests import factories
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Role
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db


def client_of(*roles: Role, department_id: object = None) -> Client:
    client = Client()
    client.force_login(trust.account(*roles, department_id=department_id))  # type: ignore[arg-type]  # a department's id
    return client


@pytest.fixture
def resource() -> ResourceRecord:
    return factories.resource()


@pytest.fixture
def officer(resource: ResourceRecord) -> Client:
    return client_of(Role.DATA_OFFICER, department_id=resource.department_id)


@pytest.fixture
def batch(resource: ResourceRecord, tmp_path: Path) -> BatchRecord:
    rows = [factories.row(1), factories.row(2, staff="很多")]
    return factories.collected(resource, factories.file(tmp_path, factories.text(rows)))


def upload(text: str, *, name: str = "企业.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


def collect_waiting() -> None:
    for waiting in Batch.objects.filter(state=BatchState.RECEIVED):
        jobs.collect(str(waiting.id))


class TestDelivering:
    def test_a_file_is_received_collected_and_shown(self, resource: ResourceRecord, officer: Client) -> None:
        page = officer.post(
            reverse("lake:deliver", args=[resource.code]),
            {"file": upload(factories.text([factories.row(1)])), "mode": "replace"},
            follow=True,
        )
        assert "hx-get" in page.content.decode()

        collect_waiting()

        batch = Batch.objects.get(resource_id=resource.id)
        assert batch.state == BatchState.PUBLISHED
        shown = officer.get(reverse("lake:batch-detail", args=[batch.id])).content.decode()
        assert batch.digest in shown
        progress = officer.get(reverse("lake:progress", args=[batch.id]))
        assert progress["HX-Redirect"] == reverse("lake:batch-detail", args=[batch.id])

    def test_a_refused_file_says_why(self, resource: ResourceRecord, officer: Client) -> None:
        officer.post(
            reverse("lake:deliver", args=[resource.code]), {"file": upload("姓名\n张三\n"), "mode": "replace"}
        )
        collect_waiting()

        batch = Batch.objects.get(resource_id=resource.id)
        page = officer.get(reverse("lake:batch-detail", args=[batch.id])).content.decode()

        assert batch.state == BatchState.REFUSED
        assert "统一社会信用代码" in page
        again = officer.post(reverse("lake:again", args=[batch.id]))
        assert again.status_code == 302

    def test_too_large_a_body_is_refused_before_it_is_read(
        self, resource: ResourceRecord, officer: Client, settings: Settings
    ) -> None:
        settings.LAKE_MOST_UPLOAD_BYTES = 1 << 20

        answer = officer.generic(
            "POST", reverse("lake:deliver", args=[resource.code]), b"x", CONTENT_LENGTH=str(2 << 30)
        )

        assert answer.status_code == 422
        assert not Batch.objects.exists()

    def test_a_delivery_needs_the_token_of_its_page(self, resource: ResourceRecord) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(trust.account(Role.DATA_OFFICER, department_id=resource.department_id))

        answer = client.post(
            reverse("lake:deliver", args=[resource.code]), {"file": upload("x"), "mode": "replace"}
        )

        assert answer.status_code == 403

    def test_another_departments_officer_gets_no_form(self, resource: ResourceRecord) -> None:
        stranger = client_of(Role.DATA_OFFICER)

        answer = stranger.post(
            reverse("lake:deliver", args=[resource.code]), {"file": upload("x"), "mode": "replace"}
        )

        assert answer.status_code in {403, 404, 422}
        assert not Batch.objects.exists()


class TestReading:
    def test_who_may_open_what(self, resource: ResourceRecord, officer: Client, batch: BatchRecord) -> None:
        head = client_of(Role.DEPARTMENT_HEAD, department_id=resource.department_id)
        reviewer, stranger = client_of(Role.REVIEWER), client_of(Role.DATA_OFFICER)
        detail, rows = (
            reverse("lake:batch-detail", args=[batch.id]),
            reverse("lake:row-list", args=[batch.id]),
        )

        assert [client.get(detail).status_code for client in (officer, head, reviewer, stranger)] == [
            200,
            200,
            200,
            404,
        ]
        assert [client.get(rows).status_code for client in (officer, head, reviewer, stranger)] == [
            200,
            200,
            403,
            404,
        ]
        assert "很多" not in reviewer.get(detail).content.decode()
        assert Client().get(detail).status_code == 302

    def test_lists_take_the_same_queries_for_10_and_200_rows(
        self, officer: Client, batch: BatchRecord, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        url = reverse("lake:batch-list") + "?size=200"
        _copies(batch, 9)
        officer.get(url)
        with CaptureQueriesContext(connection) as few:
            assert officer.get(url).content.decode().count("<tr>") == 11
        _copies(batch, 190)
        with CaptureQueriesContext(connection) as many:
            assert officer.get(url).content.decode().count("<tr>") == 201

        assert len(few) == len(many)

    def test_rows_are_shown_filtered_and_downloaded(self, officer: Client, batch: BatchRecord) -> None:
        url = reverse("lake:row-list", args=[batch.id])

        assert "很多" in officer.get(url, {"column": "staff"}).content.decode()
        assert "很多" not in officer.get(url, {"column": "name"}).content.decode()
        for file_format, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
            answer = officer.get(reverse("lake:download", args=[batch.id, file_format]))
            assert b"".join(answer.streaming_content).startswith(start)  # type: ignore[attr-defined]  # a file
        assert officer.get(reverse("lake:download", args=[batch.id, "exe"])).status_code == 404

    def test_the_data_page_shows_lineage_and_a_masked_preview(
        self, resource: ResourceRecord, officer: Client, batch: BatchRecord
    ) -> None:
        page = officer.get(reverse("lake:resource-data", args=[resource.code])).content.decode()

        assert batch.number in page
        assert str(batch.snapshot_id) in page
        assert "张三丰" not in page

    def test_what_was_detected_is_told_in_words(self, officer: Client, batch: BatchRecord) -> None:
        page = officer.get(reverse("lake:batch-detail", args=[batch.id])).content.decode()

        assert "CSV · UTF-8 · 逗号分隔" in page

    def test_data_of_an_unpublished_entry_lead_to_its_submission(
        self, resource: ResourceRecord, officer: Client, batch: BatchRecord
    ) -> None:
        pages = (
            reverse("lake:batch-detail", args=[batch.id]),
            reverse("lake:resource-data", args=[resource.code]),
        )
        way = reverse("catalog:resource-draft", args=[resource.code])

        unpublished = [way in officer.get(page).content.decode() for page in pages]
        apps.get_model("catalog", "ResourceVersion").objects.filter(resource=resource.id).update(
            state="published", is_secrecy_assessed=True, is_personal_assessed=True
        )
        published = [way in officer.get(page).content.decode() for page in pages]

        assert (unpublished, published) == ([True, True], [False, False])

    def test_an_empty_list_says_whether_filters_hide_something(self, officer: Client) -> None:
        url = reverse("lake:batch-list")

        assert "尚无报送" in officer.get(url).content.decode()
        assert "没有符合条件的报送" in officer.get(url, {"state": "refused"}).content.decode()

    def test_the_rule_is_changed(self, resource: ResourceRecord, officer: Client) -> None:
        officer.post(reverse("lake:rule", args=[resource.code]), {"is_all_or_nothing": "1"})

        assert api.takes_only_whole_batches(resource_id=resource.id)


class TestCorrecting:
    def test_a_row_is_offered_with_its_values_and_reasons(self, officer: Client, batch: BatchRecord) -> None:
        answer = officer.get(reverse("lake:row-correct", args=[batch.id, 3]))

        page = answer.content.decode()
        assert answer.status_code == 200
        assert 'value="很多"' in page
        assert page.count('aria-invalid="true"') == 1

    def test_a_row_is_corrected_in_the_page(self, officer: Client, batch: BatchRecord) -> None:
        url = reverse("lake:row-correct", args=[batch.id, 3])
        fields = dict(zip([item.column for item in factories.ITEMS], factories.row(2), strict=True))

        still = officer.post(url, {**fields, "staff": "更多"})
        done = officer.post(url, {**fields, "staff": "12"})

        assert still.status_code == 422
        assert "更多" in still.content.decode()
        assert done.status_code == 302
        assert officer.get(url).status_code == 404

    def test_a_corrected_file_is_taken(self, officer: Client, batch: BatchRecord) -> None:
        answer = officer.get(reverse("lake:download", args=[batch.id, "csv"]))
        text = b"".join(answer.streaming_content).decode("utf-8-sig").replace("很多", "8")  # type: ignore[attr-defined]  # a file

        officer.post(reverse("lake:replay", args=[batch.id]), {"file": upload(text)})

        assert Batch.objects.filter(replay_of=batch.id, state=BatchState.PUBLISHED).exists()

    def test_a_foreign_file_is_said(self, officer: Client, batch: BatchRecord) -> None:
        answer = officer.post(reverse("lake:replay", args=[batch.id]), {"file": upload("名称\n甲\n")})

        assert answer.status_code == 422


class TestNewResource:
    def test_a_file_becomes_a_draft_with_its_first_delivery(
        self, officer: Client, resource: ResourceRecord
    ) -> None:
        catalog.declare_classification(nodes=_classification(), actor=factories.PLATFORM, at=factories.AT)
        text = factories.text(map(factories.row, range(60)))
        page = officer.post(
            reverse("lake:new-file"), {"file": upload(text, name="市场主体.csv")}, follow=True
        )
        url = page.redirect_chain[-1][0]
        fields = dict(_filled(page.content.decode()))
        assert fields["items-0-column"]
        facts = {
            "name": "市场主体登记",
            "summary": "登记在册的市场主体及其基本情况，供各部门核对使用。",
            "classification": factories.CLASSIFICATION,
            "duty_basis": "云州市市场监督管理局职能配置规定",
            "update_cycle": "monthly",
            "sharing_class": "unconditional",
            "collect_now": "on",
        }

        answer = officer.post(url, {**fields, **facts})

        assert answer.status_code == 302, re.findall(r"invalid-feedback[^<]*<?[^<]*", answer.content.decode())
        collect_waiting()
        batch = Batch.objects.get(resource_name="市场主体登记")
        assert (batch.state, batch.accepted) == (BatchState.PUBLISHED, 60)

    def test_what_is_no_table_is_said_at_the_field(self, officer: Client) -> None:
        answer = officer.post(reverse("lake:new-file"), {"file": upload("%PDF-1.7", name="a.csv")})

        assert answer.status_code == 422
        assert "PDF" in answer.content.decode()

    @pytest.mark.parametrize("token", ["abc", "..", "passwd"])
    def test_a_foreign_token_finds_nothing(self, officer: Client, token: str) -> None:
        assert officer.get(f"/lake/new/{token}/").status_code in {301, 302, 404}


class TestManagementApi:
    def test_delivers_and_reports(self, resource: ResourceRecord, officer: Client) -> None:
        answer = officer.post(
            f"/api/lake/resources/{resource.code}/batches",
            {"file": upload(factories.text([factories.row(1)]))},
        )
        assert answer.status_code == 202
        collect_waiting()

        one = officer.get(f"/api/lake/batches/{answer.json()['id']}").json()
        page = officer.get("/api/lake/batches", {"state": "published"}).json()

        assert (one["state"], one["accepted"]) == ("published", 1)
        assert [row["id"] for row in page["rows"]] == [one["id"]]

    def test_is_closed_to_strangers(self, batch: BatchRecord) -> None:
        url = f"/api/lake/batches/{batch.id}"

        assert Client().get(url).status_code == 403
        assert client_of(Role.DATA_OFFICER).get(url).status_code == 404
        assert client_of(Role.AUDIT_ADMIN).get(url).status_code in {403, 404}


def test_pages_stand_in_english_too(officer: Client, batch: BatchRecord) -> None:
    with translation.override("en"):
        page = officer.get(reverse("lake:batch-list"), headers={"accept-language": "en"}).content.decode()

    assert "Deliveries" in page or "数据" in page


def _copies(batch: BatchRecord, times: int) -> None:
    row = Batch.objects.get(id=batch.id)
    copies = []
    for _ in range(times):
        copy = Batch.objects.get(id=batch.id)
        copy.id = new_id()
        copies.append(copy)
    Batch.objects.bulk_create(copies)
    assert row.id == batch.id


def _classification() -> tuple[catalog.ClassificationRecord, ...]:
    codes = (("3", "", False), ("307", "3", False), (factories.CLASSIFICATION, "307", True))
    return tuple(
        catalog.ClassificationRecord(code=c, name=f"类{c}", parent=p, is_leaf=leaf) for c, p, leaf in codes
    )


def _filled(page: str) -> list[tuple[str, str]]:
    """Return the fields of the proposal as the browser would send them back."""
    import html

    fields = []
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        name = attributes.get("name", "")
        is_tick = attributes.get("type") == "checkbox"
        if name.startswith("items-") and (not is_tick or " checked" in tag):
            fields.append((name, "on" if is_tick else html.unescape(attributes.get("value", ""))))
    for name, options in re.findall(r'<select name="(items-[^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(
            r'<option value="([^"]*)"', options
        )
        fields.append((name, chosen[1] if chosen else ""))
    return fields
