"""The page of acts that ask again who somebody is says what the code and the packs say."""

import ast
import re
from pathlib import Path

from zhengshu.contexts.casework.domain.definitions import read_definition

ROOT = Path(__file__).resolve().parents[2]
CONTEXTS = ROOT / "src" / "zhengshu" / "contexts"
PAGE = (ROOT / "docs" / "reference" / "sensitive-acts.md").read_text(encoding="utf-8")
BY_DATA = {"casework.complete_task.complete_task", "casework.assurance.ask_before"}
"""These ask what the case type says."""


def asking() -> set[str]:
    """Return the use cases that call `require_assured`, by context, module and name."""
    found = set()
    for file in CONTEXTS.glob("*/application/**/*.py"):
        for function in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(function, ast.FunctionDef) and "require_assured(" in ast.unparse(function):
                context, _application, *modules = file.relative_to(CONTEXTS).with_suffix("").parts
                found.add(".".join((context, *modules, function.name)))
    return found


def in_packs() -> set[tuple[str, str, str]]:
    """Return which acts of the packs' case types ask for which level."""
    found: set[tuple[str, str, str]] = set()
    for file in (ROOT / "packs" / "case-types").glob("*/type.yaml"):
        definition = read_definition(file.read_text(encoding="utf-8"))
        for code, task in definition.tasks.items():
            levels: dict[str, str] = {code: task.assurance}
            levels |= {f"{code}.{name}": outcome.assurance for name, outcome in task.outcomes.items()}
            found |= {(definition.code, act, level) for act, level in levels.items() if level}
    return found


def test_names_each_use_case_that_asks() -> None:
    named = set(re.findall(r"^\| [^|`]+ \| `([^`]+)` \|$", PAGE, re.MULTILINE))

    assert named == asking() - BY_DATA
    assert asking() >= BY_DATA


def test_names_each_act_of_the_packs() -> None:
    rows = set(re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \|$", PAGE, re.MULTILINE))

    assert rows == in_packs()
    assert rows
