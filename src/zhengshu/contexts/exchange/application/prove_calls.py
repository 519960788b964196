"""What the proof log says of calls: codes of the law and of the catalogue, never a key or a value."""

from collections.abc import Mapping, Sequence

from zhengshu.contexts.exchange.models import CallRecord
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.tlog.entries import LogRecord
from zhengshu.foundation.tlog.receipts import sealed_call

_COLUMNS = (
    "sequence",
    "at",
    "consumer_department_id",
    "provider_department_id",
    "grant_id",
    "resource_code",
    "operation",
    "purpose",
    "verdict",
    "fields",
    "row_count",
    "request_digest",
    "answer_digest",
)


def read_calls(sequences: Sequence[int]) -> Mapping[int, LogRecord]:
    """Return what the log says of calls, by the sequence of their records."""
    codes = trust.department_codes()
    # One array instead of thousands of parameters: the log asks for as many as a second of calls has.
    asked = CallRecord.objects.extra(where=["sequence = ANY (%s)"], params=[list(sequences)])
    rows = asked.order_by().only(*_COLUMNS)
    return {row.sequence: _record(row, codes) for row in rows}


def _record(row: CallRecord, codes: Mapping[object, str]) -> LogRecord:
    return LogRecord(
        kind=trust.CALL,
        at=row.at,
        facts={
            "consumer": codes.get(row.consumer_department_id, ""),
            "provider": codes.get(row.provider_department_id, ""),
            "grant": str(row.grant_id) if row.grant_id else "",
            "resource": row.resource_code,
            "operation": row.operation,
            "purpose": row.purpose,
            "verdict": row.verdict,
            "fields": list(row.fields),
            "rows": row.row_count,
        },
        sealed=sealed_call(
            request_digest=bytes(row.request_digest),
            answer_digest=None if row.answer_digest is None else bytes(row.answer_digest),
        ),
    )
