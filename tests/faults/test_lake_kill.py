"""kill -9 of a collecting process, at every step: what was served before is still served, and nothing stays behind."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.kit.acting import Stage
from tests.kit.platform import until
from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.api import BatchState
from zhengshu.contexts.lake.application import warehouse
from zhengshu.contexts.lake.application.locks import is_alive
from zhengshu.contexts.lake.domain.names import view_name
from zhengshu.contexts.lake.models import Batch, SetAsideRow
from zhengshu.contexts.lake.tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

SCRIPT = """
import importlib, os, signal, sys
import django
django.setup()
from django.conf import settings
from django.db import connection
database, module, name, moment, code, path, mode = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database
owner = importlib.import_module(module)
done = getattr(owner, name)
def die(*args, **kwargs):
    if moment == "after":
        done(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, die)
from pathlib import Path
from django.utils import timezone
from tests.kit.platform import until
from zhengshu.contexts.lake import api
from zhengshu.kernel.actors import Actor
api.collect(resource_code=code, source=Path(path), file_name="new.csv", actor=Actor.platform("tests"),
            at=timezone.now(), mode=api.DeliveryMode(mode))
"""
APPLICATION = "zhengshu.contexts.lake.application"
POINTS = [
    (f"{APPLICATION}.collect_file", "survey", "after"),
    (f"{APPLICATION}.collect_file", "set_aside", "after"),
    (f"{APPLICATION}.serving", "_copy", "before"),
    (f"{APPLICATION}.serving", "stage", "after"),
    (f"{APPLICATION}.warehouse", "commit", "after"),
    (f"{APPLICATION}.publishing", "_serve", "after"),
    (f"{APPLICATION}.publishing", "_announce", "after"),
]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """What the processes that are killed are forked from."""
    started = Stage(os.environ, modules=["zhengshu.contexts.lake.api", "pyiceberg.io.pyarrow"])
    yield started
    started.close()


def served(view: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT credit_code FROM serving.{view} ORDER BY 1")  # noqa: S608 - our own view
        return [str(key)[-1] for (key,) in cursor.fetchall()]


@pytest.mark.parametrize("mode", ["replace", "upsert"])
@pytest.mark.parametrize(("module", "name", "moment"), POINTS, ids=[f"{p[2]}-{p[1]}" for p in POINTS])
def test_the_former_state_stays(
    tmp_path: Path, stage: Stage, module: str, name: str, moment: str, mode: str
) -> None:
    resource = factories.resource()
    view = view_name(resource.code)
    factories.collected(
        resource, factories.file(tmp_path, factories.text([factories.row(1)]), name="old.csv")
    )
    snapshots = len(warehouse.snapshots(view))
    text = factories.text([factories.row(1, name="改"), factories.row(2), factories.row(3, staff="x")])
    new = factories.file(tmp_path, text, name="new.csv")

    database = str(connection.settings_dict["NAME"])
    status, complaints = stage.run(SCRIPT, database, module, name, moment, resource.code, str(new), mode)
    assert status == -9, complaints

    assert served(view) == ["1"]
    assert len(warehouse.snapshots(view)) == snapshots
    # The database notices a moment later that the process is dead.
    assert until(lambda: not is_alive(resource.id), seconds=10)
    (interrupted,) = api.clean_up(at=factories.AT)
    batch = Batch.objects.get(id=interrupted)
    assert batch.state == BatchState.INTERRUPTED
    assert not SetAsideRow.objects.filter(batch=batch).exists()
    _nothing_is_left(resource.code, batch)
    again = api.collect(
        resource_code=resource.code,
        source=new,
        file_name="new.csv",
        actor=factories.PLATFORM,
        at=factories.AT,
        mode=api.DeliveryMode(mode),
    )
    assert (again.state, served(view)) == (BatchState.PUBLISHED, ["1", "2"])


def _nothing_is_left(code: str, batch: Batch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'serving' AND tablename LIKE %s",
            [f"%{batch.id.hex[-20:]}"],
        )
        assert cursor.fetchone() == (0,)
    folder = (
        Path(settings.LAKE_LOCATION.removeprefix("file://")) / warehouse.NAMESPACE / view_name(code) / "data"
    )
    assert not list(folder.glob(f"{batch.id.hex}*"))


def test_readers_never_see_half(tmp_path: Path) -> None:
    """A reader in another connection counts rows while batches replace each other; it sees whole batches only."""
    import threading

    import psycopg

    resource = factories.resource()
    view = view_name(resource.code)
    sizes = (300, 700)
    texts = [factories.text(map(factories.row, range(size))) for size in sizes]
    factories.collected(resource, factories.file(tmp_path, texts[0]))
    seen: set[int] = set()
    is_over = threading.Event()
    parameters = connection.get_connection_params()

    def read() -> None:
        with psycopg.connect(
            host=parameters.get("host"),
            user=parameters.get("user"),
            dbname=parameters["dbname"],
            autocommit=True,
        ) as reader:
            while not is_over.is_set():
                row = reader.execute(f"SELECT count(*) FROM serving.{view}").fetchone()  # noqa: S608 - our own view
                assert row is not None
                seen.add(int(row[0]))

    thread = threading.Thread(target=read)
    thread.start()
    try:
        for turn in (1, 0, 1, 0):
            factories.collected(resource, factories.file(tmp_path, texts[turn]))
    finally:
        is_over.set()
        thread.join()

    assert seen == set(sizes)
