"""Opening a case."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.utils.timezone import get_default_timezone

from zhengshu.contexts.casework.application.applying import apply
from zhengshu.contexts.casework.application.clockwork import Clockwork
from zhengshu.contexts.casework.application.commands_once import answer_to, was_handled
from zhengshu.contexts.casework.application.naming import LoadedType, current_version, loaded
from zhengshu.contexts.casework.application.queries import record_of, stepped_record_of
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.completing import NotYourTask, opening_data
from zhengshu.contexts.casework.domain.definitions import Definition
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.numbering import number_text, period_of
from zhengshu.contexts.casework.domain.records import Applicant, CaseRecord, CaseSubject, StepKind
from zhengshu.contexts.casework.events import CaseOpened
from zhengshu.contexts.casework.models import Case
from zhengshu.foundation.statements import Statement
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId, DepartmentId, new_id


class CaseTypeNotFound(Refused):
    """No case type of that code was loaded; run `zhengshu packs load`."""

    code: ClassVar[str] = "casework.case-type-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no case type “%(case_type)s”. Load it with: zhengshu packs load"


class PartiesWrong(Refused):
    """A case names exactly the parties that its type declares."""

    code: ClassVar[str] = "casework.parties-wrong"
    message: ClassVar[str] = "The case type needs exactly these parties: %(expected)s."


@transaction
def open_case(
    *,
    case_type: str,
    subject: CaseSubject,
    parties: Mapping[str, DepartmentId],
    data: Mapping[str, Value],
    applicant: Applicant | None = None,
    actor: Actor,
    at: datetime,
    idempotency_key: str = "",
) -> CaseRecord:
    """Open a case of the current version of a type and take its first steps.

    A call repeated with the same idempotency key opens no second case and gets the first as it now stands.

    Where the type has an applicant, a private person asks for himself (or for the enterprise whose delegate he is)
    and an official of the window names for whom he opens the case.

    Raises:
        CaseTypeNotFound: the type was not loaded.
        PartiesWrong: parties are missing, or the type does not know them.
        ApplicantMissing: nobody was named for whom an official opens the case.
        ApplicantUnfit: the type has no applicant, or not one like this.
        NotForOthers: a private person asks for somebody else.
        NotYourTask: the actor works in none of the lanes that may open such a case.
        DataMissing: a value without a default was not given.
        DataNotDeclared: a value that the type does not know, or of another kind.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case_id = CaseId(new_id())
    command: dict[str, object] = {
        "type": case_type,
        "subject": subject,
        "parties": dict(parties),
        "data": dict(data),
        "applicant": applicant,
    }
    if was_handled("open-case", idempotency_key, command, actor=actor, at=at, answer=str(case_id)):
        known = Case.objects.get(pk=answer_to(idempotency_key, actor=actor))
        return record_of(known, actor=actor, at=at)
    version = current_version(case_type)
    if version is None:
        raise CaseTypeNotFound(case_type=case_type)
    case = opened(
        case_id=case_id,
        kind=loaded(version),
        subject=subject,
        parties=parties,
        data=data,
        applicant=applicant,
        actor=actor,
        at=at,
    )
    return stepped_record_of(case, at=at)


def opened(
    *,
    case_id: CaseId,
    kind: LoadedType,
    subject: CaseSubject,
    parties: Mapping[str, DepartmentId],
    data: Mapping[str, Value],
    applicant: Applicant | None,
    actor: Actor,
    at: datetime,
) -> WorkingCase:
    """Open a case of a current version within the caller's transaction; refuses what `open_case` refuses."""
    definition = kind.definition
    expected = [party for party in definition.parties if party not in definition.named_later]
    if set(parties) != set(expected):
        raise PartiesWrong(expected=", ".join(expected))
    row = Case(
        id=case_id,
        version_id=kind.id,
        type_code=definition.code,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_title=subject.title,
        subject_path=subject.path,
        data=opening_data(definition, data),
        opened_at=at,
        opened_by=actor.id,
        opened_by_name=actor.name,
        department_id=actor.department_id,
    )
    apply(row, definition=definition, wanted=applicant, actor=actor)
    case = WorkingCase(row, parties=parties, tasks=[], clocks=Clockwork({}), actor=actor)
    if not any(case.is_in_lane(lane) for lane in definition.opened_by):
        raise NotYourTask
    start = case.type.engine.start(data=row.data)
    row.number = _next_number(definition, at=at)
    case.note(StepKind.OPENED, at=at, details=_window(row, actor=actor))
    case.announce(CaseOpened, at=at, number=row.number)
    case.advance(start, at=at)
    case.store(at=at)
    return case


def _window(row: Case, *, actor: Actor) -> dict[str, str]:
    """Return what the timeline tells of a case that an official opened for somebody at the window."""
    if row.applicant_id is None or row.applicant_id == actor.id or actor.is_platform:
        return {}
    return {"window": "yes", "for": row.enterprise_name or row.applicant_name}


def _next_number(definition: Definition, *, at: datetime) -> str:
    """Take the next number; the series' row stays locked until the case is stored, so none is ever skipped.

    Whatever may refuse the case, or takes long, comes before.
    """
    today = at.astimezone(get_default_timezone()).date()
    period = period_of(definition.number, on=today)
    ((last,),) = _NEXT.rows(definition.number.prefix, period)
    return number_text(definition.number, period=period, sequence=int(last))


_NEXT = Statement(
    """
    INSERT INTO casework_number_series (prefix, period, last) VALUES (%s, %s, 1)
    ON CONFLICT (prefix, period) DO UPDATE SET last = casework_number_series.last + 1
    RETURNING last
    """
)
