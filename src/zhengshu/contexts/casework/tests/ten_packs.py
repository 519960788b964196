"""Ten case types written by hand, from one task to every construct of a flow, as folders that can be loaded."""

from collections.abc import Callable
from pathlib import Path

import yaml

from zhengshu.contexts.casework.domain.decisions.asking import read_decisions
from zhengshu.contexts.casework.domain.definitions import LANGUAGES, names_needed, read_definition
from zhengshu.contexts.casework.domain.diagram import read_flow
from zhengshu.contexts.casework.domain.language import known_names
from zhengshu.contexts.casework.tests.decisions.documents import decision, document, given, table
from zhengshu.contexts.casework.tests.structured_flows import Page

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"><bpmn:message id="m_paid" name="paid"/>'
    '<bpmn:signal id="s_stop" name="stop"/><bpmn:error id="e_bad" name="bad"/><bpmn:process id="p">'
)
TAIL = "</bpmn:process></bpmn:definitions>"
TIMER, TERMINATE = "<bpmn:timerEventDefinition/>", "<bpmn:terminateEventDefinition/>"
SIGNAL = '<bpmn:signalEventDefinition signalRef="s_stop"/>'
ERROR = '<bpmn:errorEventDefinition errorRef="e_bad"/>'
PAID = '<bpmn:messageEventDefinition messageRef="m_paid"/>'
COMMON = """
number: {prefix: TP, per: day, digits: 4}
basis: ["国务院令第809号第二十条"]
parties: [requester, provider, authority]
opened_by: [asker]
"""
ASKER = "asker: {party: requester, roles: [data_officer]}"
OFFICER = "officer: {party: provider, roles: [data_officer]}"
CHIEF = "chief: {party: provider, roles: [department_head]}"
CONSULTED = "consulted: {party: each, roles: [data_officer]}"
FIVE_DAYS = "[{value: 5, unit: working_days, basis: 行政许可法第三十二条}]"


def several(over: str, *, until: str = "", sequential: bool = False) -> str:
    """Return the mark of an element that is done several times."""
    done = f"<bpmn:completionCondition>{until}</bpmn:completionCondition>" if until else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<bpmn:loopDataInputRef>{over}</bpmn:loopDataInputRef>{done}</bpmn:multiInstanceLoopCharacteristics>"
    )


def draw(page: Page, steps: str, **lanes: str) -> None:
    """Add arrows ``a>b`` or ``a>b?condition`` (``~`` for a blank), and lanes with their tasks."""
    for step in steps.split():
        path, _, condition = step.partition("?")
        source, target = path.split(">")
        page.arrow(source, target, condition=condition.replace("~", " "), name=f"{source}_{target}")
    for lane, tasks in lanes.items():
        nodes = "".join(f"<bpmn:flowNodeRef>{task}</bpmn:flowNodeRef>" for task in tasks.split())
        page.parts.append(
            f'<bpmn:laneSet id="l_{lane}"><bpmn:lane id="{lane}">{nodes}</bpmn:lane></bpmn:laneSet>'
        )


def nodes(page: Page, **kinds: str) -> None:
    """Add elements of a kind by their names."""
    for kind, names in kinds.items():
        for name in names.split():
            page.node(kind, name=name)


def one_task() -> tuple[str, Page]:
    page = Page()
    nodes(page, startEvent="start", userTask="check", endEvent="done")
    draw(page, "start>check check>done", officer="check")
    return (
        f"""
lanes: {{ {ASKER}, {OFFICER} }}
tasks: {{check: {{outcomes: {{ok: {{}}}}}}}}
ends: [done]
""",
        page,
    )


def two_eyes_more() -> tuple[str, Page]:
    page = Page()
    nodes(page, startEvent="start", userTask="check sign", endEvent="done")
    draw(page, "start>check check>sign sign>done", officer="check", chief="sign")
    return (
        f"""
lanes: {{ {ASKER}, {OFFICER}, {CHIEF} }}
tasks:
  check: {{outcomes: {{ok: {{}}}}}}
  sign: {{outcomes: {{ok: {{}}}}, not_after: [check], not_own_matter: true, basis: 国务院令第809号第二十一条}}
clocks:
  answer:
    {{starts_with: check, stops_with: {{sign: []}}, covers: [check, sign], lights: {{yellow: 1}}, limits: {FIVE_DAYS}}}
ends: [done]
""",
        page,
    )


