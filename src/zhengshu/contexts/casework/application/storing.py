"""What a step changed, written in one statement: the case, its to-dos, its timeline, its words."""

from collections.abc import Sequence
from functools import cache

import msgspec
from django.db.models import AutoField, Model

from zhengshu.contexts.casework.models import Case, Task, TimelineEntry
from zhengshu.foundation.statements import Statement, record_of
from zhengshu.kernel.words import document

CHANGING = (
    "state",
    "completed_at",
    "completed_by",
    "outcome",
    "due_at",
    "yellow_at",
    "barred",
    "claimed_by",
    "claimed_by_name",
    "claimed_at",
    "handed_by",
    "handed_by_name",
    "waits_for",
    "is_objected",
    "department_id",
)
"""What a step may change in a to-do that was open before."""

MOVING = ("version_id", "state", "data", "running", "done", "steps", "closed_at", "due_at", "yellow_at")
"""What a step may change in the row of a case."""

MOST_LEXEMES = 3000
"""A case about which more was written keeps the words that it has."""


def store_step(
    case: Case,
    *,
    is_fresh: bool,
    opened: Sequence[Task],
    changed: Sequence[Task],
    entries: Sequence[TimelineEntry],
) -> None:
    """Write what a step did, in one statement; the row of a fresh case stands already.

    What only officials read is not searched: whoever finds a case by a word learns that the word stands there.
    """
    words = document(title="", fourth=[entry.reason for entry in entries if not entry.is_internal])
    _statement(is_fresh=is_fresh).run(
        *(() if is_fresh else (_json([case], MOVING), case.pk)),
        _json(changed, ("id", *CHANGING)),
        [task.pk for task in changed],
        _json(opened, _names(Task)),
        words,
        case.pk,
        words,
        _json(entries, _names(TimelineEntry)),
    )


def changing(task: Task) -> tuple[object, ...]:
    """Return a copy of what a step may change in a to-do."""
    return (*(getattr(task, name) for name in CHANGING if name != "barred"), tuple(task.barred))


@cache
def _statement(*, is_fresh: bool) -> Statement:
    """Return the statement; the database's triggers do what follows for readers and words."""
    tasks, entries = _names(Task), _names(TimelineEntry)
    moving = f"""
        moved AS (
            UPDATE casework_case AS kept SET {_taken(MOVING)}
            FROM jsonb_to_recordset(%s::jsonb) AS one ({record_of(Case, MOVING)}) WHERE kept.id = %s
        ),
    """  # noqa: S608 - names of our own
    return Statement(
        f"""
        WITH {"" if is_fresh else moving}
        changed AS (
            UPDATE casework_task AS kept SET {_taken(CHANGING)}
            FROM jsonb_to_recordset(%s::jsonb) AS one ({record_of(Task, ("id", *CHANGING))})
            WHERE kept.id = ANY (%s::uuid[]) AND kept.id = one.id
        ),
        opened AS (
            INSERT INTO casework_task ({", ".join(tasks)})
            SELECT {", ".join(tasks)} FROM jsonb_to_recordset(%s::jsonb) AS one ({record_of(Task, tasks)})
        ),
        told AS (
            UPDATE casework_case_words SET words = words || %s::tsvector
            WHERE case_id = %s AND %s <> '' AND length(words) < {MOST_LEXEMES}
        )
        INSERT INTO casework_timeline_entry ({", ".join(entries)})
        SELECT {", ".join(entries)} FROM jsonb_to_recordset(%s::jsonb) AS one ({record_of(TimelineEntry, entries)})
        """  # noqa: S608 - names of our own
    )


@cache
def _names(model: type[Model]) -> tuple[str, ...]:
    """Return the columns that we give; numbers that the database gives are left out."""
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django documents it
    return tuple(field.attname for field in fields if not isinstance(field, AutoField))


def _taken(names: Sequence[str]) -> str:
    return ", ".join(f"{name} = one.{name}" for name in names)


def _json(rows: Sequence[Model], names: Sequence[str]) -> str:
    return msgspec.json.encode([{name: getattr(row, name) for name in names} for row in rows]).decode()
