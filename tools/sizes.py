"""Refuse long functions and long files (style.md): p90 of functions ≤ 25 lines, none over 60, no file over 400."""

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

MOST_LINES_IN_FILE = 400
MOST_LINES_IN_FUNCTION = 60
MOST_LINES_AT_P90 = 25
P90 = 0.9


@dataclass(frozen=True, slots=True)
class Function:
    """A function, where it stands and how many lines it has without decorators and docstring."""

    place: str
    name: str
    lines: int


def faults_in(folders: Sequence[Path]) -> list[str]:
    """Return a sentence for each limit that is broken."""
    faults: list[str] = []
    functions: list[Function] = []
    for file in sorted(_sources(folders)):
        text = file.read_text(encoding="utf-8")
        if (count := text.count("\n")) > MOST_LINES_IN_FILE:
            faults.append(
                f"{file}: {count} lines; a file has at most {MOST_LINES_IN_FILE}. Split it by idea."
            )
        functions += _functions(file, ast.parse(text))
    faults += [
        f"{function.place}: {function.name} has {function.lines} lines; at most {MOST_LINES_IN_FUNCTION}."
        for function in functions
        if function.lines > MOST_LINES_IN_FUNCTION
    ]
    lengths = sorted(function.lines for function in functions)
    if lengths and (p90 := lengths[int(P90 * (len(lengths) - 1))]) > MOST_LINES_AT_P90:
        faults.append(
            f"A tenth of all functions is longer than {p90} lines; the limit is {MOST_LINES_AT_P90}."
        )
    return faults


def _sources(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (file for file in folder.rglob("*.py") if "migrations" not in file.parts)


def _functions(file: Path, tree: ast.Module) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            lines = (node.end_lineno or node.lineno) - first.lineno + 1
            yield Function(f"{file}:{node.lineno}", node.name, lines)


def main(arguments: Sequence[str]) -> int:
    """Check the folders named on the command line."""
    faults = faults_in([Path(argument) for argument in arguments])
    print("\n".join(faults) or "sizes: kept")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
