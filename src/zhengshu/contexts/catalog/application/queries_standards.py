"""Questions about the classification, data elements, code tables and sources."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from zhengshu.contexts.catalog.domain.standards import (
    ClassificationRecord,
    CodeEntryRecord,
    CodeTableRecord,
    ElementRecord,
)
from zhengshu.contexts.catalog.domain.vocabulary import DataType, Grade, PersonalClass
from zhengshu.contexts.catalog.models import (
    AuthoritativeSource,
    Classification,
    CodeEntry,
    CodeTable,
    DataElement,
)
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.lists import ListQuery, Page, paged
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId, ResourceId


class ElementNotFound(Refused):
    """No such data element."""

    code = "catalog.element-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no data element “%(code)s”."


class CodeTableNotFound(Refused):
    """No such code table."""

    code = "catalog.code-table-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no code table “%(code)s”."


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """The authoritative source of an element, in force while `active_to` is None."""

    element_code: str
    element_name: str
    resource_id: ResourceId
    resource_code: str
    resource_name: str
    department_id: DepartmentId
    department_name: str
    named_by: str
    active_from: datetime
    active_to: datetime | None
    withdrawn_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTableSummary:
    """One line of the list of code tables."""

    code: str
    name: str
    standard: str
    entries: int


def classification() -> tuple[ClassificationRecord, ...]:
    """Return the whole classification in the order of its codes."""
    return tuple(
        ClassificationRecord(code=row.code, name=row.name, parent=row.parent_code, is_leaf=row.is_leaf)
        for row in Classification.objects.order_by("code")
    )


def elements(*, codes: Iterable[str] | None = None) -> tuple[ElementRecord, ...]:
    """Return data elements, all of them or some, in the order of their codes."""
    rows = DataElement.objects.order_by("code")
    return tuple(_element(row) for row in (rows if codes is None else rows.filter(code__in=tuple(codes))))


def element(*, code: str) -> ElementRecord:
    """Return one data element.

    Raises:
        ElementNotFound: there is none.
    """
    found = elements(codes=(code,))
    if not found:
        raise ElementNotFound(code=code[:60])
    return found[0]


def find_elements(*, query: ListQuery, actor: Actor) -> Page[ElementRecord]:
    """Search data elements by name, code, synonym or definition."""
    rows = DataElement.objects.visible_to(actor)
    for word in query.text.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(code__icontains=word)
            | Q(definition__icontains=word)
            | Q(synonyms__contains=[word])
        )
    if "yes" in query.filters.get("source", ()):
        rows = rows.filter(sources__active_to__isnull=True, sources__isnull=False)
    if "no" in query.filters.get("source", ()):
        rows = rows.exclude(sources__in=AuthoritativeSource.objects.filter(active_to=None))
    return paged(rows.order_by(query.sort or "code"), query, _element)


def code_table(*, code: str) -> CodeTableRecord:
    """Return a code table with its entries.

    Raises:
        CodeTableNotFound: there is none.
    """
    found = code_tables(codes=(code,))
    if not found:
        raise CodeTableNotFound(code=code[:60])
    return found[0]


def code_tables(
    *, codes: Iterable[str] | None = None, most_entries: int | None = None
) -> tuple[CodeTableRecord, ...]:
    """Return code tables with their entries; leave out those with more entries than `most_entries`."""
    rows = CodeTable.objects.order_by("code").prefetch_related("entries")
    if codes is not None:
        rows = rows.filter(code__in=tuple(codes))
    if most_entries is not None:
        large = CodeTable.objects.annotate(size=Count("entries")).filter(size__gt=most_entries)
        rows = rows.exclude(id__in=large.values("id"))
    return tuple(
        CodeTableRecord(
            code=row.code,
            name=row.name,
            standard=row.standard,
            entries=tuple(
                CodeEntryRecord(code=entry.code, name=entry.name, parent=entry.parent_code)
                for entry in row.entries.all()
            ),
        )
        for row in rows
    )


def find_code_tables(*, query: ListQuery, actor: Actor) -> Page[CodeTableSummary]:
    """Search code tables by name, code or standard."""
    rows = CodeTable.objects.visible_to(actor)
    for word in query.text.split():
        rows = rows.filter(Q(name__icontains=word) | Q(code__icontains=word) | Q(standard__icontains=word))
    page = paged(rows.order_by(query.sort or "code"), query, lambda row: row)
    counted = (
        CodeEntry.objects.filter(table__in=page.rows)
        .order_by()
        .values_list("table_id")
        .annotate(n=Count("id"))
    )
    sizes = dict(counted)
    found = tuple(
        CodeTableSummary(code=row.code, name=row.name, standard=row.standard, entries=sizes.get(row.id, 0))
        for row in page.rows
    )
    return Page(rows=found, total=page.total, query=query)


def sources_of_elements(*, codes: Iterable[str]) -> Mapping[str, SourceRecord]:
    """Return the source in force of each of some elements."""
    rows = AuthoritativeSource.objects.filter(element__code__in=tuple(codes), active_to=None)
    return {found.element_code: found for found in _sources(rows.select_related("element", "resource"))}


def sources_of_resource(*, resource_id: ResourceId) -> tuple[SourceRecord, ...]:
    """Return the elements of which a resource is the source now."""
    rows = AuthoritativeSource.objects.filter(resource_id=resource_id, active_to=None)
    return _sources(rows.select_related("element", "resource"))


def history_of_source(*, element_code: str) -> tuple[SourceRecord, ...]:
    """Return all sources that an element ever had, newest first."""
    rows = AuthoritativeSource.objects.filter(element__code=element_code).order_by("-active_from")
    return _sources(rows.select_related("element", "resource"))


def _sources(rows: Iterable[AuthoritativeSource]) -> tuple[SourceRecord, ...]:
    found: Sequence[AuthoritativeSource] = tuple(rows)
    departments = trust.departments(ids={DepartmentId(row.department_id) for row in found})
    return tuple(
        SourceRecord(
            element_code=row.element.code,
            element_name=row.element.name,
            resource_id=ResourceId(row.resource_id),
            resource_code=row.resource.code,
            resource_name=row.resource.name,
            department_id=DepartmentId(row.department_id),
            department_name=departments[DepartmentId(row.department_id)].name,
            named_by=row.named_by,
            active_from=row.active_from,
            active_to=row.active_to,
            withdrawn_reason=row.withdrawn_reason,
        )
        for row in found
    )


def _element(row: DataElement) -> ElementRecord:
    return ElementRecord(
        code=row.code,
        name=row.name,
        definition=row.definition,
        data_type=DataType(row.data_type),
        length=row.length,
        representation=row.representation,
        code_table=row.code_table,
        grade=Grade(row.grade),
        personal=PersonalClass(row.personal),
        synonyms=tuple(row.synonyms),
        column=row.column,
        shape=row.shape,
        standard=row.standard,
    )
