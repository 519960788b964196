"""The columns of an uploaded spreadsheet, ready to be recognized."""

from zhengshu.contexts.catalog.domain.columns.samples import ColumnSample
from zhengshu.foundation.files.sheets import read_rows

SAMPLE = 2000
_LONGEST_HEADER = 100


def read_samples(data: bytes, *, name: str) -> tuple[ColumnSample, ...]:
    """Return the columns of a file with its first line as headers, ready to be recognized.

    Raises:
        SheetNotReadable: neither a workbook nor text.
        SheetTooLarge: more than is read at once.
        SheetEmpty: no row has anything in it.
    """
    (_, headers), *rows = read_rows(data, name=name)
    columns = (
        zip(*(_fitted(row, len(headers)) for _, row in rows), strict=True) if rows else ((),) * len(headers)
    )
    return tuple(
        ColumnSample(
            name=header[:_LONGEST_HEADER],
            values=tuple(values[:SAMPLE]),
            distinct=len({value for value in values if value}),
            empty=sum(not value for value in values),
            rows=len(values),
            longest=max(map(len, values), default=0),
        )
        for header, values in zip(headers, columns, strict=True)
        if header or any(values)
    )


def _fitted(row: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*row[:width], *("",) * (width - len(row)))
