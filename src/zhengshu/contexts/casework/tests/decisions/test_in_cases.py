"""Decisions in running cases: what they set, what the timeline tells, what a later edition changes, and the try."""

from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.check_case_type import read_folder
from zhengshu.contexts.casework.application.naming import ready, ready_files
from zhengshu.contexts.casework.application.playing import Move, Trial
from zhengshu.contexts.casework.application.try_out import try_out
from zhengshu.contexts.casework.domain.migrating import Edition, Renaming, Standing, move
from zhengshu.contexts.casework.domain.records import StepKind
from zhengshu.contexts.casework.domain.running import FlowStuck, RunningState, Token
from zhengshu.contexts.casework.interfaces.picture import drawn
from zhengshu.contexts.casework.models import CaseTypeVersion
from zhengshu.contexts.casework.tests.factories import AT, PACKS
from zhengshu.contexts.casework.tests.ten_packs import choice, everything, two_eyes_more, write
from zhengshu.contexts.casework.tests.test_ten_packs import Case
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db
JOB = Actor.platform("tests.decisions")


def told(case: Case, *, language: str = "en") -> list[str]:
    with translation.override(language):
        return [step.title for step in case.reload().now.timeline if step.kind == StepKind.DECIDED]


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


class TestRunning:
    @pytest.mark.parametrize(
        ("weight", "wide", "haste", "rules"),
        [(0, False, 4, ["1", "3"]), (3, True, 8, ["2", "1"])],
    )
    def test_required_decisions_are_taken_and_told(
        self, weight: int, haste: int, rules: list[str], tmp_path: Path, *, wide: bool
    ) -> None:
        case = Case(tmp_path, everything, weight=weight, asked="")

        assert (case.now.data["is_wide"], case.now.data["haste"]) == (wide, haste)
        assert told(case) == [
            f"name (en) decided by rule {rules[0]}",
            f"name (en) decided by rule {rules[1]}",
        ]
        assert told(case, language="zh-hans")[0] == f"name (zh-hans)：命中第 {rules[0]} 条规则"

    def test_a_rule_tells_its_sentence_in_the_language_of_the_reader(self, tmp_path: Path) -> None:
        code = write(tmp_path, choice)
        for language, text in (("en", "Nothing speaks against it"), ("zh-hans", "无不予批准的情形")):
            rules = f"  verdict:\n    rules: {{1: {text}}}"
            change(tmp_path / code, f"texts/{language}.yaml", "  verdict:", rules)
        case = Case(tmp_path, choice, is_written=True)

        case.does("check", "yes")

        assert told(case) == ["name (en) decided by rule 1: Nothing speaks against it"]
        assert told(case, language="zh-hans") == ["name (zh-hans)：命中第 1 条规则：无不予批准的情形"]

    def test_a_result_that_the_data_do_not_allow_stops_the_step(self, tmp_path: Path) -> None:
        case = Case(tmp_path, choice)
        version = CaseTypeVersion.objects.get(code="ten-choice")
        version.decisions = {"verdict": version.decisions["verdict"].replace('"refuse"', '"perhaps"')}
        engine = ready(version).engine
        state = engine.start(data=case.now.data).state

        with pytest.raises(FlowStuck, match="perhaps"):
            engine.complete(state=state, data={**case.now.data, "check": "no"}, token="t1")


class TestEditions:
    def test_a_case_keeps_its_tables_until_it_is_moved(self, tmp_path: Path) -> None:
        stays = Case(tmp_path / "one", choice)
        code = write(tmp_path / "two", choice)
        change(tmp_path / "two" / code, "verdict.dmn", '<text>"refuse"</text>', '<text>"grant"</text>')
        assert api.load_case_types(folder=tmp_path / "two" / code, at=AT) == (code,)

        assert stays.does("check", "no").now.state == "refused"

    def test_a_moved_case_is_decided_by_the_new_table(self, tmp_path: Path) -> None:
        case = Case(tmp_path / "one", choice)
        code = write(tmp_path / "two", choice)
        change(tmp_path / "two" / code, "verdict.dmn", '<text>"refuse"</text>', '<text>"grant"</text>')
        api.load_case_types(folder=tmp_path / "two" / code, at=AT)

        moved = list(api.migrate_cases(case_type=code, is_applied=True, actor=JOB, at=AT))

        assert [one.verdict for one in moved] == [api.MoveVerdict.AS_IS]
        assert case.does("check", "no").now.state == "granted"

    def test_a_case_that_would_come_to_a_decision_without_the_outcome_stays(self, tmp_path: Path) -> None:
        case = Case(tmp_path / "one", two_eyes_more).does("check")
        code = write(tmp_path / "two", choice)
        folder = tmp_path / "two" / code
        kind = ready_files(read_folder(folder))
        old = CaseTypeVersion.objects.get(code="ten-two-eyes-more")

        moved = move(
            Standing(
                state=RunningState(tokens=(Token(id="t2", node="sign"),)),
                data={"check": "", "sign": ""},
                clocks={},
                parties=frozenset(case.place.parties),
            ),
            old=Edition(number=1, definition=ready(old).definition, flow=ready(old).flow),
            new=Edition(number=2, definition=kind.definition, flow=kind.flow, reads=kind.reads),
            renaming=Renaming(tasks={"sign": "judge"}),
        )

        assert "outcome-missing" in [one.code for one in moved.obstacles]


class TestTry:
    def test_shows_which_rules_applied(self, tmp_path: Path) -> None:
        files = read_folder(tmp_path / write(tmp_path, choice))
        day = date(2026, 3, 2)
        move = Move(task="check", outcome="no", by="B", on=day)

        with translation.override("en"):
            record = try_out(files=files, trial=Trial(on=day, moves=(move,)))

        assert [(step.title, step.move is None) for step in record.done] == [
            ("name (en): no (en)", False),
            ("name (en) decided by rule 2", True),
        ]
        assert record.ended == "refused"
        assert record.data["verdict"] == "refuse"

    def test_the_picture_calls_the_table_by_its_name(self) -> None:
        kind = ready_files(read_folder(PACKS.parent / "case-type-templates" / "graded-approval"))

        with translation.override("en"):
            picture = drawn(kind, marks={})

        assert picture is not None
        boxes = {" ".join(line.text for line in one.lines) for one in picture.shapes if one.shape == "task"}
        assert "Level of the decision" in boxes
