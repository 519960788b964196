"""Calls that could not be authenticated: counted, not recorded, and held back when there are many."""

import time
from collections import Counter

import structlog

log = structlog.get_logger(__name__)

SECONDS = 60.0
MOST_ADDRESSES = 10_000


class Failures:
    """Counts failures by address for a minute at a time.

    Only failing calls are held back: whoever signs rightly is served, even from an address that others misuse.
    """

    def __init__(self, *, most: int) -> None:
        """Allow `most` failures a minute for each address."""
        self._most = most
        self._by_address: Counter[str] = Counter()
        self._by_code: Counter[str] = Counter()
        self._since = time.monotonic()

    def are_too_many(self, *, address: str, code: str) -> bool:
        """Count a failure and return whether its address had too many."""
        if time.monotonic() - self._since > SECONDS:
            self.flush()
        self._by_code[code] += 1
        if len(self._by_address) < MOST_ADDRESSES or address in self._by_address:
            self._by_address[address] += 1
        return self._by_address[address] > self._most

    def flush(self) -> None:
        """Log what was counted and begin a new minute."""
        if self._by_code:
            log.info("gateway.failures", addresses=len(self._by_address), **self._by_code)
        self._by_address.clear()
        self._by_code.clear()
        self._since = time.monotonic()
