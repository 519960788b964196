"""The audit's recorder: every published event becomes a row in the very transaction that publishes it."""

from collections.abc import Sequence

import msgspec

from zhengshu.contexts.trust.application.log_sources import ACT, ON_BEHALF
from zhengshu.foundation.events import Event
from zhengshu.foundation.statements import Statement

_COLUMNS = """
    at timestamptz, name text, is_success boolean, actor_id uuid, actor_name text, actor_department_id uuid,
    address text, department_id uuid, subject_kind text, subject_id text, subject_label text, data jsonb
"""
_NAMES = ", ".join(column.split()[0] for column in _COLUMNS.split(","))
_RECORD = Statement(
    f"""
    WITH written AS (
        INSERT INTO trust_audit_event ({_NAMES})
        SELECT {_NAMES} FROM jsonb_to_recordset(%s::jsonb) AS one ({_COLUMNS}) RETURNING id, name, data
    )
    INSERT INTO trust_log_queue (kind, source)
    SELECT '{ACT}', id FROM written WHERE name = ANY (%s::text[]) OR jsonb_exists(data, '{ON_BEHALF}') ORDER BY id
    """  # noqa: S608 - names of our own
)
"""One statement: every command of the platform pays for it."""

COMMON = frozenset({"at", "actor", "subject", "department_id"})


def record_events(published: Sequence[Event]) -> None:
    """Write the audit rows of events; called by the outbox for all events of the platform."""
    rows = msgspec.json.encode([_row(event) for event in published]).decode()
    proven = {event.wire_name for event in published if event.is_proven}
    _RECORD.run(rows, sorted(proven))


def _row(event: Event) -> dict[str, object]:
    fields: dict[str, object] = msgspec.to_builtins(event)
    return {
        "at": event.at,
        "name": event.wire_name,
        "is_success": getattr(type(event), "is_success", True),
        "actor_id": event.actor.id,
        "actor_name": event.actor.name[:100],
        "actor_department_id": event.actor.department_id,
        "address": event.actor.address[:45],
        "department_id": event.department_id,
        "subject_kind": event.subject.kind[:60],
        "subject_id": event.subject.id[:120],
        "subject_label": event.subject.label[:300],
        "data": {
            name: value
            for name, value in fields.items()
            if name not in COMMON and (name != ON_BEHALF or value is not None)
        },
    }
