"""The functions that expressions of decisions may call: a named list, nothing else."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import DecimalException
from typing import Protocol

from zhengshu.contexts.casework.domain.decisions.functions_of_lists import LISTS, SPREADING
from zhengshu.contexts.casework.domain.decisions.functions_of_numbers import NUMBERS
from zhengshu.contexts.casework.domain.decisions.functions_of_texts import TEXTS
from zhengshu.contexts.casework.domain.decisions.functions_of_values import NAMED, VALUES
from zhengshu.contexts.casework.domain.decisions.refusals import NotDecidable
from zhengshu.contexts.casework.domain.decisions.values import MOST_ITEMS, Feel

MOST_LETTERS = 100_000


class Function(Protocol):
    """Something that an expression may call."""

    def called(self, arguments: tuple[Feel, ...], names: tuple[str, ...]) -> Feel:
        """Return the result for arguments, by position or by names."""


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of the language.

    Attributes:
        parameters: the names of its parameters; several rows where it may be called in several ways.
        work: gives the result, null for values of other types.
        spreads: whether it takes a list, or its elements one by one.
        is_coercing: whether a list of one element may stand for the element.
        named: what gives the result instead when it is called with these names.
    """

    parameters: tuple[tuple[str, ...], ...]
    work: Callable[..., Feel]
    spreads: bool = False
    is_coercing: bool = False
    named: tuple[tuple[tuple[str, ...], Callable[..., Feel]], ...] = ()

    def called(self, arguments: tuple[Feel, ...], names: tuple[str, ...]) -> Feel:
        """Return the result; null where the arguments do not fit.

        Raises:
            NotDecidable: the result would be too large.
        """
        values = self._placed(arguments, names)
        if values is None:
            return None
        try:
            result = self._worked(values, names)
        except DecimalException:
            return None
        if (isinstance(result, tuple) and len(result) > MOST_ITEMS) or (
            isinstance(result, str) and len(result) > MOST_LETTERS
        ):
            raise NotDecidable(what="a list or a text is too long")
        return result

    def _worked(self, values: tuple[Feel, ...], names: tuple[str, ...]) -> Feel:
        work = next((work for row, work in self.named if set(row) == set(names)), self.work)
        result = work(*values)
        singles = tuple(one[0] if isinstance(one, tuple) and len(one) == 1 else one for one in values)
        if result is None and self.is_coercing and singles != values:
            return work(*singles)
        return result

    def _placed(self, arguments: tuple[Feel, ...], names: tuple[str, ...]) -> tuple[Feel, ...] | None:
        if names:
            given = dict(zip(names, arguments, strict=True))
            row = next((row for row in self.parameters if set(row) == given.keys()), None)
            return None if row is None or len(given) < len(names) else tuple(given[name] for name in row)
        if self.spreads:
            if len(arguments) == 1 and isinstance(arguments[0], tuple):
                return arguments
            return (arguments,) if arguments and arguments != (None,) else None
        return arguments if len(arguments) in {len(row) for row in self.parameters} else None


def _builtins(*groups: Mapping[str, tuple[str, Callable[..., Feel]]]) -> Iterable[tuple[str, Builtin]]:
    for group in groups:
        for name, (parameters, work) in group.items():
            rows = tuple(tuple(one for one in row.split(", ") if one) for row in parameters.split(" | "))
            is_coercing = group is NUMBERS or group is TEXTS
            narrower = tuple(
                (row, NAMED[key]) for row in rows if (key := f"{name}({', '.join(row)})") in NAMED
            )
            yield name, Builtin(rows, work, name in SPREADING, is_coercing, narrower)


BUILTINS: Mapping[str, Builtin] = dict(_builtins(NUMBERS, TEXTS, LISTS, VALUES))

MISSING = frozenset(
    {
        "time", "date and time", "now", "today", "sort", "replace", "matches", "split",
        "is", "list replace", "before", "after", "meets",
        "met by", "overlaps", "overlaps before", "overlaps after", "finishes", "finished by", "includes",
        "during", "starts", "started by", "coincides", "range",
    }
)  # fmt: skip
"""Functions of the standard that we do not have; known so that their names are read whole."""
