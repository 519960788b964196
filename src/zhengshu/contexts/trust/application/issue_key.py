"""Consuming systems and their keys."""

import base64
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from zhengshu.contexts.trust.application.policy import key_rules, policy
from zhengshu.contexts.trust.application.queries import DepartmentNotFound, SystemNotFound
from zhengshu.contexts.trust.application.records import ConsumingSystemRecord, IssuedKey
from zhengshu.contexts.trust.application.systems_named import is_platforms_own
from zhengshu.contexts.trust.domain import key_periods
from zhengshu.contexts.trust.domain.duties import NotYourDuty, require
from zhengshu.contexts.trust.domain.key_periods import KeyAlreadyEnded, KeyPeriod
from zhengshu.contexts.trust.domain.kinds import KeyAlgorithm
from zhengshu.contexts.trust.events import (
    KeyIssued,
    KeyRevoked,
    SystemDeactivated,
    SystemReactivated,
    SystemRegistered,
)
from zhengshu.contexts.trust.models import ConsumingSystem, Department, SystemKey
from zhengshu.foundation.crypto.algorithms import SECRET_BYTES, Algorithm, verifier
from zhengshu.foundation.crypto.sealing import seal
from zhengshu.foundation.crypto.signatures import VerifyingKey
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId, SystemId

KEEPERS = (Role.DATA_OFFICER, Role.OPERATOR)
"""Who looks after a department's own systems and their keys."""
PUBLIC_KEY_BYTES = {Algorithm.ED25519: 32, Algorithm.SM2_SM3: 64}
UNCOMPRESSED = b"\x04"
"""Before a point that is written whole (SEC 1, section 2.3.3); some tools give it, the rest leave it out."""


class SystemNameTaken(Refused):
    """The department has a system of this name; use it, or choose another name."""

    code = "trust.system-name-taken"
    kind = Kind.CONFLICT
    message = "The department has a consuming system of this name already."


class SystemNotActive(Refused):
    """A deactivated system gets no keys; reactivate it first."""

    code = "trust.system-not-active"
    kind = Kind.CONFLICT
    message = "The consuming system is deactivated. Reactivate it first."


class PublicKeyUnfit(Refused):
    """A public key is a PEM file, or its bytes in base64: 32 of Ed25519, 64 of SM2."""

    code = "trust.public-key-unfit"
    message = (
        "This is not a public key of the chosen algorithm. Expected is the text of a PEM file, or in base64 the 32 "
        "bytes of an Ed25519 key or the 64 bytes x‖y of an SM2 key."
    )


class KeyKeptByPlatform(Refused):
    """The platform makes the keys of its own system itself; with one in hand, anybody could read without a case."""

    code = "trust.key-kept-by-platform"
    kind = Kind.FORBIDDEN
    message = (
        "This is the platform's own system: it fills in forms and looks for benefits, and makes its keys itself. "
        "Register another system for a program of your department."
    )


class KeyNotFound(Refused):
    """No such key, or not one of a system that the actor may see."""

    code = "trust.key-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such key."


@transaction
def register_consuming_system(
    *, name: str, department_id: UUID, actor: Actor, at: datetime
) -> ConsumingSystemRecord:
    """Register an information system of a department as one that may call the gateway.

    Raises:
        NotYourDuty: the actor does not look after that department's systems.
        DepartmentNotFound: there is no such active department.
        SystemNameTaken: the department has a system of this name.
    """
    _check_keeper(actor, department_id)
    if not Department.objects.filter(id=department_id, is_active=True).exists():
        raise DepartmentNotFound
    if ConsumingSystem.objects.filter(department_id=department_id, name=name.strip()).exists():
        raise SystemNameTaken
    row = ConsumingSystem.objects.create(
        department_id=department_id, name=name.strip(), created_at=at, created_by=actor.id
    )
    publish(
        SystemRegistered(at=at, actor=actor, subject=_subject(row), department_id=DepartmentId(department_id))
    )
    return ConsumingSystemRecord.of(row)


@transaction
def set_system_active(
    *, system_id: UUID, is_active: bool, actor: Actor, at: datetime
) -> ConsumingSystemRecord:
    """Deactivate a system, whose keys then stop working at once, or reactivate it.

    Raises:
        SystemNotFound: the actor may not see such a system.
        NotYourDuty: the actor neither looks after the department's systems nor administers security.
    """
    row = _locked(system_id, actor)
    _check_keeper(actor, row.department_id, Role.SECURITY_ADMIN)
    if row.is_active != is_active:
        row.is_active = is_active
        row.save(update_fields=["is_active"])
        event = SystemReactivated if is_active else SystemDeactivated
        publish(
            event(at=at, actor=actor, subject=_subject(row), department_id=DepartmentId(row.department_id))
        )
    return ConsumingSystemRecord.of(row)


