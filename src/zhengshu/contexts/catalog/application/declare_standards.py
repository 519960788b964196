"""Declare what catalogue entries refer to: the classification, code tables, data elements. All idempotent."""

import hashlib
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.catalog.domain.faults import Fault
from zhengshu.contexts.catalog.domain.standards import (
    ClassificationRecord,
    CodeTableRecord,
    ElementRecord,
    faults_of_classification,
    faults_of_code_table,
    faults_of_element,
)
from zhengshu.contexts.catalog.events import ClassificationDeclared, CodeTableDeclared, ElementDeclared
from zhengshu.contexts.catalog.models import Classification, CodeEntry, CodeTable, DataElement
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import NOBODY, Actor, Role
from zhengshu.kernel.errors import Kind, Refused


class StandardNotAcceptable(Refused):
    """The declaration breaks rules; `faults` names each place with what was expected."""

    code = "catalog.standard-not-acceptable"
    message = "“%(name)s” cannot be accepted, first at “%(field)s”. %(sentence)s"

    def __init__(self, name: str, faults: tuple[Fault, ...]) -> None:
        """Keep the faults beside the sentence about the first."""
        self.faults = faults
        super().__init__(name=name, field=faults[0].field, sentence=faults[0].text())


class NotTheDataAuthority(Refused):
    """Standards and sources are the data authority's to declare; ask its reviewer."""

    code = "catalog.not-the-data-authority"
    kind = Kind.FORBIDDEN
    message = "Only a reviewer of the data authority declares standards and authoritative sources."


@transaction
def declare_classification(*, nodes: Sequence[ClassificationRecord], actor: Actor, at: datetime) -> int:
    """Put the nodes of a classification into the ledger; return how many are new or changed.

    Raises:
        NotTheDataAuthority: the actor may not.
        StandardNotAcceptable: a node without its parent, or a leaf whose code is none.
    """
    require_authority(actor)
    if faults := faults_of_classification(tuple(nodes)):
        raise StandardNotAcceptable("classification", faults)
    known = {row.code: (row.name, row.parent_code, row.is_leaf) for row in Classification.objects.all()}
    changed = [node for node in nodes if known.get(node.code) != (node.name, node.parent, node.is_leaf)]
    Classification.objects.bulk_create(
        (
            Classification(code=node.code, name=node.name, parent_code=node.parent, is_leaf=node.is_leaf)
            for node in changed
        ),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "parent_code", "is_leaf"],
    )
    if changed:
        subject = Subject(kind="catalog.classification", id=str(NOBODY), label="classification")
        publish(ClassificationDeclared(at=at, actor=actor, subject=subject, nodes=len(changed)))
    return len(changed)


@transaction
def declare_code_table(*, table: CodeTableRecord, actor: Actor, at: datetime) -> bool:
    """Declare or replace a code table; return whether anything changed.

    Raises:
        NotTheDataAuthority: the actor may not.
        StandardNotAcceptable: codes repeat, or stand under codes that are not there.
    """
    require_authority(actor)
    if faults := faults_of_code_table(table):
        raise StandardNotAcceptable(table.name, faults)
    digest = hashlib.sha256(repr(table).encode()).hexdigest()
    row = CodeTable.objects.select_for_update().filter(code=table.code).first()
    if row is not None and row.digest == digest:
        return False
    row = row or CodeTable(code=table.code)
    row.name, row.standard, row.digest, row.changed_at = table.name, table.standard, digest, at
    row.save()
    row.entries.all().delete()
    CodeEntry.objects.bulk_create(
        (
            CodeEntry(
                table=row, position=position, code=entry.code, name=entry.name, parent_code=entry.parent
            )
            for position, entry in enumerate(table.entries)
        ),
        batch_size=5000,
    )
    subject = Subject(kind="catalog.code-table", id=str(row.id), label=f"{row.code} {row.name}")
    publish(CodeTableDeclared(at=at, actor=actor, subject=subject, code=row.code, entries=len(table.entries)))
    return True


@transaction
def declare_element(*, element: ElementRecord, actor: Actor, at: datetime) -> UUID:
    """Declare or change a data element; return its id.

    Basis: Decree 809, article 12 (unified standards).

    Raises:
        NotTheDataAuthority: the actor may not.
        StandardNotAcceptable: with the first field that breaks a rule.
    """
    require_authority(actor)
    tables = frozenset(CodeTable.objects.filter(code=element.code_table).values_list("code", flat=True))
    if faults := faults_of_element(element, code_tables=tables):
        raise StandardNotAcceptable(element.name, faults)
    row = DataElement.objects.select_for_update().filter(code=element.code).first() or DataElement(
        code=element.code
    )
    changed = row.changed_at is None
    for field in fields(ElementRecord):
        value = getattr(element, field.name)
        value = list(value) if isinstance(value, tuple) else value
        changed = changed or getattr(row, field.name) != value
        setattr(row, field.name, value)
    if changed:
        row.changed_at = at
        row.save()
        subject = Subject(kind="catalog.element", id=str(row.id), label=f"{row.code} {row.name}")
        publish(ElementDeclared(at=at, actor=actor, subject=subject, code=row.code))
    return row.id


def require_authority(actor: Actor) -> None:
    """Let reviewers of the data authority pass.

    Raises:
        NotTheDataAuthority: anybody else.
    """
    if not actor.has(Role.REVIEWER):
        raise NotTheDataAuthority
