"""Failing rows as those see them who may: the values that fail, masked by grade, why, and what they should be."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application.ask_assessment import subject_of
from zhengshu.contexts.quality.application.engine.blamed import rows_at
from zhengshu.contexts.quality.application.engine.source import parquet_source
from zhengshu.contexts.quality.application.masks import failing_rows
from zhengshu.contexts.quality.application.queries import visible_run
from zhengshu.contexts.quality.application.rule_versions import rule_of
from zhengshu.contexts.quality.application.tables import code_tables_of, rules_in_force
from zhengshu.contexts.quality.domain.causes import Cause, Setting, common_prefix, guess
from zhengshu.contexts.quality.domain.checks import kind_of
from zhengshu.contexts.quality.domain.rules import Rule
from zhengshu.contexts.quality.domain.runs import RowsNotShown, RunNotFound, RunState
from zhengshu.contexts.quality.events import FailingRowsExported
from zhengshu.contexts.quality.models import Outcome, Run
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel import masks
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId

SAMPLED_FOR_CAUSES = 500
"""So many failing rows are read to say what probably went wrong."""
SAMPLED_FOR_PREFIX = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value that a rule blames.

    Attributes:
        value: as it may be shown.
        correction: what it should be, as it may be shown; empty where that is not certain.
    """

    column: str
    name: str
    value: str
    rule: str
    rule_name: str
    rule_name_en: str
    kind: str
    severity: str
    cause: Cause
    correction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingRow:
    """A row that rules blame: its number in the table of that time, its key as it may be shown, the cells at fault."""

    place: int
    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseCount:
    """How many of the rows that were looked at probably fail for one cause, and how many can be corrected surely."""

    cause: Cause
    rows: int
    certain: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What is needed to look at the failing rows of a run."""

    run: Run
    rules: Mapping[str, Rule]
    items: Mapping[str, catalog.ItemRecord]
    setting: Setting
    is_masked: bool

    def shown(self, column: str, text: str | None) -> str:
        """Return a value as it may be shown."""
        if not self.is_masked:
            return text or ""
        return masks.apply(lake.mask_of(self.items.get(column), column), text or "")


def rows_of(
    *, run_id: UUID, actor: Actor, rule: str = "", after: int = 0, most: int = 20, is_masked: bool = True
) -> tuple[FailingRow, ...]:
    """Return failing rows of a whole run, in the order of the table.

    Raises:
        RunNotFound: there is no whole run that the actor may see.
        RowsNotShown: the actor sees counts only.
    """
    run = run_with_rows(run_id=run_id, actor=actor)
    with lake.table_files(resource_id=run.resource_id, snapshot_id=run.snapshot_id) as files:
        if files is None:
            return ()
        looked = look_at(run, files, is_masked=is_masked)
        return tuple(_rows(looked, files, rule=rule, after=after, most=most))


def causes_of(*, run_id: UUID, actor: Actor, rule: str) -> tuple[CauseCount, ...]:
    """Return what probably went wrong in the first rows that a rule blames, most frequent first.

    Raises:
        RunNotFound: there is no whole run that the actor may see.
        RowsNotShown: the actor sees counts only.
    """
    counts: Counter[Cause] = Counter()
    certain: Counter[Cause] = Counter()
    rows = rows_of(run_id=run_id, actor=actor, rule=rule, most=SAMPLED_FOR_CAUSES)
    for row in rows:
        for cell in row.cells:
            if cell.rule == rule:
                counts[cell.cause] += 1
                certain[cell.cause] += bool(cell.correction)
    return tuple(
        CauseCount(cause=cause, rows=count, certain=certain[cause]) for cause, count in counts.most_common()
    )


@transaction
def note_export(*, run_id: UUID, rows: int, file_format: str, actor: Actor, at: datetime) -> None:
    """Record that somebody took failing rows away.

    Raises:
        RowsNotShown: the actor sees counts only.
    """
    run = run_with_rows(run_id=run_id, actor=actor)
    publish(
        FailingRowsExported(
            at=at,
            actor=actor,
            subject=subject_of(run),
            department_id=DepartmentId(run.department_id),
            run_id=run.id,
            resource_id=run.resource_id,
            resource_code=run.resource_code,
            rows=rows,
            file_format=file_format,
        )
    )


def run_with_rows(*, run_id: UUID, actor: Actor) -> Run:
    """Return a whole run whose failing rows the actor may see.

    Raises:
        RunNotFound: there is no whole run that the actor may see.
        RowsNotShown: the actor sees counts only.
    """
    run = visible_run(run_id=run_id, actor=actor)
    if run.state != RunState.WHOLE:
        raise RunNotFound
    if not Run.objects.with_rows_for(actor).filter(id=run_id).exists():
        raise RowsNotShown
    return run


def look_at(run: Run, files: lake.TableFiles, *, is_masked: bool) -> Looked:
    """Return what is needed to judge values of a run: its rules of then, the items, common beginnings."""
    versions = Outcome.objects.filter(run=run).select_related("version")
    rules = {row.code: rule_of(row.version.body) for row in versions}
    resource = catalog.resources(ids=[files.resource_id])[files.resource_id]
    columns = {rule.column for rule in rules.values() if rule.column}
    setting = Setting(
        today=timezone.localtime(run.finished_at).date() if run.finished_at else timezone.localdate(),
        tables=code_tables_of(tuple(rules.values()), rules_in_force()),
        prefixes={
            column: common_prefix(lake.first_values(files.files, column=column, most=SAMPLED_FOR_PREFIX))
            for column in sorted(columns)
        },
    )
    return Looked(run, rules, {item.column: item for item in resource.items}, setting, is_masked)


def _rows(
    looked: Looked, files: lake.TableFiles, *, rule: str, after: int, most: int
) -> Iterator[FailingRow]:
    blamed = failing_rows(looked.run, rule=rule, after=after, most=most)
    values = values_at(files, [row.place for row in blamed])
    keys = [item.column for item in looked.items.values() if item.is_key]
    for row in blamed:
        found = values.get(row.place, {})
        yield FailingRow(
            place=row.place,
            key=" · ".join(looked.shown(key, found.get(key)) for key in keys),
            cells=cells_of(looked, found, row.rules),
        )


def values_at(files: lake.TableFiles, places: Sequence[int]) -> Mapping[int, Mapping[str, str | None]]:
    """Return rows of a snapshot as texts, by their numbers."""
    names = {name: name for file in files.files for name in file.columns}
    return rows_at(parquet_source([file.path for file in files.files], names), places) if places else {}


def cells_of(looked: Looked, values: Mapping[str, str | None], codes: Sequence[str]) -> tuple[Cell, ...]:
    """Return the cells of a row that rules blame."""
    rules = [looked.rules[code] for code in codes if code in looked.rules]
    columns = len({rule.column for rule in rules if rule.column and rule.is_row_rule})
    return tuple(_cell(looked, values, rule, columns) for rule in rules)


def _cell(looked: Looked, values: Mapping[str, str | None], rule: Rule, columns: int) -> Cell:
    thought = guess(rule, values, blamed_columns=columns, setting=looked.setting)
    named = (rule.column,) if rule.column else rule.columns
    names = [looked.items[name].name if name in looked.items else name for name in named]
    return Cell(
        column=rule.column,
        name="、".join(names),
        value=" · ".join(looked.shown(name, values.get(name)) for name in named),
        rule=rule.code,
        rule_name=rule.name,
        rule_name_en=rule.name_en,
        kind=kind_of(rule.check),
        severity=rule.severity.value,
        cause=thought.cause,
        correction=looked.shown(rule.column, thought.correction) if thought.correction else "",
    )