def choice() -> tuple[str, Page]:
    page = Page()
    nodes(page, startEvent="start", userTask="check", endEvent="granted refused")
    page.node("businessRuleTask", name="judge", **{"camunda:decisionRef": "verdict"})
    page.node("exclusiveGateway", name="which", default="which_granted")
    draw(
        page,
        'start>check check>judge judge>which which>granted which>refused?verdict~==~"refuse"',
        officer="check",
    )
    rows = '"yes" | "grant"\n "no" | "refuse"'
    page.decisions["verdict"] = document(
        given("check", "string"),
        decision("verdict", table(["check:string"], ["verdict:string"], rows), requires="check!"),
    )
    return (
        f"""
data: {{verdict: {{type: text, values: [grant, refuse], default: grant}}}}
lanes: {{ {ASKER}, {OFFICER} }}
tasks: {{check: {{outcomes: {{"yes": {{}}, "no": {{needs_reason: true}}}}}}}}
ends: [granted, refused]
""",
        page,
    )


def again() -> tuple[str, Page]:
    page = Page()
    nodes(page, startEvent="start", userTask="check mend", endEvent="done")
    page.node("scriptTask", name="count", inside="<bpmn:script>rounds = rounds + 1</bpmn:script>")
    page.node("exclusiveGateway", name="enter")
    page.node("exclusiveGateway", name="which", default="which_done")
    draw(
        page,
        "start>enter enter>check check>which which>done count>mend mend>enter "
        'which>count?check~==~"back"~and~rounds~&lt;~3',
        officer="check",
        asker="mend",
    )
    return (
        f"""
data: {{rounds: {{type: number, default: 0}}}}
lanes: {{ {ASKER}, {OFFICER} }}
tasks: {{check: {{outcomes: {{ok: {{}}, back: {{needs_reason: true}}}}}}, mend: {{outcomes: {{sent: {{}}}}}}}}
ends: [done]
""",
        page,
    )


def at_once() -> tuple[str, Page]:
    page = Page()
    nodes(page, startEvent="start", userTask="check sign", parallelGateway="fork join", endEvent="done")
    draw(
        page, "start>fork fork>check fork>sign check>join sign>join join>done", officer="check", chief="sign"
    )
    return (
        f"""
lanes: {{ {ASKER}, {OFFICER}, {CHIEF} }}
tasks: {{check: {{outcomes: {{ok: {{}}}}}}, sign: {{outcomes: {{ok: {{}}}}}}}}
ends: [done]
""",
        page,
    )


def consultation() -> tuple[str, Page]:
    page = Page()
    nodes(page, startEvent="start", userTask="sign", endEvent="done objected")
    page.node("userTask", name="consult", inside=several("asked", until="consult_objects_count &gt; 0"))
    page.node("exclusiveGateway", name="which", default="which_sign")
    draw(
        page,
        "start>consult consult>which which>sign which>objected?consult_objects_count~&gt;~0 sign>done",
        consulted="consult",
        chief="sign",
    )
    return (
        f"""
data: {{asked: {{type: departments}}}}
lanes: {{ {ASKER}, {CONSULTED}, {CHIEF} }}
tasks:
  consult: {{outcomes: {{agrees: {{}}, objects: {{needs_reason: true}}}}, counts: true}}
  sign: {{outcomes: {{ok: {{}}}}}}
ends: [done, objected]
""",
        page,
    )


