from collections.abc import Mapping
from dataclasses import replace

import msgspec
import pytest

from zhengshu.contexts.casework.domain.definitions import read_definition
from zhengshu.contexts.casework.domain.diagram import read_flow
from zhengshu.contexts.casework.domain.migrating import (
    NO_RENAMING,
    Edition,
    Moved,
    MoveVerdict,
    Renaming,
    Standing,
    move,
    read_renaming,
)
from zhengshu.contexts.casework.domain.running import Part, RunningState, Token
from zhengshu.contexts.casework.tests.flows import flow

TYPE = """
code: t
number: {prefix: T}
basis: [某法第一条]
parties: [office]
opened_by: [people]
data:
  wish: {type: text, values: [some, more]}
lanes:
  people: {party: office, roles: [data_officer]}
tasks:
  a: {outcomes: {done: {}}}
  b: {outcomes: {done: {}}}
clocks:
  answer:
    starts_with: a
    stops_with: {a: []}
    covers: [a]
    limits: [{value: 5, unit: working_days, basis: 某法第二条}]
    lights: {yellow: 1}
    pauses: {waiting: {basis: 某法第三条}}
ends: [end]
"""
LINE = ("start:startEvent a:userTask b:userTask end:endEvent", "start>a", "a>b", "b>end")
FORK = (
    "start:startEvent f:parallelGateway a:userTask b:userTask j:parallelGateway end:endEvent",
    *("start>f", "f>a", "f>b", "a>j", "b>j", "j>end"),
)


def edition(number: int, graph: tuple[str, ...], *changes: tuple[str, str]) -> Edition:
    definition = TYPE
    for old, new in changes:
        assert old in definition
        definition = definition.replace(old, new)
    return Edition(number=number, definition=read_definition(definition), flow=read_flow(flow(*graph)))


def standing(*nodes: str, clocks: Mapping[str, str] | None = None) -> Standing:
    tokens = tuple(Token(id=f"t{number}", node=node, origin="start") for number, node in enumerate(nodes))
    return Standing(
        state=RunningState(tokens=tokens, counter=len(nodes)),
        data={"a": "done", "b": "", "wish": "some"},
        clocks=clocks or {},
        parties=frozenset({"office"}),
        done={"a": {"done": ["somebody"]}},
    )


def moved(case: Standing, new: Edition, *, old: Edition | None = None, by: Renaming = NO_RENAMING) -> Moved:
    return move(case, old=old or edition(1, LINE), new=new, renaming=by)


