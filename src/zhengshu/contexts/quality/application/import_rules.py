"""Make a pack of foreign rules: a folder of ours, with examples made for each rule, and a list of what was left out."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from zhengshu.contexts.quality.domain.examples import examples_of
from zhengshu.contexts.quality.domain.faults import Reason
from zhengshu.contexts.quality.domain.foreign import (
    Entry,
    LeftOut,
    NotForeignRules,
    columns_in,
    read_checks,
    read_expectations,
)
from zhengshu.contexts.quality.domain.reading import ABOUT, read_pack
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.plain_yaml import write_yaml

INDICATOR_OF: Final[Mapping[str, str]] = {
    "complete": "0201",
    "unique": "0304",
    "reference": "0402",
    "freshness": "0502",
    "volume": "0202",
    "code_table": "0105",
    "range": "0301",
}
"""Kind → the indicator of GB/T 36344 that it counts towards; others count as form."""
_FORM = "0302"
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,62}")


class ForeignRulesNotReadable(Refused):
    """A file is neither a suite of Great Expectations nor a list of Soda checks."""

    code = "quality.foreign-rules-not-readable"
    message = "“%(file)s” holds no rules to import. Give a suite of Great Expectations (JSON) or Soda checks (YAML)."


class FolderNotEmpty(Refused):
    """A pack would be written into a folder that holds something."""

    code = "quality.folder-not-empty"
    kind = Kind.CONFLICT
    message = "“%(folder)s” is not empty. Name a folder that does not exist yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPack:
    """A pack that was made: how many rules it has, and what was left out."""

    rules: int
    left_out: tuple[LeftOut, ...]


def import_rules(file: Path, *, folder: Path, table: str = "") -> ImportedPack:
    """Write the rules of a foreign file as a pack.

    Args:
        file: a suite of Great Expectations (JSON) or SodaCL checks (YAML).
        folder: the new pack.
        table: the table's code where the file does not name it; its own name otherwise.

    Raises:
        ForeignRulesNotReadable: it holds no such rules.
        FolderNotEmpty: the folder holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmpty(folder=folder.name)
    text = file.read_text(encoding="utf-8")
    name = table or re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-") or "table"
    try:
        found = read_expectations(text, table=name) if file.suffix == ".json" else read_checks(text)
    except NotForeignRules as fault:
        raise ForeignRulesNotReadable(file=file.name) from fault
    left_out, files, count = list(found.left_out), dict[str, str](), 0
    files[ABOUT] = write_yaml({"name": file.stem})
    for code, entries in found.tables.items():
        rules = _written(entries, file.name, left_out)
        count += len(rules)
        files[f"{code}.yaml"] = _table(code, rules)
    for code, columns in _named_besides(found.tables).items():
        named = {name: {"name": name} for name in columns}
        files[f"{code}.yaml"] = write_yaml({"table": code, "name": code, "columns": named, "rules": []})
    _, faults = read_pack(folder.name, files)
    if faults:
        raise ForeignRulesNotReadable(file=file.name)
    folder.mkdir(parents=True, exist_ok=True)
    for file_name, content in files.items():
        (folder / file_name).write_text(content, encoding="utf-8")
    return ImportedPack(rules=count, left_out=tuple(left_out))


def _written(entries: Sequence[Entry], source: str, left_out: list[LeftOut]) -> list[Entry]:
    """Return rules as a pack writes them; those without examples, or of columns that have no code, are left out."""
    rules: list[Entry] = []
    for entry in entries:
        about, examples = str(entry["name"]), examples_of(entry)
        strange = [name for name in columns_in([entry]) if not _COLUMN.fullmatch(name)]
        if strange:
            message = "“%(column)s” is no field name: small letters, digits and _, beginning with a letter."
            left_out.append(
                LeftOut(rule=about, reason=Reason(message=message, details={"column": strange[0]}))
            )
        elif examples is None:
            reason = Reason(message="No example can be made for it; write the rule by hand.")
            left_out.append(LeftOut(rule=about, reason=reason))
        else:
            kind = str(entry["kind"])
            rules.append(
                {
                    "code": f"rule-{len(rules) + 1}",
                    **entry,
                    "indicator": INDICATOR_OF.get(kind, _FORM),
                    "basis": source,
                    "passes": [examples[0]],
                    "fails": [examples[1]],
                }
            )
    return rules


def _named_besides(tables: Mapping[str, Sequence[Entry]]) -> Mapping[str, Sequence[str]]:
    """Return the tables that only references name, with the columns that these need."""
    named: dict[str, list[str]] = {}
    for rule in (rule for rules in tables.values() for rule in rules):
        theirs = rule.get("their_columns")
        if rule["kind"] == "reference" and rule["table"] not in tables and isinstance(theirs, list):
            named.setdefault(str(rule["table"]), []).extend(map(str, theirs))
    return named


def _table(code: str, rules: Sequence[Entry]) -> str:
    columns = {name: {"name": name} for name in columns_in(rules)} or {"value": {"name": "value"}}
    separate = json.loads(json.dumps(rules))  # rows that examples share would be written as aliases
    return write_yaml({"table": code, "name": code, "columns": columns, "rules": separate})
