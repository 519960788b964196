"""When a certificate may be renewed, and by which matter: items of services say that, who stand above us."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.utils.timezone import get_default_timezone

from zhengshu.contexts.certificates.application.load_types import current_version
from zhengshu.contexts.certificates.application.queries import types
from zhengshu.contexts.certificates.application.records import CertificateRecord
from zhengshu.contexts.certificates.domain.renewing import Phase, Window, window
from zhengshu.contexts.certificates.domain.types import Renewal
from zhengshu.foundation.calendars import work_calendar


class Matters(Protocol):
    """Knows by which matter certificates are renewed."""

    def address(self, type_code: str, *, on: date) -> str:
        """Return the address of its page; empty where nobody offers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalHint:
    """What a holder is told whose certificate may be renewed now.

    Attributes:
        window: the time in which it is asked for.
        rule: what the type says of it.
        address: the page of the matter.
    """

    window: Window
    rule: Renewal
    address: str

    @property
    def is_late(self) -> bool:
        """Whether it is not asked for in time any more."""
        return self.window.phase is Phase.LATE


@dataclass(slots=True)
class _Registered:
    matters: Matters | None = None


_registered = _Registered()


def use_renewing_matters(matters: Matters | None) -> Matters | None:
    """Let holders be led to the matters by which certificates are renewed; return who said so before."""
    before, _registered.matters = _registered.matters, matters
    return before


def last_day(active_to: datetime) -> date:
    """Return the last day of a period that ends before an instant."""
    return (active_to - timedelta(microseconds=1)).astimezone(get_default_timezone()).date()


def window_of(type_code: str, active_to: datetime | None, *, at: datetime) -> Window | None:
    """Return when a certificate may be renewed; None where it is not renewed.

    Basis: what its type names, as 食品经营许可和备案管理办法, article 32.

    Raises:
        CertificateTypeNotFound: there is no such type.
    """
    if active_to is None:
        return None
    rule = current_version(type_code).read().renewal
    return None if rule is None else _window(rule, active_to, at=at)


def renewals_of(records: Iterable[CertificateRecord], *, at: datetime) -> Mapping[UUID, RenewalHint]:
    """Return what holders are told of those certificates in force whose renewal may be asked for, or is late."""
    matters, today = _registered.matters, at.astimezone(get_default_timezone()).date()
    ending = [one for one in records if one.is_valid and one.active_to is not None]
    if matters is None or not ending:
        return {}
    kinds, addresses, found = types(), dict[str, str](), dict[UUID, RenewalHint]()
    for one in ending:
        rule = kinds[one.type_code].renewal if one.type_code in kinds else None
        if rule is None or one.active_to is None:
            continue
        seen = _window(rule, one.active_to, at=at)
        if seen.phase is Phase.EARLY:
            continue
        if one.type_code not in addresses:
            addresses[one.type_code] = matters.address(one.type_code, on=today)
        if addresses[one.type_code]:
            found[one.id] = RenewalHint(window=seen, rule=rule, address=addresses[one.type_code])
    return found


def _window(rule: Renewal, active_to: datetime, *, at: datetime) -> Window:
    today = at.astimezone(get_default_timezone()).date()
    return window(rule, ends_on=last_day(active_to), today=today, calendar=work_calendar())
