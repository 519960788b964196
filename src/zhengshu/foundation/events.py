"""What a context announces, and the registry of who listens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeVar

from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId
from zhengshu.kernel.mandates import OnBehalf


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about: a kind from the glossary, its id, and a name that carries no personal data."""

    kind: str
    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, in the past tense.

    Attributes:
        wire_name: ``context.noun.verb.v1``, stable for ever.
        is_proven: whether the proof log gets an entry about it, for strangers to verify.
        at: when it happened.
        actor: who did it.
        subject: what it happened to; this and all other fields go to the audit, so no personal data.
        department_id: whose matter it is; decides which department's auditors see it.
        on_behalf: the delegation under which a handler did it in an enterprise's name; such an act is always proven.
    """

    wire_name: ClassVar[str]
    is_proven: ClassVar[bool] = False

    at: datetime
    actor: Actor
    subject: Subject
    department_id: DepartmentId | None = None
    on_behalf: OnBehalf | None = None


E = TypeVar("E", bound=Event)
Handler = Callable[[E], None]
Recorder = Callable[[Sequence[Event]], None]

_types: dict[str, type[Event]] = {}
_handlers: dict[str, dict[str, Callable[[Event], None]]] = {}
_patient: set[str] = set()
_recorders: list[Recorder] = []


def event_type(cls: type[E]) -> type[E]:
    """Register an event class under its wire name, so that a stored message can be read back."""
    known = _types.setdefault(cls.wire_name, cls)
    if known.__qualname__ != cls.__qualname__:
        message = f"two events are called {cls.wire_name}"
        raise TypeError(message)
    return cls


def on(event: type[E], *, may_wait: bool = False) -> Callable[[Handler[E]], Handler[E]]:
    """Subscribe an idempotent handler: called once per event, later, in a transaction of its own.

    Args:
        event: what is listened to.
        may_wait: whether it is called only when nobody else has to hear of anything, for it takes long.
    """

    def register(handler: Handler[E]) -> Handler[E]:
        def typed(message: Event) -> None:
            if isinstance(message, event):
                handler(message)

        name = f"{handler.__module__}.{handler.__qualname__}"
        _handlers.setdefault(event.wire_name, {})[name] = typed
        if may_wait:
            _patient.add(name)
        return handler

    return register


def recorder(record: Recorder) -> Recorder:
    """Subscribe to all events in the very transaction that publishes them; only the audit does this."""
    if record not in _recorders:
        _recorders.append(record)
    return record


def recorders() -> tuple[Recorder, ...]:
    """Return those who record every event."""
    return tuple(_recorders)


def handler_names(wire_name: str) -> tuple[str, ...]:
    """Return the names of the handlers of an event."""
    return tuple(_handlers.get(wire_name, {}))


def patient_handlers() -> list[str]:
    """Return the names of the handlers that may wait."""
    return sorted(_patient)


def handler(wire_name: str, name: str) -> Callable[[Event], None] | None:
    """Return one handler, or None where a deployment no longer has it."""
    return _handlers.get(wire_name, {}).get(name)


def type_of(wire_name: str) -> type[Event]:
    """Return the class of a wire name."""
    return _types[wire_name]


def known_types() -> tuple[type[Event], ...]:
    """Return every event class of the platform, by wire name."""
    return tuple(_types[name] for name in sorted(_types))
