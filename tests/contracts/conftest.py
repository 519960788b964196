"""The gateway's fixtures, for the contract of its protocol."""

from zhengshu.contexts.exchange.gateway.tests.conftest import database, desk, gateway, office, view

__all__ = ["database", "desk", "gateway", "office", "view"]
