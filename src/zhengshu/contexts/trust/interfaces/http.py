"""Management API of `trust`."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router, Schema

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application.listings import (
    SystemRow,
    list_departments,
    list_systems,
    visible_department,
    visible_system,
)
from zhengshu.contexts.trust.domain.kinds import Level
from zhengshu.contexts.trust.interfaces.web_systems import READERS
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import MOST_ROWS_PER_PAGE, ListQuery

router = Router(tags=["trust"])


class DepartmentOut(Schema):
    """A department."""

    id: UUID
    code: str
    name: str
    short_name: str
    region: str
    level: Level
    parent_id: UUID | None
    is_data_authority: bool
    is_active: bool

    @classmethod
    def from_record(cls, record: api.DepartmentRecord) -> "DepartmentOut":
        """Make the answer of a record."""
        return cls(
            id=record.id,
            code=record.code,
            name=record.name,
            short_name=record.short_name,
            region=record.region,
            level=record.level,
            parent_id=record.parent_id,
            is_data_authority=record.is_data_authority,
            is_active=record.is_active,
        )


class SystemOut(Schema):
    """A consuming system."""

    id: UUID
    name: str
    department_id: UUID
    is_active: bool
    active_keys: int
    created_at: datetime

    @classmethod
    def from_row(cls, row: SystemRow) -> "SystemOut":
        """Make the answer of a row of the list."""
        return cls(
            id=row.system.id,
            name=row.system.name,
            department_id=row.system.department_id,
            is_active=row.system.is_active,
            active_keys=row.active_keys,
            created_at=row.system.created_at,
        )


class DepartmentsOut(Schema):
    """One page of departments."""

    total: int
    rows: list[DepartmentOut]


class SystemsOut(Schema):
    """One page of consuming systems."""

    total: int
    rows: list[SystemOut]


class Asked(Schema):
    """What a list is asked for."""

    q: str = ""
    page: int = 1
    size: int = 20

    def query(self) -> ListQuery:
        """Return it as the lists understand it, within their limits."""
        return ListQuery(
            text=self.q.strip()[:200], page=max(1, self.page), size=min(max(1, self.size), MOST_ROWS_PER_PAGE)
        )


@router.get("/departments", auth=official(), response=DepartmentsOut, summary="List departments")
def departments(request: ActorRequest, asked: Query[Asked]) -> DepartmentsOut:
    """Return one page of active departments."""
    page = list_departments(query=asked.query(), actor=request.actor)
    return DepartmentsOut(
        total=page.total, rows=[DepartmentOut.from_record(row.department) for row in page.rows]
    )


@router.get(
    "/departments/{department_id}", auth=official(), response=DepartmentOut, summary="Read a department"
)
def department(request: ActorRequest, department_id: UUID) -> DepartmentOut:
    """Return a department."""
    return DepartmentOut.from_record(visible_department(department_id=department_id, actor=request.actor))


@router.get("/systems", auth=official(*READERS), response=SystemsOut, summary="List consuming systems")
def systems(request: ActorRequest, asked: Query[Asked]) -> SystemsOut:
    """Return one page of the consuming systems that one may see."""
    page = list_systems(query=asked.query(), actor=request.actor, at=timezone.now())
    return SystemsOut(total=page.total, rows=[SystemOut.from_row(row) for row in page.rows])


@router.get(
    "/systems/{system_id}", auth=official(*READERS), response=SystemOut, summary="Read a consuming system"
)
def system(request: ActorRequest, system_id: UUID) -> SystemOut:
    """Return a consuming system."""
    return SystemOut.from_row(visible_system(system_id=system_id, actor=request.actor))
