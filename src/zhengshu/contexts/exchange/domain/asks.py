"""What a call says it wants: read from the query of an address or from a body, and nothing else accepted."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qsl, unquote

import msgspec

from zhengshu.contexts.exchange.domain.refusals import (
    BodyUnreadable,
    CaseUnreadable,
    OfficialUnreadable,
    PageUnreadable,
    ParameterUnknown,
    PurposeMissing,
)

MOST_PARAMETERS = 200
MOST_ROWS = 100
ROWS = 20
MOST_OFFSET = 10_000
MOST_CASE_LETTERS = 200
KEY_PREFIX = "key."

_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,62}")
_OFFICIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{2,63}")
_NUMBER_OF_A_PERSON = re.compile(r"1[0-9]{10}|[0-9]{17}[0-9Xx]")
_PURPOSE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

Scalar = str | bool | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsAsk:
    """Which rows: the texts of the keys by column, the fields (empty for all), page size and place."""

    keys: Mapping[str, str]
    columns: tuple[str, ...]
    limit: int = ROWS
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyAsk:
    """Which row, and what the caller supposes its fields to be; None supposes an empty field."""

    keys: Mapping[str, str]
    values: Mapping[str, str | None]


class _VerifyBody(msgspec.Struct, forbid_unknown_fields=True):
    key: dict[str, Scalar]
    values: dict[str, Scalar]


def read_rows_ask(query: str) -> RowsAsk:
    """Return what the query of a `records` call asks for.

    Raises:
        ParameterUnknown: a parameter that is unknown, unreadable or given twice.
        PageUnreadable: a page size or cursor that we did not give.
    """
    parameters = _pairs(query)
    cursor, limit = parameters.pop("cursor", ""), parameters.pop("limit", str(ROWS))
    fields = parameters.pop("fields", "")
    keys: dict[str, str] = {}
    for name, value in parameters.items():
        column = name.removeprefix(KEY_PREFIX)
        if column == name or not _COLUMN.fullmatch(column):
            raise ParameterUnknown(parameter=_brief(name))
        keys[column] = value
    if not limit.isdecimal() or not 1 <= int(limit[:6]) <= MOST_ROWS:
        raise PageUnreadable(most=MOST_ROWS)
    columns = _columns(fields)
    offset = _offset(cursor, keys=keys, columns=columns) if cursor else 0
    return RowsAsk(keys=keys, columns=columns, limit=int(limit), offset=offset)


def cursor_after(ask: RowsAsk) -> str:
    """Return the cursor of the page that follows; it fits the same keys and fields only."""
    place = f"{ask.offset + ask.limit}:{_fingerprint(ask.keys, ask.columns)}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read_verify_ask(body: bytes) -> VerifyAsk:
    """Return what the body of a `verify` call asks for.

    Raises:
        BodyUnreadable: it is not the JSON document that the operation expects.
        ParameterUnknown: a name that is no name of a column.
    """
    try:
        document = msgspec.json.decode(body, type=_VerifyBody)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise BodyUnreadable from fault
    if not document.values or len(document.key) + len(document.values) > MOST_PARAMETERS:
        raise BodyUnreadable
    for name in (*document.key, *document.values):
        if not _COLUMN.fullmatch(name):
            raise ParameterUnknown(parameter=_brief(name))
    keys = {name: _text(value) for name, value in document.key.items() if value is not None}
    values = {name: None if value is None else _text(value) for name, value in document.values.items()}
    return VerifyAsk(keys=keys, values=values)


def read_purpose(header: str | None) -> str:
    """Return the purpose that a call names.

    Raises:
        PurposeMissing: none, or not one code.
    """
    if header is None or not _PURPOSE.fullmatch(header):
        raise PurposeMissing
    return header


def read_case(header: str | None) -> str:
    """Return the case that a call names, percent-decoded; empty where it names none.

    Raises:
        CaseUnreadable: too long, or not percent-encoded UTF-8.
    """
    try:
        case = unquote(header or "", errors="strict")
    except UnicodeDecodeError as fault:
        raise CaseUnreadable from fault
    if len(case) > MOST_CASE_LETTERS or not (case.isprintable() and (header or "").isascii()):
        raise CaseUnreadable
    return case.strip()


def read_official(header: str | None) -> str:
    """Return the consuming department's reference of its official who asks; empty where none is named.

    A reference is not a name: what reads like a citizen ID or a mobile number is refused, so that no such number gets
    into the records of calls.

    Raises:
        OfficialUnreadable: it is no such reference.
    """
    if header is None:
        return ""
    if not _OFFICIAL.fullmatch(header) or _NUMBER_OF_A_PERSON.fullmatch(header):
        raise OfficialUnreadable
    return header


def _pairs(query: str) -> dict[str, str]:
    if not query:
        return {}
    try:
        pairs = parse_qsl(
            query,
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError as fault:
        raise ParameterUnknown(parameter="?") from fault
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        names = [name for name, _ in pairs]
        raise ParameterUnknown(parameter=_brief(next(name for name in names if names.count(name) > 1)))
    return parameters


def _columns(text: str) -> tuple[str, ...]:
    columns = tuple(dict.fromkeys(text.split(","))) if text else ()
    for column in columns:
        if not _COLUMN.fullmatch(column):
            raise ParameterUnknown(parameter=_brief(f"fields={column}"))
    return columns


def _offset(cursor: str, *, keys: Mapping[str, str], columns: Sequence[str]) -> int:
    try:
        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        offset, fingerprint = place.split(":")
        if (
            fingerprint == _fingerprint(keys, columns)
            and offset.isdecimal()
            and int(offset[:6]) <= MOST_OFFSET
        ):
            return int(offset[:6])
    except (binascii.Error, ValueError) as fault:
        raise PageUnreadable(most=MOST_ROWS) from fault
    raise PageUnreadable(most=MOST_ROWS)


def _fingerprint(keys: Mapping[str, str], columns: Sequence[str]) -> str:
    return sha256(msgspec.json.encode((sorted(keys.items()), columns))).hexdigest()[:12]


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _brief(text: str) -> str:
    """Return a text of the caller's short enough to be shown back."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:80])
