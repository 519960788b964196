"""The Django application of `services`."""

from importlib import import_module

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """Tables, templates and messages of `services`."""

    name = "zhengshu.contexts.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what is announced, take in applications, and fill the places that casework's pages leave for us."""
        import_module("zhengshu.contexts.services.interfaces.afterwords")
        import_module("zhengshu.contexts.services.interfaces.intake_port")
        import_module("zhengshu.contexts.services.interfaces.listeners")
        import_module("zhengshu.contexts.services.interfaces.listeners_ratings")
        import_module("zhengshu.contexts.services.interfaces.rate_afterwards")
        import_module("zhengshu.contexts.services.interfaces.renewal_port")
        import_module("zhengshu.contexts.services.interfaces.slots")
        import_module("zhengshu.contexts.services.application.answer_benefit")
        import_module("zhengshu.contexts.services.application.decide_doubt")
        import_module("zhengshu.contexts.services.interfaces.listeners_one_things")
