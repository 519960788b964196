"""Which table of a pack a file is, and which of its columns is which."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from zhengshu.contexts.quality.domain.rules import Pack, Table, TableColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A table as a file holds it.

    Attributes:
        table: the table, with the columns that the file holds.
        places: column → its place in the file, from 0.
        unknown: headings that the table does not have.
        missing: columns that the file does not hold.
    """

    table: Table
    places: Mapping[str, int]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def match(pack: Pack, headings: Sequence[str], *, table: str = "", elements: Table) -> Matched | None:
    """Return the table of the pack that fits a file's headings best; None where no heading is known.

    Args:
        pack: the rules.
        headings: the file's header.
        table: the code of the table where it is known.
        elements: a table of all data elements under their own names, for files that the pack does not describe.
    """
    candidates = [pack.tables[table]] if table else [*pack.tables.values(), elements]
    matches = [_matched(candidate, headings) for candidate in candidates]
    best = max(matches, key=lambda found: (len(found.places), -len(found.missing)))
    if not best.places:
        return None
    return replace(best, missing=()) if best.table.code == elements.code else best


def _matched(table: Table, headings: Sequence[str]) -> Matched:
    known = {
        folded(heading): column for column in table.columns for heading in (column.name, *column.headings)
    }
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, heading in enumerate(headings):
        column = known.get(folded(heading))
        if column is None or column.name in places:
            unknown.append(heading)
        else:
            places[column.name] = place
    there: tuple[TableColumn, ...] = tuple(column for column in table.columns if column.name in places)
    missing = tuple(
        column.headings[0] if column.headings else column.name
        for column in table.columns
        if column.name not in places
    )
    return Matched(
        table=replace(table, columns=there), places=places, unknown=tuple(unknown), missing=missing
    )


def folded(heading: str) -> str:
    """Return a heading as headings are compared: width, case, blanks, underscores and marks of duty do not matter."""
    text = unicodedata.normalize("NFKC", heading).strip().strip("*'\"").casefold()
    return "".join(letter for letter in text if not letter.isspace() and letter != "_")