def silence() -> tuple[str, Page]:
    """What the law gives to silence, and what the office promises, are data: no element of the flow is about them."""
    page = Page()
    nodes(page, startEvent="start", userTask="accept decide", endEvent="done")
    draw(page, "start>accept accept>decide decide>done", officer="accept", chief="decide")
    return (
        f"""
lanes: {{ {ASKER}, {OFFICER}, {CHIEF} }}
tasks: {{accept: {{outcomes: {{ok: {{}}}}}}, decide: {{outcomes: {{ok: {{}}}}}}}}
clocks:
  acceptance:
    starts_with: accept
    stops_with: {{accept: []}}
    covers: [accept]
    limits: {FIVE_DAYS}
    lights: {{yellow: 1}}
    silence: {{task: accept, outcome: ok, basis: 行政许可法第三十二条}}
  decision:
    starts_with: decide
    stops_with: {{decide: []}}
    covers: [decide]
    limits: [{{value: 20, unit: working_days, basis: 行政许可法第四十二条}}]
    lights: {{yellow: 3}}
    promised: {{value: 8, basis: 本机关对外公布的办理承诺}}
ends: [done]
""",
        page,
    )


def waiting() -> tuple[str, Page]:
    page = Page()
    nodes(page, startEvent="start", userTask="accept decide", exclusiveGateway="go", endEvent="done")
    page.node("boundaryEvent", name="silent", inside=TIMER, attachedToRef="accept")
    draw(page, "start>accept accept>go silent>go go>decide decide>done", officer="accept", chief="decide")
    return (
        f"""
lanes: {{ {ASKER}, {OFFICER}, {CHIEF} }}
tasks: {{accept: {{outcomes: {{ok: {{}}}}}}, decide: {{outcomes: {{ok: {{}}}}}}}}
timers: {{silent: {FIVE_DAYS}}}
ends: [done]
""",
        page,
    )


def payment() -> tuple[str, Page]:
    page = Page()
    nodes(page, startEvent="start", eventBasedGateway="which", userTask="remind", endEvent="paid late")
    page.node("intermediateCatchEvent", name="got", inside=PAID)
    page.node("intermediateCatchEvent", name="overdue", inside=TIMER)
    draw(page, "start>which which>got which>overdue got>paid overdue>remind remind>late", officer="remind")
    return (
        f"""
lanes: {{ {ASKER}, {OFFICER} }}
tasks: {{remind: {{outcomes: {{ok: {{}}}}}}}}
timers: {{overdue: [{{value: 3, unit: days, basis: 国务院令第809号第二十二条}}]}}
incoming: {{paid: {{lanes: [officer]}}}}
ends: [paid, late]
""",
        page,
    )


def part_of_it() -> tuple[str, Page]:
    page = Page()
    nodes(page, startEvent="start", userTask="mend", endEvent="done broken")
    inner = Page()
    nodes(inner, startEvent="in", userTask="check sign", parallelGateway="fork")
    inner.node("exclusiveGateway", name="which", default="which_enough")
    inner.node("endEvent", name="enough", inside=TERMINATE)
    inner.node("endEvent", name="bad", inside=ERROR)
    inner.node("endEvent", name="signed")
    draw(inner, 'in>fork fork>check fork>sign check>which which>enough which>bad?check~==~"bad" sign>signed')
    page.node("subProcess", name="part", inside="".join(inner.parts))
    page.node("boundaryEvent", name="caught", inside=ERROR, attachedToRef="part")
    draw(page, "start>part part>done caught>mend mend>broken", officer="check mend", chief="sign")
    return (
        f"""
lanes: {{ {ASKER}, {OFFICER}, {CHIEF} }}
tasks:
  check: {{outcomes: {{ok: {{}}, bad: {{}}}}}}
  sign: {{outcomes: {{ok: {{}}}}}}
  mend: {{outcomes: {{ok: {{}}}}}}
ends: [done, broken]
""",
        page,
    )


KNOWLEDGE = (
    '<businessKnowledgeModel id="thrice" name="thrice"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
    "<literalExpression><text>n * 3</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
)
COURSE = (
    given("weight", "number"),
    decision(
        "size",
        table(["weight:number"], ["size:string"], '<= 1 | "small"\n > 1 | "large"'),
        requires="weight!",
    ),
    decision(
        "course",
        table(
            ["size:string", "thrice(weight):number"],
            ["is_wide:boolean", "haste:number"],
            '"large" | - | true | 8\n "small" | < 3 | false | 8\n "small" | >= 3 | false | 4',
            policy="FIRST",
        ),
        requires="weight! size",
        knows="thrice",
    ),
    KNOWLEDGE,
)


