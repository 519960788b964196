"""Where the places and bits of failing rows are kept: in the lake, a folder for each table."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application.engine.blamed import BlamedRow, blamed_places, blamed_rows
from zhengshu.contexts.quality.domain.results import Kept
from zhengshu.contexts.quality.models import Run


def folder_of(resource_id: UUID) -> Path:
    """Return the folder of a table; parts that a stopped run has finished wait there to be taken up."""
    return lake.folder_beside("quality", resource_id.hex)


def kept_of(run: Run) -> Kept:
    """Return where the failing rows of a run stand."""
    kept: Mapping[str, object] = run.kept
    files, rules = kept.get("files", ()), kept.get("rules", {})
    return Kept(
        files=tuple(str(name) for name in files) if isinstance(files, list | tuple) else (),
        rules={str(k): str(v) for k, v in rules.items()} if isinstance(rules, dict) else {},
    )


def failing_rows(run: Run, *, rule: str = "", after: int = 0, most: int) -> tuple[BlamedRow, ...]:
    """Return the places of failing rows in order, each with the rules that blame it.

    Args:
        run: a whole run.
        rule: only rows that this rule blames.
        after: only rows behind this place.
        most: how many.
    """
    return blamed_rows(folder_of(run.resource_id), kept_of(run), rule=rule, after=after, most=most)


def places_of_run(*, run_id: UUID, rule: str = "") -> tuple[int, ...]:
    """Return the numbers of the rows that a rule blames in a whole run, for jobs and tests: no values, nobody asked."""
    return failing_places(Run.objects.whole().get(id=run_id), rule=rule)


def failing_places(run: Run, *, rule: str = "") -> tuple[int, ...]:
    """Return the places of all rows that a rule blames, or any rule, in order."""
    places = blamed_places(folder_of(run.resource_id), kept_of(run), rule=rule)
    return tuple(sorted({int(place) for place in places}))
