"""The short-lived keys with which the platform calls the gateway as the system of a department."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor

SPARE = timedelta(minutes=1)
"""A key that ends sooner is not used for another call."""


@dataclass(slots=True)
class PlatformKeys:
    """The keys of this process, one a system, kept for as long as they are valid."""

    actor: Actor
    known: dict[UUID, trust.IssuedKey] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def of(self, system_id: UUID, *, at: datetime) -> trust.IssuedKey:
        """Return a key of a system that is valid for some time; a new one where there is none."""
        with self.lock:
            key = self.known.get(system_id)
            if key is None or key.active_to - SPARE <= at:
                key = trust.issue_trial_key(system_id=system_id, actor=self.actor, at=at)
                self.known[system_id] = key
            return key
