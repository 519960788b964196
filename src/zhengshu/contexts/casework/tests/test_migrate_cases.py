import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.kit.acting import Stage

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.interfaces.commands import packs
from zhengshu.contexts.casework.models import Case, CaseTypeVersion
from zhengshu.contexts.casework.tests import factories, licences
from zhengshu.contexts.casework.tests.factories import AT, PACKS, City
from zhengshu.contexts.casework.tests.messaging import deliver_events, told
from zhengshu.contexts.casework.tests.processes import environment
from zhengshu.kernel.actors import Actor, Role

TYPE = "catalog-publication"
JOB = Actor.platform("tests.migrate")
RENAMED = ("head_approval", "head_signature")

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of a case type, to be changed into a second edition."""
    return Path(shutil.copytree(PACKS / TYPE, tmp_path / "types" / TYPE))


def load(pack: Path, *changes: tuple[str, str, str]) -> None:
    for file, old, new in changes:
        text = (pack / file).read_text(encoding="utf-8")
        assert old in text
        (pack / file).write_text(text.replace(old, new), encoding="utf-8")
    assert api.check_case_type(folder=pack) == ()
    assert api.load_case_types(folder=pack.parent, at=AT) == (TYPE,)


def rename(pack: Path) -> None:
    files = ("type.yaml", "flow.bpmn", "texts/en.yaml", "texts/zh-hans.yaml")
    load(pack, *((file, *RENAMED) for file in files))


def opened(place: City) -> api.CaseRecord:
    return api.open_case(
        case_type=TYPE,
        subject=factories.subject(),
        parties={"provider": place.provider, "authority": place.authority},
        data={},
        actor=place.provider_officer,
        at=AT,
    )


def done(place: City, case: api.CaseRecord, task: str, outcome: str) -> api.CaseRecord:
    actor = place.provider_head if task.startswith("head") else place.reviewer
    return api.complete_task(case_id=case.id, task=task, outcome=outcome, actor=actor, at=AT)


def migrate(*, is_applied: bool = True, **more: str) -> list[api.CaseMove]:
    renaming = api.read_renaming(more.get("mapping", ""))
    return list(
        api.migrate_cases(
            case_type=TYPE,
            renaming=renaming,
            is_applied=is_applied,
            idempotency_key=more.get("key", ""),
            actor=JOB,
            at=AT,
        )
    )


class TestMoving:
    def test_case_goes_on_under_the_new_edition_with_the_limit_that_runs(self, pack: Path) -> None:
        place = factories.city()
        early = opened(place)
        late = done(place, opened(place), "head_approval", "approve")
        load(pack, ("type.yaml", "value: 2", "value: 1"))

        moves = migrate()

        assert {(one.verdict, one.from_edition, one.to_edition) for one in moves} == {
            (api.MoveVerdict.AS_IS, 1, 2)
        }
        early = done(place, early, "head_approval", "approve")
        late = api.case(case_id=late.id, actor=place.reviewer, at=AT)
        assert [case.clocks[0].value for case in (early, late)] == [1, 2]
        for case in (early, late):
            assert done(place, case, "authority_review", "publish").state == "published"

    def test_renamed_task_goes_to_the_same_people_and_the_past_keeps_its_words(self, pack: Path) -> None:
        place = factories.city()
        done(place, opened(place), "head_approval", "approve")
        case = opened(place)
        rename(pack)

        stays = migrate()
        moves = migrate(mapping="tasks: {head_approval: head_signature}")

        assert {one.verdict for one in stays} == {api.MoveVerdict.AS_IS, api.MoveVerdict.CANNOT}
        assert [one.verdict for one in moves] == [api.MoveVerdict.RENAMED]
        moved = api.case(case_id=case.id, actor=place.provider_head, at=AT)
        assert [(task.task, task.is_mine) for task in moved.open_tasks] == [("head_signature", True)]
        assert not any("tasks." in step.title for step in moved.timeline)
        moved = done(place, case, "head_signature", "approve")
        assert moved.task("authority_review") is not None

    def test_four_eyes_remember_a_task_by_its_new_name(self, pack: Path) -> None:
        place = factories.city()
        both = factories.person(Role.DEPARTMENT_HEAD, Role.REVIEWER, department_id=place.authority)
        case = api.open_case(
            case_type=TYPE,
            subject=factories.subject(),
            parties={"provider": place.authority, "authority": place.authority},
            data={},
            actor=factories.person(Role.DATA_OFFICER, department_id=place.authority),
            at=AT,
        )
        api.complete_task(case_id=case.id, task="head_approval", outcome="approve", actor=both, at=AT)
        rename(pack)
        migrate(mapping="tasks: {head_approval: head_signature}")

        with pytest.raises(api.FourEyes):
            api.complete_task(case_id=case.id, task="authority_review", outcome="publish", actor=both, at=AT)

    def test_new_roles_take_the_open_to_dos_over(self, pack: Path) -> None:
        place = factories.city()
        case = done(place, opened(place), "head_approval", "approve")
        leader = factories.person(Role.LEADER, department_id=place.authority)
        load(pack, ("type.yaml", "roles: [reviewer]", "roles: [leader]"))

        migrate()

        with pytest.raises(api.NotYourTask):
            done(place, case, "authority_review", "publish")
        ended = api.complete_task(
            case_id=case.id, task="authority_review", outcome="publish", actor=leader, at=AT
        )
        assert ended.state == "published"


class TestPreview:
    def test_changes_nothing(self, pack: Path) -> None:
        opened(factories.city())
        load(pack, ("type.yaml", "value: 2", "value: 1"))
        before = list(Case.objects.values())

        moves = migrate(is_applied=False)

        assert [one.verdict for one in moves] == [api.MoveVerdict.AS_IS]
        assert list(Case.objects.values()) == before

    def test_costs_the_same_queries_for_one_case_and_for_twelve(self, pack: Path) -> None:
        place = factories.city()
        opened(place)
        load(pack, ("type.yaml", "value: 2", "value: 1"))
        migrate(is_applied=False)
        counts = []
        for more in (0, 11):
            for _ in range(more):
                row = Case.objects.get(pk=opened(place).id)
                row.version = CaseTypeVersion.objects.get(code=TYPE, edition=1)
                row.save()
            with CaptureQueriesContext(connection) as queries:
                found = migrate(is_applied=False)
            counts.append((len(found), len(queries)))

        assert [found for found, _ in counts] == [1, 12]
        assert counts[0][1] == counts[1][1]


class TestAgain:
    def test_second_run_finds_nothing_and_writes_nothing(self, pack: Path) -> None:
        case = opened(factories.city())
        load(pack, ("type.yaml", "value: 2", "value: 1"))
        migrate()
        steps = Case.objects.get(pk=case.id).steps

        assert migrate() == []
        assert Case.objects.get(pk=case.id).steps == steps
        assert (
            apps.get_model("trust", "AuditEvent").objects.filter(name="casework.case.migrated.v1").count()
            == 1
        )

    def test_ended_cases_keep_their_edition(self, pack: Path) -> None:
        place = factories.city()
        case = opened(place)
        api.withdraw_case(case_id=case.id, reason="重复", actor=place.provider_officer, at=AT)
        load(pack, ("type.yaml", "value: 2", "value: 1"))

        assert migrate() == []


KILLED = """
import os, signal, sys, django
django.setup()
from zhengshu.contexts.casework.application import migrate_cases as work
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.kernel.actors import Actor
steps, key = int(sys.argv[1]), sys.argv[2]
work.BATCH = 2
real, seen = work._move, []
def counted(*what, **more):
    real(*what, **more)
    seen.append(1)
    if len(seen) == steps:
        os.kill(os.getpid(), signal.SIGKILL)
