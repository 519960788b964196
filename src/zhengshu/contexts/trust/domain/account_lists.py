"""Lists of officials from elsewhere: what follows from each row, before anything is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from zhengshu.kernel.errors import Kind, Refused


class ListUnfit(Refused):
    """Rows are wrong; nothing was done. Correct them, and import the list again."""

    code = "trust.list-unfit"
    kind = Kind.CONFLICT
    message = "Nothing was done: %(faults)s rows are wrong. Correct them and import the list again."


class TooManyLeavers(Refused):
    """A list without most of its people is more likely broken than true; end the accounts by hand if it is true."""

    code = "trust.too-many-leavers"
    kind = Kind.CONFLICT
    message = (
        "Nothing was done: %(leavers)s of %(known)s accounts would be deactivated. A list that short is more likely"
        " broken. If it is true, deactivate them on the page of accounts."
    )


class Verdict(StrEnum):
    """What follows from a row."""

    ADD = "add"
    MOVE = "move"
    REACTIVATE = "reactivate"
    DEACTIVATE = "deactivate"
    UNCHANGED = "unchanged"
    FAULT = "fault"


class RowFault(StrEnum):
    """What is wrong with a row."""

    NO_USERNAME = "no_username"
    USERNAME_UNFIT = "username_unfit"
    TWICE = "twice"
    NO_NAME = "no_name"
    DEPARTMENT_UNKNOWN = "department_unknown"
    STATE_UNKNOWN = "state_unknown"
    NO_OFFICIAL = "no_official"
    OTHER_PERSON = "other_person"
    OWN = "own"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedOfficial:
    """A row: somebody works in a department, or does no more.

    Attributes:
        line: where it stands in the list.
        username: in small letters.
        name: the person's name.
        department: the department's unified social credit code.
        is_active: False for a leaver; None where the state cannot be read.
    """

    line: int
    username: str
    name: str
    department: str
    is_active: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAccount:
    """An account of that user name as it stands now."""

    name: str
    department: str
    is_active: bool
    is_official: bool
    is_administrator: bool
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A row with what follows from it."""

    row: ListedOfficial
    verdict: Verdict
    fault: RowFault | None = None


def judge(
    rows: Iterable[ListedOfficial],
    *,
    known: Mapping[str, KnownAccount],
    departments: frozenset[str],
    unfit: frozenset[str],
) -> tuple[Judged, ...]:
    """Return what follows from each row, in their order.

    Args:
        rows: the list.
        known: accounts by user name.
        departments: codes of departments at work.
        unfit: user names that nobody can have.
    """
    seen: set[str] = set()
    judged: list[Judged] = []
    for row in rows:
        fault = _fault(row, known.get(row.username), seen=seen, departments=departments, unfit=unfit)
        seen.add(row.username)
        verdict = Verdict.FAULT if fault else _verdict(row, known.get(row.username))
        judged.append(Judged(row=row, verdict=verdict, fault=fault))
    return tuple(judged)


def _fault(
    row: ListedOfficial,
    account: KnownAccount | None,
    *,
    seen: set[str],
    departments: frozenset[str],
    unfit: frozenset[str],
) -> RowFault | None:
    checks = (
        (not row.username, RowFault.NO_USERNAME),
        (row.username in unfit, RowFault.USERNAME_UNFIT),
        (row.username in seen, RowFault.TWICE),
        (row.is_active is None, RowFault.STATE_UNKNOWN),
        (row.is_active is True and not row.name, RowFault.NO_NAME),
        (row.is_active is True and row.department not in departments, RowFault.DEPARTMENT_UNKNOWN),
    )
    found = next((fault for is_so, fault in checks if is_so), None)
    return found or (_fault_of_account(row, account) if account is not None else None)


def _fault_of_account(row: ListedOfficial, account: KnownAccount) -> RowFault | None:
    if not account.is_official:
        return RowFault.NO_OFFICIAL
    if row.name and row.name != account.name:
        return RowFault.OTHER_PERSON
    is_touched = _verdict(row, account) is not Verdict.UNCHANGED
    if is_touched and account.is_own:
        return RowFault.OWN
    return RowFault.ADMINISTRATOR if is_touched and account.is_administrator else None


def _verdict(row: ListedOfficial, account: KnownAccount | None) -> Verdict:
    if not row.is_active:
        is_there = account is not None and account.is_active
        return Verdict.DEACTIVATE if is_there else Verdict.UNCHANGED
    if account is None:
        return Verdict.ADD
    if not account.is_active:
        return Verdict.REACTIVATE
    return Verdict.MOVE if account.department != row.department else Verdict.UNCHANGED


MOST_LEAVERS = 0.2
"""The part of a list's people that may leave at once without anybody looking."""


def check_leavers(*, leavers: int, known: int) -> None:
    """Check that a complete list has not lost too many.

    Raises:
        TooManyLeavers: more than a fifth, and more than three.
    """
    if leavers > max(3, known * MOST_LEAVERS):
        raise TooManyLeavers(leavers=leavers, known=known)
