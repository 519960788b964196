"""The Django application of `catalog`."""

from importlib import import_module

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Tables, templates and messages of `catalog`; versions follow their cases."""

    name = "zhengshu.contexts.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what cases announce, and serve their forms."""
        import_module("zhengshu.contexts.catalog.interfaces.listeners")
        import_module("zhengshu.contexts.catalog.interfaces.form_ports")
