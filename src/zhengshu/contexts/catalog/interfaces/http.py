"""Management API of `catalog`: search, detail, items, elements, code tables; drafting and the steps after it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from zhengshu.contexts.catalog import api
from zhengshu.contexts.catalog.application.search_resources import FILTERS, SORTS, Way
from zhengshu.contexts.catalog.domain.vocabulary import (
    Category,
    DataType,
    FormatCategory,
    Grade,
    OpeningClass,
    PersonalClass,
    SharingClass,
    SharingMethod,
    State,
    UpdateCycle,
)
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import DEFAULT_SIZE, MOST_LETTERS, MOST_ROWS_PER_PAGE, ListQuery
from zhengshu.kernel.actors import Role

router = Router(tags=["catalog"])


class ItemSchema(Schema):
    """An item."""

    name: str
    column: str
    data_type: DataType = DataType.TEXT
    length: int | None = None
    grade: Grade = Grade.GENERAL_1
    personal: PersonalClass = PersonalClass.NONE
    element_code: str = ""
    code_table: str = ""
    is_key: bool = False
    is_required: bool = False
    description: str = ""


class DraftIn(Schema):
    """A resource as its department declares it; see Decree 809, article 13."""

    name: str
    summary: str
    classification: str
    items: list[ItemSchema]
    format_category: FormatCategory = FormatCategory.DATABASE
    format_type: str
    update_cycle: UpdateCycle = UpdateCycle.IRREGULAR
    sharing_class: SharingClass = SharingClass.UNCONDITIONAL
    sharing_methods: list[SharingMethod] = [SharingMethod.SERVICE]
    sharing_scope: str = ""
    sharing_purposes: str = ""
    withheld_reason: str = ""
    sharing_basis: str = ""
    opening_class: OpeningClass = OpeningClass.CLOSED
    opening_conditions: str = ""
    system_id: UUID | None = None
    duty_basis: str = ""
    keywords: list[str] = []
    related_codes: list[str] = []

    def declared(self) -> api.ResourceDraft:
        """Return the declaration."""
        return api.ResourceDraft(
            name=self.name,
            summary=self.summary,
            classification=self.classification,
            items=tuple(api.ItemDraft(**item.model_dump()) for item in self.items),
            format_category=self.format_category,
            format_type=self.format_type,
            update_cycle=self.update_cycle,
            sharing_class=self.sharing_class,
            sharing_methods=tuple(self.sharing_methods),
            sharing_scope=self.sharing_scope,
            sharing_purposes=self.sharing_purposes,
            withheld_reason=self.withheld_reason,
            sharing_basis=self.sharing_basis,
            opening_class=self.opening_class,
            opening_conditions=self.opening_conditions,
            system_id=self.system_id,
            duty_basis=self.duty_basis,
            keywords=tuple(self.keywords),
            related_codes=tuple(self.related_codes),
        )


class ResourceOut(Schema):
    """A version of a resource with all its facts."""

    id: UUID
    code: str
    official_code: str
    name: str
    summary: str
    department_id: UUID
    department_name: str
    state: State
    version: int
    is_retired: bool
    classification: str
    classification_name: str
    category: Category
    format_category: FormatCategory
    format_type: str
    update_cycle: UpdateCycle
    sharing_class: SharingClass
    sharing_methods: list[SharingMethod]
    sharing_scope: str
    sharing_purposes: str
    withheld_reason: str
    sharing_basis: str
    sharing_conditions: str
    opening_class: OpeningClass
    opening_conditions: str
    grade: Grade
    holds_personal_information: bool
    system_id: UUID | None
    system_name: str
    duty_basis: str
    keywords: list[str]
    related_codes: list[str]
    items: list[ItemSchema]
    changed_at: datetime
    published_at: datetime | None


class SummaryOut(Schema):
    """One line of search results."""

    id: UUID
    code: str
    name: str
    summary: str
    department_id: UUID
    department_name: str
    state: State
    version: int
    sharing_class: SharingClass
    opening_class: OpeningClass
    grade: Grade
    update_cycle: UpdateCycle
    format_category: FormatCategory
    items: int
    changed_at: datetime
    published_at: datetime | None


class FoundOut(Schema):
    """A page of search results with the counts of every facet."""

    total: int
    page: int
    size: int
    way: Way
    facets: Mapping[str, Mapping[str, int]]
    rows: list[SummaryOut]


class ElementOut(Schema):
    """A data element."""

    code: str
    name: str
    definition: str
    data_type: DataType
    length: int | None
    representation: str
    code_table: str
    grade: Grade
    personal: PersonalClass
    synonyms: list[str]
    column: str
    standard: str


class CodeOut(Schema):
    """One code."""

    code: str
    name: str
    parent: str


class CodeTableOut(Schema):
    """A code table."""

    code: str
    name: str
    standard: str
    entries: list[CodeOut]


class SearchIn(Schema):
    """What is searched for; the names are those of the page's address."""

    q: str = ""
    department: list[str] = []
    sharing: list[SharingClass] = []
    opening: list[OpeningClass] = []
    grade: list[Grade] = []
    cycle: list[UpdateCycle] = []
    format: list[FormatCategory] = []
    category: list[Category] = []
    state: list[State] = []
    sort: str = ""
    page: int = Field(default=1, ge=1)
    size: int = Field(default=DEFAULT_SIZE, ge=1, le=MOST_ROWS_PER_PAGE)

    def query(self) -> ListQuery:
        """Return the query of the list."""
        chosen = self.model_dump(include=set(FILTERS))
        filters = {name: tuple(str(value) for value in values) for name, values in chosen.items() if values}
        sort = self.sort if self.sort.removeprefix("-") in SORTS else ""
        return ListQuery(
            text=self.q[:MOST_LETTERS], filters=filters, sort=sort, page=self.page, size=self.size
        )


