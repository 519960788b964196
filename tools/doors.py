"""Refuse an import of another context except by its doors, and a relation of layers that import-linter cannot say.

import-linter checks the order of contexts and the inside of a context. This walk checks that what one context
imports of another is `api` or `events`, nothing deeper; `project` may see all.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOM = "zhengshu.contexts."
DOORS = frozenset({"api", "events"})
TESTS = "tests"
"""Tests may use the factories that another context gives to tests, nothing else behind its doors."""


def faults_in(root: Path) -> list[str]:
    """Return a sentence for each import that climbs in through a window; `root` is the folder `contexts`."""
    faults: list[str] = []
    for file in sorted(root.rglob("*.py")):
        home, *rooms = file.relative_to(root).parts
        doors = DOORS | {TESTS} if TESTS in rooms else DOORS
        for line, module in _imports(ast.parse(file.read_text(encoding="utf-8"))):
            if not module.startswith(ROOM):
                continue
            room, *inside = module.removeprefix(ROOM).split(".")
            if room != home and not (inside and inside[0] in doors):
                faults.append(f"{file}:{line}: {home} imports {module}; use {ROOM}{room}.api or .events.")
    return faults


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def main(arguments: Sequence[str]) -> int:
    """Check the contexts folder named on the command line."""
    faults = faults_in(Path(arguments[0]))
    print("\n".join(faults) or "doors: kept")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
