"""Assessing a table of the lake: whole, stopped, failed, interrupted, resumed; rules and scores of then."""

from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from zhengshu.contexts.catalog.api import ResourceRecord
from zhengshu.contexts.quality.application import control_run, queries
from zhengshu.contexts.quality.application.ask_assessment import ask_assessment
from zhengshu.contexts.quality.application.assess_table import Teller, assess_table
from zhengshu.contexts.quality.application.due_tables import assess_batch, assess_due, follow_up
from zhengshu.contexts.quality.application.keep_results import recompute
from zhengshu.contexts.quality.application.score_models import model_in_force
from zhengshu.contexts.quality.domain import runs as domain
from zhengshu.contexts.quality.domain.runs import RunState
from zhengshu.contexts.quality.models import Outcome, RuleVersion, Run
from zhengshu.contexts.quality.tests import factories
from zhengshu.contexts.quality.tests.factories import AT, PLATFORM
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, new_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_pack")]
LATER = AT + timedelta(hours=3)


@pytest.fixture
def resource() -> ResourceRecord:
    return factories.resource()


@pytest.fixture
def served(resource: ResourceRecord, tmp_path: Path) -> ResourceRecord:
    factories.deliver(resource, tmp_path, factories.FAULTY_ROWS)
    return resource


class TestAssessing:
    def test_counts_by_rule(self, served: ResourceRecord) -> None:
        run = factories.assessed(served)

        found = {row.code: (row.asked, row.failed) for row in Outcome.objects.filter(run=run)}
        assert run.state == RunState.WHOLE
        assert found["firms-name-there"] == (6, 1)
        assert found["firms-contact-form"] == (6, 1)
        assert found["firms-registered-type"] == (6, 2)
        assert found["firms-key"] == (5, 1)
        assert found["firms-staff-range"] == (6, 1)
        assert run.rows == 6
        assert run.score is not None
        assert 0 < run.score < 100
        assert run.grade

    def test_the_past_is_computed_by_the_rules_and_weights_of_then(
        self, served: ResourceRecord, test_pack: Path
    ) -> None:
        before = factories.assessed(served)
        factories.pack(test_pack, factories.PACK.replace("weight: 2", "weight: 9"))
        after = factories.assessed(served, at=LATER)

        assert recompute(before).score == pytest.approx(before.score)
        assert RuleVersion.objects.filter(base_code="firms-name-there").count() == 2
        assert Outcome.objects.get(run=before, code="firms-name-there").weight == 2
        assert Outcome.objects.get(run=after, code="firms-name-there").weight == 9

    def test_another_score_model_changes_what_is_recomputed_not_what_was_said(
        self, served: ResourceRecord, test_pack: Path
    ) -> None:
        run = factories.assessed(served)
        said = run.score
        file = test_pack / "scoring" / "standard.yaml"
        file.write_text(file.read_text().replace('"02": 1', '"02": 100'))

        again = recompute(run, model=model_in_force())

        assert again.score != pytest.approx(said)
        assert recompute(run).score == pytest.approx(said)

    def test_nothing_served_is_said(self, resource: ResourceRecord) -> None:
        with pytest.raises(domain.NothingToAssess):
            ask_assessment(resource_code=resource.code, actor=PLATFORM, at=AT)

    def test_a_table_without_rules_is_said(self, tmp_path: Path) -> None:
        other = factories.resource(name="另一张表")
        factories.deliver(other, tmp_path, [factories.row(1)])

        with pytest.raises(domain.NoRuleFits):
            ask_assessment(resource_code=other.code, actor=PLATFORM, at=AT)


class TestOneAtATime:
    def test_a_second_run_of_the_same_table_is_refused(self, served: ResourceRecord) -> None:
        ask_assessment(resource_code=served.code, actor=PLATFORM, at=AT)

        with pytest.raises(domain.RunUnderWay):
            ask_assessment(resource_code=served.code, actor=PLATFORM, at=AT)

    def test_a_batch_during_a_run_is_assessed_after_it(self, served: ResourceRecord, tmp_path: Path) -> None:
        run = factories.assessed(served)
        factories.deliver(served, tmp_path, [factories.row(7)], later=True)

        following = follow_up(run_id=run.id, at=LATER)

        assert following is not None
        assert assess_batch(resource_id=served.id, at=LATER) is None
        assert follow_up(run_id=following, at=LATER) is None

    def test_a_table_that_nobody_assessed_for_a_week_is_due(self, served: ResourceRecord) -> None:
        factories.assessed(served)

        assert assess_due(at=AT + timedelta(days=3)) == ()
        assert len(assess_due(at=AT + timedelta(days=9))) == 1


