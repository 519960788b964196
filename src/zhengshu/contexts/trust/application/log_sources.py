"""Where entries of the proof log come from: each kind has one reader, registered by the context that owns the rows."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from zhengshu.contexts.trust.models import AuditEvent, Department
from zhengshu.foundation.tlog.entries import LogRecord
from zhengshu.foundation.tlog.handover import KEYS, KIND

ACT, CALL = "act", "call"
"""Kinds: an event of the platform, a call through the gateway."""

ON_BEHALF = "on_behalf"
"""What an event's delegation is called in the audit; of it the log says that there is one, by a commitment which."""

Reader = Callable[[Sequence[int]], Mapping[int, LogRecord]]

_readers: dict[str, Reader] = {}


def log_source(kind: str, reader: Reader) -> None:
    """Name who reads the durable rows of a kind; rows are asked for by what the queue calls their source."""
    _readers[kind] = reader


def records(kind: str, sources: Sequence[int]) -> Mapping[int, LogRecord]:
    """Return what the log says of some rows.

    Raises:
        KeyError: no reader is registered for the kind.
    """
    return _readers[kind](sources)


def read_acts(sources: Sequence[int]) -> Mapping[int, LogRecord]:
    """Return what the log says of events: their name, department and time; the rest only as a commitment."""
    codes = department_codes()
    return {
        row.pk: LogRecord(
            kind=row.name,
            at=row.at,
            facts={
                "department": codes.get(row.department_id or row.actor_department_id, ""),
                "subject": row.subject_kind,
                **({ON_BEHALF: True} if ON_BEHALF in row.data else {}),
                **({KEYS: list(row.data[KEYS])} if row.name == KIND else {}),
            },
            sealed=sealed_act(row),
        )
        for row in AuditEvent.objects.filter(pk__in=sources)
    }


def sealed_act(row: AuditEvent) -> bytes:
    """Return what the commitment to an event is made over: the audit's row as JSON with sorted keys."""
    fields = {
        "id": row.pk,
        "at": row.at,
        "name": row.name,
        "actor": row.actor_id,
        "department": row.department_id,
        "subject": [row.subject_kind, row.subject_id, row.subject_label],
        "data": row.data,
    }
    return msgspec.json.encode(fields, order="sorted")


def department_codes() -> dict[object, str]:
    """Return the codes of all departments by id, closed ones included."""
    return dict(Department.objects.values_list("pk", "code"))
