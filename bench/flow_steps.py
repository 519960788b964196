"""Steps of flows: `complete_task` with the database on two cores, and whether step 10,000 costs what step 10 does.

The case type is the platform's own catalogue publication, whose head returns a draft and whose officer submits it
again, for ever. The peer is SpiffWorkflow alone with the same diagram: no database, no people, no timeline, but its own
serialising and restoring around each step, as a server would need them.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from bench.harness import WORK, Result, write_results

TYPE = "catalog-publication"
ROUND = (("head_approval", "return"), ("revise_draft", "resubmit"))
PROCESSES = 2
SECONDS = float(os.environ.get("ZHENGSHU_BENCH_SECONDS", "15"))
LATE = int(os.environ.get("ZHENGSHU_BENCH_STEPS", "10000"))
PEER_LATE = min(LATE, 400)
"""After 500 steps of this loop SpiffWorkflow 3.2 finds no task that waits, so that no later step can be compared."""
EARLY = 10
SAMPLES = 60
RUNS = 3
STEPS_A_CASE = 50
"""Steps that a case takes while throughput is measured; then the next one is opened."""
EXPECTED_STEPS = 300.0
EXPECTED_TIMES = 1.2


def main() -> None:
    """Measure both in turn, three times each, and write the results."""
    late = _run("grow")["case"]
    ours, theirs, ours_times, theirs_times = [], [], [], []
    for _ in range(RUNS):
        theirs.append(_together("spiff"))
        ours.append(_together("zhengshu"))
        theirs_times.append(float(str(_run("spiff-late")["times"])))
        ours_times.append(float(str(_run("late", str(late))["times"])))
    write_results(
        "flow-steps",
        [
            Result(
                name=f"steps a second, {PROCESSES} processes, complete_task with the database",
                value=statistics.median(ours),
                unit="steps/s",
                better="higher",
                peers={"SpiffWorkflow alone, serialised, no database": statistics.median(theirs)},
                limit=EXPECTED_STEPS,
                runs=tuple(ours),
            ),
            Result(
                name=f"step {LATE:,} against step {EARLY}",
                value=statistics.median(ours_times),
                unit="times",
                better="lower",
                peers={f"SpiffWorkflow alone, step {PEER_LATE}": statistics.median(theirs_times)},
                limit=EXPECTED_TIMES,
                runs=tuple(ours_times),
            ),
        ],
    )


def _run(*arguments: str) -> dict[str, object]:
    """Run one measurement in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.flow_steps", *arguments], check=True, capture_output=True, text=True
    )
    measured: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    print(*arguments, measured, flush=True)
    return measured


def _together(who: str) -> float:
    """Return the steps a second of several processes at once."""
    command = [sys.executable, "-m", "bench.flow_steps", who]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    steps = 0.0
    for process in running:
        output, _ = process.communicate()
        if process.returncode:
            sys.exit(f"{who} failed")
        steps += float(json.loads(output.strip().splitlines()[-1])["steps_a_second"])
    print(who, round(steps, 1), flush=True)
    return steps


