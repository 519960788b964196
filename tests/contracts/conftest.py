"""The gateway's fixtures, for the contract of its protocol."""

from zhengshu.contexts.exchange.gateway.tests.conftest import desk, gateway, office, view

__all__ = ["desk", "gateway", "office", "view"]
