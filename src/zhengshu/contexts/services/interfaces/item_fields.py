"""The fields in which an officer writes a version of an item: one form, and rows for what there are several of."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.services.application.records import ThemeRecord
from zhengshu.contexts.services.domain.limits import LimitUnit
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    BodyNature,
    CaseKind,
    Channel,
    ItemKind,
    ItemLevel,
    MaterialSource,
    PauseKind,
    Range,
    ThemeKind,
)
from zhengshu.contexts.services.interfaces.labels import in_language, label, unit_label
from zhengshu.foundation.ui.widgets import DayInput

MOST_ROWS: Final = 200
_UNITS = [("", "—"), *((unit.value, unit_label(unit)) for unit in LimitUnit)]


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _code(most: int) -> forms.TextInput:
    return forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off", "maxlength": str(most)})


class VersionForm(forms.Form):
    """What an item has one value of."""

    name = forms.CharField(label=_("Name of the item"), max_length=500)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    summary = forms.CharField(label=_("In plain words"), required=False, widget=_area())
    summary_en = forms.CharField(label=_("In plain words, in English"), required=False, widget=_area(2))
    words = forms.CharField(
        label=_("How people call it"),
        required=False,
        widget=_area(),
        help_text=_("One a line; the search finds the item by them."),
    )
    code = forms.SlugField(
        label=_("Code in addresses"),
        max_length=80,
        required=False,
        widget=_code(80),
        help_text=_("Letters, digits and hyphens; empty: made from the implementation code or the name."),
    )
    basic_code = forms.CharField(label=_("Basic code"), max_length=40, required=False, widget=_code(40))
    implementation_code = forms.CharField(
        label=_("Implementation code"), max_length=80, required=False, widget=_code(80)
    )
    kind = forms.ChoiceField(label=_("Kind of item"))
    case_kind = forms.ChoiceField(label=_("Kind of case"))
    audiences = forms.MultipleChoiceField(label=_("Who is served"), widget=forms.CheckboxSelectMultiple)
    themes = forms.MultipleChoiceField(
        label=_("Life events and topics"), required=False, widget=forms.CheckboxSelectMultiple
    )

    basis = forms.CharField(
        label=_("Legal basis of the item"), required=False, widget=_area(), help_text=_("One a line.")
    )
    level = forms.ChoiceField(label=_("Level of exercise"))
    division = forms.CharField(
        label=_("Division of powers"), max_length=1000, required=False, widget=_area(2)
    )
    exercised = forms.CharField(label=_("What is exercised"), required=False, widget=_area(2))
    jurisdiction = forms.CharField(label=_("Jurisdiction"), max_length=500, required=False)
    jurisdiction_code = forms.CharField(
        label=_("Code of the jurisdiction"),
        max_length=12,
        required=False,
        widget=_code(12),
        help_text=_("6, 9 or 12 digits."),
    )
    body_nature = forms.ChoiceField(label=_("Nature of the organ"))
    handling_name = forms.CharField(label=_("Handling unit"), max_length=200, required=False)
    handling_code = forms.CharField(
        label=_("Code of the handling unit"),
        max_length=18,
        required=False,
        widget=_code(18),
        help_text=_("Its unified social credit code, where it has one."),
    )
    intermediary = forms.CharField(
        label=_("Intermediary services"), max_length=2000, required=False, widget=_area(2)
    )
    quantity_limit = forms.CharField(label=_("Limit of quantity"), max_length=500, required=False)

    statutory_value = forms.IntegerField(label=_("Statutory time limit"), required=False, min_value=0)
    statutory_unit = forms.ChoiceField(label=_("Unit of the statutory limit"), choices=_UNITS, required=False)
    statutory_basis = forms.CharField(label=_("Law that sets it"), required=False, max_length=300)
    statutory_note = forms.CharField(label=_("Note on the statutory limit"), required=False, max_length=500)
    promised_value = forms.IntegerField(
        label=_("Promised time limit"),
        required=False,
        min_value=0,
        help_text=_("Never longer than the statutory one."),
    )
    promised_unit = forms.ChoiceField(label=_("Unit of the promised limit"), choices=_UNITS, required=False)
    promised_note = forms.CharField(label=_("Note on the promised limit"), required=False, max_length=500)
    special_procedures = forms.MultipleChoiceField(
        label=_("Special procedures"), required=False, widget=forms.CheckboxSelectMultiple
    )
    special_note = forms.CharField(
        label=_("Which special procedures, and how long"), required=False, max_length=500
    )
    is_charged = forms.BooleanField(label=_("A fee is charged"), required=False)
    fee = forms.CharField(label=_("How much"), required=False, max_length=500)
    fee_basis = forms.CharField(label=_("Basis of the fee"), required=False, max_length=500)
    is_payable_online = forms.BooleanField(label=_("Payment online"), required=False)

    conditions = forms.CharField(
        label=_("Conditions of acceptance"), required=False, widget=_area(4), help_text=_("One a line.")
    )

    publication_basis = forms.CharField(
        label=_("Law by which decisions are published"),
        required=False,
        max_length=300,
        help_text=_("Without it, nobody but those concerned reads what was decided."),
    )

    channels = forms.MultipleChoiceField(label=_("Forms of handling"), widget=forms.CheckboxSelectMultiple)
    range = forms.ChoiceField(label=_("Where it can be handled"), required=False)
    visits = forms.IntegerField(label=_("Visits needed"), required=False, min_value=0, max_value=99)
    is_bookable = forms.BooleanField(label=_("Appointments"), required=False)
    is_delivered = forms.BooleanField(label=_("Delivery by courier"), required=False)
    online_address = forms.URLField(label=_("Address online"), required=False, assume_scheme="https")
    system_name = forms.CharField(label=_("System on which it runs"), max_length=200, required=False)
    system_level = forms.ChoiceField(label=_("Level of the system"), required=False)
    hours = forms.CharField(label=_("Hours"), required=False, max_length=300)
    consulting = forms.CharField(label=_("Ways to ask"), required=False, max_length=300)
    phone = forms.CharField(label=_("Telephone for questions"), required=False, max_length=200)
    complaint_phone = forms.CharField(label=_("Telephone for complaints"), required=False, max_length=200)

    effective_from = forms.DateField(label=_("First day in force"), widget=DayInput)
    cause = forms.CharField(label=_("Why it is changed"), widget=_area(2))
    expected_revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: object, themes: Sequence[ThemeRecord] = (), is_new: bool = False, **kwargs: object
    ) -> None:
        """Offer the choices in the reader's language; only a new item chooses its code."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through to Django
        if not is_new:
            del self.fields["code"]
        none = [("", "—")]
        choices: Mapping[str, list[tuple[str, str]]] = {
            "kind": [(one.value, label(one)) for one in ItemKind],
            "case_kind": [(one.value, label(one)) for one in CaseKind],
            "audiences": [(one.value, label(one)) for one in Audience],
            "level": [(one.value, label(one)) for one in ItemLevel],
            "body_nature": [(one.value, label(one)) for one in BodyNature],
            "special_procedures": [(one.value, label(one)) for one in PauseKind],
            "channels": [(one.value, label(one)) for one in Channel],
            "range": none + [(one.value, label(one)) for one in Range],
            "system_level": none + [(one.value, label(one)) for one in ItemLevel],
        }
        grouped = [
            (
                label(kind),
                [(one.code, in_language(one.name, one.name_en)) for one in themes if one.kind is kind],
            )
            for kind in ThemeKind
        ]
        for name, offered in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = offered
        under = self.fields["themes"]
        if isinstance(under, forms.ChoiceField):
            under.choices = grouped

    def clean(self) -> dict[str, object]:
        """Refuse half of a limit, and a code of a unit that has no name."""
        found = super().clean() or {}
        for name in ("statutory", "promised"):
            value, unit = found.get(f"{name}_value"), found.get(f"{name}_unit")
            if value is not None and not unit:
                self.add_error(f"{name}_unit", gettext("Say what the number counts."))
            if (
                value is None
                and unit
                and unit != LimitUnit.AT_ONCE.value
                and f"{name}_value" not in self.errors
            ):
                self.add_error(f"{name}_value", gettext("Say how many."))
        if found.get("handling_code") and not found.get("handling_name"):
            self.add_error("handling_name", gettext("Say whose code it is."))
        return found


