"""A key for one try: short-lived, beside the system's own keys."""

import base64
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from zhengshu.contexts.trust.application.issue_key import KEEPERS, SystemNotActive, check_not_platforms
from zhengshu.contexts.trust.application.queries import SystemNotFound
from zhengshu.contexts.trust.application.records import IssuedKey
from zhengshu.contexts.trust.domain.duties import NotYourDuty, require
from zhengshu.contexts.trust.domain.kinds import KeyAlgorithm
from zhengshu.contexts.trust.events import KeyIssued, KeyRevoked
from zhengshu.contexts.trust.models import ConsumingSystem, SystemKey
from zhengshu.foundation.crypto.algorithms import SECRET_BYTES
from zhengshu.foundation.crypto.sealing import seal
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId, SystemId

TRIAL = "zst_"
"""What the ids of trial keys begin with."""

LASTING = timedelta(minutes=5)
"""How long a trial key is valid when nobody revokes it sooner."""


@transaction
def issue_trial_key(*, system_id: UUID, actor: Actor, at: datetime) -> IssuedKey:
    """Issue a key that ends within `LASTING`, so that a developer can try a call; other keys stay as they are.

    Raises:
        SystemNotFound: the actor may not see such a system.
        NotYourDuty: the actor does not look after the department's systems.
        KeyKeptByPlatform: it is the platform's own system.
        SystemNotActive: the system is deactivated.
    """
    system = ConsumingSystem.objects.visible_to(actor).filter(id=system_id).first()
    if system is None:
        raise SystemNotFound
    require(actor, *KEEPERS)
    if not actor.is_platform and actor.department_id != system.department_id:
        raise NotYourDuty
    check_not_platforms(system, actor=actor)
    if not system.is_active:
        raise SystemNotActive
    key_id, secret = TRIAL + secrets.token_hex(12), secrets.token_bytes(SECRET_BYTES)
    SystemKey.objects.create(
        key_id=key_id,
        system=system,
        algorithm=KeyAlgorithm.HMAC_SHA256.value,
        sealed_secret=seal(secret, context=b"trust.key:" + key_id.encode()),
        active_from=at,
        active_to=at + LASTING,
        issued_by=actor.id,
    )
    publish(
        KeyIssued(
            at=at,
            actor=actor,
            subject=Subject("consuming_system", str(system.id), system.name),
            department_id=DepartmentId(system.department_id),
            key_id=key_id,
            algorithm=KeyAlgorithm.HMAC_SHA256.value,
            overlap_seconds=int(LASTING.total_seconds()),
        )
    )
    return IssuedKey(
        key_id=key_id,
        system_id=SystemId(system.id),
        algorithm=KeyAlgorithm.HMAC_SHA256,
        secret=base64.b64encode(secret).decode(),
        active_from=at,
        active_to=at + LASTING,
    )


def end_trial_keys_of(account_id: UUID, *, by: Actor, at: datetime) -> None:
    """End the trial keys of somebody who leaves; they are in nobody else's hand."""
    rows = SystemKey.objects.filter(
        issued_by=account_id, key_id__startswith=TRIAL, revoked_at=None, active_to__gt=at
    )
    for row in rows.select_related("system"):
        row.revoked_at, row.revoked_by = max(at, row.active_from), by.id
        row.save(update_fields=["revoked_at", "revoked_by"])
        publish(
            KeyRevoked(
                at=at,
                actor=by,
                subject=Subject("consuming_system", str(row.system_id), row.system.name),
                department_id=DepartmentId(row.system.department_id),
                key_id=row.key_id,
            )
        )
