"""Management API of `services`: items that are offered, and their versions."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from zhengshu.contexts.services import api
from zhengshu.contexts.services.application.queries import item_version, version_page
from zhengshu.contexts.services.application.records import ItemRecord, ItemSummary
from zhengshu.contexts.services.application.search_items import search
from zhengshu.contexts.services.application.take_back_version import take_back_version
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    CaseKind,
    ItemKind,
    ItemLevel,
    ItemState,
    VersionState,
)
from zhengshu.contexts.services.interfaces.compared import ComparedPart, compared
from zhengshu.contexts.services.interfaces.http_item_facts import ElementOut, FactsOut
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import DEFAULT_SIZE, MOST_ROWS_PER_PAGE, ListQuery, readable
from zhengshu.kernel.actors import Role

router = Router(tags=["services"])

Code = Annotated[str, Path(pattern=r"^[-\w]{1,80}$")]
Number = Annotated[int, Path(ge=1, le=1_000_000)]


class PageIn(Schema):
    """Which page of a list."""

    page: int = Field(1, ge=1, le=10_000)
    size: int = Field(DEFAULT_SIZE, ge=1, le=MOST_ROWS_PER_PAGE)


class ItemsIn(PageIn):
    """What the list of items is narrowed by; names of organs and codes of themes as the answers have them."""

    q: str = Field("", max_length=200)
    sort: Literal["", "name", "-name", "department", "-department", "changed", "-changed"] = ""
    department: str = Field("", max_length=200)
    theme: str = Field("", max_length=40)
    kind: ItemKind | None = None
    level: ItemLevel | None = None
    case: CaseKind | None = None
    audience: Audience | None = None
    online: Literal["", "yes", "no"] = ""

    def asked(self) -> ListQuery:
        """Return the query of the list."""
        chosen = {
            name: readable(str(value))
            for name in ("department", "theme", "kind", "level", "case", "audience", "online")
            if (value := getattr(self, name))
        }
        return ListQuery(
            text=readable(self.q),
            filters={name: (value,) for name, value in chosen.items() if value},
            sort=self.sort,
            page=self.page,
            size=self.size,
        )


class ItemFaceOut(Schema):
    """A service item as a list shows it."""

    code: str
    name: str
    name_en: str
    summary: str
    department: str
    level: ItemLevel
    kind: ItemKind
    audiences: list[Audience]
    case_kind: CaseKind
    is_online: bool
    state: ItemState
    changed_at: datetime

    @classmethod
    def of(cls, one: ItemSummary) -> "ItemFaceOut":
        """Make it of an item's face."""
        return cls(
            department=one.department_name,
            **{name: getattr(one, name) for name in cls.model_fields if name != "department"},
        )


class ItemPageOut(Schema):
    """One page of items; with words at most the best 200 are found."""

    total: int
    page: int
    rows: list[ItemFaceOut]


class VersionFaceOut(Schema):
    """A version of an item: how far it has come, and from when to when it is in force."""

    version: int
    name: str
    state: VersionState
    effective_from: date
    effective_to: date | None
    cause: str

    @classmethod
    def of(cls, one: ItemRecord) -> "VersionFaceOut":
        """Make it of a version."""
        return cls(
            version=one.version,
            name=one.name,
            state=one.version_state,
            effective_from=one.effective_from,
            effective_to=one.effective_to,
            cause=one.cause,
        )


class VersionPageOut(Schema):
    """One page of the versions of an item, the newest first."""

    total: int
    page: int
    rows: list[VersionFaceOut]


class ComparedPartOut(Schema):
    """A part of the declaration that two versions declare differently, in the reader's words."""

    part: str = Field(description="As the facts of a version call it.")
    name: str
    before: list[str]
    after: list[str]
    only_before: list[str] = Field(
        description="Entries of the older version that the newer one does not have."
    )
    only_after: list[str]

    @classmethod
    def of(cls, one: ComparedPart) -> "ComparedPartOut":
        """Make it of a compared part."""
        return cls(
            part=one.part,
            name=one.label,
            before=[line.text for line in one.before],
            after=[line.text for line in one.after],
            only_before=[line.text for line in one.before if line.is_alone],
            only_after=[line.text for line in one.after if line.is_alone],
        )


