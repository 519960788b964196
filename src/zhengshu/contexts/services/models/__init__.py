"""Tables of `services`."""

from zhengshu.contexts.services.models.items import ItemVersion, Material, ServiceItem, Theme
from zhengshu.contexts.services.models.ratings import Rater, Rating, RatingCell, RatingInvitation

__all__ = [
    "ItemVersion",
    "Material",
    "Rater",
    "Rating",
    "RatingCell",
    "RatingInvitation",
    "ServiceItem",
    "Theme",
]
