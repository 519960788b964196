"""Callers that call on and on while something is killed, and what they hold against the records afterwards."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Self

from tests.kit.gateway import PURPOSE, Office, SigningKey, person
from zhengshu.client import CallRefused

CALLERS = 8


@dataclass(slots=True)
class Load:
    """Callers that call on and on, and remember the receipts of the calls that were answered."""

    url: str
    key: SigningKey
    resource: str
    answered: list[str] = field(default_factory=list)
    failed: int = 0
    threads: list[threading.Thread] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.threads = [threading.Thread(target=self.call, args=(number,)) for number in range(CALLERS)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def call(self, number: int) -> None:
        client = self.key.client(self.url)
        while not self.is_over.is_set():
            key = {"citizen_id": str(person(number)["citizen_id"])}
            try:
                answer = client.records(self.resource, key=key, purpose=PURPOSE)
            except (CallRefused, OSError, HTTPException, ValueError):
                self.failed += 1
                client = self.key.client(self.url)
                time.sleep(0.02)
            else:
                assert len(answer.rows) == 1
                self.answered.append(answer.receipt)

    def goes_on(self, *, calls: int, seconds: float = 30.0) -> bool:
        """Wait until so many more calls were answered; return whether they were."""
        aim, end = len(self.answered) + calls, time.monotonic() + seconds
        while time.monotonic() < end:
            if len(self.answered) >= aim:
                return True
            time.sleep(0.01)
        return False

    def check(self, office: Office) -> None:
        """Hold the records against what the callers saw: each answered call has one, and no call has two."""
        records = office.records(self.key)
        office.close()
        recorded = Counter(str(record["id"]) for record in records if record["verdict"] == "ok")
        nonces = Counter(record["nonce"] for record in records)
        assert [receipt for receipt in self.answered if recorded[receipt] != 1] == []
        assert len(set(self.answered)) == len(self.answered)
        assert max(nonces.values()) == 1