class TestNoHalfResult:
    def test_a_stopped_run_has_no_result_and_goes_on(
        self, served: ResourceRecord, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_id = ask_assessment(resource_code=served.code, actor=PLATFORM, at=AT)
        with monkeypatch.context() as patched:
            patched.setattr(Teller, "__call__", lambda *_: False)
            assess_table(run_id=run_id, at=AT)
        stopped = queries.run(run_id=run_id, actor=PLATFORM)

        control_run.resume_run(run_id=run_id, actor=PLATFORM, at=AT)
        assess_table(run_id=run_id, at=AT)

        assert stopped.state is RunState.CANCELLED
        assert (stopped.score, stopped.rows) == (None, 0)
        assert queries.run(run_id=run_id, actor=PLATFORM).is_whole

    def test_stopping_on_the_last_row_leaves_nothing(
        self, served: ResourceRecord, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_id = ask_assessment(resource_code=served.code, actor=PLATFORM, at=AT)

        def stop_then_go_on(teller: Teller, done: int, total: int) -> bool:
            if done == total:
                Run.objects.filter(id=teller.run_id).update(is_stop_asked=True)
            return True

        monkeypatch.setattr(Teller, "__call__", stop_then_go_on)
        assess_table(run_id=run_id, at=AT)

        assert Run.objects.get(id=run_id).state == RunState.CANCELLED
        assert not Outcome.objects.filter(run_id=run_id).exists()

    def test_a_waiting_run_is_stopped_at_once(self, served: ResourceRecord) -> None:
        run_id = ask_assessment(resource_code=served.code, actor=PLATFORM, at=AT)
        control_run.stop_run(run_id=run_id, actor=PLATFORM, at=AT)
        assess_table(run_id=run_id, at=AT)

        assert Run.objects.get(id=run_id).state == RunState.CANCELLED
        with pytest.raises(domain.NotToBeStopped):
            control_run.stop_run(run_id=run_id, actor=PLATFORM, at=AT)

    def test_a_killed_run_is_marked_and_shows_nothing(self, served: ResourceRecord) -> None:
        run_id = ask_assessment(resource_code=served.code, actor=PLATFORM, at=AT)
        Run.objects.filter(id=run_id).update(state=RunState.RUNNING, started_at=AT, rows=6, score=50.0)

        shown = queries.run(run_id=run_id, actor=PLATFORM)
        marked = control_run.clean_up(at=AT)

        assert shown.score is None
        assert marked == 1
        assert queries.run(run_id=run_id, actor=PLATFORM).state is RunState.INTERRUPTED
        assert queries.tables(actor=PLATFORM, query=ListQuery()).total == 0

    def test_a_broken_pack_fails_the_run_with_a_sentence(
        self, served: ResourceRecord, test_pack: Path
    ) -> None:
        run_id = ask_assessment(resource_code=served.code, actor=PLATFORM, at=AT)
        factories.pack(test_pack, "table: firms\nname: 测试企业\nrules: 3\n")
        assess_table(run_id=run_id, at=AT)

        run = queries.run(run_id=run_id, actor=PLATFORM)
        assert run.state is RunState.FAILED
        assert run.refusal_code == "quality.pack-faulty"

    def test_an_engine_that_breaks_fails_the_run(
        self, served: ResourceRecord, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_id = ask_assessment(resource_code=served.code, actor=PLATFORM, at=AT)

        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("zhengshu.contexts.quality.application.assess_table.assess", full)
        assess_table(run_id=run_id, at=AT)

        run = queries.run(run_id=run_id, actor=PLATFORM)
        assert (run.state, run.refusal_code) == (RunState.FAILED, "quality.rule-broke")
        assert queries.outcomes(run_id=run_id, actor=PLATFORM) == ()

    def test_a_table_whose_layout_changed_is_checked_as_it_is_now(
        self, served: ResourceRecord, tmp_path: Path, test_pack: Path
    ) -> None:
        factories.assessed(served)
        factories.pack(test_pack, factories.PACK.replace("column: staff", "column: number"))
        run = factories.assessed(served, at=LATER)

        assert run.state == RunState.WHOLE
        assert Outcome.objects.get(run=run, code="firms-staff-range").column == "number"


class TestAccess:
    def test_another_department_guesses_the_id_of_a_run(self, served: ResourceRecord) -> None:
        run = factories.assessed(served)
        other = factories.actor(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)

        with pytest.raises(domain.RunNotFound):
            queries.run(run_id=run.id, actor=other)
        with pytest.raises(domain.RunNotFound):
            control_run.stop_run(run_id=run.id, actor=other, at=AT)
        assert queries.outcomes(run_id=run.id, actor=other) == ()
        assert queries.runs(actor=other, query=ListQuery()).total == 0
        assert queries.tables(actor=other, query=ListQuery()).total == 0

    def test_only_owner_and_data_authority_have_a_table_assessed(self, served: ResourceRecord) -> None:
        leader = factories.actor(Role.LEADER, department_id=served.department_id)

        with pytest.raises(domain.AssessmentNotYours):
            ask_assessment(resource_code=served.code, actor=leader, at=AT)

    def test_sees_what_the_table_of_roles_says(self, served: ResourceRecord) -> None:
        run = factories.assessed(served)
        own = {Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.OPERATOR, Role.APPROVER}
        for role, is_own in product(Role, (True, False)):
            department = served.department_id if is_own else DepartmentId(new_id())
            reader = Actor(id=new_id(), name="", department_id=department, roles=frozenset({role}))
            expected = role in {Role.REVIEWER, Role.LEADER} or (is_own and role in own)
            rows = role is Role.REVIEWER or (is_own and role in {Role.DATA_OFFICER, Role.DEPARTMENT_HEAD})

            assert Run.objects.visible_to(reader).filter(id=run.id).exists() is expected, (role, is_own)
            assert Run.objects.with_rows_for(reader).filter(id=run.id).exists() is rows, (role, is_own)

    def test_an_id_of_nothing(self) -> None:
        with pytest.raises(domain.RunNotFound):
            queries.run(run_id=new_id(), actor=PLATFORM)


class TestSettings:
    def test_a_score_model_that_is_missing_is_said(self, settings: Settings) -> None:
        from zhengshu.contexts.quality.application.score_models import ScoreModelFaulty

        settings.QUALITY_SCORE_MODEL = "none"
        with pytest.raises(ScoreModelFaulty):
            model_in_force()
