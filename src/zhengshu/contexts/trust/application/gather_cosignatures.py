"""Asking the witnesses to cosign what was published, and raising the alarm when they do not."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

import httpx

from zhengshu.contexts.trust.application.log_keys import FIRST, handover_for, log_keys
from zhengshu.contexts.trust.application.policy import policy
from zhengshu.contexts.trust.application.publish_log import log_folder
from zhengshu.contexts.trust.application.raise_alarms import WITNESSED, AlarmKind, clear_alarms, raise_alarm
from zhengshu.contexts.trust.models import Witness
from zhengshu.foundation.tlog.cosignatures import cosignature_verifier, cosignatures
from zhengshu.foundation.tlog.merkle import consistency_proof
from zhengshu.foundation.tlog.notes import Checkpoint, NoteWrong, split
from zhengshu.foundation.tlog.tiles import TileReader
from zhengshu.foundation.tlog.witness import SIZE, Submission

SECONDS_TO_ANSWER = 3.0
AGAIN_AFTER = timedelta(minutes=1)
"""After which a witness who has cosigned is asked again though nothing was added, to see that he is there."""
MOST_AT_ONCE = 8


class Trouble(StrEnum):
    """Why a witness does not cosign."""

    NONE = ""
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    FORKED = "forked"
    ROLLED_BACK = "rolled_back"


ALARMING = (Trouble.FORKED, Trouble.ROLLED_BACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a witness said: his signature line, or why there is none.

    Attributes:
        size: the size that he says he has seen, where he says so.
    """

    line: str = ""
    trouble: Trouble = Trouble.NONE
    size: int | None = None
    text: str = ""


def gather_cosignatures(*, at: datetime) -> int:
    """Ask who has not cosigned the published checkpoint yet; return how many have.

    A checkpoint that enough have cosigned is kept beside the newest one, and receipts are given by it. Nobody waits
    for a witness: the log goes on without him, and the alarm says so.
    """
    note = log_folder().checkpoint()
    if not note:
        return 0
    checkpoint = Checkpoint.of_text(split(note)[0])
    rows = list(Witness.objects.filter(is_active=True))
    due = [row for row in rows if _is_due(row, checkpoint, at=at)]
    with ThreadPoolExecutor(max_workers=MOST_AT_ONCE) as pool:
        replies = list(pool.map(lambda row: ask(row, note), due))
    for row, reply in zip(due, replies, strict=True):
        _keep(row, reply, checkpoint, at=at)
    lead_witnesses(rows, note)
    lines = [row.line for row in rows if row.size == checkpoint.size and row.line]
    if lines and len(lines) >= policy().witness_quorum:
        log_folder().publish_witnessed(note + "".join(lines))
    raise_alarms(at=at)
    return len(lines)


def lead_witnesses(rows: Sequence[Witness], note: str) -> None:
    """Lead witnesses to the log's new keys; each is shown the announcement under a checkpoint that he has cosigned.

    A witness of another make does not know the request and is told by hand; the former keys sign until he is.
    """
    size = Checkpoint.of_text(split(note)[0]).size
    for key in log_keys():
        if key.version == FIRST or not key.signs:
            continue
        for row in rows:
            if row.log_version >= key.version or row.size != size or not row.line:
                continue
            text = handover_for(key, folder=log_folder(), note=note + row.line)
            if text and _is_followed(row, text):
                row.log_version = key.version
                row.save(update_fields=["log_version"])


def _is_followed(row: Witness, text: str) -> bool:
    try:
        answer = httpx.post(
            f"{row.address}/add-handover",
            content=text.encode(),
            timeout=SECONDS_TO_ANSWER,
            follow_redirects=False,
        )
    except httpx.HTTPError:
        return False
    return answer.status_code == HTTPStatus.OK


