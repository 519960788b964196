"""Who is who: departments, officials, systems."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject, Now

from zhengshu.contexts.trust.application.records import (
    ConsumingSystemRecord,
    DepartmentRecord,
    KeyRecord,
    OfficialRecord,
)
from zhengshu.contexts.trust.domain import authorities
from zhengshu.contexts.trust.domain.kinds import AccountKind, Level
from zhengshu.contexts.trust.models import (
    Account,
    ConsumingSystem,
    Delegation,
    Department,
    Enterprise,
    RoleAssignment,
    SystemKey,
)
from zhengshu.foundation.statements import Selection, Statement
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId, OfficialId, SystemId
from zhengshu.kernel.mandates import Mandate, Power

_DEPARTMENTS = Selection(Department, "WHERE id = ANY (%s::uuid[]) ORDER BY region, name")
_AUTHORITIES = Selection(Department, "WHERE is_data_authority AND is_active")
_OF_SAME_PERSONS = Statement(
    """
    WITH known AS (
        SELECT unnest(%s::uuid[]) AS id
        UNION SELECT account_id FROM trust_delegation
        WHERE enterprise_id = %s AND active_from <= statement_timestamp()
            AND (active_to IS NULL OR active_to > statement_timestamp())
    )
    SELECT account.id FROM known JOIN trust_account account USING (id)
    UNION SELECT other.id FROM known JOIN trust_account account USING (id)
    JOIN trust_account other ON other.kind = ANY (%s) AND other.person_digest = account.person_digest
    """
)
_NAMES = Statement("SELECT id, name FROM trust_department WHERE id = ANY (%s::uuid[])")


class DepartmentNotFound(Refused):
    """No such department; check the code or choose from the list."""

    code = "trust.department-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such department."


class AccountNotFound(Refused):
    """No such account, or not one that the actor may see."""

    code = "trust.account-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such account."


class SystemNotFound(Refused):
    """No such consuming system, or not one that the actor may see."""

    code = "trust.system-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such consuming system."


def department(*, department_id: UUID) -> DepartmentRecord:
    """Return a department.

    Raises:
        DepartmentNotFound: there is none of this id.
    """
    row = next(iter(_DEPARTMENTS.rows([department_id])), None)
    if row is None:
        raise DepartmentNotFound
    return DepartmentRecord.of(row)


def departments(*, ids: Iterable[UUID] | None = None) -> Mapping[DepartmentId, DepartmentRecord]:
    """Return departments by id, all of them when no ids are given, in one query."""
    if ids is None:
        rows: Iterable[Department] = Department.objects.order_by("region", "name")
    else:
        rows = _DEPARTMENTS.rows(list(set(ids)))
    return {DepartmentId(row.id): DepartmentRecord.of(row) for row in rows}


def department_names(*, ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the names of departments."""
    return dict(_NAMES.rows(list(ids)))


def department_by_code(*, code: str) -> DepartmentRecord:
    """Return the department of a unified social credit code.

    Raises:
        DepartmentNotFound: there is none of this code.
    """
    row = Department.objects.filter(code=code.strip().upper()).first()
    if row is None:
        raise DepartmentNotFound
    return DepartmentRecord.of(row)


def data_authority_for(*, department_id: UUID) -> DepartmentRecord:
    """Return the data authority of a department's region, or of the nearest region that contains it.

    Basis: Decree 809, article 8.

    Raises:
        DepartmentNotFound: there is no such department.
        DataAuthorityUnknown: nobody recorded one up to the top.
    """
    return common_data_authority(department_ids=[department_id])


def common_data_authority(
    *, department_ids: Iterable[UUID], other_than: Iterable[UUID] = ()
) -> DepartmentRecord:
    """Return the data authority to which several departments answer: their region's, or their common superior.

    Args:
        department_ids: the departments.
        other_than: data authorities that do not count, because they are a side of the matter themselves.

    Basis: Decree 809, articles 8 and 28.

    Raises:
        DepartmentNotFound: there is no such department.
        DataAuthorityUnknown: nobody recorded one up to the top.
    """
    wanted = set(department_ids)
    found = departments(ids=wanted)
    if len(found) < len(wanted):
        raise DepartmentNotFound
    left_out = set(other_than)
    rows = {row.id: row for row in _AUTHORITIES.rows() if row.id not in left_out}
    authority = authorities.common(
        (one.region for one in found.values()),
        (
            authorities.Authority(id=DepartmentId(row.id), region=row.region, level=Level(row.level))
            for row in rows.values()
        ),
    )
    return DepartmentRecord.of(rows[authority.id])


