"""Events, sub-processes and several instances: what each construct of a flow means."""

import pytest

from zhengshu.contexts.casework.domain.diagram import read_flow
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.flow_graph import TriggerKind
from zhengshu.contexts.casework.domain.running import FlowStuck, Stepped, TokenGone
from zhengshu.contexts.casework.domain.stepping import TokenEngine
from zhengshu.contexts.casework.tests.structured_flows import Page

TIMER = "<bpmn:timerEventDefinition/>"
MESSAGE = '<bpmn:messageEventDefinition messageRef="m1"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="s1"/>'
ERROR = '<bpmn:errorEventDefinition errorRef="e1"/>'
TERMINATE = "<bpmn:terminateEventDefinition/>"
DEFINITIONS = (
    '<bpmn:message id="m1" name="paid"/><bpmn:signal id="s1" name="alarm"/>'
    '<bpmn:error id="e1" name="broken"/>'
)


class Walk:
    """A case on a small flow: what is open, what is awaited, and what happens next."""

    def __init__(self, page: Page, **data: Value) -> None:
        text = (
            '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">'
            f'{DEFINITIONS}<bpmn:process id="p">{"".join(page.parts)}</bpmn:process></bpmn:definitions>'
        )
        self.engine = TokenEngine(read_flow(text))
        self.now: Stepped = self.engine.start(data={**dict.fromkeys("abcd", ""), **data})

    @property
    def open(self) -> list[str]:
        return sorted(token.node for token in self.now.state.tokens if not token.is_waiting)

    @property
    def awaited(self) -> list[tuple[str, TriggerKind, str]]:
        return sorted((one.event, one.kind, one.name) for one in self.engine.awaited(self.now.state))

    def do(self, task: str, outcome: str = "done", *, item: str = "") -> "Walk":
        token = next(
            one
            for one in self.now.state.tokens
            if one.node == task and not one.is_waiting and item in {"", one.item}
        )
        self.now = self.engine.complete(
            state=self.now.state, data={**self.now.data, task: outcome}, token=token.id
        )
        return self

    def happens(self, event: str) -> "Walk":
        one = next(one for one in self.engine.awaited(self.now.state) if one.event == event)
        self.now = self.engine.happen(state=self.now.state, data=self.now.data, token=one.token, event=event)
        return self


def page(*steps: str) -> Page:
    """Return a page with start, end, and arrows ``a>b``; user tasks are made for letters a to d."""
    page = Page()
    page.node("startEvent", name="start")
    page.node("endEvent", name="end")
    for letter in "abcd":
        if any(letter in step.replace("start", "").replace("end", "").split(">") for step in steps):
            page.node("userTask", name=letter)
    for step in steps:
        source, target = step.split(">")
        page.arrow(source, target)
    return page


class TestTimers:
    def test_a_catching_event_waits_for_its_time(self) -> None:
        flow = page("start>pause", "pause>a", "a>end")
        flow.node("intermediateCatchEvent", name="pause", inside=TIMER)

        walk = Walk(flow)
        assert (walk.open, walk.awaited) == ([], [("pause", TriggerKind.TIMER, "")])

        assert walk.happens("pause").open == ["a"]
        assert walk.awaited == []

    def test_at_a_boundary_it_ends_the_task(self) -> None:
        flow = page("start>a", "a>end", "late>b", "b>end")
        flow.node("boundaryEvent", name="late", inside=TIMER, attachedToRef="a")

        walk = Walk(flow).happens("late")

        assert (walk.open, walk.awaited) == (["b"], [])
        assert walk.do("b").now.ended == "end"

    def test_that_does_not_interrupt_happens_once(self) -> None:
        flow = page("start>a", "a>end", "late>b", "b>end")
        flow.node("boundaryEvent", name="late", inside=TIMER, attachedToRef="a", cancelActivity="false")

        walk = Walk(flow).happens("late")

        assert (walk.open, walk.awaited) == (["a", "b"], [])
        assert walk.do("a").now.ended == ""
        assert walk.do("b").now.ended == "end"

    def test_is_gone_with_its_task(self) -> None:
        flow = page("start>a", "a>c", "c>end", "late>b", "b>end")
        flow.node("boundaryEvent", name="late", inside=TIMER, attachedToRef="a")
        walk = Walk(flow)
        token = walk.now.state.tokens[0].id

        walk.do("a")

        with pytest.raises(TokenGone):
            walk.engine.happen(state=walk.now.state, data=walk.now.data, token=token, event="late")


