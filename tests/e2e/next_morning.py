"""The morning after: the rectifications of bad ratings are opened; run as a program in the platform's environment."""

from datetime import timedelta

from django.utils import timezone


def come() -> None:
    """Open what the worker opens when the day is over."""
    from zhengshu.contexts.services import api as services

    services.open_rectifications(at=timezone.now() + timedelta(days=2))


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    come()