def government_for(*, authority_id: UUID) -> DepartmentRecord:
    """Return the organ whose leaders decide for the people's government of a data authority's level.

    That is its superior; where none is recorded, an organ of its region in which leaders work; else itself.

    Basis: Decree 809, article 28.

    Raises:
        DepartmentNotFound: there is no such data authority.
    """
    authority = department(department_id=authority_id)
    if authority.parent_id is not None:
        return department(department_id=authority.parent_id)
    leaders = RoleAssignment.objects.filter(role=Role.LEADER, active_from__lte=Now()).filter(
        Q(active_to__isnull=True) | Q(active_to__gt=Now())
    )
    found = (
        Department.objects.filter(region=authority.region, is_active=True)
        .filter(accounts__in=leaders.values("account_id"))
        .order_by("is_data_authority", "code")
        .first()
    )
    return authority if found is None else DepartmentRecord.of(found)


def security_department() -> DepartmentRecord:
    """Return the department whose security administrators answer for the platform: a data authority's first.

    Raises:
        DepartmentNotFound: nobody is security administrator.
    """
    now = Q(active_to__isnull=True) | Q(active_to__gt=Now())
    holding = RoleAssignment.objects.filter(now, role=Role.SECURITY_ADMIN, active_from__lte=Now())
    found = (
        Department.objects.filter(
            accounts__in=holding.values("account_id"), accounts__is_active=True, is_active=True
        )
        .order_by("-is_data_authority", "region", "code")
        .first()
    )
    if found is None:
        raise DepartmentNotFound
    return DepartmentRecord.of(found)


def active_roles() -> ArraySubquery:
    """Return the expression that gives an account's active roles."""
    return ArraySubquery(
        RoleAssignment.objects.filter(account_id=OuterRef("pk"), active_from__lte=Now())
        .filter(Q(active_to__isnull=True) | Q(active_to__gt=Now()))
        .order_by("role")
        .values("role")
    )


def active_mandates() -> ArraySubquery:
    """Return the expression that gives the delegations by which an account acts for enterprises now."""
    return ArraySubquery(
        Delegation.objects.filter(account_id=OuterRef("pk"), active_from__lte=Now())
        .filter(Q(active_to__isnull=True) | Q(active_to__gt=Now()))
        .order_by("enterprise_id", "active_from")
        .values(
            one=JSONObject(
                id="id",
                enterprise_id="enterprise_id",
                enterprise_code="enterprise__code",
                scope="scope",
                is_representative="is_legal_representative",
            )
        )
    )


def mandates_of(rows: Iterable[object]) -> tuple[Mandate, ...]:
    """Return the delegations that `active_mandates` found."""
    return tuple(msgspec.convert(row, Mandate) for row in rows)


def enterprises_in(mandates: Iterable[Mandate]) -> frozenset[UUID]:
    """Return the enterprises in whose name these delegations let somebody act in all matters."""
    return frozenset(one.enterprise_id for one in mandates if one.covers(Power.MATTERS))


