"""Ratings (好差评): what may be said, what is hidden of it, and how many are published together."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from zhengshu.contexts.services.domain.vocabulary import Satisfaction
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.text import seen

MOST_WORDS = 500
MOST_CONTACT = 100
HIDDEN = "＊＊＊"
STARS = 5


class RatingChannel(StrEnum):
    """By which way a rating came (GB/T 39046-2020, service evaluation)."""

    PC = "pc"
    MOBILE = "mobile"
    QR = "qr"
    HALL_TABLET = "hall_tablet"
    HALL_OTHER = "hall_other"
    PHONE = "phone"
    SMS = "sms"


class Indicator(StrEnum):
    """What is rated beside the whole."""

    EFFICIENCY = "efficiency"
    GUIDE = "guide"
    CONVENIENCE = "convenience"
    OPERATION = "operation"
    SKILL = "skill"
    ATTITUDE = "attitude"


ONLINE: Final = (Indicator.EFFICIENCY, Indicator.GUIDE, Indicator.CONVENIENCE, Indicator.OPERATION)
OFFLINE: Final = (Indicator.EFFICIENCY, Indicator.SKILL, Indicator.ATTITUDE)
BAD: Final = frozenset({Satisfaction.DISSATISFIED, Satisfaction.VERY_DISSATISFIED})


class RatingPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the city rates services.

    Attributes:
        code: its name.
        basis: the document on which it rests.
        open_days: how many calendar days a service may be rated.
        least_together: the least number of ratings that are published together.
        unusual: how many ratings by the codes of one clerk within how many minutes are looked at.
    """

    code: str
    basis: str
    open_days: int
    least_together: int
    unusual: "Unusual"


class Unusual(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many ratings within so many minutes are more than windows serve people."""

    ratings: int
    minutes: int


class RatingDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody says of a service.

    Attributes:
        level: how content, by table A.8.
        indicators: the same of single sides of it; those left out were not rated.
        words: what he wrote.
        contact: how the call-back desk may reach him; nobody else learns of it.
        channel: by which way it came.
    """

    level: Satisfaction
    channel: RatingChannel
    indicators: Mapping[Indicator, Satisfaction] = {}
    words: str = ""
    contact: str = ""


class RatingUnfit(Refused):
    """A rating has sides that this kind of service does not have, or is too long; correct it."""

    code = "services.rating-unfit"
    message = (
        "This cannot be a rating of this service: choose one of five levels and write at most 500 characters."
    )


def stars_of(level: Satisfaction) -> int:
    """Return the stars, five for the best; kept beside the code, for the code of the best is 1.

    >>> stars_of(Satisfaction.VERY_SATISFIED), stars_of(Satisfaction.VERY_DISSATISFIED)
    (5, 1)
    """
    return STARS + 1 - int(level)


def indicators_of(*, is_online: bool) -> tuple[Indicator, ...]:
    """Return which sides of a service are rated."""
    return ONLINE if is_online else OFFLINE


def check_rating(draft: RatingDraft, *, is_online: bool) -> None:
    """Refuse what is no rating of such a service.

    Raises:
        RatingUnfit: a side that it does not have, or too many words.
    """
    if not set(draft.indicators) <= set(indicators_of(is_online=is_online)):
        raise RatingUnfit
    if len(draft.words) > MOST_WORDS or len(draft.contact) > MOST_CONTACT:
        raise RatingUnfit


_TELLING = re.compile(
    r"""
    [\w.+-]+@[\w-]+(?:\.[\w-]+)+      # an e-mail address
    | [A-Za-z]{1,4}[-_]?\d{5,}        # the number of a case, a passport
    | \d(?:[\s\-—·.]*\d){5,}[\s-]*[Xx]?  # a telephone number, a citizen ID, with whatever stands between the digits
    """,
    re.VERBOSE,
)


def without_identity(words: str, *, names: Iterable[str] = ()) -> str:
    """Return words without what tells who wrote them: his names, numbers of six digits and more, addresses of e-mail.

    >>> without_identity("我是王芳，电话 138 0000 1234", names=["王芳"])
    '我是＊＊＊，电话 ＊＊＊'
    """
    hidden = _TELLING.sub(HIDDEN, seen(words))
    for name in sorted({seen(name) for name in names if len(seen(name)) > 1}, key=len, reverse=True):
        hidden = hidden.replace(name, HIDDEN)
    return hidden


def released_after(*, taken: int, released: int, least: int) -> int:
    """Return how many ratings of a cell are published once `taken` were given.

    A cell (one item of one department at one window, or online) publishes whole batches of at least `least` ratings,
    and every figure is a sum of cells. So no difference between two figures, of whatever places or times, is about
    fewer ratings than that.

    >>> [released_after(taken=count, released=0, least=5) for count in (4, 5, 9)]
    [0, 5, 9]
    """
    return taken if taken - released >= least else released


def bursts(moments: Sequence[datetime], *, least: int, within: timedelta) -> tuple[tuple[datetime, ...], ...]:
    """Return the runs of moments, in their order, of which any `least` that follow each other lie `within` a time.

    >>> at = [datetime(2026, 3, 2, 9, minute) for minute in (0, 20, 21, 22, 23, 50)]
    >>> [len(run) for run in bursts(at, least=3, within=timedelta(minutes=5))]
    [4]
    """
    ends: list[tuple[int, int]] = []
    for first in range(len(moments) - least + 1):
        last = first + least - 1
        if moments[last] - moments[first] > within:
            continue
        if ends and first <= ends[-1][1]:
            ends[-1] = (ends[-1][0], last)
        else:
            ends.append((first, last))
    return tuple(tuple(moments[first : last + 1]) for first, last in ends)


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How many chose each level, from the best to the worst."""

    counts: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    def __add__(self, other: "Tally") -> "Tally":
        one, two = self.counts, other.counts
        return Tally(
            counts=(one[0] + two[0], one[1] + two[1], one[2] + two[2], one[3] + two[3], one[4] + two[4])
        )

    @property
    def total(self) -> int:
        """How many ratings."""
        return sum(self.counts)

    @property
    def satisfied(self) -> float | None:
        """The share of the three upper levels; None without ratings."""
        return sum(self.counts[:3]) / self.total if self.total else None

    @property
    def stars(self) -> float | None:
        """The mean of the stars; None without ratings."""
        weighed = sum(count * (STARS - place) for place, count in enumerate(self.counts))
        return weighed / self.total if self.total else None
