"""Keep what an assessment found: all of it in one transaction, or nothing."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application.ask_assessment import subject_of
from zhengshu.contexts.quality.application.engine.watching import AssessmentCancelled
from zhengshu.contexts.quality.application.rule_versions import base_code, digest_of, keep_versions
from zhengshu.contexts.quality.application.score_models import keep_model, model_in_force, model_of
from zhengshu.contexts.quality.application.tables import Asked, without_examples
from zhengshu.contexts.quality.domain.checks import kind_of
from zhengshu.contexts.quality.domain.results import Assessment, RuleResult
from zhengshu.contexts.quality.domain.runs import RunState
from zhengshu.contexts.quality.domain.scoring import RuleScore, ScoreModel, TableScore, score_table
from zhengshu.contexts.quality.events import TableAssessed
from zhengshu.contexts.quality.models import Outcome, RegionCount, Run
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId


@transaction
def keep_results(
    run: Run,
    found: Assessment,
    asked: Asked,
    files: lake.TableFiles,
    *,
    at: datetime,
    regions: Mapping[str, tuple[int, int]] = MappingProxyType({}),
) -> None:
    """Make a run whole: its outcomes, the words of its rules, its score, its rows by region.

    Raises:
        AssessmentCancelled: somebody stopped it while it was on its last rows.
    """
    locked = Run.objects.select_for_update().get(id=run.id)
    if locked.is_stop_asked or locked.state != RunState.RUNNING:
        raise AssessmentCancelled
    keep_versions((without_examples(result.rule) for result in found.rules), at=at)
    Outcome.objects.bulk_create([_outcome(run.id, result) for result in found.rules], batch_size=1000)
    RegionCount.objects.bulk_create(
        RegionCount(run_id=run.id, region=region, rows=rows, faulty=faulty)
        for region, (rows, faulty) in regions.items()
    )
    model = model_in_force()
    score = score_table((_score(result) for result in found.rules), model)
    locked.model = keep_model(model, at=at)
    locked.state, locked.finished_at = RunState.WHOLE, at
    locked.snapshot_id, locked.batch_id, locked.pack = files.snapshot_id, files.batch_id, asked.pack
    locked.rows, locked.faulty = found.rows, found.faulty
    locked.done = locked.total
    locked.kept = {"files": list(found.kept.files), "rules": dict(found.kept.rules)}
    locked.score, locked.grade, locked.dimensions = score.score, score.grade, dict(score.dimensions)
    locked.save()
    run.refresh_from_db()
    publish(
        TableAssessed(
            at=at,
            actor=Actor.platform("quality.assess"),
            subject=subject_of(run),
            department_id=DepartmentId(run.department_id),
            run_id=run.id,
            resource_id=run.resource_id,
            resource_code=run.resource_code,
            rows=run.rows,
            faulty=run.faulty,
            score=run.score,
            grade=run.grade,
        )
    )


def recompute(run: Run, *, model: ScoreModel | None = None) -> TableScore:
    """Return the score of a past run: by the rules and weights of then, and by the model of then or another."""
    rows = Outcome.objects.filter(run=run)
    rules = (
        RuleScore(
            dimension=row.dimension,
            indicator=row.indicator,
            severity=row.severity,
            weight=row.weight,
            score=row.score,
        )
        for row in rows
    )
    return score_table(rules, model or model_of(run.model))


def _score(result: RuleResult) -> RuleScore:
    rule = result.rule
    return RuleScore(
        dimension=rule.measures.dimension.value,
        indicator=rule.indicator,
        severity=rule.severity.value,
        weight=rule.weight,
        score=result.score,
    )


def _outcome(run_id: UUID, result: RuleResult) -> Outcome:
    rule = result.rule
    return Outcome(
        run_id=run_id,
        version_id=digest_of(rule),
        code=rule.code,
        base_code=base_code(rule.code),
        name=rule.name,
        column=rule.column,
        kind=kind_of(rule.check),
        dimension=rule.measures.dimension.value,
        indicator=rule.indicator,
        severity=rule.severity.value,
        weight=rule.weight,
        is_row_rule=rule.is_row_rule,
        asked=result.asked,
        failed=result.failed,
        score=result.score,
        places=list(result.places),
        observed=dict(result.observed),
        reason_message=result.reason.message if result.reason else "",
        reason_data={k: str(v) for k, v in result.reason.details.items()} if result.reason else {},
    )
