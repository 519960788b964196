"""An assessment as a data contract (Open Data Contract Standard 3.1): the rules as its quality, with what was found.

Kinds that the standard's library knows are written as its metrics, so that other tools can check them; all others as
custom rules of this engine, in the words of the pack.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from zhengshu.contexts.quality.domain.checks import Complete, Habitual, Listed, Matches, Unique, kind_of
from zhengshu.contexts.quality.domain.indicators import Dimension
from zhengshu.contexts.quality.domain.results import Assessment, RuleResult
from zhengshu.kernel.plain_yaml import write_yaml

VERSION: Final = "v3.1.0"
DIMENSIONS: Final[Mapping[Dimension, str]] = {
    Dimension.CONFORMITY: "conformity",
    Dimension.COMPLETENESS: "completeness",
    Dimension.ACCURACY: "accuracy",
    Dimension.CONSISTENCY: "consistency",
    Dimension.TIMELINESS: "timeliness",
    Dimension.ACCESSIBILITY: "coverage",
}
"""Dimension → the word of the standard, which has no accessibility."""

Entry = dict[str, object]


def as_contract(assessment: Assessment, *, file: str, pack: str) -> str:
    """Return an assessment as a data contract in YAML."""
    table = assessment.table
    rules = [result for result in assessment.rules if result.reason is None]
    properties = [
        {
            "name": column.name,
            "businessName": column.headings[0] if column.headings else column.name,
            "quality": _quality([one for one in rules if one.rule.column == column.name]),
        }
        for column in table.columns
    ]
    schema: Entry = {
        "name": table.code,
        "businessName": table.name,
        "physicalName": file,
        "logicalType": "object",
        "properties": properties,
        "quality": _quality([one for one in rules if not one.rule.column]),
    }
    contract: Entry = {
        "apiVersion": VERSION,
        "kind": "DataContract",
        "id": f"zhengshu:{pack}:{table.code}",
        "version": "1.0.0",
        "status": "active",
        "name": table.name,
        "schema": [schema],
        "customProperties": [
            {"property": "rows", "value": assessment.rows},
            {"property": "score", "value": assessment.score},
            {"property": "grade", "value": assessment.grade},
        ],
    }
    return write_yaml(contract)


def _quality(results: Sequence[RuleResult]) -> list[Entry]:
    return [
        {
            "id": result.rule.code.replace(":", "_"),
            "name": result.rule.name,
            **_metric(result),
            "dimension": DIMENSIONS[result.rule.measures.dimension],
            "severity": result.rule.severity.value,
            "customProperties": [
                {"property": "basis", "value": result.rule.basis},
                {"property": "asked", "value": result.asked},
                {"property": "failed", "value": result.failed},
            ],
        }
        for result in results
    ]


def _metric(result: RuleResult) -> Entry:  # noqa: PLR0911 - one line for each metric
    check = result.rule.check
    match check:
        case Complete():
            return {"type": "library", "metric": "nullValues", "mustBe": 0}
        case Unique(columns=columns):
            arguments: Entry = {"arguments": {"properties": list(columns)}} if len(columns) > 1 else {}
            return {"type": "library", "metric": "duplicateValues", **arguments, "mustBe": 0}
        case Habitual(least=least, most=None):
            return {"type": "library", "metric": "rowCount", "mustBeGreaterOrEqualTo": least}
        case Habitual(least=least, most=most):
            return {"type": "library", "metric": "rowCount", "mustBeBetween": [least, most]}
        case Listed(table="", values=values):
            arguments = {"validValues": list(values)}
            return {"type": "library", "metric": "invalidValues", "arguments": arguments, "mustBe": 0}
        case Matches(pattern=pattern, forbids=False):
            arguments = {"pattern": f"^({pattern})$"}
            return {"type": "library", "metric": "invalidValues", "arguments": arguments, "mustBe": 0}
        case _:
            words = {"kind": kind_of(check), **msgspec.to_builtins(check)}
            return {"type": "custom", "engine": "zhengshu", "implementation": write_yaml(words)}
