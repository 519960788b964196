"""The lists of the administration: departments, accounts, systems; each costs the same number of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from zhengshu.contexts.trust.application.guard_sign_in import locked_until
from zhengshu.contexts.trust.application.policy import policy
from zhengshu.contexts.trust.application.queries import (
    AccountNotFound,
    DepartmentNotFound,
    SystemNotFound,
    active_roles,
)
from zhengshu.contexts.trust.application.records import AccountRecord, ConsumingSystemRecord, DepartmentRecord
from zhengshu.contexts.trust.domain.kinds import AccountKind
from zhengshu.contexts.trust.models import (
    Account,
    AccountSet,
    ConsumingSystem,
    ConsumingSystemSet,
    Department,
    DepartmentSet,
    RoleAssignment,
)
from zhengshu.foundation.lists import ListQuery, Page, paged
from zhengshu.kernel.actors import Actor, Role

DEPARTMENT_FILTERS = ("level", "state", "authority")
DEPARTMENT_SORTS = ("name", "region", "code")
ACCOUNT_FILTERS = ("kind", "state", "role", "department")
ACCOUNT_SORTS = ("username", "name", "last_login")
SYSTEM_FILTERS = ("state", "department")
SYSTEM_SORTS = ("name", "created_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRow:
    """A department in the list, with how many people and systems it has."""

    department: DepartmentRecord
    parent_name: str
    officials: int
    systems: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRow:
    """A consuming system in the list."""

    system: ConsumingSystemRecord
    department_name: str
    active_keys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A department in the tree, with those below it."""

    department: DepartmentRecord
    children: tuple["Branch", ...]


def list_departments(*, query: ListQuery, actor: Actor) -> Page[DepartmentRow]:
    """Return one page of departments."""
    page = paged(
        _departments(query, actor).select_related("parent").order_by(query.sort or "region", "name", "id"),
        query,
        lambda row: row,
    )
    ids = [row.id for row in page.rows]
    officials = _count(Account.objects.filter(department_id__in=ids, is_active=True))
    systems = _count(ConsumingSystem.objects.filter(department_id__in=ids, is_active=True))
    rows = tuple(
        DepartmentRow(
            department=DepartmentRecord.of(row),
            parent_name=row.parent.name if row.parent else "",
            officials=officials.get(row.id, 0),
            systems=systems.get(row.id, 0),
        )
        for row in page.rows
    )
    return Page(rows=rows, total=page.total, query=query)


def department_tree(*, actor: Actor) -> tuple[Branch, ...]:
    """Return all active departments as a tree, in one query."""
    rows = Department.objects.visible_to(actor).filter(is_active=True).order_by("region", "name")
    below: dict[UUID | None, list[Department]] = {}
    known = {row.id: row for row in rows}
    for row in known.values():
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)

    def branches(parent: UUID | None) -> tuple[Branch, ...]:
        return tuple(
            Branch(department=DepartmentRecord.of(row), children=branches(row.id))
            for row in below.get(parent, ())
        )

    return branches(None)


def visible_department(*, department_id: UUID, actor: Actor) -> DepartmentRecord:
    """Return a department that the actor may see.

    Raises:
        DepartmentNotFound: there is none.
    """
    row = Department.objects.visible_to(actor).filter(id=department_id).first()
    if row is None:
        raise DepartmentNotFound
    return DepartmentRecord.of(row)


def list_accounts(*, query: ListQuery, actor: Actor, at: datetime) -> Page[AccountRecord]:
    """Return one page of accounts."""
    rows = _accounts(query, actor, at).select_related("department").annotate(role_codes=active_roles())
    order = query.sort or "username"
    page = paged(rows.order_by(order, "id"), query, lambda row: row)
    records = _account_records(list(page.rows), at=at)
    return Page(rows=records, total=page.total, query=query)


def visible_account(*, account_id: UUID, actor: Actor, at: datetime) -> AccountRecord:
    """Return an account that the actor may see.

    Raises:
        AccountNotFound: there is none.
    """
    rows = Account.objects.visible_to(actor).filter(id=account_id).select_related("department")
    found = _account_records(list(rows.annotate(role_codes=active_roles())), at=at)
    if not found:
        raise AccountNotFound
    return found[0]


