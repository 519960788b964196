"""Management API of `services`: items and their versions, numbers, ratings."""

from ninja import Router

from zhengshu.contexts.services.interfaces import http_items, http_numbers

router = Router(tags=["services"])
router.add_router("", http_items.router)
router.add_router("", http_numbers.router)
