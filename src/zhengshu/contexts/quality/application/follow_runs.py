"""Rectifications follow assessments: opened when rows fail, closed when none does, opened anew on relapse."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import yaml
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.quality.application.masks import failing_places
from zhengshu.contexts.quality.domain.rectifications import Policy, RectificationState
from zhengshu.contexts.quality.domain.runs import RunState
from zhengshu.contexts.quality.events import RectificationEnded, RectificationOpened, TableAssessed
from zhengshu.contexts.quality.models import Outcome, Rectification, Round, Run
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject, on
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, DepartmentId, new_id

CASE_TYPE, SUBJECT, PASSED = "data-rectification", "rectification", "passed"
PLATFORM = Actor.platform("quality.rectify")


def policy_in_force() -> Policy:
    """Return when failing rows become a case."""
    path = settings.PACKS_FOLDER / "rectification" / "standard.yaml"
    return msgspec.convert(yaml.safe_load(path.read_text("utf-8")), Policy)


@on(TableAssessed)
def follow_assessment(event: TableAssessed) -> None:
    """Open, carry on or close the rectification of a table by its last assessment; repeating it changes nothing."""
    run = Run.objects.filter(id=event.run_id, state=RunState.WHOLE).first()
    if run is not None and _is_last(run):
        follow_run(run, at=event.at)


@transaction
def follow_run(run: Run, *, at: datetime) -> None:
    """Bring the rectification of a table in line with a run.

    Basis: Decree 809, article 19.
    """
    policy = policy_in_force()
    found = failing_outcomes(run, policy)
    places = rows_to_rectify(run, found)
    row = Rectification.objects.select_for_update().under_way().filter(resource_id=run.resource_id).first()
    if row is None:
        if len(places) >= policy.least_rows:
            _open(run, found, rows=len(places), at=at)
        return
    if row.rounds.filter(run=run).exists():
        return
    row.run, row.rows_left, row.score_after = run, len(places), run.score
    row.rules = [one.code for one in found]
    _round(row, run, at=at)
    row.save()
    if not places:
        case = casework.deliver_message(
            case_id=CaseId(row.case_id),
            name=PASSED,
            data={},
            actor=PLATFORM,
            at=at,
            idempotency_key=f"passed:{row.id}:{run.id}",
        )
        end_as(row, case.state, at=at)


def failing_outcomes(run: Run, policy: Policy) -> Sequence[Outcome]:
    """Return the rules whose failing rows are to be rectified; those that were at fault here are left out."""
    wrong = set(
        Rectification.objects.filter(
            resource_id=run.resource_id, state=RectificationState.RULE_AT_FAULT
        ).values_list("rule_version", flat=True)
    )
    rows = Outcome.objects.filter(run=run, failed__gt=0).exclude(version_id__in=wrong)
    return [row for row in rows.order_by("code") if policy.concerns(row.severity)]


def rows_to_rectify(run: Run, found: Sequence[Outcome]) -> tuple[int, ...]:
    """Return the numbers of the rows that the rules blame."""
    return tuple(sorted({place for one in found for place in failing_places(run, rule=one.code)}))


def end_as(row: Rectification, state: str, *, at: datetime) -> None:
    """End a rectification as its case ended."""
    row.state, row.closed_at, row.due_at = RectificationState(state), at, None
    row.save(update_fields=["state", "closed_at", "due_at"])
    publish(
        RectificationEnded(
            at=at,
            actor=PLATFORM,
            subject=subject_of(row),
            department_id=DepartmentId(row.department_id),
            rectification_id=row.id,
            resource_id=row.resource_id,
            resource_code=row.resource_code,
            end=state,
            score_before=row.score_before,
            score_after=row.score_after,
        )
    )


def subject_of(row: Rectification) -> Subject:
    """Return what the audit shows of a rectification."""
    return Subject(SUBJECT, str(row.id), f"{row.number} {row.resource_name}")


def due_of(case: casework.CaseRecord) -> datetime | None:
    """Return until when a case is to be done."""
    dues = [clock.due_at for clock in case.clocks if clock.is_running and clock.due_at is not None]
    return min(dues, default=None)


def _open(run: Run, found: Sequence[Outcome], *, rows: int, at: datetime) -> None:
    former = (
        Rectification.objects.filter(resource_id=run.resource_id, state=RectificationState.CORRECTED)
        .order_by("-closed_at")
        .first()
    )
    row = Rectification(
        id=new_id(),
        department_id=run.department_id,
        resource_id=run.resource_id,
        resource_code=run.resource_code,
        resource_name=run.resource_name,
        run=run,
        state=RectificationState.OPEN,
        rules=[one.code for one in found],
        rows_first=rows,
        rows_left=rows,
        score_before=run.score,
        score_after=run.score,
        relapse_of=former,
        opened_at=at,
    )
    with translation.override(settings.LANGUAGE_CODE):
        title = _("%(rows)s failing rows of %(table)s") % {"rows": f"{rows:,}", "table": run.resource_name}
    case = casework.open_case(
        case_type=CASE_TYPE,
        subject=casework.CaseSubject(
            kind=SUBJECT, id=row.id, title=title, path=f"/quality/rectifications/{row.id}/"
        ),
        parties={
            "owner": DepartmentId(run.department_id),
            "authority": trust.data_authority_for(department_id=run.department_id).id,
        },
        data={},
        actor=PLATFORM,
        at=at,
    )
    row.case_id, row.number, row.due_at = case.id, case.number, due_of(case)
    row.save(force_insert=True)
    _round(row, run, at=at)
    publish(
        RectificationOpened(
            at=at,
            actor=PLATFORM,
            subject=subject_of(row),
            department_id=DepartmentId(row.department_id),
            rectification_id=row.id,
            resource_id=row.resource_id,
            resource_code=row.resource_code,
            rows=rows,
            is_relapse=former is not None,
        )
    )


def _round(row: Rectification, run: Run, *, at: datetime) -> None:
    Round.objects.create(
        rectification=row,
        number=row.rounds.count() + 1,
        run=run,
        rows_left=row.rows_left,
        score=run.score,
        at=at,
    )


def _is_last(run: Run) -> bool:
    later = Run.objects.whole().filter(resource_id=run.resource_id, finished_at__gt=run.finished_at)
    return not later.exists()
