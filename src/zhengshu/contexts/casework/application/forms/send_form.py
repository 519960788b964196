"""Sending a form: it opens a case or does a task, once, whatever is clicked twice."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from zhengshu.contexts.casework.application.complete_task import NO_PARTIES, complete_task
from zhengshu.contexts.casework.application.forms import adapters
from zhengshu.contexts.casework.application.forms.drafts import Draft, locked
from zhengshu.contexts.casework.application.open_case import opened
from zhengshu.contexts.casework.application.queries import record_of, stepped_record_of
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.definitions import Definition
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.forms.checking_use import AUTHORITY, DEPARTMENT, FIELD, ITEM, JOINT
from zhengshu.contexts.casework.domain.forms.kinds import Typed
from zhengshu.contexts.casework.domain.forms.ports import Use
from zhengshu.contexts.casework.domain.forms.schema import Place, fields_of
from zhengshu.contexts.casework.domain.records import Applicant, CaseRecord, CaseSubject
from zhengshu.contexts.casework.models import Case, FormAnswers, FormFile
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.statements import Insertion, Statement
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId, DepartmentId, new_id

SUBJECT = "form"
"""The kind of subject of a case that a form opened."""


_ANSWERED = Insertion(FormAnswers)
_SENT = Statement(
    "UPDATE casework_form_draft SET sent_at = %s, case_id = %s, sealed_answers = NULL WHERE id = %s"
)


class FormChanged(Refused):
    """The form was changed since the draft was saved; look at it again before you send it."""

    code: ClassVar[str] = "casework.form-changed"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "The form was changed since you saved your answers. Check them once more, then send."
    )


class ItemNotOffered(Refused):
    """No department offers the service item behind the form now, or it is handled by fewer departments than thought."""

    code: ClassVar[str] = "casework.item-not-offered"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "Nobody offers this matter here at present. Your answers were kept."


class ValuesOutdated(Refused):
    """What a certificate told was true of an earlier day, as the days that were left; open the form again."""

    code: ClassVar[str] = "casework.values-outdated"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "A day has passed since the days until the end of your certificate were counted. Nothing was sent. "
        "Look at them once more, then send again."
    )


class AnswersFaulty(Refused):
    """Answers are missing or wrong; nothing was sent."""

    code: ClassVar[str] = "casework.answers-faulty"
    message: ClassVar[str] = "%(count)s answers are missing or wrong. Nothing was sent; correct them first."


@transaction
def send_form(
    *,
    draft_id: UUID,
    outcome: str = "",
    reason: str = "",
    basis: str = "",
    parties: Mapping[str, DepartmentId] = NO_PARTIES,
    actor: Actor,
    at: datetime,
) -> CaseRecord:
    """Send a draft; a draft that was sent before gives the same case again and changes nothing.

    Answers of hidden fields are dropped. Fields whose key the case type declares under ``data`` are copied there,
    for conditions; everything else stays with the form.

    Raises:
        DraftNotFound: there is no such draft of the actor.
        FormChanged: the form was changed meanwhile.
        AnswersFaulty: something is missing or wrong.
        CertificateEndedMeanwhile: a certificate from which the form took a value is not in force any more.
        ValuesOutdated: what follows from a certificate's last day was counted on an earlier day.
        NotYourTask: the actor may not open such a case, or not do the task; and whatever else `open_case` and
            `complete_task` refuse.
    """
    return send_locked(
        locked(draft_id=draft_id, actor=actor),
        outcome=outcome,
        reason=reason,
        basis=basis,
        parties=parties,
        actor=actor,
        at=at,
    )


def send_locked(
    draft: Draft,
    *,
    outcome: str = "",
    reason: str = "",
    basis: str = "",
    parties: Mapping[str, DepartmentId] = NO_PARTIES,
    actor: Actor,
    at: datetime,
) -> CaseRecord:
    """Send a draft that the caller's transaction has locked or begun; refuses what `send_form` does."""
    if draft.row.sent_at is not None and draft.row.case is not None:
        return record_of(draft.row.case, actor=actor, at=at)
    if draft.row.task is None:
        return stepped_record_of(opened_by(draft, actor=actor, at=at), at=at)
    _check(draft)
    case_id = CaseId(draft.row.task.case_id)
    _keep(draft, case=draft.row.task.case, actor=actor, at=at)
    record = complete_task(
        case_id=case_id,
        task=draft.row.task.code,
        outcome=outcome,
        data=case_data(draft.type.definition, draft.evaluated.values, department=department_id),
        parties=parties,
        reason=reason,
        basis=basis,
        actor=actor,
        at=at,
    )
    _mark_sent(draft, case_id=case_id, at=at)
    return record


def opened_by(draft: Draft, *, actor: Actor, at: datetime) -> WorkingCase:
    """Open a case by a draft that was not sent, within the caller's transaction; refuses what `send_form` does."""
    _check(draft)
    case = _open(draft, actor=actor, at=at)
    _keep(draft, case=case.row, actor=actor, at=at)
    _mark_sent(draft, case_id=CaseId(case.row.pk), at=at)
    return case


def _check(draft: Draft) -> None:
    if draft.has_moved:
        raise FormChanged
    if draft.evaluated.faults:
        raise AnswersFaulty(count=len(draft.evaluated.faults))


def _mark_sent(draft: Draft, *, case_id: CaseId, at: datetime) -> None:
    draft.row.sent_at, draft.row.case_id = at, case_id
    draft.row.answers = {}
    _SENT.run(at, case_id, draft.row.pk)


