"""The truth: who is who, which row is about whom, and what was spoilt on purpose."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhengshu.project.demo_city.draws import Texts, iso_dates, pick, where
from zhengshu.project.demo_city.enterprises import Enterprises
from zhengshu.project.demo_city.faults import Spoilt
from zhengshu.project.demo_city.people import People, sex_words
from zhengshu.project.demo_city.sheets import Sheet

_LABEL = pa.dictionary(pa.int8(), pa.string())
RECORDS = pa.schema(
    [("file", _LABEL), ("row", pa.int64()), ("role", _LABEL), ("kind", _LABEL), ("subject", pa.int64())]
)
"""Which row (from 1, without the header) is about whom in which role."""

FAULTS = pa.schema(
    [
        ("file", _LABEL),
        ("row", pa.int64()),
        ("column", _LABEL),
        ("fault", _LABEL),
        ("original", pa.string()),
        ("written", pa.string()),
    ]
)
"""What was spoilt; for a doubled row `original` is the number of the row that it repeats."""


class Truth:
    """The files `truth/records.parquet` and `truth/faults.parquet` while they are written, with their rows."""

    def __init__(self, folder: Path) -> None:
        self.records = 0
        self.faults = 0
        folder.mkdir(parents=True, exist_ok=True)
        self._records = pq.ParquetWriter(folder / "records.parquet", RECORDS, compression="zstd")
        self._faults = pq.ParquetWriter(folder / "faults.parquet", FAULTS, compression="zstd")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._records.close()
        self._faults.close()

    def add(self, sheet: Sheet, spoilt: Sequence[Spoilt]) -> None:
        """Write down one finished sheet."""
        for one in sheet.subjects:
            rows = np.flatnonzero(one.index >= 0)
            self.records += len(rows)
            written = {
                "file": _repeated(sheet.file, len(rows)),
                "row": pa.array(rows + 1, pa.int64()),
                "role": _repeated(one.role, len(rows)),
                "kind": _repeated(one.kind, len(rows)),
                "subject": pa.array(one.index[rows], pa.int64()),
            }
            self._records.write_table(pa.table(written).cast(RECORDS))
        for fault in spoilt:
            count = len(fault.rows)
            self.faults += count
            written = {
                "file": _repeated(sheet.file, count),
                "row": pa.array(fault.rows + 1, pa.int64()),
                "column": _repeated(fault.fault.column, count),
                "fault": _repeated(fault.fault.fault, count),
                "original": fault.originals,
                "written": fault.written,
            }
            self._faults.write_table(pa.table(written).cast(FAULTS))


def write_people(people: People, folder: Path) -> None:
    """Write `truth/persons.parquet`: the persons as they are, whatever the files say."""
    died = where(people.died >= 0, iso_dates(np.maximum(people.died, 0)), "")
    table = pa.table(
        {
            "person": pa.array(np.arange(people.size)),
            "citizen_id": people.ids,
            "name": people.names,
            "sex": sex_words(people.is_male),
            "born_on": iso_dates(people.born),
            "died_on": died,
            "household": pa.array(people.household),
        }
    )
    pq.write_table(table, folder / "persons.parquet", compression="zstd")


def write_enterprises(firms: Enterprises, folder: Path) -> None:
    """Write `truth/enterprises.parquet`: the firms as they are."""
    table = pa.table(
        {
            "enterprise": pa.array(np.arange(firms.size)),
            "credit_code": firms.codes,
            "name": firms.names,
            "legal_representative": pa.array(firms.owner),
            "capital": pa.array(firms.capital * 10_000),
        }
    )
    pq.write_table(table, folder / "enterprises.parquet", compression="zstd")


def _repeated(value: str, count: int) -> Texts:
    return pick([str(value)], np.zeros(count, dtype=np.int64))