def list_systems(*, query: ListQuery, actor: Actor, at: datetime) -> Page[SystemRow]:
    """Return one page of consuming systems."""
    valid = Q(keys__active_from__lte=at, keys__active_to__gt=at, keys__revoked_at=None)
    rows = (
        _systems(query, actor).select_related("department").annotate(active_keys=Count("keys", filter=valid))
    )
    return paged(
        rows.order_by(query.sort or "name", "id"),
        query,
        lambda row: SystemRow(
            system=ConsumingSystemRecord.of(row),
            department_name=row.department.name,
            active_keys=getattr(row, "active_keys", 0),
        ),
    )


def visible_system(*, system_id: UUID, actor: Actor) -> SystemRow:
    """Return a consuming system that the actor may see.

    Raises:
        SystemNotFound: there is none.
    """
    row = ConsumingSystem.objects.visible_to(actor).filter(id=system_id).select_related("department").first()
    if row is None:
        raise SystemNotFound
    return SystemRow(system=ConsumingSystemRecord.of(row), department_name=row.department.name, active_keys=0)


def _departments(query: ListQuery, actor: Actor) -> DepartmentSet:
    rows = Department.objects.visible_to(actor)
    if query.text:
        text = query.text
        rows = rows.filter(
            Q(name__icontains=text)
            | Q(short_name__icontains=text)
            | Q(code__iexact=text)
            | Q(region__startswith=text)
        )
    if levels := query.filters.get("level"):
        rows = rows.filter(level__in=levels)
    if query.one("authority"):
        rows = rows.filter(is_data_authority=True)
    return rows.filter(is_active=query.one("state") != "closed")


def _accounts(query: ListQuery, actor: Actor, at: datetime) -> AccountSet:
    rows = Account.objects.visible_to(actor)
    if query.text:
        rows = rows.filter(Q(username__icontains=query.text) | Q(name__icontains=query.text))
    if kinds := query.filters.get("kind"):
        rows = rows.filter(kind__in=kinds)
    if roles := query.filters.get("role"):
        held = Q(active_from__lte=at) & (Q(active_to=None) | Q(active_to__gt=at))
        rows = rows.filter(role_assignments__in=_assignments(roles, held)).distinct()
    if department := _uuid(query.one("department")):
        rows = rows.filter(department_id=department)
    match query.one("state"):
        case "active":
            return rows.filter(is_active=True)
        case "inactive":
            return rows.filter(is_active=False)
        case "stale":
            return rows.annotate(used_at=Coalesce("last_login", "created_at")).filter(
                is_active=True, used_at__lt=at - timedelta(days=policy().stale_after_days)
            )
        case _:
            return rows


def _assignments(roles: tuple[str, ...], held: Q) -> models.QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(held, role__in=[role for role in roles if role in set(Role)])


def _systems(query: ListQuery, actor: Actor) -> ConsumingSystemSet:
    rows = ConsumingSystem.objects.visible_to(actor)
    if query.text:
        rows = rows.filter(Q(name__icontains=query.text) | Q(department__name__icontains=query.text))
    if department := _uuid(query.one("department")):
        rows = rows.filter(department_id=department)
    match query.one("state"):
        case "active":
            return rows.filter(is_active=True)
        case "inactive":
            return rows.filter(is_active=False)
        case _:
            return rows


def _account_records(rows: list[Account], *, at: datetime) -> tuple[AccountRecord, ...]:
    locked = locked_until(accounts=rows, at=at)
    oldest = at - timedelta(days=policy().stale_after_days)
    return tuple(
        AccountRecord(
            id=row.id,
            username=row.username,
            name=row.name,
            kind=AccountKind(row.kind),
            department_id=row.department_id,
            department_name=row.department.name if row.department else "",
            roles=tuple(Role(code) for code in getattr(row, "role_codes", ())),
            is_active=row.is_active,
            is_locked=row.id in locked,
            is_stale=row.is_active and (row.last_login or row.created_at) < oldest,
            must_change_password=row.must_change_password,
            last_sign_in_at=row.last_login,
            created_at=row.created_at,
        )
        for row in rows
    )


def _count(rows: models.QuerySet[Account] | models.QuerySet[ConsumingSystem]) -> dict[UUID, int]:
    return dict(rows.order_by().values_list("department_id").annotate(Count("id")))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)
