"""The directory of officials (LDAP), read as a whole: who is in it has an account, who left it has none."""

import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings

from zhengshu.contexts.trust.application.import_accounts import Imported, import_accounts
from zhengshu.contexts.trust.domain.account_lists import ListedOfficial, check_leavers
from zhengshu.contexts.trust.models import Account, AccountSource, SourcedAccount
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

log = structlog.get_logger(__name__)

SECONDS = 10
PAGE = 500
SOURCE = "directory"
HERE = frozenset({"127.0.0.1", "localhost", "::1"})


class DirectoryUnreachable(Refused):
    """The directory does not answer, or refuses our name; look at its address and at the password file."""

    code = "trust.directory-unreachable"
    kind = Kind.UNAVAILABLE
    message = "The directory does not answer as it should (%(fault)s)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Where the directory is, and what its attributes are called.

    Attributes:
        url: `ldaps://…`, or `ldap://…` with StartTLS unless it is this machine.
        bind: the name under which we read it.
        password_file: where the password for that lies.
        base: below which entry the officials are.
        filter: which entries are officials at work.
        username, name, department: the attributes; the department's is its unified social credit code.
    """

    url: str
    bind: str
    password_file: Path
    base: str
    filter: str = "(objectClass=inetOrgPerson)"
    username: str = "uid"
    name: str = "cn"
    department: str = "departmentNumber"


def configured() -> Directory | None:
    """Return the directory that the settings name; None where there is none."""
    if not settings.DIRECTORY_URL:
        return None
    return Directory(
        url=settings.DIRECTORY_URL,
        bind=settings.DIRECTORY_BIND,
        password_file=settings.DIRECTORY_PASSWORD_FILE,
        base=settings.DIRECTORY_BASE,
        filter=settings.DIRECTORY_FILTER,
        department=settings.DIRECTORY_DEPARTMENT,
    )


def read_directory(place: Directory) -> tuple[ListedOfficial, ...]:
    """Return all officials of the directory.

    Raises:
        DirectoryUnreachable: it cannot be read wholly; half a directory would make leavers of the rest.
    """
    import ldap3  # only those who have a directory pay for it
    from ldap3.core.exceptions import LDAPException

    attributes = [place.username, place.name, place.department]
    try:
        server = ldap3.Server(
            place.url,
            connect_timeout=SECONDS,
            get_info=ldap3.NONE,
            tls=ldap3.Tls(validate=ssl.CERT_REQUIRED),
        )
        password = place.password_file.read_text(encoding="utf-8").strip()
        connection = ldap3.Connection(
            server, place.bind, password, read_only=True, receive_timeout=SECONDS, raise_exceptions=True
        )
        try:
            connection.open()
            if not server.ssl and server.host not in HERE:
                connection.start_tls()
            connection.bind()
            found = list(
                connection.extend.standard.paged_search(
                    place.base, place.filter, attributes=attributes, paged_size=PAGE, generator=True
                )
            )
        finally:
            connection.unbind()
    except (LDAPException, OSError) as fault:
        raise DirectoryUnreachable(fault=type(fault).__name__) from fault
    entries = [entry["attributes"] for entry in found if entry.get("type") == "searchResEntry"]
    return tuple(
        ListedOfficial(
            line=line,
            username=_first(entry.get(place.username)).lower(),
            name=_first(entry.get(place.name)),
            department=_first(entry.get(place.department)).upper(),
            is_active=True,
        )
        for line, entry in enumerate(entries, start=1)
    )


def sync_directory(place: Directory, *, at: datetime) -> Imported:
    """Take the directory over, wholly or not at all: its people get accounts, those who left it lose theirs at once.

    Raises:
        DirectoryUnreachable: it cannot be read.
        ListUnfit: entries are wrong; nothing was done.
        TooManyLeavers: it has lost more people than is likely; nothing was done.
    """
    return _taken_over(read_directory(place), at=at)


@transaction
def _taken_over(rows: tuple[ListedOfficial, ...], *, at: datetime) -> Imported:
    actor = Actor.platform("trust.directory")
    source, _ = AccountSource.objects.select_for_update().get_or_create(
        name=SOURCE, defaults={"created_at": at}
    )
    names = {row.username for row in rows}
    ours = Account.objects.filter(sourced__source=source, is_active=True)
    gone = [
        ListedOfficial(line=0, username=row.username, name="", department="", is_active=False)
        for row in ours.exclude(username__in=names)
    ]
    check_leavers(leavers=len(gone), known=ours.count())
    done = import_accounts((*rows, *gone), source=SOURCE, actor=actor, at=at)
    fresh = Account.objects.filter(username__in=names, sourced=None)
    SourcedAccount.objects.bulk_create(SourcedAccount(account=row, source=source) for row in fresh)
    AccountSource.objects.filter(pk=source.pk).update(seen_at=at)
    log.info("trust.directory_synced", **{verdict.value: count for verdict, count in done.counts.items()})
    return done


def _first(value: object) -> str:
    """Return an attribute as text; the first of several."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return value.decode("utf-8", "replace").strip() if isinstance(value, bytes) else str(value or "").strip()
