"""The pages, as people of each role meet them."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model, QuerySet
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from zhengshu.contexts.catalog.api import ResourceRecord
from zhengshu.contexts.quality.interfaces import jobs
from zhengshu.contexts.quality.models import Run, TablePlan
from zhengshu.contexts.quality.tests import factories
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_pack")]


def client_of(*roles: Role, department_id: object = None) -> Client:
    client = Client()
    client.force_login(trust.account(*roles, department_id=department_id))  # type: ignore[arg-type]  # a department's id
    return client


@pytest.fixture
def served(tmp_path: Path) -> ResourceRecord:
    resource = factories.resource()
    factories.deliver(resource, tmp_path, factories.FAULTY_ROWS)
    return resource


@pytest.fixture
def officer(served: ResourceRecord) -> Client:
    return client_of(Role.DATA_OFFICER, department_id=served.department_id)


def exports() -> QuerySet[Model]:
    """Return what the audit knows of rows that were taken away."""
    return apps.get_model("trust", "AuditEvent").objects.filter(name="quality.failing-rows.exported.v1")


def page(client: Client, name: str, *arguments: object, query: str = "") -> str:
    answer = client.get(reverse(f"quality:{name}", args=arguments) + query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


class TestAssessing:
    def test_from_the_button_to_the_result(self, served: ResourceRecord, officer: Client) -> None:
        assert "立即评估" in page(officer, "table", served.code)
        asked = officer.post(reverse("quality:assess", args=[served.code]))
        run = Run.objects.get()
        waiting = page(officer, "run", run.id)
        still = officer.get(reverse("quality:progress", args=[run.id]))

        jobs.assess(str(run.id))

        assert asked["Location"] == reverse("quality:run", args=[run.id])
        assert "hx-get" in waiting
        assert "HX-Redirect" not in still
        assert officer.get(reverse("quality:progress", args=[run.id]))["HX-Redirect"] == asked["Location"]
        for name, argument in (("run", run.id), ("table", served.code)):
            shown = page(officer, name, argument)
            assert "企业名称必填" in shown
            assert "ui-heat" in shown

    def test_a_second_time_is_refused_in_words(self, served: ResourceRecord, officer: Client) -> None:
        officer.post(reverse("quality:assess", args=[served.code]))
        again = officer.post(reverse("quality:assess", args=[served.code]), follow=True)

        assert "正在评估" in again.content.decode()

    def test_stop_and_take_up_again(self, served: ResourceRecord, officer: Client) -> None:
        officer.post(reverse("quality:assess", args=[served.code]))
        run = Run.objects.get()
        officer.post(reverse("quality:stop", args=[run.id]))
        stopped = page(officer, "run", run.id)
        officer.post(reverse("quality:resume", args=[run.id]))
        jobs.assess(str(run.id))

        assert "没有结果" in stopped
        assert "企业名称必填" in page(officer, "run", run.id)


class TestRows:
    def test_failing_cells_are_masked_by_grade_with_reason_cause_and_proposal(
        self, served: ResourceRecord, officer: Client
    ) -> None:
        run = factories.assessed(served)

        contact = page(officer, "rows", run.id, query="?rule=firms-contact-form")
        day = page(officer, "rows", run.id, query="?rule=firms-registered-type")

        assert "李 四" not in contact
        assert "2020/5/6" in day
        assert "2020-05-06" in day
        assert "日期写法不同" in day

    def test_the_reviewer_sees_them_and_the_leader_does_not(self, served: ResourceRecord) -> None:
        run = factories.assessed(served)

        assert "2020/5/6" in page(client_of(Role.REVIEWER), "rows", run.id)
        leader = client_of(Role.LEADER)
        assert leader.get(reverse("quality:rows", args=[run.id])).status_code == 403
        assert f"/runs/{run.id}/rows/" not in page(leader, "run", run.id)

    @pytest.mark.parametrize("name", ["run", "rows", "progress"])
    def test_another_department_finds_nothing(self, served: ResourceRecord, name: str) -> None:
        run = factories.assessed(served)

        answer = client_of(Role.DATA_OFFICER).get(reverse(f"quality:{name}", args=[run.id]))

        assert answer.status_code == 404

    @pytest.mark.parametrize("file_format", ["csv", "xlsx"])
    def test_a_download_is_masked_and_audited(
        self, served: ResourceRecord, officer: Client, file_format: str
    ) -> None:
        run = factories.assessed(served)

        answer = officer.get(reverse("quality:row-export", args=[run.id, file_format]))
        data = answer.getvalue()
        if file_format == "xlsx":
            sheet = load_workbook(BytesIO(data)).worksheets[0]
            text = "\n".join(str(cell) for row in sheet.values for cell in row)
        else:
            text = data.decode()

        assert "2020/5/6" in text
        assert "李 四" not in text
        assert exports().count() == 1

    def test_a_download_of_another_department_is_not_found(self, served: ResourceRecord) -> None:
        run = factories.assessed(served)

        answer = client_of(Role.DATA_OFFICER).get(reverse("quality:row-export", args=[run.id, "csv"]))

        assert answer.status_code == 404
        assert not exports().exists()


class TestLists:
    def test_lists_and_overview_show_the_table(self, served: ResourceRecord, officer: Client) -> None:
        factories.assessed(served)

        for name in ("overview", "table-list", "run-list"):
            assert served.name in page(officer, name)
        assert served.name in officer.get(reverse("quality:table-export")).getvalue().decode()

    def test_nothing_assessed_is_said(self, served: ResourceRecord, officer: Client) -> None:
        for name in ("overview", "table-list"):
            assert "尚未评估" in page(officer, name)
        assert served.name not in page(client_of(Role.DATA_OFFICER), "run-list")

    def test_two_runs_are_compared(self, served: ResourceRecord, officer: Client) -> None:
        first = factories.assessed(served)
        second = factories.assessed(served, at=factories.AT + timedelta(hours=5))

        assert "企业名称必填" in page(officer, "compare", second.id, first.id)
        other = client_of(Role.DATA_OFFICER)
        assert other.get(reverse("quality:compare", args=[second.id, first.id])).status_code == 404

    def test_the_number_of_queries_does_not_grow(
        self, served: ResourceRecord, officer: Client, django_assert_max_num_queries: object
    ) -> None:
        for hour in range(5):
            factories.assessed(served, at=factories.AT + timedelta(hours=5 + hour))

        with django_assert_max_num_queries(30):  # type: ignore[operator]  # pytest-django's fixture
            page(officer, "table", served.code)


class TestPlan:
    def test_the_owner_sets_what_a_batch_must_fulfil(self, served: ResourceRecord, officer: Client) -> None:
        data = {"is_on_batch": "on", "every_days": "30", "least_score": "80", "no_failure_of": "error"}
        officer.post(reverse("quality:plan", args=[served.code]), data)

        plan = TablePlan.objects.get(resource_id=served.id).plan
        assert (plan.every_days, plan.least_score, plan.no_failure_of) == (30, 80.0, "error")

    def test_a_number_outside_of_its_limits_is_said(self, served: ResourceRecord, officer: Client) -> None:
        answer = officer.post(
            reverse("quality:plan", args=[served.code]), {"every_days": "30", "least_score": "120"}
        )

        assert answer.status_code == 422
        assert not TablePlan.objects.exists()

    def test_another_department_may_not(self, served: ResourceRecord) -> None:
        stranger = client_of(Role.DATA_OFFICER)
        answer = stranger.post(reverse("quality:plan", args=[served.code]), {"every_days": "0"})

        assert answer.status_code in {403, 404}
        assert not TablePlan.objects.exists()
