"""The Django application of `exchange`."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Tables, templates and messages of `exchange`."""

    name = "zhengshu.contexts.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
