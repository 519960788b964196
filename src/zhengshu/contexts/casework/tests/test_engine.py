from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengshu.contexts.casework.domain.diagram import read_flow
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.running import FlowStuck, RunningState, Stepped, TokenGone
from zhengshu.contexts.casework.domain.stepping import TokenEngine
from zhengshu.contexts.casework.tests.flows import HEAD, TAIL, flow

CHOICE = flow(
    "start:startEvent a:userTask g:exclusiveGateway b:userTask end:endEvent",
    "start>a",
    "a>g",
    'g>b?a == "again"',
    "g>end",
    "b>a",
    defaults="g=g_end",
)
FORK = flow(
    "start:startEvent m:exclusiveGateway f:parallelGateway a:userTask b:userTask j:parallelGateway "
    "c:userTask g:exclusiveGateway end:endEvent",
    "start>m",
    "m>f",
    "f>a",
    "f>b",
    "a>j",
    "b>j",
    "j>c",
    "c>g",
    'g>m?c == "again"',
    "g>end",
    defaults="g=g_end",
)


def engine(*, flow: str) -> TokenEngine:
    return TokenEngine(read_flow(flow))


def do(engine: TokenEngine, stepped: Stepped, task: str, outcome: str = "done") -> Stepped:
    token = next(token for token in stepped.state.tokens if token.node == task and not token.is_waiting)
    stored = msgspec.json.decode(msgspec.json.encode(stepped.state), type=RunningState)
    return engine.complete(state=stored, data={**stepped.data, task: outcome}, token=token.id)


def open_tasks(stepped: Stepped) -> set[str]:
    return {token.node for token in stepped.state.tokens if not token.is_waiting}


class TestChoices:
    def test_condition_decides_and_the_default_takes_the_rest(self) -> None:
        runner = engine(flow=CHOICE)
        first = runner.start(data={"a": "", "b": ""})

        again = do(runner, first, "a", "again")
        ended = do(runner, first, "a", "enough")

        assert open_tasks(again) == {"b"}
        assert ended.ended == "end"
        assert ended.state.is_finished

    def test_task_that_was_done_is_gone(self) -> None:
        runner = engine(flow=CHOICE)
        first = runner.start(data={"a": "", "b": ""})
        second = do(runner, first, "a", "again")

        with pytest.raises(TokenGone):
            runner.complete(state=second.state, data=second.data, token=first.state.tokens[0].id)

    def test_flow_without_a_way_out_says_so(self) -> None:
        runner = engine(
            flow=flow(
                "start:startEvent a:userTask g:exclusiveGateway end:endEvent",
                "start>a",
                "a>g",
                'g>end?a == "x"',
            )
        )

        with pytest.raises(FlowStuck):
            do(runner, runner.start(data={"a": ""}), "a", "y")

    def test_loop_without_a_task_is_stopped(self) -> None:
        runner = engine(
            flow=flow(
                "start:startEvent g:exclusiveGateway s:scriptTask/n_eq_n+1 end:endEvent",
                "start>g",
                "g>s?n &gt; 0",
                "s>g",
                "g>end",
                defaults="g=g_end",
            )
        )

        with pytest.raises(FlowStuck):
            runner.start(data={"n": 1})


