"""The Django application of the foundation."""

from django.apps import AppConfig

from zhengshu.foundation.faults import log_without_values


class FoundationConfig(AppConfig):
    """Outbox tables and the design system."""

    name = "zhengshu.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep values out of the log before anything is written to it."""
        log_without_values()