class TestVerdicts:
    def test_same_names_move_as_they_are(self) -> None:
        case = standing("b", clocks={"answer": ""})

        result = moved(case, edition(2, LINE, ("value: 5", "value: 3")))

        assert (result.verdict, result.state, result.data) == (MoveVerdict.AS_IS, case.state, case.data)

    def test_renamed_task_needs_the_mapping_and_takes_its_past_along(self) -> None:
        graph = tuple(
            part.replace("a:", "first:").replace("a>", "first>").replace(">a", ">first") for part in LINE
        )
        new = edition(2, graph, ("  a: {out", "  first: {out"), ("starts_with: a", "starts_with: first"))

        without = moved(standing("a"), new)
        result = moved(standing("a"), new, by=Renaming(tasks={"a": "first"}))

        assert [(one.code, one.name) for one in without.obstacles] == [("place-gone", "a")]
        assert result.verdict == MoveVerdict.RENAMED
        assert [token.node for token in result.state.tokens] == ["first"]
        assert result.data["first"] == "done"
        assert "a" not in result.data
        assert result.done == {"first": {"done": ["somebody"]}}

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ((("  answer:\n", "  reply:\n"),), "clock-gone"),
            ((("waiting: {", "hearing: {"),), "ground-gone"),
            ((("parties: [office]", "parties: [office, court]"),), "party-missing"),
            (
                (
                    ("party: office", "party: court"),
                    ("parties: [office]", "parties: [office, court]\nnamed_later: [court]"),
                ),
                "party-missing",
            ),
            ((("data:\n", "data:\n  more: {type: number}\n"),), "datum-missing"),
            ((("[some, more]", "[most, more]"),), "datum-unfit"),
            (
                (("  wish: {type: text, values: [some, more]}", "  other: {type: number, default: 1}"),),
                "datum-lost",
            ),
            ((("  b: {outcomes", "  c: {outcomes"),), "task-without-rule"),
        ],
    )
    def test_what_would_be_lost_is_an_obstacle(self, changes: tuple[tuple[str, str], ...], code: str) -> None:
        case = standing("b", clocks={"answer": "waiting"})

        result = moved(case, edition(2, LINE, *changes))

        assert result.verdict == MoveVerdict.CANNOT
        assert code in {one.code for one in result.obstacles}
        assert (result.state, result.data, result.done) == (case.state, case.data, case.done)

    def test_mapping_removes_obstacles(self) -> None:
        new = edition(
            2,
            LINE,
            ("  answer:\n", "  reply:\n"),
            ("  wish: {type: text, values: [some, more]}", "  n: {type: number}"),
        )
        by = Renaming(clocks={"answer": "reply"}, data={"n": 3}, drops=("wish",))

        result = moved(standing("b", clocks={"answer": ""}), new, by=by)

        assert result.verdict == MoveVerdict.RENAMED
        assert result.data == {"a": "done", "b": "", "n": 3}

    def test_another_kind_of_element_is_an_obstacle(self) -> None:
        graph = (LINE[0].replace("b:userTask", "b:scriptTask/wish_eq_wish"), *LINE[1:])

        assert moved(standing("b"), edition(2, graph)).obstacles[0].code == "place-otherwise"


class TestBranches:
    def test_same_join_moves(self) -> None:
        result = moved(standing("a", "b"), edition(2, FORK), old=edition(1, FORK))

        assert result.verdict == MoveVerdict.AS_IS

    def test_branches_that_would_meet_otherwise_stay(self) -> None:
        graph = (*FORK[:4], "a>end", "b>end")

        result = moved(standing("a", "b"), edition(2, graph), old=edition(1, FORK))

        assert [(one.code, one.name) for one in result.obstacles] == [
            ("join-otherwise", "end"),
            ("join-otherwise", "j"),
        ]

    def test_one_branch_more_in_the_join_keeps_the_case_where_it_is(self) -> None:
        graph = (FORK[0] + " c:userTask", *FORK[1:], "f>c", "c>j")

        result = moved(standing("a", "b"), edition(2, graph), old=edition(1, FORK))

        assert [one.code for one in result.obstacles] == ["join-otherwise"]

    @pytest.mark.parametrize(("origin", "verdict"), [("a_j", MoveVerdict.AS_IS), ("f_1", MoveVerdict.CANNOT)])
    def test_branch_that_waits_at_a_join_must_be_known_there(self, origin: str, verdict: MoveVerdict) -> None:
        case = standing("b")
        waiting = Token(id="t9", node="j", origin=origin, is_waiting=True, part=Part.JOIN)
        state = msgspec.structs.replace(case.state, tokens=(*case.state.tokens, waiting))

        result = moved(replace(case, state=state), edition(2, FORK), old=edition(1, FORK))

        assert result.verdict == verdict


class TestMapping:
    def test_is_read(self) -> None:
        assert read_renaming("tasks: {a: b}\ndrops: [x]") == Renaming(tasks={"a": "b"}, drops=("x",))
        assert read_renaming("") == NO_RENAMING

    @pytest.mark.parametrize(
        "text", ["tasks: [a]", "task: {a: b}", "{", "tasks: {a: b, b: c}", "tasks: {a: c, b: c}"]
    )
    def test_faults_are_said(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            read_renaming(text)

    def test_state_survives_its_storage(self) -> None:
        result = moved(standing("b"), edition(2, LINE))

        stored = msgspec.json.decode(msgspec.json.encode(result.state), type=RunningState)

        assert stored == result.state
