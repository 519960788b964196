"""What a certificate says in words: what is approved, sealed and set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from zhengshu.contexts.certificates.domain.types import CertificateType, FieldKind
from zhengshu.kernel.certificates import CertificateNumber

_ISO_LENGTH: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a certificate that is to be set.

    Attributes:
        active_from, active_to, issued_at: local times, whose days are printed.
    """

    type: CertificateType
    number: CertificateNumber
    office: str
    values: Mapping[str, str] = field(repr=False)
    active_from: datetime
    active_to: datetime | None
    issued_at: datetime


def in_words(
    found: CertificateType, values: Mapping[str, str], *, language: str
) -> tuple[tuple[str, str], ...]:
    """Return field and value for a reader, in the order of the certificate; in Chinese days as they are printed."""
    words = values if language.startswith("en") else shown(found, values)
    return tuple((one.names.of(language), words[one.code]) for one in found.fields if one.code in words)


def shown(found: CertificateType, values: Mapping[str, str]) -> dict[str, str]:
    """Return the values as they are printed: days in Chinese."""
    kinds = {one.code: one.kind for one in found.fields}
    return {
        code: day_in_words(value) if kinds.get(code) is FieldKind.DATE else value
        for code, value in values.items()
    }


def day_in_words(value: str) -> str:
    """Return a day as documents have it; a masked one stays as it is.

    >>> day_in_words("2026-11-02")
    '2026年11月2日'
    """
    if len(value) != _ISO_LENGTH:
        return value
    day = date.fromisoformat(value)
    return f"{day.year}年{day.month}月{day.day}日"


def until(active_to: datetime | None) -> str:
    """Return the last day of a period; 长期 for one without end."""
    return "长期" if active_to is None else _day(active_to - timedelta(microseconds=1))


def paragraphs(facts: Facts) -> tuple[str, ...]:
    """Return what the certificate says, line by line: this is what is approved."""
    values = shown(facts.type, facts.values)
    lines = [f"{one.names.zh}：{values[one.code]}" for one in facts.type.fields if one.code in values]
    return (
        *lines,
        f"有效期：{_period(facts)}",
        *([facts.type.statement] if facts.type.statement else []),
        f"证照标识：{facts.number}",
    )


def told(facts: Facts, *, check: str) -> dict[str, object]:
    """Return what the template is told."""
    issued = facts.issued_at
    root, _dot, rest = str(facts.number).partition(f".{facts.number.issuer}.")
    return {
        "title": facts.type.names.zh,
        "office": facts.office,
        "serial": facts.number.serial,
        "number": str(facts.number),
        "parts": (f"{root}.", f"{facts.number.issuer}.{rest}"),
        "values": shown(facts.type, facts.values),
        "labels": {one.code: one.names.zh for one in facts.type.fields},
        "statement": facts.type.statement,
        "foot": facts.type.foot,
        "check": check,
        "dated": _day(issued),
        "until": until(facts.active_to),
        "period": _period(facts),
        "on": (issued.year, issued.month, issued.day),
    }


def _period(facts: Facts) -> str:
    if facts.active_to is None:
        return "长期"
    return f"{_day(facts.active_from)}至{until(facts.active_to)}"


def _day(at: datetime) -> str:
    return day_in_words(at.date().isoformat())