class TestBranches:
    @pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
    def test_join_waits_for_all_in_any_order(self, order: tuple[str, str]) -> None:
        runner = engine(flow=FORK)
        stepped = runner.start(data={"a": "", "b": "", "c": ""})
        assert open_tasks(stepped) == {"a", "b"}

        stepped = do(runner, stepped, order[0])
        assert open_tasks(stepped) == {order[1]}
        stepped = do(runner, stepped, order[1])

        assert open_tasks(stepped) == {"c"}

    def test_join_waits_again_in_the_second_round(self) -> None:
        runner = engine(flow=FORK)
        stepped = runner.start(data={"a": "", "b": "", "c": ""})
        for task in ("a", "b"):
            stepped = do(runner, stepped, task)
        stepped = do(runner, stepped, "c", "again")

        stepped = do(runner, stepped, "b")

        assert open_tasks(stepped) == {"a"}

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=12))
    def test_tasks_are_neither_lost_nor_doubled(self, rounds: list[tuple[bool, bool]]) -> None:
        runner = engine(flow=FORK)
        stepped = runner.start(data={"a": "", "b": "", "c": ""})
        for is_a_first, _ in rounds:
            first, second = ("a", "b") if is_a_first else ("b", "a")
            assert open_tasks(stepped) == {"a", "b"}
            stepped = do(runner, stepped, first)
            assert open_tasks(stepped) == {second}
            stepped = do(runner, stepped, second)
            assert open_tasks(stepped) == {"c"}
            stepped = do(runner, stepped, "c", "again")

        assert len([token for token in stepped.state.tokens if not token.is_waiting]) == 2


class TestStepsCostTheSame:
    def test_state_does_not_grow(self) -> None:
        runner = engine(flow=CHOICE)
        stepped = runner.start(data={"a": "", "b": ""})
        sizes = []
        for _ in range(200):
            stepped = do(runner, stepped, "a", "again")
            stepped = do(runner, stepped, "b")
            sizes.append(len(msgspec.json.encode(stepped.state)))

        assert sizes[-1] <= sizes[0] + 4
        assert len(stepped.state.tokens) == 1

    def test_flow_is_read_once(self) -> None:
        assert read_flow(CHOICE) is read_flow(CHOICE)


class TestNoWayLeadsToTheMachine:
    @pytest.mark.parametrize(
        "condition",
        [
            "__import__('os').system('touch {marker}') == 0",
            "open('{marker}', 'w').write('x') == 1",
            "().__class__.__base__.__subclasses__() != 1",
            "a.__class__ == 1",
            "exec('1') == 1",
        ],
    )
    def test_in_conditions(self, condition: str, tmp_path: Path) -> None:
        marker = tmp_path / "escaped"
        runner = engine(
            flow=flow(
                "start:startEvent a:userTask g:exclusiveGateway b:userTask end:endEvent",
                "start>a",
                "a>g",
                f"g>b?{condition.format(marker=marker)}",
                "g>end",
                "b>end",
                defaults="g=g_end",
            )
        )

        with pytest.raises(FlowStuck, match="language"):
            do(runner, runner.start(data={"a": "", "b": ""}), "a")

        assert not marker.exists()

    @pytest.mark.parametrize(
        "script",
        [
            "import os",
            "n_eq_open('{marker}','w').write('x')",
            "n_eq___import__('os').system('touch {marker}')",
        ],
    )
    def test_in_scripts(self, script: str, tmp_path: Path) -> None:
        marker = tmp_path / "escaped"
        body = script.format(marker=marker).replace(" ", "&#32;")
        runner = engine(
            flow=flow("start:startEvent a:userTask end:endEvent", "start>s", "s>a", "a>end").replace(
                "</bpmn:process>",
                f'<bpmn:scriptTask id="s"><bpmn:script>{body.replace("_eq_", " = ")}'
                "</bpmn:script></bpmn:scriptTask></bpmn:process>",
            )
        )

        with pytest.raises(FlowStuck, match="language"):
            runner.start(data={"a": "", "n": 0})

        assert not marker.exists()

    def test_entities_of_the_file_are_not_followed(self) -> None:
        secret = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'

        with pytest.raises(FlowStuck, match="0 start events"):
            engine(flow=secret + HEAD + "&x;" + TAIL).start(data={})

    def test_script_changes_declared_data(self) -> None:
        runner = engine(
            flow=flow(
                "start:startEvent s:scriptTask/n_eq_n+1 a:userTask end:endEvent", "start>s", "s>a", "a>end"
            )
        )
        data: dict[str, Value] = {"a": "", "n": 1}

        assert runner.start(data=data).data["n"] == 2
        assert data["n"] == 1
