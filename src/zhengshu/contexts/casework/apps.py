"""The Django application of `casework`."""

from importlib import import_module

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Tables, templates and messages of `casework`; drafts of case types follow their cases."""

    name = "zhengshu.contexts.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what our own cases announce and to the signals that they throw; say which kept files are ours."""
        import_module("zhengshu.contexts.casework.interfaces.listeners")
        import_module("zhengshu.contexts.casework.application.catch_signal")
        import_module("zhengshu.contexts.casework.application.documents")
        import_module("zhengshu.contexts.casework.application.powers")
