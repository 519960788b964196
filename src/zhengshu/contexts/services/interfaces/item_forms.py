"""The form in which an officer writes a version of an item; what it does not ask for stays as it was."""

from collections.abc import Mapping, Sequence

import msgspec
from django import forms
from django.forms.formsets import formset_factory
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.services.application.records import ItemRecord, ThemeRecord
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.limits import LimitUnit
from zhengshu.contexts.services.domain.vocabulary import Audience, CaseKind, Channel, MaterialSource
from zhengshu.contexts.services.interfaces.labels import in_language, label, unit_label
from zhengshu.foundation.ui.widgets import DayInput

MATERIALS = "materials"
EMPTY_ROWS = 3
_LINES: Mapping[str, tuple[str, ...]] = {
    "steps": ("name", "by", "time", "note"),
    "places": ("name", "address", "window"),
    "questions": ("question", "answer"),
}
"""Lists that are written a line each, with their parts between upright bars."""

_TEXTS = (
    "name", "name_en", "summary", "summary_en", "fee", "fee_basis", "hours", "phone", "complaint_phone",
    "publication_basis",
)  # fmt: skip
_PLAIN_LISTS = ("words", "basis", "conditions")
_AREA = {"rows": 4}
_UNITS = [("", "—"), *((unit.value, unit_label(unit)) for unit in LimitUnit)]


