"""Tables of `services`."""

from zhengshu.contexts.services.models.items import ItemVersion, Material, ServiceItem, Theme

__all__ = [
    "ItemVersion",
    "Material",
    "ServiceItem",
    "Theme",
]
