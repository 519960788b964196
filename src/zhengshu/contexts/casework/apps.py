"""The Django application of `casework`."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Tables, templates and messages of `casework`."""

    name = "zhengshu.contexts.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"
