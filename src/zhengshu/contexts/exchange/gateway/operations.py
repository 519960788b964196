"""What a call can ask for: records, verify, receipt, ping; and what a monitor may hand in."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from zhengshu.contexts.exchange.domain.asks import (
    cursor_after,
    read_case,
    read_official,
    read_purpose,
    read_rows_ask,
    read_verify_ask,
)
from zhengshu.contexts.exchange.domain.refusals import (
    GatewayNotFresh,
    MethodNotAllowed,
    NoSuchAddress,
    OfficialMissing,
    ParameterUnknown,
    ReceiptNotFound,
    ReceiptNotLoggedYet,
    ReportNotAdmitted,
)
from zhengshu.contexts.exchange.domain.reports import read_report
from zhengshu.contexts.exchange.domain.subjects import KEY_USE, subject_digest
from zhengshu.contexts.exchange.domain.terms import Ask, Operation, Terms, judge
from zhengshu.contexts.exchange.domain.values import ColumnType, is_same, read_value, shown
from zhengshu.contexts.exchange.gateway.authentication import CASE, OFFICIAL, PURPOSE, Caller, Key
from zhengshu.contexts.exchange.gateway.calls import Answer, Call, Entry, as_bytea
from zhengshu.contexts.exchange.gateway.database import LOST, Pool, Row, fetch, write
from zhengshu.contexts.exchange.gateway.encrypted import Read
from zhengshu.contexts.exchange.gateway.registry import Registry
from zhengshu.contexts.exchange.gateway.rows import Rows, value_of
from zhengshu.foundation.crypto.sealing import derived_key
from zhengshu.foundation.tlog.receipts import receipt_of
from zhengshu.foundation.tlog.store import LogFolder

_RESOURCE = re.compile(r"/v1/resources/([A-Za-z0-9][A-Za-z0-9._-]{0,99})/(records|verify)")
_RECEIPT = re.compile(r"/v1/receipts/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_METHODS = {
    Operation.RECORDS: "GET",
    Operation.VERIFY: "POST",
    Operation.RECEIPT: "GET",
    Operation.PING: "GET",
    Operation.REPORT: "POST",
}
MOST_ROWS_TO_VERIFY = 20
RECEIPT_TYPE = "text/plain"
"""Asked for by `Accept`, a receipt comes as the offline file that proves it."""
_SELECT_LOGGED = "SELECT index, entry, salt FROM proof.entries WHERE kind = 'call' AND source = $1"
_KEEP_REPORT = "SELECT gateway.keep_report($1, $2, $3, $4::text::json)"
_encode = msgspec.json.Encoder(decimal_format="string").encode
_SELECT_RECEIPT = """
    SELECT sequence, id, at, key_id, system_id, grant_id, resource_code, operation, purpose, case_ref, verdict,
           fields, row_count, request_digest, answer_digest, official_ref
    FROM gateway.receipts
    WHERE id = $1 AND (consumer_department_id = $2 OR provider_department_id = $2)