class TestMessages:
    def test_a_receiving_task_waits_for_its_message(self) -> None:
        flow = page("start>got", "got>a", "a>end")
        flow.node("receiveTask", name="got", messageRef="m1")

        walk = Walk(flow)
        assert walk.awaited == [("got", TriggerKind.MESSAGE, "paid")]

        assert walk.happens("got").open == ["a"]

    def test_that_does_not_interrupt_may_come_often(self) -> None:
        flow = page("start>a", "a>end", "got>b", "b>end")
        flow.node("boundaryEvent", name="got", inside=MESSAGE, attachedToRef="a", cancelActivity="false")

        assert Walk(flow).happens("got").happens("got").open == ["a", "b", "b"]

    def test_of_several_events_the_first_one_counts(self) -> None:
        flow = page("start>which", "which>paid", "which>late", "paid>a", "late>b", "a>end", "b>end")
        flow.node("eventBasedGateway", name="which")
        flow.node("intermediateCatchEvent", name="paid", inside=MESSAGE)
        flow.node("intermediateCatchEvent", name="late", inside=TIMER)
        walk = Walk(flow)
        assert [event for event, _, _ in walk.awaited] == ["late", "paid"]

        walk.happens("late")

        assert (walk.open, walk.awaited) == (["b"], [])


class TestSignals:
    def test_are_thrown_and_caught(self) -> None:
        flow = page("start>a", "a>call", "call>heard", "heard>b", "b>end")
        flow.node("intermediateThrowEvent", name="call", inside=SIGNAL)
        flow.node("intermediateCatchEvent", name="heard", inside=SIGNAL)

        walk = Walk(flow).do("a")

        assert walk.now.thrown == ("alarm",)
        assert walk.awaited == [("heard", TriggerKind.SIGNAL, "alarm")]
        assert walk.happens("heard").open == ["b"]


class TestSubProcesses:
    def inner(self, *, end: str = "") -> Page:
        flow = page("start>sub", "sub>d", "d>end")
        inside = Page(numbers=flow.numbers)
        inside.node("startEvent", name="in")
        inside.node("endEvent", name="out", inside=end)
        inside.node("parallelGateway", name="fork")
        for letter in "ab":
            inside.node("userTask", name=letter)
        inside.arrow("in", "fork")
        inside.arrow("fork", "a")
        inside.arrow("fork", "b")
        inside.node("endEvent", name="other")
        inside.arrow("a", "out")
        inside.arrow("b", "other")
        flow.node("subProcess", name="sub", inside="".join(inside.parts))
        return flow

    def test_end_when_all_their_branches_have(self) -> None:
        walk = Walk(self.inner())
        assert walk.open == ["a", "b"]

        assert walk.do("a").open == ["b"]
        assert walk.do("b").open == ["d"]

    def test_a_terminating_end_ends_what_is_around_it_and_no_more(self) -> None:
        assert Walk(self.inner(end=TERMINATE)).do("a").open == ["d"]

    def test_an_event_at_the_boundary_ends_all_within(self) -> None:
        flow = self.inner()
        flow.node("boundaryEvent", name="late", inside=TIMER, attachedToRef="sub")
        flow.node("userTask", name="c")
        flow.arrow("late", "c")
        flow.arrow("c", "end")

        walk = Walk(flow).happens("late")

        assert (walk.open, len(walk.now.state.tokens)) == (["c"], 1)

    def test_an_error_is_caught_by_the_nearest_that_knows_it(self) -> None:
        flow = self.inner(end=ERROR)
        flow.node("boundaryEvent", name="broke", inside=ERROR, attachedToRef="sub")
        flow.node("userTask", name="c")
        flow.arrow("broke", "c")
        flow.arrow("c", "end")

        assert Walk(flow).do("a").open == ["c"]

    def test_an_error_that_nobody_catches_ends_the_case(self) -> None:
        walk = Walk(self.inner(end=ERROR)).do("a")

        assert (walk.now.ended, walk.now.state.is_finished) == ("out", True)