class ReasonIn(Schema):
    """Why."""

    reason: str


class AssessmentsIn(Schema):
    """What the head declares to have been assessed (Decree 809, article 13)."""

    secrecy_risk: bool
    personal_information: bool
    note: str = ""


@router.get("/resources", auth=official(), response=FoundOut)
def search_resources(request: ActorRequest, asked: Query[SearchIn]) -> FoundOut:
    """Search the catalogue, with facets."""
    found = api.search(query=asked.query(), actor=request.actor)
    return FoundOut(
        total=found.total,
        page=found.query.page,
        size=found.query.size,
        way=found.way,
        facets=found.facets,
        rows=[SummaryOut.from_orm(row) for row in found.rows],
    )


@router.post("/resources", auth=official(Role.DATA_OFFICER), response={201: ResourceOut})
def draft_resource(request: ActorRequest, declared: DraftIn) -> Status[ResourceOut]:
    """Declare a resource of one's own department."""
    made = api.draft_resource(draft=declared.declared(), actor=request.actor, at=timezone.now())
    return Status(201, ResourceOut.from_orm(made))


@router.get("/resources/{code}", auth=official(), response=ResourceOut)
def resource(request: ActorRequest, code: str) -> ResourceOut:
    """Return a resource as others see it."""
    return ResourceOut.from_orm(api.resource(code=code, actor=request.actor))


@router.get("/resources/{code}/items", auth=official(), response=list[ItemSchema])
def resource_items(request: ActorRequest, code: str) -> list[ItemSchema]:
    """Return the items of a resource."""
    found = api.resource(code=code, actor=request.actor)
    return [ItemSchema.from_orm(item) for item in found.items]


@router.get("/resources/{code}/versions/{number}", auth=official(), response=ResourceOut)
def resource_version(request: ActorRequest, code: str, number: int) -> ResourceOut:
    """Return one version of a resource."""
    return ResourceOut.from_orm(api.resource_version(code=code, number=number, actor=request.actor))


@router.put("/resources/{code}/draft", auth=official(Role.DATA_OFFICER), response=ResourceOut)
def change_draft(request: ActorRequest, code: str, revision: int, declared: DraftIn) -> ResourceOut:
    """Replace the declaration on its way; `revision` is the one that you read."""
    changed = api.change_draft(
        code=code,
        draft=declared.declared(),
        expected_revision=revision,
        actor=request.actor,
        at=timezone.now(),
    )
    return ResourceOut.from_orm(changed)


@router.post("/resources/{code}/submit", auth=official(Role.DATA_OFFICER), response=ResourceOut)
def submit_resource(request: ActorRequest, code: str) -> ResourceOut:
    """Hand a draft to the head."""
    return ResourceOut.from_orm(api.submit_resource(code=code, actor=request.actor, at=timezone.now()))


@router.post("/resources/{code}/approve", auth=official(Role.DEPARTMENT_HEAD), response=ResourceOut)
def approve_resource(request: ActorRequest, code: str, declared: AssessmentsIn) -> ResourceOut:
    """Approve a version, declaring the assessments."""
    assessments = api.Assessments(**declared.model_dump())
    done = api.approve_resource(code=code, assessments=assessments, actor=request.actor, at=timezone.now())
    return ResourceOut.from_orm(done)


@router.post(
    "/resources/{code}/return", auth=official(Role.DEPARTMENT_HEAD, Role.REVIEWER), response=ResourceOut
)
def return_resource(request: ActorRequest, code: str, given: ReasonIn) -> ResourceOut:
    """Return a version with the reason."""
    done = api.return_resource(code=code, reason=given.reason, actor=request.actor, at=timezone.now())
    return ResourceOut.from_orm(done)


@router.post("/resources/{code}/publish", auth=official(Role.REVIEWER), response=ResourceOut)
def publish_resource(request: ActorRequest, code: str) -> ResourceOut:
    """Publish an approved version."""
    return ResourceOut.from_orm(api.publish_resource(code=code, actor=request.actor, at=timezone.now()))


@router.get("/elements", auth=official(), response=list[ElementOut])
def elements(request: ActorRequest) -> list[ElementOut]:  # noqa: ARG001 - the framework hands it over
    """Return all data elements."""
    return [ElementOut.from_orm(one) for one in api.elements()]


@router.get("/code-tables/{code}", auth=official(), response=CodeTableOut)
def code_table(request: ActorRequest, code: str) -> CodeTableOut:  # noqa: ARG001 - as above
    """Return a code table with its entries."""
    return CodeTableOut.from_orm(api.code_table(code=code))
