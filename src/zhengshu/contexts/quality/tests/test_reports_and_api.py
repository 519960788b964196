"""Reports in the official form, and the management API: counts and scores for programs."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from zhengshu.contexts.catalog.api import ResourceRecord
from zhengshu.contexts.quality.interfaces import jobs
from zhengshu.contexts.quality.tests import factories
from zhengshu.contexts.quality.tests.test_pages import client_of
from zhengshu.kernel.actors import Role
from zhengshu.kernel.identity import new_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_pack")]
API = "/api/quality"


@pytest.fixture
def served(tmp_path: Path) -> ResourceRecord:
    resource = factories.resource()
    factories.deliver(resource, tmp_path, factories.FAULTY_ROWS)
    return resource


@pytest.fixture
def officer(served: ResourceRecord) -> Client:
    return client_of(Role.DATA_OFFICER, department_id=served.department_id)


class TestReports:
    def test_a_run_as_pdf_and_workbook(self, served: ResourceRecord, officer: Client) -> None:
        run = factories.assessed(served)

        pdf = officer.get(reverse("quality:run-report", args=[run.id, "pdf"])).getvalue()
        sheet = officer.get(reverse("quality:run-report", args=[run.id, "xlsx"])).getvalue()

        assert pdf.startswith(b"%PDF")
        assert b"pdfaid:part" in pdf
        cells = [cell for row in load_workbook(BytesIO(sheet)).worksheets[0].values for cell in row]
        assert "企业名称必填" in cells

    def test_the_city_as_pdf_and_workbook(self, served: ResourceRecord, officer: Client) -> None:
        factories.assessed(served)

        assert officer.get(reverse("quality:city-report", args=["pdf"])).getvalue().startswith(b"%PDF")
        assert officer.get(reverse("quality:city-report", args=["xlsx"])).getvalue().startswith(b"PK")
        assert officer.get(reverse("quality:city-report", args=["doc"])).status_code == 404

    def test_of_another_department_are_not_found(self, served: ResourceRecord) -> None:
        run = factories.assessed(served)

        answer = client_of(Role.DATA_OFFICER).get(reverse("quality:run-report", args=[run.id, "pdf"]))

        assert answer.status_code == 404

    def test_a_run_without_a_result_has_none(self, served: ResourceRecord, officer: Client) -> None:
        officer.post(reverse("quality:assess", args=[served.code]))
        run_id = officer.get(f"{API}/runs").json()["rows"][0]["id"]

        assert officer.get(reverse("quality:run-report", args=[run_id, "pdf"])).status_code == 404


class TestApi:
    def test_from_asking_to_the_results(self, served: ResourceRecord, officer: Client) -> None:
        asked = officer.post(f"{API}/resources/{served.code}/runs")
        run_id = asked.json()["id"]
        jobs.assess(run_id)

        run = officer.get(f"{API}/runs/{run_id}").json()
        outcomes = officer.get(f"{API}/runs/{run_id}/outcomes").json()
        scores = officer.get(f"{API}/scores").json()
        assert asked.status_code == 202
        assert (run["state"], run["rows"]) == ("whole", 6)
        assert {one["code"]: one["failed"] for one in outcomes}["firms-registered-type"] == 2
        assert scores["tables"] == 1
        assert scores["departments"][0]["score"] == pytest.approx(run["score"])
        assert officer.get(f"{API}/tables").json()["total"] == 1
        assert "李 四" not in json.dumps([run, outcomes, scores], ensure_ascii=False)

    def test_a_run_is_stopped(self, served: ResourceRecord, officer: Client) -> None:
        run_id = officer.post(f"{API}/resources/{served.code}/runs").json()["id"]

        assert officer.post(f"{API}/runs/{run_id}/stop").json()["state"] == "cancelled"
        assert officer.post(f"{API}/runs/{run_id}/stop").status_code == 409

    def test_another_department_guesses_ids(self, served: ResourceRecord) -> None:
        run = factories.assessed(served)
        stranger = client_of(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)

        for path in (f"runs/{run.id}", f"runs/{run.id}/outcomes", f"rectifications/{new_id()}"):
            assert stranger.get(f"{API}/{path}").status_code == 404
        assert stranger.post(f"{API}/runs/{run.id}/stop").status_code == 404
        assert stranger.get(f"{API}/runs").json()["total"] == 0
        assert stranger.get(f"{API}/scores").json()["tables"] == 0
        assert stranger.get(f"{API}/rectifications").json()["total"] == 0
