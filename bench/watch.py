"""What the rules that watch calls cost: a minute's calls judged, on a young platform and after a million of them.

The peer in the same run counts the same calls by one SQL aggregate and keeps nothing, which is the least that any
watching must do. Runs on an embedded server of its own under ``bench/work``.
"""

import os
import shutil
import statistics
import time

from bench.harness import LEAST_RUNS, WORK, Result, write_results

CALLS = int(os.environ.get("ZHENGSHU_BENCH_CALLS", "1000000"))
BATCH = int(os.environ.get("ZHENGSHU_BENCH_BATCH", "50000"))
"""Calls of one batch: what 830 calls a second are in a minute."""
SYSTEMS, SUBJECTS, DAYS = 100, 20_000, 30

_FILL = f"""
    INSERT INTO exchange_call_record (id, at, gateway, key_id, nonce, system_id, consumer_department_id,
        provider_department_id, grant_id, resource_code, operation, purpose, case_ref, verdict, fields, row_count,
        request_digest, answer_digest, subject_digest, microseconds)
    SELECT gen_random_uuid(), now() - interval '{DAYS} days' + interval '{DAYS} days' * (%(done)s + n) / %(all)s
               - interval '5 minutes',
           'bench', 'k', n::text, md5('s' || n %% {SYSTEMS})::uuid, md5('c' || n %% 20)::uuid,
           md5('p' || n %% 10)::uuid, md5('g' || n %% {SYSTEMS})::uuid, '306001-000' || n %% 10, 'records',
           'social_assistance', CASE WHEN n %% 50 = 0 THEN '' ELSE 'case' END,
           CASE WHEN n %% 40 = 0 THEN 'exchange.grant-expired' ELSE 'ok' END, '{{name}}', (n %% 30 > 0)::int,
           sha256(n::text::bytea), sha256(n::text::bytea), sha256((n::bigint * 7919 %% {SUBJECTS})::text::bytea), 900
    FROM generate_series(1, %(count)s) n
"""  # noqa: S608 - what is put in are our own constants
_PEER = """
    SELECT system_id, grant_id, at::date, count(*), count(DISTINCT subject_digest) FROM exchange_call_record
    WHERE sequence > (SELECT max(sequence) - %s FROM exchange_call_record) GROUP BY 1, 2, 3
"""


def main() -> None:
    """Measure and write the results."""
    _set_up()
    total = CALLS + 2 * LEAST_RUNS * BATCH
    young = [_judged(done, total) for done in range(0, LEAST_RUNS * BATCH, BATCH)]
    _fill(LEAST_RUNS * BATCH, CALLS, total)
    rest = _watched(batches=CALLS // BATCH + 1)
    start = LEAST_RUNS * BATCH + CALLS
    old = [_judged(start + number * BATCH, total) for number in range(LEAST_RUNS)]
    least = [_counted() for _ in range(LEAST_RUNS)]
    write_results(
        "watch",
        [
            _result(f"{BATCH:,} calls judged, young platform", young),
            _result(f"{BATCH:,} calls judged, after {CALLS:,}", old, least),
            Result(name=f"{CALLS:,} calls judged at once", value=rest, unit="s", better="lower"),
        ],
    )


def _result(name: str, runs: list[float], least: list[float] | None = None) -> Result:
    peers = {"one SQL aggregate": statistics.median(least)} if least else {}
    return Result(
        name=name, value=statistics.median(runs), unit="s", better="lower", peers=peers, runs=tuple(runs)
    )


def _set_up() -> None:
    shutil.rmtree(WORK / "watch", ignore_errors=True)
    os.environ["ZHENGSHU_DATA"] = str(WORK / "watch")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    from zhengshu.project import database

    database.ensure()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _fill(done: int, count: int, total: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"done": done, "count": count, "all": total})
        cursor.execute("DELETE FROM trust_log_queue")


def _judged(done: int, total: int) -> float:
    _fill(done, BATCH, total)
    return _watched(batches=2)


def _watched(*, batches: int) -> float:
    from django.utils import timezone

    from zhengshu.contexts.exchange.application.watch_calls import watch_calls

    before = time.perf_counter()
    watch_calls(batches=batches, at=timezone.now())
    return time.perf_counter() - before


def _counted() -> float:
    from django.db import connection

    before = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_PEER, [BATCH])
        cursor.fetchall()
    return time.perf_counter() - before


if __name__ == "__main__":
    main()
