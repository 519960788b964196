"""Commands from outside that carry an idempotency key take effect once."""

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

    Raises:
        KeyUsedOtherwise: the key was used for another command.
    """
    digest = sha256(msgspec.json.encode(command, order="deterministic")).hexdigest()
    known, is_fresh = HandledCommand.objects.get_or_create(
        key=_name(verb, key, actor), defaults={"digest": digest, "answer": answer, "handled_at": at}
    )
    if known.digest != digest:
        raise KeyUsedOtherwise
    return not is_fresh


def remember_answer(verb: str, key: str, answer: str, *, actor: Actor) -> None:
    """Keep what a handled command led to, for whoever sends it again."""
    HandledCommand.objects.filter(key=_name(verb, key, actor)).update(answer=answer)


def answer_to(verb: str, key: str, *, actor: Actor) -> str:
    """Return what a command that was handled before led to."""
    answer: object = HandledCommand.objects.values_list("answer", flat=True).get(key=_name(verb, key, actor))
    return str(answer)


def _name(verb: str, key: str, actor: Actor) -> str:
    return sha256(f"casework.{verb} {actor.id} {key}".encode()).hexdigest()
