"""The Django application of `catalog`."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Tables, templates and messages of `catalog`."""

    name = "zhengshu.contexts.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
