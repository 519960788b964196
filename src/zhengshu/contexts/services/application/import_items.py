"""Take over the list of items that another platform keeps, record by record, with a report of each."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

import msgspec
from django.utils import timezone

from zhengshu.contexts.services.application.access import ItemStepNotYours
from zhengshu.contexts.services.application.read_list import ListRecord, read_list
from zhengshu.contexts.services.application.versions import new_version, put_in_force
from zhengshu.contexts.services.application.what_is_held import what_is_held
from zhengshu.contexts.services.domain.checks import faults_in, gaps_in
from zhengshu.contexts.services.domain.faults import Fault
from zhengshu.contexts.services.domain.held import Held
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.lengths import too_long
from zhengshu.contexts.services.domain.lists import organs
from zhengshu.contexts.services.domain.lists.reading import ReadItem, read_record
from zhengshu.contexts.services.domain.lists.record import Note
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.models import ServiceItem
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role

Progress = Callable[[int], None]

IMPORTED = "import"
AT_ONCE = 100
_NOT_IN_CODES = re.compile(r"[^A-Za-z0-9-]+")


class ImportOutcome(StrEnum):
    """What became of a record."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedItem:
    """A record of the file and what became of it.

    Attributes:
        place: line or number in the file.
        name: the item's name.
        code: the item's code here; empty where it was refused.
        department: the organ as it is spelled.
        organ: the organ that this means here; empty where none is known.
        outcome: what became of it.
        notes: what was not understood or was changed.
        faults: why it was refused.
        gaps: elements that the record lacks.
    """

    place: int
    name: str
    code: str
    department: str
    organ: str
    outcome: ImportOutcome
    notes: tuple[Note, ...] = ()
    faults: tuple[Fault, ...] = ()
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """All records of a file.

    Attributes:
        items: one for each record, in their order.
        is_trial: whether nothing was written.
    """

    items: tuple[ImportedItem, ...]
    is_trial: bool

    @property
    def counts(self) -> Mapping[ImportOutcome, int]:
        """How many records came to each outcome."""
        found = Counter(item.outcome for item in self.items)
        return {outcome: found[outcome] for outcome in ImportOutcome}

    @property
    def spellings(self) -> Mapping[str, str]:
        """Each spelling of an organ with the organ here; empty where none is known."""
        return {item.department: item.organ for item in self.items if item.department}


