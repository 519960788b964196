"""Tables of `services`."""

from zhengshu.contexts.services.models.applications import Application, PreReviewCheck
from zhengshu.contexts.services.models.benefits import (
    Benefit,
    BenefitRun,
    Entitlement,
    Found,
    Payment,
    PaymentList,
)
from zhengshu.contexts.services.models.bundles import Bundle, BundlePart
from zhengshu.contexts.services.models.decisions import PublishedDecision
from zhengshu.contexts.services.models.items import ItemVersion, Material, ServiceItem, Theme
from zhengshu.contexts.services.models.kiosks import Kiosk
from zhengshu.contexts.services.models.lists import ListImport
from zhengshu.contexts.services.models.queueing import Ticket, WindowGroup
from zhengshu.contexts.services.models.ratings import Rater, Rating, RatingCell, RatingInvitation

__all__ = [
    "Application",
    "Benefit",
    "BenefitRun",
    "Bundle",
    "BundlePart",
    "Entitlement",
    "Found",
    "ItemVersion",
    "Kiosk",
    "ListImport",
    "Material",
    "Payment",
    "PaymentList",
    "PreReviewCheck",
    "PublishedDecision",
    "Rater",
    "Rating",
    "RatingCell",
    "RatingInvitation",
    "ServiceItem",
    "Theme",
    "Ticket",
    "WindowGroup",
]
