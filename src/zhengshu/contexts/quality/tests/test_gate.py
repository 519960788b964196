"""The gate: what a resource demands of a batch before it is published."""

from pathlib import Path

import pytest

from zhengshu.contexts.catalog.api import ResourceRecord
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application.change_plan import change_plan
from zhengshu.contexts.quality.domain.plans import (
    Found,
    Plan,
    PlanUnfit,
    ScoreTooLow,
    SevereFaults,
    judge_batch,
)
from zhengshu.contexts.quality.domain.rules import Severity
from zhengshu.contexts.quality.domain.runs import AssessmentNotYours
from zhengshu.contexts.quality.tests import factories
from zhengshu.contexts.quality.tests.factories import AT, PLATFORM
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Role


def found(severity: Severity, failed: int) -> Found:
    return Found(name="企业名称必填", severity=severity, failed=failed)


class TestJudging:
    def test_a_batch_without_demands_passes(self) -> None:
        judge_batch(Plan(), score=0.0, found=[found(Severity.ERROR, 9)])

    def test_a_score_below_the_least_is_refused_with_its_causes(self) -> None:
        with pytest.raises(ScoreTooLow) as refused:
            judge_batch(Plan(least_score=90), score=89.99, found=[found(Severity.HINT, 3)])

        assert refused.value.data["score"] == "89.99"
        assert "企业名称必填 (3)" in str(refused.value.data["rules"])

    def test_the_least_score_itself_is_enough(self) -> None:
        judge_batch(Plan(least_score=90), score=90.0, found=[])

    @pytest.mark.parametrize(
        ("demanded", "severity", "is_refused"),
        [
            (Severity.ERROR, Severity.ERROR, True),
            (Severity.ERROR, Severity.WARNING, False),
            (Severity.WARNING, Severity.ERROR, True),
            (Severity.HINT, Severity.HINT, True),
        ],
    )
    def test_no_failure_of_a_severity(
        self, demanded: Severity, severity: Severity, *, is_refused: bool
    ) -> None:
        plan = Plan(no_failure_of=demanded)
        if is_refused:
            with pytest.raises(SevereFaults):
                judge_batch(plan, score=99.0, found=[found(severity, 1)])
        else:
            judge_batch(plan, score=99.0, found=[found(severity, 1)])

    @pytest.mark.parametrize("plan", [Plan(every_days=-1), Plan(every_days=400), Plan(least_score=100.5)])
    def test_numbers_have_limits(self, plan: Plan) -> None:
        with pytest.raises(PlanUnfit):
            plan.require_fit()


@pytest.mark.django_db
@pytest.mark.usefixtures("test_pack")
class TestPublishing:
    @pytest.fixture
    def resource(self, tmp_path: Path) -> ResourceRecord:
        resource = factories.resource()
        factories.deliver(resource, tmp_path, [factories.row(1), factories.row(2)])
        return resource

    def test_a_refused_batch_leaves_the_former_data_in_service_and_says_why(
        self, resource: ResourceRecord, tmp_path: Path
    ) -> None:
        before = lake.serving(resource_id=resource.id)
        change_plan(
            resource_code=resource.code, plan=Plan(no_failure_of=Severity.ERROR), actor=PLATFORM, at=AT
        )

        with pytest.raises(SevereFaults):
            factories.deliver(resource, tmp_path, factories.FAULTY_ROWS, later=True)

        batch = lake.batches(actor=PLATFORM, query=ListQuery(), resource_id=resource.id).rows[0]
        assert lake.serving(resource_id=resource.id) == before
        assert batch.state is lake.BatchState.REFUSED
        assert batch.refusal_code == "quality.severe-faults"
        assert "企业名称必填" in str(batch.refusal_data["rules"])

    def test_a_batch_that_fulfils_the_demands_is_published(
        self, resource: ResourceRecord, tmp_path: Path
    ) -> None:
        change_plan(resource_code=resource.code, plan=Plan(least_score=95), actor=PLATFORM, at=AT)

        batch = factories.deliver(resource, tmp_path, [factories.row(3), factories.row(4)], later=True)

        assert batch.state is lake.BatchState.PUBLISHED

    def test_who_does_not_answer_for_the_rows_cannot_lower_the_demands(
        self, resource: ResourceRecord
    ) -> None:
        leader = factories.actor(Role.LEADER, department_id=resource.department_id)

        with pytest.raises(AssessmentNotYours):
            change_plan(resource_code=resource.code, plan=Plan(), actor=leader, at=AT)