def case_data(
    definition: Definition, values: Mapping[Place, Typed], *, department: Callable[[str], UUID]
) -> dict[str, Value]:
    """Return what of a form's values belongs into the case's data; what was left empty is not given.

    Departments are chosen by their unified social credit codes; `department` says which is meant by one.
    """
    found: dict[str, Value] = {}
    for name, datum in definition.data.items():
        value = values.get(name, "")
        if datum.type == "departments":
            codes = value if isinstance(value, tuple) else (value,)
            chosen = [str(department(str(code))) for code in codes if code]
            found |= {name: ",".join(chosen)} if chosen else {}
            continue
        if isinstance(value, tuple) or (value == "" and (datum.type != "text" or bool(datum.values))):
            continue
        found[name] = value
    return found


def department_id(code: str) -> UUID:
    """Return the department of a unified social credit code."""
    return trust.department_by_code(code=code).id


def _open(draft: Draft, *, actor: Actor, at: datetime) -> WorkingCase:
    subject = CaseSubject(
        kind=SUBJECT,
        id=draft.row.pk,
        title=draft.type.texts["zh-hans"]["name"],
        path=f"/apply/matters/{draft.row.pk}/",
    )
    return opened(
        case_id=CaseId(new_id()),
        kind=draft.type,
        subject=subject,
        parties=_parties(draft, actor=actor),
        data=case_data(draft.type.definition, draft.evaluated.values, department=department_id),
        applicant=_applicant(draft),
        actor=actor,
        at=at,
    )


def _applicant(draft: Draft) -> Applicant | None:
    """Return for whom the form was filled in at the window."""
    if draft.row.applicant_id is None:
        return None
    return Applicant(account_id=draft.row.applicant_id, enterprise_id=draft.row.enterprise_id)


def _parties(draft: Draft, *, actor: Actor) -> dict[str, DepartmentId]:
    """Return the departments that take part in the case, as the type says for its form."""
    definition = draft.type.definition
    return {
        party: _department(definition.opening_parties.get(party, ""), draft, actor=actor)
        for party in definition.parties
        if party not in definition.named_later
    }


def departments_of(draft: Draft, *, actor: Actor) -> tuple[DepartmentId, ...]:
    """Return the departments that would take part in the case, as far as the answers name them already."""
    definition, found = draft.type.definition, []
    for party in definition.parties:
        way = definition.opening_parties.get(party, "")
        is_unanswered = way.startswith(FIELD) and way.removeprefix(FIELD) not in draft.evaluated.values
        if party in definition.named_later or is_unanswered:
            continue
        with suppress(Refused):
            found.append(_department(way, draft, actor=actor))
    return tuple(found)


def _department(way: str, draft: Draft, *, actor: Actor) -> DepartmentId:
    if way.startswith(DEPARTMENT):
        return trust.department_by_code(code=way.removeprefix(DEPARTMENT)).id
    if way.startswith(FIELD):
        return trust.department_by_code(code=str(draft.evaluated.values[way.removeprefix(FIELD)])).id
    if way == ITEM or way.startswith(JOINT):
        return _by_item(way, case_type=draft.row.type_code)
    own = trust.department(department_id=actor.department_id or UUID(int=0)).id
    return trust.data_authority_for(department_id=own).id if way == AUTHORITY else own


def _by_item(way: str, *, case_type: str) -> DepartmentId:
    found = adapters.handling(case_type)
    if found is None:
        raise ItemNotOffered
    if way == ITEM:
        return found.handler
    place = int(way.removeprefix(JOINT)) - 1
    if place >= len(found.joint):
        raise ItemNotOffered
    return found.joint[place]


def _keep(draft: Draft, *, case: Case, actor: Actor, at: datetime) -> None:
    """Store the answers of what was shown, and count what certificates said of it."""
    _take_over(draft, case, actor=actor, at=at)
    shown = draft.evaluated.shown
    kept = {place: list(texts) for place, texts in draft.answers.items() if place in shown}
    sent = {text for texts in kept.values() for text in texts} & draft.files.keys()
    if sent:
        FormFile.objects.filter(draft=draft.row, digest__in=sent).update(is_sent=True)
    row = FormAnswers(
        case=case,
        task=draft.row.task,
        version_id=draft.type.id,
        form=draft.row.form,
        answered_by=actor.id,
        answered_by_name=actor.name,
        answered_at=at,
    )
    row.answers, row.supplied = dict(kept), draft.row.supplied
    row.values = msgspec.to_builtins(dict(draft.evaluated.values))
    _ANSWERED.run(row)


def _take_over(draft: Draft, case: Case, *, actor: Actor, at: datetime) -> None:
    """Have the use of each certificate counted whose values are sent; one that has ended meanwhile sends nothing.

    Raises:
        ValuesOutdated: something was counted on an earlier day.
    """
    told: dict[str, tuple[str, ...]] = {}
    for field in fields_of(draft.form.parts):
        one = draft.supplied.get(field.supplier)
        if one is not None and one.certificate_id and field.key in draft.evaluated.shown:
            if one.is_over(at):
                raise ValuesOutdated
            _kind, _dot, code = field.certificate.partition(".")
            told[one.certificate_id] = (*told.get(one.certificate_id, ()), code)
    if not told:
        return
    use = Use(
        case_id=CaseId(case.pk),
        department_id=_handler(draft.type.definition, case),
        purpose=f"{draft.type.texts['zh-hans']['name']} {case.number}",
    )
    adapters.take_over_certificates(told, use=use, actor=actor, at=at)


def _handler(definition: Definition, case: Case) -> DepartmentId | None:
    """Return the department that takes the first part in a case."""
    parties = case.parties.filter(name__in=definition.parties[:1], is_supervisor=False)
    found = parties.values_list("department_id", flat=True).first()
    return DepartmentId(found) if found else None
