"""Fills casework's place for where an ended case is rated."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework.api import use_afterwords
from zhengshu.contexts.services.application.invite_rating import invite_before_telling
from zhengshu.contexts.services.application.rating_link import codes_of


class RatingLinks:
    """Ratings as casework's messages see them."""

    def invite(self, *, case_ids: Iterable[UUID]) -> None:
        """Let those cases be rated."""
        invite_before_telling(case_ids=case_ids, at=timezone.now())

    def paths(self, *, case_ids: Iterable[UUID], person_id: UUID) -> Mapping[UUID, str]:
        """Return the link for each case that the person may still rate."""
        codes = codes_of(case_ids=case_ids, person_id=person_id, at=timezone.now())
        return {case: reverse("services:rate-link", args=[code]) for case, code in codes.items()}


use_afterwords(RatingLinks())
