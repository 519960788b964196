"""The Django application of `exchange`."""

from importlib import import_module

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Tables, templates and messages of `exchange`; requests follow their cases."""

    name = "zhengshu.contexts.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what cases announce, and fill the places that other pages leave for us."""
        import_module("zhengshu.contexts.exchange.application.follow_case")
        import_module("zhengshu.contexts.exchange.interfaces.slots")