def import_items(
    *,
    data: bytes,
    name: str,
    actor: Actor,
    at: datetime,
    is_trial: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Read a list; publish new items, and changed ones as new versions; a faulty record never stops the rest.

    The same file again changes nothing. What the government holds is taken from its register instead of asked for
    (Decree 809, article 19), and no promise is taken over that is longer than the law's limit.

    Raises:
        ItemStepNotYours: the actor is no reviewer of a data authority.
        ListNotReadable: it is none of the kinds that are read.
        SheetTooLarge: more than is read at once.
    """
    if not actor.has(Role.REVIEWER):
        raise ItemStepNotYours
    records = read_list(data, name=name)
    desk = _Desk(held=what_is_held(), actor=actor, at=at, is_trial=is_trial)
    found: list[ImportedItem] = []
    for start in range(0, len(records), AT_ONCE):
        found.extend(desk.take(records[start : start + AT_ONCE]))
        if progress is not None:
            progress(len(found))
    return ImportReport(items=tuple(found), is_trial=is_trial)


class _Desk:
    """Whoever takes the records of one file."""

    def __init__(self, *, held: Held, actor: Actor, at: datetime, is_trial: bool) -> None:
        departments = trust.departments().values()
        self.by_code = {one.code: one for one in departments}
        names = [(one.code, name) for one in departments for name in (one.name, one.short_name)]
        self.spellings = organs.spelled(names)
        self.held, self.actor, self.at, self.is_trial = held, actor, at, is_trial
        self.seen: dict[str, int] = {}

    @transaction
    def take(self, records: tuple[ListRecord, ...]) -> list[ImportedItem]:
        """Take some records in one transaction."""
        return list(self._taken(records))

    def _taken(self, records: tuple[ListRecord, ...]) -> Iterator[ImportedItem]:
        read = [(record, read_record(record.values, held=self.held)) for record in records]
        codes = [code_of(one) for _record, one in read]
        rows = ServiceItem.objects.filter(code__in=codes).defer("all_words", "meaning").select_for_update()
        known = {row.code: row for row in rows}
        for (record, one), code in zip(read, codes, strict=True):
            yield self._one(record, one, code, known)

    def _one(
        self, record: ListRecord, one: ReadItem, code: str, known: dict[str, ServiceItem]
    ) -> ImportedItem:
        organ = self._organ(one)
        seen = ImportedItem(
            place=record.place,
            name=one.name,
            code=code,
            department=one.department,
            organ=organ.name if organ else "",
            outcome=ImportOutcome.REFUSED,
            notes=one.notes,
        )
        if record.fault or one.draft is None:
            fault = Fault(field="", code="services.record-not-read", message="This is no service item.")
            note = Note(heading="", value=record.fault, code="not-understood")
            notes = (*one.notes, note) if record.fault else one.notes
            return replace(seen, code="", notes=notes, faults=(fault,))
        if faults := faults_in(one.draft, held=self.held):
            return replace(seen, code="", faults=faults)
        if code in self.seen:
            note = Note(heading="", value=str(self.seen[code]), code="repeats")
            return replace(seen, outcome=ImportOutcome.REPEATED, notes=(*one.notes, note))
        if code in known and not self._may_take_over(known[code]):
            fault = Fault(
                field="",
                code="services.kept-otherwise",
                message="This item is kept here by its own organ or by another data authority.",
            )
            return replace(seen, faults=(fault,))
        self.seen[code] = record.place
        seen = replace(seen, notes=(*one.notes, *_too_long(one.draft)))
        outcome = self._keep(code, one, one.draft, organ, known)
        return replace(seen, outcome=outcome, gaps=tuple(fault.field for fault in gaps_in(one.draft)))

    def _may_take_over(self, item: ServiceItem) -> bool:
        is_own = self.actor.is_platform or item.authority_id == self.actor.department_id
        return item.origin == IMPORTED and is_own

    def _organ(self, one: ReadItem) -> trust.DepartmentRecord | None:
        if one.department_code in self.by_code:
            return self.by_code[one.department_code]
        matched = organs.match(one.department, self.spellings) if one.department else None
        return self.by_code[matched] if matched else None

    def _keep(
        self,
        code: str,
        one: ReadItem,
        draft: ItemDraft,
        organ: trust.DepartmentRecord | None,
        known: dict[str, ServiceItem],
    ) -> ImportOutcome:
        digest = sha256(msgspec.json.encode((one.department, draft), order="deterministic")).hexdigest()
        item = known.get(code)
        if item is not None and item.content_digest == digest:
            return ImportOutcome.UNCHANGED
        if self.is_trial:
            return ImportOutcome.CHANGED if item else ImportOutcome.NEW
        outcome = ImportOutcome.CHANGED if item else ImportOutcome.NEW
        item = item or ServiceItem(code=code, state=ItemState.DRAFT.value, origin=IMPORTED)
        item.department_id = organ.id if organ else None
        item.department_name = organ.name if organ else one.department[:200]
        item.authority_id = self.actor.department_id
        item.content_digest, item.changed_at = digest, self.at
        item.name, item.audiences = draft.name, [audience.value for audience in draft.audiences]
        item.level, item.kind, item.case_kind = draft.level.value, draft.kind.value, draft.case_kind.value
        item.save()
        today = timezone.localdate(self.at)
        version = new_version(item, draft, effective_from=today, cause="", actor=self.actor, at=self.at)
        put_in_force(item, version, draft, actor=self.actor, at=self.at, on=today)
        known[code] = item
        return outcome


def _too_long(draft: ItemDraft) -> Iterator[Note]:
    for one, _place, value in too_long(draft):
        yield Note(heading=one.name, value=value[:200], code="too-long")


def code_of(one: ReadItem) -> str:
    """Return the code under which an item is kept here: its implementation code, or one made of organ and name."""
    given = _NOT_IN_CODES.sub("-", one.draft.implementation_code).strip("-") if one.draft else ""
    if given:
        return given[:80]
    return "item-" + sha256(f"{one.department}\n{one.name}".encode()).hexdigest()[:16]
