"""Beginning one thing: a form for each item that the person needs, filled by sources, asked together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.one_thing_pack import OneThingNotFound, one_thing
from zhengshu.contexts.services.application.prefill_bundle import prefill_drafts
from zhengshu.contexts.services.domain.one_things import Asked, OneThing, Part, merged
from zhengshu.contexts.services.models.bundles import Bundle, BundlePart
from zhengshu.foundation import locks
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import new_id

SPACE = "services.begin_bundle"


class NotForYou(Refused):
    """The matter is for citizens, or for enterprises; sign in as one of them."""

    code = "services.one-thing-not-for-you"
    kind = Kind.FORBIDDEN
    message = "This matter is asked for by citizens, or by delegates of enterprises. Sign in as one of them."


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedQuestion:
    """A question that is asked once for all items that need it.

    Attributes:
        source, source_at: the register that has answered it, and when; empty where a person answers.
    """

    name: str
    asked: tuple[Asked, ...]
    question: casework.FormQuestion
    source: str = ""
    source_at: datetime | None = None

    @property
    def is_known(self) -> bool:
        """Whether a register has answered it, so that there is nothing left to type."""
        return bool(self.source)


def definition_of(row: Bundle) -> OneThing:
    """Return the declaration with which a bundle was begun."""
    return msgspec.convert(row.definition, type=OneThing)


def begin_bundle(
    *, code: str, left_in: Iterable[str], key: UUID | None = None, actor: Actor, at: datetime
) -> UUID:
    """Begin a bundle: prepare the form of each item and let sources fill in what nobody is to type.

    The sources are asked outside of any transaction. A page that is sent twice has the same `key`: it begins once, and
    no register is asked twice.

    Raises:
        OneThingNotFound: there is no such bundle, or somebody else's has the key.
        NotForYou: it is for others.
    """
    thing = one_thing(code)
    if thing.audience not in {role.value for role in actor.roles}:
        raise NotForYou
    key = key or new_id()
    with locks.held(SPACE, key):
        if Bundle.objects.filter(pk=key).exists():
            return own_bundle(bundle_id=key, actor=actor).id
        return _begin(thing, left_in, key, actor=actor, at=at)


def _begin(thing: OneThing, left_in: Iterable[str], key: UUID, *, actor: Actor, at: datetime) -> UUID:
    parts = thing.chosen(left_in)
    try:
        drafts = {
            part.item: casework.prepare_form(case_type=part.item, answers={}, actor=actor, at=at)
            for part in parts
        }
    except casework.FormNotFound as fault:
        raise NotForYou from fault
    said = prefill_drafts(thing, drafts, actor=actor, at=at)
    return _store(key, thing, parts, drafts, said, actor=actor, at=at)


@transaction
def _store(
    key: UUID,
    thing: OneThing,
    parts: tuple[Part, ...],
    drafts: Mapping[str, UUID],
    said: Mapping[str, list[str]],
    *,
    actor: Actor,
    at: datetime,
) -> UUID:
    chosen = msgspec.structs.replace(thing, parts=parts)
    enterprises = sorted(actor.enterprise_ids)
    row = Bundle.objects.create(
        id=key,
        code=thing.code,
        definition=msgspec.to_builtins(chosen),
        sources=dict(said),
        applicant_id=actor.id,
        enterprise_id=enterprises[0] if thing.audience == "enterprise_delegate" and enterprises else None,
        begun_at=at,
    )
    BundlePart.objects.bulk_create(
        [
            BundlePart(bundle=row, item=part.item, position=place, draft_id=drafts[part.item])
            for place, part in enumerate(parts)
        ]
    )
    return row.id


def own_bundle(*, bundle_id: UUID, actor: Actor) -> Bundle:
    """Return one of the actor's own bundles.

    Raises:
        OneThingNotFound: it is somebody else's, or there is none.
    """
    row = Bundle.objects.visible_to(actor).filter(pk=bundle_id).first()
    if row is None:
        raise OneThingNotFound
    return row


def questions_of(*, bundle_id: UUID, actor: Actor) -> tuple[MergedQuestion, ...]:
    """Return what is asked, each question once; what an earlier part finds out is not asked.

    Raises:
        OneThingNotFound: it is somebody else's, or there is none.
    """
    row = own_bundle(bundle_id=bundle_id, actor=actor)
    later = {part.item: set(part.takes) for part in definition_of(row).parts}
    found: dict[tuple[str, str], casework.FormQuestion] = {}
    for part in row.parts.all():
        for one in casework.form_questions(draft_id=part.draft_id, actor=actor):
            if one.key not in later[part.item]:
                found[part.item, one.key] = one
    together = merged(Asked(item=item, key=key, element=one.element) for (item, key), one in found.items())
    return tuple(
        _merged(name, asked, found[asked[0].item, asked[0].key], sources=row.sources)
        for name, asked in together.items()
    )


def _merged(
    name: str, asked: tuple[Asked, ...], question: casework.FormQuestion, *, sources: Mapping[str, list[str]]
) -> MergedQuestion:
    source, at = sources.get(question.key, ("", ""))
    return MergedQuestion(
        name=name,
        asked=asked,
        question=question,
        source=source,
        source_at=datetime.fromisoformat(at) if at else None,
    )
