"""Management API of `services`: items and their versions, halls, numbers, ratings, certificates."""

from ninja import Router

from zhengshu.contexts.services.interfaces import http_certificates, http_halls, http_items, http_numbers

router = Router(tags=["services"])
router.add_router("", http_items.router)
router.add_router("", http_numbers.router)
router.add_router("", http_halls.router)
router.add_router("", http_certificates.router)