@transaction
def issue_key(
    *,
    system_id: UUID,
    algorithm: KeyAlgorithm | str,
    public_key: str | None = None,
    actor: Actor,
    at: datetime,
    overlap: timedelta = timedelta(0),
) -> IssuedKey:
    """Issue a key to a system; the keys it had stay valid for the overlap, in which the system changes over.

    The secret is in the answer and nowhere else: it is stored sealed under the master key.

    Raises:
        SystemNotFound: the actor may not see such a system.
        NotYourDuty: the actor does not look after the department's systems.
        KeyKeptByPlatform: it is the platform's own system.
        SystemNotActive: the system is deactivated.
        OverlapTooLong: the policy allows less.
        PublicKeyUnfit: no public key of that algorithm.
        StepUpDue: the actor has not shown lately who he is.
    """
    system = _locked(system_id, actor)
    _check_keeper(actor, system.department_id)
    check_not_platforms(system, actor=actor)
    require_assured(actor)
    if not system.is_active:
        raise SystemNotActive
    kind, key_id = KeyAlgorithm(algorithm), "zsk_" + secrets.token_hex(12)
    rows = {
        row.key_id: row
        for row in SystemKey.objects.select_for_update().filter(system=system, revoked_at=None)
    }
    new, shortened = key_periods.rotate(
        (
            KeyPeriod(key_id=row.key_id, active_from=row.active_from, active_to=row.active_to)
            for row in rows.values()
        ),
        new_key_id=key_id,
        rules=key_rules(policy()),
        overlap=overlap,
        at=at,
    )
    for period in shortened:
        rows[period.key_id].active_to = period.active_to
        rows[period.key_id].save(update_fields=["active_to"])
    secret = None if kind.is_key_pair else secrets.token_bytes(SECRET_BYTES)
    SystemKey.objects.create(
        key_id=key_id,
        system=system,
        algorithm=kind.value,
        sealed_secret=None if secret is None else seal(secret, context=b"trust.key:" + key_id.encode()),
        public_key=read_public_key(public_key or "", algorithm=kind) if secret is None else None,
        active_from=new.active_from,
        active_to=new.active_to,
        issued_by=actor.id,
    )
    publish(
        KeyIssued(
            at=at,
            actor=actor,
            subject=_subject(system),
            department_id=DepartmentId(system.department_id),
            key_id=key_id,
            algorithm=kind.value,
            overlap_seconds=int(overlap.total_seconds()),
        )
    )
    return IssuedKey(
        key_id=key_id,
        system_id=SystemId(system.id),
        algorithm=kind,
        secret=None if secret is None else base64.b64encode(secret).decode(),
        active_from=new.active_from,
        active_to=new.active_to,
    )


@transaction
def revoke_key(*, key_id: str, actor: Actor, at: datetime) -> None:
    """End a key at once.

    Raises:
        KeyNotFound: no key of a system that the actor may see.
        NotYourDuty: the actor neither looks after the department's systems nor administers security.
        KeyAlreadyEnded: it was revoked or has run out.
    """
    row = SystemKey.objects.select_for_update().filter(key_id=key_id).first()
    if row is None:
        raise KeyNotFound
    system = ConsumingSystem.objects.visible_to(actor).filter(id=row.system_id).first()
    if system is None:
        raise KeyNotFound
    _check_keeper(actor, system.department_id, Role.SECURITY_ADMIN)
    if row.revoked_at is not None or at >= row.active_to:
        raise KeyAlreadyEnded
    row.revoked_at, row.revoked_by = max(at, row.active_from), actor.id
    row.save(update_fields=["revoked_at", "revoked_by"])
    publish(
        KeyRevoked(
            at=at,
            actor=actor,
            subject=_subject(system),
            department_id=DepartmentId(system.department_id),
            key_id=key_id,
        )
    )


def read_public_key(text: str, *, algorithm: KeyAlgorithm) -> bytes:
    """Return the raw bytes of a public key given in base64 or as PEM: 32 of Ed25519, 64 of SM2.

    Raises:
        PublicKeyUnfit: it is neither, or of another algorithm.
    """
    kind = Algorithm(algorithm.value)
    length = PUBLIC_KEY_BYTES[kind]
    try:
        if "BEGIN" in text:
            key = VerifyingKey.read(text.strip().encode())
            if key.scheme.value != kind.value:
                raise PublicKeyUnfit
            return key.spki[-length:]
        raw = base64.b64decode("".join(text.split()), validate=True)
        if len(raw) == length + 1 and raw[:1] == UNCOMPRESSED:
            raw = raw[1:]
        verifier(kind, raw)
    except ValueError as fault:
        raise PublicKeyUnfit from fault
    return raw


def check_not_platforms(system: ConsumingSystem, *, actor: Actor) -> None:
    """Check that a system is not the platform's own, unless the platform asks.

    Raises:
        KeyKeptByPlatform: it is.
    """
    if is_platforms_own(system.name) and not actor.is_platform:
        raise KeyKeptByPlatform


def _locked(system_id: UUID, actor: Actor) -> ConsumingSystem:
    row = ConsumingSystem.objects.visible_to(actor).select_for_update().filter(id=system_id).first()
    if row is None:
        raise SystemNotFound
    return row


def _check_keeper(actor: Actor, department_id: UUID, *also: Role) -> None:
    if actor.is_platform or (also and actor.has(*also)):
        return
    require(actor, *KEEPERS)
    if actor.department_id != department_id:
        raise NotYourDuty


def _subject(row: ConsumingSystem) -> Subject:
    return Subject("consuming_system", str(row.id), row.name)
