"""Letting authoritative sources fill in what nobody is to type."""

from datetime import datetime
from uuid import UUID

import msgspec

from zhengshu.contexts.casework.application.forms import adapters
from zhengshu.contexts.casework.application.forms.drafts import Draft, draft, locked, must_be_open, of_row
from zhengshu.contexts.casework.application.forms.send_form import departments_of
from zhengshu.contexts.casework.domain.forms.ports import Matter, Supplied
from zhengshu.contexts.casework.domain.forms.schema import fields_of
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId


def supply_draft(*, draft_id: UUID, actor: Actor, at: datetime) -> Draft:
    """Fetch what the sources of a draft's bound fields say, where it is not there yet, and return the draft.

    The sources are asked outside of any transaction, for they may be slow; what they do not know stays empty.

    Raises:
        DraftNotFound: there is no such draft of the actor.
        DraftSent: it was sent.
    """
    found = draft(draft_id=draft_id, actor=actor)
    must_be_open(found)
    fields = fields_of(found.form.parts)
    shown = found.evaluated.shown
    wanted = {one.element for one in fields if one.is_bound and one.key in shown} - found.supplied.keys()
    if not wanted:
        return found
    values = found.evaluated.values
    known = {one.element: str(values[one.key]) for one in fields if one.element and values.get(one.key)}
    matter = _matter(found, actor=actor)
    supplied = adapters.supply(elements=sorted(wanted), known=known, matter=matter, at=at)
    return _keep(draft_id, {one: supplied[one] for one in supplied if one in wanted}, actor=actor)


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
def _keep(draft_id: UUID, supplied: dict[str, Supplied], *, actor: Actor) -> Draft:
    found = locked(draft_id=draft_id, actor=actor)
    must_be_open(found)
    found.row.supplied = {**found.row.supplied, **msgspec.to_builtins(supplied)}
    found.row.save(update_fields=["sealed_supplied"])
    return of_row(found.row)
