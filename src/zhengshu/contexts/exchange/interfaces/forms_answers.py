"""Forms of those who answer, review and act on grants."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.application.records import RequestRecord
from zhengshu.contexts.exchange.domain.answers import Answer, AnswerKind, RefusalGround, grounds_for
from zhengshu.contexts.exchange.domain.answers_masks import masks_for, own_mask
from zhengshu.contexts.exchange.domain.requests import MOST_LETTERS
from zhengshu.contexts.exchange.domain.requests_scope import OfferedField, read_conditions
from zhengshu.contexts.exchange.interfaces import labels
from zhengshu.contexts.exchange.interfaces.forms import end_of, last_day_of
from zhengshu.foundation.ui.widgets import DayInput
from zhengshu.kernel.masks import Mask

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    LazyText = str | _StrPromise


def text_area(
    label: "LazyText", *, help_text: "LazyText" = "", rows: int = 3, is_required: bool = True
) -> forms.CharField:
    """Return a field for a statement."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=MOST_LETTERS,
        required=is_required,
    )


@dataclass(frozen=True, slots=True)
class AskedField:
    """One requested field as the provider decides on it."""

    item: OfferedField
    grade: str
    data_type: str
    keep: BoundField
    mask: BoundField


class AgreeForm(forms.Form):
    """A yes, with what it grants: never more than was asked."""

    per_second = forms.IntegerField(label=_("Calls a second"), min_value=1)
    per_day = forms.IntegerField(label=_("Calls a day"), min_value=1)
    valid_until = forms.DateField(label=_("Last day of use"), widget=DayInput())
    needs_case = forms.BooleanField(label=_("Every call must name the case that it serves"), required=False)
    reason = text_area(
        _("Remark"),
        help_text=_("Needed where a sensitive field is given with a weaker mask than its grade provides."),
        is_required=False,
        rows=2,
    )

    def __init__(self, *args: object, asked: RequestRecord, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
        self.asked = asked
        purpose = purposes().get(asked.purpose)
        if purpose is not None and purpose.needs_case:
            self.fields["needs_case"].disabled = self.fields["needs_case"].initial = True
            self.fields["needs_case"].help_text = _("The purpose demands it.")
        stated = asked.statement
        self.initial = {
            "per_second": stated.per_second,
            "per_day": stated.per_day,
            "valid_until": last_day_of(stated.valid_until),
            **self.initial,
        }
        for item in asked.chosen:
            self.fields[f"keep_{item.column}"] = forms.BooleanField(
                label=_("Grant %(name)s") % {"name": item.name}, required=False, initial=True
            )
            self.fields[f"mask_{item.column}"] = forms.ChoiceField(
                label=_("Mask of %(name)s") % {"name": item.name},
                choices=[(mask.value, labels.label(labels.MASKS, mask)) for mask in masks_for(item)],
                initial=own_mask(item).value if own_mask(item) in masks_for(item) else Mask.NONE.value,
            )

    def rows(self) -> Iterator[AskedField]:
        """Yield the requested fields with their two controls each."""
        for item in self.asked.chosen:
            yield AskedField(
                item=item,
                grade=labels.grade(item.grade),
                data_type=labels.label(labels.TYPES, item.data_type),
                keep=self[f"keep_{item.column}"],
                mask=self[f"mask_{item.column}"],
            )

    def answer(self, *, rows: Sequence[tuple[str, str, str]]) -> Answer:
        """Return the answer as given.

        Raises:
            Refused: a condition that the resource does not allow.
        """
        data = self.cleaned_data
        kept = tuple(item.column for item in self.asked.chosen if data[f"keep_{item.column}"])
        return Answer(
            kind=AnswerKind.AGREE,
            reason=data["reason"],
            columns=kept,
            masks={column: Mask(data[f"mask_{column}"]) for column in kept},
            conditions=read_conditions(rows, offered=self.asked.offered),
            per_second=data["per_second"],
            per_day=data["per_day"],
            valid_until=end_of(data["valid_until"]),
            needs_case=data["needs_case"],
        )


class RefuseForm(forms.Form):
    """A no, with ground, reason and legal basis."""

    ground = forms.ChoiceField(label=_("Ground"), widget=forms.RadioSelect)
    reason = text_area(_("Reason"))
    basis = text_area(
        _("Legal basis of the refusal"), help_text=_("Law, regulation or decision, with its article."), rows=2
    )

    def __init__(self, *args: object, asked: RequestRecord, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
        field = self.fields["ground"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (ground.value, labels.label(labels.GROUNDS, ground))
                for ground in grounds_for(asked.sharing_class)
                if ground is not RefusalGround.NOT_COMPLETED or asked.completion_asked_at is not None
            ]

    def answer(self) -> Answer:
        """Return the answer as given."""
        data = self.cleaned_data
        return Answer(
            kind=AnswerKind.REFUSE,
            ground=RefusalGround(data["ground"]),
            reason=data["reason"],
            basis=data["basis"],
        )


class CompletionForm(forms.Form):
    """The one-time notice of what is missing."""

    reason = text_area(
        _("What is missing"),
        help_text=_("Name everything at once: completion can be asked only once (Decree 809, article 21)."),
    )

    def answer(self) -> Answer:
        """Return the answer as given."""
        return Answer(kind=AnswerKind.ASK_COMPLETION, reason=self.cleaned_data["reason"])


class ReasonForm(forms.Form):
    """A reason."""

    reason = text_area(_("Reason"))


class HeadForm(forms.Form):
    """The decision of the requester's head."""

    reason = text_area(_("Reason, if you return it"), is_required=False, rows=2)


class ReviewForm(forms.Form):
    """The decision of the data authority."""

    reason = text_area(_("Reason, if you refuse it"), is_required=False, rows=2)
    basis = text_area(_("Legal basis, if you refuse it"), is_required=False, rows=2)


class ReplyForm(forms.Form):
    """What the requester says to the notice."""

    reply = text_area(_("What was completed"), rows=2)


class RevokeForm(forms.Form):
    """The end of a grant, as its provider ends it."""

    reason = text_area(_("Reason"))
    consultation = text_area(
        _("Consultation of the consumer"),
        help_text=_("When and with which office it was agreed, and how running matters are handled."),
        rows=2,
    )
    filing = forms.CharField(
        label=_("Filing with the data authority"),
        help_text=_("Number and date of the filing."),
        max_length=200,
    )


class KeyForm(forms.Form):
    """A key to be issued."""

    algorithm = forms.ChoiceField(
        label=_("Algorithm"),
        choices=[
            ("hmac-sha256", "HMAC-SHA256"),
            ("hmac-sm3", "HMAC-SM3"),
            ("ed25519", "Ed25519"),
            ("sm2-sm3", "SM2"),
        ],
    )
    public_key = text_area(
        _("Public key"),
        help_text=_("For key pairs only: the PEM text, or in base64 the 32 bytes of Ed25519, the 64 of SM2."),
        is_required=False,
        rows=3,
    )
    overlap = forms.TypedChoiceField(
        label=_("Former keys stay valid for"),
        choices=[("0", _("not at all")), ("1", _("1 hour")), ("24", _("24 hours"))],
        coerce=int,
        initial="24",
    )
