"""Says in signs that need no translation which values of an input some cells are: ``age < 18``, ``18 ≤ age ≤ 20``."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from zhengshu.contexts.casework.domain.decisions.columns import TEXT, Cell, Column
from zhengshu.contexts.casework.domain.decisions.values import Feel, plain


def words(columns: tuple[Column, ...], box: tuple[int, ...]) -> str:
    """Return what is so in a box: one part for each input that is not left open."""
    parts = [_column(column, bits) for column, bits in zip(columns, box, strict=True) if bits != column.whole]
    return "; ".join(parts) or "…"


def _column(column: Column, bits: int) -> str:
    cells = [cell for place, cell in enumerate(column.cells) if bits >> place & 1]
    if column.domain.kind == TEXT and any(not cell.is_point for cell in cells):
        others = [cell for place, cell in enumerate(column.cells) if not bits >> place & 1]
        return f"{column.title} ≠ " + ", ".join(_value(cell.sample) for cell in others)
    if column.domain.kind in {TEXT, "boolean"}:
        return f"{column.title} = " + " / ".join(_value(cell.sample) for cell in cells)
    return " / ".join(_stretch(column.title, first, last) for first, last in _runs(cells))


def _runs(cells: list[Cell]) -> Iterator[tuple[Cell, Cell]]:
    """Yield the first and the last cell of each unbroken row of cells."""
    first = cells[0]
    for before, after in pairwise(cells):
        if before.high != after.low or (not before.is_point and not after.is_point):
            yield first, before
            first = after
    yield first, cells[-1]


def _stretch(title: str, first: Cell, last: Cell) -> str:
    if first.is_point and last.is_point and first.sample == last.sample:
        return f"{title} = {_value(first.sample)}"
    low = "" if first.low is None else f"{_value(first.low)} {'≤' if first.is_point else '<'} "
    high = "" if last.high is None else f" {'≤' if last.is_point else '<'} {_value(last.high)}"
    if low and not high:
        return f"{title} {'≥' if first.is_point else '>'} {_value(first.low)}"
    return f"{low}{title}{high}"


def _value(value: Feel) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            return plain(value)
        case date():
            return value.isoformat()
    return f"“{value}”"
