"""Who takes part: three departments of the demonstration city, with their officials and one system."""

from dataclasses import dataclass
from datetime import datetime

from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, SystemId
from zhengshu.project.demo_city.content import City, Department

PROVIDER, CONSUMER, AUTHORITY = "market", "social", "data"
PLATFORM = Actor.platform("tour")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A department with its officials by role."""

    id: DepartmentId
    name: str
    officials: dict[Role, Actor]

    def __getitem__(self, role: Role) -> Actor:
        """Return the official in a role."""
        return self.officials[role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody on the stage; `key_id` and `secret` are the consuming system's."""

    provider: Office
    consumer: Office
    authority: Office
    system_id: SystemId
    key_id: str
    secret: str


def gather(city: City, *, at: datetime) -> Cast:
    """Register departments, officials, the consuming system and its key."""
    authority = _office(city.department(AUTHORITY), at=at)
    provider = _office(city.department(PROVIDER), at=at)
    consumer = _office(city.department(CONSUMER), at=at)
    officer = consumer[Role.DATA_OFFICER]
    system = trust.register_consuming_system(
        name="社会保险经办系统", department_id=consumer.id, actor=officer, at=at
    )
    key = trust.issue_key(system_id=system.id, algorithm="hmac-sha256", actor=officer, at=at)
    return Cast(
        provider=provider,
        consumer=consumer,
        authority=authority,
        system_id=SystemId(system.id),
        key_id=key.key_id,
        secret=key.secret or "",
    )


def _office(department: Department, *, at: datetime) -> Office:
    record = trust.add_department(
        code=department.code,
        name=department.name,
        short_name=department.short,
        region=department.region,
        level=trust.Level.CITY,
        parent_id=None,
        is_data_authority=department.is_data_authority,
        actor=PLATFORM,
        at=at,
    )
    officials = {
        official.role: trust.actor_of(
            official_id=trust.add_official(
                username=f"{department.key}-{official.role.value.replace('_', '-')}",
                name=official.name,
                department_id=record.id,
                roles=[official.role],
                password=f"Tour-{record.id}",
                must_change_password=True,
                actor=PLATFORM,
                at=at,
            )
        )
        for official in department.officials
    }
    return Office(id=DepartmentId(record.id), name=record.name, officials=officials)
