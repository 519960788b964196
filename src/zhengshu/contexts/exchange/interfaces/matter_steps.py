"""The form of the step that a reader can take in a matter: what its outcomes need, chosen from what there is."""

from django.forms import Field
from django.http import QueryDict
from django.utils.translation import gettext as _

from zhengshu.contexts.casework.api import TaskRecord
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange.application.matter_records import CorrectionRecord, MatterRecord
from zhengshu.contexts.exchange.interfaces.forms_matters import (
    StepForm,
    batch_field,
    department_field,
    own_resource_field,
    promise_field,
    resource_code_field,
)
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.lists import MOST_ROWS_PER_PAGE, ListQuery
from zhengshu.foundation.ui.tags import moment
from zhengshu.kernel.actors import Actor


def step_form(
    record: MatterRecord, task: TaskRecord, *, actor: Actor, data: QueryDict | None = None
) -> StepForm:
    """Return the form of an open to-do, empty or with what was sent."""
    return StepForm(data, task=task, chosen=_chosen(record, task, actor=actor), auto_id=f"{task.task}-%s")


def _chosen(record: MatterRecord, task: TaskRecord, *, actor: Actor) -> dict[str, Field]:
    match task.task:
        case "verify" if isinstance(record, CorrectionRecord):
            label, hint = _("Source department"), _("Only to pass the request on.")
            return {"department": department_field(_departments(record), label=label, help_text=hint)}
        case "correct" if isinstance(record, CorrectionRecord):
            return {"batch": batch_field(_batches(record, actor=actor))}
        case "find_responsible":
            label, hint = _("Responsible department"), _("The department whose duty the data is.")
            return {
                "department": department_field(_departments(record), label=label, help_text=hint),
                "resource": resource_code_field(),
            }
        case "accept_responsibility":
            return {"promised_on": promise_field()}
        case "publish_resource":
            return {"resource": own_resource_field(_resources(actor))}
        case _:
            return {}


def _departments(record: MatterRecord) -> list[tuple[str, str]]:
    """Return the departments that may be named: all but those that have a part already."""
    sides = {part.department_id for part in record.summary.parts}
    return [
        (str(one.id), one.name)
        for one in trust.departments().values()
        if one.is_active and one.id not in sides
    ]


def _batches(record: CorrectionRecord, *, actor: Actor) -> list[tuple[str, str]]:
    resource = catalog.published_by_code(code=record.resource_code)
    query = ListQuery(filters={"state": (lake.BatchState.PUBLISHED.value,)}, size=MOST_ROWS_PER_PAGE)
    page = lake.batches(actor=actor, query=query, resource_id=resource.id)
    return [
        (str(batch.id), f"{batch.number} · {batch.file_name} · {moment(batch.received_at)}")
        for batch in page.rows
        if batch.received_at >= record.summary.opened_at
    ]


def _resources(actor: Actor) -> list[tuple[str, str]]:
    chosen = {"department": (str(actor.department_id),), "state": (catalog.State.PUBLISHED.value,)}
    page = catalog.search(query=ListQuery(filters=chosen, size=MOST_ROWS_PER_PAGE), actor=actor)
    return [(one.code, f"{one.name} · {one.code}") for one in page.rows]
