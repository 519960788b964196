"""Management API of `casework`."""

from ninja import Router

router = Router(tags=["casework"])
