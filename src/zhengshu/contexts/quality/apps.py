"""The Django application of `quality`."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """Messages of `quality`."""

    name = "zhengshu.contexts.quality"
    label = "quality"