class ComparedOut(Schema):
    """What differs between two versions of an item, in the order of the declaration; no part: they say the same."""

    code: str
    older: int
    newer: int
    parts: list[ComparedPartOut]


class ReasonIn(Schema):
    """Why something is done."""

    reason: str = Field(min_length=1, max_length=2000)


class ItemOut(Schema):
    """One version of a service item with all that is declared, and the same as the 64 elements of GB/T 39046-2020."""

    code: str
    version: int
    department: str
    state: VersionState
    effective_from: date
    effective_to: date | None
    facts: FactsOut
    elements: list[ElementOut]

    @classmethod
    def of(cls, found: ItemRecord) -> "ItemOut":
        """Make it of a version."""
        return cls(
            code=found.code,
            version=found.version,
            department=found.summary.department_name,
            state=found.version_state,
            effective_from=found.effective_from,
            effective_to=found.effective_to,
            facts=FactsOut.of(found),
            elements=ElementOut.all_of(found),
        )


@router.get("/items", auth=official(), response=ItemPageOut, summary="Search service items")
def items(request: ActorRequest, asked: Query[ItemsIn]) -> ItemPageOut:
    """List what is offered; with words, what fits them best comes first unless another order is asked for."""
    found = search(query=asked.asked(), actor=request.actor)
    return ItemPageOut(total=found.total, page=asked.page, rows=[ItemFaceOut.of(one) for one in found.rows])


@router.get("/items/{code}", auth=official(), response=ItemOut, summary="Read a service item in force")
def item(request: ActorRequest, code: Code) -> ItemOut:
    """Return the version that is in force today."""
    return ItemOut.of(api.item(code=code, actor=request.actor, on=timezone.localdate()))


@router.get(
    "/items/{code}/versions",
    auth=official(),
    response=VersionPageOut,
    summary="List the versions of a service item",
)
def versions(request: ActorRequest, code: Code, asked: Query[PageIn]) -> VersionPageOut:
    """Return what was published, and what is in the making as far as the caller may see it."""
    found = version_page(code=code, query=ListQuery(page=asked.page, size=asked.size), actor=request.actor)
    return VersionPageOut(
        total=found.total, page=asked.page, rows=[VersionFaceOut.of(one) for one in found.rows]
    )


@router.get(
    "/items/{code}/versions/{number}",
    auth=official(),
    response=ItemOut,
    summary="Read one version of a service item",
)
def version(request: ActorRequest, code: Code, number: Number) -> ItemOut:
    """Return all that one version declares."""
    return ItemOut.of(item_version(code=code, number=number, actor=request.actor))


@router.get(
    "/items/{code}/compare/{older}/{newer}",
    auth=official(),
    response=ComparedOut,
    summary="Compare two versions of a service item",
)
def compare(request: ActorRequest, code: Code, older: Number, newer: Number) -> ComparedOut:
    """Return what differs between two versions that the caller may see, element by element."""
    before = item_version(code=code, number=older, actor=request.actor)
    after = item_version(code=code, number=newer, actor=request.actor)
    parts = [ComparedPartOut.of(one) for one in compared(before.facts, after.facts)]
    return ComparedOut(code=code, older=older, newer=newer, parts=parts)


@router.post(
    "/items/{code}/versions/{number}/take-back",
    auth=official(Role.DEPARTMENT_HEAD, Role.REVIEWER),
    response=VersionFaceOut,
    summary="Take an approved version of a service item back before its first day",
)
def take_back(request: ActorRequest, code: Code, number: Number, body: ReasonIn) -> VersionFaceOut:
    """Take back what waits for its first day; a second time it does not wait any more."""
    return VersionFaceOut.of(
        take_back_version(
            code=code, number=number, reason=body.reason, actor=request.actor, at=timezone.now()
        )
    )