class VersionForm(forms.Form):
    """The parts of an item that its guide shows."""

    name = forms.CharField(label=_("Name of the item"), max_length=500)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    summary = forms.CharField(label=_("In plain words"), required=False, widget=forms.Textarea(attrs=_AREA))
    summary_en = forms.CharField(
        label=_("In plain words, in English"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    words = forms.CharField(
        label=_("How people call it"),
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_("One a line; the search finds the item by them."),
    )
    audiences = forms.MultipleChoiceField(label=_("Who is served"), widget=forms.CheckboxSelectMultiple)
    case_kind = forms.ChoiceField(label=_("Kind of case"))
    statutory_value = forms.IntegerField(label=_("Statutory time limit"), required=False, min_value=0)
    statutory_unit = forms.ChoiceField(label=_("Unit of the statutory limit"), choices=_UNITS, required=False)
    statutory_basis = forms.CharField(label=_("Law that sets it"), required=False, max_length=300)
    promised_value = forms.IntegerField(label=_("Promised time limit"), required=False, min_value=0)
    promised_unit = forms.ChoiceField(label=_("Unit of the promised limit"), choices=_UNITS, required=False)
    promised_note = forms.CharField(label=_("Note on the promised limit"), required=False, max_length=300)
    basis = forms.CharField(
        label=_("Legal basis of the item"),
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_("One a line."),
    )
    conditions = forms.CharField(
        label=_("Conditions of acceptance"),
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_("One a line."),
    )
    steps = forms.CharField(
        label=_("Procedure"),
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_("A step a line: name | by whom | how long | note."),
    )
    is_charged = forms.BooleanField(label=_("A fee is charged"), required=False)
    fee = forms.CharField(label=_("How much"), required=False, max_length=500)
    fee_basis = forms.CharField(label=_("Basis of the fee"), required=False, max_length=500)
    channels = forms.MultipleChoiceField(label=_("Forms of handling"), widget=forms.CheckboxSelectMultiple)
    places = forms.CharField(
        label=_("Place of handling"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A place a line: name | address | window."),
    )
    hours = forms.CharField(label=_("Hours"), required=False, max_length=300)
    phone = forms.CharField(label=_("Telephone for questions"), required=False, max_length=200)
    complaint_phone = forms.CharField(label=_("Telephone for complaints"), required=False, max_length=200)
    visits = forms.IntegerField(label=_("Visits needed"), required=False, min_value=0, max_value=99)
    questions = forms.CharField(
        label=_("Common questions"),
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_("One a line: question | answer."),
    )
    themes = forms.MultipleChoiceField(
        label=_("Life events and topics"), required=False, widget=forms.CheckboxSelectMultiple
    )
    publication_basis = forms.CharField(
        label=_("Law by which decisions are published"),
        required=False,
        max_length=300,
        help_text=_("Without it, nobody but those concerned reads what was decided."),
    )
    effective_from = forms.DateField(label=_("First day in force"), widget=DayInput)
    cause = forms.CharField(label=_("Why it is changed"), widget=forms.Textarea(attrs={"rows": 2}))
    expected_revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: object, themes: Sequence[ThemeRecord] = (), **kwargs: object) -> None:
        """Offer the choices in the reader's language."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through to Django
        offered: dict[str, list[tuple[str, str]]] = {
            "audiences": [(one.value, label(one)) for one in Audience],
            "case_kind": [(one.value, label(one)) for one in CaseKind],
            "channels": [(one.value, label(one)) for one in Channel],
            "themes": [(one.code, in_language(one.name, one.name_en)) for one in themes],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices


class MaterialForm(forms.Form):
    """One material; a row without a name is left out."""

    name = forms.CharField(label=_("Material"), required=False, max_length=500)
    source = forms.ChoiceField(label=_("Source"), required=False)
    told = forms.CharField(label=_("Data elements, or type of certificate"), required=False, max_length=300)
    promise = forms.CharField(label=_("What is promised"), required=False, max_length=500)
    how_to_fill = forms.CharField(label=_("How to prepare it"), required=False, max_length=500)
    is_required = forms.BooleanField(label=_("Whether required"), required=False, initial=True)

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Offer the sources in the reader's language."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through to Django
        field = self.fields["source"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one.value, label(one)) for one in MaterialSource]


MaterialSet = formset_factory(MaterialForm, extra=EMPTY_ROWS, max_num=100, absolute_max=103)


def initial_of(shown: ItemRecord, *, today: object, revision: int) -> dict[str, object]:
    """Return what the form shows of a version."""
    plain = msgspec.to_builtins(shown.facts)
    found: dict[str, object] = {name: plain[name] for name in _TEXTS}
    found |= {name: "\n".join(plain[name]) for name in _PLAIN_LISTS}
    for name, parts in _LINES.items():
        found[name] = "\n".join(" | ".join(one[part] for part in parts).rstrip(" |") for one in plain[name])
    for name, more in (("statutory", "basis"), ("promised", "note")):
        limit = plain[name]
        if limit:
            found |= {
                f"{name}_value": limit["value"],
                f"{name}_unit": limit["unit"],
                f"{name}_{more}": limit[more],
            }
    found |= {
        name: plain[name] for name in ("audiences", "case_kind", "channels", "themes", "is_charged", "visits")
    }
    found |= {
        "effective_from": today,
        "cause": shown.cause if revision else "",
        "expected_revision": revision,
    }
    return found


def materials_of(shown: ItemRecord) -> list[dict[str, object]]:
    """Return what the rows show of the materials."""
    return [
        {
            "name": one.name,
            "source": one.source.value,
            "told": one.certificate_type or ", ".join(one.elements),
            "promise": one.promise,
            "how_to_fill": one.how_to_fill,
            "is_required": one.is_required,
        }
        for one in shown.facts.materials
    ]


def declared(shown: ItemRecord, form: VersionForm, rows: Sequence[Mapping[str, object]]) -> ItemDraft:
    """Return the declaration: what was written, over what the version before says."""
    data = form.cleaned_data
    plain = msgspec.to_builtins(shown.facts)
    plain |= {name: data[name] for name in _TEXTS}
    plain |= {name: _split(data[name]) for name in _PLAIN_LISTS}
    for name, parts in _LINES.items():
        plain[name] = [
            {part: cell for part, cell in zip(parts, _cells(line, len(parts)), strict=False) if cell}
            for line in _split(data[name])
        ]
    plain["questions"] = [one for one in plain["questions"] if len(one) == 2]  # noqa: PLR2004 - question and answer
    for name, more in (("statutory", "basis"), ("promised", "note")):
        plain[name] = _limit(data, name, more, plain[name])
    plain |= {
        name: data[name] for name in ("audiences", "case_kind", "channels", "themes", "is_charged", "visits")
    }
    known = {one["name"]: one for one in plain[MATERIALS]}
    plain[MATERIALS] = [_material(row, known) for row in rows if row.get("name")]
    return msgspec.convert(plain, ItemDraft)


def _limit(data: Mapping[str, object], name: str, more: str, before: object) -> object:
    value, unit = data[f"{name}_value"], data[f"{name}_unit"]
    if value is None or not unit:
        return None
    kept = before if isinstance(before, dict) else {}
    return {**kept, "value": value, "unit": unit, more: data[f"{name}_{more}"]}


def _material(row: Mapping[str, object], known: Mapping[str, dict[str, object]]) -> dict[str, object]:
    source = str(row["source"] or MaterialSource.APPLICANT.value)
    told = [one.strip() for one in str(row["told"]).replace("，", ",").split(",") if one.strip()]
    is_certificate = source == MaterialSource.CERTIFICATE.value
    return {
        **known.get(str(row["name"]), {}),
        "name": row["name"],
        "source": source,
        "certificate_type": told[0] if is_certificate and told else "",
        "elements": [] if is_certificate else told,
        "promise": row["promise"],
        "how_to_fill": row["how_to_fill"],
        "is_required": row["is_required"],
    }


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _cells(line: str, count: int) -> list[str]:
    return [cell.strip() for cell in line.replace("｜", "|").split("|", count - 1)]
