"""Forms of share requests: what is stated, in the order of article 20."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengshu.contexts.exchange.application.names import purpose_name
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.domain.requests import (
    MOST_LETTERS,
    MOST_PER_DAY,
    MOST_PER_SECOND,
    Delivery,
    Frequency,
    RequestFault,
    Statement,
)
from zhengshu.contexts.exchange.domain.requests_scope import (
    MOST_CONDITIONS,
    FieldUnknown,
    NoFieldChosen,
    OfferedField,
    read_conditions,
)
from zhengshu.contexts.exchange.interfaces import labels
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.ui.widgets import DayInput
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import SystemId

CONDITION_ROWS = 3
"""Empty rows for conditions that a form shows, beyond those that are filled."""

NEW_SYSTEM = "new"


class StatementForm(forms.Form):
    """Everything that a share request states; a draft may leave most of it empty."""

    legal_basis = forms.CharField(
        label=pgettext_lazy("use of data", "Legal basis"),
        help_text=_(
            "The law, regulation or document, with its article, on which your department may use the data."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MOST_LETTERS,
        required=False,
    )
    purpose = forms.ChoiceField(
        label=_("Purpose"),
        help_text=_("Every call must carry this purpose; the data may be used for no other."),
        required=False,
    )
    scenario = forms.CharField(
        label=_("Scenario"),
        help_text=_("In which matter, at which step, by which post the data is used."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MOST_LETTERS,
        required=False,
    )
    columns = forms.MultipleChoiceField(
        label=_("Fields"),
        help_text=_("Choose only what the matter needs."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    delivery = forms.ChoiceField(label=_("Way of sharing"), choices=labels.choices(labels.DELIVERIES))
    frequency = forms.ChoiceField(label=_("Frequency of use"), choices=labels.choices(labels.FREQUENCIES))
    valid_until = forms.DateField(label=_("Last day of use"), widget=DayInput(), required=False)
    system = forms.ChoiceField(
        label=_("Consuming information system"),
        help_text=_("The system that will call the gateway with its own key."),
        required=False,
    )
    new_system = forms.CharField(
        label=_("Name of the new system"),
        help_text=_("Only when you chose to register a new system."),
        max_length=100,
        required=False,
    )
    per_second = forms.IntegerField(
        label=_("Expected calls a second"), min_value=1, max_value=MOST_PER_SECOND, initial=10
    )
    per_day = forms.IntegerField(
        label=_("Expected calls a day"), min_value=1, max_value=MOST_PER_DAY, initial=10_000
    )
    is_declared = forms.BooleanField(
        label=_("We declare that this request is true, lawful and necessary, and answer for the data's use."),
        required=False,
    )

    SECTIONS: ClassVar[tuple[tuple[object, tuple[str, ...]], ...]] = (
        (_("Why: basis and use"), ("legal_basis", "purpose", "scenario")),
        (_("What: fields"), ("columns",)),
        (_("How: delivery and quota"), ("delivery", "frequency", "valid_until", "per_second", "per_day")),
        (_("Who: consuming system"), ("system", "new_system")),
        (_("Declaration"), ("is_declared",)),
    )

    def __init__(
        self,
        *args: object,
        offered: Sequence[OfferedField],
        systems: Iterable[tuple[UUID, str]],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
        self.offered = offered
        self.choose("columns", [(item.column, _described(item)) for item in offered])
        self.choose("purpose", [("", _("Choose…")), *((code, purpose_name(code)) for code in purposes())])
        own = [(str(system_id), name) for system_id, name in systems]
        self.choose("system", [("", _("Choose…")), *own, (NEW_SYSTEM, _("Register a new system"))])

    def choose(self, name: str, choices: Sequence[tuple[str, object]]) -> None:
        """Set the choices of a field."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(value, str(text)) for value, text in choices]

    def clean(self) -> dict[str, object]:
        """Ask for the name of a system that is to be registered."""
        cleaned: dict[str, object] = super().clean() or {}
        if cleaned.get("system") == NEW_SYSTEM and not str(cleaned.get("new_system", "")).strip():
            self.add_error("new_system", _("Give the new system a name."))
        return cleaned

    @property
    def wants_new_system(self) -> str:
        """The name of the system to register first, or an empty text."""
        is_new = self.cleaned_data["system"] == NEW_SYSTEM
        return str(self.cleaned_data["new_system"]).strip() if is_new else ""

    def statement(self, *, system_id: SystemId | None, rows: Sequence[tuple[str, str, str]]) -> Statement:
        """Return what was stated.

        Raises:
            Refused: a condition that the resource does not allow.
        """
        data = self.cleaned_data
        return Statement(
            legal_basis=data["legal_basis"],
            scenario=data["scenario"],
            purpose=data["purpose"],
            columns=tuple(data["columns"]),
            conditions=read_conditions(rows, offered=self.offered),
            delivery=Delivery(data["delivery"]),
            frequency=Frequency(data["frequency"]),
            valid_until=end_of(data["valid_until"]),
            system_id=system_id,
            per_second=data["per_second"],
            per_day=data["per_day"],
            is_declared=data["is_declared"],
        )

    def blame(self, fault: Refused) -> None:
        """Show a refusal beside the field that it is about."""
        self.add_error(field_of(fault), sentence(fault))


