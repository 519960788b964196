"""What the studio shows: case types with their versions, drafts, and how they differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from zhengshu.contexts.casework.application.check_draft import check_draft
from zhengshu.contexts.casework.application.drafts import may_change, may_own, visible_draft
from zhengshu.contexts.casework.application.naming import reader_language
from zhengshu.contexts.casework.application.open_case import CaseTypeNotFound
from zhengshu.contexts.casework.application.queries import case
from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.definitions import read_texts
from zhengshu.contexts.casework.domain.designing import DESIGNERS
from zhengshu.contexts.casework.domain.faults import Fault
from zhengshu.contexts.casework.domain.records import Step
from zhengshu.contexts.casework.models import Case, CaseTypeDraft, CaseTypeVersion
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

OPEN_STATES = (CaseTypeDraft.State.DRAFTING, CaseTypeDraft.State.SUBMITTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRecord:
    """A draft as pages show it.

    Attributes:
        name: of the case type, in the reader's language.
        base_edition: the version with which it began; 0 for a new type.
        published_edition: the version that it became; 0 while it is none.
        may_change: whether the reader may draw in it now.
    """

    id: UUID
    code: str
    name: str
    state: str
    revision: int
    department_id: UUID
    department_name: str
    base_id: UUID | None
    base_edition: int
    published_edition: int
    case_id: UUID | None
    begun_at: datetime
    saved_at: datetime
    saved_by_name: str
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRecord:
    """A case type as the list of the studio shows it."""

    code: str
    name: str
    edition: int
    is_current: bool
    department_name: str
    published_at: datetime
    draft_id: UUID | None
    may_design: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """One version of a case type."""

    id: UUID
    code: str
    name: str
    edition: int
    is_current: bool
    department_name: str
    published_at: datetime
    published_by_name: str
    cases: int


def drafts(*, actor: Actor) -> tuple[DraftRecord, ...]:
    """Return the open drafts that the actor may see, the last saved first."""
    rows = CaseTypeDraft.objects.visible_to(actor).filter(state__in=OPEN_STATES)
    names = _department_names()
    found = rows.select_related("base", "published").order_by("-saved_at", "-id")
    return tuple(_draft(row, names=names, actor=actor) for row in found)


def draft(*, draft_id: UUID, actor: Actor) -> tuple[DraftRecord, TypeFiles]:
    """Return a draft with its files.

    Raises:
        DraftNotFound: there is none that the actor may see.
    """
    row = visible_draft(draft_id=draft_id, actor=actor)
    return _draft(row, names=_department_names(), actor=actor), row.files()


def faults_of(files: TypeFiles) -> tuple[Fault, ...]:
    """Return what the checker finds."""
    return check_draft(files)


def case_types(*, actor: Actor) -> tuple[TypeRecord, ...]:
    """Return the latest version of every case type, in a fixed number of queries."""
    rows = CaseTypeVersion.objects.order_by("code", "-is_current", "-edition").distinct("code")
    latest = list(rows.defer("flow", "definition", "forms", "decisions", "source_texts"))
    open_drafts = CaseTypeDraft.objects.visible_to(actor).filter(state__in=OPEN_STATES)
    by_code = dict(open_drafts.values_list("code", "id"))
    names = _department_names()
    is_designer = actor.has(*DESIGNERS)
    owners: dict[UUID | None, bool] = {}
    for row in latest:
        if is_designer and row.department_id not in owners:
            owners[row.department_id] = may_own((True, row.department_id), actor=actor)
    return tuple(
        TypeRecord(
            code=row.code,
            name=_name(row.texts.get(reader_language(), {}), row.code),
            edition=row.edition,
            is_current=row.is_current,
            department_name=names.get(row.department_id, ""),
            published_at=row.loaded_at,
            draft_id=by_code.get(row.code),
            may_design=owners.get(row.department_id, False),
        )
        for row in latest
    )


def versions(*, code: str) -> tuple[VersionRecord, ...]:
    """Return the versions of a case type, the newest first.

    Raises:
        CaseTypeNotFound: there is no such type.
    """
    rows = list(CaseTypeVersion.objects.filter(code=code).order_by("-edition"))
    if not rows:
        raise CaseTypeNotFound(case_type=code)
    counted = Case.objects.filter(type_code=code).values_list("version_id").annotate(Count("id"))
    counts: dict[UUID, int] = dict(counted.order_by())
    names = _department_names()
    return tuple(
        VersionRecord(
            id=row.pk,
            code=row.code,
            name=_name(row.texts.get(reader_language(), {}), row.code),
            edition=row.edition,
            is_current=row.is_current,
            department_name=names.get(row.department_id, ""),
            published_at=row.loaded_at,
            published_by_name=row.published_by_name,
            cases=counts.get(row.pk, 0),
        )
        for row in rows
    )


def version_files(*, code: str, edition: int) -> TypeFiles:
    """Return the files of one version.

    Raises:
        CaseTypeNotFound: there is no such version.
    """
    row = CaseTypeVersion.objects.filter(code=code, edition=edition).first()
    if row is None:
        raise CaseTypeNotFound(case_type=f"{code} {edition}")
    return row.files()


def compared_with(record: DraftRecord) -> TypeFiles | None:
    """Return the files of the version with which a draft is compared: that on which it was begun."""
    if record.base_id is None:
        return None
    return CaseTypeVersion.objects.get(pk=record.base_id).files()


def returns(record: DraftRecord, *, actor: Actor) -> tuple[Step, ...]:
    """Return the steps at which the data authority decided on a draft, the latest first."""
    if record.case_id is None or not Case.objects.visible_to(actor).filter(pk=record.case_id).exists():
        return ()
    found = case(case_id=CaseId(record.case_id), actor=actor, at=record.saved_at)
    return tuple(step for step in reversed(found.timeline) if step.task == "approval" and step.outcome)


def name_of(files: TypeFiles) -> str:
    """Return the name of a case type in the reader's language; its code where it has none (yet)."""
    try:
        return _name(read_texts(files.texts.get(reader_language(), "")), files.name)
    except ValueError:
        return files.name


def _draft(row: CaseTypeDraft, *, names: Mapping[UUID | None, str], actor: Actor) -> DraftRecord:
    return DraftRecord(
        id=row.pk,
        code=row.code,
        name=name_of(row.files()),
        state=row.state,
        revision=row.revision,
        department_id=row.department_id,
        department_name=names.get(row.department_id, ""),
        base_id=row.base_id,
        base_edition=row.base.edition if row.base else 0,
        published_edition=row.published.edition if row.published else 0,
        case_id=row.case_id,
        begun_at=row.begun_at,
        saved_at=row.saved_at,
        saved_by_name=row.saved_by_name,
        may_change=row.state == CaseTypeDraft.State.DRAFTING and may_change(row, actor=actor),
    )


def _name(texts: Mapping[str, str], code: str) -> str:
    return texts.get("name", "") or code


def _department_names() -> Mapping[UUID | None, str]:
    return {key: record.name for key, record in trust.departments().items()}
