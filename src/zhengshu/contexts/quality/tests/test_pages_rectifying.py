"""The pages of rules and rectifications, as people of each role meet them."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog.api import ResourceRecord
from zhengshu.contexts.quality.application.follow_runs import follow_run
from zhengshu.contexts.quality.models import Rectification
from zhengshu.contexts.quality.tests import factories
from zhengshu.contexts.quality.tests.factories import AT
from zhengshu.contexts.quality.tests.test_pages import client_of, page
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_pack")]


@pytest.fixture
def served(tmp_path: Path) -> ResourceRecord:
    casework.load_case_types(folder=settings.PACKS_FOLDER / "case-types" / "data-rectification", at=AT)
    authority = trust.department(is_data_authority=True)
    resource = factories.resource(department_id=trust.department(parent_id=authority.id).id)
    factories.deliver(resource, tmp_path, factories.FAULTY_ROWS)
    return resource


@pytest.fixture
def officer(served: ResourceRecord) -> Client:
    return client_of(Role.DATA_OFFICER, department_id=served.department_id)


@pytest.fixture
def row(served: ResourceRecord) -> Rectification:
    follow_run(factories.assessed(served), at=AT + timedelta(hours=3))
    return Rectification.objects.get(resource_id=served.id)


def taken() -> int:
    events = apps.get_model("trust", "AuditEvent").objects
    return int(events.filter(name="quality.rectification-rows.taken.v1").count())


class TestCorrecting:
    def test_rows_are_shown_in_full_with_reason_and_proposal(
        self, row: Rectification, officer: Client
    ) -> None:
        shown = page(officer, "rectification", row.id)

        assert "2020/5/6" in shown
        assert "2020-05-06" in shown
        assert "李 四" not in shown
        assert row.number in page(officer, "rectification-list")
        assert row.resource_name in page(officer, "overview")

    def test_a_value_is_corrected_on_the_page(self, row: Rectification, officer: Client) -> None:
        answer = officer.post(
            reverse("quality:correct", args=[row.id]), {"value-4-registered_on": "2020-05-06"}
        )

        assert answer.status_code == 302

    def test_a_value_that_still_fails_is_said(self, row: Rectification, officer: Client) -> None:
        answer = officer.post(
            reverse("quality:correct", args=[row.id]), {"value-4-registered_on": "2020/13/6"}
        )

        assert answer.status_code == 422
        assert "登记日期写成年-月-日" in answer.content.decode()

    @pytest.mark.parametrize(
        "data", [{}, {"value-x-name": "a"}, {"value-99999999999999-name": "a"}, {"out-": "on"}]
    )
    def test_nonsense_is_refused_in_words(
        self, row: Rectification, officer: Client, data: dict[str, str]
    ) -> None:
        answer = officer.post(reverse("quality:correct", args=[row.id]), data)

        assert answer.status_code == 422

    def test_a_downloaded_file_is_corrected_and_uploaded(self, row: Rectification, officer: Client) -> None:
        file = officer.get(reverse("quality:rectification-export", args=[row.id, "csv"])).getvalue()
        table = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
        place, day = table[0].index("行号"), table[0].index("登记日期")
        for cells in table[1:]:
            if cells[place] == "4":
                cells[day] = "2020-05-06"
        out = io.StringIO()
        csv.writer(out).writerows(table)

        upload = SimpleUploadedFile("rows.csv", out.getvalue().encode(), content_type="text/csv")
        answer = officer.post(reverse("quality:correct", args=[row.id]), {"file": upload})

        # the other rows were not corrected, and those that a row rule blames are named
        assert answer.status_code in {302, 422}
        assert taken() == 1
        assert "已发布 1 行" in answer.content.decode() or answer.status_code == 302

    def test_a_file_without_numbers_of_rows_is_refused(self, row: Rectification, officer: Client) -> None:
        upload = SimpleUploadedFile("rows.csv", "企业名称\n甲\n".encode(), content_type="text/csv")
        answer = officer.post(reverse("quality:correct", args=[row.id]), {"file": upload})

        assert answer.status_code == 422
        assert "行号" in answer.content.decode()

    def test_an_objection_goes_to_the_data_authority(self, row: Rectification, officer: Client) -> None:
        data = {"rule": "firms-name-there", "reason": "个体户可以没有字号"}
        officer.post(reverse("quality:object", args=[row.id]), data)

        row.refresh_from_db()
        assert (row.state, row.rule_code) == ("objected", "firms-name-there")
        assert "异议核查中" in page(officer, "rectification", row.id)


class TestStrangers:
    @pytest.mark.parametrize("name", ["rectification", "rectification-export"])
    def test_find_nothing(self, row: Rectification, name: str) -> None:
        stranger = client_of(Role.DATA_OFFICER)
        arguments = [row.id, "csv"] if name.endswith("export") else [row.id]

        assert stranger.get(reverse(f"quality:{name}", args=arguments)).status_code == 404
        assert taken() == 0

    @pytest.mark.parametrize("name", ["correct", "object"])
    def test_change_nothing(self, row: Rectification, name: str) -> None:
        stranger = client_of(Role.DATA_OFFICER)
        data = {"value-4-registered_on": "2020-05-06", "rule": "firms-name-there", "reason": "x"}

        assert stranger.post(reverse(f"quality:{name}", args=[row.id]), data).status_code == 404
        row.refresh_from_db()
        assert row.state == "open"

    def test_the_reviewer_sees_counts_only(self, row: Rectification) -> None:
        reviewer = client_of(Role.REVIEWER)

        assert "2020/5/6" not in page(reviewer, "rectification", row.id)
        assert reviewer.get(reverse("quality:rectification-export", args=[row.id, "csv"])).status_code == 403


class TestRules:
    def test_the_list_and_one_rule(self, row: Rectification, officer: Client) -> None:
        assert "企业名称必填" in page(officer, "rule-list", query="?severity=error")
        assert "联系人不含空格" not in page(officer, "rule-list", query="?severity=error")
        assert row.resource_name in page(officer, "rule", "firms-name-there")

    def test_another_department_sees_the_rule_but_not_where_it_found_something(
        self, row: Rectification
    ) -> None:
        assert row.resource_name not in page(client_of(Role.DATA_OFFICER), "rule", "firms-name-there")

    def test_a_rule_of_the_past_is_still_shown(
        self, row: Rectification, officer: Client, test_pack: Path
    ) -> None:
        factories.pack(test_pack, factories.PACK.replace("firms-name-there", "firms-name-filled"))

        assert "已停用" in page(officer, "rule", "firms-name-there")

    def test_no_such_rule(self, officer: Client) -> None:
        assert officer.get(reverse("quality:rule", args=["nothing"])).status_code == 404


class TestDataAuthority:
    """The data authority sees whose, what and how long; rows in full it never sees."""

    def test_the_list_says_whose_and_how_long(self, served: ResourceRecord, row: Rectification) -> None:
        reviewer = client_of(Role.REVIEWER)

        shown = page(reviewer, "rectification-list")
        export = reviewer.get(reverse("quality:rectification-list-export")).getvalue().decode()

        assert "历时（天）" in shown
        (line,) = [
            one
            for one in csv.DictReader(io.StringIO(export.removeprefix("\ufeff")))
            if served.name in one.values()
        ]
        assert line["最初行数"] == str(row.rows_first)
        assert "firms-name-there" in line["规则"]

    def test_only_those_past_their_day_are_kept(self, served: ResourceRecord, row: Rectification) -> None:
        reviewer, late = client_of(Role.REVIEWER), reverse("quality:rectification-list") + "?due=late"
        Rectification.objects.filter(id=row.id).update(due_at=AT + timedelta(days=36_500))
        on_time = reviewer.get(late).content.decode()
        Rectification.objects.filter(id=row.id).update(due_at=AT)

        assert row.number not in on_time
        assert row.number in reviewer.get(late).content.decode()

    def test_the_page_says_what_and_shows_no_rows(self, row: Rectification) -> None:
        shown = page(client_of(Role.REVIEWER), "rectification", row.id)

        assert "企业名称必填" in shown
        assert f"{reverse('quality:rows', args=[row.run_id])}?rule=firms-name-there" in shown
        assert "2020/5/6" not in shown
        assert 'name="value-' not in shown

    def test_a_stranger_exports_nothing(self, row: Rectification) -> None:
        answer = client_of(Role.DATA_OFFICER).get(reverse("quality:rectification-list-export"))

        assert row.number not in answer.getvalue().decode()