work._move = counted
list(work.migrate_cases(case_type="catalog-publication", is_applied=True, idempotency_key=key,
     actor=Actor.platform("tests.migrate"), at=AT))
"""
"""A run that is killed after so many cases, in the middle of a batch of two or at its end."""


@pytest.fixture(scope="module")
def stage(django_db_setup: None) -> Iterator[Stage]:
    """What the processes that are killed are forked from."""
    started = Stage(environment(), modules=["zhengshu.contexts.casework.application.migrate_cases"])
    yield started
    started.close()


@pytest.mark.django_db(transaction=True)
class TestKilledRuns:
    @pytest.mark.parametrize("key", ["", "autumn"])
    @pytest.mark.parametrize("steps", [1, 3, 4])
    def test_go_on_and_tell_each_case_once(self, pack: Path, stage: Stage, steps: int, key: str) -> None:
        place = factories.city()
        stuck = opened(place)
        numbers = {opened(place).number for _ in range(4)} | {stuck.number}
        Case.objects.filter(pk=stuck.id).update(data={"version": "none"})
        load(pack, ("type.yaml", "value: 2", "value: 1"))

        killed, complaints = stage.run(KILLED, str(steps), key)
        moves = migrate(key=key)
        again = migrate(key=key)

        assert killed == -signal.SIGKILL, complaints
        assert sorted(one.number for one in moves) == sorted(numbers)
        moved = [one for one in moves if one.verdict != api.MoveVerdict.CANNOT]
        migrated = apps.get_model("trust", "AuditEvent").objects.filter(
            name="casework.case.migrated.v1", subject_id__in=[str(one.case_id) for one in moves]
        )
        assert migrated.count() == len(moved) == Case.objects.filter(version__edition=2).count()
        if key:
            assert again == moves
        else:
            assert all(one.verdict == api.MoveVerdict.CANNOT for one in again)

    def test_a_key_names_one_migration(self, pack: Path) -> None:
        opened(factories.city())
        load(pack, ("type.yaml", "value: 2", "value: 1"))
        migrate(key="autumn")

        with pytest.raises(api.KeyUsedOtherwise):
            migrate(key="autumn", mapping="drops: [note]")


class TestMessages:
    """What people are told is content of the edition that a case runs."""

    def test_of_a_new_edition_are_sent_by_cases_that_were_moved(self, tmp_path: Path) -> None:
        place = licences.office()
        staying, moving = (licences.applied(place, at=timezone.now()) for _case in range(2))
        late = "late: {occasion: escalated, to: [doers], by: [site]}"
        accepted = "late: {occasion: task_done, task: accept, outcomes: [accept], to: [applicant]}"
        folder = licences.changed(tmp_path, (late, accepted)).parent

        shown = CliRunner().invoke(packs, ["load", str(folder)]).output
        self.accept(place, staying)
        before = told(place.citizen)
        moves = list(api.migrate_cases(case_type="licence", is_applied=True, actor=JOB, at=timezone.now()))
        self.accept(place, moving)

        assert "2件在办件继续适用原版本" in shown
        assert {one.verdict for one in moves} == {api.MoveVerdict.AS_IS}
        assert "时限提醒" not in before
        assert told(place.citizen).count("时限提醒") == 1

    def accept(self, place: licences.Office, case: api.CaseRecord) -> None:
        api.complete_task(
            case_id=case.id, task="accept", outcome="accept", actor=place.clerk, at=timezone.now()
        )
        deliver_events()


class TestCommand:
    def run(self, *arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(packs, ["migrate", *arguments])
        return result.exit_code, result.output

    def test_previews_then_moves_then_has_nothing_to_do(self, pack: Path, tmp_path: Path) -> None:
        case = opened(factories.city())
        rename(pack)
        mapping = tmp_path / "map.yaml"
        mapping.write_text("tasks: {head_approval: head_signature}", encoding="utf-8")

        without = self.run(TYPE)
        preview = self.run(TYPE, "--map", str(mapping))
        applied = self.run(TYPE, "--map", str(mapping), "--from", "1", "--to", "2", "--apply")
        again = self.run(TYPE, "--map", str(mapping), "--apply")

        assert [code for code, _ in (without, preview, applied, again)] == [0, 0, 0, 0]
        assert "head_approval" in without[1]
        assert case.number in preview[1]
        assert case.number in applied[1]
        assert case.number not in again[1]
        assert Case.objects.get(pk=case.id).version.edition == 2

    @pytest.mark.parametrize("arguments", [("nothing",), (TYPE, "--to", "9"), (TYPE, "--from", "9")])
    def test_says_what_does_not_exist(self, pack: Path, arguments: tuple[str, ...]) -> None:
        factories.city()

        code, output = self.run(*arguments)

        assert code == 1
        assert "Traceback" not in output
        assert arguments[-1] in output

    def test_says_what_is_wrong_in_the_mapping(self, pack: Path, tmp_path: Path) -> None:
        factories.city()
        mapping = tmp_path / "map.yaml"
        mapping.write_text("task: {a: b}", encoding="utf-8")

        code, output = self.run(TYPE, "--map", str(mapping))

        assert code == 1
        assert "map.yaml" in output
