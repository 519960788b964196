"""The door of `services`: what people may ask of government, and what becomes of it."""

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
    "ItemNotFound",
    "ItemRecord",
    "ItemState",
    "ItemSummary",
    "LimitUnit",
    "MaterialDraft",
    "MaterialSource",
    "Satisfaction",
    "ThemeKind",
    "ThemeRecord",
    "item",
    "items",
    "themes",
]
