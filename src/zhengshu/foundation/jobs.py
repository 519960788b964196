"""Background and scheduled jobs, queued in the same PostgreSQL."""

from procrastinate.contrib.django import app

__all__ = ["app"]
