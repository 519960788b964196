"""Read the models of a BPMN test suite and say of each what comes of it.

    python -m tools.bpmn_kit FOLDER

A model *runs* (nothing in it is unsupported; it is played to an end, each task done as it comes), is *named* (the
checker names what is not supported or not sound, with its element), or *crashed*. Ends with 1 if any crashed.
"""

import sys
import traceback
from collections import Counter
from dataclasses import replace
from pathlib import Path

from zhengshu.contexts.casework.domain.checking_flow import check_flow
from zhengshu.contexts.casework.domain.definitions import (
    Definition,
    Incoming,
    LaneRule,
    Limit,
    Numbering,
    OutcomeRule,
    TaskRule,
)
from zhengshu.contexts.casework.domain.diagram import read_flow
from zhengshu.contexts.casework.domain.flow_graph import Flow, Lane, NodeKind, TriggerKind
from zhengshu.contexts.casework.domain.stepping import TokenEngine
from zhengshu.kernel.actors import Role
from zhengshu.kernel.limits import LimitUnit

RUNS, NAMED, CRASHED = "runs", "named", "crashed"
MOST_STEPS = 200
LIMIT = Limit(value=1, unit=LimitUnit.WORKING_DAYS, basis="-")


def judged(file: Path) -> tuple[str, str]:
    """Return what comes of a model, and what the checker names in it."""
    try:
        flow = with_lane(read_flow(file.read_text(encoding="utf-8-sig")))
        faults = list(check_flow(flow, definition_for(flow), {}))
        if not faults:
            return RUNS, f"{played(flow)} steps"
        counted = Counter(fault.code for fault in faults)
        tags = sorted({str(fault.details["tag"]) for fault in faults if fault.code == "element-unsupported"})
        others = [f"{code} {count}" for code, count in counted.items() if code != "element-unsupported"]
        return NAMED, ", ".join([*tags, *others])
    except ValueError as refusal:
        return NAMED, f"unreadable: {refusal}"
    except Exception:  # noqa: BLE001 - that is what is counted here
        return CRASHED, traceback.format_exc()


def with_lane(flow: Flow) -> Flow:
    """Return a flow in which people do the tasks: where nothing is said of lanes, all lie in one."""
    everything = Lane(id="office", name="", nodes=frozenset(flow.nodes))
    return flow if flow.lanes else replace(flow, lanes=(everything,))


def definition_for(flow: Flow) -> Definition:
    """Return the rules that a model would need in `type.yaml`: each task ends in one way, each timer takes a day."""
    triggers = [node for node in flow.nodes.values() if node.trigger is not None]
    kinds = {node.id: node.trigger.kind for node in triggers if node.trigger is not None}
    return Definition(
        code="kit",
        number=Numbering(prefix="K"),
        basis=("-",),
        parties=("office",),
        opened_by=(),
        lanes={lane.id: LaneRule(party="office", roles=(Role.DATA_OFFICER,)) for lane in flow.lanes},
        tasks={
            node.id: TaskRule(outcomes={"ok": OutcomeRule()}) for node in flow.of_kind(NodeKind.USER_TASK)
        },
        timers={name: (LIMIT,) for name, kind in kinds.items() if kind == TriggerKind.TIMER},
        incoming={
            node.trigger.name: Incoming()
            for node in triggers
            if node.trigger is not None and node.trigger.kind == TriggerKind.MESSAGE
        },
        ends=tuple(node.id for node in flow.ends()),
    )


def played(flow: Flow) -> int:
    """Return in how many steps a case comes to an end when each task is done, and each event happens, as it comes."""
    engine = TokenEngine(flow)
    stepped = engine.start(data=definition_for(flow).initial_data())
    for number in range(MOST_STEPS):
        if stepped.state.is_finished:
            return number
        ready = [one for one in stepped.state.tokens if not one.is_waiting]
        if ready:
            data = {**stepped.data, ready[0].node: "ok"}
            stepped = engine.complete(state=stepped.state, data=data, token=ready[0].id)
        else:
            one = engine.awaited(stepped.state)[0]
            stepped = engine.happen(state=stepped.state, data=stepped.data, token=one.token, event=one.event)
    return MOST_STEPS


def main(folder: Path) -> int:
    """Print a line for each model, and the counts."""
    verdicts: Counter[str] = Counter()
    for file in sorted(folder.rglob("*.bpmn")):
        kind, what = judged(file)
        verdicts[kind] += 1
        print(f"{file.relative_to(folder)}: {kind}: {what}")
    print(", ".join(f"{kind} {verdicts[kind]}" for kind in (RUNS, NAMED, CRASHED)))
    return 1 if verdicts[CRASHED] else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