class TestSeveral:
    def consulted(self, *, until: str = "", sequential: str = "false") -> Page:
        flow = page("start>a", "b>end")
        done = f"<bpmn:completionCondition>{until}</bpmn:completionCondition>" if until else ""
        loop = (
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}">'
            f"<bpmn:loopDataInputRef>asked</bpmn:loopDataInputRef>{done}</bpmn:multiInstanceLoopCharacteristics>"
        )
        flow.node("userTask", name="consult", inside=loop)
        flow.node("userTask", name="b")
        flow.arrow("a", "consult")
        flow.arrow("consult", "b")
        return flow

    def test_departments_are_asked_at_once_and_all_must_answer(self) -> None:
        walk = Walk(self.consulted(), asked="one, two,three", consult="").do("a")
        assert walk.open == ["consult"] * 3
        assert [token.item for token in walk.now.opened] == ["one", "two", "three"]

        walk.do("consult", item="two").do("consult", item="one")

        assert walk.open == ["consult"]
        assert walk.do("consult").open == ["b"]

    def test_or_one_after_the_other(self) -> None:
        walk = Walk(self.consulted(sequential="true"), asked="one、two", consult="").do("a")
        assert [token.item for token in walk.now.opened] == ["one"]

        walk.do("consult")

        assert [token.item for token in walk.now.opened] == ["two"]
        assert walk.do("consult").open == ["b"]

    def test_until_enough_have_said_so(self) -> None:
        walk = Walk(
            self.consulted(until="consult_no_count &gt; 0"),
            asked="one two three",
            consult="",
            consult_no_count=0,
        ).do("a")

        assert walk.do("consult", "yes").open == ["consult"] * 2
        assert walk.do("consult", "no").open == ["b"]

    def test_nobody_to_ask_is_passed_by(self) -> None:
        assert Walk(self.consulted(), asked=" ", consult="").do("a").open == ["b"]

    def test_too_many_are_refused(self) -> None:
        walk = Walk(self.consulted(), asked=" ".join(str(number) for number in range(501)), consult="")

        with pytest.raises(FlowStuck, match="501"):
            walk.do("a")

    def test_an_event_at_the_boundary_ends_them_all(self) -> None:
        flow = self.consulted()
        flow.node("boundaryEvent", name="late", inside=TIMER, attachedToRef="consult")
        flow.arrow("late", "b")
        walk = Walk(flow, asked="one two", consult="").do("a").do("consult")
        assert len(walk.awaited) == 1

        assert walk.happens("late").open == ["b"]
        assert len(walk.now.state.tokens) == 1


class TestInclusive:
    def flow(self) -> Page:
        flow = page("start>split", "a>join", "b>join", "join>c", "c>end")
        flow.node("inclusiveGateway", name="split", default="split_c")
        flow.node("inclusiveGateway", name="join")
        flow.arrow("split", "a", condition="n &gt; 1")
        flow.arrow("split", "b", condition="n &gt; 2")
        flow.arrow("split", "c", name="split_c")
        return flow

    @pytest.mark.parametrize(("n", "opened"), [(0, ["c"]), (2, ["a"]), (3, ["a", "b"])])
    def test_takes_every_arrow_whose_condition_holds(self, n: int, opened: list[str]) -> None:
        assert Walk(self.flow(), n=n).open == opened

    def test_joins_those_that_were_taken(self) -> None:
        assert Walk(self.flow(), n=2).do("a").open == ["c"]
        assert Walk(self.flow(), n=3).do("a").open == ["b"]
        assert Walk(self.flow(), n=3).do("a").do("b").open == ["c"]