def everything() -> tuple[str, Page]:
    page = Page()
    nodes(
        page,
        startEvent="start",
        userTask="check sign remind",
        inclusiveGateway="join",
        endEvent="done stopped",
    )
    page.node("endEvent", name="reminded")
    page.node("scriptTask", name="weigh", inside="<bpmn:script>weight = weight + 1</bpmn:script>")
    page.node("businessRuleTask", name="judge", **{"camunda:decisionRef": "course"})
    page.decisions["course"] = document(*COURSE)
    page.node("inclusiveGateway", name="split", default="split_check")
    page.node("userTask", name="consult", inside=several("asked", sequential=True))
    page.node("boundaryEvent", name="slow", inside=TIMER, attachedToRef="check", cancelActivity="false")
    page.node("intermediateThrowEvent", name="call", inside=SIGNAL)
    page.node("receiveTask", name="wait", messageRef="m_paid")
    page.node("boundaryEvent", name="heard", inside=SIGNAL, attachedToRef="wait")
    draw(
        page,
        "start>weigh weigh>judge judge>split split>check split>consult?is_wide check>join consult>join join>sign "
        "slow>remind remind>reminded sign>call call>wait wait>done heard>stopped",
        officer="check remind",
        consulted="consult",
        chief="sign",
    )
    return (
        f"""
data:
  asked: {{type: departments}}
  weight: {{type: number, default: 0}}
  is_wide: {{type: flag, default: false}}
  haste: {{type: number, default: 0}}
lanes: {{ {ASKER}, {OFFICER}, {CONSULTED}, {CHIEF} }}
tasks:
  check: {{outcomes: {{ok: {{}}}}}}
  consult: {{outcomes: {{agrees: {{}}}}, counts: true}}
  remind: {{outcomes: {{ok: {{}}}}}}
  sign: {{outcomes: {{ok: {{}}}}}}
timers: {{slow: [{{value: 8, unit: working_hours, chosen_by: haste, basis: 国务院令第809号第二十一条}}]}}
incoming: {{paid: {{}}}}
ends: [done, stopped, reminded]
""",
        page,
    )


TEN: tuple[Callable[[], tuple[str, Page]], ...] = (
    one_task,
    two_eyes_more,
    choice,
    again,
    at_once,
    consultation,
    silence,
    payment,
    part_of_it,
    everything,
)


def code_of(make: Callable[[], tuple[str, Page]]) -> str:
    """Return the code of one of the ten."""
    return f"ten-{make.__name__.replace('_', '-')}"


def write(folder: Path, make: Callable[[], tuple[str, Page]]) -> str:
    """Write one of the ten as a folder; return its code."""
    code = code_of(make)
    rules, page = make()
    if '<bpmn:lane id="asker">' not in "".join(page.parts):
        draw(page, "", asker="")
    text = f"code: {code}\n{COMMON}{rules}"
    place = folder / code
    (place / "texts").mkdir(parents=True)
    (place / "type.yaml").write_text(text, encoding="utf-8")
    (place / "flow.bpmn").write_text(HEAD + "".join(page.parts) + TAIL, encoding="utf-8")
    for file, content in page.decisions.items():
        (place / f"{file}.dmn").write_text(content, encoding="utf-8")
    definition = read_definition(text)
    flow = read_flow(HEAD + "".join(page.parts) + TAIL)
    tables = read_decisions(page.decisions, known_names(definition)).tables(flow)
    for language in LANGUAGES:
        tree: dict[str, object] = {}
        for key in sorted(names_needed(definition, tables)):
            *path, last = key.split(".")
            level = tree
            for part in path:
                level = level.setdefault(part, {})  # type: ignore[assignment]  # a tree of names
            level[last] = f"{last} ({language})"
        (place / "texts" / f"{language}.yaml").write_text(
            yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8"
        )
    return code
