"""Whose signatures the proof log has: its first keys, and those that were announced since.

The handover goes without stopping anything: new keys are announced by an entry; the sequencer, having published that
entry under the former keys, keeps the handover that proves it and signs by both; the security administrator retires
the former ones when witnesses and monitors have followed, and then their private half is gone.
"""

import os
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from django.conf import settings

from zhengshu.contexts.trust.application.log_sources import ACT
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.log_events import LogKeysAnnounced, LogKeysRetired
from zhengshu.contexts.trust.models import AuditEvent, LogEntry, LogKey, Witness
from zhengshu.foundation.crypto.sealing import seal, unseal
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.tlog.keys import log_signers, log_vkeys, signers_of, vkeys_of
from zhengshu.foundation.tlog.notes import NoteSigner, NoteVerifier, verifier
from zhengshu.foundation.tlog.receipts import receipt_of
from zhengshu.foundation.tlog.store import LogFolder
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.errors import Kind, Refused

SEED_BYTES = 32
FIRST = 1


class LogKeysUnderWay(Refused):
    """Two sets of keys sign already; retire the former before new ones are announced."""

    code: ClassVar[str] = "trust.log-keys-under-way"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "A handover to new keys is under way. Retire the former keys first."


class LogKeysNotFollowed(Refused):
    """Witnesses do not know the new keys yet; they would refuse what only those have signed."""

    code: ClassVar[str] = "trust.log-keys-not-followed"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "These witnesses have not followed to the new keys yet: %(witnesses)s. Wait, or have their operators add the "
        "new keys by hand."
    )


class NoLogKeysToRetire(Refused):
    """Only one set of keys signs, or the new one does not sign yet."""

    code: ClassVar[str] = "trust.no-log-keys-to-retire"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "There are no former keys to retire: new ones must be announced, published and signing first."
    )


@transaction
def announce_log_keys(*, actor: Actor, at: datetime) -> LogKey:
    """Make new keys for the proof log and announce them in it; they sign once the announcement is published.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        StepUpDue: the actor has not shown lately who he is.
        LogKeysUnderWay: a handover has not ended yet.
    """
    require(actor, Role.SECURITY_ADMIN)
    require_assured(actor)
    origin = settings.PROOF_LOG_ORIGIN
    rows = list(LogKey.objects.select_for_update())
    if sum(row.signs_to is None for row in rows) > 1:
        raise LogKeysUnderWay
    if not rows:
        vkeys = list(log_vkeys(origin))
        LogKey.objects.create(version=FIRST, vkeys=vkeys, announced_at=at, announced_by="", signs_from=0)
    ed25519_seed, sm2_seed = os.urandom(SEED_BYTES), os.urandom(SEED_BYTES)
    row = LogKey(
        version=(rows[-1].version if rows else FIRST) + 1,
        vkeys=list(vkeys_of(origin, ed25519_seed=ed25519_seed, sm2_seed=sm2_seed)),
        announced_at=at,
        announced_by=actor.name[:100],
    )
    row.sealed = seal(ed25519_seed + sm2_seed, context=_context(row.version))
    event = LogKeysAnnounced(
        at=at, actor=actor, subject=_subject(row.version), version=row.version, keys=tuple(row.vkeys)
    )
    publish(event)
    announced = AuditEvent.objects.filter(name=event.wire_name, subject_id=str(row.version)).latest("pk")
    row.event_id = announced.pk
    row.save(force_insert=True)
    return row


@transaction
def retire_log_keys(*, is_forced: bool = False, actor: Actor, at: datetime) -> int:
    """Let the former keys sign no more, from the next checkpoint on; return their number.

    Args:
        is_forced: whether they go although witnesses have not followed, as after a theft.
        actor: who decides.
        at: now.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        StepUpDue: the actor has not shown lately who he is.
        NoLogKeysToRetire: only one set of keys signs.
        LogKeysNotFollowed: witnesses do not know the new keys yet.
    """
    require(actor, Role.SECURITY_ADMIN)
    require_assured(actor)
    signing = [row for row in LogKey.objects.select_for_update() if row.signs and row.retired_at is None]
    if len(signing) < 2:  # noqa: PLR2004 - the former and the new
        raise NoLogKeysToRetire
    former, new = signing[0], signing[-1]
    behind = witnesses_behind(new.version)
    if behind and not is_forced:
        raise LogKeysNotFollowed(witnesses=", ".join(behind))
    former.retired_at = at
    former.save(update_fields=["retired_at"])
    publish(LogKeysRetired(at=at, actor=actor, subject=_subject(former.version), version=former.version))
    return former.version


