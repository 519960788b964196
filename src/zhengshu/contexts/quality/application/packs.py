"""Packs of rules as folders, with the standards of the catalogue that they lean on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.quality.domain.checks import Listed
from zhengshu.contexts.quality.domain.faults import Fault
from zhengshu.contexts.quality.domain.reading import read_pack
from zhengshu.contexts.quality.domain.rules import CodeTable, Pack, Table, TableColumn
from zhengshu.kernel.errors import Kind, Refused

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")

ELEMENTS = "elements"
"""The table of all data elements under their own names, for files that no pack describes."""


class PackNotFound(Refused):
    """There is no such folder of rules; the sentence names those that there are."""

    code = "quality.pack-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no pack of rules “%(pack)s”. Known: %(known)s."


class PackFaulty(Refused):
    """A pack has faults; none of its rules is used before they are corrected."""

    code = "quality.pack-faulty"
    message = "The pack of rules “%(pack)s” has %(count)s faults; none of its rules was used."

    def __init__(self, faults: tuple[Fault, ...], *, pack: str) -> None:
        """Keep the faults beside the sentence about the first."""
        self.faults = faults
        super().__init__(pack=pack, count=len(faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A pack with what it leans on: code tables, and all data elements as a table."""

    pack: Pack
    code_tables: Mapping[str, CodeTable]
    elements: Table


def load_pack(name: str, *, folder: Path, standards: Path) -> Loaded:
    """Read a pack and those that it includes.

    Args:
        name: a pack's name in the folder, or the path of a folder of rules anywhere.
        folder: the folder of packs.
        standards: the folder of the catalogue's standards.

    Raises:
        PackNotFound: there is none of this name.
        PackFaulty: a file, a rule or a table has a fault.
        StandardsNotReadable: the standards cannot be read.
    """
    known = catalog.read_standards(folder=standards)
    tables = {
        table.code: CodeTable(
            code=table.code,
            codes=frozenset(entry.code for entry in table.entries),
            names=frozenset(entry.name for entry in table.entries),
        )
        for table in known.code_tables
    }
    pack, faults = _with_included(name, folder, ())
    faults += _unknown(pack, tables, frozenset(element.code for element in known.elements))
    if faults:
        raise PackFaulty(faults, pack=pack.code)
    columns = (
        TableColumn(name=element.column, headings=(element.name, *element.synonyms), element=element.code)
        for element in known.elements
    )
    elements = Table(code=ELEMENTS, name=pack.name, columns=tuple(columns))
    return Loaded(pack=pack, code_tables=tables, elements=elements)


def _with_included(name: str, folder: Path, above: tuple[str, ...]) -> tuple[Pack, tuple[Fault, ...]]:
    own = Path(name) if "/" in name and not above else folder / name
    is_named = own.name == name and _NAME.fullmatch(name) is not None
    paths = sorted(own.glob("*.yaml")) if is_named or (not above and "/" in name) else []
    if not paths:
        known = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
        raise PackNotFound(pack=name, known=", ".join(known) or "—")
    files = {file.name: file.read_text(encoding="utf-8") for file in paths}
    pack, faults = read_pack(own.name, files)
    for included in pack.includes:
        if included in (*above, name):
            message = "The pack includes itself."
            return pack, (*faults, Fault(file="pack.yaml", place=included, message=message))
        other, more = _with_included(included, folder, (*above, name))
        pack = replace(pack, elements={**other.elements, **pack.elements})
        faults += more
    return pack, faults


def _unknown(pack: Pack, tables: Mapping[str, CodeTable], elements: frozenset[str]) -> tuple[Fault, ...]:
    named = {column.element: table.code for table in pack.tables.values() for column in table.columns}
    named |= dict.fromkeys(pack.elements, "elements")
    faults = [
        Fault(
            file=place,
            place=element,
            message="The catalogue has no data element “%(element)s”.",
            details={"element": element},
        )
        for element, place in named.items()
        if element and element not in elements
    ]
    faults += [
        Fault(
            file=rule.element or "rules",
            place=rule.code,
            message="The catalogue has no code table “%(table)s”.",
            details={"table": rule.check.table},
        )
        for rule in pack.rules
        if isinstance(rule.check, Listed) and rule.check.table and rule.check.table not in tables
    ]
    return tuple(faults)
