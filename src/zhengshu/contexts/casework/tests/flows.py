"""Small flows written by hand, without a picture."""

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">'
    '<bpmn:process id="p" isExecutable="true">'
)
TAIL = "</bpmn:process></bpmn:definitions>"


def flow(elements: str, *arrows: str, defaults: str = "") -> str:
    """Return a flow: ``start:startEvent a:userTask`` and arrows ``a>b`` or ``a>b?condition``.

    The lane ``people`` holds every user task.
    """
    pairs = [element.split(":") for element in elements.split()]
    chosen = dict(pair.split("=") for pair in defaults.split())
    people = "".join(
        f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name, kind in pairs if kind == "userTask"
    )
    lanes = f'<bpmn:laneSet id="l"><bpmn:lane id="people" name="people">{people}</bpmn:lane></bpmn:laneSet>'
    nodes = "".join(_node(name, kind, chosen.get(name, "")) for name, kind in pairs)
    return HEAD + lanes + nodes + "".join(_arrow(arrow) for arrow in arrows) + TAIL


def _node(name: str, kind: str, default: str) -> str:
    kind, _, script = kind.partition("/")
    inside = f"<bpmn:script>{script.replace('_eq_', ' = ')}</bpmn:script>" if script else ""
    extra = f' default="{default}"' if default else ""
    return f'<bpmn:{kind} id="{name}"{extra}>{inside}</bpmn:{kind}>'


def _arrow(text: str) -> str:
    path, _, condition = text.partition("?")
    source, target = path.split(">")
    inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}'
        "</bpmn:sequenceFlow>"
    )
