"""The Django application of `lake`."""

from django.apps import AppConfig


class LakeConfig(AppConfig):
    """Tables, templates and messages of `lake`."""

    name = "zhengshu.contexts.lake"
    label = "lake"
    default_auto_field = "django.db.models.BigAutoField"
