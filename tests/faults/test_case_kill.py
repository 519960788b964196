"""Random flows whose process is killed between any two words to the database: nothing is lost, nothing doubled."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random, SystemRandom

import pytest
import yaml
from django.db import transaction

from tests.kit.killed import killed_everywhere
from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.check_case_type import read_folder
from zhengshu.contexts.casework.application.load_case_types import load_version
from zhengshu.contexts.casework.domain.definitions import LANGUAGES, names_needed, read_definition
from zhengshu.contexts.casework.models import Case, Task, TimelineEntry
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.casework.tests.flows import HEAD
from zhengshu.contexts.casework.tests.structured_flows import (
    AGAIN,
    LEFT,
    Block,
    Choice,
    Fork,
    Inner,
    Loop,
    Row,
    Work,
    drawn,
)
from zhengshu.contexts.trust.models import AuditEvent
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.models import OutboxMessage
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import CaseId, DepartmentId, TaskId, new_id

CODE = "killed-steps"
MOST_STEPS = 2

TYPE = """
code: killed-steps
number: {prefix: KS, per: day, digits: 4}
basis: ["国务院令第809号第二十条"]
parties: [office]
opened_by: [people]
lanes: {people: {party: office, roles: [approver]}}
tasks: {TASKS}
clocks:
  answer:
    starts_with: FIRST
    stops_with: {FIRST: []}
    covers: [FIRST]
    limits: [{value: 10, unit: working_days, basis: 国务院令第809号第二十一条}]
    lights: {yellow: 3}
escalation: [{at: red, to: [handler_head]}]
ends: [end]
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a step may change, as another process sees it."""

    cases: int
    open_tasks: Counter[str]
    done_tasks: Counter[str]
    entries: int
    audited: Counter[str]
    sent: int

    @classmethod
    def now(cls) -> "Seen":
        tasks = Task.objects.all()
        audit = AuditEvent.objects.filter(name__startswith="casework.", subject_kind="case")
        return cls(
            cases=Case.objects.count(),
            open_tasks=Counter(tasks.open().values_list("code", flat=True)),
            done_tasks=Counter(tasks.filter(state=Task.State.DONE).values_list("code", flat=True)),
            entries=TimelineEntry.objects.count(),
            audited=Counter(audit.values_list("name", flat=True)),
            sent=OutboxMessage.objects.count(),
        )


def write(folder: Path, block: Block) -> None:
    """Write a case type with a random flow, whose conditions ask for some of its outcomes only."""
    text, tasks = drawn(block)
    people = "".join(f"<bpmn:flowNodeRef>{task}</bpmn:flowNodeRef>" for task in tasks)
    lanes = f'<bpmn:laneSet id="l"><bpmn:lane id="people">{people}</bpmn:lane></bpmn:laneSet>'
    outcomes = f"outcomes: {{{LEFT}: {{}}, {AGAIN}: {{}}, other: {{}}}}"
    rules = ", ".join(f"{task}: {{{outcomes}}}" for task in tasks)
    definition = TYPE.replace("TASKS", rules).replace("FIRST", tasks[0])
    (folder / "texts").mkdir(parents=True, exist_ok=True)
    (folder / "flow.bpmn").write_text(HEAD + lanes + text.removeprefix(HEAD), encoding="utf-8")
    (folder / "type.yaml").write_text(definition, encoding="utf-8")
    names: dict[str, object] = {}
    for key in sorted(names_needed(read_definition(definition))):
        *path, last = key.split(".")
        level = names
        for part in path:
            level = level.setdefault(part, {})  # type: ignore[assignment]  # a tree of names
        level[last] = last
    for language in LANGUAGES:
        (folder / "texts" / f"{language}.yaml").write_text(yaml.safe_dump(names), encoding="utf-8")


def random_block(dice: Random, names: Iterator[str], *, depth: int) -> Block:
    """Return a random part of a flow."""

    def smaller() -> Block:
        return random_block(dice, names, depth=depth - 1)

    if depth == 0:
        return Work(next(names), dice.choice([1, 1, 2]), dice.choice([True, False]))
    match dice.randrange(5):
        case 0:
            return Row([smaller(), smaller()])
        case 1:
            return Fork([smaller(), smaller()])
        case 2:
            return Choice(Work(next(names)), smaller(), smaller())
        case 3:
            return Loop(smaller(), Work(next(names)))
        case _:
            return Inner(smaller())


def opening(office: DepartmentId, clerk: Actor) -> Callable[[], api.CaseRecord]:
    about, key = factories.subject(), str(new_id())

    def act() -> api.CaseRecord:
        return api.open_case(
            case_type=CODE,
            subject=about,
            parties={"office": office},
            data={},
            actor=clerk,
            at=AT,
            idempotency_key=key,
        )

    return act


def completing(task: Task, outcome: str, clerk: Actor) -> Callable[[], object]:
    key = str(new_id())

    def act() -> object:
        return api.complete_task(
            case_id=CaseId(task.case_id),
            task=TaskId(task.pk),
            outcome=outcome,
            actor=clerk,
            at=AT,
            idempotency_key=key,
        )

    return act


@pytest.mark.django_db(transaction=True)
class TestKilledBetweenAnyTwoWords:
    def test_loses_and_doubles_nothing(self, tmp_path: Path) -> None:
        seed = SystemRandom().randrange(1 << 32)
        print("seed:", seed)  # noqa: T201 - shown when the test fails
        dice = Random(seed)  # noqa: S311 - no secret
        names = (f"task{number}" for number in count(1))
        block = Fork([random_block(dice, names, depth=2) for _ in range(2)])
        folder = tmp_path / str(new_id())
        write(folder, block)
        with transaction.atomic():
            load_version(read_folder(folder), actor=Actor.platform("casework.load"), at=AT)
        office = trust.department(parent_id=trust.department(is_data_authority=True).id).id
        clerk = factories.person(Role.APPROVER, department_id=office)
        expected, base, opens = block.begin(), Seen.now(), opening(office, clerk)

        assert killed_everywhere(opens, see=Seen.now) > 20
        case = Case.objects.get(pk=opens().id)
        for steps in range(1, MOST_STEPS + 1):
            task = dice.choice(list(case.tasks.open().order_by("id")))
            outcome = dice.choice([LEFT, AGAIN, "other"])
            expected.complete(task.code, outcome)
            deaths = killed_everywhere(completing(task, outcome, clerk), see=Seen.now)
            assert deaths > 10

            assert Counter(case.tasks.open().values_list("code", flat=True)) == Counter(expected.open())
            assert case.tasks.filter(state=Task.State.DONE).count() == steps
            told = Seen.now().audited - base.audited
            assert told["casework.case.opened.v1"] == 1
            assert told["casework.task.opened.v1"] == steps + len(expected.open())
            assert told["casework.task.completed.v1"] == steps
            assert told["casework.case.closed.v1"] == int(expected.is_over())
            case.refresh_from_db()
            numbers = case.timeline.order_by("number").values_list("number", flat=True)
            assert list(numbers) == list(range(1, case.steps + 1))
