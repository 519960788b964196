"""Which row names the columns, and which column is which item."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhengshu.contexts.lake.domain.columns import Column
from zhengshu.kernel.errors import Refused

SEARCHED_ROWS = 20
_LEAST_FILLED = 0.5


class HeaderNotFound(Refused):
    """None of the first rows names an item of the resource: it is another file, or it has no header."""

    code = "lake.header-not-found"
    message = (
        "None of the first rows names the resource's items. Expected a header with: %(expected)s. "
        "The first row holds: %(found)s."
    )


class ColumnsMissing(Refused):
    """Columns that every row must hold are not in the file."""

    code = "lake.columns-missing"
    message = "The file lacks columns that must be there: %(missing)s. Add them, or correct their headings."


class ColumnTwice(Refused):
    """Two columns have the heading of the same item; which one is meant cannot be known."""

    code = "lake.column-twice"
    message = "Two columns are headed as the same item: %(twice)s. Remove or rename one of each."


class RowsMissing(Refused):
    """There is a header but no row under it."""

    code = "lake.rows-missing"
    message = "The file has a header but no rows. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is and what it says.

    Attributes:
        row: its place among the first rows, from 0.
        places: for each item found, its column in the file.
        unknown: headings that are no items; their columns are left out.
        absent: optional items that the file does not hold.
        width: how many columns the header row has.
    """

    row: int
    places: Mapping[str, int]
    unknown: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    width: int = 0


def folded(heading: str) -> str:
    """Return a heading as headings are compared: no width, case, spaces, marks of duty or units of notes."""
    text = unicodedata.normalize("NFKC", heading).strip().strip("*＊'\"").casefold()
    return "".join(letter for letter in text if not letter.isspace() and letter != "_")


def match_header(rows: Sequence[Sequence[str]], *, columns: Sequence[Column]) -> Header:
    """Find the header among the first rows of a file and match it to a resource's items.

    Titles above the header and rows of merged group headings are passed over: the header is the row that names
    the most items.

    Raises:
        HeaderNotFound: no row names any item.
        ColumnTwice: an item is named by two columns.
        ColumnsMissing: an item that must hold a value is not named.
    """
    names = {folded(name): column for column in columns for name in (column.name, column.column)}
    counts = [sum(folded(cell) in names for cell in row) for row in rows[:SEARCHED_ROWS]]
    if not counts or max(counts) == 0:
        raise HeaderNotFound(expected=_listed(c.name for c in columns), found=_listed(_first_filled(rows)))
    place = counts.index(max(counts))
    named = [(number, names.get(folded(cell)), cell) for number, cell in enumerate(rows[place])]
    _refuse_twice([column.name for _, column, _ in named if column is not None])
    places = {column.column: number for number, column, _ in named if column is not None}
    missing = [column.name for column in columns if column.must_hold and column.column not in places]
    if missing:
        raise ColumnsMissing(missing=_listed(missing))
    return Header(
        row=place,
        places=places,
        unknown=tuple(cell.strip() for _, column, cell in named if column is None and cell.strip()),
        absent=tuple(column.name for column in columns if column.column not in places),
        width=len(rows[place]),
    )


def guess_header(rows: Sequence[Sequence[str]]) -> int:
    """Return which of the first rows is likely the header of an unknown file.

    It is the first row at least half as wide as the widest whose filled cells are texts, not numbers, and differ.
    """
    widest = max((sum(bool(cell.strip()) for cell in row) for row in rows[:SEARCHED_ROWS]), default=0)
    for place, row in enumerate(rows[:SEARCHED_ROWS]):
        filled = [cell.strip() for cell in row if cell.strip()]
        is_wide = len(filled) >= max(1, widest * _LEAST_FILLED)
        if is_wide and not any(_is_number(cell) for cell in filled) and len(set(filled)) == len(filled):
            return place
    return 0


def distinct_headings(cells: Sequence[str]) -> tuple[str, ...]:
    """Return headings made distinct: empty ones are numbered, repeated ones get their turn appended."""
    seen: Counter[str] = Counter()
    headings = []
    for number, cell in enumerate(cells, start=1):
        heading = cell.strip() or f"column_{number}"
        seen[heading] += 1
        headings.append(heading if seen[heading] == 1 else f"{heading}_{seen[heading]}")
    return tuple(headings)


def _refuse_twice(names: Sequence[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise ColumnTwice(twice=_listed(twice))


def _first_filled(rows: Sequence[Sequence[str]]) -> Sequence[str]:
    return next((row for row in rows if any(cell.strip() for cell in row)), ())


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "", 1).lstrip("-").isdecimal()


def _listed(names: Iterable[str], *, most: int = 12, letters: int = 40) -> str:
    shown = [name.strip()[:letters] for name in names if name.strip()]
    return "、".join(shown[:most]) + ("…" if len(shown) > most else "")
