"""The records of a file, whichever of the usual kinds it is."""

import codecs
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import ClassVar, Final

import msgspec

from zhengshu.contexts.services.domain.lists.columns import HEADINGS
from zhengshu.contexts.services.domain.lists.headings import is_known, known_heading, names_an_item
from zhengshu.contexts.services.domain.lists.literals import LiteralNotReadable, read_literals
from zhengshu.foundation.files.sheets import MOST_BYTES, Row, SheetTooLarge, read_sheets
from zhengshu.kernel.errors import Refused

MOST_RECORDS = 50_000
_DEEPEST = 12
FIRST_ROWS = 10
"""So far down the headings are looked for."""


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
        found = tuple(_read(data, name, ending))
    except (ValueError, RecursionError, LiteralNotReadable) as fault:
        raise ListNotReadable(name=name, fault=str(fault)[:200]) from fault
    if not found or len(found) > MOST_RECORDS:
        raise ListNotReadable(name=name, fault=f"{len(found)} records, of 1 to {MOST_RECORDS}")
    return found


def _read(data: bytes, name: str, ending: str) -> Iterable[ListRecord]:
    """Read a file by its ending; where that says little, by how it begins."""
    is_json = data.lstrip(_BEFORE_JSON)[:1] in _BEGINS_JSON
    way = _WAYS.get(ending) or (_json if is_json else None)
    return way(_text(data)) if way else _table(data, name)


def _text(data: bytes) -> str:
    is_wide = data[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = "neither UTF-8 nor GB 18030"
    raise ValueError(message)


def _json(text: str) -> Iterable[ListRecord]:
    """Read one tree, or one on each line."""
    try:
        return _numbered(_records(json.loads(text)))
    except json.JSONDecodeError:
        lines = tuple(_lines(text))
        if len(lines) > 1 and not all(one.fault for one in lines):
            return lines
        raise


def _script(text: str) -> Iterable[ListRecord]:
    return _numbered(one for literal in read_literals(text) for one in _records(literal))


def _lines(text: str) -> Iterator[ListRecord]:
    for place, line in enumerate(text.split("\n"), start=1):
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
    """Read the sheets that name items; where none does, the first."""
    sheets = read_sheets(data, name=name)
    named = [rows for rows in sheets if _names_items(rows)]
    for rows in named or sheets[:1]:
        yield from _sheet(rows)


def _names_items(rows: Sequence[Row]) -> bool:
    head, _start = _headings([row for _line, row in rows[:FIRST_ROWS]])
    return names_an_item(dict.fromkeys(head))


def _sheet(rows: Sequence[Row]) -> Iterator[ListRecord]:
    headings, start = _headings([row for _line, row in rows[:FIRST_ROWS]])
    for place, row in rows[start:]:
        more = [f"{place}:{column}" for column in range(len(headings) + 1, len(row) + 1)]
        yield ListRecord(place=place, values=dict(zip((*headings, *more), row, strict=False)))


def _headings(rows: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """Return the headings and how many rows stand above the first record.

    A title and notes may stand above them; a second row may name the columns that a merged cell of the first spans.
    """
    plain = [["".join(cell.split()).lstrip("*") for cell in row] for row in rows]
    known = [sum(is_known(cell) for cell in row) for row in plain]
    at = max(range(len(plain)), key=lambda row: (known[row], -row))
    head, start = plain[at], at + 1
    if (
        start < len(plain)
        and known[start]
        and not any(
            below
            for above, below in zip_longest(head, plain[start], fillvalue="")
            if below and not is_known(below)
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
        are_items = any(isinstance(one, dict) and names_an_item(one) for one in tree)
        for one in tree:
            if are_items and not (isinstance(one, dict) and (names_an_item(one) or _inner(one))):
                yield one if isinstance(one, dict) else {"": str(one)}
            else:
                yield from _records(one, above, depth + 1)
    elif isinstance(tree, dict):
        inner = _inner(tree)
        plain = {key: value for key, value in tree.items() if key not in inner}
        if not inner and names_an_item(plain):
            yield {**(above or {}), **plain}
        for value in inner.values():
            yield from _records(value, {**(above or {}), **_around(plain)}, depth + 1)


def _inner(values: Mapping[str, object]) -> dict[str, object]:
    """Return what of an object holds records; its materials, its organ and the like are its own."""
    return {key: value for key, value in values.items() if not is_known(key) and _holds_records(value)}


def _around(values: Mapping[str, object]) -> dict[str, object]:
    """Return what an object says of those in it: its own name is their main item's, its codes are not theirs."""
    found: dict[str, object] = {}
    for key, value in values.items():
        heading = known_heading(key)
        if heading in HEADINGS["name"]:
            found[HEADINGS["parent"][0]] = value
        elif heading not in (*HEADINGS["basic_code"], *HEADINGS["implementation_code"]):
            found[key] = value
    return found


def _holds_records(value: object) -> bool:
    if isinstance(value, dict):
        return any(isinstance(one, dict | list) for one in value.values())
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


_WAYS: Final[Mapping[str, Callable[[str], Iterable[ListRecord]]]] = {
    "jsonl": _lines,
    "ndjson": _lines,
    "json": _json,
    "js": _script,
    "mjs": _script,
    "ts": _script,
}
_BEFORE_JSON: Final = b" \t\r\n\xef\xbb\xbf"
_BEGINS_JSON: Final = frozenset({b"{", b"["})
