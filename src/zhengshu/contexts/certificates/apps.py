"""The Django application of `certificates`."""

from importlib import import_module

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Tables, templates and messages of `certificates`; an OFD follows each, forms take values from them."""

    name = "zhengshu.contexts.certificates"
    label = "certificates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what we announce ourselves, and fill the forms of cases."""
        import_module("zhengshu.contexts.certificates.interfaces.form_port")
        import_module("zhengshu.contexts.certificates.interfaces.listeners")
