"""The Django application of `exchange`."""

from importlib import import_module

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Tables, templates and messages of `exchange`; requests follow their cases."""

    name = "zhengshu.contexts.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the proof log of calls, follow cases, and fill the places that other pages leave for us."""
        from zhengshu.contexts.exchange.application.prove_calls import read_calls
        from zhengshu.contexts.trust import api as trust

        trust.log_source(trust.CALL, read_calls)
        import_module("zhengshu.contexts.exchange.application.alarm_cases")
        import_module("zhengshu.contexts.exchange.application.follow_case")
        import_module("zhengshu.contexts.exchange.application.follow_matter")
        import_module("zhengshu.contexts.exchange.application.finding_cases")
        import_module("zhengshu.contexts.exchange.interfaces.slots")
        import_module("zhengshu.contexts.exchange.interfaces.form_port")
