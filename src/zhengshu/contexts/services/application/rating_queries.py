"""Reading ratings: what is due, single bad ones for those who mend, and results for everybody in whole batches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F

from zhengshu.contexts.services.application.english_names import english_names
from zhengshu.contexts.services.application.give_rating import NothingToRate
from zhengshu.contexts.services.application.rating_link import invitation_behind
from zhengshu.contexts.services.domain.ratings import BAD, Tally
from zhengshu.contexts.services.domain.vocabulary import Satisfaction
from zhengshu.contexts.services.models import Rater, Rating, RatingInvitation
from zhengshu.foundation.lists import ListQuery, Page, paged
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

BY = ("department", "item", "window")


class RatingNotFound(Refused):
    """Single ratings are shown to the department that mends and to the call-back desk, if they were bad."""

    code = "services.rating-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such rating, or it is not for you to see."


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRecord:
    """What may be rated."""

    id: UUID
    item_name: str
    item_name_en: str
    department_name: str
    case_number: str
    window: str
    opened_at: datetime
    expires_at: datetime
    used_at: datetime | None

    @property
    def is_online(self) -> bool:
        """Whether no window served the person."""
        return not self.window


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRecord:
    """What somebody said himself, and what became of it."""

    item_name: str
    item_name_en: str
    department_name: str
    level: Satisfaction
    given_on: date
    is_mending: bool
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRating:
    """A bad rating as those see it who mend: nothing that leads to who gave it."""

    id: UUID
    item_name: str
    item_name_en: str
    department_name: str
    window: str
    level: Satisfaction
    indicators: Mapping[str, Satisfaction]
    words: str
    month: date
    rectification_id: UUID
    rectification_number: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What is published of one department, item or window."""

    key: str
    name: str
    name_en: str
    department: str
    tally: Tally


def due(*, actor: Actor, at: datetime) -> tuple[InvitationRecord, ...]:
    """Return what the actor may rate now, the newest first."""
    rows = RatingInvitation.objects.visible_to(actor).due().filter(expires_at__gt=at)
    return _invitations(rows.order_by("-opened_at")[:50])


def invitation(*, invitation_id: UUID, actor: Actor) -> InvitationRecord:
    """Return an invitation of the actor's own.

    Raises:
        NothingToRate: it is not his.
    """
    rows = RatingInvitation.objects.visible_to(actor).filter(pk=invitation_id, case_id__isnull=False)
    return _found(rows)


def invitation_of_case(*, case_id: UUID, actor: Actor) -> InvitationRecord | None:
    """Return the invitation to rate a case of the actor's own, if there is one."""
    found = _invitations(RatingInvitation.objects.visible_to(actor).filter(case_id=case_id))
    return found[0] if found else None


def visit(*, code: str) -> InvitationRecord:
    """Return the visit of a code.

    Raises:
        NothingToRate: there is no such code.
    """
    return _found(RatingInvitation.objects.filter(code=code, case_id=None))


def by_link(*, code: str, actor: Actor) -> InvitationRecord:
    """Return the invitation of a link, without the number of its case.

    Raises:
        NothingToRate: it is none of ours, or somebody else's than who is signed in.
    """
    key = invitation_behind(code, actor=actor)
    rows = RatingInvitation.objects.filter(pk=key) if key else ()
    return replace(_found(rows), case_number="")


def given(*, actor: Actor) -> tuple[GivenRecord, ...]:
    """Return what the actor said himself, the newest first."""
    own = RatingInvitation.objects.visible_to(actor)
    rows = Rater.objects.filter(invitation__in=own).select_related("rating__cell").order_by("-id")[:50]
    english = english_names(codes=(row.rating.cell.item_code for row in rows))
    return tuple(
        GivenRecord(
            item_name=row.rating.cell.item_name,
            item_name_en=english.get(row.rating.cell.item_code, ""),
            department_name=row.rating.cell.department_name,
            level=Satisfaction(row.rating.level),
            given_on=row.rating.given_on,
            is_mending=Satisfaction(row.rating.level) in BAD and row.rating.rectified_at is None,
            end=row.rating.rectified_as,
        )
        for row in rows
    )


def bad_rating(*, rating_id: UUID, actor: Actor) -> BadRating:
    """Return a bad rating for those who mend it.

    Raises:
        RatingNotFound: it was not bad, or the actor is not concerned.
    """
    row = Rating.objects.visible_to(actor).select_related("cell").filter(pk=rating_id).first()
    if row is None or row.rectification_id is None:
        raise RatingNotFound
    return _bad((row,))[0]


