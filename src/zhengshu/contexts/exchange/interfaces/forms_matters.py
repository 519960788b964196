"""Forms of matters: how they are opened, and what a step of them needs."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengshu.contexts.casework.api import TaskRecord
from zhengshu.contexts.catalog.api import UpdateCycle
from zhengshu.contexts.exchange.application.report_misuse import MOST_DAYS
from zhengshu.contexts.exchange.domain.corrections import MOST_VALUE_LETTERS, Claim, FaultKind
from zhengshu.contexts.exchange.domain.demands import Demanded
from zhengshu.contexts.exchange.domain.matters import Step
from zhengshu.contexts.exchange.domain.requests_scope import OfferedField
from zhengshu.contexts.exchange.interfaces import labels
from zhengshu.contexts.exchange.interfaces import labels_matters as words
from zhengshu.contexts.exchange.interfaces.forms_answers import text_area
from zhengshu.foundation.ui.widgets import DayInput

Choices = Sequence[tuple[str, str]]


class StepForm(forms.Form):
    """What somebody states with the outcome of a to-do; which outcome it is, is said by the button."""

    reason = text_area(_("Statement or reason"), is_required=False)
    basis = forms.CharField(
        label=_("Basis of the decision"),
        help_text=_("Law, regulation or decision, with its article."),
        max_length=500,
        required=False,
    )

    def __init__(
        self, *args: object, task: TaskRecord, chosen: Mapping[str, forms.Field], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
        self.task = task
        if not any(outcome.needs_basis for outcome in task.outcomes):
            del self.fields["basis"]
        self.fields = {**chosen, **self.fields}

    def step(self, outcome: str) -> Step:
        """Return the step that was filled in."""
        given = self.cleaned_data
        return Step(
            task=self.task.task,
            outcome=outcome,
            reason=given.get("reason", ""),
            basis=given.get("basis", ""),
            department_id=_uuid(given.get("department")),
            batch_id=_uuid(given.get("batch")),
            resource_code=given.get("resource", ""),
            promised_on=given.get("promised_on"),
        )


def department_field(choices: Choices, *, label: str, help_text: str = "") -> forms.Field:
    """Return a field that names a department."""
    return forms.ChoiceField(label=label, help_text=help_text, choices=[("", "—"), *choices], required=False)


def batch_field(choices: Choices) -> forms.Field:
    """Return a field that names the batch with the corrected rows."""
    return forms.ChoiceField(
        label=_("Batch with the corrected rows"),
        help_text=_("Batches of this resource that were published after the request."),
        choices=[("", "—"), *choices],
        required=False,
    )


def own_resource_field(choices: Choices) -> forms.Field:
    """Return a field that names a published resource of one's own department."""
    return forms.ChoiceField(label=_("Published resource"), choices=[("", "—"), *choices], required=False)


def resource_code_field() -> forms.Field:
    """Return a field for the code of a resource that offers what is demanded."""
    return forms.CharField(
        label=_("Code of the resource, if one offers it already"), max_length=100, required=False
    )


def promise_field() -> forms.Field:
    """Return a field for the day of a promise."""
    return forms.DateField(label=_("Promised day"), widget=DayInput(), required=False)


class CorrectionForm(forms.Form):
    """What is wrong with which row of a resource."""

    fault = forms.ChoiceField(
        label=_("What is the matter"), choices=labels.choices(words.FAULTS), widget=forms.RadioSelect
    )
    columns = forms.MultipleChoiceField(
        label=_("Fields concerned"), widget=forms.CheckboxSelectMultiple, required=False
    )
    call = forms.UUIDField(
        label=_("Receipt of the call"),
        help_text=_("The receipt of the call that returned the row; copy it from the list of calls."),
        required=False,
    )
    evidence = text_area(
        _("Evidence"), help_text=_("On what this rests: a document that was seen, a statement of the person.")
    )

    def __init__(self, *args: object, offered: Sequence[OfferedField], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
        self.offered = offered
        self.fields["columns"].choices = [(item.column, item.name) for item in offered]  # type: ignore[attr-defined]
        for item in offered:
            if item.is_key:
                self.fields[f"key_{item.column}"] = _value(item.name)
            self.fields[f"right_{item.column}"] = _value(item.name)

    @property
    def keys(self) -> list[forms.BoundField]:
        """The key of the row, field by field."""
        return [self[name] for name in self.fields if name.startswith("key_")]

    @property
    def rights(self) -> list[forms.BoundField]:
        """The values that are right, field by field."""
        return [self[name] for name in self.fields if name.startswith("right_")]

    def claim(self) -> Claim:
        """Return the claim that was filled in."""
        given = self.cleaned_data
        return Claim(
            fault=FaultKind(given["fault"]),
            columns=tuple(given["columns"]),
            key=self._values("key_"),
            right=self._values("right_"),
            evidence=given["evidence"],
        )

    def _values(self, prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix) and value
        }


class MisuseForm(forms.Form):
    """What was found, what must be corrected, and until when."""

    finding = text_area(_("What was found"), help_text=_("Which use went beyond the grant, when, how often."))
    calls = text_area(
        _("Calls that show it"),
        help_text=_("Receipts from the list of calls, one a line; at most fifty."),
        is_required=False,
    )
    order = text_area(_("What must be corrected"))
    rectify_within = forms.IntegerField(
        label=_("Working days for the correction"), min_value=1, max_value=MOST_DAYS, initial=10
    )


class DemandForm(forms.Form):
    """Which data a matter needs."""

    name = forms.CharField(label=_("Name of the data"), max_length=200)
    legal_basis = text_area(
        pgettext_lazy("use of data", "Legal basis"),
        help_text=_(
            "The law, regulation or document, with its article, on which your department may use the data."
        ),
        rows=2,
    )
    scenario = text_area(
        _("Scenario"), help_text=_("In which matter, at which step, by which post the data is used.")
    )
    wanted = text_area(_("Wanted data"), help_text=_("Which fields, of whom, from when on."))
    freshness = forms.ChoiceField(
        label=_("How fresh"), choices=labels.choices(words.CYCLES), initial=UpdateCycle.DAILY
    )

    def demanded(self) -> Demanded:
        """Return the demand that was filled in."""
        return Demanded(**self.cleaned_data)


class DisputeForm(forms.Form):
    """What is contested, and what is asked for."""

    claim = text_area(_("What your department contests"), help_text=_("Facts and reasons, with their basis."))
    wanted = text_area(_("What your department asks for"))


def _value(name: str) -> forms.Field:
    return forms.CharField(label=name, max_length=MOST_VALUE_LETTERS, required=False)


def _uuid(text: object) -> UUID | None:
    return UUID(str(text)) if text else None
