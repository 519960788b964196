"""JSON lines: one object a line."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np

from zhengshu.contexts.lake.application.reading.chunks import Chunk, Layout, OddRow, text_batch
from zhengshu.contexts.lake.application.reading.streams import Survey, open_bytes
from zhengshu.contexts.lake.domain.encodings import Detected
from zhengshu.contexts.lake.domain.faults import Fault, FaultKind

CHUNK_ROWS = 20_000
_SEARCHED_LINES = 100


class JsonLines:
    """A file of JSON lines, opened."""

    def __init__(self, path: Path, *, survey: Survey, detected: Detected, layout: Layout) -> None:
        """Collect the keys of the first objects; they are the header."""
        self._path, self._survey, self._detected = path, survey, detected
        keys: dict[str, None] = {}
        for _, line in islice(self._lines(), _SEARCHED_LINES):
            keys |= dict.fromkeys(_object(line) or ())
        self._keys = tuple(keys)
        self.header = layout([self._keys])

    @property
    def about(self) -> Mapping[str, str]:
        """Format and encoding."""
        return {"format": "jsonl", "encoding": str(self._detected.encoding)}

    def chunks(self) -> Iterator[Chunk]:
        """Yield the objects in chunks; lines that are no objects come as odd rows."""
        wanted = {name: self._keys[place] for name, place in self.header.places.items()}
        lines = self._lines()
        while block := list(islice(lines, CHUNK_ROWS)):
            yield _chunk(block, wanted)

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        with open_bytes(self._path, detected=self._detected, is_utf8=self._survey.is_utf8) as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, line


def _chunk(block: list[tuple[int, bytes]], wanted: Mapping[str, str]) -> Chunk:
    rows: list[list[str]] = []
    numbers: list[int] = []
    odd: list[OddRow] = []
    for number, line in block:
        record = _object(line)
        if record is None:
            odd.append(OddRow(number, {}, Fault(FaultKind.NOT_JSON)))
            continue
        values = {name: record.get(key) for name, key in wanted.items()}
        nested = next((name for name, value in values.items() if isinstance(value, dict | list)), None)
        if nested is not None:
            shown = {name: _text(value) for name, value in values.items()}
            odd.append(OddRow(number, shown, Fault(FaultKind.NESTED, nested)))
            continue
        rows.append([_text(value) for value in values.values()])
        numbers.append(number)
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in wanted]
    return Chunk(text_batch(list(wanted), columns), np.array(numbers, dtype=np.int64), tuple(odd))


def _object(line: bytes) -> dict[str, object] | None:
    try:
        return msgspec.json.decode(line, type=dict[str, object])
    except msgspec.MsgspecError:
        return None


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - exact integers of a float
        return str(int(value))
    return (
        value
        if isinstance(value, str)
        else msgspec.json.encode(value).decode()
        if isinstance(value, dict | list)
        else str(value)
    )
