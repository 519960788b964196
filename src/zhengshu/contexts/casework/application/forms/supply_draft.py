"""Letting authoritative sources fill in what nobody is to type."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from django.utils.translation import gettext, override

from zhengshu.contexts.casework.application.forms import adapters
from zhengshu.contexts.casework.application.forms.drafts import Draft, draft, locked_row, must_be_open, of_row
from zhengshu.contexts.casework.application.forms.send_form import departments_of
from zhengshu.contexts.casework.domain.forms.kinds import Typed
from zhengshu.contexts.casework.domain.forms.ports import Matter, Shown, Supplied
from zhengshu.contexts.casework.domain.forms.schema import Field, Place, fields_of
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.statements import Statement
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId

_SUPPLIED = Statement("UPDATE casework_form_draft SET sealed_supplied = %s WHERE id = %s")


def supply_draft(*, draft_id: UUID, actor: Actor, at: datetime) -> Draft:
    """Fetch what the sources of a draft's bound fields say, where it is not there yet, and return the draft.

    The sources are asked outside of any transaction, for they may be slow; what they do not know stays empty. What a
    certificate said that has ended meanwhile is forgotten, and asked for again.

    Raises:
        DraftNotFound: there is no such draft of the actor.
        DraftSent: it was sent.
    """
    found = draft(draft_id=draft_id, actor=actor)
    must_be_open(found.row)
    return supplied_to(found, actor=actor, at=at)


def supplied_to(found: Draft, *, actor: Actor, at: datetime) -> Draft:
    """Fetch what is missing in a draft that was just read or begun, outside of any transaction, and return it."""
    ended = ended_certificates(found, at=at)
    lacking = _lacking(found, known=found.supplied.keys() - ended)
    if not lacking:
        return found
    values = found.evaluated.values
    own = _identity(found, actor=actor, at=at)
    numbers = {element: one.value for element, one in own.items()}
    typed = [one for one in fields_of(found.form.parts) if one.element and values.get(one.key)]
    known = numbers | {one.element: str(values[one.key]) for one in typed}
    elements = {one.element for one in lacking if not one.certificate}
    supplied = {element: one for element, one in own.items() if element in elements}
    matter = _matter(found, actor=actor)
    if asked := sorted(elements - supplied.keys()):
        told = adapters.supply(elements=asked, known=known, matter=matter, at=at)
        supplied |= {element: one for element, one in told.items() if element in elements}
    supplied |= adapters.supply_from_certificates(
        wanted=_shown(lacking, values), own=numbers, matter=matter, actor=actor, at=at
    )
    return _keep(found, supplied, ended - supplied.keys(), actor=actor)


def ended_certificates(found: Draft, *, at: datetime) -> frozenset[str]:
    """Return by which names a draft knows what certificates say that are not in force any more, or held for a day."""
    told = {name: one for name, one in found.supplied.items() if one.certificate_id}
    valid = adapters.valid_certificates({one.certificate_id for one in told.values()}, at=at)
    return frozenset(name for name, one in told.items() if one.certificate_id not in valid or one.is_over(at))


def _lacking(found: Draft, *, known: Collection[str]) -> tuple[Field, ...]:
    """Return the shown fields that a source can fill and has not."""
    shown = found.evaluated.shown
    return tuple(
        one
        for one in fields_of(found.form.parts)
        if one.supplier and one.key in shown and one.supplier not in known
    )


def _shown(fields: Iterable[Field], values: Mapping[Place, Typed]) -> list[Shown]:
    """Return what is wanted of certificates; nothing of somebody's who was not named yet."""
    named = [(one, str(values.get(one.holder_key, "")) if one.holder_key else "") for one in fields]
    return [
        Shown(certificate=one.certificate, holder_name=name)
        for one, name in named
        if one.certificate and (name or not one.holder_key)
    ]


def _identity(found: Draft, *, actor: Actor, at: datetime) -> dict[str, Supplied]:
    """Return what the account of whoever asks says of him and of the enterprise for which he acts.

    An official who fills in the form of his own to-do asks for nobody.
    """
    row = found.row
    person = actor if row.applicant_id in {None, actor.id} else trust.actor_of(official_id=row.applicant_id)
    if person.department_id is not None or not found.type.definition.applicant:
        return {}
    number = trust.own_citizen_id(actor=person)
    said = {"person-name": person.name, "citizen-id": str(number or "")}
    known = {row.enterprise_id} if row.enterprise_id else actor.enterprises_in(row.type_code)
    if len(known) == 1:
        said["credit-code"] = next(iter(trust.enterprise_codes(ids=known)), "")
        said["organization-name"] = next(iter(trust.enterprise_names(ids=known).values()), "")
    with override("zh-hans"):
        source = gettext("Verified identity of the account")
    with override("en"):
        source_en = gettext("Verified identity of the account")
    return {
        element: Supplied(value=value, source=source, source_en=source_en, at=at)
        for element, value in said.items()
        if value
    }


def _matter(found: Draft, *, actor: Actor) -> Matter:
    """Return for what a draft asks: its case, the purposes of its type, who handles it, and whose matter it is."""
    row, task = found.row, found.row.task
    own = actor.id if actor.department_id is None else None
    departments = departments_of(found, actor=actor)
    if task is not None:
        parties = task.case.parties.filter(is_supervisor=False).values_list("department_id", flat=True)
        departments = tuple(DepartmentId(one) for one in parties)
    return Matter(
        case=task.case.number if task is not None else str(row.pk),
        purposes=found.type.definition.purposes,
        departments=departments,
        person_id=row.applicant_id or own,
        enterprise_ids=frozenset({row.enterprise_id}) if row.enterprise_id else actor.enterprises_with_data,
    )


@transaction
def _keep(found: Draft, supplied: Mapping[str, Supplied], ended: Collection[str], *, actor: Actor) -> Draft:
    """Add what was supplied to the draft as it stands now, however long the sources took."""
    row = locked_row(draft_id=found.row.pk, actor=actor)
    must_be_open(row)
    kept = {name: one for name, one in row.supplied.items() if name not in ended}
    row.supplied = {**kept, **msgspec.to_builtins(dict(supplied))}
    _SUPPLIED.run(row.sealed_supplied, row.pk)
    return of_row(row, kind=found.type)
