"""Run the cases of a DMN test kit (files of the OMG's TCK format) through our reader and count what comes of them.

    python -m tools.dmn_kit FOLDER [--show wrong|refused|crashed]

A case is *passed*, *refused by name* (its decision, or something that it rests on, uses what we do not read, and the
flaw says what), *wrong* (another value than the kit expects) or *crashed*. Ends with 1 if any is wrong or crashed.
"""

import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from lxml import etree

from zhengshu.contexts.casework.domain.decisions.deciding import Session
from zhengshu.contexts.casework.domain.decisions.durations import read_day, read_duration
from zhengshu.contexts.casework.domain.decisions.model import Model
from zhengshu.contexts.casework.domain.decisions.reading import read_model
from zhengshu.contexts.casework.domain.decisions.refusals import NotDecidable
from zhengshu.contexts.casework.domain.decisions.values import Feel, kind_of, written
from zhengshu.contexts.casework.domain.faults import SENTENCES

PASSED, REFUSED, WRONG, CRASHED = "passed", "refused by name", "wrong", "crashed"
TOLERANCE = Decimal("0.00000001")
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one expected result of one case."""

    place: str
    kind: str
    why: str = ""


class Unsupported(Exception):
    """The kit gives or expects a value that we do not have."""


def run_folder(folder: Path) -> Iterator[Verdict]:
    """Yield a verdict for each expected result of each case in a folder of a kit."""
    for cases in sorted(folder.rglob("*.xml")):
        root = etree.parse(cases).getroot()
        if etree.QName(root).localname == "testCases":
            yield from _run_file(cases, root)


def _run_file(cases: Path, root: "etree._Element") -> Iterator[Verdict]:
    model: Model | None = None
    why = ""
    file = cases.parent / (root.findtext("{*}modelName") or "").strip()
    try:
        model = read_model(file.read_text(encoding="utf-8"))
    except (ValueError, OSError) as fault:
        why = str(fault)
    except Exception:  # noqa: BLE001 - that is what is counted here
        why = traceback.format_exc()
    for case in root.findall("{*}testCase"):
        for result in case.findall("{*}resultNode"):
            place = f"{cases.stem} {case.get('id', '')} {result.get('name', '')}"
            if case.get("type", "") == "decisionService":
                yield Verdict(place, REFUSED, "decision-element-unsupported: decisionService")
            elif model is None:
                yield Verdict(place, CRASHED if "Traceback" in why else REFUSED, why)
            else:
                yield _judged(place, model, case, result)


def _judged(place: str, model: Model, case: "etree._Element", result: "etree._Element") -> Verdict:
    try:
        return _verdict(place, model, case, result)
    except (NotDecidable, Unsupported) as refusal:
        return Verdict(place, REFUSED, refusal.text() if isinstance(refusal, NotDecidable) else str(refusal))
    except Exception:  # noqa: BLE001 - that is what is counted here
        return Verdict(place, CRASHED, traceback.format_exc())


def _verdict(place: str, model: Model, case: "etree._Element", result: "etree._Element") -> Verdict:
    wanted = " ".join((result.get("name") or "").split())
    found = [key for key, one in model.decisions.items() if wanted in {one.label, one.name}]
    whole = [flaw for flaw in model.flaws if not flaw.owner]
    if not found:
        return Verdict(place, REFUSED, _sentence(whole[0]) if whole else f"no decision {wanted}")
    flaws = model.flaws_of(found[0])
    if flaws:
        return Verdict(place, REFUSED, _sentence(flaws[0]))
    given = {
        " ".join((node.get("name") or "").split()): value_of(node) for node in case.findall("{*}inputNode")
    }
    expected = result.find("{*}expected")
    want = None if expected is None else value_of(expected)
    got = Session(model, given).decide(found[0])
    if is_close(got, want):
        return Verdict(place, PASSED)
    return Verdict(place, WRONG, f"{written(got)} instead of {written(want)}")


def _sentence(flaw: object) -> str:
    code, details = getattr(flaw, "code", ""), getattr(flaw, "details", {})
    sentence = SENTENCES.get(code, code)
    return f"{code}: {sentence % details if details else sentence}"


def value_of(node: "etree._Element") -> Feel:
    """Return the value that an element of the kit describes."""
    components = node.findall("{*}component")
    items = node.find("{*}list")
    if items is not None:
        return tuple(value_of(item) for item in items.findall("{*}item"))
    if components:
        return {" ".join((one.get("name") or "").split()): value_of(one) for one in components}
    value = node.find("{*}value")
    if value is None or value.get(f"{_XSI}nil") == "true" or node.get(f"{_XSI}nil") == "true":
        return None
    return _simple(value.text or "", (value.get(f"{_XSI}type") or "xsd:string").rpartition(":")[2])


def _simple(text: str, kind: str) -> Feel:
    match kind:
        case "decimal" | "double" | "integer" | "int" | "float" | "long":
            return Decimal(text.strip())
        case "boolean":
            return text.strip() == "true"
        case "string" | "":
            return text
        case "date":
            return read_day(text.strip())
        case "duration" | "dayTimeDuration" | "yearMonthDuration":
            return read_duration(text.strip())
    raise Unsupported(f"the kit gives a value of type {kind}")


def is_close(left: Feel, right: Feel) -> bool:
    """Whether two values are equal; numbers within a hundred-millionth."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return abs(left - right) <= TOLERANCE * max(Decimal(1), abs(right))
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(is_close(*pair) for pair in zip(left, right, strict=True))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(is_close(left[key], right[key]) for key in left)
    return kind_of(left) == kind_of(right) and left == right


def main(arguments: list[str]) -> int:
    """Print a line for each folder of the kit, the counts of all, and the cases that are asked for."""
    folder = Path(arguments[0])
    show = arguments[2] if len(arguments) > 2 else ""  # noqa: PLR2004 - FOLDER --show KIND
    verdicts = list(run_folder(folder))
    for verdict in verdicts:
        if show and verdict.kind.startswith(show):
            print(f"{verdict.kind}: {verdict.place}: {verdict.why}")
    counted = Counter(verdict.kind for verdict in verdicts)
    print(", ".join(f"{kind} {counted[kind]}" for kind in (PASSED, REFUSED, WRONG, CRASHED)))
    return 1 if counted[WRONG] or counted[CRASHED] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
