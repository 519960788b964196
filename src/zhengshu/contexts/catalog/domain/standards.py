"""Data elements, code tables and the classification as they are declared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhengshu.contexts.catalog.domain.checks import COLUMN
from zhengshu.contexts.catalog.domain.codes import is_classification
from zhengshu.contexts.catalog.domain.faults import Fault
from zhengshu.contexts.catalog.domain.vocabulary import DataType, Grade, PersonalClass

_CODE = re.compile(r"[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*")
_LONGEST_CODE = 60
_LONGEST_NAME = 100
_LONGEST_ENTRY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementRecord:
    """A data element (数据元): what a thing is called, what it means, how it is written.

    Attributes:
        code: stable name in lower case (``citizen-id``).
        representation: how values are written, in the notation of GB/T 19488 (``an..18``).
        code_table: the code table of its values, or an empty text.
        grade: the grade that items following it start with.
        synonyms: other headers under which files carry it.
        column: the column name that items following it start with.
        shape: the shape of values by which it is recognized, a value of `columns.shapes.Shape`, or an empty text.
        standard: where it is defined.
    """

    code: str
    name: str
    definition: str
    data_type: DataType = DataType.TEXT
    length: int | None = None
    representation: str = ""
    code_table: str = ""
    grade: Grade = Grade.GENERAL_1
    personal: PersonalClass = PersonalClass.NONE
    synonyms: tuple[str, ...] = ()
    column: str
    shape: str = ""
    standard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEntryRecord:
    """One code of a table, under another one where the table is a tree."""

    code: str
    name: str
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTableRecord:
    """A closed list of codes."""

    code: str
    name: str
    standard: str
    entries: tuple[CodeEntryRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationRecord:
    """One node of the classification; only leaves take resources."""

    code: str
    name: str
    parent: str = ""
    is_leaf: bool = False


def faults_of_element(element: ElementRecord, *, code_tables: frozenset[str]) -> tuple[Fault, ...]:
    """Return what is wrong with a data element."""
    return tuple(_of_element(element, code_tables))


def faults_of_code_table(table: CodeTableRecord) -> tuple[Fault, ...]:
    """Return what is wrong with a code table: codes repeat, or stand under codes that are not there."""
    return tuple(_of_code_table(table))


def faults_of_classification(nodes: tuple[ClassificationRecord, ...]) -> tuple[Fault, ...]:
    """Return what is wrong with a classification."""
    known = {node.code for node in nodes}
    return tuple(
        Fault(
            field=node.code,
            code="catalog.classification-not-valid",
            message="“%(code)s” has no parent “%(parent)s”, or a leaf's code is not 6 to 12 digits.",
            data={"code": node.code, "parent": node.parent},
        )
        for node in nodes
        if (node.parent and node.parent not in known) or (node.is_leaf and not is_classification(node.code))
    )


def _of_element(element: ElementRecord, code_tables: frozenset[str]) -> Iterator[Fault]:
    yield from _code(element.code)
    if not element.name or len(element.name) > _LONGEST_NAME:
        yield Fault(
            field="name", code="catalog.field-missing", message="Give a name of at most 100 characters."
        )
    if not element.definition:
        yield Fault(field="definition", code="catalog.field-missing", message="Say what the element means.")
    if not COLUMN.fullmatch(element.column):
        yield Fault(
            field="column",
            code="catalog.column-not-valid",
            message="“%(value)s” is no column name. Use lower-case letters, digits and underscores, beginning with a"
            " letter, at most 63 characters.",
            data={"value": element.column[:80]},
        )
    if element.code_table and element.code_table not in code_tables:
        yield Fault(
            field="code_table",
            code="catalog.code-table-unknown",
            message="There is no code table “%(code)s”. Choose one of the list or leave it empty.",
            data={"code": element.code_table[:60]},
        )
    if element.personal is PersonalClass.SENSITIVE and element.grade < Grade.GENERAL_3:
        yield Fault(
            field="grade",
            code="catalog.grade-too-low",
            message="Sensitive personal information is grade 3 or higher (GB/T 43697-2024).",
        )


def _of_code_table(table: CodeTableRecord) -> Iterator[Fault]:
    yield from _code(table.code)
    if not table.name or len(table.name) > _LONGEST_NAME:
        yield Fault(
            field="name", code="catalog.field-missing", message="Give a name of at most 100 characters."
        )
    codes: set[str] = set()
    for position, entry in enumerate(table.entries):
        if (
            not entry.code
            or len(entry.code) > _LONGEST_CODE
            or not entry.name
            or len(entry.name) > _LONGEST_ENTRY
        ):
            yield Fault(
                field=f"entries.{position}",
                code="catalog.code-not-valid",
                message="Every entry has a code of at most 60 and a name of at most 200 characters.",
            )
        if entry.code in codes:
            yield Fault(
                field=f"entries.{position}",
                code="catalog.code-repeated",
                message="The code “%(code)s” stands twice in the table.",
                data={"code": entry.code[:60]},
            )
        codes.add(entry.code)
    for position, entry in enumerate(table.entries):
        if entry.parent and entry.parent not in codes:
            yield Fault(
                field=f"entries.{position}",
                code="catalog.code-without-parent",
                message="“%(code)s” stands under “%(parent)s”, which is not in the table.",
                data={"code": entry.code[:60], "parent": entry.parent[:60]},
            )


def _code(code: str) -> Iterator[Fault]:
    if not _CODE.fullmatch(code) or len(code) > _LONGEST_CODE:
        yield Fault(
            field="code",
            code="catalog.code-not-valid",
            message="“%(code)s” is no code: use lower-case letters, digits, hyphens and dots, at most 60.",
            data={"code": code[:80]},
        )
