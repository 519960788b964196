"""The gate: a batch is judged by its resource's rules before it is published, where the resource demands it."""

from django.utils import timezone

from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application.assess_table import opened_rules
from zhengshu.contexts.quality.application.due_tables import plan_of
from zhengshu.contexts.quality.application.engine.assess import assess
from zhengshu.contexts.quality.application.score_models import model_in_force
from zhengshu.contexts.quality.domain.plans import Found, judge_batch
from zhengshu.contexts.quality.domain.scoring import RuleScore, score_table


def gate_batch(candidate: lake.Candidate) -> None:
    """Check the accepted rows of a batch; what was served before stays in service where they do not reach the demand.

    Rules that compare with former runs are not asked: a batch is no run.

    Basis: Decree 809, article 19.

    Raises:
        ScoreTooLow: the score is less than demanded.
        SevereFaults: rows fail rules that the resource does not tolerate.
    """
    plan = plan_of(candidate.resource.id)
    if not plan.has_gate or _is_correction(candidate.batch):
        return
    with opened_rules(candidate.resource) as (asked, jobs):
        if not asked.rules:
            return
        found = assess(jobs.of(candidate.files, today=timezone.localdate()))
    scores = [
        RuleScore(
            dimension=result.rule.measures.dimension.value,
            indicator=result.rule.indicator,
            severity=result.rule.severity.value,
            weight=result.rule.weight,
            score=result.score,
        )
        for result in found.rules
    ]
    judge_batch(
        plan,
        score=score_table(scores, model_in_force()).score,
        found=[
            Found(name=result.rule.name, severity=result.rule.severity, failed=result.failed)
            for result in found.rules
        ],
    )


def _is_correction(batch: lake.BatchRecord) -> bool:
    """Whether a batch is what is served with corrected rows, each of which was checked already."""
    return batch.source_kind is lake.SourceKind.REPLAY and batch.mode is lake.DeliveryMode.REPLACE
