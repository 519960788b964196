"""Collection of 5,000,000 rows: file → typed → Iceberg snapshot → serving table, against DuckDB's CSV → Parquet.

Each run is a process of its own, so that its peak memory is its own; DuckDB's runs alternate with ours.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bench.harness import WORK, Result, write_results
from zhengshu.kernel.identity import DepartmentId

ROWS = int(os.environ.get("ZHENGSHU_BENCH_ROWS", "5000000"))
RUNS = 3
EXPECTED_TIMES = 3.0
EXPECTED_MIB = 1024.0
BLOCK = 100_000


def main() -> None:
    """Make the file, measure both, write the results."""
    path = source()
    ours, theirs = [], []
    for _ in range(RUNS):
        theirs.append(run("duckdb", path))
        ours.append(run("zhengshu", path))
    _report(ours, theirs)


def source() -> Path:
    """Return the file to collect, the same in every run; made when missing."""
    WORK.mkdir(parents=True, exist_ok=True)
    path = WORK / f"enterprises-{ROWS}.csv"
    if path.exists():
        return path
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(
            "统一社会信用代码,企业名称,成立日期,注册资本,从业人数,是否上市,行政区划,法定代表人,住所,更新时间\n"
        )
        for first in range(0, ROWS, BLOCK):
            file.writelines(_line(number) for number in range(first, min(first + BLOCK, ROWS)))
    unfinished.rename(path)
    return path


def _line(number: int) -> str:
    mixed = number * 2_654_435_761 % 4_294_967_296
    moment = f"2026-{1 + number % 12:02d}-{1 + mixed % 28:02d} 08:{number % 60:02d}:00"
    day = f"{1990 + number % 34}-{1 + number % 12:02d}-{1 + mixed % 28:02d}"
    return (
        f"91{number:016d},云州第{mixed % 99_991}商贸有限公司,{day},{mixed / 100:.2f},{mixed % 5000},"
        f"{'是' if number % 97 == 0 else '否'},{470_100 + number % 99},张{mixed % 977},"
        f"云州市青禾区文昌街道{mixed % 1000}号,{moment}\n"
    )


def run(who: str, path: Path) -> Mapping[str, float]:
    """Run one measurement in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.collect", who, str(path)], check=True, capture_output=True, text=True
    )
    measured: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    print(who, {name: round(value, 2) for name, value in measured.items()}, flush=True)
    return measured


def duckdb_alone(path: Path) -> Mapping[str, float]:
    """Let DuckDB turn the file into Parquet, types detected by itself, both cores."""
    import duckdb

    target = WORK / "duckdb.parquet"
    started = time.perf_counter()
    with duckdb.connect(":memory:") as engine:
        engine.execute(f"COPY (SELECT * FROM read_csv('{path}')) TO '{target}' (FORMAT parquet)")  # noqa: S608 - our own path
    seconds = time.perf_counter() - started
    target.unlink()
    return {"seconds": seconds, "mib": _peak()}


