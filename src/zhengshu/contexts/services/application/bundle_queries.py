"""Reading one's own bundles: how each part stands, until when, and every certificate that came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services.application.begin_bundle import definition_of, own_bundle
from zhengshu.contexts.services.application.queries import items
from zhengshu.contexts.services.domain.one_things import ENDED, OneThing, PartState, lost_without
from zhengshu.contexts.services.models.bundles import Bundle, BundlePart
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRecord:
    """One item of a bundle, for the person who asked.

    Attributes:
        waits_for: the names of the items whose result it needs.
        certificates: id, number and name of each certificate that it has issued.
        notices: id and title of each notice that its case has given.
    """

    item: str
    name: str
    state: str
    number: str
    case_id: UUID | None
    due_at: datetime | None
    fault: str
    waits_for: tuple[str, ...]
    certificates: tuple[tuple[UUID, str, str], ...]
    notices: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleRecord:
    """A bundle for the person who asked.

    Attributes:
        due_at: until when the last part that is being handled is answered: the one clock; None where none runs.
    """

    id: UUID
    thing: OneThing
    state: str
    begun_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    parts: tuple[PartRecord, ...]

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether something of it has not ended."""
        return self.sent_at is not None and self.ended_at is None

    @property
    def has_waiting(self) -> bool:
        """Whether a part is not begun yet, so that nobody knows until when all of it is answered."""
        return any(part.state == PartState.WAITING for part in self.parts)

    @property
    def certificates(self) -> int:
        """How many certificates came of it."""
        return sum(len(part.certificates) for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAlone:
    """One part, as whoever is about to take it back needs to know.

    Attributes:
        lost: the names of the items that wait for it, and would not be begun.
        others_go_on: whether anything else of the bundle has not ended.
    """

    bundle_id: UUID
    thing: OneThing
    lost: tuple[str, ...]
    others_go_on: bool


def my_bundles(*, actor: Actor) -> tuple[BundleRecord, ...]:
    """Return the actor's bundles, the latest first, without their parts."""
    return tuple(_bundle(row, ()) for row in Bundle.objects.visible_to(actor)[:50])


def my_bundle(*, bundle_id: UUID, actor: Actor, at: datetime) -> BundleRecord:
    """Return one of the actor's bundles.

    Raises:
        OneThingNotFound: it is somebody else's, or there is none.
    """
    row = own_bundle(bundle_id=bundle_id, actor=actor)
    thing = definition_of(row)
    names = dict(names_of([part.item for part in thing.parts], actor=actor))
    after = {part.item: part.after for part in thing.parts}
    issued: dict[UUID | None, list[tuple[UUID, str, str]]] = {}
    for one in certificates.own_certificates(actor=actor, at=at):
        issued.setdefault(one.case_id, []).append((one.id, one.serial, one.type_name))
    parts = tuple(
        PartRecord(
            item=part.item,
            name=names.get(part.item, part.item),
            state=part.state,
            number=part.number,
            case_id=part.case_id,
            due_at=_due(part.case_id, actor=actor, at=at),
            fault=part.fault,
            waits_for=tuple(names.get(one, one) for one in after[part.item]),
            certificates=tuple(issued.get(part.case_id, ())) if part.case_id is not None else (),
            notices=_notices(part.case_id, actor=actor),
        )
        for part in row.parts.all()
    )
    return _bundle(row, parts)


def part_alone(*, draft_id: UUID, actor: Actor) -> PartAlone | None:
    """Return what taking one part back would mean; None where the form is no part of a bundle of the actor."""
    part = BundlePart.objects.visible_to(actor).filter(draft_id=draft_id).select_related("bundle").first()
    if part is None:
        return None
    thing = definition_of(part.bundle)
    states = {one.item: PartState(one.state) for one in part.bundle.parts.all()}
    lost = lost_without(part.item, states, {one.item: one.after for one in thing.parts})
    left = {item for item, state in states.items() if state not in ENDED} - {part.item, *lost}
    return PartAlone(
        bundle_id=part.bundle_id,
        thing=thing,
        lost=tuple(name for _code, name in names_of(lost, actor=actor)),
        others_go_on=bool(left),
    )


def foreseen_of(*, bundle_id: UUID, actor: Actor) -> tuple[casework.Finding, ...]:
    """Return what the checks of those parts say that begin at once; the others are checked with what they wait for.

    Raises:
        OneThingNotFound: it is somebody else's, or there is none.
    """
    row = own_bundle(bundle_id=bundle_id, actor=actor)
    first = {part.item for part in definition_of(row).parts if not part.after}
    return tuple(
        finding
        for part in row.parts.filter(item__in=first)
        for finding in casework.foresee(draft_id=part.draft_id, actor=actor)
    )


def drafts_of_bundle(*, bundle_id: UUID, actor: Actor) -> tuple[tuple[str, UUID], ...]:
    """Return the item and the form of each part.

    Raises:
        OneThingNotFound: it is somebody else's, or there is none.
    """
    row = own_bundle(bundle_id=bundle_id, actor=actor)
    return tuple(row.parts.order_by("item").values_list("item", "draft_id"))


def _notices(case_id: UUID | None, *, actor: Actor) -> tuple[tuple[UUID, str], ...]:
    if case_id is None:
        return ()
    return tuple((one.id, one.title) for one in casework.notices(case_id=CaseId(case_id), actor=actor))


def names_of(codes: Sequence[str], *, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return items with their names in the reader's language, in that order."""
    known = items(codes=codes, actor=actor)
    is_english = (get_language() or "").startswith("en")
    names = {code: (is_english and one.name_en) or one.name for code, one in known.items()}
    return tuple((code, names.get(code, code)) for code in codes)


def _due(case_id: UUID | None, *, actor: Actor, at: datetime) -> datetime | None:
    if case_id is None:
        return None
    try:
        case = casework.case(case_id=CaseId(case_id), actor=actor, at=at)
    except Refused:
        return None
    return case.due_at if case.is_open else None


def _bundle(row: Bundle, parts: tuple[PartRecord, ...]) -> BundleRecord:
    due = [part.due_at for part in parts if part.due_at is not None]
    return BundleRecord(
        id=row.id,
        thing=definition_of(row),
        state=row.state,
        begun_at=row.begun_at,
        sent_at=row.sent_at,
        ended_at=row.ended_at,
        due_at=max(due) if due else None,
        parts=parts,
    )


def bundles_of(*, draft_ids: Iterable[UUID]) -> Mapping[UUID, tuple[UUID, OneThing, bool]]:
    """Return form → id and declaration of its bundle, and whether that was not sent, for those that are parts of one.

    For who holds the forms; in one query.
    """
    parts = BundlePart.objects.filter(draft_id__in=list(draft_ids)).select_related("bundle")
    return {
        part.draft_id: (
            part.bundle.pk,
            definition_of(part.bundle),
            part.bundle.sent_at is None and part.bundle.ended_at is None,
        )
        for part in parts
    }
