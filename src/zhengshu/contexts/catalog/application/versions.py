"""Between rows and declarations."""

from collections.abc import Iterable, Mapping
from dataclasses import fields

from zhengshu.contexts.catalog.application.records import ResourceRecord
from zhengshu.contexts.catalog.domain.codes import ResourceCode
from zhengshu.contexts.catalog.domain.resources import ItemDraft, ResourceDraft
from zhengshu.contexts.catalog.domain.sharing import use_conditions
from zhengshu.contexts.catalog.domain.vocabulary import (
    Category,
    DataType,
    FormatCategory,
    Grade,
    OpeningClass,
    PersonalClass,
    SharingClass,
    SharingMethod,
    State,
    UpdateCycle,
)
from zhengshu.contexts.catalog.models import ResourceItem, ResourceVersion
from zhengshu.kernel.identity import DepartmentId, ResourceId

_FACTS = tuple(field.name for field in fields(ResourceDraft) if field.name != "items")


def declare(version: ResourceVersion, draft: ResourceDraft) -> None:
    """Put a declaration into a version and save both; the items of an open version are replaced."""
    for name in _FACTS:
        value = getattr(draft, name)
        setattr(version, name, list(value) if isinstance(value, tuple) else value)
    version.save()
    version.items.all().delete()
    ResourceItem.objects.bulk_create(
        ResourceItem(
            version=version,
            position=position,
            **{field.name: getattr(item, field.name) for field in fields(ItemDraft)},
        )
        for position, item in enumerate(draft.items)
    )


def declaration(version: ResourceVersion) -> ResourceDraft:
    """Return the declaration that a version holds; fetch `items` beforehand for many versions."""
    return ResourceDraft(
        name=version.name,
        summary=version.summary,
        classification=version.classification,
        items=tuple(_item(item) for item in version.items.all()),
        format_category=FormatCategory(version.format_category),
        format_type=version.format_type,
        update_cycle=UpdateCycle(version.update_cycle),
        sharing_class=SharingClass(version.sharing_class),
        sharing_methods=tuple(SharingMethod(method) for method in version.sharing_methods),
        sharing_scope=version.sharing_scope,
        sharing_purposes=version.sharing_purposes,
        withheld_reason=version.withheld_reason,
        sharing_basis=version.sharing_basis,
        opening_class=OpeningClass(version.opening_class),
        opening_conditions=version.opening_conditions,
        system_id=version.system_id,
        duty_basis=version.duty_basis,
        keywords=tuple(version.keywords),
        related_codes=tuple(version.related_codes),
    )


def record(
    version: ResourceVersion, *, departments: Mapping[DepartmentId, str], classifications: Mapping[str, str]
) -> ResourceRecord:
    """Return a version as a record; `resource` and `system` come with it."""
    draft = declaration(version)
    resource = version.resource
    code = ResourceCode.parse(resource.code)
    return ResourceRecord(
        id=ResourceId(resource.id),
        code=code.slug,
        official_code=code.official,
        department_id=DepartmentId(resource.department_id),
        department_name=departments.get(DepartmentId(resource.department_id), ""),
        state=State(version.state),
        version=version.number,
        is_retired=resource.retired_at is not None,
        classification_name=classifications.get(version.classification, ""),
        category=Category(resource.category),
        sharing_conditions=use_conditions(draft),
        grade=draft.grade,
        holds_personal_information=draft.holds_personal_information,
        system_name=version.system.name if version.system else "",
        changed_at=version.changed_at,
        published_at=version.published_at,
        **{name: getattr(draft, name) for name in (*_FACTS, "items")},
    )


def element_codes(versions: Iterable[ResourceVersion]) -> frozenset[str]:
    """Return the data elements that the items of some versions follow."""
    return frozenset(
        item.element_code for version in versions for item in version.items.all() if item.element_code
    )


def _item(row: ResourceItem) -> ItemDraft:
    return ItemDraft(
        name=row.name,
        column=row.column,
        data_type=DataType(row.data_type),
        length=row.length,
        grade=Grade(row.grade),
        personal=PersonalClass(row.personal),
        element_code=row.element_code,
        code_table=row.code_table,
        is_key=row.is_key,
        is_required=row.is_required,
        description=row.description,
    )
