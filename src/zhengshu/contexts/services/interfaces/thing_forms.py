"""The forms of one thing: what is wanted, and the one form in as many steps as items ask something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.begin_bundle import MergedQuestion
from zhengshu.contexts.services.domain.one_things import OneThing
from zhengshu.kernel.identity import new_id

TICKED: Final = "on"
_FEW = 6
"""As many choices are shown at once; more are folded into a list."""
_ONE_PAGE = 8
"""As many questions are asked on one page; more are asked item by item."""


def is_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


class ChoiceForm(forms.Form):
    """Which of the items that may be left out are wanted; its key lets a page that is sent twice begin once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)

    left_in = forms.MultipleChoiceField(
        label=_("What is wanted besides"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *arguments: object, thing: OneThing, **options: object) -> None:
        """Offer the items."""
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # handed on as they are
        choices = [
            (part.item, part.choice_en if is_english() else part.choice)
            for part in thing.parts
            if part.choice
        ]
        if choices:
            self.fields["left_in"] = forms.MultipleChoiceField(
                label=_("What is wanted besides"),
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=[part.item for part in thing.parts if part.choice and part.is_suggested],
            )
        else:
            del self.fields["left_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A page of the one form."""

    number: int
    title: str
    questions: tuple[MergedQuestion, ...]

    @property
    def known(self) -> tuple[MergedQuestion, ...]:
        """What registers have answered."""
        return tuple(one for one in self.questions if one.is_known)

    @property
    def open(self) -> tuple[MergedQuestion, ...]:
        """What is left to the person."""
        return tuple(one for one in self.questions if not one.is_known)

    @property
    def is_answered(self) -> bool:
        """Whether nothing is missing or wrong."""
        return all(one.question.fault is None for one in self.questions)


def steps_of(
    questions: Sequence[MergedQuestion], *, names: Mapping[str, str], title: str
) -> tuple[Step, ...]:
    """Return what a person answers in pages: one for a few questions, else one for each item that asks first."""
    typed = [one for one in questions if one.question.is_typed]
    if len(typed) <= _ONE_PAGE:
        return (Step(number=1, title=title, questions=tuple(typed)),)
    grouped: dict[str, list[MergedQuestion]] = {}
    for one in typed:
        grouped.setdefault(one.asked[0].item, []).append(one)
    return tuple(
        Step(number=number, title=names.get(item, item), questions=tuple(asked))
        for number, (item, asked) in enumerate(grouped.items(), start=1)
    )


class OneForm(forms.Form):
    """A page of the one form: each question once, whatever items ask it."""

    def __init__(self, *arguments: object, questions: Sequence[MergedQuestion], **options: object) -> None:
        """Ask what a person answers."""
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # handed on as they are
        for one in questions:
            self.fields[one.name] = _field(one)
            self.fields[one.name].must_be_answered = one.question.is_required  # type: ignore[attr-defined]  # for its mark

    def answers(self) -> dict[str, tuple[str, ...]]:
        """Return the answers as texts; files are not among them."""
        return {
            name: _texts(value)
            for name, value in self.cleaned_data.items()
            if not isinstance(self.fields[name], forms.FileField)
        }

    def uploads(self) -> dict[str, tuple[casework.Upload, ...]]:
        """Return the files that were brought."""
        return {
            name: (casework.Upload(name=value.name or "", chunks=value.chunks()),)
            for name, value in self.cleaned_data.items()
            if isinstance(value, UploadedFile)
        }


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, bool):
        return (TICKED,) if value else ("",)
    if isinstance(value, list):
        return tuple(map(str, value))
    return (str(value or ""),)


def shown(one: MergedQuestion) -> str:
    """Return an answer as a person reads it."""
    asked = one.question
    labels = dict(asked.options)
    if asked.kind is casework.FormKind.TICK:
        return gettext("yes") if asked.value == TICKED else ""
    if asked.kind is casework.FormKind.FILES:
        return asked.value
    return "、".join(labels.get(value, value) for value in asked.values if value)


def _field(one: MergedQuestion) -> forms.Field:
    asked = one.question
    label, hint = asked.label, asked.hint
    match asked.kind:
        case casework.FormKind.TICK:
            return forms.BooleanField(
                label=label, help_text=hint, required=False, initial=asked.value == TICKED
            )
        case casework.FormKind.FILES:
            there = gettext("%(name)s is attached; another file takes its place.") % {"name": asked.value}
            return forms.FileField(
                label=label, help_text=there if asked.value else hint, required=False, allow_empty_file=True
            )
        case casework.FormKind.CHOICES:
            return forms.MultipleChoiceField(
                label=label,
                help_text=hint,
                choices=asked.options,
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=asked.values,
            )
        case _ if asked.options:
            return forms.ChoiceField(
                label=label,
                help_text=hint,
                choices=asked.options,
                widget=forms.RadioSelect if len(asked.options) <= _FEW else forms.Select,
                required=False,
                initial=asked.value,
            )
        case kind:
            return forms.CharField(
                label=label,
                help_text=hint,
                widget=_widget(kind),
                required=False,
                max_length=4000,
                initial=asked.value,
            )


def _widget(kind: casework.FormKind) -> forms.Widget:
    if kind is casework.FormKind.DAY:
        return forms.DateInput(attrs={"type": "date"})
    if kind is casework.FormKind.NUMBER:
        return forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.TextInput()
