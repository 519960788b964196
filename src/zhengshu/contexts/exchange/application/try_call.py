"""Try a granted call from the developer's page, through the real gateway."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from zhengshu.client import CallRefused, Client
from zhengshu.contexts.exchange.application import grant_queries
from zhengshu.contexts.exchange.application.grants import GrantNotActive
from zhengshu.contexts.exchange.application.steps import must_act_for
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused

TRIES_FOR_A_FRESH_KEY = 10
SECONDS_BETWEEN = 0.1
"""A gateway hears of a new key within a moment; until then it cannot tell it from an unknown one."""


class GatewayUnreachable(Refused):
    """The web process cannot reach the gateway; is it running?"""

    code = "exchange.gateway-unreachable"
    kind = Kind.UNAVAILABLE
    message = (
        "The gateway at %(url)s does not answer. Ask the operator of the platform whether it is running."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of a try.

    Attributes:
        status: the HTTP status.
        text: the answer's JSON, indented.
        receipt: the id of the record of the call.
        milliseconds: from sending to the answer.
    """

    status: int
    text: str
    receipt: str
    milliseconds: float


class Said(NamedTuple):
    """What the call says of itself: for what it is, for which case, and who asks."""

    purpose: str
    case: str
    official: str


def try_call(*, grant_id: UUID, key: Mapping[str, str], case: str, actor: Actor, at: datetime) -> Tried:
    """Make one signed call of the consuming system with a key of its own that is revoked at once.

    The call is judged and recorded like any other; no secret leaves this function. It runs outside of a
    transaction, because the gateway must see the key.

    Raises:
        GrantNotFound: the actor may not see such a grant.
        NotYourStep: the actor is no developer of the consuming department.
        GrantNotActive: the grant is not in force.
        GatewayUnreachable: the gateway does not answer.
    """
    grant = grant_queries.grant(grant_id=grant_id, actor=actor, at=at)
    must_act_for(grant.consumer_id, actor=actor, roles=[Role.DATA_OFFICER, Role.OPERATOR])
    if grant.state != grant_queries.GrantState.ACTIVE:
        raise GrantNotActive
    issued = trust.issue_trial_key(system_id=grant.system_id, actor=actor, at=at)
    try:
        client = Client(settings.GATEWAY_URL, issued.key_id, issued.secret or "", issued.algorithm.value)
        said = Said(purpose=grant.purposes[0], case=case, official=f"zhengshu-{actor.id.hex}")
        return _called(client, resource=grant.resource_code, key=key, said=said)
    finally:
        trust.revoke_key(key_id=issued.key_id, actor=actor, at=at)


def _called(client: Client, *, resource: str, key: Mapping[str, str], said: Said) -> Tried:
    for last in (*[False] * TRIES_FOR_A_FRESH_KEY, True):
        started = time.perf_counter()
        try:
            answer = client.records(
                resource, key=key, purpose=said.purpose, case=said.case, official=said.official
            )
        except CallRefused as refusal:
            if refusal.code == "exchange.signature-wrong" and not last:
                time.sleep(SECONDS_BETWEEN)
                continue
            return _tried(refusal.status, dict(refusal.document), refusal.receipt, started=started)
        except OSError as fault:
            raise GatewayUnreachable(url=settings.GATEWAY_URL) from fault
        rows = [dict(row) for row in answer.rows]
        return _tried(200, {"rows": rows, "next": answer.next or None}, answer.receipt, started=started)
    raise GatewayUnreachable(url=settings.GATEWAY_URL)


def _tried(status: int, document: Mapping[str, object], receipt: str, *, started: float) -> Tried:
    return Tried(
        status=status,
        text=json.dumps(document, ensure_ascii=False, indent=2),
        receipt=receipt,
        milliseconds=round((time.perf_counter() - started) * 1000, 1),
    )
