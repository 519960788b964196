"""Rules as they stood when they were asked: kept once by the digest of their words, read back to be asked again."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from zhengshu.contexts.quality.domain.checks import Check
from zhengshu.contexts.quality.domain.rules import Rule, Severity
from zhengshu.contexts.quality.models import RuleVersion


def body_of(rule: Rule) -> dict[str, object]:
    """Return a rule as a document."""
    return {
        "code": rule.code,
        "name": rule.name,
        "check": msgspec.to_builtins(rule.check),
        "indicator": rule.indicator,
        "severity": rule.severity.value,
        "weight": rule.weight,
        "basis": rule.basis,
        "name_en": rule.name_en,
        "basis_en": rule.basis_en,
        "column": rule.column,
        "element": rule.element,
    }


def rule_of(body: Mapping[str, object]) -> Rule:
    """Return the rule that a document says."""
    return Rule(
        code=str(body["code"]),
        name=str(body["name"]),
        check=msgspec.convert(body["check"], Check, strict=False),
        indicator=str(body["indicator"]),
        severity=Severity(str(body["severity"])),
        weight=int(str(body["weight"])),
        basis=str(body["basis"]),
        name_en=str(body.get("name_en", "")),
        basis_en=str(body.get("basis_en", "")),
        column=str(body["column"]),
        element=str(body["element"]),
    )


def digest_of(rule: Rule) -> str:
    """Return what a rule is recognised by: SHA-256 of its words, in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(body_of(rule), order="sorted")).hexdigest()


def base_code(code: str) -> str:
    """Return a rule's code without the column that it was bound to."""
    return code.partition(":")[0]


def keep_versions(rules: Iterable[Rule], *, at: datetime) -> None:
    """Keep the words of rules that were never asked before."""
    rows = (
        RuleVersion(
            digest=digest_of(rule),
            code=rule.code,
            base_code=base_code(rule.code),
            body=body_of(rule),
            first_used_at=at,
        )
        for rule in rules
    )
    RuleVersion.objects.bulk_create(rows, ignore_conflicts=True)
