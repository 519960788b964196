"""What differs between two versions of an item, element by element."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from zhengshu.contexts.services.domain.items import ItemDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An element that two versions declare differently; an empty text where one has none.

    Attributes:
        element: its name in the declaration.
        before: what the older version says, entry by entry.
        after: what the newer version says.
    """

    element: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def differences(before: ItemDraft, after: ItemDraft) -> tuple[Difference, ...]:
    """Return the elements that differ, in the order of the declaration; none for the same declaration."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return tuple(
        Difference(element=name, before=tuple(_lines(old[name])), after=tuple(_lines(new[name])))
        for name in ItemDraft.__struct_fields__
        if old[name] != new[name]
    )


def _lines(value: object) -> Iterator[str]:
    match value:
        case None | "" | False:
            return
        case list() | tuple():
            for one in value:
                yield " · ".join(_lines(one))
        case dict():
            yield " · ".join(_parts(value))
        case _:
            yield str(value)


def _parts(value: Mapping[str, object]) -> Iterator[str]:
    for one in value.values():
        yield from _lines(one)