def may_read_rater(*, rating_id: UUID, actor: Actor) -> bool:
    """Whether the actor works at the call-back desk of a rating that is still being mended; reads nobody."""
    return Rater.objects.visible_to(actor).filter(rating_id=rating_id, rating__rectified_at=None).exists()


def bad_ratings(*, query: ListQuery, actor: Actor) -> Page[BadRating]:
    """Return the bad ratings that the actor has to do with, the newest first."""
    rows = Rating.objects.visible_to(actor).filter(rectification_id__isnull=False).select_related("cell")
    if query.one("state"):
        rows = rows.filter(rectified_at__isnull=query.one("state") == "open")
    page = paged(rows.order_by("-rectification_number"), query, lambda row: row)
    return Page(rows=_bad(page.rows), total=page.total, query=query)


def has_ratings(*, department_id: UUID) -> bool:
    """Whether anything of a department was ever rated; how, and by whom, is not told."""
    return Rating.objects.filter(cell__department_id=department_id).exists()


def results(*, by: str, department_id: UUID | None = None, month: date | None = None) -> tuple[Result, ...]:
    """Return published results by department, item or window: sums of whole batches, the most rated first."""
    rows = Rating.objects.published()
    if department_id is not None:
        rows = rows.filter(cell__department_id=department_id)
    if month is not None:
        rows = rows.filter(released_on__year=month.year, released_on__month=month.month)
    if by == "window":
        rows = rows.exclude(cell__window="")
    counted = rows.values(
        "level",
        item=F("cell__item_code"),
        item_name=F("cell__item_name"),
        department=F("cell__department_id"),
        department_name=F("cell__department_name"),
        window=F("cell__window"),
    ).annotate(number=Count("id"))
    return _summed(by, counted)


def results_by_month() -> Mapping[date, Tally]:
    """Return what was published in each month, the oldest first."""
    counted = (
        Rating.objects.published()
        .filter(released_on__isnull=False)
        .values("level", year=F("released_on__year"), month=F("released_on__month"))
        .annotate(number=Count("id"))
    )
    months: dict[date, Tally] = defaultdict(Tally)
    for row in counted:
        months[date(row["year"], row["month"], 1)] += _one(row["level"], row["number"])
    return dict(sorted(months.items()))


def _summed(by: str, counted: Iterable[Mapping[str, object]]) -> tuple[Result, ...]:
    sums: dict[tuple[str, str, str], Tally] = defaultdict(Tally)
    for row in counted:
        department = str(row["department_name"])
        key = {
            "department": (str(row["department"]), department, department),
            "item": (str(row["item"]), str(row["item_name"]), department),
            "window": (f"{row['department']} {row['window']}", str(row["window"]), department),
        }[by]
        sums[key] += _one(str(row["level"]), int(str(row["number"])))
    names = english_names(codes=(key for key, _name, _department in sums)) if by == "item" else {}
    found = [
        Result(key=key, name=name, name_en=names.get(key, ""), department=department, tally=tally)
        for (key, name, department), tally in sums.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.tally.total, one.name)))


def _one(level: str, number: int) -> Tally:
    counts = [0, 0, 0, 0, 0]
    counts[int(level) - 1] = number
    return Tally(counts=(counts[0], counts[1], counts[2], counts[3], counts[4]))


def _found(rows: Iterable[RatingInvitation]) -> InvitationRecord:
    for found in _invitations(rows):
        return found
    raise NothingToRate


def _invitations(rows: Iterable[RatingInvitation]) -> tuple[InvitationRecord, ...]:
    found = list(rows)
    english = english_names(codes=(row.item_code for row in found))
    return tuple(
        InvitationRecord(
            id=row.id,
            item_name=row.item_name,
            item_name_en=english.get(row.item_code, ""),
            department_name=row.department_name,
            case_number=row.case_number,
            window=row.window,
            opened_at=row.opened_at,
            expires_at=row.expires_at,
            used_at=row.used_at,
        )
        for row in found
    )


def _bad(rows: Sequence[Rating]) -> tuple[BadRating, ...]:
    english = english_names(codes=(row.cell.item_code for row in rows))
    return tuple(
        BadRating(
            id=row.id,
            item_name=row.cell.item_name,
            item_name_en=english.get(row.cell.item_code, ""),
            department_name=row.cell.department_name,
            window=row.cell.window,
            level=Satisfaction(row.level),
            indicators={key: Satisfaction(level) for key, level in row.indicators.items()},
            words=row.words,
            month=row.given_on.replace(day=1),
            rectification_id=row.rectification_id or UUID(int=0),
            rectification_number=row.rectification_number,
            end=row.rectified_as,
        )
        for row in rows
    )
