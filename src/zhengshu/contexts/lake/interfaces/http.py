"""Management API of `lake`."""

from ninja import Router

router = Router(tags=["lake"])
