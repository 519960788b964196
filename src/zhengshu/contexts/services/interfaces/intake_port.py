"""Fills casework's place for whoever takes in applications for service items."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework.api import Handling, use_intake
from zhengshu.contexts.services.application.offering import handling
from zhengshu.contexts.services.application.submit_application import submit_application
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.kernel.actors import Actor


class ServicesIntake:
    """The intake as casework sees it."""

    def handling(self, case_type: str) -> Handling | None:
        """Return who handles the item in force behind a case type."""
        return handling(case_type, on=timezone.localdate())

    def submit(self, *, draft_id: UUID, channel: str, actor: Actor, at: datetime) -> None:
        """Submit the application."""
        submit_application(draft_id=draft_id, channel=Channel(channel), actor=actor, at=at)

    def receipt(self, *, draft_id: UUID) -> str:
        """Return the path of the receipt."""
        return reverse("services:receipt", args=[draft_id])


use_intake(ServicesIntake())
