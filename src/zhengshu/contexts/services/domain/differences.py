"""What differs between two versions of an item, element by element."""

import msgspec

from zhengshu.contexts.services.domain.items import ItemDraft


def differences(before: ItemDraft, after: ItemDraft) -> tuple[str, ...]:
    """Return the parts of the declaration that differ, in its order; none for the same declaration."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return tuple(name for name in ItemDraft.__struct_fields__ if old[name] != new[name])