def zhengshu(path: Path) -> Mapping[str, float]:
    """Collect the file as a department would, with every step of it."""
    os.environ.setdefault("ZHENGSHU_DATA", str(WORK / "collect-data"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    from zhengshu.project import database

    database.ensure()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return _collect(path)


def _collect(path: Path) -> Mapping[str, float]:
    from django.utils import timezone

    from zhengshu.contexts.lake import api
    from zhengshu.contexts.lake.application import serving
    from zhengshu.kernel.actors import Actor

    code = _resource_code()
    spent = 0.0
    fill = serving.stage

    def timed(*args: object, **kwargs: object) -> object:
        nonlocal spent
        started = time.perf_counter()
        try:
            return fill(*args, **kwargs)  # type: ignore[arg-type]  # measured, not changed
        finally:
            spent = time.perf_counter() - started

    serving.stage = timed  # type: ignore[assignment]  # as above
    started = time.perf_counter()
    batch = api.collect(
        resource_code=code,
        source=path,
        file_name=path.name,
        actor=Actor.platform("bench"),
        at=timezone.now(),
        is_repetition_meant=True,
    )
    seconds = time.perf_counter() - started
    assert batch.accepted == ROWS, batch
    return {"seconds": seconds - spent, "serving": spent, "mib": _peak()}


def _resource_code() -> str:
    from django.utils import timezone

    from zhengshu.contexts.catalog import api as catalog
    from zhengshu.contexts.catalog.api import DataType, ItemDraft, Known, ResourceDraft
    from zhengshu.kernel.actors import Actor

    kinds = [
        ("统一社会信用代码", "credit_code", DataType.TEXT),
        ("企业名称", "name", DataType.TEXT),
        ("成立日期", "founded_on", DataType.DATE),
        ("注册资本", "capital", DataType.DECIMAL),
        ("从业人数", "staff", DataType.INTEGER),
        ("是否上市", "is_listed", DataType.BOOLEAN),
        ("行政区划", "region", DataType.TEXT),
        ("法定代表人", "legal_person", DataType.TEXT),
        ("住所", "address", DataType.TEXT),
        ("更新时间", "changed_at", DataType.DATETIME),
    ]
    items = tuple(
        ItemDraft(name=name, column=column, data_type=kind, is_key=column == "credit_code")
        for name, column, kind in kinds
    )
    actor, at = Actor.platform("bench"), timezone.now()
    draft = ResourceDraft(
        name="企业登记信息",
        summary="五百万家虚构企业的登记信息，用于测量采集速度。",
        classification="307010",
        items=items,
        format_type="CSV",
        duty_basis="云州市市场监督管理局职能配置规定",
    )
    known = Known(classifications=frozenset({"307010"}))
    return catalog.draft_resource(
        draft=draft, actor=actor, at=at, department_id=_department(), known=known
    ).code


def _department() -> DepartmentId:
    from django.utils import timezone

    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.actors import Actor

    try:
        return trust.department_by_code(code="114703000000000016").id
    except trust.DepartmentNotFound:
        return trust.add_department(
            code="114703000000000016",
            name="云州市市场监督管理局",
            short_name="市监局",
            region="470300",
            level=trust.Level.CITY,
            parent_id=None,
            is_data_authority=False,
            actor=Actor.platform("bench"),
            at=timezone.now(),
        ).id


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _report(ours: list[Mapping[str, float]], theirs: list[Mapping[str, float]]) -> None:
    def middle(runs: list[Mapping[str, float]], name: str) -> float:
        return statistics.median(run[name] for run in runs)

    rates = tuple(ROWS / run["seconds"] for run in ours)
    peer = ROWS / middle(theirs, "seconds")
    whole = tuple(ROWS / (run["seconds"] + run["serving"]) for run in ours)
    write_results(
        "collect",
        [
            Result(
                name=f"file to snapshot, {ROWS:,} rows",
                value=statistics.median(rates),
                unit="rows/s",
                better="higher",
                peers={"DuckDB CSV to Parquet": peer},
                limit=peer / EXPECTED_TIMES,
                runs=rates,
            ),
            Result(
                name="file to snapshot and serving table",
                value=statistics.median(whole),
                unit="rows/s",
                better="higher",
                runs=whole,
            ),
            Result(
                name="publishing to the serving table alone",
                value=statistics.median(ROWS / run["serving"] for run in ours),
                unit="rows/s",
                better="higher",
                runs=tuple(ROWS / run["serving"] for run in ours),
            ),
            Result(
                name="peak memory of the collection",
                value=middle(ours, "mib"),
                unit="MiB",
                better="lower",
                peers={"DuckDB CSV to Parquet": middle(theirs, "mib")},
                limit=EXPECTED_MIB,
                runs=tuple(run["mib"] for run in ours),
            ),
        ],
    )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        measure = {"duckdb": duckdb_alone, "zhengshu": zhengshu}[sys.argv[1]]
        print(json.dumps(measure(Path(sys.argv[2]))))
    else:
        main()
