"""Refuse relations between the tables of two contexts: a context keeps another's ids, never its rows."""

import os
import sys
from collections.abc import Iterable

from django.apps import apps
from django.db.models import Model


def faults_in(models: Iterable[type[Model]], contexts: Iterable[str]) -> list[str]:
    """Return a sentence for each relation that leaves its context, except to Django's own tables."""
    labels = set(contexts)
    return [
        f"{model._meta.label}.{field.name} points into {field.related_model._meta.label}; "  # noqa: SLF001 - the documented API
        "keep the id in a UUIDField and ask the other context's api."
        for model in models
        for field in model._meta.get_fields()  # noqa: SLF001
        if field.is_relation and isinstance(field.related_model, type) and not field.auto_created
        if {model._meta.app_label, field.related_model._meta.app_label} <= labels  # noqa: SLF001
        if model._meta.app_label != field.related_model._meta.app_label  # noqa: SLF001
    ]


def main() -> int:
    """Walk all models of the project."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    import django
    from django.conf import settings

    django.setup()
    faults = faults_in(apps.get_models(include_auto_created=True), settings.CONTEXTS)
    print("\n".join(faults) or "relations: none across contexts")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
