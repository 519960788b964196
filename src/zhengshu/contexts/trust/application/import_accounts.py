"""Officials' accounts from a list of another place: looked at first, then taken over wholly or not at all."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from zhengshu.contexts.trust.application.add_account import USERNAME, add_official
from zhengshu.contexts.trust.application.manage_account import (
    deactivate_account,
    first_password,
    move_official,
    reactivate_account,
)
from zhengshu.contexts.trust.application.queries import active_roles
from zhengshu.contexts.trust.domain.account_lists import (
    Judged,
    KnownAccount,
    ListedOfficial,
    ListUnfit,
    Verdict,
    judge,
)
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.domain.kinds import AccountKind
from zhengshu.contexts.trust.models import Account, Department
from zhengshu.contexts.trust.sign_on_events import AccountsImported
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import ADMINISTRATORS, Actor, Role
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.errors import Refused

HEADERS: Mapping[str, tuple[str, ...]] = {
    "username": ("用户名", "username", "user name", "账号"),
    "name": ("姓名", "name"),
    "department": ("部门代码", "统一社会信用代码", "department code", "department"),
    "state": ("状态", "state"),
}
ACTIVE = frozenset({"", "在职", "启用", "active", "1", "true"})
LEFT = frozenset({"离职", "停用", "left", "inactive", "0", "false"})


MOST_ROWS = 1_000
"""At once: each new account costs a slow hash, and somebody waits for the page."""


class ListTooLong(Refused):
    """The list has more rows than are taken over at once; split it."""

    code = "trust.list-too-long"
    message = "At most %(most)s rows are taken over at once. Split the list."


class HeadersUnknown(Refused):
    """The first line does not name the columns; take the template."""

    code = "trust.headers-unknown"
    message = "The first line must name the columns: user name, name, department code, and state if you like."


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was done, with the first passwords, which are shown this once."""

    counts: Mapping[Verdict, int]
    passwords: tuple[tuple[str, str], ...]


def listed(rows: Iterable[tuple[int, tuple[str, ...]]]) -> tuple[ListedOfficial, ...]:
    """Return a sheet's rows as officials, by the headers of its first line.

    Raises:
        HeadersUnknown: columns are missing.
        ListTooLong: more rows than are taken over at once.
    """
    (_, head), *rest = rows
    if len(rest) > MOST_ROWS:
        raise ListTooLong(most=MOST_ROWS)
    places: dict[str, int] = {}
    for place, title in enumerate(head):
        for field, names in HEADERS.items():
            if title.strip().lower() in names:
                places.setdefault(field, place)
    if not {"username", "name", "department"} <= set(places):
        raise HeadersUnknown

    def cell(row: tuple[str, ...], field: str) -> str:
        place = places.get(field)
        return row[place].strip() if place is not None and place < len(row) else ""

    return tuple(
        ListedOfficial(
            line=line,
            username=cell(row, "username").lower(),
            name=cell(row, "name"),
            department=cell(row, "department").upper(),
            is_active=_state(cell(row, "state").lower()),
        )
        for line, row in rest
    )


def preview(rows: Iterable[ListedOfficial], *, actor: Actor) -> tuple[Judged, ...]:
    """Return what would follow from each row.

    Raises:
        NotYourDuty: the actor does not administer accounts.
    """
    require(actor, Role.SYSTEM_ADMIN)
    found = tuple(rows)
    names = {row.username for row in found}
    accounts = Account.objects.filter(username__in=names).select_related("department")
    known = {
        row.username: KnownAccount(
            name=row.name,
            department=row.department.code if row.department else "",
            is_active=row.is_active,
            is_official=row.kind == AccountKind.OFFICIAL,
            is_administrator=not ADMINISTRATORS.isdisjoint(row.role_codes),
            is_own=row.id == actor.id,
        )
        for row in accounts.annotate(role_codes=active_roles())
    }
    return judge(
        found,
        known=known,
        departments=frozenset(Department.objects.filter(is_active=True).values_list("code", flat=True)),
        unfit=frozenset(name for name in names if name and not USERNAME.fullmatch(name)),
    )


@transaction
def import_accounts(rows: Iterable[ListedOfficial], *, source: str, actor: Actor, at: datetime) -> Imported:
    """Take a list over: wholly, or not at all.

    New accounts get first passwords and no roles, which the security administrator gives; leavers lose sessions,
    tokens and access at once.

    Raises:
        NotYourDuty: the actor does not administer accounts.
        StepUpDue: the actor has not shown lately who he is.
        ListUnfit: rows are wrong; nothing was done.
        LastAdministrator: it would empty an administrator's post; nothing was done.
    """
    require_assured(actor)
    judged = preview(rows, actor=actor)
    if faults := sum(one.verdict is Verdict.FAULT for one in judged):
        raise ListUnfit(faults=faults)
    departments = dict(Department.objects.filter(is_active=True).values_list("code", "id"))
    accounts = dict(
        Account.objects.filter(username__in=[one.row.username for one in judged]).values_list(
            "username", "id"
        )
    )
    passwords: list[tuple[str, str]] = []
    for one in judged:
        row = one.row
        if one.verdict is Verdict.ADD:
            password = first_password()
            add_official(
                username=row.username,
                name=row.name,
                department_id=departments[row.department],
                password=password,
                actor=actor,
                at=at,
            )
            passwords.append((row.username, password))
        if one.verdict is Verdict.DEACTIVATE:
            deactivate_account(account_id=accounts[row.username], actor=actor, at=at)
        if one.verdict is Verdict.REACTIVATE:
            reactivate_account(account_id=accounts[row.username], actor=actor, at=at)
        if one.verdict in {Verdict.MOVE, Verdict.REACTIVATE}:
            move_official(
                account_id=accounts[row.username],
                department_id=departments[row.department],
                actor=actor,
                at=at,
            )
    counts = Counter(one.verdict for one in judged)
    if set(counts) <= {Verdict.UNCHANGED}:
        return Imported(counts=counts, passwords=())
    publish(
        AccountsImported(
            at=at,
            actor=actor,
            subject=Subject("account_list", source[:100], source[:100]),
            counts={verdict.value: count for verdict, count in counts.items()},
        )
    )
    return Imported(counts=counts, passwords=tuple(passwords))


def _state(text: str) -> bool | None:
    if text in ACTIVE:
        return True
    return False if text in LEFT else None
