"""The forms of the studio."""

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.casework.application.playing import PEOPLE
from zhengshu.contexts.casework.application.start_draft import TEMPLATES
from zhengshu.contexts.casework.domain.archives import MOST_PACKED
from zhengshu.foundation.ui.widgets import DayInput

TEMPLATE_NAMES = {
    "simple-approval": _("Simple approval: one accepts, another one decides"),
    "supplement": _(
        "Approval with supplement: what is missing is told once, the clock stands still meanwhile"
    ),
    "consultation": _("Consultation: two departments review at the same time, then the head decides"),
    "graded-approval": _("Graded approval: a decision table says who decides"),
    "blank": _("Blank: one step, the rest is yours to draw"),
}


class NewTypeForm(forms.Form):
    """A new case type."""

    name = forms.CharField(
        label=_("Name in Chinese"), max_length=60, help_text=_("As people know it, such as 林木采伐许可.")
    )
    english = forms.CharField(
        label=_("Name in English"),
        max_length=60,
        help_text=_("The code of the case type and the prefix of its numbers are made from it."),
    )
    template = forms.ChoiceField(
        label=_("Begin with"),
        choices=[(code, TEMPLATE_NAMES[code]) for code in (*TEMPLATES[1:], TEMPLATES[0])],
        initial=TEMPLATES[1],
        widget=forms.RadioSelect,
    )


class ArchiveForm(forms.Form):
    """A case type's folder as a zip file."""

    archive = forms.FileField(
        label=_("Folder of a case type as a zip file"),
        help_text=_("type.yaml, flow.bpmn, texts, forms and tables; at most 4 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def content(self) -> bytes:
        """Return what was uploaded, at most one byte more than may be."""
        content: bytes = self.cleaned_data["archive"].read(MOST_PACKED + 1)
        return content


class TrialForm(forms.Form):
    """When a trial begins, and who begins it."""

    on = forms.DateField(label=_("On which day"), widget=DayInput())
    by = forms.ChoiceField(label=_("Who opens the case"), choices=[(one, one) for one in PEOPLE])
