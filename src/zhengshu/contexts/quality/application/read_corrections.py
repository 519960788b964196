"""Corrected rows out of a spreadsheet that the page of a rectification handed out."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.domain.rectifications import RowNumbersMissing

Rows = Sequence[tuple[int, tuple[str, ...]]]
_LANGUAGES = ("zh-hans", "en")


def row_heading() -> str:
    """Return what heads the column of the numbers of rows."""
    return _("Row number")


def corrections_of(rows: Rows, *, items: Sequence[catalog.ItemRecord]) -> Mapping[int, Mapping[str, str]]:
    """Return the values of each row of a file by its number; columns that are no items are passed over.

    Raises:
        RowNumbersMissing: no column has the numbers of rows.
    """
    headings: set[str] = set()
    for language in _LANGUAGES:
        with override(language):
            headings.add(row_heading())
    head = [cell.strip() for cell in rows[0][1]]
    place = next((number for number, cell in enumerate(head) if cell in headings), None)
    if place is None:
        raise RowNumbersMissing(column=row_heading())
    columns = {head.index(item.name): item.column for item in items if item.name in head}
    return {
        int(cells[place]): {
            column: lake.original(cells[number]) if number < len(cells) else ""
            for number, column in columns.items()
        }
        for _line, cells in rows[1:]
        if place < len(cells) and cells[place].isdecimal()
    }
