"""The proof log: entries a second from records of calls to a signed checkpoint on disk; delay; what a proof costs.

The delay is that of each entry from the commit of its call's record to the checkpoint that counts it, while records
come at a steady rate and the sequencer works as it is delivered, its waits included.

Peer in the same run: the same entries hashed into the same tree in memory, with nothing kept and nothing signed,
which is the least that any log of this form must do. Runs on an embedded server of its own under ``bench/work``.
"""

import os
import shutil
import statistics
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.harness import LEAST_RUNS, WORK, Result, median_of, percentile, write_results

ENTRIES = int(os.environ.get("ZHENGSHU_BENCH_ENTRIES", "50000"))
PROOFS = 500
EXPECTED = 10_000
CALLS_PER_SECOND, EXPECTED_DELAY = 3_500, 5.0
SECONDS = int(os.environ.get("ZHENGSHU_BENCH_SECONDS", "30"))
BATCHES_PER_SECOND = 50

_FILL = """
    INSERT INTO exchange_call_record (id, at, gateway, key_id, nonce, system_id, consumer_department_id,
        provider_department_id, grant_id, resource_code, operation, purpose, case_ref, verdict, fields, row_count,
        request_digest, answer_digest, microseconds)
    SELECT gen_random_uuid(), now(), 'bench', 'k', n::text, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
           gen_random_uuid(), '306001-00012', 'records', 'social_assistance', '', 'ok', '{name,born_on}', 1,
           sha256(n::text::bytea), sha256((-n)::text::bytea), 900
    FROM generate_series(1, %s) n
"""


def main() -> None:
    """Measure and write the results."""
    folder = _set_up()
    rates = median_of(_sequenced)
    memory = median_of(_in_memory)
    make, check, size = _proofs(folder)
    figures = [
        Result(
            name="entries sequenced, signed and on disk",
            value=rates[0],
            unit="entries/s",
            better="higher",
            peers={"hashed in memory": memory[0]},
            limit=EXPECTED,
            runs=rates[1],
        ),
        _delayed(),
        _lower("receipt: made", make, "ms"),
        _lower("receipt: verified offline", check, "ms"),
        _lower("receipt: size", size, "bytes"),
    ]
    write_results("log", figures)


def _lower(name: str, values: tuple[float, ...], unit: str) -> Result:
    return Result(name=name, value=statistics.median(values), unit=unit, better="lower", runs=values[:9])


def _set_up() -> Path:
    shutil.rmtree(WORK / "log", ignore_errors=True)
    os.environ["ZHENGSHU_DATA"] = str(WORK / "log")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    from zhengshu.project import database

    database.ensure()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    return WORK / "log" / "proof-log"


def _sequenced() -> float:
    from django.db import connection

    from zhengshu.contexts.trust.application.publish_log import Publisher
    from zhengshu.contexts.trust.application.sequence_log import sequence_log

    with connection.cursor() as cursor:
        cursor.execute(_FILL, [ENTRIES])
    publisher, before = Publisher(), time.perf_counter()
    while sequence_log():
        publisher.publish()
    while publisher.publish():
        pass
    return ENTRIES / (time.perf_counter() - before)


def _delayed() -> Result:
    """Return the p99 of the delay, three runs of it."""
    runs = tuple(_delay() for _ in range(LEAST_RUNS))
    return Result(
        name=f"integration delay p99 at {CALLS_PER_SECOND} calls/s",
        value=statistics.median(runs),
        unit="s",
        better="lower",
        limit=EXPECTED_DELAY,
        runs=runs,
    )


def _delay() -> float:
    from zhengshu.contexts.trust.application.sequence_log import log_size
    from zhengshu.contexts.trust.interfaces.sequencer import SECONDS_BETWEEN_ROUNDS, Sequencer

    came, first = _Coming(), log_size()
    came.start()
    sequencer, published = Sequencer(), first
    delays: list[float] = []
    while came.is_alive() or len(delays) < len(came.at):
        has_more = sequencer.round()
        now, published = time.perf_counter(), _published()
        delays += [now - at for at in came.at[len(delays) : published - first]]
        if not has_more:
            time.sleep(SECONDS_BETWEEN_ROUNDS)
    assert len(delays) == SECONDS * CALLS_PER_SECOND
    return percentile(delays, 0.99)


class _Coming(threading.Thread):
    """Writes records at a steady rate from a connection of its own, and notes when each was committed."""

    def __init__(self) -> None:
        super().__init__(name="calls", daemon=True)
        self.at: list[float] = []

    def run(self) -> None:
        from django.db import connection

        size, began = CALLS_PER_SECOND // BATCHES_PER_SECOND, time.perf_counter()
        for number in range(SECONDS * BATCHES_PER_SECOND):
            time.sleep(max(0.0, began + number / BATCHES_PER_SECOND - time.perf_counter()))
            with connection.cursor() as cursor:
                cursor.execute(_FILL, [size])
            self.at += [time.perf_counter()] * size
        connection.close()


def _published() -> int:
    from zhengshu.contexts.trust.application.publish_log import published

    last = published()
    return last.size if last else 0


def _in_memory() -> float:
    from zhengshu.contexts.trust.models import LogEntry
    from zhengshu.foundation.tlog.tiles import TileWriter

    entries = [bytes(one) for one in LogEntry.objects.values_list("entry", flat=True)[:ENTRIES]]
    writer, before = TileWriter(), time.perf_counter()
    writer.append(entries)
    writer.root()
    return len(entries) / (time.perf_counter() - before)


def _proofs(folder: Path) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    from django.conf import settings

    from zhengshu.client import verify_receipt
    from zhengshu.contexts.trust.models import LogEntry
    from zhengshu.foundation.tlog.keys import log_vkeys
    from zhengshu.foundation.tlog.receipts import receipt_of
    from zhengshu.foundation.tlog.store import LogFolder

    store, keys = LogFolder(folder), log_vkeys(settings.PROOF_LOG_ORIGIN)
    made, checked, sizes = [], [], []
    for row in LogEntry.objects.order_by("?")[:PROOFS]:
        entry, salt = bytes(row.entry), bytes(row.salt or b"")

        making = partial(receipt_of, index=row.index, entry=entry, salt=salt, folder=store)
        receipt = making()
        assert receipt is not None
        made.append(_milliseconds(making))
        checked.append(_milliseconds(partial(verify_receipt, receipt.text, vkeys=keys)))
        sizes.append(float(len(receipt.text.encode())))
    return tuple(made), tuple(checked), tuple(sizes)


def _milliseconds(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return (time.perf_counter() - before) * 1000


if __name__ == "__main__":
    main()
