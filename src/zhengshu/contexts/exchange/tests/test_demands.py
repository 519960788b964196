"""Demands for data that no resource offers, and the three lists (供需对接)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange import api
from zhengshu.contexts.exchange.models import DataDemand
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import AT, demand, step
from zhengshu.foundation.lists import ListQuery

pytestmark = pytest.mark.django_db
KIND = api.MatterKind.DEMAND
PROMISED = date(2026, 4, 1)
BASIS = "《中华人民共和国反不正当竞争法》第九条"


def assigned(place: factories.City) -> object:
    demand_id = demand(place)
    department = place.provider.department_id
    step(KIND, demand_id, "find_responsible", "assign", department_id=department, actor=place.reviewer, at=AT)
    return demand_id


def row() -> DataDemand:
    return DataDemand.objects.get()


def listed(place: factories.City, kind: str) -> int:
    query = ListQuery(filters={"list": (kind,)})
    return api.matters(kind=KIND, query=query, actor=place.stranger, at=AT).total


class TestWholeWay:
    @pytest.mark.article("809", 8)
    def test_a_demand_becomes_a_responsibility_with_a_date_and_is_fulfilled(self) -> None:
        place = factories.city()
        assigned(place)

        step(
            KIND,
            row().id,
            "accept_responsibility",
            "accept",
            promised_on=PROMISED,
            actor=place.provider,
            at=AT,
        )
        due_at = row().due_at
        assert due_at is not None
        assert timezone.localtime(due_at).date() == PROMISED
        assert listed(place, "responsibilities") == 1
        code = place.resource.code
        ended = step(
            KIND, row().id, "publish_resource", "published", resource_code=code, actor=place.provider, at=AT
        )

        assert (ended, row().resource_code, row().in_time) == ("fulfilled", code, True)

    def test_who_refuses_says_why_and_the_authority_decides_again(self) -> None:
        place = factories.city()
        assigned(place)

        with pytest.raises(casework.ReasonMissing):
            step(KIND, row().id, "accept_responsibility", "refuse", actor=place.provider, at=AT)
        step(
            KIND,
            row().id,
            "accept_responsibility",
            "refuse",
            reason="属残联职责",
            actor=place.provider,
            at=AT,
        )

        assert (row().state, row().responsible_department_id) == ("find_responsible", None)
        third = place.stranger.department_id
        step(KIND, row().id, "find_responsible", "assign", department_id=third, actor=place.reviewer, at=AT)
        assert row().responsible_department_id == third
        with pytest.raises(api.MatterNotFound):
            api.matter(kind=KIND, matter_id=row().id, actor=place.provider)

    @pytest.mark.article("809", 14)
    def test_what_a_law_withholds_goes_on_the_negative_list_with_its_basis(self) -> None:
        place = factories.city()
        demand(place)
        withhold = {"actor": place.reviewer, "at": AT, "reason": "涉及商业秘密"}

        with pytest.raises(casework.BasisMissing):
            step(KIND, row().id, "find_responsible", "withhold", **withhold)  # type: ignore[arg-type]
        step(KIND, row().id, "find_responsible", "withhold", basis=BASIS, **withhold)  # type: ignore[arg-type]

        assert (row().state, row().answer_basis) == ("withheld", BASIS)
        assert (listed(place, "negative"), listed(place, "responsibilities")) == (1, 0)

    def test_what_exists_is_named(self) -> None:
        place = factories.city()
        demand(place)

        with pytest.raises(catalog.ResourceNotFound):
            step(
                KIND,
                row().id,
                "find_responsible",
                "offered",
                resource_code="306001-99999",
                actor=place.reviewer,
                at=AT,
            )
        code = place.resource.code
        step(KIND, row().id, "find_responsible", "offered", resource_code=code, actor=place.reviewer, at=AT)

        assert (row().state, row().resource_name) == ("offered", place.resource.name)


class TestWhatIsRefused:
    @pytest.mark.parametrize("days", [-1, 0, 366])
    def test_a_promise_is_a_day_within_a_year(self, days: int) -> None:
        place = factories.city()
        assigned(place)
        day = timezone.localdate(AT) + timedelta(days=days)

        with pytest.raises(api.PromiseUnfit):
            step(
                KIND,
                row().id,
                "accept_responsibility",
                "accept",
                promised_on=day,
                actor=place.provider,
                at=AT,
            )
        with pytest.raises(api.PromiseUnfit):
            step(KIND, row().id, "accept_responsibility", "accept", actor=place.provider, at=AT)

    def test_who_demands_is_not_responsible(self) -> None:
        place = factories.city()
        demand(place)

        with pytest.raises(api.DemandedByItself):
            step(
                KIND, row().id, "find_responsible", "assign",
                department_id=place.officer.department_id, actor=place.reviewer, at=AT,
            )  # fmt: skip
        with pytest.raises(api.ResponsibleMissing):
            step(KIND, row().id, "find_responsible", "assign", actor=place.reviewer, at=AT)

    def test_a_responsibility_is_not_met_with_another_departments_resource(self) -> None:
        place = factories.city()
        demand(place)
        third = place.stranger.department_id
        step(KIND, row().id, "find_responsible", "assign", department_id=third, actor=place.reviewer, at=AT)
        step(
            KIND,
            row().id,
            "accept_responsibility",
            "accept",
            promised_on=PROMISED,
            actor=place.stranger,
            at=AT,
        )

        with pytest.raises(api.ResourceNotTheirs):
            step(
                KIND, row().id, "publish_resource", "published",
                resource_code=place.resource.code, actor=place.stranger, at=AT,
            )  # fmt: skip

    def test_the_authority_does_not_answer_for_the_responsible(self) -> None:
        place = factories.city()
        assigned(place)

        with pytest.raises(casework.NotYourTask):
            step(
                KIND,
                row().id,
                "accept_responsibility",
                "accept",
                promised_on=PROMISED,
                actor=place.reviewer,
                at=AT,
            )

    @pytest.mark.parametrize("lacking", ["name", "legal_basis", "scenario", "wanted"])
    def test_a_demand_states_everything(self, lacking: str) -> None:
        place = factories.city()

        with pytest.raises(api.StatementMissing):
            demand(place, **{lacking: "  "})  # type: ignore[arg-type]  # the test names the fields

    def test_a_third_department_sees_it_when_it_stands_on_a_list(self) -> None:
        place = factories.city()
        demand_id = demand(place)

        with pytest.raises(api.MatterNotFound):
            api.matter(kind=KIND, matter_id=demand_id, actor=place.stranger)
        step(
            KIND,
            demand_id,
            "find_responsible",
            "withhold",
            reason="商业秘密",
            basis=BASIS,
            actor=place.reviewer,
            at=AT,
        )
        assert api.matter(kind=KIND, matter_id=demand_id, actor=place.stranger).summary.state == "withheld"