def _use_server() -> None:
    """Start the figure's own server, with the case types loaded."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["ZHENGSHU_DATA"] = str(WORK / "flow-steps")
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhengshu.project.settings"
    from zhengshu.project import database

    database.ensure()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


class _Office:
    """A department, its people and their cases."""

    def __init__(self) -> None:
        from django.utils import timezone

        from zhengshu.contexts.casework import api
        from zhengshu.contexts.trust import api as trust
        from zhengshu.kernel.actors import Actor, Role
        from zhengshu.kernel.identity import new_id

        self.api, self.new_id, self.at = api, new_id, timezone.now()
        authority = next(iter(trust.departments().values()))
        self.parties = {"provider": authority.id, "authority": authority.id}
        self.people = {
            task: Actor(id=new_id(), name=name, department_id=authority.id, roles=frozenset({role}))
            for task, name, role in (
                ("head_approval", "负责人", Role.DEPARTMENT_HEAD),
                ("revise_draft", "专员", Role.DATA_OFFICER),
            )
        }

    def opened(self) -> object:
        """Open a case."""
        key = self.new_id()
        subject = self.api.CaseSubject(kind="entry", id=key, title="企业登记信息", path=f"/catalog/{key}/")
        return self.api.open_case(
            case_type=TYPE,
            subject=subject,
            parties=self.parties,
            data={},
            actor=self.people["revise_draft"],
            at=self.at,
        ).id

    def steps(self, case: object) -> Iterator[float]:
        """Take one step after the other; yield the seconds of each."""
        from zhengshu.kernel.identity import CaseId

        while True:
            for task, outcome in ROUND:
                self.at += timedelta(seconds=1)
                started = time.perf_counter()
                self.api.complete_task(
                    case_id=CaseId(case),  # type: ignore[arg-type]  # read back from the other process
                    task=task,
                    outcome=outcome,
                    reason="请补充字段说明" if outcome == "return" else "",
                    actor=self.people[task],
                    at=self.at,
                )
                yield time.perf_counter() - started


def prepare() -> None:
    """Make a department and load the case types, if they are not there."""
    from django.conf import settings
    from django.utils import timezone

    from zhengshu.contexts.casework import api
    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.actors import Actor
    from zhengshu.kernel.checks import credit_check

    if not trust.departments():
        body = "11470300000000000"
        trust.add_department(
            code=body + credit_check(body),
            name="云州市数据局",
            short_name="",
            region="470300",
            level=trust.Level.CITY,
            parent_id=None,
            is_data_authority=True,
            actor=Actor.platform("bench"),
            at=timezone.now(),
        )
    api.load_case_types(folder=Path(settings.PACKS_FOLDER) / "case-types", at=timezone.now())


def grow() -> None:
    """Make a case that has taken 10,000 steps."""
    _use_server()
    prepare()
    office = _Office()
    case = office.opened()
    steps = office.steps(case)
    for _ in range(LATE):
        next(steps)
    print(json.dumps({"case": str(case)}))


def late(case: str) -> None:
    """Compare steps of a case that has taken 10,000 with steps of fresh ones, in turn."""
    from uuid import UUID

    _use_server()
    office = _Office()
    old = office.steps(UUID(case))
    before, after = [], []
    for _ in range(SAMPLES // EARLY):
        fresh = office.steps(office.opened())
        _take(fresh, EARLY)
        for _ in range(EARLY):
            before.append(next(fresh))
            after.append(next(old))
    print(json.dumps({"times": _times(before, after)}))


def throughput() -> None:
    """Take steps for a while; each case takes a few dozen."""
    _use_server()
    office = _Office()
    _take(office.steps(office.opened()), EARLY)
    done, started = 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        done += len(_take(office.steps(office.opened()), STEPS_A_CASE))
    print(json.dumps({"steps_a_second": done / (time.perf_counter() - started)}))


class _Spiff:
    """The same diagram in SpiffWorkflow alone, serialised and restored around each step."""

    def __init__(self) -> None:
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

        parser = BpmnParser()
        parser.add_bpmn_file(str(Path("packs/case-types") / TYPE / "flow.bpmn"))
        (process,) = parser.get_process_ids()
        self.spec = parser.get_spec(process)
        self.serializer = BpmnWorkflowSerializer()

    def opened(self) -> str:
        """Return a fresh case, serialised."""
        from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

        workflow = BpmnWorkflow(self.spec)
        workflow.do_engine_steps()
        return str(self.serializer.serialize_json(workflow))

    def steps(self, state: str) -> Iterator[float]:
        """Take one step after the other; yield the seconds of each."""
        while True:
            for task, outcome in ROUND:
                started = time.perf_counter()
                workflow = self.serializer.deserialize_json(state)
                (waiting,) = workflow.get_tasks(manual=True, state=_ready())
                waiting.data[task] = outcome
                waiting.run()
                workflow.do_engine_steps()
                state = str(self.serializer.serialize_json(workflow))
                yield time.perf_counter() - started


def _ready() -> int:
    from SpiffWorkflow.util.task import TaskState

    return int(TaskState.READY)


def spiff() -> None:
    """Take steps for a while, as `throughput` does."""
    peer = _Spiff()
    done, started = 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        done += len(_take(peer.steps(peer.opened()), STEPS_A_CASE))
    print(json.dumps({"steps_a_second": done / (time.perf_counter() - started)}))


def spiff_late() -> None:
    """Compare its step 1,000 with its step 10."""
    peer = _Spiff()
    steps = peer.steps(peer.opened())
    _take(steps, EARLY)
    before = _take(steps, EARLY)
    _take(steps, PEER_LATE - 2 * EARLY)
    print(json.dumps({"times": _times(before, _take(steps, EARLY))}))


def _take(steps: Iterator[float], count: int) -> list[float]:
    return [next(steps) for _ in range(count)]


def _times(before: Sequence[float], after: Sequence[float]) -> float:
    return statistics.median(after) / statistics.median(before)


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            main()
        case ["grow"]:
            grow()
        case ["late", key]:
            late(key)
        case ["zhengshu"]:
            throughput()
        case ["spiff"]:
            spiff()
        case ["spiff-late"]:
            spiff_late()
