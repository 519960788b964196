"""Correct the rows of a rectification: they alone are checked again, and those that pass are published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application.follow_runs import (
    failing_outcomes,
    policy_in_force,
    rows_to_rectify,
    subject_of,
)
from zhengshu.contexts.quality.application.rule_versions import rule_of
from zhengshu.contexts.quality.application.show_rows import values_at
from zhengshu.contexts.quality.application.tables import code_tables_of, rules_in_force
from zhengshu.contexts.quality.domain.judging import Verdict, judge
from zhengshu.contexts.quality.domain.rectifications import (
    UNDER_WAY,
    CorrectionNotYours,
    NothingCorrected,
    RectificationNotFound,
    RectificationOver,
    RowsNotOfRectification,
    RowVerdict,
    TableChanged,
)
from zhengshu.contexts.quality.domain.rules import CodeTable, Rule
from zhengshu.contexts.quality.events import RowsCorrected
from zhengshu.contexts.quality.models import Outcome, Rectification
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId

Corrections = Mapping[int, Mapping[str, str] | None]
"""Number of a row → its new texts by column, or None to take the row out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What became of corrected rows.

    Attributes:
        published: how many were published; they are assessed with their table next.
        failing: those that still fail; nothing of them was changed.
    """

    published: int
    failing: tuple[RowVerdict, ...]


def correct_rows(
    *, rectification_id: UUID, corrections: Corrections, actor: Actor, at: datetime
) -> Corrected:
    """Check corrected rows again, only them, and publish those that pass as a new batch.

    Basis: Decree 809, article 26.

    Raises:
        RectificationNotFound: there is none whose rows the actor may see.
        CorrectionNotYours: the actor is no data officer of the owner.
        RectificationOver: it has ended.
        TableChanged: the table was delivered anew since.
        RowsNotOfRectification: a row is not one of those that fail.
        NothingCorrected: nothing differs from what the table holds.
        Refused: by the lake: a value cannot be read, or the batch was refused.
    """
    row = _correctable(rectification_id, actor)
    run = row.run
    allowed = set(rows_to_rectify(run, failing_outcomes(run, policy_in_force())))
    for place in corrections:
        if place not in allowed:
            raise RowsNotOfRectification(row=place)
    with lake.table_files(resource_id=row.resource_id) as files:
        if files is None or files.snapshot_id != run.snapshot_id:
            raise TableChanged
        current = values_at(files, sorted(corrections))
    changed = _changed(corrections, current)
    if not changed:
        raise NothingCorrected
    verdicts = _checked(row, changed, current)
    failing = tuple(verdict for verdict in verdicts if not verdict.passes)
    left_out = {verdict.place for verdict in failing}
    passing = {place: values for place, values in changed.items() if place not in left_out}
    if passing and run.snapshot_id is not None:
        batch = lake.correct_table(
            resource_code=row.resource_code,
            snapshot_id=run.snapshot_id,
            corrections=passing,
            actor=actor,
            at=at,
        )
        _announce(row, batch, rows=len(passing), actor=actor, at=at)
    return Corrected(published=len(passing), failing=failing)


def _correctable(rectification_id: UUID, actor: Actor) -> Rectification:
    row = Rectification.objects.with_rows_for(actor).select_related("run").filter(id=rectification_id).first()
    if row is None:
        raise RectificationNotFound
    if not actor.has(Role.DATA_OFFICER):
        raise CorrectionNotYours
    if row.state not in UNDER_WAY:
        raise RectificationOver
    return row


def _changed(
    corrections: Corrections, current: Mapping[int, Mapping[str, str | None]]
) -> dict[int, Mapping[str, str] | None]:
    """Return what differs from what the table holds."""
    changed: dict[int, Mapping[str, str] | None] = {}
    for place, values in corrections.items():
        if values is None:
            changed[place] = None
            continue
        held = current.get(place, {})
        others = {
            name: text.strip()
            for name, text in values.items()
            if name in held and text.strip() != (held[name] or "")
        }
        if others:
            changed[place] = others
    return changed


def _checked(
    row: Rectification, changed: Corrections, current: Mapping[int, Mapping[str, str | None]]
) -> Sequence[RowVerdict]:
    """Ask the corrected rows every rule that one row answers, as it stood in the last run."""
    versions = Outcome.objects.filter(run=row.run_id, is_row_rule=True, reason_message="")
    rules = [rule_of(one.version.body) for one in versions.select_related("version")]
    policy = policy_in_force()
    asked = [rule for rule in rules if policy.concerns(rule.severity.value)]
    tables = code_tables_of(tuple(asked), rules_in_force())
    return [
        RowVerdict(place=place, fails=_fails(asked, {**current.get(place, {}), **values}, tables))
        for place, values in changed.items()
        if values is not None
    ]


def _fails(
    rules: Sequence[Rule], values: Mapping[str, str | None], tables: Mapping[str, CodeTable]
) -> dict[str, str]:
    today = timezone.localdate()
    is_chinese = (get_language() or "").startswith("zh")
    return {
        rule.column: rule.name if is_chinese else rule.name_en or rule.name
        for rule in rules
        if judge(rule, values, today=today, tables=tables) is Verdict.FAILS
    }


@transaction
def _announce(row: Rectification, batch: lake.BatchRecord, *, rows: int, actor: Actor, at: datetime) -> None:
    publish(
        RowsCorrected(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=DepartmentId(row.department_id),
            rectification_id=row.id,
            resource_id=row.resource_id,
            resource_code=row.resource_code,
            rows=rows,
            batch_id=batch.id,
        )
    )
