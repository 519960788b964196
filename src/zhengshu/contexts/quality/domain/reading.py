"""Reading a pack: YAML files become rules, or a plain sentence for each fault."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from zhengshu.contexts.quality.domain.checks import Agrees, OwnSql, Refers
from zhengshu.contexts.quality.domain.faults import Fault
from zhengshu.contexts.quality.domain.reading_rules import read_rule
from zhengshu.contexts.quality.domain.rules import Pack, Rule, Table, TableColumn
from zhengshu.kernel.plain_yaml import read_yaml

ELEMENTS: Final = "elements.yaml"
ABOUT: Final = "pack.yaml"

_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TABLE_KEYS = frozenset({"table", "name", "resource", "columns", "rules"})


@dataclass(slots=True)
class _Found:
    """What has been read so far."""

    faults: list[Fault] = field(default_factory=list)
    elements: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    includes: tuple[str, ...] = ()


def read_pack(code: str, files: Mapping[str, str]) -> tuple[Pack, tuple[Fault, ...]]:
    """Return the pack in a folder's files, and what is wrong with it; faulty rules are left out.

    Args:
        code: the folder's name.
        files: the text of each YAML file by its name; what was read from the same texts is told again.
    """
    return _read_texts(code, tuple(sorted(files.items())))


@lru_cache(maxsize=16)
def _read_texts(code: str, files: tuple[tuple[str, str], ...]) -> tuple[Pack, tuple[Fault, ...]]:
    found, name = _Found(), code
    for file, text in files:
        tree = _tree(file, text, found)
        if tree is None:
            continue
        if file == ABOUT:
            name = str(tree.get("name", code))
            included = tree.get("includes", [])
            found.includes = tuple(map(str, included)) if isinstance(included, list) else (str(included),)
        elif file == ELEMENTS:
            _read_elements(file, tree, found)
        else:
            _read_table(file, tree, found)
    found.faults += _unknown_tables(found)
    pack = Pack(code=code, name=name, includes=found.includes, elements=found.elements, tables=found.tables)
    return pack, tuple(found.faults)


def _tree(file: str, text: str, found: _Found) -> Mapping[str, object] | None:
    try:
        tree = read_yaml(text)
    except ValueError as fault:
        found.faults.append(
            Fault(
                file=file,
                place="",
                message="The file cannot be read: %(what)s.",
                details={"what": str(fault)},
            )
        )
        return None
    if not isinstance(tree, dict):
        found.faults.append(Fault(file=file, place="", message="The file must hold names and values."))
        return None
    return tree


def _read_elements(file: str, tree: Mapping[str, object], found: _Found) -> None:
    for element, rules in tree.items():
        found.elements[str(element)] = tuple(
            _rules(file, rules, found, element=str(element), columns=frozenset())
        )


def _read_table(file: str, tree: Mapping[str, object], found: _Found) -> None:
    code = str(tree.get("table", ""))
    for key in sorted(set(tree) - _TABLE_KEYS):
        found.faults.append(Fault(file=file, place=str(key), message="A table has no such entry."))
    if not code or code in found.tables:
        found.faults.append(
            Fault(
                file=file,
                place=code,
                message="The table's code (“table:”) is missing, or another file has it too.",
            )
        )
        return
    columns = tuple(_columns(file, tree.get("columns"), found))
    rules = _rules(file, tree.get("rules", []), found, element="", columns=frozenset(c.name for c in columns))
    found.tables[code] = Table(
        code=code,
        name=str(tree.get("name", code)),
        columns=columns,
        rules=tuple(rules),
        resource=str(tree.get("resource", "")),
    )


def _columns(file: str, tree: object, found: _Found) -> Iterator[TableColumn]:
    if not isinstance(tree, dict) or not tree:
        found.faults.append(
            Fault(
                file=file,
                place="columns",
                message="Name the table's columns: field name, “name” or “names” as headings, and “element”.",
            )
        )
        return
    for name, about in tree.items():
        entry = {"name": about} if isinstance(about, str) else about
        if not isinstance(name, str) or not _COLUMN.fullmatch(name) or not isinstance(entry, dict):
            found.faults.append(
                Fault(
                    file=file,
                    place=f"columns.{name}",
                    message="A column's field name has small letters, digits and _, beginning with a letter.",
                )
            )
            continue
        headings = entry.get("names", [entry["name"]] if "name" in entry else [])
        yield TableColumn(
            name=name,
            headings=tuple(str(heading) for heading in headings if heading)
            if isinstance(headings, list)
            else (),
            element=str(entry.get("element", "")),
        )


def _rules(
    file: str, tree: object, found: _Found, *, element: str, columns: frozenset[str]
) -> Iterator[Rule]:
    if not isinstance(tree, list):
        found.faults.append(
            Fault(
                file=file,
                place=element or "rules",
                message="Rules are written as a list, each beginning with “- code:”.",
            )
        )
        return
    for number, entry in enumerate(tree, start=1):
        place = str(entry.get("code", number)) if isinstance(entry, dict) else str(number)
        rule, faults = read_rule(entry, file=file, place=place, element=element, columns=columns)
        found.faults += faults
        if rule is None:
            continue
        if rule.code in found.codes:
            details = {"file": found.codes[rule.code]}
            found.faults.append(
                Fault(
                    file=file,
                    place=place,
                    message="Another rule has this code, in %(file)s; each rule needs a code of its own.",
                    details=details,
                )
            )
            continue
        found.codes[rule.code] = file
        yield rule


def _others_of(rule: Rule) -> frozenset[str]:
    match rule.check:
        case Refers(table=table) | Agrees(table=table):
            return frozenset({table})
        case OwnSql(tables=tables):
            return frozenset(tables)
        case _:
            return frozenset()


def _unknown_tables(found: _Found) -> Iterator[Fault]:
    for table in found.tables.values():
        for rule in table.rules:
            for other in sorted(_others_of(rule) - found.tables.keys()):
                yield Fault(
                    file=table.code,
                    place=rule.code,
                    message="The rule speaks of the table “%(table)s”, which the pack does not describe.",
                    details={"table": other},
                )
