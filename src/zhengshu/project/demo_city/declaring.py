"""The catalogue of the city: declared, approved and published by the people whose step it is, then delivered."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api as lake
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.identity import DepartmentId
from zhengshu.project.demo_city.accounts import PLATFORM, official_actor
from zhengshu.project.demo_city.content import City
from zhengshu.project.demo_city.platform_content import Platform, Resource, System

REGIONS = "region"
"""The code table of a deployment's own regions."""

Say = Callable[[str], None]


def install_standards(city: City, *, at: datetime) -> None:
    """Load the national standards, and the regions of this city as a code table of its own; once."""
    try:
        catalog.code_table(code=REGIONS)
    except catalog.CodeTableNotFound:
        catalog.load_standards(folder=Path(settings.PACKS_FOLDER) / "catalog", at=at)
        _declare_regions(city, at=at)


def _declare_regions(city: City, *, at: datetime) -> None:
    places = [(city.province.code, city.province.name), (city.city.code, city.city.name)]
    for county in city.counties:
        places.append((county.code, county.name))
        places += [(f"{county.code}{number:03}", name) for number, name in enumerate(county.towns, start=1)]
    catalog.declare_code_table(
        table=catalog.CodeTableRecord(
            code=REGIONS,
            name=f"{city.city.name}行政区划代码",
            standard="GB/T 2260",
            entries=tuple(catalog.CodeEntryRecord(code=code, name=name) for code, name in places),
        ),
        actor=PLATFORM,
        at=at,
    )


def install_resources(
    platform: Platform, ids: Mapping[str, DepartmentId], *, at: datetime, say: Say
) -> Mapping[str, str]:
    """Bring every resource to publication; return their codes by key."""
    codes: dict[str, str] = {}
    for resource in platform.resources:
        found = _found(resource, ids[resource.department])
        if found is None:
            say(f"declaring {resource.name}")
            system_id = _system(platform.systems[resource.department], resource.department, at=at)
            officer = official_actor(f"{resource.department}.officer")
            drafted = catalog.draft_resource(draft=_draft(resource, system_id), actor=officer, at=at)
            code, state = drafted.code, drafted.state
        else:
            code, state = found.code, found.state
        codes[resource.key] = code
        if state is not catalog.State.PUBLISHED:
            _publish(resource, code, state, at=at)
    return codes


def install_sources(platform: Platform, codes: Mapping[str, str], *, at: datetime) -> None:
    """Name the authoritative sources that are not named yet."""
    wanted = {element: resource.key for resource in platform.resources for element in resource.source_of}
    named = catalog.sources_of_elements(codes=wanted)
    missing = {element: key for element, key in wanted.items() if element not in named}
    reviewer = official_actor("data.reviewer") if missing else None
    for element, key in missing.items():
        if reviewer is not None:
            catalog.name_authoritative_source(
                element_code=element, resource_code=codes[key], actor=reviewer, at=at
            )


def deliver_files(
    platform: Platform, codes: Mapping[str, str], folder: Path, *, at: datetime, say: Say
) -> None:
    """Collect the file of every resource that serves nothing yet."""
    published = {key: catalog.published_by_code(code=code) for key, code in codes.items()}
    served = lake.servings(resource_ids=[record.id for record in published.values()])
    for resource in platform.resources:
        if published[resource.key].id in served:
            continue
        say(f"collecting {resource.file}")
        lake.collect(
            resource_code=codes[resource.key],
            source=folder / resource.file,
            file_name=Path(resource.file).name,
            actor=official_actor(f"{resource.department}.officer"),
            at=at,
        )


def _found(resource: Resource, department_id: DepartmentId) -> catalog.ResourceSummary | None:
    page = catalog.search(query=ListQuery(text=resource.name, size=50), actor=PLATFORM)
    ours = (row for row in page.rows if row.name == resource.name and row.department_id == department_id)
    return next(ours, None)


def _system(system: System, department: str, *, at: datetime) -> UUID:
    officer = official_actor(f"{department}.officer")
    page = catalog.find_systems(query=ListQuery(text=system.name), actor=officer)
    for row in page.rows:
        if row.department_id == officer.department_id and row.name == system.name:
            return row.id
    draft = catalog.SystemDraft(name=system.name, summary=system.summary, protection_level=system.level)
    return catalog.register_system(draft=draft, actor=officer, at=at)


def _publish(resource: Resource, code: str, state: catalog.State, *, at: datetime) -> None:
    officer, head = (
        official_actor(f"{resource.department}.officer"),
        official_actor(f"{resource.department}.head"),
    )
    if state is catalog.State.DRAFT:
        state = catalog.submit_resource(code=code, actor=officer, at=at + timedelta(hours=1)).state
    if state is catalog.State.SUBMITTED:
        assessed = catalog.Assessments(secrecy_risk=True, personal_information=True, note="评估报告已归档")
        catalog.approve_resource(code=code, assessments=assessed, actor=head, at=at + timedelta(hours=4))
        state = catalog.State.APPROVED
    if state is catalog.State.APPROVED:
        catalog.publish_resource(
            code=code, actor=official_actor("data.reviewer"), at=at + timedelta(hours=20)
        )


def _draft(resource: Resource, system_id: UUID) -> catalog.ResourceDraft:
    return catalog.ResourceDraft(
        name=resource.name,
        summary=resource.summary,
        classification=resource.classification,
        items=tuple(item.draft() for item in resource.items),
        format_type=resource.format,
        update_cycle=resource.update_cycle,
        sharing_class=resource.sharing,
        sharing_methods=(catalog.SharingMethod.SERVICE, catalog.SharingMethod.FILE),
        sharing_scope=resource.scope,
        sharing_purposes=resource.purposes,
        withheld_reason=resource.reason,
        sharing_basis=resource.basis,
        opening_class=resource.opening,
        opening_conditions=resource.opening_conditions,
        system_id=system_id,
        duty_basis=resource.duty,
        keywords=resource.keywords,
    )
