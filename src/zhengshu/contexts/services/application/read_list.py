"""The records of a file, whichever of the usual kinds it is."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import ClassVar

import msgspec

from zhengshu.contexts.services.domain.lists.columns import HEADINGS, LEFT_ASIDE
from zhengshu.contexts.services.domain.lists.literals import LiteralNotReadable, read_literal
from zhengshu.foundation.files.sheets import MOST_BYTES, SheetTooLarge, read_rows
from zhengshu.kernel.errors import Refused

MOST_RECORDS = 50_000
_DEEPEST = 12
FIRST_ROWS = 10
"""So far down the headings are looked for."""
_NAMES = frozenset(HEADINGS["name"])
_KNOWN = frozenset(heading for headings in HEADINGS.values() for heading in headings) | LEFT_ASIDE


class ListNotReadable(Refused):
    """The file is neither a table nor a list of records; the sentence says where it stops."""

    code: ClassVar[str] = "services.list-not-readable"
    message: ClassVar[str] = (
        "“%(name)s” cannot be read: %(fault)s. Expected is CSV, XLSX, JSON, JSON lines or a JavaScript list."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRecord:
    """A record with its place in the file; `fault` says why it cannot be read, where it cannot."""

    place: int
    values: Mapping[str, object] = field(default_factory=dict)
    fault: str = ""


def read_list(data: bytes, *, name: str) -> tuple[ListRecord, ...]:
    """Return the records of a file with their places: the line of a table, else the number of the record.

    Raises:
        ListNotReadable: it is none of the kinds, or has no record, or more than are taken at once.
        SheetTooLarge: more than is read at once.
    """
    if len(data) > MOST_BYTES:
        raise SheetTooLarge(name=name)
    ending = name.rsplit(".", 1)[-1].lower()
    try:
        match ending:
            case "jsonl" | "ndjson":
                found = tuple(_lines(_text(data)))
            case "json":
                found = _numbered(_records(json.loads(_text(data))))
            case "js" | "mjs" | "ts":
                found = _numbered(_records(read_literal(_text(data))))
            case _:
                found = tuple(_table(data, name))
    except (ValueError, RecursionError, LiteralNotReadable) as fault:
        raise ListNotReadable(name=name, fault=str(fault)[:200]) from fault
    if not found or len(found) > MOST_RECORDS:
        raise ListNotReadable(name=name, fault=f"{len(found)} records, of 1 to {MOST_RECORDS}")
    return found


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = "neither UTF-8 nor GB 18030"
    raise ValueError(message)


def _lines(text: str) -> Iterator[ListRecord]:
    for place, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = msgspec.json.decode(line)
        except (msgspec.DecodeError, RecursionError) as fault:
            yield ListRecord(place=place, fault=str(fault)[:200])
            continue
        if isinstance(value, dict):
            yield ListRecord(place=place, values=value)
        else:
            yield ListRecord(place=place, fault=f"{type(value).__name__} instead of a record")


def _table(data: bytes, name: str) -> Iterator[ListRecord]:
    rows = read_rows(data, name=name)
    headings, start = _headings([row for _line, row in rows[:FIRST_ROWS]])
    for place, row in rows[start:]:
        more = [f"{place}:{column}" for column in range(len(headings) + 1, len(row) + 1)]
        yield ListRecord(place=place, values=dict(zip((*headings, *more), row, strict=False)))


def _headings(rows: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """Return the headings and how many rows stand above the first record.

    A title and notes may stand above them; a second row may name the columns that a merged cell of the first spans.
    """
    plain = [["".join(cell.split()).lstrip("*") for cell in row] for row in rows]
    known = [sum(cell in _KNOWN for cell in row) for row in plain]
    at = max(range(len(plain)), key=lambda row: (known[row], -row))
    head, start = plain[at], at + 1
    if (
        start < len(plain)
        and known[start]
        and not any(
            below for above, below in zip_longest(head, plain[start], fillvalue="") if below not in _KNOWN
        )
    ):
        head = [below or above for above, below in zip_longest(head, plain[start], fillvalue="")]
        start += 1
    if known[at] and at and known[at - 1]:
        head = [below or above for above, below in zip_longest(plain[at - 1], head, fillvalue="")]
    seen: Counter[str] = Counter()
    for column, heading in enumerate(head):
        seen[heading] += 1
        if seen[heading] > 1 or not heading:
            head[column] = f"{heading}#{column + 1}"
    return head, start


def _numbered(records: Iterator[Mapping[str, object]]) -> tuple[ListRecord, ...]:
    return tuple(ListRecord(place=place, values=values) for place, values in enumerate(records, start=1))


def _records(
    tree: object, above: Mapping[str, object] | None = None, depth: int = 0
) -> Iterator[Mapping[str, object]]:
    """Walk to the innermost objects that have a name; each takes over the plain values of those around it."""
    if depth > _DEEPEST:
        return
    if isinstance(tree, list):
        are_items = any(isinstance(one, dict) and _NAMES & one.keys() for one in tree)
        for one in tree:
            if are_items and not (isinstance(one, dict) and (_NAMES & one.keys() or _holds_records(one))):
                yield one if isinstance(one, dict) else {"": str(one)}
            else:
                yield from _records(one, above, depth + 1)
    elif isinstance(tree, dict):
        inner = [value for value in tree.values() if _holds_records(value)]
        plain = {key: value for key, value in tree.items() if not _holds_records(value)}
        around = {**(above or {}), **plain}
        if not inner and _NAMES & plain.keys():
            yield around
        for value in inner:
            yield from _records(value, around, depth + 1)


def _holds_records(value: object) -> bool:
    if isinstance(value, dict):
        return any(isinstance(one, dict | list) for one in value.values())
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)
