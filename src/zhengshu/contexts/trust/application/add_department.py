"""Departments: added, changed, closed by the system administrator."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.trust.application.queries import DepartmentNotFound
from zhengshu.contexts.trust.application.records import DepartmentRecord
from zhengshu.contexts.trust.domain import authorities
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.domain.kinds import Level
from zhengshu.contexts.trust.events import DepartmentAdded, DepartmentChanged, DepartmentClosed
from zhengshu.contexts.trust.models import Account, Department
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId
from zhengshu.kernel.regions import RegionCode


class DepartmentCodeTaken(Refused):
    """A unified social credit code names one department; look the other one up."""

    code = "trust.department-code-taken"
    kind = Kind.CONFLICT
    message = "The unified social credit code belongs to %(name)s already."


class RegionHasAuthority(Refused):
    """A region has one data authority; change the other one first."""

    code = "trust.region-has-authority"
    kind = Kind.CONFLICT
    message = "%(name)s is the data authority of this region already."


class DepartmentInUse(Refused):
    """A department is closed when nobody works there and nothing belongs to it any more."""

    code = "trust.department-in-use"
    kind = Kind.CONFLICT
    message = "The department still has %(accounts)s active accounts and %(children)s departments below it."


@transaction
def add_department(
    *,
    code: str,
    name: str,
    short_name: str,
    region: str,
    level: Level,
    parent_id: UUID | None,
    is_data_authority: bool,
    actor: Actor,
    at: datetime,
) -> DepartmentRecord:
    """Add a department.

    Raises:
        NotYourDuty: the actor is not the system administrator.
        CreditCodeInvalid: the code does not keep GB 32100.
        RegionCodeInvalid: the region does not keep the form of GB/T 2260.
        DepartmentCodeTaken: another department has the code.
        RegionHasAuthority: the region has a data authority already.
        ParentUnfit: the superior is of a lower level.
        DepartmentNotFound: there is no such superior.
    """
    require(actor, Role.SYSTEM_ADMIN)
    credit_code, place = str(CreditCode.parse(code)), str(RegionCode.parse(region))
    if taken := Department.objects.filter(code=credit_code).first():
        raise DepartmentCodeTaken(name=taken.name)
    _check_parent(department_id=None, level=Level(level), parent_id=parent_id)
    if is_data_authority:
        _check_authority(region=place, department_id=None)
    row = Department.objects.create(
        code=credit_code,
        name=name.strip(),
        short_name=short_name.strip() or name.strip()[:60],
        region=place,
        level=Level(level).value,
        parent_id=parent_id,
        is_data_authority=is_data_authority,
        created_at=at,
    )
    publish(
        DepartmentAdded(
            at=at,
            actor=actor,
            subject=_subject(row),
            department_id=DepartmentId(row.id),
            region=place,
            level=row.level,
        )
    )
    return DepartmentRecord.of(row)


@transaction
def change_department(
    *,
    department_id: UUID,
    name: str,
    short_name: str,
    region: str,
    level: Level,
    parent_id: UUID | None,
    is_data_authority: bool,
    actor: Actor,
    at: datetime,
) -> DepartmentRecord:
    """Change all of a department but its code.

    Raises:
        NotYourDuty: the actor is not the system administrator.
        DepartmentNotFound: there is no such department or superior.
        RegionCodeInvalid: the region does not keep the form of GB/T 2260.
        RegionHasAuthority: the region has a data authority already.
        ParentUnfit: the superior is of a lower level or below the department.
    """
    require(actor, Role.SYSTEM_ADMIN)
    row = _locked(department_id)
    _check_parent(department_id=row.id, level=Level(level), parent_id=parent_id)
    place = str(RegionCode.parse(region))
    if is_data_authority:
        _check_authority(region=place, department_id=row.id)
    wanted: dict[str, object] = {
        "name": name.strip(),
        "short_name": short_name.strip() or name.strip()[:60],
        "region": place,
        "level": Level(level).value,
        "parent_id": parent_id,
        "is_data_authority": is_data_authority,
    }
    changed = tuple(field for field, value in wanted.items() if getattr(row, field) != value)
    if changed:
        for field in changed:
            setattr(row, field, wanted[field])
        row.save(update_fields=changed)
        publish(
            DepartmentChanged(
                at=at, actor=actor, subject=_subject(row), department_id=DepartmentId(row.id), changed=changed
            )
        )
    return DepartmentRecord.of(row)


@transaction
def close_department(*, department_id: UUID, actor: Actor, at: datetime) -> DepartmentRecord:
    """Close a department that nobody works in any more; its systems' keys stop working.

    Raises:
        NotYourDuty: the actor is not the system administrator.
        DepartmentNotFound: there is no such department.
        DepartmentInUse: it has active accounts or departments below it.
    """
    require(actor, Role.SYSTEM_ADMIN)
    row = _locked(department_id)
    accounts = Account.objects.filter(department=row, is_active=True).count()
    children = Department.objects.filter(parent=row, is_active=True).count()
    if accounts or children:
        raise DepartmentInUse(accounts=accounts, children=children)
    if row.is_active:
        row.is_active = False
        row.save(update_fields=["is_active"])
        publish(
            DepartmentClosed(at=at, actor=actor, subject=_subject(row), department_id=DepartmentId(row.id))
        )
    return DepartmentRecord.of(row)


def _locked(department_id: UUID) -> Department:
    row = Department.objects.select_for_update().filter(id=department_id).first()
    if row is None:
        raise DepartmentNotFound
    return row


def _check_authority(*, region: str, department_id: UUID | None) -> None:
    others = Department.objects.filter(region=region, is_data_authority=True, is_active=True)
    if department_id is not None:
        others = others.exclude(id=department_id)
    if other := others.first():
        raise RegionHasAuthority(name=other.name)


def _check_parent(*, department_id: UUID | None, level: Level, parent_id: UUID | None) -> None:
    if parent_id is None:
        return
    # One writer at a time: two moves that are each right alone could make a ring together.
    list(Department.objects.select_for_update().filter(parent__isnull=True).values_list("id", flat=True))
    parents = dict(Department.objects.values_list("id", "parent_id"))
    parent = Department.objects.filter(id=parent_id).first()
    if parent is None:
        raise DepartmentNotFound
    above: list[UUID] = []
    step: UUID | None = parent.id
    while step is not None and step not in above:
        above.append(step)
        step = parents[step]
    authorities.check_parent(
        department_id=department_id,
        level=level,
        parent_name=parent.name,
        parent_level=Level(parent.level),
        ancestors=above,
    )


def _subject(row: Department) -> Subject:
    return Subject(kind="department", id=str(row.id), label=row.name)
