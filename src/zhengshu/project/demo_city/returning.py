"""What comes back about the city's shared data: demands, corrections and a dispute, as `matters.yaml` states them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

import msgspec.yaml

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange import api as exchange
from zhengshu.contexts.lake import api as lake
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import RequestId
from zhengshu.project.demo_city.accounts import PLATFORM, official_actor
from zhengshu.project.demo_city.asking import NAMES
from zhengshu.project.demo_city.content import pack_folder

Say = Callable[[str], None]
_ANSWERED_AFTER: Final = timedelta(days=2)


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a provider answers a request for a correction."""

    outcome: str
    reason: str


class Withheld(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why something is on the negative list."""

    reason: str
    basis: str


class Demand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A demand, with what the data authority and the responsible department say to it."""

    consumer: str
    name: str
    legal_basis: str
    scenario: str
    wanted: str
    freshness: str
    days_ago: int
    responsible: str = ""
    promised_in: int = 0
    withheld: Withheld | None = None


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request for a correction of one of the first rows that are served."""

    consumer: str
    resource: str
    provider: str
    row: int
    right: Mapping[str, str]
    evidence: str
    days_ago: int
    answer: Answer | None = None


class Dispute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A dispute about a share request of `requests.yaml`."""

    request: str
    consumer: str
    claim: str
    wanted: str
    days_ago: int


class Returned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that comes back."""

    demands: tuple[Demand, ...]
    corrections: tuple[Correction, ...]
    disputes: tuple[Dispute, ...]


def read_returned(folder: Path | None = None) -> Returned:
    """Read what comes back.

    Raises:
        msgspec.ValidationError: the file does not have its form, with the place that failed.
    """
    return msgspec.yaml.decode(((folder or pack_folder()) / "matters.yaml").read_bytes(), type=Returned)


def install_returned(codes: Mapping[str, str], *, at: datetime, say: Say) -> None:
    """Open every matter that is not yet there, and bring it to its state."""
    returned = read_returned()
    for demand in returned.demands:
        if not _is_there(exchange.MatterKind.DEMAND, demand.name, at=at):
            say(f"demanding {demand.name}")
            _demand(demand, at=at - timedelta(days=demand.days_ago))
    for correction in returned.corrections:
        _correct(correction, code=codes[correction.resource], at=at, say=say)
    for dispute in returned.disputes:
        _contest(dispute, at=at, say=say)


def _is_there(kind: exchange.MatterKind, text: str, *, at: datetime, requester: Actor | None = None) -> bool:
    page = exchange.matters(kind=kind, query=ListQuery(text=text, size=200), actor=PLATFORM, at=at)
    if requester is None:
        return page.total > 0
    return any(row.parts[0].department_id == requester.department_id for row in page.rows)


def _demand(wanted: Demand, *, at: datetime) -> None:
    demand_id = exchange.raise_demand(
        demanded=exchange.Demanded(
            name=wanted.name,
            legal_basis=wanted.legal_basis,
            scenario=wanted.scenario,
            wanted=wanted.wanted,
            freshness=wanted.freshness,
        ),
        actor=official_actor(f"{wanted.consumer}.officer"),
        at=at,
    )
    reviewer, later = official_actor("data.reviewer"), at + _ANSWERED_AFTER
    if wanted.withheld is not None:
        no = exchange.Step(
            task="find_responsible",
            outcome="withhold",
            reason=wanted.withheld.reason,
            basis=wanted.withheld.basis,
        )
        _step(exchange.MatterKind.DEMAND, demand_id, no, actor=reviewer, at=later)
    elif wanted.responsible:
        officer = official_actor(f"{wanted.responsible}.officer")
        found = exchange.Step(task="find_responsible", outcome="assign", department_id=officer.department_id)
        _step(exchange.MatterKind.DEMAND, demand_id, found, actor=reviewer, at=later)
        promise = exchange.Step(
            task="accept_responsibility",
            outcome="accept",
            promised_on=(later + timedelta(days=wanted.promised_in)).date(),
        )
        _step(exchange.MatterKind.DEMAND, demand_id, promise, actor=officer, at=later)


def _correct(wanted: Correction, *, code: str, at: datetime, say: Say) -> None:
    consumer = official_actor(f"{wanted.consumer}.officer")
    if _is_there(exchange.MatterKind.CORRECTION, code, at=at, requester=consumer):
        return
    say(f"asking for a correction of {wanted.resource}")
    opened = at - timedelta(days=wanted.days_ago)
    resource = catalog.published_by_code(code=code)
    correction_id = exchange.request_correction(
        resource_code=code,
        claim=exchange.Claim(
            fault=exchange.FaultKind.WRONG,
            columns=tuple(wanted.right),
            key=_key(resource, row=wanted.row),
            right=wanted.right,
            evidence=wanted.evidence,
        ),
        actor=consumer,
        at=opened,
    )
    if wanted.answer is None:
        return
    provider = official_actor(f"{wanted.provider}.officer")
    answer = exchange.Step(task="verify", outcome=wanted.answer.outcome, reason=wanted.answer.reason)
    _step(exchange.MatterKind.CORRECTION, correction_id, answer, actor=provider, at=opened + _ANSWERED_AFTER)


def _key(resource: catalog.ResourceRecord, *, row: int) -> dict[str, str]:
    """Return the key of one of the first rows that are served."""
    shown = lake.preview(resource=resource, actor=PLATFORM)
    if shown is None:
        message = f"nothing is served of {resource.code}"
        raise LookupError(message)
    values = dict(zip(shown.headings, shown.rows[row], strict=True))
    return {item.column: values[item.name] for item in resource.items if item.is_key}


def _contest(wanted: Dispute, *, at: datetime, say: Say) -> None:
    request = exchange.request(request_id=RequestId(uuid5(NAMES, wanted.request)), actor=PLATFORM)
    if _is_there(exchange.MatterKind.DISPUTE, request.number, at=at):
        return
    say(f"contesting the answer to {wanted.request}")
    exchange.raise_dispute(
        about=exchange.DisputeAbout.REQUEST,
        about_id=request.id,
        claim=wanted.claim,
        wanted=wanted.wanted,
        actor=official_actor(f"{wanted.consumer}.officer"),
        at=at - timedelta(days=wanted.days_ago),
    )


def _step(
    kind: exchange.MatterKind, matter_id: UUID, step: exchange.Step, *, actor: Actor, at: datetime
) -> None:
    exchange.take_step(kind=kind, matter_id=matter_id, step=step, actor=actor, at=at)
