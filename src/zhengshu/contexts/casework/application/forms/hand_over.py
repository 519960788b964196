"""Handing over to a form what another case of the same matter has found out."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from zhengshu.contexts.casework.application.forms.drafts import locked, must_be_open, save
from zhengshu.contexts.casework.application.forms.save_answers import bounded
from zhengshu.contexts.casework.domain.forms.places import check_places
from zhengshu.contexts.casework.domain.forms.ports import Supplied
from zhengshu.contexts.casework.domain.forms.schema import Place, fields_of
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor


@transaction
def hand_over(
    *, draft_id: UUID, values: Mapping[Place, str], source: str, actor: Actor, at: datetime
) -> None:
    """Fill in a draft: what nobody types is said by `source`, in place of what a register said; the rest are answers.

    Args:
        draft_id: the draft.
        values: key → value; empty ones are left out.
        source: who says so, in words that the applicant reads.
        actor: whose draft it is.
        at: now.

    Raises:
        DraftNotFound: there is no such draft of the actor.
        DraftSent: it was sent.
        UnknownAnswers: the form does not ask this.
    """
    found = locked(draft_id=draft_id, actor=actor)
    must_be_open(found.row)
    bound = {one.key: one.supplier for one in fields_of(found.form.parts) if one.is_bound}
    known = {key: value for key, value in values.items() if value}
    answers = bounded({key: (value,) for key, value in known.items() if key not in bound})
    check_places(found.form.parts, answers)
    row = save(found, {**found.answers, **answers}, at=at).row
    said = {
        bound[key]: Supplied(value=value, source=source, at=at)
        for key, value in known.items()
        if key in bound
    }
    row.supplied = {**row.supplied, **msgspec.to_builtins(said)}
    row.save(update_fields=["sealed_supplied"])
