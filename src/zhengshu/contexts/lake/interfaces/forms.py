"""Forms of `lake`."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.catalog.api import (
    DataType,
    Grade,
    ItemDraft,
    OpeningClass,
    PersonalClass,
    ResourceDraft,
    ResourceRecord,
    SharingClass,
    UpdateCycle,
)
from zhengshu.contexts.lake.api import DeliveryMode
from zhengshu.contexts.lake.interfaces.labels import (
    GRADES,
    MODES,
    PERSONAL_CLASSES,
    SHARING_CLASSES,
    TYPES,
    UPDATE_CYCLES,
    choices,
)

_ACCEPTED = ".csv,.txt,.tsv,.xlsx,.jsonl,.ndjson,.parquet"


class DeliveryForm(forms.Form):
    """A file and what to do with the rows that are there."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, XLSX, JSON lines or Parquet. Encoding and separator are recognised."),
        widget=forms.ClearableFileInput(attrs={"accept": _ACCEPTED}),
        error_messages={
            "empty": _("The file is empty. Check that the export has finished and send it again.")
        },
    )
    mode = forms.ChoiceField(label=_("Rows that are there"), choices=choices(MODES), widget=forms.RadioSelect)
    is_repetition_meant = forms.BooleanField(
        label=_("Collect it even if it is what is served already"), required=False
    )

    def __init__(self, *args: object, has_keys: bool = True, **kwargs: object) -> None:
        """Offer matching by key only where there are keys."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's form takes what it takes
        if not has_keys:
            offered = [(value, label) for value, label in choices(MODES) if value != DeliveryMode.UPSERT]
            self.fields["mode"] = forms.ChoiceField(
                label=_("Rows that are there"), choices=offered, widget=forms.RadioSelect
            )
        self.fields["mode"].initial = DeliveryMode.REPLACE.value


class CorrectedFileForm(forms.Form):
    """The downloaded rows, corrected."""

    file = forms.FileField(
        label=_("Corrected file"),
        help_text=_("The file that you downloaded here, with its column 行号 as it was."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class NewFileForm(forms.Form):
    """A file that is to become a new resource."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A real delivery or a sample of it. Its columns are looked at and items proposed."),
        widget=forms.ClearableFileInput(attrs={"accept": _ACCEPTED}),
    )


class RowForm(forms.Form):
    """One row that was set aside, field by field."""

    def __init__(self, *args: object, resource: ResourceRecord, **kwargs: object) -> None:
        """Offer a field for each item."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's form takes what it takes
        for item in resource.items:
            self.fields[item.column] = forms.CharField(label=item.name, required=False, strip=False)


class ResourceFactsForm(forms.Form):
    """What the catalogue must know of a new resource beside its items."""

    name = forms.CharField(label=_("Name of the resource"), max_length=200)
    summary = forms.CharField(label=_("Summary"), widget=forms.Textarea(attrs={"rows": 3}))
    classification = forms.ChoiceField(label=_("Classification"))
    duty_basis = forms.CharField(label=_("Duty from which the data arise"), required=False)
    update_cycle = forms.ChoiceField(label=_("Update cycle"), choices=choices(UPDATE_CYCLES))
    sharing_class = forms.ChoiceField(label=_("Sharing class"), choices=choices(SHARING_CLASSES))
    sharing_scope = forms.CharField(
        label=_("Sharing scope"),
        required=False,
        help_text=_("Conditional only: which departments may have it."),
    )
    sharing_purposes = forms.CharField(
        label=_("Purposes"), required=False, help_text=_("Conditional only: what they may use it for.")
    )
    withheld_reason = forms.CharField(label=_("Reason"), required=False, help_text=_("Withheld only."))
    sharing_basis = forms.CharField(
        label=_("Legal basis"),
        required=False,
        help_text=_("Withheld only: law or decision, with its article."),
    )
    collect_now = forms.BooleanField(
        label=_("Collect the rows of this file as the first delivery"), required=False, initial=True
    )

    def __init__(self, *args: object, classifications: Sequence[tuple[str, str]], **kwargs: object) -> None:
        """Offer the leaves of the classification."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's form takes what it takes
        self.fields["classification"] = forms.ChoiceField(
            label=_("Classification"), choices=[("", "—"), *classifications]
        )

    def draft(self, *, items: tuple[ItemDraft, ...], format_type: str) -> ResourceDraft:
        """Return the declaration."""
        data = self.cleaned_data
        return ResourceDraft(
            name=data["name"],
            summary=data["summary"],
            classification=data["classification"],
            items=items,
            format_type=format_type.upper(),
            duty_basis=data["duty_basis"],
            update_cycle=UpdateCycle(data["update_cycle"]),
            sharing_class=SharingClass(data["sharing_class"]),
            sharing_scope=data["sharing_scope"],
            sharing_purposes=data["sharing_purposes"],
            withheld_reason=data["withheld_reason"],
            sharing_basis=data["sharing_basis"],
            opening_class=OpeningClass.CLOSED,
        )


class ItemForm(forms.Form):
    """One column of the file as an item."""

    is_taken = forms.BooleanField(label=_("Take"), required=False, initial=True)
    name = forms.CharField(label=_("Name"), max_length=100)
    column = forms.CharField(label=_("Field name"), max_length=63)
    data_type = forms.ChoiceField(label=_("Type"), choices=choices(TYPES))
    length = forms.IntegerField(label=_("Length"), required=False, min_value=1)
    grade = forms.TypedChoiceField(label=_("Grade"), choices=choices(GRADES), coerce=int)
    personal = forms.ChoiceField(label=_("Personal information"), choices=choices(PERSONAL_CLASSES))
    element_code = forms.CharField(label=_("Data element"), required=False, max_length=60)
    code_table = forms.CharField(label=_("Code table"), required=False, max_length=60)
    is_key = forms.BooleanField(label=_("Key of rows"), required=False)
    is_required = forms.BooleanField(label=_("Required"), required=False)

    def item(self) -> ItemDraft:
        """Return the item."""
        data = self.cleaned_data
        return ItemDraft(
            name=data["name"],
            column=data["column"],
            data_type=DataType(data["data_type"]),
            length=data["length"] if data["data_type"] == DataType.TEXT else None,
            grade=Grade(data["grade"]),
            personal=PersonalClass(data["personal"]),
            element_code=data["element_code"],
            code_table=data["code_table"],
            is_key=data["is_key"],
            is_required=data["is_required"],
        )