class ConditionForm(forms.Form):
    """One row condition: a column, a comparison, a value."""

    column = forms.ChoiceField(label=_("Column"), required=False)
    operator = forms.ChoiceField(
        label=_("Comparison"), choices=labels.choices(labels.OPERATORS), required=False
    )
    value = forms.CharField(label=_("Value"), max_length=2000, required=False)

    def __init__(self, *args: object, offered: Sequence[OfferedField], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
        field = self.fields["column"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", str(_("No condition"))), *((item.column, item.name) for item in offered)]

    @property
    def triple(self) -> tuple[str, str, str]:
        """Column, comparison and value."""
        data = self.cleaned_data
        return data.get("column", ""), data.get("operator", ""), data.get("value", "")


ConditionRows = forms.formset_factory(
    ConditionForm, extra=CONDITION_ROWS, max_num=MOST_CONDITIONS, absolute_max=MOST_CONDITIONS
)


def field_of(fault: Refused) -> str | None:
    """Return the form field that a refusal is about, or None for the form as a whole."""
    if isinstance(fault, FieldUnknown | NoFieldChosen):
        return "columns"
    return (fault.field or None) if isinstance(fault, RequestFault) and fault.field != "resource" else None


def end_of(last_day: date | None) -> datetime | None:
    """Return the instant at which a use ends whose last day is this: the midnight that follows."""
    if last_day is None:
        return None
    after = last_day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=timezone.get_default_timezone())


def last_day_of(end: datetime | None) -> date | None:
    """Return the last day of a use that ends at an instant."""
    return (
        None
        if end is None
        else timezone.localdate(end - timedelta(microseconds=1), timezone.get_default_timezone())
    )


def initial_of(statement: Statement) -> dict[str, object]:
    """Return the first values of a form that changes what was stated before."""
    return {
        "legal_basis": statement.legal_basis,
        "purpose": statement.purpose,
        "scenario": statement.scenario,
        "columns": list(statement.columns),
        "delivery": statement.delivery.value,
        "frequency": statement.frequency.value,
        "valid_until": last_day_of(statement.valid_until),
        "system": str(statement.system_id or ""),
        "per_second": statement.per_second,
        "per_day": statement.per_day,
        "is_declared": statement.is_declared,
    }


def _described(item: OfferedField) -> str:
    parts = (labels.label(labels.TYPES, item.data_type), labels.grade(item.grade))
    return f"{item.name} · {item.column} · {' · '.join(parts)}"
