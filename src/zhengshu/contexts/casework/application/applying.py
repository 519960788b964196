"""Who asks in a case: the person who opens it, or the one for whom a window clerk does."""

from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework.domain.definitions import Definition
from zhengshu.contexts.casework.domain.records import Applicant
from zhengshu.contexts.casework.models import Case
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused


class ApplicantMissing(Refused):
    """Such a case is asked for by somebody; an official who opens it says for whom."""

    code: ClassVar[str] = "casework.applicant-missing"
    message: ClassVar[str] = "Name the applicant: such a case is opened for a person or an enterprise."


class ApplicantUnfit(Refused):
    """The type has no applicant, or not one like this."""

    code: ClassVar[str] = "casework.applicant-unfit"
    message: ClassVar[str] = "The applicant does not fit the case type; it may be: %(known)s."


class NotForOthers(Refused):
    """Only a department's official opens a case for somebody else, and only a delegate for an enterprise."""

    code: ClassVar[str] = "casework.not-for-others"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = (
        "You may ask only for yourself, or for an enterprise whose delegate you are now in matters of this kind."
    )


def apply(row: Case, *, definition: Definition, wanted: Applicant | None, actor: Actor) -> None:
    """Write the applicant of a fresh case into it, if its type has one.

    Raises:
        ApplicantMissing: the type has an applicant, and an official named none.
        ApplicantUnfit: the type has none, or the account holds none of the roles that may apply.
        NotForOthers: a private person named somebody else, or an enterprise that he may not act for.
        AccountNotFound: there is no such active account.
    """
    found = fitting(definition=definition, wanted=wanted, actor=actor)
    if found is None:
        return
    chosen, person = found
    row.applicant_id, row.applicant_name = person.id, person.name
    if chosen.enterprise_id is not None:
        row.enterprise_id = chosen.enterprise_id
        row.enterprise_name = trust.enterprise_names(ids=[chosen.enterprise_id])[chosen.enterprise_id]


def fitting(
    *, definition: Definition, wanted: Applicant | None, actor: Actor
) -> tuple[Applicant, Actor] | None:
    """Return the applicant of a case that an actor opens, and the person; None where the type has no applicant.

    Raises:
        ApplicantMissing, ApplicantUnfit, NotForOthers, AccountNotFound: as for `apply`.
    """
    if not definition.applicant:
        if wanted is not None:
            raise ApplicantUnfit(known="-")
        return None
    if wanted is None and (actor.department_id is not None or actor.is_platform):
        raise ApplicantMissing
    chosen = wanted or Applicant(
        account_id=actor.id, enterprise_id=_only_enterprise(actor, definition=definition)
    )
    if actor.department_id is None and not actor.is_platform and chosen.account_id != actor.id:
        raise NotForOthers
    person = actor if chosen.account_id == actor.id else trust.actor_of(official_id=chosen.account_id)
    _check_fit(person, chosen, definition=definition)
    return chosen, person


def _only_enterprise(actor: Actor, *, definition: Definition) -> UUID | None:
    """Return the one enterprise for which a delegate acts in such matters; with several he must say which."""
    known = actor.enterprises_in(definition.code)
    return next(iter(known)) if len(known) == 1 else None


def _check_fit(person: Actor, chosen: Applicant, *, definition: Definition) -> None:
    role = Role.CITIZEN if chosen.enterprise_id is None else Role.ENTERPRISE_DELEGATE
    if role not in definition.applicant or role not in person.roles:
        raise ApplicantUnfit(known=", ".join(definition.applicant))
    if chosen.enterprise_id is not None and not person.acts_for(chosen.enterprise_id, matter=definition.code):
        raise NotForOthers
