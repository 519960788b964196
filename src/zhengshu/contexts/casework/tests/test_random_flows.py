"""Random flows: the engine opens the tasks that their shape demands, no more and no fewer, whatever the order."""

from collections import Counter

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengshu.contexts.casework.domain.diagram import read_flow
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.running import RunningState
from zhengshu.contexts.casework.domain.stepping import TokenEngine
from zhengshu.contexts.casework.tests.structured_flows import AGAIN, LEFT, Block, blocks, drawn

MOST_STEPS = 40


class TestAgainstTheShape:
    @settings(max_examples=150)
    @given(blocks(), st.data())
    def test_the_same_tasks_are_open_after_every_step(self, block: Block, data: st.DataObject) -> None:
        text, tasks = drawn(block)
        engine, expected = TokenEngine(read_flow(text)), block.begin()
        values: dict[str, Value] = dict.fromkeys(tasks, "")
        stepped = engine.start(data=values)
        for _ in range(MOST_STEPS):
            standing = [token for token in stepped.state.tokens if not token.is_waiting]
            assert Counter(token.node for token in standing) == Counter(expected.open())
            if not standing:
                break
            token = data.draw(st.sampled_from(standing))
            outcome = data.draw(st.sampled_from([LEFT, AGAIN, "else"]))
            expected.complete(token.node, outcome)
            stored = msgspec.json.decode(msgspec.json.encode(stepped.state), type=RunningState)
            stepped = engine.complete(
                state=stored, data={**stepped.data, token.node: outcome}, token=token.id
            )
        assert bool(stepped.ended) == expected.is_over()
        assert stepped.state.is_finished == expected.is_over()

    @settings(max_examples=60)
    @given(blocks())
    def test_ids_of_tokens_are_never_used_again(self, block: Block) -> None:
        text, tasks = drawn(block)
        engine = TokenEngine(read_flow(text))
        stepped = engine.start(data=dict.fromkeys(tasks, ""))
        seen = Counter(token.id for token in stepped.opened)
        for _ in range(MOST_STEPS):
            standing = [token for token in stepped.state.tokens if not token.is_waiting]
            if not standing:
                break
            stepped = engine.complete(
                state=stepped.state, data={**stepped.data, standing[0].node: "else"}, token=standing[0].id
            )
            seen.update(token.id for token in stepped.opened)
        assert set(seen.values()) <= {1}
