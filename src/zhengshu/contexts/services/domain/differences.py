"""What differs between two versions of an item, element by element."""

from typing import Final

import msgspec

from zhengshu.contexts.services.domain.items import ItemDraft

UNORDERED: Final = frozenset({"audiences", "channels", "special_procedures", "themes"})
"""What is chosen from a list, so that another order says nothing else."""


def differences(before: ItemDraft, after: ItemDraft) -> tuple[str, ...]:
    """Return the parts of the declaration that differ, in its order; none for the same declaration."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return tuple(
        name
        for name in ItemDraft.__struct_fields__
        if old[name] != new[name] and not (name in UNORDERED and set(old[name]) == set(new[name]))
    )
