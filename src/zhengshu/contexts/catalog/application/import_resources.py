"""Import declarations from the official spreadsheet, each for itself, with a report of every row that failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from zhengshu.contexts.catalog.application.access import ResourceNotFound, StepNotYours
from zhengshu.contexts.catalog.application.change_draft import change_draft
from zhengshu.contexts.catalog.application.checking import DraftNotAcceptable, what_is_known
from zhengshu.contexts.catalog.application.draft_resource import draft_resource
from zhengshu.contexts.catalog.application.queries import resource_version, versions_of
from zhengshu.contexts.catalog.application.revise_resource import revise_resource
from zhengshu.contexts.catalog.domain.faults import Fault
from zhengshu.contexts.catalog.domain.layout import missing_headers
from zhengshu.contexts.catalog.domain.layout_reading import ReadResource, RowFault, read_layout
from zhengshu.contexts.catalog.domain.lifecycle import Step, is_open
from zhengshu.contexts.catalog.domain.resources import Known, ResourceDraft
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.files.sheets import read_rows
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Refused


class HeadersMissing(Refused):
    """The first line is not that of the official layout; download the layout and fill it in."""

    code = "catalog.headers-missing"
    message = "The first line lacks these headers of the official layout: %(headers)s."


class Outcome(StrEnum):
    """What became of one resource of the file."""

    DRAFTED = "drafted"
    CHANGED = "changed"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedRecord:
    """One resource of the file: what became of it, and what was wrong where it was refused."""

    line: int
    name: str
    code: str
    outcome: Outcome
    faults: tuple[RowFault, ...] = ()


def import_resources(*, data: bytes, name: str, actor: Actor, at: datetime) -> tuple[ImportedRecord, ...]:
    """Draft the resources of a file, change open drafts and revise published ones; a faulty one never stops the rest.

    A row with a code is that resource of the actor's department; a row without becomes a new draft.
    Basis: Decree 809, article 13; compilation guide of 2017.

    Raises:
        StepNotYours: the actor is no data officer of a department.
        SheetNotReadable: the file is neither a workbook nor text.
        SheetTooLarge: more than is read at once.
        SheetEmpty: no rows.
        HeadersMissing: it is not in the official layout.
    """
    if actor.department_id is None or not actor.has(Role.DATA_OFFICER):
        raise StepNotYours(step=Step.CHANGE.value)
    (_, first), *rows = read_rows(data, name=name)
    headers = tuple("".join(header.split()).lstrip("*") for header in first)
    if lacking := missing_headers(headers):
        raise HeadersMissing(headers="、".join(lacking))
    own_code = trust.department(department_id=actor.department_id).code
    known = what_is_known()
    read = read_layout([(line, _cells(headers, row)) for line, row in rows])
    return tuple(_import(one, own_code=own_code, known=known, actor=actor, at=at) for one in read)


def _cells(headers: Sequence[str], row: Sequence[str]) -> Mapping[str, str]:
    return dict(zip(headers, row, strict=False))


def _import(one: ReadResource, *, own_code: str, known: Known, actor: Actor, at: datetime) -> ImportedRecord:
    if one.department_code and one.department_code != own_code:
        fault = Fault(
            field="department_code",
            code="catalog.other-department",
            message="You import for your own department, whose code is %(code)s.",
            data={"code": own_code},
        )
        return _refused(one, (RowFault(line=one.line, header="提供方代码", fault=fault),))
    if one.draft is None:
        return _refused(one, one.faults)
    try:
        code, outcome = _keep(one.code, one.draft, known=known, actor=actor, at=at)
    except DraftNotAcceptable as refusal:
        return _refused(one, tuple(one.place(fault) for fault in refusal.faults))
    except Refused as refusal:
        fault = Fault(field="code", code=refusal.code, message=refusal.message, data=_plain(refusal.data))
        return _refused(one, (RowFault(line=one.line, header="信息资源代码", fault=fault),))
    return ImportedRecord(line=one.line, name=one.name, code=code, outcome=outcome)


def _keep(
    code: str, draft: ResourceDraft, *, known: Known, actor: Actor, at: datetime
) -> tuple[str, Outcome]:
    if not code:
        return draft_resource(draft=draft, actor=actor, at=at, known=known).code, Outcome.DRAFTED
    versions = versions_of(code=code, actor=actor)
    if not versions:
        raise ResourceNotFound(code=code)
    newest = resource_version(code=code, number=versions[0].number, actor=actor)
    if newest.department_id != actor.department_id:
        raise StepNotYours(step=Step.CHANGE.value)
    draft = replace(draft, system_id=newest.system_id)
    if newest.declared() == draft:
        return newest.code, Outcome.UNCHANGED
    if is_open(versions[0].state):
        revision = versions[0].revision
        change_draft(code=code, draft=draft, expected_revision=revision, actor=actor, at=at)
        return newest.code, Outcome.CHANGED
    revise_resource(code=code, draft=draft, actor=actor, at=at)
    return newest.code, Outcome.REVISED


def _refused(one: ReadResource, faults: tuple[RowFault, ...]) -> ImportedRecord:
    return ImportedRecord(line=one.line, name=one.name, code=one.code, outcome=Outcome.REFUSED, faults=faults)


def _plain(data: Mapping[str, object]) -> Mapping[str, str | int]:
    return {name: value if isinstance(value, int) else str(value) for name, value in data.items()}
