"""Tables of `services`."""

from zhengshu.contexts.services.models.applications import Application, PreReviewCheck
from zhengshu.contexts.services.models.items import ItemVersion, Material, ServiceItem, Theme
from zhengshu.contexts.services.models.lists import ListImport
from zhengshu.contexts.services.models.ratings import Rater, Rating, RatingCell, RatingInvitation

__all__ = [
    "Application",
    "ItemVersion",
    "ListImport",
    "Material",
    "PreReviewCheck",
    "Rater",
    "Rating",
    "RatingCell",
    "RatingInvitation",
    "ServiceItem",
    "Theme",
]