def ask(row: Witness, note: str) -> Reply:
    """Submit a checkpoint to a witness, once more if he has seen another size than we thought."""
    checkpoint = Checkpoint.of_text(split(note)[0])
    first = _submit(row, note, old=min(row.size, checkpoint.size))
    if first.size is None or first.trouble:
        return first
    if first.size > checkpoint.size:
        return Reply(trouble=Trouble.ROLLED_BACK, text=f"{first.size} > {checkpoint.size}")
    second = _submit(row, note, old=first.size)
    if second.size is not None and not second.trouble:
        return Reply(trouble=Trouble.FORKED, text=f"{second.size}")
    return second


def raise_alarms(*, at: datetime) -> None:
    """Raise and clear alarms by how the witnesses stand."""
    wrong: set[tuple[AlarmKind, Witness | None]] = {
        (AlarmKind(row.trouble), row) for row in Witness.objects.filter(is_active=True, trouble__in=ALARMING)
    }
    if is_late(at=at):
        wrong.add((AlarmKind.LATE, None))
    for kind, row in wrong:
        raise_alarm(kind, witness=row, answer=row.answer if row else "", at=at)
    clear_alarms(WITNESSED, still=wrong, at=at)


def is_late(*, at: datetime) -> bool:
    """Whether fewer witnesses than the policy asks for have cosigned within its time, by our clock."""
    rules = policy()
    if not rules.witness_quorum or not log_folder().checkpoint():
        return False
    since = at - timedelta(minutes=rules.witness_minutes)
    cosigning = Witness.objects.filter(is_active=True, trouble="", size__gt=0, asked_at__gte=since)
    return cosigning.count() < rules.witness_quorum


def _is_due(row: Witness, checkpoint: Checkpoint, *, at: datetime) -> bool:
    return row.size != checkpoint.size or row.asked_at is None or at - row.asked_at >= AGAIN_AFTER


def _submit(row: Witness, note: str, *, old: int) -> Reply:
    size = Checkpoint.of_text(split(note)[0]).size
    proof = consistency_proof(old, size, hashes=TileReader(size, log_folder().read)) if 0 < old < size else ()
    try:
        answer = httpx.post(
            f"{row.address}/add-checkpoint",
            content=Submission(old=old, proof=proof, note=note).body,
            timeout=SECONDS_TO_ANSWER,
            follow_redirects=False,
        )
    except httpx.HTTPError as fault:
        return Reply(trouble=Trouble.UNREACHABLE, text=type(fault).__name__)
    return _read(row, note, answer)


def _read(row: Witness, note: str, answer: httpx.Response) -> Reply:
    if answer.status_code == HTTPStatus.OK:
        try:
            lines = [
                line
                for line in answer.text.splitlines(keepends=True)
                if cosignatures(note + line, verifiers=[cosignature_verifier(row.vkey)])
            ]
        except NoteWrong as fault:
            return Reply(trouble=Trouble.REFUSED, text=str(fault))
        return (
            Reply(line=lines[0])
            if lines
            else Reply(trouble=Trouble.REFUSED, text="no cosignature by his key")
        )
    kind, text = answer.headers.get("content-type", ""), answer.text.strip()
    if answer.status_code == HTTPStatus.CONFLICT and kind.startswith(SIZE) and text.isdecimal():
        return Reply(size=int(text))
    if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        return Reply(trouble=Trouble.FORKED, text=text[:300])
    return Reply(trouble=Trouble.REFUSED, text=f"{answer.status_code}: {text}"[:300])


def _keep(row: Witness, reply: Reply, checkpoint: Checkpoint, *, at: datetime) -> None:
    row.asked_at, row.answer = at, reply.text
    if reply.line:
        (seen,) = cosignatures(f"{checkpoint.text}\n{reply.line}", verifiers=[cosignature_verifier(row.vkey)])
        row.size, row.line, row.cosigned_at = checkpoint.size, reply.line, seen.at
        row.trouble, row.trouble_since = "", None
    elif row.trouble != reply.trouble:
        row.trouble, row.trouble_since = reply.trouble.value, at
    row.save(update_fields=["asked_at", "answer", "size", "line", "cosigned_at", "trouble", "trouble_since"])
