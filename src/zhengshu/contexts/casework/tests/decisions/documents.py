"""DMN files for tests, written as short tables of text."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from zhengshu.contexts.casework.domain.decisions.model import Model, Table
from zhengshu.contexts.casework.domain.decisions.reading import read_model

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t">'


def document(*parts: str) -> str:
    """Return a whole file with some parts."""
    return HEAD + "".join(parts) + "</definitions>"


def table(
    inputs: Sequence[str],
    outputs: Sequence[str],
    rows: str,
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
) -> str:
    """Return a table: inputs ``expression:type:values``, outputs ``name:type:values:default``, rows of cells with |."""
    heads = "".join(_input(number, *text.split(":")) for number, text in enumerate(inputs, 1))
    heads += "".join(_output(*text.split(":")) for text in outputs)
    lines = [line.strip() for line in rows.strip().splitlines()]
    rules = "".join(_rule(number, line, len(inputs)) for number, line in enumerate(lines, 1) if line)
    how = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="table" hitPolicy="{policy}"{how}>{heads}{rules}</decisionTable>'


def _input(number: int, expression: str, kind: str = "", values: str = "") -> str:
    allowed = f"<inputValues><text>{escape(values)}</text></inputValues>" if values else ""
    return (
        f'<input id="in{number}"><inputExpression id="ex{number}" typeRef={quoteattr(kind)}>'
        f"<text>{escape(expression)}</text></inputExpression>{allowed}</input>"
    )


def _output(name: str, kind: str = "", values: str = "", default: str = "") -> str:
    allowed = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    given = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    return (
        f'<output id="out_{name}" name={quoteattr(name)} typeRef={quoteattr(kind)}>{allowed}{given}</output>'
    )


def _rule(number: int, line: str, inputs: int) -> str:
    cells = [cell.strip() for cell in line.split("|")]
    tests = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells[:inputs])
    results = "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in cells[inputs:])
    return f'<rule id="rule{number}">{tests}{results}</rule>'


def decision(name: str, logic: str, *, requires: str = "", kind: str = "", knows: str = "") -> str:
    """Return a decision whose id is its name; it requires decisions (names) and inputs (names with !)."""
    parts = "".join(
        f'<informationRequirement id="need_{name}_{number}"><{_needed(one)} href="#{one.strip("!")}"/>'
        "</informationRequirement>"
        for number, one in enumerate(requires.split())
    )
    parts += "".join(
        f'<knowledgeRequirement id="know_{name}_{one}"><requiredKnowledge href="#{one}"/></knowledgeRequirement>'
        for one in knows.split()
    )
    return f'<decision id="{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/>{parts}{logic}</decision>'


def _needed(name: str) -> str:
    return "requiredInput" if name.endswith("!") else "requiredDecision"


def given(name: str, kind: str = "") -> str:
    """Return input data whose id is its name."""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'


def literal(text: str) -> str:
    """Return an expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def read_table(
    inputs: Sequence[str],
    outputs: Sequence[str],
    rows: str,
    *,
    names: str = "",
    policy: str = "UNIQUE",
    aggregation: str = "",
) -> Table:
    """Return a table that was read from a file of its own, in which nothing is wrong."""
    text = document(decision("it", table(inputs, outputs, rows, policy=policy, aggregation=aggregation)))
    model: Model = read_model(text, frozenset(names.split()))
    assert model.flaws == ()
    logic = model.decisions["it"].logic
    assert isinstance(logic, Table)
    return logic
