"""The Django application of `portal`."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Tables, templates and messages of `portal`."""

    name = "zhengshu.contexts.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