def witnesses_behind(version: int) -> tuple[str, ...]:
    """Return the witnesses at work that have not followed to the keys of a number."""
    rows = Witness.objects.filter(is_active=True, log_version__lt=version)
    return tuple(rows.values_list("name", flat=True))


def log_keys() -> tuple[LogKey, ...]:
    """Return all keys by their number; none before the first rotation."""
    return tuple(LogKey.objects.all())


def current_vkeys() -> tuple[str, ...]:
    """Return the keys that sign now, the newest last."""
    rows = [row for row in log_keys() if row.signs]
    return tuple(vkey for row in rows for vkey in row.vkeys) or log_vkeys(settings.PROOF_LOG_ORIGIN)


def every_vkey() -> tuple[str, ...]:
    """Return the keys of all numbers, for those who read the log from its beginning."""
    rows = log_keys()
    return tuple(vkey for row in rows for vkey in row.vkeys) or log_vkeys(settings.PROOF_LOG_ORIGIN)


def vkeys_at(size: int) -> tuple[str, ...]:
    """Return the keys that may have signed a checkpoint of a size: a retired key proves nothing newer."""
    rows = [
        row
        for row in log_keys()
        if row.signs_from is not None
        and row.signs_from <= size
        and (row.signs_to is None or size <= row.signs_to)
    ]
    return tuple(vkey for row in rows for vkey in row.vkeys) or log_vkeys(settings.PROOF_LOG_ORIGIN)


def log_verifiers() -> tuple[NoteVerifier, ...]:
    """Return what checks checkpoints of any age."""
    return tuple(verifier(vkey) for vkey in every_vkey())


def signers_after(size: int, *, folder: LogFolder) -> tuple[NoteSigner, ...]:
    """Return who signs the checkpoint that follows on a published one; only the sequencer asks.

    What is under way goes on here: keys whose announcement was published begin to sign, retired ones end. A row is
    written before the checkpoint that follows from it, so that a crash in between only delays the new keys.
    """
    rows = log_keys()
    for row in rows:
        if row.signs_from is None and _is_handed_over(row, size=size, folder=folder):
            row.signs_from = size + 1
            row.save(update_fields=["signs_from"])
        if row.retired_at is not None and row.signs_to is None:
            row.signs_to, row.sealed = size, None
            row.save(update_fields=["signs_to", "sealed"])
    signing = [signer for row in rows if row.signs for signer in _signers(row)]
    return tuple(signing) or log_signers(settings.PROOF_LOG_ORIGIN)


def handover_for(row: LogKey, *, folder: LogFolder, note: str = "") -> str:
    """Return the file by which others follow to some keys, by a checkpoint; an empty text before it is published."""
    entry = _announcement(row)
    if entry is None:
        return ""
    receipt = receipt_of(index=entry.index, entry=bytes(entry.entry), salt=b"", folder=folder, note=note)
    return receipt.text if receipt else ""


def _is_handed_over(row: LogKey, *, size: int, folder: LogFolder) -> bool:
    """Keep the handover if the announcement is published; whether it is."""
    entry = _announcement(row)
    if entry is None or entry.index >= size:
        return False
    folder.publish_handover(row.version, handover_for(row, folder=folder, note=folder.checkpoint()))
    return True


def _announcement(row: LogKey) -> LogEntry | None:
    if row.event_id is None:
        return None
    return LogEntry.objects.filter(kind=ACT, source=row.event_id).first()


def _signers(row: LogKey) -> Iterable[NoteSigner]:
    origin = settings.PROOF_LOG_ORIGIN
    if row.version == FIRST:
        return log_signers(origin)
    seeds = unseal(bytes(row.sealed or b""), context=_context(row.version))
    return signers_of(origin, ed25519_seed=seeds[:SEED_BYTES], sm2_seed=seeds[SEED_BYTES:])


def _context(version: int) -> bytes:
    return f"trust.log-key:{version}".encode()


def _subject(version: int) -> Subject:
    return Subject("log_keys", str(version), str(version))
