"""Load the standards of a folder of content into the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from zhengshu.contexts.catalog.application.declare_standards import (
    declare_classification,
    declare_code_table,
    declare_element,
)
from zhengshu.contexts.catalog.domain.standards import (
    ClassificationRecord,
    CodeEntryRecord,
    CodeTableRecord,
    ElementRecord,
)
from zhengshu.contexts.catalog.domain.vocabulary import DataType, Grade, PersonalClass
from zhengshu.contexts.catalog.models import DataElement
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused

T = TypeVar("T")


class StandardsNotReadable(Refused):
    """A file of the folder is missing or not of its form; the sentence says where."""

    code = "catalog.standards-not-readable"
    message = "%(file)s cannot be read: %(fault)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How much of the content was new or changed."""

    nodes: int
    code_tables: int
    elements: int


class _Node(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    children: "dict[str, str | _Node]" = {}


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: str
    name: str
    entries: dict[str, str]
    standard: str = ""


class _Element(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    definition: str
    column: str
    data_type: DataType = DataType.TEXT
    length: int | None = None
    representation: str = ""
    code_table: str = ""
    grade: Grade = Grade.GENERAL_1
    personal: PersonalClass = PersonalClass.NONE
    synonyms: tuple[str, ...] = ()
    shape: str = ""
    standard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standards:
    """What a folder of content declares."""

    nodes: tuple[ClassificationRecord, ...]
    code_tables: tuple[CodeTableRecord, ...]
    elements: tuple[ElementRecord, ...]


def read_standards(*, folder: Path) -> Standards:
    """Read classification, code tables and data elements from their files; the ledger is not asked.

    Raises:
        StandardsNotReadable: a file is missing or not of its form.
    """
    elements = _read(folder / "elements.yaml", dict[str, _Element])
    return Standards(
        nodes=tuple(_nodes(_read(folder / "classification.yaml", dict[str, _Node]), "")),
        code_tables=tuple(
            _table(_read(file, _Table)) for file in sorted((folder / "code-tables").glob("*.yaml"))
        ),
        elements=tuple(
            ElementRecord(code=code, **msgspec.structs.asdict(element)) for code, element in elements.items()
        ),
    )


@transaction
def load_standards(*, folder: Path, at: datetime, actor: Actor | None = None) -> Loaded:
    """Load classification, code tables and data elements; loading the same content again changes nothing.

    Elements whose declaration did not change keep what was decided about them, and nothing is ever removed.

    Raises:
        StandardsNotReadable: a file is missing or not of its form.
        StandardNotAcceptable: a declaration breaks a rule.
    """
    who = actor or Actor.platform("catalog.load-standards")
    standards = read_standards(folder=folder)
    changed = declare_classification(nodes=standards.nodes, actor=who, at=at)
    loaded = sum(declare_code_table(table=table, actor=who, at=at) for table in standards.code_tables)
    before = dict(DataElement.objects.values_list("code", "changed_at"))
    for element in standards.elements:
        declare_element(element=element, actor=who, at=at)
    after = dict(DataElement.objects.values_list("code", "changed_at"))
    return Loaded(
        nodes=changed,
        code_tables=loaded,
        elements=sum(before.get(code) != changed_at for code, changed_at in after.items()),
    )


def _read(file: Path, form: type[T]) -> T:
    try:
        return msgspec.yaml.decode(file.read_bytes(), type=form)
    except (OSError, msgspec.MsgspecError) as fault:
        raise StandardsNotReadable(file=file.name, fault=str(fault)) from fault


def _nodes(level: "dict[str, str | _Node] | dict[str, _Node]", parent: str) -> Iterator[ClassificationRecord]:
    for code, node in level.items():
        if isinstance(node, str):
            yield ClassificationRecord(code=code, name=node, parent=parent, is_leaf=True)
        else:
            yield ClassificationRecord(code=code, name=node.name, parent=parent, is_leaf=not node.children)
            yield from _nodes(node.children, code)


def _table(table: _Table) -> CodeTableRecord:
    return CodeTableRecord(
        code=table.code,
        name=table.name,
        standard=table.standard,
        entries=tuple(CodeEntryRecord(code=code, name=name) for code, name in table.entries.items()),
    )
