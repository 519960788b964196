"""Checks the expressions and scripts of a case type against what its data and tasks can be."""

from collections.abc import Iterator

from zhengshu.contexts.casework.domain import expressions
from zhengshu.contexts.casework.domain.definitions import Definition
from zhengshu.contexts.casework.domain.expressions import OutsideTheLanguage
from zhengshu.contexts.casework.domain.faults import Fault


def check_expression(
    text: str, definition: Definition, *, file: str, element: str, line: int = 0
) -> Iterator[Fault]:
    """Yield the faults of an expression: its language, the names it reads, the texts it compares them to."""
    try:
        names = expressions.names(text)
    except OutsideTheLanguage as refusal:
        yield Fault(
            file=file, element=element, code="expression-unfit", line=line, details={"what": refusal.text()}
        )
        return
    for name in sorted(names):
        if name not in known_names(definition):
            yield Fault(file=file, element=element, code="name-unknown", line=line, details={"name": name})
    for name, texts in sorted(expressions.compared_texts(text).items()):
        known = possible_texts(definition, name)
        for one in sorted(texts - known) if known else ():
            details = {"name": name, "text": one, "known": ", ".join(sorted(known - {""}))}
            yield Fault(file=file, element=element, code="text-impossible", line=line, details=details)


def check_script(
    text: str, definition: Definition, *, file: str, element: str, line: int = 0
) -> Iterator[Fault]:
    """Yield the faults of a script: each line sets a declared datum to an expression."""
    try:
        lines = expressions.assignments(text)
    except OutsideTheLanguage as refusal:
        yield Fault(
            file=file, element=element, code="expression-unfit", line=line, details={"what": refusal.text()}
        )
        return
    for name, expression in lines:
        if name not in definition.data:
            yield Fault(file=file, element=element, code="name-unknown", line=line, details={"name": name})
        yield from check_expression(expression, definition, file=file, element=element, line=line)


def known_names(definition: Definition) -> frozenset[str]:
    """Return the names that conditions may read: data, tasks for their outcome, and counted outcomes."""
    return frozenset({*definition.data, *definition.tasks, *definition.counted_names()})


def possible_texts(definition: Definition, name: str) -> frozenset[str]:
    """Return the texts that a name can be; empty where it can be any."""
    if name in definition.tasks:
        return frozenset({"", *definition.tasks[name].outcomes})
    datum = definition.data.get(name)
    return frozenset(datum.values) if datum is not None else frozenset()
