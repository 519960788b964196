"""kill -9 of the process that assesses, at every step, and a full disk: nothing is shown, and runs are taken up."""

import errno
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from tests.kit.acting import Stage
from tests.kit.platform import until

from zhengshu.contexts.catalog.api import ResourceRecord
from zhengshu.contexts.quality.application import control_run, queries
from zhengshu.contexts.quality.application.ask_assessment import ask_assessment
from zhengshu.contexts.quality.application.assess_table import SPACE, assess_table
from zhengshu.contexts.quality.domain.runs import RunState
from zhengshu.contexts.quality.interfaces import jobs
from zhengshu.contexts.quality.models import Outcome, Run
from zhengshu.contexts.quality.tests import factories
from zhengshu.contexts.quality.tests.factories import AT, PLATFORM
from zhengshu.foundation import locks
from zhengshu.foundation.lists import ListQuery

APPLICATION = "zhengshu.contexts.quality.application"
POINTS = [
    (f"{APPLICATION}.assess_table", "_begin", "before", RunState.WAITING),
    (f"{APPLICATION}.assess_table", "_begin", "after", RunState.RUNNING),
    (f"{APPLICATION}.engine.keeping", "_write", "before", RunState.RUNNING),
    (f"{APPLICATION}.engine.keeping", "_write", "after", RunState.RUNNING),
    (f"{APPLICATION}.assess_table", "assess", "after", RunState.RUNNING),
    (f"{APPLICATION}.keep_results", "keep_versions", "after", RunState.RUNNING),
    (f"{APPLICATION}.keep_results", "score_table", "before", RunState.RUNNING),
    (f"{APPLICATION}.keep_results", "publish", "after", RunState.RUNNING),
]
SCRIPT = """
import importlib, os, signal, sys
import django
django.setup()
from pathlib import Path
from django.conf import settings
from django.db import connection
database, packs, module, name, moment, run_id = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database
settings.PACKS_FOLDER, settings.QUALITY_PACK = Path(packs), "test"
owner = importlib.import_module(module)
done = getattr(owner, name)
def die(*args, **kwargs):
    if moment == "after":
        done(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, die)
from zhengshu.contexts.quality.interfaces import jobs
jobs.assess(run_id)
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """What the processes that are killed are forked from."""
    started = Stage(os.environ, modules=["zhengshu.contexts.quality.interfaces.jobs", "pyiceberg.io.pyarrow"])
    yield started
    started.close()


@pytest.fixture
def waiting(tmp_path: Path, test_pack: Path) -> ResourceRecord:
    """Return a resource whose six rows are served."""
    resource = factories.resource()
    factories.deliver(resource, tmp_path, factories.FAULTY_ROWS)
    return resource


@pytest.mark.django_db(transaction=True)
@pytest.mark.faults
@pytest.mark.parametrize(
    ("module", "name", "moment", "state"), POINTS, ids=[f"{p[2]}-{p[1].strip('_')}" for p in POINTS]
)
def test_shows_nothing_of_a_killed_run_and_takes_it_up(
    waiting: ResourceRecord,
    test_pack: Path,
    stage: Stage,
    module: str,
    name: str,
    moment: str,
    state: RunState,
) -> None:
    run_id = ask_assessment(resource_code=waiting.code, actor=PLATFORM, at=AT)
    database = str(connection.settings_dict["NAME"])

    status, complaints = stage.run(SCRIPT, database, str(test_pack), module, name, moment, str(run_id))

    assert status == -9, complaints
    assert until(
        lambda: not locks.is_held(SPACE, waiting.id), seconds=30
    )  # the database notices a little later
    shown = queries.run(run_id=run_id, actor=PLATFORM)
    assert (shown.state, shown.score) == (state, None)
    assert not Outcome.objects.filter(run_id=run_id).exists()
    assert waiting.code not in {
        row.resource_code for row in queries.tables(actor=PLATFORM, query=ListQuery()).rows
    }
    control_run.clean_up(at=AT)
    if state is RunState.RUNNING:
        assert Run.objects.get(id=run_id).state == RunState.INTERRUPTED
        control_run.resume_run(run_id=run_id, actor=PLATFORM, at=AT)
    assess_table(run_id=run_id, at=AT)
    run = Run.objects.get(id=run_id)
    found = {row.code: (row.asked, row.failed) for row in Outcome.objects.filter(run=run)}
    assert (run.state, run.rows) == (RunState.WHOLE, 6)
    assert (found["firms-key"], found["firms-registered-type"]) == ((5, 1), (6, 2))


@pytest.mark.django_db
class TestFull:
    def test_a_full_disk_is_said_shows_nothing_and_is_taken_up_when_there_is_room(
        self, waiting: ResourceRecord
    ) -> None:
        run_id = ask_assessment(resource_code=waiting.code, actor=PLATFORM, at=AT)

        def full(_number: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("zhengshu.contexts.quality.application.engine.keeping.os.fsync", full)
            assess_table(run_id=run_id, at=AT)
        shown = queries.run(run_id=run_id, actor=PLATFORM)
        outcomes = Outcome.objects.filter(run_id=run_id).count()
        control_run.resume_run(run_id=run_id, actor=PLATFORM, at=AT)
        assess_table(run_id=run_id, at=AT)

        assert (shown.state, shown.refusal_code, shown.score) == (
            RunState.FAILED,
            "quality.room-exhausted",
            None,
        )
        assert outcomes == 0
        assert Run.objects.get(id=run_id).state == RunState.WHOLE


@pytest.mark.django_db
class TestAbandoned:
    def test_a_run_that_waits_without_a_job_is_queued_once(self, waiting: ResourceRecord) -> None:
        at = timezone.now()
        lost = ask_assessment(
            resource_code=waiting.code, actor=PLATFORM, at=at - control_run.ABANDONED - timedelta(seconds=1)
        )

        for _ in range(2):
            jobs.clean_up(0)

        queued = apps.get_model("procrastinate", "ProcrastinateJob").objects
        mine = queued.filter(task_name="quality.assess", args__run_id=str(lost))
        assert mine.count() == 1
        assert Run.objects.get(id=lost).state == RunState.WAITING

    def test_a_run_that_was_just_asked_for_is_left_to_who_asked(self, waiting: ResourceRecord) -> None:
        asked = ask_assessment(resource_code=waiting.code, actor=PLATFORM, at=timezone.now())

        assert asked not in control_run.abandoned(at=timezone.now())
