"""Every refusal of the platform, for the page that documents them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import groupby
from pkgutil import iter_modules

from django.utils import translation
from django.utils.translation import gettext

from zhengshu.foundation.http.problems import STATUS
from zhengshu.kernel.errors import Refused

SEARCHED = ("zhengshu.kernel.", "zhengshu.foundation.", "zhengshu.contexts.")
LEFT_OUT = frozenset({"tests", "migrations", "__main__"})
_PLACE = re.compile(r"%\((\w+)\)[sd]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalRecord:
    """A refusal as the documentation shows it; places for data stand in brackets."""

    code: str
    status: int
    chinese: str
    english: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalGroup:
    """The refusals of one part of the platform."""

    name: str
    refusals: tuple[RefusalRecord, ...]


@cache
def list_refusals() -> tuple[RefusalGroup, ...]:
    """Return all refusals by code, grouped by the part of the platform that makes them."""
    classes = {cls.code: cls for cls in _subclasses(Refused) if cls.__module__.startswith(SEARCHED)}
    records = [_record(cls) for _code, cls in sorted(classes.items())]
    return tuple(
        RefusalGroup(name=name, refusals=tuple(refusals))
        for name, refusals in groupby(records, key=lambda record: record.code.partition(".")[0])
    )


def load_refusals() -> None:
    """Import every module that may define one, so that none is missed because nobody has met it yet."""
    for name in SEARCHED:
        _load(name.removesuffix("."))


def _load(name: str) -> None:
    """Import a module and those below it, and nothing else: tests make the process that imports them theirs."""
    module = import_module(name)
    for below in iter_modules(getattr(module, "__path__", ()), f"{name}."):
        if below.name.rpartition(".")[2] not in LEFT_OUT:
            _load(below.name)


def _subclasses(cls: type[Refused]) -> Iterator[type[Refused]]:
    load_refusals()
    todo = [cls]
    while todo:
        children = todo.pop().__subclasses__()
        yield from children
        todo += children


def _record(cls: type[Refused]) -> RefusalRecord:
    with translation.override("zh-hans"):
        chinese = gettext(cls.message)
    return RefusalRecord(
        code=cls.code,
        status=STATUS[cls.kind],
        chinese=_PLACE.sub(r"〔\1〕", chinese),
        english=_PLACE.sub(r"[\1]", cls.message),
    )
