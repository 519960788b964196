"""Fills casework's place for whoever takes in applications for service items."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework.api import Handling, Whole, use_intake
from zhengshu.contexts.services.application.bundle_queries import bundles_of
from zhengshu.contexts.services.application.check_grant import check_grant
from zhengshu.contexts.services.application.offering import handling
from zhengshu.contexts.services.application.submit_application import submit_application
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.interfaces.labels import in_language
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId


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

    def wholes(self, draft_ids: Iterable[UUID]) -> Mapping[UUID, Whole]:
        """Return the one things of which those drafts are parts."""
        return {
            draft_id: Whole(
                name=in_language(thing.name, thing.name_en),
                path=reverse("services:thing", args=[bundle_id]),
                is_open=is_open,
                discard_path=reverse("services:thing-discard", args=[bundle_id]),
            )
            for draft_id, (bundle_id, thing, is_open) in bundles_of(draft_ids=draft_ids).items()
        }

    def check_end(self, *, case_id: CaseId, end: str, instead: tuple[str, ...], at: datetime) -> None:
        """Look whether the certificate that follows from an end can be made."""
        check_grant(case_id=case_id, end=end, instead=instead, at=at)


use_intake(ServicesIntake())
