"""Rows of a register for a matter of the platform itself: signed calls as the system of the department that asks.

Nothing is read beside the gateway: each call is judged by a grant, counted and proven like any other system's.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings

from zhengshu.client import CallRefused, Client
from zhengshu.client.calls import Records
from zhengshu.contexts.exchange.application.platform_keys import PlatformKeys
from zhengshu.contexts.exchange.application.try_call import SECONDS_BETWEEN, TRIES_FOR_A_FRESH_KEY
from zhengshu.contexts.exchange.domain.terms import Operation
from zhengshu.contexts.exchange.models import Grant
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.tlog.counts import ANSWERED
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

PLATFORM: Final = Actor.platform("exchange.read-rows")
MOST_ROWS: Final = 100
"""Rows that the gateway gives on a page."""

_QUOTA_OF_SECOND: Final = "exchange.quota-per-second-used-up"
_TRIES: Final = 60
_keys = PlatformKeys(PLATFORM)


class RowsNotGranted(Refused):
    """The department's system of the platform holds no grant of the register for the purpose; request one."""

    code = "exchange.rows-not-granted"
    kind = Kind.CONFLICT
    message = (
        "The system “%(system)s” of the department may not read “%(resource)s” for this purpose. Its data officer "
        "requests it from the provider."
    )


class RowsNotRead(Refused):
    """The gateway refused the call or does not answer; `why` is its code."""

    code = "exchange.rows-not-read"
    kind = Kind.UNAVAILABLE
    message = "“%(resource)s” could not be read through the exchange (%(why)s). Try again later."


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRead:
    """What one call gave.

    Attributes:
        rows: values as text by column; empty places are empty texts.
        source: who said so: the register and its department.
        receipt: the record of the call in the proof log.
    """

    rows: tuple[Mapping[str, str], ...]
    source: str
    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One register, as the system of one department may read it for one purpose. May be shared by threads."""

    resource: str
    source: str
    resource_code: str
    purpose: str
    official: str
    client: Client

    def rows(self, *, key: Mapping[str, str], columns: Sequence[str], case: str = "") -> Iterator[RowsRead]:
        """Yield the rows of a key, a call each hundred; the last may be empty.

        Raises:
            RowsNotRead: the gateway refused, or does not answer.
        """
        cursor = ""
        while True:
            answer = self._called(key=key, columns=columns, case=case, cursor=cursor)
            rows = tuple(
                {column: "" if value is None else str(value) for column, value in row.items()}
                for row in answer.rows
            )
            yield RowsRead(rows=rows, source=self.source, receipt=answer.receipt)
            cursor = answer.next
            if not cursor:
                return

    def _called(self, *, key: Mapping[str, str], columns: Sequence[str], case: str, cursor: str) -> Records:
        why = ANSWERED
        for turn in range(_TRIES):
            try:
                return self.client.records(
                    self.resource_code,
                    key=key,
                    purpose=self.purpose,
                    fields=columns,
                    case=case,
                    official=self.official,
                    limit=MOST_ROWS,
                    cursor=cursor,
                )
            except CallRefused as refusal:
                why = refusal.code
                is_fresh_key = why == "exchange.signature-wrong" and turn < TRIES_FOR_A_FRESH_KEY
                if not is_fresh_key and why != _QUOTA_OF_SECOND:
                    raise RowsNotRead(resource=self.resource, why=why) from refusal
            except OSError as fault:
                raise RowsNotRead(resource=self.resource, why="unreachable") from fault
            time.sleep(SECONDS_BETWEEN)
        raise RowsNotRead(resource=self.resource, why=why)


def open_register(
    *, resource: str, department_id: UUID, purpose: str, official: str, at: datetime
) -> Register:
    """Return a register by its resource's name, as the platform's own system of a department may read it.

    Basis: Decree 809, article 25.

    Args:
        resource: the name of the resource.
        department_id: who asks.
        purpose: the code of the purpose of use.
        official: who of the department asks, by a reference; for jobs the platform's own.
        at: now.

    Raises:
        RowsNotGranted: there is no grant.
    """
    systems = trust.systems_named(name=settings.FORMS_SYSTEM, departments=[department_id])
    granted = Grant.objects.active(at=at).filter(resource_name=resource, system_id__in=systems)
    for grant in granted:
        if purpose in grant.purposes and Operation.RECORDS in grant.operations:
            return _register(grant, purpose=purpose, official=official, at=at)
    raise RowsNotGranted(system=settings.FORMS_SYSTEM, resource=resource)


def _register(grant: Grant, *, purpose: str, official: str, at: datetime) -> Register:
    issued = _keys.of(grant.system_id, at=at)
    provider = trust.department(department_id=grant.provider_department_id)
    return Register(
        resource=grant.resource_name,
        source=f"{provider.short_name or provider.name}《{grant.resource_name}》",
        resource_code=grant.resource_code,
        purpose=purpose,
        official=official,
        client=Client(settings.GATEWAY_URL, issued.key_id, issued.secret or "", issued.algorithm.value),
    )
