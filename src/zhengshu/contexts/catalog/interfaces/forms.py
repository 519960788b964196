"""The draft's form: a resource in sections, its items as repeated rows. Works without JavaScript."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.catalog.domain.checks import MOST_ITEMS
from zhengshu.contexts.catalog.domain.faults import Fault
from zhengshu.contexts.catalog.domain.resources import ItemDraft, ResourceDraft
from zhengshu.contexts.catalog.domain.vocabulary import (
    DataType,
    FormatCategory,
    Grade,
    OpeningClass,
    PersonalClass,
    SharingClass,
    SharingMethod,
    UpdateCycle,
)
from zhengshu.contexts.catalog.interfaces.labels import FIELDS, choices

ITEMS_PREFIX = "items"
_AREA = {"rows": 3}


class ResourceForm(forms.Form):
    """The facts of a resource (Decree 809, article 13); what they must be is the domain's to say."""

    name = forms.CharField(label=FIELDS["name"], required=False, max_length=200)
    summary = forms.CharField(label=FIELDS["summary"], required=False, widget=forms.Textarea(attrs=_AREA))
    classification = forms.CharField(label=FIELDS["classification"], required=False, widget=forms.Select)
    system_id = forms.CharField(label=FIELDS["system_id"], required=False, widget=forms.Select)
    duty_basis = forms.CharField(
        label=FIELDS["duty_basis"],
        required=False,
        help_text=_("As the department's charter (三定规定) words it."),
    )
    keywords = forms.CharField(label=FIELDS["keywords"], required=False, help_text=_("Separated by commas."))
    format_category = forms.ChoiceField(label=FIELDS["format_category"])
    format_type = forms.CharField(
        label=FIELDS["format_type"], required=False, help_text=_("For example CSV, MySQL.")
    )
    update_cycle = forms.ChoiceField(label=FIELDS["update_cycle"])
    sharing_class = forms.ChoiceField(
        label=FIELDS["sharing_class"],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("What is left open counts as unconditional."),
    )
    sharing_scope = forms.CharField(
        label=FIELDS["sharing_scope"],
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_("Only for conditional: which departments may have it."),
    )
    sharing_purposes = forms.CharField(
        label=FIELDS["sharing_purposes"],
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_("Only for conditional: what they may use it for."),
    )
    withheld_reason = forms.CharField(
        label=FIELDS["withheld_reason"],
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_("Only for withheld."),
    )
    sharing_basis = forms.CharField(
        label=FIELDS["sharing_basis"],
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_(
            "Only for withheld: law, administrative regulation or State Council decision, with its article."
        ),
    )
    sharing_methods = forms.MultipleChoiceField(
        label=FIELDS["sharing_methods"], required=False, widget=forms.CheckboxSelectMultiple
    )
    opening_class = forms.ChoiceField(label=FIELDS["opening_class"], widget=forms.RadioSelect)
    opening_conditions = forms.CharField(
        label=FIELDS["opening_conditions"],
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_("Only for open on conditions."),
    )
    related_codes = forms.CharField(
        label=FIELDS["related_codes"], required=False, help_text=_("Codes of resources, separated by commas.")
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        classifications: Sequence[tuple[str, str]],
        systems: Sequence[tuple[str, str]],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        """Fill in the choices that the ledger holds."""
        super().__init__(data, initial=dict(initial or {}))
        lists = {
            "format_category": FormatCategory,
            "update_cycle": UpdateCycle,
            "sharing_class": SharingClass,
            "sharing_methods": SharingMethod,
            "opening_class": OpeningClass,
        }
        for name, kind in lists.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices(kind)
        for name, options in (("classification", classifications), ("system_id", systems)):
            widget = self.fields[name].widget
            if isinstance(widget, forms.Select):
                widget.choices = [("", "—"), *options]


class ItemForm(forms.Form):
    """One item."""

    name = forms.CharField(label=FIELDS["name"], required=False, max_length=200)
    column = forms.CharField(
        label=FIELDS["column"],
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    data_type = forms.ChoiceField(label=FIELDS["data_type"])
    length = forms.IntegerField(label=FIELDS["length"], required=False, min_value=1)
    grade = forms.ChoiceField(label=FIELDS["grade"])
    personal = forms.ChoiceField(label=FIELDS["personal"])
    element_code = forms.CharField(
        label=FIELDS["element_code"], required=False, widget=forms.TextInput(attrs={"list": "elements"})
    )
    code_table = forms.CharField(
        label=FIELDS["code_table"], required=False, widget=forms.TextInput(attrs={"list": "code-tables"})
    )
    description = forms.CharField(label=FIELDS["description"], required=False)
    is_key = forms.BooleanField(label=FIELDS["is_key"], required=False)
    is_required = forms.BooleanField(label=FIELDS["is_required"], required=False)

    reasons: tuple[str, ...] = ()
    """Why the item was proposed, where it came from a file."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Fill in the choices."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as the formset gives them
        for name, kind in (("data_type", DataType), ("grade", Grade), ("personal", PersonalClass)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices(kind)


ItemFormSet = formset_factory(
    ItemForm, extra=0, can_delete=True, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS + 100
)
if TYPE_CHECKING:
    Items = BaseFormSet[ItemForm]
else:
    Items = BaseFormSet  # only the stubs are generic


def read_draft(form: ResourceForm, items: Items) -> ResourceDraft:
    """Return the declaration that valid forms hold; deleted and empty rows are left out."""
    facts = form.cleaned_data
    system = facts["system_id"]
    return ResourceDraft(
        name=facts["name"].strip(),
        summary=facts["summary"].strip(),
        classification=facts["classification"],
        items=tuple(_item(row) for row in kept(items)),
        format_category=FormatCategory(facts["format_category"]),
        format_type=facts["format_type"].strip(),
        update_cycle=UpdateCycle(facts["update_cycle"]),
        sharing_class=SharingClass(facts["sharing_class"] or SharingClass.UNCONDITIONAL),
        sharing_methods=tuple(SharingMethod(method) for method in facts["sharing_methods"]),
        sharing_scope=facts["sharing_scope"].strip(),
        sharing_purposes=facts["sharing_purposes"].strip(),
        withheld_reason=facts["withheld_reason"].strip(),
        sharing_basis=facts["sharing_basis"].strip(),
        opening_class=OpeningClass(facts["opening_class"]),
        opening_conditions=facts["opening_conditions"].strip(),
        system_id=_uuid(system) if system else None,
        duty_basis=facts["duty_basis"].strip(),
        keywords=split(facts["keywords"]),
        related_codes=split(facts["related_codes"]),
    )


def initial_of(draft: ResourceDraft) -> dict[str, object]:
    """Return what the resource's form starts with."""
    names = [name for name in ResourceForm.base_fields if name != "revision"]
    found: dict[str, object] = {name: getattr(draft, name) for name in names}
    found["keywords"] = "，".join(draft.keywords)
    found["related_codes"] = "，".join(draft.related_codes)
    found["system_id"] = str(draft.system_id or "")
    found["sharing_methods"] = [method.value for method in draft.sharing_methods]
    return found


def initial_of_items(items: Sequence[ItemDraft]) -> list[dict[str, object]]:
    """Return what the rows of items start with."""
    return [
        {**{name: getattr(item, name) for name in ItemForm.base_fields}, "grade": str(int(item.grade))}
        for item in items
    ]


def put_faults(form: ResourceForm, items: Items, faults: Sequence[Fault]) -> None:
    """Show each fault at its field, in the reader's language."""
    rows = kept(items)
    for fault in faults:
        sentence = in_words(fault.message, fault.data)
        part, _dot, rest = fault.field.partition(".")
        if part == "items" and rest:
            number, _dot, field = rest.partition(".")
            rows[int(number)].add_error(field, sentence)
        else:
            form.add_error(part if part in form.fields else None, sentence)


def in_words(message: str, data: Mapping[str, str | int]) -> str:
    """Return a sentence of the domain in the reader's language."""
    text = gettext(message)
    return text % data if data else text


SECTIONS: Sequence[tuple[Promise, tuple[str, ...]]] = (
    (_("What it is"), ("name", "summary", "classification", "system_id", "duty_basis", "keywords")),
    (_("Form and timeliness"), ("format_category", "format_type", "update_cycle")),
    (
        _("Sharing"),
        (
            "sharing_class",
            "sharing_scope",
            "sharing_purposes",
            "withheld_reason",
            "sharing_basis",
            "sharing_methods",
        ),
    ),
    (_("Opening to society"), ("opening_class", "opening_conditions", "related_codes")),
)


def sections_of(form: ResourceForm) -> list[tuple[str, list[BoundField]]]:
    """Return the fields of the form by section."""
    return [(str(title), [form[name] for name in names]) for title, names in SECTIONS]


def kept(items: Items) -> list[ItemForm]:
    """Return the rows that count: not deleted, and something written in them."""
    return [
        row
        for row in items.forms
        if not row.cleaned_data.get("DELETE")
        and (row.cleaned_data.get("name") or row.cleaned_data.get("column"))
    ]


def split(text: str) -> tuple[str, ...]:
    """Return the parts of a list written with commas of either width."""
    for separator in "，、；;\n":
        text = text.replace(separator, ",")
    return tuple(part for piece in text.split(",") if (part := piece.strip()))


def _item(row: ItemForm) -> ItemDraft:
    facts = row.cleaned_data
    return ItemDraft(
        name=facts["name"].strip(),
        column=facts["column"].strip(),
        data_type=DataType(facts["data_type"]),
        length=facts["length"],
        grade=Grade(int(facts["grade"])),
        personal=PersonalClass(facts["personal"]),
        element_code=facts["element_code"].strip(),
        code_table=facts["code_table"].strip(),
        description=facts["description"].strip(),
        is_key=facts["is_key"],
        is_required=facts["is_required"],
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
