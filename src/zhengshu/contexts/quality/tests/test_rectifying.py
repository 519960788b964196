"""Rectification: failing rows become a case, are corrected and checked again alone, close by machine, relapse."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog.api import ResourceRecord
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application import rectification_queries as queries
from zhengshu.contexts.quality.application.change_plan import change_plan
from zhengshu.contexts.quality.application.correct_rows import correct_rows
from zhengshu.contexts.quality.application.follow_runs import PLATFORM as MACHINE
from zhengshu.contexts.quality.application.follow_runs import follow_run
from zhengshu.contexts.quality.application.object_to_rule import object_to_rule
from zhengshu.contexts.quality.domain import rectifications as domain
from zhengshu.contexts.quality.domain.plans import Plan
from zhengshu.contexts.quality.domain.rectifications import RectificationState
from zhengshu.contexts.quality.domain.rules import Severity
from zhengshu.contexts.quality.domain.runs import RunState
from zhengshu.contexts.quality.models import Rectification, Run
from zhengshu.contexts.quality.tests import factories
from zhengshu.contexts.quality.tests.factories import AT, PLATFORM
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.outbox import deliver_due
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import CaseId

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_pack")]
HOUR = timedelta(hours=1)
TO_RECTIFY = {2, 4, 5, 6}
"""Rows that fail rules of errors: no name, two spellings of days, a name twice."""
RIGHT: Mapping[int, Mapping[str, str]] = {
    2: {"name": "第2商贸有限公司"},
    4: {"registered_on": "2020-05-06"},
    5: {"name": "第5商贸有限公司"},
    6: {"registered_on": "2020-05-06"},
}


@pytest.fixture
def served(tmp_path: Path) -> ResourceRecord:
    casework.load_case_types(folder=settings.PACKS_FOLDER / "case-types" / "data-rectification", at=AT)
    authority = trust.department(is_data_authority=True)
    resource = factories.resource(department_id=trust.department(parent_id=authority.id).id)
    factories.deliver(resource, tmp_path, factories.FAULTY_ROWS)
    return resource


@pytest.fixture
def officer(served: ResourceRecord) -> Actor:
    return factories.actor(Role.DATA_OFFICER, department_id=served.department_id)


def opened(served: ResourceRecord) -> Rectification:
    run = factories.assessed(served)
    follow_run(run, at=AT + 3 * HOUR)
    return Rectification.objects.get(resource_id=served.id)


def again(served: ResourceRecord, *, hours: int) -> None:
    follow_run(factories.assessed(served, at=AT + hours * HOUR), at=AT + hours * HOUR)


class TestOpening:
    def test_one_case_for_all_failing_rows_of_a_table(self, served: ResourceRecord, officer: Actor) -> None:
        row = opened(served)
        follow_run(row.run, at=AT + 4 * HOUR)

        case = casework.case(case_id=CaseId(row.case_id), actor=officer, at=AT + 4 * HOUR)
        assert Rectification.objects.count() == 1
        assert row.rows_first == len(TO_RECTIFY)
        assert case.task("rectify") is not None
        assert row.due_at is not None
        shown = queries.rows_of_rectification(rectification_id=row.id, actor=officer)
        assert {one.place for one in shown} == TO_RECTIFY

    def test_the_event_opens_it_once(self, served: ResourceRecord) -> None:
        factories.assessed(served)
        deliver_due(at=AT + 24 * HOUR)
        deliver_due(at=AT + 24 * HOUR)

        assert Rectification.objects.filter(resource_id=served.id).count() == 1

    def test_warnings_alone_make_no_case(self, served: ResourceRecord, tmp_path: Path) -> None:
        factories.deliver(served, tmp_path, [factories.row(1), factories.row(2, contact="李 四")], later=True)
        follow_run(factories.assessed(served), at=AT + 3 * HOUR)

        assert not Rectification.objects.exists()


class TestCorrecting:
    def test_only_rows_that_pass_are_published_the_others_wait_with_their_reason(
        self, served: ResourceRecord, officer: Actor
    ) -> None:
        row = opened(served)
        before = lake.serving(resource_id=served.id)

        done = correct_rows(
            rectification_id=row.id,
            corrections={2: {"name": "第2商贸有限公司"}, 4: {"registered_on": "2020/5/7"}},
            actor=officer,
            at=AT + 4 * HOUR,
        )

        assert done.published == 1
        assert [(one.place, one.fails) for one in done.failing] == [
            (4, {"registered_on": "登记日期写成年-月-日"})
        ]
        after = lake.serving(resource_id=served.id)
        assert before is not None
        assert after is not None
        assert (after.rows, after.snapshot_id != before.snapshot_id) == (6, True)

    def test_the_machine_closes_it_when_all_pass_and_shows_the_score(
        self, served: ResourceRecord, officer: Actor
    ) -> None:
        row = opened(served)
        correct_rows(rectification_id=row.id, corrections=RIGHT, actor=officer, at=AT + 4 * HOUR)
        again(served, hours=5)

        row.refresh_from_db()
        case = casework.case(case_id=CaseId(row.case_id), actor=MACHINE, at=AT + 6 * HOUR)
        rounds = queries.rounds_of(rectification_id=row.id, actor=officer)
        assert (row.state, row.rows_left, case.state) == (RectificationState.CORRECTED, 0, "corrected")
        assert [one.rows_left for one in rounds] == [4, 0]
        assert row.score_before is not None
        assert row.score_after is not None
        assert row.score_after > row.score_before

    def test_a_row_is_taken_out(self, served: ResourceRecord, officer: Actor) -> None:
        row = opened(served)
        correct_rows(rectification_id=row.id, corrections={5: None}, actor=officer, at=AT + 4 * HOUR)

        serving = lake.serving(resource_id=served.id)
        assert serving is not None
        assert serving.rows == 5

    def test_a_relapse_opens_a_new_one_that_names_the_former(
        self, served: ResourceRecord, officer: Actor, tmp_path: Path
    ) -> None:
        former = opened(served)
        correct_rows(rectification_id=former.id, corrections=RIGHT, actor=officer, at=AT + 4 * HOUR)
        again(served, hours=5)
        factories.deliver(served, tmp_path, [factories.row(1), factories.row(2, name="")], later=True)
        again(served, hours=7)

        relapse = Rectification.objects.get(state=RectificationState.OPEN)
        assert relapse.relapse_of_id == former.id

    def test_corrections_pass_a_gate_that_the_table_does_not_fulfil_yet(
        self, served: ResourceRecord, officer: Actor
    ) -> None:
        row = opened(served)
        change_plan(resource_code=served.code, plan=Plan(no_failure_of=Severity.ERROR), actor=PLATFORM, at=AT)

        done = correct_rows(
            rectification_id=row.id, corrections={2: RIGHT[2]}, actor=officer, at=AT + 4 * HOUR
        )

        assert done.published == 1

    def test_a_table_that_changed_meanwhile_is_not_touched(
        self, served: ResourceRecord, officer: Actor, tmp_path: Path
    ) -> None:
        row = opened(served)
        factories.deliver(served, tmp_path, [factories.row(9)], later=True)

        with pytest.raises(domain.TableChanged):
            correct_rows(rectification_id=row.id, corrections=RIGHT, actor=officer, at=AT + 4 * HOUR)

    @pytest.mark.parametrize(
        ("corrections", "refusal"),
        [
            ({1: {"name": "别的公司"}}, domain.RowsNotOfRectification),
            ({2: {"name": ""}}, domain.NothingCorrected),
            ({}, domain.NothingCorrected),
            ({6: {"registered_on": "2020-05-06", "staff": "很多"}}, lake.CorrectionNotReadable),
        ],
    )
    def test_what_cannot_be_corrected_changes_nothing(
        self,
        served: ResourceRecord,
        officer: Actor,
        corrections: Mapping[int, Mapping[str, str]],
        refusal: type[Exception],
    ) -> None:
        row = opened(served)
        before = lake.serving(resource_id=served.id)

        with pytest.raises(refusal):
            correct_rows(rectification_id=row.id, corrections=corrections, actor=officer, at=AT + 4 * HOUR)

        assert lake.serving(resource_id=served.id) == before


class TestObjecting:
    def test_an_upheld_objection_ends_it_and_the_rule_is_not_held_against_the_table_again(
        self, served: ResourceRecord, officer: Actor, tmp_path: Path
    ) -> None:
        factories.deliver(served, tmp_path, [factories.row(1), factories.row(2, name="")], later=True)
        row = opened(served)
        object_to_rule(
            rectification_id=row.id,
            rule="firms-name-there",
            reason="个体户可以没有字号",
            actor=officer,
            at=AT + 4 * HOUR,
        )
        casework.complete_task(
            case_id=CaseId(row.case_id),
            task="answer_objection",
            outcome="uphold",
            reason="属实",
            actor=PLATFORM,
            at=AT + 5 * HOUR,
        )
        deliver_due(at=AT + 24 * HOUR)
        row.refresh_from_db()
        state = row.state
        Run.objects.filter(state=RunState.WAITING).delete()
        again(served, hours=26)

        assert state == RectificationState.RULE_AT_FAULT
        assert Rectification.objects.count() == 1

    def test_a_rule_that_blames_none_of_the_rows_is_not_objected_to(
        self, served: ResourceRecord, officer: Actor
    ) -> None:
        row = opened(served)

        with pytest.raises(domain.RuleNotOfRectification):
            object_to_rule(
                rectification_id=row.id, rule="firms-staff-range", reason="无误", actor=officer, at=AT
            )


class TestAccess:
    def test_another_department_guesses_ids(self, served: ResourceRecord) -> None:
        row = opened(served)
        stranger = factories.actor(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)

        with pytest.raises(domain.RectificationNotFound):
            queries.rectification(rectification_id=row.id, actor=stranger)
        with pytest.raises(domain.RectificationNotFound):
            queries.rows_of_rectification(rectification_id=row.id, actor=stranger)
        with pytest.raises(domain.RectificationNotFound):
            queries.note_taken(rectification_id=row.id, rows=1, file_format="csv", actor=stranger, at=AT)
        with pytest.raises(domain.RectificationNotFound):
            correct_rows(rectification_id=row.id, corrections=RIGHT, actor=stranger, at=AT)
        with pytest.raises(domain.RectificationNotFound):
            object_to_rule(rectification_id=row.id, rule="firms-key", reason="x", actor=stranger, at=AT)
        assert queries.rectifications(actor=stranger, query=ListQuery(), at=AT).total == 0
        assert queries.oldest_open(actor=stranger) == ()

    def test_reviewers_see_counts_and_no_rows_in_full(self, served: ResourceRecord) -> None:
        row = opened(served)
        reviewer = factories.actor(Role.REVIEWER)

        assert queries.rectification(rectification_id=row.id, actor=reviewer).rows_left == 4
        with pytest.raises(domain.RectificationNotFound):
            queries.rows_of_rectification(rectification_id=row.id, actor=reviewer)

    def test_a_head_looks_and_an_officer_corrects(self, served: ResourceRecord) -> None:
        row = opened(served)
        head = factories.actor(Role.DEPARTMENT_HEAD, department_id=served.department_id)

        assert queries.rows_of_rectification(rectification_id=row.id, actor=head)
        with pytest.raises(domain.CorrectionNotYours):
            correct_rows(rectification_id=row.id, corrections=RIGHT, actor=head, at=AT)
