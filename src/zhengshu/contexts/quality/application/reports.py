"""An assessment for other programs: JSON, and JUnit for pipelines. Places and counts, never values."""

import json
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from zhengshu.contexts.quality.application.engine.table_rules import Observed
from zhengshu.contexts.quality.domain.checks import kind_of
from zhengshu.contexts.quality.domain.results import Assessment, RuleResult
from zhengshu.contexts.quality.domain.rules import Severity
from zhengshu.kernel.errors import Refused

FORMAT = 1
_ORDER = (Severity.HINT, Severity.WARNING, Severity.ERROR)


class FormerNotReadable(Refused):
    """The report of the former run is not one that this command wrote."""

    code = "quality.former-not-readable"
    message = "“%(file)s” is not a report of a former run. Give a file that --json wrote."


def as_json(assessment: Assessment, *, file: str, pack: str) -> str:
    """Return an assessment as JSON; the next run can compare itself to it."""
    document = {
        "format": FORMAT,
        "file": file,
        "pack": pack,
        "table": assessment.table.code,
        "rows": assessment.rows,
        "sampled_rows": assessment.sampled,
        "faulty_rows": assessment.faulty,
        "broken_rows": assessment.broken,
        "score": assessment.score,
        "grade": assessment.grade,
        "dimensions": {dimension.value: score for dimension, score in assessment.dimensions.items()},
        "unknown_headings": list(assessment.unknown),
        "missing_columns": list(assessment.missing),
        "seconds": round(assessment.seconds, 3),
        "is_compiled": assessment.is_compiled,
        "rules": [_rule(result) for result in assessment.rules],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def former_of(text: str, *, file: str) -> dict[str, Observed]:
    """Return what each rule observed in a former run, from its JSON.

    Raises:
        FormerNotReadable: it is no such report.
    """
    try:
        document = json.loads(text)
        return {str(rule["code"]): rule["observed"] for rule in document["rules"] if rule.get("observed")}
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise FormerNotReadable(file=file) from fault


def as_junit(assessment: Assessment, *, fail_on: Severity) -> str:
    """Return an assessment as JUnit XML: a test case a rule, a failure where it blames rows seriously enough."""
    failing = serious(assessment.rules, fail_on=fail_on)
    suite = Element(
        "testsuite",
        name=assessment.table.code,
        tests=str(len(assessment.rules)),
        failures=str(len(failing)),
        skipped=str(sum(not result.was_asked for result in assessment.rules)),
        time=f"{assessment.seconds:.3f}",
    )
    for result in assessment.rules:
        case = SubElement(suite, "testcase", classname=assessment.table.code, name=result.rule.code)
        if not result.was_asked:
            reason = result.reason
            SubElement(case, "skipped", message=reason.text() if reason else "no row was asked")
        elif result in failing:
            places = ", ".join(map(str, result.places))
            message = f"{result.failed} of {result.asked} rows fail: {result.rule.name}"
            SubElement(
                case, "failure", message=message, type=kind_of(result.rule.check)
            ).text = f"rows {places}"
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suite, encoding="unicode") + "\n"


def serious(results: Sequence[RuleResult], *, fail_on: Severity) -> list[RuleResult]:
    """Return the rules that blame rows and are at least as serious as told."""
    least = _ORDER.index(fail_on)
    return [result for result in results if result.failed and _ORDER.index(result.rule.severity) >= least]


def _rule(result: RuleResult) -> dict[str, object]:
    rule = result.rule
    return {
        "code": rule.code,
        "name": rule.name,
        "name_en": rule.name_en,
        "column": rule.column,
        "kind": kind_of(rule.check),
        "dimension": rule.measures.dimension.value,
        "indicator": rule.indicator,
        "severity": rule.severity.value,
        "weight": rule.weight,
        "basis": rule.basis,
        "basis_en": rule.basis_en,
        "asked": result.asked,
        "failed": result.failed,
        "error": result.error,
        "score": result.score,
        "places": list(result.places),
        "reason": result.reason.text() if result.reason else "",
        "observed": dict(result.observed),
    }
