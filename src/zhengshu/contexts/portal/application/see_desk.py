"""What lies on a person's desk: what is to be done, what was asked for, what others ask, how it goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.api import CaseRecord, TaskRecord
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange import api as exchange
from zhengshu.contexts.exchange.api import CallCount, GrantState, RequestState, RequestSummary
from zhengshu.contexts.services import api as services
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.clocks import Light

ROWS = 6
"""How many lines each card of the desk shows before it leads to the whole list."""

OPEN_STATES = tuple(state.value for state in RequestState if state.is_open and state != RequestState.DRAFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The desk of somebody who works with data.

    Attributes:
        todos: what this person may complete now, the nearest end first.
        started: what the department asked for and is still open, the newest first.
        asked: open share requests of others for the department's data.
        resources: how many resources the department lists.
        grants: how many grants are active, given by the department or to it.
        calls: answered and refused calls of the last days, oldest first.
    """

    todos: Page[TaskRecord]
    started: Page[CaseRecord]
    asked: Page[RequestSummary]
    resources: int
    grants: int
    calls: tuple[CallCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    """What a leader and the data authority watch.

    Attributes:
        lights: how many open cases show each light.
        late: the cases whose limit has passed, the oldest first.
        resources: how many resources are published.
        grants: how many grants are active.
        calls: answered and refused calls of the last days, oldest first.
        services: figures of what people asked for this month, by code.
    """

    lights: Mapping[Light, int]
    late: Page[CaseRecord]
    resources: int
    grants: int
    calls: tuple[CallCount, ...]
    services: Mapping[str, services.Figure]


def see_desk(*, actor: Actor, at: datetime) -> Desk:
    """Return the desk of somebody who works with data."""
    lists = casework.case_desk(actor=actor, query=ListQuery(size=ROWS), at=at)
    asked = ListQuery(size=ROWS, filters={"side": ("asked",), "state": OPEN_STATES})
    return Desk(
        todos=lists.todos,
        started=lists.started,
        asked=exchange.requests(query=asked, actor=actor, at=at),
        resources=_count_resources(actor, department=str(actor.department_id or "")),
        grants=_count_grants(actor, at=at),
        calls=exchange.call_counts(actor=actor, by="day", at=at),
    )


def oversee(*, actor: Actor, at: datetime) -> Oversight:
    """Return what a leader watches: lights, what is late, and how much is shared."""
    late = ListQuery(size=ROWS, filters={"light": (Light.RED.value,)})
    return Oversight(
        lights=casework.lights(actor=actor, at=at),
        late=casework.supervised(actor=actor, query=late, at=at),
        resources=_count_resources(actor),
        grants=_count_grants(actor, at=at),
        calls=exchange.call_counts(actor=actor, by="day", at=at),
        services=services.month_figures(actor=actor, at=at),
    )


def _count_resources(actor: Actor, *, department: str = "") -> int:
    filters = {"department": (department,)} if department else {}
    return catalog.count_resources(query=ListQuery(filters=filters), actor=actor)


def _count_grants(actor: Actor, *, at: datetime) -> int:
    active = ListQuery(filters={"state": (GrantState.ACTIVE.value,)})
    return exchange.count_grants(query=active, actor=actor, at=at)
