"""Calls as the gateway records them, and what the rules make of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.tests.messaging import deliver_events
from zhengshu.contexts.exchange.application.watch_calls import Watched, watch_calls
from zhengshu.contexts.exchange.application.watch_rules import change_rule
from zhengshu.contexts.exchange.domain.watching import RuleCode
from zhengshu.contexts.exchange.models import CallRecord, Finding, Grant
from zhengshu.contexts.exchange.tests.factories import NOW
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, new_id

NOON = timezone.localtime(NOW).replace(hour=12, minute=0, second=0) - timedelta(days=2)
"""A time of a whole day that has passed."""


def called(
    grant: Grant, count: int, *, at: datetime = NOON, subjects: Sequence[str] = ("a",), **changes: object
) -> list[CallRecord]:
    """Record calls as the gateway does, one a second, about subjects in turn."""
    return [
        CallRecord.objects.create(
            **{
                "id": new_id(),
                "at": at + timedelta(seconds=number),
                "gateway": "test",
                "key_id": "k",
                "nonce": str(number),
                "system_id": grant.system_id,
                "consumer_department_id": grant.consumer_department_id,
                "provider_department_id": grant.provider_department_id,
                "grant_id": grant.id,
                "resource_code": grant.resource_code,
                "operation": "records",
                "purpose": "tax_administration",
                "verdict": "ok",
                "fields": ["credit_code"],
                "row_count": 1,
                "request_digest": b"1",
                "subject_digest": sha256(subjects[number % len(subjects)].encode()).digest(),
                **changes,
            }
        )
        for number in range(count)
    ]


def only(guard: Actor, code: RuleCode, **thresholds: int) -> None:
    """Switch all other rules off."""
    for one in RuleCode:
        change_rule(
            code=one,
            is_on=one is code,
            thresholds=thresholds if one is code else {},
            actor=guard,
            at=timezone.now(),
        )


def watched() -> Watched:
    done = watch_calls(at=timezone.now())
    deliver_events()
    return done


def judged(row: Finding, outcome: str, *, by: Actor) -> None:
    casework.complete_task(
        case_id=CaseId(UUID(str(row.case_id))), task="examine", outcome=outcome, reason="已核实", actor=by,
        at=timezone.now(),
    )  # fmt: skip
    deliver_events()
