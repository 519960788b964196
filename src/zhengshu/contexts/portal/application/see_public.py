"""What the public site shows everybody, and what a person finds in his own space."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.api import CaseRecord
from zhengshu.contexts.portal.models import Announcement
from zhengshu.contexts.services import api as services
from zhengshu.contexts.services.api import InvitationRecord, ItemSummary, ThemeKind, ThemeRecord
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.actors import Actor

ANNOUNCED = 5
ROWS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSite:
    """What everybody reads on the first page.

    Attributes:
        events: life events under which something is offered.
        hot: what was asked for most in the last ninety days.
        announcements: what the city tells everybody, the newest first.
    """

    events: tuple[ThemeRecord, ...]
    hot: Sequence[ItemSummary]
    announcements: tuple[Announcement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MySpace:
    """What a citizen or a delegate finds of his own.

    Attributes:
        matters: what he asked for, the latest first.
        waiting: those of them that wait for him.
        due: services that he may rate.
    """

    matters: Page[CaseRecord]
    due: tuple[InvitationRecord, ...]

    @property
    def waiting(self) -> tuple[CaseRecord, ...]:
        """Those that wait for him."""
        return tuple(case for case in self.matters.rows if any(task.is_mine for task in case.open_tasks))


def see_public(*, actor: Actor, at: datetime) -> PublicSite:
    """Return what the public site shows."""
    events = services.themes(kind=ThemeKind.LIFE_EVENT)
    return PublicSite(
        events=tuple(one for one in events if one.items),
        hot=services.hot_items(actor=actor, at=at),
        announcements=tuple(Announcement.objects.visible_to(actor).published()[:ANNOUNCED]),
    )


def see_my_space(*, actor: Actor, at: datetime) -> MySpace:
    """Return what somebody who applies finds of his own."""
    return MySpace(
        matters=casework.started(actor=actor, query=ListQuery(size=ROWS), at=at),
        due=services.ratings_due(actor=actor, at=at),
    )
