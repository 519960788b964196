"""Management API of `trust`."""

from ninja import Router

router = Router(tags=["trust"])
