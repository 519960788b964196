"""A department's file before it is written: columns of text, and whom each row is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pyarrow as pa

from zhengshu.project.demo_city.content import FaultKind
from zhengshu.project.demo_city.draws import Flags, Ints, Texts, pick


class Delivery(StrEnum):
    """In which form a department delivers its file."""

    CSV = "csv"
    CSV_SEMICOLON = "csv_semicolon"
    CSV_GBK = "csv_gbk"
    JSON_LINES = "json_lines"
    PARQUET = "parquet"
    XLSX = "xlsx"


class SubjectKind(StrEnum):
    """What a row of a file is about."""

    PERSON = "person"
    HOUSEHOLD = "household"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """Whom each row is about in one role; -1 where nobody."""

    role: str
    kind: SubjectKind
    index: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One file of one department.

    Attributes:
        file: its path within the city's folder.
        delivery: the form in which it is written.
        columns: header → values.
        subjects: whom the rows are about.
        can_befall: the rows that a kind of fault can befall, where not all.
        typed: columns that a Parquet file holds in another type than text.
    """

    file: str
    delivery: Delivery
    columns: Mapping[str, Texts]
    subjects: tuple[Subjects, ...]
    can_befall: Mapping[FaultKind, Flags] = field(default_factory=dict)
    typed: Mapping[str, pa.DataType] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.subjects[0].index)

    def taken(self, rows: Ints) -> "Sheet":
        """Return the sheet with the rows at the given places, in that order."""
        return Sheet(
            file=self.file,
            delivery=self.delivery,
            columns={name: pick(column, rows) for name, column in self.columns.items()},
            subjects=tuple(
                Subjects(role=one.role, kind=one.kind, index=one.index[rows]) for one in self.subjects
            ),
            can_befall={kind: flags[rows] for kind, flags in self.can_befall.items()},
            typed=self.typed,
        )


def persons(rows: Ints, *, role: str = "person") -> Subjects:
    """Return rows about persons."""
    return Subjects(role=role, kind=SubjectKind.PERSON, index=np.asarray(rows, dtype=np.int64))


def enterprises(rows: Ints, *, role: str = "enterprise") -> Subjects:
    """Return rows about enterprises."""
    return Subjects(role=role, kind=SubjectKind.ENTERPRISE, index=np.asarray(rows, dtype=np.int64))
