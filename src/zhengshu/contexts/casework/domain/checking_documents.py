"""Checks what a case type says of the documents of its cases."""

from collections.abc import Iterator

from zhengshu.contexts.casework.domain.definitions import Definition
from zhengshu.contexts.casework.domain.faults import DEFINITION, Fault
from zhengshu.foundation.files.kinds import KINDS

MOST_DOCUMENTS = 1000
MOST_MEGABYTES = 2000


def check_documents(definition: Definition) -> Iterator[Fault]:
    """Yield kinds of files that nobody could judge, and limits that are none."""
    rule = definition.documents
    for kind in rule.kinds:
        if f".{kind}" not in KINDS:
            known = ", ".join(ending.removeprefix(".") for ending in KINDS)
            details: dict[str, object] = {"kind": "kind of file", "name": kind, "known": known}
            yield Fault(file=DEFINITION, element="documents.kinds", code="unknown-reference", details=details)
    for name, value, most in (
        ("most", rule.most, MOST_DOCUMENTS),
        ("most_mb", rule.most_mb, MOST_MEGABYTES),
    ):
        if not 1 <= value <= most:
            details = {"value": value, "most": most}
            yield Fault(file=DEFINITION, element=f"documents.{name}", code="documents-unfit", details=details)
