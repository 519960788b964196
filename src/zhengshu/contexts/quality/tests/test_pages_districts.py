"""Districts, the schedule, and what the data authority sees of rectifications."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.catalog.api import ItemDraft, ResourceRecord
from zhengshu.contexts.lake.tests import factories as lake
from zhengshu.contexts.quality.application.due_tables import assess_due
from zhengshu.contexts.quality.models import RegionCount, Run, TablePlan
from zhengshu.contexts.quality.tests import factories
from zhengshu.contexts.quality.tests.test_pages import client_of, page
from zhengshu.kernel.actors import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_pack")]

ITEMS = (
    *factories.ITEMS,
    ItemDraft(name="区划代码", column="region_code", length=12),
)
HEADINGS = tuple(item.name for item in ITEMS)
ROWS = (
    [*factories.row(1), "470502"],
    [*factories.row(2, name=""), "470502001"],
    [*factories.row(3), "470521"],
    [*factories.row(4), "不明"],
)


@pytest.fixture
def city(test_pack: Path) -> None:
    text = factories.PACK.replace(
        "  staff: {name: 员工数}\n",
        "  staff: {name: 员工数}\n  region_code: {name: 区划代码, element: region-code}\n",
    )
    factories.pack(test_pack, text)
    (test_pack / "maps").mkdir()
    features = ", ".join(
        f'{{"type": "Feature", "properties": {{"code": "{code}", "name": "{name}", "name_en": "{english}"}}, '
        f'"geometry": {{"type": "Polygon", "coordinates": [[[{x}, 20], [{x + 1}, 20], [{x + 1}, 21], [{x}, 20]]]}}}}'
        for x, (code, name, english) in enumerate(
            (("470502", "文澜区", "Wenlan"), ("470521", "柳浦县", "Liupu"), ("470522", "桐渡县", "Tongdu")),
            start=150,
        )
    )
    map_file = test_pack / "maps" / "470500.geojson"
    map_file.write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}', encoding="utf-8")


@pytest.fixture
def served(city: None, tmp_path: Path) -> ResourceRecord:
    resource = lake.resource(items=ITEMS, name="测试企业")
    lake.collected(resource, lake.file(tmp_path, lake.text(ROWS, headings=HEADINGS)))
    return resource


@pytest.fixture
def officer(served: ResourceRecord) -> Client:
    return client_of(Role.DATA_OFFICER, department_id=served.department_id)


class TestDistricts:
    def test_rows_are_counted_where_they_belong(self, served: ResourceRecord) -> None:
        run = factories.assessed(served)

        found = RegionCount.objects.filter(run=run).order_by("region")
        assert [(one.region, one.rows, one.faulty) for one in found] == [("470502", 2, 1), ("470521", 1, 0)]

    def test_the_overview_draws_them_and_says_the_same_in_a_table(
        self, served: ResourceRecord, officer: Client
    ) -> None:
        factories.assessed(served)

        shown = page(officer, "overview")

        assert shown.count("quality-district is-") == 3
        assert "quality-district is-grey" in shown
        assert re.search(r"文澜区</tspan> <tspan[^>]*>50\.00%<", shown)
        assert shown.count(reverse("quality:district", args=["470502"])) == 2
        assert reverse("quality:district", args=["470522"]) not in shown

    def test_a_district_names_its_tables(self, served: ResourceRecord, officer: Client) -> None:
        factories.assessed(served)

        assert served.name in page(officer, "district", "470502")
        assert officer.get(reverse("quality:district", args=["470522"])).status_code == 404

    def test_another_department_sees_none(self, served: ResourceRecord) -> None:
        factories.assessed(served)
        stranger = client_of(Role.DATA_OFFICER)

        assert "quality-map" not in page(stranger, "overview")
        assert stranger.get(reverse("quality:district", args=["470502"])).status_code == 404

    def test_a_table_without_codes_has_none(self, test_pack: Path, tmp_path: Path) -> None:
        resource = factories.resource()
        factories.deliver(resource, tmp_path, factories.FAULTY_ROWS)

        assert not RegionCount.objects.filter(run=factories.assessed(resource)).exists()


class TestSchedule:
    def change(self, client: Client, code: str, **data: str) -> str:
        answer = client.post(reverse("quality:schedule-change", args=[code]), data, follow=True)
        return str(answer.content.decode())

    def test_the_data_authority_sees_and_changes_it(self, served: ResourceRecord) -> None:
        reviewer = client_of(Role.REVIEWER)

        assert served.name in page(reviewer, "schedule")
        shown = self.change(reviewer, served.code, do="days", every_days="30")

        assert 'value="30"' in shown
        assert TablePlan.objects.get(resource_id=served.id).every_days == 30

    def test_a_paused_table_is_not_assessed_and_keeps_its_days(self, served: ResourceRecord) -> None:
        reviewer = client_of(Role.REVIEWER)
        self.change(reviewer, served.code, do="days", every_days="3")

        shown = self.change(reviewer, served.code, do="pause")
        paused = assess_due(at=factories.AT + timedelta(days=90))
        self.change(reviewer, served.code, do="resume")
        resumed = assess_due(at=factories.AT + timedelta(days=90))

        assert "已暂停" in shown
        own = set(Run.objects.filter(resource_id=served.id).values_list("id", flat=True))
        assert not own & set(paused)
        assert own & set(resumed)
        assert TablePlan.objects.get(resource_id=served.id).every_days == 3

    @pytest.mark.parametrize("days", ["", "-1", "367", "x", "99999999999"])
    def test_days_outside_of_their_limits_are_refused(self, served: ResourceRecord, days: str) -> None:
        shown = self.change(client_of(Role.REVIEWER), served.code, do="days", every_days=days)

        assert "天数应在 0 至 366 之间" in shown
        assert not TablePlan.objects.filter(resource_id=served.id).exists()

    def test_others_change_nothing(self, served: ResourceRecord) -> None:
        for role in (Role.LEADER, Role.OPERATOR, Role.DATA_OFFICER):
            client = client_of(role)
            client.post(reverse("quality:schedule-change", args=[served.code]), {"do": "pause"})
        shown = page(client_of(Role.DATA_OFFICER), "schedule")

        assert not TablePlan.objects.filter(resource_id=served.id).exists()
        assert served.name not in shown
