"""The door of `services`: what people may ask of government, and what becomes of it."""

from zhengshu.contexts.services.application.access import ItemNotAcceptable
from zhengshu.contexts.services.application.load_items import (
    ItemsNotReadable,
    LoadedItems,
    load_items,
    read_items,
)
from zhengshu.contexts.services.application.queries import ItemNotFound, item, items, themes
from zhengshu.contexts.services.application.records import ItemRecord, ItemSummary, ThemeRecord
from zhengshu.contexts.services.domain.items import ItemDraft, MaterialDraft
from zhengshu.contexts.services.domain.limits import ItemLimit, LimitUnit
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    CaseKind,
    Channel,
    ItemKind,
    ItemLevel,
    ItemState,
    MaterialSource,
    Satisfaction,
    ThemeKind,
)

__all__ = [
    "Audience",
    "CaseKind",
    "Channel",
    "ItemDraft",
    "ItemKind",
    "ItemLevel",
    "ItemLimit",
    "ItemNotAcceptable",
    "ItemNotFound",
    "ItemRecord",
    "ItemState",
    "ItemSummary",
    "ItemsNotReadable",
    "LimitUnit",
    "LoadedItems",
    "MaterialDraft",
    "MaterialSource",
    "Satisfaction",
    "ThemeKind",
    "ThemeRecord",
    "item",
    "items",
    "load_items",
    "read_items",
    "themes",
]
