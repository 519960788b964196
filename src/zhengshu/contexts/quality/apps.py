"""The Django application of `quality`."""

from importlib import import_module

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """Tables, templates and messages of `quality`; it judges batches before the lake publishes them."""

    name = "zhengshu.contexts.quality"
    label = "quality"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stand at the gate of the lake, and listen to it."""
        from zhengshu.contexts.lake import api as lake
        from zhengshu.contexts.quality.application.gate_batch import gate_batch

        lake.gate(gate_batch)
        import_module("zhengshu.contexts.quality.application.follow_runs")
        import_module("zhengshu.contexts.quality.application.object_to_rule")
        import_module("zhengshu.contexts.quality.interfaces.listeners")
