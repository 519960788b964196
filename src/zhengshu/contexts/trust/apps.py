"""The Django application of `trust`."""

from django.apps import AppConfig


class TrustConfig(AppConfig):
    """Tables, templates and messages of `trust`."""

    name = "zhengshu.contexts.trust"
    label = "trust"
    default_auto_field = "django.db.models.BigAutoField"
