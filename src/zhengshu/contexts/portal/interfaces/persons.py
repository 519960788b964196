"""Who sits before the screen, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengshu.kernel.actors import Actor, Role

ROLE_NAMES: Mapping[Role, str | Promise] = {
    Role.CITIZEN: _("Citizen"),
    Role.ENTERPRISE_DELEGATE: _("Enterprise delegate"),
    Role.DATA_OFFICER: _("Data officer"),
    Role.DEPARTMENT_HEAD: _("Department head"),
    Role.REVIEWER: _("Data-authority reviewer"),
    Role.WINDOW_CLERK: _("Window clerk"),
    Role.APPROVER: _("Approver"),
    Role.OPERATOR: _("Operator"),
    Role.LEADER: _("Leader"),
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.SECURITY_ADMIN: _("Security administrator"),
    Role.AUDIT_ADMIN: _("Audit administrator"),
}

ROLE_DUTIES: Mapping[Role, str | Promise] = {
    Role.DATA_OFFICER: _("Lists resources, delivers data, asks for data of others, answers requests."),
    Role.DEPARTMENT_HEAD: _("Approves what leaves the department: catalogue entries, requests, answers."),
    Role.REVIEWER: _(
        "Reviews and publishes catalogue entries, consents to requests where the class demands it."
    ),
    Role.LEADER: _("Sees the figures of the region: what is shared, what is late."),
    Role.OPERATOR: _("Keeps deliveries running and watches the calls."),
    Role.SYSTEM_ADMIN: _("Keeps departments, accounts and systems; sees no data."),
    Role.SECURITY_ADMIN: _("Gives roles and keys, unlocks accounts; sees no data."),
    Role.AUDIT_ADMIN: _("Reads and exports the audit; changes nothing."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A role and what its holder does."""

    name: str
    duty: str


def duties() -> tuple[Duty, ...]:
    """Return the roles with their duties, in the language of the page."""
    return tuple(Duty(name=str(ROLE_NAMES[role]), duty=str(duty)) for role, duty in ROLE_DUTIES.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A signed-in person with department and roles in the language of the page."""

    name: str
    department: str
    roles: tuple[str, ...]


def person_of(actor: Actor) -> Person:
    """Return the person behind an actor."""
    return Person(
        name=actor.name,
        department=actor.department_name,
        roles=tuple(str(ROLE_NAMES[role]) for role in Role if role in actor.roles),
    )
