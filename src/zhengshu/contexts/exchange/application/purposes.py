"""The platform's list of purposes, read from `packs/purposes.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml
from django.conf import settings

from zhengshu.contexts.exchange.domain.requests import Purpose


class PurposesUnreadable(ValueError):
    """`packs/purposes.yaml` is not as its head comment says; correct the named entry."""


def purposes() -> Mapping[str, Purpose]:
    """Return code → purpose, in the order of the file."""
    return _read(settings.PACKS_FOLDER / "purposes.yaml")


@cache
def _read(file: Path) -> Mapping[str, Purpose]:
    entries: object = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not isinstance(entries, list):
        raise PurposesUnreadable(f"{file}: a list of purposes was expected")
    listed = [_purpose(entry, file=file) for entry in entries]
    found = {purpose.code: purpose for purpose in listed}
    if len(found) != len(listed):
        raise PurposesUnreadable(f"{file}: a code occurs twice")
    return MappingProxyType(found)


def _purpose(entry: object, *, file: Path) -> Purpose:
    match entry:
        case {
            "code": str(code),
            "name": str(name),
            "name_en": str(name_en),
            "basis": str(basis),
            "needs_case": bool(needs_case),
            "longest_days": int(longest_days),
        }:
            return Purpose(
                code=code,
                name=name,
                name_en=name_en,
                basis=basis,
                needs_case=needs_case,
                longest_days=longest_days,
            )
        case _:
            raise PurposesUnreadable(f"{file}: not a purpose: {entry!r}")
