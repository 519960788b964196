"""The short-lived keys with which the platform calls the gateway as the system of a department."""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock
from uuid import UUID

from django.conf import settings

from zhengshu.client import Client
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

    def client_of(self, system_id: UUID, *, at: datetime) -> Client:
        """Return a client of the gateway with such a key; a thread keeps its connection from call to call."""
        return _client(self.of(system_id, at=at), settings.GATEWAY_URL, process=os.getpid())


@lru_cache(maxsize=32)
def _client(key: trust.IssuedKey, url: str, *, process: int) -> Client:  # noqa: ARG001 - connections are not inherited
    return Client(url, key.key_id, key.secret or "", key.algorithm.value)
