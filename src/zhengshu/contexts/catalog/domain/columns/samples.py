"""What is known of a column, and what is proposed for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhengshu.contexts.catalog.domain.resources import ItemDraft

_BLANKS = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "/",
        "\\",
        "n/a",
        "#n/a",
        "na",
        "nan",
        "null",
        "none",
        "nil",
        "无",
        "暂无",
        "未知",
        "空",
        "不详",
    }
)
"""Texts that people and programs write where they have nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSample:
    """A column of a file as profiling saw it.

    Attributes:
        name: the header.
        values: a sample of the values, in the order of the file.
        distinct: number of different values in the whole file.
        empty: number of rows without a value in the whole file.
        rows: number of rows of the whole file.
        longest: letters of the longest value in the whole file.
    """

    name: str
    values: tuple[str, ...]
    distinct: int
    empty: int
    rows: int
    longest: int = 0

    def filled(self) -> tuple[str, ...]:
        """Return the values that say something."""
        return tuple(text for value in self.values if (text := value.strip()).lower() not in _BLANKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something is proposed: a message id with its data."""

    message: str
    data: Mapping[str, str | int] = field(default_factory=dict)

    def text(self) -> str:
        """Return the English sentence with its data filled in."""
        return self.message % self.data if self.data else self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProposal:
    """An item proposed for a column, with the reasons.

    Attributes:
        source_name: the header in the file.
        item: what is proposed; the officer corrects it.
        shape: what the values look like, a value of `shapes.Shape`.
        share: how much of the sample looks like that, from 0 to 1.
        reasons: why, for the officer.
    """

    source_name: str
    item: ItemDraft
    shape: str
    share: float
    reasons: tuple[Reason, ...]
