"""The Django application of the foundation."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Outbox tables and the design system."""

    name = "zhengshu.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"
