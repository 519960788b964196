"""What the city's public site says, how visits at its windows were rated, and which windows call numbers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle
from typing import Final
from uuid import uuid4

import msgspec.yaml

from zhengshu.contexts.portal import api as portal
from zhengshu.contexts.services import api as services
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId
from zhengshu.project.demo_city.accounts import PLATFORM, official_actor
from zhengshu.project.demo_city.content import pack_folder
from zhengshu.project.demo_city.sealing import Say

_VISITOR: Final = Actor.anonymous()
_BETWEEN: Final = timedelta(hours=5)
_SERVED_IN: Final = timedelta(minutes=12)
_SINCE_THEN: Final = timedelta(days=1)
"""So that the numbers of the visits are not of the day on which the city is installed."""


class Announced(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An announcement; one with a reason was withdrawn."""

    title: str
    text: str
    days_ago: int
    reason: str = ""


class Visits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How visits at a department's windows were rated: how many of each level, and words by level."""

    department: str
    windows: tuple[str, ...]
    levels: tuple[int, int, int, int, int]
    words: dict[int, str] = {}


class Windows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Windows of a department that call the same numbers: for some items, or for any matter."""

    department: str
    letter: str
    name: str
    items: tuple[str, ...] = ()


class PublicContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    announcements: tuple[Announced, ...]
    withdrawn: Announced
    visits: tuple[Visits, ...]
    windows: tuple[Windows, ...] = ()


def read_public() -> PublicContent:
    """Read what the public site says.

    Raises:
        msgspec.ValidationError: the file does not have its form.
    """
    return msgspec.yaml.decode((pack_folder() / "public.yaml").read_bytes(), type=PublicContent)


def install_public_site(*, at: datetime, say: Say) -> None:
    """Publish the announcements, let visits be rated and windows call numbers; a second time changes nothing."""
    content = read_public()
    reviewer = official_actor("data.reviewer")
    written = portal.announced(actor=reviewer)
    for one in (*content.announcements, content.withdrawn):
        if one.title not in written:
            _announce(one, actor=reviewer, at=at - timedelta(days=one.days_ago))
            say(f"announcement: {one.title}")
    _form(content.windows, at=at, say=say)
    for visits in content.visits:
        clerk = official_actor(f"{visits.department}.clerk")
        if not services.has_ratings(department_id=_department_of(clerk)):
            _rate(visits, clerk=clerk, at=at)
            say(f"visits rated: {visits.department}")
    services.open_rectifications(at=at)


def _form(wanted: tuple[Windows, ...], *, at: datetime, say: Say) -> None:
    """Let windows call numbers together, unless they do."""
    known = {(one.letter, one.name) for one in services.window_groups(actor=PLATFORM)}
    for windows in wanted:
        if (windows.letter, windows.name) not in known:
            clerk = official_actor(f"{windows.department}.clerk")
            services.form_window_group(
                letter=windows.letter, name=windows.name, items=windows.items, actor=clerk, at=at
            )
            say(f"windows: {windows.name}")


def _announce(one: Announced, *, actor: Actor, at: datetime) -> None:
    key = portal.write_announcement(title=one.title, text=one.text, actor=actor, at=at)
    portal.publish_announcement(announcement_id=key, revision=1, actor=actor, at=at)
    if one.reason:
        portal.withdraw_announcement(
            announcement_id=key, revision=1, reason=one.reason, actor=actor, at=at + timedelta(days=1)
        )


@transaction
def _rate(visits: Visits, *, clerk: Actor, at: datetime) -> None:
    item = services.offered_by(actor=clerk)[0].code
    any_matter = next(one for one in services.window_groups(actor=clerk) if not one.items)
    kiosk = services.kiosk_behind(
        services.register_kiosk(name="取号机", place="一楼大厅", actor=clerk, at=at), address=clerk.address
    )
    if kiosk is None:
        message = "a kiosk is known where it was registered"
        raise ValueError(message)
    levels = list(_mixed(visits.levels))
    windows = cycle(visits.windows)
    for place, level in enumerate(levels):
        moment = at - _SINCE_THEN - _BETWEEN * (len(levels) - place)
        ticket = services.take_ticket(group_id=any_matter.id, once=uuid4(), kiosk=kiosk, at=moment)
        services.call_next(group_id=any_matter.id, window=next(windows), actor=clerk, at=moment)
        services.move_ticket(ticket_id=ticket.id, step=services.Step.SERVE, actor=clerk, at=moment)
        services.move_ticket(ticket_id=ticket.id, step=services.Step.END, actor=clerk, at=moment + _SERVED_IN)
        code = services.open_visit(visit_id=ticket.id, item_code=item, actor=clerk, at=moment)
        draft = services.RatingDraft(
            level=services.Satisfaction(str(level)),
            channel=services.RatingChannel.QR,
            words=visits.words.get(level, ""),
        )
        services.rate_visit(code=code, draft=draft, actor=_VISITOR, at=moment + _SERVED_IN)
    services.end_kiosk(kiosk_id=kiosk.id, actor=clerk, at=at)


def _department_of(clerk: Actor) -> DepartmentId:
    if clerk.department_id is None:
        message = "a clerk works in a department"
        raise ValueError(message)
    return clerk.department_id


def _mixed(levels: tuple[int, ...]) -> Iterator[int]:
    """Yield levels in turn, until each has come as often as it shall."""
    left = list(levels)
    while any(left):
        for place, number in enumerate(left):
            if number:
                left[place] -= 1
                yield place + 1