"""


class Operations:
    """Answers calls whose signature is right; each method fills the entry as it learns what the call is."""

    def __init__(self, *, registry: Registry, rows: Rows, pool: Pool, log: LogFolder) -> None:
        """Keep what the operations need."""
        self._log = log
        self._registry, self._rows, self._pool = registry, rows, pool
        self._subject_key = derived_key(KEY_USE)

    async def answer(self, call: Call, caller: Caller, entry: Entry) -> Answer:
        """Do what the call asks for.

        Raises:
            CallRefused: any of the refusals of the protocol.
        """
        operation, target = _route(call.message.path)
        entry.operation = operation
        if call.message.method != _METHODS[operation]:
            raise MethodNotAllowed(method=_METHODS[operation])
        if operation is Operation.RECORDS:
            return await self._records(call, target, caller.key, entry)
        if operation is Operation.VERIFY:
            return await self._verify(call, target, caller.key, entry)
        if call.message.query:
            raise ParameterUnknown(parameter="?")
        if operation is Operation.RECEIPT:
            return await self._receipt(UUID(target), call, caller, entry)
        if operation is Operation.REPORT:
            return await self._report(call, caller, entry)
        return _json({"at": entry.at, "system": entry.system_id, "department": entry.consumer_department_id})

    async def _records(self, call: Call, code: str, key: Key, entry: Entry) -> Answer:
        entry.resource_code = code
        asked = read_rows_ask(call.message.query)
        terms = self._judged(call, key, entry, keys=asked.keys, columns=asked.columns)
        columns = tuple(column for column in terms.fields if not asked.columns or column in asked.columns)
        entry.fields = columns
        rows = await self._rows.read(
            terms, keys=asked.keys, columns=columns, limit=asked.limit + 1, offset=asked.offset
        )
        has_more = len(rows) > asked.limit
        records = [_record(row, columns, terms) for row in rows[: asked.limit]]
        entry.row_count = len(records)
        return _json({"resource": code, "rows": records, "next": cursor_after(asked) if has_more else None})

    async def _verify(self, call: Call, code: str, key: Key, entry: Entry) -> Answer:
        entry.resource_code = code
        if call.message.query:
            raise ParameterUnknown(parameter="?")
        asked = read_verify_ask(call.body)
        columns = tuple(asked.values)
        terms = self._judged(call, key, entry, keys=asked.keys, columns=columns)
        entry.fields = columns
        rows = await self._rows.read(terms, keys=asked.keys, columns=columns, limit=MOST_ROWS_TO_VERIFY)
        entry.row_count = len(rows)
        types = await self._rows.types_of(terms.view_name)
        matches = [_matches(row, asked.values, types) for row in rows]
        return _json(
            {
                "resource": code,
                "found": bool(rows),
                "matches": any(all(match) for match in matches),
                "fields": {
                    column: any(match[place] for match in matches) for place, column in enumerate(columns)
                },
            }
        )

    async def _receipt(self, receipt_id: UUID, call: Call, caller: Caller, entry: Entry) -> Answer:
        rows = await self._fetched(_SELECT_RECEIPT, receipt_id, caller.key.department_id)
        if not rows:
            raise ReceiptNotFound
        entry.row_count = 1
        if call.message.headers.get("accept", "").partition(";")[0].strip() == RECEIPT_TYPE:
            return await self._proof(int(rows[0]["sequence"]))
        return _json(dict(rows[0]))

    async def _report(self, call: Call, caller: Caller, entry: Entry) -> Answer:
        """Keep what a monitor found; it counts once the record of this very call says that it was answered."""
        if not caller.key.may_report:
            raise ReportNotAdmitted
        report = read_report(call.body)
        entry.row_count = len(report.faults) + len(report.differences)
        content = _encode(report).decode()
        try:
            await write(self._pool, _KEEP_REPORT, entry.id, entry.at, entry.system_id, content)
        except LOST as fault:
            raise GatewayNotFresh from fault
        return _json({"taken": entry.row_count})

    async def _proof(self, sequence: int) -> Answer:
        """Return the offline file; the tiles are read beside the loop, for they are files."""
        rows = await self._fetched(_SELECT_LOGGED, sequence)
        if not rows:
            raise ReceiptNotLoggedYet
        index, entry, salt = rows[0]["index"], bytes(rows[0]["entry"]), bytes(rows[0]["salt"] or b"")
        receipt = await asyncio.to_thread(receipt_of, index=index, entry=entry, salt=salt, folder=self._log)
        if receipt is None:
            raise ReceiptNotLoggedYet
        return Answer(
            status=200, body=receipt.text.encode(), media_type=f"{RECEIPT_TYPE}; charset=utf-8".encode()
        )

    async def _fetched(self, query: str, *values: object) -> Sequence[Row]:
        try:
            return await fetch(self._pool, query, *values)
        except LOST as fault:
            raise GatewayNotFresh from fault

    def _judged(
        self, call: Call, key: Key, entry: Entry, *, keys: Mapping[str, str], columns: Sequence[str]
    ) -> Terms:
        headers = call.message.headers
        entry.purpose = read_purpose(headers.get(PURPOSE))
        entry.case_ref = read_case(headers.get(CASE))
        entry.official_ref = read_official(headers.get(OFFICIAL))
        if key.needs_official and not entry.official_ref:
            raise OfficialMissing
        entry.fields = tuple(columns)
        if keys:
            entry.subject_digest = as_bytea(subject_digest(keys, key=self._subject_key))
        judgement = judge(
            self._registry.grants(entry.system_id, entry.resource_code),
            ask=Ask(
                operation=Operation(entry.operation),
                purpose=entry.purpose,
                columns=tuple(columns),
                keys=tuple(keys),
                has_case=bool(entry.case_ref),
            ),
            at=entry.at,
        )
        if judgement.terms is not None:
            entry.grant_id = judgement.terms.id
            entry.provider_department_id = judgement.terms.provider_department_id
        if judgement.refusal is not None or judgement.terms is None:
            raise judgement.refusal or NoSuchAddress()
        return judgement.terms


def _route(path: str) -> tuple[Operation, str]:
    if match := _RESOURCE.fullmatch(path):
        return Operation(match[2]), match[1]
    if match := _RECEIPT.fullmatch(path):
        return Operation.RECEIPT, match[1]
    if path == "/v1/ping":
        return Operation.PING, ""
    if path == "/v1/reports":
        return Operation.REPORT, ""
    raise NoSuchAddress


def _record(row: Row | Read, columns: Sequence[str], terms: Terms) -> dict[str, object]:
    return {
        column: shown(value_of(row, place), mask=terms.fields[column].mask)
        for place, column in enumerate(columns)
    }


def _matches(
    row: Row | Read, values: Mapping[str, str | None], types: Mapping[str, ColumnType]
) -> list[bool]:
    return [
        is_same(
            value_of(row, place),
            None if text is None else read_value(text, column_type=types[column], column=column),
        )
        for place, (column, text) in enumerate(values.items())
    ]


def _json(document: object) -> Answer:
    return Answer(status=200, body=_encode(document))
