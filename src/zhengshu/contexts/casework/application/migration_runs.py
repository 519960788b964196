"""Runs of migrations that may be cut short and go on: which cases were judged, and how."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from zhengshu.contexts.casework.application.commands_once import KeyUsedOtherwise
from zhengshu.contexts.casework.models import CaseMigration, CaseVerdict
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId


@transaction
def begin_migration(*, content: bytes, key: str, actor: Actor, at: datetime) -> UUID:
    """Return the run of a key, or an unended one that was to do the same, else a new one.

    Raises:
        KeyUsedOtherwise: the key was used for another migration.
    """
    digest = sha256(content).hexdigest()
    if not key:
        unended = CaseMigration.objects.filter(content=digest, key="", ended_at=None, begun_by=actor.id)
        run = unended.order_by("begun_at").last()
        return run.pk if run else _begun(digest, "", actor=actor, at=at)
    name = sha256(f"casework {actor.id} {key}".encode()).hexdigest()
    run = CaseMigration.objects.filter(key=name).first()
    if run is None:
        return _begun(digest, name, actor=actor, at=at)
    if run.content != digest:
        raise KeyUsedOtherwise
    return run.pk


def verdicts_of(run: UUID, *, after: UUID | None, most: int) -> tuple[list[object], bool]:
    """Return the next verdicts that a run reached, in the order of cases, and whether it has ended.

    It locks the run, so that of two processes that carry it on one waits for the other.
    """
    row = CaseMigration.objects.select_for_update().get(pk=run)
    known = CaseVerdict.objects.filter(migration=run).order_by("case_id")
    if after:
        known = known.filter(case_id__gt=after)
    return list(known.values_list("move", flat=True)[:most]), row.ended_at is not None


def write_verdicts(run: UUID, verdicts: Mapping[CaseId, object], *, ended_at: datetime | None) -> None:
    """Write down what a batch of a run said, and that it was the last."""
    CaseVerdict.objects.bulk_create(
        CaseVerdict(migration_id=run, case_id=case_id, move=move) for case_id, move in verdicts.items()
    )
    if ended_at is not None:
        CaseMigration.objects.filter(pk=run).update(ended_at=ended_at)


def _begun(content: str, key: str, *, actor: Actor, at: datetime) -> UUID:
    return CaseMigration.objects.create(content=content, key=key, begun_by=actor.id, begun_at=at).pk
