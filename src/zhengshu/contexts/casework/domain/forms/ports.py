"""What forms need of contexts above: code tables, authoritative sources, and the values that these supply."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

from zhengshu.contexts.casework.domain.forms.schema import Option
from zhengshu.kernel.actors import Actor


class Supplied(msgspec.Struct, frozen=True, kw_only=True):
    """A value that an authoritative source gave for one case.

    Attributes:
        value: the value as text.
        source: who said so, in words.
        receipt: the record of the call in the proof log, where there is one.
        at: when it was asked.
    """

    value: str
    source: str
    at: datetime
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as the catalogue knows it: by the data element that it names, or by its label."""

    element: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The authoritative source of a data element, in words."""

    element: str
    element_name: str
    source: str


class CodeTables(Protocol):
    """Knows the code tables."""

    def entries(self, codes: Iterable[str]) -> Mapping[str, tuple[Option, ...]]:
        """Return the entries of those of the tables that exist."""


class Sources(Protocol):
    """Knows which source supplies which data element."""

    def sources_of(self, asked: Iterable[Asked]) -> Mapping[Asked, Source]:
        """Return the sources of those questions that an authoritative source can answer."""


class Exchange(Protocol):
    """Fetches values lawfully, each call with its grant, purpose and record."""

    def supply(
        self, *, elements: Iterable[str], known: Mapping[str, str], case: str, actor: Actor, at: datetime
    ) -> Mapping[str, Supplied]:
        """Return the values of those elements that could be fetched.

        Args:
            elements: what is wanted.
            known: element → value that the person gave, to find him by.
            case: the number of the case, or the id of the draft that is to become one.
            actor: who asks.
            at: when.
        """
