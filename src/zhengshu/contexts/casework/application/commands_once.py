"""Commands from outside that carry an idempotency key take effect once.

Every use case that changes something takes `idempotency_key` and asks `was_handled` before it decides anything. The row
of the key is written in the transaction of the command: a refused command leaves none, and of two that come at the same
time the second waits for the first. A key belongs to one person; whatever he sends with it besides, another verb or
another content, is a conflict.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

import msgspec

from zhengshu.foundation.models import HandledCommand
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused


class KeyUsedOtherwise(Refused):
    """An idempotency key names one command; this one was used for a different one."""

    code: ClassVar[str] = "casework.key-used-otherwise"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The idempotency key was used before with other content. Use a fresh key."


def was_handled(
    verb: str, key: str, command: Mapping[str, object], *, actor: Actor, at: datetime, answer: str = ""
) -> bool:
    """Note that a command was handled; the key's row makes a second one wait for the first.

    Args:
        verb: what is to be done.
        key: the idempotency key; without one nothing is noted, and the command counts as fresh.
        command: with what; everything that decides the effect, but not the time.
        actor: whose key it is.
        at: when.
        answer: what a repeated command is to find (see `answer_to`), known before the command is done.

    Raises:
        KeyUsedOtherwise: the key was used for another command.
    """
    if not key:
        return False
    digest = sha256(msgspec.json.encode([verb, command], order="deterministic")).hexdigest()
    known, is_fresh = HandledCommand.objects.get_or_create(
        key=_name(key, actor), defaults={"digest": digest, "answer": answer, "handled_at": at}
    )
    if known.digest != digest:
        raise KeyUsedOtherwise
    return not is_fresh


def is_known(key: str, *, actor: Actor) -> bool:
    """Whether a command with this key of the actor's was handled, whatever it was."""
    return bool(key) and HandledCommand.objects.filter(key=_name(key, actor)).exists()


def remember_answer(key: str, answer: str, *, actor: Actor) -> None:
    """Keep what a handled command led to, where that was not known before it was done."""
    if key:
        HandledCommand.objects.filter(key=_name(key, actor)).update(answer=answer)


def answer_to(key: str, *, actor: Actor) -> str:
    """Return what a command that was handled before led to."""
    answer: object = HandledCommand.objects.values_list("answer", flat=True).get(key=_name(key, actor))
    return str(answer)


def _name(key: str, actor: Actor) -> str:
    return sha256(f"casework {actor.id} {key}".encode()).hexdigest()
