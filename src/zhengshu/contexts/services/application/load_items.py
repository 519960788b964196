"""Load service items and themes from a folder of content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec
from django.utils import timezone

from zhengshu.contexts.services.application.access import ItemNotAcceptable
from zhengshu.contexts.services.application.authority import authority_over
from zhengshu.contexts.services.application.items_in_the_making import IN_THE_MAKING
from zhengshu.contexts.services.application.versions import new_version, put_in_force
from zhengshu.contexts.services.application.what_is_held import what_is_held
from zhengshu.contexts.services.domain.checks import faults_in, gaps_in
from zhengshu.contexts.services.domain.held import Held
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.lengths import faults_of_length
from zhengshu.contexts.services.domain.vocabulary import ItemState, ThemeKind
from zhengshu.contexts.services.models import ItemVersion, ServiceItem, Theme
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused

T = TypeVar("T")
PACK = "pack"
THEMES = "themes.yaml"


class ItemsNotReadable(Refused):
    """A file of the folder is missing or not of its form; the sentence says where."""

    code = "services.items-not-readable"
    message = "%(file)s cannot be read: %(fault)s"


class PackItem(ItemDraft, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service item as its file declares it.

    Attributes:
        department: the unified social credit code of the organ.
        effective_from: the first day of the version.
    """

    department: str
    effective_from: date


class _Theme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    name_en: str
    audiences: tuple[str, ...] = msgspec.field(name="for")
    note: str = ""
    note_en: str = ""
    icon: str = ""


class _Themes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    life_events: dict[str, _Theme]
    topics: dict[str, _Theme]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedItems:
    """What changed, by the items' codes.

    Attributes:
        changed: new, or with a new version.
        without_department: left out, for their organ is not here.
        being_written: left for the next time, for their organ is writing a version itself.
    """

    changed: tuple[str, ...]
    without_department: tuple[str, ...]
    being_written: tuple[str, ...] = ()


def read_items(*, folder: Path) -> Mapping[str, tuple[PackItem, str]]:
    """Return the items of a folder by code, each with the digest of its file.

    Raises:
        ItemsNotReadable: a file is not of its form.
    """
    files = sorted(file for file in folder.glob("*.yaml") if file.name != THEMES)
    return {file.stem: (_read(file, PackItem), sha256(file.read_bytes()).hexdigest()) for file in files}


@transaction
def load_items(*, folder: Path, at: datetime, actor: Actor | None = None) -> LoadedItems:
    """Load themes and items; the same files again change nothing, an edited one becomes a new version.

    An item whose organ is unknown here is left out; one of which an official is writing the next version is left
    until that is published or given up. Basis: Decree 809, article 19 (what is held is not asked for).

    Raises:
        ItemsNotReadable: a file is not of its form.
        ItemNotAcceptable: an item breaks a rule; nothing is loaded then.
    """
    who = actor or Actor.platform("services.load-items")
    _keep_themes(_read(folder / THEMES, _Themes))
    known = dict(ServiceItem.objects.filter(origin=PACK).values_list("code", "content_digest"))
    fresh = {code: found for code, found in read_items(folder=folder).items() if known.get(code) != found[1]}
    organs = {one.code: one for one in trust.departments().values()} if fresh else {}
    held = what_is_held() if fresh else Held()
    themes = frozenset(Theme.objects.values_list("code", flat=True))
    written = _being_written(fresh)
    changed = []
    for code, (declared, digest) in fresh.items():
        if code in written:
            continue
        organ = organs.get(declared.department)
        if organ is None:
            continue
        wrong = faults_in(declared, held=held, themes=themes) + faults_of_length(declared)
        if faults := wrong + gaps_in(declared):
            raise ItemNotAcceptable(faults)
        _keep(code, declared, digest, organ=organ, actor=who, at=at)
        changed.append(code)
    left = tuple(code for code in fresh if code not in changed and code not in written)
    return LoadedItems(changed=tuple(changed), without_department=left, being_written=written)


def _being_written(codes: Iterable[str]) -> tuple[str, ...]:
    rows = ItemVersion.objects.filter(item__code__in=list(codes), state__in=IN_THE_MAKING)
    return tuple(rows.order_by("item__code").values_list("item__code", flat=True))


def _keep(
    code: str,
    declared: PackItem,
    digest: str,
    *,
    organ: trust.DepartmentRecord,
    actor: Actor,
    at: datetime,
) -> None:
    item = ServiceItem.objects.select_for_update().filter(code=code).first()
    if item is None:
        item = ServiceItem(code=code, state=ItemState.DRAFT.value, origin=PACK, changed_at=at)
    item.department_id, item.department_name = organ.id, organ.name
    item.authority_id = authority_over(organ.id)
    item.content_digest = digest
    draft = msgspec.convert(
        {
            key: value
            for key, value in msgspec.to_builtins(declared).items()
            if key in ItemDraft.__struct_fields__
        },
        ItemDraft,
    )
    item.name, item.audiences = draft.name, [one.value for one in draft.audiences]
    item.level, item.kind, item.case_kind = draft.level.value, draft.kind.value, draft.case_kind.value
    item.save()
    first = item.current_id is None
    day = declared.effective_from if first else max(declared.effective_from, timezone.localdate(at))
    version = new_version(item, draft, effective_from=day, cause="", actor=actor, at=at)
    put_in_force(item, version, draft, actor=actor, at=at, on=timezone.localdate(at))


def _keep_themes(themes: _Themes) -> None:
    known = {row.code: row for row in Theme.objects.all()}
    for kind, declared in ((ThemeKind.LIFE_EVENT, themes.life_events), (ThemeKind.TOPIC, themes.topics)):
        for position, (code, theme) in enumerate(declared.items()):
            facts = {
                "kind": kind.value,
                "name": theme.name,
                "name_en": theme.name_en,
                "note": theme.note,
                "note_en": theme.note_en,
                "icon": theme.icon,
                "is_for_people": "people" in theme.audiences,
                "is_for_enterprises": "enterprises" in theme.audiences,
                "position": position,
            }
            row = known.get(code)
            if row is None or any(getattr(row, name) != value for name, value in facts.items()):
                Theme.objects.update_or_create(code=code, defaults=facts)


def _read(file: Path, form: type[T]) -> T:
    try:
        return msgspec.yaml.decode(file.read_bytes(), type=form)
    except (OSError, msgspec.MsgspecError) as fault:
        raise ItemsNotReadable(file=file.name, fault=str(fault)) from fault