class RowForm(forms.Form):
    """One of several; a row in which nothing is written is left out, one without its first field is refused."""

    named_by: ClassVar[str] = "name"

    source_url: str = ""
    """Where what a material asks for is described in the catalogue."""
    element: str = ""
    """The data element by which it is taken from there."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        texts = (name for name, field in self.fields.items() if type(field) is forms.CharField)
        return not any(self.cleaned_data.get(name) for name in texts)

    @property
    def counts(self) -> bool:
        """Whether it belongs to the declaration: it can be read, and something is written in it."""
        return self.is_bound and hasattr(self, "cleaned_data") and not self.is_blank

    def clean(self) -> dict[str, object]:
        """Refuse a row of which nobody would know what it is about."""
        found = super().clean() or {}
        if not self.is_blank and not found.get(self.named_by) and self.named_by not in self.errors:
            self.add_error(self.named_by, gettext("Fill this in, or remove the row."))
        return found


class BodyForm(RowForm):
    """An organ that handles the item together with the implementing one."""

    name = forms.CharField(label=_("Organ"), max_length=200, required=False)
    code = forms.CharField(
        label=_("Unified social credit code"), max_length=18, required=False, widget=_code(18)
    )


class StepForm(RowForm):
    """A step of the procedure."""

    name = forms.CharField(label=pgettext_lazy("item form", "Step"), max_length=200, required=False)
    by = forms.CharField(label=pgettext_lazy("item form", "By whom"), max_length=200, required=False)
    time = forms.CharField(label=pgettext_lazy("item form", "How long"), max_length=100, required=False)
    note = forms.CharField(label=pgettext_lazy("item form", "Note"), max_length=1000, required=False)


class OutcomeForm(RowForm):
    """What a person gets in the end."""

    name = forms.CharField(label=_("Name of the result"), max_length=200, required=False)
    certificate_type = forms.CharField(
        label=_("Type of the e-certificate"), max_length=80, required=False, widget=_code(80)
    )
    renews = forms.CharField(
        label=_("Form field with the number of the certificate that is renewed"),
        max_length=80,
        required=False,
        widget=_code(80),
    )
    sample = forms.CharField(label=_("Sample of the result"), max_length=200, required=False)


class PlaceForm(RowForm):
    """Where people go."""

    name = forms.CharField(label=_("Place of handling"), max_length=500, required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    window = forms.CharField(label=pgettext_lazy("item form", "Window"), max_length=200, required=False)


class QuestionForm(RowForm):
    """A question that people ask again and again."""

    named_by: ClassVar[str] = "question"

    question = forms.CharField(label=pgettext_lazy("item form", "Question"), max_length=500, required=False)
    answer = forms.CharField(
        label=pgettext_lazy("item form", "Answer"), max_length=2000, required=False, widget=_area(2)
    )

    def clean(self) -> dict[str, object]:
        """Refuse a question without its answer."""
        found = super().clean()
        if found.get("question") and not found.get("answer"):
            self.add_error("answer", gettext("Write what is answered."))
        return found


class MaterialForm(RowForm):
    """What an application needs, by the elements of the standard, and from where it comes."""

    name = forms.CharField(
        label=pgettext_lazy("element", "Name of the material"), max_length=500, required=False
    )
    source = forms.ChoiceField(label=_("Source"), required=False, initial=MaterialSource.APPLICANT.value)
    elements = forms.CharField(
        label=_("Data elements that it tells"),
        required=False,
        max_length=500,
        widget=_code(500),
        help_text=_("From a register: their codes, separated by commas."),
    )
    resource = forms.CharField(label=_("Data resource"), required=False, max_length=80, widget=_code(80))
    certificate_type = forms.CharField(
        label=_("Type of the e-certificate"), max_length=80, required=False, widget=_code(80)
    )
    promise = forms.CharField(label=_("What is promised"), required=False, max_length=500)
    issuer = forms.CharField(label=pgettext_lazy("element", "Issued by"), max_length=200, required=False)
    issued_within = forms.CharField(
        label=pgettext_lazy("element", "How old it may be"), max_length=150, required=False
    )
    how_to_fill = forms.CharField(
        label=pgettext_lazy("element", "How to prepare it"), max_length=500, required=False
    )
    issuer_place = forms.CharField(
        label=pgettext_lazy("element", "Where it is made out"), max_length=400, required=False
    )
    used_for = forms.CharField(
        label=pgettext_lazy("element", "What it is used for"), max_length=500, required=False
    )
    originals = forms.IntegerField(
        label=pgettext_lazy("element", "Originals"), required=False, min_value=0, max_value=99
    )
    copies = forms.IntegerField(
        label=pgettext_lazy("element", "Copies"), required=False, min_value=0, max_value=99
    )
    sample = forms.CharField(label=_("Sample of the material"), max_length=200, required=False)
    is_required = forms.BooleanField(
        label=pgettext_lazy("element", "Whether required"), required=False, initial=True
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Offer the sources in the reader's language."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through to Django
        field = self.fields["source"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one.value, label(one)) for one in MaterialSource]


GROUPS: Final[Mapping[str, type[RowForm]]] = {
    "joint_bodies": BodyForm,
    "steps": StepForm,
    "outcomes": OutcomeForm,
    "materials": MaterialForm,
    "places": PlaceForm,
    "questions": QuestionForm,
}
"""Part of the declaration → the form of one row of it."""
