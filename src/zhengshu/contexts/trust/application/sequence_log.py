"""Giving what waits its place in the proof log."""

import os
from collections import defaultdict
from collections.abc import Mapping

from django.db import connection
from django.db.models import Max

from zhengshu.contexts.trust.application import log_sources
from zhengshu.contexts.trust.models import LogEntry
from zhengshu.foundation.tlog.entries import SALT_BYTES, LogRecord, entry_of
from zhengshu.foundation.transactions import transaction

MOST = 4096
"""Entries that one transaction takes."""

_TAKE = """
    DELETE FROM trust_log_queue WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM trust_log_queue ORDER BY id LIMIT %s
    )) RETURNING id, kind, source
"""
_COPY = "COPY trust_log_entry (index, kind, source, entry, salt) FROM STDIN"


@transaction
def sequence_log(*, most: int = MOST) -> int:
    """Move what waits into the log, in the order of the queue; return how many entries that were.

    Only the one sequencer calls it. An item leaves the queue in the transaction that gives it its index, so that a
    crash leaves neither a gap nor a double.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [most])
        taken = [(str(kind), int(source)) for _, kind, source in sorted(cursor.fetchall())]
        if not taken:
            return 0
        known = _known(taken)
        first = log_size()
        salts = os.urandom(SALT_BYTES * len(taken))
        with cursor.copy(_COPY) as copy:
            for place, item in enumerate(taken):
                salt = salts[place * SALT_BYTES : (place + 1) * SALT_BYTES]
                copy.write_row((first + place, *item, entry_of(known[item], salt=salt), salt))
    return len(taken)


def log_size() -> int:
    """Return how many entries the log has in the database; the published one may be a moment behind."""
    last: int | None = LogEntry.objects.aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


def _known(taken: list[tuple[str, int]]) -> Mapping[tuple[str, int], LogRecord]:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, source in taken:
        by_kind[kind].append(source)
    return {
        (kind, source): record
        for kind, sources in by_kind.items()
        for source, record in log_sources.records(kind, sources).items()
    }