def enterprise_names(*, ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the names of enterprises by id, in one query."""
    return dict(Enterprise.objects.filter(id__in=set(ids)).values_list("id", "name"))


def enterprise_name(*, code: str) -> str:
    """Return the name of the enterprise of a unified social credit code; empty where there is none."""
    return Enterprise.objects.filter(code=code).values_list("name", flat=True).first() or ""


def roles_of(*, account_id: UUID, at: datetime) -> frozenset[Role]:
    """Return the roles that an account holds at an instant."""
    rows = RoleAssignment.objects.filter(account_id=account_id, active_from__lte=at).filter(
        Q(active_to__isnull=True) | Q(active_to__gt=at)
    )
    return frozenset(Role(code) for code in rows.values_list("role", flat=True))


def officials(*, department_id: UUID, role: Role | None = None) -> tuple[OfficialRecord, ...]:
    """Return a department's active officials, those who hold a role when one is given."""
    rows = Account.objects.filter(
        kind=AccountKind.OFFICIAL, department_id=department_id, is_active=True
    ).annotate(role_codes=active_roles())
    found = (_official(row, row.role_codes) for row in rows.order_by("name", "username"))
    return tuple(one for one in found if role is None or role in one.roles)


def actor_of(*, official_id: UUID) -> Actor:
    """Return an account as an actor, for commands and jobs that act in somebody's name.

    Raises:
        AccountNotFound: there is no such active account.
    """
    found = actors_of(ids=[official_id]).get(official_id)
    if found is None:
        raise AccountNotFound
    return found


def actors_of(*, ids: Iterable[UUID]) -> Mapping[UUID, Actor]:
    """Return active accounts as actors by id, in one query."""
    rows = Account.objects.filter(id__in=set(ids), is_active=True).select_related("department")
    return {
        row.id: Actor(
            id=row.id,
            name=row.name,
            department_id=DepartmentId(row.department_id) if row.department_id else None,
            department_name=row.department.shown_name if row.department else "",
            roles=frozenset(Role(code) for code in row.role_codes),
            enterprise_ids=enterprises_in(mandates),
            mandates=mandates,
        )
        for row in rows.annotate(role_codes=active_roles(), mandate_rows=active_mandates())
        for mandates in [mandates_of(row.mandate_rows)]
    }


def related_accounts(*, account_ids: Iterable[UUID], enterprise_id: UUID | None = None) -> frozenset[UUID]:
    """Return every account of the same persons, and of the present delegates of an enterprise.

    For avoidance: an official who asked as a citizen, or who acts for the enterprise that asked, decides in his own
    matter. Accounts are of one person when they were opened with one citizen ID.
    """
    kinds = [kind.value for kind in AccountKind]
    return frozenset(row[0] for row in _OF_SAME_PERSONS.rows(list(set(account_ids)), enterprise_id, kinds))


def enterprises_of(*, account_id: UUID, site: str = "", at: datetime) -> list[dict[str, object]]:
    """Return the enterprises in whose name a person may act at a site, as this relying party is told them."""
    present = Q(active_to__isnull=True) | Q(active_to__gt=at)
    rows = Delegation.objects.filter(present, account_id=account_id, active_from__lte=at)
    rows = rows.filter(covering(Power.SITES, site))
    return [
        {
            "code": row.enterprise.code,
            "name": row.enterprise.name,
            "is_legal_representative": row.is_legal_representative,
        }
        for row in rows.select_related("enterprise").order_by("enterprise__code")
    ]


def covering(power: Power, code: str = "") -> Q:
    """Return the condition on delegations that cover a thing; `Mandate.covers` is its twin."""
    wanted = [power.value, *([f"{power.value}:{code}"] if code else [])]
    return Q(is_legal_representative=True) | Q(scope__overlap=wanted)


def delegates_of(*, enterprise_id: UUID, matter: str) -> frozenset[UUID]:
    """Return the active accounts that may act in an enterprise's name now in matters of a kind."""
    present = Q(active_to__isnull=True) | Q(active_to__gt=Now())
    delegates = Delegation.objects.filter(
        present, covering(Power.MATTERS, matter), enterprise_id=enterprise_id, active_from__lte=Now()
    )
    rows = Account.objects.filter(is_active=True, id__in=delegates.values("account_id"))
    return frozenset(rows.values_list("id", flat=True))


def official_by_username(*, username: str) -> OfficialRecord:
    """Return the official of a user name.

    Raises:
        AccountNotFound: there is none.
    """
    rows = Account.objects.filter(kind=AccountKind.OFFICIAL, username__iexact=username.strip())
    row = rows.annotate(role_codes=active_roles()).first()
    if row is None:
        raise AccountNotFound
    return _official(row, row.role_codes)


def names_of(*, ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the names of accounts by id, in one query."""
    return dict(Account.objects.filter(id__in=set(ids)).values_list("id", "name"))


def consuming_systems(*, actor: Actor) -> tuple[ConsumingSystemRecord, ...]:
    """Return the consuming systems that an actor may see."""
    rows = ConsumingSystem.objects.visible_to(actor).order_by("name", "id")
    return tuple(ConsumingSystemRecord.of(row) for row in rows)


def consuming_system(*, system_id: UUID) -> ConsumingSystemRecord:
    """Return a consuming system.

    Raises:
        SystemNotFound: there is none of this id.
    """
    row = ConsumingSystem.objects.filter(id=system_id).first()
    if row is None:
        raise SystemNotFound
    return ConsumingSystemRecord.of(row)


def systems_by_id(*, ids: Iterable[UUID]) -> Mapping[SystemId, ConsumingSystemRecord]:
    """Return consuming systems by id, in one query."""
    rows = ConsumingSystem.objects.filter(id__in=set(ids))
    return {SystemId(row.id): ConsumingSystemRecord.of(row) for row in rows}


def keys_of(*, system_id: UUID) -> tuple[KeyRecord, ...]:
    """Return a system's keys without their secrets, newest first."""
    here = Q(is_active=True, department_id=OuterRef("system__department_id"))
    left = Account.objects.filter(id=OuterRef("issued_by")).exclude(here)
    rows = SystemKey.objects.filter(system_id=system_id).order_by("-active_from", "-id")
    rows = rows.annotate(is_known_to_leaver=Q(sealed_secret__isnull=False) & Exists(left))
    return tuple(KeyRecord.of(row) for row in rows)


def _official(row: Account, codes: Iterable[str]) -> OfficialRecord:
    if row.department_id is None:
        raise AccountNotFound
    return OfficialRecord(
        id=OfficialId(row.id),
        username=row.username,
        name=row.name,
        department_id=DepartmentId(row.department_id),
        roles=frozenset(Role(code) for code in codes),
    )
