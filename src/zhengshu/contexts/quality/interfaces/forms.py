"""Forms of `quality`."""

from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.quality.domain.plans import HIGHEST, MOST_DAYS, Plan
from zhengshu.contexts.quality.domain.rules import Severity


class PlanForm(forms.Form):
    """When a table is assessed, and what a batch must fulfil before it is published."""

    is_on_batch = forms.BooleanField(label=_("Assess after each new batch"), required=False)
    every_days = forms.IntegerField(
        label=_("Assess anew after so many days"),
        help_text=_("0: only by hand and after batches."),
        min_value=0,
        max_value=MOST_DAYS,
    )
    is_paused = forms.BooleanField(
        label=_("Pause the schedule"), help_text=_("New batches are assessed all the same."), required=False
    )
    least_score = forms.FloatField(
        label=_("Least score of a batch"),
        help_text=_("A batch below it is refused; the former data stay in service. Empty: none is demanded."),
        min_value=0,
        max_value=HIGHEST,
        required=False,
    )
    no_failure_of = forms.ChoiceField(
        label=_("No row may fail"),
        choices=[
            ("", _("all is tolerated")),
            (Severity.ERROR.value, _("rules of errors")),
            (Severity.WARNING.value, _("rules of errors and warnings")),
            (Severity.HINT.value, _("any rule")),
        ],
        required=False,
    )

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """Return the form filled with a plan."""
        return cls(
            initial={
                "is_on_batch": plan.is_on_batch,
                "every_days": plan.every_days,
                "is_paused": plan.is_paused,
                "least_score": plan.least_score,
                "no_failure_of": plan.no_failure_of.value if plan.no_failure_of else "",
            }
        )

    def plan(self) -> Plan:
        """Return the plan that was entered."""
        data = self.cleaned_data
        return Plan(
            is_on_batch=data["is_on_batch"],
            every_days=data["every_days"],
            is_paused=data["is_paused"],
            least_score=data["least_score"],
            no_failure_of=Severity(data["no_failure_of"]) if data["no_failure_of"] else None,
        )


class ObjectionForm(forms.Form):
    """Which rule is held to be wrong, and why."""

    rule = forms.ChoiceField(label=_("Rule"))
    reason = forms.CharField(
        label=_("Why the rule is wrong"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )

    def __init__(self, *args: object, rules: list[tuple[str, str]]) -> None:
        """Offer the rules that blame rows."""
        super().__init__(*args)  # type: ignore[arg-type]  # the data of the request
        self.fields["rule"].choices = rules  # type: ignore[attr-defined]  # a field of choices
