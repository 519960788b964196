"""Separation of duties (三员分立): what one person may hold, and who may give it."""

from collections.abc import Iterable

from zhengshu.contexts.trust.domain.kinds import AccountKind
from zhengshu.kernel.actors import ADMINISTRATORS, OFFICIALS, Actor, Role
from zhengshu.kernel.errors import Kind, Refused


class NotYourDuty(Refused):
    """The actor holds none of the roles whose duty this is; ask the person who does."""

    code = "trust.not-your-duty"
    kind = Kind.FORBIDDEN
    message = "This is not one of your duties. Ask the administrator in charge."


class DutiesCombined(Refused):
    """An administrator holds no other role; end the one before giving the other."""

    code = "trust.duties-combined"
    kind = Kind.CONFLICT
    message = (
        "The role %(role)s cannot be combined with %(held)s: the system, security and audit administrators are"
        " three different persons without other duties. End the other role first, or choose another person."
    )


class RoleDoesNotFit(Refused):
    """Citizens and delegates hold no official role, and officials none of theirs."""

    code = "trust.role-does-not-fit"
    message = "The role %(role)s does not fit an account of this kind."


class OwnRole(Refused):
    """Nobody gives or takes a role from himself; ask another security administrator."""

    code = "trust.own-role"
    kind = Kind.FORBIDDEN
    message = "You cannot change your own roles. Ask another security administrator."


class LastAdministrator(Refused):
    """The post would be empty; appoint the successor first."""

    code = "trust.last-administrator"
    kind = Kind.CONFLICT
    message = "Nobody else holds the role %(role)s. Appoint the successor first."


ROLE_OF_KIND = {
    AccountKind.CITIZEN: frozenset({Role.CITIZEN}),
    AccountKind.DELEGATE: frozenset({Role.ENTERPRISE_DELEGATE}),
    AccountKind.OFFICIAL: OFFICIALS,
}


def require(actor: Actor, *roles: Role) -> None:
    """Let the actor through when it holds one of the roles.

    Raises:
        NotYourDuty: it holds none.
    """
    if not actor.has(*roles):
        raise NotYourDuty


def check_roles(roles: Iterable[Role], *, kind: AccountKind) -> None:
    """Check that one person may hold all of the roles together.

    Basis: GB/T 22239-2019, level 3, security management roles.

    Raises:
        RoleDoesNotFit: a role of another kind of account.
        DutiesCombined: an administrator with a second role.
    """
    held = frozenset(roles)
    for role in sorted(held - ROLE_OF_KIND[kind]):
        raise RoleDoesNotFit(role=role.value)
    for role in sorted(held & ADMINISTRATORS):
        others = sorted(other.value for other in held - {role})
        if others:
            raise DutiesCombined(role=role.value, held=", ".join(others))


def check_assignment(role: Role, *, held: frozenset[Role], kind: AccountKind) -> None:
    """Check that a role may be added to those which a person holds.

    Raises:
        RoleDoesNotFit: a role of another kind of account.
        DutiesCombined: an administrator with a second role.
    """
    if role not in ROLE_OF_KIND[kind]:
        raise RoleDoesNotFit(role=role.value)
    others = sorted(other.value for other in held - {role})
    if others and (role in ADMINISTRATORS or not held.isdisjoint(ADMINISTRATORS)):
        raise DutiesCombined(role=role.value, held=", ".join(others))


def check_end(role: Role, *, holders: int) -> None:
    """Check that a role may be taken away.

    Args:
        role: the role.
        holders: how many active accounts hold it now.

    Raises:
        LastAdministrator: the post of an administrator would be empty.
    """
    if role in ADMINISTRATORS and holders <= 1:
        raise LastAdministrator(role=role.value)
