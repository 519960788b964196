"""The parties of a case: those with which it is opened, and those that somebody names on the way."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from zhengshu.contexts.casework.domain.definitions import EACH, SECURITY
from zhengshu.contexts.casework.models import Case, CaseParty
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.statements import Insertion
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import DepartmentId

if TYPE_CHECKING:
    from zhengshu.contexts.casework.application.working import WorkingCase


_JOINED = Insertion(CaseParty)


class PartyNotNamed(Refused):
    """An outcome that names a party needs a department for it, and for no other one."""

    code: ClassVar[str] = "casework.party-not-named"
    message: ClassVar[str] = "Name the department that takes the part “%(party)s” in this case, and no other."


def store_parties(row: Case, parties: Mapping[str, DepartmentId]) -> None:
    """Store the parties, and the data authorities of their regions as supervisors; nobody supervises `SECURITY`."""
    rows = [CaseParty(case=row, name=name, department_id=department) for name, department in parties.items()]
    supervised = {department for name, department in parties.items() if name != SECURITY}
    _JOINED.run(*rows, *_supervisors(row, supervised, known=()))


def name_party(case: "WorkingCase", *, party: str, given: Mapping[str, DepartmentId], at: datetime) -> None:
    """Let a department take the part that an outcome names; whoever had it before loses it, and its to-dos.

    Raises:
        PartyNotNamed: the outcome names none and one was given, or the other way round.
        DepartmentNotFound: there is no such department.
    """
    if set(given) != ({party} if party else set()):
        raise PartyNotNamed(party=party or "-")
    if not party:
        return
    department_id = trust.department(department_id=given[party]).id
    case.give_tasks(party=party, department_id=department_id, at=at)
    others = {name: one for name, one in case.parties.items() if name != party}
    case.parties = {**others, party: department_id}
    CaseParty.objects.filter(case=case.row, name=party, is_supervisor=False).delete()
    known = CaseParty.objects.filter(case=case.row, is_supervisor=True)
    supervisors = _supervisors(case.row, {department_id}, known=known.values_list("department_id", flat=True))
    _JOINED.run(CaseParty(case=case.row, name=party, department_id=department_id), *supervisors)


def join_parties(case: "WorkingCase") -> None:
    """Let the departments for which a task is done become parties, so that they see the case."""
    known = set(case.parties.values())
    asked = {task.department_id for task in case.fresh_tasks if task.department_id is not None}
    fresh = sorted(DepartmentId(one) for one in asked - known)
    if not fresh:
        return
    more = {f"{EACH}_{department.hex[-12:]}": department for department in fresh}
    case.parties = {**case.parties, **more}
    rows = [CaseParty(case=case.row, name=name, department_id=one) for name, one in more.items()]
    supervising = CaseParty.objects.filter(case=case.row, is_supervisor=True)
    authorities = _supervisors(
        case.row, set(fresh), known=supervising.values_list("department_id", flat=True)
    )
    _JOINED.run(*rows, *authorities)


def _supervisors(row: Case, departments: set[DepartmentId], *, known: Iterable[object]) -> list[CaseParty]:
    authorities = {trust.data_authority_for(department_id=department).id for department in departments}
    return [
        CaseParty(case=row, name="supervisor", department_id=authority, is_supervisor=True)
        for authority in sorted(authorities - set(known))
    ]
