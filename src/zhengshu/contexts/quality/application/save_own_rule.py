"""Save a rule in SQL: a new one, or another edition of one that there is; it is asked from the next assessment on."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.db import transaction as django_transaction

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.quality.application.tables import rules_in_force, table_of
from zhengshu.contexts.quality.application.try_own_rule import digest_of, try_own_rule
from zhengshu.contexts.quality.domain.own_rules import (
    OwnRuleCodeTaken,
    OwnRuleDraft,
    OwnRuleNotFound,
)
from zhengshu.contexts.quality.events import OwnRuleSaved
from zhengshu.contexts.quality.models import OwnRule, OwnRuleVersion
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor


def save_own_rule(*, draft: OwnRuleDraft, actor: Actor, at: datetime, rule_id: UUID | None = None) -> UUID:
    """Save a rule that was tried just now, so that no statement is kept that the sandbox refuses; return its id.

    Table and code of a rule stay what they were when it was first saved. A retired rule comes into force again.

    Basis: Decree 809, article 19.

    Raises:
        OwnSqlNotYours: the actor is not of the data authority.
        OwnRuleNotFound: there is no such rule.
        OwnRuleCodeTaken: another rule has the code.
        ResourceNotFound, OwnRuleUnfit, NothingToAssess, OwnSqlRefused, OwnSqlTooCostly: as when it is tried.
    """
    try_own_rule(draft=draft, actor=actor, at=at)
    return _saved(draft, actor, at, rule_id)


@transaction
def _saved(draft: OwnRuleDraft, actor: Actor, at: datetime, rule_id: UUID | None) -> UUID:
    resource = table_of(draft.resource_code, actor=actor)
    row = _new(draft, resource, at) if rule_id is None else _next(rule_id, draft, actor)
    fields = asdict(draft)
    for name in ("resource_code", "code"):
        del fields[name]
    OwnRuleVersion.objects.create(
        rule=row,
        number=row.number,
        saved_at=at,
        saved_by=actor.id,
        saved_by_name=actor.name,
        **{**fields, "tables": list(draft.tables), "severity": draft.severity.value},
    )
    publish(
        OwnRuleSaved(
            at=at,
            actor=actor,
            subject=Subject("own_rule", str(row.id), f"{row.code} {row.resource_name}"),
            department_id=resource.department_id,
            rule_code=row.code,
            resource_id=row.resource_id,
            resource_code=row.resource_code,
            statement_digest=digest_of(draft.statement),
            number=row.number,
        )
    )
    return row.id


def _new(draft: OwnRuleDraft, resource: catalog.ResourceRecord, at: datetime) -> OwnRule:
    if any(rule.code == draft.full_code for rule in rules_in_force().pack.rules):
        raise OwnRuleCodeTaken(rule=draft.full_code)
    row = OwnRule(
        code=draft.full_code,
        resource_id=resource.id,
        resource_code=resource.code,
        resource_name=resource.name,
        created_at=at,
    )
    try:
        with django_transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as fault:
        raise OwnRuleCodeTaken(rule=draft.full_code) from fault
    return row


def _next(rule_id: UUID, draft: OwnRuleDraft, actor: Actor) -> OwnRule:
    row = OwnRule.objects.visible_to(actor).select_for_update().filter(id=rule_id).first()
    if row is None or (row.code, row.resource_code) != (draft.full_code, draft.resource_code):
        raise OwnRuleNotFound
    row.number += 1
    row.retired_at, row.retired_by_name = None, ""
    row.save()
    return row
