"""What changed between two versions, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import Enum

from zhengshu.contexts.catalog.domain.resources import ItemDraft, ResourceDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that differs.

    Attributes:
        item: the column of the item concerned; empty for the resource's own fields.
        field: the field's name; empty where a whole item came or went.
        before: the old value as text; empty where there was none.
        after: the new value as text; empty where there is none.
    """

    item: str
    field: str
    before: str
    after: str


def differences(before: ResourceDraft, after: ResourceDraft) -> tuple[Difference, ...]:
    """Return all differences: the resource's fields first, then items in the order of the new version.

    Items are the same item when their column is the same.
    """
    return (*_own(before, after), *_items(before, after))


def _own(before: ResourceDraft, after: ResourceDraft) -> Iterator[Difference]:
    for field in fields(ResourceDraft):
        if field.name == "items":
            continue
        old, new = as_text(getattr(before, field.name)), as_text(getattr(after, field.name))
        if old != new:
            yield Difference(item="", field=field.name, before=old, after=new)


def _items(before: ResourceDraft, after: ResourceDraft) -> Iterator[Difference]:
    olds: Mapping[str, ItemDraft] = {item.column: item for item in before.items}
    news: Mapping[str, ItemDraft] = {item.column: item for item in after.items}
    for column, new in news.items():
        old = olds.get(column)
        if old is None:
            yield Difference(item=column, field="", before="", after=new.name)
        else:
            yield from _fields(old, new)
    for column, old in olds.items():
        if column not in news:
            yield Difference(item=column, field="", before=old.name, after="")
    yield from _order(list(olds), list(news))


def _order(olds: list[str], news: list[str]) -> Iterator[Difference]:
    kept_before = [column for column in olds if column in news]
    kept_after = [column for column in news if column in olds]
    if kept_before != kept_after:
        yield Difference(item="", field="items", before="、".join(kept_before), after="、".join(kept_after))


def _fields(old: ItemDraft, new: ItemDraft) -> Iterator[Difference]:
    for field in fields(ItemDraft):
        before, after = as_text(getattr(old, field.name)), as_text(getattr(new, field.name))
        if before != after:
            yield Difference(item=new.column, field=field.name, before=before, after=after)


def as_text(value: object) -> str:
    """Return a field's value as the text by which versions are compared and shown."""
    match value:
        case None:
            return ""
        case Enum():
            return str(value.value)
        case tuple():
            return "、".join(as_text(part) for part in value)
        case _:
            return str(value)
