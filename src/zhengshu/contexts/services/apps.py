"""The Django application of `services`."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """Tables, templates and messages of `services`."""

    name = "zhengshu.contexts.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"
